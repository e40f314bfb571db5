"""Charge conservation across a composite electrode: one tridiagonal system in phi_s - phi_e."""

import numpy as np

from lithomech.cell.mechanisms.composition import blocked
from lithomech.cell.solver.collector import collector_resistance
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.work import (
    ADMITTANCE,
    BALANCE,
    BY_P,
    COLLECTOR,
    FIRST_CHANGE,
    KAPPA,
    LAST_CHANGE,
    PHI,
    PHI_I,
    PHI_P,
    RATIO,
    SIGMA,
    place_of,
)
from lithomech.laws import contact
from lithomech.numerics.compiled import kernel
from lithomech.numerics.lanes import first_lanes, load, spread
from lithomech.numerics.table import lookup

_network_pressure = kernel(contact.network_pressure)


@kernel
def conductivities(transport, P):
    """Effective ionic and electronic conductivity at P: log-log interpolation, ends held."""
    t, n = transport, transport.shape[1]
    at = min(max(np.log(max(P, 1.0)), t[0, 0]), t[0, n - 1])
    i = 0
    while i < n - 2 and at > t[0, i + 1]:
        i += 1
    j = min(i + 1, n - 1)
    s = (at - t[0, i]) / (t[0, j] - t[0, i]) if t[0, j] > t[0, i] else 0.0
    kappa = np.exp(t[1, i] + s * (t[1, j] - t[1, i]))
    return kappa, np.exp(t[2, i] + s * (t[2, j] - t[2, i]))


@kernel
def grain_pressure(cell, y, e, P):
    """Stack pressure under which grains as made touch as those of one electrode do now.

    Grains that are welded or bonded (contact switched off) touch as made.
    """
    z, strain, scale, weight = cell.z, 0.0, 0.0, 0.0
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        c, chosen = cell.arrays.particles[block.k], first_lanes(block.count)
        if block.electrode != e or c.host.inert == 1 or c.contact.active == 0:
            continue
        mean, zero = spread(0.0), spread(0.0)
        for i in range(z.shells):
            own = load(y, i * z.members + block.member, chosen)
            mean = mean + cell.arrays.sphere[i].volume * own
        change = lookup(c.host.strain, mean)[0] - c.host.strain_made
        share = block.width * c.host.volume_fraction
        strain += share * np.sum(np.where(chosen, change, zero))
        scale += share * block.count * c.contact.network_strain
        weight += share * block.count
    return _network_pressure(P, strain / weight, scale / weight) if weight > 0.0 else P


@kernel
def blocking(cell, y, e):
    """What mechanisms add to the ionic resistivity of one electrode, over its own; mean."""
    total, zero = 0.0, spread(0.0)
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        if block.electrode == e:
            c, place = cell.arrays.particles[block.k], place_of(cell.z, block)
            total += np.sum(np.where(place.chosen, blocked(c, y, place), zero))
    return total / (cell.arrays.electrodes[e].end - cell.arrays.electrodes[e].first)


@kernel
def conduct_at_pressure(cell, y):
    """Set the conductivities and contacts of all layers for the present state.

    Ions follow the stack pressure and cracks across their way, electrons the pressure among
    the grains.
    """
    arrays, layer = cell.arrays, cell.work.layer
    P = stack_pressure(arrays, y[cell.z.pressure]).value
    for e in range(arrays.electrodes.shape[0]):
        kappa = conductivities(arrays.transport[e], P)[0]
        layer[KAPPA, e] = kappa / (1.0 + blocking(cell, y, e))
        among = grain_pressure(cell, y, e, P)
        layer[SIGMA, e] = conductivities(arrays.transport[e], among)[1]
        layer[COLLECTOR, e] = collector_resistance(arrays.electrodes[e], P)


@kernel
def conduct(cell, y, e):
    """Solve one composite electrode for its border columns, from what is gathered by node."""
    z, electrode, node = cell.z, cell.arrays.electrodes[e], cell.work.node
    first, end, sign = electrode.first, electrode.end, electrode.sign
    width = electrode.thickness / (end - first)
    kappa, sigma = cell.work.layer[KAPPA, e], cell.work.layer[SIGMA, e]
    share = kappa / (kappa + sigma)
    off = share * sigma / width
    I = sign * y[z.current]  # noqa: E741
    ratio, a, b, c, before, own = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    left, by_I = I, -sign  # what enters the node from the one before, and its slope in I
    for n in range(first, end):
        # before (1 - ratio), as a sum: the difference would lose the digits of an admittance
        # that is small beside the conduction
        own = node[ADMITTANCE, n] + ratio * own
        diagonal = own
        right, next_I = 0.0, 0.0
        if n < end - 1:
            right = off * (y[z.potential + n + 1] - y[z.potential + n]) + share * I
            diagonal += off
            next_I = sign * share
            by_I += next_I
        inverse = 1.0 / diagonal
        a = ((right - left) - node[BALANCE, n] + before * a) * inverse
        b = (by_I + before * b) * inverse
        c = (node[BY_P, n] + before * c) * inverse
        ratio = off * inverse
        node[PHI, n], node[PHI_I, n], node[PHI_P, n], node[RATIO, n] = a, b, c, ratio
        before, left, by_I = off, right, -next_I
    for n in range(end - 2, first - 1, -1):
        ratio = node[RATIO, n]
        a = node[PHI, n] + ratio * a
        b = node[PHI_I, n] + ratio * b
        c = node[PHI_P, n] + ratio * c
        node[PHI, n], node[PHI_I, n], node[PHI_P, n] = a, b, c
    cell.work.layer[FIRST_CHANGE, e] = node[PHI, first]
    cell.work.layer[LAST_CHANGE, e] = node[PHI, end - 1]


@kernel
def electrode_drop(cell, y, e):
    """phi_s at the collector minus phi_e at the separator, as weights of the node potentials.

    Returns the drop, the weight of the first and last node, and the slope in I.
    """
    z, layer = cell.z, cell.arrays.electrodes[e]
    kappa, sigma = cell.work.layer[KAPPA, e], cell.work.layer[SIGMA, e]
    width = layer.thickness / (layer.end - layer.first)
    series = 1.0 / (1.0 / kappa + 1.0 / sigma)
    ohmic = (layer.end - layer.first - 1) * width * series / (sigma * kappa)
    ohmic += 0.5 * width * (1.0 / sigma + 1.0 / kappa) + cell.work.layer[COLLECTOR, e]
    ohmic *= layer.sign
    near = series / kappa
    start, last = y[z.potential + layer.first], y[z.potential + layer.end - 1]
    drop = last - near * (last - start) - ohmic * y[z.current]
    return drop, near, 1.0 - near, -ohmic
