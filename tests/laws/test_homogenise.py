"""From grains to a layer: exact composites, and the numbers of the independent review."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import homogenise

# the review's reference set: particles, dense electrolyte of Table 1 [GPa]
K_P, G_P, K_M, G_M = 120.0, 72.0, 23.4, 11.4


def layer(vf, K_p=K_P, G_p=G_P):
    bulk = homogenise.mori_tanaka_bulk(K_M, G_M, K_p, vf)
    return bulk, homogenise.mori_tanaka_shear(K_M, G_M, G_p, vf)


@pytest.mark.parametrize(
    ("vf", "printed"), [(0.1, 0.838), (0.2, 0.794), (0.3, 0.754), (0.4, 0.718), (0.5, 0.685)]
)
def test_transmission_of_the_review(vf, printed):
    assert abs(homogenise.transmission(K_P, G_M, *layer(vf)) - printed) < 0.0005


def test_transmission_of_a_single_particle():
    assert abs(homogenise.transmission(K_P, G_M, K_M, G_M) - 0.888) < 0.0005


def test_wall_stiffness_of_the_review():
    K_eff, G_eff = layer(0.39)
    T = homogenise.transmission(K_P, G_M, K_eff, G_eff)
    assert abs(homogenise.wall_stiffness(K_P, K_M, G_eff, T) - 49.7) < 0.05
    alone = homogenise.transmission(K_P, G_M, K_M, G_M)
    single = homogenise.wall_stiffness(K_P, K_M, G_M, alone)
    assert abs(single - 40.5) < 0.05
    assert_allclose(single, 12 * K_P * G_M / (3 * K_P + 4 * G_M), rtol=1e-13)


def test_layer_lies_between_its_phases_and_reaches_both():
    assert_allclose(layer(0.0), (K_M, G_M), rtol=1e-14)
    assert_allclose(layer(1.0), (K_P, G_P), rtol=1e-14)


@pytest.mark.parametrize("vf", [0.1, 0.39, 0.6])
def test_equal_shear_moduli_are_hills_exact_composite(vf):
    K_eff, G_eff = layer(vf, G_p=G_M)
    stiff = 4 / 3 * G_M
    hill = 1 / (vf / (K_P + stiff) + (1 - vf) / (K_M + stiff)) - stiff
    assert_allclose(K_eff, hill, rtol=1e-13)
    assert_allclose(G_eff, G_M, rtol=1e-13)
    # what passes is then exact at any fraction, and so is the wall stiffness
    T = homogenise.transmission(K_P, G_M, K_eff, G_eff)
    assert_allclose(T, 3 * K_P / (3 * K_P + 4 * G_M), rtol=1e-13)
    K_c = homogenise.wall_stiffness(K_P, K_M, G_eff, T)
    assert_allclose(K_c, 12 * K_P * G_M / (3 * K_P + 4 * G_M), rtol=1e-12)


@pytest.mark.parametrize("porosity", [0.05, 0.15, 0.3])
def test_pores_follow_mackenzie(porosity):
    K, G = layer(porosity, K_p=0.0, G_p=0.0)
    solid = 1 - porosity
    assert_allclose(K, 4 * G_M * K_M * solid / (4 * G_M + 3 * K_M * porosity), rtol=1e-13)
    dilute = 5 * (3 * K_M + 4 * G_M) / (9 * K_M + 8 * G_M)  # Mackenzie 1950, first order
    assert_allclose(layer(1e-6, 0.0, 0.0)[1], G_M * (1 - 1e-6 * dilute), rtol=1e-10)
    assert solid * G_M > G


@pytest.mark.parametrize("vf", [0.1, 0.39, 0.6])
def test_transmission_is_also_the_load_of_the_particles(vf):
    """Reciprocity: mean particle pressure per axial stress of the clamped layer."""
    K_eff, G_eff = layer(vf)
    concentration = (K_eff - K_M) / (vf * (K_P - K_M))  # particle over layer volume strain
    pressure, stress = K_P * concentration, K_eff + 4 / 3 * G_eff
    T = homogenise.transmission(K_P, G_M, K_eff, G_eff)
    assert_allclose(T, pressure / stress, rtol=1e-12)


@pytest.mark.parametrize("vf", [0.1, 0.39, 0.6])
def test_wall_stiffness_satisfies_the_two_phase_identity(vf):
    """Misfit at zero load: matrix and particle mean stresses balance (Levin, Rosen-Hashin)."""
    K_eff, G_eff = layer(vf)
    T = homogenise.transmission(K_P, G_M, K_eff, G_eff)
    K_c = homogenise.wall_stiffness(K_P, K_M, G_eff, T)
    # all particles swell by e in each direction; clamped sideways, free to thicken
    e = 1e-3
    E_zz, p = vf * T * 3 * e, K_c * e  # pressure in the particles
    particle = 3 * e - p / K_P  # volume strain of particles
    side = E_zz  # lateral strain is zero: the mean volume strain is E_zz
    matrix = (side - vf * particle) / (1 - vf)
    # lateral stress of the layer: mean over phases, and from clamping E_zz at zero axial load
    mean = (-vf * p + (1 - vf) * K_M * matrix) * 3
    lateral = -2 * G_eff * E_zz  # each of the two in-plane stresses; axial stress is zero
    assert_allclose(mean, 2 * lateral, rtol=1e-10)
    assert np.sign(p) > 0


@pytest.mark.parametrize(
    ("wf", "rho_2", "printed"),
    [
        (0.85, 1.87, 0.688),  # Table 3 of the review: NCM88 of 4.80 g/cm3 and Li6PS5Cl
        (0.70, 1.87, 0.476),
        (0.50, 1.87, 0.280),
        (1 - 0.291, 2.43, 1 - 0.448),  # Li3YCl6
        (1 - 0.407, 2.43, 1 - 0.576),
    ],
)
def test_volume_fractions_of_the_review(wf, rho_2, printed):
    assert abs(homogenise.volume_fraction(wf, 4.80, rho_2) - printed) < 0.0005


def test_volume_fractions_of_both_solids_add_up():
    share = homogenise.volume_fraction(0.3, 4.8, 1.87)
    assert_allclose(share + homogenise.volume_fraction(0.7, 1.87, 4.8), 1.0, rtol=1e-14)
    assert homogenise.volume_fraction(0.3, 2.0, 2.0) == 0.3


def test_electrolyte_diameter():
    # the review's "less than 1.9 um": 4.0 um over 2.1
    assert abs(homogenise.electrolyte_diameter(4.0, 2.1) - 1.905) < 0.0005
