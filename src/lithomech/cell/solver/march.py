"""March through one protocol step: error control, order, located limits, samples."""

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
from lithomech.cell.solver.cutoffs import first_limit, lithium_plating
from lithomech.cell.solver.newton import newton
from lithomech.cell.solver.particles import stack_pressure
from lithomech.cell.solver.start import start_state
from lithomech.cell.solver.work import Cell, Task, make_work
from lithomech.cell.state import Layout
from lithomech.numerics.compiled import allocating, entry, kernel

SHORTEST = 1e-7  # s; below this a step is given up
CAUTION = 1.4  # errors add up over steps: a local error stays below tolerance / CAUTION
ENDED, LIMIT, NO_START, STUCK, WORKED_OUT = range(5)
# entries of the running summary of a march
LOWEST_P, HIGHEST_P, LEAST_CONTACT, ENERGY, LAST_POWER = range(5)


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


@allocating
def record(store, rows, time, y):
    """Write one sample; returns the store, grown when full."""
    if rows == store.shape[0]:
        grown = np.empty((2 * rows, store.shape[1]))
        for i in range(rows):
            for j in range(store.shape[1]):
                grown[i, j] = store[i, j]
        store = grown
    store[rows, 0] = time
    for j in range(y.shape[0]):
        store[rows, 1 + j] = y[j]
    return store


@allocating
def sample(store, rows, every, history, time, points):
    """Interpolate the stored states between the last two accepted times, evenly spaced."""
    before = history.times[1]
    n = np.floor(before / every) + 1.0
    while n * every < time - 1e-3 * every:
        if n * every > before + 1e-3 * every:
            weights(history.times, points, n * every, history.weight)
            combine(history, history.weight, points, history.guess)
            store = record(store, rows, n * every, history.guess)
            rows += 1
        n += 1.0
    return store, rows


@kernel
def watch(cell, y, tally, h, voltage):
    """Update the running summary after a step h."""
    P = stack_pressure(cell.arrays, y[cell.z.pressure]).value
    power = voltage * y[cell.z.current]
    tally[LOWEST_P], tally[HIGHEST_P] = min(tally[LOWEST_P], P), max(tally[HIGHEST_P], P)
    tally[LEAST_CONTACT] = min(tally[LEAST_CONTACT], lithium_plating(cell, y)[0])
    tally[ENERGY] += 0.5 * h * (tally[LAST_POWER] + power)
    tally[LAST_POWER] = power


@kernel
def next_size(p):
    """Step size after an accepted step.

    Variable-step BDF is zero-stable for growth below 2.4 (order 2) and about 1.5 (order 3).
    """
    fastest = 2.0 if p.order < 3 else 1.5
    return p.h * min(fastest, max(0.3, 0.85 * max(p.error, 1e-4) ** (-1.0 / (p.order + 1))))


@entry
def march(order, y):
    """March through one protocol step from state y (changed in place to the end state).

    Args:
        order: Order; y: state, shape (z.total,).

    Returns:
        Trace; times count from the start of the step.
    """
    z, step, control = order.z, order.step, order.control
    cell = Cell(order.arrays, z, make_work(z))
    task, history = Task(cell, step, order.clamp, control), make_history(z.total)
    course = Course(task, history, order.scale, y[z.charge])
    tally = np.array([np.inf, 0.0, 1.0, 0.0, 0.0])
    ok, iterations, voltage = start_state(task, y)
    watch(cell, y, tally, 0.0, voltage)
    near, row = first_limit(cell, y, voltage, course.charge_0, step.limits)
    outcome = (LIMIT if near <= 0.0 else ENDED) if ok else NO_START
    store = record(np.empty((64, 1 + z.total)), np.int64(0), 0.0, y)
    known, t, steps, raised = accept(history, y, 0.0, np.int64(0)), 0.0, 0, 0
    rows, q = np.int64(1), np.int64(1)  # a literal would compile everything twice
    h = min(0.2 * min(1.0, 1e3 * control.voltage), step.duration)
    while outcome == ENDED and t < step.duration:
        h = min(h, step.longest)
        if t + 1.001 * h >= step.duration:
            h = step.duration - t
        p = advance(course, y, Trial(t, h, q, known), near)
        iterations += p.iterations
        outcome, row, near, voltage = p.outcome, p.row, p.near, p.voltage
        if outcome in (STUCK, WORKED_OUT) or iterations > control.work:
            outcome = max(outcome, STUCK)
            break
        steps += 1
        t += p.h
        known = min(known, 2) if p.failed else known
        known = accept(history, y, t, known)
        if np.isfinite(step.sample):
            if step.sample > 0.0:
                store, rows = sample(store, rows, step.sample, history, t, p.order + 1)
            store, rows = record(store, rows, t, y), rows + 1
        watch(cell, y, tally, p.h, voltage)
        q = np.int64(1) if p.failed else q
        if q < control.order and known > q + 1 and steps >= raised + q:
            q, raised = q + 1, steps
        h = next_size(p)
    if not np.isfinite(step.sample):
        store, rows = record(store, rows, t, y), rows + 1
    return Trace(
        outcome, row, store[:rows, 0].copy(), store[:rows, 1:].copy(), voltage,
        tally[LOWEST_P], tally[HIGHEST_P], tally[LEAST_CONTACT], tally[ENERGY], steps,
        iterations,
    )  # fmt: skip
