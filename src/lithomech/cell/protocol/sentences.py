"""The sentences a protocol is written in, and the steps they stand for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lithomech.cell.protocol.drives import read_drive
from lithomech.cell.protocol.steps import (
    MAX_DEPTH,
    ConstantCurrent,
    ConstantPower,
    Current,
    CurrentLimit,
    Gitt,
    Hold,
    Impedance,
    Limit,
    PressureLimit,
    Repeat,
    Rest,
    SetPressure,
    Step,
    VoltageLimit,
)
from lithomech.errors import InputError, Mistakes
from lithomech.files.quantity import parse_one_of, shown
from lithomech.files.yamlfile import KeyPath, join_key

MAX_STEP_LENGTH = 200

_SIGN = {"charge": 1.0, "discharge": -1.0}
_ENDS = "(?:or )?(?:for|until) .+"
_TIME = r"[0-9.e+-]+ ?[a-z]+"
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9](?![0-9]{2}(?![0-9])))")
_NUMBER = r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)"
_C_RATE = re.compile(rf"{_NUMBER}? ?C(?: ?/ ?{_NUMBER})?", re.IGNORECASE)

# Case does not matter in a step: "0.1c", "4.3 v", "1 Hour" and "2 MA" are read as meant. A
# unit stands here if nobody means another one by its small or capital letters: no cell runs
# at mega-amperes. "mHz" and "MHz" are therefore left as they are written, and so is "mPa".
_UNITS = (
    *("V", "mV", "A", "mA", "uA", "A/m2", "mA/cm2", "uA/cm2", "A/m^2", "mA/cm^2", "uA/cm^2"),
    *("Ah", "mAh", "uAh", "W", "mW", "uW", "Pa", "kPa", "MPa", "GPa", "bar", "Hz", "kHz"),
    *("s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes"),
    *("h", "hr", "hrs", "hour", "hours", "d", "day", "days"),
)
_SPELLING = {
    typed: unit for unit in _UNITS for typed in (unit.lower(), unit.upper(), unit.title(), unit)
}
_UNIT_AT_END = re.compile(r"(?<=[0-9. ])[a-z][a-z0-9/^]*$", re.IGNORECASE)


def parse_protocol(items: object, base: Path, key: KeyPath = ("protocol",)) -> tuple[Step, ...]:
    """Read the steps of a cell file.

    Args:
        items: list of sentences, of {"repeat": count, "steps": [...]} and of
            {"drive": {"file": name}}.
        base: the folder that names of drive files start from.
        key: where the list stands in the document, for messages.

    Raises:
        InputError: steps cannot be understood; `key` says which, as "protocol[0].steps[2]".
    """
    if not isinstance(items, list | tuple) or not items:
        raise InputError("expected a list of one step or more", key=join_key(key))
    if key.count("steps") > MAX_DEPTH:
        message = f"repeats may be nested at most {MAX_DEPTH} deep"
        raise InputError(message, key=join_key(key))
    mistakes, found = Mistakes(), []
    for index, item in enumerate(items):
        with mistakes.noted():
            found.append(_step(item, base, (*key, index)))
    mistakes.report()
    return tuple(found)


def _quantity(text: str, units: tuple[str, ...]) -> tuple[float, str]:
    spelled = _UNIT_AT_END.sub(lambda match: _SPELLING.get(match[0], match[0]), text.strip())
    return parse_one_of(spelled, units)


def _time(text: str) -> float:
    return _quantity(text, ("s",))[0]


def _rate(text: str, others: tuple[str, ...]) -> tuple[float, str]:
    """Return value and unit ("C", or the one of `others` that matched); C/10 is (0.1, "C")."""
    match = _C_RATE.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        try:
            return _quantity(text, others)
        except InputError as error:
            other = " or a C-rate such as '0.1C'" if "expected" in error.message else ""
            raise InputError(f"{error.message}{other}") from None
    divisor = float(match[2] or 1)
    if divisor <= 0.0:
        raise InputError(f"{shown(text)}: the number below C must be positive")
    return float(match[1] or 1) / divisor, "C"


def _step_rate(text: str, others: tuple[str, ...]) -> tuple[float, str]:
    """Return the rate of a step, whose sign is in the word "charge" or "discharge"."""
    value, unit = _rate(text, others)
    if value <= 0.0:
        raise InputError(f"the current or power must be positive, not {text!r}")
    return value, unit


def _current(text: str) -> Current:
    value, unit = _rate(text, ("A", "A/m2"))
    return _CURRENTS[unit](value)


_CURRENTS: Mapping[str, Callable[[float], Current]] = {
    "C": lambda amount: Current(amount, "C"),
    "A": lambda amount: Current(amount, "A"),
    "A/m2": lambda amount: Current(amount, "A/m2"),
}
_LIMITS: Mapping[str, Callable[[float], Limit]] = {
    "V": VoltageLimit,
    "Pa": PressureLimit,
    **{
        unit: lambda amount, make=make: CurrentLimit(make(amount))
        for unit, make in _CURRENTS.items()
    },
}


def _limit(text: str) -> Limit:
    value, unit = _rate(text, ("V", "Pa", "A", "A/m2"))
    return _LIMITS[unit](value)


def _clauses(text: str | None) -> dict[str, list[str]]:
    """Return the ends of a step; "until 4.3 V or 5 MPa" stands for two of them."""
    found: dict[str, list[str]] = {"for": [], "until": []}
    pieces = re.split(r"(?:^| )(?:or )?(for|until) ", text or "", flags=re.IGNORECASE)
    for word, values in zip(pieces[1::2], pieces[2::2], strict=True):
        found[word.lower()] += re.split(" or ", values, flags=re.IGNORECASE)
    return found


def _once(found: dict[str, float], unit: str, value: float) -> None:
    if unit in found:
        raise InputError("the step names two times or two capacities to end at")
    found[unit] = value


def _charge(match: re.Match[str]) -> Step:
    sign = _SIGN[match["direction"].lower()]
    value, unit = _step_rate(match["rate"], ("A", "A/m2", "W"))
    clauses = _clauses(match["ends"])
    ends: dict[str, float] = {}
    for text in clauses["for"]:
        end, end_unit = _quantity(text, ("s", "A*s"))
        _once(ends, end_unit, end)
    until = tuple(map(_limit, clauses["until"]))
    make = _CURRENTS.get(unit)
    if make is None:  # watts
        return ConstantPower(sign * value, ends.get("s"), ends.get("A*s"), until)
    return ConstantCurrent(make(sign * value), ends.get("s"), ends.get("A*s"), until)


def _hold(match: re.Match[str]) -> Step:
    clauses = _clauses(match["ends"])
    if len(clauses["for"]) > 1 or len(clauses["until"]) > 1:
        raise InputError("a hold has at most one time and one current to end at")
    return Hold(
        voltage=_quantity(match["voltage"], ("V",))[0],
        duration=next(map(_time, clauses["for"]), None),
        until_current=next(map(_current, clauses["until"]), None),
    )


def _gitt(match: re.Match[str]) -> Step:
    value, unit = _step_rate(match["rate"], ("A", "A/m2"))
    return Gitt(
        current=_CURRENTS[unit](_SIGN[match["direction"].lower()] * value),
        pulse_s=_time(match["pulse"]),
        rest_s=_time(match["rest"]),
        until=tuple(map(_limit, _clauses(match["ends"])["until"])),
    )


def _impedance(match: re.Match[str]) -> Step:
    ends = [_quantity(match[name], ("Hz",))[0] for name in ("one", "other")]
    return Impedance(max(ends), min(ends), int(match["points"]))


@dataclass(frozen=True)
class _Form:
    """One kind of sentence: its pattern, how to build the step, and how to write it."""

    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Step]
    usage: str


def _form(pattern: str, build: Callable[[re.Match[str]], Step], usage: str) -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), build, usage)


_CHARGE_FORM = _form(
    rf"(?P<direction>charge|discharge) at (?P<rate>.+?)(?: (?P<ends>{_ENDS}))?",
    _charge,
    "Charge at 0.1C [for 1 hour] [or] [until 4.3 V]",
)
_FORMS = {
    "charge": _CHARGE_FORM,
    "discharge": _CHARGE_FORM,
    "hold": _form(
        rf"hold at (?P<voltage>.+?)(?: (?P<ends>{_ENDS}))?",
        _hold,
        "Hold at 4.3 V [for 1 hour] [or] [until 0.02C]",
    ),
    "rest": _form(
        "rest for (?P<time>.+)", lambda match: Rest(_time(match["time"])), "Rest for 1 hour"
    ),
    "set": _form(
        "set (?:the )?stack pressure to (?P<pressure>.+)",
        lambda match: SetPressure(_quantity(match["pressure"], ("Pa",))[0]),
        "Set stack pressure to 7 MPa",
    ),
    "gitt": _form(
        rf"gitt (?P<direction>charge|discharge) at (?P<rate>.+?) (?P<pulse>{_TIME}) pulses? "
        rf"(?P<rest>{_TIME}) rests?(?: (?P<ends>(?:or )?until .+))?",
        _gitt,
        "GITT charge at 0.1C, 10 min pulses, 2 hour rests, until 4.3 V",
    ),
    "impedance": _form(
        "impedance from (?P<one>.+?) to (?P<other>.+?) "
        "(?P<points>[0-9]{1,3}) points? per decade",
        _impedance,
        "Impedance from 1 MHz to 1 mHz, 10 points per decade",
    ),
}


def _sentence(sentence: object) -> Step:
    """Read one step; commas and runs of spaces count as one space."""
    if not isinstance(sentence, str):
        raise InputError(f"expected a step such as 'Rest for 1 hour', not {shown(sentence)}")
    if len(sentence) > MAX_STEP_LENGTH:
        raise InputError(f"{shown(sentence)} is too long for a step")
    if _DECIMAL_COMMA.search(sentence):
        better = _DECIMAL_COMMA.sub(".", sentence)
        raise InputError(f"{shown(sentence)} has a decimal comma: write {better!r}")
    words = re.sub(r"\s*,?\s+", " ", sentence).strip()
    form = _FORMS.get(words.lower().partition(" ")[0])
    if form is None:
        allowed = "; ".join(dict.fromkeys(known.usage for known in _FORMS.values()))
        raise InputError(f"{shown(sentence)} is no step; steps are: {allowed}")
    match = form.pattern.fullmatch(words)
    if match is None:
        raise InputError(f"{shown(sentence)} is not understood; write it as {form.usage!r}")
    try:
        return replace(form.build(match), text=" ".join(sentence.split()))
    except InputError as error:
        raise InputError(f"in {shown(sentence)}: {error.message}") from None


def _step(item: object, base: Path, key: KeyPath) -> Step:
    try:
        if isinstance(item, Mapping):
            return _mapping(item, base, key)
        return _sentence(item)
    except InputError as error:
        raise error.located(key=join_key(key)) from None


def _mapping(item: Mapping[str, object], base: Path, key: KeyPath) -> Step:
    build = _MAPPINGS.get(frozenset(item))
    if build is None:
        allowed = "expected a sentence, 'repeat' with 'steps', or 'drive'"
        raise InputError(f"{allowed}, not a mapping of {shown(list(item))}")
    return build(item, base, key)


def _repeat(item: Mapping[str, object], base: Path, key: KeyPath) -> Step:
    count = item["repeat"]
    if isinstance(count, bool) or not isinstance(count, int):
        raise InputError(f"repeat must be a whole number, not {shown(count)}")
    steps = parse_protocol(item["steps"], base, (*key, "steps"))
    return Repeat(count, steps, text=f"Repeat {count} times")


_MAPPINGS: Mapping[frozenset[str], Callable[[Mapping[str, object], Path, KeyPath], Step]] = {
    frozenset({"repeat", "steps"}): _repeat,
    frozenset({"drive"}): read_drive,
}
