"""`lithomech fit`: parameters of a cell from what was measured."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

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
    from collections.abc import Callable, Mapping, Sequence

    from lithomech.studies.executors import Workers
    from lithomech.studies.fit_result import FitResult
    from lithomech.studies.spec.fit import Fit

COMPLETED: Final = 0


def fit(
    source: Annotated[
        str, typer.Argument(metavar="FIT", help="Fit file (YAML), or packaged example.")
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
    """Fit parameters; write fit.json, parameters.csv, fitted.yaml, report.html and figures.

    A fit that was stopped or killed resumes when the same command is repeated.
    """
    from lithomech.files.packaged import located
    from lithomech.studies.spec.fit import load_fit

    check_interactive(interactive)
    path = located(source)
    declared = load_fit(path, [split_setting(setting) for setting in settings or []])
    chosen = workers_of(workers, scheduler, processes=processes)
    folder = out if out is not None or as_json else default_folder([path])
    return run_and_show(
        declared,
        folder,
        [path],
        chosen,
        restart=restart,
        as_json=as_json,
        interactive=interactive,
    )


def run_and_show(
    declared: "Fit",
    folder: Path | None,
    sources: "Sequence[Path]",
    workers: "Workers",
    texts: "Callable[[FitResult], Mapping[str, str]] | None" = None,
    *,
    restart: bool,
    as_json: bool,
    interactive: bool = False,
) -> int:
    """Run a fit, show what it found, and write its folder.

    Args:
        declared: what is fitted.
        folder: that is written; None for none.
        sources: files that it came from.
        workers: where members run.
        texts: makes further files of the folder, by name.
        restart: whether it begins anew.
        as_json: whether one JSON object is printed instead of words.
        interactive: whether the report is.
    """
    from lithomech.app.fit_folder import check_folder, write_folder
    from lithomech.app.progress import progress_bar
    from lithomech.studies.fit import run_fit

    if folder is not None:
        check_folder(folder)
    with progress_bar(lines=True) as progress, claimed(folder, sources):
        try:
            result = run_fit(declared, folder, workers, progress, restart=restart)
        except KeyboardInterrupt:
            if folder is not None:
                typer.echo("lithomech: the same command goes on from there", err=True)
            raise
        if as_json:
            typer.echo(json.dumps(result.to_json(), allow_nan=False))
        else:
            _show(result, folder)
        if folder is not None:
            progress(1.0, "writing the report")
            more = {} if texts is None else texts(result)
            write_folder(result, folder, sources, more, interactive=interactive)
    return COMPLETED


def _show(result: "FitResult", folder: Path | None) -> None:
    from lithomech.app.outcome import show_outcome
    from lithomech.app.terminal import make_console

    console = make_console()
    console.print(result.fit.name, style="bold", markup=False)
    for line in result.answers:
        console.print(line, markup=False, highlight=False)
    show_outcome(console, result, folder)
