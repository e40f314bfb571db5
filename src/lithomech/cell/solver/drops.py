"""What the potential drop of a stored state is made of: at members, foils and in conduction.

The parts at a member add up to its potential drop: rest, diffusion, contact, transfer and film.
What lost contact adds to charge transfer and film, and the depletion below it, is contact.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import CellArrays
from lithomech.cell.solver.conduct import conduct_at_pressure, electrode_drop
from lithomech.cell.solver.foils import planar
from lithomech.cell.solver.interface import driven, interface, rest_potential
from lithomech.cell.solver.observe import soaked_block
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.work import COLLECTOR, KAPPA, SIGMA, Cell, make_work, place_of
from lithomech.cell.state import Layout
from lithomech.constants import F
from lithomech.laws import chemomechanics, kinetics
from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import first_lanes, spread, store
from lithomech.numerics.table import HALF, INTERVALS, ROUNDS, lookup, lookup_dual

Floats = NDArray[np.float64]
SEARCHES, SETTLED = 60, 1e-10  # for a potential at rest, and V that end them

_overpotential = kernel(kinetics.charge_transfer_overpotential)
_shifted = kernel(chemomechanics.stress_shifted_potential)


class Drops(NamedTuple):
    """Arrays over the rows of states [V]; of inert members all 0."""

    rest: Floats  # (rows, members) at rest, at the mean stoichiometry
    diffusion: Floats  # (rows, members) at rest, from the mean to the surface
    contact: Floats  # (rows, members)
    transfer: Floats  # (rows, members) as if all contact were left
    film: Floats  # (rows, members) as if all contact were left
    shift: Floats  # (rows, members) of the rest by the pressure at the wall
    mean: Floats  # (rows, members) stoichiometry of what is in use
    sites: Floats  # (rows, members) charge of the lithium sites in use [C/m2]
    relaxed: Floats  # (rows, electrodes) at rest, with the lithium of all its members
    left: Floats  # (rows, electrodes) lithium that it could give at rest at the limit [C/m2]
    kappa: Floats  # (rows, electrodes) [S/m]
    sigma: Floats  # (rows, electrodes) [S/m]
    collector: Floats  # (rows, electrodes) [ohm m2]
    foil_rest: Floats  # (rows, 2) of planar electrodes
    foil_contact: Floats  # (rows, 2)
    foil_transfer: Floats  # (rows, 2)
    foil_film: Floats  # (rows, 2)
    foil_collector: Floats  # (rows, 2)
    foil_diffusion: Floats  # (rows, 2)
    foil_mean: Floats  # (rows, 2) stoichiometry
    foil_left: Floats  # (rows, 2) as ``left``; of metals 0


@kernel
def _block(cell, y, row, block, out):
    """Parts at the members of one block."""
    z, c, chosen = cell.z, cell.arrays.particles[block.k], first_lanes(block.count)
    host, zero, temperature = c.host, spread(0.0), cell.arrays.temperature
    soaked = soaked_block(cell, y, block)
    pressed = stack_pressure(cell.arrays, y[z.pressure])
    P = Dual(spread(pressed.value), zero, zero)
    drive = driven(c, temperature, soaked, P)
    state = interface(c, cell.work.spare, y, place_of(z, block), drive, soaked.now, 0.0, 0.0)
    x_c = drive.x_s - state.depleted
    at_mean = rest_potential(host.potential, drive.x_m).value
    at_surface = rest_potential(host.potential, drive.x_s).value
    at_contact = rest_potential(host.potential, x_c).value
    shift = state.rest.value - at_contact
    whole = drive.J / host.coverage  # on all contact as made
    j = drive.J / (state.theta * host.coverage)
    transfer = _overpotential(whole, lookup_dual(host.exchange, drive.x_s), temperature)
    crowding = _overpotential(j, lookup_dual(host.exchange, x_c), temperature)
    films = state.potential.value - state.rest.value - crowding.value
    film = films * state.theta.value
    contact = (at_contact - at_surface) + (crowding.value - transfer.value) + (films - film)
    sites = block.width * host.volume_fraction * host.c_max * F
    at = row * z.members + block.member
    store(out.rest, at, chosen, at_mean + shift)
    store(out.diffusion, at, chosen, at_surface - at_mean)
    store(out.contact, at, chosen, contact)
    store(out.transfer, at, chosen, transfer.value)
    store(out.film, at, chosen, film)
    store(out.shift, at, chosen, shift)
    store(out.mean, at, chosen, drive.x_m.value)
    store(out.sites, at, chosen, sites * (1.0 - soaked.now.cut_off))


@kernel
def _filled(table, potential):
    """Stoichiometry at which a host has this potential, which falls with it."""
    i, stride = 0, HALF
    while stride > 0:
        if i + stride < INTERVALS and table[i + stride, 0] >= potential:
            i += stride
        stride //= 2
    a, b, c, d = table[i, 0], table[i, 1], table[i, 2], table[i, 3]
    fall = b + c + d
    s = (potential - a) / fall if fall < 0.0 else 0.0
    for _ in range(ROUNDS):
        s = min(max(s, 0.0), 1.0)
        slope = b + s * (2.0 * c + 3.0 * s * d)
        if slope < 0.0:
            s -= (a + s * (b + s * (c + s * d)) - potential) / slope
    return (i + min(max(s, 0.0), 1.0)) / INTERVALS


@kernel
def _surplus(cell, row, e, out, potential):
    """Lithium that one electrode would hold at a potential above what it holds [C/m2]."""
    total = 0.0
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        host = cell.arrays.particles[block.k].host
        if block.electrode != e or host.inert == 1:
            continue
        for m in range(block.member, block.member + block.count):
            x = _filled(host.potential, potential - out.shift[row, m])
            total += out.sites[row, m] * (x - out.mean[row, m])
    return total


@kernel
def _relaxed(cell, row, e, out):
    """Potential at which the members of one electrode share their lithium at rest.

    It lies between those that they have; Illinois, as the surplus falls with the potential.
    """
    low, high = np.inf, -np.inf
    for b in range(cell.arrays.blocks.shape[0]):
        block = cell.arrays.blocks[b]
        if block.electrode != e or cell.arrays.particles[block.k].host.inert == 1:
            continue
        for m in range(block.member, block.member + block.count):
            low, high = min(low, out.rest[row, m]), max(high, out.rest[row, m])
    if not high - low > SETTLED:
        return low if low < np.inf else 0.0
    over, under = _surplus(cell, row, e, out, low), _surplus(cell, row, e, out, high)
    side = 0
    for _ in range(SEARCHES):
        if high - low < SETTLED or not over > under:
            break
        share = min(max(over / (over - under), 0.01), 0.99)
        middle = low + share * (high - low)
        found = _surplus(cell, row, e, out, middle)
        if found > 0.0:
            low, over = middle, found
            under *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            high, under = middle, found
            over *= 0.5 if side == -1 else 1.0
            side = -1
    return 0.5 * (low + high)


@kernel
def _foil(cell, y, row, s, out, drop):
    """Parts of the potential of a planar electrode."""
    host, zero = cell.arrays.foils[s].host, 0.0
    pressed = stack_pressure(cell.arrays, y[cell.z.pressure])
    i, P = Dual(-host.sign * y[cell.z.current], zero, zero), Dual(pressed.value, zero, zero)
    foil = planar(cell, cell.work.spare, y, s, i, P, 0.0)
    drop[s] = foil.potential.value
    unpressed = rest_potential(host.potential, foil.x).value
    rest = _shifted(unpressed, -pressed.value, host.molar_volume)
    j, exchange = i / foil.theta, Dual(host.exchange, zero, zero)
    transfer = _overpotential(i, exchange, cell.arrays.temperature).value
    crowding = _overpotential(j, exchange, cell.arrays.temperature).value
    behind = foil.collector.value * i.value
    films = foil.potential.value - rest - foil.shift.value - crowding - behind
    film = (films - foil.constriction.value * i.value) * foil.theta.value
    out.foil_rest[row, s], out.foil_transfer[row, s] = rest, transfer
    out.foil_film[row, s], out.foil_mean[row, s] = film, foil.x.value
    out.foil_collector[row, s], out.foil_diffusion[row, s] = behind, foil.shift.value
    out.foil_contact[row, s] = (crowding - transfer) + (films - film)


@kernel
def _left(cell, row, limit, out):
    """Lithium that the anode can give until it rests at a potential.

    The limit is where the cell would rest at its present voltage with the cathode as it is:
    what is beyond it cannot come out at this voltage, however slowly.
    """
    for e in range(cell.arrays.electrodes.shape[0]):
        if cell.arrays.electrodes[e].sign < 0.0:
            out.left[row, e] = -_surplus(cell, row, e, out, limit)
    host = cell.arrays.foils[0].host
    if host.present == 1 and host.metal == 0:
        shift = out.foil_rest[row, 0] - lookup(host.potential, out.foil_mean[row, 0])[0]
        x = _filled(host.potential, limit - shift)
        out.foil_left[row, 0] = (out.foil_mean[row, 0] - x) / host.per_charge


@entry
def fill_drops(arrays, z, states, out):
    """Fill all rows."""
    cell, drop, rest = Cell(arrays, z, make_work(z)), np.zeros(2), np.zeros(2)
    for row in range(states.shape[0]):
        y = states[row]
        cell.work.spare[:] = y
        conduct_at_pressure(cell, y)
        for b in range(arrays.blocks.shape[0]):
            block = arrays.blocks[b]
            if arrays.particles[block.k].host.inert == 0:
                _block(cell, y, row, block, out)
        for e in range(arrays.electrodes.shape[0]):
            layer = cell.work.layer
            out.kappa[row, e], out.sigma[row, e] = layer[KAPPA, e], layer[SIGMA, e]
            out.collector[row, e] = layer[COLLECTOR, e]
            out.relaxed[row, e] = _relaxed(cell, row, e, out)
            side = 1 if arrays.electrodes[e].sign > 0.0 else 0
            drop[side], rest[side] = electrode_drop(cell, y, e)[0], out.relaxed[row, e]
        for s in range(2):
            if arrays.foils[s].host.present == 1:
                _foil(cell, y, row, s, out, drop)
                rest[s] = out.foil_rest[row, s]
        ohmic = arrays.separator_resistance * y[z.current]
        _left(cell, row, rest[1] - (drop[1] - drop[0] - ohmic), out)


def drops_of(arrays: CellArrays, z: Layout, states: Floats) -> Drops:
    """Evaluate stored states, shape (rows, z.total)."""
    rows, electrodes = len(states), len(arrays.electrodes)
    m, e = np.zeros((8, rows, z.members)), np.zeros((5, rows, electrodes))
    out = Drops(*m, *e, *np.zeros((8, rows, 2)))
    fill_drops(arrays, z, np.ascontiguousarray(states), out)
    return out
