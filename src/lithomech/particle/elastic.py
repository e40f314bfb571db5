"""Stress in a polycrystal whose lithium leaves: whole grains, bonded to each other.

The lattice strain of every grain is eps_a I + (eps_c - eps_a) n n^T with its c axis n.
Elasticity is linear: two equilibria, one of each part, give the stress at any lithium content.
"""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError, MaterialError
from lithomech.materials.load import load_material
from lithomech.materials.material import Material
from lithomech.numerics.fft_elasticity import Block
from lithomech.observe.analysis import COMPLETED
from lithomech.particle.equations import (
    axial,
    isotropic_stiffness,
    lattice_strains,
    tractions,
    von_mises,
)
from lithomech.particle.grains import Polycrystal, polycrystal
from lithomech.particle.result import QUANTITIES, ParticleStress
from lithomech.particle.spec import Particle

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

TOLERANCE: Final = 1e-4  # residual; the energy is met to its square
MOST: Final = 2000  # iterations
SOFT: Final = 1e-4  # stiffness of what surrounds a free particle, of its own
NEEDED: Final = ("youngs_modulus", "poisson_ratio", "volume_strain", "lattice_mismatch")
PERCENTILES: Final = (50.0, 90.0, 99.0)


def stress_of_particle(particle: Particle, progress: Progress | None = None) -> ParticleStress:
    """Find the stress at every lithium content that is asked for.

    Args:
        particle: what is declared.
        progress: is told the share that is done and a text.

    Raises:
        InputError: a material is unknown or lacks what is needed.
    """
    begun = time.perf_counter()
    told = progress or (lambda _fraction, _text: None)
    active, around = _materials(particle)
    told(0.0, "grains")
    grains = polycrystal(particle)
    E, nu = (float(active.value(n)) for n in ("youngs_modulus", "poisson_ratio"))
    solid = isotropic_stiffness(E, nu)
    outside = SOFT * solid if around is None else _stiffness(around)
    count = len(grains.axes)
    block = Block(grains.labels, np.stack([outside, *([solid] * count)]))
    ones = np.vstack([np.zeros(6), np.tile([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], (count, 1))])
    along_c = np.vstack([np.zeros(6), axial(grains.axes)])
    pressure = particle.surroundings.pressure if particle.surroundings else 0.0
    squeezed = np.array([-pressure] * 3 + [0.0] * 3)
    loads = [(ones, 0.0 * squeezed), (along_c, 0.0 * squeezed)]
    loads += [(0.0 * ones, squeezed)] if pressure > 0.0 else []
    parts: list[Floats] = []
    met, iterations = True, 0
    for n, (own, mean_stress) in enumerate(loads):
        told(0.1 + 0.8 * n / len(loads), ("swelling", "mismatch", "pressure")[n])
        found = block.solve(np.zeros(6), TOLERANCE, MOST, own, mean_stress)
        parts.append(block.stress.copy())
        met, iterations = met and found.converged, iterations + found.iterations
    told(0.9, "boundaries")
    x = np.array(particle.stoichiometry)
    along_a, mismatch = _strains(active, x, particle)
    rows = _rows(grains, parts, along_a, mismatch)
    return ParticleStress(
        COMPLETED if met else "not converged",
        f"{count} grains in equilibrium" if met else "the equilibrium was not found",
        _warnings(particle, active),
        name=particle.name,
        stoichiometry=x,
        strain_a=along_a,
        strain_c=along_a + mismatch,
        by_content=rows,
        labels=grains.labels,
        axes=grains.axes,
        voxel=grains.voxel,
        stress=_at(parts, along_a[-1], mismatch[-1]),
        iterations=iterations,
        wall_time_s=time.perf_counter() - begun,
    )


def _materials(particle: Particle) -> tuple[Material, Material | None]:
    beside = [particle.origin.folder / "materials"] if particle.origin is not None else []
    try:
        active = load_material(particle.material, particle.materials, beside)
    except MaterialError as error:
        raise particle.locate(error.located(key="material")) from None
    lacking = [name for name in NEEDED if not active.has(name)]
    if lacking:
        raise particle.locate(InputError(f"{active.name} has no {lacking[0]}", key="material"))
    if particle.surroundings is None:
        return active, None
    try:
        around = load_material(particle.surroundings.material, particle.materials, beside)
    except MaterialError as error:
        raise particle.locate(error.located(key="surroundings.material")) from None
    return active, around


def _stiffness(material: Material) -> Floats:
    E, nu = (float(material.value(n)) for n in ("youngs_modulus", "poisson_ratio"))
    return isotropic_stiffness(E, nu)


def _strains(active: Material, x: Floats, particle: Particle) -> tuple[Floats, Floats]:
    """Strain along a and mismatch, from the first lithium content on."""
    curves = [active.curve(name) for name in ("volume_strain", "lattice_mismatch")]
    low, high = max(c.low for c in curves), min(c.high for c in curves)
    outside = x[(x < low) | (x > high)]
    if outside.size:
        error = InputError(
            f"{outside[0]:g}; {active.name} is known from {low:g} to {high:g}",
            key="stoichiometry",
        )
        raise particle.locate(error)
    volume, mismatch = (curve(x) - curve(x[:1]) for curve in curves)
    along_a, along_c = lattice_strains(volume, mismatch)
    return along_a, along_c - along_a


def _at(parts: list[Floats], along_a: float, mismatch: float) -> Floats:
    """Stress of the voxels [Pa]: swelling, mismatch, and the pressure from outside if any."""
    stress = along_a * parts[0] + mismatch * parts[1]
    return stress + parts[2] if len(parts) > 2 else stress


def _rows(
    grains: Polycrystal, parts: list[Floats], along_a: Floats, mismatch: Floats
) -> dict[str, Floats]:
    """Stress on boundaries and in grains, by lithium content [Pa]."""
    rows: dict[str, list[float]] = {name: [] for name in QUANTITIES}
    inside = grains.inside
    for a, m in zip(along_a, mismatch, strict=True):
        stress = _at(parts, float(a), float(m))
        on = tractions(stress, grains.labels)
        normal = on.normal if on.normal.size else np.zeros(1)
        shear = on.shear if on.shear.size else np.zeros(1)
        middle, high, highest = np.percentile(normal, PERCENTILES)
        found = (middle, high, highest, np.percentile(shear, 90.0))
        found += (von_mises(stress)[inside].mean(), -stress[:3, inside].mean())
        for name, value in zip(QUANTITIES, found, strict=True):
            rows[name].append(float(value))
    return {name: np.array(values) for name, values in rows.items()}


def _warnings(particle: Particle, active: Material) -> tuple[str, ...]:
    said = [f"{active.name}: the stiffness is taken as the same in every direction"]
    if particle.surroundings is not None:
        said.append("the electrolyte is bonded to the particle and does not yield")
    return tuple(said)
