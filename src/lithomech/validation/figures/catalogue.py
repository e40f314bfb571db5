"""All panels in the order of the paper, and those that a reader asks for."""

import difflib
import re
from collections.abc import Sequence
from typing import Final

from lithomech.errors import InputError, Mistakes
from lithomech.validation.figures import (
    f01,
    f02,
    f03,
    f04,
    f05,
    f06,
    f07,
    f08,
    f09,
    f10,
    f11,
    f12,
    tables,
)
from lithomech.validation.figures.panel import Panel

PANELS: Final[tuple[Panel, ...]] = (
    *f01.PANELS,
    *f02.PANELS,
    *f03.PANELS,
    *f04.PANELS,
    *f05.PANELS,
    *f06.PANELS,
    *f07.PANELS,
    *f08.PANELS,
    *f09.PANELS,
    *f10.PANELS,
    *f11.PANELS,
    *f12.PANELS,
    *tables.PANELS,
)
_LETTER: Final = re.compile(r"^(F\d+)([a-z])$")


def selected(ids: Sequence[str]) -> list[Panel]:
    """Return panels in the order of the paper.

    Args:
        ids: of panels such as F4a, of whole figures such as F4, of tables; all if none.

    Raises:
        InputError: all ids that do not exist.
    """
    if not ids:
        return list(PANELS)
    chosen: set[str] = set()
    mistakes = Mistakes()
    for one in ids:
        with mistakes.noted():
            chosen |= _named(one)
    mistakes.report()
    return [panel for panel in PANELS if panel.id in chosen]


def _named(text: str) -> set[str]:
    """Ids of the panels that a text names."""
    name = text.strip()[:1].upper() + text.strip()[1:].lower()
    found = {panel.id for panel in PANELS if name in {panel.id, panel.figure}}
    if letter := _LETTER.match(name):
        found |= {panel.id for panel in PANELS if _spans(panel, *letter.groups())}
    if not found:
        every = {name: None for panel in PANELS for name in (panel.figure, panel.id)}
        near = difflib.get_close_matches(name, list(every), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "they are F1 to F12, T1 to T3"
        raise InputError(f"there is no figure, table or panel {text!r}; {hint}")
    return found


def _spans(panel: Panel, figure: str, letter: str) -> bool:
    """Whether a panel such as F5b-e holds a letter."""
    first, dash, last = panel.id.removeprefix(figure).partition("-")
    return panel.figure == figure and bool(dash) and first <= letter <= last
