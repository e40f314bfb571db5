"""Elastic equilibrium of a periodic block of voxels, by FFT.

Displacements of the nodes are found by conjugate gradients; the preconditioner is the exact
solution for a uniform material, in Fourier space. Each voxel has one strain, that of its centre
(hexahedra with one point, the rotated scheme). Modes that strain no voxel, the hourglasses at
the highest frequencies of even grids, are left out. Voids of no stiffness are allowed.

Strains and stresses are vectors xx, yy, zz, yz, xz, xy with engineering shears, where x is the
first array axis. Voxels are cubes.

References:
    Willot2015; Zeman2010.
"""

from typing import NamedTuple

import numpy as np
import scipy.fft
from numba import get_num_threads, prange
from numpy.typing import NDArray

from lithomech.numerics.stencil import threaded

Floats = NDArray[np.float64]
NOTHING = 1e-12  # square of a wave vector that strains nothing


class Equilibrium(NamedTuple):
    """A block at rest under a macroscopic strain.

    Attributes:
        stress: mean over the block, (6,).
        strain: macroscopic, (6,).
        displacement: of the nodes beyond the macroscopic strain, (3, n_0, n_1, n_2).
        residual: force that is left over that at the start, in the energy norm.
        iterations: of conjugate gradients.
        converged: whether the residual is below the tolerance.
    """

    stress: Floats
    strain: Floats
    displacement: Floats
    residual: float
    iterations: int
    converged: bool


@threaded
def stress_of(u, phase, stiffness, strain, stress):
    """Stress of every voxel; ``strain`` (phases, 6) is added to that of the displacement.

    Returns:
        Mean stress, (6,).
    """
    n_0, n_1, n_2 = phase.shape
    total = np.zeros((n_0, 6))
    for i in prange(n_0):
        a = (i + 1) % n_0
        e = np.zeros(6)
        for j in range(n_1):
            b = (j + 1) % n_1
            for k in range(n_2):
                c = (k + 1) % n_2
                p = phase[i, j, k]
                e[:] = strain[p]
                for d in range(3):
                    near = u[d, i, j, k] + u[d, i, b, c]
                    right = u[d, i, j, c] + u[d, i, b, k]
                    far = u[d, a, b, c] + u[d, a, j, k]
                    left = u[d, a, b, k] + u[d, a, j, c]
                    # sums over the faces of the cell, in pairs that share a sign
                    g_0 = 0.25 * (far + left - near - right)
                    g_1 = 0.25 * (
                        u[d, i, b, k] + u[d, i, b, c] + u[d, a, b, k] + u[d, a, b, c]
                        - u[d, i, j, k] - u[d, i, j, c] - u[d, a, j, k] - u[d, a, j, c]
                    )  # fmt: skip
                    g_2 = 0.25 * (
                        u[d, i, j, c] + u[d, i, b, c] + u[d, a, j, c] + u[d, a, b, c]
                        - u[d, i, j, k] - u[d, i, b, k] - u[d, a, j, k] - u[d, a, b, k]
                    )  # fmt: skip
                    if d == 0:
                        e[0] += g_0
                        e[5] += g_1
                        e[4] += g_2
                    elif d == 1:
                        e[5] += g_0
                        e[1] += g_1
                        e[3] += g_2
                    else:
                        e[4] += g_0
                        e[3] += g_1
                        e[2] += g_2
                for r in range(6):
                    s = 0.0
                    for q in range(6):
                        s += stiffness[p, r, q] * e[q]
                    stress[r, i, j, k] = s
                    total[i, r] += s
    return total.sum(axis=0) / phase.size


@threaded
def force_of(stress, force):
    """Force on the nodes that a stress asks for: the transpose of the strain's operator."""
    n_0, n_1, n_2 = stress.shape[1:]
    for i in prange(n_0):
        for j in range(n_1):
            for k in range(n_2):
                f_0, f_1, f_2 = 0.0, 0.0, 0.0
                for corner in range(8):
                    x, y, z = corner & 1, corner >> 1 & 1, corner >> 2
                    a, b, c = (i - x) % n_0, (j - y) % n_1, (k - z) % n_2
                    w_0, w_1, w_2 = 2 * x - 1, 2 * y - 1, 2 * z - 1
                    f_0 += w_0 * stress[0, a, b, c] + w_1 * stress[5, a, b, c]
                    f_0 += w_2 * stress[4, a, b, c]
                    f_1 += w_0 * stress[5, a, b, c] + w_1 * stress[1, a, b, c]
                    f_1 += w_2 * stress[3, a, b, c]
                    f_2 += w_0 * stress[4, a, b, c] + w_1 * stress[3, a, b, c]
                    f_2 += w_2 * stress[2, a, b, c]
                force[0, i, j, k] = 0.25 * f_0
                force[1, i, j, k] = 0.25 * f_1
                force[2, i, j, k] = 0.25 * f_2


@threaded
def soften(force, wave_0, wave_1, wave_2, lame, shear):
    """Displacement of a uniform material under a force, in place, in Fourier space.

    ``wave_0`` and so on are exp(i xi) of the frequencies along each axis.
    """
    n_0, n_1, n_2 = force.shape[1:]
    turned = (lame + shear) / (lame + 2.0 * shear)
    for i in prange(n_0):
        for j in range(n_1):
            for k in range(n_2):
                x, y, z = wave_0[i], wave_1[j], wave_2[k]
                k_0 = 0.25 * (x - 1) * (y + 1) * (z + 1)
                k_1 = 0.25 * (x + 1) * (y - 1) * (z + 1)
                k_2 = 0.25 * (x + 1) * (y + 1) * (z - 1)
                square = abs(k_0) ** 2 + abs(k_1) ** 2 + abs(k_2) ** 2
                if square < NOTHING:
                    force[0, i, j, k] = force[1, i, j, k] = force[2, i, j, k] = 0.0
                    continue
                f_0, f_1, f_2 = force[0, i, j, k], force[1, i, j, k], force[2, i, j, k]
                along = (k_0 * f_0 + k_1 * f_1 + k_2 * f_2) * turned / square
                scale = 1.0 / (shear * square)
                force[0, i, j, k] = (f_0 - np.conj(k_0) * along) * scale
                force[1, i, j, k] = (f_1 - np.conj(k_1) * along) * scale
                force[2, i, j, k] = (f_2 - np.conj(k_2) * along) * scale


class Block:
    """A periodic block of voxels of several materials."""

    def __init__(self, phase: NDArray[np.unsignedinteger], stiffness: Floats) -> None:
        """Take the material of each voxel and the stiffness of each material.

        Args:
            phase: index into ``stiffness``, (n_0, n_1, n_2).
            stiffness: (materials, 6, 6); zeros are a void.
        """
        self.phase = np.ascontiguousarray(phase)
        self.stiffness = np.ascontiguousarray(stiffness, np.float64)
        share = np.bincount(phase.ravel(), minlength=len(stiffness)) / phase.size
        mean = np.einsum("p,pij->ij", share, self.stiffness)
        self.shear = float(np.trace(mean[3:, 3:]) / 3.0)
        self.lame = float(np.sum(mean[:3, :3]) - np.trace(mean[:3, :3])) / 6.0
        *first, last = phase.shape
        self.waves = [np.exp(2j * np.pi * np.arange(n) / n) for n in first]
        self.waves.append(np.exp(2j * np.pi * np.arange(last // 2 + 1) / last))
        self.stress = np.zeros((6, *phase.shape))

    def _softened(self, force: Floats) -> Floats:
        workers = get_num_threads()
        modes = scipy.fft.rfftn(force, axes=(1, 2, 3), workers=workers)
        first, second, third = self.waves
        soften(modes, first, second, third, self.lame, self.shear)
        shape = self.phase.shape
        return np.asarray(scipy.fft.irfftn(modes, s=shape, axes=(1, 2, 3), workers=workers))

    def solve(
        self,
        strain: Floats,
        tolerance: float,
        most: int,
        eigenstrain: Floats | None = None,
        mean_stress: Floats | None = None,
    ) -> Equilibrium:
        """Find the equilibrium under a macroscopic strain, or under a mean stress.

        Args:
            strain: macroscopic, (6,); where a mean stress is given, where to begin.
            tolerance: of the residual force.
            most: iterations.
            eigenstrain: of each material without stress, (materials, 6).
            mean_stress: that the block is held at, (6,); then the strain is found too.
        """
        materials = len(self.stiffness)
        own = np.zeros((materials, 6)) if eigenstrain is None else eigenstrain
        macro, free = np.array(strain, np.float64), mean_stress is not None
        target = np.zeros(6) if mean_stress is None else mean_stress
        applied = np.tile(macro, (materials, 1)) - own
        u = np.zeros((3, *self.phase.shape))
        r, q = np.zeros_like(u), np.zeros_like(u)
        mean = stress_of(u, self.phase, self.stiffness, applied, self.stress)
        force_of(self.stress, r)
        np.negative(r, out=r)
        pull = free * (target - mean) * self.phase.size
        z, give = self._softened(r), self._given(pull)
        p, along, rz = z.copy(), give.copy(), float(np.vdot(r, z) + pull @ give)
        start, count = rz, 0
        scale = float(np.sum(applied**2)) + float(np.sum(self._given(target) ** 2))
        floor = 1e-28 * float(np.sum(self.stiffness[:, 0, 0])) * scale
        while rz > tolerance**2 * start and rz > floor * u.size and count < most:
            moved = np.tile(along, (materials, 1))
            change = stress_of(p, self.phase, self.stiffness, moved, self.stress)
            force_of(self.stress, q)
            work = free * change * self.phase.size
            step = rz / float(np.vdot(p, q) + along @ work)
            u += step * p
            macro += step * along
            r -= step * q
            pull -= step * work
            z, give = self._softened(r), self._given(pull)
            before, rz = rz, float(np.vdot(r, z) + pull @ give)
            p *= rz / before
            p += z
            along = along * (rz / before) + give
            count += 1
        left = float(np.sqrt(rz / start)) if start > floor * u.size else 0.0
        applied = np.tile(macro, (materials, 1)) - own
        mean = stress_of(u, self.phase, self.stiffness, applied, self.stress)
        return Equilibrium(mean, macro, u, left, count, left <= tolerance)

    def _given(self, pull: Floats) -> Floats:
        """Macroscopic strain of a uniform material under a force conjugate to it."""
        normal = pull[:3].sum() * self.lame / (3.0 * self.lame + 2.0 * self.shear)
        bulk = (pull[:3] - normal) / (2.0 * self.shear)
        return np.concatenate([bulk, pull[3:] / self.shear]) / self.phase.size
