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


def test_a_film_grows_with_the_square_root_of_time():
    """dq/dt = j(q) at constant eta, integrated by scipy, against Wagner's closed form."""
    eta, R_0, V_f, sigma, days = 1.5, 40.0, 23e-6, 2.4e-11, np.geomspace(1e3, 1e7, 9)
    growth = decomposition.film_resistance_growth(V_f, sigma)
    done = solve_ivp(
        lambda _, q: decomposition.film_current(eta, q, 1e9, R_0, growth, 0.0),
        (0.0, days[-1]), [0.0], t_eval=days, rtol=1e-9, atol=1e-9,
    )  # fmt: skip
    rho = V_f / FARADAY / sigma
    exact = (np.sqrt(R_0**2 + 2.0 * rho * eta * days) - R_0) / rho
    assert_allclose(done.y[0], exact, rtol=1e-6)


def test_without_a_resisting_film_the_reaction_ends_with_the_electrolyte():
    q = np.array([0.0, 50.0, 100.0])
    growth = decomposition.film_resistance_growth(23e-6, 1e3)
    j = decomposition.film_current(1.0, q, 100.0, 10.0, growth, 0.0)
    assert_allclose(j, [0.1, 0.05, 0.0], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("h", [1e-3, 10.0, 1e4])
def test_a_step_ends_at_the_current_of_its_own_film(h):
    """Implicit: j solves j (R_0 + rho (q + h j)) = eta (1 - (q + h j)/q_max)."""
    eta, q, q_max, R_0, rho = 0.8, 30.0, 500.0, 20.0, 3.0
    j = decomposition.film_current(eta, q, q_max, R_0, rho, h)
    after = q + h * j
    assert_allclose(j * (R_0 + rho * after), eta * (1.0 - after / q_max), rtol=1e-10)
    assert 0.0 < after < q_max


def test_a_mole_of_electrons_makes_a_film_of_the_products_volume():
    assert_allclose(decomposition.film_thickness(FARADAY, 23e-6), 23e-6, rtol=1e-8)
