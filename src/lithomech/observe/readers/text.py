"""How a text file is laid out: encoding, delimiter, and where its table is."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from lithomech.errors import InputError
from lithomech.files.damaged import plain_size
from lithomech.observe.readers.header_rows import (
    MOST_PREAMBLE,
    ROWS_COUNTED,
    Table,
    data_below,
    score,
    tables,
)
from lithomech.observe.readers.nested import Levels, find_levels
from lithomech.observe.vocabulary import eastern_words

HEAD: Final = 1 << 16  # bytes that are looked at
DELIMITERS: Final = "\t;,|"
MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
EASTERN: Final = ("cp949", "gb18030")  # of Korea and China
SPACES: Final = " "  # any number of them, tried where nothing else fits


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
        plain_size(path)  # says what it is
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
        best = _best(lines, places, some)
        if best is not None:
            sign, table = best
            before = tuple(lines[: table.place])
            quoted = _is_quoted(written[table.place])
            return Layout(
                encoding, sign, table.header, table.width, table.first, before, None, quoted
            )
    raise InputError(
        "no table was found: a line of names over rows of numbers, between tabs, semicolons, "
        "commas or spaces; columns without names are named by their place in a mapping file: "
        "columns: {Test Time: {column: 1, unit: s}}",
        file=str(path),
    )


def _best(lines: list[str], places: Iterable[int], signs: str) -> tuple[str, Table] | None:
    """The delimiter and the table that fit best."""
    fitting = [
        (sign, table)
        for sign in signs
        for table in tables([_cells(line, sign) for line in lines], places)
    ]
    return max(fitting, key=lambda one: score(one[1]), default=None)


def _without_names(path: Path, lines: list[str], signs: str, encoding: str) -> Layout:
    """The first rows of numbers, whose columns are called by their place.

    Raises:
        InputError: there are none.
    """
    for sign in (*signs, SPACES):
        rows = [_cells(line, sign) for line in lines]
        for place, width in enumerate(map(len, rows)):
            if width > 1 and len(data_below(rows, place, width)) > 1:
                names = tuple(f"column {number + 1}" for number in range(width))
                return Layout(encoding, sign, names, width, place, tuple(lines[:place]))
    raise InputError("no rows of numbers were found", file=str(path))


def _is_quoted(line: str) -> bool:
    """Whether a whole line stands in quotes, not its cells."""
    return len(line) > 2 and line[0] == line[-1] == '"' and '"' not in line[1:-1]


def _nested(lines: list[str], signs: str, encoding: str) -> Layout | None:
    for sign in signs:
        nested = find_levels(lines, sign)
        if nested is not None:
            place, levels = nested
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


def _cells(line: str, sign: str) -> list[str]:
    if sign == SPACES:
        return line.split()
    cells = next(csv.reader([line.replace("\0", "")], delimiter=sign), [])
    return [cell.strip().strip('"') for cell in cells]
