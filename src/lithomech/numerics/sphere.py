"""Radial grid of a sphere, graded towards its surface where concentrations change first."""

import numpy as np
from numpy.typing import NDArray

# One record per shell of the unit sphere. ``inner`` and ``outer`` turn a difference between
# neighbouring shells into the rate of change of a shell's mean, 3 r^2/(r_o^3 - r_i^3)/distance.
SHELL = np.dtype([(name, np.float64) for name in ("volume", "centre", "inner", "outer")])


def graded_sphere(shells: int, grading: float) -> NDArray[np.void]:
    """Grid with faces at r = 1 - (1 - k/n)^grading; grading 1 is uniform.

    Args:
        shells: number of shells n.
        grading: exponent >= 1; the outermost shell has thickness n^-grading.
    """
    faces = 1.0 - (1.0 - np.arange(shells + 1) / shells) ** grading
    volume = np.diff(faces**3)
    centre = 0.5 * (faces[1:] + faces[:-1])
    conductance = np.zeros(shells + 1)
    conductance[1:-1] = faces[1:-1] ** 2 / np.diff(centre)
    grid = np.zeros(shells, SHELL)
    grid["volume"], grid["centre"] = volume, centre
    grid["inner"] = 3.0 * conductance[:-1] / volume
    grid["outer"] = 3.0 * conductance[1:] / volume
    return grid
