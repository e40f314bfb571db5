"""A declared particle as a block of voxels: grains, their boundaries, stiffness and strain."""

from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.numerics.fft_elasticity import Block, Equilibrium, stress_of
from lithomech.particle.boundaries import Boundaries, boundaries
from lithomech.particle.cohesion import check_voxel, cohesion, inside_one
from lithomech.particle.equations import axial
from lithomech.particle.grains import Polycrystal, polycrystal
from lithomech.particle.opening import (
    Planes,
    Response,
    open_boundaries,
    respond_everywhere,
    unloaded,
)
from lithomech.particle.spec import Particle
from lithomech.particle.substances import Materials, materials_of

Floats = NDArray[np.float64]

SOFT: Final = 1e-3  # stiffness of a liquid around the particle, of its own


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

    def __init__(self, grains: Polycrystal, found: Materials, particle: Particle) -> None:
        """Lay out the voxels, as made.

        Args:
            grains: in their block.
            found: materials.
            particle: what is declared.
        """
        self.grains, b = grains, boundaries(grains.labels, grains.voxel, grains.grain)
        self.between: Boundaries = b
        count = len(grains.axes)
        solids = found.crystals(np.full(count, found.as_made), grains.axes)
        empty = SOFT * solids.mean(axis=0)
        outside = empty if found.surroundings is None else found.surroundings
        # a void, the owner -1, is the last
        self._solids = np.concatenate([outside[None], solids, empty[None]])
        whole = _mean_of_corners(b, self._solids)
        phase = np.where(grains.labels < 0, count + 1, grains.labels).astype(np.int32)
        phase.ravel()[b.voxel] = count + 2 + np.arange(len(b.voxel))
        self.block = Block(phase, np.concatenate([self._solids, whole]))
        self.volume = float((grains.labels > 0).sum())
        self.within = inside_one(b, grains)
        strength, final = cohesion(b, grains, found, particle)
        self.planes = Planes(whole, b.normal, b.per_width, strength, final)
        self.state = unloaded(len(b.voxel))
        self.response = Response(
            openings=np.zeros((len(b.voxel), 3, 3)),
            stiffness=self.block.stiffness[count + 2 :],
            shut_strain=np.zeros((len(b.voxel), 6)),
        )
        self._along_c = axial(grains.axes)
        self.own = np.zeros((6, *grains.labels.shape))

    @staticmethod
    def _flat(field: Floats) -> Floats:
        return field.reshape(len(field), -1)

    def strain_lattice(self, along_a: Floats | float, mismatch: Floats | float) -> Floats:
        """Give the lattice these strains, of all grains or of each; shut planes keep theirs.

        A voxel of several owners: what is free of stress is the mean by stiffness.

        Returns:
            What is new of it, (6, n_0, n_1, n_2).
        """
        b, count = self.between, len(self._along_c)
        strains = np.zeros((count + 2, 6))
        strains[1:-1, :3] = np.broadcast_to(along_a, count)[:, None]
        strains[1:-1] += np.broadcast_to(mismatch, count)[:, None] * self._along_c
        field = np.ascontiguousarray(np.moveaxis(strains[self.grains.labels], -1, 0))
        stress = np.einsum("gij,gj->gi", self._solids, strains)
        mean = _mean_of_corners(b, stress)
        free = np.linalg.solve(self.planes.stiffness, mean[:, :, None])[:, :, 0]
        self._flat(field)[:, b.voxel] = (free + self.response.shut_strain).T
        new = field - self.own
        self.own = field
        return new

    def stiffen(self, crystals: Floats, strain: Floats) -> Floats:
        """Give the crystals another stiffness, (grains, 6, 6); return what they had.

        Args:
            crystals: of each grain [Pa].
            strain: of the voxels, (6, n_0, n_1, n_2).
        """
        before, count = self._solids[1:-1].copy(), len(crystals)
        self._solids[1:-1] = crystals
        self.block.stiffness[1 : count + 1] = crystals
        self.planes.stiffness[...] = _mean_of_corners(self.between, self._solids)
        respond_everywhere(self._elastic(strain), self.planes, self.state, self.response)
        return before

    def _elastic(self, strain: Floats) -> Floats:
        """Strain of the voxels with a boundary less that of the lattice, (m, 6)."""
        at, own = self.between.voxel, self._flat(self.own)
        return np.ascontiguousarray(
            self._flat(strain)[:, at].T - own[:, at].T + self.response.shut_strain
        )

    def energy(self, last: Equilibrium, strain: Floats) -> float:
        """Elastic energy per volume of the particle [J/m3] with the present stiffness.

        Args:
            last: displacements; the stress of the block becomes theirs.
            strain: of the voxels, that these are.
        """
        block = self.block
        stress_of(
            last.displacement, block.phase, block.stiffness, last.strain, self.own, block.stress
        )
        return self.stored(strain)

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
        before = shut_strain.copy()
        changed = open_boundaries(self._elastic(strain), self.planes, self.state, self.response)
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
    check_voxel(particle, found)
    return Body(polycrystal(particle), found, particle), found


def _mean_of_corners(b: Boundaries, values: Floats) -> Floats:
    """Mean over the nodes of each voxel of what their owners have, (m, ...)."""
    total = np.zeros((len(b.voxel), *values.shape[1:]))
    for owner in b.owners.T:
        total += values[owner]
    return total / 8.0
