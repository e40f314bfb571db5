"""Dual numbers against the complex step, through whole laws too."""

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from lithomech.laws import contact, kinetics, lithium
from lithomech.numerics.dual import Dual, ramp, softplus

STEP = 1e-25
_theta = njit(contact.contact_fraction)
_eta = njit(kinetics.charge_transfer_overpotential)
_lithium = njit(lithium.lithium_contact)


@njit
def add(x, y):
    return (x + y) + 2.0 + x + (3.0 + y)


@njit
def subtract(x, y):
    return (x - y) - 2.0 * y - (3.0 - x) - (x - 1.0)


@njit
def multiply(x, y):
    return x * y * 2.0 * (3.0 * x)


@njit
def divide(x, y):
    return x / y + 2.0 / x + y / 3.0


@njit
def power(x, y):
    return (x + y) ** 1.7 + x**-0.5 + y**2


@njit
def unary(x, y):
    return np.exp(-x) * np.sqrt(y) + np.arcsinh(x * y) - (-x)


@njit
def smooth(x, y):
    return softplus(x - y, 0.3) + softplus(y - x, 0.3) * x + ramp(x, 0.1) + ramp(x - 50.0, 0.1)


@njit
def laws(x, y):
    return _eta(x, 0.3 * y, 298.15) + _theta(x * y) + _lithium(x, 2.0)


FUNCTIONS = [add, subtract, multiply, divide, power, unary, smooth, laws]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.py_func.__name__)
@pytest.mark.parametrize(("x", "y"), [(0.7, 1.9), (2.3, 0.4)])
def test_derivatives_are_those_of_the_complex_step(function, x, y):
    found = function(Dual(x, 1.0, 0.0), Dual(y, 0.0, 1.0))
    by_x = function(complex(x, STEP), complex(y, 0.0))
    by_y = function(complex(x, 0.0), complex(y, STEP))
    assert_allclose(found.value, function(x, y), rtol=1e-14)
    assert_allclose(found.first, by_x.imag / STEP, rtol=1e-12)
    assert_allclose(found.second, by_y.imag / STEP, rtol=1e-12)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.py_func.__name__)
def test_complex_values_are_carried(function):
    """The impedance feeds complex derivatives; each law is analytic, so seeds scale."""
    seed = 0.3 - 2.0j
    real = function(Dual(0.7, 1.0, 0.0), Dual(1.9, 0.0, 1.0))
    turned = function(Dual(0.7 + 0j, seed, 0j), Dual(1.9 + 0j, 0j, seed))
    assert_allclose(turned.first, seed * real.first, rtol=1e-12)
    assert_allclose(turned.second, seed * real.second, rtol=1e-12)


def test_softplus_is_a_smooth_positive_part():
    x = np.array([-1e4, -3.0, 0.0, 3.0, 1e4])
    up = np.array([softplus(v, 0.5) for v in x])
    down = np.array([softplus(-v, 0.5) for v in x])
    assert_allclose(up - down, x, rtol=1e-14)
    assert_allclose(up[2], 0.5 * np.log(2.0), rtol=1e-14)
    assert np.all(up >= 0.0)


def test_ramp_is_exactly_zero_below_and_parallel_to_x_far_above():
    assert ramp(-1.0, 0.1) == 0.0
    assert ramp(0.0, 0.1) == 0.0
    assert_allclose(ramp(1e6, 0.1), 1e6 - 0.1, rtol=1e-12)
