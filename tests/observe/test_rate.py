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
    with pytest.raises(InputError, match="2 discharges at 2 currents"):
        rate_of(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    with pytest.raises(InputError, match="not above nil"):
        rate_of(np.array([1.0, 2.0, 3.0, 0.0]), np.ones(4))


def repeats(currents, exponent=1.1, spread=3e-3, times=3):
    """Discharge times as I^-exponent, each current several times, a little apart."""
    apart = np.linspace(-1.0, 1.0, times)
    current = np.concatenate([i * (1.0 + 1e-5 * apart) for i in currents])
    scatter = 1.0 - spread * np.tile(apart, len(currents))
    return current, 5.0 / current**exponent * scatter


def test_repeats_of_one_current_are_no_transition():
    """Capacity that falls slowly: one slope, -1.1, and no line through three repeats."""
    found = rate_of(*repeats([1e-4, 2e-4, 5e-4, 1e-3, 2e-3]))
    assert np.isnan(found.transition)
    assert np.isnan(found.transition_deviation)
    assert "no current is high enough" in found.reason
    (slope, error), above = found.slopes
    assert_allclose(slope, -1.1, rtol=1e-3)
    assert 0.0 < error < 0.01
    assert np.isnan(above).all()


def test_repeats_beside_a_transition():
    currents, times = measured.rate_test(currents=np.geomspace(5e-4, 3e-2, 8), noise=0.0)
    apart = 1.0 + 5e-3 * np.array([-1.0, 0.0, 1.0])
    found = rate_of(np.repeat(currents, 3), np.concatenate([t * apart for t in times]))
    assert_allclose(found.transition, KNEE, rtol=0.01)
    for (slope, error), truth in zip(found.slopes, (-1.0, -2.0), strict=True):
        assert abs(slope - truth) < 3.0 * error < 0.05


def test_a_collapse_is_not_diffusion():
    current = np.geomspace(1e-4, 1e-2, 9)
    time = 7.2 / current * np.minimum(1.0, (2e-3 / current) ** 6)
    found = rate_of(current, time)
    assert np.isnan(found.transition)
    assert "not -2" in found.reason


def test_no_slope_without_its_error():
    """Two discharges above the knee give a line, but not how good it is."""
    current = np.array([1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 2e-2])
    time = 7.2 / current * np.minimum(1.0, 5e-3 / current)
    found = rate_of(current, time)
    assert np.isnan(found.transition)
    assert "a slope with an error needs 3" in found.reason
    for slope, error in found.slopes:
        assert np.isfinite(slope) == np.isfinite(error)


def test_few_currents_many_times():
    with pytest.raises(InputError, match="9 discharges at 3 currents"):
        rate_of(*repeats([1e-4, 2e-4, 5e-4]))
