"""Charge transfer: limits of Butler and Volmer."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.laws import kinetics

F_OVER_RT = 1.602176634e-19 / (1.380649e-23 * 298.15)  # e / k_B T


def test_small_overpotential_is_ohmic():
    eta = 1e-7
    assert_allclose(kinetics.butler_volmer(2.0, eta, 298.15), 2.0 * F_OVER_RT * eta, rtol=1e-9)


def test_tafel_slope_at_room_temperature():
    slope = np.diff(kinetics.charge_transfer_overpotential(np.array([1e4, 1e5]), 1.0, 298.15))
    assert_allclose(slope, 0.1183, rtol=1e-3)  # 2.303 * 2 R T / F = 118.3 mV per decade


def test_the_two_forms_are_inverse_of_each_other():
    eta = np.linspace(-0.4, 0.4, 41)
    i = kinetics.butler_volmer(0.11, eta, 333.15)
    back = kinetics.charge_transfer_overpotential(i, 0.11, 333.15)
    assert_allclose(back, eta, rtol=1e-12, atol=1e-15)


def test_large_currents_stay_finite():
    assert np.isfinite(kinetics.charge_transfer_overpotential(1e300, 1.0, 298.15))


def test_unequal_transfer_coefficients_split_the_exponent():
    i = kinetics.butler_volmer(1.0, 0.5, 298.15, alpha=0.3)
    assert_allclose(np.log(i), 0.3 * F_OVER_RT * 0.5, rtol=1e-6)  # the reverse part is e^-19


def test_exchange_current_is_largest_half_full_and_symmetric():
    x = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    i_0 = kinetics.exchange_current_density(3.0, x)
    assert i_0[2] == 3.0
    assert_allclose(i_0, i_0[::-1], rtol=1e-14)
    assert_allclose(i_0[0], 3.0 * 0.6, rtol=1e-14)  # 2 sqrt(0.09)


def test_the_charge_transfer_resistance_is_the_slope_of_the_overpotential():
    i, i_0, T, di = np.array([-3.0, 0.0, 1e-3, 50.0]), 0.11, 333.15, 1e-6
    eta = [kinetics.charge_transfer_overpotential(i + s * di, i_0, T) for s in (-1.0, 1.0)]
    slope = (eta[1] - eta[0]) / (2.0 * di)
    np.testing.assert_allclose(kinetics.charge_transfer_resistance(i, i_0, T), slope, rtol=1e-7)
