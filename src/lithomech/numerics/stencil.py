"""Conduction between voxels: the seven-point operator, its smoother and its coarsening.

Arrays are padded by one voxel on every side. A conductance ``g_0[i, j, k]`` belongs to the face
between voxel i - 1 and voxel i along axis 0, and so on; the ends of axis 0 are held at fixed
potentials through half a voxel (``drain``). Where all voxels conduct alike, the number of open
faces of each voxel (``count``) is all there is to store: functions named ``alike`` use that.

Aggregates of 2 x 2 x 2 voxels with one value each make the coarse operator the same stencil
again, whose face conductance is the sum of its four fine faces.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numba import get_num_threads, prange, set_num_threads
from numpy.typing import NDArray

from lithomech.numerics.compiled import entry

threaded = partial(entry, parallel=True, nogil=False)
SINGLE = np.float32
Single = NDArray[np.float32]
Potential = NDArray[np.floating[Any]]  # single, or double where it has to be
ENDS = 2  # conductance of the half voxel to an end, in units of that between two voxels


class Faces(NamedTuple):
    """Conductances of the padded grid; ``drain`` leads to the ends of axis 0."""

    g_0: Single
    g_1: Single
    g_2: Single
    drain: Single


class Operator(NamedTuple):
    """Conductances between voxels, and the sum over the faces of each voxel."""

    g_0: Single
    g_1: Single
    g_2: Single
    diagonal: Single


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the kernels run on one thread inside."""
    before = get_num_threads()
    set_num_threads(1)
    try:
        yield
    finally:
        set_num_threads(before)


@threaded
def count_faces(solid, count):
    """Number of open faces of every conducting voxel, those to the ends counted twice."""
    n_0, n_1, n_2 = solid.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                if solid[i, j, k]:
                    c = solid[i - 1, j, k] + solid[i + 1, j, k] + solid[i, j - 1, k]
                    c += solid[i, j + 1, k] + solid[i, j, k - 1] + solid[i, j, k + 1]
                    if i == 1:
                        c += ENDS
                    if i == n_0 - 2:
                        c += ENDS
                    count[i, j, k] = c


@threaded
def apply_alike(count, x, y):
    """Compute y = A x and return x . y."""
    n_0, n_1, n_2 = x.shape
    total = 0.0
    for i in prange(1, n_0 - 1):
        part = 0.0
        for j in range(1, n_1 - 1):
            line = SINGLE(0)
            for k in range(1, n_2 - 1):
                c = SINGLE(count[i, j, k])
                near = x[i - 1, j, k] + x[i + 1, j, k] + x[i, j - 1, k]
                near += x[i, j + 1, k] + x[i, j, k - 1] + x[i, j, k + 1]
                v = c * x[i, j, k] - near if c > 0 else SINGLE(0)
                y[i, j, k] = v
                line += v * x[i, j, k]
            part += line
        total += part
    return total


@threaded
def smooth_alike(count, x, r, colour):
    """Half a red-black Gauss-Seidel sweep on A x = r.

    Each line goes through a buffer: all of it at once is faster than every other voxel.
    """
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        line = np.empty(n_2, np.float32)
        for j in range(1, n_1 - 1):
            parity = (i + j + colour) & 1
            for k in range(1, n_2 - 1):
                c = SINGLE(count[i, j, k])
                near = x[i - 1, j, k] + x[i + 1, j, k] + x[i, j - 1, k]
                near += x[i, j + 1, k] + x[i, j, k - 1] + x[i, j, k + 1]
                turn = ((k + parity) & 1 == 0) & (c > 0)
                line[k] = (r[i, j, k] + near) / max(c, SINGLE(1)) if turn else x[i, j, k]
            for k in range(1, n_2 - 1):
                x[i, j, k] = line[k]


@threaded
def start_alike(count, x, r):
    """The first colour of a sweep from x = 0."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                c = count[i, j, k]
                even = (i + j + k) & 1 == 0
                x[i, j, k] = r[i, j, k] / SINGLE(c) if c > 0 and even else SINGLE(0)


@threaded
def residual_alike(count, x, r, out):
    """Compute r - A x."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                c = SINGLE(count[i, j, k])
                near = x[i - 1, j, k] + x[i + 1, j, k] + x[i, j - 1, k]
                near += x[i, j + 1, k] + x[i, j, k - 1] + x[i, j, k + 1]
                out[i, j, k] = r[i, j, k] - c * x[i, j, k] + near if c > 0 else SINGLE(0)


@threaded
def aggregate(values, coarse):
    """Sum over each aggregate."""
    n_0, n_1, n_2 = values.shape
    m_0, m_1, m_2 = coarse.shape
    for a in prange(1, m_0 - 1):
        line = np.empty(n_2 + 1, np.float32)
        for b in range(1, m_1 - 1):
            for k in range(n_2 + 1):
                line[k] = SINGLE(0)
            for i in range(2 * a - 1, min(2 * a + 1, n_0 - 1)):
                for j in range(2 * b - 1, min(2 * b + 1, n_1 - 1)):
                    for k in range(1, n_2 - 1):
                        line[k] += values[i, j, k]
            for c in range(1, m_2 - 1):
                coarse[a, b, c] = line[2 * c - 1] + line[2 * c]


@threaded
def prolong(active, x, coarse, weight):
    """Add the value of each aggregate to its conducting voxels."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        a = (i + 1) // 2
        for j in range(1, n_1 - 1):
            b = (j + 1) // 2
            for k in range(1, n_2 - 1):
                if active[i, j, k] > 0:
                    x[i, j, k] += weight * coarse[a, b, (k + 1) // 2]


@threaded
def coarsen_alike(solid, coarse):
    """Face conductances between aggregates of voxels that conduct alike."""
    g_0, g_1, g_2, drain = coarse
    n_0, n_1, n_2 = solid.shape
    m_0, m_1, m_2 = drain.shape
    for a in prange(1, m_0 - 1):
        under = np.empty(n_2 + 1, np.float32)
        beside = np.empty(n_2 + 1, np.float32)
        behind = np.empty(n_2 + 1, np.float32)
        held = np.empty(n_2 + 1, np.float32)
        for b in range(1, m_1 - 1):
            for k in range(n_2 + 1):
                under[k] = beside[k] = behind[k] = held[k] = SINGLE(0)
            for i in range(2 * a - 1, min(2 * a + 1, n_0 - 1)):
                at_end = SINGLE(ENDS * ((i == 1) + (i == n_0 - 2)))
                lower_0 = SINGLE(i == 2 * a - 1)
                for j in range(2 * b - 1, min(2 * b + 1, n_1 - 1)):
                    lower_1 = SINGLE(j == 2 * b - 1)
                    for k in range(1, n_2 - 1):
                        s = SINGLE(solid[i, j, k])
                        under[k] += lower_0 * s * solid[i - 1, j, k]
                        beside[k] += lower_1 * s * solid[i, j - 1, k]
                        behind[k] += s * solid[i, j, k - 1]
                        held[k] += at_end * s
            for c in range(1, m_2 - 1):
                k = 2 * c - 1
                g_0[a, b, c] = under[k] + under[k + 1]
                g_1[a, b, c] = beside[k] + beside[k + 1]
                g_2[a, b, c] = behind[k]
                drain[a, b, c] = held[k] + held[k + 1]


@threaded
def coarsen(fine, coarse):
    """Face conductances between aggregates: the sums over their fine faces."""
    f_0, f_1, f_2, fine_drain = fine
    g_0, g_1, g_2, drain = coarse
    n_0, n_1, n_2 = fine_drain.shape
    m_0, m_1, m_2 = drain.shape
    for a in prange(1, m_0 - 1):
        for b in range(1, m_1 - 1):
            for c in range(1, m_2 - 1):
                s_0, s_1, s_2, d = SINGLE(0), SINGLE(0), SINGLE(0), SINGLE(0)
                for i in range(2 * a - 1, min(2 * a + 1, n_0 - 1)):
                    for j in range(2 * b - 1, min(2 * b + 1, n_1 - 1)):
                        for k in range(2 * c - 1, min(2 * c + 1, n_2 - 1)):
                            if i == 2 * a - 1:
                                s_0 += f_0[i, j, k]
                            if j == 2 * b - 1:
                                s_1 += f_1[i, j, k]
                            if k == 2 * c - 1:
                                s_2 += f_2[i, j, k]
                            d += fine_drain[i, j, k]
                g_0[a, b, c], g_1[a, b, c], g_2[a, b, c], drain[a, b, c] = s_0, s_1, s_2, d


@threaded
def sum_faces(faces, diagonal):
    """Diagonal of the operator."""
    g_0, g_1, g_2, drain = faces
    n_0, n_1, n_2 = diagonal.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                d = drain[i, j, k] + g_0[i, j, k] + g_0[i + 1, j, k] + g_1[i, j, k]
                d += g_1[i, j + 1, k] + g_2[i, j, k] + g_2[i, j, k + 1]
                diagonal[i, j, k] = d


@threaded
def apply_faces(operator, x, y):
    """Compute y = A x and return x . y."""
    g_0, g_1, g_2, diagonal = operator
    n_0, n_1, n_2 = x.shape
    total = 0.0
    for i in prange(1, n_0 - 1):
        part = 0.0
        for j in range(1, n_1 - 1):
            line = SINGLE(0)
            for k in range(1, n_2 - 1):
                near = g_0[i, j, k] * x[i - 1, j, k] + g_0[i + 1, j, k] * x[i + 1, j, k]
                near += g_1[i, j, k] * x[i, j - 1, k] + g_1[i, j + 1, k] * x[i, j + 1, k]
                near += g_2[i, j, k] * x[i, j, k - 1] + g_2[i, j, k + 1] * x[i, j, k + 1]
                v = diagonal[i, j, k] * x[i, j, k] - near
                y[i, j, k] = v
                line += v * x[i, j, k]
            part += line
        total += part
    return total


@threaded
def smooth_faces(operator, x, r, colour):
    """Half a red-black Gauss-Seidel sweep on A x = r."""
    g_0, g_1, g_2, diagonal = operator
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        line = np.empty(n_2, np.float32)
        for j in range(1, n_1 - 1):
            parity = (i + j + colour) & 1
            for k in range(1, n_2 - 1):
                d = diagonal[i, j, k]
                near = g_0[i, j, k] * x[i - 1, j, k] + g_0[i + 1, j, k] * x[i + 1, j, k]
                near += g_1[i, j, k] * x[i, j - 1, k] + g_1[i, j + 1, k] * x[i, j + 1, k]
                near += g_2[i, j, k] * x[i, j, k - 1] + g_2[i, j, k + 1] * x[i, j, k + 1]
                turn = ((k + parity) & 1 == 0) & (d > 0)
                line[k] = (r[i, j, k] + near) / d if turn else x[i, j, k]
            for k in range(1, n_2 - 1):
                x[i, j, k] = line[k]


@threaded
def residual_faces(operator, x, r, out):
    """Compute r - A x."""
    g_0, g_1, g_2, diagonal = operator
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                near = g_0[i, j, k] * x[i - 1, j, k] + g_0[i + 1, j, k] * x[i + 1, j, k]
                near += g_1[i, j, k] * x[i, j - 1, k] + g_1[i, j + 1, k] * x[i, j + 1, k]
                near += g_2[i, j, k] * x[i, j, k - 1] + g_2[i, j, k + 1] * x[i, j, k + 1]
                v = r[i, j, k] - diagonal[i, j, k] * x[i, j, k] + near
                out[i, j, k] = v if diagonal[i, j, k] > 0 else SINGLE(0)


@threaded
def wrap(x):
    """Copy the sides of axes 1 and 2 to the padding opposite: periodic neighbours."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for k in range(n_2):
            x[i, 0, k] = x[i, n_1 - 2, k]
            x[i, n_1 - 1, k] = x[i, 1, k]
        for j in range(n_1):
            x[i, j, 0] = x[i, j, n_2 - 2]
            x[i, j, n_2 - 1] = x[i, j, 1]


@threaded
def dot(a, b):
    """Scalar product, rows in single and sums in double precision."""
    total = 0.0
    for i in prange(1, a.shape[0] - 1):
        part = 0.0
        for j in range(1, a.shape[1] - 1):
            line = SINGLE(0)
            for k in range(1, a.shape[2] - 1):
                line += a[i, j, k] * b[i, j, k]
            part += line
        total += part
    return total


@threaded
def advance(x, r, p, q, step):
    """Move x += step p and r -= step q."""
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                x[i, j, k] += step * p[i, j, k]
                r[i, j, k] -= step * q[i, j, k]


@threaded
def turn(p, z, weight):
    """New direction p = z + weight p."""
    n_0, n_1, n_2 = p.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                p[i, j, k] = z[i, j, k] + weight * p[i, j, k]


@threaded
def remain_faces(operator, inflow, x, out):
    """Residual of a potential whose first layer is fed, in the precision of x."""
    g_0, g_1, g_2, diagonal = operator
    n_0, n_1, n_2 = x.shape
    for i in prange(1, n_0 - 1):
        for j in range(1, n_1 - 1):
            for k in range(1, n_2 - 1):
                here = x[i, j, k]
                v = g_0[i, j, k] * (x[i - 1, j, k] - here)
                v += g_0[i + 1, j, k] * (x[i + 1, j, k] - here)
                v += g_1[i, j, k] * (x[i, j - 1, k] - here)
                v += g_1[i, j + 1, k] * (x[i, j + 1, k] - here)
                v += g_2[i, j, k] * (x[i, j, k - 1] - here)
                v += g_2[i, j, k + 1] * (x[i, j, k + 1] - here)
                if i == 1 or i == n_0 - 2:
                    drain = inflow[j - 1, k - 1] if i == 1 else SINGLE(0)
                    others = g_0[i, j, k] + g_0[i + 1, j, k] + g_1[i, j, k]
                    others += g_1[i, j + 1, k] + g_2[i, j, k] + g_2[i, j, k + 1]
                    v += drain - (diagonal[i, j, k] - others) * here
                out[i, j, k] = v
