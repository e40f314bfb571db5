"""Elimination of the particles and their contacts, block by block.

Diffusion, mechanisms and contact of every block are linearised in its current density J and in
the virtual pressure, and gathered by node; ``substitute_particles`` goes the way back.
"""

import numpy as np

from lithomech.cell.mechanisms.composition import after, follow, present
from lithomech.cell.solver.interface import Lithium, carried, driven, interface, outcome
from lithomech.cell.solver.work import (
    ADMITTANCE,
    BALANCE,
    BY_P,
    CHANGE,
    DROP,
    DROP_P,
    FILLED,
    INVERSE,
    KEEN,
    LAST_J,
    PHI,
    STRETCH,
    UPPER,
    place_of,
)
from lithomech.laws import transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import (
    first_lanes,
    highest,
    larger,
    load,
    spread,
    store,
)
from lithomech.numerics.table import integral

_rate = kernel(transport.stoichiometry_rate)


@kernel
def add(array, start, chosen, x):
    """Add to the chosen entries of an array."""
    store(array, start, chosen, load(array, start, chosen) + x)


def pressed(virtual, width):
    """Stack pressure of a virtual pressure, and its slope: none at all from 0 down.

    v (1 - exp(-(v/width)^2)): smooth at 0, and v itself from some widths on.
    """
    v = np.maximum(virtual, 0.0)
    square = (v / width) * (v / width)
    left = np.exp(-square)
    return v * (1.0 - left), 1.0 - left * (1.0 - 2.0 * square)


_pressed = kernel(pressed)


@kernel
def stack_pressure(arrays, virtual):
    """Stack pressure as a dual in the virtual pressure, its second seed."""
    value, slope = _pressed(virtual, arrays.lift_width)
    return Dual(value, 0.0, slope)


@kernel
def diffuse(cell, y, old, h, block):
    """Forward elimination of radial diffusion: surface and mean as functions of J.

    Rows are weighted with the shells' volumes; what crosses a face is computed once and
    carried to the next row.
    """
    z, g, members, m = cell.z, cell.arrays.sphere, cell.z.members, block.member
    host, chosen = cell.arrays.particles[block.k].host, first_lanes(block.count)
    last, shell, zero = z.shells - 1, cell.work.shell, spread(0.0)
    uppers = UPPER * z.shells * members + m
    changes = CHANGE * z.shells * members + m
    now = present(cell.arrays.particles[block.k], y, place_of(z, block))
    share, in_use = now.diffusivity, 1.0 - now.cut_off
    scale, filled = h * share, _rate(1.0, host.radius, host.c_max) / in_use
    x, J = load(y, m, chosen), load(y, z.flux + m, chosen)
    value, D = integral(host.permeation, x)
    flux, by_inner, kept, change = zero, zero, zero, zero
    mean = (h * filled) * J
    for i in range(last):
        volume, size = g[i].volume, g[i].volume * g[i].outer * scale
        known = load(old, i * members + m, chosen)
        mean = mean + volume * known
        outside = load(y, (i + 1) * members + m, chosen)
        value_out, D_out = integral(host.permeation, outside)
        face, inner, outer = size * (value_out - value), size * D, size * D_out
        # what the inner shells keep, as a sum: the difference of two faces would lose the
        # volume's digits where diffusion is far quicker than the step
        kept = kept + volume
        pivot = 1.0 / (kept + inner)
        change = (by_inner * change - (volume * (x - known) + flux - face)) * pivot
        upper = outer * pivot
        kept = kept * upper
        store(shell, uppers + i * members, chosen, upper)
        store(shell, changes + i * members, chosen, change)
        flux, by_inner = face, inner
        x, value, D = outside, value_out, D_out
    volume, load_J = g[last].volume, -h * filled
    known = load(old, last * members + m, chosen)
    mean = mean + volume * known
    pivot = 1.0 / (kept + volume)
    change = (by_inner * change - (volume * (x - known) + flux + load_J * J)) * pivot
    store(shell, changes + last * members, chosen, change)
    last_J = -load_J * pivot
    store(cell.work.member, LAST_J * members + m, chosen, last_J)
    # half a shell of gradient between the last mean and the surface
    half = filled * ((1.0 - g[last].centre) / 3.0) / share
    surface = carried(
        host.permeation, Dual(x + change, last_J, zero), Dual(half * J, half, zero)
    )
    by_J = zero + h * filled
    return Lithium(Dual(J, spread(1.0), zero), surface, Dual(mean, by_J, zero), now)


@kernel
def react(cell, y, old, h, block, lithium, P):
    """Linearise mechanisms and contact of one block and gather them by node.

    Returns its thickness change at unchanged potentials, and the slope in the virtual pressure.
    """
    z, work = cell.z, cell.work
    c, chosen = cell.arrays.particles[block.k], first_lanes(block.count)
    place, m, n = place_of(z, block), block.member, block.node
    drive = driven(c, cell.arrays.temperature, lithium, P)
    state = interface(c, y, old, place, drive, lithium.now, h, work.ease[0])
    phi = load(y, z.potential + n, chosen)
    drop, inverse = state.potential.value - phi, 1.0 / state.potential.first
    by_P = state.potential.second
    store(work.member, DROP * z.members + m, chosen, drop)
    store(work.member, INVERSE * z.members + m, chosen, inverse)
    store(work.member, DROP_P * z.members + m, chosen, by_P)
    # contact that grows with the current hides how curved charge transfer is
    store(work.member, KEEN * z.members + m, chosen, abs(state.transfer * inverse))
    filled = lithium.x_s.value - state.depleted.value
    store(work.member, FILLED * z.members + m, chosen, filled)
    zero = spread(0.0)
    potential = Dual(phi, spread(1.0), zero)
    known = outcome(cell.arrays.temperature, potential, drive, lithium.now, state)
    side = after(c, y, old, place, known, h, work.slopes)
    area = block.width * c.host.area
    admittance, covered = area * inverse, area * c.host.coverage
    stretch = block.width * state.strain.first * inverse
    add(work.node, ADMITTANCE * z.nodes + n, chosen, admittance + covered * side.first)
    current = area * lithium.J.value - admittance * drop + covered * side.value
    add(work.node, BALANCE * z.nodes + n, chosen, current)
    add(work.node, BY_P * z.nodes + n, chosen, admittance * by_P)
    add(work.node, STRETCH * z.nodes + n, chosen, stretch)
    grown = block.width * state.strain.value - stretch * drop
    grown_P = block.width * state.strain.second - stretch * by_P
    return np.sum(np.where(chosen, grown, zero)), np.sum(np.where(chosen, grown_P, zero))


@kernel
def eliminate(cell, y, old, h):
    """Eliminate the particles and contacts of all composite electrodes.

    Returns their thickness change at unchanged potentials, and its slope in the virtual
    pressure.
    """
    node = cell.work.node
    for row in range(ADMITTANCE, STRETCH + 1):
        for n in range(cell.z.nodes):
            node[row, n] = 0.0
    pressed = stack_pressure(cell.arrays, y[cell.z.pressure])
    P = Dual(spread(pressed.value), spread(0.0), spread(pressed.second))
    L, L_P = 0.0, 0.0
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        lithium = diffuse(cell, y, old, h, block)
        grown, grown_P = react(cell, y, old, h, block, lithium, P)
        L += grown
        L_P += grown_P
    return L, L_P


@kernel
def substitute_particles(cell, y, dP):
    """Update particles and contacts from the changed node potentials.

    Returns the largest change of a potential and of a stoichiometry, and a sum that is not
    finite where any of them is not.
    """
    z, work, members = cell.z, cell.work, cell.z.members
    dV, dx, whole, zero = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
    last = z.shells - 1
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        m, chosen = block.member, first_lanes(block.count)
        phi = load(work.node, PHI * z.nodes + block.node, chosen)
        force = phi - load(work.member, DROP * members + m, chosen)
        force = force - load(work.member, DROP_P * members + m, chosen) * dP
        dJ = force * load(work.member, INVERSE * members + m, chosen)
        add(y, z.flux + m, chosen, dJ)
        follow(cell.arrays.particles[block.k], y, place_of(z, block), work.slopes, phi)
        uppers, changes = UPPER * z.shells * members + m, CHANGE * z.shells * members + m
        change = load(work.shell, changes + last * members, chosen)
        change = change + load(work.member, LAST_J * members + m, chosen) * dJ
        add(y, last * members + m, chosen, change)
        keen = larger(spread(1.0), load(work.member, KEEN * members + m, chosen))
        force = np.where(chosen, keen * abs(force), zero)
        top = np.where(chosen, abs(change), zero)
        dV, dx = larger(dV, force), larger(dx, top)
        whole = whole + (force + top)
        for i in range(last - 1, -1, -1):
            inner = load(work.shell, changes + i * members, chosen)
            change = inner + load(work.shell, uppers + i * members, chosen) * change
            add(y, i * members + m, chosen, change)
    return highest(dV), highest(dx), np.sum(whole)
