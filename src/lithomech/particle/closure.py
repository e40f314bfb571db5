"""The cell's law of cracking, fitted to particles that were cycled grain by grain.

The cell carries one number of damage. Its driving stress is a share of G |eps_c - eps_a| less a
share of the pressure; see laws/fracture. Of boundaries in all directions some never come under
tension: damage 1 is when all others are broken, ``reach`` of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.optimize import least_squares

from lithomech.laws.chemomechanics import lattice_mismatch_stress
from lithomech.laws.elasticity import shear_modulus
from lithomech.materials.material import Material
from lithomech.particle.result import CrackedParticle

Floats = NDArray[np.float64]

POINTS: Final = 400  # of the integral over lithium
# of the overload's start, as a share of the largest stress; logarithm of the rate; confinement;
# reach
BOUNDS: Final = ([0.02, -3.0, -20.0, 0.05], [1.0, 8.0, 20.0, 1.0])
STARTS: Final = [(onset, math.log(5.0), 1.0, 0.8) for onset in (0.2, 0.5, 0.8)]


class Law(NamedTuple):
    """The cell's law of cracking on a first charge.

    Attributes:
        lattice: share of the lattice mismatch times the shear modulus that parts boundaries.
        rate: damage per change of lithium content at overload 1.
        confinement: share of the pressure that holds them together.
        reach: broken share of the boundaries at damage 1.
    """

    lattice: float
    rate: float
    confinement: float
    reach: float


class Opening(NamedTuple):
    """What damage does.

    Attributes:
        opening: share of the contraction that opens as cracks, at damage 1.
        shut: crack area at the size as made, at damage 1.
        path_loss: share of the apparent diffusivity that is lost, at damage 1.
    """

    opening: float
    shut: float
    path_loss: float


@final
@dataclass(frozen=True)
class Drive:
    """Mismatch of the lattice on the first charge.

    Attributes:
        lithium: falling, (k,).
        mismatch: |eps_c - eps_a|, (k,).
        shear: shear modulus [Pa].
        strength: of the boundaries [Pa].
        exponent: of the overload.
    """

    lithium: Floats
    mismatch: Floats
    shear: float
    strength: float
    exponent: float

    def broken(self, law: Law, pressure: float, lithium: Floats) -> Floats:
        """Broken share of the boundaries by the cell's law in closed form.

        Args:
            law: of the cell.
            pressure: around the particle [Pa].
            lithium: where it is asked, (n,).
        """
        stress = lattice_mismatch_stress(self.shear, self.mismatch, law.lattice)
        overload = (stress - law.confinement * pressure) / self.strength - 1.0
        rate = law.rate * np.maximum(overload, 0.0) ** self.exponent
        grown = cumulative_trapezoid(rate, -self.lithium, initial=0.0)
        broken = -law.reach * np.expm1(-grown)
        return np.interp(-lithium, -self.lithium, broken)


def drive(active: Material, found: CrackedParticle) -> Drive:
    """Mismatch on the way that a particle went."""
    x = first_charge(found, "lithium")
    fine = np.linspace(x[0], x[-1], POINTS)
    E, nu, strength = (
        float(active.value(name))
        for name in ("youngs_modulus", "poisson_ratio", "boundary_strength")
    )
    return Drive(
        fine,
        np.abs(active.curve("lattice_mismatch")(fine)),
        float(shear_modulus(E, nu)),
        strength,
        float(active.value("crack_exponent")) if active.has("crack_exponent") else 1.0,
    )


def fit_law(given: Drive, pair: Sequence[CrackedParticle], pressures: Sequence[float]) -> Law:
    """Least squares of the broken share on the first charge, one seed.

    Args:
        given: the mismatch.
        pair: the particle under each of the pressures.
        pressures: around it [Pa].
    """
    highest = float(given.mismatch.max()) * given.shear

    def law(free: Floats) -> Law:
        onset, rate, confinement, reach = map(float, free)
        return Law(given.strength / (onset * highest), math.exp(rate), confinement, reach)

    def misses(free: Floats) -> Floats:
        every = zip(pair, pressures, strict=True)
        return np.concatenate([_miss(given, found, law(free), P) for found, P in every])

    found = (least_squares(misses, start, bounds=BOUNDS) for start in STARTS)
    return law(min(found, key=lambda r: float(r.cost)).x)


def opening(active: Material, found: CrackedParticle, damage: float) -> Opening:
    """What meets the crack area charged and discharged, and the diffusivity charged.

    Args:
        active: of the particle.
        found: what happened to it.
        damage: of the cell's law when charged. The way back does as much again.
    """
    size = active.curve("volume_strain")
    area, x = (
        np.array([found.at(name, half) for half in (1.0, 2.0)])
        for name in ("crack_fraction", "lithium")
    )
    share = np.array([damage, 1.0 - (1.0 - damage) ** 2])
    contraction = size(found.by_increment["lithium"][:1]) - size(x)
    slope, shut = np.linalg.solve(np.stack([contraction, np.ones(2)], axis=1), area / share)
    # a wall that has parted is the cell's own, see ``laws.transport``
    lost = 1.0 - found.bonded_diffusivity / found.diffusion["diffusivity"][0]
    return Opening(float(slope), float(shut), float(lost / damage))


def first_charge(found: CrackedParticle, name: str) -> Floats:
    """A column until the particle is charged for the first time."""
    rows = found.by_increment
    return rows[name][rows["half_cycles"] <= 1.0]


def _miss(given: Drive, found: CrackedParticle, law: Law, pressure: float) -> Floats:
    x = first_charge(found, "lithium")
    return given.broken(law, pressure, x) - first_charge(found, "broken")
