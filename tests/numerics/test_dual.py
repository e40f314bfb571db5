"""Dual numbers against the complex step, through whole laws too."""

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from lithomech.laws import contact, kinetics, lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import (
    FAR,
    Dual,
    if_positive,
    positive,
    ramp,
    smooth_abs,
    softplus,
)
from lithomech.numerics.lanes import WIDTH, first_lanes, load, store

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


@njit
def logarithms(x, y):
    return np.log(x) * y + np.log1p(x * y) + np.tanh(x - 0.2 * y)


@njit
def rounded(x, y):
    return smooth_abs(x - y, 0.3) * smooth_abs(y, 0.1)


FUNCTIONS = [add, subtract, multiply, divide, power, unary, smooth, laws, logarithms, rounded]
CARRIED = [power, unary, smooth, laws]  # with complex derivatives in every run


@njit
def sizes(x, y):
    return abs(x - y) * 2.0 + np.abs(y - x) * x


@njit
def extremes(x, y):
    lower = np.minimum(x, y) * np.minimum(1.0, x) + np.minimum(y, 1.0)
    return lower + np.maximum(x, y) * np.maximum(y, 1) + np.maximum(1.0, x)


@njit
def chosen(x, y):
    higher = np.where(x > y, x * x, 3.0 * y) + np.where(1.0 < x, x, 0.0)  # noqa: SIM300
    return higher + np.where(x < y, 2.0, y) + np.where(y >= 2.0, x * y, x)


@njit
def skipped(x, y):
    excess = x - y
    if not positive(excess):
        return 0.0 * excess + y
    return if_positive(excess, np.sqrt(excess), 0.0 * excess) + y


KINKED = [sizes, extremes, chosen, skipped]
PLAIN = [f for f in FUNCTIONS if f is not laws]
SEEDS = (Dual(0.7, 1.0, 0.0), Dual(1.9, 0.0, 1.0))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.py_func.__name__)
@pytest.mark.parametrize(("x", "y"), [(0.7, 1.9), (2.3, 0.4)])
def test_derivatives_are_those_of_the_complex_step(function, x, y):
    found = function(Dual(x, 1.0, 0.0), Dual(y, 0.0, 1.0))
    numpys = function.py_func  # where it knows all: compiling for complex numbers takes longer
    by_x = numpys(complex(x, STEP), complex(y, 0.0))
    by_y = numpys(complex(x, 0.0), complex(y, STEP))
    assert_allclose(found.value, numpys(x, y), rtol=1e-14)
    assert_allclose(found.first, by_x.imag / STEP, rtol=1e-12)
    assert_allclose(found.second, by_y.imag / STEP, rtol=1e-12)


@pytest.mark.parametrize(
    "function",
    [pytest.param(f, marks=() if f in CARRIED else pytest.mark.deep) for f in FUNCTIONS],
    ids=lambda f: f.py_func.__name__,
)
def test_complex_values_are_carried(function):
    """Each law is analytic, so seeds scale, complex ones too."""
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


def test_softplus_is_x_where_rounding_hides_the_kink():
    for x in (FAR * 0.5 * 1.001, 1e4):
        assert softplus(x, 0.5) == x
    assert_allclose(softplus(FAR * 0.5 * 0.999, 0.5), FAR * 0.5 * 0.999, rtol=2e-16)


@pytest.mark.parametrize("function", KINKED, ids=lambda f: f.py_func.__name__)
@pytest.mark.parametrize(("x", "y"), [(0.7, 1.9), (2.3, 0.4)])
def test_derivatives_between_kinks_are_those_of_differences(function, x, y):
    step = 1e-6
    dual = function(Dual(x, 1.0, 0.0), Dual(y, 0.0, 1.0))
    by_x = (function(x + step, y) - function(x - step, y)) / (2.0 * step)
    by_y = (function(x, y + step) - function(x, y - step)) / (2.0 * step)
    assert_allclose(dual.value, function(x, y), rtol=1e-14)
    assert_allclose((dual.first, dual.second), (by_x, by_y), rtol=1e-8, atol=1e-9)


def test_laws_written_with_where_are_those_of_numpy():
    for x, y in ((0.7, 1.9), (2.3, 0.4)):
        for function in (sizes, extremes, chosen):
            assert_allclose(function(x, y), function.py_func(x, y), rtol=1e-14)


def test_extremes_keep_nan():
    assert np.isnan(extremes(SEEDS[0], Dual(np.nan, 0.0, 1.0)).value)
    assert np.isnan(extremes(Dual(np.nan, 0.0, 1.0), SEEDS[0]).value)


@kernel
def seeded(function, x, y, out):
    """Value and derivatives on duals of lanes; some seeds are numbers."""
    for start in range(0, x.size, WIDTH):
        within = first_lanes(x.size - start)
        a, b = load(x, start, within), load(y, start, within)
        dual = function(Dual(a, 1.0, 0.0), Dual(b, 0.0 * a, 1.0 + 0.0 * b))
        store(out, start, within, dual.value)
        store(out, x.size + start, within, dual.first)
        store(out, 2 * x.size + start, within, dual.second)


@kernel
def without_seeds(function, x, y, out):
    for start in range(0, x.size, WIDTH):
        within = first_lanes(x.size - start)
        store(out, start, within, function(load(x, start, within), load(y, start, within)))


@pytest.mark.parametrize("function", FUNCTIONS + KINKED, ids=lambda f: f.py_func.__name__)
def test_lanes_are_many_numbers(function):
    x, y = np.random.default_rng(5).uniform(0.2, 3.0, (2, 21))
    out, values = np.zeros((3, 21)), np.zeros(21)
    seeded(function, x, y, out)
    without_seeds(function, x, y, values)
    single = [function(Dual(a, 1.0, 0.0), Dual(b, 0.0, 1.0)) for a, b in zip(x, y, strict=True)]
    assert_allclose(out, np.array(single).T, rtol=1e-12, atol=1e-14)
    assert_allclose(values, out[0], rtol=1e-13)


@kernel
def far(x, y):
    return softplus(x, 0.5) + y * ramp(x, 0.1)


@pytest.mark.parametrize("x", [-1e4, -3.0, 0.0, 1e-9, 3.0, 40.0, 1e4, np.nan])
def test_smooth_functions_agree_on_lanes_far_from_the_kink_too(x):
    out = np.zeros((3, 1))
    seeded(far, np.array([x]), np.ones(1), out)
    single = far(Dual(x, 1.0, 0.0), Dual(1.0, 0.0, 1.0))
    assert_allclose(out[:, 0], single, rtol=1e-14, atol=1e-30)


def test_zero_has_powers_and_they_do_not_change():
    def function(x, y):
        return x**1.7 + y

    out = np.zeros((3, 2))
    seeded(kernel(function), np.array([0.0, 1.0]), np.zeros(2), out)
    assert_allclose(out, [[0.0, 1.0], [0.0, 1.7], [1.0, 1.0]], rtol=1e-14)
