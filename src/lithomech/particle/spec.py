"""One polycrystalline particle: the Python API and the form of a file in one."""

import dataclasses
from collections.abc import Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import ConfigDict, Field, InstanceOf, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from lithomech.errors import InputError
from lithomech.files.origin import Origin, read_origin, validated
from lithomech.files.quantity_types import Length, Pressure, Stoichiometry

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
LEAST_VOXELS: Final = 6  # across a grain
MARGIN: Final = 1.25  # edge of the block over the diameter of the particle
MOST_EDGE: Final = 400  # voxels
BYTES: Final = 260  # per voxel, at most


@dataclass(frozen=True, config=CONFIG)
class Grains:
    """Primary grains of the particle.

    Attributes:
        diameter: of a sphere as large as a grain on average.
        orientation: of the c axis. Random: any; textured: across the radius, in grains that
            are rods along it; single_crystal: one grain.
    """

    diameter: Length
    orientation: Literal["random", "textured", "single_crystal"] = "random"


@dataclass(frozen=True, config=CONFIG)
class Surroundings:
    """Solid electrolyte around the particle.

    Attributes:
        material: of the electrolyte.
        pressure: on the outside.
    """

    material: str
    pressure: Pressure = 0.0


@dataclass(frozen=True, config=CONFIG)
class Particle:
    """A particle of active material.

    Attributes:
        material: of the particle.
        diameter: of it.
        grains: primary grains in it.
        stoichiometry: lithium per formula unit that is looked at, from as made on.
        surroundings: electrolyte around it; free (as in a liquid) if not given.
        voxel_size: edge of a voxel; a tenth of the grains if not given.
        seed: of the random grains.
    """

    material: str
    diameter: Length
    grains: Grains
    name: str = "particle"
    stoichiometry: Annotated[tuple[Stoichiometry, ...], Field(min_length=1, max_length=50)] = (
        0.9,
        0.7,
        0.5,
        0.4,
        0.3,
        0.2,
    )
    surroundings: Surroundings | None = None
    voxel_size: Length | None = None
    seed: Annotated[int, Field(strict=True, ge=0, le=1 << 31)] = 0
    materials: Annotated[
        dict[str, dict[str, Any]], Field(description="overrides of material properties")
    ] = field(default_factory=dict)
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @property
    def voxel(self) -> float:
        """Edge of a voxel [m]."""
        single = self.grains.orientation == "single_crystal"
        grain = self.diameter / 4.0 if single else self.grains.diameter
        return self.voxel_size or grain / 10.0

    @property
    def edge(self) -> int:
        """Voxels along the edge of the block, even."""
        return 2 * round(0.5 * MARGIN * self.diameter / self.voxel)

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.grains.orientation != "single_crystal":
            if self.grains.diameter > 0.5 * self.diameter:
                raise InputError(
                    f"{self.grains.diameter * 1e6:g} um; allowed: up to half of the particle, "
                    f"{self.diameter * 5e5:g} um",
                    key="grains.diameter",
                )
            across = self.grains.diameter / self.voxel
            if across < LEAST_VOXELS:
                raise InputError(
                    f"{across:.2g} voxels across a grain; allowed: {LEAST_VOXELS} or more, "
                    f"voxels up to {self.grains.diameter / LEAST_VOXELS * 1e9:.3g} nm",
                    key="voxel_size",
                )
        if self.edge > MOST_EDGE:
            needed = self.edge**3 * BYTES / 2**30
            raise InputError(
                f"{self.edge}^3 voxels take {needed:.3g} GiB; allowed: up to {MOST_EDGE}^3",
                key="voxel_size",
            )
        return self


_ADAPTER: TypeAdapter[Particle] = TypeAdapter(Particle)


def load_particle(source: Path | str, overrides: Sequence[tuple[str, str]] = ()) -> Particle:
    """Read a particle file.

    Args:
        source: path of a YAML file, or its text.
        overrides: pairs of dotted key and value, as in ``--set grains.diameter="0.5 um"``.

    Raises:
        InputError: with file, line and key.
    """
    origin = read_origin(source, overrides)
    return validated(_ADAPTER, origin.document.data, origin)


def to_input(particle: Particle) -> dict[str, Any]:
    """The resolved input in SI, as plain data."""
    return _ADAPTER.dump_python(particle, mode="json", exclude={"origin"})


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a particle file."""
    return _ADAPTER.json_schema()
