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


@pytest.mark.parametrize("nu", [-0.3, 0.0, 0.25, 0.37, 0.49])
def test_every_pair_of_constants_gives_the_same_material(nu):
    # Lame: E = mu (3 lambda + 2 mu)/(lambda + mu), nu = lambda/(2 (lambda + mu))
    mu = 8.1e9
    lame = 2 * mu * nu / (1 - 2 * nu)
    E, K = mu * (3 * lame + 2 * mu) / (lame + mu), lame + 2 / 3 * mu
    assert_allclose(elasticity.young_from_shear(mu, nu), E, rtol=1e-14)
    assert_allclose(elasticity.young_from_bulk(K, nu), E, rtol=1e-13)
    assert_allclose(elasticity.young_from_bulk_shear(K, mu), E, rtol=1e-14)
    # a ratio near zero is a difference: absolute error of rounding
    assert_allclose(elasticity.poisson_from_shear(E, mu), nu, rtol=0, atol=1e-14)
    assert_allclose(elasticity.poisson_from_bulk(E, K), nu, rtol=0, atol=1e-14)
    assert_allclose(elasticity.poisson_from_bulk_shear(K, mu), nu, rtol=0, atol=1e-14)
    assert_allclose(elasticity.bulk_from_young_shear(E, mu), K, rtol=1e-12)


def test_limits_of_poissons_ratio():
    # cork: no bulk stiffness beyond nu = 0; rubber: no volume change
    assert elasticity.poisson_from_bulk_shear(2.0, 3.0) == 0.0
    assert_allclose(elasticity.poisson_from_bulk_shear(1e30, 3.0), 0.5, rtol=1e-14)
    assert elasticity.young_from_bulk(1.0, 0.5) == 0.0


@pytest.mark.parametrize(
    ("G", "K", "printed"),
    [(8.1, 28.7, 0.28), (59.6, 102.8, 0.58)],  # Li6PS5Cl (Singh 2022), LLZO: about brittle
)
def test_pugh_ratio_of_two_electrolytes(G, K, printed):
    assert abs(elasticity.pugh_ratio(G, K) - printed) < 0.005


def test_pughs_limit_is_a_poisson_ratio_of_about_a_quarter():
    # G/K = 3 (1 - 2 nu)/(2 (1 + nu)): 0.57 = 1/1.75 is nu = 0.26
    nu = 0.26
    G, K = elasticity.shear_modulus(1.0, nu), elasticity.bulk_modulus(1.0, nu)
    assert abs(elasticity.pugh_ratio(G, K) - 0.57) < 0.005
