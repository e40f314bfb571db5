"""Cracking of particles."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.laws import fracture


def test_no_overload_no_damage_and_no_damage_without_cycling():
    assert fracture.damage_rate(20.0, 0.0, 1.5, 1e-4) == 0.0
    assert fracture.damage_rate(20.0, 0.5, 1.5, 0.0) == 0.0


def test_damage_counts_change_of_stoichiometry_not_time():
    fast = fracture.damage_rate(20.0, 0.5, 2.0, 1e-3) * 100.0
    slow = fracture.damage_rate(20.0, 0.5, 2.0, 1e-5) * 10000.0
    assert_allclose(fast, slow, rtol=1e-14)
    assert_allclose(fast, 20.0 * 0.25 * 0.1, rtol=1e-14)


def test_crack_area_closes_on_discharge_but_for_the_wedged_part():
    # NCA88 in the review: 3.69 % charged, 0.90 % discharged; its volume shrinks by 5.75 %
    k_open = (0.0369 - 0.0090) / 0.0575
    charged = fracture.crack_area_fraction(1.0, 0.0090, k_open, 0.0575, 0.0)
    discharged = fracture.crack_area_fraction(1.0, 0.0090, k_open, 0.0, 0.0)
    assert_allclose((charged, discharged), (0.0369, 0.0090), rtol=1e-13)


def test_whole_particles_do_not_wedge_open():
    assert fracture.residual_opening_rate(1e-3, 0.0, 1e-4) == 0.0
    assert_allclose(fracture.residual_opening_rate(1e-3, 0.5, 1e-4), 5e-8, rtol=1e-14)


def test_cracks_slow_diffusion_in_a_solid_electrolyte():
    factor = fracture.damaged_diffusivity_factor(np.array([0.0, 0.5, 1.0]), 0.5)
    assert_allclose(factor, [1.0, 0.75, 0.5], rtol=1e-14)


def test_a_low_angle_boundary_lies_between_a_crystal_and_any_boundary():
    """Read and Shockley: t (1 - ln t), which is 2/e at t = 1/e and flat at its end."""
    found = fracture.misoriented_energy(3.0, 1.0, np.array([0.0, np.exp(-1.0), 1.0]))
    assert_allclose(found, [3.0, 3.0 - 2.0 * 2.0 / np.e, 1.0], rtol=1e-9)
    t = np.linspace(0.0, 1.0, 200)
    assert np.all(np.diff(fracture.misoriented_energy(3.0, 1.0, t)) < 0.0)
    assert_allclose(fracture.misoriented_energy(3.0, 1.0, 0.999), 1.0, atol=2e-6)


def test_tension_at_the_rim_is_that_of_point_loads_over_the_area():
    # Boussinesq: a point load F leaves (1 - 2 nu) F/(2 pi s^2) of radial tension at the surface
    # and as much hoop compression; summed over a disc of radius 1 under unit pressure, from r
    nu, r = 0.3, 1.5
    rho, w_rho = np.polynomial.legendre.leggauss(80)
    rho, w_rho = 0.5 * (rho + 1.0), 0.5 * w_rho
    phi = 2.0 * np.pi * (np.arange(400) + 0.5) / 400
    x = r - rho[:, None] * np.cos(phi)
    y = rho[:, None] * np.sin(phi)
    s2 = x**2 + y**2
    radial = (1.0 - 2.0 * nu) / (2.0 * np.pi * s2) * (x**2 - y**2) / s2
    summed = np.sum(radial * (w_rho * rho)[:, None]) * (2.0 * np.pi / 400)
    assert_allclose(summed * r**2, fracture.rim_share(nu), rtol=1e-10)
