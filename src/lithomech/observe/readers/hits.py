"""Acoustic hits: Vallen databases (.pridb, with .trfdb beside it) and plain columns."""

import sqlite3
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.observe.hits import Hits
from lithomech.observe.readers.table import read_columns
from lithomech.observe.readers.text import find_layout
from lithomech.observe.vocabulary import factor, split_header

Floats = NDArray[np.float64]

MOST_HITS: Final = 5_000_000
HIT: Final = 2  # kind of a row in ae_data
# Headers in lower case without unit, their quantity and its SI unit.
NAMES: Final = {
    "time": ("time", "s"),
    "test time": ("time", "s"),
    "peak frequency": ("frequency", "Hz"),
    "fft_fom": ("frequency", "Hz"),
    "f(max. amp.)": ("frequency", "Hz"),
    "frequency": ("frequency", "Hz"),
    "amplitude": ("amplitude", "V"),
    "amp": ("amplitude", "V"),
    "energy": ("energy", "1"),
}
HERTZ: Final = {"[kHz]": 1e3, "[Hz]": 1.0, "[MHz]": 1e6}


def read_hits(path: str | Path) -> Hits:
    """Read acoustic hits.

    Peak frequencies of a .pridb stand in the .trfdb of the same name; without it the mean
    frequency (counts over duration) is taken, and a note says so.

    Raises:
        InputError: with the file: it holds none.

    Examples:
        >>> import lithomech as lm
        >>> lm.read_hits("measured/hits.pridb").frequency.size > 0
        True
    """
    path = path_of(path)
    try:
        return _database(path) if path.suffix.lower() == ".pridb" else _text(path)
    except InputError as error:
        raise error.located(file=str(path)) from None


def _database(path: Path) -> Hits:
    if not path.is_file():
        raise InputError("there is no such file")
    try:
        base = _rows(path, "SELECT Value FROM ae_globalinfo WHERE Key = 'TimeBase'")
        rows = _rows(
            path,
            'SELECT d.Time, d.Amp * p."ADC_µV", d.Eny * p.ADC_TE, d.Counts, d.Dur, d.TRAI '
            "FROM ae_data d LEFT JOIN ae_params p ON p.ID = d.ParamID "
            f"WHERE d.SetType = {HIT} ORDER BY d.Time LIMIT {MOST_HITS}",
        )
        tick = 1.0 / float(base[0][0])
        table = np.array(
            [[np.nan if v is None else v for v in row] for row in rows], np.float64
        )
    except (sqlite3.Error, ValueError, TypeError, IndexError, ZeroDivisionError) as error:
        raise InputError(f"is no database of acoustic hits: {error}") from None
    if not table.size:
        raise InputError("the database holds no hits")
    time, amplitude, energy, counts, duration, trai = table.T
    peak = _peaks(path.with_suffix(".trfdb"), trai)
    if peak is not None:
        return Hits(time * tick, peak, amplitude * 1e-6, energy, path.stem)
    with np.errstate(all="ignore"):
        mean = counts / (duration * tick)
    note = "no .trfdb beside it: frequencies are counts over duration, not peaks"
    return Hits(time * tick, mean, amplitude * 1e-6, energy, path.stem, (note,))


def _peaks(path: Path, trai: Floats) -> Floats | None:
    """Frequency of the largest amplitude by the index of the transient record."""
    if not path.is_file():
        return None
    try:
        unit = _rows(path, "SELECT Unit FROM trf_fieldinfo WHERE field = 'FFT_FoM'")
        rows = _rows(path, f"SELECT TRAI, FFT_FoM FROM trf_data LIMIT {MOST_HITS}")
        known = {int(t): float(f) for t, f in rows if t is not None and f is not None}
        scale = HERTZ.get(str(unit[0][0]), 1e3) if unit else 1e3
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise InputError(f"is no database of transients: {error}", file=str(path)) from None
    return scale * np.array([known.get(int(t), np.nan) if t == t else np.nan for t in trai])  # noqa: PLR0124  nan


def _rows(path: Path, question: str) -> list[tuple[Any, ...]]:
    # read only and immutable: no lock, no journal is made beside the measurement
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    base = sqlite3.connect(address, uri=True)
    try:
        return base.execute(question).fetchall()
    finally:
        base.close()


def _text(path: Path) -> Hits:
    layout = find_layout(path)
    places: dict[str, tuple[int, float]] = {}
    for place, header in enumerate(layout.header):
        name, unit = split_header(header)
        known = NAMES.get(name.lower().strip())
        if known is None or known[0] in places:
            continue
        slope = factor(unit, known[1])[0] if unit and known[1] != "1" else 1.0
        places[known[0]] = place, slope
    if not {"time", "frequency"} <= set(places):
        shown = ", ".join(repr(h) for h in layout.header if h)
        raise InputError(f"no columns Time and Peak frequency; the columns are {shown}")
    found, _ = read_columns(path, layout, {p: "number" for p, _ in places.values()})
    columns = {key: slope * found.numbers[place] for key, (place, slope) in places.items()}
    nothing = np.full(found.numbers[places["time"][0]].size, np.nan)
    return Hits(
        columns["time"],
        columns["frequency"],
        columns.get("amplitude", nothing),
        columns.get("energy", nothing),
        path.stem,
    )
