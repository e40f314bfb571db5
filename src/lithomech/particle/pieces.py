"""Pieces that a grain may crack into: Voronoi cells within each grain."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]

RELAXED: Final = 4  # steps towards centroidal pieces


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
            seeds = _relaxed(here, count)
            piece[at] = first + np.asarray(KDTree(seeds).query(nodes[at])[1], np.intp)
        else:
            piece[grain == one] = first
        grain_of += [one] * count
        first += count
    return piece, np.array(grain_of, np.intp)


def _relaxed(points: Floats, count: int) -> Floats:
    """Seeds moved to the middles of their own cells."""
    seeds = points[:count]
    for _ in range(RELAXED):
        cell = np.asarray(KDTree(seeds).query(points)[1], np.intp)
        size = np.maximum(np.bincount(cell, minlength=count), 1)
        seeds = np.stack([np.bincount(cell, p, count) / size for p in points.T], axis=1)
    return seeds
