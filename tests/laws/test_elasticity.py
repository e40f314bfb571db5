"""Isotropic elasticity against handbook identities."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import elasticity


@pytest.mark.parametrize(
    ("E", "nu", "G", "K"), [(22.1, 0.37, 8.07, 28.33), (46.92, 0.265, 18.55, 33.28)]
)
def test_moduli_of_two_electrolytes(E, nu, G, K):
    # Li6PS5Cl and Li3ScCl6 of the review's Table 1, checked by hand to four digits
    assert abs(elasticity.shear_modulus(E, nu) - G) < 0.005
    assert abs(elasticity.bulk_modulus(E, nu) - K) < 0.005


def test_a_clamped_layer_has_the_modulus_of_hookes_law():
    E, nu = 22.1e9, 0.37
    K, G = elasticity.bulk_modulus(E, nu), elasticity.shear_modulus(E, nu)
    clamped = E * (1 - nu) / ((1 + nu) * (1 - 2 * nu))
    assert_allclose(elasticity.uniaxial_modulus(K, G), clamped, rtol=1e-14)


def test_contact_modulus_of_equal_bodies_and_against_a_rigid_one():
    E, nu = 199e9, 0.25
    equal = elasticity.contact_modulus(E, nu, E, nu)
    assert_allclose(equal, E / (2 * (1 - nu**2)), rtol=1e-14)
    rigid = elasticity.contact_modulus(E, nu, 1e30, nu)
    assert_allclose(rigid, E / (1 - nu**2), rtol=1e-12)


def test_two_equal_springs_in_series_are_half_as_stiff():
    assert_allclose(elasticity.series_stiffness(0.4e12, 0.4e12), 0.2e12, rtol=1e-15)
    assert_allclose(elasticity.series_stiffness(0.4e12, 1e30), 0.4e12, rtol=1e-12)


def test_any_two_moduli_give_the_other_two():
    """Around the circle: from E and nu to G and K and back by every pair."""
    E, nu = np.array([22.1e9, 175e9, 7.82e9]), np.array([0.37, 0.27, 0.381])
    G, K = elasticity.shear_modulus(E, nu), elasticity.bulk_modulus(E, nu)
    for back in (
        elasticity.modulus_from_shear(G, nu),
        elasticity.modulus_from_bulk(K, nu),
        elasticity.modulus_from_bulk_and_shear(K, G),
    ):
        assert_allclose(back, E, rtol=1e-14)
    assert_allclose(elasticity.poisson_from_shear(E, G), nu, rtol=1e-14)
    assert_allclose(elasticity.poisson_from_bulk(E, K), nu, rtol=1e-14)


def test_limits_of_poisson_and_pugh():
    """nu = 0: E = 2 G = 3 K. nu = 1/2: E = 3 G, and G/K falls to nothing."""
    assert elasticity.modulus_from_shear(1.0, 0.0) == 2.0
    assert elasticity.modulus_from_bulk(1.0, 0.5) == 0.0
    assert_allclose(elasticity.pugh_ratio(1.0, 2.0 / 3.0), 1.5, rtol=1e-14)  # nu = 0
    assert_allclose(elasticity.pugh_ratio(8.1, 28.7), 0.282, rtol=2e-3)  # Singh2022: 0.28
