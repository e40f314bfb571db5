"""The graded radial grid against exact diffusion in a sphere."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm
from scipy.optimize import brentq

from lithomech.numerics.sphere import steady_sphere

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
    grid = steady_sphere(30, grading)
    assert_allclose(grid["volume"].sum(), 1.0, rtol=1e-14)
    assert_allclose(
        grid["volume"] @ operator(grid), 0.0, atol=1e-12 * abs(operator(grid)).max()
    )


@pytest.mark.parametrize("grading", [1.0, 1.5, 2.0])
def test_slowest_mode_is_second_order(grading):
    root = brentq(lambda q: np.tan(q) - q, 4.4, 4.6)  # tan(q) = q, no flux at r = 1
    matrices = [operator(steady_sphere(n, grading)) for n in SHELLS]
    rates = [np.sort(-np.linalg.eigvals(matrix).real)[1] for matrix in matrices]
    found = orders(abs(np.array(rates) - root**2))
    assert np.all(abs(found - 2.0)[-2:] < 0.1)


def steady(grid):
    """Means and surface value of constant flux with unit gradient, mean zero."""
    rate = np.full(len(grid), 3.0)  # such a gradient at the surface fills every shell alike
    rate[-1] -= 3.0 / grid["volume"][-1]
    # singular: fix the mean at zero
    system = np.vstack([operator(grid), grid["volume"]])
    x = np.linalg.lstsq(system, np.append(rate, 0.0), rcond=None)[0]
    return x, x[-1] + (1.0 - grid["centre"][-1])


@pytest.mark.parametrize("grading", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("shells", [1, 2, 3, 10, 25])
def test_steady_charging_is_exact(shells, grading):
    """Constant flux: the profile is r^2 / 2 - 3/10, in every shell and at the surface."""
    means, surface = steady(steady_sphere(shells, grading))
    faces = 1.0 - (1.0 - np.arange(shells + 1) / shells) ** grading
    exact = 0.5 * 0.6 * np.diff(faces**5) / np.diff(faces**3) - 0.3
    assert_allclose(means, exact, rtol=1e-8)
    assert_allclose(surface, 0.2, rtol=1e-9)


ROOTS = np.array([brentq(lambda q: np.tan(q) - q, (k + 0.001) * np.pi, (k + 0.499999) * np.pi)
                  for k in range(1, 200)])  # fmt: skip


def exact_surface(time):
    """Surface value for constant flux from rest, unit gradient: the series of Crank (1975)."""
    return 3.0 * time + 0.2 - 2.0 * np.sum(np.exp(-(ROOTS**2) * time) / ROOTS**2)


def charged(grid, time):
    """Surface value of the shells, exactly integrated in time."""
    source = np.zeros(len(grid))
    source[-1] = 3.0 / grid["volume"][-1]
    system = np.zeros((len(grid) + 1, len(grid) + 1))
    system[:-1, :-1], system[:-1, -1] = operator(grid), source
    return expm(time * system)[-2, -1] + 1.0 - grid["centre"][-1]


@pytest.mark.parametrize("time", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("grading", [1.0, 1.5])
def test_charging_from_rest_is_second_order(time, grading):
    errors = [
        abs(charged(steady_sphere(n, grading), time) - exact_surface(time)) for n in SHELLS
    ]
    assert np.all(abs(orders(np.array(errors)) - 2.0)[-2:] < 0.1)


@pytest.mark.parametrize("grading", [1.0, 1.5])
def test_grading_resolves_the_surface(grading):
    """The outermost of n shells has thickness n^-grading."""
    grid = steady_sphere(20, grading)
    assert_allclose(grid["volume"][-1], 1.0 - (1.0 - 20.0**-grading) ** 3, rtol=1e-12)
