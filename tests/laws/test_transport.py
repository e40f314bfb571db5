"""How ions, electrons and lithium move."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import transport

FARADAY = 96485.33212


def test_arrhenius_gives_the_resistances_it_was_fitted_to():
    # Kim 2025: 290, 140, 68 ohm cm2 at 30, 45, 60 degC, E_a about 0.42 eV = 40.5 kJ/mol
    factor = transport.arrhenius_factor(40.5e3, np.array([318.15, 333.15]), 303.15)
    # 290 is good to 1.7 %, 140 and 68 to 0.7 %, 0.42 eV to 0.01 in the exponent
    assert_allclose(290.0 / factor, [140.0, 68.0], rtol=0.03)
    assert transport.arrhenius_factor(40.5e3, 303.15, 303.15) == 1.0


def test_dense_phase_keeps_its_conductivity():
    assert transport.effective_conductivity(0.19, 1.0, 1.0) == 0.19
    assert_allclose(transport.effective_conductivity(0.19, 0.3, 2.0), 0.0285, rtol=1e-14)


def test_bruggeman_is_vf_to_the_three_halves():
    vf = np.array([0.1, 0.25, 0.6])
    tau2 = transport.bruggeman_tortuosity_factor(vf, 1.5)
    assert_allclose(transport.effective_conductivity(1.0, vf, tau2), vf**1.5, rtol=1e-14)
    assert_allclose(tau2[1], 2.0, rtol=1e-14)


def test_a_sphere_empties_in_the_time_of_its_charge():
    R, c_max, i = 2e-6, 49261.0, 0.5
    charge = FARADAY * c_max * 4 / 3 * np.pi * R**3
    hours = charge / (i * 4 * np.pi * R**2)
    assert_allclose(transport.stoichiometry_rate(i, R, c_max) * hours, -1.0, rtol=1e-9)


@pytest.mark.parametrize("caps", [2.0, 4.0])
def test_small_caps_constrict_like_holms_discs(caps):
    """Disc of radius a on a half space: concentration drop = flow / (4 D a)."""
    R, D, c_max, i, theta = 2e-6, 4e-15, 49261.0, 0.05, 1e-8
    a = 2 * R * np.sqrt(theta / caps)
    flow = i / FARADAY * 4 * np.pi * R**2 / caps
    holm = flow / (4 * D * a) / c_max
    # the flux-tube factor (1 - sqrt(theta))^1.5 is 1 - 1.5e-4 here
    assert_allclose(transport.contact_depletion(i, R, D, c_max, theta, caps), holm, rtol=2e-4)


def test_full_contact_costs_nothing():
    assert transport.contact_depletion(1.0, 2e-6, 4e-15, 5e4, 1.0, 2.0) == 0.0


@pytest.mark.parametrize("theta", [0.05, 0.4])
def test_depletion_under_a_fast_sinusoid_is_a_warburg_element_of_the_contact(theta):
    """Whole surface and caps together: 1/(F c_max sqrt(i omega D)) over the contact's share."""
    R, D, c_max, s = 2e-6, 4e-15, 49261.0, 1e9j
    steady = transport.contact_depletion(1.0, R, D, c_max, theta, 2.0)
    caps = steady * transport.depletion_share(s, R, D, theta, 2.0)
    surface = 1.0 / (FARADAY * c_max * np.sqrt(s * D))
    assert_allclose(surface + caps, surface / theta, rtol=1e-4)


def test_depletion_under_a_slow_sinusoid_is_steady():
    assert_allclose(transport.depletion_share(1e-12j, 2e-6, 4e-15, 0.1, 2.0), 1.0, rtol=1e-4)
    assert transport.depletion_share(0.0, 2e-6, 4e-15, 0.1, 2.0) == 1.0
