"""What the terminal is told at the end of a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console


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


def show_outcome(console: "Console", result: Outcome, folder: Path | None) -> None:
    """Print warnings, status with reason and time, and where the report lies."""
    for warning in result.warnings:
        console.print(f"warning: {warning}", style="yellow", markup=False)
    colour = "green" if result.status == "completed" else "red"
    console.print(result.status, style=colour, end="")
    console.print(f": {result.reason} ({result.wall_time_s:.3g} s)", markup=False)
    if folder is not None:
        console.print(f"report: {folder / 'report.html'}", markup=False, soft_wrap=True)
