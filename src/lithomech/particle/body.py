"""A declared particle as a block of voxels: grains, their boundaries, stiffness and strain."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.laws.elasticity import bulk_modulus, shear_modulus
from lithomech.laws.fracture import final_opening, largest_band
from lithomech.materials.load import load_material
from lithomech.materials.material import Material
from lithomech.numerics.fft_elasticity import Block, isotropic
from lithomech.particle.boundaries import Boundaries, boundaries
from lithomech.particle.equations import axial, lattice_strains, layered_stiffness
from lithomech.particle.grains import Polycrystal, polycrystal
from lithomech.particle.opening import Planes, Response, open_boundaries, unloaded
from lithomech.particle.spec import Particle

Floats = NDArray[np.float64]

SOFT: Final = 1e-3  # stiffness of a liquid around the particle, of its own
UNBROKEN: Final = 1e30  # strength [Pa] of what does not open
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


@final
class Body:
    """A particle between its surroundings, whose boundaries open and shut.

    Attributes:
        grains: who owns which node.
        between: boundaries of the grains, and of the particle.
        block: the voxels; the stiffness of those with a boundary is what is left of it.
        planes: in the voxels with a boundary; ``state`` is what they remember.
        response: of these voxels to their strain, with what is left of their stiffness.
        within: whether pieces of one grain meet, and nothing else, (m,).
        own: strain of the voxels without stress, (6, n_0, n_1, n_2).
        volume: of the particle, in voxels.
    """

    def __init__(self, grains: Polycrystal, found: Materials, cracking: bool) -> None:
        """Lay out the voxels.

        Args:
            grains: in their block.
            found: materials.
            cracking: whether boundaries between grains may open.
        """
        self.grains, b = grains, boundaries(grains.labels, grains.voxel, grains.grain)
        self.between: Boundaries = b
        count = len(grains.axes)
        solids = _stiffness(found.active, grains.axes)
        empty = SOFT * solids.mean(axis=0)
        outside = empty if found.around is None else _stiffness(found.around)[0]
        # a void, the owner -1, is the last
        solids = np.concatenate([outside[None], solids, empty[None]])
        first = len(solids)
        whole = _mean_of_corners(b, solids)
        phase = np.where(grains.labels < 0, count + 1, grains.labels).astype(np.int32)
        phase.ravel()[b.voxel] = first + np.arange(len(b.voxel))
        self.block = Block(phase, np.concatenate([solids, whole]))
        self.volume = float((grains.labels > 0).sum())
        self.within = _within(b, grains)
        strength, final = _law(b, found, cracking, self.within)
        self.planes = Planes(whole, b.normal, b.per_width, strength, final)
        self.state = unloaded(len(b.voxel))
        self.response = Response(
            openings=np.zeros((len(b.voxel), 3, 3)),
            stiffness=self.block.stiffness[first:],
            shut_strain=np.zeros((len(b.voxel), 6)),
        )
        none = np.zeros((1, 6))
        all_round = np.repeat([[1.0] * 3 + [0.0] * 3], count, axis=0)
        self._swelling = self._spread_out(solids, np.vstack([none, all_round, none]))
        self._along_c = self._spread_out(solids, np.vstack([none, axial(grains.axes), none]))
        self.own = np.zeros_like(self._along_c)

    def _spread_out(self, solids: Floats, strains: Floats) -> Floats:
        """Strains of the owners on the voxels, (6, n_0, n_1, n_2).

        A voxel of several: what is free of stress is the mean by stiffness.
        """
        b = self.between
        field = np.ascontiguousarray(np.moveaxis(strains[self.grains.labels], -1, 0))
        stress = np.einsum("gij,gj->gi", solids, strains)
        mean = _mean_of_corners(b, stress)
        free = np.linalg.solve(self.planes.stiffness, mean[:, :, None])[:, :, 0]
        self._flat(field)[:, b.voxel] = free.T
        return field

    @staticmethod
    def _flat(field: Floats) -> Floats:
        return field.reshape(len(field), -1)

    def strain_lattice(self, along_a: float, mismatch: float) -> None:
        """Give the lattice these strains everywhere; shut planes keep theirs."""
        np.multiply(self._along_c, mismatch, out=self.own)
        self.own += along_a * self._swelling
        self._flat(self.own)[:, self.between.voxel] += self.response.shut_strain.T

    @property
    def lattice_stress(self) -> Floats:
        """What the strain along a, and the mismatch, work against [Pa]."""
        stress = self.block.stress.ravel()
        strains = (self._swelling, self._along_c)
        return np.array([stress @ s.ravel() for s in strains]) / self.volume

    def stored(self, strain: Floats) -> float:
        """Elastic energy per volume of the particle [J/m3], of boundaries and surroundings too.

        Args:
            strain: of the voxels in the last equilibrium, before boundaries open any further.
        """
        return (
            0.5 * float(self.block.stress.ravel() @ (strain - self.own).ravel()) / self.volume
        )

    @property
    def spent(self) -> float:
        """Energy that boundaries have taken for good, per volume of the particle [J/m3]."""
        strength, final = self.planes.strength[:, None], self.planes.final[:, None]
        energy = 0.5 * strength * final * self.broken
        return float((energy * self.between.per_width).sum()) / self.volume

    def open(self, strain: Floats) -> int:
        """Let boundaries open and shut under the strain of the voxels, (6, n_0, n_1, n_2).

        Returns:
            Number of planes that changed.
        """
        at, shut_strain = self.between.voxel, self.response.shut_strain
        own = self._flat(self.own)[:, at].T - shut_strain
        elastic = np.ascontiguousarray(self._flat(strain)[:, at].T - own)
        before = shut_strain.copy()
        changed = open_boundaries(elastic, self.planes, self.state, self.response)
        self._flat(self.own)[:, at] += (shut_strain - before).T
        return int(changed)

    def pack(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that change (not copies), by name."""
        return {
            **self.state._asdict(),
            **self.response._asdict(),
            "own": self.own,
            "stress": self.block.stress,
        }

    def unpack(self, found: dict[str, NDArray[Any]]) -> None:
        """Become what was packed."""
        for name, values in self.pack().items():
            values[...] = found[name]

    @property
    def normal_openings(self) -> Floats:
        """Opening of every plane across it [m], (m, 3)."""
        across = np.einsum("mjc,mjc->mj", self.response.openings, self.between.normal)
        return np.where(self.state.shut, self.state.residual, np.maximum(across, 0.0))

    @property
    def broken(self) -> Floats:
        """Share of the energy of every plane that is spent, 0 to 1, (m, 3)."""
        return np.minimum(self.state.largest / self.planes.final[:, None], 1.0)


def body_of(particle: Particle) -> tuple[Body, Materials]:
    """Lay out a declared particle.

    Raises:
        InputError: a material is unknown or lacks what is needed; the window is out of what
            is known; voxels are too coarse for the strength of the boundaries.
    """
    found = materials_of(particle)
    _check_voxel(particle, found)
    return Body(polycrystal(particle), found, particle.grains.cracking), found


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


def _check_voxel(particle: Particle, found: Materials) -> None:
    """Refuse voxels over which a crack cannot be smeared."""
    active, around = found.active, found.around
    if particle.grains.cracking and not particle.grains.one:
        _check_band(particle, active, CRACKING)
    if particle.grains.pieces:
        _check_band(particle, active, THROUGH)
    if around is not None and around.has(BOND[0]):
        _check_band(particle, around, BOND)


def _check_band(particle: Particle, material: Material, names: tuple[str, str]) -> None:
    E, sigma_c, G_c = (float(material.value(name)) for name in ("youngs_modulus", *names))
    widest = float(largest_band(E, G_c, sigma_c))
    what = f"{names[0].split('_')[0]} of {material.name}"
    if particle.voxel > widest:
        raise particle.locate(
            InputError(
                f"voxels of {particle.voxel * 1e9:.3g} nm; allowed: up to "
                f"{widest * 1e9:.3g} nm, 2 E G_c/sigma_c^2 of the {what}: a wider one "
                "cannot crack without the mesh having a say",
                key="voxel_size",
            )
        )


def _within(b: Boundaries, grains: Polycrystal) -> NDArray[np.bool_]:
    """Voxels in which pieces of one grain meet."""
    if grains.grain is None:
        return np.zeros(len(b.voxel), bool)
    grain = grains.grain[np.maximum(b.owners, 1) - 1]
    highest = np.where(b.owners > 0, grain, -1).max(axis=1)
    lowest = np.where(b.owners > 0, grain, len(grains.axes)).min(axis=1)
    return b.parted & ~b.outer & np.equal(highest, lowest)


def _law(
    b: Boundaries, found: Materials, cracking: bool, within: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Strength [Pa] and final opening [m] of every voxel, endless where it cannot open."""
    strengths, final_openings = np.full(len(b.voxel), UNBROKEN), np.ones(len(b.voxel))

    def put(where: NDArray[np.bool_], material: Material, names: tuple[str, str]) -> None:
        strength, energy = (float(material.value(name)) for name in names)
        strengths[where] = strength
        final_openings[where] = float(final_opening(energy, strength))

    if cracking:
        put(b.parted & ~within, found.active, CRACKING)
    if cracking and within.any():
        put(within, found.active, THROUGH)
    if found.around is not None and found.around.has(BOND[0]):
        put(b.outer, found.around, BOND)
    return strengths, final_openings


def _mean_of_corners(b: Boundaries, values: Floats) -> Floats:
    """Mean over the nodes of each voxel of what their owners have, (m, ...)."""
    total = np.zeros((len(b.voxel), *values.shape[1:]))
    for owner in b.owners.T:
        total += values[owner]
    return total / 8.0


def _stiffness(material: Material, axes: Floats | None = None) -> Floats:
    """Stiffness along the c axis of every grain, or one where all directions are alike."""
    if axes is not None and material.has(LAYERED[0]):
        constants = np.array([float(material.value(name)) for name in LAYERED])
        return layered_stiffness(constants, axes)
    E, nu = (float(material.value(n)) for n in ("youngs_modulus", "poisson_ratio"))
    same = isotropic(float(bulk_modulus(E, nu)), float(shear_modulus(E, nu)))
    return np.repeat(same[None], 1 if axes is None else len(axes), axis=0)
