"""What a cell is: the Python API, the form of a cell file and `lithomech schema cell` in one.

Every number is SI inside. Text such as "5 MPa" is read wherever a quantity stands; from a file
only text is accepted, so that no unit is ever guessed.
"""

import dataclasses
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

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

from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.protocol.steps import Step
from lithomech.constants import ROOM_TEMPERATURE
from lithomech.errors import InputError
from lithomech.files.origin import Origin, read_origin, validated
from lithomech.files.quantity_types import (
    ArealCapacity,
    BruggemanExponent,
    Capacity,
    CapacityRatio,
    Length,
    LengthOrZero,
    Mass,
    OpenShare,
    Porosity,
    Pressure,
    Share,
    SpringStiffness,
    Stiffness,
    Stoichiometry,
    Temperature,
    VoltageTolerance,
)
from lithomech.microstructure.spec import CONFIG, Diameter, Ingredient

__all__ = ["Cell", "Stiffness", "cell_from_input", "load_cell", "schema", "to_input"]

Whole: TypeAlias = Annotated[int, Field(strict=True)]


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
        Field(
            description="contact pressure left after assembly; default: what pressing locks in"
        ),
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


Fixture: TypeAlias = Annotated[
    Spring | FixedGap | ConstantPressure, Field(discriminator="type")
]


@dataclass(frozen=True, config=CONFIG)
class Coating:
    """A layer on the particles that keeps electrons from the electrolyte."""

    material: str
    thickness: Length


@dataclass(frozen=True, config=CONFIG)
class Active:
    """One class of active material: material, size and morphology."""

    material: str
    weight: Share
    diameter: Diameter
    morphology: Literal["random", "textured", "single_crystal"] = "random"
    coating: Coating | None = None


@dataclass(frozen=True, config=CONFIG)
class MeasuredTransport:
    """Tortuosity factors from a table in the materials library."""

    table: str
    type: Literal["measured"] = "measured"


@dataclass(frozen=True, config=CONFIG)
class FormulaTransport:
    """Tortuosity factors from Bruggeman's law."""

    law: Literal["bruggeman"] = "bruggeman"
    exponent: BruggemanExponent = 1.5
    type: Literal["formula"] = "formula"


@dataclass(frozen=True, config=CONFIG)
class StructureTransport:
    """Tortuosity factors and coverage of a composite that was pressed from its grains."""

    file: Annotated[str, Field(description="structure.nc of `lithomech structure`")]
    type: Literal["structure"] = "structure"


Transport: TypeAlias = Annotated[
    MeasuredTransport | FormulaTransport | StructureTransport, Field(discriminator="type")
]


@dataclass(frozen=True, config=CONFIG)
class CompositeElectrode:
    """Active material, electrolyte and additives pressed together.

    Give one of ``mass``, ``thickness``, ``areal_capacity``, or (anode) ``n_p_ratio``.
    """

    active: Annotated[tuple[Active, ...], Field(min_length=1, max_length=20)]
    electrolyte: Ingredient
    porosity: Porosity
    mass: Annotated[Mass | None, Field(description="of the composite")] = None
    thickness: Length | None = None
    areal_capacity: ArealCapacity | None = None
    n_p_ratio: CapacityRatio | None = None
    additives: tuple[Ingredient, ...] = ()
    transport: Transport = FormulaTransport()
    load_share: Annotated[
        OpenShare,
        Field(description="share of the stack load that active material carries once open"),
    ] = 0.5
    constraint_modulus: Annotated[
        Pressure, Field(description="of what holds decomposing electrolyte; moves its window")
    ] = 0.0
    type: Literal["composite"] = "composite"

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        sizes = ("mass", "thickness", "areal_capacity", "n_p_ratio")
        given = [name for name in sizes if getattr(self, name) is not None]
        if len(given) != 1:
            wanted = "mass, thickness or areal_capacity (or n_p_ratio for an anode)"
            found = " and ".join(given) or "none of them"
            raise InputError(f"give exactly one of {wanted}; given: {found}")
        parts = [*self.active, self.electrolyte, *self.additives]
        total = sum(part.weight for part in parts)
        if abs(total - 1.0) > 1e-3:
            raise InputError(
                f"the weights add up to {100 * total:g} %; they must add up to 100 %"
            )
        if sum(active.weight for active in self.active) <= 0.0:
            raise InputError("no active material: its weights are 0 %", key="active")
        if self.electrolyte.weight <= 0.0:
            raise InputError(
                "no electrolyte: 0 %; allowed: more than 0 %", key="electrolyte.weight"
            )
        return self


@dataclass(frozen=True, config=CONFIG)
class PlanarElectrode:
    """A foil or film of one material; lithium of zero thickness is an anode-free cell."""

    material: str
    thickness: LengthOrZero
    type: Literal["planar"] = "planar"


Electrode: TypeAlias = Annotated[
    CompositeElectrode | PlanarElectrode, Field(discriminator="type")
]


@dataclass(frozen=True, config=CONFIG)
class Separator:
    """The layer of solid electrolyte."""

    material: str
    thickness: Length
    porosity: Porosity = 0.15
    plating_depth: Annotated[
        LengthOrZero, Field(description="of pores that plated lithium fills before it grows")
    ] = 0.0


@dataclass(frozen=True, config=CONFIG)
class Initial:
    """Lithium per formula unit at assembly; default: as made. Or the end of another run."""

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


@dataclass(frozen=True, config=CONFIG)
class Output:
    """What a run keeps besides its summaries."""

    traces: Annotated[Traces, Field(description="all | none | every: N (cycles)")] = "all"
    points: Annotated[Whole, Field(ge=2, le=10000, description="samples per protocol step")] = (
        120
    )


@dataclass(frozen=True, config=CONFIG)
class Solver:
    """Accuracy: the defaults keep nine of ten cells of laboratories within 0.3 mV.

    That is the root mean square of the voltage over a protocol step, space and time together.
    Starved electrodes, far thicker than their reaction reaches, need more nodes.
    """

    voltage_tolerance: VoltageTolerance = 2e-4
    order: Annotated[Whole, Field(ge=1, le=5, description="of the BDF; 5 pays below 10 uV")] = 2
    nodes: Annotated[
        Whole, Field(ge=2, le=400, description="across each composite electrode")
    ] = 16
    shells: Annotated[Whole, Field(ge=3, le=400, description="in each particle")] = 10


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
    temperature: Temperature = float(ROOM_TEMPERATURE)
    geometry: Geometry = Geometry()
    fabrication: Fabrication = Fabrication()
    reference: Literal["li", "cell"] = "li"
    initial: Initial = Initial()
    decomposition: Annotated[
        bool, Field(description="of the electrolyte outside its window")
    ] = True
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
    output: Output = Output()
    solver: Solver = Solver()
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @property
    def folder(self) -> Path:
        """Where files named in the cell are looked for."""
        return self.origin.folder if self.origin else Path()

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where the cell has a file."""
        return self.origin.locate(error) if self.origin else error

    def steps(self) -> tuple[Step, ...]:
        """The parsed protocol.

        Raises:
            InputError: a step cannot be read.
        """
        return parse_protocol(list(self.protocol), self.folder)

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        self.steps()
        for name, side in (("anode", self.anode), ("cathode", self.cathode)):
            ratio = isinstance(side, CompositeElectrode) and side.n_p_ratio is not None
            if ratio and (side is self.cathode or isinstance(self.cathode, PlanarElectrode)):
                message = "only for an anode opposite a composite cathode"
                raise InputError(message, key=f"{name}.n_p_ratio")
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
    origin = read_origin(source, overrides)
    return validated(_ADAPTER, origin.document.data, origin)


def cell_from_input(data: dict[str, Any]) -> Cell:
    """Rebuild a cell from the ``input`` that a result stores."""
    return validated(_ADAPTER, data, None)


def to_input(cell: Cell) -> dict[str, Any]:
    """The resolved input in SI, as plain data; ``cell_from_input`` reads it back."""
    return _ADAPTER.dump_python(cell, mode="json", exclude={"origin"})


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a cell file."""
    return _ADAPTER.json_schema()
