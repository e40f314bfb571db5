"""Cubic smoothing spline on equidistant points, with its penalty from the data.

Minimises |y - g|^2 + penalty int f''^2 over natural cubic splines f with values g (Reinsch).
All of it is linear in y, so one decomposition per number of points serves every fit.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Penalties that are tried, on points that span 0 to 1: from interpolation to a straight line.
PENALTIES: Final = np.logspace(-14, 3, 171)
CAUTION: Final = 1.4
TINY: Final = 1e-9


class Basis(NamedTuple):
    """What n equidistant points on 0 to 1 have in common.

    Attributes:
        roughness: eigenvalues of the matrix K of int f''^2 = g K g, shape (n,).
        vectors: its eigenvectors in columns, shape (n, n).
        derivative: slopes f' at the points are this times g, shape (n, n).
    """

    roughness: Floats
    vectors: Floats
    derivative: Floats


@lru_cache(maxsize=16)
def basis(n: int) -> Basis:
    """Return the decomposition for n >= 4 equidistant points on 0 to 1.

    References:
        GreenSilverman1994, chapter 2.
    """
    h = 1.0 / (n - 1)
    second = (np.eye(n)[:-2] - 2.0 * np.eye(n)[1:-1] + np.eye(n)[2:]) / h
    band = np.eye(n - 2)
    mass = h * (2.0 / 3.0 * band + (np.eye(n - 2, k=1) + np.eye(n - 2, k=-1)) / 6.0)
    curvature = np.zeros((n, n))
    curvature[1:-1] = np.linalg.solve(mass, second)  # f'' at the points, nil at the ends
    roughness, vectors = np.linalg.eigh(second.T @ curvature[1:-1])
    roughness[:2] = 0.0  # constants and lines, but for rounding
    forward = (np.eye(n)[1:] - np.eye(n)[:-1]) / h
    derivative = np.empty((n, n))
    derivative[:-1] = forward - h / 6.0 * (2.0 * curvature[:-1] + curvature[1:])
    derivative[-1] = forward[-1] + h / 6.0 * (curvature[-2] + 2.0 * curvature[-1])
    return Basis(roughness, vectors, derivative)


def smooth(y: Floats, penalty: float) -> Floats:
    """Return the smoothed values.

    Args:
        y: values at equidistant points, shape (..., n).
        penalty: weight of the curvature where the points span 0 to 1.
    """
    roughness, vectors, _ = basis(y.shape[-1])
    return ((y @ vectors) / (1.0 + penalty * roughness)) @ vectors.T


def derivative(g: Floats) -> Floats:
    """Return the slope of the natural cubic spline through values g, shape (..., n)."""
    return g @ basis(g.shape[-1]).derivative.T


def best_penalty(y: Floats) -> float:
    """Return the penalty with the smallest generalised cross-validation score.

    The score is |y - S y|^2 / (n - 1.4 tr S)^2 with the smoother S of that penalty; the 1.4
    instead of 1 avoids that now and then the noise itself is fitted.

    Args:
        y: values at equidistant points, shape (n,).

    References:
        CravenWahba1979; KimGu2004 for the factor.
    """
    roughness, vectors, _ = basis(len(y))
    parts = y @ vectors
    kept = 1.0 / (1.0 + PENALTIES[:, None] * roughness)
    lost = len(y) - CAUTION * kept.sum(axis=1)
    error = np.sum(((1.0 - kept) * parts) ** 2, axis=1)
    score = np.where(lost > 0.0, error / np.maximum(lost, TINY) ** 2, np.inf)
    return float(PENALTIES[np.argmin(score)])
