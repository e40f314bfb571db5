"""Uniform cubic tables: one compiled lookup serves every material law."""

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from lithomech.numerics.dual import Dual
from lithomech.numerics.monotone_cubic import pchip

INTERVALS = 1000


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
        Coefficients of shape (INTERVALS, 4) in powers of the reduced argument
        ``(x - low) / (high - low)`` minus the left node. Shape preserving (PCHIP).
    """
    reduced = np.linspace(0.0, 1.0, INTERVALS + 1)
    values = np.asarray(function(low + (high - low) * reduced), dtype=float)
    return np.ascontiguousarray(pchip(reduced, values))


@njit(inline="always")
def lookup(table, x):
    """Value and slope at x of a table on [0, 1]; the argument is held at the ends."""
    n = table.shape[0]
    i = int(x.real * n)
    i = min(max(i, 0), n - 1)
    s = x - i / n
    if x.real > 1.0:
        s = s - (x - 1.0)
    if x.real < 0.0:
        s = s - x
    value = table[i, 0] + s * (table[i, 1] + s * (table[i, 2] + s * table[i, 3]))
    slope = table[i, 1] + s * (2.0 * table[i, 2] + 3.0 * s * table[i, 3])
    if x.real > 1.0 or x.real < 0.0:
        slope = 0.0 * slope
    return value, slope


@njit
def lookup_dual(table, x):
    """The same for a Dual argument."""
    value, slope = lookup(table, x.value)
    return Dual(value, slope * x.first, slope * x.second)
