"""A cell file: a cell between its pistons, and what is done to it."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import (
    Discriminator,
    Field,
    InstanceOf,
    Tag,
    TypeAdapter,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import ArgsKwargs

from lithomech.cell.enclosed import Enclosed
from lithomech.cell.protocol.drives import with_rows
from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.protocol.steps import Step
from lithomech.cell.spec.electrodes import (
    CompositeElectrode,
    Electrode,
    Planar,
    Separator,
)
from lithomech.cell.spec.fixture import Fixture
from lithomech.cell.spec.stack import StackBlock
from lithomech.cell.spec.superseded import modern
from lithomech.constants import ROOM_TEMPERATURE
from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import (
    Origin,
    Overrides,
    Source,
    plain_errors,
    read_origin,
    validated,
)
from lithomech.files.quantity_types import (
    Area,
    Capacity,
    Length,
    Pressure,
    Stoichiometry,
    Temperature,
    VoltageTolerance,
)
from lithomech.materials.mentioned import material_mistakes
from lithomech.materials.stock import Stock
from lithomech.microstructure.spec import CONFIG

DISC: Final = 13e-3  # m
Whole: TypeAlias = Annotated[int, Field(strict=True)]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Geometry:
    """Cross-section of the stack.

    Attributes:
        diameter: of the stack.
        area: instead of a diameter, of a stack of any shape.
    """

    diameter: Length = DISC
    area: Area | None = None

    @property
    def cross_section(self) -> float:
        """Area of the stack [m2]."""
        return math.pi * self.diameter**2 / 4.0 if self.area is None else self.area

    @property
    def width(self) -> float:
        """Diameter of the stack, or of a disc of its area [m]."""
        return math.sqrt(4.0 * self.cross_section / math.pi)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.area is not None and self.diameter != DISC:
            raise InputError("give diameter or area, not both", key="area")
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Fabrication:
    """How composites and films were made.

    Attributes:
        route: in the library; what it leaves holds where this file does not say otherwise.
    """

    pressure: Annotated[
        Pressure | None,
        Field(
            description="fabrication pressure; default: that of the route, or 370 MPa",
            json_schema_extra={"default": "370 MPa"},
        ),
    ] = None
    route: str | None = None
    residual_pressure: Annotated[
        Pressure | None,
        Field(
            description="contact pressure that pressing left, besides that of the stack; "
            "default: what it locks in"
        ),
    ] = None


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Initial:
    """Lithium per formula unit at assembly; default: as made. Or the end of another run.

    Attributes:
        cathode: lithium per formula unit.
        anode: lithium per formula unit.
    """

    cathode: Stoichiometry | None = None
    anode: Stoichiometry | None = None
    state: Annotated[
        str | None, Field(description="result file (.nc) to go on from, of the same cell")
    ] = None
    at: Annotated[Literal["end"], Field(description="where in that result")] = "end"


Traces: TypeAlias = Annotated[
    Annotated[Literal["all", "none"], Tag("a word")]
    | Annotated[
        dict[Literal["every"], Annotated[Whole, Field(ge=1)]],
        Field(min_length=1),
        Tag("some cycles"),
    ],
    Discriminator(lambda value: "some cycles" if isinstance(value, dict) else "a word"),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Output:
    """What a run keeps besides its summaries."""

    traces: Annotated[Traces, Field(description="all | none | every: N (cycles)")] = "all"
    points: Annotated[Whole, Field(ge=2, le=10000, description="samples per protocol step")] = (
        120
    )
    checkpoint: Annotated[
        Whole | None,
        Field(
            ge=1,
            description="cycles between checkpoints of a run; default: every second, "
            "or 1 % of its time",
            json_schema_extra={"default": "by time"},
        ),
    ] = None


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Solver:
    """Accuracy: the defaults keep nine of ten cells of laboratories within 0.5 mV.

    That is the root mean square of the voltage over a protocol step without its first instant,
    space and time together.
    Starved electrodes, far thicker than their reaction reaches, need more nodes.

    Attributes:
        voltage_tolerance: of each time step.
    """

    voltage_tolerance: VoltageTolerance = 2e-4
    order: Annotated[Whole, Field(ge=1, le=5, description="of the BDF; 5 pays below 10 uV")] = 2
    nodes: Annotated[
        Whole, Field(ge=2, le=400, description="across each composite electrode")
    ] = 16
    shells: Annotated[Whole, Field(ge=3, le=400, description="in each particle")] = 30


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Cell:
    """A cell between its pistons, and what is done to it.

    Attributes:
        cathode: the positive electrode.
        separator: the layer of solid electrolyte.
        anode: the negative electrode.
        fixture: what holds the pistons.
        name: in tables, figures and reports.
        temperature: of the cell, everywhere.
        reference: which voltage steps, tables and figures use: against lithium, or of the cell.
    """

    cathode: Electrode
    separator: Separator
    anode: Electrode
    fixture: Fixture
    protocol: Annotated[
        tuple[Any, ...],
        Field(
            description="steps as text, or repeat: N with steps (and skip: {error: 0.1 %}), "
            "or drive"
        ),
    ]
    name: str = "cell"
    temperature: Temperature = float(ROOM_TEMPERATURE)
    geometry: Geometry = Geometry()
    fabrication: Fabrication = Fabrication()
    reference: Annotated[
        Literal["li", "cell"] | None,
        Field(
            description="of all voltages: lithium, or the other electrode",
            json_schema_extra={"default": "li"},
        ),
    ] = None
    initial: Initial = Initial()
    rate_capacity: Annotated[
        Capacity | None,
        Field(description="what 1C means; default: active mass x nominal capacity"),
    ] = None
    mechanisms: Annotated[
        dict[str, Any],
        Field(description="none | default | {CONSTANT: VALUE} by name, or by electrode"),
    ] = dataclasses.field(default_factory=dict)
    materials: Annotated[
        dict[str, dict[str, Any]], Field(description="overrides of material properties")
    ] = dataclasses.field(default_factory=dict)
    stack: StackBlock = None
    output: Output = Output()
    solver: Solver = Solver()
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None
    enclosed: Annotated[SkipJsonSchema[InstanceOf[Enclosed]], Field(exclude=True)] = Enclosed()

    @property
    def folder(self) -> Path:
        """Where files named in the cell are looked for."""
        return self.origin.folder if self.origin else Path()

    @property
    def against_lithium(self) -> bool:
        """Whether voltages are against lithium, not between the electrodes."""
        return self.reference != "cell"

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the file was read in another way than it would be written now."""
        return self.origin.notes if self.origin else ()

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where the cell has a file."""
        return self.origin.locate(error) if self.origin else error

    def steps(self) -> tuple[Step, ...]:
        """The parsed protocol.

        Raises:
            InputError: a step cannot be read.
        """
        return self._steps

    @cached_property  # a run asks for them several times
    def _steps(self) -> tuple[Step, ...]:
        return parse_protocol(list(self.protocol), self.folder)

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @model_validator(mode="before")
    @classmethod
    def _with_rows(cls, given: Any) -> Any:  # noqa: ANN401 - what pydantic has
        """Read the drive files once: from here on the cell has their rows."""
        keys = given.kwargs or {} if isinstance(given, ArgsKwargs) else given
        if not isinstance(keys, dict) or "protocol" not in keys:
            return given
        folder = getattr(keys.get("origin"), "folder", Path())
        keys = {**keys, "protocol": with_rows(keys["protocol"], folder)}
        return ArgsKwargs(given.args, keys) if isinstance(given, ArgsKwargs) else keys

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        self.steps()
        for name, side in (("anode", self.anode), ("cathode", self.cathode)):
            ratio = isinstance(side, CompositeElectrode) and side.n_p_ratio is not None
            if ratio and (side is self.cathode or isinstance(self.cathode, Planar)):
                message = "only for an anode opposite a composite cathode"
                raise InputError(message, key=f"{name}.n_p_ratio")
        return self


_ADAPTER: TypeAdapter[Cell] = TypeAdapter(Cell)


def load_cell(source: Source, overrides: Overrides = ()) -> Cell:
    """Read a cell file.

    Args:
        source: path of a YAML file, name of a packaged example, text or dict of its content.
        overrides: dotted keys with their values, as a dict or pairs, as in
            ``--set fixture.pressure="5 MPa"``.

    Raises:
        InputError: with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> cell = lm.load_cell("ncm88_lpscl_liin", {"fixture.pressure": "5 MPa"})
        >>> cell.fixture.pressure
        5000000.0
    """
    return cell_of_origin(read_origin(source, overrides))


def cell_of_origin(origin: Origin, *, in_full: bool = True) -> Cell:
    """Make the cell of a document.

    Args:
        origin: the document with its changes.
        in_full: whether materials, mechanisms and steps are checked too, so that all mistakes
            are reported at once; a run reports the first of them in any case.

    Raises:
        InputError: with file, line and key.
    """
    data, notes = modern(origin.document.data)
    check = _mistakes if in_full else None
    return validated(_ADAPTER, data, dataclasses.replace(origin, notes=notes), check)


def changed_cell(cell: Cell, overrides: Overrides, name: str) -> Cell:
    """Return a cell with keys changed as ``--set`` does; what it encloses stays enclosed.

    Args:
        cell: such as that of a result.
        overrides: see ``load_cell``.
        name: what messages call the cell, such as the path of the result.

    Raises:
        InputError: all mistakes at once, with key.
    """
    origin = read_origin(to_input(cell), overrides)
    named = dataclasses.replace(origin.document, name=name)
    check = partial(_mistakes, stock=cell.enclosed.stock)
    changed = validated(
        _ADAPTER, named.data, dataclasses.replace(origin, document=named), check
    )
    return changed.replace(enclosed=cell.enclosed)


def cell_of(value: Cell | Source) -> Cell:
    """Return a cell: itself, or that of a file, of a packaged example or of a dict.

    Raises:
        InputError: none of these, or wrong.
    """
    return value if isinstance(value, Cell) else load_cell(value)


def _mistakes(
    data: dict[str, Any], folder: Path, stock: Stock | None = None
) -> Iterator[InputError]:
    """What is wrong with a cell file besides its form: materials, mechanisms and steps."""
    yield from material_mistakes(data, folder, stock)
    found = Mistakes()
    if isinstance(switches := data.get("mechanisms"), Mapping):
        # numba is slow to import, and most files name no mechanism
        from lithomech.cell.mechanisms.switches import read_switches  # noqa: PLC0415

        with found.noted():
            read_switches(switches)
    if isinstance(data.get("protocol"), list):
        with found.noted():
            parse_protocol(data["protocol"], folder)
    yield from found.all


def cell_from_input(data: dict[str, Any], enclosed: Enclosed | None = None) -> Cell:
    """Rebuild a cell from the ``input`` that a result stores and from what it encloses."""
    cell = validated(_ADAPTER, modern(data)[0], None)
    return cell if enclosed is None else cell.replace(enclosed=enclosed)


def to_input(cell: Cell) -> dict[str, Any]:
    """The resolved input in SI, as plain data; ``cell_from_input`` reads it back."""
    return _ADAPTER.dump_python(cell, mode="json", exclude={"origin", "enclosed"})


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a cell file."""
    return _ADAPTER.json_schema()
