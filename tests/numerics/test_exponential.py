"""The root beside an exponential: residual in more digits, limits, slopes."""

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from lithomech.numerics.dual import Dual
from lithomech.numerics.exponential import shared


@njit
def with_slopes(growth, rise):
    return shared(Dual(growth, 1.0, 0.0), Dual(rise, 0.0, 1.0))


@pytest.mark.parametrize("rise", [1e-3, 0.9, 1.0, 40.0, 1e6, 1e12])
@pytest.mark.parametrize("growth", [0.0, 1e-250, 1e-13, 1e-6, 0.1, 3.0, 1e3, 1e9])
def test_it_solves_the_equation(growth, rise):
    share = np.longdouble(shared(growth, rise))
    grown = rise * np.expm1(growth * share)
    slope = 1 + grown + growth * share * (rise + grown)
    assert abs((share * (1 + grown) - 1) / slope / share) < 1e-13
    assert 0 < share <= 1


def test_where_the_exponential_is_a_line_it_is_the_quadratic():
    """Growth of 1e-12 and rise of 1e12: digits would be lost in exp(x) - 1."""
    for product in (1e-6, 1.0, 1e3):
        exact = 2.0 / (1.0 + np.sqrt(1.0 + 4.0 * product))
        assert_allclose(shared(1e-12, product * 1e12), exact, rtol=1e-11)
        assert_allclose(shared(1e-15, product * 1e15), exact, rtol=1e-14)


def test_without_a_rise_nothing_is_taken():
    assert_allclose([shared(growth, 0.0) for growth in (0.0, 1e-12, 0.5)], 1.0, rtol=1e-15)


PLACES = [(0.3, 0.8), (1e-10, 2e10), (20.0, 1.0), (2.0, 1e3)]


@pytest.mark.parametrize(("growth", "rise"), PLACES)
def test_its_slopes_are_those_of_differences(growth, rise):
    found = with_slopes(growth, rise)
    up, down = (shared(growth * f, rise) for f in (1 + 1e-5, 1 - 1e-5))
    assert_allclose(found.first, (up - down) / (2e-5 * growth), rtol=1e-6)
    up, down = (shared(growth, rise * f) for f in (1 + 1e-5, 1 - 1e-5))
    assert_allclose(found.second, (up - down) / (2e-5 * rise), rtol=1e-6)
