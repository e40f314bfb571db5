"""Lithium metal: voids, constriction, flaws, and plated thickness."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from lithomech.laws import lithium


def test_critical_stripping_current_of_a_map():
    """Yan 2022, case C2: 1.58 mA/cm2 at 10 MPa of which diffusion carries 0.23."""
    i_c = lithium.critical_stripping_current(0.23, 1.35, np.array([0.0, 10.0, 40.0]), 10.0, 1.5)
    assert_allclose(i_c, [0.23, 1.58, 0.23 + 8 * 1.35], rtol=1e-14)


@pytest.mark.parametrize(
    ("volume", "printed"),
    [(12.97e-6, 4.85), (7.89e-6, 2.94)],  # um per mAh/cm2: Li, In -> LiIn (literature.md)
)
def test_thickness_per_charge(volume, printed):
    thickness = lithium.interface_recession(10.0, volume) * 3600.0
    assert abs(1e6 * thickness - printed) < 0.012  # 12.97e-6 m3/mol gives 4.84


def test_contact_under_voids():
    assert lithium.lithium_contact(0.0, 8e-6) == 1.0
    # the review's short: i/theta = 2.0 mA/cm2 at i = 1 once the voids are w_0 ln 2 deep
    assert_allclose(lithium.lithium_contact(8e-6 * np.log(2.0), 8e-6), 0.5, rtol=1e-14)


def test_flaws_split_as_the_table_of_numerics_has_it():
    """12 mV open a flaw of 1 um in 0.17 MPa m^0.5 (physics.md, section 7)."""
    strength = lithium.flaw_strength(0.17e6, 1e-6)
    alone = strength * 12.97e-6 / 96485.33
    assert abs(1e3 * alone - 11.5) < 0.06  # 12 mV, rounded
    assert_allclose(lithium.opening_stress(alone, 0.0, 12.97e-6, 0.46), strength, rtol=1e-6)
    assert_allclose(lithium.flaw_strength(0.17e6, 4e-6), 0.5 * strength, rtol=1e-14)


def test_a_confined_separator_presses_flaws_together():
    # incompressible: the walls push back with all of P; nu = 0: with nothing
    assert lithium.opening_share(0.5) == 0.0
    assert lithium.opening_share(0.0) == 1.0
    nu, P = 0.35, 7.0
    assert_allclose(lithium.opening_share(nu) * P, P - nu / (1 - nu) * P, rtol=1e-14)


def test_constriction_of_round_contacts_in_tubes():
    """Small contacts: the spreading resistance 1/(4 kappa a) of a disc, over the tube."""
    theta, b, kappa = 1e-6, 20e-6, 0.2
    disc = np.pi * b**2 / (4.0 * kappa * b * np.sqrt(theta))
    found = lithium.constriction_resistance(theta, b, kappa)
    assert_allclose(found, disc, rtol=2e-3)  # 1.5 sqrt(theta) below it
    assert lithium.constriction_resistance(1.0, b, kappa) < 1e-12 * disc


@pytest.mark.parametrize(("theta", "off"), [(0.01, 0.01), (0.09, 0.01), (0.25, 0.05)])
def test_constriction_follows_the_series_of_flux_tubes(theta, off):
    """1 - 1.40978 e + 0.34406 e^3 + 0.0435 e^5 + 0.02271 e^7 of a disc (Yovanovich 1975)."""
    e, b, kappa = np.sqrt(theta), 20e-6, 0.2
    series = 1.0 - 1.40978 * e + 0.34406 * e**3 + 0.0435 * e**5 + 0.02271 * e**7
    disc = np.pi * b / (4.0 * kappa * e)
    found = lithium.constriction_resistance(theta, b, kappa)
    assert_allclose(found, series * disc, rtol=off)


def test_a_newtonian_metal_fills_pores_as_poiseuille_and_washburn_have_it():
    """n = 1: r P/(8 eta) along one radius, with eta = 1/(3 compliance); (L + r)^2 - r^2."""
    creep, P_ref, r, L = 2e-3, 1e6, 2e-6, 30e-6
    eta = P_ref / (3.0 * creep)  # strain rate in tension is sigma/(3 eta)
    rate = lithium.pore_filling_rate(creep, 1.0)
    assert_allclose(rate * r, r * P_ref / (8.0 * eta), rtol=1e-14)
    time = lithium.pore_crossing_time(L, r, rate, 1.0)
    washburn = r**2 * P_ref / (4.0 * eta)  # d(l^2)/dt
    assert_allclose(time, ((L + r) ** 2 - r**2) / washburn, rtol=1e-14)


def test_a_metal_that_creeps_fills_pores_ever_more_slowly():
    """Against the integral of the resistance along the pore, and Masias' creep."""
    n, r, L = 6.56, 0.5e-6, 30e-6
    rate = lithium.pore_filling_rate(0.0077, n)
    # shear rate at the wall sqrt(3) 0.0077 (sqrt(3) r/(2 l))^n at 1 MPa, mean speed r/(n + 3)
    at_wall = np.sqrt(3.0) * 0.0077 * (np.sqrt(3.0) / 2.0) ** n
    assert_allclose(rate, at_wall / (n + 3.0), rtol=1e-14)
    for share in (1e-6, 0.3, 1.0):
        depth = lithium.pore_filling(share, L, r, n)
        taken, _ = quad(lambda u: u**n / rate, 1.0, 1.0 + depth / r, epsrel=1e-12)
        assert_allclose(taken, share * lithium.pore_crossing_time(L, r, rate, n), rtol=1e-9)
    assert_allclose(depth, L, rtol=1e-14)


@pytest.mark.parametrize(("capacity", "printed"), [(1, 4.849), (5, 24.25), (6, 29.09)])
def test_plated_thickness(capacity, printed):
    # mAh/cm2 and um; 6.94 g/mol over 0.534 g/cm3; the density is good to 1 in 1000
    thickness = lithium.plated_thickness(capacity * 36e3, 6.94e-3 / 534.0)
    assert_allclose(1e6 * thickness, printed, rtol=1e-3)


def test_foil_of_50_um_grows_by_58_percent():
    growth = lithium.plated_thickness(6 * 36e3, 6.94e-3 / 534.0) / 50e-6
    assert abs(growth - 0.582) < 0.0005  # Table 2 prints three digits


def test_plating_is_recession_backwards():
    i, seconds, V_Li = 10.0, 3600.0, 13e-6
    gone = lithium.interface_recession(i, V_Li) * seconds
    assert_allclose(lithium.plated_thickness(i * seconds, V_Li), gone, rtol=1e-14)


@pytest.mark.parametrize(("metal", "needed"), [(4.25, 8.5), (2.83, 5.66)])
def test_dendrite_criterion(metal, needed):
    # Monroe and Newman's 8.5 GPa; with the shear modulus of Masias 2019
    assert_allclose(lithium.dendrite_shear_modulus(metal, 2.0), needed, rtol=1e-14)
