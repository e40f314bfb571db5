"""Series in the Battery Data Format, and as tables for plotting programs."""

import csv

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.observe.laboratory_table import write_laboratory_table
from lithomech.observe.readers.files import read_series
from lithomech.observe.timeseries import TimeSeries

# Preferred labels of the terms 1.3.0, written down from the specification
TERMS = {
    "Test Time / s", "Voltage / V", "Current / A", "Surface Pressure / Pa",
    "Applied Pressure / Pa", "Ambient Temperature / degC", "Cycle Count / 1", "Step Count / 1",
    "Step ID", "Charging Capacity / Ah", "Discharging Energy / Wh",
}  # fmt: skip
OURS = {
    "Stack Force / N",
    "Displacement / m",
    "Positive Electrode Potential / V",
    "Negative Electrode Potential / V",
}
ROWS = 9


@pytest.fixture
def series():
    rise = np.linspace(0.0, 1.0, ROWS)
    return TimeSeries(
        {
            "Test Time / s": 12345.678 * rise,
            "Voltage / V": 3.0 + rise / 3.0,
            "Current / A": np.array([1.0, -1.0, 0.0] * 3) * 1.1e-3,
            "Surface Pressure / Pa": 2e7 + 1e5 * rise,
            "Applied Pressure / Pa": np.full(ROWS, 2e7),
            "Stack Force / N": 2654.6 + rise,
            "Displacement / m": -1e-6 / 7.0 * rise,
            "Positive Electrode Potential / V": 3.62 + rise / 3.0,
            "Negative Electrode Potential / V": np.full(ROWS, 0.62),
            "Temperature / K": 298.15 + rise,
            "Charging Capacity / C": 7.0 * rise,
            "Discharging Energy / J": 11.0 * rise,
            "Cycle Count / 1": np.repeat([1, 2, 3], 3),
            "Step Count / 1": np.arange(ROWS),
        },
        {"name": "made up, with a comma"},
    )


def header(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def test_the_names_are_those_of_the_format(series, tmp_path):
    path = tmp_path / "a.bdf.csv"
    series.to_bdf(path)
    names = header(path)
    assert set(names) == TERMS - {"Step ID"} | OURS
    assert set(names[-len(OURS) :]) == OURS  # what has no term comes last
    first = path.read_text(encoding="utf-8").splitlines()[-1].split(",")
    last = dict(zip(names, map(float, first), strict=True))
    assert_allclose(last["Ambient Temperature / degC"], 26.0, rtol=1e-12)
    assert_allclose(last["Charging Capacity / Ah"], 7.0 / 3600.0, rtol=1e-15)
    assert_allclose(last["Discharging Energy / Wh"], 11.0 / 3600.0, rtol=1e-15)


@pytest.mark.parametrize("write", [TimeSeries.to_bdf, write_laboratory_table])
def test_reading_back_gives_the_same_numbers(series, tmp_path, write):
    path = tmp_path / "a.bdf.csv"
    write(series, path)
    again = read_series(path)
    renamed = {"Temperature / K": "Ambient Temperature / K"}
    for name, values in series.columns.items():
        scale = abs(values).max()
        close = abs(again.columns[renamed.get(name, name)] - values).max()
        assert close <= 1e-12 * scale, name


def test_what_begins_anew_keeps_our_name(series, tmp_path):
    """The format's capacities run from the start of the test, its step count never repeats."""
    again = {
        "Charging Capacity / C": np.tile([0.0, 1.0, 2.0], 3),
        "Step Count / 1": np.tile([1, 2, 3], 3),
    }
    path = tmp_path / "a.bdf.csv"
    TimeSeries(series.columns | again).to_bdf(path)
    assert {"Charging Capacity / C", "Step ID"} < set(header(path))
    read = read_series(path)
    for name, values in again.items():
        assert_allclose(read.columns[name], values, rtol=1e-15)


def test_plotting_programs_get_names_units_and_a_comment(series, tmp_path):
    path = tmp_path / "a.csv"
    write_laboratory_table(series, path)
    with path.open(encoding="utf-8", newline="") as stream:
        names, units, comments, *rows = csv.reader(stream)
    assert dict(zip(names, units, strict=True)) == {
        "Test Time": "h", "Voltage": "V", "Current": "mA", "Surface Pressure": "MPa",
        "Applied Pressure": "MPa", "Stack Force": "N", "Displacement": "um",
        "Positive Electrode Potential": "V", "Negative Electrode Potential": "V",
        "Temperature": "degC", "Charging Capacity": "mAh", "Discharging Energy": "mWh",
        "Cycle Count": "", "Step Count": "",
    }  # fmt: skip
    assert set(comments) == {"made up, with a comma"}
    assert len(rows) == ROWS
    assert float(rows[-1][names.index("Surface Pressure")]) == 20.1
