"""A bar of grains pulled until it breaks: the test that boundaries get their strength from.

The gauge of a micro-tension test cut out of a secondary particle: free around, its ends held by
more of the same that does not break.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root_scalar

from lithomech.numerics.fft_elasticity import Load, strain_of
from lithomech.particle.body import Body
from lithomech.particle.cohesion import UNBROKEN, check_voxel
from lithomech.particle.grains import CLOUD, Polycrystal, directions
from lithomech.particle.pieces import nearest, relaxed
from lithomech.particle.spec import Particle, roomy
from lithomech.particle.substances import materials_of

Floats = NDArray[np.float64]

GAUGE: Final = (2.7e-6, 0.5e-6, 1.3e-6)  # length, and across, of Sedlatschek2026 [m]
STEP: Final = 2.5e-4  # strain of an increment
MOST: Final = 0.02  # strain
FALLEN: Final = 0.7  # of the highest stress: the bar has broken
TOLERANCE: Final = 3e-3
ITERATIONS: Final = 600
TURNS: Final = 40  # of equilibrium and opening
SETTLED: Final = 1e-3  # share of planes that may still change


class Pulled(NamedTuple):
    """A bar that was pulled.

    Attributes:
        strain: along it, (k,).
        stress: force over its section as made [Pa], (k,).
        broken: broken share of its boundaries at the end.
    """

    strain: Floats
    stress: Floats
    broken: float

    @property
    def strength(self) -> float:
        """Highest stress [Pa]."""
        return float(self.stress.max())


class Weibull(NamedTuple):
    """Strengths of bars alike: 63 % are below ``scale`` [Pa]."""

    scale: float
    modulus: float


def pull_bar(particle: Particle, gauge: tuple[float, float, float] = GAUGE) -> Pulled:
    """Pull a bar of grains until it has broken.

    Args:
        particle: gives material, grains, voxels and seed; its own size plays no part.
        gauge: length, and the two sides of the section [m].

    Raises:
        InputError: see ``body_of``.

    References:
        Sedlatschek2026.
    """
    found = materials_of(particle)
    check_voxel(particle, found)
    grains = bar_of_grains(particle, gauge)
    body = Body(grains, found, particle)
    _hold_the_ends(body)
    return _pulled(body)


def bar_of_grains(particle: Particle, gauge: tuple[float, float, float]) -> Polycrystal:
    """Centroidal Voronoi grains in a bar along the first axis, periodic along it.

    Args:
        particle: gives the grains, voxels and seed.
        gauge: length, and the two sides of the section [m].
    """
    chance = np.random.default_rng(particle.seed)
    size, voxel = np.array(gauge), particle.voxel
    each = np.pi / 6.0 * particle.grains.diameter**3
    count = max(1, round(float(np.prod(size)) / each))
    seeds = relaxed(chance.random((CLOUD * count, 3)) * size, count)
    across = np.rint(size / voxel).astype(int)
    shape = (int(across[0]), *(roomy(int(n)) for n in across[1:]))
    place = [(np.arange(n) + 0.5 - 0.5 * n) * voxel for n in shape]
    points = np.stack(np.meshgrid(*place, indexing="ij"), axis=-1)
    inside = (np.abs(points[..., 1:]) < 0.5 * across[1:] * voxel).all(axis=-1)
    used, number = np.unique(nearest(points[inside] + 0.5 * size, seeds), return_inverse=True)
    labels = np.zeros(shape, np.int32)
    labels[inside] = 1 + number
    return Polycrystal(labels, directions(len(used), chance), voxel)


def weibull(strengths: Floats) -> Weibull:
    """Scale and modulus of the most likely Weibull distribution of strengths [Pa], (n,)."""
    log = np.log(strengths / strengths.max())

    def slope(m: float) -> float:
        weight = np.exp(m * log)
        return float(weight @ log / weight.sum() - log.mean()) - 1.0 / m

    m = float(root_scalar(slope, bracket=(1e-2, 1e4)).root)
    scale = float(strengths.max()) * float(np.mean(np.exp(m * log))) ** (1.0 / m)
    return Weibull(scale, m)


def _hold_the_ends(body: Body) -> None:
    """Let nothing open where the bar meets its next period."""
    length, *section = body.grains.labels.shape
    ends = body.between.voxel // int(np.prod(section)) == length - 1
    body.planes.strength[ends] = UNBROKEN
    body.planes.final[ends] = 1.0


def _pulled(body: Body) -> Pulled:
    """Stretch it in increments until the stress has fallen."""
    labels = body.grains.labels
    section = labels[0].size / float((labels[0] > 0).sum())
    planes = int((body.between.per_width > 0.0).sum())
    last, strain = None, np.zeros_like(body.own)
    strains, stresses = [0.0], [0.0]
    while stresses[-1] >= FALLEN * max(stresses) and strains[-1] < MOST:
        macro = np.array([strains[-1] + STEP, 0.0, 0.0, 0.0, 0.0, 0.0])
        for _ in range(TURNS):
            last = body.block.solve(Load(strain=macro), TOLERANCE, ITERATIONS, last)
            strain_of(last.displacement, last.strain, strain)
            if body.open(strain) <= SETTLED * planes:
                break
        assert last is not None
        strains.append(float(macro[0]))
        stresses.append(section * float(last.stress[0]))
    weight, between = body.between.per_width, body.between.parted
    area = max(float(weight[between].sum()), 1e-300)
    broken = float((body.broken * weight)[between].sum()) / area
    return Pulled(np.array(strains), np.array(stresses), broken)
