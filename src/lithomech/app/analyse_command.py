"""`lithomech analyse`: measured files, and results in their place, read the same way."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lithomech.app.analyse_options import (
    crop_of,
    length,
    particle_diameter_of,
    prepare_of,
    quantity,
    reading,
    sample_of,
)
from lithomech.app.analyse_target import finish, names, target_of
from lithomech.app.cycles_command import cycles
from lithomech.app.default_folder import stem_of
from lithomech.app.settings import JsonOption
from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.observe.timeseries import TimeSeries

analyse = typer.Typer(
    name="analyse",
    help="Read quantities out of measured files, or out of results.",
    no_args_is_help=True,
)

analyse.command()(cycles)

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
        bool,
        typer.Option("--correct", help="Remove drift and temperature, as fitted to the rests."),
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

    options = {"correct": correct}
    target = target_of(
        "pressiometry", [source], (reference, logger, mapping), out, options, as_json
    )
    with reading(source):
        analysis = analysed(prepared(source))
    if reference is not None:
        with reading(reference):
            analysis = separated(analysis, analysed(prepared(reference)))
    figures = {"slopes": analysis.plot, "signal": analysis.series.plot}
    return finish(analysis, f"Pressiometry of {stem_of(source)}", figures, target)


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

    options = {"particle_diameter": particle_diameter}
    target = target_of("gitt", sources, (mapping,), out, options, as_json)
    analyses = []
    for path in sources:
        result = cell_result(path)
        diameter = length(particle_diameter, "particle-diameter") if particle_diameter else None
        if diameter is None and result is not None:
            diameter = particle_diameter_of(result.input)
        if diameter is None:
            raise InputError("--particle-diameter is missing, such as '4 um'", file=str(path))
        with reading(path):
            analyses.append(analysed(series_of(path, mapping), 0.5 * diameter, stem_of(path)))
    side_by_side = several(analyses, [stem_of(path) for path in sources])
    figures = {"diffusivities": side_by_side.plot}
    if side_by_side.more:
        figures["comparison"] = lambda: comparison(analyses[0], analyses[1])
    whole = side_by_side if len(analyses) > 1 else analyses[0]
    return finish(whole, f"GITT of {names(sources)}", figures, target)


@analyse.command()
def eis(
    sources: FilesArgument,
    circuit: Annotated[
        str, typer.Option(help="R, C, L, Q, W, Wo, Ws, T, Tr; - in series, p(a,b) in parallel.")
    ] = "R0-p(R1,Q1)-p(R2,Q2)-W1",
    frequencies: Annotated[
        str,
        typer.Option(
            metavar="LOW,HIGH", help="Part of the spectra that is analysed, '1 Hz,100 kHz'."
        ),
    ] = "",
    area: Annotated[
        str, typer.Option(metavar="AREA", help="Of the electrode, '1.33 cm2': then in ohm cm2.")
    ] = "",
    mapping: MappingOption = None,
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
    prepared = prepare_of(frequencies, area)
    options = {"circuit": circuit, "frequencies": frequencies, "area": area}
    target = target_of("eis", sources, (mapping,), out, options, as_json)
    with progress_bar() as progress:
        spectra = [prepared(one) for one in spectra_of(sources, mapping)]
        analysis = analysed(spectra, circuit, progress)
    title = f"Impedance of {names(sources)}"
    return finish(analysis, title, {"overview": analysis.plot}, target)


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

    options = {"carrier": carrier, "diameter": diameter, "thickness": thickness}
    options |= {"separators": separators, "conductivity": conductivity, "share": share}
    options |= {"errors": errors}
    target = target_of("polarization", [source], (mapping,), out, options, as_json)
    if is_result(source):
        series, sample = held_voltages(source, carrier)
    else:
        series = series_of(source, mapping)
        sample = sample_of(diameter, thickness, separators, conductivity, (share, errors))
    with reading(source):
        analysis = analysed(series, sample)
    title = f"Polarization of {stem_of(source)}, {carrier}"
    return finish(analysis, title, {"holds": analysis.plot}, target)


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

    target = target_of("rate", sources, (mapping,), out, {}, as_json)
    analyses = []
    for path in sources:
        with reading(path):
            analyses.append(analysed(series_of(path, mapping)))
    side_by_side = several(analyses, [stem_of(path) for path in sources])
    whole = side_by_side if len(analyses) > 1 else analyses[0]
    title = f"Rate test of {names(sources)}"
    return finish(whole, title, {"discharge_times": side_by_side.plot}, target)


@analyse.command()
def cracks(
    source: FileArgument,
    dark: Annotated[float | None, typer.Option(help="Grey below which it is dark.")] = None,
    bright: Annotated[
        float | None, typer.Option(help="Grey above which it is particle.")
    ] = None,
    crop: Annotated[
        str,
        typer.Option(
            metavar="ROWS,COLUMNS", help="Upper left part (default: all but a data bar)."
        ),
    ] = "",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Crack area in the particles of a cross-section, and how much of them is in contact."""
    from lithomech.app.measured import is_result, picture_of
    from lithomech.observe.cracks import cracks as analysed

    options = {"dark": dark, "bright": bright, "crop": crop}
    target = target_of("cracks", [source], (), out, options, as_json)
    with reading(source):
        picture = picture_of(source)
        rows, columns = crop_of(crop, picture.shape)
        part = picture[:rows, :columns]
        # what was cropped by hand, or was drawn, has no data bar
        whole = bool(crop) or is_result(source)
        analysis = analysed(part, dark, bright, stem_of(source), whole=whole)
    title = f"Cracks in {stem_of(source)}"
    return finish(analysis, title, {"overlay": analysis.plot}, target)


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

    options = {"bands": bands, "edges": edges}
    target = target_of("acoustic", [source], (cell, mapping), out, options, as_json)
    result = cell_result(source)
    if result is not None:
        with reading(source):
            analysis = damage_activity(result.series, cell_damage(result), result.name)
    else:
        listened = series_of(cell, mapping) if cell is not None else None
        between = [quantity(e, "Hz", "edges") for e in edges.split(",") if e.strip()]
        analysis = analysed(read_hits(source), between or bands, listened)
    title = f"Acoustic emission of {stem_of(source)}"
    return finish(analysis, title, {"activity": analysis.plot}, target)
