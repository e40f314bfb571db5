"""Contact between active material and electrolyte."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import contact

ROUNDED, FIT = 0.005, 0.03  # last printed digit; the fit's own error (physics.md, 3)


def test_made_coverage_of_sulfide_and_oxide():
    # the review: 0.41-0.47 for sulfides of strength 262-301 MPa, 0.033 for LLZO (H = 11.3 GPa)
    assert abs(contact.made_coverage(370e6, 262e6) - 0.47) < 0.005
    assert abs(contact.made_coverage(370e6, 301e6) - 0.41) < 0.005
    assert abs(contact.made_coverage(370e6, 11.3e9 / 3) - 0.033) < 0.0005


@pytest.mark.parametrize(("P_0", "printed"), [(3, 28), (7, 31), (20, 40), (60, 70)])
def test_residual_pressure_of_the_review(P_0, printed):
    # printed to 1 MPa for T = 0.73 and k_p = 0.80, both to two digits
    locked = contact.residual_pressure(370.0, P_0, 0.73, 0.8)
    assert abs(locked - printed) < 0.6


@pytest.mark.parametrize(("P", "theta"), [(60e6, 0.23), (20e6, 0.12), (7e6, 0.06), (3e6, 0.04)])
def test_contact_left_after_five_percent_contraction(P, theta):
    number = contact.opening_number(0.05 / 3, 20e9, P, 0.0, 1.0, 2.0)
    assert abs(contact.contact_fraction(number) - theta) < ROUNDED + FIT * theta


@pytest.mark.parametrize(("P", "theta"), [(60e6, 0.35), (20e6, 0.21), (7e6, 0.11), (3e6, 0.07)])
def test_contact_left_after_two_percent_contraction(P, theta):
    number = contact.opening_number(0.02 / 3, 20e9, P, 0.0, 1.0, 2.0)
    assert abs(contact.contact_fraction(number) - theta) < ROUNDED + FIT * theta


@pytest.mark.parametrize("Pi", [1e4, 1e5, 1e6])
def test_wide_open_contact_is_two_caps_of_hertz(Pi):
    R, E_star, gap = 2e-6, 20e9, 0.01
    P = gap * E_star / Pi
    force = np.pi * R**2 * P
    radius = (3 * force * (R / gap) / (4 * E_star)) ** (1 / 3)  # conforming: R_eff = R/gap
    hertz = 2 * np.pi * radius**2 / (4 * np.pi * R**2)
    assert_allclose(contact.contact_fraction(Pi), hertz, rtol=FIT)


def test_more_caps_share_the_load_and_are_those_of_hertz():
    R, E_star, gap, P, caps = 2e-6, 20e9, 0.01, 1e4, 5.0
    Pi = contact.opening_number(gap, E_star, P, 0.0, 1.0, caps)
    force = 2 * np.pi * R**2 * P / caps  # in all as on two caps
    radius = (3 * force * (R / gap) / (4 * E_star)) ** (1 / 3)
    hertz = caps * np.pi * radius**2 / (4 * np.pi * R**2)
    assert_allclose(contact.contact_fraction(Pi), hertz, rtol=FIT)


def test_contact_is_whole_when_closed_and_falls_with_the_gap():
    assert contact.contact_fraction(0.0) == 1.0
    assert np.all(np.diff(contact.contact_fraction(np.geomspace(1e-3, 1e5, 200))) < 0)


def test_adhesion_keeps_contact_without_load():
    assert_allclose(contact.opening_number(0.01, 20e9, 0.0, 1e5, 0.5, 2.0), 4000.0, rtol=1e-14)
