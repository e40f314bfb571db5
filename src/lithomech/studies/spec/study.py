"""What a study is: the Python API, the form of a study file and `lithomech schema study`."""

from collections.abc import Iterator
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, InstanceOf, TypeAdapter, WithJsonSchema, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

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
from lithomech.files.quantity_types import OpenShare, from_python
from lithomech.files.yamlfile import KeyPath, join_key
from lithomech.studies.factors import Axis
from lithomech.studies.readings import Readings
from lithomech.studies.spec.objective import Objective, Region, condition_mistakes
from lithomech.studies.spec.vary import CONFIG, Count, Factor, Listed, Range, Spread
from lithomech.studies.subjects import Subject, subject_of, value_mistakes

SWEEP, SENSITIVITY, OPTIMISE, WINDOW = "sweep", "sensitivity", "optimise", "window"
GRID, SOBOL, LATIN, LISTED = "grid", "sobol", "latin", "listed"
POINTS: Final = {1: 11}  # of a range in a grid, by the number of factors
FEWER: Final = 9
RUNS: Final = 128


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Study:
    """Many runs of one cell, structure or particle, each with other values of some keys.

    Attributes:
        base: file of a cell, a structure or a particle, or name of a packaged example.
        vary: by key, as behind --set: a list of values, {from: , to: , scale: log}, or
            {mean: , standard_deviation: }.
        name: in tables and reports.
        set: keys of the base with their values, the same for all members.
        outputs: what is read out of each run. Of a cell: KEY of the last cycle, KEY@N of cycle
            N, retention_N, full_cycles; of a structure: KEY, KEY@7 MPa; of a particle: KEY,
            KEY@N after N half cycles.
        seed: of the random numbers of sobol and latin.
    """

    base: Annotated[str | Path | dict[str, Any], Field(union_mode="left_to_right")]
    vary: Annotated[dict[str, Factor], Field(min_length=1, max_length=100)]
    name: str = "study"
    set: dict[str, Any] = field(default_factory=dict)
    method: Annotated[
        Literal["sweep", "sensitivity", "optimise", "window"],
        Field(description="what is done with the members"),
    ] = SWEEP
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
            description="members of sobol, latin and optimise (default: 128); at most so many "
            "of a grid and of sensitivity (default: 1024)",
            json_schema_extra={"default": "128"},
        ),
    ] = None
    objective: Annotated[
        Objective | None, Field(description="of method optimise: what is best")
    ] = None
    regions: Annotated[
        dict[str, Annotated[Region, WithJsonSchema({"type": "object"})]],
        Field(
            description="of method window, by name: {KEY: '< 50 %'}, of runs that end early "
            "{status: short, KEY: '> 1'}; the first that holds names the region of a member"
        ),
    ] = field(default_factory=dict)
    limits: Annotated[
        dict[str, Annotated[Region, WithJsonSchema({"type": "object"})]],
        Field(
            description="of a sweep of a grid, by name: {KEY: '< 90 %'}; from where on this "
            "holds along the first range, and over the lists of the other factors"
        ),
    ] = field(default_factory=dict)
    tolerance: Annotated[
        OpenShare, Field(description="of boundaries of method window, share of each range")
    ] = 0.01
    outputs: tuple[str, ...] = ()
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @cached_property
    def subject(self) -> Subject:
        """What is varied."""
        folder = self.origin.folder if self.origin else Path()
        return subject_of(self.base, folder, self._as_in_file(self.set))

    @cached_property
    def readings(self) -> Readings:
        """What is read out of each run: the outputs, and what the method needs."""
        needed = [*(self.objective.keys if self.objective else ())]
        named = (*self.regions.values(), *self.limits.values())
        needed += [key for region in named for key in region.conditions]
        return self.subject.kind.readings_of(tuple(dict.fromkeys((*self.outputs, *needed))))

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
        yield from self._method_mistakes()
        for key, factor in self.vary.items():
            if self.planned in (SOBOL, LATIN) and isinstance(factor, Range) and factor.points:
                place = join_key(("vary", key, "points"))
                yield InputError(f"is for a grid, not for {self.planned}", key=place)

    def _method_mistakes(self) -> Iterator[InputError]:
        """Keys of another method, and factors that a method cannot vary."""
        used = {
            "objective": (OPTIMISE, self.objective is not None),
            "regions": (WINDOW, bool(self.regions)),
            "design": (SWEEP, self.design is not None),
            "limits": (SWEEP, bool(self.limits)),
        }
        for key, (method, is_there) in used.items():
            if is_there and self.method != method:
                yield InputError(f"is for {method}, not for {self.method}", key=key)
        if self.method == OPTIMISE and self.objective is None:
            yield InputError("is missing: optimise needs it", key="objective")
        for key, factor in self.vary.items():
            if self.method == OPTIMISE and isinstance(factor, Spread):
                message = "optimise needs two ends or a list, not a distribution"
                yield InputError(message, key=join_key(("vary", key)))
        ranges = [isinstance(factor, Range) for factor in self.vary.values()]
        if self.limits:
            yield from self._limit_mistakes(sum(ranges))
        if self.method == WINDOW and not (len(ranges) <= 2 and all(ranges)):
            message = "a window has one factor or two, each between two ends"
            yield InputError(message, key="vary")

    def _limit_mistakes(self, ranges: int) -> Iterator[InputError]:
        """Factors along which no limit can be looked for."""
        lists = sum(isinstance(factor, Listed) for factor in self.vary.values())
        if ranges != 1 or ranges + lists != len(self.vary):
            message = "limits need one factor between two ends, and lists of values besides"
            yield InputError(message, key="vary")
        elif self.planned != GRID:
            yield InputError("limits need the design grid", key="limits")

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
            subject.kind.readings_of(self.outputs)
        yield from mistakes.all
        readings_of = subject.kind.readings_of
        yield from condition_mistakes(self.objective, self.regions, readings_of)
        yield from condition_mistakes(None, self.limits, readings_of, "limits")
        tried = {
            (path, key, place): subject.mistakes(start | {path: value})
            for path, (key, values) in zip(self.paths, ends.items(), strict=True)
            for place, value in values.items()
        }
        yield from subject.base_mistakes(self.paths, list(tried.values()))
        reported: set[tuple[str, str]] = set()
        for (path, key, place), found in tried.items():
            for one in value_mistakes(found, path):
                if (key, one.message) not in reported:
                    reported.add((key, one.message))
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
