"""March through one protocol step: error control, order, located limits, samples."""

from typing import NamedTuple

import numpy as np

from lithomech.cell.arrays import (
    CHARGE,
    CURRENT,
    PRESSURE,
)
from lithomech.cell.bdf import (
    accept,
    bdf,
    combine,
    error_norm,
    make_history,
    weights,
)
from lithomech.cell.cutoffs import first_limit, lithium_plating
from lithomech.cell.kernel import make_work, stack_pressure
from lithomech.cell.newton import newton
from lithomech.cell.start import start_state
from lithomech.numerics.compiled import entry, kernel

SHORTEST = 1e-7  # s; below this a step is given up
CAUTION = 1.4  # errors add up over steps: a local error stays below tolerance / CAUTION
ENDED, LIMIT, NO_START, STUCK, WORKED_OUT = range(5)


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


class Progress(NamedTuple):
    """Outcome of trying to advance."""

    outcome: int  # ENDED (accepted), LIMIT (accepted, a limit was hit), STUCK, WORKED_OUT
    row: int  # of the limit
    h: float
    error: float
    order: int
    voltage: float
    near: float  # scaled distance to the nearest limit
    iterations: int
    failed: bool  # Newton failed on the way: restart at low order


@kernel
def attempt(cell, z, y, step, reference, control, history, t, h, order, known, work):
    """One implicit step of size h; returns convergence, iterations, voltage, error factor."""
    effective = bdf(history.times, order, t + h, history.weight)
    combine(history.past, history.weight, order, history.old)
    points = min(known, order + 1)
    weights(history.times, points, t + h, history.weight)
    combine(history.past, history.weight, points, history.guess)
    for i in range(y.shape[0]):
        y[i] = history.guess[i]
    ok, iterations, voltage = newton(
        cell, z, y, history.old, effective, step, reference, control.voltage, np.int64(8), work
    )
    return ok, iterations, voltage, effective / (t + h - history.times[points - 1])


@kernel
def locate(
    cell, z, y, step, reference, control, history, t, bracket, order, known, charge_0, work
):
    """Shrink the step until it ends on the limit it crossed (Illinois).

    ``bracket`` holds the step sizes and distances before and after the crossing.
    """
    low_h, low_f, high_h, high_f = bracket
    side, spent, row, h, voltage, distance = 0, 0, -1, high_h, 0.0, high_f
    for _ in range(40):
        h = low_h + (high_h - low_h) * low_f / (low_f - high_f)
        ok, iterations, voltage, _ = attempt(
            cell, z, y, step, reference, control, history, t, h, order, known, work
        )
        spent += iterations
        if not ok:
            return False, h, voltage, row, spent
        distance, row = first_limit(cell, z, y, voltage, charge_0, step.limits)
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
    return True, h, voltage, row, spent


@kernel
def advance(
    cell,
    z,
    y,
    step,
    reference,
    scale,
    control,
    history,
    t,
    h,
    order,
    known,
    near,
    charge_0,
    work,
):
    """Take one accepted step: error control, then limits."""
    spent, failed = 0, False
    while True:
        q = np.int64(1) if failed else min(order, max(known - 1, 1))
        usable = min(known, 2) if failed else known
        ok, iterations, voltage, factor = attempt(
            cell, z, y, step, reference, control, history, t, h, q, usable, work
        )
        spent += iterations
        if spent > control.work:
            return Progress(WORKED_OUT, -1, h, 0.0, q, voltage, near, spent, failed)
        if not ok:
            failed = True
            h *= 0.25
            if h < SHORTEST:
                return Progress(STUCK, -1, h, 0.0, q, voltage, near, spent, failed)
            continue
        error = CAUTION * factor * error_norm(y, history.guess, scale, z.shells * z.members)
        if usable == 1:  # nothing to judge the first step by
            error = min(error, 0.9)
        if error > 1.0 and h > 10.0 * SHORTEST:
            h *= max(0.2, 0.85 * error ** (-1.0 / (q + 1)))
            continue
        distance, row = first_limit(cell, z, y, voltage, charge_0, step.limits)
        if distance > 0.0:
            return Progress(ENDED, -1, h, error, q, voltage, distance, spent, failed)
        bracket = (0.0, near, h, distance)
        ok, h, voltage, hit, iterations = locate(
            cell, z, y, step, reference, control, history, t, bracket, q, usable, charge_0, work
        )
        spent += iterations
        if ok:
            row = hit if hit >= 0 else row
            return Progress(LIMIT, row, h, error, q, voltage, 0.0, spent, failed)
        failed = True
        h *= 0.25
        if h < SHORTEST:
            return Progress(STUCK, row, h, error, q, voltage, near, spent, failed)


@kernel
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


@kernel
def sample(store, rows, step, history, time, points):
    """Interpolate the stored states between the last two accepted times, evenly spaced."""
    before = history.times[1]
    n = np.floor(before / step.sample) + 1.0
    while n * step.sample < time - 1e-3 * step.sample:
        if n * step.sample > before + 1e-3 * step.sample:
            weights(history.times, points, n * step.sample, history.weight)
            combine(history.past, history.weight, points, history.guess)
            store = record(store, rows, n * step.sample, history.guess)
            rows += 1
        n += 1.0
    return store, rows


@kernel
def watch(cell, z, y, tally, h, voltage):
    """Update [lowest P, highest P, lithium contact, energy, power] after a step h."""
    P, power = (
        stack_pressure(cell, y[z.globals + PRESSURE])[0],
        voltage * y[z.globals + CURRENT],
    )
    tally[0], tally[1] = min(tally[0], P), max(tally[1], P)
    tally[2] = min(tally[2], lithium_plating(cell, z, y)[0])
    tally[3] += 0.5 * h * (tally[4] + power)
    tally[4] = power


@kernel
def next_size(p):
    """Step size after an accepted step.

    Variable-step BDF is zero-stable for growth below 2.4 (order 2) and about 1.5 (order 3).
    """
    fastest = 2.0 if p.order < 3 else 1.5
    return p.h * min(fastest, max(0.3, 0.85 * max(p.error, 1e-4) ** (-1.0 / (p.order + 1))))


@entry
def march(cell, z, y, step, reference, scale, control):
    """March through one protocol step from state y (changed in place to the end state).

    Args:
        cell: CellArrays; z: Sizes; step: Step; control: Control.
        y: state, shape (z.total,).
        reference: virtual pressure and thickness when the fixture was last set.
        scale: 1/tolerance of each state, shape (z.total,); entry 0 serves all particles.

    Returns:
        Trace; times count from the start of the step.
    """
    work = make_work(z, 0.0)
    history = make_history(z.total)
    charge_0, tally = y[z.globals + CHARGE], np.array([np.inf, 0.0, 1.0, 0.0, 0.0])
    ok, iterations, voltage = start_state(cell, z, y, step, reference, control, work)
    watch(cell, z, y, tally, 0.0, voltage)
    near, row = first_limit(cell, z, y, voltage, charge_0, step.limits)
    outcome = (LIMIT if near <= 0.0 else ENDED) if ok else NO_START
    store = record(np.empty((64, 1 + z.total)), np.int64(0), 0.0, y)
    rows = np.int64(1)
    known, t, steps, raised = accept(history, y, 0.0, np.int64(0)), 0.0, 0, 0
    order = np.int64(1)  # np.int64: a literal would compile everything twice
    h = min(0.2 * min(1.0, 1e3 * control.voltage), step.duration)
    while outcome == ENDED and t < step.duration:
        h = min(h, step.longest)
        if t + 1.001 * h >= step.duration:
            h = step.duration - t
        p = advance(
            cell, z, y, step, reference, scale, control, history, t, h, order, known, near,
            charge_0, work,
        )  # fmt: skip
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
                store, rows = sample(store, rows, step, history, t, p.order + 1)
            store, rows = record(store, rows, t, y), rows + 1
        watch(cell, z, y, tally, p.h, voltage)
        order = np.int64(1) if p.failed else order
        if order < control.order and known > order + 1 and steps >= raised + order:
            order, raised = order + 1, steps
        h = next_size(p)
    if not np.isfinite(step.sample):
        store, rows = record(store, rows, t, y), rows + 1
    return Trace(
        outcome, row, store[:rows, 0].copy(), store[:rows, 1:].copy(), voltage,
        tally[0], tally[1], tally[2], tally[3], steps, iterations,
    )  # fmt: skip
