"""The command line. Exit codes: 0 completed, 1 ended early, 2 the input is wrong."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import errno
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.exceptions import Abort, TyperException

from lithomech.app.analyse_command import analyse
from lithomech.app.app_command import app as workbench
from lithomech.app.calibrate_command import calibrate
from lithomech.app.cite_command import cite
from lithomech.app.conduct_command import conduct
from lithomech.app.export_command import export
from lithomech.app.figures_command import figures
from lithomech.app.fit_command import fit
from lithomech.app.interruption import INTERRUPTED, KEPT, interruptible
from lithomech.app.materials_command import materials
from lithomech.app.particle_command import particle
from lithomech.app.progress import progress_bar
from lithomech.app.run_command import COMPLETED, ENDED_EARLY, read_cell, run, run_cell
from lithomech.app.settings import JsonOption
from lithomech.app.structure_command import structure
from lithomech.app.study_command import study
from lithomech.app.terminal import accept_any_text, complain, quieten
from lithomech.app.wanted import Wanted
from lithomech.errors import InputError, LithomechError
from lithomech.version import __version__

WRONG_INPUT: Final = 2
IN_THE_WAY: Final = {errno.EEXIST, errno.ENOTDIR}
FULL: Final = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}  # what a full disk says

DEMO: Final = "ncm88_lpscl_liin"

app = typer.Typer(
    name="lithomech",
    help="Electrochemistry and mechanics of all-solid-state batteries.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
app.add_typer(materials)
app.add_typer(analyse)
app.command()(run)
app.command()(conduct)
app.command()(structure)
app.command()(particle)
app.command()(study)
app.command()(workbench)
app.command()(fit)
app.command()(calibrate)
app.command()(cite)
app.command()(export)
app.command()(figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; deliberate errors become one line.

    Args:
        arguments: Words after the program name; those of the process if not given.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    accept_any_text()
    quieten()
    with interruptible(as_json="--json" in words) as interruption:
        try:
            code = _main(words)
        except (Abort, KeyboardInterrupt):
            code = INTERRUPTED
        if code == INTERRUPTED:
            interruption.report()
    return interruption.code if code in {INTERRUPTED, KEPT} else code


def _main(words: Sequence[str]) -> int:
    """Run a command; what is wrong becomes one line."""
    try:
        code = app(args=words, prog_name="lithomech", standalone_mode=False)
    # the reader has seen enough, as `head` does; typer makes an exit of it in its own output
    except (BrokenPipeError, SystemExit):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COMPLETED
    except (TyperException, InputError) as error:
        return _complain(error, WRONG_INPUT)
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        full, reason = error.errno in FULL, error.strerror or error
        if error.errno in IN_THE_WAY:
            reason = "a file is in the way of a folder; name another with --out"
        rest = "; nothing was written, earlier results are as they were" if full else ""
        return _complain(f"{place}{reason}{rest}", ENDED_EARLY if full else WRONG_INPUT)
    except LithomechError as error:
        return _complain(error, ENDED_EARLY)
    return code if isinstance(code, int) else COMPLETED


def _complain(problem: object, code: int) -> int:
    """Write one line for each mistake to standard error and pass the exit code on."""
    text = problem.format_message() if isinstance(problem, TyperException) else problem
    for one in problem.mistakes if isinstance(problem, InputError) else (text,):
        complain(one)
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
def demo() -> int:
    """Run the packaged NCM88 | Li6PS5Cl | Li-In cell for two cycles into results/demo."""
    from lithomech.files.packaged import examples as packaged

    wanted = Wanted(Path("results") / "demo", packaged()[DEMO])
    code = run_cell(read_cell(DEMO, []), wanted)
    typer.echo("To move its sliders in a browser: pip install 'lithomech[app]'; lithomech app")
    return code


@app.command()
def schema(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="cell, structure, particle, study, fit, mapping, material, claim, case, "
            "mechanisms.",
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
    """Print every key of a file with unit, default and meaning; --json: its JSON Schema."""
    from lithomech.app.mechanisms_text import MECHANISMS, show_mechanisms
    from lithomech.app.schemas import schema_of

    if kind == MECHANISMS:
        return show_mechanisms(check, as_json=as_json)
    if check is not None:
        raise InputError(f"--check is for mechanisms, not for {kind}")
    if as_json:
        typer.echo(json.dumps(schema_of(kind), indent=2))
        return COMPLETED
    from lithomech.app.schema_table import print_table
    from lithomech.app.terminal import make_console

    print_table(schema_of(kind), make_console())
    return COMPLETED


@app.command()
def validate(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Claims such as Q-080, or cases such as A1 (default: all)."
        ),
    ] = None,
    cases: Annotated[
        bool, typer.Option("--cases", help="Run measured cells instead: cases or case files.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder (default: results/validation or results/cases).",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Judge every published statement of Song et al. 2021, or predict measured cells."""
    if cases:
        from lithomech.app.cases_command import predict

        return predict(ids or [], out, as_json=as_json)
    from lithomech.app.validate_command import validate as judge_all

    folder = out if out is not None or as_json or ids else Path("results") / "validation"
    if folder is not None:
        from lithomech.app.validation_page import check_folder

        check_folder(folder)
    with progress_bar() as progress:
        return judge_all(ids or [], folder, progress, as_json=as_json)


@app.command()
def examples(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Of an example; without it, all are listed."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Copy the example to this file."),
    ] = None,
) -> None:
    """List the packaged examples with their commands; print one, or copy it to a file."""
    from lithomech.files import packaged

    if name is None:
        for path in packaged.examples().values():
            typer.echo(_listed(path))
        for measured in packaged.measured():
            typer.echo(f"{measured:<28}measured")
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


def _listed(path: Path) -> str:
    """Name of an example, the command that it is for, and its title."""
    from lithomech.files.purpose import commands_of

    text = path.read_text(encoding="utf-8")
    keys = re.findall(r"^(\w+):", text, re.MULTILINE)
    title = re.search(r"^name: *(.*)$", text, re.MULTILINE)
    command = next(commands_of(keys), "")
    return f"{path.stem:<28}{command:<11}{title.group(1) if title else ''}".rstrip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError("this is no text file; copy it with --out", file=path.name) from None


def _example(name: str) -> Path:
    from lithomech.files import packaged

    known = packaged.examples() | packaged.measured()
    if name not in known:
        names = ", ".join(packaged.examples())
        raise InputError(f"there is no example {name!r}; there are: {names}")
    return known[name]
