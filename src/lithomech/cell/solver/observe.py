"""What a stored state implies: potentials, contact, and what thickened each layer."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import CellArrays
from lithomech.cell.mechanisms.composition import causes, present
from lithomech.cell.solver.conduct import conduct_at_pressure, electrode_drop
from lithomech.cell.solver.foils import planar, plated_layer
from lithomech.cell.solver.interface import Lithium, carried, driven, interface
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.work import SLICE, Cell, make_work, place_of
from lithomech.cell.state import Layout
from lithomech.laws import lithium, transport
from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import first_lanes, load, spread, store

Floats = NDArray[np.float64]

_rate = kernel(transport.stoichiometry_rate)
_recession = kernel(lithium.interface_recession)


class Readout(NamedTuple):
    """Arrays over the rows of a trace; SI, current positive on discharge."""

    drop: np.ndarray  # (rows, 2) potential drop of anode and cathode side
    pressure: np.ndarray  # (rows,)
    mean: np.ndarray  # (rows, members) mean stoichiometry
    surface: np.ndarray  # (rows, members)
    theta: np.ndarray  # (rows, members)
    contact_pressure: np.ndarray  # (rows, members)
    gap: np.ndarray  # (rows, members) [m]
    misfit: np.ndarray  # (rows, causes, members) linear misfit by each mechanism
    grown: np.ndarray  # (rows, classes, causes + 2) [m]: swelling, each mechanism, contacts
    plated: np.ndarray  # (rows, 2) [m] of lithium that moved to a foil
    pores: np.ndarray  # (rows, 2) [m] of it that went into pores, negative
    foil: np.ndarray  # (rows, 2) [m] by mechanisms of foils
    lithium_contact: np.ndarray  # (rows, 2)


SWELLING = 0  # column of ``Readout.grown``; contacts have the last one


@kernel
def soaked_block(cell, y, block):
    """Lithium in a block, its states frozen."""
    z, c, chosen = cell.z, cell.arrays.particles[block.k], first_lanes(block.count)
    host, m, zero, last = c.host, block.member, spread(0.0), z.shells - 1
    now = present(c, y, place_of(z, block))
    x, J = load(y, last * z.members + m, chosen), load(y, z.flux + m, chosen)
    half = _rate((1.0 - cell.arrays.sphere[last].centre) / 3.0, host.radius, host.c_max)
    half = half / ((1.0 - now.cut_off) * now.diffusivity)
    surface = carried(host.permeation, Dual(x, zero, zero), Dual(half * J, zero, zero))
    mean = zero
    for i in range(z.shells):
        mean = mean + cell.arrays.sphere[i].volume * load(y, i * z.members + m, chosen)
    return Lithium(Dual(J, zero, zero), surface, Dual(mean, zero, zero), now)


@kernel
def _block(cell, y, row, block, out):
    """Fill one row of everything that belongs to members and classes."""
    z, c, chosen = cell.z, cell.arrays.particles[block.k], first_lanes(block.count)
    zero, spare, place = spread(0.0), cell.work.spare, place_of(cell.z, block)
    soaked = soaked_block(cell, y, block)
    P = Dual(spread(out.pressure[row]), zero, zero)
    drive = driven(c, cell.arrays.temperature, soaked, P)
    state = interface(c, spare, y, place, drive, soaked.now, 0.0, 0.0)
    at = row * z.members + block.member
    store(out.mean, at, chosen, soaked.x_m.value)
    store(out.surface, at, chosen, soaked.x_s.value)
    store(out.theta, at, chosen, state.theta.value)
    store(out.contact_pressure, at, chosen, state.pressure.value)
    store(out.gap, at, chosen, state.gap.value * c.host.radius)
    number = out.misfit.shape[1]
    at = row * number * z.members + block.member
    causes(c, y, place, drive, out.misfit, at)
    share = block.width * c.host.volume_fraction * c.contact.transmission
    strain = (1.0 - soaked.now.cut_off) * state.lattice.value + soaked.now.kept_strain
    swelling = np.sum(np.where(chosen, share * strain, zero))
    out.grown[row, block.k, SWELLING] += swelling
    rest = np.sum(np.where(chosen, block.width * state.strain.value, zero)) - swelling
    for i in range(number):
        misfit = load(out.misfit, at + i * z.members, chosen)
        part = np.sum(np.where(chosen, 3.0 * share * misfit, zero))
        out.grown[row, block.k, 1 + i] += part
        rest -= part
    out.grown[row, block.k, 1 + number] += rest


@kernel
def _foil(cell, y, row, s, out):
    """Fill one row of everything that belongs to a planar electrode."""
    host, zero = cell.arrays.foils[s].host, 0.0
    i = Dual(-host.sign * y[cell.z.current], zero, zero)
    P = Dual(out.pressure[row], zero, zero)
    foil = planar(cell, cell.work.spare, y, s, i, P, 0.0)
    out.drop[row, s] = foil.potential.value
    moved = _recession(host.sign, host.molar_volume) * y[cell.z.charge]
    out.plated[row, s] = moved
    out.pores[row, s] = plated_layer(cell, y, s, 0.0).value - moved
    out.foil[row, s], out.lithium_contact[row, s] = foil.thickness.value, foil.theta.value


@entry
def fill_rows(arrays, z, states, part, out):
    """Fill the rows from one up to another of a read-out."""
    cell = Cell(arrays, z, make_work(z))
    for row in range(part[0], part[1]):
        y = states[row]
        cell.work.spare[:] = y  # what stands at present is read where new states would go
        out.pressure[row] = stack_pressure(arrays, y[z.pressure]).value
        conduct_at_pressure(cell, y)
        for b in range(arrays.blocks.shape[0]):
            _block(cell, y, row, arrays.blocks[b], out)
        for e in range(arrays.electrodes.shape[0]):
            side = 1 if arrays.electrodes[e].sign > 0.0 else 0
            out.drop[row, side] = electrode_drop(cell, y, e)[0]
        for side in range(2):
            if arrays.foils[side].host.present == 1:
                _foil(cell, y, row, side, out)


def read_out(arrays: CellArrays, z: Layout, states: Floats, number: int) -> Readout:
    """Evaluate stored states.

    Args:
        arrays: the cell.
        z: layout of its state.
        states: shape (rows, z.total).
        number: of mechanisms that may want room in particles.
    """
    rows, members, classes = len(states), z.members, len(arrays.particles)
    m, s = np.zeros((5, rows, members)), np.zeros((3, rows, 2))
    out = Readout(
        np.zeros((rows, 2)), np.zeros(rows), m[0], m[1], m[2], m[3], m[4],
        np.zeros((rows, number, members)), np.zeros((rows, classes, number + 2)), s[0], s[1],
        s[2], np.ones((rows, 2)),
    )  # fmt: skip
    some = max(1, SLICE // z.total)  # rows in one call: Python gets its turn in between
    for first in range(0, rows, some):
        fill_rows(arrays, z, states, (first, min(first + some, rows)), out)
    return out
