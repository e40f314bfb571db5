"""Pressiometry on signals whose slope is known, with the faults of real sensors."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.observe.differential import Signal, difference, slope
from lithomech.observe.pressiometry import signals_over_charge, signals_over_time
from lithomech.observe.timeseries import TimeSeries

QUANTUM, NOISE = 7.4e3, 5e3  # Pa, of a load cell
CHARGE = 7.2  # C, 2 mAh
ROWS = 3600


def truth(q):
    """A rising pressure with two stages: the slope has a maximum, a minimum, a maximum."""
    return 3e5 * q + 4e4 * np.sin(4.0 * np.pi * q)


def true_slope(q):
    return 3e5 + 4e4 * 4.0 * np.pi * np.cos(4.0 * np.pi * q)


def cell(pressure, current=2e-3):
    """One charge and one discharge of the same pressure at a constant current."""
    q = np.linspace(0.0, 1.0, ROWS)
    time = np.linspace(0.0, 2.0 * CHARGE / current, 2 * ROWS)
    return TimeSeries(
        {
            "Test Time / s": time,
            "Current / A": np.repeat([current, -current], ROWS),
            "Surface Pressure / Pa": 20e6 + np.concatenate([pressure(q), pressure(q[::-1])]),
            "Cycle Count / 1": np.ones(2 * ROWS, dtype=int),
        }
    )


def spoiled(seed):
    """Noise, then the steps of the converter."""
    chance = np.random.default_rng(seed)

    def pressure(q):
        return QUANTUM * np.round((truth(q) + NOISE * chance.normal(size=q.size)) / QUANTUM)

    return cell(pressure)


def test_slope_without_noise():
    """Block averages of 1/60 flatten the wave by (sin z)/z, z = 2 pi/60; ends are natural."""
    charge, discharge = (slope(s) for s in signals_over_charge(cell(truth)))
    inside = slice(4, -4)
    expected = true_slope(charge.along / CHARGE) / CHARGE
    assert_allclose(charge.slope[inside], expected[inside], atol=0.004 * np.ptp(expected))
    back = -true_slope(1.0 - discharge.along / CHARGE) / CHARGE
    assert_allclose(discharge.slope[inside], back[inside], atol=0.004 * np.ptp(expected))


def test_slope_over_time_is_that_over_charge_times_the_current():
    over_charge = slope(signals_over_charge(cell(truth))[0])
    over_time = slope(signals_over_time(cell(truth))[0])
    assert_allclose(over_time.slope, 2e-3 * over_charge.slope, rtol=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_slope_under_noise_and_quantisation(seed):
    """Root mean square error inside, under 5 kPa of noise and steps of 7.4 kPa: span / 10."""
    found = slope(signals_over_charge(spoiled(seed))[0])
    expected = true_slope(found.along / CHARGE) / CHARGE
    inside = slice(4, -4)
    error = np.sqrt(np.mean((found.slope - expected)[inside] ** 2))
    assert error < 0.10 * np.ptp(expected)


def test_the_band_covers_the_truth_about_as_often_as_it_says():
    """68 % by construction; the flattening by the penalty costs some of it."""
    hits = []
    for seed in range(20):
        found = slope(signals_over_charge(spoiled(seed))[0])
        expected = true_slope(found.along / CHARGE) / CHARGE
        low, high = found.band
        hits.append(((low <= expected) & (expected <= high))[4:-4].mean())
    assert 0.45 < np.mean(hits) < 0.85


def test_extrema_are_found_where_they_are():
    """cos(4 pi q) turns at q = 1/4, 1/2, 3/4 inside; its ends are half extrema."""
    for seed in range(200):
        found = slope(signals_over_charge(spoiled(seed))[0]).extrema()
        inner = [e for e in found if 0.1 < e.place / CHARGE < 0.9]
        assert [e.is_minimum for e in inner] == [True, False, True], seed
        assert_allclose([e.place / CHARGE for e in inner], [0.25, 0.5, 0.75], atol=0.05)
        assert all(e.low <= e.place <= e.high for e in inner)


def test_a_straight_line_has_no_extremum():
    assert slope(signals_over_charge(cell(lambda q: 3e5 * q))[0]).extrema() == ()


def test_difference_leaves_what_the_reference_does_not_have():
    def full(q):
        return truth(q) - 1e5 * q**2

    one = signals_over_charge(cell(full))[0]
    other = signals_over_charge(cell(lambda q: -1e5 * q**2))[0]
    left = difference(one, other)
    q = left.along / left.along[-1]
    assert_allclose(left.values, truth(q) - truth(q[0]), atol=1e-3)


def test_difference_of_unequal_lengths_ends_with_the_shorter():
    along = np.linspace(0.0, 2.0, 50)
    one, other = Signal(True, 1, along, along**2), Signal(True, 1, along / 2, along / 2)
    left = difference(one, other)
    assert left.along[-1] <= 1.0
    assert_allclose(left.values, left.along**2 - left.along, atol=1e-9)


def test_what_cannot_be_done_says_why():
    along = np.linspace(0.0, 1.0, 50)
    charge, discharge = Signal(True, 1, along, along), Signal(False, 1, along, along)
    with pytest.raises(InputError, match="a charge and a discharge cannot be subtracted"):
        difference(charge, discharge)
    with pytest.raises(InputError, match="do not overlap"):
        difference(charge, Signal(True, 1, along / 1e3, along))
    with pytest.raises(InputError, match="a slope needs 8 rows"):
        slope(Signal(True, 1, along[:5], along[:5]))
