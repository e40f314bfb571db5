"""Differential electrochemical pressiometry: slopes of the stack pressure and what they show.

The same functions take a measured series and that of a simulated result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.numerics.smoothing_spline import best_penalty, derivative, smooth
from lithomech.observe.half_cycles import HalfCycle, block_means, half_cycles
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

BLOCKS: Final = 60  # averages per half cycle; 50 to 80 serve alike
RESAMPLED: Final = 100  # bootstrap fits for the band
BAND: Final = (16.0, 84.0)  # percentiles of the band: one standard deviation to each side
SEED: Final = 0  # the band of the same data is the same band
FEWEST: Final = 8  # rows that a slope needs
ROUNDING: Final = 1e-6  # of the largest slope
WIGGLE: Final = 0.05  # of the span of the slope
REACH: Final = 6  # blocks to each side in which the same extremum is looked for again


class Extremum(NamedTuple):
    """A local extremum of a slope.

    Attributes:
        place: charge [C] or time [s] where it is.
        low: 16th percentile of its place over the bootstrap.
        high: 84th percentile.
        slope: value there [Pa/C or Pa/s].
        is_minimum: whether the slope is smallest there.
    """

    place: float
    low: float
    high: float
    slope: float
    is_minimum: bool


@final
@dataclass(frozen=True)
class Signal:
    """Change of the stack pressure along one half cycle.

    Attributes:
        is_charge: whether current flows in the charging direction.
        cycle: number of the cycle.
        along: charge [C] from the start of the half cycle, or time [s]; increasing, shape (n,).
        pressure: stack pressure less that at the start [Pa], shape (n,).
    """

    is_charge: bool
    cycle: int
    along: Floats
    pressure: Floats


@final
@dataclass(frozen=True)
class Slope:
    """Slope of a signal: block averages, a smoothing spline, and its bootstrap band.

    Attributes:
        signal: what was differentiated.
        along: middles of the blocks, shape (b,).
        slope: [Pa per unit of along], shape (b,).
        penalty: weight of the curvature, chosen by generalised cross-validation.
        samples: slopes of the resampled fits, shape (resampled, b).
    """

    signal: Signal
    along: Floats
    slope: Floats
    penalty: float
    samples: Floats = field(repr=False)

    @cached_property
    def band(self) -> tuple[Floats, Floats]:
        """The 16th and the 84th percentile of the slope, each of shape (b,)."""
        low, high = np.percentile(self.samples, BAND, axis=0)
        return low, high

    def extrema(self) -> tuple[Extremum, ...]:
        """Return the local extrema that stand out of the band, in the order of their place."""
        low, high = self.band
        # Out of the noise, no wiggle beside the span, and no rounding of a straight line.
        least = max(
            float(np.median(high - low)),
            WIGGLE * float(np.ptp(self.slope)),
            ROUNDING * float(np.abs(self.slope).max()),
        )
        return tuple(self._extremum(n) for n in _turning_points(self.slope, least))

    def _extremum(self, index: int) -> Extremum:
        """One extremum with the spread of its place among the samples nearby."""
        is_minimum = self.slope[index] < self.slope[max(index - 1, 0)]
        sign = 1.0 if is_minimum else -1.0
        first = max(index - REACH, 0)
        lowest = first + np.argmin(sign * self.samples[:, first : index + REACH + 1], axis=1)
        drawn = zip(self.samples, lowest, strict=True)
        places = [self._vertex(values, int(n)) for values, n in drawn]
        low, high = np.percentile(places, BAND)
        half = 0.5 * float(self.along[1] - self.along[0])  # a block cannot be told apart
        place = self._vertex(self.slope, index)
        return Extremum(
            place,
            min(float(low), place - half),
            max(float(high), place + half),
            float(self.slope[index]),
            bool(is_minimum),
        )

    def _vertex(self, values: Floats, index: int) -> float:
        """Place of the vertex of the parabola through three blocks around an extremum."""
        here = float(self.along[index])
        if not 0 < index < values.size - 1:
            return here
        before, at, after = values[index - 1 : index + 2]
        bend = before - 2.0 * at + after
        if bend == 0.0:
            return here
        shift = float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
        return here + shift * float(self.along[1] - self.along[0])


class HasSeries(Protocol):
    """A result of a calculation."""

    @property
    def series(self) -> TimeSeries:
        """Its traces over time."""
        ...


@final
@dataclass(frozen=True)
class Pressiometry:
    """Slopes of the stack pressure of every half cycle.

    Attributes:
        over_charge: dP/dQ [Pa/C].
        over_time: dP/dt [Pa/s].
    """

    over_charge: tuple[Slope, ...]
    over_time: tuple[Slope, ...]

    def plot(self) -> "Figure":
        """Return a figure of dP/dQ with its band and its extrema."""
        from lithomech.plot.pressiometry import slopes  # noqa: PLC0415  the upward reference

        return slopes(self.over_charge)


def pressiometry(measured: TimeSeries | HasSeries) -> Pressiometry:
    """Return the slopes of the stack pressure over charge and over time.

    Args:
        measured: a series, or a result that has one; half cycles of fewer than eight rows are
            left out.

    Raises:
        InputError: there is no half cycle.
    """
    series = measured if isinstance(measured, TimeSeries) else measured.series
    found = [
        tuple(slope(s) for s in signals if s.along.size >= FEWEST)
        for signals in (signals_over_charge(series), signals_over_time(series))
    ]
    if not found[0]:
        raise InputError("the series has no charge or discharge with a pressure")
    return Pressiometry(*found)


def signals_over_charge(series: TimeSeries) -> tuple[Signal, ...]:
    """Return the pressure change of each half cycle against the charge passed in it.

    Args:
        series: needs time, current, cycle number and stack pressure.
    """
    return tuple(
        _signal(series, half, np.abs(half.charge - half.charge[0]))
        for half in half_cycles(series)
    )


def signals_over_time(series: TimeSeries) -> tuple[Signal, ...]:
    """Return the pressure change of each half cycle against time from its start.

    Args:
        series: needs time, current, cycle number and stack pressure.
    """
    return tuple(
        _signal(series, half, series.time[half.rows] - series.time[half.rows[0]])
        for half in half_cycles(series)
    )


def difference(signal: Signal, reference: Signal) -> Signal:
    """Return what a reference cell does not have: dP - dP_reference at the same place.

    With LTO as counter electrode of the reference, what is left of a full cell is its anode.
    Only where both have data; both cells must have the same area, loading and compliance.

    Args:
        signal: of the cell.
        reference: of the cell with the zero-strain electrode.

    Raises:
        InputError: one is a charge and the other a discharge, or they do not overlap.

    References:
        Jun2020 (graphite: NCM|graphite less NCM|LTO).
    """
    if signal.is_charge != reference.is_charge:
        raise InputError("a charge and a discharge cannot be subtracted")
    end = min(signal.along[-1], reference.along[-1])
    along = signal.along[signal.along <= end]
    if along.size < FEWEST:
        raise InputError("the signal and its reference do not overlap")
    left = signal.pressure[: along.size] - np.interp(along, reference.along, reference.pressure)
    return Signal(signal.is_charge, signal.cycle, along, left - left[0])


def slope(signal: Signal, blocks: int = BLOCKS) -> Slope:
    """Return the slope of a signal: block averages, then a cubic smoothing spline.

    The penalty is chosen by generalised cross-validation, and the band by resampling the
    residuals. Averaging first keeps quantisation and correlated noise out of that choice.

    Args:
        signal: at least eight rows.
        blocks: number of averages.

    Raises:
        InputError: too few rows, or nothing passes.

    References:
        CravenWahba1979 for the penalty; Jun2020 for what the slope shows.
    """
    if signal.along.size < FEWEST or signal.along[-1] <= signal.along[0]:
        raise InputError(f"a slope needs {FEWEST} rows over which something passes")
    edges, means = block_means(signal.along, signal.pressure, blocks)
    penalty = best_penalty(means)
    fit = smooth(means, penalty)
    residual = means - fit
    chance = np.random.default_rng(SEED)
    drawn = chance.choice(residual - residual.mean(), (RESAMPLED, residual.size))
    width = edges[1] - edges[0]
    steep = 1.0 / (width * (blocks - 1))  # the spline runs from 0 to 1 over the middles
    return Slope(
        signal,
        edges[:-1] + 0.5 * width,
        steep * derivative(fit),
        penalty,
        steep * derivative(smooth(fit + drawn, penalty)),
    )


def _signal(series: TimeSeries, half: HalfCycle, along: Floats) -> Signal:
    """Rows that advance only: a block average needs an order."""
    pressure = series.stack_pressure[half.rows]
    forward = np.concatenate([[True], np.diff(np.maximum.accumulate(along)) > 0.0])
    return Signal(half.is_charge, half.cycle, along[forward], pressure[forward] - pressure[0])


def _turning_points(values: Floats, width: float) -> Sequence[int]:
    """Indices where the values turn by more than `width`, alternating up and down."""
    found: list[int] = []
    extreme, direction = 0, 0
    for index in range(1, len(values)):
        move = values[index] - values[extreme]
        if direction * move >= 0.0 and (direction or abs(move) > 0.0):
            if direction == 0 and abs(move) <= width:
                continue
            direction = direction or int(np.sign(move))
            extreme = index
        elif abs(move) > width:
            found.append(extreme)
            extreme, direction = index, int(np.sign(move))
    return found
