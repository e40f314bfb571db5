"""Where one sweep of frequencies ends and the next begins, and which sign Z'' has."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.kramers_kronig import FEWEST, kramers_kronig
from lithomech.observe.spectrum import Spectrum

Floats = NDArray[np.float64]

JITTER: Final = 0.5  # decades that a sweep may go back without being another one
OF_SPAN: Final = 0.25  # the same as a share of the range of frequencies
DISORDERED: Final = 0.4  # turns per point above which the points are in no order
WRONG: Final = 0.01  # residual of the test above which the sign as written is doubted
BETTER: Final = 0.5  # residual with the other sign over that with the sign as written
TRIED: Final = 8  # spectra of a file whose sign is tried


def sweep_starts(frequency: Floats, counters: Sequence[Floats]) -> NDArray[np.intp]:
    """Rows at which another sweep begins.

    A sweep ends where the frequency turns or jumps back, or where a counter (cycle, loop)
    changes. A short step back, as of two points in the wrong order, does not end it; points
    in no order at all are one spectrum.

    Args:
        frequency: above nil [Hz], in the order of the file, shape (n,).
        counters: numbers of the same shape that change from one sweep to the next.
    """
    changed = np.zeros(max(frequency.size - 1, 0), np.bool_)
    for counter in counters:
        changed |= np.diff(counter) != 0.0
    pieces = np.split(np.arange(frequency.size), np.flatnonzero(changed) + 1)
    starts = np.flatnonzero(changed) + 1
    turns = [piece[0] + _turns(np.log10(frequency[piece])) for piece in pieces if piece.size]
    return np.unique(np.concatenate([starts, *turns])).astype(np.intp)


def _turns(place: Floats) -> NDArray[np.intp]:
    """Rows at which the direction changes for good; ``place`` is log10 of the frequency."""
    step = np.diff(place)
    if not step.any():
        return np.zeros(0, np.intp)
    way = np.sign(step)
    bounds = np.flatnonzero(np.diff(way[way != 0.0])) + 1
    if bounds.size > DISORDERED * place.size:
        return np.zeros(0, np.intp)
    moving = np.flatnonzero(way)
    runs = [[int(run[0]), int(run[-1]) + 1] for run in np.split(moving, bounds)]
    least = min(JITTER, OF_SPAN * float(np.ptp(place)))
    kept: list[list[int]] = []
    for run in runs:
        back = abs(place[run[1]] - place[run[0]])
        same = kept and way[kept[-1][0]] == way[run[0]]
        if same:
            kept[-1][1] = run[1]
        elif not kept or back >= least:
            kept.append(run)
    starts, taken = [], -1
    for before, run in pairwise(kept):
        # a jump back is a run of one step: it lies between two sweeps, in neither
        if before[0] == taken and before[1] - before[0] == 1:
            continue
        starts.append(before[1] + 1)
        taken = run[0]
    return np.array(starts, np.intp)


def direction(frequency: Floats) -> str:
    """Return ``rising`` or ``falling``: how the frequency went while it was measured."""
    return "rising" if frequency[-1] > frequency[0] else "falling"


def sign_is_opposite(spectra: Sequence[Spectrum]) -> tuple[bool, str]:
    """Try the Kramers-Kronig test on both signs of Z''.

    A capacitor written with the sign of an inductor is no steady linear system; one test
    says which of the two signs a file was written with.

    Returns:
        Whether Z'' was written with the opposite sign, and the sentence that says so.
    """
    written, other = [], []
    for one in spectra[:TRIED]:
        if one.frequency.size < FEWEST:
            continue
        mirrored = Spectrum(one.frequency, one.impedance.conj(), one.name)
        written.append(kramers_kronig(one).residual)
        other.append(kramers_kronig(mirrored).residual)
    if not written:
        return False, ""
    as_written, opposite = float(np.median(written)), float(np.median(other))
    if as_written < WRONG or opposite > BETTER * as_written:
        return False, ""
    return True, (
        f"Z'' was read with the opposite sign: as written it misses the Kramers-Kronig "
        f"relations by {100 * as_written:.2g} %, with the opposite sign by "
        f"{100 * opposite:.2g} %"
    )
