"""Rate tests whose transition current is known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from data import make
from lithomech.errors import InputError
from lithomech.observe.rate import rate, rate_of
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

KNEE, CAPACITY = 4e-3, 7.2


@pytest.mark.parametrize("seed", range(5))
def test_transition_current_comes_back(seed):
    """1 % of noise in the times: the knee within 3 %, slopes within three deviations."""
    found = rate_of(*measured.rate_test(seed=seed))
    assert_allclose(found.transition, KNEE, rtol=0.03)
    assert_allclose(found.capacity, CAPACITY, rtol=0.01)
    for (slope, error), truth in zip(found.slopes, (-1.0, -2.0), strict=True):
        assert abs(slope - truth) < max(0.02, 4.0 * error)
    assert not found.warnings


def test_slow_tests_have_no_transition():
    found = rate_of(*measured.rate_test(currents=np.geomspace(1e-4, 2e-3, 6)))
    assert np.isnan(found.transition)
    assert "no current is high enough" in found.reason
    assert_allclose(found.slopes[0][0], -1.0, atol=0.02)


def test_discharges_are_found_in_a_series():
    found = rate(TimeSeries({k: np.array(v) for k, v in make.discharges().items()}))
    currents, times = measured.rate_test()
    assert_allclose(found.current, currents, rtol=1e-9)
    assert_allclose(found.time, times, rtol=1e-6)


def test_input_that_cannot_be():
    with pytest.raises(InputError, match="2 discharges"):
        rate_of(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    with pytest.raises(InputError, match="not above nil"):
        rate_of(np.array([1.0, 2.0, 3.0, 0.0]), np.ones(4))
