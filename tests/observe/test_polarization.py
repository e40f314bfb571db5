"""Held voltages on a known resistance, and the printed numbers of Table 3."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.observe.polarization import Sample, implied_solid_fraction, polarization
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

SAMPLE = Sample(1e-4, 1e-4, 100.0, 0.2, 0.5, (0.02, 0.05, 0.03))


def held(*args, **kwargs):
    t, u, i = measured.polarisation(*args, **kwargs)
    return TimeSeries({"Test Time / s": t, "Voltage / V": u, "Current / A": i})


def test_resistance_and_all_that_follows():
    """500 ohm of which 100 are separators: 1e-4/(1e-4 400) S/m; tau2 = 0.2 0.5/that = 40."""
    found = polarization(held(500.0), SAMPLE)
    assert found.status == "completed"
    assert_allclose(found.resistance, 500.0, rtol=0.005)
    assert_allclose(found.conductivity[0], 2.5e-3, rtol=0.006)
    tau2, error = found.tortuosity_factor
    assert_allclose(tau2, 40.0, rtol=0.006)
    # thickness, bulk value and share add up in squares
    assert_allclose(error / tau2, np.sqrt(0.02**2 + 0.05**2 + 0.03**2), rtol=0.02)


def test_an_offset_of_the_instrument_does_not_count():
    series = held(500.0)
    shifted = {**series.columns, "Voltage / V": series.voltage + 3e-3}
    found = polarization(TimeSeries(shifted), SAMPLE)
    assert_allclose(found.resistance, 500.0, rtol=0.005)
    assert_allclose(found.offset, 3e-3, rtol=0.05)


def test_currents_that_still_fall_are_no_answer():
    found = polarization(held(500.0, tail=7200.0), SAMPLE)
    assert found.status == "not converged"
    assert found.conductivity[0] > 2.5e-3  # as it says: too high


def test_holds_that_are_not_steady_are_left_out():
    slow, fast = held(500.0, voltages=(0.02,), tail=7200.0), held(500.0, voltages=(0.04, 0.06))
    columns = {
        name: np.concatenate([v, fast.columns[name] + (v[-1] if "Time" in name else 0.0)])
        for name, v in slow.columns.items()
    }
    found = polarization(TimeSeries(columns), SAMPLE)
    assert [hold.steady for hold in found.holds] == [False, True, True]
    assert_allclose(found.resistance, 500.0, rtol=0.01)
    assert any("1 of 3 holds" in w for w in found.warnings)


def test_more_in_series_than_was_measured_is_infeasible():
    found = polarization(held(500.0), SAMPLE._replace(separators=600.0))
    assert found.status == "infeasible"
    assert np.isnan(found.conductivity[0])


def test_solid_fractions_that_table_3_implies():
    """Ions and electrons of one composite give the same solid fraction (review, Table 3).

    Bulk values and shares of the solids as in the review; 85:15 gives 0.65 to 0.66, which the
    four digits of tau2 and the two of sigma allow to differ by 4 %.
    """
    tau2 = np.array([14.4, 14.32, 14.39])
    sigma = np.array([0.27, 0.27, 0.27]) * 1e-2
    one = implied_solid_fraction(tau2, sigma, 0.18, 0.33)
    assert_allclose(one, one[0], rtol=0.04)


def test_input_that_cannot_be():
    with pytest.raises(InputError, match="above nil"):
        polarization(held(500.0), SAMPLE._replace(area=0.0))
    t = np.arange(5.0)
    with pytest.raises(InputError, match="no voltage was held"):
        polarization(
            TimeSeries({"Test Time / s": t, "Voltage / V": t, "Current / A": t}), SAMPLE
        )
