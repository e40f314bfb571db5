"""`lithomech figures`: figures and tables of Song et al. 2021, drawn from the models."""

# ruff: noqa: PLC0415  a command imports what it needs when it runs, so that --help is quick

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from lithomech.app.settings import JsonOption
from lithomech.errors import InputError

if TYPE_CHECKING:
    from lithomech.app.figures_text import Shown
    from lithomech.validation.figures.panel import Panel
    from lithomech.validation.figures.verdict import Outcome
    from lithomech.validation.runs import Runs

FOLDER: Final = Path("results") / "figures"
RUNS: Final = "runs"  # folder of finished runs in it
INDEX: Final = "panels.json"  # what became of each panel
PAGE: Final = "report.html"
COLOURS: Final = {
    "reproduced": "green",
    "contradicted": "red",
    "drawn": "blue",
}


class Target(NamedTuple):
    """Where pictures go, of which kinds, and whether the page wants them too."""

    folder: Path
    kinds: tuple[str, ...]
    svg: bool


class _Part(NamedTuple):
    """Progress of one panel as a part of the whole."""

    whole: Callable[[float, str], None]
    name: str
    begin: float
    span: float

    def __call__(self, share: float, text: str) -> None:
        """Report a fraction of the panel."""
        self.whole(self.begin + share * self.span, f"{self.name}: {text}")


def figures(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Panels such as F4a, figures such as F4, tables T1 to T3."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All of them, and a page with everything.")
    ] = False,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--figures",
            metavar="png|svg|pdf",
            help="Kind of picture files (default: png). Repeatable.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder (default: results/figures)."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Draw figures and tables of Song et al. 2021 from the models, beside what is printed.

    Without ID and --all the panels are listed. A second call reuses finished runs.
    """
    from lithomech.app.wanted import formats
    from lithomech.validation.figures.catalogue import selected
    from lithomech.validation.runs import Runs

    if every and ids:
        raise InputError("--all goes without IDs")
    folder, chosen, wanted = out or FOLDER, selected(ids or []), formats(kinds)
    if not (ids or every):
        return _list(chosen, folder, as_json=as_json)
    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / INDEX).exists():
        _write_index(folder, {})
    runs = Runs(folder / RUNS)
    found = _draw(chosen, runs, Target(folder, wanted, svg=every))
    if every:
        from lithomech.app.figures_page import write_page

        write_page(found, runs.spent, folder / PAGE)
    spent = runs.spent if every else None
    _show([one.outcome for one in found], folder, spent, as_json=as_json)
    return 0


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but earlier figures.

    Raises:
        InputError: something else stands there.
    """
    from lithomech.app import out_folder

    out_folder.check_folder(folder, lambda f: (f / INDEX).is_file(), "figures of the paper")


def _draw(chosen: "Sequence[Panel]", runs: "Runs", target: Target) -> "list[Shown]":
    """Compute what is missing, then draw panel after panel."""
    from lithomech.app.progress import progress_bar

    found: list[Shown] = []
    costs = _costs(chosen, runs)
    total, done = sum(costs), 0.0
    with progress_bar(lines=True) as progress:
        for panel, cost in zip(chosen, costs, strict=True):
            part = _Part(progress, panel.id, done / total, cost / total)
            try:
                found.append(_one(panel, runs, target, part))
            except KeyboardInterrupt:
                again = "the same command goes on from the runs that are finished"
                typer.echo(f"lithomech: {again}", err=True)
                raise
            done += cost
        progress(1.0, "done")
    return found


def _costs(chosen: "Sequence[Panel]", runs: "Runs") -> list[float]:
    """About the seconds of each panel; a run counts where it comes first."""
    costs: list[float] = []
    counted: set[str] = set()
    for panel in chosen:
        cost = 1.0
        for run in panel.needed:
            declared = run.declared()
            if runs.has(declared) or (key := runs.key(declared)) in counted:
                continue
            counted.add(key)
            cost += run.seconds
        costs.append(cost)
    return costs


def _one(panel: "Panel", runs: "Runs", target: Target, progress: _Part) -> "Shown":
    """Run, judge and draw one panel; its pictures and its line of the index are written."""
    from lithomech.app.figures_text import Shown
    from lithomech.plot.style import save_figure, to_svg
    from lithomech.validation.figures.verdict import drawn, outcome

    progress(0.0, panel.title)
    wanted = panel.needed
    runs.fill([run.declared() for run in wanted], progress, [run.seconds for run in wanted])
    found = outcome(panel, runs)
    picture = drawn(panel, runs)
    for kind in target.kinds:
        save_figure(picture, target.folder / f"{panel.id}.{kind}")
    index = _index(target.folder)
    index[panel.id] = found.to_json()
    _write_index(target.folder, index)
    return Shown(found, to_svg(picture) if target.svg else "")


def _index(folder: Path) -> dict[str, dict[str, object]]:
    """What became of panels before."""
    try:
        found = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {k: v for k, v in entries if isinstance(v, dict) and {"status", "reason"} <= set(v)}


def _write_index(folder: Path, index: dict[str, dict[str, object]]) -> None:
    from lithomech.files.atomic import replacing

    with replacing(folder / INDEX) as temporary:
        temporary.write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _list(chosen: "Sequence[Panel]", folder: Path, *, as_json: bool) -> int:
    """Show which panels there are and what became of them."""
    from rich.table import Table

    from lithomech.app.terminal import make_console

    index, rows = _index(folder), []
    for panel in chosen:
        before = index.get(panel.id)
        state = (
            (str(before["status"]), str(before["reason"]))
            if before
            else ("not drawn yet", f"about {panel.seconds + 1.0:.0f} s")
        )
        rows.append((panel.id, panel.title, *state))
    if as_json:
        keys = ("id", "title", "status", "reason")
        panels = [dict(zip(keys, row, strict=True)) for row in rows]
        typer.echo(json.dumps({"panels": panels}))
        return 0
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for name in ("Panel", "Title", "Status", "Why"):
        table.add_column(name, no_wrap=name == "Panel")
    for name, title, status, reason in rows:
        colour = COLOURS.get(status, "default")
        table.add_row(name, _plain(title), f"[{colour}]{status}", _plain(reason))
    make_console().print(table)
    return 0


def _show(
    found: "Sequence[Outcome]", folder: Path, seconds: float | None, *, as_json: bool
) -> None:
    """Print numbers beside printed ones, and where the pictures are.

    Args:
        found: panels as they came out.
        folder: with the pictures.
        seconds: that all runs took, where there is a page of all panels; None otherwise.
        as_json: print one JSON object instead.
    """
    from lithomech.app.figures_text import numbers_table, score_line
    from lithomech.app.terminal import make_console

    if as_json:
        typer.echo(json.dumps({"panels": [one.to_json() for one in found]}, allow_nan=False))
        return
    console = make_console()
    for one in found:
        colour = COLOURS[one.status]
        console.print(f"[bold]{one.panel.id}[/bold]  [{colour}]{one.status}", end="")
        console.print(f": {one.reason}", markup=False, soft_wrap=True)
        if seconds is None and one.rows:
            console.print(numbers_table(one))
    where = f"pictures: {folder}"
    if seconds is not None:
        console.print(score_line(found, seconds), markup=False)
        where = f"page: {folder / PAGE}"
    console.print(where, markup=False, soft_wrap=True)


def _plain(text: str) -> str:
    """A text without meaning to rich."""
    return text.replace("[", r"\[")
