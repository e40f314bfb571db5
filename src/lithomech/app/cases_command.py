"""`lithomech validate --cases`: measured cells, predicted or calibrated, row by row."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from rich.table import Table

from lithomech.app import out_folder
from lithomech.app.progress import progress_bar
from lithomech.app.run_command import COMPLETED, ENDED_EARLY
from lithomech.app.terminal import make_console
from lithomech.validation.case_run import CaseRow, run_cases

FILES: Final = ("cases.json", "cases.csv")


def predict(ids: Sequence[str], out: Path | None, *, as_json: bool) -> int:
    """Run cases and show their rows; return the exit code: 1 where no row has a value.

    Args:
        ids: of cases, or case files; all packaged cases if none.
        out: folder to write to; by default only for all cases, and not beside JSON.
        as_json: print one JSON object instead of tables.
    """
    folder = out if out is not None or as_json or ids else Path("results") / "cases"
    if folder is not None:
        out_folder.check_folder(folder, lambda f: (f / FILES[0]).is_file(), "rows of cases")
    with progress_bar() as progress:
        rows = run_cases(ids, progress)
    text = json.dumps({"cases": [row.to_json() for row in rows]}, allow_nan=False)
    if folder is not None:
        _write(rows, text, folder)
    if as_json:
        typer.echo(text)
    else:
        _show(rows, folder)
    return COMPLETED if any(row.value is not None for row in rows) else ENDED_EARLY


def _write(rows: Sequence[CaseRow], text: str, folder: Path) -> None:
    """Write both files, or none of them."""
    with out_folder.staging(folder) as staged:
        (staged / FILES[0]).write_text(text + "\n", encoding="utf-8")
        with (staged / FILES[1]).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(CaseRow._fields)
            table.writerows(
                [
                    *row[:7],
                    " ".join(row.set_by),
                    row.seen,
                    row.measured,
                    "" if row.band is None else " ".join(map(repr, row.band)),
                    row.reason,
                ]
                for row in rows
            )


def _show(rows: Sequence[CaseRow], folder: Path | None) -> None:
    """Print a table for each condition; a measured value stands where it was seen before."""
    console = make_console()
    for case, condition in dict.fromkeys((row.case, row.condition) for row in rows):
        own = [row for row in rows if (row.case, row.condition) == (case, condition)]
        console.print(f"{case}: {condition}", style="bold", markup=False, soft_wrap=True)
        console.print(_table(own))
        for reason in dict.fromkeys(row.reason for row in own if row.reason):
            console.print(f" – {reason}", style="yellow", markup=False, soft_wrap=True)
        console.print()
    if folder is not None:
        console.print(f"rows: {folder / FILES[1]}", markup=False, soft_wrap=True)


def _table(rows: Sequence[CaseRow]) -> Table:
    """The rows of one condition."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("Quantity", overflow="fold", min_width=14)
    table.add_column("At", no_wrap=True, min_width=4)
    for heading, width in (("Value", 7), ("Band", 9), ("Measured", 8)):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    for heading in ("Unit", "Role"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        known = "" if row.measured is None else f"{row.measured:.4g}"
        cells = (_words(row), f"{row.at}", _number(row), _band(row), known, row.unit, row.role)
        table.add_row(*map(_plain, cells))
    return table


def _plain(text: str) -> str:
    """A text without meaning to rich."""
    return text.replace("[", r"\[")


def _words(row: CaseRow) -> str:
    """The quantity without its unit, which has a column."""
    unit = row.unit.replace("/", "_per_").replace("*", "_").replace("^", "")
    return row.quantity.removesuffix(f"_{unit}").replace("_", " ")


def _number(row: CaseRow) -> str:
    return "–" if row.value is None else f"{row.value:.4g}"


def _band(row: CaseRow) -> str:
    return "" if row.band is None else f"{row.band[0]:.4g}–{row.band[1]:.4g}"
