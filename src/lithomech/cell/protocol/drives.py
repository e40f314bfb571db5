"""Drives: currents or powers over time, from a CSV file or as a result keeps them."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lithomech.cell.protocol.steps import Drive
from lithomech.errors import InputError
from lithomech.files.yamlfile import KeyPath, join_key

MAX_DRIVE_BYTES: Final = 20_000_000
_TIME: Final = "time_s"
_TIME_COLUMN: Final = "Test Time / s"
_COLUMNS: Final = {"Current / A": "current_A", "Power / W": "power_W"}


def read_drive(item: Mapping[str, object], base: Path, key: KeyPath) -> Drive:
    """Read ``drive: {file: x.csv}``, or the same with its rows inside.

    Args:
        item: the entry of a protocol.
        base: folder of the file.
        key: where the entry stands, for messages.

    Raises:
        InputError: no such file, or it holds no drive.
    """
    named = item["drive"]
    keys = set(named) if isinstance(named, Mapping) else set()
    file = named["file"] if isinstance(named, Mapping) and "file" in keys else None
    if not isinstance(file, str) or keys - {"file", _TIME, *_COLUMNS.values()}:
        raise InputError("write it as drive: {file: name.csv}", key=join_key((*key, "drive")))
    if isinstance(named, Mapping) and len(keys) > 1:
        return _from_rows(named, file)
    try:
        return _read_file(base / file)
    except csv.Error as error:
        raise InputError(f"not a CSV file: {error}", file=str(base / file)) from None
    except InputError as error:
        raise error.located(file=str(base / file)) from None


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
    if not isinstance(named, Mapping) or set(named) != {"file"}:
        return item
    try:
        drive = read_drive(item, base, ())
    except InputError:
        return item
    columns = {name: getattr(drive, name) for name in _COLUMNS.values()}
    rows = {name: values for name, values in columns.items() if values is not None}
    return {"drive": {"file": drive.name, _TIME: drive.time_s, **rows}}


def _from_rows(named: Mapping[str, Any], file: str) -> Drive:
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
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("time_s and current_A or power_W must be lists of numbers") from None


def _read_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_DRIVE_BYTES + 1)
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot be read: {reason}") from None
    if len(content) > MAX_DRIVE_BYTES:
        raise InputError(f"larger than {MAX_DRIVE_BYTES // 10**6} MB")
    return lines


def _read_file(path: Path) -> Drive:
    """Read a CSV with time and either current or power; its first row becomes time 0."""
    lines = _read_lines(path)
    header = [name.strip() for name in next(csv.reader(lines), [])]
    found = [name for name in _COLUMNS if name in header]
    if _TIME_COLUMN not in header or len(found) != 1:
        allowed = " or ".join(f"{name!r}" for name in _COLUMNS)
        raise InputError(f"needs the columns {_TIME_COLUMN!r} and either {allowed}", line=1)
    wanted = (header.index(_TIME_COLUMN), header.index(found[0]))
    rows = [
        _row(row, wanted, line)
        for line, row in enumerate(csv.reader(lines), start=1)
        if line > 1 and row
    ]
    start = rows[0][0] if rows else 0.0
    columns = dict.fromkeys(_COLUMNS.values())
    columns[_COLUMNS[found[0]]] = tuple(value for _, value in rows)
    time_s = tuple(time - start for time, _ in rows)
    return Drive(time_s, name=path.name, text=f"Drive {path.name}", **columns)


def _row(row: list[str], wanted: tuple[int, int], line: int) -> tuple[float, float]:
    try:
        time, value = (float(row[index]) for index in wanted)
    except (ValueError, IndexError):
        raise InputError("a number is missing or cannot be read", line=line) from None
    if not (math.isfinite(time) and math.isfinite(value)):
        raise InputError("holds a number that is not finite", line=line)
    return time, value
