"""The window of an electrolyte under constraint."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.laws import chemomechanics, decomposition

FARADAY = 96485.33212


def test_the_window_of_lgps_at_20_gpa():
    # the review: 1.75-2.2 V becomes 0.5-2.5 V; the growth that takes has three digits
    assert abs(decomposition.constrained_reduction_limit(1.75, 20e9, 6.03e-6) - 0.5) < 0.0011
    assert abs(decomposition.constrained_oxidation_limit(2.2, 20e9, 1.45e-6) - 2.5) < 0.0011


@pytest.mark.parametrize("dV", [-2e-6, 0.0, 6e-6])
def test_shift_pays_for_the_work_against_the_constraint(dV):
    """Charge through the shift is the work K_c dV: of growth, and won back by shrinkage."""
    K_c = 5e9
    low = decomposition.constrained_reduction_limit(1.75, K_c, dV)
    high = decomposition.constrained_oxidation_limit(2.2, K_c, dV)
    assert_allclose(FARADAY * (1.75 - low), K_c * dV, rtol=1e-8, atol=1e-9)
    assert_allclose(FARADAY * (high - 2.2), K_c * dV, rtol=1e-8, atol=1e-9)


def test_growth_widens_the_window():
    K_c = np.array([0.0, 1e9, 20e9])
    low = decomposition.constrained_reduction_limit(1.75, K_c, 6e-6)
    high = decomposition.constrained_oxidation_limit(2.2, K_c, 1e-6)
    assert (low[0], high[0]) == (1.75, 2.2)
    assert np.all(np.diff(high - low) > 0.0)


def test_sign_is_that_of_an_insertion_host_under_pressure():
    """A host that takes up lithium and grows loses potential: Larche and Cahn's sign."""
    host = chemomechanics.stress_shifted_potential(1.75, -20e9, 6.03e-6)
    assert_allclose(decomposition.constrained_reduction_limit(1.75, 20e9, 6.03e-6), host)


def grown(times, eta, q_c, R_0, r_q):
    """Charge of a film over time at constant eta, integrated by scipy."""
    return solve_ivp(
        lambda _, q: eta / decomposition.film_resistance(q, q_c, R_0, r_q),
        (0.0, times[-1]), [0.0], t_eval=times, rtol=1e-9, atol=1e-9,
    ).y[0]  # fmt: skip


def test_a_thin_film_grows_with_the_square_root_of_time():
    """Against Wagner's closed form."""
    eta, R_0, V_f, sigma, days = 1.5, 40.0, 23e-6, 2.4e-11, np.geomspace(1e3, 1e7, 9)
    growth = decomposition.film_resistance_growth(V_f, sigma)
    rho = V_f / FARADAY / sigma
    exact = (np.sqrt(R_0**2 + 2.0 * rho * eta * days) - R_0) / rho
    assert_allclose(grown(days, eta, 1e6 * exact[-1], R_0, growth), exact, rtol=1e-5)


def test_a_thick_film_grows_with_the_logarithm_of_time():
    """Against time as an integral of the resistance over the charge."""
    eta, q_c, R_0, r_q, times = 0.6, 10.0, 5.0, 40.0, np.geomspace(1e2, 1e12, 11)
    q = grown(times, eta, q_c, R_0, r_q)
    taken = (R_0 * q + r_q * q_c * (q_c * np.expm1(q / q_c) - q)) / eta
    assert_allclose(taken, times, rtol=1e-6)
    assert_allclose(np.diff(q)[-3:], q_c * np.log(10.0), rtol=0.01)


def test_the_slope_of_the_resistance_is_its_derivative():
    q, h = np.array([0.0, 3.0, 40.0]), 1e-6
    ends = [decomposition.film_resistance(q + s * h, 10.0, 5.0, 40.0) for s in (1, -1)]
    slope = decomposition.film_resistance_slope(q, 10.0, 40.0)
    assert_allclose((ends[0] - ends[1]) / (2.0 * h), slope, rtol=1e-7)


def test_a_mole_of_electrons_makes_a_film_of_the_products_volume():
    assert_allclose(decomposition.film_thickness(FARADAY, 23e-6), 23e-6, rtol=1e-8)
