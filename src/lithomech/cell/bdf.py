"""Variable-step BDF of order 1 to 5 on any spacing.

The interpolating polynomial through the new and the last q accepted states gives the BDF of
order q; the one through the last q + 1 states gives its predictor. Their difference, times
(effective step)/(oldest distance), is the local error.
"""

from typing import NamedTuple

import numpy as np

from lithomech.numerics.compiled import kernel

HISTORY = 6  # states kept; order <= HISTORY - 1


class History(NamedTuple):
    """Accepted states, newest first, and scratch of the integrator."""

    past: np.ndarray  # (HISTORY, state)
    times: np.ndarray  # (HISTORY,)
    weight: np.ndarray  # (HISTORY + 1,)
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
    total = 0.0
    for i in range(order):
        total += 1.0 / (at - times[i])
    for i in range(order):
        w = 1.0 / (at - times[i])
        for j in range(order):
            if j != i:
                w *= (at - times[j]) / (times[i] - times[j])
        out[i] = w / total
    return 1.0 / total


@kernel
def combine(past, out, count, y):
    """Y = sum of weighted past states, newest first."""
    for i in range(y.shape[0]):
        total = 0.0
        for j in range(count):
            total += out[j] * past[j, i]
        y[i] = total


@kernel
def error_norm(y, guess, scale, interior):
    """Largest scaled difference; root mean square over the particles' interior."""
    square = 0.0
    for i in range(interior):
        e = y[i] - guess[i]
        square += e * e
    worst = np.sqrt(square / max(interior, 1)) * scale[0]
    for i in range(interior, y.shape[0]):
        worst = max(worst, abs(y[i] - guess[i]) * scale[i])
    return worst


@kernel
def accept(history, y, time, known):
    """Push a state onto the history; returns how many are known."""
    past, times = history.past, history.times
    for j in range(HISTORY - 1, 0, -1):
        times[j] = times[j - 1]
        for i in range(y.shape[0]):
            past[j, i] = past[j - 1, i]
    times[0] = time
    for i in range(y.shape[0]):
        past[0, i] = y[i]
    return min(known + 1, HISTORY)


@kernel
def make_history(total):
    """Empty history."""
    vectors = np.zeros((2, total))
    return History(
        np.zeros((HISTORY, total)),
        np.zeros(HISTORY),
        np.zeros(HISTORY + 1),
        vectors[0],
        vectors[1],
    )
