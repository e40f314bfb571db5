"""The first state of a protocol step: concentrations stay, currents and potentials jump."""

import numpy as np

from lithomech.cell.arrays import GALVANOSTATIC, POWER, Step
from lithomech.cell.solver.cutoffs import first_limit
from lithomech.cell.solver.newton import newton
from lithomech.cell.solver.work import Task
from lithomech.numerics.compiled import allocating
from lithomech.numerics.table import lookup

THINNEST, THICK, THICKEST = 1e-8, 1e4, 1e12  # ohm m2, of films that ease a start


@allocating
def start_state(task, y):
    """Make y consistent with the step's control, starting from zero current."""
    cell, step = task.cell, task.step
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
    old = y.copy()
    if step.mode != POWER:
        return settle(task, y, old)
    # the larger voltage of the two that give this power: I = power / V from zero current
    spent, I = 0, 0.0  # noqa: E741
    for _ in range(30):
        at = Step(GALVANOSTATIC, I, step.duration, step.limits, step.sample, step.longest)
        ok, iterations, voltage = settle(Task(cell, at, task.clamp, task.control), y, old)
        spent += iterations
        near = first_limit(cell, y, voltage, old[z.charge], step.limits)[0]
        if not ok or near <= 0.0 or not voltage > 0.0:  # passed before the power is reached
            return ok and near <= 0.0, spent, voltage
        if abs(step.value - voltage * I) < 1e-3 * abs(step.value):
            break
        I = step.value / voltage  # noqa: E741
    ok, iterations, voltage = settle(task, y, old)
    return ok, spent + iterations, voltage


@allocating
def settle(task, y, old):
    """Solve at an instant; where that fails, behind films of falling resistance.

    A film on every contact makes the problem almost linear. Its solution is the guess for a
    thinner one, down to none; each success makes the next stride longer, each failure shorter.
    """
    tolerance, spent, film, factor = 0.01 * task.control.voltage, 0, 0.0, 0.1
    ease, voltage = task.cell.work.ease, 0.0
    solved, known = y.copy(), 0.0  # the last solution, and its film
    while spent < 4000 and film <= THICKEST:
        ease[0] = film
        ok, iterations, voltage = newton(task, y, old, 0.0, tolerance, np.int64(25))
        spent += iterations
        if ok and film == 0.0:
            return True, spent, voltage
        if ok:
            solved[:] = y
            known, factor = film, factor**1.5
        elif known > 0.0:
            factor = factor**0.4
        y[:] = solved
        if known > 0.0:
            film = known * factor if known * factor > THINNEST else 0.0
        else:
            film = THICK if film == 0.0 else film * THICK
    ease[0] = 0.0
    return False, spent, voltage
