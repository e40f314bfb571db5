"""`lithomech analyse`: measured files, and results in their place, read the same way."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import typer

from lithomech.app.analyse_options import (
    crop_of,
    length,
    particle_diameter_of,
    quantity,
    reading,
    sample_of,
)
from lithomech.app.settings import JsonOption
from lithomech.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.observe.analysis import AbstractAnalysis
    from lithomech.observe.timeseries import TimeSeries

NO_ANSWER: Final = 1  # exit code

analyse = typer.Typer(
    name="analyse",
    help="Read quantities out of measured files, or out of results.",
    no_args_is_help=True,
)

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="Measured file, or result.nc.")
]
FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Measured files, or result.nc.")
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="YAML", help="Which column is what, and calibrations."),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder (default: results/<file stem>-<verb>)."),
]
DiameterOption = Annotated[
    str, typer.Option("--diameter", metavar="LENGTH", help="Of the sample, '10 mm'.")
]


@analyse.command()
def pressiometry(
    source: FileArgument,
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Same cell with a zero-strain electrode: subtract it."
        ),
    ] = None,
    logger: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Pressure logger with a clock of its own."),
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Take out drift and temperature, from the rests.")
    ] = False,
    mapping: MappingOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Slope of the stack pressure over charge; extrema, stiffness, decomposition."""
    from lithomech.app.measured import series_of
    from lithomech.observe.align import align
    from lithomech.observe.drift import correct as corrected
    from lithomech.observe.pressiometry import pressiometry as analysed
    from lithomech.observe.pressiometry import separated

    def prepared(path: Path) -> "TimeSeries":
        series = series_of(path, mapping)
        if logger is not None and path == source:
            series = align(series, series_of(logger, mapping)).series
        return corrected(series).series if correct else series

    said = {"correct": correct}
    target = _target("pressiometry", (source, reference, logger, mapping), out, said, as_json)
    with reading(source):
        found = analysed(prepared(source))
    if reference is not None:
        with reading(reference):
            found = separated(found, analysed(prepared(reference)))
    figures = {"slopes": found.plot, "signal": found.series.plot}
    return _finish(found, f"Pressiometry of {_name(source)}", figures, target)


@analyse.command()
def gitt(
    sources: FilesArgument,
    particle_diameter: Annotated[
        str | None,
        typer.Option(metavar="LENGTH", help="Of the active material, '4 um'; a result has it."),
    ] = None,
    mapping: MappingOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Apparent diffusivity from pulses; of two files also their ratio."""
    from lithomech.app.measured import cell_result, series_of
    from lithomech.observe.gitt import gitt as analysed
    from lithomech.observe.several import several
    from lithomech.plot.gitt import comparison

    said = {"particle_diameter": particle_diameter}
    target = _target("gitt", (*sources, mapping), out, said, as_json)
    found = []
    for path in sources:
        result = cell_result(path)
        diameter = length(particle_diameter, "particle-diameter") if particle_diameter else None
        if diameter is None and result is not None:
            diameter = particle_diameter_of(result.input)
        if diameter is None:
            raise InputError("--particle-diameter is missing, such as '4 um'", file=str(path))
        with reading(path):
            found.append(analysed(series_of(path, mapping), 0.5 * diameter, _name(path)))
    side_by_side = several(found, [_name(path) for path in sources])
    figures = {"diffusivities": side_by_side.plot}
    if side_by_side.more:
        figures["comparison"] = lambda: comparison(found[0], found[1])
    whole = side_by_side if len(found) > 1 else found[0]
    return _finish(whole, f"GITT of {_names(sources)}", figures, target)


@analyse.command()
def eis(
    sources: FilesArgument,
    circuit: Annotated[
        str, typer.Option(help="R, C, L, Q, W, Wo, Ws, T, Tr; - in series, p(a,b) in parallel.")
    ] = "R0-p(R1,Q1)-p(R2,Q2)-W1",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Kramers-Kronig test, equivalent circuit and relaxation times of spectra."""
    from lithomech.app.measured import spectra_of
    from lithomech.app.progress import progress_bar
    from lithomech.observe.circuit import parse_circuit
    from lithomech.observe.eis import eis as analysed

    with reading(Path("--circuit")):
        parse_circuit(circuit)
    target = _target("eis", tuple(sources), out, {"circuit": circuit}, as_json)
    with progress_bar() as progress:
        found = analysed(spectra_of(sources), circuit, progress)
    title = f"Impedance of {_names(sources)}"
    return _finish(found, title, {"overview": found.plot}, target)


@analyse.command()
def polarization(
    source: FileArgument,
    carrier: Annotated[
        Literal["ionic", "electronic"], typer.Option(help="What is not blocked.")
    ] = "ionic",
    diameter: DiameterOption = "",
    thickness: Annotated[
        str, typer.Option(metavar="LENGTH", help="Of the composite, '100 um'.")
    ] = "",
    separators: Annotated[
        str,
        typer.Option(metavar="RESISTANCE", help="In series, both sides together, '40 ohm'."),
    ] = "0 ohm",
    conductivity: Annotated[
        str, typer.Option(metavar="SIGMA", help="Of the phase that conducts, dense: '2 mS/cm'.")
    ] = "",
    share: Annotated[
        str, typer.Option(metavar="SHARE", help="Of that phase in the whole volume, '40 %'.")
    ] = "",
    errors: Annotated[
        str,
        typer.Option(
            metavar="A,B,C", help="Relative errors of thickness, conductivity, share."
        ),
    ] = "0 %,0 %,0 %",
    mapping: MappingOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Effective conductivity and tortuosity factor from held voltages of a blocking cell."""
    from lithomech.app.measured import held_voltages, is_result, series_of
    from lithomech.observe.polarization import polarization as analysed

    said = {"carrier": carrier, "diameter": diameter, "thickness": thickness}
    said |= {"separators": separators, "conductivity": conductivity, "share": share}
    target = _target("polarization", (source, mapping), out, said | {"errors": errors}, as_json)
    if is_result(source):
        series, sample = held_voltages(source, carrier)
    else:
        series = series_of(source, mapping)
        sample = sample_of(diameter, thickness, separators, conductivity, (share, errors))
    with reading(source):
        found = analysed(series, sample)
    title = f"Polarization of {_name(source)}, {carrier}"
    return _finish(found, title, {"holds": found.plot}, target)


@analyse.command()
def rate(
    sources: FilesArgument,
    mapping: MappingOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Discharge time against current: where slope -1 becomes -2."""
    from lithomech.app.measured import series_of
    from lithomech.observe.rate import rate as analysed
    from lithomech.observe.several import several

    target = _target("rate", (*sources, mapping), out, {}, as_json)
    found = []
    for path in sources:
        with reading(path):
            found.append(analysed(series_of(path, mapping)))
    side_by_side = several(found, [_name(path) for path in sources])
    whole = side_by_side if len(found) > 1 else found[0]
    title = f"Rate test of {_names(sources)}"
    return _finish(whole, title, {"discharge_times": side_by_side.plot}, target)


@analyse.command()
def cracks(
    source: FileArgument,
    dark: Annotated[float | None, typer.Option(help="Grey below which it is dark.")] = None,
    bright: Annotated[
        float | None, typer.Option(help="Grey above which it is particle.")
    ] = None,
    crop: Annotated[
        str,
        typer.Option(metavar="ROWS,COLUMNS", help="Upper left part, without the data bar."),
    ] = "",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Crack area in the particles of a cross-section, and how much of them is in contact."""
    from lithomech.app.measured import picture_of
    from lithomech.observe.cracks import cracks as analysed

    said = {"dark": dark, "bright": bright, "crop": crop}
    target = _target("cracks", (source,), out, said, as_json)
    with reading(source):
        picture = picture_of(source)
        rows, columns = crop_of(crop, picture.shape)
        found = analysed(picture[:rows, :columns], dark, bright, _name(source))
    title = f"Cracks in {_name(source)}"
    return _finish(found, title, {"overlay": found.plot}, target)


@analyse.command()
def acoustic(
    source: FileArgument,
    cell: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Series of the cell, on the same clock.")
    ] = None,
    bands: Annotated[int, typer.Option(help="Number of bands, if no edges are given.")] = 3,
    edges: Annotated[
        str, typer.Option(metavar="F,F", help="Between the bands: '150 kHz,300 kHz'.")
    ] = "",
    mapping: MappingOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Acoustic hits by band of peak frequency, over time, voltage and cycle."""
    from lithomech.app.measured import cell_damage, cell_result, series_of
    from lithomech.observe.acoustic import acoustic as analysed
    from lithomech.observe.acoustic import damage_activity
    from lithomech.observe.readers.hits import read_hits

    said = {"bands": bands, "edges": edges}
    target = _target("acoustic", (source, cell, mapping), out, said, as_json)
    result = cell_result(source)
    if result is not None:
        with reading(source):
            found = damage_activity(result.series, cell_damage(result), result.name)
    else:
        listened = series_of(cell, mapping) if cell is not None else None
        between = [quantity(e, "Hz", "edges") for e in edges.split(",") if e.strip()]
        found = analysed(read_hits(source), between or bands, listened)
    title = f"Acoustic emission of {_name(source)}"
    return _finish(found, title, {"activity": found.plot}, target)


class _Target(NamedTuple):
    """Where the output goes, and what it came from."""

    folder: Path | None
    as_json: bool
    sources: tuple[Path, ...]
    options: Mapping[str, object]


def _target(
    verb: str,
    sources: tuple[Path | None, ...],
    out: Path | None,
    options: Mapping[str, object],
    as_json: bool,
) -> _Target:
    """Look at where the output is to go before anything is read."""
    from lithomech.app.analysis_page import check_folder

    read = tuple(path for path in sources if path is not None)
    folder = out if out is not None or as_json else Path("results") / f"{_name(read[0])}-{verb}"
    if folder is not None:
        check_folder(folder)
    said = {name: value for name, value in options.items() if value not in {None, ""}}
    return _Target(folder, as_json, read, said)


def _name(source: Path) -> str:
    """Of a file; a result is named by its folder."""
    ours = {"result.nc", "structure.nc"}
    return source.parent.name if source.name in ours else source.name.split(".")[0]


def _names(sources: list[Path]) -> str:
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{_name(sources[0])}{more}"


def _finish(
    found: "AbstractAnalysis",
    title: str,
    figures: "Mapping[str, Callable[[], Figure]]",
    target: _Target,
) -> int:
    """Write, show, and return the exit code."""
    from rich.console import Console

    from lithomech.app.analysis_page import described, show, write_folder
    from lithomech.observe.analysis import COMPLETED

    data = described(found, title, target.sources, target.options)
    if target.folder is not None:
        drawn = {name: draw() for name, draw in figures.items()}
        write_folder(found, data, drawn, target.folder)
    if target.as_json:
        typer.echo(json.dumps(data, allow_nan=False))
    else:
        show(found, title, Console(highlight=False), target.folder)
    return 0 if found.status == COMPLETED else NO_ANSWER
