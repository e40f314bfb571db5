"""The window of an electrolyte under constraint."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.laws import chemomechanics, decomposition

FARADAY = 96485.33212
OHMIC = 1e12  # C/m2, of a film that resists in proportion to its thickness


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


def grown(eta, R_0, r_q, q_c, times):
    """Charge of a film at constant eta: dq/dt = j(q), integrated by scipy."""

    def current(_, q):
        R = decomposition.film_resistance(q, R_0, r_q, q_c)
        return decomposition.film_current(eta, q, 1e30, R)

    tight = {"rtol": 1e-10, "atol": 1e-10, "method": "LSODA"}
    return solve_ivp(current, (0.0, times[-1]), [0.0], t_eval=times, **tight).y[0]


def test_a_film_grows_with_the_square_root_of_time():
    """Against Wagner's closed form."""
    eta, R_0, V_f, sigma, times = 1.5, 40.0, 23e-6, 2.4e-11, np.geomspace(1e3, 1e7, 9)
    growth = decomposition.film_resistance_growth(V_f, sigma)
    rho = V_f / FARADAY / sigma
    exact = (np.sqrt(R_0**2 + 2.0 * rho * eta * times) - R_0) / rho
    assert_allclose(grown(eta, R_0, growth, OHMIC, times), exact, rtol=1e-6)


def test_a_film_that_passivates_grows_with_the_logarithm_of_time():
    """Where R_0 = r_q q_c, dq/dt = eta exp(-q/q_c) / R_0: q = q_c ln(1 + eta t/(R_0 q_c))."""
    eta, q_c, r_q, times = 1.5, 20.0, 3e3, np.geomspace(1e2, 1e9, 9)
    exact = q_c * np.log1p(eta * times / (r_q * q_c * q_c))
    assert_allclose(grown(eta, r_q * q_c, r_q, q_c, times), exact, rtol=1e-6)


def test_a_film_resists_e_fold_more_with_every_decay_length():
    """From a film that cannot be reported from none to one that lets nothing through."""
    q, R_0, r_q, q_c = np.array([0.0, 1e-12, 1.0, 30.0, 1e9]), 5.0, 2.0, 3.0
    R = decomposition.film_resistance(q, R_0, r_q, q_c)
    assert_allclose(R[:4], R_0 + r_q * q_c * np.expm1(q[:4] / q_c), rtol=1e-14)
    assert 1e40 < R[4] < np.inf
    slope = decomposition.film_resistance_slope(q[:4], r_q, q_c)
    assert_allclose(slope, (R[:4] - R_0) / q_c + r_q, rtol=1e-14)
    assert_allclose(
        decomposition.film_resistance(q[1], 0.0, r_q, OHMIC), r_q * q[1], rtol=1e-14
    )


def test_without_a_resisting_film_the_reaction_ends_with_the_electrolyte():
    q = np.array([0.0, 50.0, 100.0])
    R = decomposition.film_resistance(q, 10.0, 1e-12, OHMIC)
    j = decomposition.film_current(1.0, q, 100.0, R)
    assert_allclose(j, [0.1, 0.05, 0.0], rtol=1e-6, atol=1e-12)


def test_a_mole_of_electrons_makes_a_film_of_the_products_volume():
    assert_allclose(decomposition.film_thickness(FARADAY, 23e-6), 23e-6, rtol=1e-8)
