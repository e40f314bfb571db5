"""Gains over a stretch against integrals of polynomials."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.numerics.slopes import Slope, gain


@pytest.mark.parametrize("degree", [0, 1, 2])
def test_a_polynomial_through_its_slopes_is_exact(degree):
    slopes = [Slope(at, np.array([at**degree, 1.0])) for at in (1.0, 3.5, 11.0)[: degree + 1]]
    exact = (20.0 ** (degree + 1) - 12.0 ** (degree + 1)) / (degree + 1)
    assert_allclose(gain(slopes, 12.0, 20.0), [exact, 8.0], rtol=1e-13)
