"""Cycles that a run skipped: what is known of them, and summaries between simulated ones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lithomech.cell.readout.quantities import SIMULATED

Summary = dict[str, float | None]
NEAR: Final = 2  # cycles that the slope at either end of a jump is taken from, all whole


class Jump(NamedTuple):
    """Cycles that were skipped in one go; the legs they would have had count as one."""

    first: int
    last: int
    error: float  # of the discharge capacity after it, as estimated; share of the first one
    outside: Mapping[str, float]  # as of ``Ends``


def with_skipped(
    simulated: Mapping[int, Summary], jumps: Sequence[Jump]
) -> tuple[Summary, ...]:
    """Return the summaries of all cycles in order, those skipped among them.

    Args:
        simulated: summaries by the number of their cycle.
        jumps: between them.
    """
    rows = dict(simulated)
    for jump in jumps:
        # a run that is stopped after a jump has no cycle behind it
        if jump.last + 1 in simulated:
            rows.update(_between(simulated, jump))
    return tuple(rows[number] for number in sorted(rows))


def skipped_cycles(cycles: Sequence[Summary], jumps: Sequence[Jump]) -> Iterator[str]:
    """Yield a line on cycles that were skipped, if there are any.

    Args:
        cycles: summaries of all cycles.
        jumps: between them.
    """
    if jumps:
        error = 100.0 * sum(jump.error for jump in jumps)
        simulated = sum(cycle[SIMULATED.key] == 1.0 for cycle in cycles)
        yield (
            f"{simulated} of {len(cycles)} cycles simulated; the others are interpolated, "
            f"error estimated {error:.2g} % of the first discharge capacity"
        )


def _between(simulated: Mapping[int, Summary], jump: Jump) -> dict[int, Summary]:
    """Cubic Hermite curves: PCHIP would flatten every maximum that lies within a jump."""
    before, after = simulated[jump.first - 1], simulated[jump.last + 1]
    rows: dict[int, Summary] = {n: {} for n in range(jump.first, jump.last + 1)}
    span = jump.last + 2 - jump.first
    for key, left in before.items():
        right = after.get(key)
        if left is None or right is None:
            for row in rows.values():
                row[key] = None
            continue
        fall = (right - left) / span
        slopes = (
            _slope(simulated, key, range(jump.first - 1, jump.first - 1 - NEAR, -1), fall),
            _slope(simulated, key, range(jump.last + 1, jump.last + 1 + NEAR), fall),
        )
        for number, row in rows.items():
            t = (number + 1 - jump.first) / span
            curve = left + t * (right - left)
            bend = (1.0 - t) * (slopes[0] - fall) - t * (slopes[1] - fall)
            row[key] = curve + span * t * (1.0 - t) * bend
    for row in rows.values():
        row[SIMULATED.key] = 0.0
    return rows


def _slope(
    simulated: Mapping[int, Summary], key: str, numbers: Sequence[int], otherwise: float
) -> float:
    """Change per cycle next to a jump, over simulated cycles that follow each other."""
    known = list(_run(simulated, key, numbers))
    if len(known) < 2:
        return otherwise
    return (known[-1] - known[0]) / (numbers[len(known) - 1] - numbers[0])


def _run(simulated: Mapping[int, Summary], key: str, numbers: Sequence[int]) -> Iterator[float]:
    for number in numbers:
        value = simulated.get(number, {}).get(key)
        if value is None:
            return
        yield value
