"""Where grains meet: the planes that may open in every voxel between them.

Grains own the nodes of the grid; a voxel whose eight nodes belong to different owners holds a
piece of boundary. Rigid motion of the owners strains it by sym(w (x) n)/h with n/h the gradient
of the indicator of one owner: with that n and h a broken boundary locks nothing, whatever its
angle to the grid. Where three grains meet along a line there are two such planes, at a corner
three: the axes of the sum of the squares of the gradients.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST: Final = 0.2  # of a plane's h over a voxel's edge: a smaller piece is none
CORNERS: Final = tuple((i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1))


class Boundaries(NamedTuple):
    """Voxels with more than one owner, m of them.

    Attributes:
        voxel: flat index, (m,).
        owners: of the eight nodes, 0 around the particle, -1 in a void, (m, 8).
        normal: of up to three planes, (m, 3, 3): [voxel, plane, component].
        per_width: 1/h of each [1/m], 0 where there is no plane, (m, 3).
        volume: of one voxel [m^3].
    """

    voxel: NDArray[np.intp]
    owners: NDArray[np.int64]
    normal: Floats
    per_width: Floats
    volume: float

    @property
    def inside(self) -> Floats:
        """Share of the nodes that belong to the particle, (m,)."""
        return (self.owners > 0).mean(axis=1)

    @property
    def outer(self) -> NDArray[np.bool_]:
        """Whether it lies on the outside of the particle, (m,)."""
        return (self.owners == 0).any(axis=1)

    @property
    def hollow(self) -> NDArray[np.bool_]:
        """Whether it lies on the wall of a void, (m,)."""
        return np.less(self.owners.min(axis=1), 0)

    @property
    def pair(self) -> NDArray[np.int64]:
        """Two grains that meet in each voxel, the first 0 where there is but one, (m, 2)."""
        high = self.owners.max(axis=1)
        low = np.where(self.owners > 0, self.owners, high[:, None]).min(axis=1)
        return np.stack([np.where(low < high, low, 0), high], axis=1)

    @property
    def parted(self) -> NDArray[np.bool_]:
        """Whether two grains of the particle meet in it, (m,)."""
        return self.pair[:, 0] > 0


def boundaries(
    labels: NDArray[np.integer], edge: float, grain: NDArray[np.integer] | None = None
) -> Boundaries:
    """Find the planes between the owners of nodes.

    Args:
        labels: owner of each node, (n_0, n_1, n_2); voxel (i, j, k) has it as first corner.
        edge: of a voxel [m].
        grain: that each owner is a piece of. Where grains meet their pieces do not count: a
            boundary between grains is the same, however these are cut.
    """
    nodes = np.stack([np.roll(labels, [-c for c in corner], (0, 1, 2)) for corner in CORNERS])
    voxel = np.flatnonzero((nodes != nodes[0]).any(axis=0).ravel())
    owners = nodes.reshape(8, -1)[:, voxel].T.astype(np.int64)
    signs = 2.0 * np.array(CORNERS) - 1.0
    apart = owners if grain is None else _of_grains(owners, grain)
    alike = (apart[:, :, None] == apart[:, None, :]).astype(np.float64)
    squares = np.einsum("mcd,ci,dj->mij", alike, signs, signs) / (16.0 * edge**2)
    size, axes = np.linalg.eigh(squares)
    # two owners: their gradients are opposite, so the square of each counts twice
    per_width = np.sqrt(0.5 * np.maximum(size, 0.0))
    per_width[per_width * edge < LEAST] = 0.0
    return Boundaries(voxel, owners, np.swapaxes(axes, 1, 2), per_width, edge**3)


def _of_grains(owners: NDArray[np.int64], grain: NDArray[np.integer]) -> NDArray[np.integer]:
    """Grains for owners, in voxels in which more than one of those meets."""
    grains = np.where(owners > 0, 1 + grain[np.maximum(owners, 1) - 1], owners)
    several = (grains != grains[:, :1]).any(axis=1)
    return np.where(several[:, None], grains, owners)
