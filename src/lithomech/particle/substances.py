"""What a declared particle and its surroundings are made of."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.laws.elasticity import bulk_modulus, shear_modulus
from lithomech.materials.load import load_material
from lithomech.materials.material import Material
from lithomech.numerics.fft_elasticity import isotropic
from lithomech.particle.equations import lattice_strains, layered_stiffness
from lithomech.particle.spec import Particle

Floats = NDArray[np.float64]

NEEDED: Final = (
    "youngs_modulus",
    "poisson_ratio",
    "open_circuit_potential",
    "as_made_stoichiometry",
    "volume_strain",
    "lattice_mismatch",
    "diffusivity",
    "diffusivity_ratio",
)
LAYERED: Final = tuple(f"elastic_constant_{ij}" for ij in (11, 12, 13, 33, 44))
CRACKING: Final = ("boundary_strength", "boundary_energy")
THROUGH: Final = ("grain_strength", "grain_energy")
BOND: Final = ("adhesion_strength", "adhesion_energy")


@final
@dataclass(frozen=True)
class Materials:
    """What the particle and its surroundings are made of.

    Attributes:
        active: of the particle.
        around: solid electrolyte, or None.
        as_made: lithium per formula unit at the beginning.
        discharged: at the lower end of the window.
        charged: at the upper end.
    """

    active: Material
    around: Material | None
    as_made: float
    discharged: float
    charged: float

    def strains(self, x: Floats) -> tuple[Floats, Floats]:
        """Strain along a, and that along c less that along a, since as made."""
        start = np.array([self.as_made])
        curves = [self.active.curve(name) for name in ("volume_strain", "lattice_mismatch")]
        volume, mismatch = (curve(x) - curve(start) for curve in curves)
        along_a, along_c = lattice_strains(volume, mismatch)
        return along_a, along_c - along_a

    @property
    def softens(self) -> bool:
        """Whether the stiffness of the crystals depends on lithium."""
        curves = [self.active.curve(name) for name in LAYERED if self.active.has(name)]
        return any(float(np.ptp(curve.y)) > 0.0 for curve in curves)

    def crystals(self, x: Floats, axes: Floats) -> Floats:
        """Stiffness of crystals [Pa], (grains, 6, 6).

        Args:
            x: lithium of each, (grains,).
            axes: c axis of each, (grains, 3).
        """
        if not self.active.has(LAYERED[0]):
            return np.repeat(_alike(self.active)[None], len(axes), axis=0)
        constants = np.array([self.active.curve(name)(x) for name in LAYERED])
        return layered_stiffness(constants, axes)

    @property
    def surroundings(self) -> Floats | None:
        """Stiffness of what is solid around [Pa], (6, 6)."""
        return None if self.around is None else _alike(self.around)

    @property
    def youngs_modulus(self) -> float:
        """Of grains in all directions as made [Pa]: Voigt's mean where they are layered."""
        if not self.active.has(LAYERED[0]):
            return float(self.active.value("youngs_modulus"))
        made = np.array([self.as_made])
        C = self.crystals(made, np.array([[0.0, 0.0, 1.0]]))[0]
        K = float(C[:3, :3].sum()) / 9.0
        G = (float(np.trace(C[:3, :3])) - 3.0 * K) / 10.0 + float(np.trace(C[3:, 3:])) / 5.0
        return 9.0 * K * G / (3.0 * K + G)


def materials_of(particle: Particle) -> Materials:
    """What a declared particle is made of; files beside its own come first.

    Raises:
        InputError: a material is unknown or lacks what is needed, or the window is out of what
            is known.
    """
    beside = [particle.origin.folder / "materials"] if particle.origin is not None else []
    try:
        active = load_material(particle.material, particle.materials, beside)
    except InputError as error:
        raise particle.locate(error.located(key="material")) from None
    needed = (*NEEDED, *(CRACKING if particle.grains.cracking else ()))
    needed += THROUGH if particle.grains.pieces else ()
    lacking = [name for name in needed if not active.has(name)]
    if lacking:
        raise particle.locate(InputError(f"{active.name} has no {lacking[0]}", key="material"))
    around = None
    if particle.electrolyte is not None:
        try:
            around = load_material(particle.electrolyte.material, particle.materials, beside)
        except InputError as error:
            raise particle.locate(error.located(key="surroundings.material")) from None
    made = float(active.value("as_made_stoichiometry"))
    low, high = (_content(particle, active, U, made) for U in particle.window)
    return Materials(active, around, made, low, high)


def _content(particle: Particle, active: Material, U: float, made: float) -> float:
    """Lithium content at a potential, up to what it is made with."""
    curves = [active.curve(n) for n in ("volume_strain", "lattice_mismatch")]
    potential = active.curve("open_circuit_potential")
    least = max(c.low for c in (*curves, potential))
    x = np.linspace(least, made, 2001)
    above = potential(np.clip(x, potential.low, potential.high)) >= U
    if above[0] == above[-1]:
        if not above[0]:
            raise particle.locate(
                InputError(
                    f"{U:g} V; {active.name} is known up to {float(potential(least)):.3g} V",
                    key="window",
                )
            )
        return made
    return float(x[np.flatnonzero(above)[-1]])


def _alike(material: Material) -> Floats:
    """Stiffness that is the same in every direction, (6, 6)."""
    E, nu = (float(material.value(n)) for n in ("youngs_modulus", "poisson_ratio"))
    return isotropic(float(bulk_modulus(E, nu)), float(shear_modulus(E, nu)))
