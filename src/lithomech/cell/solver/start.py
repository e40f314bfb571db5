"""The first state of a protocol step: concentrations stay, currents and potentials jump."""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import GALVANOSTATIC, POWER, Step
from lithomech.cell.solver.cutoffs import first_limit
from lithomech.cell.solver.newton import newton
from lithomech.cell.solver.work import Task
from lithomech.numerics.compiled import kernel
from lithomech.numerics.table import lookup

THINNEST, THICK, THICKEST = 1e-8, 1e4, 1e12  # ohm m2, of films that ease a start
TURNS = 30  # currents tried for a power
PENDING, FOUND, NOT_FOUND = range(3)  # what a search has come to

SEARCH = np.dtype(
    [
        ("begun", np.int64),
        ("allowed", np.int64),  # iterations left in this call
        ("iterations", np.int64),
        ("voltage", np.float64),
        ("turn", np.int64),  # of the search for a power
        ("current", np.float64),
        ("tried", np.int64),  # iterations at this current
        ("film", np.float64),
        ("known", np.float64),  # film of the last solution
        ("factor", np.float64),  # to the next film
    ]
)


class Start(NamedTuple):
    """A search for a first state; it outlives a call, so that it can be left and resumed."""

    search: np.ndarray  # SEARCH (1,)
    old: np.ndarray  # (state,) before the step
    solved: np.ndarray  # (state,) the last solution


@kernel
def start_state(task, y, start):
    """Make y consistent with the step's control, starting from zero current.

    Returns:
        PENDING when the iterations allowed are used up, FOUND or NOT_FOUND.
    """
    cell, step, search = task.cell, task.step, start.search[0]
    if search.begun == 0:
        _begin(task, y, start)
    while True:
        # the larger voltage of the two that give a power: I = power / V from zero current
        searching = step.mode == POWER and search.turn < TURNS
        mode = GALVANOSTATIC if searching else step.mode
        value = search.current if searching else step.value
        at = Step(mode, value, step.duration, step.limits, step.sample, step.longest)
        state = settle(Task(cell, at, task.clamp, task.control), y, start)
        if state == PENDING or not searching:
            return state
        V = search.voltage
        near = first_limit(cell, y, V, start.old[cell.z.charge], step.limits)[0]
        if state == NOT_FOUND or near <= 0.0 or not V > 0.0:  # passed before it is reached
            return FOUND if state == FOUND and near <= 0.0 else NOT_FOUND
        close = abs(step.value - V * search.current) < 1e-3 * abs(step.value)
        search.turn = TURNS if close else search.turn + 1
        search.current = step.value / V
        _ease(y, start)


@kernel
def _begin(task, y, start):
    """Start from zero current densities, each member at its rest potential."""
    cell, step, search = task.cell, task.step, start.search[0]
    z, arrays = cell.z, cell.arrays
    for b in range(arrays.blocks.shape[0]):
        block = arrays.blocks[b]
        host = arrays.particles[block.k].host
        for i in range(block.count):
            m = block.member + i
            y[z.flux + m] = 0.0
            x = y[(z.shells - 1) * z.members + m]
            y[z.potential + block.node + i] = lookup(host.potential, x)[0]
    y[z.current] = step.value if step.mode == GALVANOSTATIC else 0.0
    _copy(y, start.old)
    search.begun = 1
    _ease(y, start)


@kernel
def _copy(source, target):
    for i in range(source.shape[0]):
        target[i] = source[i]


@kernel
def _ease(y, start):
    """Begin anew without a film."""
    search = start.search[0]
    search.tried, search.film, search.known, search.factor = 0, 0.0, 0.0, 0.1
    _copy(y, start.solved)


@kernel
def settle(task, y, start):
    """Solve at an instant; where that fails, behind films of falling resistance.

    A film on every contact makes the problem almost linear. Its solution is the guess for a
    thinner one, down to none; each success makes the next stride longer, each failure shorter.
    """
    tolerance, s, ease = 0.01 * task.control.voltage, start.search[0], task.cell.work.ease
    while s.tried < 4000 and s.film <= THICKEST:
        if s.allowed <= 0:
            return PENDING
        ease[0] = s.film
        ok, iterations, voltage = newton(task, y, start.old, 0.0, tolerance, np.int64(25))
        s.tried += iterations
        s.iterations += iterations
        s.allowed -= iterations
        s.voltage = voltage
        if ok and s.film == 0.0:
            return FOUND
        if ok:
            _copy(y, start.solved)
            s.known, s.factor = s.film, s.factor**1.5
        elif s.known > 0.0:
            s.factor = s.factor**0.4
        _copy(start.solved, y)
        if s.known > 0.0:
            s.film = s.known * s.factor if s.known * s.factor > THINNEST else 0.0
        else:
            s.film = THICK if s.film == 0.0 else s.film * THICK
    ease[0] = 0.0
    return NOT_FOUND
