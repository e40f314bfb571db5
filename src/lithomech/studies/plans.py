"""Which members each method asks for, round by round."""

from collections.abc import Callable, Generator, Iterable
from typing import Final

from lithomech.studies import design, optimise, sensitivity, window
from lithomech.studies.members import Member, Point
from lithomech.studies.spec.study import OPTIMISE, SENSITIVITY, SWEEP, WINDOW, Study

Plan = Generator[Iterable[Point], list[Member], None]
ADAPTIVE: Final = (OPTIMISE, WINDOW)  # later rounds follow from the members of earlier ones


def _once(points: Iterable[Point]) -> Plan:
    yield points


PLANS: Final[dict[str, Callable[[Study], Plan]]] = {
    SWEEP: lambda study: _once(design.points(study)),
    SENSITIVITY: lambda study: _once(sensitivity.points(study)),
    OPTIMISE: optimise.rounds,
    WINDOW: window.rounds,
}
SIZES: Final[dict[str, Callable[[Study], int]]] = {
    SWEEP: design.count,
    SENSITIVITY: lambda study: sensitivity.row_count(study) * (len(study.vary) + 2),
    OPTIMISE: lambda study: study.runs or optimise.RUNS,
    WINDOW: window.size,
}


def rounds(study: Study) -> Plan:
    """Return the rounds of a study: points go out, and of an adaptive one members come back."""
    return PLANS[study.method](study)


def size(study: Study) -> int:
    """Return the number of members; of a window a guess.

    Raises:
        InputError: there are too many or too few.
    """
    return SIZES[study.method](study)


def is_adaptive(study: Study) -> bool:
    """Whether later members follow from earlier ones."""
    return study.method in ADAPTIVE
