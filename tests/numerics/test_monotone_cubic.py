import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.interpolate import PchipInterpolator

from lithomech.numerics.monotone_cubic import evaluate, pchip

random = np.random.default_rng(3)
SHAPES = {
    "two points": ([0.0, 2.0], [1.0, 5.0]),
    "straight": ([0.0, 1.0, 4.0], [0.0, 2.0, 8.0]),
    "an extremum": ([0.0, 1.0, 2.0, 3.0], [0.0, 3.0, 1.0, 1.0]),
    "steep at an end": ([0.0, 0.1, 2.0, 3.0], [0.0, 3.0, 3.1, -40.0]),
    "a plateau": ([0.0, 1.0, 2.0, 3.0, 4.0], [4.0, 4.0, 4.0, 2.0, 2.0]),
    "anything": (np.cumsum(random.uniform(0.01, 1.0, 80)), random.normal(size=80)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_the_interpolant_of_scipy(name):
    x, y = (np.array(values) for values in SHAPES[name])
    at = np.linspace(x[0], x[-1], 1001)
    scale = np.ptp(y)
    expected = PchipInterpolator(x, y)
    assert_allclose(evaluate(x, pchip(x, y), at), expected(at), rtol=0, atol=1e-13 * scale)
    assert_allclose(pchip(x, y), expected.c[::-1].T, rtol=1e-9, atol=1e-9 * scale)


def test_monotone_data_stay_monotone():
    x = np.cumsum(random.uniform(0.001, 1.0, 50))
    y = np.cumsum(random.uniform(0.0, 1.0, 50) ** 8)
    values = evaluate(x, pchip(x, y), np.linspace(x[0], x[-1], 20001))
    assert np.all(np.diff(values) >= -1e-14)
