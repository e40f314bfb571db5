"""Uniform cubic tables: one compiled lookup serves every material law."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lithomech.numerics.compiled import kernel
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
        Coefficients of shape (INTERVALS, 4) in powers of the distance from the left node, in
        intervals. Shape preserving (PCHIP).
    """
    reduced = np.linspace(0.0, 1.0, INTERVALS + 1)
    values = np.asarray(function(low + (high - low) * reduced), dtype=float)
    return np.ascontiguousarray(pchip(float(INTERVALS) * reduced, values))


@kernel(inline="always")
def lookup(table, x):
    """Value and slope at x of a table on [0, 1]; the argument is held at the ends."""
    u = x * INTERVALS
    i = int(min(max(u.real, 0.0), INTERVALS - 1.0))
    s = u - i
    beyond = s.real < 0.0 or s.real > 1.0
    if beyond:
        s = 0.0 * s + (1.0 if s.real > 1.0 else 0.0)
    value = table[i, 0] + s * (table[i, 1] + s * (table[i, 2] + s * table[i, 3]))
    slope = INTERVALS * (table[i, 1] + s * (2.0 * table[i, 2] + 3.0 * s * table[i, 3]))
    if beyond:
        slope = 0.0 * slope
    return value, slope


@kernel
def lookup_dual(table, x):
    """The same for a Dual argument."""
    value, slope = lookup(table, x.value)
    return Dual(value, slope * x.first, slope * x.second)
