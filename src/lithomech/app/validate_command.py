"""`lithomech validate`: the literature register as a scoreboard."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table

from lithomech.app import figures_command
from lithomech.app.terminal import make_console
from lithomech.validation.judge import Verdict
from lithomech.validation.markdown import MEANINGS, counts, error, predicted, published
from lithomech.validation.register import load_register
from lithomech.validation.runs import Runs
from lithomech.validation.scoreboard import scoreboard

COLOURS: Final = {
    "reproduced": "green",
    "contradicted": "red",
    "data": "blue",
    "erratum": "magenta",
    "unknown": "bold red",
}
MISTAKE: Final = 1  # exit code when the register itself is wrong


def validate(
    ids: Sequence[str],
    folder: Path | None,
    progress: Callable[[float, str], None],
    *,
    as_json: bool,
) -> int:
    """Judge claims, show the outcome, write the pages; return the exit code.

    Runs that `lithomech figures` has kept are taken, and new ones are kept beside them.

    Args:
        ids: Claims to judge; all if none.
        folder: Where the pages go; only without ids, and None writes nothing.
        progress: Called with the share done and what is being judged.
        as_json: Print one JSON object instead of tables.
    """
    kept = figures_command.FOLDER
    known = (kept / figures_command.INDEX).is_file()
    verdicts = scoreboard(ids, progress, Runs(kept / figures_command.RUNS if known else None))
    if folder is not None:
        from lithomech.app.validation_page import write_pages  # noqa: PLC0415 - draws

        progress(1.0, "writing the page")
        write_pages(verdicts, folder)
    if as_json:
        content = {"counts": counts(verdicts), "claims": [v.to_json() for v in verdicts]}
        typer.echo(json.dumps(content, allow_nan=False))
    else:
        _show(verdicts, ids, folder)
    return MISTAKE if any(v.status == "unknown" for v in verdicts) else 0


def _show(verdicts: Sequence[Verdict], ids: Sequence[str], folder: Path | None) -> None:
    console = make_console()
    if ids:
        for verdict in verdicts:
            _one(console, verdict)
        return
    console.print(_misses(verdicts))
    console.print(_score(verdicts))
    for verdict in verdicts:
        if verdict.status == "unknown":
            console.print(f"{verdict.id}: {verdict.detail}", style="red", markup=False)
    if folder is not None:
        console.print(f"page: {folder / 'report.html'}", markup=False, soft_wrap=True)


def _score(verdicts: Sequence[Verdict]) -> Table:
    """How many claims have each status, and what it means."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("Status")
    table.add_column("Claims", justify="right")
    table.add_column("Meaning")
    for status, count in counts(verdicts).items():
        table.add_row(
            f"[{COLOURS.get(status, 'default')}]{status}", f"{count}", MEANINGS[status]
        )
    table.add_row("", f"{len(verdicts)}", "")
    return table


def _misses(verdicts: Sequence[Verdict]) -> Table:
    """The predictions that miss, the largest first: what a reader should know."""
    table = Table(box=None, header_style="bold", padding=(0, 1), title_justify="left")
    table.title = "Contradicted: what the package gives differs from what is printed"
    for name, justify in (("Claim", "left"), ("Statement", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for name in ("Published", "Predicted", "Error"):
        table.add_column(name, justify="right")
    claims = load_register().claims
    missed = [v for v in verdicts if v.status == "contradicted"]
    for verdict in sorted(missed, key=lambda v: -abs(v.relative_error or 0.0)):
        statement = claims[verdict.id].statement
        numbers = (published(verdict), predicted(verdict) or verdict.detail, error(verdict))
        table.add_row(verdict.id, statement, *numbers)
    return table


def _one(console: Console, verdict: Verdict) -> None:
    """Everything about one claim."""
    claim, errata = load_register().claims[verdict.id], load_register().errata
    console.print(
        f"[bold]{verdict.id}[/bold]  [{COLOURS.get(verdict.status, 'default')}]{verdict.status}"
    )
    for label, text in _facts(verdict):
        console.print(f"  {label:<12}{text}", markup=False, soft_wrap=True)
    for name in claim.errata:
        e = errata[name]
        console.print(f"  {name:<12}{e.printed} → {e.right}", markup=False, soft_wrap=True)


def _facts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Labels and texts, without those that have nothing to say."""
    claim = load_register().claims[verdict.id]
    facts: dict[str, Any] = {
        "statement": claim.statement,
        "place": ", ".join((claim.place, *claim.cites)),
        "conditions": claim.conditions,
        "published": published(verdict),
        "predicted": predicted(verdict),
        "error": error(verdict),
        "why": verdict.detail,
        "inputs": ", ".join(verdict.inputs),
        "note": claim.note,
    }
    yield from ((label, text) for label, text in facts.items() if text)
