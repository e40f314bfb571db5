"""Lithium metal: the review's numbers for voids and shorts."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import lithium

TRANSPORT, CREEP, EXPONENT = 0.197, 2.30e-6, 6.56  # mA/cm2, mA/cm2 at 1 MPa


def critical(P):
    return lithium.critical_stripping_current(TRANSPORT, CREEP, P, 1.0, EXPONENT)


@pytest.mark.parametrize(
    ("P", "printed", "digit"),
    [(3.0, 0.2, 0.001), (7.0, 1.0, 0.005), (5.0, 0.285, 0.001), (10.0, 8.5, 0.06)],
)
def test_critical_stripping_current(P, printed, digit):
    assert abs(critical(P) - printed) < digit


def test_creep_alone_would_give_a_ratio_of_259():
    alone = lithium.critical_stripping_current(0.0, CREEP, np.array([3.0, 7.0]), 1.0, EXPONENT)
    assert abs(alone[1] / alone[0] - 259) < 0.6


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


@pytest.mark.parametrize(
    ("P", "seconds", "digit"),
    [(75e6, 2.1 * 60, 0.05 * 60), (25e6, 48 * 3600, 1e-6), (5e6, 1.8e6 * 3600, 0.06e6 * 3600)],
)
def test_creep_short(P, seconds, digit):
    time = lithium.creep_short_time(48 * 3600.0, P, 25e6, 600e-6, 600e-6, EXPONENT)
    assert abs(time - seconds) < digit


def test_twice_the_thickness_lasts_longer_by_the_channel_law():
    L = np.array([600e-6, 1200e-6])
    thin, thick = lithium.creep_short_time(1.0, 25e6, 25e6, L, 600e-6, EXPONENT)
    assert_allclose(thick / thin, 2.0**7.56, rtol=1e-12)


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
