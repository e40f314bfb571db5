"""State of charge from the stack pressure: extrema of its slope as milestones.

A cycle whose charge is known says at which state of charge each extremum stands. Later the
extremum, found in the pressure alone, gives the state of charge back without counting charge.
"""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.differential import Extremum, Slope

MOST_EXTREMA: Final = 8  # of a kind that are paired
APART: Final = 0.25  # difference of levels from which two extrema are not the same
STANDS_OUT: Final = 0.2  # depth of a milestone, of the span of the slope


class Milestone(NamedTuple):
    """An extremum of the slope with the state of charge that belongs to it.

    Attributes:
        state_of_charge: 0 at the start of a charge, 1 at its end.
        is_minimum: whether the slope is smallest there.
        depth: by how much it stands out of its neighbours [Pa per unit of along].
        level: its slope between the lowest, 0, and the highest, 1.
    """

    state_of_charge: float
    is_minimum: bool
    depth: float
    level: float


class Reading(NamedTuple):
    """A state of charge that was read from the pressure.

    Attributes:
        place: charge [C] or time [s] at which it held.
        low: 16th percentile of the place.
        high: 84th percentile.
        state_of_charge: that of the milestone.
    """

    place: float
    low: float
    high: float
    state_of_charge: float


def milestones(calibration: Slope) -> tuple[Milestone, ...]:
    """Return the milestones of a half cycle at constant current whose charge is known.

    Shallow extrema are left out: noise moves them too far, and makes others like them.

    Args:
        calibration: slope of a full charge or discharge, over charge or time.

    Raises:
        InputError: the slope has no extremum.

    References:
        Jun2020 (NCM | graphite at n/p of 1.2, 1.4 and 1.7).
    """
    extrema, end = calibration.extrema(), float(calibration.signal.along[-1])
    least = STANDS_OUT * float(np.ptp(calibration.slope))
    marks = [
        Milestone(
            e.place / end if calibration.signal.is_charge else 1.0 - e.place / end,
            e.is_minimum,
            _depth(extrema, n, calibration),
            _level(e, calibration),
        )
        for n, e in enumerate(extrema)
    ]
    clear = tuple(mark for mark in marks if mark.depth > least)
    if not clear:
        raise InputError("the slope of the pressure has no extremum that stands out")
    return clear


def state_of_charge(measured: Slope, known: Sequence[Milestone]) -> tuple[Reading, ...]:
    """Return the state of charge wherever the pressure passes a milestone.

    Extrema are distinguished by kind, order and level: of all ways to pair them with milestones
    in order, that with the least sum of differences in level, which is relative to the span of
    the slope. A pair whose levels are far apart is none.

    Args:
        measured: slope of another half cycle in the same direction.
        known: milestones of the calibration.
    """
    extrema = measured.extrema()
    readings = []
    for is_minimum in (True, False):
        marks = [mark for mark in known if mark.is_minimum == is_minimum]
        marks = sorted(marks, reverse=not measured.signal.is_charge)
        kind = [(n, e) for n, e in enumerate(extrema) if e.is_minimum == is_minimum]
        deep = sorted(kind, key=lambda pair: -_depth(extrema, pair[0], measured))[:MOST_EXTREMA]
        seen = [(e, _level(e, measured)) for _, e in sorted(deep)]
        few = min(len(seen), len(marks))
        ways = product(combinations(seen, few), combinations(marks, few))
        best = min(ways, key=_unlike, default=((), ()))
        readings += [
            Reading(e.place, e.low, e.high, mark.state_of_charge)
            for (e, level), mark in zip(*best, strict=True)
            if abs(level - mark.level) < APART
        ]
    return tuple(sorted(readings))


def _unlike(pairs: tuple[Sequence[tuple[Extremum, float]], Sequence[Milestone]]) -> float:
    """Sum of the differences in level; none counts more than that of no pair."""
    return sum(
        min(abs(level - mark.level), APART) for (_, level), mark in zip(*pairs, strict=True)
    )


def _level(extremum: Extremum, of: Slope) -> float:
    low, high = float(of.slope.min()), float(of.slope.max())
    return (extremum.slope - low) / (high - low) if high > low else 0.5


def read_back(slopes: Sequence[Slope]) -> dict[str, NDArray[Any]]:
    """Return the state of charge of later half cycles, with the first of each kind known.

    Beside it stands what counting the charge of each half cycle says.

    Args:
        slopes: of half cycles in order, over charge.

    Returns:
        Columns of a table; empty where no extremum stands out.
    """
    rows: list[tuple[int, bool, float, float]] = []
    for is_charge in (True, False):
        alike = [one for one in slopes if one.signal.is_charge == is_charge]
        try:
            known = milestones(alike[0]) if len(alike) > 1 else ()
        except InputError:  # nothing stands out in the first one
            continue
        for one in alike[1:]:
            end = float(one.signal.along[-1])
            for reading in state_of_charge(one, known):
                counted = reading.place / end if is_charge else 1.0 - reading.place / end
                rows.append((one.signal.cycle, is_charge, counted, reading.state_of_charge))
    names = ("Cycle Count / 1", "charge", "counted", "by the pressure")
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return {name: np.array(column) for name, column in zip(names, columns, strict=True)}


def _depth(extrema: Sequence[Extremum], index: int, of: Slope) -> float:
    """Smaller of the two falls from an extremum to its neighbours, or to the ends."""
    levels = [float(of.slope[0]), *(e.slope for e in extrema), float(of.slope[-1])]
    here = levels[index + 1]
    return min(abs(here - levels[index]), abs(here - levels[index + 2]))
