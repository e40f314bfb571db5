"""What a panel is: which runs it draws, on which claims and constants it rests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

from lithomech.validation.judge import Number
from lithomech.validation.register import load_register
from lithomech.validation.runs import Run, Runs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PREDICTED: Final = "predicted"
CALIBRATED: Final = "calibrated"  # a constant was set on this very number


class Reading(NamedTuple):
    """A number of the runs beside a printed one.

    Attributes:
        claim: that prints it.
        key: of the number in the claim.
        value: in the printed unit.
        role: predicted | calibrated.
        at: condition, where a claim has one number for several.
    """

    claim: str
    key: str
    value: float
    role: str = PREDICTED
    at: str = ""

    def number(self) -> Number:
        """The same as the register writes it."""
        printed = load_register().claims[self.claim].published[self.key]
        name = self.key.replace("_", " ") + (f", {self.at}" if self.at else "")
        return Number(name, printed.ends(), (self.value, self.value), printed.unit)


@final
class Results:
    """The runs of a panel by name, and where further ones come from."""

    def __init__(self, wanted: Mapping[str, Run], runs: Runs) -> None:
        """Take the runs; they are computed when they are asked for."""
        self.wanted = wanted
        self.runs = runs

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  of the kind that is declared
        """Return the result of a run."""
        return self.runs.get(self.wanted[name].declared())

    def __iter__(self) -> Iterator[str]:
        """Go over the names."""
        return iter(self.wanted)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Go over names and results."""
        return ((name, self[name]) for name in self.wanted)


def nothing_read(_results: Results) -> tuple[Reading, ...]:
    """No number is printed."""
    return ()


@final
@dataclass(frozen=True)
class Panel:
    """A panel of a figure, or a table.

    Attributes:
        id: such as F4a, F5b-e or T1.
        title: in our words.
        claims: of the register; the first is the panel itself.
        caption: what is drawn, and what is assumed or missing.
        draw: makes the picture.
        runs: that it draws, by name.
        judged: further ones, long, that its claims ask for.
        read: numbers of the runs beside printed ones.
        constants: values of the library that it rests on above all, as material.property.
    """

    id: str
    title: str
    claims: tuple[str, ...]
    caption: str
    draw: "Callable[[Results], Figure]"
    runs: Mapping[str, Run] = field(default_factory=dict)
    judged: tuple[Run, ...] = ()
    read: Callable[[Results], tuple[Reading, ...]] = nothing_read
    constants: tuple[str, ...] = ()

    @property
    def figure(self) -> str:
        """The figure or table that it belongs to, such as F4."""
        digits = "".join(letter for letter in self.id[1:3] if letter.isdigit())
        return self.id[0] + digits

    @property
    def place(self) -> str:
        """Where the paper has it."""
        name = "Table" if self.id.startswith("T") else "Fig."
        return f"{name} {self.id[1:]}"

    @property
    def judged_by(self) -> tuple[str, ...]:
        """Its claims that have a check of their own: its status follows from theirs."""
        claims = load_register().claims
        return tuple(name for name in self.claims if claims[name].check.by != "panel")

    @property
    def needed(self) -> tuple[Run, ...]:
        """Runs that are drawn or judged."""
        return (*self.runs.values(), *self.judged)

    @property
    def seconds(self) -> float:
        """About what its runs take on one core."""
        return sum(run.seconds for run in self.needed)
