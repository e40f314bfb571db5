"""Which row of a series belongs to which cycle: by its cycle column, or by its current."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.differential import turning_points

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

REST: Final = 1e-4  # of the largest current; below it a row is at rest
LEAST_TURN: Final = 0.01  # of the largest charge passed in one direction: less is a pulse
WITHIN: Final = 0.95  # of the charge of a half cycle that has one number


class Half(NamedTuple):
    """A charge or a discharge with its rests, holds and pulses.

    Attributes:
        is_charge: whether the cell is charged by it.
        first: row where its current begins to flow.
        last: last row where it flows.
    """

    is_charge: bool
    first: int
    last: int


class Numbering(NamedTuple):
    """Cycle numbers of all rows.

    Attributes:
        number: shape (rows,).
        by_sign: whether they were counted by the sign of the current.
        warnings: what speaks against the cycle column of the file.
    """

    number: Whole
    by_sign: bool
    warnings: tuple[str, ...] = ()


def directions(current: Floats) -> Whole:
    """Return +1 where a row charges, -1 where it discharges and 0 at rest, shape (rows,)."""
    largest = float(np.abs(current).max(initial=0.0))
    return np.where(np.abs(current) > REST * largest, np.sign(current), 0.0).astype(np.int64)


def halves(current: Floats, steps: Floats) -> tuple[Half, ...]:
    """Split rows into charges and discharges.

    Rests do not split, nor do pulses the other way that pass less than a hundredth of the
    largest charge: the direction turns where the net charge turns by more than that.

    Args:
        current: [A], shape (rows,).
        steps: charge between a row and the one before [C], positive on charge, shape (rows,).
    """
    sign = directions(current)
    active = np.flatnonzero(sign)
    if not active.size:
        return ()
    first = np.concatenate([[0], np.flatnonzero(np.diff(sign[active])) + 1])
    # of each run in one direction: its rows and the net charge at its end
    begins, ends = active[first], active[np.append(first[1:], active.size) - 1]
    net = np.concatenate([[0.0], np.cumsum(steps)[ends]])
    width = LEAST_TURN * float(np.abs(np.diff(net)).max())
    turns = [n for n in turning_points(net, width) if n]
    edges = [0, *turns]
    extremes = [*turns, _last_extreme(net, edges[-1])]
    return tuple(
        Half(bool(net[b] > net[a]), int(begins[a]), int(ends[b - 1]))
        for a, b in zip(edges, extremes, strict=True)
        if b > a and abs(net[b] - net[a]) > width
    )


def numbering(
    column: Whole | None, current: Floats, steps: Floats, *, discharge_first: bool
) -> Numbering:
    """Return the cycle number of each row.

    A cycle is a charge with the discharge after it, or the other way round. The cycle column
    of the file counts as long as it does not contradict the current.

    Args:
        column: cycle numbers of the file, shape (rows,), or None.
        current: [A], shape (rows,).
        steps: charge between a row and the one before [C], shape (rows,).
        discharge_first: whether a cycle begins with its discharge.
    """
    parts = halves(current, steps)
    starts = [half.first for half in parts if half.is_charge != discharge_first]
    if parts and parts[0].is_charge == discharge_first:
        starts.insert(0, 0)
    rows = np.arange(current.size)
    counted = np.maximum(np.searchsorted(starts, rows, "right"), 1).astype(np.int64)
    if column is None:
        return Numbering(counted, by_sign=True)
    if np.all(column == column[:1]):  # says nothing of its own
        alone = len(starts) < 2
        return Numbering(column if alone else counted, by_sign=not alone)
    doubt = _doubt(column, parts, steps)
    if not doubt and len(parts) > len(starts) and np.unique(column).size >= len(parts):
        doubt = "has a number for each charge and each discharge"
    if not doubt:
        return Numbering(column, by_sign=False)
    text = f"the cycle column of the file {doubt}: counted by the sign of the current instead"
    return Numbering(counted, True, (text,))


def _last_extreme(net: Floats, start: int) -> int:
    """Where the charge that begins at the last turn is farthest from it."""
    away = np.abs(net[start:] - net[start])
    return start + int(np.argmax(away))


def _doubt(column: Whole, parts: tuple[Half, ...], steps: Floats) -> str:
    """What in a cycle column contradicts the current; empty if nothing does."""
    back = np.flatnonzero(np.diff(column) < 0)
    if back.size:
        at = int(back[0])
        return f"falls from {column[at]} to {column[at + 1]}"
    numbers = []
    for half in parts:
        rows = slice(half.first, half.last + 1)
        kinds, which = np.unique(column[rows], return_inverse=True)
        passed = np.bincount(which, np.abs(steps[rows]))
        if passed.max() < WITHIN * passed.sum():
            kind = "charge" if half.is_charge else "discharge"
            return f"changes from {kinds[0]} to {kinds[-1]} within one {kind}"
        numbers.append(int(kinds[np.argmax(passed)]))
    for way, kind in ((True, "charge"), (False, "discharge")):
        mine = [n for n, half in zip(numbers, parts, strict=True) if half.is_charge == way]
        twice = next((n for n in mine if mine.count(n) > 1), None)
        if twice is not None:
            return f"has more than one {kind} in cycle {twice}"
    return ""
