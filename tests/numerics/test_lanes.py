"""Lanes against numpy, number by number."""

import operator
import os
import subprocess
import sys

import numpy as np
import pytest
from numba.core.errors import TypingError
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.numerics.compiled import allocating, kernel
from lithomech.numerics.lanes import (
    WIDTH,
    any_lane,
    first_lanes,
    highest,
    load,
    rows,
    spread,
    store,
)

ENDS = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 2.5])


@kernel
def each(function, x, y):
    for start in range(0, x.size, WIDTH):
        chosen = first_lanes(x.size - start)
        store(y, start, chosen, function(load(x, start, chosen)))


@kernel
def each_pair(function, x, y, z):
    for start in range(0, x.size, WIDTH):
        chosen = first_lanes(x.size - start)
        store(z, start, chosen, function(load(x, start, chosen), load(y, start, chosen)))


def on_lanes(function, *arguments):
    """A function of numbers, evaluated on lanes."""
    out = np.full_like(arguments[0], -1.0)
    (each if len(arguments) == 1 else each_pair)(kernel(function), *arguments, out)
    return out


SIZES = np.geomspace(1e-300, 1e300, 9973)
SMALL = np.geomspace(1e-300, 0.999, 999)
FUNCTIONS = {
    "exp": (lambda x: np.exp(x), np.linspace(-700.0, 709.0, 9973), 5e-16),
    "expm1": (
        lambda x: np.expm1(x),
        np.concatenate([SMALL, -SMALL, np.linspace(-700.0, 709.0, 9973)]),
        5e-16,
    ),
    "log": (lambda x: np.log(x), np.concatenate([SIZES, np.linspace(0.7, 1.3, 999)]), 5e-16),
    "log1p": (lambda x: np.log1p(x), np.concatenate([SIZES, -SMALL]), 5e-16),
    "arcsinh": (lambda x: np.arcsinh(x), np.concatenate([SIZES, -SIZES]), 1e-15),
    "tanh": (lambda x: np.tanh(x), np.concatenate([SIZES, -SIZES]), 1e-15),
    "sqrt": (lambda x: np.sqrt(x), SIZES, 3e-16),
    "abs": (lambda x: np.abs(x), np.linspace(-3.0, 3.0, 97), 0.0),
    "magnitude": (lambda x: abs(x), np.linspace(-3.0, 3.0, 97), 0.0),
    "floor": (lambda x: np.floor(x), np.linspace(-3.0, 3.0, 97), 0.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_those_of_numpy(name):
    function, x, error = FUNCTIONS[name]
    assert_allclose(on_lanes(function, x), function(x), rtol=error)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_ends_are_those_of_numpy(name):
    function = FUNCTIONS[name][0]
    with np.errstate(all="ignore"):
        assert_allclose(on_lanes(function, ENDS), function(ENDS), rtol=1e-15)


def test_overflow_is_infinite_and_underflow_zero():
    x = np.array([709.7, 709.8, 1e300, -707.0, -708.5, -1e300])
    with np.errstate(all="ignore"):
        expected = np.exp(x)
    expected[-2:] = 0.0
    assert_allclose(on_lanes(lambda x: np.exp(x), x), expected, rtol=1e-15)


EXPONENTS = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, -0.5, -1.0, -2.0, 0.3, 1.7, 2.9, -0.37, -3.21, 7.77]


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_powers_are_those_of_numpy(exponent):
    x = np.geomspace(1e-30, 1e30, 9973)
    with np.errstate(all="ignore"):
        assert_allclose(on_lanes(lambda x: x**exponent, x), x**exponent, rtol=2e-15)
        ends = ENDS[~np.isneginf(ENDS)]  # of which numpy takes any power
        found = on_lanes(lambda x: x**exponent, ends)
        assert_allclose(abs(found), abs(ends**exponent), rtol=1e-15)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 5, -1, -2])
def test_whole_powers_take_negative_numbers(exponent):
    x = np.concatenate([np.linspace(-3.0, -0.1, 37), np.linspace(0.1, 3.0, 37)])
    assert_allclose(on_lanes(lambda x: x**exponent, x), x ** float(exponent), rtol=1e-15)


def test_the_exponent_may_be_known_only_when_it_runs():
    @allocating
    def power(x, exponent):
        y = np.empty(WIDTH)
        store(y, 0, first_lanes(WIDTH), load(x, 0, first_lanes(WIDTH)) ** exponent)
        return y

    x = np.linspace(0.5, 4.0, WIDTH)
    for exponent in (2, 3.0, 2.5, 1.23):
        assert_allclose(power(x, exponent), x**exponent, rtol=1e-15)


OPERATORS = {
    "add": lambda x, y: (x + y) + (x + 2.5) + (2.5 + x) + (x + 2) + (2 + x),
    "subtract": lambda x, y: (x - y) * (x - 2.5) * (2.5 - x) * (x - 2) * (2 - x),
    "multiply": lambda x, y: x * y + 2.5 * x + x * 2.5 + 2 * x + x * 2,
    "divide": lambda x, y: x / y + 2.5 / x + x / 2.5 + 2 / x + x / 2,
    "negate": lambda x, y: -x + y,
    "minimum": lambda x, y: np.minimum(x, y) + np.minimum(x, 0.3) + np.minimum(1, y),
    "maximum": lambda x, y: np.maximum(x, y) + np.maximum(x, 0.3) + np.maximum(1, y),
    "hypotenuse": lambda x, y: np.sqrt(x**2 + y**2),
}


def numbers(count=101):
    rng = np.random.default_rng(3)
    return rng.uniform(-2.0, 2.0, (2, count))


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_mix_lanes_and_numbers(name):
    x, y = numbers()
    function = OPERATORS[name]
    assert_allclose(on_lanes(function, x, y), function(x, y), rtol=1e-13, atol=1e-14)


def test_sums_in_place():
    def function(x, y):
        total = x
        total += y
        total -= 0.25 * x
        total *= y
        total /= 3
        return total

    x, y = numbers()
    assert_allclose(on_lanes(function, x, y), (0.75 * x + y) * y / 3, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_comparisons_and_where(name):
    compare = getattr(operator, name)
    x = np.concatenate([numbers()[0], ENDS])
    y = np.concatenate([numbers()[1], ENDS[::-1]])
    y[:20] = x[:20]
    found = on_lanes(lambda x, y: np.where(compare(x, y), x, 7.0), x, y)
    assert_array_equal(found, np.where(compare(x, y), x, 7.0))
    found = on_lanes(lambda x: np.where(compare(x, 0.0), 1.0, 2), x)
    assert_array_equal(found, np.where(compare(x, 0.0), 1.0, 2.0))


def test_masks_combine():
    x, y = numbers()
    found = on_lanes(lambda x, y: np.where(((x > 0) & (y > 0)) | ~(x < 1.0), 1.0, 0.0), x, y)
    assert_array_equal(found, ((x > 0) & (y > 0)) | (x >= 1.0))


def test_where_of_numbers_allocates_nothing():
    assert kernel(lambda x: np.where(x > 0.0, x, 2.0))(-1.0) == 2.0
    x = numbers()[0]
    chosen = on_lanes(lambda x: np.where(1.0 > 0.0, x, spread(0.0)), x)  # noqa: PLR0133
    assert_array_equal(chosen, x)


@pytest.mark.parametrize("extreme", [np.minimum, np.maximum])
def test_extremes_keep_nan(extreme):
    x, y = ENDS, ENDS[::-1].copy()
    assert_array_equal(on_lanes(lambda x, y: extreme(x, y), x, y), extreme(x, y))


@kernel
def reduced(x):
    block = load(x, 0, first_lanes(WIDTH))
    return np.sum(block), highest(block), any_lane(block > 4.0)


def test_lanes_are_reduced_to_numbers():
    x = np.array([3.0, -1.0, 2.0, 4.5, 0.0, 1.0, -7.0, 0.25])
    assert reduced(x) == (2.75, 4.5, True)
    assert reduced(-x) == (-2.75, 7.0, True)
    assert not reduced(0.5 * x)[2]
    x[2] = np.nan
    assert np.isnan(reduced(x)[:2]).all()


RECORD = np.dtype([("x", np.float64), ("block", np.float64, (5, 4))])


@kernel
def double(array, start, count):
    chosen = first_lanes(count)
    store(array, start, chosen, 2.0 * load(array, start, chosen))


@kernel
def double_record(cells, k, start, count):
    double(cells[k].block, start, count)


@pytest.mark.parametrize("count", [-1, 0, 1, 5, 8, 11])
def test_only_chosen_lanes_are_read_and_written(count):
    x = np.arange(24.0).reshape(3, 8)
    expected = x.copy()
    expected.flat[9 : 9 + min(max(count, 0), WIDTH)] *= 2.0
    double(x, 9, count)
    assert_array_equal(x, expected)


def test_arrays_inside_records():
    cells = np.zeros(3, RECORD)
    cells["block"] = np.arange(60.0).reshape(3, 5, 4)
    expected = cells.copy()
    expected["block"][1].flat[7:12] *= 2.0
    double_record(cells, 1, 7, 5)
    assert_array_equal(cells, expected)


def test_lanes_that_are_not_chosen_are_one_half():
    @kernel
    def unchosen(x):
        return np.sum(load(x, 0, first_lanes(3)))

    assert unchosen(np.array([1.0, 2.0, 3.0])) == 8.5


@pytest.mark.parametrize("array", [np.zeros((8, 8))[:, ::2], np.zeros(8, np.float32)])
def test_other_arrays_are_refused(array):
    with pytest.raises(TypingError, match="contiguous arrays of float64"):
        double(array, 0, 8)


def test_rows_of_a_table_become_columns():
    @kernel
    def columns(table, number, out):
        everything = first_lanes(WIDTH)
        a, b, c, d = rows(table, load(number, 0, everything))
        for i, column in enumerate((a, b, c, d)):
            store(out, i * WIDTH, everything, column)

    table, out = np.random.default_rng(1).random((1000, 4)), np.zeros((4, WIDTH))
    number = np.array([0.0, 999.0, 3.0, 3.0, 512.0, 1.0, 77.0, 998.0])
    columns(table, number, out)
    assert_array_equal(out, table[number.astype(int)].T)


SPLIT = "functions or reduced or chosen or rows or records"


@pytest.mark.deep
@pytest.mark.skipif("NUMBA_CPU_NAME" in os.environ, reason="runs itself")
def test_a_processor_without_wide_registers():
    """Some of these tests, compiled for any processor of the family: LLVM splits lanes."""
    environment = os.environ | {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", SPLIT]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, __file__],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
