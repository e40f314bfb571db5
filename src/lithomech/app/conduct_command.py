"""`lithomech conduct`: tortuosity factors of a segmented image."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lithomech.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lithomech.microstructure.result import Conduction
    from lithomech.microstructure.spec import Conductors

NOT_CONVERGED: Final = 1  # exit code; an image without a path is an answer
FILES: Final = {"conduction.json", "figures"}


def conduct(
    image: Annotated[
        Path, typer.Argument(metavar="IMAGE", help="Labels: .tif stack, .png, .npy or .raw.")
    ],
    axis: Annotated[
        str | None,
        typer.Option(help="z, y or x: first, second or third axis (default: the first)."),
    ] = None,
    tensor: Annotated[bool, typer.Option("--tensor", help="Along every axis.")] = False,
    conducting: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL=SIGMA", help="What a label conducts: 1='2 mS/cm'. Repeatable."
        ),
    ] = None,
    contact: Annotated[
        list[str] | None,
        typer.Option(metavar="A:B=G", help="Contact of labels: 1:1='1e6 S/m^2'. Repeatable."),
    ] = None,
    particles: Annotated[
        Path | None, typer.Option(metavar="IMAGE", help="Number of each voxel's particle.")
    ] = None,
    electrode: Annotated[
        str | None,
        typer.Option(
            metavar="ION:ELECTRON",
            help="Labels of electrolyte and active material: electrode tortuosity factor.",
        ),
    ] = None,
    voxel_size: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH",
            help="Edge, '50 nm', or edges along z, y and x: '100 nm,50 nm,50 nm'.",
        ),
    ] = None,
    periodic: Annotated[bool, typer.Option("--periodic", help="Join opposite sides.")] = False,
    tolerance: Annotated[float, typer.Option(help="Largest relative error.")] = 1e-3,
    shape: Annotated[
        str | None, typer.Option(metavar="Z,Y,X", help="Voxels of a .raw file.")
    ] = None,
    dtype: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Type of its voxels, uint8 and so on.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for numbers and figure.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> int:
    """Tortuosity factor and effective conductivity of a segmented image."""
    from lithomech.app.out_folder import check_folder, visible
    from lithomech.files.image import read_image
    from lithomech.microstructure.equations import BYTES
    from lithomech.microstructure.solve import conduct as solve
    from lithomech.numerics.compiled import must_compile

    if out is not None:
        check_folder(out, lambda f: visible(f) <= FILES, "a conduction")
    if tensor and axis is not None:
        raise InputError("--tensor takes every axis; give it or --axis")
    voxels = read_image(image, BYTES["alike"], _shape(shape), dtype)
    numbers = None if particles is None else read_image(particles, BYTES["alike"])
    if must_compile("numerics.stencil"):
        typer.echo("lithomech: compiling the solver: only this once, half a minute", err=True)
    if electrode is not None:
        if any((conducting, contact, particles, periodic, out, tensor)):
            raise InputError(
                "--electrode goes with --axis, --voxel-size, --tolerance and --json only"
            )
        spec = _spec(None, None, voxel_size, axis or "z", periodic, tolerance, None)
        return _electrode(voxels, electrode, spec, str(image), as_json)
    axes = ("z", "y", "x")[3 - voxels.ndim :] if tensor else (axis,)
    results = []
    for direction in axes:
        spec = _spec(conducting, contact, voxel_size, direction, periodic, tolerance, out)
        try:
            results.append(solve(voxels, spec, numbers))
        except InputError as error:
            raise error.located(file=str(image)) from None
    return _report(results, image, out, as_json)


def _report(
    results: "Sequence[Conduction]", image: Path, out: Path | None, as_json: bool
) -> int:
    """Write and print the results; returns the exit code."""
    if out is not None:
        _write(results, out)
    if as_json:
        typer.echo(json.dumps(_content(results), allow_nan=False))
    else:
        _show(results, image, out)
    return NOT_CONVERGED if any(r.status == "not converged" for r in results) else 0


def _electrode(
    voxels: "NDArray[Any]", labels: str, spec: "Conductors", name: str, as_json: bool
) -> int:
    from lithomech.app.terminal import make_console
    from lithomech.microstructure.reaction import conduct_electrode

    one, _, other = labels.partition(":")
    pair = _label(one, "--electrode"), _label(other, "--electrode")
    try:
        reaction = conduct_electrode(
            voxels, *pair, spec.axis or "z", spec.tolerance, spec.voxel_size
        )
    except InputError as error:
        raise error.located(file=name) from None
    if as_json:
        typer.echo(json.dumps(reaction.to_json(), allow_nan=False))
    else:
        console = make_console()
        console.print(name, style="bold", markup=False)
        console.print(
            f"electrode tau2 {reaction.electrode_tortuosity_factor:.4g}; from end to end: ions "
            f"{reaction.tortuosity_factor_ionic:.4g}, electrons "
            f"{reaction.tortuosity_factor_electronic:.4g} (both phases as dense, contacts "
            "perfect)"
        )
        console.print(f"{reaction.status}: {reaction.reason} ({reaction.wall_time_s:.2f} s)")
    return NOT_CONVERGED if reaction.status == "not converged" else 0


def _spec(
    conducting: Sequence[str] | None,
    contact: Sequence[str] | None,
    voxel_size: str | None,
    axis: str | None,
    periodic: bool,
    tolerance: float,
    out: Path | None,
) -> "Conductors":
    from lithomech.files.quantity import parse_quantity
    from lithomech.microstructure.spec import Conductors

    conductivities = {}
    for setting in conducting or ():
        label, sigma = _halves(setting, "--conducting", "LABEL=SIGMA, such as 1='2 mS/cm'")
        conductivities[_label(label, "--conducting")] = parse_quantity(sigma, "S/m")
    contacts = {}
    for setting in contact or ():
        pair, conductance = _halves(setting, "--contact", "A:B=G, such as 1:1='1e6 S/m^2'")
        one, _, other = pair.partition(":")
        both = (_label(one, "--contact"), _label(other, "--contact"))
        contacts[both] = parse_quantity(conductance, "S/m^2")
    parts = voxel_size.split(",") if voxel_size else []
    sizes = tuple(parse_quantity(part.strip(), "m") for part in parts)
    size = sizes[0] if len(sizes) == 1 else sizes or None
    return Conductors(
        conductivities, contacts, size, axis, periodic, tolerance, keep_field=out is not None
    )


def _halves(setting: str, option: str, wanted: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise InputError(f"{option} {setting!r}: expected {wanted}")
    return name.strip(), value.strip()


def _label(text: str, option: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{option}: {text!r} is no whole label") from None


def _shape(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {2, 3}:
        raise InputError(f"--shape {text!r}: expected Z,Y,X such as 200,200,200")
    return numbers


def _content(results: "Sequence[Conduction]") -> dict[str, Any]:
    if len(results) == 1:
        return results[0].to_json()
    return {"axes": {result.axis: result.to_json() for result in results}}


def _write(results: "Sequence[Conduction]", folder: Path) -> None:
    from lithomech.app.out_folder import staging

    with staging(folder, ["figures/*.png"]) as staged:
        text = json.dumps(_content(results), indent=2, allow_nan=False)
        (staged / "conduction.json").write_text(text, encoding="utf-8")
        (staged / "figures").mkdir()
        for result in results:
            result.plot().savefig(staged / "figures" / f"potential_{result.axis}.png", dpi=200)


def _show(results: "Sequence[Conduction]", image: Path, out: Path | None) -> None:
    from rich.table import Table

    from lithomech.app.terminal import make_console

    console = make_console()
    table = Table(box=None, header_style="bold", padding=(0, 1), caption_justify="left")
    table.caption = "tau2 = sigma_0 phi / sigma, phi of the total volume"
    for name in ("Axis", "tau2", "sigma/sigma_0", "sigma (S/cm)", "error", "spans", "phi"):
        table.add_column(name, justify="right")
    for r in results:
        sigma = "–" if r.conductivity is None else f"{r.conductivity / 100.0:.4g}"
        table.add_row(
            r.axis, f"{r.tortuosity_factor:.4g}", f"{r.relative_conductivity:.4g}", sigma,
            f"{r.error_estimate:.1g}", f"{100 * r.percolating_fraction:.1f} %",
            f"{r.volume_fraction:.4f}",
        )  # fmt: skip
    console.print(str(image), style="bold", markup=False)
    console.print(table)
    if results[0].edges is not None and len(set(results[0].edges)) > 1:
        edges = zip(results[0].edges, "zyx", strict=True)
        shown = ", ".join(f"{1e9 * edge:g} nm along {axis}" for edge, axis in edges)
        console.print(f"voxels: {shown}", markup=False)
    for r in results:
        colour = {"completed": "green", "no path": "yellow"}.get(r.status, "red")
        console.print(f"{r.axis}: {r.status}", style=colour, end="")
        console.print(f": {r.reason} ({r.wall_time_s:.2f} s)", markup=False)
    if out is not None:
        console.print(f"figures: {out / 'figures'}", markup=False, soft_wrap=True)
