"""Neware archives: what is hostile is refused before anything is unpacked."""

import sys
import types
import zipfile

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.observe.readers import binary
from lithomech.observe.readers.files import read_series


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"data.ndc": b"\0" * (20 << 20)}, "would unpack from"),
        ({"../../etc/x": b"1"}, "points outside"),
        ({f"{k}": b"" for k in range(10_001)}, "holds 10001 files"),
    ],
)
def test_hostile_archives(tmp_path, members, told):
    with pytest.raises(InputError) as caught:
        read_series(archive(tmp_path / "a.ndax", members))
    assert told in str(caught.value)
    assert "a.ndax" in str(caught.value)


def test_an_archive_that_lies_about_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(binary, "MOST_TOTAL", 1000)
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
    series = read_series(archive(tmp_path / "a.ndax", {"data.ndc": b"1"}))
    assert_allclose(series.current, [1.5e-3, 1.5e-3, -1.5e-3])
    assert series.metadata["format"] == "Neware binary"

    def broken(_path):
        raise KeyError("version 99\nof the file")

    fake.read = broken
    with pytest.raises(InputError) as caught:
        read_series(archive(tmp_path / "a.ndax", {"data.ndc": b"1"}))
    assert "\n" not in str(caught.value)
