"""Scratch of one solve, and what the solver carries from function to function."""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import CellArrays, Clamp, Control, Step
from lithomech.cell.mechanisms.declare import Place
from lithomech.cell.state import Layout
from lithomech.numerics.compiled import allocating, kernel
from lithomech.numerics.lanes import first_lanes

SLICE = 500_000  # states that one call evaluates before Python gets its turn: about 20 ms
# rows of ``Work.shell``
UPPER, CHANGE = range(2)
# rows of ``Work.member``
LAST_J, DROP, INVERSE, DROP_P, FILLED, KEEN = range(6)
# rows of ``Work.node``
PHI, PHI_I, PHI_P, RATIO, ADMITTANCE, BALANCE, BY_P, STRETCH = range(8)
# rows of ``Work.layer``
KAPPA, SIGMA, FIRST_CHANGE, LAST_CHANGE, COLLECTOR = range(5)


class Work(NamedTuple):
    """Scratch; rows as named above."""

    shell: np.ndarray  # (2, shells, members): factor and change of the elimination
    member: np.ndarray  # (6, members)
    slopes: np.ndarray  # (state,): of what follows the contact, in the potential
    node: np.ndarray  # (8, nodes)
    layer: np.ndarray  # (5, 2): of each electrode
    base: np.ndarray  # (state,) before the last change
    spare: np.ndarray  # (state,) what frozen states are written to
    ease: np.ndarray  # (1,) resistance added to every contact on the way to a first solution


class Cell(NamedTuple):
    """A cell with its layout and scratch."""

    arrays: CellArrays
    z: Layout
    work: Work


class Task(NamedTuple):
    """A cell under a protocol step."""

    cell: Cell
    step: Step
    clamp: Clamp
    control: Control


@allocating
def make_work(z):
    """Allocate scratch."""
    return Work(
        np.zeros((2, z.shells, z.members)),
        np.zeros((6, z.members)),
        np.zeros(z.total),
        np.zeros((8, z.nodes)),
        np.ones((5, 2)),
        np.zeros(z.total),
        np.zeros(z.total),
        np.zeros(1),
    )


@kernel
def place_of(z, block):
    """Where the states of a block stand that mechanisms remember."""
    return Place(z.states + block.member, z.members, first_lanes(block.count))
