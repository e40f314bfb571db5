"""`lithomech particle`: one particle cycled until the boundaries of its grains crack."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lithomech.app.settings import JsonOption, OutOption, SetOption, split_setting
from lithomech.errors import InputError
from lithomech.files.damaged import plain_size

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.particle.ensemble import CrackEnsemble
    from lithomech.particle.result import CrackedParticle
    from lithomech.particle.spec import Particle

NOT_CONVERGED: Final = 1  # exit code


def particle(
    source: Annotated[
        Path, typer.Argument(metavar="SPEC", help="Particle file (YAML), or example.")
    ],
    settings: SetOption = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            metavar="N",
            help="As many particles, one cycle each, and the cell's law of cracking from them.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume after the finished cycles.")
    ] = False,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Cycle one particle: stress between its grains, cracks, apparent diffusivity."""
    from lithomech.app.analysis_page import (
        check_folder,
        described,
        show,
        write_folder,
    )
    from lithomech.app.default_folder import UNFINISHED, claimed, default_folder
    from lithomech.app.progress import progress_bar
    from lithomech.app.terminal import make_console
    from lithomech.files.packaged import located
    from lithomech.numerics.compiled import must_compile
    from lithomech.particle.spec import load_particle, to_input

    source = located(source)
    plain_size(source)
    folder = out if out is not None or as_json else default_folder([source])
    if folder is not None:
        check_folder(folder)
    declared = load_particle(source, [split_setting(setting) for setting in settings or []])
    kept = _kept(folder and folder / UNFINISHED, resume=resume)
    if must_compile("particle.opening"):
        typer.echo("lithomech: compiling the kernels: only this once, half a minute", err=True)
    with progress_bar() as progress, claimed(folder, [source]):
        try:
            result = _cycled(declared, seeds, progress, kept)
        except InputError as error:
            raise error.located(file=str(source)) from None
        data = described(result, result.name, [source], to_input(declared))
        if folder is not None:
            progress(1.0, "figures")
            drawn, moving = _figures(result)
            write_folder(result, data, drawn, folder, [source], moving)
            _kept(folder / UNFINISHED, resume=False)
    if as_json:
        typer.echo(json.dumps(data, allow_nan=False))
    else:
        show(result, result.name, make_console(), folder)
    return 0 if result.status == "completed" else NOT_CONVERGED


def _kept(folder: Path | None, *, resume: bool) -> Path | None:
    """Folder of unfinished marches, emptied unless they are to be gone on with.

    Raises:
        InputError: there are none.
    """
    if resume and not (folder and folder.is_dir()):
        raise InputError(f"--resume: nothing is unfinished{f' in {folder}' if folder else ''}")
    if folder is not None and not resume:
        shutil.rmtree(folder, ignore_errors=True)
    return folder


def _cycled(
    declared: "Particle",
    seeds: int | None,
    progress: Callable[[float, str], None],
    kept: Path | None,
) -> "CrackedParticle | CrackEnsemble":
    """Cycle one particle, or as many as there are seeds; say how to go on if interrupted."""
    from lithomech.particle.ensemble import ensemble
    from lithomech.particle.fracture import crack_particle

    try:
        if seeds is not None:
            return ensemble(declared, seeds, progress, kept)
        return crack_particle(declared, progress, kept and kept / "particle_1.npz")
    except KeyboardInterrupt:
        if kept is not None and kept.is_dir():
            typer.echo("lithomech: --resume goes on from the last whole cycle", err=True)
        raise


def _figures(
    result: "CrackedParticle | CrackEnsemble",
) -> "tuple[dict[str, Figure], dict[str, bytes]]":
    """Still pictures, and one that moves, by name."""
    from lithomech.particle.ensemble import CrackEnsemble
    from lithomech.plot.particle import animation, discharge, stresses

    if isinstance(result, CrackEnsemble):
        return {"overview": result.plot()}, {}
    still = {
        "overview": result.plot(),
        "stress": stresses(result),
        "discharge": discharge(result),
    }
    return still, {"first_cycle": animation(result)}
