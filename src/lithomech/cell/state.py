"""The state vector of a cell, by name.

Particles first: stoichiometry shell by shell, then what each mechanism remembers, then the
current density J; each row holds all members. A member is one class of particles at one node;
members of a class are neighbours. Then the potentials of the nodes, current, virtual pressure,
charge and fixture's creep of the cell, and for each foil its stoichiometry, the charge of the
lithium that it paid to side reactions, and what its mechanisms remember.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms.compose import state_rows
from lithomech.cell.mechanisms.declare import State
from lithomech.cell.mechanisms.registry import Composition

Floats = NDArray[np.float64]
SIDES: Final = ("anode", "cathode")
FOIL_OWN: Final = 2  # rows of a foil before those of its mechanisms


class Layout(NamedTuple):
    """Offsets into the state vector; compiled code reads it too."""

    shells: int
    members: int
    nodes: int
    states: int  # what mechanisms remember of particles: ``rows`` times members
    rows: int
    flux: int  # J of each member
    potential: int  # phi_s - phi_e of each node
    current: int  # of the cell [A/m2], positive on discharge
    pressure: int  # virtual: what the fixture would press with if it could pull
    charge: int  # passed since assembly [C/m2], positive on discharge
    crept: int  # pressure that the fixture has lost by creep [Pa]
    foils: int  # of the anode; ``foil_rows`` further that of the cathode
    foil_rows: int  # stoichiometry, charge paid to side reactions, then of mechanisms
    total: int


def lay_out(shells: int, members: int, nodes: int, composition: Composition) -> Layout:
    """Lay out the state of a cell."""
    rows = sum(len(m.states) for m in composition.particle)
    foil_rows = FOIL_OWN + sum(s.width for m in composition.foil for s in m.states.values())
    states = shells * members
    flux = states + rows * members
    potential = flux + members
    current = potential + nodes
    return Layout(
        shells,
        members,
        nodes,
        states,
        rows,
        flux,
        potential,
        current,
        current + 1,
        current + 2,
        current + 3,
        current + 4,
        foil_rows,
        current + 4 + 2 * foil_rows,
    )


class Slot(NamedTuple):
    """Where a state stands that a mechanism remembers, and what it declares of it."""

    name: str  # "cracking.damage"; of a foil "anode.lithium_voids.open"
    place: slice
    declared: State
    initial: float


@lru_cache(maxsize=64)
def slots(z: Layout, composition: Composition) -> tuple[Slot, ...]:
    """Every state of every mechanism."""
    found = []
    for row, m, name in state_rows(composition.particle):
        start = z.states + row * z.members
        place = slice(start, start + z.members)
        initial = m.initial[list(m.states).index(name)]
        found.append(Slot(f"{m.name}.{name}", place, m.states[name], initial))
    for s, side in enumerate(SIDES):
        for row, m, name in state_rows(composition.foil):
            start = z.foils + s * z.foil_rows + FOIL_OWN + row
            initial = m.initial[list(m.states).index(name)]
            place = slice(start, start + m.states[name].width)
            found.append(Slot(f"{side}.{m.name}.{name}", place, m.states[name], initial))
    return tuple(found)


def foil_start(z: Layout, side: str) -> int:
    """Where the states of one foil begin; its stoichiometry is the first."""
    return z.foils + SIDES.index(side) * z.foil_rows
