"""The columns of a text table as numbers, read in pieces so that memory is bounded."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.readers.dates import Order, moments
from lithomech.observe.readers.formats import (
    MISSING,
    Cells,
    Format,
    clocks,
    decide,
    numbers,
    shapes,
    texts,
)
from lithomech.observe.readers.nested import Flattened
from lithomech.observe.readers.text import SPACES, Layout

Floats = NDArray[np.float64]

PIECE: Final = 100_000  # rows read at a time
MOST_ROWS: Final = 2_000_000  # rows kept; of a longer file every second, fourth, ...
MOST_BYTES: Final = 64 << 30
MOST_COLUMNS: Final = 1000
_PLAIN: Final = Format(Cells.NUMBERS)


class Style(NamedTuple):
    """What is known of the cells before they are looked at.

    Attributes:
        decimal: "." or "," where the user states it.
        order: of day and month, where the user states it.
        habit: of instruments of this kind, where the column does not decide.
    """

    decimal: str | None = None
    order: Order | None = None
    habit: Order | None = None


class Column(NamedTuple):
    """A column that was read.

    Attributes:
        values: shape (rows,): numbers as written, seconds of clocks, seconds since 1970 of
            dates; nan where there is none.
        cells: which of these they are.
        refused: number of cells that hold something else.
        problem: why the column cannot be read; "" if it can.
        note: what was decided on the way; "" if nothing.
    """

    values: Floats
    cells: Cells
    refused: int
    problem: str = ""
    note: str = ""


class Columns(NamedTuple):
    """What was read.

    Attributes:
        columns: by place in the header.
        rows: rows in the file.
        stride: one of how many rows was kept.
        decimal: decimal sign of the table.
    """

    columns: dict[int, Column]
    rows: int
    stride: int
    decimal: str

    @property
    def numbers(self) -> dict[int, Floats]:
        """Values by place in the header."""
        return {place: column.values for place, column in self.columns.items()}


Part = tuple[NDArray[Any], int]  # values of a piece, and how many cells hold none


def read_columns(
    path: Path,
    layout: Layout,
    wanted: Iterable[int],
    codes: int | None = None,
    style: Style = Style(),  # noqa: B008  a tuple
) -> tuple[Columns, NDArray[Any] | None]:
    """Read some columns of a table.

    Args:
        path: the file.
        layout: of its table.
        wanted: places of the columns in the header.
        codes: place of a column of words that is returned beside the numbers.
        style: what is known of the cells.

    Raises:
        InputError: the file is cut in a way that cannot be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise InputError("the file is larger than 64 GB", file=str(path))
    places = list(dict.fromkeys(wanted))
    kept, formats = _plain(path, layout, places, codes), dict.fromkeys(places, _PLAIN)
    if kept is None:
        formats = _formats(path, layout, places, style)
        kept = _Kept(places, codes)
        for piece in _pieces(path, layout, kept.every, plain=False):
            kept.add(
                {p: _values(texts(pd.Series(piece[p])), formats[p]) for p in places}, piece
            )
    columns = {p: _finished(kept, p, formats[p], style) for p in places}
    comma = any(form.decimal == "," for form in formats.values())
    read = Columns(columns, kept.rows, kept.stride, "," if comma else ".")
    return read, kept.joined(codes) if codes is not None else None


def _plain(path: Path, layout: Layout, places: list[int], codes: int | None) -> "_Kept | None":
    """Rows of a file whose cells are all numbers with a decimal point; else None."""
    kept = _Kept(places, codes)
    for piece in _pieces(path, layout, kept.every, plain=True):
        if any(piece[place].dtype.kind not in "fiub" for place in places):
            return None
        kept.add({p: (piece[p].to_numpy(np.float64), 0) for p in places}, piece)
    return kept


def _formats(path: Path, layout: Layout, places: list[int], style: Style) -> dict[int, Format]:
    """What each column is, from all its cells."""
    counts: dict[int, Counter[str]] = {place: Counter() for place in places}
    for piece in _pieces(path, layout, places, plain=False):
        for place in places:
            counts[place] += shapes(texts(pd.Series(piece[place])))
    return decide(counts, layout.delimiter, style.decimal)


def _values(cells: pd.Series, form: Format) -> Part:
    """Values of cells, and how many hold something else; dates stay as text."""
    if form.cells is Cells.MOMENTS:
        return cells.to_numpy(object), 0
    if form.cells is Cells.NOTHING:
        values = np.full(len(cells), np.nan)
    elif form.cells is Cells.CLOCKS:
        values = clocks(cells.tolist())
    else:
        values = numbers(cells, form)
    return values, _lost(cells.to_numpy(object), values)


def _lost(cells: NDArray[Any], values: Floats) -> int:
    """Number of cells that hold something, but no value."""
    return sum(cell.lower() not in MISSING for cell in cells[~np.isfinite(values)])


def _finished(kept: "_Kept", place: int, form: Format, style: Style) -> Column:
    values = kept.joined(place)
    if form.cells is not Cells.MOMENTS:
        cells = form.cells if np.isfinite(values).any() else Cells.NOTHING
        return Column(values, cells, kept.refused[place], form.problem)
    dates = moments(values.tolist(), style.order, style.habit)
    return Column(
        dates.values, form.cells, _lost(values, dates.values), dates.problem, dates.note
    )


def read_cells(table: Sequence[Sequence[Any]], wanted: Iterable[int], style: Style) -> Columns:
    """Read some columns of a table that is in memory.

    Args:
        table: cells by column: numbers, texts, or nothing.
        wanted: places of the columns.
        style: what is known of the cells.
    """
    places = list(dict.fromkeys(wanted))
    numbers_only = {p: values for p in places if (values := _as_numbers(table[p])) is not None}
    columns = {p: texts(pd.Series(list(table[p]))) for p in places if p not in numbers_only}
    formats = dict.fromkeys(places, _PLAIN)
    formats |= decide({p: shapes(columns[p]) for p in columns}, ",", style.decimal)
    kept = _Kept(places, None)
    parts = {p: _values(columns[p], formats[p]) for p in columns}
    kept.add(parts | {p: (values, 0) for p, values in numbers_only.items()}, {})
    rows = len(table[0]) if table else 0
    finished = {p: _finished(kept, p, formats[p], style) for p in places}
    return Columns(finished, rows, kept.stride, ".")


def _as_numbers(cells: Sequence[Any]) -> Floats | None:
    """Cells that are numbers already or empty; None if one of them is neither."""
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiub":
        return cells.astype(np.float64)
    if any(not isinstance(c, float | int) and c not in {"", None} for c in cells):
        return None
    return np.array([np.nan if c in {"", None} else c for c in cells], np.float64)


def _pieces(
    path: Path, layout: Layout, places: list[int], *, plain: bool
) -> Iterator[pd.DataFrame]:
    """Pieces of the file, as numbers where they are ``plain``, else as text."""
    if len(layout.header) > MOST_COLUMNS:
        raise InputError(f"the table has more than {MOST_COLUMNS} columns", file=str(path))
    source: Any = path
    if layout.levels is not None:
        source = Flattened(path, layout.encoding, layout.delimiter, layout.levels)
    try:
        with pd.read_csv(
            source,
            sep=r"\s+" if layout.delimiter == SPACES else layout.delimiter,
            encoding=layout.encoding,
            encoding_errors="replace",
            header=None,
            names=range(layout.width),
            index_col=False,
            usecols=sorted(set(places)),
            skiprows=layout.first,
            chunksize=PIECE,
            low_memory=False,
            skip_blank_lines=True,
            dtype=None if plain else str,
            quoting=csv.QUOTE_NONE if layout.quoted else csv.QUOTE_MINIMAL,
            keep_default_na=plain,
        ) as reader:
            yield from reader
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OSError) as error:
        cause = " ".join(str(error).split()).removeprefix("Error tokenizing data. ")
        raise InputError(f"the table cannot be read: {cause}", file=str(path)) from None


class _Kept:
    """Rows that are kept of a file: all, or every second, fourth, ... of a long one."""

    def __init__(self, places: list[int], codes: int | None) -> None:
        self.every = [*places, *([codes] if codes is not None else [])]
        self.codes = codes
        self.parts: dict[int, list[NDArray[Any]]] = {place: [] for place in self.every}
        self.refused: Counter[int] = Counter()
        self.rows, self.stride, self.held = 0, 1, 0

    def add(self, parts: dict[int, Part], piece: Any) -> None:  # noqa: ANN401  a frame
        values = {place: part[0] for place, part in parts.items()}
        self.refused.update({place: part[1] for place, part in parts.items()})
        if self.codes is not None:
            values[self.codes] = texts(piece[self.codes]).to_numpy(object)
        length = max((len(v) for v in values.values()), default=0)
        take = slice(-self.rows % self.stride, None, self.stride)
        for place, part in values.items():
            self.parts[place].append(part[take])
        self.rows += length
        self.held += len(range(length)[take])
        while self.held > MOST_ROWS:
            self.parts = {p: [np.concatenate(v)[::2]] for p, v in self.parts.items()}
            self.stride, self.held = 2 * self.stride, (self.held + 1) // 2

    def joined(self, place: int) -> NDArray[Any]:
        parts = self.parts[place]
        return np.concatenate(parts) if parts else np.zeros(0)
