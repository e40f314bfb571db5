"""One implicit solve of the cell: eliminate, close, substitute back.

With a single-ion conductor i_s + i_e = I, so both potentials of a composite electrode reduce
to one tridiagonal system in phi_s - phi_e, bordered by the two global unknowns, current and
virtual pressure. Diffusion in the particles and the local states are eliminated first. ``h`` is
the effective step of the time integrator; the complex value 1/(i omega) turns the same
elimination into the impedance.

The virtual pressure is the fixture's force as if the stack could pull on it: P = softplus of
it, and what is cut off is the lift-off gap, so P >= 0 and complementarity hold smoothly.
"""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import CURRENT, DIFFUSION, PRESSURE
from lithomech.cell.film import film_rate
from lithomech.cell.interface import interface
from lithomech.laws import fracture, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, softplus
from lithomech.numerics.table import lookup

_rate = kernel(transport.stoichiometry_rate)
_damaged = kernel(fracture.damaged_diffusivity_factor)


class Work(NamedTuple):
    """Scratch of one solve; real, or complex for the impedance."""

    shell: np.ndarray  # (4, shells, members): diffusivity, its slope, factor, change
    member: np.ndarray  # (13 + 2 ways, members), rows below
    node: np.ndarray  # (4, nodes), rows below
    ends: np.ndarray  # (2, electrodes): foreseen change of the first and last node
    base: np.ndarray  # (state,) before the last change
    film: np.ndarray  # (1,) resistance added to every contact on the way to a first solution


# rows of ``Work``
D, SLOPE_D, UPPER, CHANGE = range(4)
SURFACE, SURFACE_J, LAST_J, MEAN, DROP, DROP_J, DROP_P, STRAIN_J, STRAIN_P, THETA = range(10)
FLUX, BY_INNER, BY_OUTER = range(10, 13)
DECAY = 13  # from here on: rate of each decomposition and its slope in the potential
PHI, PHI_I, PHI_P, RATIO = range(4)


@kernel
def make_work(z, zero):
    """Allocate scratch with the number type of ``zero``."""
    return Work(
        np.full((4, z.shells, z.members), zero),
        np.full((DECAY + 2 * z.ways, z.members), zero),
        np.full((4, z.nodes), zero),
        np.full((2, 2), zero),
        np.full(z.total, zero),
        np.full(1, zero),
    )


@kernel
def diffuse(cell, z, y, old, h, work):
    """Forward elimination of radial diffusion: the surface value as a function of J.

    Rows are weighted with the shells' volumes; what crosses a face is computed once and
    carried to the next row.
    """
    g, members, last = cell.sphere, z.members, z.shells - 1
    D, slope, upper, change = work.shell[0], work.shell[1], work.shell[2], work.shell[3]
    flux, by_inner, by_outer = work.member[FLUX], work.member[BY_INNER], work.member[BY_OUTER]
    for m in range(members):
        flux[m], by_inner[m], by_outer[m] = 0.0 * h, 0.0 * h, 0.0 * h
        upper[0, m], change[0, m] = 0.0 * h, 0.0 * h
    for i in range(z.shells):
        for m in range(members):
            k = cell.member_class[m]
            scale = _damaged(y[z.damage + m], cell.classes[k].crack_diffusion)
            value, derivative = lookup(cell.table[k, DIFFUSION], y[i * members + m])
            D[i, m] = scale * value
            slope[i, m] = scale * derivative
    for i in range(last):
        volume, size, before = g[i].volume, 2.0 * h * g[i].volume * g[i].outer, max(i - 1, 0)
        for m in range(members):
            here = i * members + m
            x, outside = D[i, m], D[i + 1, m]
            inverse = 1.0 / (x + outside)
            face = size * x * outside * inverse
            step = y[here + members] - y[here]
            bend = size * inverse * inverse * step
            inner = bend * outside * outside * slope[i, m] - face
            outer = bend * x * x * slope[i + 1, m] + face
            residual = volume * (y[here] - old[here]) + flux[m] - face * step
            diagonal = volume + by_outer[m] - inner + by_inner[m] * upper[before, m]
            pivot = 1.0 / diagonal
            change[i, m] = -(residual + by_inner[m] * change[before, m]) * pivot
            upper[i, m] = outer * pivot
            flux[m], by_inner[m], by_outer[m] = face * step, inner, outer
    for m in range(members):
        c, here = cell.classes[cell.member_class[m]], last * members + m
        load = -_rate(h, c.radius, c.c_max)
        residual = g[last].volume * (y[here] - old[here]) + flux[m] + load * y[z.flux + m]
        diagonal = g[last].volume + by_outer[m] + by_inner[m] * upper[last - 1, m]
        change[last, m] = -(residual + by_inner[m] * change[last - 1, m]) / diagonal
        work.member[LAST_J, m] = -load / diagonal


@kernel
def reach_surface(cell, z, y, old, h, work):
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
        work.member[SURFACE, m] = surface
        work.member[SURFACE_J, m] = jump + bend * work.member[LAST_J, m]
        mean = h * _rate(1.0, c.radius, c.c_max) * J
        for i in range(z.shells):
            mean += g[i].volume * old[i * z.members + m]
        work.member[MEAN, m] = mean


@kernel
def stack_pressure(cell, virtual):
    """Stack pressure and its slope in the virtual pressure."""
    zero = 0.0 * virtual
    P = softplus(Dual(virtual, zero + 1.0, zero), cell.lift_width)
    return P.value, P.first


@kernel
def react(cell, z, y, old, h, local, s, work):
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
            grown, film = zero, zero
            if z.ways > 0:
                grown, film = products(cell, z, y, m)
            state = interface(
                cell, k, J, P, x_s, x_m, old[d], old[a], old[p], grown, film, local, s
            )
            phi = state.potential.value + work.film[0] * J.value
            out[DROP, m] = phi - y[z.potential + cell.member_node[m]]
            out[DROP_J, m] = state.potential.first + work.film[0]
            out[DROP_P, m] = state.potential.second
            out[STRAIN_J, m] = width * state.strain.first
            out[STRAIN_P, m] = width * state.strain.second
            out[THETA, m] = state.theta.value
            thickness += width * state.strain.value
            y[d] = state.damage.value
            y[a] = state.residual.value
            y[p] = state.plastic.value
            if z.ways > 0:
                decompose(cell, z, y, old, m, state.theta.value, local, work)
    return thickness


@kernel
def products(cell, z, y, m):
    """Linear strain and film resistance of the decomposition products at one member."""
    grown = film = 0.0 * y[z.potential]
    for r in range(z.ways):
        reaction = cell.reactions[cell.member_class[m], r]
        q = y[z.film + r * z.members + m]
        grown += reaction.swelling * q
        film += reaction.ionic * q
    return grown, film


@kernel
def decompose(cell, z, y, old, m, theta, local, work):
    """Rates of decomposition of one member, linearised in its potential."""
    zero, out = 0.0 * theta, work.member
    for r in range(z.ways):
        reaction = cell.reactions[cell.member_class[m], r]
        if reaction.sign == 0.0:
            continue
        phi = y[z.potential + cell.member_node[m]] + zero
        eta = Dual(reaction.sign * (phi - reaction.limit), zero + reaction.sign, zero)
        at = z.film + r * z.members + m
        rate = film_rate(
            eta, theta, reaction.resistance, reaction.growth, reaction.exhaustion,
            old[at].real, local,
        )  # fmt: skip
        out[DECAY + 2 * r, m], out[DECAY + 2 * r + 1, m] = rate.value, rate.first
        y[at] = old[at] + local * rate.value


@kernel
def conductivities(cell, e, P):
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


@kernel
def conduct(cell, z, y, e, capacitive, work):
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
            charged = width * c.area * c.capacitance * local[THETA, m]
            diagonal += admittance + charged * capacitive
            by_P += admittance * local[DROP_P, m]
            for r in range(z.ways):
                covered = width * c.area * c.coverage
                covered *= cell.reactions[cell.member_class[m], r].sign
                balance += covered * local[DECAY + 2 * r, m]
                diagonal += covered * local[DECAY + 2 * r + 1, m]
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


@kernel
def electrode_drop(cell, z, y, e):
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
