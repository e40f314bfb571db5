"""Acoustic hits: Vallen databases (.pridb, with .trfdb beside it) and plain columns."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.database import open_database
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
    tables = ("ae_globalinfo", "ae_data", "ae_params")
    with open_database(path, tables, "is no database of acoustic hits") as base:
        ticks = base.value("SELECT Value FROM ae_globalinfo WHERE Key = 'TimeBase'")
        tick = 1.0 / float(str(ticks))
        table = base.numbers(
            'SELECT d.Time, d.Amp * p."ADC_µV", d.Eny * p.ADC_TE, d.Counts, d.Dur, d.TRAI '
            "FROM ae_data d LEFT JOIN ae_params p ON p.ID = d.ParamID "
            f"WHERE d.SetType = {HIT} ORDER BY d.Time LIMIT {MOST_HITS}",
            6,
        )
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
    tables = ("trf_fieldinfo", "trf_data")
    with open_database(path, tables, "is no database of transients") as base:
        unit = base.value("SELECT Unit FROM trf_fieldinfo WHERE field = 'FFT_FoM'")
        rows = base.numbers(f"SELECT TRAI, FFT_FoM FROM trf_data LIMIT {MOST_HITS}", 2)
    rows = rows[np.all(np.isfinite(rows), axis=1)]
    index, last = np.unique(rows[::-1, 0], return_index=True)  # the last of each counts
    if not index.size:
        return np.full(trai.shape, np.nan)
    place = np.minimum(np.searchsorted(index, trai), index.size - 1)
    frequency = HERTZ.get(str(unit), 1e3) * rows[::-1, 1][last[place]]
    return np.where(index[place] == trai, frequency, np.nan)


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
    table, _ = read_columns(path, layout, {p: "number" for p, _ in places.values()})
    columns = {key: slope * table.numbers[place] for key, (place, slope) in places.items()}
    nothing = np.full(table.numbers[places["time"][0]].size, np.nan)
    return Hits(
        columns["time"],
        columns["frequency"],
        columns.get("amplitude", nothing),
        columns.get("energy", nothing),
        path.stem,
    )
