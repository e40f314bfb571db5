"""A measurement made of a simulation, with known differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.observe.overlay import overlay
from lithomech.observe.timeseries import TimeSeries
from oracles import measured


def series(test, **changes):
    columns = {
        "Test Time / s": test.time,
        "Voltage / V": test.voltage,
        "Current / A": test.current,
        "Surface Pressure / Pa": test.pressure,
        "Cycle Count / 1": test.cycle,
    }
    return TimeSeries({**columns, **changes})


def test_differences_are_those_that_were_put_in():
    """10 mV more everywhere; a pressure signal of half the size; other rows, another start."""
    test = measured.pressure_test(rows=500, cycles=2)
    other = measured.pressure_test(rows=333, cycles=2, start=9e6)
    shifted = series(
        other,
        **{
            "Voltage / V": other.voltage + 0.01,
            "Surface Pressure / Pa": 9e6 + 0.5 * (other.pressure - 9e6),
        },
    )
    found = overlay(series(test), shifted)
    assert len(found.pairs) == 4
    for pair in found.pairs:
        assert_allclose(pair.capacity, measured.CAPACITY, rtol=1e-9)
        assert_allclose(pair.voltage, 0.01, rtol=0.05)
        assert_allclose(pair.pressure_change[1], 0.5 * pair.pressure_change[0], rtol=1e-6)
    s = np.linspace(0.0, 1.0, 2001)
    half = 0.5 * np.sqrt(np.mean(measured.pressure_at(s) ** 2))
    assert_allclose(found.pairs[0].pressure, half, rtol=0.01)
    assert not found.warnings


def test_a_series_over_itself_is_nil():
    test = series(measured.pressure_test(rows=200))
    found = overlay(test, test)
    assert max(pair.voltage for pair in found.pairs) == 0.0
    assert found.quantities[1].value == 0.0


def test_what_does_not_go_together_is_reported():
    test = series(measured.pressure_test(rows=200))
    small = series(measured.pressure_test(rows=200), **{"Current / A": 0.2 * test.current})
    assert any("area and mass" in w for w in overlay(test, small).warnings)
    longer = series(measured.pressure_test(rows=200, cycles=2))
    assert any("2 measured half cycles, 4" in w for w in overlay(test, longer).warnings)
    turned = series(measured.pressure_test(rows=200), **{"Current / A": -test.current})
    with pytest.raises(
        InputError, match="begins with a charge, the simulation with a discharge"
    ):
        overlay(test, turned)
    idle = series(measured.pressure_test(rows=200), **{"Current / A": 0.0 * test.current})
    with pytest.raises(InputError, match="the measured series has no charge"):
        overlay(idle, test)
