"""Yield: Hill's cavity by quadrature, Gurson's surface, bars by their exact solutions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.laws import plasticity

K_M, G_M = 23.4e9, 11.4e9  # the review's reference set
E_M = 9 * K_M * G_M / (3 * K_M + G_M)
NU = (3 * K_M - 2 * G_M) / (6 * K_M + 2 * G_M)


def integrated_shell(zeta, sigma_Y):
    """Wall pressure and wall strain from equilibrium and elastic compression, by quadrature."""
    c = zeta ** (1 / 3)

    def slope(r, state):
        radial, u = state
        hoop = radial + sigma_Y  # yielding shell
        volume = (1 - 2 * NU) / E_M * (radial + 2 * hoop)
        return [2 * sigma_Y / r, volume - 2 * u / r]

    edge = [-2 / 3 * sigma_Y, c * sigma_Y / (6 * G_M)]  # elastic outside
    end = solve_ivp(slope, (c, 1.0), edge, rtol=1e-11, atol=1e-18).y[:, -1]
    return -end[0], end[1]


@pytest.mark.parametrize("zeta", [1.5, 5.0, 30.0])
def test_hills_shell_against_quadrature(zeta):
    pressure, strain = integrated_shell(zeta, 100e6)
    assert_allclose(plasticity.shell_excess_pressure(zeta, 100e6), pressure, rtol=1e-8)
    assert_allclose(plasticity.shell_wall_strain(zeta, 100e6, E_M, NU), strain, rtol=1e-8)


def test_first_yield_joins_the_elastic_shell():
    pressure = plasticity.shell_excess_pressure(1.0, 100e6)
    assert_allclose(pressure, 2 / 3 * 100e6, rtol=1e-14)
    elastic = pressure / (4 * G_M)  # a cavity in an elastic body
    assert_allclose(plasticity.shell_wall_strain(1.0, 100e6, E_M, NU), elastic, rtol=1e-12)
    assert_allclose(plasticity.far_field_strain(1.0, 100e6, G_M), elastic, rtol=1e-12)


def test_wide_yield_passes_on_the_share_of_an_incompressible_zone():
    zeta = 1e9
    passed = plasticity.far_field_strain(zeta, 100e6, G_M)
    wall = plasticity.shell_wall_strain(zeta, 100e6, E_M, NU)
    assert_allclose(passed / wall, (1 + NU) / (3 * (1 - NU)), rtol=1e-6)
    assert abs(passed / wall - 0.61) < 0.005


@pytest.mark.parametrize(
    ("strength", "p", "printed"),
    [(262, 60, 0.06), (262, 120, 0.14), (262, 200, 0.30), (100, 60, 0.20)],
)
def test_gursons_compaction_of_the_review(strength, p, printed):
    assert abs(plasticity.gurson_compaction(0.15, strength, p) - printed) < 0.0051


def test_weak_pores_collapse():
    assert plasticity.gurson_compaction(0.15, 100.0, 120.0) > 1.0


def test_dense_electrolyte_does_not_compact():
    assert plasticity.gurson_compaction(0.0, 262.0, 200.0) == 0.0
    assert plasticity.pore_attenuation(3e-3, 1e-3, 0.0) == 1.0


def test_compaction_weakens_by_the_power_law():
    # E = 3 phi (u_Y/R)(u_R/u_Y)^(1 - b): the factor on 3 phi u_R/R
    u, u_Y, b = 4e-3, 1e-3, 0.3
    passed = u * plasticity.pore_attenuation(u, u_Y, b)
    assert_allclose(passed, u_Y * (u / u_Y) ** 0.7, rtol=1e-14)


@pytest.mark.parametrize("vf", [0.01, 0.1, 0.179, 0.4, 0.8])
def test_pressing_dissipates_the_most(vf):
    """Flow along the axis only: by normality P is the largest axial stress on the surface."""
    s = np.linspace(0.0, np.arccosh((1 + vf**2) / (2 * vf)), 200001)  # where q falls to zero
    q = np.sqrt(np.maximum(0.0, 1 + vf**2 - 2 * vf * np.cosh(s)))
    axial = 2 / 3 * s + 2 / 3 * q
    assert_allclose(plasticity.pressing_pressure(vf, 1.0), axial.max(), rtol=1e-8)


def test_pressing_pressure_of_a_loose_and_of_a_nearly_dense_powder():
    # vf = 1 - d: cosh s = 1 + d^2/4, so P = (2/3) sqrt(2) d; vf -> 0: the logarithm of pores
    assert_allclose(plasticity.pressing_pressure(1 - 1e-4, 1.0), 8**0.5 / 3 * 1e-4, rtol=1e-3)
    vf, root = 1e-9, 2**0.5 - 1
    dense = 2 / 3 * (np.log(2 * root / vf) + root)
    assert_allclose(plasticity.pressing_pressure(vf, 1.0), dense, rtol=1e-8)
    assert plasticity.pressing_pressure(1.0, 1.0) == 0.0


@pytest.mark.parametrize(
    ("density", "strength"),
    [(0.803, 301), (0.849, 262), (0.821, 287)],  # Li6PS5Cl at 370 MPa, physics of the seed
)
def test_strength_of_pressed_argyrodite(density, strength):
    # half a unit of the last digit of the density is 0.5 MPa, that of the strength 0.5 MPa
    found = 370 / plasticity.pressing_pressure(1 - density, 1.0)
    assert abs(found - strength) < 1.0


def test_a_brittle_bar_takes_its_elastic_energy_and_breaks():
    E, strength = 175e9, 350e6
    breaks = strength / E
    eps = np.linspace(0.0, breaks, 101)
    stress = plasticity.brittle_stress(eps, E, strength * (1 + 1e-12))
    assert_allclose(np.trapezoid(stress, eps), strength**2 / (2 * E), rtol=1e-12)
    assert plasticity.brittle_stress(breaks * 1.001, E, strength) == 0.0
    assert plasticity.brittle_stress(-2 * breaks, E, strength) == -2 * strength


@pytest.mark.parametrize("H", [0.0, 0.2e9, 1e30])
def test_a_hardening_bar_is_elastic_strain_and_plastic_strain(H):
    E, sigma_Y = 22.1e9, 280e6
    eps = np.linspace(0.0, 5 * sigma_Y / E, 51)
    stress = plasticity.hardening_stress(eps, E, sigma_Y, H)
    plastic = eps - stress / E
    assert_allclose(stress[:10], E * eps[:10], rtol=1e-14)
    if H < E:  # the yield stress is where the plastic strain has brought it
        assert_allclose(stress[11:], sigma_Y + H * plastic[11:], rtol=1e-12)
    else:  # cannot flow
        assert_allclose(stress, E * eps, rtol=1e-12)


def test_nortons_law_is_the_inverse_of_its_creep_rate():
    rate_1, sigma_1, n = 2e-5, 1e6, 6.56
    stress = plasticity.steady_flow_stress(np.array([2e-5, 2e-5 * 2**n]), rate_1, sigma_1, n)
    assert_allclose(stress, [1e6, 2e6], rtol=1e-14)  # twice the stress, 2^n times the rate
    newton = plasticity.steady_flow_stress(3e-5, 1e-5, 1e6, 1.0)
    assert_allclose(newton, 3e6, rtol=1e-14)


def test_a_maxwell_bar_by_integration():
    """d sigma/d eps = E (1 - sigma/sigma_s): spring and dashpot share the rate."""
    E, sigma_s = 7.82e9, 0.8e6
    eps = np.linspace(0.0, 5 * sigma_s / E, 21)
    integral = solve_ivp(
        lambda _, s: E * (1 - s / sigma_s), (0.0, eps[-1]), [0.0], t_eval=eps, rtol=1e-11
    ).y[0]
    assert_allclose(plasticity.maxwell_stress(eps, E, sigma_s), integral, rtol=1e-7)
    assert_allclose(plasticity.maxwell_stress(1.0, E, sigma_s), sigma_s, rtol=1e-14)
