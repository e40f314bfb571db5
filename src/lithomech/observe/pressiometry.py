"""Differential electrochemical pressiometry: slopes of the stack pressure and what they show.

The same functions take a measured series and that of a simulated result.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.differential import BLOCKS, FEWEST, Signal, Slope, difference, slope
from lithomech.observe.half_cycles import HalfCycle, block_means, half_cycles
from lithomech.observe.inputs import Series, series_of
from lithomech.observe.state_of_charge import read_back
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

RELAXING: Final = 0.2  # of a rest: contacts and electrodes still answer to the current
MOST_RESTS: Final = 50
FEWEST_BLOCKS: Final = 3  # of a rest that says how the sensor wanders
AT_REST: Final = 1e-3  # of the largest current
LEAST_STEP: Final = 0.02  # of the pressure: a change at rest that is a step of the press
STEP_ROWS: Final = 3
EARLY: Final = 0.15  # of the charge: where decomposition shows


class Stiffness(NamedTuple):
    """A step of the stack pressure with the displacement that answers.

    Attributes:
        time: [s].
        pressure: change [Pa].
        displacement: change [m], positive where the stack becomes thicker.
    """

    time: float
    pressure: float
    displacement: float

    @property
    def per_area(self) -> float:
        """Stiffness of the stack per area [Pa/m]."""
        return -self.pressure / self.displacement if self.displacement else float("nan")


class Decomposition(NamedTuple):
    """What the first charge does to the pressure and the second does not.

    Attributes:
        change: largest difference early in the charge [Pa]; negative where the electrolyte
            shrinks.
        deviation: one standard deviation of it [Pa].
        voltage: where the difference is largest [V].
    """

    change: float
    deviation: float
    voltage: float

    @property
    def seen(self) -> bool:
        """Whether it stands out of the noise by three deviations."""
        return abs(self.change) > 3.0 * self.deviation


@final
@dataclass(frozen=True)
class Pressiometry(AbstractAnalysis):
    """Slopes of the stack pressure of every half cycle.

    Attributes:
        over_charge: dP/dQ [Pa/C].
        over_time: dP/dt [Pa/s].
        capacity: dQ/dV [C/V], where the voltage is known.
        steps: of the press, with the displacement.
        decomposition: from the first two charges, or None.
        series: that was read.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    over_charge: tuple[Slope, ...]
    over_time: tuple[Slope, ...]
    capacity: tuple[Slope, ...] = field(repr=False)
    steps: tuple[Stiffness, ...]
    decomposition: Decomposition | None
    series: TimeSeries = field(repr=False)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Changes of the pressure, extrema of the slope, stiffness, decomposition."""
        quantities = []
        for one in self.over_charge[:4]:
            name = f"{'Charge' if one.signal.is_charge else 'Discharge'} {one.signal.cycle}"
            quantities.append(
                Quantity(f"{name}, pressure change", one.signal.values[-1] / 1e3, "kPa")
            )
            quantities += [
                Quantity(
                    f"{name}, {'minimum' if turn.is_minimum else 'maximum'}",
                    100.0 * turn.place / float(one.signal.along[-1]),
                    "% of the charge",
                    50.0 * (turn.high - turn.low) / float(one.signal.along[-1]),
                    f"dP/dQ {turn.slope * 3.6e-3:.3g} kPa/mAh",
                )
                for turn in one.extrema()
            ]
        quantities += [
            Quantity(
                "Stiffness of the stack",
                one.per_area * 1e-12,
                "MPa/um",
                note=f"at {one.time:.0f} s",
            )
            for one in self.steps
        ]
        if self.decomposition is not None:
            d = self.decomposition
            words = f"{'stands out' if d.seen else 'not seen'}, largest at {d.voltage:.2f} V"
            quantities.append(
                Quantity(
                    "First charge less the second",
                    d.change / 1e3,
                    "kPa",
                    d.deviation / 1e3,
                    words,
                )
            )
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Slopes with their bands, one row per block; states of charge at the extrema."""
        tables = {}
        for kind, unit, along, slopes in (
            ("dP/dQ", "Pa/C", "charge / C", self.over_charge),
            ("dP/dt", "Pa/s", "time / s", self.over_time),
            ("dQ/dV", "C/V", "Voltage / V", self.capacity),
        ):
            if slopes:
                tables[kind] = {
                    "Cycle Count / 1": np.repeat([one.signal.cycle for one in slopes], BLOCKS),
                    "charge": np.repeat([one.signal.is_charge for one in slopes], BLOCKS),
                    along: np.concatenate([one.along for one in slopes]),
                    f"{kind} / {unit}": np.concatenate([one.slope for one in slopes]),
                    f"5 % / {unit}": np.concatenate([one.wide_band[0] for one in slopes]),
                    f"95 % / {unit}": np.concatenate([one.wide_band[1] for one in slopes]),
                }
        states = read_back(self.over_charge)
        if states["counted"].size:
            tables["state of charge at the extrema"] = states
        return tables

    def plot(self) -> "Figure":
        """Return a figure of dP/dQ with its band and its extrema."""
        from lithomech.plot.pressiometry import slopes  # noqa: PLC0415  the upward reference

        return slopes(self.over_charge)


def pressiometry(measured: Series) -> Pressiometry:
    """Return the slopes of the stack pressure over charge and over time.

    Args:
        measured: a series, a result that has one, or a file; half cycles of fewer than eight
            rows are left out.

    Raises:
        InputError: there is no half cycle.

    Examples:
        >>> import lithomech as lm
        >>> series = lm.read_series("measured/pressiometry.mpt", "measured/pressiometry.yaml")
        >>> lm.pressiometry(series).status
        'completed'
    """
    series = series_of(measured)
    over_charge, over_time, capacity = (
        tuple(slope(s) for s in signals if s.along.size >= FEWEST and np.ptp(s.along) > 0.0)
        for signals in (
            signals_over_charge(series),
            signals_over_time(series),
            capacity_over_voltage(series),
        )
    )
    if not over_charge:
        raise InputError("the series has no charge or discharge with a pressure")
    wandered = any(one.signal.wander > 0.0 for one in over_charge)
    warnings = [] if wandered else ["no rest is long enough to show how the sensor wanders"]
    return Pressiometry(
        COMPLETED,
        f"{len(over_charge)} half cycles",
        (*series.notes, *warnings),
        over_charge,
        over_time,
        capacity,
        stiffness(series) if "Displacement / m" in series.columns else (),
        decomposition(series, over_charge),
        series,
    )


def separated(full: Pressiometry, reference: Pressiometry) -> Pressiometry:
    """Return the slopes of the electrode that the reference cell does not have.

    Args:
        full: of the cell.
        reference: of the same cell with a zero-strain electrode in place of that one; its half
            cycles in the same order.

    Raises:
        InputError: the half cycles do not go together.

    References:
        Jun2020 (graphite: NCM|graphite less NCM|LTO).
    """
    pairs = list(zip(full.over_charge, reference.over_charge, strict=False))
    left = tuple(slope(difference(one.signal, other.signal)) for one, other in pairs)
    return replace(
        full,
        reason=f"{len(left)} half cycles less those of the reference",
        warnings=tuple(dict.fromkeys((*full.warnings, *reference.warnings))),
        over_charge=left,
        over_time=(),
        capacity=(),
        steps=(),
        decomposition=None,
    )


def signals_over_charge(series: TimeSeries) -> tuple[Signal, ...]:
    """Return the pressure change of each half cycle against the charge passed in it.

    Args:
        series: needs time, current, cycle number and stack pressure.
    """
    idle = rests(series)
    return tuple(
        _signal(series, half, np.abs(half.charge - half.charge[0]), idle)
        for half in half_cycles(series)
    )


def signals_over_time(series: TimeSeries) -> tuple[Signal, ...]:
    """Return the pressure change of each half cycle against time from its start.

    Args:
        series: needs time, current, cycle number and stack pressure.
    """
    idle = rests(series)
    return tuple(
        _signal(series, half, series.time[half.rows] - series.time[half.rows[0]], idle)
        for half in half_cycles(series)
    )


def capacity_over_voltage(series: TimeSeries) -> tuple[Signal, ...]:
    """Return the charge passed in each half cycle against the voltage; for dQ/dV.

    Rows at which the voltage does not advance are left out. On discharge the voltage counts
    from high to low, so that both directions advance.

    Args:
        series: needs time, current, cycle number and voltage.
    """
    if "Voltage / V" not in series.columns:
        return ()
    signals = []
    for half in half_cycles(series):
        sign = 1.0 if half.is_charge else -1.0
        voltage = sign * series.voltage[half.rows]
        good = np.isfinite(voltage)
        voltage, charge = voltage[good], half.charge[good]
        forward = np.concatenate([[True], np.diff(np.maximum.accumulate(voltage)) > 0.0])
        forward = forward[: voltage.size]
        if forward.sum() >= FEWEST:
            passed = sign * (charge[forward] - charge[0])
            signals.append(Signal(half.is_charge, half.cycle, voltage[forward], passed))
    return tuple(signals)


def stiffness(series: TimeSeries) -> tuple[Stiffness, ...]:
    """Steps of the stack pressure at rest, and the displacement that answers at once.

    Args:
        series: needs time, current, stack pressure and displacement.
    """
    pressure, moved, time = series.stack_pressure, series.displacement, series.time
    if len(series) < 2 * STEP_ROWS:
        return ()
    idle = np.abs(series.current) <= AT_REST * max(float(np.abs(series.current).max()), 1e-300)
    jump = np.abs(np.diff(pressure)) > LEAST_STEP * float(np.abs(pressure).max())
    rows = np.flatnonzero(jump & idle[1:])
    measured = []
    for group in np.split(rows, np.flatnonzero(np.diff(rows) > STEP_ROWS) + 1):
        if not group.size:
            continue
        before = slice(max(int(group[0]) - STEP_ROWS + 1, 0), int(group[0]) + 1)
        after = slice(int(group[-1]) + 1, int(group[-1]) + 1 + STEP_ROWS)
        dp = float(np.mean(pressure[after]) - np.mean(pressure[before]))
        du = float(np.mean(moved[after]) - np.mean(moved[before]))
        measured.append(Stiffness(float(time[group[0]]), dp, du))
    return tuple(measured)


def decomposition(series: TimeSeries, over_charge: tuple[Slope, ...]) -> Decomposition | None:
    """What the first charge does early that the second does not: electrolyte that shrinks.

    Args:
        series: that the slopes come from; needs the voltage.
        over_charge: slopes of the pressure over charge.

    References:
        Han2021 (a drop of the pressure at the start of the first charge).
    """
    charges = [one.signal for one in over_charge if one.signal.is_charge][:2]
    if len(charges) < 2 or "Voltage / V" not in series.columns:
        return None
    first, second = charges
    early = np.linspace(0.0, EARLY * min(first.along[-1], second.along[-1]), BLOCKS)
    edges, one = block_means(*_until(first, early[-1]), BLOCKS // 2)
    _, other = block_means(*_until(second, early[-1]), BLOCKS // 2)
    left = one - other
    at = int(np.argmax(np.abs(left)))
    noise = float(np.std(np.diff(left, 2)) / np.sqrt(6.0))
    idle = [float(np.std(pressure)) for _, pressure in rests(series)]
    wander = float(np.sqrt(2.0) * np.sqrt(np.mean(np.square(idle)))) if idle else 0.0
    half = next(h for h in half_cycles(series) if h.is_charge)
    passed = half.charge - half.charge[0]
    place = 0.5 * (edges[at] + edges[at + 1])
    voltage = float(np.interp(place, passed, series.voltage[half.rows]))
    return Decomposition(float(left[at]), float(np.hypot(noise, wander)), voltage)


def _until(signal: Signal, end: float) -> tuple[Floats, Floats]:
    inside = signal.along <= end
    along = np.append(signal.along[inside], end)
    return along, np.interp(along, signal.along, signal.values)


def _signal(
    series: TimeSeries, half: HalfCycle, along: Floats, idle: list[tuple[Floats, Floats]]
) -> Signal:
    """Rows that advance only: a block average needs an order."""
    pressure = series.stack_pressure[half.rows]
    good = np.isfinite(pressure)
    along, pressure, time = along[good], pressure[good], series.time[half.rows][good]
    if not along.size:
        return Signal(half.is_charge, half.cycle, along, pressure)
    forward = np.concatenate([[True], np.diff(np.maximum.accumulate(along)) > 0.0])
    span = float(along[-1] - along[0])
    lasted = float(time[-1] - time[0])
    wander = _wander(idle, lasted / BLOCKS) * lasted / span if span > 0.0 < lasted else 0.0
    values = pressure[forward] - pressure[0]
    return Signal(half.is_charge, half.cycle, along[forward], values, wander)


def rests(series: TimeSeries) -> list[tuple[Floats, Floats]]:
    """Time and pressure of the rests, less their beginning."""
    pressure, current = series.stack_pressure, np.abs(series.current)
    if not current.size or not np.any(current > 0.0):
        return []
    idle = (current <= AT_REST * np.nanmax(current)) & np.isfinite(pressure)
    kept = []
    for rows in np.split(np.arange(len(series)), np.flatnonzero(np.diff(idle)) + 1):
        if not idle[rows[0]] or len(kept) == MOST_RESTS:
            continue
        time = series.time[rows]
        late = rows[time >= time[0] + RELAXING * (time[-1] - time[0])]
        if late.size >= FEWEST and np.ptp(pressure[late]) < LEAST_STEP * np.abs(pressure).max():
            kept.append((series.time[late], pressure[late]))
    return kept


def _wander(idle: list[tuple[Floats, Floats]], span: float) -> float:
    """Slope of the pressure at rest over blocks of a time span, root mean square [Pa/s]."""
    slopes = [np.zeros(0)]
    for time, pressure in idle:
        blocks = int((time[-1] - time[0]) / span)
        forward = np.concatenate([[True], np.diff(time) > 0.0])
        if FEWEST_BLOCKS <= blocks <= forward.sum():
            _, means = block_means(time[forward] - time[0], pressure[forward], blocks)
            slopes.append((means[2:] - means[:-2]) / (2.0 * span))
    rates = np.concatenate(slopes)
    return float(np.sqrt(np.mean(rates**2))) if rates.size else 0.0
