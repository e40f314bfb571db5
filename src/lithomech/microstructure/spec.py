"""Composite electrodes from their grains: the Python API and the form of a file in one.

``Conductors`` says what conducts in an image; ``Structure`` says how an electrode is pressed,
and is also the form of the file that ``lithomech structure`` reads.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeAlias, TypeVar

import numpy as np
from pydantic import (
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

from lithomech.constants import ROOM_TEMPERATURE
from lithomech.errors import InputError
from lithomech.files.arguments import expected, maybe, quantity_of
from lithomech.files.origin import (
    Origin,
    Overrides,
    Source,
    plain_errors,
    read_origin,
    validated,
)
from lithomech.files.quantity_types import Length, Porosity, Pressure, Share, Temperature
from lithomech.materials.mentioned import material_mistakes
from lithomech.microstructure.shares import with_rest

AXES: Final = ("z", "y", "x")
TIGHTEST: Final = 1e-8  # tolerance; single precision cannot do better
CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
DENSEST: Final = 0.05  # porosity
Whole: TypeAlias = Annotated[int, Field(strict=True)]
Weight: TypeAlias = Annotated[
    Share, Field(description="share of the mass; rest: what the others leave, for one of them")
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class SizeDistribution:
    """Percentiles of the volume-weighted particle diameter.

    Attributes:
        d10: a tenth of the volume is in smaller particles.
        d50: half of the volume is in smaller particles.
        d90: nine tenths of the volume are in smaller particles.
    """

    d10: Length
    d50: Length
    d90: Length

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.d10 <= self.d50 <= self.d90:
            raise InputError("d10, d50 and d90 must not decrease")
        return self


Diameter: TypeAlias = Annotated[
    Annotated[Length, Tag("one size")] | Annotated[SizeDistribution, Tag("many sizes")],
    Discriminator(lambda v: "one size" if isinstance(v, str | int | float) else "many sizes"),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Ingredient:
    """A material and its weight fraction in the composite.

    Attributes:
        material: in the library, by name or alias.
        diameter: of its particles; default: that of the material.
    """

    material: str
    weight: Weight
    diameter: Length | None = None


Label = TypeVar("Label")


def _quantities(given: Mapping[Label, object], unit: str, key: str) -> dict[Label, float]:
    if not isinstance(given, Mapping):
        raise expected("a dict by label", given, key)
    return {label: quantity_of(value, unit, key) for label, value in given.items()}


def _edges(given: object) -> float | tuple[float, ...] | None:
    """One edge of a voxel [m], or several."""
    if isinstance(given, tuple | list):
        return tuple(quantity_of(edge, "m", "voxel_size") for edge in given)
    return maybe(given, "m", "voxel_size")


@dataclasses.dataclass(frozen=True)
class Conductors:
    """Phases of an image and the contacts between them.

    Attributes:
        conductivities: of labels [S/m]; others do not conduct. Without any, the larger of two
            labels conducts and results are ratios only.
        contacts: conductance of contacts between labels [S/m2]; with numbered particles they
            lie between unlike particles, also of one label (a, a).
        voxel_size: edge of a voxel [m], or its edges along z, y and x (of a picture y and x);
            contacts need it, and so do voxels that are no cubes.
        axis: z, y or x, along which current flows; default: the first of the image.
        periodic: whether the sides are joined to the opposite ones; else they insulate.
        tolerance: largest relative error of the conductivity.
        keep_field: whether the result holds the potential.
        ends: labels that lead to the first and to the last end; default: all that conduct.
    """

    conductivities: Mapping[int, float] = field(default_factory=dict)
    contacts: Mapping[tuple[int, int], float] = field(default_factory=dict)
    voxel_size: float | tuple[float, ...] | None = None
    axis: str | None = None
    periodic: bool = False
    tolerance: float = 1e-3
    keep_field: bool = False
    ends: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense.

        Raises:
            InputError: with the key.
        """
        self._read()
        if not TIGHTEST <= self.tolerance < 1.0:
            message = f"{self.tolerance:g}; allowed: {TIGHTEST:g} up to 1"
            raise InputError(message, key="tolerance")
        if self.axis is not None and self.axis not in AXES:
            raise InputError(f"{self.axis!r}; allowed: {', '.join(AXES)}", key="axis")
        if self.contacts and self.voxel_size is None:
            raise InputError("is missing: contacts need it", key="voxel_size")
        edges = self.edges or ()
        if any(not 0.0 < edge < 1.0 for edge in edges):
            shown = ", ".join(f"{edge:g}" for edge in dict.fromkeys(edges))
            message = f"{shown} m; allowed: more than 0, less than 1 m"
            raise InputError(message, key="voxel_size")
        self._check_phases()

    @property
    def edges(self) -> tuple[float, float, float] | None:
        """Edges of a voxel along z, y and x [m]; None if they are not known.

        Raises:
            InputError: more or fewer than these.
        """
        if self.voxel_size is None:
            return None
        if isinstance(self.voxel_size, int | float):
            edge = float(self.voxel_size)
            return edge, edge, edge
        match tuple(self.voxel_size):
            case (z, y, x):
                return z, y, x
            case (y, x):
                return y, y, x  # of a picture; nothing lies along z
            case other:
                message = f"{len(other)} edges; allowed: 1, or 3 along z, y and x"
                raise InputError(message, key="voxel_size")

    def _read(self) -> None:
        """Turn text with units into numbers in SI."""
        read = {
            "conductivities": _quantities(self.conductivities, "S/m", "conducting"),
            "contacts": _quantities(self.contacts, "S/m^2", "contact"),
            "voxel_size": _edges(self.voxel_size),
            "tolerance": quantity_of(self.tolerance, "dimensionless", "tolerance"),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)

    def _check_phases(self) -> None:
        for label, sigma in self.conductivities.items():
            if not (np.isfinite(sigma) and sigma >= 0.0):
                message = f"label {label} conducts {sigma:g}; allowed: 0 or more, finite"
                raise InputError(message, key="conducting")
        for (a, b), conductance in self.contacts.items():
            if not conductance >= 0.0:
                message = f"{a}:{b} conducts {conductance:g}; allowed: 0 or more"
                raise InputError(message, key="contact")
        if self.conductivities and not any(s > 0.0 for s in self.conductivities.values()):
            raise InputError("no label conducts", key="conducting")


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Powder:
    """Grains of one material in the composite.

    Attributes:
        material: in the library, by name or alias.
        diameter: of the grains: one size, or d10, d50 and d90 by volume.
    """

    material: str
    weight: Weight
    diameter: Diameter


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Composition:
    """What is mixed, by weight.

    Attributes:
        active: powders of active material.
        electrolyte: powder of solid electrolyte.
        additives: carbon, binder and the like.
    """

    active: Annotated[tuple[Powder, ...], Field(min_length=1, max_length=20)]
    electrolyte: Powder
    additives: tuple[Powder, ...] = ()

    @property
    def powders(self) -> tuple[Powder, ...]:
        """Active materials, electrolyte, additives."""
        return (*self.active, self.electrolyte, *self.additives)

    @model_validator(mode="before")
    @classmethod
    def _share_out(cls, data: Any) -> Any:  # noqa: ANN401
        return with_rest(data)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(powder.weight for powder in self.powders)
        if abs(total - 1.0) > 1e-3:
            raise InputError(
                f"the weights add up to {100 * total:g} %; they must add up to 100 %; "
                "weight: rest for one of them takes what the others leave"
            )
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Pressing:
    """How far the powder is pressed; give one of ``pressure`` and ``porosity``."""

    pressure: Annotated[Pressure | None, Field(description="fabrication pressure")] = None
    porosity: Annotated[Porosity | None, Field(description="at the highest stack pressure")] = (
        None
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.pressure is None) == (self.porosity is None):
            found = "neither" if self.pressure is None else "both"
            raise InputError(f"give one of pressure and porosity, got: {found}")
        if self.porosity is not None and self.porosity < DENSEST:
            raise InputError(
                f"{100 * self.porosity:g} %; allowed: at least {100 * DENSEST:g} %, where the "
                "contacts of a grain meet",
                key="porosity",
            )
        if self.pressure is not None and self.pressure <= 0.0:
            raise InputError("0 MPa; allowed: more than 0 MPa", key="pressure")
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Structure:
    """A composite electrode that is pressed from its grains.

    Attributes:
        composition: what is mixed.
        fabrication: how far it is pressed.
        stack_pressures: at which the piece is measured, after pressing.
        name: in tables and reports.
        temperature: of the measurement.
    """

    composition: Composition
    fabrication: Pressing
    stack_pressures: Annotated[tuple[Pressure, ...], Field(min_length=1, max_length=50)]
    box: Annotated[Length, Field(description="edge of the piece that is modelled")]
    name: str = "structure"
    temperature: Temperature = float(ROOM_TEMPERATURE)
    voxel_size: Annotated[
        Length | None, Field(description="default: a twelfth of the smallest diameter")
    ] = None
    seeds: Annotated[
        Whole, Field(ge=1, le=10000, description="pieces pressed from other random numbers")
    ] = 3
    friction: Annotated[
        Share,
        Field(description="coefficient of friction of the grains; the default is assumed"),
    ] = 0.3
    materials: Annotated[
        dict[str, dict[str, Any]], Field(description="overrides of material properties")
    ] = field(default_factory=dict)
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @property
    def folder(self) -> Path:
        """Where files named in the structure are looked for."""
        return self.origin.folder if self.origin else Path()

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        most = self.fabrication.pressure
        for i, pressure in enumerate(self.stack_pressures):
            if pressure <= 0.0 or (most is not None and pressure > most):
                highest = "" if most is None else f", up to the fabrication {most / 1e6:g} MPa"
                raise InputError(
                    f"{pressure / 1e6:g} MPa; allowed: more than 0 MPa{highest}",
                    key=f"stack_pressures[{i}]",
                )
        if self.voxel_size is not None and self.voxel_size > self.box / 8.0:
            raise InputError(
                f"{self.voxel_size * 1e6:g} um; allowed: at most an eighth of the box",
                key="voxel_size",
            )
        return self


_ADAPTER: TypeAdapter[Structure] = TypeAdapter(Structure)


def load_structure(source: Source, overrides: Overrides = ()) -> Structure:
    """Read a structure file.

    Args:
        source: path of a YAML file, name of a packaged example, text or dict of its content.
        overrides: dotted keys with their values, as a dict or pairs, as in
            ``--set box="30 um"``.

    Raises:
        InputError: with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> lm.load_structure("table3_70_30", {"seeds": 1}).seeds
        1
    """
    return structure_of_origin(read_origin(source, overrides))


def structure_of_origin(origin: Origin) -> Structure:
    """Make the structure of a document.

    Raises:
        InputError: with file, line and key.
    """
    return validated(_ADAPTER, origin.document.data, origin, material_mistakes)


def structure_from_input(data: dict[str, Any]) -> Structure:
    """Rebuild a structure from the ``input`` that a result stores."""
    return validated(_ADAPTER, data, None)


def to_input(structure: Structure) -> dict[str, Any]:
    """The resolved input in SI, as plain data."""
    return _ADAPTER.dump_python(structure, mode="json", exclude={"origin"})


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a structure file."""
    return _ADAPTER.json_schema()
