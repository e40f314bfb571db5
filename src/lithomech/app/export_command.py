"""`lithomech export`: results, cells and measured files in the formats of other tools."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lithomech.app.cite_command import result_or_cell
from lithomech.app.default_folder import stem_of
from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.cell.spec import Cell
    from lithomech.observe.timeseries import TimeSeries

SERIES: Final = {"csv": ".csv", "bdf": ".bdf.csv"}  # endings of the files
FORMATS: Final = SERIES | {"bpx": ".bpx.json", "pybamm": "_pybamm.py"}
CELLS: Final = {".yaml", ".yml", ".json", ""}  # endings of what is no measurement


def export(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RESULT|CELL|FILE",
            help="A result.nc or its folder, a cell file or example, or a measured file.",
        ),
    ],
    kind: Annotated[
        str,
        typer.Option("--format", metavar="|".join(FORMATS), help="What to write."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Default: named after the source, here."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="MAP.yaml", help="What a measured file's columns are."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            "--leave-out",
            metavar="NAME",
            help="With pybamm: what its model may lack, such as cracking; or all. Repeatable.",
        ),
    ] = None,
) -> None:
    """Write a result as csv or Battery Data Format (bdf), or a cell as BPX or for PyBaMM.

    csv is meant for plotting programs; `lithomech run` reads the BPX file again; pybamm is a
    script. An existing file is replaced only if --out names it.
    """
    if kind not in FORMATS:
        raise InputError(f"--format: {kind!r} is not known; allowed: {', '.join(FORMATS)}")
    path = out or Path(_name(source) + FORMATS[kind])
    if out is None and path.exists():
        raise InputError("this file exists already; name it with --out", file=str(path))
    if leave_out and kind != "pybamm":
        raise InputError(f"--leave-out is for pybamm, not for {kind}")
    if kind in SERIES:
        _series_writer(source, kind, mapping)(path)
    elif mapping is not None:
        raise InputError(f"--mapping is for measured files, which {kind} is not of")
    else:
        _write_cell(result_or_cell(source)[1], kind, path, leave_out or [])
    typer.echo(path)


def _series_writer(source: str, kind: str, mapping: Path | None) -> Callable[[Path], None]:
    from lithomech.observe.laboratory_table import write_laboratory_table

    series = _series(source, kind, mapping)
    if kind == "csv":
        return lambda path: write_laboratory_table(series, path)
    return series.to_bdf


def _write_cell(cell: "Cell", kind: str, path: Path, leave_out: list[str]) -> None:
    if kind == "bpx":
        from lithomech.interop.bpx import write_bpx

        write_bpx(cell, path)
        return
    from lithomech.interop.pybamm import ALL, write_script

    write_script(cell, path, ALL if ALL in leave_out else leave_out)


def _series(source: str, kind: str, mapping: Path | None) -> "TimeSeries":
    """The traces of a result, or of a measured file."""
    path = Path(source)
    if path.suffix.lower() not in {*CELLS, ".nc"}:
        from lithomech.files.packaged import located
        from lithomech.observe.readers.files import read_series

        return read_series(located(source), mapping)
    if mapping is not None:
        raise InputError("--mapping is for measured files", file=source)
    result, _ = result_or_cell(source)
    if result is None:
        raise InputError(
            f"a cell has no traces to write as {kind} before it runs: lithomech run {source}, "
            "then export its result.nc",
            file=source,
        )
    return result.series


def _name(source: str) -> str:
    """What a file is called after its source: the folder of a result.nc, else the stem."""
    path = Path(source)
    return path.resolve().name if path.is_dir() else stem_of(path)
