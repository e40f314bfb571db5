"""Spectra of every format are the same spectrum."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from data import make, workbook
from lithomech.errors import InputError
from lithomech.observe.eis import eis
from lithomech.observe.readers.spectra import read_spectra
from lithomech.observe.spectrum import Spectrum

DATA = Path(__file__).parents[2] / "data"
FREQUENCY, IMPEDANCE = make.spectrum()


@pytest.mark.parametrize(
    "name",
    [
        "spectrum.z",
        "spectrum.DTA",
        "spectrum.csv",
        "spectrum_open.z",
        "spectrum_comma.z",
        "spectrum_spaced.DTA",
        "spectrum_bare.txt",
        "spectrum_counted.i2b",
        "spectrum_names_units.csv",
        "spectrum_modulus.csv",
        "spectrum_wide.mpt",
        "spectrum.P00",
        "spectrum_relaxis.txt",
    ],
)
def test_formats(name):
    """Each within the six digits that are written."""
    (found,) = read_spectra(DATA / name)
    assert_allclose(found.frequency, FREQUENCY, rtol=1e-5)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-5)
    assert found.unit == "ohm"


def test_several_sweeps_in_one_file():
    """EC-Lab numbers them by cycle and writes a row of zeros between."""
    first, second = read_spectra(DATA / "spectra.mpt")
    assert_allclose(first.impedance, IMPEDANCE, rtol=1e-5)
    assert_allclose(second.impedance, 2.0 * IMPEDANCE, rtol=1e-5)
    assert first.conditions["cycle"] == 1.0
    assert second.conditions["cycle"] == 2.0
    assert "2 of 88 rows" in first.notes[0]


def table(path, header, columns):
    """A file of comma-separated numbers that come back exactly."""
    rows = [",".join(f"{v:.17g}" for v in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join(([header] if header else []) + rows) + "\n")
    return path


def columns(z=IMPEDANCE, f=FREQUENCY):
    return f, z.real, z.imag


HEADERS = [
    ("Freq,Real,Imag", 1.0, 1.0, 1.0),
    ("frequency,real,imaginary", 1.0, 1.0, 1.0),
    ("freq,Zre,-Zim", 1.0, 1.0, -1.0),
    ("f,-Z',-Z''", 1.0, -1.0, -1.0),
    ("Freq/Hz, Z'/ohm, Z\"/ohm", 1.0, 1.0, 1.0),
    ("Frequency (kHz),Z' (kOhm),-Z'' (kOhm)", 1e3, 1e3, -1e3),
    ("Frequency [MHz],Z' [mOhm],Z'' [mOhm]", 1e6, 1e-3, 1e-3),
    ("f/Hz,Z'/M\u03a9,-Z''/M\u03a9", 1.0, 1e6, -1e6),
    ("frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm", 1.0, 1.0, 1.0),
    ("f (Hz),ReZ (Ohm),\u2212ImZ (Ohm)", 1.0, 1.0, -1.0),
    ("Frequency (rad/s),Re(Z) (\u03a9),Im(Z) (\u03a9)", 0.5 / np.pi, 1.0, 1.0),
    ("Frequenz [Hz],Realteil [Ohm],Imagin\u00e4rteil [Ohm]", 1.0, 1.0, 1.0),
    (
        "\uc8fc\ud30c\uc218 (Hz),\uc2e4\uc218\ubd80 (\u03a9),\ud5c8\uc218\ubd80 (\u03a9)",
        1.0,
        1.0,
        1.0,
    ),
    ("Data: Frequency,Data: Z',Data: Z''", 1.0, 1.0, 1.0),
]


@pytest.mark.parametrize(("header", "f", "re", "im"), HEADERS)
def test_headers_units_and_signs(tmp_path, header, f, re, im):
    """Numbers of the file are those of the spectrum over the unit in the header."""
    given = (FREQUENCY / f, IMPEDANCE.real / re, IMPEDANCE.imag / im)
    path = table(tmp_path / "a.csv", header, given)
    (found,) = read_spectra(str(path))
    assert_allclose(found.frequency, FREQUENCY, rtol=1e-14)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)


def test_a_column_of_another_quantity_is_not_taken(tmp_path):
    """EC-Lab writes admittance, modulus and capacity beside the impedance."""
    f, re, im = columns()
    head = "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,Re(M),Im(M),Re(Y)/Ohm-1,Im(Resistivity)/Ohm.cm"
    path = table(tmp_path / "a.csv", head, (f, re, -im, 0 * f, 0 * f, 1 / re, 0 * f))
    (found,) = read_spectra(path)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)


def test_area_specific_impedance_keeps_its_unit(tmp_path):
    """1 kohm cm2 is 0.1 ohm m2, and 40 ohm at 2 cm2 are 80 ohm cm2."""
    f, re, im = columns()
    units = (
        ("Ohm cm2", 1.0),
        ("kOhm cm\u00b2", 1e-3),
        ("\u03a9\u00b7cm2", 1.0),
        ("ohm*m2", 1e-4),
    )
    for unit, scale in units:
        head = f"Frequency (Hz),Z' ({unit}),Z'' ({unit})"
        (found,) = read_spectra(table(tmp_path / "a.csv", head, (f, scale * re, scale * im)))
        assert found.unit == "ohm cm2"
        assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)
        with pytest.raises(InputError, match="already"):
            found.times_area(2e-4)
    plain = Spectrum(f, np.full(f.size, 40.0 + 0j)).times_area(2e-4)
    assert plain.unit == "ohm cm2"
    assert_allclose(plain.impedance.real, 80.0, rtol=1e-14)


def test_a_sign_is_found_as_a_sign(tmp_path):
    """-Z'' under the name Z'' is turned; it is not called a drift."""
    f, re, im = columns()
    for head, written in (("f,Z',Z''", -im), ("f,Z',-Z''", im), ("", -im)):
        (found,) = read_spectra(table(tmp_path / "a.csv", head, (f, re, written)))
        assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)
        assert "opposite sign" in found.notes[-1]
    (right,) = read_spectra(table(tmp_path / "a.csv", "f,Z',Z''", (f, re, im)))
    assert not any("opposite" in note for note in right.notes)
    assert "without a unit, 'f'" in right.notes[0]


def test_a_true_inductor_keeps_its_sign(tmp_path):
    """A resistance with an inductance fits as steady either way: the file is believed."""
    z = 0.01 + 2j * np.pi * FREQUENCY * 1e-8
    (found,) = read_spectra(table(tmp_path / "a.csv", "f,Z',Z''", columns(z)))
    assert np.all(found.impedance.imag > 0.0)


@pytest.mark.parametrize("doubled", [True, False])
def test_down_and_up_are_two_spectra(tmp_path, doubled):
    """Once with the lowest frequency measured twice, once with a single one."""
    back = slice(None, None, -1) if doubled else slice(-2, None, -1)
    f, z = np.r_[FREQUENCY, FREQUENCY[back]], np.r_[IMPEDANCE, 1.1 * IMPEDANCE[back]]
    down, up = read_spectra(table(tmp_path / "a.csv", "f,Z',Z''", columns(z, f)))
    assert down.name == "a 1 (falling frequency)"
    assert up.name == "a 2 (rising frequency)"
    assert_allclose(down.impedance, IMPEDANCE, rtol=1e-14)
    kept = IMPEDANCE if doubled else IMPEDANCE[:-1]
    assert_allclose(up.impedance, 1.1 * kept, rtol=1e-14)


def test_sweeps_by_loop_and_points_out_of_order(tmp_path):
    f, z = np.tile(FREQUENCY[::-1], 3), np.tile(IMPEDANCE[::-1], 3)
    f[[4, 5]], z[[4, 5]] = f[[5, 4]], z[[5, 4]]  # two points in the wrong order
    found = read_spectra(table(tmp_path / "a.csv", "f,Z',Z''", columns(z, f)))
    assert [s.frequency.size for s in found] == [43, 43, 43]
    loop = np.repeat([0.0, 1.0, 2.0], 43)
    shuffled = np.random.default_rng(1).permutation(43)
    f, z = np.tile(FREQUENCY[shuffled], 3), np.tile(IMPEDANCE[shuffled], 3)
    path = table(tmp_path / "b.csv", "f,Z',Z'',loop_index", (*columns(z, f), loop))
    found = read_spectra(path)
    assert [s.conditions["loop"] for s in found] == [0.0, 1.0, 2.0]
    assert_allclose(found[2].impedance, IMPEDANCE, rtol=1e-14)


def test_phase_in_radians_and_without_a_unit(tmp_path):
    f, size, angle = FREQUENCY, np.abs(IMPEDANCE), np.angle(IMPEDANCE)
    for head, phase in (
        ("f,|Z| (Ohm),Phase (rad)", angle),
        ("f,|Z| (Ohm),-Phase (deg)", -np.degrees(angle)),
        ("f,Zmod,Zphz", np.degrees(angle)),
    ):
        (found,) = read_spectra(table(tmp_path / "a.csv", head, (f, size, phase)))
        assert_allclose(found.impedance, IMPEDANCE, rtol=1e-13)
    path = table(tmp_path / "a.csv", "f,|Z|,phase", (f, size, angle))
    with pytest.raises(InputError, match="degrees and radians"):
        read_spectra(path)


def test_a_mapping_file_says_what_is_what(tmp_path):
    f, re, im = columns()
    path = table(tmp_path / "a.csv", "A,B,C,Z'", (f / 1e3, im * 1e3, re, 0 * f))
    mapping = """\
columns:
  Frequency: {column: A, unit: kHz}
  Real Impedance: {column: C, unit: ohm}
  Imaginary Impedance: {column: B, unit: mohm}
"""
    (found,) = read_spectra(path, mapping)
    assert_allclose(found.frequency, FREQUENCY, rtol=1e-14)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)
    with pytest.raises(InputError, match="'D' is no column"):
        read_spectra(path, mapping.replace("column: A", "column: D"))


def test_columns_without_names_are_mapped_by_place(tmp_path):
    f, re, im = columns()
    path = table(tmp_path / "a.csv", "", (f, 0 * f, im, re))
    mapping = """\
columns:
  Frequency: {column: 1, unit: Hz}
  Real Impedance: {column: 4, unit: ohm}
  Imaginary Impedance: {column: 3, unit: ohm}
"""
    (found,) = read_spectra(path, mapping)
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)


def test_a_workbook_is_a_table(tmp_path):
    pytest.importorskip("python_calamine")
    f, re, im = columns()
    rows = [["Frequency (Hz)", "Z' (Ohm)", "-Z'' (Ohm)"]]
    rows += zip(f.tolist(), re.tolist(), (-im).tolist(), strict=True)
    workbook.write_sheets(tmp_path / "a.xlsx", {"notes": [["cell", 7]], "EIS": rows})
    (found,) = read_spectra(tmp_path / "a.xlsx")
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)


def test_a_mapping_file_may_say_ohm_cm2(tmp_path):
    f, re, im = columns()
    path = table(tmp_path / "a.csv", "A,B,C", (f, re / 1e3, im / 1e3))
    mapping = """\
columns:
  Frequency: {column: A, unit: Hz}
  Real Impedance: {column: B, unit: kohm cm2}
  Imaginary Impedance: {column: C, unit: kohm cm2}
"""
    (found,) = read_spectra(path, mapping)
    assert found.unit == "ohm cm2"
    assert_allclose(found.impedance, IMPEDANCE, rtol=1e-14)
    with pytest.raises(InputError, match="Real Impedance"):
        read_spectra(path, mapping.replace("kohm cm2", "S", 1))


def test_a_decimal_sign_that_nothing_decides_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    rows = [f"{n}00\t1,23{n}\t-2,34{n}" for n in range(1, 6)]
    path.write_text("\n".join(["f [Hz]\tZ' [Ohm]\tZ'' [Ohm]", *rows]) + "\n")
    with pytest.raises(InputError, match="a decimal or a thousand"):
        read_spectra(path)
    first = read_spectra(path, "decimal: comma\n")[0]
    assert_allclose(first.impedance[-1], 1.231 - 2.341j, rtol=1e-15)


@pytest.mark.parametrize(
    ("header", "reported"),
    [
        ("Frequency (Hz),Y' (S),Y'' (S)", "is an admittance"),
        ("Frequency (Hz),Z' (S),Z'' (S)", "is an admittance"),
        ("f (Hz),G (S),B (S)", "'G (S)' is an admittance"),
        ("freq/Hz,Re(Y)/Ohm-1,Im(Y)/Ohm-1", "is an admittance"),
        ("Frequency (Hz),Z' (Ohm m),Z'' (Ohm m)", 'the unit of "Z\' (Ohm m)"'),
        ("Frequency (Hz),Z' (Ohm),Z'' (Ohm cm2)", "the other in ohm cm2"),
        ("Frequency (m),Z' (Ohm),Z'' (Ohm)", "no frequency"),
        ("omega,Z' (Ohm),Z'' (Ohm)", "no frequency"),
    ],
)
def test_units_that_no_impedance_has(tmp_path, header, reported):
    with pytest.raises(InputError) as caught:
        read_spectra(table(tmp_path / "a.csv", header, columns()))
    assert reported.lower() in str(caught.value).lower()
    assert "a.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "reported"),
    [
        ("a.csv", "Time / s,Voltage / V\n0,1\n1,2\n", "no frequency"),
        ("a.csv", "f,re,im\n1,2,3\n0,3,4\n", "no sweep has 2 points"),
        ("a.csv", "f,re,im\n0,2,3\n-1,3,4\n", "no row has a frequency"),
        ("a.csv", "1,2,3,4\n2,3,4,5\n", "no table was found"),
        ("a.DTA", "EXPLAIN\nZCURVE\tTABLE\n", "ends within the table"),
        ("a.DTA", "ZCURVE\tTABLE\n\tPt\tFreq\n\t#\tHz\n\t0\t1\n", "no Z' and Z''"),
        ("a.z", "ZPLOT2 ASCII\nEnd Comments\n", "no rows after 'End Comments'"),
        ("a.z", "", "the file is empty"),
        ("a.pssession", "{}", "is a PalmSens session"),
    ],
)
def test_files_that_hold_none(tmp_path, name, text, reported):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        read_spectra(tmp_path / name)
    assert reported in str(caught.value)


def test_paths_that_are_none(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_spectra(str(tmp_path / "none.z"))
    with pytest.raises(InputError, match="expected the path of a file, not 5"):
        read_spectra(5)
    with pytest.raises(InputError):
        read_spectra(tmp_path)


def test_a_window_of_frequencies():
    whole = Spectrum(FREQUENCY, IMPEDANCE)
    part = whole.within(1.0, 1e4)
    assert_allclose(part.frequency, FREQUENCY[(FREQUENCY >= 1.0) & (FREQUENCY <= 1e4)], rtol=0)
    with pytest.raises(InputError, match="0 of 43 points lie between"):
        whole.within(1e7, 1e8)


def test_a_short_german_export_is_read_and_not_fitted(tmp_path):
    path = tmp_path / "a.csv"
    rows = ["Frequenz [Hz];Z' [Ohm];Z'' [Ohm]", "1000;10,2;-0,4", "100;10,6;-1,2"]
    path.write_text("\n".join(rows) + "\n")
    (found,) = read_spectra(path)
    assert_allclose(found.impedance, [10.2 - 0.4j, 10.6 - 1.2j], rtol=1e-15)
    with pytest.raises(InputError, match="a: 2 points are too few for the 3 parameters"):
        eis([found], "R0-p(R1,C1)")
