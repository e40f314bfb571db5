"""Amounts in a sentence of a protocol: currents, times, limits, as a person writes them."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from lithomech.cell.protocol.steps import (
    Current,
    CurrentLimit,
    Limit,
    PressureLimit,
    VoltageLimit,
)
from lithomech.errors import InputError
from lithomech.files.quantity import parse_one_of, shown

CURRENT_UNITS: Final = ("A", "A/m2", "A/kg")
_NUMBER = r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)"
_C_RATE = re.compile(rf"{_NUMBER}? ?C(?: ?/ ?{_NUMBER})?", re.IGNORECASE)
_LIKE_C_RATE = re.compile(
    rf"C ?[-_:\\ ]? ?{_NUMBER}|1 ?/ ?{_NUMBER} ?C", re.IGNORECASE
)  # "C20" and "1/20 C"
_SHARE = re.compile(rf"{_NUMBER} ?% ?soc", re.IGNORECASE)

# Case does not matter in a step: "0.1c", "4.3 v", "1 Hour" and "2 MA" are read as meant. A
# unit stands here if nobody means another one by its small or capital letters: no cell runs
# at mega-amperes. "mHz" and "MHz" are therefore left as they are written, and so is "mPa".
_UNITS = (
    *("V", "mV", "A", "mA", "uA", "A/m2", "mA/cm2", "uA/cm2", "A/m^2", "mA/cm^2", "uA/cm^2"),
    *("A/g", "mA/g", "A/kg", "degC", "K"),
    *("Ah", "mAh", "uAh", "W", "mW", "uW", "Pa", "kPa", "MPa", "GPa", "bar", "Hz", "kHz"),
    *("s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes"),
    *("h", "hr", "hrs", "hour", "hours", "d", "day", "days"),
)
_SPELLING = {
    typed: unit for unit in _UNITS for typed in (unit.lower(), unit.upper(), unit.title(), unit)
}
_UNIT_AT_END = re.compile(r"(?<=[0-9. ])[a-z][a-z0-9/^]*$", re.IGNORECASE)


class Ends(NamedTuple):
    """What ends a step at constant current or power."""

    duration: float | None  # s
    charge: float | None  # C
    share: float | None  # of the rate capacity
    until: tuple[Limit, ...]


def quantity(text: str, units: tuple[str, ...]) -> tuple[float, str]:
    """Return value and unit of a quantity of one of these SI units.

    Raises:
        InputError: it is none.
    """
    spelled = _UNIT_AT_END.sub(lambda match: _SPELLING.get(match[0], match[0]), text.strip())
    return parse_one_of(spelled, units)


def time(text: str) -> float:
    """Return a time [s]."""
    return quantity(text, ("s",))[0]


def rate(text: str, others: tuple[str, ...]) -> tuple[float, str]:
    """Return value and unit ("C", or the one of `others` that matched); C/10 is (0.1, "C").

    Raises:
        InputError: it is neither.
    """
    match = _C_RATE.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        if meant := _LIKE_C_RATE.fullmatch(text.strip()):
            divisor = meant[1] or meant[2]
            raise InputError(f"'{text}' is no C-rate: write C/{divisor}")
        try:
            return quantity(text, others)
        except InputError as error:
            other = ", or a C-rate such as '0.1C'" if "expected" in error.message else ""
            raise InputError(f"{error.message}{other}") from None
    divisor = float(match[2] or 1)
    if divisor <= 0.0:
        raise InputError(f"{shown(text)}: the number below C must be positive")
    return float(match[1] or 1) / divisor, "C"


def step_rate(text: str, others: tuple[str, ...]) -> tuple[float, str]:
    """Return the rate of a step, whose sign is in the word "charge" or "discharge".

    Raises:
        InputError: it is no rate, or not positive.
    """
    value, unit = rate(text, others)
    if value <= 0.0:
        raise InputError(f"the current or power must be positive, not {text!r}")
    return value, unit


def current(text: str) -> Current:
    """Return a current."""
    value, unit = rate(text, CURRENT_UNITS)
    return CURRENTS[unit](value)


CURRENTS: Final[Mapping[str, Callable[[float], Current]]] = {
    "C": lambda amount: Current(amount, "C"),
    "A": lambda amount: Current(amount, "A"),
    "A/m2": lambda amount: Current(amount, "A/m2"),
    "A/kg": lambda amount: Current(amount, "A/kg"),
}
_LIMITS: Mapping[str, Callable[[float], Limit]] = {
    "V": VoltageLimit,
    "Pa": PressureLimit,
    **{
        unit: lambda amount, make=make: CurrentLimit(make(amount))
        for unit, make in CURRENTS.items()
    },
}


def limit(text: str) -> Limit:
    """Return a voltage, stack pressure or current to end at."""
    value, unit = rate(text, ("V", "Pa", *CURRENT_UNITS))
    return _LIMITS[unit](value)


def clauses(text: str | None) -> dict[str, list[str]]:
    """Return the ends of a step; "until 4.3 V or 5 MPa" stands for two of them."""
    parts: dict[str, list[str]] = {"for": [], "until": []}
    pieces = re.split(r"(?:^| )(?:or )?(for|until) ", text or "", flags=re.IGNORECASE)
    for word, values in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[word.lower()] += re.split(" or ", values, flags=re.IGNORECASE)
    return parts


def ends(text: str | None) -> Ends:
    """Return what ends a step at constant current or power.

    Raises:
        InputError: an end cannot be read, or there are two of one kind.
    """
    parts, amounts = clauses(text), {}
    for one in parts["for"]:
        share = _SHARE.fullmatch(one.strip())
        value, unit = (float(share[1]) / 100.0, "SOC") if share else quantity(one, ("s", "A*s"))
        if unit in amounts or {"A*s", "SOC"} <= {unit, *amounts}:
            raise InputError("the step names two times or two capacities to end at")
        amounts[unit] = value
    until = tuple(map(limit, parts["until"]))
    return Ends(amounts.get("s"), amounts.get("A*s"), amounts.get("SOC"), until)
