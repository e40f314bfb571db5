"""What a quantity that cannot be read may have been meant as; tried before it is advised."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from lithomech.files.common_units import COMMON_UNITS

Rewritten = Iterator[tuple[str, str]]

_NUMBER: Final = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_COMMA: Final = re.compile(r"([-+]?[0-9]+),([0-9]+)([^0-9,.].*)?")
_GROUPS: Final = re.compile(r"([-+]?[0-9]{1,3}(?:[ ,'][0-9]{3})+)([^0-9].*)?")
_POWER: Final = re.compile(rf"({_NUMBER}) ?[x*\u00b7\u00d7] ?10 ?\^?([-+]?[0-9]+)(.*)")
_BRACKETS: Final = re.compile(rf"({_NUMBER}) ?\[(.+)\]")
_SWAPPED: Final = re.compile(rf"([A-Za-z%\u00b5\u03bc/^0-9]+?) ?({_NUMBER})")
_BEFORE: Final = re.compile(rf"[^-+0-9.]+({_NUMBER} ?.*)")
_AFTER: Final = re.compile(rf"({_NUMBER}) ?([^ 0-9+-][^ (]*?)[.;]?(?: .*)?")
_SPREAD: Final = re.compile(rf"({_NUMBER}) ?(?:\u00b1|\+/-) ?{_NUMBER} ?(.+)")
_RANGE: Final = re.compile(rf"({_NUMBER}) ?(?:-|\u2013|\.\.\.?|to) ?({_NUMBER}) ?(.+)")
_SPLIT: Final = re.compile(rf"({_NUMBER}) ?(.*)")
_OTHER_UNITS: Final[dict[tuple[str, ...], str]] = {
    ("c", "deg c", "degc", "celsius", "\u2103", "\u00bac", "grad", "grad c"): "degC",
    ("f", "deg f", "fahrenheit", "\u00b0f"): "degF",
    ("wt%", "wt.%", "wt %", "wt. %", "vol%", "vol.%", "vol %", "pct", "m%", "w%"): "%",
    ("kg/cm2", "kg/cm^2"): "kgf/cm2",
}


def rewritten(text: str) -> Rewritten:
    """Yield what is unusual about a quantity, and the same quantity without it.

    Args:
        text: what a person wrote, such as "15,7 mg" or "30 C".
    """
    words = text.strip()
    for way in _WAYS:
        yield from way(words)


def _comma(text: str) -> Rewritten:
    if match := _COMMA.fullmatch(text):
        whole, rest, unit = match[1], match[2], match[3] or ""
        if len(rest) == 3 and 1 <= len(whole.lstrip("+-0")) <= 3:
            yield "has a comma", f"{whole}{rest}{unit} or {whole}.{rest}{unit}"
        else:
            yield "has a decimal comma", f"{whole}.{rest}{unit}"
    elif match := _GROUPS.fullmatch(text):
        yield "has its digits in groups", re.sub("[ ,']", "", match[1]) + (match[2] or "")


def _power(text: str) -> Rewritten:
    if match := _POWER.fullmatch(text):
        yield "has a power of ten", f"{match[1]}e{match[2]}{match[3]}"


def _unit(text: str) -> Rewritten:
    if match := _SPLIT.fullmatch(text):
        number, unit = match[1], match[2].strip()
        for known in _meant(unit):
            yield f"has the unit {unit!r}", f"{number} {known}"


def _meant(unit: str) -> Iterator[str]:
    """Units that are often written so."""
    for written, known in _OTHER_UNITS.items():
        if unit.casefold() in written:
            yield known
    for known in COMMON_UNITS:
        if known != unit and known.casefold() == unit.casefold():
            yield known
    if "ohm" in unit.casefold():
        yield re.sub("(?i)ohms?", "ohm", unit)


def _order(text: str) -> Rewritten:
    if match := _BRACKETS.fullmatch(text):
        yield "has its unit in brackets", f"{match[1]} {match[2].strip()}"
    if match := _SWAPPED.fullmatch(text):
        yield "begins with the unit", f"{match[2]} {match[1]}"


def _more(text: str) -> Rewritten:
    if match := _SPREAD.fullmatch(text):
        yield "is a value with its error", f"the value alone, {match[1]} {match[2]}"
    if match := _RANGE.fullmatch(text):
        middle = (float(match[1]) + float(match[2])) / 2.0
        yield "is a range", f"one value, such as {middle:g} {match[3]}"
    if match := _BEFORE.fullmatch(text):
        yield "begins with something else than the number", match[1]
    if match := _AFTER.fullmatch(text):
        yield "holds more than a number and a unit", f"{match[1]} {match[2]}"
        yield "has a plural", f"{match[1]} {match[2].removesuffix('s')}"


_WAYS: Final[tuple[Callable[[str], Rewritten], ...]] = (_comma, _power, _unit, _order, _more)
