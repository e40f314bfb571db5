"""Centroidal Voronoi cells, and the pieces that a grain may crack into: cells within it."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]

RELAXED: Final = 4  # steps towards centroidal cells


def in_pieces(
    nodes: Floats, grain: Numbers, cloud: Floats, grain_of_cloud: Numbers, each: int
) -> tuple[Numbers, Numbers]:
    """Cut grains into pieces.

    Args:
        nodes: points to be given to pieces, (k, dimensions).
        grain: of each node.
        cloud: points anywhere, which the pieces are laid out with.
        grain_of_cloud: of each of them.
        each: of them to a piece.

    Returns:
        Piece of each node, and the grain of each piece.
    """
    piece, grain_of, first = np.zeros(len(nodes), np.intp), [], 0
    for one in np.unique(grain):
        here = cloud[grain_of_cloud == one]
        count = max(1, round(len(here) / each))
        if count > 1:
            at = grain == one
            piece[at] = first + nearest(nodes[at], relaxed(here, count))
        else:
            piece[grain == one] = first
        grain_of += [one] * count
        first += count
    return piece, np.array(grain_of, np.intp)


def nearest(points: Floats, seeds: Floats) -> Numbers:
    """The seed that is nearest to each point."""
    return np.asarray(KDTree(seeds).query(points)[1], np.intp)


def relaxed(
    points: Floats, count: int, owner: Callable[[Floats, Floats], Numbers] = nearest
) -> Floats:
    """Seeds moved to the middles of their own cells.

    Args:
        points: what the cells are laid out with; the first are the seeds to begin with.
        count: of the seeds.
        owner: seed of each point.
    """
    seeds = points[:count]
    for _ in range(RELAXED):
        cell = owner(points, seeds)
        size = np.maximum(np.bincount(cell, minlength=count), 1)
        seeds = np.stack([np.bincount(cell, p, count) / size for p in points.T], axis=1)
    return seeds
