"""Density of a pressed powder."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.laws.plasticity import pressing_pressure
from lithomech.materials.densification import LOOSE, relative_density


def test_it_inverts_the_pressing_law_over_its_whole_range():
    porosity = np.array([1e-30, 1e-6, 0.01, 0.1, 0.197, 0.444])
    P = pressing_pressure(porosity, 280e6)
    assert_allclose(1.0 - relative_density(P, 280e6), porosity, rtol=1e-9, atol=1e-15)


def test_shapes_follow_pressure_and_strength():
    P, Y = np.array([[300e6], [370e6]]), np.array([262e6, 280e6, 301e6])
    density = relative_density(P, Y)
    assert density.shape == (2, 3)
    assert relative_density(370e6, 280e6).shape == ()
    assert np.all(np.diff(density, axis=0) > 0.0)  # more pressure, denser
    assert np.all(np.diff(density, axis=1) < 0.0)  # stronger, looser


def test_pressed_argyrodite():
    # strengths 262 and 301 MPa go with 84.9 and 80.3 % at 370 MPa: three printed digits each
    density = relative_density(370e6, [262e6, 301e6])
    assert_allclose(density, [0.849, 0.803], rtol=2e-3)


@pytest.mark.parametrize("P", [0.0, -1e6, 0.65 * 280e6, np.nan, 1e12])
def test_a_pressure_that_presses_nothing_is_refused(P):
    with pytest.raises(InputError, match="outside"):
        relative_density([370e6, P], 280e6)


def test_the_loose_powder_is_the_end_of_the_range():
    P = pressing_pressure(1.0 - LOOSE, 280e6)
    assert_allclose(relative_density(1.0001 * P, 280e6), LOOSE, rtol=1e-3)
    assert relative_density(0.9 * P, 280e6, loose=0.3) < LOOSE
    with pytest.raises(InputError, match="between 0 and 1"):
        relative_density(P, 280e6, loose=1.0)
