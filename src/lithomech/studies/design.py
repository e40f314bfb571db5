"""The points of a study, one by one, the same on every machine for the same seed."""

import itertools
import math
from collections.abc import Iterator
from typing import Final

from scipy.stats import qmc

from lithomech.errors import InputError
from lithomech.studies.members import Point
from lithomech.studies.spec.study import (
    FEWER,
    GRID,
    LATIN,
    LISTED,
    POINTS,
    RUNS,
    Study,
)
from lithomech.studies.spec.vary import MOST, Listed, Range

BLOCK: Final = 1 << 12  # points that are drawn at once


def points(study: Study) -> Iterator[Point]:
    """Yield the points of a study in the order of its table."""
    factors = list(study.vary.values())
    if study.planned == LISTED:
        yield from zip(*(factor.grid(1) for factor in factors), strict=True)
    elif study.planned == GRID:
        count = grid_points(study)
        yield from itertools.product(*(factor.grid(count) for factor in factors))
    else:
        for shares in _shares(study):
            yield tuple(f.at(share) for f, share in zip(factors, shares, strict=True))


def count(study: Study) -> int:
    """Number of points of a study.

    Raises:
        InputError: there are more than anybody can run.
    """
    factors = study.vary.values()
    if study.planned == LISTED:
        return max(len(factor.grid(1)) for factor in factors)
    if study.planned != GRID:
        return study.runs or RUNS
    each = grid_points(study)
    sizes = [factor.points or each if isinstance(factor, Range) else 0 for factor in factors]
    if math.prod(max(size, 1) for size in sizes) > MOST:
        raise InputError(f"the grid has more than {MOST} members", key="vary")
    found = math.prod(len(factor.grid(each)) for factor in factors)
    if study.runs is not None and found > study.runs:
        raise InputError(f"{study.runs} are fewer than the grid has: {found}", key="runs")
    return found


def grid_points(study: Study) -> int:
    """Points of each range of a grid that does not say how many."""
    usual = POINTS.get(len(study.vary), FEWER)
    if study.runs is None:
        return usual
    fixed, free = 1, 0
    for factor in study.vary.values():
        if isinstance(factor, Listed):
            fixed *= len(factor.values)
        elif isinstance(factor, Range) and factor.points:
            fixed *= factor.points
        else:
            free += 1
    if free == 0:
        return usual
    each = int((study.runs / fixed) ** (1.0 / free) + 1e-9)
    return max(each, 2)


def _shares(study: Study) -> Iterator[list[float]]:
    """Points in the unit cube."""
    dimensions, runs = len(study.vary), count(study)
    if study.planned == LATIN:
        yield from qmc.LatinHypercube(dimensions, rng=study.seed).random(runs).tolist()
        return
    sampler = qmc.Sobol(dimensions, rng=study.seed)
    for begun in range(0, runs, BLOCK):
        yield from sampler.random(BLOCK)[: runs - begun].tolist()
