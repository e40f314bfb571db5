"""Overvoltage of states under current, by cause.

The whole is the voltage of the relaxed cell with the same lithium less that of the state. By
Tellegen's theorem its product with the current is the power that the parts dissipate: currents
in the layers, and at every member its current times each part of its potential drop. The parts
add up to the whole as exactly as the state fulfils its equations; see docs/theory/losses.md.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import host_in_front, salt
from lithomech.cell.readout.observation import Observation
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.solver.drops import Drops, drops_of
from lithomech.cell.state import SIDES

Floats = NDArray[np.float64]
SEPARATOR: Final = "separator"
IONS, ELECTRONS, CONTACT = "ions", "electrons", "contact"
TRANSFER, INTERPHASE = "charge transfer", "interphase"
DIFFUSION, UNEVEN, SALT = "particle diffusion", "uneven use", "salt"
OF_COMPOSITE: Final = (IONS, ELECTRONS, CONTACT, TRANSFER, INTERPHASE, DIFFUSION, UNEVEN)
OF_FOIL: Final = (CONTACT, TRANSFER, INTERPHASE)


class Overvoltages(NamedTuple):
    """Of some rows [V], positive where they lower the voltage of a discharge."""

    whole: Floats  # (rows,) relaxed voltage less voltage
    left: Floats  # (rows,) lithium that the anode could still give at rest [C/m2]; of metal 0
    causes: dict[str, Floats]  # (rows,) each, by the name that ``cause_of`` gives


def cause_of(side: str, part: str) -> str:
    """Name of a cause within one electrode."""
    return f"{side} {part}"


def overvoltages(observation: Observation) -> Overvoltages:
    """Split the overvoltage of states; that of states without current is 0."""
    model, states, drop = observation.model, observation.state, observation.readout.drop
    drops = drops_of(model.arrays, model.layout, states)
    current = states[:, model.layout.current]
    resistance = model.arrays.separator_resistance
    causes = {SEPARATOR: resistance * current}
    whole = resistance * current
    electrodes = [side for side in SIDES if side in model.composites]
    for s, side in reversed(tuple(enumerate(SIDES))):
        sign = SIGN[side]
        if side in electrodes:
            e = electrodes.index(side)
            relaxed = drops.relaxed[:, e]
            parts = _composite(model, states, drops, e, side)
        else:
            relaxed = drops.foil_rest[:, s]
            # what raises the potential of the anode lowers the voltage
            parts = {name: -sign * v[:, s] for name, v in _foil(model, drops, side).items()}
        whole = whole + sign * (relaxed - drop[:, s])
        causes |= {cause_of(side, name): values for name, values in parts.items()}
    return Overvoltages(whole, drops.left.sum(axis=1) + drops.foil_left[:, 0], causes)


def _composite(
    model: Resolved, states: Floats, drops: Drops, e: int, side: str
) -> dict[str, Floats]:
    """Dissipated power over the cell's current, by cause, in one composite electrode."""
    z, layer = model.layout, model.arrays.electrodes[e]
    current = states[:, z.current]
    first, nodes = int(layer["first"]), int(layer["end"] - layer["first"])
    ions, electrons = _currents(model, states, drops, e)
    width = float(layer["thickness"]) / nodes
    halves = np.full(nodes + 1, width)
    halves[[0, -1]] *= 0.5  # no ions reach the collector, no electrons the separator
    dissipated = {
        IONS: (ions**2) @ halves / drops.kappa[:, e],
        ELECTRONS: (electrons**2) @ halves / drops.sigma[:, e]
        + drops.collector[:, e] * current**2,
    }
    own = model.hosts[side]
    density = states[:, z.flux : z.potential][:, own]
    crossing = density * _areas(model, side)
    parts = {
        CONTACT: drops.contact,
        TRANSFER: drops.transfer,
        INTERPHASE: drops.film,
        DIFFUSION: drops.diffusion,
        UNEVEN: drops.rest - drops.relaxed[:, [e]],
    }
    dissipated |= {name: np.sum(crossing * v[:, own], axis=1) for name, v in parts.items()}
    # what reactions of the electrolyte pass beside the hosts counts with the interphase
    beside = np.diff(ions, axis=1)
    at = own % nodes
    for node in range(nodes):
        beside[:, node] -= crossing[:, at == node].sum(axis=1)
    potential = states[:, z.potential + first : z.potential + first + nodes]
    dissipated[INTERPHASE] += np.sum(beside * (potential - drops.relaxed[:, [e]]), axis=1)
    flows = np.where(current == 0.0, np.inf, current)
    return {name: dissipated[name] / flows for name in OF_COMPOSITE}


def _foil(model: Resolved, drops: Drops, side: str) -> dict[str, Floats]:
    """Parts of the potentials of planar electrodes, of both sides; those that this one has."""
    own = (drops.foil_contact, drops.foil_transfer, drops.foil_film)
    parts: dict[str, Floats] = dict(zip(OF_FOIL, own, strict=True))
    if model.arrays.foils["host"]["collector"][SIDES.index(side)] > 0.0:
        parts[ELECTRONS] = drops.foil_collector
    if host_in_front.NAME in model.foils[side].active:
        parts[DIFFUSION] = drops.foil_diffusion
    elif salt.NAME in model.foils[side].active:
        parts[SALT] = drops.foil_diffusion
    return parts


def _currents(model: Resolved, states: Floats, drops: Drops, e: int) -> tuple[Floats, Floats]:
    """Ionic and electronic current away from the separator at all faces, (rows, nodes + 1)."""
    z, layer = model.layout, model.arrays.electrodes[e]
    first, end = int(layer["first"]), int(layer["end"])
    kappa, sigma = drops.kappa[:, [e]], drops.sigma[:, [e]]
    share = kappa / (kappa + sigma)
    whole = float(layer["sign"]) * states[:, [z.current]]
    steps = np.diff(states[:, z.potential + first : z.potential + end], axis=1)
    width = float(layer["thickness"]) / (end - first)
    inner = share * (sigma / width * steps + whole)
    ions = np.concatenate([whole, inner, 0.0 * whole], axis=1)
    return ions, whole - ions


def _areas(model: Resolved, side: str) -> Floats:
    """Surface of the hosts of one electrode, per cell area, whatever touches it."""
    host, nodes = model.arrays.particles["host"], model.cell.solver.nodes
    return host["area"][model.hosts[side] // nodes] * (model.thickness[side] / nodes)
