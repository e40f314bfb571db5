"""Spheres in a box: who is near whom, and places without overlap.

Axes of the box are periodic or end at walls. Units are the caller's: any that agree. Shapes:
centres (grains, 3); radii (grains,).
"""

from typing import NamedTuple

import numpy as np

from lithomech.numerics.compiled import allocating, entry, kernel

MEMORY = 4  # of a contact: its largest overlap, and the tangential force
ROOM = 24  # first guess: neighbours a grain


class Box(NamedTuple):
    """The box of the grains; its edges change in place."""

    L: np.ndarray  # edges, (3,)
    walled: np.ndarray  # whether an axis ends at walls; else it is periodic, (3,)


class Pairs(NamedTuple):
    """Grains that are near each other, and what their contacts remember."""

    grains: np.ndarray  # (pairs, 2), in order of the first
    memory: np.ndarray  # (pairs, MEMORY)


class Cells(NamedTuple):
    """Grains sorted into cells: lists that begin in a cell and lead from grain to grain."""

    first: np.ndarray  # first grain of each cell, -1 = none; its shape is that of the cells
    following: np.ndarray  # next grain in the same cell, -1 = none; (grains,)


def no_pairs() -> Pairs:
    """Grains of which none is near another."""
    return Pairs(np.zeros((0, 2), np.int32), np.zeros((0, MEMORY)))


@allocating
def _empty_cells(n, L, w):
    """Cells of about the width w for n grains, with nothing in them."""
    m = np.empty(3, np.int64)
    for d in range(3):
        m[d] = max(1, int(L[d] / w))
    first = np.full((m[0], m[1], m[2]), -1, np.int32)
    return Cells(first, np.full(n, -1, np.int32))


@allocating
def _sorted_into_cells(X, box, w):
    """Cells of about the width w, and the cell of each grain, (grains, 3)."""
    cells = _empty_cells(X.shape[0], box.L, w)
    first, following = cells
    m = first.shape
    place = np.empty((X.shape[0], 3), np.int32)
    for i in range(X.shape[0]):
        for d in range(3):
            c = int(np.floor(X[i, d] / box.L[d] * m[d]))
            place[i, d] = min(max(c, 0), m[d] - 1) if box.walled[d] else c % m[d]
        a, b, c = place[i]
        following[i] = first[a, b, c]
        first[a, b, c] = i
    return cells, place


@kernel
def _reach(place, reach, box, m, low, high):
    """Range of cells within a distance of a cell, into ``low`` and ``high``; (3,) each."""
    for d in range(3):
        k = int(np.ceil(reach * m[d] / box.L[d]))
        low[d], high[d] = place[d] - k, place[d] + k
        if box.walled[d]:
            low[d], high[d] = max(low[d], 0), min(high[d], m[d] - 1)
        elif 2 * k + 1 >= m[d]:
            low[d], high[d] = 0, m[d] - 1


@kernel
def _within(X, i, j, box, distance):
    s = 0.0
    for d in range(3):
        t = X[i, d] - X[j, d]
        if not box.walled[d]:
            t -= box.L[d] * np.rint(t / box.L[d])
        s += t * t
    return s < distance * distance


@entry
def neighbours(X, R, box, skin):
    """Pairs (larger, smaller) closer than their radii and a skin, in order of the first."""
    n = X.shape[0]
    cells, place = _sorted_into_cells(X, box, 2.0 * np.min(R) + skin)
    first, following = cells
    m = first.shape
    room, found = ROOM * n, 0
    pairs = np.empty((room, 2), np.int32)
    low, high = np.empty(3, np.int64), np.empty(3, np.int64)
    for i in range(n):
        _reach(place[i], 2.0 * R[i] + skin, box, m, low, high)
        for a in range(low[0], high[0] + 1):
            for b in range(low[1], high[1] + 1):
                for c in range(low[2], high[2] + 1):
                    j = first[a % m[0], b % m[1], c % m[2]]
                    while j >= 0:
                        smaller = R[j] < R[i] or (R[j] == R[i] and j < i)
                        if smaller and _within(X, i, j, box, R[i] + R[j] + skin):
                            if found == room:
                                room *= 2
                                wider = np.empty((room, 2), np.int32)
                                wider[:found] = pairs
                                pairs = wider
                            pairs[found, 0], pairs[found, 1] = i, j
                            found += 1
                        j = following[j]
    return pairs[:found].copy()


@entry
def carry(old, new, n):
    """Pairs (p, 2) of n grains with the memory that they have in an old list of pairs."""
    before, memory = old
    start = np.zeros(n + 1, np.int64)
    for p in range(before.shape[0]):
        start[before[p, 0] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    out = np.zeros((new.shape[0], MEMORY))
    for p in range(new.shape[0]):
        i = new[p, 0]
        for q in range(start[i], start[i + 1]):
            if before[q, 1] == new[p, 1]:
                out[p] = memory[q]
                break
    return Pairs(new, out)


@entry
def place_apart(R, box, draws):
    """Random places without overlap, one grain after the other; shape (grains, 3).

    ``R`` should decrease. ``draws`` are random numbers, shape (tries, 3), used in turn. A
    grain that finds no place stays NaN.
    """
    n, L = R.shape[0], box.L
    X = np.full((n, 3), np.nan)
    cells = _empty_cells(n, L, 2.0 * np.min(R))
    first, following = cells
    m, used = first.shape, 0
    low, high, c = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3, np.int64)
    for i in range(n):
        while used < draws.shape[0]:
            for d in range(3):
                edge = R[i] if box.walled[d] else 0.0
                X[i, d] = edge + draws[used, d] * (L[d] - 2.0 * edge)
                c[d] = min(int(X[i, d] / L[d] * m[d]), m[d] - 1)
            _reach(c, R[i] + R[0], box, m, low, high)
            used += 1
            if _free(X, R, i, low, high, cells, box):
                following[i] = first[c[0], c[1], c[2]]
                first[c[0], c[1], c[2]] = i
                break
            X[i, :] = np.nan
    return X


@kernel
def _free(X, R, i, low, high, cells, box):
    """Whether a grain overlaps none of those in a range of cells."""
    first, following = cells
    m = first.shape
    for a in range(low[0], high[0] + 1):
        for b in range(low[1], high[1] + 1):
            for c in range(low[2], high[2] + 1):
                j = first[a % m[0], b % m[1], c % m[2]]
                while j >= 0:
                    if _within(X, i, j, box, R[i] + R[j]):
                        return False
                    j = following[j]
    return True


@kernel
def wrap(X, box):
    """Move centres that have left the box along periodic axes to the opposite side."""
    for i in range(X.shape[0]):
        for d in range(3):
            if not box.walled[d]:
                X[i, d] -= box.L[d] * np.floor(X[i, d] / box.L[d])
