"""Real partial derivatives of a cell at a stored state, for its answer to a small sinusoid.

The march's own blocks are evaluated with other seeds: stoichiometries instead of current
density and pressure. Every state that mechanisms remember is frozen.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import CellArrays
from lithomech.cell.mechanisms.composition import after, present
from lithomech.cell.solver.conduct import conduct_at_pressure
from lithomech.cell.solver.foils import planar
from lithomech.cell.solver.interface import Lithium, carried, driven, interface, outcome
from lithomech.cell.solver.observe import soaked_block
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.work import Cell, make_work, place_of
from lithomech.cell.state import Layout
from lithomech.laws import transport
from lithomech.numerics.compiled import entry, kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import first_lanes, load, spread, store
from lithomech.numerics.table import integral, lookup

Floats = NDArray[np.float64]

_rate = kernel(transport.stoichiometry_rate)

# rows of ``Partials.member``
(
    POTENTIAL_J, POTENTIAL_P, POTENTIAL_S, POTENTIAL_M, STRAIN_P, STRAIN_M,
    DEPLETED_J, DEPLETED_P, DEPLETED_S, DEPLETED_M, THETA, DIFFUSIVITY, SIDE, JUMP, BEND,
    IN_USE,
) = range(16)  # fmt: skip
# columns of ``Partials.foil``: potential by current, pressure, stoichiometry; contact, and the
# parts of the first that are constriction in the electrolyte and the collector's contact
BY_CURRENT, BY_PRESSURE, BY_STOICHIOMETRY, CONTACT, CONSTRICTION, BEHIND = range(6)


class Partials(NamedTuple):
    """Derivatives with respect to J, pressure P, surface S and mean M stoichiometry."""

    member: np.ndarray  # (16, members), rows above; surface = last shell's change BEND + JUMP J
    inner: (
        np.ndarray
    )  # (shells - 1, members): of what crosses a face, in the shell inside [1/s]
    outer: np.ndarray  # (shells - 1, members): in the shell outside
    foil: np.ndarray  # (2, 6), columns above; by virtual pressure
    layer: np.ndarray  # (5, 2): of each composite electrode, see ``Work.layer``


@kernel
def _diffusion(cell, y, block, out):
    """Derivatives of what crosses the faces between the shells of one block."""
    z, g, host = cell.z, cell.arrays.sphere, cell.arrays.particles[block.k].host
    m, chosen, members, last = block.member, first_lanes(block.count), z.members, z.shells - 1
    now = present(cell.arrays.particles[block.k], y, place_of(z, block))
    share, in_use = now.diffusivity, 1.0 - now.cut_off
    inside = load(y, m, chosen)
    for i in range(last):
        outside = load(y, (i + 1) * members + m, chosen)
        size = g[i].volume * g[i].outer * share
        D_in, D_out = (
            integral(host.permeation, inside)[1],
            integral(host.permeation, outside)[1],
        )
        store(out.inner, i * members + m, chosen, -size * D_in)
        store(out.outer, i * members + m, chosen, size * D_out)
        inside = outside
    half = _rate((1.0 - g[last].centre) / 3.0, host.radius, host.c_max) / (in_use * share)
    more = Dual(half * load(y, z.flux + m, chosen), half, 0.0 * half)
    at_surface = carried(host.permeation, Dual(inside, 0.0 * half, 0.0 * half + 1.0), more)
    store(out.member, IN_USE * members + m, chosen, in_use)
    store(out.member, JUMP * members + m, chosen, at_surface.first)
    store(out.member, BEND * members + m, chosen, at_surface.second)


@kernel
def _contact(cell, y, block, out):
    """Derivatives of potential and strain of one block."""
    z, c, chosen = cell.z, cell.arrays.particles[block.k], first_lanes(block.count)
    m, members, zero, one = block.member, z.members, spread(0.0), spread(1.0)
    place, spare, T = place_of(z, block), cell.work.spare, cell.arrays.temperature
    pressed = stack_pressure(cell.arrays, y[z.pressure])
    P = Dual(spread(pressed.value), zero, spread(pressed.second))
    still = Dual(spread(pressed.value), zero, zero)
    soaked = soaked_block(cell, y, block)
    driving = Lithium(Dual(soaked.J.value, one, zero), soaked.x_s, soaked.x_m, soaked.now)
    a = interface(c, spare, y, place, driven(c, T, driving, P), soaked.now, 0.0, 0.0)
    surface, mean = Dual(soaked.x_s.value, one, zero), Dual(soaked.x_m.value, zero, one)
    drive = driven(c, T, Lithium(soaked.J, surface, mean, soaked.now), still)
    b = interface(c, spare, y, place, drive, soaked.now, 0.0, 0.0)
    phi = Dual(load(y, z.potential + block.node, chosen), one, zero)
    known = outcome(T, phi, drive, soaked.now, a)
    side = after(c, spare, y, place, known, 0.0, cell.work.slopes)
    D = integral(c.host.permeation, soaked.x_s.value)[1] * soaked.now.diffusivity
    for row, value in (
        (POTENTIAL_J, a.potential.first), (POTENTIAL_P, a.potential.second),
        (POTENTIAL_S, b.potential.first), (POTENTIAL_M, b.potential.second),
        (STRAIN_P, a.strain.second), (STRAIN_M, b.strain.second),
        (DEPLETED_J, a.depleted.first), (DEPLETED_P, a.depleted.second),
        (DEPLETED_S, b.depleted.first), (DEPLETED_M, b.depleted.second), (THETA, a.theta.value),
        (DIFFUSIVITY, D * (c.host.radius * c.host.radius)), (SIDE, side.first),
    ):  # fmt: skip
        store(out.member, row * members + m, chosen, value)


@kernel
def _foil(cell, y, s, out):
    """Derivatives of the potential of a planar electrode."""
    z, host = cell.z, cell.arrays.foils[s].host
    pressed, x = stack_pressure(cell.arrays, y[z.pressure]), z.foils + s * z.foil_rows
    P, spare, current = Dual(pressed.value, 0.0, pressed.second), cell.work.spare, y[z.current]
    at = planar(cell, spare, y, s, Dual(-host.sign * current, 1.0, 0.0), P, 0.0)
    out.foil[s, BY_CURRENT], out.foil[s, BY_PRESSURE] = at.potential.first, at.potential.second
    out.foil[s, CONTACT] = at.theta.value
    out.foil[s, CONSTRICTION] = at.constriction.value
    out.foil[s, BEHIND] = at.collector.value
    # with h = 0 the stoichiometry takes no part: its slope is that of the rest potential
    out.foil[s, BY_STOICHIOMETRY] = lookup(host.potential, y[x])[1]


@entry
def fill_partials(arrays, z, y, out):
    """Fill the derivatives at one state."""
    cell = Cell(arrays, z, make_work(z))
    cell.work.spare[:] = y  # what stands at present is read where new states would go
    conduct_at_pressure(cell, y)
    for b in range(arrays.blocks.shape[0]):
        _diffusion(cell, y, arrays.blocks[b], out)
        _contact(cell, y, arrays.blocks[b], out)
    for s in range(2):
        if arrays.foils[s].host.present == 1:
            _foil(cell, y, s, out)
    out.layer[:] = cell.work.layer


def partials(arrays: CellArrays, z: Layout, y: Floats) -> Partials:
    """Evaluate the derivatives at one state.

    Args:
        arrays: the cell.
        z: layout of its state.
        y: state, shape (z.total,).
    """
    faces = (z.shells - 1, z.members)
    out = Partials(
        np.zeros((16, z.members)), np.zeros(faces), np.zeros(faces), np.zeros((2, 6)),
        np.zeros((5, 2)),
    )  # fmt: skip
    fill_partials(arrays, z, y, out)
    return out
