"""Isotropic elasticity against handbook identities."""

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
