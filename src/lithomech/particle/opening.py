"""Openings of the boundaries in each voxel, and the stiffness that is left of it.

The voxel's strain is elastic, and sym(n (x) w)/h of every plane. On an open plane the traction
is k w with the secant stiffness k of the cohesive law; a closed one keeps its residual opening
w_r and slides without friction where it is broken. All planes of a voxel are solved together;
each is then given the opening that its own law asks for, the others held.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from lithomech.laws import fracture
from lithomech.numerics.compiled import allocating, kernel
from lithomech.numerics.stencil import threaded

HALVINGS = 40
RIGID = 1e6  # stiffness of a plane that cannot open, over that of the voxel across it
SPENT = 1e-4  # stiffness of a broken one
SLIDING = 1.0  # weight of sliding in the effective opening


class Planes(NamedTuple):
    """The planes of m voxels, up to three in each."""

    stiffness: np.ndarray  # of the whole voxel, (m, 6, 6)
    normal: np.ndarray  # (m, 3, 3): [voxel, plane, component]
    per_width: np.ndarray  # 1/h [1/m], 0 where there is no plane, (m, 3)
    strength: np.ndarray  # of the cohesive law [Pa], (m,)
    final: np.ndarray  # opening at which nothing holds any more [m], (m,)


class PlaneState(NamedTuple):
    """What the planes remember; changes in place."""

    largest: np.ndarray  # largest effective opening so far [m], (m, 3)
    residual: np.ndarray  # opening that stays when a plane is shut [m], (m, 3)
    shut: np.ndarray  # whether it is shut, (m, 3)


class Response(NamedTuple):
    """How the voxels answer; filled in place."""

    openings: np.ndarray  # of every plane [m], (m, 3, 3): [voxel, plane, component]
    stiffness: np.ndarray  # that is left, (m, 6, 6)
    shut_strain: np.ndarray  # of residual openings that are shut, (m, 6)


class Scratch(NamedTuple):
    """Room for the equations of one voxel."""

    a: np.ndarray  # matrix, (9, 9)
    b: np.ndarray  # right-hand sides, (9, 7)
    rows: np.ndarray  # that take a stress to the tractions, (9, 6)
    stressed: np.ndarray  # the same times the stiffness, (9, 6)
    k: np.ndarray  # stiffness of one plane, (3, 3)


def unloaded(count: int) -> PlaneState:
    """Planes of as many voxels that have never opened."""
    return PlaneState(
        np.zeros((count, 3)), np.zeros((count, 3)), np.zeros((count, 3), np.bool_)
    )


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
def _moving(i, planes, state, rows, used, e_shut):
    """Planes of a voxel that are not rigid: their numbers, rows of tractions, shut strain."""
    normal, per_width = planes.normal[i], planes.per_width[i]
    count = 0
    e_shut[:] = 0.0
    for j in range(3):
        if per_width[j] == 0.0 or (state.largest[i, j] == 0.0 and state.residual[i, j] == 0.0):
            continue
        traction_rows(normal[j], rows[3 * count : 3 * count + 3])
        if state.shut[i, j]:
            kept = per_width[j] * state.residual[i, j]
            for c in range(6):
                for r in range(3):
                    e_shut[c] += kept * normal[j, r] * rows[3 * count + r, c]
        used[count] = j
        count += 1
    return count


@allocating
def respond(i, e, planes, state, scratch, response):
    """Fill the response of voxel i: openings, stiffness that is left, strain of shut planes.

    With rows H that take a stress to tractions, K the stiffness of the planes and h their
    widths: (K + H C H^T/h) w = H C e, and what is left is C - C H^T/h (K + H C H^T/h)^-1 H C.

    Args:
        i: the voxel.
        e: its strain less that of the lattice, (6,).
        planes: of all voxels; ``state`` theirs.
        scratch: room for the equations.
        response: of all voxels; that of voxel i is filled.
    """
    a, b, rows, stressed, k = scratch
    C, per_width = planes.stiffness[i], planes.per_width[i]
    w, C_left, e_shut = response.openings[i], response.stiffness[i], response.shut_strain[i]
    C_left[:, :] = C
    w[:, :] = 0.0
    used = np.zeros(3, np.int64)
    count = _moving(i, planes, state, rows, used, e_shut)
    size = 3 * count
    a[:size, :size] = 0.0
    for p in range(count):
        j = used[p]
        hard, largest, shut = C[0, 0] * per_width[j], state.largest[i, j], state.shut[i, j]
        strength, final = planes.strength[i], planes.final[i]
        _plane_stiffness(planes.normal[i, j], hard, largest, strength, final, shut, k)
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


@allocating
def _load(i, e, planes, state, response):
    """Let the planes of voxel i open, slide and shut under the tractions of its response.

    Returns:
        Planes that changed: by a hundredth of the energy, or shut, or open again; and whether
        any did at all.
    """
    C, C_left, e_shut = planes.stiffness, response.stiffness[i], response.shut_strain[i]
    strength, final, changed, moved = planes.strength[i], planes.final[i], 0, False
    t, rows = np.zeros(3), np.zeros((3, 6))
    for j in range(3):
        per_width = planes.per_width[i, j]
        if per_width == 0.0:
            continue
        n, w, residual = planes.normal[i, j], response.openings[i, j], state.residual[i, j]
        hard, soft = C[i, 0, 0] * per_width, C[i, 3, 3] * per_width
        was, before = state.shut[i, j], state.largest[i, j]
        _traction(n, C_left, e, e_shut, rows, t)
        pulled, along, shut = _next(n, t, w, residual, was, hard, soft)
        across = 0.0 if shut else max(pulled, 0.0)
        largest = opened(across, along, hard, soft, strength, final, before)
        more = min(largest, final) - min(before, final) > 0.01 * final
        if more or (shut != was and largest > 0.0):
            changed += 1
        moved = moved or largest != before or shut != was
        state.largest[i, j], state.shut[i, j] = largest, shut
    return changed, moved


@threaded
def open_boundaries(strain, planes, state, response):
    """Let the boundaries of all voxels open, slide and shut; see the module.

    Args:
        strain: less that of the lattice, (m, 6).
        planes: of the voxels.
        state: changed in place.
        response: filled in place.

    Returns:
        Planes that changed: by a hundredth of the energy, or shut, or open again.
    """
    changed = np.zeros(len(strain), np.int64)
    for i in prange(len(strain)):
        scratch = Scratch(
            np.zeros((9, 9)), np.zeros((9, 7)), np.zeros((9, 6)), np.zeros((9, 6)),
            np.zeros((3, 3)),
        )  # fmt: skip
        respond(i, strain[i], planes, state, scratch, response)
        changed[i], moved = _load(i, strain[i], planes, state, response)
        if moved:
            respond(i, strain[i], planes, state, scratch, response)
    return changed.sum()


@threaded
def respond_everywhere(strain, planes, state, response):
    """Fill the response of all voxels as the boundaries are; see ``respond``."""
    for i in prange(len(strain)):
        scratch = Scratch(
            np.zeros((9, 9)), np.zeros((9, 7)), np.zeros((9, 6)), np.zeros((9, 6)),
            np.zeros((3, 3)),
        )  # fmt: skip
        respond(i, strain[i], planes, state, scratch, response)
