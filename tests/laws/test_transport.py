"""How ions, electrons and lithium move."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

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


# Table 3 of the review: composition, MPa, sigma of Li+ and e- in S/cm, tau2 of both
TABLE_3 = [
    ("85:15", 20, 2.7e-5, 1.9e-3, 14.40, 9.82),
    ("85:15", 7, 2.7e-5, 9.1e-4, 14.32, 20.30),
    ("85:15", 3, 2.7e-5, 6.4e-4, 14.39, 28.79),
    ("70:30", 20, 1.8e-4, 5.1e-4, 4.26, 29.54),
    ("70:30", 7, 1.7e-4, 2.4e-4, 4.54, 62.81),
    ("70:30", 3, 1.5e-4, 1.2e-4, 5.13, 121.27),
    ("50:50", 20, 4.1e-4, 1.5e-5, 2.08, 466.54),
    ("50:50", 7, 3.9e-4, 8.8e-6, 2.18, 816.04),
    ("50:50", 3, 3.6e-4, 3.6e-6, 2.36, 1975.79),
]
ACTIVE = {"85:15": 0.688, "70:30": 0.476, "50:50": 0.280}  # of the solids, same table
SOLID = {"85:15": 0.655, "70:30": 0.770, "50:50": 0.624}  # errata E-19
ROWS = [pytest.param(*row, id=f"{row[0]} {row[1]} MPa") for row in TABLE_3]


@pytest.mark.parametrize(("mix", "_", "ions", "electrons", "tau2_ions", "tau2_el"), ROWS)
def test_table_3_implies_one_solid_fraction_per_composition(
    mix, _, ions, electrons, tau2_ions, tau2_el
):
    g_ions = transport.implied_solid_fraction(1.9e-3, 1 - ACTIVE[mix], ions, tau2_ions)
    g_el = transport.implied_solid_fraction(4.1e-2, ACTIVE[mix], electrons, tau2_el)
    # two digits: half a unit of the last over the conductivity
    ions_off, el_off = (0.05 / float(f"{s:.1e}"[:3]) for s in (ions, electrons))
    assert_allclose(g_ions, SOLID[mix], rtol=ions_off)
    assert_allclose(g_el, SOLID[mix], rtol=el_off)
    # and the other way round
    tau2 = transport.tortuosity_factor(1.9e-3, SOLID[mix] * (1 - ACTIVE[mix]), ions)
    assert_allclose(tau2, tau2_ions, rtol=ions_off)


def test_tortuosity_factor_inverts_the_effective_conductivity():
    sigma = transport.effective_conductivity(0.19, 0.3, 4.2)
    assert_allclose(transport.tortuosity_factor(0.19, 0.3, sigma), 4.2, rtol=1e-14)


def test_sand_time_by_superposing_point_sources():
    """Half-space under a constant flux: its surface sums what every moment left behind."""
    i, D, c_max, dx = 2.0, 1e-14, 49261.0, 0.3
    t = transport.sand_time(i, D, c_max, dx)
    source = i / (FARADAY * c_max * np.sqrt(np.pi * D))  # times 1/sqrt(t - then)
    left = quad(lambda _: source, 0.0, t, weight="alg", wvar=(0.0, -0.5))[0]
    assert_allclose(left, dx, rtol=1e-9)


def test_slopes_of_a_rate_test():
    """log t against log i: -2 by Sand, -1 where the whole particle is used."""
    i = np.array([1.0, 10.0])
    sand = transport.sand_time(i, 1e-14, 49261.0, 0.3)
    full = -0.3 / transport.stoichiometry_rate(i, 2e-6, 49261.0)
    assert_allclose(np.log10(sand[1] / sand[0]), -2.0, rtol=1e-14)
    assert_allclose(np.log10(full[1] / full[0]), -1.0, rtol=1e-14)


def test_percolation_is_dense_at_one_and_nothing_below_its_threshold():
    law = transport.percolating_conductivity
    assert_allclose(law(0.3, 1.0, 0.2, 1.8, 0.01), 0.3, rtol=1e-12)
    # far below, the logarithm is exp of the distance in widths
    assert_allclose(law(1.0, 0.1, 0.2, 2.0, 0.01), (0.01 * np.exp(-10.0) / 0.8) ** 2, rtol=1e-4)
    # well above, a power of the distance from the threshold
    assert_allclose(law(1.0, 0.5, 0.2, 1.8, 0.01), (0.3 / 0.8) ** 1.8, rtol=1e-12)
    vf = np.linspace(0.0, 1.0, 101)
    assert np.all(np.diff(law(1.0, vf, 0.2, 1.8, 0.02)) > 0.0)


def test_fibres_meet_where_their_excluded_volume_is_one_and_four_tenths():
    # two sticks of length L and thickness D exclude 2 L^2 D sin(angle); the mean sine between
    # random directions is pi/4; at the threshold number x excluded volume = 1.4 (Balberg)
    L, D = 80.0, 1.0
    rng = np.random.default_rng(0)
    a, b = (v / np.linalg.norm(v, axis=1)[:, None] for v in rng.normal(size=(2, 200_000, 3)))
    excluded = np.mean(2.0 * L**2 * D * np.linalg.norm(np.cross(a, b), axis=1))
    expected = 1.4 / excluded * np.pi / 4.0 * D**2 * L
    assert_allclose(transport.fibre_threshold(L / D), expected, rtol=5e-3)
