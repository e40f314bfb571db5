"""What a fit is: the Python API, the form of a fit file and `lithomech schema fit`."""

from collections.abc import Callable, Iterator
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, InstanceOf, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from lithomech.cell.protocol.steps import Step
from lithomech.cell.spec import Cell
from lithomech.errors import InputError, Mistakes
from lithomech.files.arguments import path_of
from lithomech.files.origin import (
    Origin,
    Overrides,
    Source,
    plain_errors,
    read_origin,
    validated,
)
from lithomech.files.quantity import parse_one_of, shown
from lithomech.files.quantity_types import PythonFloat, from_python
from lithomech.files.yamlfile import KeyPath, join_key, split_key
from lithomech.studies.factors import WHOLE
from lithomech.studies.fitted import FITTED, OVER_TIME, read_channels
from lithomech.studies.fitted_channels import Asked, Channel, Noise
from lithomech.studies.spec.study import Study
from lithomech.studies.spec.vary import CONFIG, Range

Quantity: TypeAlias = Literal[
    "voltage",
    "stack_pressure",
    "charge_capacity",
    "discharge_capacity",
    "retention",
    "impedance",
]
TRACES: Final = "output.traces"


def _noise(value: object, units: tuple[str, ...]) -> Noise:
    if isinstance(value, PythonFloat):
        return Noise(float(value), units[0])
    return Noise(*parse_one_of(value, units))


def _place(file: str | Path, folder: Path) -> Path:
    inside = folder / file
    return inside if inside.is_file() else path_of(file)


def _where(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        message = f"{shown(value)} is no place; expected such as 'end of charge 1', or 1"
        raise InputError(message)
    return value


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Measurement:
    """A measured file and what of it is fitted.

    Attributes:
        file: as `lithomech` reads them; its time begins with the protocol of the cell.
        noise: standard deviation of each quantity that is fitted; of capacities and impedance
            also a share of each value.
        mapping: file that says what its columns are.
        points: at most so many rows of it are used, evenly spread over its time.
        at: where a spectrum was measured: end of charge N, end of discharge N, or which
            Impedance step of the protocol.
        step: of the protocol, from 1, in which a series was measured: its time begins with
            that step, and what lies behind its end is compared with its last value. Rows
            at which the current jumps are left out.
    """

    file: str | Path
    fit: Annotated[
        tuple[Quantity, ...],
        BeforeValidator(_names),
        Field(min_length=1, description="one quantity, or a list of them"),
    ]
    noise: dict[str, Any] = field(default_factory=dict)
    mapping: str | Path | None = None
    points: Annotated[int, Field(strict=True, ge=2, le=10000)] = 200
    at: Annotated[Annotated[int, Field(strict=True)] | str, BeforeValidator(_where)] = 1
    step: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None

    def asked(self, folder: Path, steps: Callable[[], tuple[Step, ...]]) -> Asked:
        """Return what is read; relative paths begin in a folder.

        Args:
            folder: where they begin.
            steps: gives the protocol of the cell.
        """
        noise = {name: _noise(self.noise[name], FITTED[name].units) for name in self.fit}
        mapping = None if self.mapping is None else _place(self.mapping, folder)
        file, step = _place(self.file, folder), self.step or 0
        return Asked(file, mapping, noise, self.points, self.at, step, steps)

    @model_validator(mode="after")
    def _has_noise(self) -> Self:
        mistakes = Mistakes()
        for name in self.fit:
            with mistakes.noted(key=join_key(("noise", name))):
                if name not in self.noise:
                    example = FITTED[name].noise
                    raise InputError(f"is missing: the standard deviation, such as {example}")
                if not _noise(self.noise[name], FITTED[name].units).value > 0.0:
                    raise InputError("must be more than 0")
        for name in self.noise:
            if name not in self.fit:
                message = f"is not fitted here; fit: {', '.join(self.fit)}"
                mistakes.all.append(InputError(message, key=join_key(("noise", name))))
        mistakes.report()
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class FitMethod:
    """How parameters are found.

    Attributes:
        starts: of a Latin design; the best of them are followed until three agree.
        posterior: nested: samples of all that the data leave, too; needs the extra `bayes`.
        live_points: of nested sampling; the time it takes grows with their number.
    """

    fit: Literal["least_squares"] = "least_squares"
    starts: Annotated[int, Field(strict=True, ge=1, le=10000)] = 8
    posterior: Literal["nested"] | None = None
    live_points: Annotated[int, Field(strict=True, ge=20, le=10000)] = 200


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Fit:
    """Parameters of a cell that are found from measurements.

    Attributes:
        base: file of a cell, or name of a packaged example; its protocol repeats the
            measurement.
        data: measured files.
        parameters: by key, as behind --set: {from: , to: , scale: log}, the allowed range.
        name: in tables and reports.
        set: keys of the base with their values.
        seed: of the random numbers of the starts.
    """

    base: Annotated[str | Path | dict[str, Any], Field(union_mode="left_to_right")]
    data: Annotated[tuple[Measurement, ...], Field(min_length=1)]
    parameters: Annotated[dict[str, Range], Field(min_length=1, max_length=30)]
    name: str = "fit"
    set: dict[str, Any] = field(default_factory=dict)
    method: FitMethod = field(default_factory=FitMethod)
    seed: Annotated[int, Field(strict=True, ge=0)] = 1
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @cached_property
    def study(self) -> Study:
        """The members of the fit as a study; runs keep their traces where these are fitted."""
        kept = any(OVER_TIME.intersection(one.fit) for one in self.data)
        return Study(
            base=self.base,
            vary={**self.parameters},
            set=self.set | {TRACES: "all" if kept else "none"},
            origin=self.origin,
        )

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """What was measured, one channel for each quantity of each file."""
        folder = self.origin.folder if self.origin else Path()
        mistakes, found = Mistakes(), []
        for number, one in enumerate(self.data):
            with mistakes.noted(key=f"data[{number}].file"):
                found += read_channels(one.asked(folder, self._steps))
        mistakes.report()
        return tuple(found)

    def _steps(self) -> tuple[Step, ...]:
        """The protocol of the cell with every parameter at the low end of its range."""
        study = self.study
        lowest = [one.at(0.0) for one in self.parameters.values()]
        cell: Cell = study.subject.declare(dict(zip(study.paths, lowest, strict=True)))
        return cell.steps()

    @model_validator(mode="before")
    @classmethod
    def _from_python(cls, given: Any) -> Any:  # noqa: ANN401 - what pydantic has
        keys = given.kwargs if hasattr(given, "kwargs") else None
        for key in ("parameters", "noise"):
            if keys and keys.get("origin") is None and isinstance(keys.get(key), dict):
                keys[key] = from_python(keys[key])
        return given

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        mistakes = Mistakes(self._parameter_mistakes())
        mistakes.report()
        _ = self.channels
        return self

    def _parameter_mistakes(self) -> Iterator[InputError]:
        """What is wrong with base, set and parameters, under the keys of this file."""
        for key, one in self.parameters.items():
            if one.scale == WHOLE:
                message = "a fit needs a linear or a log scale"
                yield InputError(message, key=join_key(("parameters", key, "scale")))
            if one.points is not None:
                place = join_key(("parameters", key, "points"))
                yield InputError("is for a grid of a study, not for a fit", key=place)
        try:
            _ = self.study
        except InputError as error:
            for one in error.mistakes:
                if one.key == join_key(("set", TRACES)):
                    yield InputError("is no cell; only cells are fitted", key="base")
                else:
                    yield InputError(one.message, one.file, one.line, _key_of(one.key))

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error


def _key_of(key: str | None) -> str | None:
    path: KeyPath = split_key(key or "")
    return join_key(("parameters", *path[1:])) if path[:1] == ("vary",) else key


_ADAPTER: TypeAdapter[Fit] = TypeAdapter(Fit)


def load_fit(source: Source, overrides: Overrides = ()) -> Fit:
    """Read a fit file.

    Args:
        source: path of a YAML file, name of a packaged example, text or dict of its content.
        overrides: dotted keys with their values, as in ``load_cell``.

    Raises:
        InputError: all mistakes at once, with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> fit = lm.load_fit("fit_voltage_and_pressure")
        >>> len(fit.channels)
        2
    """
    origin = read_origin(source, overrides)
    return validated(_ADAPTER, origin.document.data, origin)


def fit_of(value: Fit | Source) -> Fit:
    """Return a fit: itself, or that of a file, of a packaged example or of a dict.

    Raises:
        InputError: none of these, or wrong.
    """
    return value if isinstance(value, Fit) else load_fit(value)


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a fit file."""
    return _ADAPTER.json_schema()
