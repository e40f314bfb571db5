"""Yield around a swelling particle: Hill's cavity by quadrature, Gurson's numbers."""

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
