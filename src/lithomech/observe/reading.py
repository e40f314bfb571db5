"""How a file was read: its layout, and which of its columns became which quantity."""

from dataclasses import dataclass
from typing import NamedTuple, final


class HeaderChoice(NamedTuple):
    """A header that may stand for a quantity, and what became of it.

    Attributes:
        header: as the file writes it.
        quantity: column of this package.
        unit: as written, or as usual in files of this kind; "" without one.
        level: how well the words fit: mapping, own_name, word, letter or stem.
        decision: "chosen", or why not.
    """

    header: str
    quantity: str
    unit: str
    level: str
    decision: str


@final
@dataclass(frozen=True)
class Reading:
    """Report of a reader.

    Attributes:
        format: whose habits the file follows.
        layout: lines such as "delimiter: tab".
        choices: every header that was considered for a quantity, best first.
        unused: headers that no quantity was found for.
        dropped: rows that were left out, as they have no time.
    """

    format: str
    layout: tuple[str, ...] = ()
    choices: tuple[HeaderChoice, ...] = ()
    unused: tuple[str, ...] = ()
    dropped: int = 0

    def lines(self) -> tuple[str, ...]:
        """Return the report as lines of text."""
        chosen = [c for c in self.choices if c.decision.startswith("chosen")]
        others = [c for c in self.choices if not c.decision.startswith("chosen")]
        lines = [f"format: {self.format}", *self.layout]
        lines += [f"{c.quantity} <- {c.header!r}{_unit(c)}, {c.level}" for c in chosen]
        lines += [f"not {c.quantity}: {c.header!r}{_unit(c)}: {c.decision}" for c in others]
        lines += [f"not used: {header!r}" for header in self.unused]
        return tuple(lines)


def _unit(choice: HeaderChoice) -> str:
    return f" in {choice.unit}" if choice.unit else ""
