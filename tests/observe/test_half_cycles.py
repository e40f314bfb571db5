import numpy as np
from numpy.testing import assert_allclose

from lithomech.observe.half_cycles import block_means, half_cycles
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


def test_averages_of_a_line_are_those_of_the_middles():
    charge = np.linspace(0, 10, 37)
    edges, means = block_means(charge, 5 - 3 * charge, 60)
    assert_allclose(edges, np.arange(61) / 6, rtol=1e-13)
    assert_allclose(means, 5 - 3 * (edges[1:] + edges[:-1]) / 2, rtol=1e-11)


def test_averages_keep_the_integral():
    chance = np.random.default_rng(0)
    charge, values = np.sort(chance.uniform(size=400)), chance.normal(size=400)
    edges, means = block_means(charge, values, 60)
    assert_allclose(np.sum(means * np.diff(edges)), np.trapezoid(values, charge), rtol=1e-10)


def test_noise_is_averaged():
    # Averages over n rows carry noise / sqrt(n).
    noise = np.random.default_rng(0).normal(size=6000)
    _, means = block_means(np.linspace(0, 1, 6000), noise, 60)
    assert_allclose(np.std(means), 1 / np.sqrt(100), rtol=0.3)
