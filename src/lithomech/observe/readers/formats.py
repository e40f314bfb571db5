"""What the cells of a column are: numbers, clocks or dates; decided on the whole column."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lithomech.observe.readers.dates import MOMENT_PATTERN

Floats = NDArray[np.float64]


class Cells(Enum):
    """What a column holds."""

    NUMBERS = auto()
    CLOCKS = auto()  # hours, minutes and seconds
    MOMENTS = auto()  # dates, with or without a time
    NOTHING = auto()


class Format(NamedTuple):
    """How the cells of a column are read.

    Attributes:
        cells: what they are.
        decimal: "." or ",".
        grouped: whether thousands are set apart.
        problem: why the column cannot be read; "" if it can.
    """

    cells: Cells
    decimal: str = "."
    grouped: bool = False
    problem: str = ""


_SIGN: Final = r"[-+]?"
_POWER: Final = r"(?:[eE][-+]?\d+)?"
_SPACES: Final = " '\u2019\u00a0\u202f\u2009"
_CLOCK: Final = (
    r"(?:(?P<d>\d+)\s*(?:d|days?|[-.])?\s+|(?P<d2>\d+)[.d](?=\d\d:\d\d:))?"
    r"(?P<h>\d+):(?P<m>\d+)(?::(?P<s>\d+(?:[.,:]\d+)?))?"
)
_CLOCK_ONLY: Final = re.compile(_CLOCK)
_SHAPES: Final = re.compile(
    "|".join(
        (
            rf"(?P<plain>{_SIGN}\d+{_POWER})",
            rf"(?P<one_dot>{_SIGN}[1-9]\d{{0,2}}\.\d{{3}})",  # 1.234: a decimal or a thousand
            rf"(?P<one_comma>{_SIGN}[1-9]\d{{0,2}},\d{{3}})",
            rf"(?P<dots>{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d*|\.\d{{3}}){_POWER})",
            rf"(?P<commas>{_SIGN}[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d*|,\d{{3}}){_POWER})",
            rf"(?P<dot>{_SIGN}(?:\d+\.\d*|\.\d+){_POWER})",
            rf"(?P<comma>{_SIGN}(?:\d+,\d*|,\d+){_POWER})",
            rf"(?P<spaced>{_SIGN}\d{{1,3}}(?:[{_SPACES}]\d{{3}})+)",
            rf"(?P<spaced_dot>{_SIGN}\d{{1,3}}(?:[{_SPACES}]\d{{3}})+\.\d*)",
            rf"(?P<spaced_comma>{_SIGN}\d{{1,3}}(?:[{_SPACES}]\d{{3}})+,\d*)",
            r"(?P<clock>(?:\d+\s*(?:d|days?|[-.])?\s+|\d+[.d](?=\d\d:\d\d:))?"
            r"\d+:\d+(?::\d+(?:[.,:]\d+)?)?)",
            rf"(?P<moment>{MOMENT_PATTERN})",
        )
    )
)
MISSING: Final = frozenset(
    {"", "nan", "na", "n/a", "null", "none", "-", "--", "xxx", "inf", "-inf", "nat", "#n/a"}
)
_COMMA: Final = ("dots", "comma", "spaced_comma")  # shapes that show a decimal comma
_POINT: Final = ("commas", "dot", "spaced_dot")
_NUMBERS: Final = (*_COMMA, *_POINT, "plain", "one_dot", "one_comma", "spaced")
_GROUPED: Final = ("dots", "commas", "spaced", "spaced_dot", "spaced_comma")


def shapes(cells: Iterable[str]) -> Counter[str]:
    """Count the cells by the way they are written; cells without a value are left out."""
    count: Counter[str] = Counter()
    for cell in cells:
        match = _SHAPES.fullmatch(cell)
        if match is not None:
            count[str(match.lastgroup)] += 1
        elif cell.lower() not in MISSING:
            count["other"] += 1
    return count


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a clock or a date."""
    return _SHAPES.fullmatch(cell) is not None


def texts(column: pd.Series) -> pd.Series:
    """Cells as text without spaces around; empty where there is nothing."""
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip(' \t"')
    return text.str.replace("\u2212", "-", regex=False)


def decide(
    counts: dict[int, Counter[str]], delimiter: str, decimal: str | None = None
) -> dict[int, Format]:
    """Decide what each column is from the counts of all its cells.

    A column that shows no decimal sign of its own follows the others of its table; a column
    such as 1,234 that nothing decides follows the delimiter, and is refused where that says
    nothing.

    Args:
        counts: shapes by column.
        delimiter: of the table.
        decimal: "." or "," where the user states it.
    """
    table = decimal or _decimal_of(counts, delimiter)
    return {place: _format(count, table, decimal) for place, count in counts.items()}


def _decimal_of(counts: dict[int, Counter[str]], delimiter: str) -> str | None:
    commas = sum(any(count[shape] for shape in _COMMA) for count in counts.values())
    points = sum(any(count[shape] for shape in _POINT) for count in counts.values())
    if commas != points:
        return "," if commas > points else "."
    return {";": ",", ",": "."}.get(delimiter)


def _format(count: Counter[str], table: str | None, decimal: str | None) -> Format:
    numbers = sum(count[shape] for shape in _NUMBERS)
    most = max(numbers, count["clock"], count["moment"])
    if not most:
        return Format(Cells.NOTHING)
    if numbers < most:
        return Format(Cells.MOMENTS if count["moment"] == most else Cells.CLOCKS)
    comma = sum(count[shape] for shape in _COMMA)
    point = sum(count[shape] for shape in _POINT)
    own = decimal or ("," if comma else "." if point else table)
    problem = "" if decimal else _doubt(count, comma, point, own)
    own = own or "."
    thousand = count["one_dot"] if own == "," else count["one_comma"]
    grouped = bool(thousand) or any(count[shape] for shape in _GROUPED)
    return Format(Cells.NUMBERS, own, grouped, problem)


def _doubt(count: Counter[str], comma: int, point: int, own: str | None) -> str:
    """Why the decimal sign of a column cannot be decided; "" if it can."""
    if comma and point:
        return f"mixes {point} decimal points and {comma} decimal commas{_REMEDY}"

    if own is None and count["one_comma"]:
        return f"holds 1,234, which may be a decimal or a thousand{_REMEDY}"
    if own == "," and not comma and count["one_dot"]:
        return (
            "holds 1.234, which may be a decimal or a thousand, as other columns have decimal "
            f"commas{_REMEDY}"
        )
    return ""


_REMEDY: Final = "; say 'decimal: point' or 'decimal: comma' in a mapping file"


def numbers(column: pd.Series, form: Format) -> Floats:
    """Numbers of cells, nan where there is none."""
    if form.grouped:
        column = column.str.replace("." if form.decimal == "," else ",", "", regex=False)
        column = column.str.replace(f"(?<=\\d)[{_SPACES}](?=\\d{{3}})", "", regex=True)
    if form.decimal == ",":
        column = column.str.replace(",", ".", regex=False)
    return np.asarray(pd.to_numeric(column, errors="coerce"), np.float64)


def clocks(cells: Sequence[str]) -> Floats:
    """Seconds of clocks such as "1d 02:03:04.5" or "26:03:04"; nan where there is none."""
    return np.array([_seconds(cell) for cell in cells], np.float64)


def _seconds(text: str) -> float:
    match = _CLOCK_ONLY.fullmatch(text)
    if match is None:
        return np.nan
    seconds = (match["s"] or "0").replace(",", ".").replace(":", ".")
    hours = 24.0 * float(match["d"] or match["d2"] or 0) + float(match["h"])
    return 3600.0 * hours + 60.0 * float(match["m"]) + float(seconds)
