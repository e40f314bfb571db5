"""Curves and smoothed kinks as PyBaMM expressions."""

import os

import numpy as np
from scipy.integrate import cumulative_simpson
from scipy.interpolate import CubicSpline, PchipInterpolator

from oracles.plain_cell import Curve

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")  # read when pybamm is imported

import pybamm


def pressed(virtual, width):
    """Stack pressure of a virtual pressure: its positive part, rounded where it begins."""
    v = pybamm.maximum(virtual, 0)
    return v * (1 - pybamm.exp(-((v / width) ** 2)))


def softplus(x, width):
    """Smooth max(x, 0)."""
    return pybamm.maximum(x, 0) + width * pybamm.log(1 + pybamm.exp(-abs(x) / width))


def ramp(x, width):
    """max(x, 0) with a continuous slope."""
    y = pybamm.maximum(x, 0)
    return y**2 / (y + width)


def smooth_abs(x, width):
    return pybamm.sqrt(x**2 + width**2) - width


def interpolate(curve: Curve, x):
    if np.ptp(curve[1]) == 0.0:
        return pybamm.Scalar(float(curve[1][0])) + 0 * x
    return pybamm.Interpolant(curve[0], curve[1], x, interpolator="pchip")


def held(curve: Curve, x):
    """Interpolation with the argument held inside the table."""
    low, high = curve[0][0], curve[0][-1]
    return interpolate(curve, pybamm.minimum(pybamm.maximum(x, low), high))


def slope(curve: Curve) -> Curve:
    return curve[0], CubicSpline(*curve).derivative()(curve[0])


def at(curve: Curve, x: float) -> float:
    return float(CubicSpline(*curve)(x))


def further(curve: Curve, x, more):
    """Where the integral of a curve is larger by ``more`` than at x; two tables of it."""
    fine = np.linspace(-0.05, 1.05, 8001)
    values = PchipInterpolator(*curve)(np.clip(fine, curve[0][0], curve[0][-1]))
    total = cumulative_simpson(values, x=fine, initial=0.0)
    unit = total[-1]
    reached = pybamm.Interpolant(fine, total / unit, x, interpolator="pchip") + more / unit
    return pybamm.Interpolant(total / unit, fine, reached, interpolator="pchip")
