"""What the cell is made to do, as values; `protocol` reads them from a cell file.

All values are SI. Currents and powers are positive on charge. Voltages are as the user
typed them, before any reference potential is added.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from lithomech.errors import InputError
from lithomech.files.quantity import convert

MAX_REPEATS = 100_000
MAX_DEPTH = 3
LEAST_ERROR, MOST_ERROR = 1e-5, 0.05  # that cycle skipping may promise
COLDEST, HOTTEST = 200.0, 450.0  # K, as the temperature of a cell file
LOWEST_HZ, HIGHEST_HZ = 1e-9, 1e12


def _text() -> str:
    """Return the field that keeps the sentence a step was written as, for plots and events."""
    return field(default="", kw_only=True, compare=False)


@dataclass(frozen=True)
class Current:
    """A current: `amount` in units of 1C ("C"), in ampere, per m2 of cell or per kg.

    The kilogram is one of active material of the cathode.
    """

    amount: float
    unit: Literal["C", "A", "A/m2", "A/kg"]

    def __post_init__(self) -> None:
        _require("the current", self.amount, positive=False)


@dataclass(frozen=True)
class VoltageLimit:
    """Ends a step when the voltage [V] is reached: from below on charge, else from above."""

    voltage: float

    def __post_init__(self) -> None:
        _require("the voltage", self.voltage, positive=False)


@dataclass(frozen=True)
class CurrentLimit:
    """Ends a step when the magnitude of the current falls below that of `current`."""

    current: Current

    def __post_init__(self) -> None:
        _require("the current to end at", self.current.amount)


@dataclass(frozen=True)
class PressureLimit:
    """Ends a step when the stack pressure [Pa] passes `pressure`, from either side."""

    pressure: float

    def __post_init__(self) -> None:
        _require("the pressure to end at", self.pressure)


Limit: TypeAlias = VoltageLimit | CurrentLimit | PressureLimit


@dataclass(frozen=True)
class ConstantCurrent:
    """Charge (positive) or discharge (negative) at constant current.

    Ends at the first of: `duration` [s], `charge` passed [C, positive], `share` passed of the
    rate capacity, a limit in `until`.
    """

    current: Current
    duration: float | None = None
    charge: float | None = None
    share: float | None = None
    until: tuple[Limit, ...] = ()
    text: str = _text()

    def __post_init__(self) -> None:
        _require_not_zero("the current", self.current.amount)
        _require_end(self)
        if any(isinstance(limit, CurrentLimit) for limit in self.until):
            raise InputError("a step at constant current cannot end at a current")


@dataclass(frozen=True)
class ConstantPower:
    """Charge (positive) or discharge (negative) at constant `power_W` [W].

    Ends at the first of: `duration` [s], `charge` passed [C, positive], `share` passed of the
    rate capacity, a limit in `until`.
    """

    power_W: float
    duration: float | None = None
    charge: float | None = None
    share: float | None = None
    until: tuple[Limit, ...] = ()
    text: str = _text()

    def __post_init__(self) -> None:
        _require_not_zero("the power", self.power_W)
        _require_end(self)


@dataclass(frozen=True)
class Hold:
    """Hold `voltage` [V] for `duration` [s] or until the current's magnitude has decayed."""

    voltage: float
    duration: float | None = None
    until_current: Current | None = None
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the voltage", self.voltage, positive=False)
        if self.duration is None and self.until_current is None:
            raise InputError("a hold needs an end: add 'for 1 hour' or 'until 0.02C'")
        if self.duration is not None:
            _require("the time", self.duration)
        if self.until_current is not None:
            _require("the current to end at", self.until_current.amount)


@dataclass(frozen=True)
class Rest:
    """No current for `duration` [s]."""

    duration: float
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the time", self.duration)


@dataclass(frozen=True)
class SetPressure:
    """Set the stack pressure [Pa] anew; takes no time."""

    pressure: float
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the stack pressure", self.pressure, positive=False)
        if self.pressure < 0.0:
            raise InputError("the stack pressure must not be negative")


@dataclass(frozen=True)
class HoldPressure:
    """Hold the stack pressure [Pa] from here until it is set again; takes no time."""

    pressure: float
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the stack pressure", self.pressure)


@dataclass(frozen=True)
class SetTemperature:
    """Set the temperature [K] of the whole cell, at once; takes no time."""

    temperature: float
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the temperature", self.temperature)
        if not COLDEST <= self.temperature <= HOTTEST:
            celsius = [convert(T, "K", "degC") for T in (self.temperature, COLDEST, HOTTEST)]
            value, low, high = (f"{number:.6g} degC" for number in celsius)
            raise InputError(f"{value}; allowed: {low} to {high}")


@dataclass(frozen=True)
class Gitt:
    """Pulses of `current` for `pulse_s`, each with a rest of `rest_s`, until a limit."""

    current: Current
    pulse_s: float
    rest_s: float
    until: tuple[Limit, ...]
    text: str = _text()

    def __post_init__(self) -> None:
        _require_not_zero("the current", self.current.amount)
        _require("the pulse time", self.pulse_s)
        _require("the rest time", self.rest_s)
        _require_end(self)
        if any(isinstance(limit, CurrentLimit) for limit in self.until):
            raise InputError("a step at constant current cannot end at a current")


@dataclass(frozen=True)
class Impedance:
    """The impedance spectrum between two frequencies [Hz], at the state the cell is in."""

    high_Hz: float
    low_Hz: float
    points_per_decade: int
    text: str = _text()

    def __post_init__(self) -> None:
        _require("the lower frequency", self.low_Hz)
        _require("the points per decade", self.points_per_decade)
        if not self.low_Hz < self.high_Hz < math.inf:
            raise InputError("the two frequencies must differ")
        if self.low_Hz < LOWEST_HZ or self.high_Hz > HIGHEST_HZ:
            raise InputError(
                f"{self.high_Hz:g} Hz to {self.low_Hz:g} Hz; allowed: within "
                f"{HIGHEST_HZ:g} Hz and {LOWEST_HZ:g} Hz"
            )


@dataclass(frozen=True)
class Drive:
    """Current [A] or power [W], positive on charge, each held from its time [s] to the next.

    Of two voltages in `until` the higher ends it on charge and the lower on discharge; one ends
    it in the direction of its net charge or energy.
    """

    time_s: tuple[float, ...]
    current_A: tuple[float, ...] | None
    power_W: tuple[float, ...] | None
    name: str
    text: str = _text()
    until: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        given = [column for column in (self.current_A, self.power_W) if column is not None]
        if len(given) != 1:
            raise InputError("a drive needs the current or the power, and not both")
        if len(self.time_s) < 2 or len(given[0]) != len(self.time_s):
            raise InputError("a drive needs two rows or more, with a value in each")
        if not all(map(math.isfinite, (*self.time_s, *given[0]))):
            raise InputError("a drive needs finite numbers")
        if self.time_s[0] != 0.0 or any(b <= a for a, b in pairwise(self.time_s)):
            raise InputError("the time of a drive must start at 0 and increase in every row")
        if any(isinstance(limit, CurrentLimit) for limit in self.until):
            raise InputError("a drive cannot end at a current: its file prescribes it")
        if sum(isinstance(limit, VoltageLimit) for limit in self.until) > 2:
            raise InputError("a drive ends at two voltages at most, a lower and a higher one")

    @property
    def values(self) -> tuple[float, ...]:
        """The current [A] or the power [W]."""
        return self.current_A or self.power_W or ()

    @property
    def net(self) -> float:
        """Net charge [C] or energy [J]."""
        held = zip(self.values, pairwise(self.time_s), strict=False)
        return sum(value * (end - start) for value, (start, end) in held)


@dataclass(frozen=True)
class Repeat:
    """`steps`, `count` times over; each pass is one cycle.

    With `skip_error` passes may be skipped as long as the discharge capacity of every cycle
    stays right to this share of the first one.
    """

    count: int
    steps: tuple["Step", ...]
    skip_error: float | None = None
    text: str = _text()

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_REPEATS:
            raise InputError(f"repeat must be from 1 to {MAX_REPEATS}, not {self.count}")
        if not self.steps:
            raise InputError("repeat needs at least one step")
        if _depth(self) > MAX_DEPTH:
            raise InputError(f"repeats may be nested at most {MAX_DEPTH} deep")
        if self.skip_error is None:
            return
        if _depth(self) > 1:
            raise InputError("only an innermost repeat may skip: move skip: to the one inside")
        if not LEAST_ERROR <= self.skip_error <= MOST_ERROR:
            raise InputError(
                f"skip: the error must be from {100 * LEAST_ERROR:g} % to "
                f"{100 * MOST_ERROR:g} % of the first capacity, not "
                f"{100 * self.skip_error:.6g} %"
            )


Step: TypeAlias = (
    ConstantCurrent
    | ConstantPower
    | Hold
    | Rest
    | SetPressure
    | HoldPressure
    | SetTemperature
    | Gitt
    | Impedance
    | Drive
    | Repeat
)


def _require(name: str, value: float, *, positive: bool = True) -> None:
    if not math.isfinite(value):
        raise InputError(f"{name} must be a finite number, not {value}")
    if positive and value <= 0.0:
        raise InputError(f"{name} must be positive, not {value:g}")


def _require_not_zero(name: str, value: float) -> None:
    _require(name, abs(value))


def _require_end(step: "ConstantCurrent | ConstantPower | Gitt") -> None:
    ends = {}
    if isinstance(step, ConstantCurrent | ConstantPower):
        ends = {
            "the time": step.duration,
            "the capacity": step.charge,
            "the share of the capacity": step.share,
        }
    amounts = {name: value for name, value in ends.items() if value is not None}
    if not amounts and not step.until:
        raise InputError("the step has no end: add 'for 1 hour', 'for 2 mAh' or 'until 4.3 V'")
    for name, value in amounts.items():
        _require(name, value)


def _depth(step: Step) -> int:
    return 1 + max(map(_depth, step.steps)) if isinstance(step, Repeat) else 0
