"""What a stored state implies: potentials, contact, cracks, and what thickened each layer."""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import CHARGE, CURRENT, DIFFUSION, PRESSURE, SIDE_STATES, STRAIN
from lithomech.cell.interface import interface, planar, plated
from lithomech.cell.kernel import electrode_drop, products, stack_pressure
from lithomech.laws import fracture, lithium, transport
from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.table import lookup

_rate = kernel(transport.stoichiometry_rate)
_damaged = kernel(fracture.damaged_diffusivity_factor)
_recession = kernel(lithium.interface_recession)


class Readout(NamedTuple):
    """Arrays over the rows of a trace; SI, current positive on discharge."""

    drop: np.ndarray  # (rows, 2) potential drop of anode and cathode side
    pressure: np.ndarray  # (rows,)
    mean: np.ndarray  # (rows, members) mean stoichiometry
    surface: np.ndarray  # (rows, members)
    theta: np.ndarray  # (rows, members)
    damage: np.ndarray  # (rows, members)
    crack_area: np.ndarray  # (rows, members)
    contact_pressure: np.ndarray  # (rows, members)
    gap: np.ndarray  # (rows, members) [m]
    film: np.ndarray  # (rows, members, ways) charge of each decomposition [C/m2 of contact]
    grown: np.ndarray  # (rows, classes, 4) [m], columns below
    planar: np.ndarray  # (rows, 2, 5): four thicknesses [m] and contact, columns below


SWELLING, CRACKS, CONTACTS, FILMS = range(4)  # columns of ``Readout.grown``
MOVED, PORES, VOIDS, FILM, LITHIUM_CONTACT = range(5)  # columns of ``Readout.planar``


@kernel
def _member(cell, z, y, m, P):
    """Surface and mean stoichiometry and the contact state of one member, states frozen."""
    k = cell.member_class[m]
    c = cell.classes[k]
    last = (z.shells - 1) * z.members + m
    D = lookup(cell.table[k, DIFFUSION], y[last])[0] * _damaged(
        y[z.damage + m], c.crack_diffusion
    )
    J = y[z.flux + m]
    jump = _rate(J * (1.0 - cell.sphere[z.shells - 1].centre) / 3.0, c.radius, c.c_max) / D
    surface = y[last] + jump
    mean = 0.0
    for i in range(z.shells):
        mean += cell.sphere[i].volume * y[i * z.members + m]
    grown, film = products(cell, z, y, m)
    state = interface(
        cell, k, Dual(J, 0.0, 0.0), Dual(P, 0.0, 0.0), Dual(surface, 0.0, 0.0),
        Dual(mean, 0.0, 0.0), y[z.damage + m], y[z.residual + m], y[z.plastic + m], grown,
        film, 0.0, 0.0,
    )  # fmt: skip
    return surface, mean, state


@kernel
def _members(cell, z, y, row, out):
    """Fill one row of everything that belongs to members and classes."""
    P = out.pressure[row]
    for e in range(cell.electrodes.shape[0]):
        layer = cell.electrodes[e]
        width = layer.thickness / (layer.end - layer.first)
        for m in range(cell.first_member[layer.first], cell.first_member[layer.end]):
            k = cell.member_class[m]
            c = cell.classes[k]
            surface, mean, state = _member(cell, z, y, m, P)
            out.surface[row, m], out.mean[row, m] = surface, mean
            out.theta[row, m], out.damage[row, m] = state.theta.value, y[z.damage + m]
            out.crack_area[row, m] = state.crack_area.value
            out.contact_pressure[row, m] = state.pressure.value
            out.gap[row, m] = state.gap.value * c.radius
            share = width * c.volume_fraction * c.transmission
            swelling = share * (lookup(cell.table[k, STRAIN], mean)[0] - c.strain_made)
            cracks = share * state.crack_area.value
            films = 3.0 * share * products(cell, z, y, m)[0]
            out.grown[row, k, SWELLING] += swelling
            out.grown[row, k, CRACKS] += cracks
            out.grown[row, k, FILMS] += films
            lost = width * state.strain.value - swelling - cracks - films
            out.grown[row, k, CONTACTS] += lost
            for r in range(z.ways):
                out.film[row, m, r] = y[z.film + r * z.members + m]
        side = 1 if layer.sign > 0.0 else 0
        out.drop[row, side] = electrode_drop(cell, z, y, e)[0]


@kernel
def _sides(cell, z, y, row, out):
    """Fill one row of everything that belongs to planar electrodes."""
    P = Dual(out.pressure[row], 0.0, 0.0)
    for s in range(2):
        out.planar[row, s, LITHIUM_CONTACT] = 1.0
        if cell.planar[s].present == 0:
            continue
        start = z.globals + 3 + SIDE_STATES * s
        i = Dual(-cell.planar[s].sign * y[z.globals + CURRENT], 0.0, 0.0)
        drop, _, w, o, q, theta = planar(
            cell, s, i, P, y[start], y[start + 1], y[start + 2], y[start + 3], 0.0, 0.0
        )
        out.drop[row, s] = drop.value
        moved = _recession(cell.planar[s].sign, cell.planar[s].molar_volume)
        lithium = moved * y[z.globals + CHARGE]
        out.planar[row, s, MOVED] = lithium
        out.planar[row, s, PORES] = plated(cell.planar[s], lithium) - lithium
        out.planar[row, s, VOIDS] = w.value + o.value
        out.planar[row, s, FILM] = cell.planar[s].film_swelling * q.value
        out.planar[row, s, LITHIUM_CONTACT] = theta.value


@entry
def read_out(cell, z, states):
    """Evaluate stored states.

    Args:
        cell: CellArrays.
        z: Sizes.
        states: shape (rows, z.total).

    Returns:
        Readout.
    """
    rows, members = states.shape[0], z.members
    classes = cell.classes.shape[0]
    m = np.zeros((7, rows, members))
    out = Readout(
        np.zeros((rows, 2)), np.zeros(rows), m[0], m[1], m[2], m[3], m[4], m[5], m[6],
        np.zeros((rows, members, z.ways)), np.zeros((rows, classes, 4)),
        np.zeros((rows, 2, 5)),
    )  # fmt: skip
    for row in range(rows):
        y = states[row]
        out.pressure[row] = stack_pressure(cell, y[z.globals + PRESSURE])[0]
        _members(cell, z, y, row, out)
        _sides(cell, z, y, row, out)
    return out
