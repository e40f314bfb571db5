import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.observe.half_cycles import block_slope, half_cycles
from lithomech.observe.timeseries import TimeSeries


def series(pieces):
    """Rows from pieces (duration, current, cycle), ten rows each."""
    start, columns = 0.0, []
    for duration, current, cycle in pieces:
        columns.append((start + np.linspace(0, duration, 10), [current] * 10, [cycle] * 10))
        start += duration
    time, current, cycle = (np.concatenate(c) for c in zip(*columns, strict=True))
    return TimeSeries({"Test Time / s": time, "Current / A": current, "Cycle Count / 1": cycle})


def test_charge_and_discharge_are_found_and_rests_left_out():
    made = series([(100, 2.0, 1), (50, 0.0, 1), (90, -2.0, 1), (50, 0.0, 1), (100, 2.0, 2)])
    found = half_cycles(made)
    assert [(h.is_charge, h.cycle) for h in found] == [(True, 1), (False, 1), (True, 2)]
    assert_allclose(found[0].charge[[0, -1]], [0.0, 200.0], rtol=1e-14)
    assert_allclose(found[1].charge[[0, -1]], [200.0, 20.0], rtol=1e-13)
    assert_allclose(found[2].charge[[0, -1]], [0.0, 200.0], rtol=1e-13)  # counted per cycle


def test_pulses_are_one_charge():
    pulses = [(10, 1.0, 1), (60, 0.0, 1)] * 5
    (charge,) = half_cycles(series(pulses))
    assert charge.rows.size == 50
    assert_allclose(charge.charge[-1], 50.0, rtol=1e-14)


def test_a_new_cycle_ends_a_charge():
    assert len(half_cycles(series([(10, 1.0, 1), (10, 1.0, 2)]))) == 2


def test_a_rest_has_none():
    assert half_cycles(series([(10, 0.0, 1)])) == ()


@pytest.mark.parametrize("direction", [1, -1])
def test_slope_of_a_line_is_exact(direction):
    charge = np.linspace(0, 10, 37)[::direction]
    edges, slope = block_slope(charge, 5 - 3 * charge)
    assert edges.shape == slope.shape == (59,)
    assert_allclose(slope, -3.0, rtol=1e-11)
    assert_allclose(np.sort(edges), np.arange(1, 60) / 6, rtol=1e-13)


@pytest.mark.parametrize("rows", [401, 4001])
def test_slope_of_a_parabola_is_that_of_the_block_boundary(rows):
    # Differences of block averages are exact for x^2 at the boundary between the blocks.
    charge = np.linspace(-1, 3, rows)
    edges, slope = block_slope(charge, charge**2)
    assert_allclose(slope, 2 * edges, rtol=2e-2 * (401 / rows) ** 2, atol=2e-3 * 401 / rows)


def test_noise_is_averaged():
    # Averages over n rows carry noise / sqrt(n); their difference over a block width of 1/60.
    noise = np.random.default_rng(0).normal(size=6000)
    charge = np.linspace(0, 1, 6000)
    slope = block_slope(charge, noise)[1]
    expected = np.sqrt(2 / 100) * 60
    assert_allclose(np.std(slope), expected, rtol=0.3)
    assert np.std(slope) < np.std(np.gradient(noise, charge)) / 100


def test_charge_that_stands_still_does_no_harm():
    charge = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    assert np.all(np.isfinite(block_slope(charge, np.arange(6.0))[1]))
