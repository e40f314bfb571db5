"""Isotropic elasticity against handbook identities."""

from numpy.testing import assert_allclose

from lithomech.laws import elasticity


def test_lithium_has_the_moduli_masias_measured():
    E, nu = 7.82e9, 0.381  # Masias 2019 prints G = 2.83 and K = 11.07 GPa with them
    assert_allclose(elasticity.shear_modulus(E, nu), 2.83e9, rtol=0.005 / 2.83)
    assert_allclose(elasticity.bulk_modulus(E, nu), 11.07e9, rtol=0.4e-2)  # nu to 3 digits


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
