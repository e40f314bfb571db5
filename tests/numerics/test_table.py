"""Cubic tables."""

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from lithomech.numerics.dual import Dual
from lithomech.numerics.table import INTERVALS, lookup, lookup_dual, tabulate


@njit
def value_and_slope(table, x):
    return lookup(table, x)


@njit
def with_seeds(table, x, first, second):
    return lookup_dual(table, Dual(x, first, second))


def test_a_straight_line_is_exact():
    table = tabulate(lambda x: 3.0 - 2.0 * x)
    for x in (0.0, 0.1234, 0.5, 0.99999, 1.0):
        assert_allclose(value_and_slope(table, x), (3.0 - 2.0 * x, -2.0), rtol=1e-10)


def test_a_smooth_curve_is_met_to_the_interpolation_error():
    table = tabulate(np.exp)
    h = 1.0 / INTERVALS
    for x in np.linspace(0.0, 1.0, 137):
        value, slope = value_and_slope(table, x)
        # nodes are exact; nodal slopes of PCHIP are good to h^2, so values to h^3 between them
        assert abs(value - np.exp(x)) < h**3 * np.e
        assert abs(slope - np.exp(x)) < 3 * h**2 * np.e if 2 * h < x < 1 - 2 * h else True


def test_another_range_is_reduced_to_zero_and_one():
    table = tabulate(lambda e: 5.0 * e, low=-0.02, high=0.03)
    assert_allclose(value_and_slope(table, 0.4)[0], 0.0, atol=1e-15)
    assert_allclose(value_and_slope(table, 1.0)[0], 0.15, rtol=1e-12)


@pytest.mark.parametrize(("x", "held"), [(-0.3, 1.0), (1.7, 0.0)])
def test_ends_are_held(x, held):
    table = tabulate(lambda q: np.cos(0.5 * np.pi * q))
    value, slope = value_and_slope(table, x)
    assert_allclose(value, held, atol=1e-12)
    assert slope == 0.0


def test_monotone_data_stay_monotone():
    table = tabulate(lambda q: np.where(q < 0.5, 0.0, 1.0))
    values = np.array([value_and_slope(table, x)[0] for x in np.linspace(0.0, 1.0, 5001)])
    assert np.all(np.diff(values) >= 0.0)
    assert values.min() == 0.0
    assert_allclose(values.max(), 1.0, rtol=1e-14)


def test_slope_is_the_derivative_of_the_value():
    table = tabulate(lambda q: np.sin(7.0 * q))
    step = 1e-20
    for x in (0.0503, 0.3141, 0.9777):
        value, slope = value_and_slope(table, complex(x, step))
        assert_allclose(value.imag / step, slope.real, rtol=1e-12)
        dual = with_seeds(table, x, 2.0, -3.0)
        assert_allclose(
            (dual.first, dual.second), (2 * slope.real, -3 * slope.real), rtol=1e-12
        )
