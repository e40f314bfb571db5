"""One implicit solve of the cell: eliminate, close, substitute back.

With a single-ion conductor i_s + i_e = I, so both potentials of a composite electrode reduce to
one tridiagonal system in phi_s - phi_e, bordered by the two global unknowns, current and virtual
pressure. Diffusion in the particles and the local states are eliminated first. ``h`` is the
effective step of the time integrator; the complex value 1/(i omega) turns the same elimination
into the impedance.

The virtual pressure is the fixture's force as if the stack could pull on it: P = softplus of it,
and what is cut off is the lift-off gap, so P >= 0 and complementarity hold smoothly.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from lithomech.cell.arrays import CURRENT, DIFFUSION, PRESSURE
from lithomech.cell.interface import interface
from lithomech.laws import fracture, transport
from lithomech.numerics.dual import Dual, softplus
from lithomech.numerics.table import lookup

FLAGS = {"contract", "reassoc", "arcp", "nsz"}  # NaN must stay visible

_rate = njit(transport.stoichiometry_rate)
_damaged = njit(fracture.damaged_diffusivity_factor)


class Work(NamedTuple):
    """Scratch of one solve; real, or complex for the impedance."""

    shell: np.ndarray  # (4, shells, members): diffusivity, its slope, factor, change
    member: np.ndarray  # (9, members), rows below
    node: np.ndarray  # (4, nodes), rows below


# rows of ``Work``
D, SLOPE_D, UPPER, CHANGE = range(4)
SURFACE, SURFACE_J, LAST_J, MEAN, DROP, DROP_J, DROP_P, STRAIN_J, STRAIN_P = range(9)
PHI, PHI_I, PHI_P, RATIO = range(4)


@njit
def make_work(shells, members, nodes, zero):  # noqa: ANN001, ANN201
    """Allocate scratch with the number type of ``zero``."""
    return Work(
        np.full((4, shells, members), zero), np.full((9, members), zero), np.full((4, nodes), zero)
    )


@njit(error_model="numpy", fastmath=FLAGS)
def diffuse(cell, z, y, old, h, work):  # noqa: ANN001, ANN201
    """Forward elimination of radial diffusion: the surface value as a function of J."""
    g, shells, members = cell.sphere, z.shells, z.members
    D, slope, upper, change = work.shell[0], work.shell[1], work.shell[2], work.shell[3]
    for i in range(shells):
        for m in range(members):
            k = cell.member_class[m]
            scale = _damaged(y[z.damage + m], cell.classes[k].crack_diffusion)
            value, derivative = lookup(cell.table[k, DIFFUSION], y[i * members + m])
            D[i, m] = scale * value
            slope[i, m] = scale * derivative
    for i in range(shells):
        for m in range(members):
            here = i * members + m
            x = y[here]
            residual = x - old[here]
            diagonal = 1.0 + 0.0 * h
            lower = 0.0 * h
            above = 0.0 * h
            if i > 0:
                inv = 1.0 / (D[i - 1, m] + D[i, m])
                face = h * g[i].inner * 2.0 * D[i - 1, m] * D[i, m] * inv
                dx = x - y[here - members]
                bend = h * g[i].inner * 2.0 * inv * inv * dx
                residual += face * dx
                diagonal += face + bend * D[i - 1, m] * D[i - 1, m] * slope[i, m]
                lower = bend * D[i, m] * D[i, m] * slope[i - 1, m] - face
            if i < shells - 1:
                inv = 1.0 / (D[i + 1, m] + D[i, m])
                face = h * g[i].outer * 2.0 * D[i + 1, m] * D[i, m] * inv
                dx = y[here + members] - x
                bend = h * g[i].outer * 2.0 * inv * inv * dx
                residual -= face * dx
                diagonal += face - bend * D[i + 1, m] * D[i + 1, m] * slope[i, m]
                above = -face - bend * D[i, m] * D[i, m] * slope[i + 1, m]
            else:
                c = cell.classes[cell.member_class[m]]
                load = -_rate(h / g[i].volume, c.radius, c.c_max)
                residual += load * y[z.flux + m]
                work.member[LAST_J, m] = -load
            if i > 0:
                residual += lower * change[i - 1, m]
                diagonal += lower * upper[i - 1, m]
            inverse = 1.0 / diagonal
            upper[i, m] = -above * inverse
            change[i, m] = -residual * inverse
            if i == shells - 1:
                work.member[LAST_J, m] *= inverse


@njit(error_model="numpy", fastmath=FLAGS)
def reach_surface(cell, z, y, old, h, work):  # noqa: ANN001, ANN201
    """Surface and mean stoichiometry for the present J, and the surface's slope in J."""
    g, last = cell.sphere, z.shells - 1
    for m in range(z.members):
        c = cell.classes[cell.member_class[m]]
        diffusivity, change = work.shell[D, last, m], work.shell[CHANGE, last, m]
        # half a shell of gradient between the last centre and the surface
        jump = _rate((1.0 - g[last].centre) / 3.0, c.radius, c.c_max) / diffusivity
        J = y[z.flux + m]
        bend = 1.0 - jump * J * work.shell[SLOPE_D, last, m] / diffusivity
        surface = y[last * z.members + m] + jump * J + bend * change
        work.member[SURFACE, m] = hold(surface)
        work.member[SURFACE_J, m] = jump + bend * work.member[LAST_J, m]
        mean = h * _rate(1.0, c.radius, c.c_max) * J
        for i in range(z.shells):
            mean += g[i].volume * old[i * z.members + m]
        work.member[MEAN, m] = mean


@njit(error_model="numpy", fastmath=FLAGS)
def stack_pressure(cell, virtual):  # noqa: ANN001, ANN201
    """Stack pressure and its slope in the virtual pressure."""
    zero = 0.0 * virtual
    P = softplus(Dual(virtual, zero + 1.0, zero), cell.lift_width)
    return P.value, P.first


@njit(error_model="numpy", fastmath=FLAGS)
def react(cell, z, y, old, h, local, work):  # noqa: ANN001, ANN201
    """Local closures of every member, linearised in J and the virtual pressure.

    Returns the thickness change of the composite electrodes. ``local`` is the step of the
    contact and damage states (0 keeps them).
    """
    zero = 0.0 * h
    out = work.member
    P_value, P_slope = stack_pressure(cell, y[z.globals + PRESSURE] + zero)
    P = Dual(P_value, zero, P_slope)
    thickness = zero
    for e in range(cell.electrodes.shape[0]):
        layer = cell.electrodes[e]
        width = layer.thickness / (layer.end - layer.first)
        for m in range(cell.first_member[layer.first], cell.first_member[layer.end]):
            k = cell.member_class[m]
            c = cell.classes[k]
            J = Dual(y[z.flux + m] + zero, zero + 1.0, zero)
            x_s = Dual(out[SURFACE, m], out[SURFACE_J, m], zero)
            x_m = Dual(out[MEAN, m], h * _rate(1.0, c.radius, c.c_max), zero)
            d, a, p = z.damage + m, z.residual + m, z.plastic + m
            state = interface(cell, k, J, P, x_s, x_m, old[d], old[a], old[p], local)
            out[DROP, m] = state.potential.value - y[z.potential + cell.member_node[m]]
            out[DROP_J, m] = state.potential.first
            out[DROP_P, m] = state.potential.second
            out[STRAIN_J, m] = width * state.strain.first
            out[STRAIN_P, m] = width * state.strain.second
            thickness += width * state.strain.value
            y[d] = state.damage.value
            y[a] = state.residual.value
            y[p] = state.plastic.value
    return thickness


@njit
def hold(x):  # noqa: ANN001, ANN201
    """Hold a stoichiometry inside (0, 1)."""
    if x.real < 1e-6:
        return 0.0 * x + 1e-6
    if x.real > 1.0 - 1e-6:
        return 0.0 * x + (1.0 - 1e-6)
    return x


@njit(error_model="numpy", fastmath=FLAGS)
def conductivities(cell, e, P):  # noqa: ANN001, ANN201
    """Effective ionic and electronic conductivity at P: log-log interpolation, ends held."""
    t = cell.transport[e]
    n = t.shape[1]
    at = min(max(np.log(max(P, 1.0)), t[0, 0]), t[0, n - 1])
    i = 0
    while i < n - 2 and at > t[0, i + 1]:
        i += 1
    j = min(i + 1, n - 1)
    s = (at - t[0, i]) / (t[0, j] - t[0, i]) if t[0, j] > t[0, i] else 0.0
    kappa = np.exp(t[1, i] + s * (t[1, j] - t[1, i]))
    return kappa, np.exp(t[2, i] + s * (t[2, j] - t[2, i]))


@njit(error_model="numpy", fastmath=FLAGS)
def conduct(cell, z, y, e, capacitive, work):  # noqa: ANN001, ANN201
    """Solve charge conservation of one composite electrode for its border columns.

    ``capacitive`` is i omega for the impedance (double layer in parallel), else 0.
    """
    layer, local, node = cell.electrodes[e], work.member, work.node
    first, end, sign = layer.first, layer.end, layer.sign
    width = layer.thickness / (end - first)
    P = stack_pressure(cell, y[z.globals + PRESSURE].real)[0]
    kappa, sigma = conductivities(cell, e, P)
    series = 1.0 / (1.0 / kappa + 1.0 / sigma)
    share, off = series / sigma, series / width
    I = sign * y[z.globals + CURRENT]  # noqa: E741
    for n in range(first, end):
        balance, diagonal, by_P = 0.0 * capacitive, 0.0 * capacitive, 0.0 * capacitive
        for m in range(cell.first_member[n], cell.first_member[n + 1]):
            c = cell.classes[cell.member_class[m]]
            admittance = width * c.area / local[DROP_J, m]
            balance += width * c.area * y[z.flux + m] - admittance * local[DROP, m]
            diagonal += admittance + width * c.area * c.capacitance * capacitive
            by_P += admittance * local[DROP_P, m]
        right, left, by_I = 0.0 * I, I, -sign
        if n < end - 1:
            right = off * (y[z.potential + n + 1] - y[z.potential + n]) + share * I
            diagonal += off
            by_I += sign * share
        if n > first:
            left = off * (y[z.potential + n] - y[z.potential + n - 1]) + share * I
            by_I += sign * (1.0 - share)
            # eliminate the node before
            diagonal += off - off * node[RATIO, n - 1]
        node[PHI, n] = (right - left) - balance
        node[PHI_I, n] = by_I
        node[PHI_P, n] = by_P
        for column in range(3):
            if n > first:
                node[column, n] += off * node[column, n - 1]
            node[column, n] /= diagonal
        node[RATIO, n] = off / diagonal
    for n in range(end - 2, first - 1, -1):
        for column in range(3):
            node[column, n] += node[RATIO, n] * node[column, n + 1]


@njit(error_model="numpy", fastmath=FLAGS)
def electrode_drop(cell, z, y, e):  # noqa: ANN001, ANN201
    """phi_s at the collector minus phi_e at the separator, as weights of the node potentials.

    Returns the drop, the weight of the first and last node, and the slope in I.
    """
    layer = cell.electrodes[e]
    width = layer.thickness / (layer.end - layer.first)
    P = stack_pressure(cell, y[z.globals + PRESSURE].real)[0]
    kappa, sigma = conductivities(cell, e, P)
    series = 1.0 / (1.0 / kappa + 1.0 / sigma)
    ohmic = (layer.end - layer.first - 1) * width * series / (sigma * kappa)
    ohmic += 0.5 * width * (1.0 / sigma + 1.0 / kappa)
    ohmic *= layer.sign
    near = series / kappa
    start, last = y[z.potential + layer.first], y[z.potential + layer.end - 1]
    drop = last - near * (last - start) - ohmic * y[z.globals + CURRENT]
    return drop, near, 1.0 - near, -ohmic
