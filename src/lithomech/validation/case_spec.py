"""What a case file says: a measured cell, its conditions, and what is read out of each."""

from collections.abc import Iterator
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, InstanceOf, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from lithomech.cell.spec import Cell
from lithomech.errors import InputError, Mistakes
from lithomech.files.mistakes import nearest
from lithomech.files.origin import Origin, Source, plain_errors, read_origin, validated
from lithomech.files.yamlfile import Document, join_key
from lithomech.validation.case_cells import Variation, make_cell, settings
from lithomech.validation.case_readings import READINGS, Place, Reading

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
FOLDER: Final = Path(__file__).parent / "cases"
At: TypeAlias = int | float | str
Text: TypeAlias = Annotated[str, Field(min_length=1)]
Number: TypeAlias = Annotated[int | float, Field(allow_inf_nan=False)]
CycleNumber: TypeAlias = Annotated[int, Field(strict=True, ge=1)]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Output:
    """A quantity that is read at every condition; each makes one row.

    Attributes:
        quantity: its name.
        at: cycle, rate, pressure or words that the row belongs to.
        run: in which of the runs.
        cycle: of that run, from 1.
        reference_cycle: for ratios, the cycle that is compared with.
        reading: how it is read where that is not what its name says.
    """

    quantity: Text
    at: At = 1
    run: str = ""
    cycle: CycleNumber = 1
    reference_cycle: CycleNumber = 1
    reading: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key in ("quantity", "reading"):
            name = getattr(self, key)
            if name is not None and name not in READINGS:
                raise InputError(
                    f"{name!r} cannot be read; {nearest(name, list(READINGS))}", key=key
                )
        return self

    @property
    def how(self) -> Reading:
        """How it is read."""
        return READINGS[self.reading or self.quantity]

    def place(self, later: int) -> Place:
        """Where in the run of a condition that is read this many cycles later."""
        return Place(self.cycle + later, self.reference_cycle + later, self.at)


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Row:
    """Names one row of a case.

    Attributes:
        condition: its name.
        quantity: its name.
        at: as under `quantities`.
    """

    condition: Text
    quantity: Text
    at: At = 1


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Seen:
    """A row whose measured value was known before: a constant may be set on it.

    Attributes:
        condition: its name.
        quantity: its name.
        at: as under `quantities`.
        measured: value in the unit of the row.
    """

    condition: Text
    quantity: Text
    measured: Number
    at: At = 1

    @property
    def row(self) -> Row:
        """Which row."""
        return Row(self.condition, self.quantity, self.at)


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Run:
    """What is done to the cell of each condition.

    Attributes:
        set: keys of the cell file with their values, such as the protocol.
    """

    set: dict[str, Any] = field(default_factory=dict)


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Condition:
    """One of the measured cells.

    Attributes:
        set: keys of the cell file with their values, as behind --set.
        role: calibrated where rows of it are seen; else all of it is predicted.
        runs: what is set in one run of this condition alone, by the name of the run.
        cycles_later: how many cycles after those under `quantities` it is read.
        not_yet: why no cell can be made of it so far.
    """

    set: dict[str, Any] = field(default_factory=dict)
    role: Literal["predicted", "calibrated"] = "predicted"
    runs: dict[str, Run] = field(default_factory=dict)
    cycles_later: Annotated[int, Field(strict=True, ge=0)] = 0
    not_yet: str | None = None


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Assumed:
    """An input that the source does not give.

    Attributes:
        key: of the cell file.
        value: that is taken.
        varied: other values; each is run alone, and rows carry the band that they leave.
        reason: why this value.
    """

    key: Text
    value: Any
    varied: list[Any] = field(default_factory=list)
    reason: str = ""


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Calibrated:
    """A constant that was set on seen rows of this case.

    Attributes:
        parameter: key of the cell file.
        value: that came out.
        rows: what it was set on.
    """

    parameter: Text
    value: Any
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Case:
    """A measured cell under several conditions.

    Attributes:
        id: short name; that of the file.
        source: of the measurement.
        base: a cell file.
        conditions: the measured cells by name.
        quantities: what is read at each condition.
        runs: what is done to each cell, by name; without any, the protocol of the base.
        seen: rows whose measured values were known before.
        assumed: inputs that the source does not give.
        calibrated: constants that were set on seen rows.
        notes: what else a reader has to know.
    """

    id: Text
    source: Text
    base: dict[str, Any]
    conditions: Annotated[dict[str, Condition], Field(min_length=1)]
    quantities: Annotated[tuple[Output, ...], Field(min_length=1)]
    runs: dict[str, Run] = field(default_factory=dict)
    seen: tuple[Seen, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    calibrated: tuple[Calibrated, ...] = ()
    notes: tuple[str, ...] = ()
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        for check in (self._check_quantities, self._check_seen, self._check_calibrated):
            found.all += check()
        found.report()
        return self

    @property
    def document(self) -> Document:
        """The case file."""
        if self.origin is None:
            raise InputError("a case is read with load_case")
        return self.origin.document

    @property
    def constants(self) -> tuple[str, ...]:
        """The parameters that were set on this case."""
        return tuple(one.parameter for one in self.calibrated)

    @property
    def variations(self) -> tuple[Variation, ...]:
        """Every assumed value replaced by another one, one at a time."""
        return tuple(
            Variation(number, other)
            for number, one in enumerate(self.assumed)
            for other in range(len(one.varied))
        )

    def role(self, row: Row) -> str:
        """Calibrated where a constant was set on this very row, else predicted."""
        return "calibrated" if any(row in one.rows for one in self.calibrated) else "predicted"

    def measured(self, row: Row) -> float | None:
        """The measured value where it was known before."""
        return next((one.measured for one in self.seen if one.row == row), None)

    def cell(self, condition: str, run: str, variation: Variation | None = None) -> Cell:
        """The cell of a condition.

        Raises:
            InputError: no such cell is possible; with file, line and key.
        """
        data = self.document.data
        return make_cell(self.document, settings(data, condition, run, variation))

    def _check_quantities(self) -> Iterator[InputError]:
        """Each row once, in a run that there is."""
        known: set[Row] = set()
        for number, one in enumerate(self.quantities):
            if one.run not in (self.runs or {""}):
                there = ", ".join(self.runs) or "none"
                message = f"there is no run {one.run!r}; there are: {there}"
                yield InputError(message, key=f"quantities[{number}].run")
            row = Row("any", one.quantity, one.at)
            if row in known:
                message = f"{one.quantity} at {one.at} stands twice"
                yield InputError(message, key=f"quantities[{number}]")
            known.add(row)
        for name, condition in self.conditions.items():
            for run in condition.runs:
                if run not in self.runs:
                    message = f"there is no run {run!r}; there are: {', '.join(self.runs)}"
                    yield InputError(message, key=join_key(("conditions", name, "runs", run)))

    def _missing(self, row: Row) -> str:
        """Why there is no such row; "" where there is one."""
        if row.condition not in self.conditions:
            near = nearest(row.condition, list(self.conditions))
            return f"there is no condition {row.condition!r}; {near}"
        if not any((one.quantity, one.at) == (row.quantity, row.at) for one in self.quantities):
            return f"{row.quantity} at {row.at} is not under quantities"
        return ""

    def _check_seen(self) -> Iterator[InputError]:
        """Seen rows exist, and belong to conditions that are not all predicted."""
        for number, one in enumerate(self.seen):
            problem = self._missing(one.row)
            if not problem and self.conditions[one.condition].role == "predicted":
                problem = (
                    f"the condition {one.condition!r} is predicted: write role: calibrated"
                )
            if problem:
                yield InputError(problem, key=f"seen[{number}]")

    def _check_calibrated(self) -> Iterator[InputError]:
        """Constants are set on rows that were seen, on nothing else."""
        seen = {one.row for one in self.seen}
        for number, constant in enumerate(self.calibrated):
            for place, row in enumerate(constant.rows):
                problem = self._missing(row)
                if not problem and row not in seen:
                    problem = f"{row.quantity} at {row.at} of {row.condition!r} was not seen"
                if problem:
                    yield InputError(problem, key=f"calibrated[{number}].rows[{place}]")


_ADAPTER: TypeAdapter[Case] = TypeAdapter(Case)


@cache
def cases() -> dict[str, Path]:
    """The packaged cases by id."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def load_case(source: Source) -> Case:
    """Read a case file.

    Args:
        source: path of a YAML file, or the id of a packaged case.

    Raises:
        InputError: everything that is wrong with it, its cells included, at once.
    """
    known = cases()
    if isinstance(source, str) and source in known:
        source = known[source]
    elif isinstance(source, str) and "\n" not in source and not Path(source).suffix:
        raise InputError(f"there is no case {source!r}; there are: {', '.join(known)}")
    origin = read_origin(source, ())
    return validated(
        _ADAPTER, origin.document.data, origin, lambda data, _folder: _cells(data, origin)
    )


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a case file."""
    return _ADAPTER.json_schema()


def _cells(data: dict[str, Any], origin: Origin) -> Iterator[InputError]:
    """What is wrong with the cells of all conditions and runs, and with what is varied."""
    conditions, runs = data.get("conditions"), data.get("runs")
    names = list(conditions) if isinstance(conditions, dict) else []
    courses = list(runs) if isinstance(runs, dict) and runs else [""]
    found = Mistakes()
    for name in names or [""]:
        for run in courses:
            with found.noted():
                make_cell(origin.document, settings(data, name, run))
    yield from found.all
    if not found.all:
        yield from _varied(data, origin, (names or [""])[0], courses[0])


def _varied(
    data: dict[str, Any], origin: Origin, condition: str, run: str
) -> Iterator[InputError]:
    """What is wrong with the values that assumed ones are replaced by."""
    found = Mistakes()
    assumed = data.get("assumed")
    for number, entry in enumerate(assumed if isinstance(assumed, list) else []):
        varied = entry.get("varied") if isinstance(entry, dict) else None
        for other in range(len(varied) if isinstance(varied, list) else 0):
            with found.noted(key=join_key(("assumed", number, "varied", other))):
                change = settings(data, condition, run, Variation(number, other))
                make_cell(origin.document, change)
    yield from found.all
