"""The graded radial grid against exact diffusion in a sphere."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from lithomech.numerics.sphere import graded_sphere

SHELLS = np.array([20, 40, 80, 160])


def operator(grid):
    """Rate of change of each shell's mean for D/R^2 = 1 and a closed surface."""
    matrix = np.zeros((len(grid), len(grid)))
    for i, shell in enumerate(grid):
        for near, rate in ((i - 1, shell["inner"]), (i + 1, shell["outer"])):
            if 0 <= near < len(grid):
                matrix[i, near] += rate
                matrix[i, i] -= rate
    return matrix


def orders(errors):
    return np.log2(errors[:-1] / errors[1:])


@pytest.mark.parametrize("grading", [1.0, 1.5, 2.0])
def test_shells_fill_the_sphere_and_exchange_without_loss(grading):
    grid = graded_sphere(30, grading)
    assert_allclose(grid["volume"].sum(), 1.0, rtol=1e-14)
    assert_allclose(
        grid["volume"] @ operator(grid), 0.0, atol=1e-12 * abs(operator(grid)).max()
    )


@pytest.mark.parametrize("grading", [1.0, 1.5, 2.0])
def test_slowest_mode_is_second_order(grading):
    root = brentq(lambda q: np.tan(q) - q, 4.4, 4.6)  # tan(q) = q, no flux at r = 1
    rates = [
        np.sort(-np.linalg.eigvals(operator(graded_sphere(n, grading))).real)[1] for n in SHELLS
    ]
    found = orders(abs(np.array(rates) - root**2))
    assert np.all(abs(found - 2.0)[-2:] < 0.1)


@pytest.mark.parametrize("grading", [1.0, 1.5, 2.0])
def test_steady_charging_is_second_order(grading):
    """Constant flux: surface minus mean is a fifth of the surface gradient."""
    errors = []
    for n in SHELLS:
        grid = graded_sphere(n, grading)
        rate = np.full(n, 3.0)  # unit gradient at the surface fills every shell alike
        rate[-1] -= 3.0 / grid["volume"][-1]
        # singular: fix the mean at zero
        system = np.vstack([operator(grid), grid["volume"]])
        x = np.linalg.lstsq(system, np.append(rate, 0.0), rcond=None)[0]
        surface = x[-1] + (1.0 - grid["centre"][-1])
        errors.append(abs(surface - 0.2))
    found = orders(np.array(errors))
    assert np.all(abs(found - 2.0)[-2:] < 0.1)


def test_grading_resolves_the_surface():
    uniform, graded = graded_sphere(20, 1.0), graded_sphere(20, 1.5)
    assert_allclose(1.0 - uniform["centre"][-1], 0.5 / 20, rtol=1e-12)
    assert_allclose(1.0 - graded["centre"][-1], 0.5 * 20**-1.5, rtol=1e-12)
