"""Tension around a particle that swells, its cracks, and what they block."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.optimize import brentq

from lithomech.laws import splitting

SIGMA_Y, VF = 280e6, 0.28
TOUGHNESS, RADIUS = 0.17e6, 2e-6


def elastic_shell(p, P, inner, outer):
    """Hoop stress at the inner wall: sigma_r = A + B/r^3, sigma_t = A - B/(2 r^3)."""
    rows = np.array([[1.0, inner**-3], [1.0, outer**-3]])
    A, B = np.linalg.solve(rows, [-p, -P])
    return A - 0.5 * B / inner**3


@pytest.mark.parametrize("P", [0.0, 70e6])
def test_elastic_tension_is_that_of_a_hollow_sphere(P):
    found = splitting.elastic_tension(150e6 - P, VF) - P
    assert_allclose(found, elastic_shell(150e6, P, VF ** (1 / 3), 1.0), rtol=1e-12)


def test_yielding_begins_where_the_elastic_wall_is_at_its_strength():
    """Hoop less radial stress is the strength; both branches meet there."""
    dp = splitting.yielded_excess(VF, VF, SIGMA_Y)
    assert_allclose(splitting.elastic_tension(dp, VF) + dp, SIGMA_Y, rtol=1e-12)
    assert_allclose(
        splitting.elastic_tension(dp, VF), splitting.yielded_tension(VF, SIGMA_Y), rtol=1e-12
    )


@pytest.mark.parametrize("vf_Y", [0.4, 0.7, 0.95])
def test_yielded_shell_is_in_equilibrium(vf_Y):
    """Quadrature of d sigma_r/dr = 2 sigma_Y/r from the wall to the elastic rest."""
    P, inner, edge = 20e6, VF ** (1 / 3), vf_Y ** (1 / 3)
    p = P + splitting.yielded_excess(VF, vf_Y, SIGMA_Y)
    at_edge = p - quad(lambda r: 2.0 * SIGMA_Y / r, inner, edge)[0]
    tension = elastic_shell(at_edge, P, edge, 1.0)
    assert_allclose(splitting.yielded_tension(vf_Y, SIGMA_Y) - P, tension, rtol=1e-10)
    assert_allclose(tension + at_edge, SIGMA_Y, rtol=1e-10)


def test_a_chain_of_weibull_pieces_is_one_of_its_weakest_link():
    alone = splitting.weibull_share(np.array([-5e6, 0.0, 80e6, 145e6]), 145e6, 5.0)
    assert_allclose(alone[-1], 1.0 - np.exp(-1.0), rtol=1e-14)
    assert (alone[:2] == 0.0).all()
    chain = splitting.weibull_share(80e6, 145e6 * 20.0 ** (-1 / 5.0), 5.0)
    assert_allclose(chain, 1.0 - (1.0 - alone[2]) ** 20, rtol=1e-12)


def intensity(p, P, r_c):
    """Sneddon's integral over what opens and closes a penny crack, by quadrature."""

    def weighed(r):
        return r / np.sqrt(r_c + r)

    # the weight takes the root at r_c: (r_c - r)^(-1/2)
    closing = quad(weighed, 0.0, r_c, weight="alg", wvar=(0.0, -0.5))[0]
    opening = quad(lambda r: r / np.sqrt(r_c * r_c - r * r), 0.0, RADIUS)[0]
    return 2.0 / np.sqrt(np.pi * r_c) * (p * opening - P * closing)


@pytest.mark.parametrize("P", [0.0, 5e6, 70e6])
def test_a_wedged_crack_rests_where_its_intensity_is_the_toughness(P):
    p = 400e6

    def change(r_c):
        f = splitting.wedged_threshold(p, P, TOUGHNESS, r_c)
        return splitting.wedged_reach(f) * RADIUS - r_c

    r_c = brentq(change, 1.001 * RADIUS, 10.0 * RADIUS, xtol=1e-18, rtol=1e-13)
    assert_allclose(intensity(p, P, r_c), TOUGHNESS, rtol=1e-8)


def test_pressure_from_outside_holds_cracks_back():
    f = splitting.wedged_threshold(300e6, np.array([5e6, 70e6, 150e6, 400e6]), TOUGHNESS, 2e-6)
    reach = splitting.wedged_reach(f)
    assert (np.diff(reach) < 0.0).all()
    assert reach[-1] == 1.0


def test_cracks_resist_like_flat_spheroids_that_do_not_conduct():
    """A dilute spheroid takes its volume over 1 - L off the conductivity along its axis."""
    c, b = 1.0, 1e-5  # half axes; L of an oblate spheroid is close to 1
    e = np.sqrt((c / b) ** 2 - 1.0)
    L = (1.0 + e**2) / e**3 * (e - np.arctan(e))
    volume = 4.0 / 3.0 * np.pi * c * c * b
    sphere = 4.0 / 3.0 * np.pi * RADIUS**3
    reach = c / RADIUS
    vf = 1e-3 / reach**3  # of the spheres; one in sphere/vf
    by_spheroids = volume / (1.0 - L) / (sphere / vf)
    assert_allclose(splitting.cracks_resistivity(vf, reach), by_spheroids, rtol=1e-4)
    assert splitting.cracks_resistivity(0.3, 1.0) == 0.0
