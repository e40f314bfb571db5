"""A particle's middle section, across the first axis, as an electron microscope shows it.

Grey is the direction of a grain's c axis, as channelling shows it; cracks are as wide as they
have opened, cut by the section; what is narrower than a pixel darkens it in part.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lithomech.particle.boundaries import Boundaries

Floats = NDArray[np.float64]

FINER: Final = 16  # pixels along the edge of a voxel
AROUND: Final = 0.45  # grey of electrolyte
DARK: Final = 0.04  # grey of a crack
STEEPEST: Final = 0.3  # least sine between a plane and the section
BLUR: Final = 0.7  # pixels
SMOOTH: Final = 0.7  # voxels, of the stairs between owners
SPREAD: Final = 4  # voxels around a grain within which its smoothed edge lies


class Canvas(NamedTuple):
    """The section without its cracks, ``FINER`` pixels to a voxel.

    Attributes:
        grey: of grains and of what is around, 0 to 1.
        line: for each pixel the nearest one on a boundary.
        away: how far that is, in pixels.
        seam: whether pieces of one grain meet there.
    """

    grey: Floats
    line: NDArray[np.int32]
    away: Floats
    seam: NDArray[np.bool_]


def canvas(labels: NDArray[np.integer], axes: Floats) -> Canvas:
    """Draw the grains.

    Args:
        labels: owner of each node; voids are as dark as cracks.
        axes: c axis of each grain, (grains, 3).
    """
    owner = _finer(labels[labels.shape[0] // 2])
    seen = 0.84 + 0.08 * (2.0 * np.abs(axes[:, 0]) - 1.0)
    grey = np.where(owner > 0, seen[np.maximum(owner, 1) - 1], np.where(owner, DARK, AROUND))
    line, away = _lines(owner)
    # pieces of a grain have its very axis
    grain = np.concatenate([[-1], np.unique(axes, axis=0, return_inverse=True)[1]])
    within = owner.astype(np.int64)
    within[owner > 0] = 1 + grain[owner[owner > 0]]
    seam = ~_edges(within)[line[0], line[1]]
    return Canvas(grey, line, away, seam)


def section(drawn: Canvas, width: NDArray[np.floating], edge: float) -> Floats:
    """Grey of the middle section with its cracks, 0 to 1.

    Args:
        drawn: the grains.
        width: of cracks in its voxels [m], see ``cut``.
        edge: of a voxel [m].
    """
    known = np.isfinite(width)
    total = ndimage.uniform_filter(np.where(known, width, 0.0).astype(np.float64), 3)
    near = total / np.maximum(ndimage.uniform_filter(known.astype(np.float64), 3), 0.1)
    # a crack that passes a seam does not run into it
    own = np.kron(np.where(known, width, 0.0), np.ones((FINER, FINER)))
    along = tuple(drawn.line)
    crack = np.where(drawn.seam, own[along], _zoomed(near)[along]) * FINER / edge  # in pixels
    cover = np.clip(0.5 * crack + 0.5 - drawn.away, 0.0, 1.0) * np.minimum(crack, 1.0)
    return ndimage.gaussian_filter(drawn.grey + (DARK - drawn.grey) * cover, BLUR)


def _zoomed(field: Floats) -> Floats:
    """Linear between the middles of voxels."""
    return np.asarray(ndimage.zoom(field, FINER, order=1, grid_mode=True, mode="nearest"))


def _finer(owner: NDArray[np.integer]) -> NDArray[np.integer]:
    """Owners on the pixels, with smooth boundaries: the one of whom there is most around."""
    shape = [FINER * n for n in owner.shape]
    best, out = np.full(shape, -1.0), np.zeros(shape, owner.dtype)
    for one in np.unique(owner):
        rows, columns = np.nonzero(owner == one)
        place = tuple(
            slice(max(0, at.min() - SPREAD), min(n, at.max() + SPREAD + 1))
            for at, n in zip((rows, columns), owner.shape, strict=True)
        )
        share = ndimage.gaussian_filter((owner[place] == one).astype(np.float64), SMOOTH)
        fine = _zoomed(share)
        there = tuple(slice(FINER * p.start, FINER * p.stop) for p in place)
        more = fine > best[there]
        out[there][more], best[there][more] = one, fine[more]
    return out


def _lines(owner: NDArray[np.integer]) -> tuple[NDArray[np.int32], Floats]:
    """Nearest pixel on a boundary, and how far it is, in pixels."""
    edge = _edges(owner)
    away, line = np.zeros(edge.shape), np.zeros((2, *edge.shape), np.int32)
    ndimage.distance_transform_edt(~edge, return_indices=True, distances=away, indices=line)
    return line, away


def _edges(owner: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Pixels whose next one has another owner."""
    edge = np.zeros(owner.shape, bool)
    edge[:-1] |= owner[:-1] != owner[1:]
    edge[:, :-1] |= owner[:, :-1] != owner[:, 1:]
    return edge


def cut(shape: tuple[int, ...], b: Boundaries, openings: Floats) -> Floats:
    """Width of cracks in the voxels of the middle layer [m], as the section cuts them.

    Voxels without a boundary are nan.

    Args:
        shape: of the block.
        b: boundaries.
        openings: across every plane [m], (m, 3).
    """
    place = np.unravel_index(b.voxel, shape)
    there = place[0] == shape[0] // 2
    sine = np.sqrt(np.maximum(1.0 - b.normal[there, :, 0] ** 2, STEEPEST**2))
    wide = np.max(np.where(b.per_width[there] > 0.0, openings[there] / sine, 0.0), axis=1)
    out = np.full(shape[1:], np.nan)
    out[place[1][there], place[2][there]] = wide
    return out
