"""Impedance spectra from text: ZPlot, Gamry, EC-Lab, and plain columns."""

import re
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.table import read_columns
from lithomech.observe.readers.text import Layout, find_layout, read_head
from lithomech.observe.spectrum import FEWEST, Spectrum
from lithomech.observe.vocabulary import split_header

Floats = NDArray[np.float64]

MOST_BYTES: Final = 1 << 28
# Headers in lower case without spaces and units, and what they are.
NAMES: Final = {
    "freq": "f",
    "frequency": "f",
    "f": "f",
    "frequencyhz": "f",
    "re(z)": "re",
    "zreal": "re",
    "z'": "re",
    "zre": "re",
    "realimpedance": "re",
    "re": "re",
    "im(z)": "im",
    "zimag": "im",
    "z''": "im",
    'z"': "im",
    "zim": "im",
    "imaginaryimpedance": "im",
    "im": "im",
    "-im(z)": "-im",
    "-z''": "-im",
    '-z"': "-im",
    "-zimag": "-im",
    "-im": "-im",
    "cyclenumber": "cycle",
    "cyclecount": "cycle",
    "cycle": "cycle",
    "time": "time",
    "testtime": "time",
    "surfacepressure": "pressure",
    "stackpressure": "pressure",
}
SCALE: Final = {"khz": 1e3, "mhz": 1e6, "kohm": 1e3, "mohm": 1e-3, "mpa": 1e6, "kpa": 1e3}
SCALE_CASED: Final = {"MHz": 1e6, "mHz": 1e-3, "MOhm": 1e6, "MΩ": 1e6, "kΩ": 1e3, "mΩ": 1e-3}


def read_spectra(path: Path) -> tuple[Spectrum, ...]:
    """Read the spectra of a text file.

    A spectrum begins where the frequency jumps back to where it began, or where the cycle
    number changes. Points at frequency nil, as EC-Lab writes them between spectra, are left
    out.

    Raises:
        InputError: with the file: there is none in it.
    """
    try:
        text, encoding = read_head(path)
        whole = _whole(path, encoding)
        if "ZCURVE" in text:
            columns = _gamry(whole)
        elif "End Comments" in whole:
            columns = _zplot(whole)
        else:
            columns = _table(path, find_layout(path))
        return _split(columns, path.stem)
    except InputError as error:
        raise error.located(file=str(path)) from None


def _whole(path: Path, encoding: str) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise InputError("more than 256 MB is no file of spectra")
    return path.read_text(encoding=encoding, errors="replace")


def _gamry(whole: str) -> dict[str, Floats]:
    """The table ZCURVE of an Explain file: names, units, then indented rows."""
    lines = whole.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("ZCURVE"))
    if len(lines) < start + 3:
        raise InputError("the file ends within the table ZCURVE")
    names = [name.strip() for name in lines[start + 1].split("\t")]
    places = {key: names.index(n) for n, key in _GAMRY.items() if n in names}
    if not {"f", "re", "im"} <= set(places):
        raise InputError("the table ZCURVE has no Freq, Zreal and Zimag")
    rows = []
    for line in lines[start + 3 :]:
        cells = line.split("\t")
        if not line.startswith("\t") or len(cells) < len(names):
            break
        rows.append([_number(cells[place]) for place in places.values()])
    if not rows:
        raise InputError("the table ZCURVE has no rows")
    return dict(zip(places, np.array(rows).T, strict=True))


_GAMRY: Final = {"Freq": "f", "Zreal": "re", "Zimag": "im", "Time": "time"}


def _zplot(whole: str) -> dict[str, Floats]:
    """Rows after "End Comments": frequency, two potentials, time, Z', Z'' and more."""
    body = whole.partition("End Comments")[2]
    rows = []
    for line in body.splitlines():
        cells = re.split(r"[\s,]+", line.strip())
        if len(cells) >= 6:
            rows.append([_number(cell) for cell in cells[:6]])
    if not rows:
        raise InputError("there are no rows after 'End Comments'")
    table = np.array(rows).T
    return {"f": table[0], "time": table[3], "re": table[4], "im": table[5]}


def _number(cell: str) -> float:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return float("nan")


def _table(path: Path, layout: Layout) -> dict[str, Floats]:
    """Named columns; without names that are known, the first three."""
    places: dict[str, int] = {}
    scales: dict[str, float] = {}
    for place, header in enumerate(layout.header):
        name, unit = split_header(header)
        key = NAMES.get(re.sub(r"[\s_]", "", name.lower()))
        if key is not None and key not in places:
            places[key] = place
            scales[key] = SCALE_CASED.get(unit, SCALE.get(unit.lower(), 1.0))
    if not ({"f", "re"} <= set(places) and {"im", "-im"} & set(places)):
        shown = ", ".join(repr(h) for h in layout.header if h)
        raise InputError(
            f"no columns of an impedance: frequency, Z' and Z''; the columns are {shown}"
        )
    found, _ = read_columns(path, layout, dict.fromkeys(places.values(), "number"))
    return {key: scales[key] * found.numbers[place] for key, place in places.items()}


def _split(columns: dict[str, Floats], name: str) -> tuple[Spectrum, ...]:
    """One spectrum per sweep."""
    f = columns["f"]
    imaginary = columns["im"] if "im" in columns else -columns["-im"]
    good = np.isfinite(f) & (f > 0.0) & np.isfinite(columns["re"]) & np.isfinite(imaginary)
    if not good.any():
        raise InputError("no row has a frequency and an impedance")
    f, z = f[good], (columns["re"] + 1j * imaginary)[good]
    parts = np.split(np.arange(f.size), _starts(f, columns.get("cycle"), good))
    spectra = []
    for part in parts:
        if part.size < FEWEST:
            continue
        conditions = {
            label: float(np.median(columns[key][good][part]))
            for key, label in _CONDITIONS.items()
            if key in columns and np.isfinite(columns[key][good][part]).any()
        }
        spectra.append((part, conditions))
    if not spectra:
        raise InputError(f"no sweep has {FEWEST} points")
    left = int((~good).sum())
    notes = (f"{left} rows without a frequency or impedance were left out",) if left else ()
    return tuple(
        Spectrum(f[p], z[p], name if len(spectra) == 1 else f"{name} {n + 1}", c, notes)
        for n, (p, c) in enumerate(spectra)
    )


_CONDITIONS: Final = {"cycle": "cycle", "time": "time_s", "pressure": "stack_pressure_Pa"}


def _starts(f: Floats, cycle: Floats | None, good: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows at which another sweep begins: the frequency turns and jumps by a decade."""
    step = np.diff(np.log10(f))
    way = np.sign(np.median(step)) if step.size else 0.0
    jump = way * step < -1.0
    if cycle is not None:
        jump |= np.diff(cycle[good]) != 0.0
    return np.flatnonzero(jump) + 1
