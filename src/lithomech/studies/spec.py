"""What a study is: the Python API, the form of a study file and `lithomech schema study`."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    InstanceOf,
    Tag,
    TypeAdapter,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema
from scipy.special import ndtri

from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import (
    Origin,
    Overrides,
    Source,
    key_path,
    plain_errors,
    read_origin,
    validated,
)
from lithomech.files.quantity_types import from_python
from lithomech.files.yamlfile import KeyPath, join_key
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
from lithomech.studies.subjects import Readings, Subject, subject_of

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)
GRID, SOBOL, LATIN, LISTED = "grid", "sobol", "latin", "listed"
POINTS: Final = {1: 11}  # of a range in a grid, by the number of factors
FEWER: Final = 9
RUNS: Final = 128
MOST: Final = 10_000_000  # members
FARTHEST: Final = 1e-12  # share of a normal distribution that is never drawn, on either side
Count: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=MOST)]


def _number(value: object) -> object:
    number_of(value)
    return value


Value: TypeAlias = Annotated[Any, BeforeValidator(_number)]


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
        return dict(enumerate(self.values))

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
    | Annotated[Listed, BeforeValidator(_listed), Tag("list of values")],
    Discriminator(_kind),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Study:
    """Many runs of one cell, each with other values of some keys.

    Attributes:
        base: file of a cell, or name of a packaged example.
        vary: by key, as behind --set: a list of values, {from: , to: , scale: log}, or
            {mean: , standard_deviation: }.
        name: in tables and reports.
        set: keys of the base with their values, the same for all members.
        outputs: what is read out of each run: KEY of the last cycle, KEY@N of cycle N,
            retention_N, full_cycles.
        seed: of the random numbers of sobol and latin.
    """

    base: Annotated[str | Path | dict[str, Any], Field(union_mode="left_to_right")]
    vary: Annotated[dict[str, Factor], Field(min_length=1, max_length=100)]
    name: str = "study"
    set: dict[str, Any] = field(default_factory=dict)
    method: Literal["sweep"] = "sweep"
    design: Annotated[
        Literal["grid", "sobol", "latin", "listed"] | None,
        Field(
            description="grid | sobol | latin | listed (the lists of all factors side by "
            "side); default: grid of one or two factors, else sobol",
            json_schema_extra={"default": "grid or sobol"},
        ),
    ] = None
    seed: Annotated[int, Field(strict=True, ge=0)] = 1
    runs: Annotated[
        Count | None,
        Field(
            description="members of sobol and latin, at most as many of a grid; default: 128",
            json_schema_extra={"default": "128"},
        ),
    ] = None
    outputs: tuple[str, ...] = ()
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @cached_property
    def subject(self) -> Subject:
        """What is varied."""
        folder = self.origin.folder if self.origin else Path()
        return subject_of(self.base, folder, self._as_in_file(self.set))

    @cached_property
    def readings(self) -> Readings:
        """What is read out of each run."""
        return self.subject.readings_of(self.outputs)

    @cached_property
    def paths(self) -> tuple[KeyPath, ...]:
        """Where the base is changed, in the order of the factors."""
        return tuple(map(key_path, self.vary))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """How the factors are shown."""
        return tuple(factor.axis(key) for key, factor in self.vary.items())

    @property
    def planned(self) -> str:
        """The design that is used."""
        if self.design is not None:
            return self.design
        spread = any(isinstance(factor, Spread) for factor in self.vary.values())
        return SOBOL if spread or len(self.vary) > 2 else GRID

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error

    def _as_in_file(self, values: dict[str, Any]) -> dict[str, Any]:
        """Numbers of Python are in SI."""
        return values if self.origin else from_python(values)

    @model_validator(mode="before")
    @classmethod
    def _from_python(cls, given: Any) -> Any:  # noqa: ANN401 - what pydantic has
        keys = given.kwargs if hasattr(given, "kwargs") else None
        if keys and keys.get("origin") is None and isinstance(keys.get("vary"), dict):
            keys["vary"] = from_python(keys["vary"])
        return given

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        mistakes = Mistakes()
        for key in self.vary:
            with mistakes.noted(key=join_key(("vary", key))):
                key_path(key)
        if not mistakes.all:
            mistakes.all += self._plan_mistakes()
            mistakes.all += self._factor_mistakes()
        mistakes.report()
        return self

    def _plan_mistakes(self) -> Iterator[InputError]:
        listed = {k: len(f.values) for k, f in self.vary.items() if isinstance(f, Listed)}
        if self.planned == LISTED:
            for key in self.vary:
                if key not in listed:
                    message = "design: listed takes lists of values only"
                    yield InputError(message, key=join_key(("vary", key)))
            if len(set(listed.values())) > 1:
                message = "the lists of a listed design must be equally long, not "
                yield InputError(message + ", ".join(map(str, listed.values())), key="vary")
        for key, factor in self.vary.items():
            if self.planned in (SOBOL, LATIN) and isinstance(factor, Range) and factor.points:
                place = join_key(("vary", key, "points"))
                yield InputError(f"is for a grid, not for {self.planned}", key=place)

    def _factor_mistakes(self) -> Iterator[InputError]:
        """What no member could do: unknown keys, values that a key cannot have."""
        try:
            subject = self.subject
        except InputError as error:
            yield from error.mistakes
            return
        ends = {key: factor.ends() for key, factor in self.vary.items()}
        start = {
            path: next(iter(values.values()))
            for path, values in zip(self.paths, ends.values(), strict=True)
        }
        mistakes = Mistakes()
        with mistakes.noted():
            subject.readings_of(self.outputs)
        yield from mistakes.all
        yield from subject.base_mistakes(start)
        for path, (key, values) in zip(self.paths, ends.items(), strict=True):
            reported: set[str] = set()
            for place, value in values.items():
                for one in subject.value_mistakes(start | {path: value}, path):
                    if one.message not in reported:
                        reported.add(one.message)
                        yield one.located(key=join_key(("vary", key, place)))


_ADAPTER: TypeAdapter[Study] = TypeAdapter(Study)


def load_study(source: Source, overrides: Overrides = ()) -> Study:
    """Read a study file.

    Args:
        source: path of a YAML file, name of a packaged example, text or dict of its content.
        overrides: dotted keys with their values, as in ``load_cell``.

    Raises:
        InputError: all mistakes at once, with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> vary = {"fixture.pressure": {"from": "1 MPa", "to": "70 MPa", "scale": "log"}}
        >>> study = lm.load_study({"base": "ncm88_lpscl_liin", "vary": vary})
        >>> study.planned
        'grid'
    """
    origin = read_origin(source, overrides)
    return validated(_ADAPTER, origin.document.data, origin)


def study_of(value: Study | Source) -> Study:
    """Return a study: itself, or that of a file, of a packaged example or of a dict.

    Raises:
        InputError: none of these, or wrong.
    """
    return value if isinstance(value, Study) else load_study(value)


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a study file."""
    return _ADAPTER.json_schema()
