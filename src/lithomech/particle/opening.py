"""Openings of the boundaries in each voxel, and the stiffness that is left of it.

The voxel's strain is elastic, and sym(n (x) w)/h of every plane. On an open plane the traction
is k w with the secant stiffness k of the cohesive law; a closed one keeps its residual opening
w_r and slides without friction where it is broken. All planes of a voxel are solved together;
each is then given the opening that its own law asks for, the others held.
"""

import numpy as np
from numba import prange

from lithomech.laws import fracture
from lithomech.numerics.compiled import allocating, kernel
from lithomech.numerics.stencil import threaded

HALVINGS = 40
RIGID = 1e6  # stiffness of a plane that cannot open, over that of the voxel across it
SPENT = 1e-4  # stiffness of a broken one
SLIDING = 1.0  # weight of sliding in the effective opening

_stiffness = kernel(fracture.cohesive_stiffness)
_effective = kernel(fracture.effective_opening)


@kernel
def traction_rows(n, rows):
    """Rows (3, 6) that take the vector of a stress to the traction on a plane."""
    rows[:, :] = 0.0
    rows[0, 0], rows[0, 5], rows[0, 4] = n[0], n[1], n[2]
    rows[1, 5], rows[1, 1], rows[1, 3] = n[0], n[1], n[2]
    rows[2, 4], rows[2, 3], rows[2, 2] = n[0], n[1], n[2]


@kernel
def opened(trial_n, trial_t, hard, soft, strength, final, least):
    """Effective opening that the law asks for under the traction of a plane held shut.

    Args:
        trial_n: normal traction if the plane did not open, >= 0.
        trial_t: shear likewise.
        hard: stiffness of the voxel across the plane; ``soft`` along it.
        strength, final: of the law.
        least: largest opening so far.
    """
    low = least
    high = 3.0 * np.sqrt((trial_n / hard) ** 2 + (SLIDING * trial_t / soft) ** 2)
    if high <= low:
        return least
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        k = max(_stiffness(strength, final, middle), SPENT * hard)
        w_n, w_t = trial_n / (k + hard), trial_t / (SLIDING**2 * k + soft)
        if _effective(w_n, w_t, SLIDING) > middle:
            low = middle
        else:
            high = middle
    return low


@kernel
def _gauss(a, b, n):
    """Solve a x = b in place, a symmetric and positive (n, n), b (n, 7)."""
    for i in range(n):
        scale = 1.0 / a[i, i]
        for r in range(i + 1, n):
            f = a[r, i] * scale
            if f == 0.0:
                continue
            for c in range(i, n):
                a[r, c] -= f * a[i, c]
            for c in range(7):
                b[r, c] -= f * b[i, c]
    for i in range(n - 1, -1, -1):
        for c in range(7):
            total = b[i, c]
            for r in range(i + 1, n):
                total -= a[i, r] * b[r, c]
            b[i, c] = total / a[i, i]


@kernel
def _plane_stiffness(n, hard, largest, strength, final, shut, k):
    """Stiffness k w = t of one plane into ``k`` (3, 3)."""
    held = RIGID * hard
    along = held
    if largest > 0.0:
        along = max(_stiffness(strength, final, largest), SPENT * hard)
    across = held if shut else along
    along *= SLIDING**2
    for r in range(3):
        for c in range(3):
            k[r, c] = (across - along) * n[r] * n[c]
        k[r, r] += along


@kernel
def _moving(per_width, state, normal, rows, used, e_shut):
    """Planes of a voxel that are not rigid: their numbers, rows of tractions, shut strain."""
    count = 0
    e_shut[:] = 0.0
    for j in range(3):
        if per_width[j] == 0.0 or (state[0, j] == 0.0 and state[1, j] == 0.0):
            continue
        traction_rows(normal[j], rows[3 * count : 3 * count + 3])
        if state[2, j] > 0.0:
            kept = per_width[j] * state[1, j]
            for c in range(6):
                for r in range(3):
                    e_shut[c] += kept * normal[j, r] * rows[3 * count + r, c]
        used[count] = j
        count += 1
    return count


@allocating
def response(e, C, normal, per_width, state, law, work, w, C_left, e_shut):
    """Openings of a voxel, the stiffness that is left, and the strain of its shut planes.

    With rows H that take a stress to tractions, K the stiffness of the planes and h their
    widths: (K + H C H^T/h) w = H C e, and what is left is C - C H^T/h (K + H C H^T/h)^-1 H C.

    Args:
        e: strain less that of the lattice, (6,).
        C: stiffness of the whole voxel, (6, 6).
        normal: (3, 3); ``per_width`` (3,).
        state: rows largest opening, residual opening, shut or not, (3, 3).
        law: strength and final opening.
        work: scratch, (a (9, 9), b (9, 7), rows (9, 6), stressed (9, 6), k (3, 3)).
        w: openings out, (3, 3); ``C_left`` (6, 6); ``e_shut`` (6,).
    """
    a, b, rows, stressed, k = work
    C_left[:, :] = C
    w[:, :] = 0.0
    used = np.zeros(3, np.int64)
    count = _moving(per_width, state, normal, rows, used, e_shut)
    size = 3 * count
    a[:size, :size] = 0.0
    for p in range(count):
        j = used[p]
        hard, shut = C[0, 0] * per_width[j], state[2, j] > 0.0
        _plane_stiffness(normal[j], hard, state[0, j], law[0], law[1], shut, k)
        a[3 * p : 3 * p + 3, 3 * p : 3 * p + 3] = k
    for r in range(size):
        b[r, 6] = 0.0
        for c in range(6):
            total = 0.0
            for q in range(6):
                total += rows[r, q] * C[q, c]
            b[r, c] = stressed[r, c] = total
            b[r, 6] += total * (e[c] - e_shut[c])
    for r in range(size):
        for c in range(size):
            total = 0.0
            for q in range(6):
                total += stressed[r, q] * rows[c, q]
            a[r, c] += total * per_width[used[c // 3]]
    _gauss(a, b, size)
    for q in range(size):
        j = used[q // 3]
        w[j, q % 3] = b[q, 6]
        for r in range(6):
            for c in range(6):
                C_left[r, c] -= stressed[q, r] * per_width[j] * b[q, c]


@kernel
def _traction(n, C_left, e, e_shut, rows, t):
    """Traction on a plane into ``t`` (3,)."""
    traction_rows(n, rows)
    t[:] = 0.0
    for c in range(6):
        sigma = 0.0
        for q in range(6):
            sigma += C_left[c, q] * (e[q] - e_shut[q])
        for r in range(3):
            t[r] += rows[r, c] * sigma


@kernel
def _next(n, t, w, residual, shut, hard, soft):
    """Tractions on the plane if it did not open, across and along; whether it is to be shut."""
    t_n = t[0] * n[0] + t[1] * n[1] + t[2] * n[2]
    w_n = w[0] * n[0] + w[1] * n[1] + w[2] * n[2]
    along = 0.0
    for r in range(3):
        along += (t[r] - t_n * n[r] + soft * (w[r] - w_n * n[r])) ** 2
    pulled = t_n + hard * (residual if shut else w_n)
    return pulled, np.sqrt(along), pulled <= hard * residual


@threaded
def open_boundaries(strain, C, normal, per_width, state, law, C_left, e_shut, w):
    """Let the boundaries of all voxels open, slide and shut; see the module.

    Args:
        strain: less that of the lattice, (m, 6).
        C: stiffness of the whole voxels, (m, 6, 6).
        normal: (m, 3, 3); ``per_width`` (m, 3).
        state: (m, 3, 3), changed in place.
        law: strength [Pa] and final opening [m], (m, 2).
        C_left: stiffness that is left, out, (m, 6, 6).
        e_shut: strain of residual openings that are shut, out, (m, 6).
        w: openings, out, (m, 3, 3).

    Returns:
        Planes that changed: by a hundredth of the energy, or shut, or open again.
    """
    changed = np.zeros(len(strain), np.int64)
    for i in prange(len(strain)):
        work = (
            np.zeros((9, 9)), np.zeros((9, 7)), np.zeros((9, 6)), np.zeros((9, 6)),
            np.zeros((3, 3)),
        )  # fmt: skip
        e, N, pw, law_i, C_i = strain[i], normal[i], per_width[i], law[i], C_left[i]
        response(e, C[i], N, pw, state[i], law_i, work, w[i], C_i, e_shut[i])
        t, rows = np.zeros(3), np.zeros((3, 6))
        for j in range(3):
            if pw[j] == 0.0:
                continue
            hard, soft = C[i, 0, 0] * pw[j], C[i, 3, 3] * pw[j]
            was, before = state[i, 2, j] > 0.0, state[i, 0, j]
            _traction(N[j], C_i, e, e_shut[i], rows, t)
            pulled, along, shut = _next(N[j], t, w[i, j], state[i, 1, j], was, hard, soft)
            across = 0.0 if shut else max(pulled, 0.0)
            largest = opened(across, along, hard, soft, law_i[0], law_i[1], before)
            more = min(largest, law_i[1]) - min(before, law_i[1]) > 0.01 * law_i[1]
            if more or (shut != was and largest > 0.0):
                changed[i] += 1
            state[i, 0, j], state[i, 2, j] = largest, 1.0 if shut else 0.0
        response(e, C[i], N, pw, state[i], law_i, work, w[i], C_i, e_shut[i])
    return changed.sum()
