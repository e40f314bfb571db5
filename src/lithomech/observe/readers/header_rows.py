"""Where the names of a table stand among rows of cells: the best match wins, not the first."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from lithomech.observe.readers.formats import MISSING, is_value
from lithomech.observe.readers.headers import match_headers
from lithomech.observe.vocabulary import IMPEDANCE, SERIES, is_unit, terms

MOST_PREAMBLE: Final = 400  # rows before the table
ROWS_COUNTED: Final = 50  # rows that are compared between two tables of a file

Cells = Sequence[str]


class Table(NamedTuple):
    """A row that can be the header of a table.

    Attributes:
        place: of the row, from 0.
        header: names, with a unit row below them joined on.
        width: cells of its longest row.
        first: place of its first row of data.
        rows: how many of them there are, up to a limit.
    """

    place: int
    header: tuple[str, ...]
    width: int
    first: int
    rows: int

    @property
    def known(self) -> int:
        """How many quantities its names stand for; those with a unit count twice."""
        matched = match_headers(self.header, (*terms(SERIES), *terms(IMPEDANCE))).chosen
        return sum(1 if candidate.problem else 2 for candidate in matched.values())


def score(table: Table) -> tuple[int, int, int, int]:
    """How well a table fits: quantities that are recognised, rows, columns, and its place."""
    return table.known, table.rows, len(table.header), -table.place


def tables(rows: Sequence[Cells], places: Iterable[int]) -> list[Table]:
    """Return the tables whose header can be one of some rows."""
    every = [_table(rows, place) for place in places if place < len(rows)]
    return [table for table in every if table is not None]


def data_below(rows: Sequence[Cells], first: int, width: int) -> list[Cells]:
    """The rows of data from a place on; none if the first of them are none of this width."""
    data: list[Cells] = []
    for place in range(first, min(first + ROWS_COUNTED, len(rows))):
        row = rows[place]
        if not any(row):
            continue
        cut = place == len(rows) - 1 and data  # the head of a file may end within a row
        fits = 2 * len(row) >= width and _is_data(row[:width]) and not any(row[width:])
        if not fits and not cut:
            return data if len(data) > 1 else []
        data += [row] if fits else []
    return data


def _table(rows: Sequence[Cells], place: int) -> Table | None:
    """The table below a row, if that can be its header."""
    names = list(rows[place])
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or 2 * sum(map(is_value, names)) > sum(map(bool, names)):
        return None
    units, first = _unit_row(rows, place + 1)
    below = data_below(rows, first, len(names))
    if not below and units and _is_comment(rows, first):
        first += 1
        below = data_below(rows, first, len(names))
    if not below:
        return None
    longest = max(map(len, below))
    width = min(len(names), longest)
    header = [f"{n} [{u}]" if u else n for n, u in zip(names, units, strict=False)] or names
    header += names[len(header) :]
    return Table(place, tuple(header[:width]), longest, first, len(below))


def _unit_row(rows: Sequence[Cells], place: int) -> tuple[list[str], int]:
    """Units below the names, if there is such a row, and where the data begin."""
    while place < len(rows) and not any(rows[place]):
        place += 1
    if place >= len(rows):
        return [], place
    cells = rows[place]
    units = [cell.strip("()[] ") for cell in cells]
    filled = [unit for unit in units if unit]
    if any(map(is_value, cells)) or 2 * sum(map(is_unit, filled)) < len(filled):
        return [], place
    return units, place + 1


def _is_comment(rows: Sequence[Cells], place: int) -> bool:
    """Whether a row below the units is the third header row of plotting programs."""
    return place < len(rows) and not any(map(is_value, rows[place]))


def _is_data(row: Cells) -> bool:
    """At least one number, and no row of words only."""
    values = sum(map(is_value, row))
    missing = sum(cell.lower() in MISSING for cell in row)
    return values > 0 and 2 * (values + missing) >= len(row)
