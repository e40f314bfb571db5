"""Spectra of every format are the same spectrum."""

from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from data import make
from lithomech.errors import InputError
from lithomech.observe.readers.spectra import read_spectra

DATA = Path(__file__).parents[2] / "data"
FREQUENCY, IMPEDANCE = make.spectrum()


@pytest.mark.parametrize("name", ["spectrum.z", "spectrum.DTA", "spectrum.csv"])
def test_formats(name):
    """Each within the six digits that are written."""
    (found,) = read_spectra(DATA / name)
    assert_allclose(found.frequency, FREQUENCY, rtol=1e-5)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-5)


def test_several_sweeps_in_one_file():
    """EC-Lab numbers them by cycle and writes a row of zeros between."""
    first, second = read_spectra(DATA / "spectra.mpt")
    assert_allclose(first.impedance, IMPEDANCE, rtol=1e-5)
    assert_allclose(second.impedance, 2.0 * IMPEDANCE, rtol=1e-5)
    assert first.conditions["cycle"] == 1.0
    assert second.conditions["cycle"] == 2.0
    assert "2 rows without" in first.notes[0]


def test_units_and_signs_of_headers(tmp_path):
    path = tmp_path / "a.csv"
    rows = "\n".join(
        f"{f / 1e3},{z.real / 1e3},{-z.imag / 1e3}"
        for f, z in zip(FREQUENCY, IMPEDANCE, strict=True)
    )
    path.write_text(f"Frequency (kHz),Z' (kOhm),-Z'' (kOhm)\n{rows}\n")
    (found,) = read_spectra(path)
    assert_allclose(found.frequency, FREQUENCY)
    assert_allclose(found.impedance, IMPEDANCE)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "Time / s,Voltage / V\n0,1\n1,2\n", "no columns of an impedance"),
        ("a.csv", "f,re,im\n1,2,3\n2,3,4\n", "no sweep has 5 points"),
        ("a.csv", "f,re,im\n0,2,3\n-1,3,4\n", "no row has a frequency"),
        ("a.DTA", "EXPLAIN\nZCURVE\tTABLE\n", "ends within the table"),
        (
            "a.DTA",
            "ZCURVE\tTABLE\n\tPt\tFreq\n\t#\tHz\n\t0\t1\n",
            "has no Freq, Zreal and Zimag",
        ),
        ("a.z", "ZPLOT2 ASCII\nEnd Comments\n", "no rows after 'End Comments'"),
        ("a.z", "", "the file is empty"),
    ],
)
def test_files_that_hold_none(tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        read_spectra(tmp_path / name)
    assert told in str(caught.value)
