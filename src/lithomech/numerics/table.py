"""Uniform cubic tables: one compiled lookup serves every material law.

``lookup``, ``integral`` and ``inverse`` take numbers and lanes, and any contiguous table of
shape (INTERVALS, 4), also one inside a record.
"""

from collections.abc import Callable

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import NDArray

from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import OPTIONS, Dual, value_of
from lithomech.numerics.lanes import lanes, larger, rows, smaller, spread
from lithomech.numerics.monotone_cubic import pchip

INTERVALS = 1000
HALF = 512  # first stride of a search among them
ROUNDS = 3  # of Newton inside an interval, where an integral is almost straight


def tabulate(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    low: float = 0.0,
    high: float = 1.0,
) -> NDArray[np.float64]:
    """Tabulate a function on [low, high] for ``lookup``.

    Args:
        function: takes and returns arrays of shape (n,).
        low: lower end of the argument.
        high: upper end of the argument.

    Returns:
        Coefficients of shape (INTERVALS, 4) in powers of the distance from the left node, in
        intervals. Shape preserving (PCHIP).
    """
    reduced = np.linspace(0.0, 1.0, INTERVALS + 1)
    values = np.asarray(function(low + (high - low) * reduced), dtype=float)
    return np.ascontiguousarray(pchip(float(INTERVALS) * reduced, values))


def integral_table(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tabulate the integral of a table from 0 for ``integral``.

    Args:
        table: coefficients of a function on [0, 1], as ``tabulate`` returns them.

    Returns:
        Coefficients of the same shape. The integral is exact at the nodes, with the function's
        values as slopes; between nodes it is the cubic through both.
    """
    step = table @ (1.0 / np.arange(1.0, 5.0)) / INTERVALS
    left, right = table[:, 0] / INTERVALS, table.sum(axis=1) / INTERVALS
    start = np.cumsum(step) - step
    second, third = 3.0 * step - 2.0 * left - right, left + right - 2.0 * step
    return np.ascontiguousarray(np.stack([start, left, second, third], axis=1))


@kernel(forceinline=True)
def lookup(table, x):
    """Value and slope at x of a table on [0, 1]; the argument is held at the ends."""
    value, slope, _, inside = _at(table, x)
    return value, slope * inside


@kernel(forceinline=True)
def integral(table, x):
    """Value and slope at x of a table on [0, 1] that goes on straight beyond its ends."""
    value, slope, beyond, _ = _at(table, x)
    return value + slope * beyond, slope


@kernel(forceinline=True)
def inverse(table, value):
    """Where ``integral`` has a value, and its slope there; the table rises all the way."""
    i = _below(table, value)
    a, b, c, d = _row(table, i)
    s = (value - a) / (b + c + d)
    for _ in range(ROUNDS):
        s = _hold(s)[0]  # the last round leaves it where the table goes on straight
        slope = b + s * (2.0 * c + 3.0 * s * d)
        s = s - (a + s * (b + s * (c + s * d)) - value) / slope
    return (i + s) / INTERVALS, INTERVALS * slope


@kernel(forceinline=True)
def lookup_dual(table, x):
    """The same as ``lookup`` for a Dual argument; of a number, the value alone."""
    value, slope = lookup(table, value_of(x))
    return _along(x, value, slope)


@kernel(forceinline=True)
def _at(table, x):
    """Value and slope where the argument is held; distance beyond; 1 inside and 0 beyond."""
    u = x * INTERVALS
    i = _interval(u)
    held, inside = _hold(u - i)
    a, b, c, d = _row(table, i)
    value = a + held * (b + held * (c + held * d))
    slope = INTERVALS * (b + held * (2.0 * c + 3.0 * held * d))
    return value, slope, (u - i - held) / INTERVALS, inside


def _along(x, value, slope):  # a dual with the seeds of x, or the value; only in compiled code
    raise NotImplementedError


@overload(_along, jit_options=OPTIONS)
def _along_of(x, value, slope):  # noqa: ARG001 - the signature is what is overloaded
    if isinstance(x, types.BaseNamedTuple):
        return lambda x, value, slope: Dual(value, slope * x.first, slope * x.second)
    return lambda x, value, slope: value  # noqa: ARG005


def _below(table, value):  # the interval that holds a value; only in compiled code
    raise NotImplementedError


def _interval(u):  # that holds u, or is next to it, the first for NaN; only in compiled code
    raise NotImplementedError


def _row(table, i):  # the coefficients of an interval; only in compiled code
    raise NotImplementedError


def _hold(s):  # between 0 and 1, and whether it was there; only in compiled code
    raise NotImplementedError


@overload(_interval, jit_options=OPTIONS)
def _interval_of(u):
    def number(u):
        if u.real > 0.0:
            return int(u.real) if u.real < INTERVALS - 1.0 else INTERVALS - 1
        return 0

    def lane(u):
        return np.floor(smaller(larger(u, 0.0), INTERVALS - 1.0))

    return lane if u == lanes else number


@overload(_below, jit_options=OPTIONS)
def _interval_below(table, value):  # noqa: ARG001 - the signature is what is overloaded
    def number(table, value):
        i, stride = 0, HALF
        while stride > 0:
            if i + stride < INTERVALS and table[i + stride, 0] <= value:
                i += stride
            stride //= 2
        return i

    def lane(table, value):
        i, stride = spread(0.0), float(HALF)
        while stride >= 1.0:
            next_one = smaller(i + stride, INTERVALS - 1.0)
            i = np.where(rows(table, next_one)[0] <= value, next_one, i)
            stride *= 0.5
        return i

    return lane if value == lanes else number


@overload(_row, jit_options=OPTIONS)
def _row_of(table, i):  # noqa: ARG001 - the signature is what is overloaded
    if i == lanes:
        return lambda table, i: rows(table, i)
    return lambda table, i: (table[i, 0], table[i, 1], table[i, 2], table[i, 3])


@overload(_hold, jit_options=OPTIONS)
def _hold_of(s):
    low, high = (0j, 1.0 + 0j) if isinstance(s, types.Complex) else (0.0, 1.0)

    def number(s):
        if s.real < 0.0:
            return low, 0.0
        return (high, 0.0) if s.real > 1.0 else (s, 1.0)

    def lane(s):
        held = np.minimum(np.maximum(s, 0.0), 1.0)
        return held, np.where(s == held, 1.0, 0.0)

    return lane if s == lanes else number
