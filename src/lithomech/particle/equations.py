"""Strains and stiffness of a layered crystal, and equivalent stress."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Vectors of a symmetric tensor: xx, yy, zz, yz, xz, xy, engineering shears
PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def axial(axes: Floats) -> Floats:
    """Unit strain along each axis: n n^T as vectors, shape (grains, 6)."""
    return np.stack(
        [axes[:, i] * axes[:, j] * (1.0 if i == j else 2.0) for i, j in PAIRS], axis=1
    )


def layered_stiffness(constants: Floats, axes: Floats) -> Floats:
    """Stiffness of crystals that are alike in every direction across their c axis.

    Args:
        constants: C11, C12, C13, C33, C44 [Pa] with the axis along 3, (5,) or of each crystal,
            (5, grains); C14 of a trigonal crystal is left away.
        axes: c axes, unit vectors, (grains, 3).

    Returns:
        (grains, 6, 6).

    References:
        Spencer1984.
    """
    c_11, c_12, c_13, c_33, c_44 = np.reshape(constants, (5, -1, 1, 1, 1, 1))
    one, nn = np.eye(3), np.einsum("gi,gj->gij", axes, axes)
    shear = 0.5 * (c_11 - c_12)
    tensor = c_12 * np.einsum("ij,kl->ijkl", one, one) + shear * (
        np.einsum("ik,jl->ijkl", one, one) + np.einsum("il,jk->ijkl", one, one)
    )
    mixed = np.einsum("ij,gkl->gijkl", one, nn)
    tensor = tensor + (c_13 - c_12) * (mixed + np.einsum("gijkl->gklij", mixed))
    tensor += (c_11 + c_33 - 2.0 * c_13 - 4.0 * c_44) * np.einsum("gij,gkl->gijkl", nn, nn)
    for pattern in ("ik,gjl->gijkl", "il,gjk->gijkl", "jk,gil->gijkl", "jl,gik->gijkl"):
        tensor += (c_44 - shear) * np.einsum(pattern, one, nn)
    rows, columns = np.transpose(PAIRS)
    return tensor[:, rows[:, None], columns[:, None], rows, columns]


def lattice_strains(volume: Floats, mismatch: Floats) -> tuple[Floats, Floats]:
    """Strains along a and c of a hexagonal cell: 2 eps_a + eps_c = eps_v, eps_c - eps_a given.

    Args:
        volume: relative change of the volume of the cell.
        mismatch: strain along c less strain along a.
    """
    along_a = (volume - mismatch) / 3.0
    return along_a, along_a + mismatch


def von_mises(stress: Floats) -> Floats:
    """Equivalent stress [Pa] of stresses (6, ...)."""
    a, b, c, d, e, f = stress
    return np.sqrt(
        0.5 * ((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2) + 3.0 * (d**2 + e**2 + f**2)
    )
