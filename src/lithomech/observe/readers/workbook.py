"""Tables of Excel workbooks, by python-calamine."""

import datetime
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from lithomech.errors import InputError
from lithomech.files.damaged import damaged
from lithomech.observe.readers.archive import check_archive
from lithomech.observe.readers.dialects import dialect_of
from lithomech.observe.readers.header_rows import (
    MOST_PREAMBLE,
    ROWS_COUNTED,
    Table,
    score,
    tables,
)
from lithomech.observe.readers.series import series_of, table_in_memory
from lithomech.observe.readers.text import Layout
from lithomech.observe.spec import Mapping
from lithomech.observe.timeseries import TimeSeries

MOST_SHEETS: Final = 200
MOST_BYTES: Final = 512 << 20
ZIPPED: Final = {".xlsx", ".xlsm"}

Rows = list[list[Any]]


class _Sheet(NamedTuple):
    """A sheet with the table that was found in it."""

    name: str
    rows: Rows
    table: Table


def read_workbook(path: Path, mapping: Mapping) -> TimeSeries:
    """Read the sheet whose table fits best; sheets with the same header go on from it.

    Raises:
        InputError: with the file: the extra is not installed, it is no workbook, or no sheet
            holds a table.
    """
    try:
        header, cells, names = best_table(path, mapping.header_line)
        dialect = dialect_of(Layout("", "", header, len(header), 0, ()))
        source = table_in_memory(path, header, cells, dialect, mapping)
        return series_of(source._replace(layout=(f"sheets: {names}",)), mapping)
    except InputError as error:
        raise error.located(file=str(path)) from None


def best_table(path: Path, header_line: int | None) -> tuple[tuple[str, ...], Rows, str]:
    """Return header, cells by column and names of the sheets whose table fits best.

    Raises:
        InputError: the extra is not installed, it is no workbook, or no sheet holds a table.
    """
    sheets = _sheets(path, header_line)
    header = max(sheets, key=_fit).table.header
    same = [sheet for sheet in sheets if sheet.table.header == header]
    rows = [row for sheet in same for row in sheet.rows[sheet.table.first :]]
    cells = [[_cell(row, place) for row in rows] for place in range(len(header))]
    return header, cells, ", ".join(repr(sheet.name) for sheet in same)


def _sheets(path: Path, header_line: int | None) -> list[_Sheet]:
    """Sheets that hold a table.

    Raises:
        InputError: the file cannot be read.
    """
    if path.suffix.lower() in ZIPPED:
        check_archive(path)
    elif path.stat().st_size > MOST_BYTES:
        raise InputError("the workbook is larger than 512 MB")
    try:
        calamine: Any = import_module("python_calamine")
    except ImportError:
        raise InputError(
            "reading a workbook needs the extra package: pip install 'lithomech[readers]'; or "
            "save the sheet as CSV"
        ) from None
    places = range(MOST_PREAMBLE) if header_line is None else [header_line - 1]
    with damaged(path, "is no workbook that can be read"):
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = []
        for name in book.sheet_names[:MOST_SHEETS]:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            head = [
                [text_of(cell) for cell in row] for row in rows[: MOST_PREAMBLE + ROWS_COUNTED]
            ]
            best = max(tables(head, places), key=score, default=None)
            sheets += [_Sheet(name, rows, best)] if best is not None else []
    if not sheets:
        raise InputError(
            "no sheet holds a table: a row of names over rows of numbers; say its place with "
            "header_line in a mapping file"
        )
    return sheets


def _fit(sheet: _Sheet) -> tuple[int, int]:
    """Quantities that are recognised, then rows: a summary has few of them."""
    return sheet.table.known // 4, len(sheet.rows)


def _cell(row: Sequence[Any], place: int) -> object:
    cell = row[place] if place < len(row) else ""
    return (
        cell if isinstance(cell, float | int) and not isinstance(cell, bool) else text_of(cell)
    )


def text_of(cell: object) -> str:
    """Return a cell as it would stand in a text file."""
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(cell.total_seconds(), 60.0)
        hours, minutes = divmod(int(minutes), 60)
        return f"{hours}:{minutes:02d}:{seconds:06.3f}"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()
