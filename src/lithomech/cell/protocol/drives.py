"""Drives: currents or powers over time, from a file or as a result keeps them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from lithomech.cell.protocol.amounts import clauses, limit
from lithomech.cell.protocol.steps import Drive, Limit
from lithomech.errors import InputError
from lithomech.files.damaged import plain_size
from lithomech.files.quantity import shown
from lithomech.files.yamlfile import KeyPath, join_key

MAX_DRIVE_BYTES: Final = 20_000_000
_TIME: Final = "time_s"
_KEYS: Final = ("file", "until", "mapping")
_COLUMNS: Final = {"Current / A": "current_A", "Power / W": "power_W"}


def read_drive(item: Mapping[str, object], base: Path, key: KeyPath) -> Drive:
    """Read ``drive: {file: x.csv}``, or the same with its rows inside.

    Beside it may stand ``until: 4.3 V`` and ``mapping: map.yaml``, for a file whose columns do
    not say what they are.

    Args:
        item: the entry of a protocol.
        base: folder of the file.
        key: where the entry stands, for messages.

    Raises:
        InputError: no such file, or it holds no drive.
    """
    named = item["drive"]
    if not isinstance(named, Mapping) or not _is_drive(named):
        allowed = "drive: {file: name.csv}, with until: 4.3 V and mapping: map.yaml if needed"
        raise InputError(f"write it as {allowed}", key=join_key((*key, "drive")))
    keys = set(named)
    until, file = _until(named.get("until")), str(named["file"])
    if keys - set(_KEYS):
        return _from_rows(named, file, until)
    mapping = base / str(named["mapping"]) if "mapping" in keys else None
    try:
        return _read_file(base / file, mapping, until)
    except InputError as error:
        raise error.located(file=str(base / file)) from None


def _is_drive(named: Mapping[str, object]) -> bool:
    """Whether a mapping has the keys of a drive, and names of files in them."""
    files = [named.get("file"), named.get("mapping", "")]
    known = {*_KEYS, _TIME, *_COLUMNS.values()}
    return all(isinstance(name, str) for name in files) and set(named) <= known


def _until(text: object) -> tuple[Limit, ...]:
    """Limits such as "2.5 V or 4.3 V or 10 MPa".

    Raises:
        InputError: they cannot be read, or one is a current.
    """
    if text is None:
        return ()
    if not isinstance(text, str):
        raise InputError(f"until must be text such as '2.5 V or 4.3 V', not {shown(text)}")
    try:
        return tuple(map(limit, clauses(f"until {text}")["until"]))
    except InputError as error:
        raise InputError(f"until: {error.message}") from None


def with_rows(items: object, base: Path) -> object:
    """Return a protocol with the rows of its drive files inside; all else unchanged.

    Args:
        items: steps as in a cell file; what is wrong in them stays for ``parse_protocol``.
        base: folder of the files.
    """
    if not isinstance(items, list | tuple):
        return items
    return [_inside(item, base) for item in items]


def _inside(item: object, base: Path) -> object:
    if not isinstance(item, Mapping):
        return item
    if set(item) == {"repeat", "steps"}:
        return {**item, "steps": with_rows(item["steps"], base)}
    named = item.get("drive") if set(item) == {"drive"} else None
    if not isinstance(named, Mapping) or set(named) - set(_KEYS):
        return item
    try:
        drive = read_drive(item, base, ())
    except InputError:
        return item
    columns = {name: getattr(drive, name) for name in _COLUMNS.values()}
    rows = {name: values for name, values in columns.items() if values is not None}
    until = {"until": named["until"]} if "until" in named else {}
    return {"drive": {"file": drive.name, _TIME: drive.time_s, **rows, **until}}


def _from_rows(named: Mapping[str, Any], file: str, until: tuple[Limit, ...]) -> Drive:
    try:
        columns = {
            name: tuple(map(float, named[name]))
            for name in (_TIME, *_COLUMNS.values())
            if name in named
        }
        return Drive(
            columns[_TIME],
            columns.get("current_A"),
            columns.get("power_W"),
            name=file,
            text=f"Drive {file}",
            until=until,
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("time_s and current_A or power_W must be lists of numbers") from None


def _read_file(path: Path, mapping: Path | None, until: tuple[Limit, ...]) -> Drive:
    """Read a file with time and current or power as any measured one, from time 0 on."""
    from lithomech.observe.readers.files import read_series  # noqa: PLC0415  slow to import

    if plain_size(path) > MAX_DRIVE_BYTES:
        raise InputError(f"larger than {MAX_DRIVE_BYTES // 10**6} MB")
    series = read_series(path, mapping)
    name = next((column for column in _COLUMNS if column in series.columns), None)
    if name is None:
        shown = ", ".join(series.columns)
        raise InputError(f"a drive needs a current or a power; the file has {shown}")
    if series.reading is not None and series.reading.dropped:
        raise InputError(f"{series.reading.dropped} rows have no time")
    lost = np.flatnonzero(~np.isfinite(series.columns[name]))
    if lost.size:
        raise InputError(f"row {int(lost[0]) + 1} of the table holds no number in {name!r}")
    columns = dict.fromkeys(_COLUMNS.values())
    columns[_COLUMNS[name]] = tuple(series.columns[name].tolist())
    time_s = tuple((series.time - series.time[0]).tolist())
    return Drive(time_s, name=path.name, text=f"Drive {path.name}", until=until, **columns)
