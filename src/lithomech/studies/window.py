"""Where one kind of outcome ends and another begins, along one factor or over two.

A grid is refined where neighbours differ: each edge between two of them is halved until its
boundary is known to the tolerance. What no region holds is the region of its status.
"""

import itertools
import math
from collections.abc import Callable, Generator, Iterator
from typing import Final, NamedTuple

from lithomech.studies.members import Member, Point
from lithomech.studies.spec.study import Study
from lithomech.studies.spec.vary import Range

POINTS: Final = 9  # of each factor in the first grid
Place = tuple[float, ...]  # share of each range
Edge = tuple[Place, Place]
Label = Callable[[Place], str | None]


class Crossing(NamedTuple):
    """A point of a boundary.

    Attributes:
        low: values of the factors at the last member before it.
        high: at the first member behind it.
        regions: on both sides.
    """

    low: Point
    high: Point
    regions: tuple[str, str]


def region_of(study: Study, member: Member) -> str:
    """Return the region of a member: the first one that holds, else its status."""
    for name, region in study.regions.items():
        if region.holds(member.status, member.outputs):
            return name
    return member.status


def point_of(study: Study, place: Place) -> Point:
    """Return the values at shares of the ranges."""
    return tuple(f.at(share) for f, share in zip(study.vary.values(), place, strict=True))


def rounds(study: Study) -> Generator[list[Point], list[Member], None]:
    """Yield the points of a grid, then those that halve edges across boundaries."""
    labels: dict[Place, str] = {}
    edges = list(first_edges(study))
    wanted = list(dict.fromkeys(place for edge in edges for place in edge))
    while wanted:
        members = yield [point_of(study, place) for place in wanted]
        for place, member in zip(wanted, members, strict=True):
            labels[place] = region_of(study, member)
        halves = [edge for one in edges for edge in _halves(one, labels)]
        edges = [edge for edge in halves if _is_open(edge, labels, study.tolerance)]
        wanted = list(dict.fromkeys(_middle(edge) for edge in edges))


def size(study: Study) -> int:
    """Members of the first grid and, as a guess, of one boundary across it."""
    count = _grid(study)
    across = max(count) if len(count) > 1 else 1
    halvings = max(1, math.ceil(-math.log2(study.tolerance * max(count))))
    return math.prod(count) + across * halvings


def crossings(study: Study, find: Callable[[Point], Member | None]) -> Iterator[Crossing]:
    """Yield the boundary points that members which are done have found."""

    def label(place: Place) -> str | None:
        member = find(point_of(study, place))
        return None if member is None else region_of(study, member)

    for edge in first_edges(study):
        yield from _crossings(study, edge, label)


def _crossings(study: Study, edge: Edge, label: Label) -> Iterator[Crossing]:
    low, high = label(edge[0]), label(edge[1])
    if low is None or high is None or low == high:
        return
    middle = _middle(edge)
    if _width(edge) > study.tolerance and label(middle) is not None:
        yield from _crossings(study, (edge[0], middle), label)
        yield from _crossings(study, (middle, edge[1]), label)
        return
    yield Crossing(point_of(study, edge[0]), point_of(study, edge[1]), (low, high))


def first_edges(study: Study) -> Iterator[Edge]:
    """Yield the edges of the first grid along each factor."""
    ticks = [[k / (n - 1) for k in range(n)] for n in _grid(study)]
    for along, own in enumerate(ticks):
        before, behind = ticks[:along], ticks[along + 1 :]
        for left, right in itertools.product(
            itertools.product(*before), itertools.product(*behind)
        ):
            for a, b in itertools.pairwise(own):
                ends: Edge = ((*left, a, *right), (*left, b, *right))
                yield ends


def _grid(study: Study) -> list[int]:
    """Points of the first grid along each factor."""
    return [
        max(2, (factor.points if isinstance(factor, Range) else None) or POINTS)
        for factor in study.vary.values()
    ]


def _halves(edge: Edge, labels: dict[Place, str]) -> tuple[Edge, ...]:
    """Both halves of an edge whose middle is known; before that the edge."""
    middle = _middle(edge)
    return ((edge[0], middle), (middle, edge[1])) if middle in labels else (edge,)


def _is_open(edge: Edge, labels: dict[Place, str], tolerance: float) -> bool:
    return labels[edge[0]] != labels[edge[1]] and _width(edge) > tolerance


def _middle(edge: Edge) -> Place:
    return tuple(0.5 * (a + b) for a, b in zip(*edge, strict=True))


def _width(edge: Edge) -> float:
    return max(abs(b - a) for a, b in zip(*edge, strict=True))


def answers(study: Study, found: list[Crossing]) -> list[str]:
    """Say in words where each boundary runs."""
    lines = []
    axes = study.axes
    for pair in dict.fromkeys(tuple(sorted(one.regions)) for one in found):
        own = [one for one in found if tuple(sorted(one.regions)) == pair]
        spans = []
        for k, axis in enumerate(axes):
            ends = [axis.place(point[k]) for one in own for point in (one.low, one.high)]
            spans.append(f"{axis.key} {min(ends):.3g} to {max(ends):.3g} {axis.unit}".strip())
        lines.append(f"{pair[0]} | {pair[1]}: {', '.join(spans)} ({len(own)} points)")
    return lines or ["all members lie in one region"]
