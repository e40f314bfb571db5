"""State of charge read from extrema of the pressure's slope, on signals made here."""

import numpy as np
import pytest

from lithomech.errors import InputError
from lithomech.observe.differential import Signal, slope
from lithomech.observe.state_of_charge import milestones, state_of_charge

FULL = 7200.0  # C
MINIMUM, MAXIMUM = 0.6, 0.25  # of the charge


def signal(shift=0.0, noise=0.0, is_charge=True, seed=0):
    """Pressure whose slope is a cosine with its extrema at MAXIMUM and MINIMUM."""
    s = np.linspace(0.0, 1.0, 400)
    x = s - shift if is_charge else 1.0 - s - shift
    steep = 1.0 + 0.6 * np.cos(np.pi * (x - MAXIMUM) / (MINIMUM - MAXIMUM))
    steep = steep if is_charge else -steep
    pressure = 4e5 * np.concatenate([[0.0], np.cumsum(0.5 * (steep[1:] + steep[:-1]))]) / 399.0
    rng = np.random.default_rng(seed)
    if noise:
        pressure = 7.4e3 * np.round((pressure + noise * rng.standard_normal(400)) / 7.4e3)
    return Signal(is_charge, 2, FULL * s, pressure - pressure[0])


@pytest.mark.parametrize("is_charge", [True, False])
def test_milestones_stand_where_the_slope_turns(is_charge):
    known = milestones(slope(signal(is_charge=is_charge)))
    places = sorted(mark.state_of_charge for mark in known)
    np.testing.assert_allclose(places, [MAXIMUM, MINIMUM], atol=3e-3)


@pytest.mark.parametrize("is_charge", [True, False])
def test_a_noisy_signal_gives_the_state_of_charge_back(is_charge):
    """5 kPa of noise, steps of 7.4 kPa: within 5 % in 90 of 100 readings."""
    known = milestones(slope(signal(is_charge=is_charge)))
    errors = []
    for seed in range(25):
        for reading in state_of_charge(slope(signal(0.0, 5e3, is_charge, seed)), known):
            done = reading.place / FULL
            true = done if is_charge else 1.0 - done
            errors.append(abs(true - reading.state_of_charge))
            assert reading.low <= reading.place <= reading.high
    assert len(errors) >= 48
    assert np.percentile(errors, 90) < 0.05


def test_a_shifted_cell_is_read_where_its_extrema_come():
    """What moved is the place; the state of charge that it tells stays."""
    known = milestones(slope(signal()))
    moved = state_of_charge(slope(signal(shift=0.1)), known)
    reported = sorted((r.state_of_charge, r.place / FULL) for r in moved)
    np.testing.assert_allclose([t for t, _ in reported], [MAXIMUM, MINIMUM], atol=3e-3)
    np.testing.assert_allclose([p for _, p in reported], [0.35, 0.7], atol=3e-3)


def test_a_straight_line_has_no_milestone():
    s = np.linspace(0.0, 1.0, 100)
    with pytest.raises(InputError, match="no extremum"):
        milestones(slope(Signal(True, 1, FULL * s, 1e5 * s)))
