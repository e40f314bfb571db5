"""Databases of Arbin (.res), by access-parser."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.damaged import damaged
from lithomech.observe.readers.dialects import ARBIN
from lithomech.observe.readers.series import series_of, table_in_memory
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TimeSeries

MOST_BYTES: Final = 2 << 30
RECORDS: Final = "Channel_Normal_Table"
AUXILIARY: Final = "Auxiliary_Table"
CHANNELS: Final = "Aux_Global_Data_Table"
# Kinds of auxiliary channels: name, and the unit where the file gives none.
KINDS: Final[dict[float, tuple[str, str]]] = {
    0: ("Aux Voltage", "V"),
    1: ("Aux Temperature", "C"),
    2: ("Aux Pressure", ""),
}

CELLS: Final = ("Data_Type", "Auxiliary_Index", "Data_Point", "X")  # of an auxiliary value

Columns = dict[str, list[Any]]
Floats = NDArray[np.float64]


def read_res(path: Path, mapping: Mapping) -> TimeSeries:
    """Read the records of a .res file, auxiliary channels beside them.

    Raises:
        InputError: with the file: the extra is not installed, or it is no database of Arbin.
    """
    try:
        records, auxiliary, channels = _tables(path)
        point = _numbers(records, "Data_Point")
        test = _numbers(records, "Test_ID") if "Test_ID" in records else np.zeros(point.size)
        names, counts = np.unique(test, return_counts=True)
        kept = test == names[counts.argmax()]  # of several tests, that with most records
        order = np.flatnonzero(kept)[np.argsort(point[kept], kind="stable")]
        table = {name: np.asarray(v, object)[order] for name, v in records.items()}
        table |= _channels(auxiliary, channels, point[order], float(test[order[0]]))
        source = table_in_memory(path, tuple(table), list(table.values()), ARBIN, mapping)
        notes = ("one of several tests",) if not kept.all() else ()
        return series_of(source._replace(layout=notes), mapping)
    except InputError as error:
        raise error.located(file=str(path)) from None


def _tables(path: Path) -> tuple[Columns, Columns, Columns]:
    """Records, auxiliary values, and names of auxiliary channels.

    Raises:
        InputError: it cannot be read.
    """
    try:
        parser: Any = import_module("access_parser").AccessParser
    except ImportError:
        raise InputError(
            "reading a database of Arbin needs the extra package: pip install "
            "'lithomech[readers]'; or export it as CSV"
        ) from None
    if path.stat().st_size > MOST_BYTES:
        raise InputError("the database is larger than 2 GB")
    logging.getLogger("access_parser").setLevel(logging.CRITICAL)
    with damaged(path, "is no database that can be read"):
        base = parser(str(path))
        tables = {
            name: dict(base.parse_table(name)) if name in base.catalog else {}
            for name in (RECORDS, AUXILIARY, CHANNELS)
        }
    records = tables[RECORDS]
    lengths = {len(column) for column in records.values()}
    if "Data_Point" not in records or lengths in ({0}, set()) or len(lengths) > 1:
        raise InputError(f"the database has no whole table {RECORDS}")
    return records, tables[AUXILIARY], tables[CHANNELS]


def _numbers(table: Columns, name: str) -> Floats:
    """A column of numbers.

    Raises:
        InputError: it holds something else.
    """
    try:
        values = np.asarray(table[name], np.float64)
    except (TypeError, ValueError):
        values = np.array([np.nan])
    if values.shape != (len(table[name]),) or not np.all(np.isfinite(values)):
        raise InputError(f"the database is damaged: {name!r} holds values that are not numbers")
    return values


def _channels(
    auxiliary: Columns, channels: Columns, point: Floats, test: float
) -> dict[str, NDArray[Any]]:
    """Auxiliary channels as columns with a name and a unit; nan where a record has no value."""
    if not set(CELLS) <= set(auxiliary) or not len(auxiliary["X"]):
        return {}
    kinds, indices, points, x = (_numbers(auxiliary, name) for name in CELLS)
    tests = _numbers(auxiliary, "Test_ID") if "Test_ID" in auxiliary else np.full(x.size, test)
    names = _names(channels)
    columns = {}
    for kind, index in sorted(set(zip(kinds.tolist(), indices.tolist(), strict=True))):
        mine = (tests == test) & (kinds == kind) & (indices == index)
        at = np.searchsorted(point, points[mine]).clip(max=point.size - 1)
        known = point[at] == points[mine]
        values = np.full(point.size, np.nan)
        values[at[known]] = x[mine][known]
        name, usual = KINDS.get(kind, (f"Aux {kind:g}", ""))
        nickname, unit = names.get((kind, index), ("", ""))
        header = nickname or f"{name} {index + 1:g}"
        columns[f"{header} ({unit or usual or '-'})"] = values
    return columns


def _names(channels: Columns) -> dict[tuple[Any, Any], tuple[str, str]]:
    """Name and unit of each auxiliary channel that has them, by kind and index."""
    columns = [
        channels.get(n, ()) for n in ("Data_Type", "Auxiliary_Index", "Nickname", "Unit")
    ]
    rows = zip(*columns, strict=False)
    return {
        (kind, index): (str(name or ""), str(unit or "")) for kind, index, name, unit in rows
    }
