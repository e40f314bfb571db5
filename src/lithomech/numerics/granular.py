"""Spheres in contact, moved step by step: the discrete element method.

Contacts are elastic-plastic along the normal: Hertz until the mean pressure is the contact
yield pressure; then that pressure on an area that grows as in perfectly plastic indentation
(Storakers, Biwa and Larsson 1997); Hertz with a flatter radius on the way back (Johnson 1985).
Where a pair of sorts welds, the area that flowed goes back and forth as a punch of its radius.
A weld bears no tension: what flows also creeps, and a stack is held for hours. A spring acts
across the contact, up to Coulomb's limit, and never beyond what shears the junction.
Positions follow the box as it strains along axis 0; velocities are what remains. Axes
are periodic or end at rigid plates without friction.

Units are the caller's: any that agree.

References:
    CundallStrack1979; Johnson1985; Storakers1997.
"""

from typing import NamedTuple

import numpy as np

from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.neighbours import carry, neighbours, wrap

SPREAD = 1.43  # c^2 of a perfectly plastic contact: a^2 = 2 c^2 R d (Storakers 1997)
JUNCTION = 3.0**-1.5  # shear over contact yield pressure: (sigma_Y/sqrt(3))/(3 sigma_Y)
SHEAR = 0.8  # tangential over normal stiffness of a contact (Mindlin, nu = 0.3)


class Grains(NamedTuple):
    """Grains in motion; centres, velocities, spins and dents change in place."""

    X: np.ndarray  # centres, (grains, 3)
    V: np.ndarray  # velocities, (grains, 3)
    W: np.ndarray  # spins, (grains, 3)
    R: np.ndarray  # radii, (grains,)
    M: np.ndarray  # masses, (grains,)
    sort: np.ndarray  # index into the contact constants, (grains,)
    dents: np.ndarray  # largest overlap with each plate so far, (grains, 6): [, 2 axis + end]


class Contacts(NamedTuple):
    """Constants of every pair of sorts; the last column is a sort against a plate."""

    E_star: np.ndarray  # contact modulus
    p_y: np.ndarray  # contact yield pressure; inf = elastic
    friction: np.ndarray
    welds: np.ndarray  # whether what flowed stays whole


class Pace(NamedTuple):
    """How the grains are moved."""

    dt: float  # time step
    damping: float  # share of a force that is taken while it drives a motion (Cundall)
    drag: float  # share of a velocity that a unit of time takes
    rate: float  # largest strain rate of the box
    gain: float  # share of that rate per relative distance from the pressure
    pressure: float  # wanted along axis 0
    stop: float  # length of axis 0 at which straining ends


class Forces(NamedTuple):
    """What acts on the grains in a step; filled in place."""

    F: np.ndarray  # forces, (grains, 3)
    T: np.ndarray  # torques, (grains, 3)
    stress: np.ndarray  # sum of force times branch along each axis, then the stress, (3,)


class Vector(NamedTuple):
    """Components along the axes."""

    x: float
    y: float
    z: float


class State(NamedTuple):
    """The grains after some steps.

    Attributes:
        stress: pressure along each axis, (3,).
        plate_pressure: force of the plates of axis 0 over their area.
        contacts: that carry a force.
        mean_force: of a contact.
        mean_imbalance: mean force left on a grain.
        kinetic_energy: of all grains.
        steps: taken.
    """

    stress: np.ndarray
    plate_pressure: float
    contacts: int
    mean_force: float
    mean_imbalance: float
    kinetic_energy: float
    steps: int


class ContactTable(NamedTuple):
    """Every pair of grains now.

    Attributes:
        overlap: below zero where they are apart, (pairs,).
        largest_overlap: so far, (pairs,).
        force: normal, (pairs,).
        radius: of the contact, (pairs,).
        branch: from the second grain to the first, (pairs, 3).
    """

    overlap: np.ndarray
    largest_overlap: np.ndarray
    force: np.ndarray
    radius: np.ndarray
    branch: np.ndarray


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
    a_max = flowed_radius(d_max, R, b)
    if d >= d_max:
        return np.pi * p_y * a_max * a_max, a_max
    left = d - (a_max * a_max - b * b * R * R) / (2.0 * SPREAD * R)
    if left <= 0.0:
        return 0.0, 0.0
    a = np.sqrt(a_max / b * left)
    return 4.0 / 3.0 * E * a * left, a


@kernel
def flowed_radius(d_max, R, b):
    """Radius of a contact whose largest overlap was d_max; b: its radius at yield over R."""
    q, a_y = 2.0 * SPREAD * R, b * R
    return 0.5 * q * (np.sqrt(b * b + 4.0 * (d_max + a_y * a_y / q) / q) - b)


@kernel
def contact_force(d, d_max, R, E, p_y, welds):
    """Normal force and contact radius at an overlap d, of which d_max was the largest so far.

    A weld goes back and forth by the stiffness 2 E a of a punch of the area that flowed, until
    it bears nothing.
    """
    b = 0.75 * np.pi * p_y / E
    if not welds or d_max <= b * b * R or d >= d_max:
        return normal_force(d, d_max, R, E, p_y)
    a = flowed_radius(d_max, R, b)
    f = np.pi * p_y * a * a - 2.0 * E * a * (d_max - d)
    return (f, a) if f > 0.0 else (0.0, 0.0)


@kernel
def _push_plates(grains, box, contacts, F):
    """Forces of the plates; returns the mean force on those of axis 0."""
    X, R, sort, dents, L = grains.X, grains.R, grains.sort, grains.dents, box.L
    last = contacts.E_star.shape[1] - 1
    pressed = 0.0
    for i in range(X.shape[0]):
        for d in range(3):
            if box.walled[d]:
                for end in range(2):
                    deep = R[i] - (L[d] - X[i, d] if end else X[i, d])
                    if deep > 0.0:
                        k = 2 * d + end
                        dents[i, k] = max(dents[i, k], deep)
                        E, p_y = contacts.E_star[sort[i], last], contacts.p_y[sort[i], last]
                        f, _ = normal_force(deep, dents[i, k], R[i], E, p_y)
                        F[i, d] += -f if end else f
                        if d == 0:
                            pressed += 0.5 * f
    return pressed


@kernel
def _tangential_force(grains, i, j, normal, stiffness, limit, memory):
    """Tangential force on grain i after a step, at most Coulomb's; the memory follows.

    It remembers the force: a remembered displacement would make energy where a contact grows.
    """
    V, W, R = grains.V, grains.W, grains.R
    x, y, z = normal
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
    size = np.sqrt(t_0 * t_0 + t_1 * t_1 + t_2 * t_2)
    slip = limit / size if size > limit else 1.0
    memory[1], memory[2], memory[3] = t_0 * slip, t_1 * slip, t_2 * slip
    return Vector(t_0 * slip, t_1 * slip, t_2 * slip)


@kernel
def _apply(grains, forces, i, j, force, turn):
    """Add the force of a contact to grain i, its opposite to grain j, and torques to both."""
    R, F, T = grains.R, forces.F, forces.T
    F[i, 0] += force.x
    F[i, 1] += force.y
    F[i, 2] += force.z
    F[j, 0] -= force.x
    F[j, 1] -= force.y
    F[j, 2] -= force.z
    T[i, 0] -= R[i] * turn.x
    T[i, 1] -= R[i] * turn.y
    T[i, 2] -= R[i] * turn.z
    T[j, 0] -= R[j] * turn.x
    T[j, 1] -= R[j] * turn.y
    T[j, 2] -= R[j] * turn.z


@kernel
def _push(grains, box, pairs, contacts, dt, forces):
    """Forces and torques between grains; returns contacts and the sum of their forces."""
    X, R, sort, L, walled = grains.X, grains.R, grains.sort, box.L, box.walled
    memory, stress = pairs.memory, forces.stress
    touching, total = 0, 0.0
    for p in range(memory.shape[0]):
        i, j = pairs.grains[p]
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
        welds = contacts.welds[sort[i], sort[j]]
        f, a = contact_force(d, memory[p, 0], R[i] * R[j] / reach, E, p_y, welds)
        if f == 0.0:
            memory[p, 1:] = 0.0
            continue
        touching += 1
        total += f
        limit = min(contacts.friction[sort[i], sort[j]] * f, JUNCTION * p_y * np.pi * a * a)
        stiffness = SHEAR * 2.0 * E * a * dt
        t_0, t_1, t_2 = _tangential_force(
            grains, i, j, Vector(x, y, z), stiffness, limit, memory[p]
        )
        f_0, f_1, f_2 = f * x + t_0, f * y + t_1, f * z + t_2
        turn = Vector(y * t_2 - z * t_1, z * t_0 - x * t_2, x * t_1 - y * t_0)
        _apply(grains, forces, i, j, Vector(f_0, f_1, f_2), turn)
        stress[0] += f_0 * x * r
        stress[1] += f_1 * y * r
        stress[2] += f_2 * z * r
    return touching, total


@kernel
def _move(grains, box, forces, pace, stretch):
    """One step in time; returns the largest speed."""
    X, V, W, R, M = grains.X, grains.V, grains.W, grains.R, grains.M
    F, T, dt, damping = forces.F, forces.T, pace.dt, pace.damping
    fastest = 0.0
    kept = 1.0 - pace.drag * dt
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
    box.L[0] *= stretch
    return np.sqrt(fastest)


@entry
def advance(grains, box, pairs, contacts, pace, skin, steps):
    """Move the grains; what they are and their box change in place.

    Returns:
        The pairs that are near each other now, and the state reached.
    """
    X, R, L, n = grains.X, grains.R, box.L, grains.X.shape[0]
    forces = Forces(np.zeros((n, 3)), np.zeros((n, 3)), np.zeros(3))
    F, T, stress = forces
    moved, taken, touching, total, pressed = skin, 0, 0, 0.0, 0.0
    for _ in range(steps):
        if moved >= skin:
            wrap(X, box)
            pairs, moved = carry(pairs, neighbours(X, R, box, skin), n), 0.0
        F[:], T[:], stress[:] = 0.0, 0.0, 0.0
        touching, total = _push(grains, box, pairs, contacts, pace.dt, forces)
        area = L[1] * L[2]
        stress /= area * L[0]
        pressed = _push_plates(grains, box, contacts, F) / area
        P = pressed if box.walled[0] else stress[0]
        ask = min(max(pace.gain * (1.0 - P / pace.pressure), -1.0), 1.0)
        strain = pace.rate * pace.dt * ask
        if L[0] * (1.0 - strain) < pace.stop:
            strain = 1.0 - pace.stop / L[0]
        fastest = _move(grains, box, forces, pace, 1.0 - strain)
        moved += 2.0 * fastest * pace.dt + abs(strain) * (2.0 * np.max(R) + skin)
        taken += 1
        if L[0] <= pace.stop:
            break
    left, kinetic = _rest(grains, F)
    mean = total / max(touching, 1)
    return pairs, State(stress, pressed, touching, mean, left, kinetic, taken)


@kernel
def _rest(grains, F):
    """Mean force left on a grain, and the kinetic energy of all."""
    V, W, R, M, n = grains.V, grains.W, grains.R, grains.M, grains.R.shape[0]
    left, kinetic = 0.0, 0.0
    for i in range(n):
        left += np.sqrt(F[i, 0] ** 2 + F[i, 1] ** 2 + F[i, 2] ** 2) / n
        for d in range(3):
            kinetic += 0.5 * M[i] * (V[i, d] ** 2 + 0.4 * R[i] ** 2 * W[i, d] ** 2)
    return left, kinetic


@entry
def read_contacts(grains, box, pairs, contacts):
    """What each pair of grains is like."""
    X, R, sort, L = grains.X, grains.R, grains.sort, box.L
    n = pairs.memory.shape[0]
    overlap, largest, branch = np.zeros(n), np.zeros(n), np.zeros((n, 3))
    force, radius = np.zeros(n), np.zeros(n)
    for p in range(n):
        i, j = pairs.grains[p]
        s = 0.0
        for d in range(3):
            t = X[i, d] - X[j, d]
            if not box.walled[d]:
                t -= L[d] * np.rint(t / L[d])
            branch[p, d] = t
            s += t * t
        reach = R[i] + R[j]
        deep = reach - np.sqrt(s)
        overlap[p], largest[p] = deep, max(pairs.memory[p, 0], deep)
        if deep > 0.0:
            E, p_y = contacts.E_star[sort[i], sort[j]], contacts.p_y[sort[i], sort[j]]
            welds = contacts.welds[sort[i], sort[j]]
            f, a = contact_force(deep, largest[p], R[i] * R[j] / reach, E, p_y, welds)
            force[p], radius[p] = f, a
    return ContactTable(overlap, largest, force, radius, branch)
