"""Hits whose band is known."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.observe.acoustic import acoustic, damage_activity
from lithomech.observe.hits import Hits
from lithomech.observe.readers.hits import read_hits
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("seed", range(5))
def test_three_bands_are_found(seed):
    """Log-normal bands four deviations apart: at most 1 % of hits on the wrong side."""
    time, frequency, amplitude, energy, band = measured.hits(seed)
    found = acoustic(Hits(time, frequency, amplitude, energy))
    assert np.mean(found.band == band) > 0.99
    assert found.separation > 0.9
    for k in range(3):
        when, count = found.cumulative(k)
        assert_array_equal(when, time[found.band == k])
        assert count[-1] == np.sum(found.band == k)


def test_edges_may_be_given():
    time, frequency, amplitude, energy, band = measured.hits(0)
    found = acoustic(Hits(time, frequency, amplitude, energy), (165e3, 345e3))
    assert found.bands == 3
    assert np.mean(found.band == band) > 0.99


def test_hits_are_joined_with_the_cell():
    """Voltage by interpolation, cycle and direction of the row before."""
    cell = measured.pressure_test(hours=1.0, rows=50, cycles=2)
    series = TimeSeries(
        {
            "Test Time / s": cell.time,
            "Voltage / V": cell.voltage,
            "Current / A": cell.current,
            "Cycle Count / 1": cell.cycle,
        }
    )
    at = np.array([100.0, 9000.0, 16000.0, 1e6])
    ones = np.ones(4)
    found = acoustic(Hits(at, 1e5 * ones, ones, ones), 1, series)
    assert_allclose(found.voltage[:3], np.interp(at[:3], cell.time, cell.voltage))
    assert np.isnan(found.voltage[3])
    assert_array_equal(found.cycle, [1, 1, 2, 0])
    assert_array_equal(found.charging, [1, -1, 1, 0])
    assert found.tables()["cycles"]["hits of band 1"].sum() == 4


def test_a_database_and_a_table_of_the_same_hits_agree():
    """Ticks of 100 ns; amplitudes in whole microvolt."""
    base, table = read_hits(DATA / "hits.pridb"), read_hits(DATA / "hits.csv")
    assert_allclose(base.time, table.time, atol=6e-4)
    assert_allclose(base.frequency, table.frequency, rtol=1e-5)
    assert_allclose(base.amplitude, table.amplitude, atol=1e-6)
    assert acoustic(base).bands == 3


def test_without_transients_the_mean_frequency_serves(tmp_path):
    (tmp_path / "alone.pridb").write_bytes((DATA / "hits.pridb").read_bytes())
    alone = read_hits(tmp_path / "alone.pridb")
    assert "not peaks" in alone.notes[0]
    # whole counts over 0.4 ms
    assert_allclose(alone.frequency, read_hits(DATA / "hits.pridb").frequency, atol=1300.0)


def test_reading_leaves_nothing_beside_the_database(tmp_path):
    (tmp_path / "a b#c.pridb").write_bytes((DATA / "hits.pridb").read_bytes())
    read_hits(tmp_path / "a b#c.pridb")
    assert [p.name for p in tmp_path.iterdir()] == ["a b#c.pridb"]


@pytest.mark.parametrize(
    ("name", "raw", "reported"),
    [
        ("x.pridb", b"SQLite format 3\0" + b"\0" * 100, "no database"),
        ("x.pridb", b"text", "no database"),
        ("x.csv", b"Time (s),Amplitude (mV)\n1,2\n2,3\n", "no columns Time and Peak frequency"),
        ("x.csv", b"Time (s),Peak frequency (Hz)\n1,0\n2,\n", "no hit has a time"),
    ],
)
def test_files_that_hold_no_hits(tmp_path, name, raw, reported):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=reported):
        read_hits(tmp_path / name)


def test_bands_that_cannot_be():
    time, frequency, amplitude, energy, _ = measured.hits(0)
    hits = Hits(time, frequency, amplitude, energy)
    for bands, reported in ((0, "1 to 8"), (9, "1 to 8"), ((2e5, 1e5), "increase")):
        with pytest.raises(InputError, match=reported):
            acoustic(hits, bands)


def test_damage_of_a_simulated_cell_is_heard_when_it_grows():
    """Hits in equal steps: half of them before the damage is half of what it becomes."""
    t = np.linspace(0.0, 1000.0, 501)
    series = TimeSeries(
        {
            "Test Time / s": t,
            "Voltage / V": 3.0 + t / 1000.0,
            "Current / A": np.ones(501),
            "Cycle Count / 1": np.ones(501, int),
        }
    )
    found = damage_activity(series, 0.2 * (t / 1000.0) ** 2, "cell")
    assert_allclose(np.median(found.hits.time), 1000.0 * np.sqrt(0.5), atol=4.0)
    with pytest.raises(InputError, match="nothing cracked"):
        damage_activity(series, 0.0 * t, "cell")
