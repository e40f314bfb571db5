"""The smoothing spline against scipy's, and what any such spline must do."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.interpolate import CubicSpline, make_smoothing_spline

from lithomech.numerics.smoothing_spline import basis, best_penalty, derivative, smooth

CHANCE = np.random.default_rng(1)


@pytest.mark.parametrize("penalty", [1e-9, 1e-6, 1e-3])
def test_it_is_the_spline_of_scipy(penalty):
    x, y = np.linspace(0.0, 1.0, 60), CHANCE.normal(size=60)
    peer = make_smoothing_spline(x, y, lam=penalty)
    assert_allclose(smooth(y, penalty), peer(x), atol=1e-7)
    assert_allclose(derivative(smooth(y, penalty)), peer.derivative()(x), atol=1e-4)


def test_the_slope_is_that_of_the_natural_spline():
    x, y = np.linspace(0.0, 1.0, 31), CHANCE.normal(size=31)
    natural = CubicSpline(x, y, bc_type="natural")
    assert_allclose(derivative(y), natural(x, 1), atol=1e-10)


@pytest.mark.parametrize("penalty", [1e-12, 1.0, 1e6])
def test_a_straight_line_stays_as_it_is(penalty):
    y = np.linspace(3.0, -2.0, 40)
    assert_allclose(smooth(y, penalty), y, atol=1e-9)
    assert_allclose(derivative(y), -5.0, rtol=1e-9)


def test_without_penalty_it_interpolates_and_with_much_it_is_the_line_of_least_squares():
    x, y = np.linspace(0.0, 1.0, 50), CHANCE.normal(size=50)
    assert_allclose(smooth(y, 0.0), y, atol=1e-10)
    assert_allclose(smooth(y, 1e9), np.polyval(np.polyfit(x, y, 1), x), atol=1e-5)


def test_roughness_is_the_integral_of_the_curvature_squared():
    """int f''^2 of a natural spline, by Gauss quadrature of its own piecewise lines."""
    x, y = np.linspace(0.0, 1.0, 20), CHANCE.normal(size=20)
    roughness, vectors, _ = basis(20)
    spline = CubicSpline(x, y, bc_type="natural")
    nodes, weights = np.polynomial.legendre.leggauss(2)
    h = x[1] - x[0]
    points = x[:-1, None] + h / 2.0 * (1.0 + nodes)
    exact = float(np.sum(spline(points, 2) ** 2 * weights) * h / 2.0)
    assert_allclose(np.sum(roughness * (y @ vectors) ** 2), exact, rtol=1e-9)


@pytest.mark.parametrize("noise", [0.01, 0.1])
def test_cross_validation_comes_close_to_the_best_penalty_there_is(noise):
    """Loss against the truth, over fifty draws: at most half above the best on average."""
    x = np.linspace(0.0, 1.0, 60)
    truth = np.sin(6.0 * x) + 0.5 * np.cos(17.0 * x)
    losses = []
    for seed in range(50):
        y = truth + noise * np.random.default_rng(seed).normal(size=60)
        tried = [np.sum((smooth(y, p) - truth) ** 2) for p in np.logspace(-12, 0, 61)]
        losses.append(np.sum((smooth(y, best_penalty(y)) - truth) ** 2) / min(tried))
    assert np.median(losses) < 1.5
