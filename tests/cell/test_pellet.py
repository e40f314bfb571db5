"""What surrounds a particle is the pellet: softer than its pores make it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.mechanisms.reaction import decomposition_of
from lithomech.cell.resolve.composite import PELLET_POROSITY, porous_moduli
from lithomech.materials.load import load_material

DENSE, POISSON, PELLET = 22.1e9, 0.37, 4.7e9  # Pa; of Li6PS5Cl in the library
R = 8.31446261815324


def youngs(moduli):
    K, G = moduli
    return 9.0 * K * G / (3.0 * K + G)


def test_the_pellet_has_the_modulus_that_was_measured():
    assert_allclose(youngs(porous_moduli(load_material("li6ps5cl"), PELLET_POROSITY)), PELLET)


def test_pores_soften_it_as_they_soften_the_dense_solid():
    """Both moduli in one proportion: their ratio, and that over porosity, stay."""
    pellet = load_material("li6ps5cl")
    dense = load_material("li6ps5cl", {"li6ps5cl": {"pellet_modulus": "22.1 GPa"}})
    shares = [
        np.array(porous_moduli(pellet, pores)) / porous_moduli(dense, pores)
        for pores in (0.0, 0.1, 0.3)
    ]
    assert_allclose(shares, np.full((3, 2), shares[0][0]), rtol=1e-12)


@pytest.mark.parametrize("modulus", ["22.1 GPa", "100 GPa"])
def test_it_is_never_stiffer_than_the_dense_solid(modulus):
    material = load_material("li6ps5cl", {"li6ps5cl": {"pellet_modulus": modulus}})
    K, G = porous_moduli(material, 0.0)
    assert_allclose([K, G], [DENSE / (3 - 6 * POISSON), DENSE / (2 + 2 * POISSON)], rtol=1e-12)


def test_films_follow_arrhenius():
    """34 kJ/mol for lithium, 48 for the electrons that the film grows by."""
    cold, warm = (
        decomposition_of(load_material("li6ps5cl"), "oxidation", T) for T in (283.15, 323.15)
    )
    step = (1.0 / 283.15 - 1.0 / 323.15) / R
    assert_allclose(cold.ionic / warm.ionic, np.exp(33.8e3 * step), rtol=1e-12)
    assert_allclose(cold.growth / warm.growth, np.exp(48.2e3 * step), rtol=1e-12)
