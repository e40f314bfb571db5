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

from lithomech.numerics.compiled import kernel
from lithomech.numerics.stencil import threaded

Floats = NDArray[np.float64]
NONE = np.zeros((6, 1, 1, 1))  # no strain of its own
SINGLE = 3e-3  # tolerance from which the preconditioner has single precision
NOTHING = 1e-12  # square of a wave vector that strains nothing


def isotropic(K: float, G: float) -> Floats:
    """Stiffness of an isotropic solid [Pa], (6, 6).

    Args:
        K: bulk modulus; ``G`` shear modulus [Pa].
    """
    matrix = np.diag([2.0 * G] * 3 + [G] * 3)
    matrix[:3, :3] += K - 2.0 / 3.0 * G
    return matrix


class Load(NamedTuple):
    """What acts on a block.

    Attributes:
        strain: macroscopic, (6,); where a mean stress is given, where to begin.
        own: strain of the voxels without stress, (6, n_0, n_1, n_2).
        mean_stress: that the block is held at, (6,); then the strain is found too.
    """

    strain: Floats = np.zeros(6)
    own: Floats | None = None
    mean_stress: Floats | None = None

    @property
    def released(self) -> Floats:
        """Strain without stress, as the kernels take it."""
        return NONE if self.own is None else self.own

    @property
    def size(self) -> float:
        """Square of the largest strain that the load speaks of, or of one in 1e8."""
        return max(float(np.max(self.strain**2)), float(np.max(self.released**2)), 1e-16)


class Equilibrium(NamedTuple):
    """A block at rest under a macroscopic strain.

    Attributes:
        stress: mean over the block, (6,).
        strain: macroscopic, (6,).
        displacement: of the nodes beyond the macroscopic strain, (3, n_0, n_1, n_2).
        residual: force that is left over ``scale``, in the energy norm.
        scale: square of the force on the undeformed block, the largest of this equilibrium and
            those it was begun from.
        iterations: of conjugate gradients.
        converged: whether the residual is below the tolerance.
    """

    stress: Floats
    strain: Floats
    displacement: Floats
    residual: float
    scale: float
    iterations: int
    converged: bool


@kernel
def _row_gradients(u, i, a, j, b, g):
    """Gradients of u in the voxels along the last axis into ``g`` (3, 3, n_2): [of, along, k].

    Row i is followed by row a along axis 0, row j by row b along axis 1. Sums of four rows
    first: what runs along k is contiguous.
    """
    last = g.shape[2] - 1
    for d in range(3):
        u_00, u_01, u_10, u_11 = u[d, i, j], u[d, i, b], u[d, a, j], u[d, a, b]
        first = u_10[0] + u_11[0] - u_00[0] - u_01[0]
        second = u_01[0] + u_11[0] - u_00[0] - u_10[0]
        whole = u_00[0] + u_01[0] + u_10[0] + u_11[0]
        for k in range(last):
            n = k + 1
            p, q, r, s = u_00[k], u_01[k], u_10[k], u_11[k]
            p_n, q_n, r_n, s_n = u_00[n], u_01[n], u_10[n], u_11[n]
            g[d, 0, k] = 0.25 * ((r + s - p - q) + (r_n + s_n - p_n - q_n))
            g[d, 1, k] = 0.25 * ((q + s - p - r) + (q_n + s_n - p_n - r_n))
            g[d, 2, k] = 0.25 * ((p_n + q_n + r_n + s_n) - (p + q + r + s))
        p, q, r, s = u_00[last], u_01[last], u_10[last], u_11[last]
        g[d, 0, last] = 0.25 * ((r + s - p - q) + first)
        g[d, 1, last] = 0.25 * ((q + s - p - r) + second)
        g[d, 2, last] = 0.25 * (whole - (p + q + r + s))


@threaded
def stress_of(u, phase, stiffness, strain, own, stress):
    """Stress of every voxel; ``strain`` (6,) is added to that of the displacement.

    ``own`` is the strain without stress, (6, n_0, n_1, n_2), or of shape (6, 1, 1, 1) for none.

    Returns:
        Mean stress, (6,).
    """
    n_0, n_1, n_2 = phase.shape
    released = own.shape[1:] == phase.shape
    total = np.zeros((n_0, 6))
    for i in prange(n_0):
        g, e = np.empty((3, 3, n_2)), np.empty((6, n_2))
        for j in range(n_1):
            _row_gradients(u, i, (i + 1) % n_0, j, (j + 1) % n_1, g)
            _row_strains(g, strain, e)
            if released:
                for r in range(6):
                    for k in range(n_2):
                        e[r, k] -= own[r, i, j, k]
            for k in range(n_2):
                c = stiffness[phase[i, j, k]]
                for r in range(6):
                    s = c[r, 0] * e[0, k] + c[r, 1] * e[1, k] + c[r, 2] * e[2, k]
                    s += c[r, 3] * e[3, k] + c[r, 4] * e[4, k] + c[r, 5] * e[5, k]
                    stress[r, i, j, k] = s
                    total[i, r] += s
    return total.sum(axis=0) / phase.size


@kernel
def _row_strains(g, strain, e):
    """Strains (6, n_2) of gradients (3, 3, n_2) and a uniform one."""
    for k in range(e.shape[1]):
        e[0, k] = strain[0] + g[0, 0, k]
        e[1, k] = strain[1] + g[1, 1, k]
        e[2, k] = strain[2] + g[2, 2, k]
        e[3, k] = strain[3] + g[1, 2, k] + g[2, 1, k]
        e[4, k] = strain[4] + g[0, 2, k] + g[2, 0, k]
        e[5, k] = strain[5] + g[0, 1, k] + g[1, 0, k]


@threaded
def strain_of(u, strain, out):
    """Strain of every voxel into ``out``, (6, n_0, n_1, n_2): of ``u``, and a uniform one."""
    n_0, n_1, n_2 = out.shape[1:]
    for i in prange(n_0):
        g = np.empty((3, 3, n_2))
        for j in range(n_1):
            _row_gradients(u, i, (i + 1) % n_0, j, (j + 1) % n_1, g)
            _row_strains(g, strain, out[:, i, j])


@threaded
def force_of(stress, force):
    """Force on the nodes that a stress asks for: the transpose of the strain's operator."""
    n_0, n_1, n_2 = stress.shape[1:]
    for i in prange(n_0):
        even, odd = np.empty((3, n_2)), np.empty((3, n_2))
        for j in range(n_1):
            even[:, :] = 0.0
            odd[:, :] = 0.0
            for x in range(2):
                for y in range(2):
                    a, b, w_0, w_1 = (i - x) % n_0, (j - y) % n_1, 2.0 * x - 1.0, 2.0 * y - 1.0
                    s_0, s_1, s_2 = stress[0, a, b], stress[1, a, b], stress[2, a, b]
                    s_3, s_4, s_5 = stress[3, a, b], stress[4, a, b], stress[5, a, b]
                    for k in range(n_2):
                        even[0, k] += w_0 * s_0[k] + w_1 * s_5[k]
                        even[1, k] += w_0 * s_5[k] + w_1 * s_1[k]
                        even[2, k] += w_0 * s_4[k] + w_1 * s_3[k]
                        odd[0, k] += s_4[k]
                        odd[1, k] += s_3[k]
                        odd[2, k] += s_2[k]
            for d in range(3):
                out = force[d, i, j]
                before, turned = even[d, n_2 - 1], odd[d, n_2 - 1]
                out[0] = 0.25 * (even[d, 0] + before + turned - odd[d, 0])
                for k in range(1, n_2):
                    out[k] = 0.25 * (even[d, k] + even[d, k - 1] + odd[d, k - 1] - odd[d, k])


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


@threaded
def inner(a, b):
    """Inner product of two flat fields."""
    total = 0.0
    for i in prange(a.size):
        total += a[i] * b[i]
    return total


@threaded
def advance(u, p, r, q, step):
    """Go a step along p, whose force is q; all are flat."""
    for i in prange(u.size):
        u[i] += step * p[i]
        r[i] -= step * q[i]


@threaded
def turn(p, z, share):
    """The next direction: z, and a share of the last one; both are flat."""
    for i in prange(p.size):
        p[i] = z[i] + share * p[i]


class Block:
    """A periodic block of voxels of several materials."""

    def __init__(self, phase: NDArray[np.integer], stiffness: Floats) -> None:
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

    def _softened(self, force: Floats, tolerance: float) -> Floats:
        """Displacement of a uniform material; in single precision where that is enough."""
        workers = get_num_threads()
        size = np.float32 if tolerance >= SINGLE else np.float64
        modes = np.asarray(scipy.fft.rfftn(force.astype(size), axes=(1, 2, 3), workers=workers))
        first, second, third = (wave.astype(modes.dtype) for wave in self.waves)
        soften(modes, first, second, third, size(self.lame), size(self.shear))
        shape = self.phase.shape
        found = scipy.fft.irfftn(modes, s=shape, axes=(1, 2, 3), workers=workers)
        return np.asarray(found, np.float64)

    def solve(
        self, load: Load, tolerance: float, most: int, start: Equilibrium | None = None
    ) -> Equilibrium:
        """Find the equilibrium under a load; ``stress`` then holds that of the voxels.

        Args:
            load: what acts on the block.
            tolerance: of the residual force, over that on the undeformed block.
            most: iterations.
            start: an equilibrium nearby, to begin from.
        """
        macro, u = np.array(load.strain, np.float64), np.zeros((3, *self.phase.shape))
        r = np.zeros_like(u)
        free, target = load.mean_stress is not None, np.zeros(6)
        target = target if load.mean_stress is None else load.mean_stress
        pull = free * (target - self._unbalanced(u, macro, load, r)) * self.phase.size
        z, give = self._softened(r, tolerance), self._given(pull)
        rz = scale = float(inner(r.ravel(), z.ravel()) + pull @ give)
        if start is not None:
            scale = max(scale, start.scale)
            u, macro = start.displacement.copy(), np.where(free, start.strain, macro)
            pull = free * (target - self._unbalanced(u, macro, load, r)) * self.phase.size
            z, give = self._softened(r, tolerance), self._given(pull)
            rz = float(inner(r.ravel(), z.ravel()) + pull @ give)
        p, along, q, count = z.copy(), give.copy(), np.zeros_like(u), 0
        floor = 1e-28 * self.stiffness[:, 0, 0].max() * self.phase.size * load.size
        while rz > tolerance**2 * scale and rz > floor and count < most:
            change = stress_of(p, self.phase, self.stiffness, along, NONE, self.stress)
            force_of(self.stress, q)
            work = free * change * self.phase.size
            step = rz / float(inner(p.ravel(), q.ravel()) + along @ work)
            advance(u.ravel(), p.ravel(), r.ravel(), q.ravel(), step)
            macro += step * along
            pull -= step * work
            z, give = self._softened(r, tolerance), self._given(pull)
            before, rz = rz, float(inner(r.ravel(), z.ravel()) + pull @ give)
            turn(p.ravel(), z.ravel(), rz / before)
            along = along * (rz / before) + give
            count += 1
        left = float(np.sqrt(rz / scale)) if scale > floor else 0.0
        mean = stress_of(u, self.phase, self.stiffness, macro, load.released, self.stress)
        return Equilibrium(mean, macro, u, left, scale, count, left <= tolerance)

    def _unbalanced(self, u: Floats, macro: Floats, load: Load, force: Floats) -> Floats:
        """Put the force that is out of balance into ``force``; return the mean stress."""
        mean = stress_of(u, self.phase, self.stiffness, macro, load.released, self.stress)
        force_of(self.stress, force)
        np.negative(force, out=force)
        return mean

    def _given(self, pull: Floats) -> Floats:
        """Macroscopic strain of a uniform material under a force conjugate to it."""
        normal = pull[:3].sum() * self.lame / (3.0 * self.lame + 2.0 * self.shear)
        bulk = (pull[:3] - normal) / (2.0 * self.shear)
        return np.concatenate([bulk, pull[3:] / self.shear]) / self.phase.size
