"""What the terminal shows at the end of a run."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from lithomech.observe.analysis import AbstractAnalysis, Quantity


class Outcome(Protocol):
    """What every result says of itself."""

    @property
    def status(self) -> str:
        """One or two words; 'completed' if all went well."""
        ...

    @property
    def reason(self) -> str:
        """Why it ended so."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader should know before using the numbers."""
        ...

    @property
    def wall_time_s(self) -> float:
        """How long it took [s]."""
        ...


def show_outcome(
    console: "Console",
    result: Outcome,
    folder: Path | None,
    warnings: Sequence[str] | None = None,
) -> None:
    """Print warnings, status with reason and time, and where the report lies.

    Args:
        console: to print on.
        result: what ended.
        folder: of the report; None if nothing was written.
        warnings: in place of those of the result.
    """
    for warning in result.warnings if warnings is None else warnings:
        console.print(f"warning: {warning}", style="yellow", markup=False)
    colour = "green" if result.status == "completed" else "red"
    console.print(result.status, style=colour, end="")
    console.print(f": {result.reason} ({result.wall_time_s:.3g} s)", markup=False)
    if folder is not None:
        console.print(f"report: {folder / 'report.html'}", markup=False, soft_wrap=True)


def quantity_table(analysis: "AbstractAnalysis") -> Table:
    """Return the numbers of an analysis with their deviations and notes."""
    shown = Table(box=None, show_header=False, padding=(0, 1))
    shown.add_column(no_wrap=True)
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column()
    for quantity in analysis.quantities:
        words = f"{quantity.unit}  {quantity.note}".strip()
        shown.add_row(_plain(quantity.name), number(quantity), _plain(words))
    return shown


def number(quantity: "Quantity") -> str:
    """Write a value with its deviation, as far as they are known."""
    value, error = quantity.value, quantity.deviation
    if not math.isfinite(value):
        return "–"
    return f"{value:.4g} ± {error:.2g}" if math.isfinite(error) else f"{value:.4g}"


def _plain(text: str) -> str:
    """A text without meaning to rich."""
    return text.replace("[", r"\[")
