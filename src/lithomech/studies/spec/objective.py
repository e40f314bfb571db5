"""What is best, and where: objectives and conditions on outputs."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator
from pydantic.dataclasses import dataclass

from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import plain_errors
from lithomech.files.quantity import parse_quantity, shown
from lithomech.files.yamlfile import join_key
from lithomech.studies.readings import IN_EVERY_ROW
from lithomech.studies.spec.vary import CONFIG

COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION: Final = re.compile(r"\s*(<=|>=|<|>)\s*(\S.*?)\s*")
Outputs = Mapping[str, float | None]


class Condition(NamedTuple):
    """A bound on an output.

    Attributes:
        sign: one of ``COMPARED``.
        bound: in the unit of the output.
    """

    sign: str
    bound: float

    def holds(self, value: float | None) -> bool:
        """Whether a value keeps the bound; what does not exist does not."""
        return value is not None and COMPARED[self.sign](value, self.bound)

    def excess(self, value: float) -> float:
        """How far a value is beyond the bound; negative where it keeps it."""
        return value - self.bound if self.sign[0] == "<" else self.bound - value


def condition_of(text: object) -> Condition:
    """Read a bound such as ``< 10`` or ``> 80 %``.

    Raises:
        InputError: it is none.
    """
    match = _CONDITION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise InputError(f"{shown(text)} is no condition; expected such as '< 10' or '> 80 %'")
    try:
        return Condition(match[1], parse_quantity(match[2], "dimensionless"))
    except InputError:
        message = (
            "is neither a number nor a percentage; the unit is that in the name of the output"
        )
        raise InputError(f"{shown(match[2])} {message}") from None


def _conditions(values: object) -> object:
    if not isinstance(values, Mapping):
        return values
    mistakes = Mistakes()
    for key, text in values.items():
        with mistakes.noted(key=join_key((str(key),))):
            condition_of(text)
    mistakes.report()
    return dict(values)


Conditions: TypeAlias = Annotated[dict[str, str], BeforeValidator(_conditions)]


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_names)]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Objective:
    """What is best."""

    maximise: Annotated[Names, Field(description="output, or several: a Pareto front")] = ()
    minimise: Annotated[Names, Field(description="output, or several")] = ()
    subject_to: Annotated[
        Conditions, Field(description="outputs with their bounds: {KEY: '< 10', KEY: '> 80 %'}")
    ] = Field(default_factory=dict)

    @property
    def goals(self) -> tuple[str, ...]:
        """All outputs that are maximised or minimised."""
        return (*self.maximise, *self.minimise)

    @property
    def keys(self) -> tuple[str, ...]:
        """All outputs that it needs."""
        return (*self.goals, *self.subject_to)

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """The bounds."""
        return {key: condition_of(text) for key, text in self.subject_to.items()}

    def allows(self, outputs: Outputs) -> bool:
        """Whether a member has all goals and keeps all bounds."""
        return all(outputs[key] is not None for key in self.goals) and all(
            condition.holds(outputs[key]) for key, condition in self.conditions.items()
        )

    @model_validator(mode="after")
    def _has_a_goal(self) -> Self:
        if not self.goals:
            raise InputError("give maximise or minimise, with the name of an output")
        twice = set(self.maximise) & set(self.minimise)
        if twice or len(set(self.goals)) < len(self.goals):
            raise InputError("names an output twice")
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Region:
    """A part of the window: where a run ends with a status and all conditions hold."""

    bounds: Conditions
    status: Literal[
        "completed",
        "contact lost",
        "short",
        "electrode exhausted",
        "salt exhausted",
        "infeasible",
    ] = "completed"

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """The bounds."""
        return {key: condition_of(text) for key, text in self.bounds.items()}

    def holds(self, status: str, outputs: Outputs) -> bool:
        """Whether a member lies in it."""
        bounds = self.conditions.items()
        return status == self.status and all(c.holds(outputs.get(key)) for key, c in bounds)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:  # noqa: ANN401 - what pydantic has
        if not isinstance(given, Mapping) or "bounds" in given:
            return given
        own = {key: given[key] for key in ("status",) if key in given}
        return {"bounds": {key: given[key] for key in given if key not in own}, **own}


def condition_mistakes(
    objective: Objective | None,
    regions: Mapping[str, Region],
    readings_of: Callable[[Sequence[str]], object],
    named: str = "regions",
) -> Iterator[InputError]:
    """Yield the outputs that are not known, or that cannot be compared."""
    asked: list[tuple[tuple[str, ...], str]] = []
    if objective is not None:
        asked += [(("objective", "maximise"), key) for key in objective.maximise]
        asked += [(("objective", "minimise"), key) for key in objective.minimise]
        asked += [(("objective", "subject_to", key), key) for key in objective.subject_to]
    for name, region in regions.items():
        asked += [((named, name, key), key) for key in region.bounds]
    for place, key in asked:
        if key in IN_EVERY_ROW:
            message = f"{key} is not a number; members that do not complete never count"
            yield InputError(message, key=join_key(place))
            continue
        try:
            readings_of([key])
        except InputError as error:
            yield InputError(error.message, key=join_key(place))
