"""Spheres in contact, moved step by step: the discrete element method.

Contacts are elastic-plastic along the normal: Hertz until the mean pressure is the contact
yield pressure; then that pressure on an area that grows as in perfectly plastic indentation
(Storakers, Biwa and Larsson 1997); Hertz with a flatter radius on the way back (Johnson 1985).
A spring with Coulomb's limit acts across the contact. Positions follow the box as it strains
along axis 0; velocities are what remains. Axes are periodic or end at rigid plates without
friction.

Units are the caller's: any that agree. Shapes: positions, velocities and spins (grains, 3);
radii, masses and sorts (grains,); contact constants (sorts, sorts); box (3,).

References:
    CundallStrack1979; Johnson1985; Storakers1997.
"""

from typing import NamedTuple

import numpy as np

from lithomech.numerics.compiled import allocating, entry, kernel

MEMORY = 4  # of a contact: its largest overlap, and the tangential force
ROOM = 24  # first guess: neighbours a grain
SPREAD = 1.43  # c^2 of a perfectly plastic contact: a^2 = 2 c^2 R d (Storakers 1997)
SHEAR = 0.8  # tangential over normal stiffness of a contact (Mindlin, nu = 0.3)


class Contacts(NamedTuple):
    """Constants of every pair of sorts; the last column is a sort against a plate."""

    E_star: np.ndarray  # contact modulus
    p_y: np.ndarray  # contact yield pressure; inf = elastic
    friction: np.ndarray


class Pace(NamedTuple):
    """How the grains are moved."""

    dt: float  # time step
    damping: float  # share of a force that is taken while it drives a motion (Cundall)
    drag: float  # share of a velocity that a unit of time takes
    rate: float  # largest strain rate of the box
    gain: float  # share of that rate per relative distance from the pressure
    pressure: float  # wanted along axis 0
    stop: float  # length of axis 0 at which straining ends


@kernel
def normal_force(d, d_max, R, E, p_y):
    """Force and contact radius at an overlap d, of which d_max was the largest so far.

    The overlap is a dent that stays, (a^2 - a_y^2)/(2 c^2 R), and an elastic part that comes
    back, 3 F/(4 E a); the mean pressure is p_y from a_y on.
    """
    b = 0.75 * np.pi * p_y / E
    if d_max <= b * b * R:
        a = np.sqrt(R * d)
        return 4.0 / 3.0 * E * a * d, a
    q, a_y = 2.0 * SPREAD * R, b * R
    a_max = 0.5 * q * (np.sqrt(b * b + 4.0 * (d_max + a_y * a_y / q) / q) - b)
    if d >= d_max:
        return np.pi * p_y * a_max * a_max, a_max
    left = d - (a_max * a_max - a_y * a_y) / q
    if left <= 0.0:
        return 0.0, 0.0
    a = np.sqrt(a_max / b * left)
    return 4.0 / 3.0 * E * a * left, a


@allocating
def _cells(X, L, walled, w):
    """Grains sorted into cells of about w: cells along each axis, first of a cell, next."""
    m = np.empty(3, np.int64)
    for d in range(3):
        m[d] = max(1, int(L[d] / w))
    first = np.full((m[0], m[1], m[2]), -1, np.int32)
    following = np.empty(X.shape[0], np.int32)
    place = np.empty((X.shape[0], 3), np.int32)
    for i in range(X.shape[0]):
        for d in range(3):
            c = int(np.floor(X[i, d] / L[d] * m[d]))
            place[i, d] = min(max(c, 0), m[d] - 1) if walled[d] else c % m[d]
        a, b, c = place[i]
        following[i] = first[a, b, c]
        first[a, b, c] = i
    return m, first, following, place


@kernel
def _within(X, i, j, L, walled, reach):
    s = 0.0
    for d in range(3):
        t = X[i, d] - X[j, d]
        if not walled[d]:
            t -= L[d] * np.rint(t / L[d])
        s += t * t
    return s < reach * reach


@entry
def neighbours(X, R, L, walled, skin):
    """Pairs (larger, smaller) closer than their radii and a skin, in order of the first."""
    n = X.shape[0]
    m, first, following, place = _cells(X, L, walled, 2.0 * np.min(R) + skin)
    room, found = ROOM * n, 0
    pairs = np.empty((room, 2), np.int32)
    low, high = np.empty(3, np.int64), np.empty(3, np.int64)
    for i in range(n):
        for d in range(3):
            k = int(np.ceil((2.0 * R[i] + skin) * m[d] / L[d]))
            low[d], high[d] = place[i, d] - k, place[i, d] + k
            if walled[d]:
                low[d], high[d] = max(low[d], 0), min(high[d], m[d] - 1)
            elif 2 * k + 1 >= m[d]:
                low[d], high[d] = 0, m[d] - 1
        for a in range(low[0], high[0] + 1):
            for b in range(low[1], high[1] + 1):
                for c in range(low[2], high[2] + 1):
                    j = first[a % m[0], b % m[1], c % m[2]]
                    while j >= 0:
                        smaller = R[j] < R[i] or (R[j] == R[i] and j < i)
                        if smaller and _within(X, i, j, L, walled, R[i] + R[j] + skin):
                            if found == room:
                                room *= 2
                                wider = np.empty((room, 2), np.int32)
                                wider[:found] = pairs
                                pairs = wider
                            pairs[found, 0], pairs[found, 1] = i, j
                            found += 1
                        j = following[j]
    return pairs[:found].copy()


@entry
def carry(old, memory, new, n):
    """Memory of the contacts of a new list of pairs."""
    start = np.zeros(n + 1, np.int64)
    for p in range(old.shape[0]):
        start[old[p, 0] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    out = np.zeros((new.shape[0], MEMORY))
    for p in range(new.shape[0]):
        i = new[p, 0]
        for q in range(start[i], start[i + 1]):
            if old[q, 1] == new[p, 1]:
                out[p] = memory[q]
                break
    return out


@kernel
def _push_plates(X, R, sort, L, walled, plates, contacts, F):
    """Forces of the plates; returns the mean force on those of axis 0."""
    last = contacts.E_star.shape[1] - 1
    pressed = 0.0
    for i in range(X.shape[0]):
        for d in range(3):
            if walled[d]:
                for end in range(2):
                    deep = R[i] - (L[d] - X[i, d] if end else X[i, d])
                    if deep > 0.0:
                        k = 2 * d + end
                        plates[i, k] = max(plates[i, k], deep)
                        E, p_y = contacts.E_star[sort[i], last], contacts.p_y[sort[i], last]
                        f, _ = normal_force(deep, plates[i, k], R[i], E, p_y)
                        F[i, d] += -f if end else f
                        if d == 0:
                            pressed += 0.5 * f
    return pressed


@kernel
def _drawn(V, W, R, i, j, x, y, z, stiffness, most, memory):
    """Tangential force on grain i after a step, at most Coulomb's; the memory follows.

    It remembers the force: a remembered displacement would make energy where a contact grows.
    """
    u, v, w = V[i, 0] - V[j, 0], V[i, 1] - V[j, 1], V[i, 2] - V[j, 2]
    along = u * x + v * y + w * z
    s_0 = R[i] * W[i, 0] + R[j] * W[j, 0]
    s_1 = R[i] * W[i, 1] + R[j] * W[j, 1]
    s_2 = R[i] * W[i, 2] + R[j] * W[j, 2]
    t_0 = memory[1] - stiffness * (u - along * x - (s_1 * z - s_2 * y))
    t_1 = memory[2] - stiffness * (v - along * y - (s_2 * x - s_0 * z))
    t_2 = memory[3] - stiffness * (w - along * z - (s_0 * y - s_1 * x))
    across = t_0 * x + t_1 * y + t_2 * z  # the contact has turned
    t_0, t_1, t_2 = t_0 - across * x, t_1 - across * y, t_2 - across * z
    drawn = np.sqrt(t_0 * t_0 + t_1 * t_1 + t_2 * t_2)
    slip = most / drawn if drawn > most else 1.0
    memory[1], memory[2], memory[3] = t_0 * slip, t_1 * slip, t_2 * slip
    return t_0 * slip, t_1 * slip, t_2 * slip


@kernel
def _push(X, V, W, R, sort, pairs, memory, contacts, L, walled, dt, F, T, stress):
    """Forces and torques between grains; returns contacts and the sum of their forces.

    ``stress`` takes the sum of force times branch along each axis.
    """
    touching, total = 0, 0.0
    for p in range(pairs.shape[0]):
        i, j = pairs[p]
        x, y, z = X[i, 0] - X[j, 0], X[i, 1] - X[j, 1], X[i, 2] - X[j, 2]
        if not walled[0]:
            x -= L[0] * np.rint(x / L[0])
        if not walled[1]:
            y -= L[1] * np.rint(y / L[1])
        if not walled[2]:
            z -= L[2] * np.rint(z / L[2])
        s, reach = x * x + y * y + z * z, R[i] + R[j]
        if s >= reach * reach:
            memory[p, 1:] = 0.0
            continue
        r = np.sqrt(s)
        d = reach - r
        x, y, z = x / r, y / r, z / r
        memory[p, 0] = max(memory[p, 0], d)
        E, p_y = contacts.E_star[sort[i], sort[j]], contacts.p_y[sort[i], sort[j]]
        f, a = normal_force(d, memory[p, 0], R[i] * R[j] / reach, E, p_y)
        if f == 0.0:
            memory[p, 1:] = 0.0
            continue
        touching += 1
        total += f
        most = contacts.friction[sort[i], sort[j]] * f
        stiffness = SHEAR * 2.0 * E * a * dt
        t_0, t_1, t_2 = _drawn(V, W, R, i, j, x, y, z, stiffness, most, memory[p])
        q_0, q_1, q_2 = y * t_2 - z * t_1, z * t_0 - x * t_2, x * t_1 - y * t_0
        f_0, f_1, f_2 = f * x + t_0, f * y + t_1, f * z + t_2
        F[i, 0] += f_0
        F[i, 1] += f_1
        F[i, 2] += f_2
        F[j, 0] -= f_0
        F[j, 1] -= f_1
        F[j, 2] -= f_2
        T[i, 0] -= R[i] * q_0
        T[i, 1] -= R[i] * q_1
        T[i, 2] -= R[i] * q_2
        T[j, 0] -= R[j] * q_0
        T[j, 1] -= R[j] * q_1
        T[j, 2] -= R[j] * q_2
        stress[0] += f_0 * x * r
        stress[1] += f_1 * y * r
        stress[2] += f_2 * z * r
    return touching, total


@kernel
def _move(X, V, W, R, M, L, F, T, dt, damping, drag, stretch):
    """One step in time; returns the largest speed."""
    fastest = 0.0
    kept = 1.0 - drag * dt
    for i in range(X.shape[0]):
        push = dt / M[i]
        turn = 2.5 * push / (R[i] * R[i])
        speed = 0.0
        for d in range(3):
            f = F[i, d] - damping * abs(F[i, d]) * np.sign(V[i, d])
            t = T[i, d] - damping * abs(T[i, d]) * np.sign(W[i, d])
            V[i, d] = (V[i, d] + push * f) * kept
            W[i, d] = (W[i, d] + turn * t) * kept
            X[i, d] += dt * V[i, d]
            speed += V[i, d] * V[i, d]
        X[i, 0] *= stretch
        fastest = max(fastest, speed)
    L[0] *= stretch
    return np.sqrt(fastest)


@entry
def advance(X, V, W, R, M, sort, L, walled, plates, pairs, memory, contacts, pace, skin, steps):
    """Move the grains; positions, velocities, box and plates change in place.

    Returns:
        Pairs, their memory, and: stress along each axis, force of the plates of axis 0 over
        their area, contacts, mean force of a contact, mean force left on a grain, kinetic
        energy, steps taken.
    """
    n = X.shape[0]
    F, T, stress = np.zeros((n, 3)), np.zeros((n, 3)), np.zeros(3)
    moved, taken, touching, total, pressed = skin, 0, 0, 0.0, 0.0
    for _ in range(steps):
        if moved >= skin:
            _wrap(X, L, walled)
            fresh = neighbours(X, R, L, walled, skin)
            memory = carry(pairs, memory, fresh, n)
            pairs, moved = fresh, 0.0
        F[:], T[:], stress[:] = 0.0, 0.0, 0.0
        touching, total = _push(
            X, V, W, R, sort, pairs, memory, contacts, L, walled, pace.dt, F, T, stress
        )
        area = L[1] * L[2]
        stress /= area * L[0]
        pressed = _push_plates(X, R, sort, L, walled, plates, contacts, F) / area
        P = pressed if walled[0] else stress[0]
        ask = min(max(pace.gain * (1.0 - P / pace.pressure), -1.0), 1.0)
        strain = pace.rate * pace.dt * ask
        if L[0] * (1.0 - strain) < pace.stop:
            strain = 1.0 - pace.stop / L[0]
        fastest = _move(X, V, W, R, M, L, F, T, pace.dt, pace.damping, pace.drag, 1.0 - strain)
        moved += 2.0 * fastest * pace.dt + abs(strain) * (2.0 * np.max(R) + skin)
        taken += 1
        if L[0] <= pace.stop:
            break
    left, kinetic = 0.0, 0.0
    for i in range(n):
        left += np.sqrt(F[i, 0] ** 2 + F[i, 1] ** 2 + F[i, 2] ** 2) / n
        for d in range(3):
            kinetic += 0.5 * M[i] * (V[i, d] ** 2 + 0.4 * R[i] ** 2 * W[i, d] ** 2)
    mean = total / max(touching, 1)
    return pairs, memory, stress, (pressed, touching, mean, left, kinetic, taken)


@kernel
def _wrap(X, L, walled):
    for i in range(X.shape[0]):
        for d in range(3):
            if not walled[d]:
                X[i, d] -= L[d] * np.floor(X[i, d] / L[d])


@entry
def read_contacts(X, R, sort, pairs, memory, contacts, L, walled):
    """What each pair is like, shape (pairs, 7).

    Overlap, largest overlap, force, contact radius, and branch from the second to the first.
    """
    out = np.zeros((pairs.shape[0], 7))
    for p in range(pairs.shape[0]):
        i, j = pairs[p]
        s = 0.0
        for d in range(3):
            t = X[i, d] - X[j, d]
            if not walled[d]:
                t -= L[d] * np.rint(t / L[d])
            out[p, 4 + d] = t
            s += t * t
        reach = R[i] + R[j]
        deep = reach - np.sqrt(s)
        out[p, 0], out[p, 1] = deep, max(memory[p, 0], deep)
        if deep > 0.0:
            E, p_y = contacts.E_star[sort[i], sort[j]], contacts.p_y[sort[i], sort[j]]
            f, a = normal_force(deep, out[p, 1], R[i] * R[j] / reach, E, p_y)
            out[p, 2], out[p, 3] = f, a
    return out


@entry
def place_apart(R, L, walled, tries, draws):
    """Random places without overlap, one grain after the other; shape (grains, 3).

    ``R`` should decrease. ``draws`` are random numbers, shape (tries, 3), used in turn. A
    grain that finds no place stays NaN.
    """
    n = R.shape[0]
    X = np.full((n, 3), np.nan)
    m = np.empty(3, np.int64)
    for d in range(3):
        m[d] = max(1, int(L[d] / (2.0 * np.min(R))))
    first = np.full((m[0], m[1], m[2]), -1, np.int32)
    following = np.full(n, -1, np.int32)
    used = 0
    low, high, c = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3, np.int64)
    for i in range(n):
        while used < tries:
            for d in range(3):
                edge = R[i] if walled[d] else 0.0
                X[i, d] = edge + draws[used, d] * (L[d] - 2.0 * edge)
                c[d] = min(int(X[i, d] / L[d] * m[d]), m[d] - 1)
                k = int(np.ceil((R[i] + R[0]) * m[d] / L[d]))
                low[d], high[d] = c[d] - k, c[d] + k
                if walled[d]:
                    low[d], high[d] = max(low[d], 0), min(high[d], m[d] - 1)
                elif 2 * k + 1 >= m[d]:
                    low[d], high[d] = 0, m[d] - 1
            used += 1
            if _free(X, R, i, low, high, m, first, following, L, walled):
                following[i] = first[c[0], c[1], c[2]]
                first[c[0], c[1], c[2]] = i
                break
            X[i, :] = np.nan
    return X


@kernel
def _free(X, R, i, low, high, m, first, following, L, walled):
    for a in range(low[0], high[0] + 1):
        for b in range(low[1], high[1] + 1):
            for c in range(low[2], high[2] + 1):
                j = first[a % m[0], b % m[1], c % m[2]]
                while j >= 0:
                    if _within(X, i, j, L, walled, R[i] + R[j]):
                        return False
                    j = following[j]
    return True
