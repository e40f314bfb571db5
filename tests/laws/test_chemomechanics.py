"""Stress and potential."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.laws import chemomechanics


@pytest.mark.parametrize(
    ("volume", "printed", "digit"),
    [(12.97e-6, 0.135, 0.001), (11.81e-6, 0.122, 0.0005)],  # lithium; indium, Koerver 2018
)
def test_potential_falls_under_pressure(volume, printed, digit):
    fall = -chemomechanics.stress_shifted_potential(0.0, -1e6, volume)
    assert abs(1e3 * fall - printed) < digit


def test_tension_raises_the_potential():
    assert chemomechanics.stress_shifted_potential(3.8, 1e8, 3e-6) > 3.8


def test_skin_on_a_large_core_carries_the_biaxial_stress():
    # a thin skin, strained by a third of its volume misfit, stretched in two directions
    E, nu, slope, dx = 199e9, 0.25, 0.1, 0.05
    biaxial = E / (1 - nu) * slope * dx / 3
    stress = chemomechanics.concentration_gradient_stress(E, nu, slope, dx, 1.0)
    assert_allclose(stress, biaxial, rtol=1e-14)


def test_surface_stress_of_a_parabolic_profile_against_quadrature():
    """Free elastic sphere: hoop stress at its surface from Timoshenko's integrals."""
    E, nu, slope = 199e9, 0.25, 0.1
    r = np.linspace(0.0, 1.0, 20001)
    x = 0.5 + 0.03 * r**2
    strain = slope * (x - 0.5) / 3
    integral = np.trapezoid(strain * r**2, r)
    hoop = E / (1 - nu) * (2 * integral + integral - strain[-1])  # r = R = 1
    mean = 3 * np.trapezoid(x * r**2, r)
    law = chemomechanics.concentration_gradient_stress(E, nu, slope, mean - x[-1], 1.0)
    assert_allclose(law, hoop, rtol=1e-6)


def test_a_single_grain_feels_no_neighbours():
    assert chemomechanics.lattice_mismatch_stress(79.6e9, 0.029, 0.0) == 0.0
    stress = chemomechanics.lattice_mismatch_stress(79.6e9, 0.01, 1.0)
    assert_allclose(stress, 796e6, rtol=1e-14)


@pytest.mark.parametrize(
    (
        "n",
        "mass",
        "mAh",
    ),  # literature: LiCoO2, LiFePO4, Li4Ti5O12, LiC6, Li15Si4 per Si, Sn, Li
    [
        (1.0, 97.87, 273.8),
        (1.0, 157.76, 169.9),
        (3.0, 459.1, 175.1),
        (1.0, 72.066, 371.9),
        (3.75, 28.085, 3578.5),
        (4.4, 118.71, 993.4),
        (1.0, 6.94, 3862.0),
    ],
)
def test_capacities_of_reactions(n, mass, mAh):
    assert_allclose(chemomechanics.reaction_capacity(n, mass / 1e3) / 3600.0, mAh, rtol=2e-4)


def test_volume_change_of_a_reaction():
    """Twice the volume is +100 %; 29.09 um on 50 um of lithium, as in the review, 58.2 %."""
    assert chemomechanics.reaction_volume_change(2.0, 1.0) == 1.0
    assert_allclose(chemomechanics.reaction_volume_change(79.09, 50.0), 0.582, rtol=1e-3)
