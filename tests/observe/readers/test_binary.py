"""Neware archives: what is hostile is refused before anything is unpacked."""

import sys
import types
import zipfile

import numpy as np
import pytest
from numpy.testing import assert_allclose

from data import workbook
from lithomech.errors import InputError
from lithomech.observe.readers import archive as archives
from lithomech.observe.readers.files import read_series


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "reported"),
    [
        ({"data.ndc": b"\0" * (20 << 20)}, "would unpack from"),
        ({"../../etc/x": b"1"}, "points outside"),
        ({f"{k}": b"" for k in range(10_001)}, "holds 10001 files"),
    ],
)
def test_hostile_archives(tmp_path, members, reported):
    with pytest.raises(InputError) as caught:
        read_series(archive(tmp_path / "a.ndax", members))
    assert reported in str(caught.value)
    assert "a.ndax" in str(caught.value)


def test_an_archive_that_lies_about_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_TOTAL", 1000)
    with pytest.raises(InputError, match="would unpack to 4000 bytes"):
        read_series(archive(tmp_path / "a.ndax", {f"{k}": b"x" * 1000 for k in range(4)}))


def test_no_archive_at_all(tmp_path):
    (tmp_path / "a.ndax").write_text("Test Time / s")
    with pytest.raises(InputError, match="no zip archive"):
        read_series(tmp_path / "a.ndax")


def test_without_the_extra_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastnda", None)
    with pytest.raises(InputError, match=r"lithomech\[neware\]"):
        read_series(archive(tmp_path / "a.ndax", {"data.ndc": b"1"}))


class Column:
    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        return np.array(self.values)


class Frame(dict):
    @property
    def columns(self):
        return list(self)


def test_columns_of_the_package_become_ours(tmp_path, monkeypatch):
    """Current in mA, signed as in the Battery Data Format."""
    frame = Frame(
        total_time_s=Column([0.0, 1.0, 2.0]),
        voltage_V=Column([3.0, 3.1, 3.2]),
        current_mA=Column([1.5, 1.5, -1.5]),
        cycle_count=Column([1, 1, 1]),
    )
    fake = types.SimpleNamespace(read=lambda _path: frame)
    monkeypatch.setitem(sys.modules, "fastnda", fake)
    frame["aux1_temperature_degC"] = Column([25.0, 26.0, 27.0])
    frame["aux2_temperature_degC"] = Column([30.0, 31.0, 32.0])
    frame["aux1_voltage_V"] = Column([0.5, 1.5, 2.5])
    path = archive(tmp_path / "a.ndax", {"data.ndc": b"1"})
    series = read_series(path)
    assert_allclose(series.current, [1.5e-3, 1.5e-3, -1.5e-3])
    assert_allclose(series.temperature, [298.15, 299.15, 300.15])
    assert_allclose(series.columns["aux2_temperature / K"], [303.15, 304.15, 305.15])
    assert_allclose(series.columns["aux1_voltage / V"], [0.5, 1.5, 2.5])
    assert series.metadata["format"] == "Neware binary"
    mapping = "columns:\n  Surface Pressure: {column: aux1_voltage_V, unit: V, slope: 2 MPa/V,"
    series = read_series(path, f"{mapping} zero: 0.5 V}}\n")
    assert_allclose(series.stack_pressure, [0.0, 2e6, 4e6])

    def broken(_path):
        raise KeyError("version 99\nof the file")

    fake.read = broken
    with pytest.raises(InputError) as caught:
        read_series(archive(tmp_path / "a.ndax", {"data.ndc": b"1"}))
    assert "\n" not in str(caught.value)


def test_a_workbook(tmp_path):
    """The sheet of records, not the summary; two sheets with one header are one table."""
    pytest.importorskip("python_calamine")
    workbook.write(tmp_path / "a.xlsx")
    series = read_series(tmp_path / "a.xlsx")
    assert series.metadata["format"] == "Arbin text"
    assert_allclose(series.time, [0.0, 10.0, 20.0, 30.0])
    assert_allclose(series.voltage, [3.0, 3.1, 3.2, 3.3])
    assert_allclose(series.current, [1e-3, 1e-3, -1e-3, 0.0])
    assert_allclose(series.clock, 1704164645.0 + series.time, rtol=1e-12)
    assert "sheets: 'Channel_1', 'Channel_2'" in series.reading.layout


def test_a_workbook_without_the_extra_package(tmp_path, monkeypatch):
    workbook.write(tmp_path / "a.xlsx")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"lithomech\[readers\]"):
        read_series(tmp_path / "a.xlsx")


RECORDS = {
    "Test_ID": [1, 1, 1],
    "Data_Point": [2, 1, 3],  # as the pages of the database lie
    "Test_Time": [10.0, 0.0, 20.0],
    "DateTime": [45293.5 + 10 / 86400, 45293.5, 45293.5 + 20 / 86400],
    "Step_Index": [1, 1, 2],
    "Cycle_Index": [1, 1, 1],
    "Current": [1e-3, 1e-3, 0.0],
    "Voltage": [3.1, 3.0, 3.2],
    "Charge_Capacity": [1e-6, 0.0, 2e-6],
}
AUXILIARY = {
    "Test_ID": [1, 1, 1, 1],
    "Data_Point": [1, 2, 3, 3],
    "Auxiliary_Index": [0, 0, 0, 0],
    "Data_Type": [1, 1, 1, 0],
    "X": [25.0, 26.0, 27.0, 0.5],
}
CHANNELS = {
    "Channel_Index": [0, 0],
    "Auxiliary_Index": [0, 0],
    "Data_Type": [0, 1],
    "Nickname": ["Aux load", ""],
    "Unit": ["V", "C"],
}


def test_a_database_of_arbin(tmp_path, monkeypatch):
    """Records in the order of their numbers, in Arbin's units; auxiliary channels beside."""
    tables = {
        "Channel_Normal_Table": RECORDS,
        "Auxiliary_Table": AUXILIARY,
        "Aux_Global_Data_Table": CHANNELS,
    }

    class Base:
        catalog = tables

        def __init__(self, _path):
            pass

        def parse_table(self, name):
            return self.catalog[name]

    monkeypatch.setitem(sys.modules, "access_parser", types.SimpleNamespace(AccessParser=Base))
    (tmp_path / "a.res").write_bytes(b"x")
    mapping = "columns:\n  Stack Force: {column: Aux load (V), unit: V, slope: 200 N/V}\n"
    series = read_series(tmp_path / "a.res", mapping)
    assert_allclose(series.time, [0.0, 10.0, 20.0])
    assert_allclose(series.voltage, [3.0, 3.1, 3.2])
    assert_allclose(series.columns["Charging Capacity / C"], [0.0, 3.6e-3, 7.2e-3])
    assert_allclose(series.temperature, [298.15, 299.15, 300.15])
    assert_allclose(series.stack_force, [np.nan, np.nan, 100.0])
    assert_allclose(series.clock, 1704196800.0 + series.time, atol=1e-3)
    Base.catalog = {"Channel_Normal_Table": {"Voltage": []}}
    with pytest.raises(InputError, match="no whole table Channel_Normal_Table"):
        read_series(tmp_path / "a.res")


def test_a_database_without_the_extra_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "access_parser", None)
    (tmp_path / "a.res").write_bytes(b"x")
    with pytest.raises(InputError, match=r"lithomech\[readers\]"):
        read_series(tmp_path / "a.res")
