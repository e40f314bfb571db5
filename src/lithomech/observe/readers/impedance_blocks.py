"""Tables of spectra that no general reader finds: Gamry, ZPlot, and rows without names."""

import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.vocabulary import is_unit

Floats = NDArray[np.float64]

FEWEST_ROWS: Final = 2
MOST_PREAMBLE: Final = 400  # lines before rows without names
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
_COMMA_NUMBER: Final = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_FREQUENCY: Final = re.compile(r"(?:data:\s*)?(?:freq|f\b)", re.IGNORECASE)
_ZPLOT_NAMES: Final = re.compile(r"\s*\"?\s*Freq\s*\(Hz\).*Z'\s*\(a\)", re.IGNORECASE)
_ZPLOT: Final = {0: "Frequency [Hz]", 3: "Time [s]", 4: "Z' [Ohm]", 5: "Z'' [Ohm]"}
BARE: Final = ("Frequency [Hz]", "Z' [Ohm]", "Z'' [Ohm]")


class Block(NamedTuple):
    """A table cut out of a file.

    Attributes:
        header: names of the columns, with units in brackets.
        columns: numbers, shape (columns, rows); nan where there is none.
        notes: what was assumed.
    """

    header: tuple[str, ...]
    columns: Floats
    notes: tuple[str, ...] = ()


def gamry(whole: str) -> Block:
    """Cut the table ZCURVE out of an Explain file: names, units, then indented rows.

    Raises:
        InputError: the table is cut short.
    """
    lines = whole.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("ZCURVE"))
    if len(lines) < start + 3:
        raise InputError("the file ends within the table ZCURVE")
    names = [name.strip() for name in lines[start + 1].split("\t")]
    units = [unit.strip() for unit in lines[start + 2].split("\t")]
    units += [""] * (len(names) - len(units))
    header = [f"{n} [{u}]" if u else n for n, u in zip(names, units, strict=False)]
    rows = []
    for line in lines[start + 3 :]:
        if not line[:1].isspace():
            break
        cells = line.split("\t")
        if len(cells) < len(names):  # written by hand with spaces
            cells = ["", *line.split()]
        if len(cells) >= len(names):
            rows.append(cells[: len(names)])
    if not rows:
        raise InputError("the table ZCURVE has no rows")
    return Block(tuple(header), _numbers(rows))


def is_zplot(whole: str) -> bool:
    """Whether a text is one of ZPlot, with its comments closed or without."""
    return "End Comments" in whole or any(map(_ZPLOT_NAMES.match, whole.splitlines()[:200]))


def zplot(whole: str) -> Block:
    """Rows of ZPlot: frequency, two potentials, time, Z', Z'' and more.

    Raises:
        InputError: there are no rows.
    """
    lines = whole.splitlines()
    ends = [n for n, line in enumerate(lines) if "End Comments" in line]
    ends = ends or [n for n, line in enumerate(lines) if _ZPLOT_NAMES.match(line)]
    cut = (_cells(line, _sign(line)) for line in lines[ends[0] + 1 :])
    rows = [cells for cells in cut if len(cells) >= 6]
    rows = [cells[:6] for cells in rows if _NUMBER.fullmatch(cells[0])]
    if not rows:
        raise InputError("there are no rows after 'End Comments'")
    return Block(tuple(_ZPLOT.values()), _numbers(rows)[list(_ZPLOT)])


def bare(whole: str, *, numbered: bool = False) -> Block | None:
    """Rows of numbers to the end of the file, with a line of as many words above or without.

    Three columns without names are frequency, Z' and Z''. None where there are no such rows.

    Args:
        whole: the text.
        numbered: columns without names are named by their places, from 1.
    """
    lines = [line for line in whole.splitlines() if line.strip()]
    rows: list[list[str]] = []
    for line in reversed(lines):
        cells = _cells(line, _sign(line))
        if len(cells) < 3 or not all(map(_NUMBER.fullmatch, cells)):
            break
        if rows and len(cells) != len(rows[-1]):
            break
        rows.append(cells)
    if len(rows) < FEWEST_ROWS or len(lines) - len(rows) > MOST_PREAMBLE:
        return None
    header = _names(lines[: len(lines) - len(rows)], len(rows[0]), _sign(lines[-1]))
    if header:
        return Block(header, _numbers(rows[::-1]))
    if numbered:
        places = tuple(str(place) for place in range(1, len(rows[0]) + 1))
        return Block(places, _numbers(rows[::-1]))
    if len(rows[0]) != len(BARE):
        return None
    note = "the columns have no names: they were read as frequency in Hz, Z' and Z'' in ohm"
    return Block(BARE, _numbers(rows[::-1]), (note,))


def _names(above: list[str], count: int, sign: str | None) -> tuple[str, ...]:
    """Names above rows of numbers; () if there are none.

    Up to two lines may stand between: units, a number of rows, a line about the sample.
    """
    near = [cells for line in above[:-4:-1] if len(cells := _cells(line, sign)) == count]
    for n, cells in enumerate(near):
        if any(map(_FREQUENCY.match, cells)):
            units = [cell.strip("()[] ") for cell in near[0]]
            if n and all(is_unit(unit) for unit in units):
                return tuple(f"{c} [{u}]" for c, u in zip(cells, units, strict=True))
            return tuple(cells)
    return tuple(near[0]) if near and near[0] == _cells(above[-1], sign) else ()


def _sign(line: str) -> str | None:
    """What is between the cells of a row of numbers; None is any white space."""
    line = line.strip()
    for sign in ("\t", ";"):
        if sign in line:
            return sign
    return "," if re.search(r",\s|,[^,\s]*,", line) or " " not in line else None


def _cells(line: str, sign: str | None) -> list[str]:
    return [cell.strip().strip('"') for cell in line.strip().strip(sign).split(sign)]


def _numbers(rows: list[list[str]]) -> Floats:
    """Numbers of all cells; the decimal sign is one for the whole table."""
    comma = any(_COMMA_NUMBER.fullmatch(cell.strip()) for row in rows for cell in row)
    return np.array([[_number(cell, comma=comma) for cell in row] for row in rows]).T


def _number(cell: str, *, comma: bool) -> float:
    try:
        return float(cell.strip().replace(",", ".") if comma else cell)
    except ValueError:
        return float("nan")
