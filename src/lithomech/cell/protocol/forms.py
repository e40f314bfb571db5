"""The kinds of sentences that a protocol is written in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lithomech.cell.protocol import amounts
from lithomech.cell.protocol.steps import (
    ConstantCurrent,
    ConstantPower,
    Gitt,
    Hold,
    HoldPressure,
    Impedance,
    Rest,
    SetPressure,
    SetTemperature,
    Step,
)
from lithomech.errors import InputError

# Stripping and plating are of the electrode that stands under `cathode`.
_SIGN: Final = {"charge": 1.0, "discharge": -1.0, "strip": 1.0, "plate": -1.0}
_ENDS: Final = "(?:or )?(?:for|until) .+"
_TIME: Final = r"[0-9.e+-]+ ?[a-z]+"


def _driven(match: re.Match[str]) -> Step:
    sign = _SIGN[match["direction"].lower()]
    value, unit = amounts.step_rate(match["rate"], (*amounts.CURRENT_UNITS, "W"))
    ends = amounts.ends(match["ends"])
    make = amounts.CURRENTS.get(unit)
    if make is None:  # watts
        return ConstantPower(sign * value, **ends._asdict())
    return ConstantCurrent(make(sign * value), **ends._asdict())


def _hold(match: re.Match[str]) -> Step:
    clauses = amounts.clauses(match["ends"])
    if len(clauses["for"]) > 1 or len(clauses["until"]) > 1:
        raise InputError("a hold has at most one time and one current to end at")
    return Hold(
        voltage=amounts.quantity(match["voltage"], ("V",))[0],
        duration=next(map(amounts.time, clauses["for"]), None),
        until_current=next(map(amounts.current, clauses["until"]), None),
    )


def _gitt(match: re.Match[str]) -> Step:
    value, unit = amounts.step_rate(match["rate"], amounts.CURRENT_UNITS)
    return Gitt(
        current=amounts.CURRENTS[unit](_SIGN[match["direction"].lower()] * value),
        pulse_s=amounts.time(match["pulse"]),
        rest_s=amounts.time(match["rest"]),
        until=amounts.ends(match["ends"]).until,
    )


def _impedance(match: re.Match[str]) -> Step:
    both = [amounts.quantity(match[name], ("Hz",))[0] for name in ("one", "other")]
    return Impedance(max(both), min(both), int(match["points"]))


def _set_pressure(match: re.Match[str]) -> Step:
    return SetPressure(amounts.quantity(match["pressure"], ("Pa",))[0])


def _hold_pressure(match: re.Match[str]) -> Step:
    return HoldPressure(amounts.quantity(match["pressure"], ("Pa",))[0])


def _set_temperature(match: re.Match[str]) -> Step:
    return SetTemperature(amounts.quantity(match["temperature"], ("K",))[0])


@dataclass(frozen=True)
class Form:
    """One kind of sentence: its pattern, how to build the step, and how to write it."""

    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Step]
    usage: str


def _form(pattern: str, build: Callable[[re.Match[str]], Step], usage: str) -> Form:
    return Form(re.compile(pattern, re.IGNORECASE), build, usage)


DRIVEN: Final = _form(
    rf"(?P<direction>charge|discharge|strip|plate) at (?P<rate>.+?)(?: (?P<ends>{_ENDS}))?",
    _driven,
    "Charge at 0.1C [for 1 hour] [or] [until 4.3 V]",
)
HOLD: Final = _form(
    rf"hold at (?P<voltage>.+?)(?: (?P<ends>{_ENDS}))?",
    _hold,
    "Hold at 4.3 V [for 1 hour] [or] [until 0.02C]",
)
REST: Final = _form(
    "rest for (?P<time>.+)", lambda m: Rest(amounts.time(m["time"])), "Rest for 1 hour"
)
SET_PRESSURE: Final = _form(
    "set (?:the )?stack pressure to (?P<pressure>.+)",
    _set_pressure,
    "Set stack pressure to 7 MPa",
)
HOLD_PRESSURE: Final = _form(
    "hold (?:the )?stack pressure at (?P<pressure>.+)",
    _hold_pressure,
    "Hold stack pressure at 5 MPa",
)
SET_TEMPERATURE: Final = _form(
    "set (?:the )?temperature to (?P<temperature>.+)",
    _set_temperature,
    "Set temperature to 60 degC",
)
GITT: Final = _form(
    rf"gitt (?P<direction>charge|discharge) at (?P<rate>.+?) (?P<pulse>{_TIME}) pulses? "
    rf"(?P<rest>{_TIME}) rests?(?: (?P<ends>(?:or )?until .+))?",
    _gitt,
    "GITT charge at 0.1C, 10 min pulses, 2 hour rests, until 4.3 V",
)
IMPEDANCE: Final = _form(
    "impedance from (?P<one>.+?) to (?P<other>.+?) (?P<points>[0-9]{1,3}) points? per decade",
    _impedance,
    "Impedance from 1 MHz to 1 mHz, 10 points per decade",
)
FORMS: Final = (
    DRIVEN,
    HOLD,
    REST,
    SET_PRESSURE,
    HOLD_PRESSURE,
    SET_TEMPERATURE,
    GITT,
    IMPEDANCE,
)


def build(words: str) -> Step | None:
    """Return the step that a sentence stands for; None where it has none of the forms.

    Raises:
        InputError: an amount in it cannot be read.
    """
    for form in FORMS:
        match = form.pattern.fullmatch(words)
        if match is not None:
            return form.build(match)
    return None
