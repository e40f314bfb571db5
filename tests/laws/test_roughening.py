"""The modulus criterion of Monroe and Newman, beside an elastic solution of its own."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from lithomech.laws.roughening import crest_stress


def half_space(G, nu, upward, u, w):
    """Pressure, stress across and shear at the wavy face of a half space, k = 1.

    Solved anew: displacements ((u + b y) e^-|y| sin x, (w + d y) e^-|y| cos x) in equilibrium,
    b and d by finite differences of Navier's equations away from the face.
    """
    s, lam = (1.0 if upward else -1.0), 2.0 * G * nu / (1.0 - 2.0 * nu)

    def stresses(b, d, y):
        e = np.exp(-s * y)
        ux, uy = (u + b * y) * e, (w + d * y) * e
        ux_y, uy_y = b * e - s * ux, d * e - s * uy
        swell = ux + uy_y  # per cos x
        return (
            lam * swell + 2.0 * G * ux,
            lam * swell + 2.0 * G * uy_y,
            G * (ux_y - uy),  # per sin x
            lam * swell,
        )

    def unbalanced(b, d):
        y, h = 0.3 * s, 1e-4
        across = (stresses(b, d, y + h)[2] - stresses(b, d, y - h)[2]) / (2.0 * h)
        along = (stresses(b, d, y + h)[1] - stresses(b, d, y - h)[1]) / (2.0 * h)
        xx, _, xy, _ = stresses(b, d, y)
        return np.array([across - xx, along + xy])

    rest = unbalanced(0.0, 0.0)
    matrix = np.column_stack([unbalanced(1.0, 0.0) - rest, unbalanced(0.0, 1.0) - rest])
    b, d = np.linalg.solve(matrix, -rest)
    xx, yy, xy, zz = stresses(b, d, 0.0)
    return -(xx + yy + zz) / 3.0, yy, xy


def bonded(G_s, nu_s, nu_m, v):
    """The bracket of the law for G_metal = 1, with shear in balance along the interface."""

    def shear(u):
        return half_space(G_s, nu_s, True, u, 1.0)[2] - half_space(1.0, nu_m, False, u, 1.0)[2]

    u = brentq(shear, -20.0, 20.0, xtol=1e-13)
    p_s, s_s, _ = half_space(G_s, nu_s, True, u, 1.0)
    p_m, s_m, _ = half_space(1.0, nu_m, False, u, 1.0)
    return (1.0 - v) * (p_m + p_s) - (1.0 + v) * ((s_m + p_m) - (s_s + p_s))


@pytest.mark.parametrize(
    ("G_s", "nu_s", "nu_m", "v"),
    [
        (0.2, 0.3, 0.42, 0.0),
        (2.0, 0.33, 0.36, 0.1),
        (5.0, 0.45, 0.42, 2.0),
        (1.0, 0.1, 0.3, 0.7),
    ],
)
def test_stress_is_that_of_two_half_spaces(G_s, nu_s, nu_m, v):
    assert_allclose(
        crest_stress(G_s, 1.0, nu_s, nu_m, v), bonded(G_s, nu_s, nu_m, v), rtol=1e-6
    )


@pytest.mark.parametrize("nu_metal", [0.36, 0.42])
def test_the_modulus_that_is_needed_is_about_twice_that_of_lithium(nu_metal):
    # MonroeNewman2005: about 2 for a separator with the Poisson's ratio 0.33 of poly(ethylene
    # oxide); the ion takes no room
    ratio = brentq(lambda G: crest_stress(G, 1.0, 0.33, nu_metal, 0.0), 0.1, 10.0)
    assert_allclose(ratio, 2.0, rtol=0.1)


def test_a_soft_separator_lets_crests_grow_and_a_stiff_one_does_not():
    assert (
        crest_stress(1e-3, 1.0, 0.33, 0.42, 0.0)
        < 0.0
        < crest_stress(10.0, 1.0, 0.33, 0.42, 0.0)
    )


def test_where_ions_take_more_room_than_atoms_it_is_the_reverse():
    # AhmadViswanathan2017: two stable regions, stiff with small ions and soft with large ones
    assert (
        crest_stress(1e-3, 1.0, 0.33, 0.42, 2.0)
        > 0.0
        > crest_stress(10.0, 1.0, 0.33, 0.42, 2.0)
    )
