"""Cubic tables."""

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose
from scipy.integrate import quad

from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import WIDTH, first_lanes, load, spread, store
from lithomech.numerics.table import (
    INTERVALS,
    integral,
    integral_table,
    inverse,
    lookup,
    lookup_dual,
    tabulate,
)


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


@pytest.mark.parametrize("kind", [lookup, integral, inverse])
def test_nan_stays_nan(kind):
    assert np.isnan(kind(tabulate(np.exp), np.nan)[0])
    assert np.isnan(on_lanes(kind, tabulate(np.exp), np.full(3, np.nan))[0]).all()


def on_lanes(kind, table, x):
    """Values and slopes, found on lanes."""

    @kernel
    def each(table, x, out):
        for start in range(0, x.size, WIDTH):
            within = first_lanes(x.size - start)
            value, slope = kind(table, load(x, start, within))
            store(out, start, within, value)
            store(out, x.size + start, within, slope)

    out = np.zeros((2, x.size))
    each(table, x, out)
    return out


BEYOND = np.array(
    [-np.inf, -1e300, -0.3, -1e-12, 0.0, 0.9995, 1.0, 1.0 + 1e-12, 1.7, 1e300, np.inf]
)


@pytest.mark.parametrize("kind", [lookup, integral])
def test_lanes_are_many_numbers(kind):
    table = tabulate(lambda q: 1.0 + np.sin(7.0 * q))
    x = np.concatenate([np.random.default_rng(2).uniform(-0.1, 1.1, 83), BEYOND])
    single = np.array([kind(table, a) for a in x]).T
    assert_allclose(on_lanes(kind, table, x), single, rtol=1e-13, atol=1e-13)


def test_duals_of_lanes():
    @kernel
    def seeded(table, x, out):
        dual = lookup_dual(table, Dual(load(x, 0, first_lanes(WIDTH)), 2.0, spread(-3.0)))
        for i, row in enumerate((dual.value, dual.first, dual.second)):
            store(out, i * WIDTH, first_lanes(WIDTH), row)

    table, x, out = tabulate(np.exp), np.linspace(-0.2, 1.1, WIDTH), np.zeros((3, WIDTH))
    seeded(table, x, out)
    single = [with_seeds(table, a, 2.0, -3.0) for a in x]
    assert_allclose(out, np.array(single).T, rtol=1e-13)


def curve(x):
    return 1.0 + np.sin(7.0 * x) + 0.3 * x


def test_an_integral_is_that_of_the_quadrature():
    table = integral_table(tabulate(curve))
    for x in (0.0, 0.0503, 0.5, 0.77777, 1.0):
        value, slope = integral(table, x)
        assert_allclose(value, quad(curve, 0.0, x, epsabs=1e-14)[0], atol=1e-8)
        assert_allclose(slope, curve(x), rtol=1e-5)


def test_the_integral_of_a_straight_line_is_exact():
    table = integral_table(tabulate(lambda x: 2.0 - 3.0 * x))
    for x in np.linspace(0.0, 1.0, 137):
        assert_allclose(integral(table, x), (2.0 * x - 1.5 * x * x, 2.0 - 3.0 * x), atol=1e-13)


@pytest.mark.parametrize(("x", "end"), [(-0.4, 0.0), (1.9, 1.0)])
def test_an_integral_goes_on_straight(x, end):
    table = integral_table(tabulate(curve))
    value, slope = integral(table, x)
    assert_allclose(slope, curve(end), rtol=1e-12)
    assert_allclose(value, integral(table, end)[0] + (x - end) * curve(end), rtol=1e-12)


def steep(x):
    return 1e-3 + np.exp(-60.0 * (x - 0.4) ** 2)  # falls by three decades on both sides


def test_an_inverse_leads_back():
    table = integral_table(tabulate(steep))
    for x in (-0.2, 0.0, 1e-4, 0.1, 0.4005, 0.9, 0.99999, 1.0, 1.4):
        value, slope = integral(table, x)
        back, slope_back = inverse(table, value)
        assert_allclose(back, x, rtol=1e-12, atol=1e-14)
        assert_allclose(slope_back, slope, rtol=1e-10)


def test_an_inverse_on_lanes_is_that_of_many_numbers():
    table = integral_table(tabulate(steep))
    values = np.random.default_rng(3).uniform(-0.01, 1.1 * integral(table, 1.0)[0], 83)
    values = np.concatenate([values, [0.0, integral(table, 1.0)[0], -1e300, 1e300]])
    single = np.array([inverse(table, v) for v in values]).T
    assert_allclose(on_lanes(inverse, table, values), single, rtol=1e-12, atol=1e-13)


RECORD = np.dtype([("active", np.float64), ("mismatch", np.float64, (INTERVALS, 4))])


@kernel
def in_record(cells, k, x):
    return lookup(cells[k].mismatch, x)


@kernel
def in_record_on_lanes(cells, k, x, out):
    block = load(x, 0, first_lanes(WIDTH))
    value, slope = lookup(cells[k].mismatch, block)
    store(out, 0, first_lanes(WIDTH), value)
    store(out, WIDTH, first_lanes(WIDTH), slope)


def test_a_table_may_be_part_of_a_record():
    cells, x, out = np.zeros(3, RECORD), np.linspace(-0.1, 1.1, WIDTH), np.zeros((2, WIDTH))
    cells["mismatch"][1] = tabulate(np.exp)
    in_record_on_lanes(cells, 1, x, out)
    for a, found in zip(x, out.T, strict=True):
        expected = value_and_slope(tabulate(np.exp), a)
        assert in_record(cells, 1, a) == expected
        assert_allclose(found, expected, rtol=1e-13)
