"""Tables whose cycles, steps and records stand in rows of their own, as Neware exports them.

The names of each level stand in a row of their own, moved in by one empty cell per level, and
so do the rows. They become one table of records, each with the numbers of its cycle and step.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from lithomech.observe.readers.headers import match_headers
from lithomech.observe.vocabulary import COUNT, terms

DEEPEST: Final = 3  # levels
LOOKED_AT: Final = 20  # rows below the names
MOST_PLACES: Final = 400  # lines before them


class Levels(NamedTuple):
    """How a nested table is laid out.

    Attributes:
        first: lines before the first row of data.
        names: of the columns of the table of records that it becomes.
        widths: columns of each level above the records.
        kept: level and place of each column that comes from a cycle or a step.
    """

    first: int
    names: tuple[str, ...]
    kept: tuple[tuple[int, int], ...]
    widths: tuple[int, ...]

    @property
    def depth(self) -> int:
        """Level of the records: the number of empty cells before them."""
        return len(self.widths)


def find_levels(lines: Sequence[str], sign: str) -> tuple[int, Levels] | None:
    """Find a nested table; returns the place of its first row of names, or None."""
    rows = [_cells(line, sign) for line in lines[: MOST_PLACES + LOOKED_AT]]
    for place in range(min(len(rows), MOST_PLACES)):
        depth = _depth(rows, place)
        below = [level_of(row) for row in rows[place + depth : place + depth + LOOKED_AT]]
        if depth > 1 and below[:1] == [0] and set(range(depth)) <= set(below):
            records = match_headers(rows[place + depth - 1], terms()).chosen
            if len(records) > 1:
                return place, _levels(rows, place, depth)
    return None


def _depth(rows: list[list[str]], place: int) -> int:
    """How many rows of names follow each other, each moved in by one cell more."""
    depth = 0
    while depth < DEEPEST and place + depth < len(rows):
        row = rows[place + depth]
        if level_of(row) != depth or any(cell[:1].isdigit() for cell in row):
            break
        depth += 1
    return depth


def _levels(rows: list[list[str]], place: int, depth: int) -> Levels:
    """Keep the counts of cycles and steps, and all columns of the records."""
    counts = [term for term in terms() if term.unit == COUNT]
    kept: list[tuple[int, int]] = []
    for level in range(depth - 1):
        chosen = match_headers(rows[place + level], counts).chosen.values()
        kept += [(level, candidate.place) for candidate in chosen]
    kept = kept or [(depth - 2, depth - 2)]
    names = [rows[place + level][at] for level, at in kept]
    records = rows[place + depth - 1][depth - 1 :]
    widths = tuple(len(rows[place + level]) for level in range(depth - 1))
    return Levels(place + depth, (*names, *records), tuple(kept), widths)


def level_of(row: Sequence[str]) -> int:
    """Number of empty cells before the first that is not; -1 for an empty row."""
    return next((place for place, cell in enumerate(row) if cell), -1)


def _cells(line: str, sign: str) -> list[str]:
    row = next(csv.reader([line.replace("\0", "")], delimiter=sign), [])
    return [cell.strip() for cell in row]


class Flattened(io.TextIOBase):
    """A nested file that is read as if it were the table of its records."""

    def __init__(self, path: Path, encoding: str, sign: str, levels: Levels) -> None:
        self._stream: TextIO = path.open(encoding=encoding, errors="replace", newline=None)
        self._rows = self._records(sign, levels)
        self._rest = ""

    def read(self, size: int | None = -1) -> str:
        """Return the next characters; "" at the end."""
        want = -1 if size is None else size
        while want < 0 or len(self._rest) < want:
            row = next(self._rows, None)
            if row is None:
                break
            self._rest += row
        text, self._rest = (self._rest, "") if want < 0 else _cut(self._rest, want)
        return text

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def __next__(self) -> str:
        """Return the next record."""
        return next(self._rows)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        super().close()

    def _records(self, sign: str, levels: Levels) -> Iterator[str]:
        held: dict[tuple[int, int], str] = {}
        width = len(levels.names) - len(levels.kept)
        for number, line in enumerate(self._stream):
            if number < levels.first or not line.strip():
                continue
            row = _cells(line, sign)
            level = level_of(row)
            if 0 <= level < levels.depth:
                self._hold(row, level, levels, held)
                continue
            record = (row[levels.depth :] + [""] * width)[:width]
            cells = [held.get(key, "") for key in levels.kept] + record
            out = io.StringIO()
            csv.writer(out, delimiter=sign, lineterminator="\n").writerow(cells)
            yield out.getvalue()

    def _hold(
        self,
        row: list[str],
        level: int,
        levels: Levels,
        held: dict[tuple[int, int], str],
    ) -> None:
        """Keep the numbers of a cycle or step; its row may end with that of the next level."""
        for at in range(level, levels.depth):
            held |= {(n, p): row[p] for n, p in levels.kept if n == at and p < len(row)}
            row = [""] * (at + 1) + row[levels.widths[at] :]
            if level_of(row) < 0:
                break


def _cut(text: str, size: int) -> tuple[str, str]:
    return text[:size], text[size:]
