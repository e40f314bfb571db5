"""Slopes of signals along charge, time or voltage: smoothed, with a band, and their extrema.

Block averages keep quantisation and sensor noise out of the choice of the penalty; the band is
that of a bootstrap, with what the sensor wandered while the cell was at rest on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.numerics.smoothing_spline import basis, best_penalty, derivative, smooth
from lithomech.observe.half_cycles import block_means

Floats = NDArray[np.float64]

BLOCKS: Final = 80  # averages per half cycle; 50 to 80 serve alike
RESAMPLED: Final = 200  # bootstrap fits for the band
BAND: Final = (16.0, 84.0)  # percentiles of the band: one standard deviation to each side
WIDE_BAND: Final = (5.0, 95.0)  # of the band that holds the truth nine times in ten
SEED: Final = 0  # the band of the same data is the same band
FEWEST: Final = 8  # rows that a slope needs
ROUNDING: Final = 1e-6  # of the largest slope
STANDS_OUT: Final = 3.0  # of what the sensor shows at rest
WIGGLE: Final = 0.05  # of the span of the slope
REACH: Final = 8  # blocks to each side in which the same extremum is looked for again


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
    """Change of a quantity along one half cycle.

    Attributes:
        is_charge: whether current flows in the charging direction.
        cycle: number of the cycle.
        along: charge [C] or time [s] from the start of the half cycle, or voltage [V];
            increasing, shape (n,).
        values: the quantity less that at the start, such as the stack pressure [Pa], shape
            (n,).
        wander: slope that the sensor shows at rest, root mean square, per unit of along.
    """

    is_charge: bool
    cycle: int
    along: Floats
    values: Floats
    wander: float = 0.0


@final
@dataclass(frozen=True)
class Slope:
    """Slope of a signal: block averages, a smoothing spline, and its bootstrap band.

    Attributes:
        signal: what was differentiated.
        along: middles of the blocks, shape (b,).
        slope: [unit of the values per unit of along], shape (b,).
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

    @cached_property
    def wide_band(self) -> tuple[Floats, Floats]:
        """The 5th and the 95th percentile of the slope, each of shape (b,)."""
        low, high = np.percentile(self.samples, WIDE_BAND, axis=0)
        return low, high

    def extrema(self) -> tuple[Extremum, ...]:
        """Return the local extrema that stand out of the band, in the order of their place."""
        low, high = self.band
        # Out of the noise, no wiggle beside the span, and no rounding of a straight line.
        least = max(
            float(np.median(high - low)),
            STANDS_OUT * self.signal.wander,
            WIGGLE * float(np.ptp(self.slope)),
            ROUNDING * float(np.abs(self.slope).max()),
        )
        return tuple(self._extremum(n) for n in turning_points(self.slope, least))

    def _extremum(self, index: int) -> Extremum:
        """One extremum with the spread of its place among the samples nearby."""
        is_minimum = self.slope[index] < self.slope[max(index - 1, 0)]
        sign = 1.0 if is_minimum else -1.0
        first = max(index - REACH, 0)
        lowest = first + np.argmin(sign * self.samples[:, first : index + REACH + 1], axis=1)
        drawn = zip(self.samples, lowest, strict=True)
        places = [self._vertex(values, int(n)) for values, n in drawn]
        low, high = np.percentile(places, BAND)
        half = 0.5 * float(self.along[1] - self.along[0])  # nothing within a block is resolved
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
    left = signal.values[: along.size] - np.interp(along, reference.along, reference.values)
    wander = float(np.hypot(signal.wander, reference.wander))
    return Signal(signal.is_charge, signal.cycle, along, left - left[0], wander)


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
    edges, means = block_means(signal.along, signal.values, blocks)
    penalty = best_penalty(means)
    fit = smooth(means, penalty)
    residual = means - fit
    chance = np.random.default_rng(SEED)
    drawn = chance.choice(residual - residual.mean(), (RESAMPLED, residual.size))
    used = float(np.sum(1.0 / (1.0 + penalty * basis(blocks).roughness)))
    drawn *= np.sqrt(blocks / max(blocks - used, 1.0))  # what the fit took of the noise
    width = edges[1] - edges[0]
    steep = 1.0 / (width * (blocks - 1))  # the spline runs from 0 to 1 over the middles
    fitted = steep * derivative(fit)
    again = steep * derivative(smooth(fit + drawn, penalty))
    # mirrored: what smoothing takes from the fit a second time, it took from the truth before
    samples = 2.0 * fitted - again + signal.wander * _waves(chance, blocks)
    return Slope(signal, edges[:-1] + 0.5 * width, fitted, penalty, samples)


def _waves(chance: np.random.Generator, blocks: int) -> Floats:
    """Random functions of unit variance that change over a few blocks."""
    white = chance.standard_normal((RESAMPLED, blocks + 2))
    return (white[:, :-2] + white[:, 1:-1] + white[:, 2:]) / np.sqrt(3.0)


def turning_points(values: Floats, width: float) -> Sequence[int]:
    """Return the indices where the values turn by more than a width, up and down in turn.

    Args:
        values: shape (n,).
        width: smaller turns are passed over; in the unit of the values.
    """
    turns: list[int] = []
    extreme, direction = 0, 0
    for index in range(1, len(values)):
        move = values[index] - values[extreme]
        if direction * move >= 0.0 and (direction or abs(move) > 0.0):
            if direction == 0 and abs(move) <= width:
                continue
            direction = direction or int(np.sign(move))
            extreme = index
        elif abs(move) > width:
            turns.append(extreme)
            extreme, direction = index, int(np.sign(move))
    return turns
