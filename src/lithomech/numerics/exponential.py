"""The root of an equation with a product and an exponential, on numbers, lanes and duals."""

import numpy as np

from lithomech.numerics.compiled import kernel

LEAST = 1e-200  # in place of nothing, where it divides
ROUNDS = 3  # of Halley's method


@kernel
def shared(growth: float, rise: float) -> float:
    """Root of share (1 + rise (exp(growth share) - 1)) = 1.

    The product growth rise may be of any size while growth is as small as rounding: nothing is
    lost on the way to the quadratic share (1 + growth rise share) = 1.

    Args:
        growth: 0 or more.
        rise: 0 or more; without any, growth has to be below 1.

    Returns:
        The share, from 0 to 1, to 3e-14 of itself.
    """
    growth, rise = np.maximum(growth, LEAST), np.maximum(rise, LEAST)
    # both are above the root: of the tangent, and of the exponential once growth share > 1
    share = 2.0 / (1.0 + np.sqrt(1.0 + 4.0 * rise * growth))
    high = np.maximum(np.log1p(growth / rise), 1.0)
    high = np.log1p(growth / (rise * np.maximum(high - np.log(high), 1.0)))
    share = np.minimum(share, np.maximum(high, 1.0) / growth)
    for _ in range(ROUNDS):
        more = rise * np.expm1(growth * share)
        bend = growth * (rise + more)
        off, slope = share * (1.0 + more) - 1.0, 1.0 + more + bend * share
        bend = bend * (2.0 + growth * share)
        share = share - 2.0 * off * slope / (2.0 * slope * slope - off * bend)
    return share
