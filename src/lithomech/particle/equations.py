"""Strains of a layered crystal as lithium leaves it, and stress on the boundaries of grains."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Vectors of a symmetric tensor: xx, yy, zz, yz, xz, xy, engineering shears
PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def isotropic_stiffness(E: float, nu: float) -> Floats:
    """Stiffness of an isotropic solid [Pa], (6, 6)."""
    lame, G = E * nu / ((1.0 + nu) * (1.0 - 2.0 * nu)), E / (2.0 * (1.0 + nu))
    matrix = np.diag([2.0 * G] * 3 + [G] * 3)
    matrix[:3, :3] += lame
    return matrix


def axial(axes: Floats) -> Floats:
    """Unit strain along each axis: n n^T as vectors, shape (grains, 6)."""
    return np.stack(
        [axes[:, i] * axes[:, j] * (1.0 if i == j else 2.0) for i, j in PAIRS], axis=1
    )


def lattice_strains(volume: Floats, mismatch: Floats) -> tuple[Floats, Floats]:
    """Strains along a and c of a hexagonal cell: 2 eps_a + eps_c = eps_v, eps_c - eps_a given.

    Args:
        volume: relative change of the volume of the cell.
        mismatch: strain along c less strain along a.
    """
    along_a = (volume - mismatch) / 3.0
    return along_a, along_a + mismatch


class Tractions(NamedTuple):
    """Stress on the boundaries of grains, one entry for each voxel face between two of them.

    Attributes:
        normal: along the mean normal of the boundary [Pa], tension positive.
        shear: across it [Pa].
        place: voxel before the face, (faces, 3).
        axis: of the face.
    """

    normal: Floats
    shear: Floats
    place: NDArray[np.intp]
    axis: NDArray[np.intp]


def tractions(stress: Floats, labels: NDArray[np.uint16]) -> Tractions:
    """Stress on the boundaries between grains.

    Faces of voxels are stairs: the normal of a boundary is the mean of all faces between the
    same two grains.

    Args:
        stress: of the voxels, (6, n, n, n).
        labels: 0 outside, grains from 1.
    """
    places, axes, pairs, tensors = [], [], [], []
    for axis in range(3):
        after = np.roll(labels, -1, axis)
        face = (labels != after) & (labels > 0) & (after > 0)
        places.append(np.argwhere(face))
        axes.append(np.full(len(places[-1]), axis))
        pairs.append(np.stack([labels[face], after[face]], axis=1).astype(np.int64))
        tensors.append(0.5 * (stress + np.roll(stress, -1, axis + 1))[:, face])
    place, axis = np.concatenate(places), np.concatenate(axes)
    pair, tensor = np.concatenate(pairs), np.concatenate(tensors, axis=1)
    if not len(place):
        return Tractions(np.zeros(0), np.zeros(0), place, axis)
    turned = pair[:, 0] > pair[:, 1]
    key = pair.min(axis=1) * (int(labels.max()) + 1) + pair.max(axis=1)
    _, number = np.unique(key, return_inverse=True)
    sign = np.where(turned, -1.0, 1.0)
    area = np.stack([np.bincount(number, sign * (axis == k)) for k in range(3)], axis=1)
    size = np.linalg.norm(area, axis=1, keepdims=True)
    fallback = np.eye(3)[axis]
    n = np.where(size[number] > 0.0, area[number] / np.maximum(size[number], 1e-12), fallback)
    force = np.stack(
        [
            tensor[0] * n[:, 0] + tensor[5] * n[:, 1] + tensor[4] * n[:, 2],
            tensor[5] * n[:, 0] + tensor[1] * n[:, 1] + tensor[3] * n[:, 2],
            tensor[4] * n[:, 0] + tensor[3] * n[:, 1] + tensor[2] * n[:, 2],
        ],
        axis=1,
    )
    normal = np.einsum("fi,fi->f", force, n)
    shear = np.linalg.norm(force - normal[:, None] * n, axis=1)
    return Tractions(normal, shear, place, axis)


def von_mises(stress: Floats) -> Floats:
    """Equivalent stress [Pa] of stresses (6, ...)."""
    a, b, c, d, e, f = stress
    return np.sqrt(
        0.5 * ((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2) + 3.0 * (d**2 + e**2 + f**2)
    )
