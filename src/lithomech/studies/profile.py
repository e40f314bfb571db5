"""Profile likelihood: how the best fit rises where one parameter is held elsewhere."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from lithomech.studies.misfit import Misfit
from lithomech.studies.optimum import Optimum, descend

Floats = NDArray[np.float64]
CONFIDENCE: Final = 0.90
DEVIATIONS: Final = float(ndtri(0.5 + 0.5 * CONFIDENCE))  # of a normal distribution
LONGEST, SHORTEST = 0.2, 1e-4  # step along a parameter, share of its range
PACE: Final = 0.9  # step in standard deviations
MOST: Final = 14  # points on each side
LOWER: Final = 0.2  # fall of the sum of squares that makes another place the best


class Profile(NamedTuple):
    """The line of one parameter.

    Attributes:
        shares: of its range, increasing.
        rises: of the sum of squares over that of the best place, divided by the scatter.
        low: lower end of the 90 % interval, share of the range; None if it is not inside.
        high: upper end; None if it is not inside.
        lower: a better place that was found on the way, if one was.
    """

    shares: Floats
    rises: Floats
    low: float | None
    high: float | None
    lower: Optimum | None

    @property
    def limit(self) -> float:
        """Rise at the ends of the interval."""
        return DEVIATIONS**2


def profile(
    misfit: Misfit, best: Optimum, k: int, covariance: Floats, scatter: float
) -> Profile:
    """Walk along one parameter to both sides, with all others at their best.

    Args:
        misfit: of the fit.
        best: place where the walk begins.
        k: number of the parameter.
        covariance: of the shares; sets the steps, and where the others are looked for.
        scatter: variance of the residuals that counts as noise.
    """
    sides = [_walk(misfit, best, k, covariance, sign * scatter) for sign in (-1.0, 1.0)]
    down, up = sides
    all_places = [*reversed(down), best, *up]
    shares = np.array([one.place[k] for one in all_places])
    rises = np.array([(one.cost - best.cost) / scatter for one in all_places])
    ends = [_end([best, *side], k, best.cost, scatter) for side in sides]
    smallest = min(all_places, key=lambda one: one.cost)
    lower = smallest if smallest.cost < best.cost - LOWER * scatter else None
    return Profile(shares, rises, ends[0], ends[1], lower)


def _walk(
    misfit: Misfit, best: Optimum, k: int, covariance: Floats, scatter: float
) -> list[Optimum]:
    """Places to one side, until beyond the interval; a negative scatter is to the lower."""
    sign, deviation = math.copysign(1.0, scatter), math.sqrt(covariance[k, k])
    direction = covariance[:, k] / covariance[k, k]
    others = [n for n in range(best.place.size) if n != k]
    walked: list[Optimum] = []
    here, step = best, min(max(PACE * deviation, SHORTEST), LONGEST)
    for _ in range(MOST):
        share = float(np.clip(here.place[k] + sign * step, 0.0, 1.0))
        if share == here.place[k]:
            break
        there = np.clip(here.place + direction * (share - here.place[k]), 0.0, 1.0)
        there[k] = share
        here = descend(misfit, there, others)
        walked.append(here)
        rise = (here.cost - best.cost) / abs(scatter)
        if rise > DEVIATIONS**2:
            break
        if rise < len(walked) ** 2 * PACE**2 / 4.0:  # flatter than the covariance says
            step = min(2.0 * step, LONGEST)
    return walked


def _end(places: list[Optimum], k: int, lowest: float, scatter: float) -> float | None:
    """Where the root of the rise crosses the interval's, linear between two places."""
    shares = [float(one.place[k]) for one in places]
    roots = [math.sqrt(max(one.cost - lowest, 0.0) / scatter) for one in places]
    if roots[-1] <= DEVIATIONS:
        return None
    share = (DEVIATIONS - roots[-2]) / (roots[-1] - roots[-2])
    return shares[-2] + share * (shares[-1] - shares[-2])
