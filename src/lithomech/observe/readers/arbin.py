"""Databases of Arbin (.res), by access-parser."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.dialects import ARBIN
from lithomech.observe.readers.series import series_of, table_in_memory
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TimeSeries

MOST_BYTES: Final = 2 << 30
RECORDS: Final = "Channel_Normal_Table"
AUXILIARY: Final = "Auxiliary_Table"
CHANNELS: Final = "Aux_Global_Data_Table"
# Kinds of auxiliary channels: name, and the unit where the file gives none.
KINDS: Final = {0: ("Aux Voltage", "V"), 1: ("Aux Temperature", "C"), 2: ("Aux Pressure", "")}

Columns = dict[str, list[Any]]


def read_res(path: Path, mapping: Mapping) -> TimeSeries:
    """Read the records of a .res file, auxiliary channels beside them.

    Raises:
        InputError: with the file: the extra is not installed, or it is no database of Arbin.
    """
    try:
        records, auxiliary, channels = _tables(path)
        point = np.asarray(records["Data_Point"], np.int64)
        test = np.asarray(records.get("Test_ID", np.zeros(point.size)), np.int64)
        kept = test == np.bincount(test).argmax()  # of several tests, that with most records
        order = np.flatnonzero(kept)[np.argsort(point[kept], kind="stable")]
        table = {name: np.asarray(v, object)[order] for name, v in records.items()}
        table |= _channels(auxiliary, channels, point[order], int(test[order[0]]))
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
    try:
        base = parser(str(path))
        found = {
            name: dict(base.parse_table(name)) if name in base.catalog else {}
            for name in (RECORDS, AUXILIARY, CHANNELS)
        }
    except Exception as error:  # whatever a damaged file makes of it
        text = " ".join(str(error).split())[:200]
        raise InputError(f"is no database that can be read: {text}") from None
    records = found[RECORDS]
    lengths = {len(column) for column in records.values()}
    if "Data_Point" not in records or lengths in ({0}, set()) or len(lengths) > 1:
        raise InputError(f"the database has no whole table {RECORDS}")
    return records, found[AUXILIARY], found[CHANNELS]


def _channels(
    auxiliary: Columns, channels: Columns, point: NDArray[np.int64], test: int
) -> dict[str, NDArray[Any]]:
    """Auxiliary channels as columns with a name and a unit; nan where a record has no value."""
    if not auxiliary or not len(auxiliary.get("X", ())):
        return {}
    units = _units(channels)
    numbers = {name: np.asarray(v, np.float64) for name, v in auxiliary.items()}
    of_test = numbers.get("Test_ID", np.full(len(numbers["X"]), test)) == test
    columns = {}
    for kind, index in sorted(
        {*zip(numbers["Data_Type"], numbers["Auxiliary_Index"], strict=True)}
    ):
        mine = of_test & (numbers["Data_Type"] == kind) & (numbers["Auxiliary_Index"] == index)
        at = np.searchsorted(point, numbers["Data_Point"][mine])
        inside = at < point.size
        values = np.full(point.size, np.nan)
        values[at[inside]] = numbers["X"][mine][inside]
        name, usual = KINDS.get(int(kind), (f"Aux {int(kind)}", ""))
        nickname, unit = units.get((int(kind), int(index)), ("", usual))
        columns[f"{nickname or f'{name} {int(index) + 1}'} ({unit or usual or '-'})"] = values
    return columns


def _units(channels: Columns) -> dict[tuple[int, int], tuple[str, str]]:
    """Name and unit of each auxiliary channel that has them, by kind and index."""
    if not channels:
        return {}
    rows = zip(
        *(channels.get(n, ()) for n in ("Data_Type", "Auxiliary_Index", "Nickname", "Unit")),
        strict=False,
    )
    return {(int(k), int(i)): (str(n or ""), str(u or "")) for k, i, n, u in rows}
