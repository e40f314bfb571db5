"""Where the lithium of a cell stands at one moment, for its inventory over cycles."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import bare_collector, first_cycle, interphase, isolation
from lithomech.cell.readout.observation import Observation
from lithomech.cell.state import SIDES, foil_start

Floats = NDArray[np.float64]
KEPT: Final = (f"{first_cycle.NAME}.kept",)


class Holding(NamedTuple):
    """Lithium of one electrode [C/m2]; arrays by class of particles, one of a foil."""

    sites: Floats  # of all that has a path
    cut: Floats  # of them, in grains that are cut off
    in_use: Floats  # lithium in the others
    trapped: Floats  # lithium in grains that are cut off
    films: float  # taken by decomposition, negative where it gives
    kept: float  # taken by the hosts for good, or metal that lost its contact


class Holdings(NamedTuple):
    """A cell at one moment."""

    passed: float  # charge since assembly, positive on discharge [C/m2]
    anode: Holding
    cathode: Holding


def holdings(observation: Observation) -> tuple[Holdings, ...]:
    """Lithium of both electrodes, row by row."""
    passed = observation.state[:, observation.model.layout.charge]
    sides = (_side(observation, side) for side in SIDES)
    return tuple(Holdings(float(q), *two) for q, *two in zip(passed, *sides, strict=True))


def _side(observation: Observation, side: str) -> tuple[Holding, ...]:
    if side in observation.model.composites:
        return _composite(observation, side)
    return _foil(observation, side)


def _composite(observation: Observation, side: str) -> tuple[Holding, ...]:
    model, rows = observation.model, len(observation.state)
    members, nodes = model.members[side], model.cell.solver.nodes
    sites = model.site_charges[side] * observation.takes_lithium[members]

    def by_class(values: Floats) -> Floats:
        summed = np.broadcast_to(values, (rows, len(sites))) * sites
        return summed.reshape(rows, -1, nodes).sum(axis=2)

    cut = observation.remembered(f"{isolation.NAME}.share")[:, members]
    trapped = isolation.trapped(observation)[:, members]
    taken = observation.charge(side, interphase.REDUCED)
    films = taken - observation.charge(side, interphase.OXIDISED)
    kept = observation.charge(side, KEPT)
    columns = (
        by_class(np.ones(1)),
        by_class(cut),
        by_class((1.0 - cut) * observation.readout.mean[:, members]),
        by_class(trapped),
        films,
        kept,
    )
    return tuple(Holding(*row) for row in zip(*columns, strict=True))


def _foil(observation: Observation, side: str) -> tuple[Holding, ...]:
    """A planar electrode: what it was made with, less what has passed and what it paid."""
    model, state = observation.model, observation.state
    s, start = SIDES.index(side), foil_start(model.layout, side)
    host, paid = model.arrays.foils["host"][s], state[:, start + 1]
    foil = observation.foil(side)
    loose = 0.0 * paid if foil is None else foil.states[f"{bare_collector.NAME}.inactive"]
    films = paid - loose
    if host["metal"] == 1:
        moved = float(host["sign"]) * state[:, model.layout.charge]
        held, sites = float(host["stock"]) + moved - paid, np.inf
    else:
        sites = 1.0 / float(host["per_charge"])
        held = state[:, start] * sites
    none = np.zeros(1)
    return tuple(
        Holding(np.array([sites]), none, np.array([lithium]), none, float(film), float(left))
        for lithium, film, left in zip(held, films, loose, strict=True)
    )
