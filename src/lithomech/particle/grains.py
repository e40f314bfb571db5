"""Voronoi grains in a sphere: which voxel belongs to which, and where its c axis points."""

from dataclasses import dataclass
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from lithomech.particle.spec import Particle

Floats = NDArray[np.float64]

RELAXED: Final = 4  # steps towards centroidal grains
ROD: Final = 4.0  # length of a rod over its width


@final
@dataclass(frozen=True)
class Polycrystal:
    """A block of voxels with a particle in its middle.

    Attributes:
        labels: 0 around the particle, grains from 1, shape (n, n, n).
        axes: c axis of each grain, unit vectors along the array axes, shape (grains, 3).
        voxel: edge of a voxel [m].
    """

    labels: NDArray[np.uint16]
    axes: Floats
    voxel: float

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Voxels of the particle."""
        return self.labels > 0


class _Ball(NamedTuple):
    """Middles of its voxels and its radius in edges of the block; grains over particle."""

    points: Floats
    radius: float
    ratio: float


def polycrystal(particle: Particle) -> Polycrystal:
    """Fill a particle with grains.

    Args:
        particle: what is declared; the same seed gives the same grains.
    """
    chance = np.random.default_rng(particle.seed)
    n = particle.edge
    radius = 0.5 * particle.diameter / particle.voxel / n  # in edges of the block
    middles = (np.arange(n) + 0.5) / n - 0.5
    z, y, x = np.meshgrid(middles, middles, middles, indexing="ij")
    place = np.stack([z, y, x], axis=-1)
    inside = np.einsum("...i,...i", place, place) < radius**2
    points = place[inside]
    how = {"random": _equiaxed, "textured": _rods, "single_crystal": _single}
    ball = _Ball(points, radius, particle.grains.diameter / particle.diameter)
    grain, axes = how[particle.grains.orientation](ball, chance)
    labels = np.zeros((n, n, n), np.uint16)
    labels[inside] = grain + 1
    return Polycrystal(labels, axes, particle.voxel)


def _directions(count: int, chance: np.random.Generator) -> Floats:
    vectors = chance.standard_normal((count, 3))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _equiaxed(ball: _Ball, chance: np.random.Generator) -> tuple[NDArray[np.intp], Floats]:
    """Centroidal Voronoi grains with c axes in any direction."""
    count = max(1, round(ball.ratio**-3))
    seeds = ball.points[chance.choice(len(ball.points), count, replace=False)]
    grain = np.zeros(len(ball.points), np.intp)
    for _ in range(RELAXED + 1):
        grain = np.asarray(KDTree(seeds).query(ball.points)[1], np.intp)
        size = np.maximum(np.bincount(grain, minlength=count), 1)
        seeds = np.stack(
            [np.bincount(grain, ball.points[:, k], count) / size for k in range(3)], axis=1
        )
    return _numbered(grain, _directions(count, chance))


def _rods(ball: _Ball, chance: np.random.Generator) -> tuple[NDArray[np.intp], Floats]:
    """Rods along the radius with c axes across it: lithium moves outward in every one.

    Cells of directions, cut into pieces of rod length from the middle on.
    """
    width = 2.0 * ball.radius * ball.ratio
    around = max(4, round(4.0 * np.pi * (0.75 * ball.radius) ** 2 / width**2))
    directions = _directions(around, chance)
    for _ in range(RELAXED):
        sample = _directions(60 * around, chance)
        _, nearest = KDTree(directions).query(sample)
        moved = np.stack([np.bincount(nearest, sample[:, k], around) for k in range(3)], axis=1)
        directions = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)
    far = np.linalg.norm(ball.points, axis=1)
    _, cell = KDTree(directions).query(ball.points / np.maximum(far, 1e-12)[:, None])
    pieces = max(1, round(ball.radius / (ROD * width)))
    shell = np.minimum((far / ball.radius * pieces).astype(np.intp), pieces - 1)
    outward = np.tile(directions, (pieces, 1))
    across = np.cross(outward, _directions(len(outward), chance))
    axes = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    return _numbered(shell * around + cell, axes)


def _single(ball: _Ball, chance: np.random.Generator) -> tuple[NDArray[np.intp], Floats]:
    """One grain."""
    return np.zeros(len(ball.points), np.intp), _directions(1, chance)


def _numbered(grain: NDArray[np.intp], axes: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Numbers without gaps: grains without a voxel are dropped."""
    used, number = np.unique(grain, return_inverse=True)
    return number, axes[used]
