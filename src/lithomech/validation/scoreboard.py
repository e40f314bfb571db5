"""All claims of the register: each by its own check, figures by the panels that draw them."""

from collections.abc import Callable, Iterable

from lithomech.validation.figures.catalogue import PANELS
from lithomech.validation.figures.panel import Panel
from lithomech.validation.figures.verdict import panel_verdict
from lithomech.validation.judge import Verdict, check_ids, judge
from lithomech.validation.register import load_register
from lithomech.validation.runs import Runs


def scoreboard(
    ids: Iterable[str] = (),
    progress: Callable[[float, str], None] | None = None,
    runs: Runs | None = None,
) -> list[Verdict]:
    """Return the verdicts of these claims, of all if none is named.

    A figure has the status of its panel, which follows from the other claims of that panel.
    These are judged; no picture is drawn, and runs that only a picture needs are not done.

    Args:
        ids: of claims.
        progress: called with the fraction done and a text.
        runs: where results come from; those of this process if none are given.

    Raises:
        InputError: there is no such claim, or the register has a mistake.
    """
    register = load_register()
    wanted = list(ids) or list(register.claims)
    check_ids(wanted, register)
    panels = {name: panel for name in wanted if (panel := panel_of(name)) is not None}
    needed = [name for name in wanted if name not in panels]
    needed += [name for panel in panels.values() for name in panel.judged_by]
    known = {v.id: v for v in judge(dict.fromkeys(needed), progress, runs)}
    return [
        panel_verdict(name, panels[name], known) if name in panels else known[name]
        for name in wanted
    ]


def panel_of(claim: str) -> Panel | None:
    """The panel that judges a claim; None for a claim that has a check of its own."""
    if load_register().claims[claim].check.by != "panel":
        return None
    return next((panel for panel in PANELS if claim in panel.claims), None)
