"""March through one protocol step: error control, order, located limits, samples.

The march returns to Python after each slice of work, so that Ctrl-C and other threads get their
turn. What it remembers from slice to slice is a ``Memory``; where it is left does not change a
digit. It returns a number and fills arrays that Python made: see ``numerics.compiled``.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import CellArrays, Clamp, Control, Step
from lithomech.cell.solver.bdf import (
    History,
    accept,
    bdf,
    combine,
    error_norm,
    make_history,
    predict,
    weights,
)
from lithomech.cell.solver.cutoffs import first_limit, lithium_contact
from lithomech.cell.solver.memory import make_memory, plain, widened
from lithomech.cell.solver.newton import newton
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.start import FOUND, PENDING, start_state
from lithomech.cell.solver.work import SLICE, Cell, Task, make_work
from lithomech.cell.state import Layout
from lithomech.numerics.compiled import entry, kernel

SHORTEST = 1e-7  # s; below this a step is given up
CAUTION = 1.4  # errors add up over steps: a local error stays below tolerance / CAUTION
# Fastest growth of steps at order 1 to 5. Variable-step BDF is zero-stable on grids that grow
# by less than 2.41, 1.62, 1.28 and 1.13 at order 2 to 5; beyond, it amplifies even rounding.
GROWTH = (2.0, 2.0, 1.5, 1.25, 1.1)
ENDED, LIMIT, NO_START, STUCK, WORKED_OUT = range(5)
OVER, PAUSED, FULL = range(3)  # why a march returns


class Order(NamedTuple):
    """What ``march`` is given."""

    arrays: CellArrays
    z: Layout
    step: Step
    clamp: Clamp
    control: Control
    scale: np.ndarray  # 1/tolerance of each state; entry 0 serves all particles


class Trace(NamedTuple):
    """What one protocol step returns."""

    outcome: int  # ENDED (time), LIMIT, NO_START, STUCK, WORKED_OUT
    limit: int  # row of the limit that ended it, -1
    time: np.ndarray  # (samples,)
    state: np.ndarray  # (samples, state)
    solved: np.ndarray  # (samples,) whether a state was solved for; others are interpolated
    voltage: float  # at the end, of the cell
    pressure_low: float
    pressure_high: float
    contact_low: float  # of planar lithium
    energy: float  # integral of voltage times current density over time
    steps: int
    iterations: int


class Course(NamedTuple):
    """What stays the same on the way through a protocol step."""

    task: Task
    history: History
    scale: np.ndarray
    charge_0: float  # at the start


class Trial(NamedTuple):
    """One step that is tried: from time t over h, of an order, with so many states known."""

    t: float
    h: float
    order: int | np.int64
    known: int


class Attempt(NamedTuple):
    """What came of it."""

    ok: bool
    iterations: int
    voltage: float
    factor: float  # local error over the distance from the predictor


class Located(NamedTuple):
    """The step that ends on a limit."""

    ok: bool
    h: float
    voltage: float
    row: int  # of the limit
    iterations: int


class Progress(NamedTuple):
    """Outcome of trying to advance."""

    outcome: int  # ENDED (accepted), LIMIT (accepted, a limit was hit), STUCK, WORKED_OUT
    row: int  # of the limit
    h: float
    error: float
    order: int | np.int64
    voltage: float
    near: float  # scaled distance to the nearest limit
    iterations: int
    failed: bool  # Newton failed on the way: restart at low order


@kernel
def attempt(course, y, trial):
    """Take one implicit step."""
    history, task = course.history, course.task
    t, h, order = trial.t, trial.h, trial.order
    effective = bdf(history.times, order, t + h, history.weight)
    points = min(trial.known, order + 1)
    weights(history.times, points, t + h, history.ahead)
    predict(history, order, points, y)
    ok, iterations, voltage = newton(
        task, y, history.old, effective, task.control.voltage, np.int64(8)
    )
    factor = effective / (t + h - history.times[points - 1])
    return Attempt(ok, iterations, voltage, factor)


@kernel
def locate(course, y, trial, near, far):
    """Shrink the step until it ends on the limit it crossed (Illinois).

    ``near`` and ``far`` are the distances to the limit before the step and after it.
    """
    task, limits = course.task, course.task.step.limits
    low_h, low_f, high_h, high_f = 0.0, near, trial.h, far
    side, spent, row, h, voltage = 0, 0, -1, trial.h, 0.0
    for _ in range(40):
        h = low_h + (high_h - low_h) * low_f / (low_f - high_f)
        tried = attempt(course, y, Trial(trial.t, h, trial.order, trial.known))
        spent += tried.iterations
        voltage = tried.voltage
        if not tried.ok:
            return Located(False, h, voltage, row, spent)
        distance, row = first_limit(task.cell, y, voltage, course.charge_0, limits)
        if abs(distance) < 1e-7 or high_h - low_h < 1e-6:
            break
        if distance < 0.0:
            high_h, high_f = h, distance
            low_f *= 0.5 if side == -1 else 1.0
            side = -1
        else:
            low_h, low_f = h, distance
            high_f *= 0.5 if side == 1 else 1.0
            side = 1
    return Located(True, h, voltage, row, spent)


@kernel
def advance(course, y, trial, near):
    """Take one accepted step: error control, then limits."""
    task, z = course.task, course.task.cell.z
    spent, failed, h, t = 0, False, trial.h, trial.t
    while True:
        q = np.int64(1) if failed else min(trial.order, max(trial.known - 1, 1))
        usable = min(trial.known, 2) if failed else trial.known
        tried = attempt(course, y, Trial(t, h, q, usable))
        spent += tried.iterations
        voltage = tried.voltage
        if spent > task.control.work:
            return Progress(WORKED_OUT, -1, h, 0.0, q, voltage, near, spent, failed)
        if not tried.ok:
            failed = True
            h *= 0.25
            if h < SHORTEST:
                return Progress(STUCK, -1, h, 0.0, q, voltage, near, spent, failed)
            continue
        error = error_norm(y, course.history.guess, course.scale, z.shells * z.members)
        error *= CAUTION * tried.factor
        if usable == 1:  # nothing to judge the first step by
            error = min(error, 0.9)
        if error > 1.0 and h > 10.0 * SHORTEST:
            h *= max(0.2, 0.85 * error ** (-1.0 / (q + 1)))
            continue
        distance, row = first_limit(task.cell, y, voltage, course.charge_0, task.step.limits)
        if distance > 0.0:
            return Progress(ENDED, -1, h, error, q, voltage, distance, spent, failed)
        found = locate(course, y, Trial(t, h, q, usable), near, distance)
        spent += found.iterations
        h = found.h
        if found.ok:
            row = found.row if found.row >= 0 else row
            return Progress(LIMIT, row, h, error, q, found.voltage, 0.0, spent, failed)
        failed = True
        h *= 0.25
        if h < SHORTEST:
            return Progress(STUCK, row, h, error, q, found.voltage, near, spent, failed)


@kernel
def record(m, store, time, y, solved):
    """Write one sample; ``solved``: 1.0, or 0.0 for one that is interpolated."""
    store[m.rows, 0], store[m.rows, 1] = time, solved
    for j in range(y.shape[0]):
        store[m.rows, 2 + j] = y[j]
    m.rows += 1


@kernel
def sample(m, store, every, history, points):
    """Interpolate the stored states between the last two accepted times, evenly spaced."""
    before = history.times[1]
    n = np.floor(before / every) + 1.0
    while n * every < m.time - 1e-3 * every:
        if n * every > before + 1e-3 * every:
            weights(history.times, points, n * every, history.weight)
            combine(history, history.weight, points, history.guess)
            record(m, store, n * every, history.guess, 0.0)
        n += 1.0


@kernel
def room_for(step, h):
    """Samples that a step h may need, with the last one of a march."""
    return np.int64(3 + (h / step.sample if 0.0 < step.sample < np.inf else 0.0))


@kernel
def watch(cell, y, m, h):
    """Update the running summary after a step h."""
    P = stack_pressure(cell.arrays, y[cell.z.pressure]).value
    power = m.voltage * y[cell.z.current]
    m.pressure_low, m.pressure_high = min(m.pressure_low, P), max(m.pressure_high, P)
    m.contact_low = min(m.contact_low, lithium_contact(cell, y))
    m.energy += 0.5 * h * (m.power + power)
    m.power = power


@kernel
def next_size(p):
    """Step size after an accepted step."""
    wanted = 0.85 * max(p.error, 1e-4) ** (-1.0 / (p.order + 1))
    return p.h * min(GROWTH[p.order - 1], max(0.3, wanted))


@kernel
def _begin(course, m, y, store, found):
    """Look at the first state of a step."""
    task, step = course.task, course.task.step
    m.marching, m.order = 1, 1
    m.pressure_low, m.contact_low = np.inf, 1.0
    watch(task.cell, y, m, 0.0)
    m.near, m.limit = first_limit(task.cell, y, m.voltage, m.charge, step.limits)
    m.outcome = (LIMIT if m.near <= 0.0 else ENDED) if found else NO_START
    m.known = accept(course.history, y, 0.0, np.int64(0))
    m.h = min(0.2 * min(1.0, 1e3 * task.control.voltage), step.duration)
    record(m, store, 0.0, y, 1.0)


@kernel
def _stride(course, m, y, store, h):
    """Take one accepted step of at most h."""
    step, control = course.task.step, course.task.control
    p = advance(course, y, Trial(m.time, h, m.order, m.known), m.near)
    m.iterations += p.iterations
    m.outcome, m.limit, m.near, m.voltage = p.outcome, p.row, p.near, p.voltage
    if p.outcome in (STUCK, WORKED_OUT) or m.iterations > control.work:
        m.outcome = STUCK if p.outcome == STUCK else WORKED_OUT
        return
    m.steps += 1
    m.time += p.h
    known = min(m.known, 2) if p.failed else m.known
    m.known = accept(course.history, y, m.time, known)
    if np.isfinite(step.sample):
        if step.sample > 0.0:
            sample(m, store, step.sample, course.history, p.order + 1)
        record(m, store, m.time, y, 1.0)
    watch(course.task.cell, y, m, p.h)
    m.order = 1 if p.failed else m.order
    m.h = next_size(p)
    ready = m.known > m.order + 1 and m.steps >= m.raised + m.order
    # a higher order must not hold the steps back
    if m.order < control.order and ready and min(m.h, step.longest) <= GROWTH[m.order] * p.h:
        m.order, m.raised = m.order + 1, m.steps


@entry
def march_on(order, y, memory, allowed):
    """March on for the iterations allowed; y and the memory change in place.

    Returns:
        OVER, PAUSED, or FULL: the store lacks room.
    """
    z, step, m, store = order.z, order.step, memory.march[0], memory.store
    task = Task(Cell(order.arrays, z, make_work(z)), step, order.clamp, order.control)
    history = make_history(memory.past, memory.times, memory.row)
    course = Course(task, history, order.scale, m.charge)
    if m.marching == 0:
        search = memory.start.search[0]
        search.allowed = allowed
        state = start_state(task, y, memory.start)
        m.iterations, m.voltage = search.iterations, search.voltage
        if state == PENDING:
            return PAUSED
        _begin(course, m, y, store, state == FOUND)
    last = m.iterations + allowed
    while m.outcome == ENDED and m.time < step.duration:
        if m.iterations >= last:
            return PAUSED
        h = min(m.h, step.longest)
        if m.time + 1.001 * h >= step.duration:
            h = step.duration - m.time
        m.room = room_for(step, h)
        if m.rows + m.room > store.shape[0]:
            return FULL
        _stride(course, m, y, store, h)
    if not np.isfinite(step.sample):
        record(m, store, m.time, y, 1.0)
    return OVER


def march(order: Order, y: np.ndarray, pause: Callable[[], None] | None = None) -> Trace:
    """March through one protocol step from state y (changed in place to the end state).

    Args:
        order: what to march through.
        y: state, shape (z.total,).
        pause: called after each slice of work; what it raises ends the march.

    Returns:
        The trace; times count from the start of the step.
    """
    memory = make_memory(y, order.z)
    allowed = max(1, SLICE // order.z.total)
    while (why := march_on(order, y, memory, allowed)) != OVER:
        if why == FULL:
            memory = widened(memory)
        elif pause is not None:
            pause()
    at = plain(memory)
    samples = memory.store[: at["rows"]]
    return Trace(
        at["outcome"], at["limit"], samples[:, 0].copy(), samples[:, 2:].copy(),
        samples[:, 1] == 1.0, at["voltage"], at["pressure_low"], at["pressure_high"],
        at["contact_low"], at["energy"], at["steps"], at["iterations"],
    )  # fmt: skip
