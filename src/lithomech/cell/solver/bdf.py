"""Variable-step BDF of order 1 to 5 on any spacing.

The interpolating polynomial through the new and the last q accepted states gives the BDF of
order q; the one through the last q + 1 states gives its predictor. Their difference, times
(effective step)/(oldest distance), is the local error.
"""

from typing import NamedTuple

import numpy as np

from lithomech.numerics.compiled import allocating, kernel
from lithomech.numerics.lanes import WIDTH, first_lanes, highest, load, spread, store

HISTORY = 6  # states kept; order <= HISTORY - 1


class History(NamedTuple):
    """Accepted states and scratch of the integrator."""

    past: np.ndarray  # (HISTORY, state)
    times: np.ndarray  # (HISTORY,), newest first
    row: np.ndarray  # (HISTORY,) of ``past``, newest first
    weight: np.ndarray  # (HISTORY + 1,)
    ahead: np.ndarray  # (HISTORY + 1,): weights of the predictor
    old: np.ndarray  # (state,)
    guess: np.ndarray  # (state,)


@kernel
def weights(times, count, at, out):
    """Lagrange weights at ``at`` of the polynomial through the first ``count`` times."""
    for i in range(count):
        w = 1.0
        for j in range(count):
            if j != i:
                w *= (at - times[j]) / (times[i] - times[j])
        out[i] = w


@kernel
def bdf(times, order, at, out):
    """Effective step and history weights of the BDF of this order at a new time."""
    inverse = 0.0
    for i in range(order):
        inverse += 1.0 / (at - times[i])
    for i in range(order):
        w = 1.0 / (at - times[i])
        for j in range(order):
            if j != i:
                w *= (at - times[j]) / (times[i] - times[j])
        out[i] = w / inverse
    return 1.0 / inverse


@kernel
def combine(history, out, count, y):
    """Y = sum of weighted past states, newest first."""
    size = y.shape[0]
    for i in range(0, size, WIDTH):
        chosen, value = first_lanes(size - i), spread(0.0)
        for j in range(count):
            value = value + out[j] * load(history.past, history.row[j] * size + i, chosen)
        store(y, i, chosen, value)


@kernel
def predict(history, order, points, y):
    """History combination of the BDF, and the predicted state, also as a first guess in y."""
    size = y.shape[0]
    for i in range(0, size, WIDTH):
        chosen, a, b = first_lanes(size - i), spread(0.0), spread(0.0)
        for j in range(points):
            known = load(history.past, history.row[j] * size + i, chosen)
            a = a + (history.weight[j] if j < order else 0.0) * known
            b = b + history.ahead[j] * known
        store(history.old, i, chosen, a)
        store(history.guess, i, chosen, b)
        store(y, i, chosen, b)


@kernel
def error_norm(y, guess, scale, interior):
    """Largest scaled difference; root mean square over the particles' interior."""
    square, worst, size, zero = spread(0.0), spread(0.0), y.shape[0], spread(0.0)
    for i in range(0, interior, WIDTH):
        chosen = first_lanes(interior - i)
        e = np.where(chosen, load(y, i, chosen) - load(guess, i, chosen), zero)
        square = square + e * e
    for i in range(interior, size, WIDTH):
        chosen = first_lanes(size - i)
        e = (load(y, i, chosen) - load(guess, i, chosen)) * load(scale, i, chosen)
        worst = np.maximum(worst, np.where(chosen, abs(e), zero))
    return max(np.sqrt(np.sum(square) / max(interior, 1)) * scale[0], highest(worst))


@kernel
def accept(history, y, time, known):
    """Push a state onto the history; returns how many are known."""
    past, times, row = history.past, history.times, history.row
    oldest = row[HISTORY - 1]
    for j in range(HISTORY - 1, 0, -1):
        times[j], row[j] = times[j - 1], row[j - 1]
    times[0], row[0] = time, oldest
    for i in range(y.shape[0]):
        past[oldest, i] = y[i]
    return min(known + 1, HISTORY)


@allocating
def make_history(past, times, row):
    """History on arrays that outlive a call, with scratch of its own."""
    vectors = np.zeros((2, past.shape[1]))
    return History(
        past, times, row, np.zeros(HISTORY + 1), np.zeros(HISTORY + 1), vectors[0], vectors[1]
    )
