"""What a study varies: two ends, a normal distribution, or a list."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.dataclasses import dataclass
from scipy.special import ndtri

from lithomech.errors import InputError
from lithomech.files.origin import plain_errors
from lithomech.studies.factors import (
    LINEAR,
    LOG,
    WHOLE,
    Axis,
    Scale,
    in_unit_of,
    listed_axis,
    number_of,
)

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)
MOST: Final = 10_000_000  # members
MOST_TRIED: Final = 50  # values of a list that are tried before a study begins
FARTHEST: Final = 1e-12  # share of a normal distribution that is never drawn, on either side
Count: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=MOST)]


def _number(value: object) -> object:
    number_of(value)
    return value


Value: TypeAlias = Annotated[
    Any,
    BeforeValidator(_number),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]}),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Range:
    """Numbers between two ends."""

    low: Annotated[Value, Field(alias="from", description="first end, such as 1 MPa")]
    high: Annotated[Value, Field(alias="to", description="last end, such as 70 MPa")]
    scale: Annotated[
        Literal["linear", "log", "whole"], Field(description="how the numbers are spread")
    ] = LINEAR
    points: Annotated[Count | None, Field(description="in a grid; default: 11, or 9 each")] = (
        None
    )

    @cached_property
    def between(self) -> Scale:
        """The numbers."""
        high = number_of(self.high)
        return Scale(in_unit_of(number_of(self.low), high), high, self.scale)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = self.between.low, self.between.high.value
        if not low < high:
            raise InputError("the first end must be less than the last one", key="from")
        if self.scale == LOG and low <= 0.0:
            raise InputError("a log scale needs ends above 0", key="from")
        if self.scale == WHOLE and not (low == int(low) and high == int(high)):
            raise InputError("a whole scale needs whole ends", key="from")
        if self.scale == WHOLE and self.between.high.unit:
            raise InputError("a whole scale is for numbers without unit", key="to")
        return self

    def at(self, share: float) -> Any:  # noqa: ANN401 - what a file can hold
        """Return the value below which this share of all values lies."""
        return self.between.at(share)

    def grid(self, points: int) -> list[Any]:
        """Return the values of a grid."""
        return self.between.grid(self.points or points)

    def ends(self) -> dict[str, Any]:
        """Values that are tried alone before the study begins, by their keys."""
        return {"from": self.low, "to": self.high}

    def axis(self, key: str) -> Axis:
        """Return how its values are shown."""
        return Axis(key, self.between.high.unit or "", log=self.scale == LOG)


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Spread:
    """Numbers of a normal distribution."""

    mean: Annotated[Value, Field(description="such as 100 um")]
    standard_deviation: Annotated[Value, Field(description="in the unit of the mean")]

    @model_validator(mode="after")
    def _positive(self) -> Self:
        mean, deviation = number_of(self.mean), number_of(self.standard_deviation)
        if mean.unit != deviation.unit:
            raise InputError("write it in the unit of the mean", key="standard_deviation")
        if deviation.value <= 0.0:
            raise InputError("must be more than 0", key="standard_deviation")
        return self

    def at(self, share: float) -> Any:  # noqa: ANN401 - what a file can hold
        """Return the value below which this share of all values lies."""
        mean, deviation = number_of(self.mean), number_of(self.standard_deviation)
        held = min(max(share, FARTHEST), 1.0 - FARTHEST)
        return mean.as_written(mean.value + deviation.value * float(ndtri(held)))

    def grid(self, points: int) -> list[Any]:
        """Return the middles of equal shares of the distribution."""
        return [self.at((k + 0.5) / points) for k in range(points)]

    def ends(self) -> dict[str, Any]:
        """Values that are tried alone before the study begins, by their keys."""
        return {"mean": self.mean}

    def axis(self, key: str) -> Axis:
        """Return how its values are shown."""
        return Axis(key, number_of(self.mean).unit or "")


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Listed:
    """Values one by one."""

    values: Annotated[tuple[Any, ...], Field(min_length=1)]

    def at(self, share: float) -> Any:  # noqa: ANN401 - what a file can hold
        """Return the value below which this share of all values lies."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def grid(self, _points: int) -> list[Any]:
        """Return all values."""
        return list(self.values)

    def ends(self) -> dict[int, Any]:
        """Values that are tried alone before the study begins, by their places."""
        return dict(enumerate(self.values[:MOST_TRIED]))

    def axis(self, key: str) -> Axis:
        """Return how its values are shown."""
        return listed_axis(key, self.values)


def _listed(value: object) -> object:
    return {"values": value} if isinstance(value, list | tuple) else value


def _kind(value: object) -> str:
    if isinstance(value, Listed | list | tuple):
        return "list of values"
    spread = isinstance(value, Spread) or (isinstance(value, Mapping) and "mean" in value)
    return "normal distribution" if spread else "two ends"


Factor: TypeAlias = Annotated[
    Annotated[Range, Tag("two ends")]
    | Annotated[Spread, Tag("normal distribution")]
    | Annotated[
        Listed,
        BeforeValidator(_listed),
        WithJsonSchema({"type": "array", "description": "values one by one"}),
        Tag("list of values"),
    ],
    Discriminator(_kind),
]
