"""From where on something is lost, along the first range of a sweep, and how sure that is.

Each further factor of the sweep is a list of what is not known; its first value is the nominal
one, all of them together give the interval.
"""

import itertools
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from lithomech.studies.members import Member
from lithomech.studies.spec.objective import Region
from lithomech.studies.spec.study import Study
from lithomech.studies.spec.vary import Range

AT_LEAST: Final = "at least"
AT_MOST: Final = "at most"
COMPLETED: Final = "completed"


class Limit(NamedTuple):
    """Where one thing begins.

    Attributes:
        name: of it.
        key: of the factor along which it was looked for.
        unit: of all numbers.
        side: at least, or at most, is what the factor must be to avoid it.
        value: with the nominal values of all else; None where it begins nowhere on the range.
        low: smallest of all combinations; None where there is none at all.
        high: largest of them.
        missed: combinations in which it begins nowhere on the range.
    """

    name: str
    key: str
    unit: str
    side: str
    value: float | None
    low: float | None
    high: float | None
    missed: int

    @property
    def words(self) -> str:
        """The limit as a sentence."""
        unit = f" {self.unit}" if self.unit else ""
        beyond = "below" if self.side == AT_LEAST else "above"
        cases = "case" if self.missed == 1 else "cases"
        missed = f"; in {self.missed} {cases} not on this range" if self.missed else ""
        if self.value is None:
            return f"{self.key}: no limit on this range for: {self.name}{missed}"
        spread = ""
        ends = [] if self.low is None else [f"{self.low:.2g}", f"{self.high:.2g}"]
        if len(set(ends)) > 1:
            spread = f" ({' to '.join(ends)})"
        return (
            f"{self.key}: {self.side} {self.value:.2g}{unit}{spread}: {beyond}, "
            f"{self.name}{missed}"
        )


def along(study: Study) -> int:
    """Return the number of the factor along which limits are looked for: the first range."""
    ranges = [isinstance(factor, Range) for factor in study.vary.values()]
    return ranges.index(True)


def limits(study: Study, members: Sequence[Member]) -> list[Limit]:
    """Return the limits of a sweep that has run."""
    if not study.limits:
        return []
    first, axes = along(study), study.axes
    lines: dict[str, list[Member]] = {}
    for member in members:
        others = [str(value) for k, value in enumerate(member.point) if k != first]
        lines.setdefault("\n".join(others), []).append(member)
    if not lines:
        return []
    found = []
    for name, region in study.limits.items():
        crossed = [
            _crossings(sorted(line, key=lambda m: axes[first].place(m.point[first])), region,
                       study, first)
            for line in lines.values()
        ]  # fmt: skip
        for side in (AT_LEAST, AT_MOST):
            values = [next((x for s, x in one if s == side), None) for one in crossed]
            known = [value for value in values if value is not None]
            if known:
                axis, missed = axes[first], len(values) - len(known)
                ends = min(known), max(known)
                found.append(
                    Limit(name, axis.key, axis.unit or "", side, values[0], *ends, missed)
                )
        if not any(crossed):
            axis = axes[first]
            found.append(
                Limit(name, axis.key, axis.unit or "", AT_LEAST, None, None, None, len(crossed))
            )
    return found


def _crossings(
    line: Sequence[Member], region: Region, study: Study, first: int
) -> list[tuple[str, float]]:
    """Places along a line where a region begins or ends."""
    axis, found = study.axes[first], []
    for one, other in itertools.pairwise(line):
        lost = [
            m.status != COMPLETED or region.holds(m.status, m.outputs) for m in (one, other)
        ]
        if lost[0] == lost[1]:
            continue
        ends = [float(axis.place(m.point[first])) for m in (one, other)]
        low, high = np.log(ends) if axis.log else ends
        place = low + _share(one, other, region) * (high - low)
        found.append(
            (AT_LEAST if lost[0] else AT_MOST, float(np.exp(place) if axis.log else place))
        )
    return found


def _share(one: Member, other: Member, region: Region) -> float:
    """Where between two members the bound is passed; the middle where that is not known."""
    if len(region.conditions) != 1:
        return 0.5
    ((key, condition),) = region.conditions.items()
    values = one.outputs[key], other.outputs[key]
    if values[0] is None or values[1] is None or values[0] == values[1]:
        return 0.5
    share = (condition.bound - values[0]) / (values[1] - values[0])
    return share if 0.0 <= share <= 1.0 else 0.5


def to_json(found: Sequence[Limit]) -> list[dict[str, Any]]:
    """Return limits as plain data."""
    return [one._asdict() | {"words": one.words} for one in found]
