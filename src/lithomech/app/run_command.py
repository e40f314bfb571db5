"""`lithomech run`: a cell through its protocol, and what that leaves behind."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lithomech.app.default_folder import STANDARD_INPUT, UNFINISHED, claimed, default_folder
from lithomech.app.interruption import KEPT
from lithomech.app.json_text import json_text
from lithomech.app.progress import progress_bar
from lithomech.app.settings import (
    InteractiveOption,
    JsonOption,
    OutOption,
    SetOption,
    check_interactive,
    split_setting,
)
from lithomech.app.wanted import Wanted, formats
from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.cell.spec import Cell
    from lithomech.observe.overlay import Overlay
    from lithomech.studies.bands import Bands

COMPLETED: Final = 0
ENDED_EARLY: Final = 1
BAND: Final = "stack_pressure_swing_band_MPa"

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="CELL",
        help="Cell file (YAML), example, earlier result.nc, BPX file of lithomech, or - .",
    ),
]


def run(
    source: SourceArgument,
    settings: SetOption = None,
    out: OutOption = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare", metavar="MEASURED", help="Draw the run over a measured file."
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="MAP.yaml", help="With --compare: what its columns are."
        ),
    ] = None,
    figures: Annotated[
        list[str] | None,
        typer.Option(
            "--figures",
            metavar="png|svg|pdf",
            help="Kind of picture files (default: png). Repeatable.",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing but warnings and errors.")
    ] = False,
    sweep: Annotated[
        str | None,
        typer.Option(
            "--sweep",
            metavar="KEY=V1,V2,...",
            help="One run for each value of a key: a table and a picture.",
        ),
    ] = None,
    band: Annotated[
        bool,
        typer.Option(
            "--band", help="Also over the ranges of what is not known: up to ten more runs."
        ),
    ] = False,
    interactive: InteractiveOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run the protocol of a cell; write result.nc, tables (csv), report.html, figures.

    A run that was stopped or killed resumes when the same command is repeated.
    """
    if mapping is not None and compare is None:
        raise InputError("--mapping is for --compare; name the measured file there")
    if sweep is not None:
        from lithomech.app.sweep import Sweep, run_sweep

        if compare is not None or figures is not None or band or interactive:
            message = "--sweep goes without --compare, --figures, --band and --interactive"
            raise InputError(message)
        return run_sweep(Sweep(source, settings or [], sweep, out, as_json, quiet))
    check_interactive(interactive)
    measured = None
    if compare is not None:
        from lithomech.observe.readers.files import read_series

        measured = read_series(compare, mapping)
    kinds, cell, place = formats(figures), read_cell(source, settings or []), _place(source)
    folder = out if out is not None or as_json else default_folder([place])
    wanted = Wanted(folder, place, measured, kinds, as_json, quiet, band, interactive)
    return run_cell(cell, wanted)


def run_cell(cell: "Cell", wanted: Wanted) -> int:
    """Run a cell, write its folder if there is one, and show the outcome."""
    from lithomech.observe.overlay import overlay

    if wanted.folder is not None:
        from lithomech.app.result_folder import check_folder

        check_folder(wanted.folder)
    with progress_bar(quiet=wanted.quiet) as progress, claimed(wanted.folder, [wanted.source]):
        result, wanted = _solved(cell, wanted, progress)
        bands = _bands(cell, result, progress) if wanted.band else None
        compared = None if wanted.measured is None else overlay(wanted.measured, result.series)
        if wanted.folder is not None:
            from lithomech.app.result_folder import write_folder

            progress(1.0, "writing the report")
            write_folder(result, wanted, compared, bands)
            _finish(wanted.folder / UNFINISHED, result.status)
    if wanted.as_json:
        shown: dict[str, Any] = result.to_json() | (
            {"comparison": compared.to_json()} if compared else {}
        )
        shown["bands"] = bands.to_json() if bands else None
        for number, cycle in enumerate(shown["cycles"]):
            cycle[BAND] = bands.of_frame(number) if bands else None
        typer.echo(json_text(shown))
    elif wanted.quiet:
        _report_trouble(result)
    else:
        _show(result, wanted.folder, compared, bands)
    return {"completed": COMPLETED, "interrupted": KEPT}.get(result.status, ENDED_EARLY)


def _solved(
    cell: "Cell", wanted: Wanted, progress: "Callable[[float, str], None]"
) -> "tuple[CellResult, Wanted]":
    """The result, and what is still wanted of it where the run was interrupted."""
    from lithomech.cell.readout.result import Interrupted
    from lithomech.cell.run import run as solve

    checkpoint = None if wanted.folder is None else wanted.folder / UNFINISHED
    try:
        return solve(cell, progress=progress, checkpoint=checkpoint), wanted
    except Interrupted as stop:  # what was done is kept; a second Ctrl-C drops it
        return stop.result, wanted._replace(measured=None, band=False)


def _finish(checkpoint: Path, status: str) -> None:
    """Remove what a run kept to go on from, unless it was interrupted and can still go on."""
    if status != "interrupted":
        shutil.rmtree(checkpoint, ignore_errors=True)
    elif checkpoint.is_dir():
        typer.echo("lithomech: the same command goes on from there", err=True)


def read_cell(source: str, settings: Sequence[str]) -> "Cell":
    """Return the cell of a file, an example, a result or the standard input.

    Raises:
        InputError: with file, line and key.
    """
    from lithomech.cell.spec import changed_cell, load_cell

    overrides = [split_setting(setting) for setting in settings]
    if source == str(STANDARD_INPUT):
        return load_cell(_standard_input(), overrides)
    path = _place(source)
    if path.is_dir():
        raise InputError(
            "this is a folder; name the cell file or the result.nc in it", file=source
        )
    if not path.exists():
        raise InputError("there is no such file", file=source)
    if path.suffix == ".json":
        from lithomech.interop.bpx_reading import is_bpx, read_bpx

        if is_bpx(path):
            cell = read_bpx(path)
            return changed_cell(cell, overrides, source) if overrides else cell
    if path.suffix != ".nc":
        return load_cell(path, overrides)
    from lithomech.cell.readout.load import load_result

    cell = load_result(path).cell
    return changed_cell(cell, overrides, source) if overrides else cell


def _place(source: str) -> Path:
    from lithomech.files.packaged import located

    return STANDARD_INPUT if source == str(STANDARD_INPUT) else located(source)


def _standard_input() -> str:
    try:
        return sys.stdin.read() + "\n"  # the line end marks it as text
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", file="-") from None


def _bands(
    cell: "Cell", result: "CellResult", progress: "Callable[[float, str], None]"
) -> "Bands | None":
    """What the run comes to over what is not known; a line where all is."""
    from lithomech.studies.bands import bands

    found = bands(cell, result, progress)
    if not found.variants:
        typer.echo(
            "lithomech: --band: nothing in this cell has a range, such as the contacts of a "
            "composite or frame: peek_die_10mm; there is no band",
            err=True,
        )
        return None
    return found


def _show(
    result: "CellResult",
    folder: Path | None,
    compared: "Overlay | None",
    bands: "Bands | None" = None,
) -> None:
    from lithomech.app.outcome import quantity_table, show_outcome
    from lithomech.app.summary import (
        band_lines,
        brief,
        composite_lines,
        cycle_table,
        stack_lines,
    )
    from lithomech.app.terminal import make_console

    console = make_console()
    console.print(result.name, style="bold", markup=False)
    if result.cycles:
        console.print(cycle_table(result))
    for line in (*composite_lines(result), *stack_lines(result)):
        console.print(line, markup=False, highlight=False)
    for line in band_lines(bands) if bands is not None else ():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if compared is not None:
        console.print(quantity_table(compared))
    show_outcome(console, result, folder, brief(result.warnings) if folder else None)


def _report_trouble(result: "CellResult") -> None:
    """Write warnings, and the status where it is not completed, to standard error."""
    from lithomech.app.summary import brief

    for warning in brief(result.warnings):
        typer.echo(f"lithomech: warning: {warning}", err=True)
    if result.status != "completed":
        typer.echo(f"lithomech: {result.status}: {result.reason}", err=True)
