"""Steps of the protocol that were not carried out, in words."""

from collections.abc import Iterable, Iterator, Sequence

from lithomech.cell.protocol.order import flatten
from lithomech.cell.protocol.steps import Step
from lithomech.cell.readout.result import Event

SKIPPED = "step skipped: its cut-off was already passed"
MOST_CYCLES = 6  # that are named one by one


def skipped_steps(events: Iterable[Event], protocol: tuple[Step, ...]) -> Iterator[str]:
    """Yield a warning for each sentence of the protocol that was skipped.

    Args:
        events: of the run.
        protocol: the steps of the cell file.
    """
    skipped = {event.step: event for event in events if event.name == SKIPPED}
    if not skipped:
        return
    cycles: dict[str, list[int]] = {}
    for planned in flatten(protocol):
        if planned.step in skipped:
            cycles.setdefault(planned.what.text, []).append(planned.cycle)
    for text, numbers in cycles.items():
        yield (
            f"'{text}' was skipped in {_cycles(numbers)}: its cut-off was already passed when "
            "it began"
        )


def _cycles(numbers: Sequence[int]) -> str:
    once = sorted(set(numbers))
    if len(once) == 1:
        return f"cycle {once[0]}"
    if len(once) > MOST_CYCLES:
        return f"{len(once)} cycles, first in cycle {once[0]}"
    return f"cycles {', '.join(map(str, once[:-1]))} and {once[-1]}"
