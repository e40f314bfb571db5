"""Radial grid of a sphere, graded towards its surface where concentrations change first."""

import numpy as np
from numpy.typing import NDArray

# One record per shell of the unit sphere. ``inner`` and ``outer`` turn a difference between
# neighbouring shells into the rate of change of a shell's mean, 3 r^2/(r_o^3 - r_i^3)/distance.
SHELL = np.dtype([(name, np.float64) for name in ("volume", "centre", "inner", "outer")])


def steady_sphere(shells: int, grading: float) -> NDArray[np.void]:
    """Grid with faces at r = 1 - (1 - k/n)^grading, exact for a steady flux on any number.

    Where the flux through the surface is steady, every shell fills at the same rate and the
    profile is ``x = r^2`` but for a factor and a constant. The flux through a face, and the
    difference between the surface and the outermost shell, follow from the means of ``r^2``:
    ``centre`` is where the surface gradient, drawn straight, meets the mean of a shell.

    Args:
        shells: number of shells n.
        grading: exponent >= 1; the outermost shell has thickness n^-grading.
    """
    faces = 1.0 - (1.0 - np.arange(shells + 1) / shells) ** grading
    volume = np.diff(faces**3)
    mean = 0.6 * np.diff(faces**5) / volume  # of r^2
    conductance = np.zeros(shells + 1)  # area over distance
    conductance[1:-1] = 2.0 * faces[1:-1] ** 3 / np.diff(mean)
    grid = np.zeros(shells, SHELL)
    grid["volume"], grid["centre"] = volume, 0.5 * (1.0 + mean)
    grid["inner"] = 3.0 * conductance[:-1] / volume
    grid["outer"] = 3.0 * conductance[1:] / volume
    return grid
