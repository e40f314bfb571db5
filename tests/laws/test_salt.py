"""Salt in an electrolyte of two mobile ions: exact limits and a dilute solution."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from lithomech.laws import salt

F, R, T = 96485.33212, 8.314462618, 333.15
L, C_0, D = 40e-6, 1100.0, 1.4e-12


def test_a_dilute_salt_has_the_limit_of_nernst_and_planck():
    # anions at rest: half the gradient is migration, i = 2 F D_+ dc/dx, and dc = 2 c_0
    D_plus, D_minus = 1.1e-12, 4.3e-12
    ambipolar = 2.0 * D_plus * D_minus / (D_plus + D_minus)
    t_plus = D_plus / (D_plus + D_minus)
    limit = salt.salt_limiting_current(C_0, L, t_plus, ambipolar)
    assert_allclose(limit, 4.0 * F * D_plus * C_0 / L, rtol=1e-9)


def test_at_the_limit_the_difference_is_twice_the_mean():
    limit = salt.salt_limiting_current(C_0, L, 0.27, D)
    assert_allclose(salt.salt_difference(limit, L, 0.27, D), 2.0 * C_0, rtol=1e-12)


def test_lithium_that_moves_alone_needs_no_gradient():
    assert salt.salt_difference(10.0, L, 1.0, D) == 0.0
    assert salt.concentration_overpotential(1500.0, 700.0, 1.0, 1.0, T) == 0.0


def test_with_the_ohmic_drop_it_is_the_voltage_of_a_dilute_solution():
    # electrochemical potential of lithium between both sides, where anions stand still: 2RT ln
    D_plus, D_minus, c_a, c_b = 1.1e-12, 4.3e-12, 1700.0, 500.0
    i = 2.0 * F * D_plus * (c_a - c_b) / L
    resistivity = quad(
        lambda c: R * T / (F * F * c * (D_plus + D_minus)) * L / (c_a - c_b), c_b, c_a
    )[0]
    t_plus = D_plus / (D_plus + D_minus)
    eta = salt.concentration_overpotential(c_a, c_b, t_plus, 1.0, T)
    assert_allclose(i * resistivity + eta, 2.0 * R * T / F * np.log(c_a / c_b), rtol=1e-9)


@pytest.mark.parametrize("kappa", [0.021, 0.076])
def test_the_steady_share_of_a_small_current_is_as_measured(kappa):
    # Newman's number of P(EO)20 LiTFSI at 60 and 85 degC; measured shares are 0.1 to 0.2
    hot = kappa == 0.076
    temperature, diffusivity = (358.15, 5.2e-12) if hot else (333.15, 1.44e-12)
    small = 1e-3
    c = salt.salt_difference(small, L, 0.27, diffusivity)
    eta = salt.concentration_overpotential(C_0 + c / 2, C_0 - c / 2, 0.27, 1.0, temperature)
    share = 1.0 / (1.0 + eta / (small * L / kappa))
    assert 0.1 < share < 0.25


def test_the_slowest_change_has_half_a_wave_between_the_electrodes():
    wave = np.cos(np.pi * np.linspace(0.0, 1.0, 2001))
    bend = np.gradient(np.gradient(wave, L / 2000), L / 2000)[1000 - 300]
    assert_allclose(-wave[700] / (D * bend), salt.salt_rise_time(L, D), rtol=1e-4)
