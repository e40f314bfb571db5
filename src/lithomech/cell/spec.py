"""What a cell is: at once the Python API, the schema of a cell file and `lithomech schema cell`.

Every number is SI inside. Text such as "5 MPa" is read wherever a quantity stands; from a file
only text is accepted, so that no unit is ever guessed.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.dataclasses import dataclass

from lithomech.cell.protocol import Step, parse_protocol
from lithomech.errors import InputError
from lithomech.files.quantity import kind, parse_one_of
from lithomech.files.yamlfile import Document, join_key, read_document, split_key

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _quantity(
    unit: str, least: float | None = None, above: float | None = None, most: float | None = None
) -> Any:  # noqa: ANN401 - an annotation
    """A float in this SI unit, written as text, with its allowed range."""

    def read(value: object, info: ValidationInfo) -> float:
        bare = isinstance(value, int | float) and unit != "dimensionless"
        if bare and not isinstance(value, bool) and not (info.context or {}).get("file"):
            number = float(value)  # SI from Python
        else:
            number = parse_one_of(value, (unit,))[0]
        if least is not None and not number >= least:
            raise ValueError(f"{value!r} is too small; allowed: at least {least:g} {unit}")
        if above is not None and not number > above:
            raise ValueError(f"{value!r} is too small; allowed: more than {above:g} {unit}")
        if most is not None and not number <= most:
            raise ValueError(f"{value!r} is too large; allowed: at most {most:g} {unit}")
        return number

    schema = {"type": "string", "description": f"{kind(unit)} (SI: {unit})"}
    return Annotated[float, BeforeValidator(read), WithJsonSchema(schema)]


Length = _quantity("m", above=0.0, most=1.0)
LengthOrZero = _quantity("m", least=0.0, most=1.0)
Pressure = _quantity("Pa", least=0.0, most=1e11)
Share = _quantity("dimensionless", least=0.0, most=1.0)
OpenShare = _quantity("dimensionless", above=0.0, most=1.0)
Stoichiometry = _quantity("dimensionless", least=0.0, most=1.0)


@dataclasses.dataclass(frozen=True)
class Stiffness:
    """A stiffness per area [Pa/m], or of the whole stack [N/m]."""

    value: float
    unit: str

    def per_area(self, area: float) -> float:
        """Stiffness in Pa/m for a stack of this area [m2]."""
        return self.value if self.unit == "Pa/m" else self.value / area


def _stiffness(value: object) -> object:
    if isinstance(value, str):
        value = Stiffness(*parse_one_of(value, ("Pa/m", "N/m")))
    elif isinstance(value, dict):  # as stored in a result
        value = Stiffness(**value)
    if not isinstance(value, Stiffness):
        raise ValueError(f"{value!r} is no stiffness; expected for example '0.4 MPa/um' or '10 N/um'")  # noqa: TRY004 - pydantic collects ValueError
    if not 0.0 < value.value < float("inf"):
        raise ValueError("a stiffness is larger than zero and finite")
    return value


SpringStiffness = Annotated[
    Stiffness,
    BeforeValidator(_stiffness),
    WithJsonSchema({"type": "string", "description": "'0.4 MPa/um' or '10 N/um'"}),
]


@dataclass(frozen=True, config=CONFIG)
class Geometry:
    """Cross-section of the stack."""

    diameter: Length = 13e-3


@dataclass(frozen=True, config=CONFIG)
class Fabrication:
    """How the composite was pressed."""

    pressure: Annotated[Pressure, Field(description="fabrication pressure")] = 370e6
    residual_pressure: Annotated[
        Pressure | None,
        Field(description="contact pressure left after assembly; default: what pressing locks in"),
    ] = None


@dataclass(frozen=True, config=CONFIG)
class Spring:
    """Pistons held by a spring, in series with a frame."""

    pressure: Pressure
    stiffness: SpringStiffness
    frame_stiffness: SpringStiffness | None = None
    type: Literal["spring"] = "spring"


@dataclass(frozen=True, config=CONFIG)
class FixedGap:
    """Pistons bolted to a frame."""

    pressure: Pressure
    frame_stiffness: SpringStiffness
    type: Literal["fixed_gap"] = "fixed_gap"


@dataclass(frozen=True, config=CONFIG)
class ConstantPressure:
    """Pistons under a press that holds its force."""

    pressure: Pressure
    type: Literal["constant_pressure"] = "constant_pressure"


Fixture = Annotated[Spring | FixedGap | ConstantPressure, Field(discriminator="type")]


@dataclass(frozen=True, config=CONFIG)
class SizeDistribution:
    """Percentiles of the volume-weighted particle diameter."""

    d10: Length
    d50: Length
    d90: Length

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.d10 <= self.d50 <= self.d90:
            raise ValueError("d10, d50 and d90 must not decrease")
        return self


@dataclass(frozen=True, config=CONFIG)
class Active:
    """One class of active material: material, size and morphology."""

    material: str
    weight: Share
    diameter: Length | SizeDistribution
    morphology: Literal["random", "textured", "single_crystal"] = "random"


@dataclass(frozen=True, config=CONFIG)
class Ingredient:
    """A material and its weight fraction in the composite."""

    material: str
    weight: Share


@dataclass(frozen=True, config=CONFIG)
class MeasuredTransport:
    """Tortuosity factors from a table in the materials library."""

    table: str
    type: Literal["measured"] = "measured"


@dataclass(frozen=True, config=CONFIG)
class FormulaTransport:
    """Tortuosity factors from Bruggeman's law."""

    law: Literal["bruggeman"] = "bruggeman"
    exponent: Annotated[float, Field(ge=1.0, le=10.0)] = 1.5
    type: Literal["formula"] = "formula"


Transport = Annotated[MeasuredTransport | FormulaTransport, Field(discriminator="type")]


@dataclass(frozen=True, config=CONFIG)
class CompositeElectrode:
    """Active material, electrolyte and additives pressed together.

    Give one of ``mass``, ``thickness``, ``areal_capacity``, or (anode) ``n_p_ratio``.
    """

    active: Annotated[tuple[Active, ...], Field(min_length=1, max_length=20)]
    electrolyte: Ingredient
    porosity: Share
    mass: Annotated[_quantity("kg", above=0.0, most=1.0) | None, Field(description="of the composite")] = None
    thickness: Length | None = None
    areal_capacity: _quantity("A*s/m^2", above=0.0) | None = None
    n_p_ratio: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None
    additives: tuple[Ingredient, ...] = ()
    transport: Transport = FormulaTransport()
    load_share: Annotated[
        OpenShare, Field(description="share of the stack load that active material carries once open")
    ] = 0.5
    type: Literal["composite"] = "composite"

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        given = [self.mass, self.thickness, self.areal_capacity, self.n_p_ratio]
        if sum(value is not None for value in given) != 1:
            raise ValueError(
                "give exactly one of mass, thickness, areal_capacity (or n_p_ratio for an anode)"
            )
        parts = [*self.active, self.electrolyte, *self.additives]
        total = sum(part.weight for part in parts)
        if abs(total - 1.0) > 1e-3:
            raise ValueError(f"the weights add up to {100 * total:g} %; they must sum to 100 %")
        if self.porosity >= 0.95:
            raise ValueError(f"porosity {100 * self.porosity:g} % leaves no electrode; allowed: below 95 %")
        if sum(active.weight for active in self.active) <= 0.0:
            raise ValueError("the electrode holds no active material")
        if self.electrolyte.weight <= 0.0:
            raise ValueError("the electrode holds no electrolyte")
        return self


@dataclass(frozen=True, config=CONFIG)
class PlanarElectrode:
    """A foil or film of one material; lithium of zero thickness is an anode-free cell."""

    material: str
    thickness: LengthOrZero
    type: Literal["planar"] = "planar"


Electrode = Annotated[CompositeElectrode | PlanarElectrode, Field(discriminator="type")]


@dataclass(frozen=True, config=CONFIG)
class Separator:
    """The layer of solid electrolyte."""

    material: str
    thickness: Length
    porosity: Annotated[_quantity("dimensionless", least=0.0, most=0.9), Field()] = 0.15


@dataclass(frozen=True, config=CONFIG)
class Initial:
    """Lithium per formula unit at assembly; default: as made."""

    cathode: Stoichiometry | None = None
    anode: Stoichiometry | None = None


@dataclass(frozen=True, config=CONFIG)
class Output:
    """What a run keeps besides its summaries."""

    traces: Annotated[
        Literal["all", "none"] | dict[Literal["every"], Annotated[int, Field(ge=1)]],
        Field(description="all | none | every: N (cycles)"),
    ] = "all"
    points: Annotated[int, Field(ge=2, le=10000, description="samples per protocol step")] = 120


@dataclass(frozen=True, config=CONFIG)
class Solver:
    """Accuracy; the defaults are good to about 0.3 mV."""

    voltage_tolerance: _quantity("V", least=1e-9, most=0.1) = 2e-4
    order: Annotated[int, Field(ge=1, le=5)] = 3
    nodes: Annotated[int, Field(ge=2, le=400, description="across each composite electrode")] = 20
    shells: Annotated[int, Field(ge=3, le=400, description="in each particle")] = 20


@dataclass(frozen=True, config=CONFIG)
class Cell:
    """A cell between its pistons, and what is done to it."""

    cathode: Electrode
    separator: Separator
    anode: Electrode
    fixture: Fixture
    protocol: Annotated[
        tuple[Any, ...], Field(description="steps as text, or repeat: N with steps, or drive")
    ]
    name: str = "cell"
    temperature: _quantity("K", least=200.0, most=450.0) = 298.15
    geometry: Geometry = Geometry()
    fabrication: Fabrication = Fabrication()
    reference: Literal["li", "cell"] = "li"
    initial: Initial = Initial()
    rate_capacity: Annotated[
        _quantity("A*s", above=0.0) | None,
        Field(description="what 1C means; default: active mass x nominal capacity"),
    ] = None
    materials: Annotated[
        dict[str, dict[str, Any]], Field(description="overrides of material properties")
    ] = dataclasses.field(default_factory=dict)
    output: Output = Output()
    solver: Solver = Solver()
    folder: Annotated[Path | None, Field(exclude=True)] = None

    def steps(self) -> tuple[Step, ...]:
        """The parsed protocol.

        Raises:
            InputError: a step cannot be read.
        """
        return parse_protocol(list(self.protocol), self.folder or Path())

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        self.steps()
        for name, side in (("anode", self.anode), ("cathode", self.cathode)):
            ratio = isinstance(side, CompositeElectrode) and side.n_p_ratio is not None
            if ratio and (name == "cathode" or isinstance(self.cathode, PlanarElectrode)):
                raise ValueError("n_p_ratio is for an anode against a composite cathode")
        return self


_ADAPTER: TypeAdapter[Cell] = TypeAdapter(Cell)


def load_cell(source: Path | str, overrides: Sequence[tuple[str, str]] = ()) -> Cell:
    """Read a cell file.

    Args:
        source: path of a YAML file, or its text.
        overrides: pairs of dotted key and value, as in ``--set fixture.pressure="5 MPa"``.

    Raises:
        InputError: with file, line and key.
    """
    text = isinstance(source, str) and "\n" in source
    document = read_document(source if text else Path(source))
    folder = Path() if text else Path(source).parent
    for key, value in overrides:
        _override(document.data, key, value)
    return _validated(document.data, folder, document)


def cell_from_input(data: dict[str, Any]) -> Cell:
    """Rebuild a cell from the ``input`` that a result stores."""
    return _validated(data, Path(), None)


def to_input(cell: Cell) -> dict[str, Any]:
    """The resolved input in SI, as plain data; ``cell_from_input`` reads it back."""
    return _ADAPTER.dump_python(cell, mode="json", exclude={"folder"})


def schema() -> dict[str, Any]:
    """JSON Schema of a cell file."""
    return _ADAPTER.json_schema()


def _validated(data: dict[str, Any], folder: Path, document: Document | None) -> Cell:
    context = {"file": document is not None}
    try:
        return _ADAPTER.validate_python({**data, "folder": folder}, context=context)
    except InputError as error:
        raise (document.locate(error) if document else error) from None
    except ValidationError as error:
        raise _one_line(error, document) from None


def _one_line(error: ValidationError, document: Document | None) -> InputError:
    """The first problem as one line with file, line and key."""
    problem = error.errors(include_url=False)[0]
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, InputError) and cause.key:
        found = InputError(cause.message, key=cause.key)
        return document.locate(found) if document else found
    tags = {"spring", "fixed_gap", "constant_pressure", "composite", "planar", "measured", "formula"}
    tags |= {"SizeDistribution", "function-before[read(), float]"}
    path = tuple(part for part in problem["loc"] if part not in tags)
    message = str(cause.message if isinstance(cause, InputError) else problem["msg"])
    message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if problem["type"] == "unexpected_keyword_argument":
        message = "unknown key"
    elif problem["type"] == "missing":
        message = "is missing"
    elif problem["type"] not in ("value_error", "assertion_error"):
        message = f"{problem['input']!r}: {message[0].lower()}{message[1:]}"
    found = InputError(message.replace("\n", " "), key=join_key(path) or None)
    return document.locate(found) if document else found


def _override(data: dict[str, Any], key: str, value: str) -> None:
    """Set one dotted key, such as cathode.active[0].material, in place."""
    *parents, last = split_key(key) or ("",)
    place: Any = data
    for part in parents:
        if isinstance(place, dict):
            place = place.setdefault(part, {})
        elif isinstance(place, list) and isinstance(part, int) and part < len(place):
            place = place[part]
        else:
            raise InputError(f"there is no {part!r} to set in this cell", key=key)
    written: object = int(value) if value.isdigit() else value
    if isinstance(place, list) and isinstance(last, int) and last < len(place):
        place[last] = written
    elif isinstance(place, dict):
        place[str(last)] = written
    else:
        raise InputError(f"there is no {last!r} to set in this cell", key=key)
