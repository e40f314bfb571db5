"""From voxels to faces: conductances, the energy of a potential, and sums over bodies."""

import numpy as np
from numba import prange

from lithomech.numerics.compiled import entry
from lithomech.numerics.stencil import ENDS, threaded


@threaded
def energy_alike(solid, x, periodic):
    """Conductance that belongs to a potential with 1 and 0 at the ends, in double precision.

    Periodic sides count once; their padding holds the opposite side.
    """
    n_0, n_1, n_2 = x.shape
    total = 0.0
    for i in prange(1, n_0 - 1):
        part = 0.0
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                s = np.float64(solid[i, j, k])
                here = x[i, j, k]
                under = here - x[i - 1, j, k]
                beside = here - x[i, j - 1, k]
                behind = here - x[i, j, k - 1]
                next_1 = solid[i, j - 1, k] if j > 1 or periodic else 0
                next_2 = solid[i, j, k - 1] if k > 1 or periodic else 0
                line = np.float64(under) * under * solid[i - 1, j, k]
                line += np.float64(beside) * beside * next_1
                line += np.float64(behind) * behind * next_2
                part += s * line
        if i == 1 or i == n_0 - 2:
            for j in range(1, n_1 - 1):
                for k in range(1, n_2 - 1):
                    here = x[i, j, k]
                    if i == 1:
                        part += ENDS * solid[i, j, k] * (1.0 - np.float64(here)) ** 2
                    if i == n_0 - 2:
                        part += ENDS * solid[i, j, k] * np.float64(here) ** 2
        total += part
    return total


@threaded
def energy_faces(faces, x, periodic):
    """The same for faces with conductances of their own; periodic sides count once."""
    g_0, g_1, g_2, drain = faces
    n_0, n_1, n_2 = x.shape
    total = 0.0
    for i in prange(1, n_0 - 1):
        part = 0.0
        end = 1.0 if i == 1 else 0.0
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                here = np.float64(x[i, j, k])
                if i > 1:
                    part += g_0[i, j, k] * (here - x[i - 1, j, k]) ** 2
                if j > 1 or periodic:
                    part += g_1[i, j, k] * (here - x[i, j - 1, k]) ** 2
                if k > 1 or periodic:
                    part += g_2[i, j, k] * (here - x[i, j, k - 1]) ** 2
                part += drain[i, j, k] * (end - here) ** 2
        total += part
    return total


@threaded
def join_voxels(sigma, kind, particle, contact, periodic, stretch, faces):
    """Conductances of all faces: two half voxels in series, and a contact where bodies meet.

    Args:
        sigma: conductivity of every voxel, over the largest, padded; 0 does not conduct.
        kind: index of its phase, padded.
        particle: number of its body, padded; a contact separates unlike bodies, or unlike
            phases where this has size zero.
        contact: conductance of a contact between phases over that of a voxel along the first
            axis, (phases, phases); inf = none there.
        periodic: whether padding holds the opposite side.
        stretch: edges of a voxel over that along the first axis, (3,).
        faces: filled in place.
    """
    g_0, g_1, g_2, drain = faces
    n_0, n_1, n_2 = sigma.shape
    bodies = particle.size > 0
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1 + periodic):
            for k in range(1, n_2 - 1 + periodic):
                for axis in range(3):
                    a, b, c = i - (axis == 0), j - (axis == 1), k - (axis == 2)
                    here, there = sigma[i, j, k], sigma[a, b, c]
                    g = 0.0
                    if here > 0.0 and there > 0.0:
                        resistance = 0.5 / here + 0.5 / there
                        own, other = kind[i, j, k], kind[a, b, c]
                        apart = own != other
                        if bodies:
                            apart = particle[i, j, k] != particle[a, b, c]
                        if apart:
                            resistance += 1.0 / (contact[own, other] * stretch[axis])
                        g = 1.0 / (resistance * stretch[axis] ** 2)
                    if axis == 0:
                        g_0[i, j, k] = g if i > 1 else 0.0
                    elif axis == 1:
                        g_1[i, j, k] = g
                    else:
                        g_2[i, j, k] = g
                end = (i == 1) + (i == n_0 - 2)
                inside = j < n_1 - 1 and k < n_2 - 1
                if inside:
                    drain[i, j, k] = ENDS * sigma[i, j, k] * end


@threaded
def spread(particle, value, x):
    """Add the value of each body to its voxels."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                if particle[i, j, k] >= 0:
                    x[i, j, k] += value[particle[i, j, k]]


@entry
def gather(particle, r, total):
    """Sum over the voxels of each body."""
    n_0, n_1, n_2 = r.shape
    for i in range(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                if particle[i, j, k] >= 0:
                    total[particle[i, j, k]] += r[i, j, k]
