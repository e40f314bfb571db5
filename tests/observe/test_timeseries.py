import csv

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.observe.timeseries import TimeSeries


def series(**changes):
    columns = {
        "Test Time / s": np.array([0.0, 10.0, 10.0, 30.0]),
        "Voltage / V": np.array([3.0, 3.5, 3.5, np.nan]),
        "Current / A": np.array([2.0, 2.0, -1.0, -1.0]),
        "Cycle Count / 1": np.array([1, 1, 2, 2]),
        "Step Count / 1": np.array([1, 2, 1, 2]),
    }
    return TimeSeries(columns | changes, {"name": "<made up>"})


def test_attributes_are_the_columns():
    made = series()
    assert made.voltage is made.columns["Voltage / V"]
    assert len(made) == 4


def test_charge_is_the_integral_of_the_current():
    # 2 A for 10 s, a step without duration, then -1 A for 20 s.
    assert_allclose(series().charge_throughput, [0.0, 20.0, 20.0, 0.0], rtol=1e-15)


def test_charge_of_a_ramp():
    time = np.array([0.0, 1.0, 4.0])
    ramp = TimeSeries({"Test Time / s": time, "Current / A": 3.0 * time})
    assert_allclose(ramp.charge_throughput, 1.5 * time**2, rtol=1e-15)


def test_charge_of_nothing():
    empty = TimeSeries({"Test Time / s": np.empty(0), "Current / A": np.empty(0)})
    assert empty.charge_throughput.shape == (0,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Voltage / V": np.zeros(3)}, "'Voltage / V' has shape"),
        ({"Test Time / s": np.array([0.0, 2.0, 1.0, 3.0])}, "backwards after row 1"),
        ({"Test Time / s": np.array([0.0, 2.0, np.nan, 3.0])}, "not finite"),
    ],
)
def test_wrong_columns_are_refused(changes, words):
    with pytest.raises(InputError, match=words):
        series(**changes)


def test_a_series_without_time_is_refused():
    with pytest.raises(InputError, match="no column 'Test Time / s'"):
        TimeSeries({"Voltage / V": np.zeros(2)})


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="no column 'Surface Pressure / Pa'"):
        _ = series().stack_pressure


def test_select():
    assert_array_equal(series().select(cycle=2).time, [10.0, 30.0])
    assert_array_equal(series().select(step=1).time, [0.0, 10.0])
    assert_array_equal(series().select(cycle=2, step=2).time, [30.0])
    with pytest.raises(InputError, match="no row with cycle 3"):
        series().select(cycle=3)


def test_csv_reads_back_to_the_same_numbers(tmp_path):
    made = series(**{"Voltage / V": np.array([0.1, 1 / 3, 1e-300, np.nan])})
    made.to_bdf(tmp_path / "deep" / "run.csv")
    with (tmp_path / "deep" / "run.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    # the made-up steps repeat, which is the Step ID of the format
    names = [name.replace("Step Count / 1", "Step ID") for name in made.columns]
    assert list(rows[0]) == names
    assert [float(row["Voltage / V"] or "nan") for row in rows[:3]] == [0.1, 1 / 3, 1e-300]
    assert rows[3]["Voltage / V"] == ""
    assert rows[3]["Cycle Count / 1"] == "2"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["run.csv"]


def test_pandas_and_xarray():
    made = series()
    assert list(made.to_pandas().columns) == list(made.columns)
    data = made.to_xarray()
    assert data["Voltage / V"].attrs["units"] == "V"
    assert data.attrs["name"] == "<made up>"


def test_notebook_view_escapes_text():
    shown = series()._repr_html_()
    assert "&lt;made up&gt;" in shown
    assert "4 rows" in shown
