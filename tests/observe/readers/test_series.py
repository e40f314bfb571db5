"""Files of every instrument become the same series."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from data import make
from lithomech.errors import InputError
from lithomech.observe.readers import table
from lithomech.observe.readers.files import read_series
from lithomech.observe.spec import load_mapping
from lithomech.observe.timeseries import TimeSeries

DATA = Path(__file__).parents[2] / "data"
TRUTH = make.cycling()
FORCE = """\
columns:
  Surface Pressure: {column: Analog IN 1/V, unit: V, slope: 1 MPa/V}
"""


@pytest.mark.parametrize(
    ("name", "mapping", "known_as", "voltage", "pressure"),
    [
        ("cycling.bdf.csv", None, "Battery Data Format", 5e-6, 0.05),
        ("semicolons.csv", DATA / "semicolons.yaml", "delimited text", 5e-6, 5.0),
        ("cycling.mpt", FORCE, "Biologic EC-Lab text", 5e-6, 5.0),
        ("neware.csv", None, "Neware text", 5e-5, None),
        ("arbin.csv", None, "Arbin text", 5e-6, None),
        ("maccor.txt", None, "Maccor text", 5e-6, None),
    ],
)
def test_every_format_gives_the_same_series(name, mapping, known_as, voltage, pressure):
    """Each within half of the last digit that its file writes."""
    series = read_series(DATA / name, mapping)
    assert series.metadata["format"] == known_as
    assert_allclose(series.time, TRUTH.time, atol=6e-3)
    assert_allclose(series.voltage, TRUTH.voltage, atol=voltage)
    assert_allclose(series.current, TRUTH.current, atol=6e-8)
    assert_array_equal(series.cycle, 1)
    if pressure is not None:
        assert_allclose(series.stack_pressure, TRUTH.pressure, atol=pressure)


def test_the_files_are_what_their_script_writes(tmp_path):
    make.write_formats(tmp_path)
    for made in tmp_path.iterdir():
        if made.suffix in {".csv", ".mpt", ".txt", ".z", ".DTA", ".yaml"}:
            assert made.read_bytes() == (DATA / made.name).read_bytes(), made.name


def test_what_was_not_used_is_reported():
    assert "Analog IN 1/V" in " ".join(read_series(DATA / "cycling.mpt").notes)
    assert "decimal commas" in read_series(DATA / "cycling.mpt").notes


def test_a_series_comes_back_from_its_own_file(tmp_path):
    series = read_series(DATA / "cycling.bdf.csv")
    series.to_bdf(tmp_path / "again.csv")
    again = read_series(tmp_path / "again.csv")
    assert set(again.columns) == set(series.columns)
    for name, values in series.columns.items():
        assert_array_equal(again.columns[name], values)


def written(tmp_path, text, name="test.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


HEAD = "Test Time / s,Voltage / V,Current / A\n"


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("", "the file is empty"),
        ("\n\n  \n", "the file is empty"),
        ("a text about a picture\nof many words\n", "no table was found"),
        (HEAD, "no table was found"),
        (HEAD + "0,3.1,1\n2,3.2,1\n1,3.3,1\n", "runs backwards in row 3 of the table"),
        (HEAD + "0,,1\n1,,1\n2,,1\n", "'Voltage / V' holds no number"),
        ("Time,Voltage / V\n0,3\n1,3\n", "column 'Time' has no unit"),
        ("Time / s,Pressure\n0,3\n1,3\n", "columns: {Surface Pressure: {column: Pressure"),
        ("Time / s,Voltage / MPa\n0,3\n1,3\n", "the unit 'MPa' is none of Voltage"),
        ("Spannung / V,Strom / A\n0,3\n1,3\n", "no column holds a time"),
        ("Time / s,Glanz / MPa\n0,3\n1,3\n", "no column besides the time"),
        (HEAD + "0,5,3,1,1,1\n1,5,3,2,1,1\n", "no table was found"),
        (HEAD + '0,3,1\n1,3,1\n2,"3,1\n3,3,1\n', "cannot be read"),
    ],
)
def test_what_is_wrong_is_reported_in_one_line(tmp_path, text, reported):
    with pytest.raises(InputError) as caught:
        read_series(written(tmp_path, text))
    assert reported in str(caught.value)
    assert "test.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (HEAD + "0,3100,1\n1,3101,1\n", "say 'unit: mV' for Voltage"),
        (
            "Test Time / s,Unix Time / s,Voltage / V\n0,100,3\n1000,101,3\n2000,102,3\n",
            "1000 times as fast as the dates: if it is in ms, say 'unit: ms' for Test Time",
        ),
        (
            HEAD + "".join(f"{t},{4 - 0.01 * t},0.1\n" for t in range(30)),
            "say 'positive_current: discharge'",
        ),
    ],
)
def test_what_is_odd_is_a_warning_that_says_what_to_do(tmp_path, text, warning):
    series = read_series(written(tmp_path, text))
    assert warning in " ".join(series.notes)


def test_an_overpotential_that_relaxes_has_no_wrong_sign(tmp_path):
    """Plating at -0.1 mA: from -0.1 V up to -0.03 V, as it should be."""
    rows = "".join(f"{60 * k},{-0.03 - 0.07 * 0.8**k},-1e-4\n" for k in range(30))
    series = read_series(written(tmp_path, HEAD + rows))
    assert not series.notes
    assert_allclose(series.voltage[0], -0.1, rtol=1e-15)


def test_other_files_are_named(tmp_path):
    with pytest.raises(InputError, match=r"Export as Text, which writes \.mpt"):
        read_series(written(tmp_path, "x", "a.mpr"))
    with pytest.raises(InputError, match="no such file"):
        read_series(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no text"):
        read_series(DATA / "section.png")


def test_a_cut_file_gives_the_rows_that_are_whole(tmp_path):
    whole = (DATA / "cycling.bdf.csv").read_text(encoding="utf-8")
    series = read_series(written(tmp_path, whole[: len(whole) // 2]))
    n = len(series)
    assert 20 < n < 30
    assert_allclose(series.time[:-1], TRUTH.time[: n - 1], atol=6e-3)


def test_repeated_headers_and_doubled_times_are_noted(tmp_path):
    text = HEAD + "0,3,1\n1,3,1\n" + HEAD + "1,3.1,1\n2,3.2,1\n"
    series = read_series(written(tmp_path, text))
    assert_array_equal(series.time, [0, 1, 1, 2])
    stated = " ".join(series.notes)
    assert "1 rows without a time" in stated
    assert "same time as the row before" in stated


def test_steps_that_begin_anew_are_added_up(tmp_path):
    text = "Step Time / s,Voltage / V\n0,3\n10,3\n0,3\n5,3\n0.5,3\n1,3\n"
    series = read_series(written(tmp_path, text))
    assert_allclose(series.time, [0, 10, 10, 15, 15.5, 16])


def test_clocks_and_units(tmp_path):
    text = "Test Time (h:min:s),Voltage [mV],I/uA,Temp(C)\n"
    text += "0:00:00,3000,5,25\n1d 01:00:02.5,3100,6,26\n"
    series = read_series(written(tmp_path, text))
    assert_allclose(series.time, [0, 90002.5])
    assert_allclose(series.voltage, [3.0, 3.1])
    assert_allclose(series.current, [5e-6, 6e-6])
    assert_allclose(series.temperature, [298.15, 299.15])


def test_encodings(tmp_path):
    text = "Zeit / s;Spannung / V;µ\n0,5;3,1;1\n1,5;3,2;1\n".replace("Zeit", "Test Time")
    text = text.replace("Spannung", "Voltage")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        series = read_series(written(tmp_path, text, encoding=encoding))
        assert_allclose(series.time, [0.5, 1.5])
        assert_allclose(series.voltage, [3.1, 3.2])


def test_a_long_file_is_thinned(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "PIECE", 64)
    monkeypatch.setattr(table, "MOST_ROWS", 500)
    rows = "".join(f"{t},{3 + t * 1e-4},1\n" for t in range(3001))
    series = read_series(written(tmp_path, HEAD + rows))
    assert len(series) <= 500
    steps = np.diff(series.time)
    assert_array_equal(steps, steps[0])
    assert_allclose(series.voltage, 3 + series.time * 1e-4)
    assert f"1 of {int(steps[0])} rows kept: the file has 3001" in series.notes


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("columns:\n  Druck: {column: A, unit: Pa}\n", "columns.Druck: is no quantity"),
        ("columns:\n  Voltage: {column: A, unit: Pa}\n", "columns.Voltage.unit"),
        ("columns:\n  Stack Force: {column: A, slope: 3 N/V}\n", "needs its unit"),
        ("columns:\n  Stack Force: {column: A, unit: V, slope: 3 Pa/V}\n", "slope"),
        ("columns:\n  Voltage: {column: A, unit: V, gain: 3}\n", "unknown key"),
        ("positive_current: up\n\n", "'up' is not known"),
    ],
)
def test_mistakes_in_a_mapping_have_their_place(text, reported):
    with pytest.raises(InputError) as caught:
        load_mapping(text)
    assert reported in str(caught.value)


def test_a_column_that_is_not_there_is_reported_with_those_that_are(tmp_path):
    path = written(tmp_path, HEAD + "0,3,1\n1,3,1\n")
    mapping = written(tmp_path, "columns:\n  Voltage: {column: U, unit: V}\n", "map.yaml")
    with pytest.raises(InputError) as caught:
        read_series(path, mapping)
    assert "map.yaml:2" in str(caught.value)
    assert "'Current / A'" in str(caught.value)


def test_series_of_the_reader_are_series():
    assert isinstance(read_series(DATA / "logger.csv"), TimeSeries)
