"""Shape-preserving cubic interpolation (PCHIP): no overshoot between data.

The interpolant of ``scipy.interpolate.PchipInterpolator``, whose import would take longer than
a whole run.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pchip(x: Floats, y: Floats) -> Floats:
    """Coefficients of the monotone cubic through given points.

    Args:
        x: increasing, shape (n,), n >= 2.
        y: shape (n,).

    Returns:
        Coefficients of shape (n - 1, 4), in ascending powers of the distance to the left point.

    References:
        FritschButland1984.
    """
    h, secant = np.diff(x), np.diff(y) / np.diff(x)
    slope = _slopes(h, secant)
    left, right = slope[:-1], slope[1:]
    second = (3.0 * secant - 2.0 * left - right) / h
    third = (left + right - 2.0 * secant) / h**2
    return np.stack([y[:-1], left, second, third], axis=1)


def evaluate(x: Floats, coefficients: Floats, at: Floats) -> Floats:
    """Value of a piecewise cubic; ``at`` must lie within x."""
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    s, c = at - x[i], coefficients[i]
    return c[..., 0] + s * (c[..., 1] + s * (c[..., 2] + s * c[..., 3]))


def _slopes(h: Floats, secant: Floats) -> Floats:
    """Slope at each point: weighted harmonic mean of the secants, 0 at an extremum."""
    if len(h) == 1:
        return np.repeat(secant, 2)
    first, second = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    same = secant[1:] * secant[:-1] > 0.0
    one, other = np.where(same, secant[:-1], 1.0), np.where(same, secant[1:], 1.0)
    inner = np.where(same, (first + second) / (first / one + second / other), 0.0)
    ends = (_end(h[0], h[1], secant[0], secant[1]), _end(h[-1], h[-2], secant[-1], secant[-2]))
    return np.concatenate([[ends[0]], inner, [ends[1]]])


def _end(h: float, inner_h: float, secant: float, inner_secant: float) -> float:
    """Three-point slope at an end, limited so that the shape stays."""
    slope = ((2.0 * h + inner_h) * secant - h * inner_secant) / (h + inner_h)
    if slope * secant <= 0.0:
        return 0.0
    if secant * inner_secant <= 0.0 and abs(slope) > 3.0 * abs(secant):
        return 3.0 * secant
    return slope
