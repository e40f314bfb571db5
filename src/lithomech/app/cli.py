"""The command line. Exit codes: 0 completed, 1 ended early, 2 the input is wrong."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
import math
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.exceptions import Abort, TyperException

from lithomech.app.analyse_command import analyse
from lithomech.app.conduct_command import conduct
from lithomech.app.materials_command import materials
from lithomech.app.particle_command import particle
from lithomech.app.progress import progress_bar
from lithomech.app.settings import JsonOption, OutOption, SetOption, split_setting
from lithomech.app.structure_command import structure
from lithomech.errors import InputError, LithomechError
from lithomech.version import __version__

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.cell.spec import Cell
    from lithomech.observe.overlay import Overlay
    from lithomech.observe.timeseries import TimeSeries

COMPLETED: Final = 0
ENDED_EARLY: Final = 1
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130

DEMO: Final = "ncm88_lpscl_liin"

app = typer.Typer(
    name="lithomech",
    help="Electrochemistry and mechanics of all-solid-state batteries.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
app.add_typer(materials)
app.add_typer(analyse)
app.command()(conduct)
app.command()(structure)
app.command()(particle)

SourceArgument = Annotated[
    str, typer.Argument(metavar="CELL", help="Cell file (YAML), an earlier result.nc, or - .")
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; deliberate errors become one line.

    Args:
        arguments: Words after the program name; those of the process if not given.
    """
    try:
        code = app(args=arguments, prog_name="lithomech", standalone_mode=False)
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COMPLETED
    except (TyperException, InputError, OSError) as error:
        return _complain(error, WRONG_INPUT)
    except LithomechError as error:
        return _complain(error, ENDED_EARLY)
    except (Abort, KeyboardInterrupt):
        return _complain("interrupted", INTERRUPTED)
    return code if isinstance(code, int) else COMPLETED


def _complain(problem: object, code: int) -> int:
    """Write one line for each mistake to standard error and pass the exit code on."""
    text = problem.format_message() if isinstance(problem, TyperException) else problem
    for one in problem.mistakes if isinstance(problem, InputError) else (text,):
        sys.stderr.write(f"lithomech: {' '.join(str(one).split())}\n")
    return code


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Electrochemistry and mechanics of all-solid-state batteries."""
    if version:
        typer.echo(f"lithomech {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
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
    as_json: JsonOption = False,
) -> int:
    """Run the protocol of a cell; write result.nc, timeseries.csv, report.html, figures."""
    stem = "stdin" if source == "-" else Path(source).stem
    folder = out if out is not None or as_json else Path("results") / stem
    measured = None
    if compare is not None:
        from lithomech.observe.readers.files import read_series

        measured = read_series(compare)
    return _run(_read_cell(source, settings or []), folder, measured, as_json=as_json)


@app.command()
def demo() -> int:
    """Run the packaged NCM88 | Li6PS5Cl | Li-In cell for two cycles into results/demo."""
    cell = _read_cell(str(_example(DEMO)), [])
    return _run(cell, Path("results") / "demo", None, as_json=False)


@app.command()
def schema(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="cell, structure, particle, mapping, material, claim, mechanisms.",
        ),
    ],
    check: Annotated[
        str | None,
        typer.Option(
            "--check",
            metavar="MODULE",
            help="With mechanisms: compile one of your own alone, a file or a module's name.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Print the JSON Schema of a file, or what each mechanism remembers and needs."""
    from lithomech.app.mechanisms_text import MECHANISMS, show_mechanisms
    from lithomech.app.schemas import schema_of

    if kind == MECHANISMS:
        return show_mechanisms(check, as_json=as_json)
    if check is not None:
        raise InputError(f"--check is for mechanisms, not for {kind}")
    typer.echo(json.dumps(schema_of(kind), indent=2))
    return COMPLETED


@app.command()
def validate(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Claims such as Q-080 [all].")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the page [results/validation]."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Judge every published statement of the review by the library and the models."""
    from lithomech.app.validate_command import validate as judge_all

    folder = out if out is not None or as_json or ids else Path("results") / "validation"
    if folder is not None:
        from lithomech.app.validation_page import check_folder

        check_folder(folder)
    with progress_bar() as progress:
        return judge_all(ids or [], folder, progress, as_json=as_json)


@app.command()
def cite(
    source: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="A result.nc, or the folder of one."),
    ],
) -> None:
    """Print BibTeX of every source that a result used."""
    from lithomech.app.references import bibtex, used_keys
    from lithomech.cell.readout.load import load_result

    path = source / "result.nc" if source.is_dir() else source
    typer.echo(bibtex(used_keys(load_result(path))))


@app.command()
def examples(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Copy the example to this file."),
    ] = None,
) -> None:
    """List the packaged examples; print one of them, or copy it to a file."""
    if name is None:
        for path in sorted(_examples_folder().glob("*.yaml")):
            title = re.search(r"^name: *(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            typer.echo(f"{path.stem:<28}{title.group(1) if title else ''}".rstrip())
        for path in _measured():
            typer.echo(f"measured/{path.name}")
        return
    example = _example(name)
    if out is None:
        typer.echo(_text(example), nl=False)
        return
    if out.exists():
        raise InputError("this file exists already; choose another --out", file=str(out))
    from lithomech.files.atomic import replacing

    with replacing(out) as temporary:
        temporary.write_bytes(example.read_bytes())


def _measured() -> list[Path]:
    """Files that `analyse` is shown with; made up, with known truth."""
    return sorted((_examples_folder() / "measured").glob("*"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError("this is no text file; copy it with --out", file=path.name) from None


def _examples_folder() -> Path:
    """The examples inside an installed package, or those of the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "examples"
    return installed if installed.is_dir() else package.parents[1] / "examples"


def _example(name: str) -> Path:
    measured = {f"measured/{path.name}": path for path in _measured()}
    if name in measured:
        return measured[name]
    path = _examples_folder() / f"{name}.yaml"
    if path not in _examples_folder().glob("*.yaml"):
        known = ", ".join(sorted(p.stem for p in _examples_folder().glob("*.yaml")))
        raise InputError(f"there is no example {name!r}; there are: {known}")
    return path


def _read_cell(source: str, settings: Sequence[str]) -> "Cell":
    from lithomech.cell.spec import load_cell

    overrides = [split_setting(setting) for setting in settings]
    if source == "-":
        return load_cell(_standard_input(), overrides)
    path = Path(source)
    if path.is_dir():
        raise InputError(
            "this is a folder; give the cell file or the result.nc in it", file=source
        )
    if not path.exists():
        raise InputError("there is no such file", file=source)
    if path.suffix != ".nc":
        return load_cell(path, overrides)
    if overrides:
        raise InputError("--set is for cell files; a result is repeated as it is", file=source)
    from lithomech.cell.readout.load import load_result

    return load_result(path).cell


def _standard_input() -> str:
    try:
        return sys.stdin.read() + "\n"  # the line end marks it as text
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", file="-") from None


def _run(
    cell: "Cell", folder: Path | None, measured: "TimeSeries | None", *, as_json: bool
) -> int:
    """Run a cell, write its folder if there is one, and show the outcome."""
    from lithomech.cell.run import run as solve
    from lithomech.observe.overlay import overlay

    if folder is not None:
        from lithomech.app.result_folder import check_folder

        check_folder(folder)
    with progress_bar() as progress:
        result = solve(cell, progress=progress)
        compared = overlay(measured, result.series) if measured is not None else None
        if folder is not None:
            from lithomech.app.result_folder import write_folder

            progress(1.0, "writing the report")
            write_folder(result, folder, compared)
    if as_json:
        told = result.to_json() | ({"comparison": compared.to_json()} if compared else {})
        typer.echo(json.dumps(_plain(told), allow_nan=False))
    else:
        _show(result, folder, compared)
    return COMPLETED if result.status == "completed" else ENDED_EARLY


def _show(result: "CellResult", folder: Path | None, compared: "Overlay | None") -> None:
    from rich.console import Console

    from lithomech.app.outcome import quantity_table, show_outcome
    from lithomech.app.summary import cycle_table

    console = Console(highlight=False)
    console.print(result.name, style="bold", markup=False)
    if result.cycles:
        console.print(cycle_table(result))
    if compared is not None:
        console.print(quantity_table(compared))
    show_outcome(console, result, folder)


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    """The same data with null for every number that JSON has no word for."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
