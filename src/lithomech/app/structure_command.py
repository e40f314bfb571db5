"""`lithomech structure`: a composite electrode pressed from its grains."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lithomech.app.default_folder import INPUTS
from lithomech.app.settings import JsonOption, OutOption, SetOption, split_setting
from lithomech.errors import InputError
from lithomech.files.damaged import plain_size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.microstructure.result import EffectiveProperties
    from lithomech.microstructure.spec import Structure

NOT_CONVERGED: Final = 1  # exit code
FILES: Final = {
    INPUTS,
    "structure.nc",
    "structure.json",
    "report.html",
    "figures",
    "pieces",
}
TRANSPORT: Final = (  # column, quantity, scale
    ("porosity (%)", "porosity", 100.0),
    ("tau2 Li+", "tortuosity_factor_ionic", 1.0),
    ("tau2 e-", "tortuosity_factor_electronic", 1.0),
    ("Li+ (mS/cm)", "conductivity_ionic", 10.0),
    ("e- (mS/cm)", "conductivity_electronic", 10.0),
)
CONTACT: Final = (
    ("covered (%)", "covered_fraction", 100.0),
    ("utilised (%)", "utilisation", 100.0),
    ("contacts", "coordination", 1.0),
    ("load share (%)", "load_share", 100.0),
)


def structure(
    source: Annotated[
        Path, typer.Argument(metavar="SPEC", help="Structure file (YAML), or example.")
    ],
    settings: SetOption = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", metavar="N", help="Pieces that are pressed.")
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Pack, press, voxelise and conduct; write structure.nc and figures.

    Finished pieces are kept in the folder: a run that was stopped resumes from them.
    """
    from lithomech.app.default_folder import claimed, default_folder
    from lithomech.app.out_folder import check_folder, visible
    from lithomech.app.progress import progress_bar
    from lithomech.files.packaged import located
    from lithomech.microstructure.electrode import press_structure
    from lithomech.numerics.compiled import must_compile

    source = located(source)
    declared = _read(source, settings or [], seeds)
    folder = out if out is not None or as_json else default_folder([source])
    pieces = None
    if folder is not None:
        check_folder(folder, lambda f: visible(f) <= FILES, "a structure")
        pieces = folder / "pieces"
    if must_compile("numerics.granular"):
        typer.echo("lithomech: compiling the kernels: only this once, half a minute", err=True)
    with progress_bar(lines=True) as progress, claimed(folder, [source]):
        try:
            result = press_structure(declared, progress, pieces)
        except InputError as error:
            raise error.located(file=str(source)) from None
        if folder is not None:
            progress(1.0, "figures")
            _write(result, folder, source)
    if as_json:
        typer.echo(json.dumps(result.to_json(), allow_nan=False))
    else:
        _show(result, folder)
    return 0 if result.status == "completed" else NOT_CONVERGED


def _read(source: Path, settings: Sequence[str], seeds: int | None) -> "Structure":
    from lithomech.microstructure.spec import load_structure

    plain_size(source)
    overrides = [split_setting(setting) for setting in settings]
    if seeds is not None:
        overrides.append(("seeds", str(seeds)))
    return load_structure(source, overrides)


def _figures(result: "EffectiveProperties") -> "dict[str, Figure]":
    from lithomech.microstructure.solve import conduct
    from lithomech.microstructure.spec import Conductors
    from lithomech.plot import structure as draw

    glue = len(result.input["composition"]["active"]) + 1
    ions = Conductors({glue: 1.0}, keep_field=True, periodic=True)
    return {
        "overview": draw.overview(result),
        "section": draw.section(result),
        "solid": draw.solid(result),
        "forces": draw.force_chains(result),
        "ion_paths": draw.streamlines(conduct(result.labels, ions)),
    }


def _write(result: "EffectiveProperties", folder: Path, source: Path) -> None:
    from lithomech.app.default_folder import record_inputs
    from lithomech.app.out_folder import staging
    from lithomech.app.structure_page import write_page

    with staging(folder, ["figures/*.png"]) as staged:
        record_inputs(staged, folder, [source])
        result.save(staged / "structure.nc")
        text = json.dumps(result.to_json(), indent=2, allow_nan=False)
        (staged / "structure.json").write_text(text, encoding="utf-8")
        (staged / "figures").mkdir()
        drawn = _figures(result)
        for name, figure in drawn.items():
            figure.savefig(staged / "figures" / f"{name}.png", dpi=200)
        write_page(result, drawn, staged / "report.html")


def _show(result: "EffectiveProperties", folder: Path | None) -> None:
    from rich.table import Table

    from lithomech.app.outcome import show_outcome
    from lithomech.app.terminal import make_console

    console = make_console()
    spans = [f"{100.0 * p:.0f}" for p in result.spanning_probability("electronic")]
    tables = []
    for columns in (TRANSPORT, CONTACT):
        table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
        for title in ("P (MPa)", *(title for title, _, _ in columns)):
            table.add_column(title, justify="right", no_wrap=True)
        tables.append(table)
        for k, pressure in enumerate(result.stack_pressures):
            cells = [_cell(result, name, k, scale) for _, name, scale in columns]
            table.add_row(f"{pressure / 1e6:g}", *cells)
    share = f"{', '.join(spans)} % of {len(result.seeds)} pieces conduct electrons"
    tables[1].caption = f"mean ± standard deviation; {share}"
    console.print(result.name, style="bold", markup=False)
    for table in tables:
        console.print(table)
    modulus = {k: f"{v / 1e9:.3g} GPa" for k, v in result.constrained_modulus.items()}
    welded, loose = modulus["welded"], modulus["loose"]
    console.print(f"constrained modulus: {welded} if welded, {loose} as loose grains")
    show_outcome(console, result, folder)


def _cell(result: "EffectiveProperties", name: str, k: int, scale: float) -> str:
    mean, spread = result.mean(name)[k] * scale, result.deviation(name)[k] * scale
    return f"{mean:.3g} ±{_short(spread)}" if math.isfinite(spread) else f"{mean:.3g}"


def _short(spread: float) -> str:
    """One digit, without an exponent where there are few zeros."""
    rounded = float(f"{spread:.1g}")
    return f"{rounded:g}" if rounded < 1e4 else f"{rounded:.0e}"
