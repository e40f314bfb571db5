"""The smallest sum of squares: from several starts, and along the line of one parameter."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import qmc

from lithomech.studies.misfit import Misfit

Floats = NDArray[np.float64]
AGREEING: Final = 3  # starts that lead to the same place are enough
SAME: Final = 1e-2  # relative difference of sums of squares, or a difference of 0.5
MOST_STEPS: Final = 60
EDGE: Final = 1e-2  # share of a range; a parameter so close is tried on its bound
INNER: Final = 1e-9


class Optimum(NamedTuple):
    """Where the sum of squares is smallest.

    Attributes:
        place: shares of the ranges.
        cost: sum of squares.
    """

    place: Floats
    cost: float


class Search(NamedTuple):
    """What several starts found.

    Attributes:
        best: of all.
        followed: starts that were followed.
        agreed: how many of them led to the best place.
    """

    best: Optimum
    followed: int
    agreed: int


def search(misfit: Misfit, starts: int, seed: int, report: Callable[[float], None]) -> Search:
    """Follow starts of a Latin design, the best first, until three agree.

    Args:
        misfit: of the fit.
        starts: of the design.
        seed: of its random numbers.
        report: called with the share of the starts that are done.
    """
    size = len(misfit.fit.parameters)
    places = list(qmc.LatinHypercube(size, rng=seed).random(starts))
    misfit.residuals(places)
    order = sorted(range(starts), key=lambda k: misfit.cost(places[k]))
    found: list[Optimum] = []
    best = Optimum(places[order[0]], misfit.cost(places[order[0]]))
    for k in order:
        found.append(descend(misfit, places[k], range(size)))
        best = min(best, found[-1], key=lambda one: one.cost)
        report(len(found) / starts)
        agreed = sum(_same(one.cost, best.cost) for one in found)
        if agreed >= AGREEING:
            break
    return Search(
        on_bounds(misfit, best), len(found), sum(_same(o.cost, best.cost) for o in found)
    )


def descend(misfit: Misfit, start: Floats, among: Sequence[int]) -> Optimum:
    """Go downhill from a place in some of the parameters; the others stay."""
    free = list(among)
    if not free:
        return Optimum(start, misfit.cost(start))

    def whole(part: Floats) -> Floats:
        place = start.copy()
        place[free] = part
        return place

    found = least_squares(
        lambda part: misfit.at(whole(part)),
        np.clip(start[free], INNER, 1.0 - INNER),
        jac=lambda part: misfit.slopes(whole(part), free),  # pyright: ignore[reportArgumentType]
        bounds=(0.0, 1.0),
        xtol=1e-5,
        ftol=1e-6,
        gtol=1e-8,
        max_nfev=MOST_STEPS,
    )
    return Optimum(whole(found.x), 2.0 * float(found.cost))


def on_bounds(misfit: Misfit, best: Optimum) -> Optimum:
    """Put parameters that crept towards a bound on it where that costs nothing."""
    for k, share in enumerate(best.place.tolist()):
        if EDGE < share < 1.0 - EDGE:
            continue
        there = best.place.copy()
        there[k] = round(share)
        others = [n for n in range(there.size) if n != k]
        moved = descend(misfit, there, others)
        if moved.cost <= best.cost + 0.01:
            best = moved
    return best


def _same(cost: float, best: float) -> bool:
    return cost <= best * (1.0 + SAME) + 0.5
