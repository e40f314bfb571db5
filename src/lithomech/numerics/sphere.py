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
    faces = _faces(shells, grading)
    centre = 0.5 * (faces[1:] + faces[:-1])
    return _grid(faces, centre, faces[1:-1] ** 2 / np.diff(centre))


def steady_sphere(shells: int, grading: float) -> NDArray[np.void]:
    """The same grid with weights that are exact for a steady flux, on any number of shells.

    Where the flux through the surface is steady, every shell fills at the same rate and the
    profile is ``x = r^2`` but for a factor and a constant. The flux through a face, and the
    difference between the surface and the outermost shell, follow from the means of ``r^2``:
    ``centre`` is where the surface gradient, drawn straight, meets the mean of a shell.

    Args:
        shells: number of shells n.
        grading: exponent >= 1; the outermost shell has thickness n^-grading.
    """
    faces = _faces(shells, grading)
    mean = 0.6 * np.diff(faces**5) / np.diff(faces**3)  # of r^2
    return _grid(faces, 0.5 * (1.0 + mean), 2.0 * faces[1:-1] ** 3 / np.diff(mean))


def _faces(shells: int, grading: float) -> NDArray[np.float64]:
    return 1.0 - (1.0 - np.arange(shells + 1) / shells) ** grading


def _grid(
    faces: NDArray[np.float64], centre: NDArray[np.float64], conductance: NDArray[np.float64]
) -> NDArray[np.void]:
    """Grid of shells; ``conductance`` is that of the inner faces, area over distance."""
    volume, through = np.diff(faces**3), np.concatenate([[0.0], conductance, [0.0]])
    grid = np.zeros(len(volume), SHELL)
    grid["volume"], grid["centre"] = volume, centre
    grid["inner"] = 3.0 * through[:-1] / volume
    grid["outer"] = 3.0 * through[1:] / volume
    return grid
