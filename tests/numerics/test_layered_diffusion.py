"""Diffusion modes of one and two layers, beside series and a march through time."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.numerics.layered_diffusion import Slab, relaxing_modes

L, D = 40e-6, 1.4e-12
NONE = Slab(0.0, 1.0, 1.0)


def rise(modes, t):
    """Concentrations at both places after a source of unit strength for a time."""
    built = modes.drive / modes.rates * -np.expm1(-modes.rates * t)
    return modes.shapes @ built + modes.instant


def test_one_layer_has_the_rates_of_odd_waves():
    modes = relaxing_modes(Slab(L, 1.0, D), NONE, 8)
    odd = 2.0 * np.arange(8) + 1.0
    assert_allclose(modes.rates, D * (np.pi * odd / L) ** 2, rtol=5e-3)
    assert_allclose(modes.rates[0], D * (np.pi / L) ** 2, rtol=1e-4)


def test_one_layer_is_as_steep_as_its_flux_in_the_end():
    modes = relaxing_modes(Slab(L, 1.0, D), NONE, 8)
    assert_allclose(modes.steady, [0.5 * L / D, -0.5 * L / D], rtol=1e-9)
    assert_allclose(rise(modes, 1e9), modes.steady, rtol=1e-9)


@pytest.mark.parametrize("share", [0.002, 0.01, 0.03])
def test_at_first_a_layer_is_half_infinite(share):
    # Sand: 2 sqrt(t/(pi D)) per flux
    t = share * L * L / D
    modes = relaxing_modes(Slab(L, 1.0, D), NONE, 8)
    assert_allclose(rise(modes, t)[0], 2.0 * np.sqrt(t / (np.pi * D)), rtol=0.03)


def test_the_end_of_two_layers_is_a_line_and_a_parabola():
    L_c, vf, conduction = 35e-6, 0.4, 0.22
    modes = relaxing_modes(Slab(L, 1.0, D), Slab(L_c, vf, conduction * D), 8)
    # drop across the separator, and from its end to the mean of an even sink
    assert_allclose(
        modes.steady[0] - modes.steady[1], L / D + L_c / (3 * conduction * D), rtol=1e-5
    )
    mean_first = modes.steady[0] - 0.5 * L / D
    assert_allclose(L * mean_first + vf * L_c * modes.steady[1], 0.0, atol=1e-6 * L * L / D)


@pytest.mark.parametrize("time", [5.0, 60.0, 600.0])
def test_two_layers_rise_as_a_march_does(time):
    L_c, vf, conduction, n, steps = 35e-6, 0.4, 0.22, 200, 2000
    modes = relaxing_modes(Slab(L, 1.0, D), Slab(L_c, vf, conduction * D), 8)
    width = np.repeat([L / n, L_c / n], n)
    content = width * np.repeat([1.0, vf], n)
    half = 0.5 * width / np.repeat([D, conduction * D], n)
    link = 1.0 / (half[:-1] + half[1:])
    matrix = np.diag(np.append(link, 0.0) + np.append(0.0, link))
    matrix -= np.diag(link, 1) + np.diag(link, -1)
    source = np.append(np.eye(1, n).ravel(), np.full(n, -1.0 / n))
    h, c = time / steps, np.zeros(2 * n)
    implicit = np.linalg.inv(np.diag(content) + 0.5 * h * matrix)  # Crank-Nicolson
    for _ in range(steps):
        c = implicit @ ((np.diag(content) - 0.5 * h * matrix) @ c + h * source)
    marched = [c[0] + half[0], c[n:].mean()]
    # what the fastest modes have not reached yet is small beside where all end
    assert_allclose(rise(modes, time) / modes.steady, marched / modes.steady, atol=0.01)
