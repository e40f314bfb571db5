"""`lithomech cite`: BibTeX of what a result or a cell is built on."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lithomech.app.run_command import read_cell

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.cell.spec import Cell

RESULT = "result.nc"

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="RESULT|CELL",
        help="A result.nc or the folder of one; or a cell file, the name of an example, or - .",
    ),
]


def cite(source: SourceArgument) -> None:
    """Print BibTeX of lithomech and of every source whose values a result or a cell uses."""
    from lithomech.app.references import bibtex, keys_of_cell, keys_of_result

    result, cell = result_or_cell(source)
    typer.echo(bibtex(keys_of_cell(cell) if result is None else keys_of_result(result)))


def result_or_cell(source: str) -> "tuple[CellResult | None, Cell]":
    """Return the result that stands there, if it is one, and the cell.

    Args:
        source: a result.nc, the folder of one, a cell file, an example, or - .

    Raises:
        InputError: none of these, or with file, line and key.
    """
    path = Path(source)
    if path.is_dir():
        path = path / RESULT
    elif path.suffix != ".nc":
        return None, read_cell(source, [])
    from lithomech.cell.readout.load import load_result

    result = load_result(path)
    return result, result.cell
