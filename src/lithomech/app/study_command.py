"""`lithomech study`: many runs of one cell, each with other values of some keys."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from lithomech.app.default_folder import claimed, default_folder
from lithomech.app.settings import (
    InteractiveOption,
    JsonOption,
    OutOption,
    SetOption,
    check_interactive,
    split_setting,
)
from lithomech.app.worker_options import (
    ProcessesOption,
    RestartOption,
    SchedulerOption,
    WorkersOption,
    workers_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithomech.studies.executors import Workers
    from lithomech.studies.spec import Study
    from lithomech.studies.table import StudyResult

COMPLETED: Final = 0
NONE_COMPLETED: Final = 1
MOST_ROWS: Final = 20  # of the terminal table; table.csv has all


class Asked(NamedTuple):
    """What the command line asks of a study.

    Attributes:
        source: its file.
        folder: of the results; None if nothing is written.
        workers: where members run.
        restart: whether it begins anew.
        as_json: whether one JSON object is printed in place of the table.
        quiet: whether nothing is printed but warnings.
        interactive: whether the report is.
    """

    source: Path
    folder: Path | None
    workers: "Workers"
    restart: bool = False
    as_json: bool = False
    quiet: bool = False
    interactive: bool = False


def study(
    source: Annotated[
        str, typer.Argument(metavar="STUDY", help="Study file (YAML), or packaged example.")
    ],
    settings: SetOption = None,
    out: OutOption = None,
    workers: WorkersOption = None,
    processes: ProcessesOption = False,
    scheduler: SchedulerOption = None,
    restart: RestartOption = False,
    interactive: InteractiveOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run a study; write study.sqlite, table.csv, study.nc, report.html and figures.

    A study that was stopped or killed resumes when the same command is repeated.
    """
    from lithomech.files.packaged import located
    from lithomech.studies.spec import load_study

    check_interactive(interactive)
    path = located(source)
    declared = load_study(path, [split_setting(setting) for setting in settings or []])
    chosen = workers_of(workers, scheduler, processes=processes)
    folder = out if out is not None or as_json else default_folder([path])
    asked = Asked(path, folder, chosen, restart, as_json, interactive=interactive)
    return carry_out(declared, asked)


def carry_out(declared: "Study", asked: Asked) -> int:
    """Run a study, write its folder if there is one, and show the outcome."""
    from lithomech.app.interactive import of_study
    from lithomech.app.page import STILL
    from lithomech.app.progress import progress_bar
    from lithomech.app.study_folder import check_folder, write_folder

    if asked.folder is not None:
        check_folder(asked.folder)
    with (
        progress_bar(quiet=asked.quiet, lines=True) as progress,
        claimed(asked.folder, [asked.source]),
    ):
        result = _run(declared, asked, progress)
        if asked.as_json:
            typer.echo(json.dumps(result.to_json(), allow_nan=False))
        elif asked.quiet:
            for warning in result.warnings:
                typer.echo(f"lithomech: warning: {warning}", err=True)
        else:
            _show(result, asked.folder)
        code = COMPLETED if result.status == "completed" else NONE_COMPLETED
        if asked.folder is not None:
            progress(1.0, "writing the report")
            interactive = of_study(result) if asked.interactive else STILL
            write_folder(result, asked.folder, asked.source, interactive)
    return code


def _run(
    declared: "Study", asked: Asked, progress: "Callable[[float, str], None]"
) -> "StudyResult":
    from lithomech.studies.run import run_study

    try:
        return run_study(declared, asked.folder, asked.workers, progress, restart=asked.restart)
    except KeyboardInterrupt:
        if asked.folder is not None:
            typer.echo("lithomech: the same command goes on from there", err=True)
        raise


def _show(result: "StudyResult", folder: Path | None) -> None:
    from itertools import islice

    from rich.table import Table

    from lithomech.app.outcome import show_outcome
    from lithomech.app.terminal import make_console

    console = make_console()
    console.print(result.study.name, style="bold", markup=False)
    hidden = {"reason", "input_hash"}
    shown = [k for k, name in enumerate(result.columns) if name not in hidden]
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    for k in shown:
        table.add_column(_broken(result.columns[k]), justify="right")
    for row in islice(result.rows(), MOST_ROWS):
        table.add_row(*(_text(row[k]) for k in shown))
    more = len(result.column("status")) - MOST_ROWS
    if more > 0:
        table.caption = f"{more} more rows: table.csv"
    console.print(table)
    for line in result.answers:
        console.print(line, markup=False)
    show_outcome(console, result, folder)


def _broken(name: str) -> str:
    """A column's name on several short lines."""
    return name.replace(".", ".\n").replace("_", " ").replace(" / ", "\n").replace("[", r"\[")


def _text(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value.replace("[", r"\[") if isinstance(value, str) else f"{value:.4g}"
