"""Strains of a layered crystal as lithium leaves it, and equivalent stress."""

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
