"""Whatever bytes come: a series, spectra, or one line that says what is wrong."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithomech.errors import InputError
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.spectra import read_spectra
from lithomech.observe.spectrum import Spectrum
from lithomech.observe.timeseries import TimeSeries

DATA = Path(__file__).parents[2] / "data"
FILES = ["cycling.bdf.csv", "semicolons.csv", "cycling.mpt", "neware.csv", "arbin.csv"]
FILES += ["maccor.txt", "logger.csv", "spectrum.z", "spectrum.DTA", "spectra.mpt"]
CELLS = st.one_of(
    st.floats().map(repr),
    st.integers(-10, 10**6).map(str),
    st.sampled_from(["", "nan", "1,5", "x", '"', "1:02:03", "2026-11-25 10:00:00", "1e400"]),
    st.text(max_size=5),
)
NAMES = "Test Time / s,Time,Voltage / V,Ewe/V,I/mA,Current(A),Date,State,Cycle Index,freq/Hz,"
NAMES += "Re(Z)/Ohm,-Im(Z)/Ohm,Pressure (MPa),µ°C,Temp(C),"
HEADERS = st.sampled_from(NAMES.split(","))
TABLES = st.builds(
    lambda head, rows, sign: sign.join(head) + "\n" + "\n".join(sign.join(r) for r in rows),
    st.lists(HEADERS, min_size=1, max_size=6),
    st.lists(st.lists(CELLS, max_size=7), max_size=8),
    st.sampled_from(["\t", ";", ",", "|"]),
)


def read_all(path):
    for read in (read_series, read_spectra):
        try:
            found = read(path)
        except InputError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 2000
        else:
            assert isinstance(found, TimeSeries) or all(isinstance(s, Spectrum) for s in found)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_file(name, data, tmp_path_factory):
    raw = bytearray((DATA / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        how = data.draw(st.sampled_from(["cut", "flip", "drop", "insert"]))
        if how == "cut":
            del raw[place:]
        elif how == "flip":
            raw[place] = data.draw(st.integers(0, 255))
        elif how == "drop":
            del raw[place : place + data.draw(st.integers(1, 40))]
        else:
            raw[place:place] = data.draw(st.binary(max_size=8))
        if not raw:
            break
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(raw)
    read_all(path)


@settings(max_examples=150)
@given(text=TABLES)
def test_any_table(text, tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "table.csv"
    path.write_text(text, encoding="utf-8")
    read_all(path)


@settings(max_examples=60)
@given(raw=st.binary(max_size=400))
def test_any_bytes(raw, tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "table.csv"
    path.write_bytes(raw)
    read_all(path)
