"""Grids of voxels that conduct: all alike, or each face with a conductance of its own."""

from abc import ABC, abstractmethod
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, diags
from scipy.sparse.linalg import splu

from lithomech.numerics import stencil, voxel_faces
from lithomech.numerics.stencil import Faces, Operator, Potential, Single


class AbstractGrid(ABC):
    """The operator on the finest grid, and how it is smoothed and restricted."""

    x: Single
    r: Single
    spare: Single  # room for a residual

    @abstractmethod
    def apply(self, x: Single, y: Single) -> float:
        """Compute y = A x; return x . y."""

    @abstractmethod
    def smooth(self, colour: int) -> None:
        """Half a sweep on A x = r."""

    @abstractmethod
    def begin(self) -> None:
        """The first half sweep from x = 0."""

    @abstractmethod
    def remain(self, inflow: Single, x: Potential, out: Single) -> None:
        """Residual of a potential whose first layer is fed through ``inflow``."""

    @abstractmethod
    def residual(self) -> None:
        """Put r - A x into the spare room."""

    @property
    @abstractmethod
    def active(self) -> NDArray[np.generic]:
        """Positive where a voxel conducts."""

    @abstractmethod
    def coarsen(self) -> Faces:
        """Faces between aggregates."""


def closed(shape: tuple[int, ...]) -> Faces:
    """Faces of a padded grid, none open."""
    g_0, g_1, g_2, drain = (np.zeros(shape, np.float32) for _ in range(4))
    return Faces(g_0, g_1, g_2, drain)


def _halved(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Padded shape of the aggregates of a padded grid."""
    return tuple((n - 1) // 2 + 2 for n in shape)


@final
class Alike(AbstractGrid):
    """All conducting voxels alike."""

    def __init__(self, solid: NDArray[np.uint8]) -> None:
        """Take the padded mask of conducting voxels."""
        self.solid = solid
        self.count = np.zeros(solid.shape, np.uint8)
        stencil.count_faces(solid, self.count)
        self.x, self.r, self.spare = (np.zeros(solid.shape, np.float32) for _ in range(3))

    def apply(self, x: Single, y: Single) -> float:
        """See AbstractGrid."""
        return float(stencil.apply_alike(self.count, x, y))

    def smooth(self, colour: int) -> None:
        """See AbstractGrid."""
        stencil.smooth_alike(self.count, self.x, self.r, colour)

    def begin(self) -> None:
        """See AbstractGrid."""
        stencil.start_alike(self.count, self.x, self.r)

    def remain(self, inflow: Single, x: Potential, out: Single) -> None:
        """See AbstractGrid."""
        stencil.apply_alike(self.count, x, out)
        np.negative(out, out=out)
        out[1, 1:-1, 1:-1] += inflow

    def residual(self) -> None:
        """See AbstractGrid."""
        stencil.residual_alike(self.count, self.x, self.r, self.spare)

    @property
    def active(self) -> NDArray[np.generic]:
        """See AbstractGrid."""
        return self.count

    def coarsen(self) -> Faces:
        """See AbstractGrid."""
        faces = closed(_halved(self.solid.shape))
        stencil.coarsen_alike(self.solid, faces)
        return faces


@final
class Unlike(AbstractGrid):
    """Every face with a conductance of its own."""

    def __init__(self, faces: Faces) -> None:
        """Take the padded conductances."""
        self.faces = faces
        self.diagonal = np.zeros_like(faces.drain)
        self.operator = Operator(faces.g_0, faces.g_1, faces.g_2, self.diagonal)
        stencil.sum_faces(faces, self.diagonal)
        self.x, self.r, self.spare = (np.zeros_like(faces.drain) for _ in range(3))

    def apply(self, x: Single, y: Single) -> float:
        """See AbstractGrid."""
        return float(stencil.apply_faces(self.operator, x, y))

    def smooth(self, colour: int) -> None:
        """See AbstractGrid."""
        stencil.smooth_faces(self.operator, self.x, self.r, colour)

    def begin(self) -> None:
        """See AbstractGrid."""
        self.x.fill(0.0)
        self.smooth(0)

    def remain(self, inflow: Single, x: Potential, out: Single) -> None:
        """See AbstractGrid."""
        stencil.remain_faces(self.operator, inflow, x, out)

    def residual(self) -> None:
        """See AbstractGrid."""
        stencil.residual_faces(self.operator, self.x, self.r, self.spare)

    @property
    def active(self) -> NDArray[np.generic]:
        """See AbstractGrid."""
        return self.diagonal

    def coarsen(self) -> Faces:
        """See AbstractGrid."""
        faces = closed(_halved(self.diagonal.shape))
        stencil.coarsen(self.faces, faces)
        return faces


@final
class Bodies:
    """Coarse space of one value per body: the resistor network of particles.

    Where contacts between particles conduct badly, the potential is nearly constant inside
    each; this network carries it from one to the next.
    """

    def __init__(self, faces: Faces, particle: NDArray[np.int32], *, periodic: bool) -> None:
        """Sum the conductances between bodies; ``particle`` is padded, -1 where nothing is."""
        self.particle = particle
        self.count = int(particle.max()) + 1
        size = self.count
        network = csc_matrix((size, size))
        for axis, g in enumerate(faces[:3]):
            closed = axis > 0 and periodic  # the padding of a periodic side holds its body
            here = _pairs(particle, axis, closed)
            there = _pairs(particle, axis, closed, below=True)
            across = (here != there) & (here >= 0) & (there >= 0)
            value = _pairs(g, axis, closed)[across].astype(np.float64)
            place = (here[across], there[across])
            network += csc_matrix((value, place), shape=(size, size))
        network = network + network.T
        drain = np.bincount(
            particle[particle >= 0], faces.drain[particle >= 0].astype(np.float64), size
        )
        degree = np.asarray(network.sum(axis=1)).ravel() + drain
        degree[degree == 0.0] = 1.0
        self.solver = splu((diags(degree) - network).tocsc())

    def correct(self, residual: Single, x: Potential) -> None:
        """Add to x what the network says about a residual."""
        total = np.zeros(self.count)
        voxel_faces.gather(self.particle, residual, total)
        voxel_faces.spread(self.particle, self.solver.solve(total).astype(x.dtype), x)


def _pairs(
    values: NDArray[Any], axis: int, closed: bool, *, below: bool = False
) -> NDArray[Any]:
    """Values at the upper, or the lower, voxel of every face along an axis.

    ``closed`` counts the face between the first and the last voxel as well.
    """
    chosen = [slice(1, -1)] * 3
    first = 0 if closed else 1
    chosen[axis] = slice(first, -2) if below else slice(first + 1, -1)
    return values[tuple(chosen)]
