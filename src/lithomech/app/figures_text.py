"""Numbers of a panel in words and columns, for the terminal and for the page."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.table import Table

from lithomech.validation.figures.verdict import STATUSES, Outcome, Row

LARGE: Final = 10.0  # %


class Shown(NamedTuple):
    """A panel as it came out, with its picture as SVG where a page wants it; "" otherwise."""

    outcome: Outcome
    svg: str


class Cells(NamedTuple):
    """The texts of one number."""

    claim: str
    what: str
    printed: str
    ours: str
    miss: str
    role: str


def cells(row: Row) -> Cells:
    """Return the texts of a number."""
    number = row.number
    unit = "" if number.unit == "dimensionless" else number.unit
    size = number.error()
    miss = "" if row.role == "stored" else _percent(100.0 * size)
    return Cells(
        row.claim,
        number.name,
        f"{_ends(number.published)} {unit}".strip(),
        f"{_ends(number.found)} {unit}".strip(),
        miss,
        ", ".join((row.role, *row.errata)),
    )


def numbers_table(found: Outcome) -> Table:
    """Return printed numbers beside ours."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for name, justify in (("Claim", "left"), ("Number", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for name in ("Printed", "Ours", "Miss"):
        table.add_column(name, justify="right")
    table.add_column("Role")
    for row in found.rows:
        table.add_row(*(text.replace("[", r"\[") for text in cells(row)))
    return table


def score(found: Sequence[Outcome]) -> dict[str, int]:
    """Return how many panels have each status."""
    every = [one.status for one in found]
    return {status: every.count(status) for status in STATUSES if status in every}


def score_line(found: Sequence[Outcome], seconds: float) -> str:
    """Return the same in words, with the time that all runs took."""
    parts = ", ".join(f"{count} {status}" for status, count in score(found).items())
    return f"{len(found)} panels: {parts}; {seconds:.0f} s of runs"


def _percent(size: float) -> str:
    """A miss [%] with its sign; two digits, or all before the point."""
    if size == 0.0:
        return "0 %"
    return f"{size:+.0f} %" if abs(size) >= LARGE else f"{size:+.2g} %"


def _ends(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
