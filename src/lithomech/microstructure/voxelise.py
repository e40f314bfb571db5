"""A pellet as an image, with the volume that plastic grains displace given back to them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.image import check_memory
from lithomech.microstructure.equations import BYTES
from lithomech.microstructure.grains import Floats
from lithomech.microstructure.pack import Pellet
from lithomech.numerics.paint import count_faces, paint

MOST_ROUNDS: Final = 60
VOLUME_MET: Final = 5e-4  # of each sort
GROWTH: Final = 0.7  # of the step that would restore a free grain
WIDEST: Final = 1.6  # radius as painted over the radius as poured
ISOTROPIC: Final = 2.0 / 3.0  # area over that of the voxel faces (Cauchy and Crofton)


@dataclass(frozen=True)
class Voxels:
    """An image of a pellet.

    Attributes:
        labels: 0 = void, 1 + sort of the grain, shape (z, y, x).
        grains: -1 = void, else the grain.
        spacing: edges of a voxel [m], (3,).
        volume_error: largest difference of a sort's volume from that of its grains, relative.
        areas: between each two labels [m2], (labels, labels), symmetric.
    """

    labels: NDArray[np.uint8]
    grains: NDArray[np.int32]
    spacing: Floats
    volume_error: float
    areas: Floats

    @property
    def volume_fractions(self) -> Floats:
        """Of each label."""
        return np.bincount(self.labels.ravel(), minlength=len(self.areas)) / self.labels.size


def voxelise(pellet: Pellet, hard: NDArray[np.bool_], voxel_size: float) -> Voxels:
    """Paint a pellet.

    Where grains overlap, the plane between them is their border (flat contacts); what a grain
    loses there it gets back as a larger radius, so that it bulges into the voids beside it.
    Hard grains take from soft ones.

    Args:
        pellet: grains at rest.
        hard: which sorts keep their shape, (sorts,).
        voxel_size: edge [m]; adapted to the box, by up to half a voxel over its height.

    Raises:
        InputError: it does not fit into memory.
    """
    shape = np.maximum(np.rint(pellet.box / voxel_size), 1).astype(np.int64)
    try:
        check_memory(int(np.prod(shape)), BYTES["pellet"])
    except InputError as error:
        raise error.located(key="voxel_size") from None
    spacing = pellet.box / shape
    owner = np.empty(tuple(shape), np.int32)
    power = np.empty(tuple(shape), np.float32)
    rank = hard[pellet.sorts].astype(np.int64)
    reach = pellet.radii.copy()
    voxel = float(np.prod(spacing))
    wanted = 4.0 / 3.0 * np.pi * pellet.radii**3
    sorts = len(hard)
    of_sort = np.bincount(pellet.sorts, wanted, sorts)
    error = np.inf
    for _ in range(MOST_ROUNDS):
        count = paint(pellet.centres, reach, rank, shape, spacing, owner, power)
        painted = np.bincount(pellet.sorts, count * voxel, sorts)
        off = painted / np.maximum(of_sort, voxel) - 1.0
        error = float(np.max(np.abs(off[of_sort > 0.0])))
        if error < VOLUME_MET:
            break
        lost = wanted - count * voxel
        reach = np.clip(
            reach + GROWTH * lost / (4.0 * np.pi * reach**2),
            0.5 * pellet.radii,
            WIDEST * pellet.radii,
        )
    labels = np.where(owner >= 0, pellet.sorts[owner] + 1, 0).astype(np.uint8)
    return Voxels(labels, owner, spacing, error, label_areas(labels, spacing, sorts + 1))


def label_areas(labels: NDArray[np.uint8], spacing: Floats, kinds: int) -> Floats:
    """Areas between labels [m2]; faces along each axis count their own size."""
    faces = count_faces(labels, kinds).astype(np.float64)
    face = np.prod(spacing) / spacing
    both = np.einsum("a,aij->ij", face, faces)
    return ISOTROPIC * (both + both.T) * (1.0 - np.eye(kinds))


def covered_fraction(voxels: Voxels, active: NDArray[np.bool_], electrolyte: int) -> float:
    """Share of the surface of active grains that electrolyte covers.

    The surface is that to electrolyte, void and additives; contacts among active grains are
    none of it.
    """
    rows = 1 + np.flatnonzero(active)
    others = np.setdiff1d(np.arange(len(voxels.areas)), rows)
    total = voxels.areas[np.ix_(rows, others)].sum()
    return float(voxels.areas[rows, electrolyte + 1].sum() / total) if total > 0.0 else 0.0
