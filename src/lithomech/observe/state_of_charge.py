"""State of charge from the stack pressure: extrema of its slope as milestones.

A cycle whose charge is known says at which state of charge each extremum stands. Later the
extremum, found in the pressure alone, gives the state of charge back without counting charge.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from lithomech.errors import InputError
from lithomech.observe.differential import Extremum, Slope

STANDS_OUT: Final = 0.2  # depth of a milestone, of the span of the slope


class Milestone(NamedTuple):
    """An extremum of the slope with the state of charge that belongs to it.

    Attributes:
        state_of_charge: 0 at the start of a charge, 1 at its end.
        is_minimum: whether the slope is smallest there.
        depth: by how much it stands out of its neighbours [Pa per unit of along].
    """

    state_of_charge: float
    is_minimum: bool
    depth: float


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
    found, end = calibration.extrema(), float(calibration.signal.along[-1])
    least = STANDS_OUT * float(np.ptp(calibration.slope))
    marks = [
        Milestone(
            e.place / end if calibration.signal.is_charge else 1.0 - e.place / end,
            e.is_minimum,
            _depth(found, n, calibration),
        )
        for n, e in enumerate(found)
    ]
    clear = tuple(mark for mark in marks if mark.depth > least)
    if not clear:
        raise InputError("the slope of the pressure has no extremum that stands out")
    return clear


def state_of_charge(measured: Slope, known: Sequence[Milestone]) -> tuple[Reading, ...]:
    """Return the state of charge wherever the pressure passes a milestone.

    Extrema are told apart by kind and order; of more extrema than milestones, those that stand
    out most count.

    Args:
        measured: slope of another half cycle in the same direction.
        known: milestones of the calibration.
    """
    found = measured.extrema()
    readings = []
    for is_minimum in (True, False):
        marks = [mark for mark in known if mark.is_minimum == is_minimum]
        seen = [(n, e) for n, e in enumerate(found) if e.is_minimum == is_minimum]
        clear = sorted(seen, key=lambda pair: -_depth(found, pair[0], measured))[: len(marks)]
        order = sorted(e for _, e in clear)
        deep = sorted(marks, key=lambda mark: -mark.depth)[: len(order)]
        marks = sorted(deep, reverse=not measured.signal.is_charge)
        readings += [
            Reading(e.place, e.low, e.high, mark.state_of_charge)
            for e, mark in zip(order, marks, strict=True)
        ]
    return tuple(sorted(readings))


def _depth(found: Sequence[Extremum], index: int, of: Slope) -> float:
    """Smaller of the two falls from an extremum to its neighbours, or to the ends."""
    levels = [float(of.slope[0]), *(e.slope for e in found), float(of.slope[-1])]
    here = levels[index + 1]
    return min(abs(here - levels[index]), abs(here - levels[index + 2]))
