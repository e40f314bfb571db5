"""One member of a study: what went in, and what came out."""

import json
from collections.abc import Mapping
from typing import NamedTuple

Point = tuple[object, ...]  # values of the factors, as a file would hold them


class Member(NamedTuple):
    """What one run of a study left.

    Attributes:
        point: values of the factors.
        status: as of a single run; input that no run takes is ``infeasible``.
        reason: one sentence.
        outputs: by name; None where there is none.
        input_hash: of the whole resolved input; None where there is none.
        wall_time_s: that it took.
    """

    point: Point
    status: str
    reason: str
    outputs: Mapping[str, float | None]
    input_hash: str | None
    wall_time_s: float


def text_of(point: Point) -> str:
    """Return the text by which a member is found again."""
    return json.dumps(point, sort_keys=True)
