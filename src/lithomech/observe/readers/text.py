"""How a text file is laid out: encoding, delimiter, and where its table is."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, final

from lithomech.errors import InputError
from lithomech.observe.readers.formats import MISSING, is_value
from lithomech.observe.readers.headers import match_headers
from lithomech.observe.readers.nested import Levels, find_levels
from lithomech.observe.vocabulary import IMPEDANCE, SERIES, eastern_words, is_unit, terms

HEAD: Final = 1 << 16  # bytes that are looked at
DELIMITERS: Final = "\t;,|"
MOST_PREAMBLE: Final = 400  # lines before the table
MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
EASTERN: Final = ("cp949", "gb18030")  # of Korea and China
SPACES: Final = " "  # any number of them, tried where nothing else fits
ROWS_COUNTED: Final = 50  # rows that are compared between two tables of a file


@final
@dataclass(frozen=True)
class Layout:
    """How to read the table of a text file.

    Attributes:
        encoding: name for Python.
        delimiter: one character; a space for any number of them.
        header: names of the columns, with a unit row below them joined on.
        width: cells of the longest row that was looked at.
        first: number of lines before the first row of data.
        preamble: lines before the header.
        levels: of a table whose cycles and steps stand in rows of their own; else None.
        quoted: whether each whole line stands in quotes.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    width: int
    first: int
    preamble: tuple[str, ...]
    levels: Levels | None = None
    quoted: bool = False


def read_head(path: Path) -> tuple[str, str]:
    """Return the beginning of a text file and its encoding.

    Raises:
        InputError: there is no such file, it is empty, or it is no text.
    """
    if not path.is_file():
        raise InputError("there is no such file", file=str(path))
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if not raw.strip():
        raise InputError("the file is empty", file=str(path))
    encoding = next((name for mark, name in MARKS.items() if raw.startswith(mark)), "")
    if not encoding and b"\0" in raw:
        raise InputError("is no text file", file=str(path))
    if not encoding:
        try:  # a character may be cut at the end of what was read
            raw[:-4].decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = _eastern(raw[:-4]) or "latin-1"
    return raw.decode(encoding, errors="replace"), encoding


def _eastern(raw: bytes) -> str:
    """Encoding of a Korean or Chinese text that names known quantities; "" if it is none."""
    for encoding in EASTERN:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(word in text for word in eastern_words()):
            return encoding
    return ""


def find_layout(
    path: Path,
    delimiter: str | None = None,
    header_line: int | None = None,
    *,
    nameless: bool = False,
) -> Layout:
    """Find the table of a text file.

    Args:
        path: the file.
        delimiter: if it is known.
        header_line: number of the line with the names of the columns, from 1, if known.
        nameless: whether the table has no such line, as its columns are named by their place.

    Raises:
        InputError: there is none.
    """
    text, encoding = read_head(path)
    written = text.splitlines()[: MOST_PREAMBLE + ROWS_COUNTED]
    lines = [line[1:-1] if _is_quoted(line) else line for line in written]
    if header_line is not None and header_line > len(lines):
        raise InputError(f"header_line {header_line}; the file has {len(lines)} lines")
    signs = delimiter or DELIMITERS
    if nameless:
        return _without_names(path, lines, signs, encoding)
    nested = _nested(lines, signs, encoding)
    if nested is not None and not header_line:
        return nested
    stated = _stated_header(lines)
    every = range(min(len(lines), MOST_PREAMBLE))
    tries = [(stated, signs), (every, signs), (every, SPACES)]
    if header_line:
        tries = [(range(header_line - 1, header_line), signs)]
    for places, some in tries:
        fits = [_table(lines, place, sign) for place in places for sign in some]
        best = max((table for table in fits if table), key=_score, default=None)
        if best is not None:
            before = tuple(lines[: best.place])
            quoted = _is_quoted(written[best.place])
            return Layout(
                encoding, best.sign, best.header, best.width, best.first, before, None, quoted
            )
    raise InputError(
        "no table was found: a line of names over rows of numbers, between tabs, semicolons, "
        "commas or spaces; columns without names are named by their place in a mapping file: "
        "columns: {Test Time: {column: 1, unit: s}}",
        file=str(path),
    )


def _without_names(path: Path, lines: list[str], signs: str, encoding: str) -> Layout:
    """The first rows of numbers, whose columns are called by their place.

    Raises:
        InputError: there are none.
    """
    for sign in (*signs, SPACES):
        for place, line in enumerate(lines):
            width = len(_cells(line, sign))
            if width > 1 and len(_rows(lines, place, sign, width)) > 1:
                names = tuple(f"column {number + 1}" for number in range(width))
                return Layout(encoding, sign, names, width, place, tuple(lines[:place]))
    raise InputError("no rows of numbers were found", file=str(path))


def _is_quoted(line: str) -> bool:
    """Whether a whole line stands in quotes, not its cells."""
    return len(line) > 2 and line[0] == line[-1] == '"' and '"' not in line[1:-1]


def _nested(lines: list[str], signs: str, encoding: str) -> Layout | None:
    for sign in signs:
        found = find_levels(lines, sign)
        if found is not None:
            place, levels = found
            names = levels.names
            before = tuple(lines[:place])
            return Layout(encoding, sign, names, len(names), 0, before, levels)
    return None


def _stated_header(lines: list[str]) -> range:
    """Place of the header that the file itself states, as EC-Lab does."""
    for line in lines[:10]:
        stated = re.fullmatch(r"\s*Nb header lines\s*:\s*(\d+)\s*", line)
        if stated:
            place = int(stated[1]) - 1
            return range(place, place + 1) if 0 < place < len(lines) else range(0)
    return range(0)


class _Table(NamedTuple):
    """A line that can be the header of a table."""

    place: int
    sign: str
    header: tuple[str, ...]
    width: int
    first: int
    rows: int


def _score(table: _Table) -> tuple[int, int, int, int]:
    """How well a table fits: quantities that are recognised, rows, columns, and its place."""
    found = match_headers(table.header, (*terms(SERIES), *terms(IMPEDANCE))).chosen
    known = sum(1 if candidate.problem else 2 for candidate in found.values())
    return known, table.rows, len(table.header), -table.place


def _table(lines: list[str], place: int, sign: str) -> _Table | None:
    """The table below a line, if that can be its header."""
    names = _cells(lines[place], sign)
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or 2 * sum(map(is_value, names)) > sum(map(bool, names)):
        return None
    units, first = _unit_row(lines, place + 1, sign)
    rows = _rows(lines, first, sign, len(names))
    if not rows:
        return None
    longest = max(map(len, rows))
    width = min(len(names), longest)
    header = [f"{n} [{u}]" if u else n for n, u in zip(names, units, strict=False)] or names
    header += names[len(header) :]
    return _Table(place, sign, tuple(header[:width]), longest, first, len(rows))


def _rows(lines: list[str], first: int, sign: str, width: int) -> list[list[str]]:
    """The rows below a header; none if the first of them are no data of this width."""
    rows: list[list[str]] = []
    for line in lines[first : first + ROWS_COUNTED]:
        if not line.strip():
            continue
        row = _cells(line, sign)
        cut = line is lines[-1] and rows  # the head of a file may end within a row
        fits = 2 * len(row) >= width and _is_data(row[:width]) and not any(row[width:])
        if not fits and not cut:
            return rows if len(rows) > 1 else []
        rows += [row] if fits else []
    return rows


def _unit_row(lines: list[str], place: int, sign: str) -> tuple[list[str], int]:
    """Units below the names, if there is such a row, and where the data begin."""
    while place < len(lines) and not lines[place].strip(f" {sign}"):
        place += 1
    if place >= len(lines):
        return [], place
    cells = _cells(lines[place], sign)
    units = [cell.strip("()[] ") for cell in cells]
    filled = [unit for unit in units if unit]
    if any(map(is_value, cells)) or 2 * sum(map(is_unit, filled)) < len(filled):
        return [], place
    return units, place + 1


def _cells(line: str, sign: str) -> list[str]:
    if sign == SPACES:
        return line.split()
    found = next(csv.reader([line.replace("\0", "")], delimiter=sign), [])
    return [cell.strip().strip('"') for cell in found]


def _is_data(row: list[str]) -> bool:
    """At least one number, and no row of words only."""
    values = sum(map(is_value, row))
    missing = sum(cell.lower() in MISSING for cell in row)
    return values > 0 and 2 * (values + missing) >= len(row)
