"""Residuals of a fit and their slopes: many members at once, each kept in the journal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.studies.fitted_channels import Channel
from lithomech.studies.journal import Journal
from lithomech.studies.members import Member, Point, text_of
from lithomech.studies.run import Waiting, run_points
from lithomech.studies.spec.fit import Fit

Floats = NDArray[np.float64]
STEP: Final = 5e-3  # of finite differences, share of each range
FAILED: Final = 1e3  # residual of every point of a member that did not complete
COMPLETED: Final = "completed"


@final
@dataclass(eq=False)
class Misfit:
    """What members at some places differ from the measurements by, in units of the noise.

    A place is the share of each parameter's range, shape (parameters,): a log range is even in
    its logarithm. Members are found in the journal or run side by side.

    Attributes:
        fit: that asks.
        crew: runs members.
        journal: keeps them.
        seen: members so far, without their outputs.
    """

    fit: Fit
    crew: Waiting
    journal: Journal
    seen: dict[str, Member] = field(default_factory=dict)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What was measured."""
        return self.fit.channels

    @property
    def count(self) -> int:
        """Number of measured values."""
        return sum(channel.at.size for channel in self.channels)

    @property
    def failed(self) -> int:
        """Members so far that did not complete."""
        return sum(member.status != COMPLETED for member in self.seen.values())

    @property
    def complaint(self) -> str:
        """The most frequent reason of those that did not complete; "" without any."""
        reasons = Counter(m.reason for m in self.seen.values() if m.status != COMPLETED)
        return reasons.most_common(1)[0][0] if reasons else ""

    def point(self, place: Floats) -> Point:
        """Return the values of the parameters at a place, as a file would hold them."""
        ranges = self.fit.parameters.values()
        return tuple(r.at(share) for r, share in zip(ranges, place.tolist(), strict=True))

    def residuals(self, places: Sequence[Floats]) -> list[Floats | None]:
        """Return (predicted - measured) / noise at each place; None where a member failed."""
        points = [self.point(place) for place in places]
        wanted = {text_of(point): point for point in points}
        left = [point for point in wanted.values() if self.journal.find(point) is None]
        for members in run_points(self.crew, left):
            self.journal.add(members)
        return [self._residual(member) for member in self.journal.members(points)]

    def predicted(self, member: Member) -> list[Floats]:
        """Return what a member gives for each channel, in SI."""
        return [
            np.array([member.outputs[one.name] for one in channel.readings], np.float64)
            for channel in self.channels
        ]

    def at(self, place: Floats) -> Floats:
        """Return residuals at one place; large ones where its member failed."""
        (found,) = self.residuals([place])
        return np.full(self.count, FAILED) if found is None else found

    def cost(self, place: Floats) -> float:
        """Return the sum of squares at one place."""
        return float(np.sum(self.at(place) ** 2))

    def slopes(self, place: Floats, among: Sequence[int], *, central: bool = False) -> Floats:
        """Return derivatives of the residuals by some of the parameters, (values, among).

        Args:
            place: where.
            among: numbers of the parameters.
            central: differences to both sides, not to one.
        """
        middle = self.at(place)
        sides = [[1.0 if place[k] + STEP <= 1.0 else -1.0] for k in among]
        if central:
            sides = [_inside(float(place[k])) for k in among]
        steps = [(k, side) for k, signs in zip(among, sides, strict=True) for side in signs]
        near = {step: moved(place, *step) for step in steps}
        found = dict(zip(near, self.residuals(list(near.values())), strict=True))
        again = [(k, -side) for (k, side), one in found.items() if one is None]
        others = [moved(place, *step) for step in again if step not in found]
        missing = [step for step in again if step not in found]
        found |= dict(zip(missing, self.residuals(others), strict=True))
        return np.column_stack([self._slope(k, middle, found) for k in among])

    def _slope(
        self, k: int, middle: Floats, found: dict[tuple[int, float], Floats | None]
    ) -> Floats:
        up, down = found.get((k, 1.0)), found.get((k, -1.0))
        if up is not None and down is not None:
            return (up - down) / (2.0 * STEP)
        if up is not None:
            return (up - middle) / STEP
        return np.zeros(self.count) if down is None else (middle - down) / STEP

    def _residual(self, member: Member) -> Floats | None:
        self.seen[text_of(member.point)] = member._replace(outputs={})
        if member.status != COMPLETED or any(v is None for v in member.outputs.values()):
            return None
        return np.concatenate(
            [
                (predicted - channel.measured) / channel.noise
                for predicted, channel in zip(
                    self.predicted(member), self.channels, strict=True
                )
            ]
        )


def moved(place: Floats, k: int, side: float) -> Floats:
    """Return a place with one parameter a step of finite differences further."""
    there = place.copy()
    there[k] = min(max(there[k] + side * STEP, 0.0), 1.0)
    return there


def _inside(share: float) -> list[float]:
    return [side for side in (1.0, -1.0) if 0.0 <= share + side * STEP <= 1.0]
