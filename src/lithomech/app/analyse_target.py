"""Where an analysis is written, and how it is written and shown: the same for every verb."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import typer

from lithomech.app.default_folder import default_folder, stem_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.table import Table

    from lithomech.observe.analysis import AbstractAnalysis

NO_ANSWER: Final = 1  # exit code


class Target(NamedTuple):
    """Where the output goes, and what it came from.

    Attributes:
        folder: None if nothing is written.
        as_json: whether one JSON object is printed in place of the tables.
        sources: what is analysed.
        also: other files that were read.
        options: of the command.
    """

    folder: Path | None
    as_json: bool
    sources: tuple[Path, ...]
    also: tuple[Path, ...]
    options: Mapping[str, object]


def target_of(
    verb: str,
    sources: Sequence[Path],
    also: Sequence[Path | None],
    out: Path | None,
    options: Mapping[str, object],
    as_json: bool,
) -> Target:
    """Look at where the output is to go before anything is read.

    Raises:
        InputError: something else stands there.
    """
    from lithomech.app.analysis_page import check_folder

    sources = [_found(path) for path in sources]
    folder = out if out is not None or as_json else default_folder(sources, f"-{verb}")
    if folder is not None:
        check_folder(folder)
    set_options = {name: value for name, value in options.items() if value not in {None, ""}}
    others = tuple(_found(path) for path in also if path is not None)
    return Target(folder, as_json, tuple(sources), others, set_options)


def _found(path: Path) -> Path:
    """The file itself, where a packaged one is meant by its name."""
    from lithomech.files.packaged import measured

    return path if path.exists() else measured().get(path.as_posix(), path)


def names(sources: Sequence[Path]) -> str:
    """The first of some files by its name, and how many more there are."""
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{stem_of(sources[0])}{more}"


def finish(
    analysis: "AbstractAnalysis",
    title: str,
    figures: "Mapping[str, Callable[[], Figure]]",
    target: Target,
    summary: "Table | None" = None,
) -> int:
    """Write, show, and return the exit code.

    Args:
        analysis: the outcome.
        title: words for it.
        figures: what draws each figure, by name.
        target: where it goes.
        summary: shown above the numbers.
    """
    from lithomech.app.analysis_page import described, show, write_folder
    from lithomech.app.terminal import make_console
    from lithomech.observe.analysis import COMPLETED

    data = described(analysis, title, (*target.sources, *target.also), target.options)
    if target.folder is not None:
        drawn = {name: draw() for name, draw in figures.items()}
        write_folder(analysis, data, drawn, target.folder, target.sources)
    if target.as_json:
        typer.echo(json.dumps(data, allow_nan=False))
    else:
        show(analysis, title, make_console(), target.folder, summary)
    return 0 if analysis.status == COMPLETED else NO_ANSWER
