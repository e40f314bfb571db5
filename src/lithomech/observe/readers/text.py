"""How a text file is laid out: encoding, delimiter, decimal sign, and where its table is."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from lithomech.errors import InputError
from lithomech.observe.vocabulary import is_unit

HEAD: Final = 1 << 16  # bytes that are looked at
DELIMITERS: Final = "\t;,|"
MOST_PREAMBLE: Final = 400  # lines before the table
PROBED: Final = 3  # rows that have to look like data under a header
MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
MISSING: Final = {"", "nan", "na", "n/a", "null", "none", "-", "xxx", "inf", "-inf"}
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_COMMA_NUMBER = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_MOMENT = re.compile(r"[-\d/.: T]*\d:\d\d[\d:.,]*(?: ?[AaPp][Mm])?")


@final
@dataclass(frozen=True)
class Layout:
    """How to read the table of a text file.

    Attributes:
        encoding: name for Python.
        delimiter: one character.
        decimal: "." or ",".
        header: names of the columns, with a unit row below them joined on.
        first: number of lines before the first row of data.
        preamble: lines before the header.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    first: int
    preamble: tuple[str, ...]


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
            encoding = "latin-1"
    return raw.decode(encoding, errors="replace"), encoding


def find_layout(
    path: Path, delimiter: str | None = None, header_line: int | None = None
) -> Layout:
    """Find the table of a text file.

    Args:
        path: the file.
        delimiter: if it is known.
        header_line: number of the line with the names of the columns, from 1, if known.

    Raises:
        InputError: there is none.
    """
    text, encoding = read_head(path)
    lines = text.splitlines()[: MOST_PREAMBLE + PROBED + 3]
    if header_line is not None and header_line > len(lines):
        raise InputError(f"header_line {header_line}; the file has {len(lines)} lines")
    tried = [delimiter] if delimiter else list(DELIMITERS)
    places = [header_line - 1] if header_line else range(min(len(lines), MOST_PREAMBLE))
    told = _told_header(lines)
    best: tuple[int, str, int] | None = None
    for place in [told] if told is not None and not header_line else places:
        for sign in tried:
            width = _width(lines, place, sign, sure=place == told)
            if width and (best is None or width > best[2]):
                best = place, sign, width
        if best is not None:
            break
    if best is None:
        raise InputError(
            "no table was found: a line of names over rows of numbers, between tabs, "
            "semicolons or commas",
            file=str(path),
        )
    place, sign, width = best
    header = _cells(lines[place], sign)[:width]
    units, rows = _unit_row(lines, place + 1, sign)
    if units:
        header = [f"{n} [{u}]" if u else n for n, u in zip(header, units, strict=False)]
    data = _cells("\n".join(lines[rows : rows + PROBED]).replace("\n", sign), sign)
    comma = sign != "," and any(_COMMA_NUMBER.fullmatch(cell) for cell in data)
    return Layout(
        encoding, sign, "," if comma else ".", tuple(header), rows, tuple(lines[:place])
    )


def _told_header(lines: list[str]) -> int | None:
    """Place of the header that the file itself tells, as EC-Lab does."""
    for line in lines[:10]:
        told = re.fullmatch(r"\s*Nb header lines\s*:\s*(\d+)\s*", line)
        if told:
            place = int(told[1]) - 1
            return place if 0 < place < len(lines) else None
    return None


def _width(lines: list[str], place: int, sign: str, *, sure: bool) -> int:
    """Number of columns if a line can be the header of a table, else 0.

    Where the file itself says which line it is, it may have more names than the rows have
    cells.
    """
    names = _cells(lines[place], sign)
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or sum(map(_is_number, names)) > len(names) // 2:
        return 0
    _, rows = _unit_row(lines, place + 1, sign)
    data = [_cells(line, sign) for line in lines[rows : rows + PROBED] if line.strip()]
    if not data:
        return 0
    if any(any(row[len(names) :]) for row in data):  # as decimal commas between commas do
        return 0
    least = 2 if sure else len(names) - 1
    fit = all(len(row) >= least and _is_data(row[: len(names)]) for row in data[:-1])
    fit = fit and (len(data) > 1 or (len(data[0]) >= least and _is_data(data[0])))
    return len(names) if fit else 0


def _unit_row(lines: list[str], place: int, sign: str) -> tuple[list[str], int]:
    """Units below the names, if there is such a row, and where the data begin."""
    while place < len(lines) and not lines[place].strip(f" {sign}"):
        place += 1
    if place >= len(lines):
        return [], place
    cells = _cells(lines[place], sign)
    units = [cell.strip("()[] ") for cell in cells]
    filled = [unit for unit in units if unit]
    if any(map(_is_number, cells)) or 2 * sum(map(is_unit, filled)) < len(filled):
        return [], place
    return units, place + 1


def _cells(line: str, sign: str) -> list[str]:
    found = next(csv.reader([line.replace("\0", "")], delimiter=sign), [])
    return [cell.strip().strip('"') for cell in found]


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None or _MOMENT.fullmatch(cell) is not None


def _is_data(row: list[str]) -> bool:
    """At least one number, and no row of words only."""
    numbers = sum(map(_is_number, row))
    missing = sum(cell.lower() in MISSING for cell in row)
    return numbers > 0 and 2 * (numbers + missing) >= len(row)
