"""One polycrystalline particle: the Python API and the form of a file in one."""

import dataclasses
import math
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    TypeAdapter,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema
from scipy.fft import next_fast_len

from lithomech.errors import InputError
from lithomech.files.origin import (
    Origin,
    Overrides,
    Source,
    plain_errors,
    read_origin,
    validated,
)
from lithomech.files.quantity_types import Angle, Length, OpenShare, Potential, Pressure, Share
from lithomech.materials.mentioned import material_mistakes
from lithomech.numerics.memory import free_memory

CONFIG = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
LEAST_VOXELS: Final = 6  # across a grain
LEAST_PIECE: Final = 5  # voxels across a piece of a grain
LEAST_VOID: Final = 3  # voxels across a void
MOST_VOIDS: Final = 0.3  # share of the particle
MARGIN: Final = 1.25  # edge of the block over the diameter of the particle
BYTES: Final = 900  # per voxel, at most


def roomy(voxels: float) -> int:
    """Edge of the block around so many voxels: even, quick to transform, with a margin."""
    return 2 * int(next_fast_len(round(0.5 * MARGIN * voxels), real=True) or 1)


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Grains:
    """Primary grains of the particle.

    Attributes:
        diameter: of a sphere as large as a grain on average; needed without an image.
        image: file of labelled pixels or voxels (.npy, .tif, .png): a number for each grain,
            0 around the particle; zeros shut in by it are voids. It gives the diameters, and
            whether there are two or three dimensions; ``voxel_size`` is needed with it.
        orientation: of the c axis. Random: any; textured: across the radius, in grains that
            are rods along it; single_crystal: one grain.
        misorientation: of textured grains, whose c axes then lie along the circumference, each
            turned from it by up to half of this; any direction across the radius if not given.
        length: of a rod; four of its diameters, which are its width, if not given.
        cracking: whether their boundaries may open.
        pieces: diameter of those that a grain itself may crack into; grains stay whole if not
            given.
    """

    diameter: Length = 0.0
    image: Path | None = None
    orientation: Literal["random", "textured", "single_crystal"] = "random"
    misorientation: Angle | None = None
    length: Length | None = None
    cracking: bool = True
    pieces: Length = 0.0

    @property
    def one(self) -> bool:
        """Whether the particle is one grain."""
        return self.orientation == "single_crystal"

    @property
    def textured(self) -> bool:
        """Whether they are rods along the radius."""
        return self.orientation == "textured"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Voids:
    """Round voids in the particle as made, where grains meet.

    Attributes:
        porosity: their share of the particle.
        diameter: of one; a little more or less, so that a whole number has this porosity.
    """

    porosity: OpenShare
    diameter: Length


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Surroundings:
    """Solid electrolyte around the particle.

    Attributes:
        material: of the electrolyte.
        pressure: on the outside.
        fabrication_pressure: that pressed it onto the particle; its bond depends on it.
    """

    material: str
    pressure: Pressure = 0.0
    fabrication_pressure: Pressure = 370e6


def _liquid_or_solid(value: object) -> object:
    """Say what is allowed where a word is not known."""
    if isinstance(value, str) and value != "liquid":
        raise InputError(f"{value!r} is not known; allowed: 'liquid', or material and pressure")
    return value


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Particle:
    """A particle of active material.

    Attributes:
        material: of the particle.
        name: in tables and reports.
        diameter: of it; needed without an image of the grains.
        grains: primary grains in it.
        voids: empty places in it; none if not given.
        surroundings: liquid, which lets it free and fills its cracks, or a solid electrolyte.
        window: potentials against lithium between which it is cycled, from as made on.
        cycles: charges and discharges.
        increments: steps of each charge and of each discharge.
        dimensions: 3, or 2 for grains that are prisms across the section.
        voxel_size: edge of a voxel; an eighth of the grains if not given.
        seed: of the random grains.
        lag: lithium that a grain with c along the radius, which conducts across it only, is
            behind one with c across it while current flows.
    """

    material: str
    grains: Grains
    diameter: Length = 0.0
    voids: Voids | None = None
    name: str = "particle"
    surroundings: Annotated[
        Surroundings | Literal["liquid"], BeforeValidator(_liquid_or_solid)
    ] = "liquid"
    window: tuple[Potential, Potential] = (3.0, 4.3)
    cycles: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    increments: Annotated[int, Field(strict=True, ge=4, le=1000)] = 20
    dimensions: Literal[2, 3] = 3
    voxel_size: Length | None = None
    seed: Annotated[int, Field(strict=True, ge=0, le=1 << 31)] = 0
    lag: Share = 0.0
    materials: Annotated[
        dict[str, dict[str, Any]], Field(description="overrides of material properties")
    ] = field(default_factory=dict)
    origin: Annotated[SkipJsonSchema[InstanceOf[Origin] | None], Field(exclude=True)] = None

    @property
    def voxel(self) -> float:
        """Edge of a voxel [m]."""
        single = self.grains.one
        grain = self.diameter / 5.0 if single else self.grains.diameter
        return self.voxel_size or grain / 8.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Voxels of the block, even along the axes of the particle and quick to transform."""
        edge = roomy(self.diameter / self.voxel)
        return edge if self.dimensions == 3 else 1, edge, edge

    @property
    def electrolyte(self) -> Surroundings | None:
        """What is solid around it."""
        return self.surroundings if isinstance(self.surroundings, Surroundings) else None

    def locate(self, error: InputError) -> InputError:
        """Return the error with the file and line of its key, where there is a file."""
        return self.origin.locate(error) if self.origin else error

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a copy with these top-level fields changed."""
        return dataclasses.replace(self, **changes)

    @property
    def image(self) -> Path | None:
        """File of the labelled grains; its place counts from the file of the particle."""
        image = self.grains.image
        return image and (self.origin.folder / image if self.origin else image)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.window[0] >= self.window[1]:
            raise InputError(
                f"{self.window[0]:g} V to {self.window[1]:g} V; the lower one comes first",
                key="window",
            )
        if self.grains.image is not None:
            self._check_image()
            return self
        if self.diameter == 0.0:
            raise InputError("is missing", key="diameter")
        if not self.grains.one:
            self._check_grains()
        if self.grains.pieces:
            self._check_pieces()
        if self.voids is not None:
            self._check_voids(self.voids)
        needed, free = math.prod(self.shape) * BYTES, free_memory()
        if free is not None and needed > free:
            raise InputError(
                f"{' x '.join(map(str, self.shape))} voxels of {self.voxel * 1e9:.3g} nm need "
                f"about {needed / 2**30:.3g} GiB; free: {free / 2**30:.3g} GiB",
                key="voxel_size",
            )
        return self

    def _check_image(self) -> None:
        """With an image it says how large everything is."""
        for key, given in (
            ("diameter", self.diameter),
            ("grains.diameter", self.grains.diameter),
            ("grains.pieces", self.grains.pieces),
            ("voids", self.voids),
        ):
            if given:
                raise InputError(
                    "cannot be combined with grains.image, which determines it", key=key
                )
        if self.voxel_size is None:
            raise InputError("is missing: edge of a voxel of grains.image", key="voxel_size")
        if self.grains.one:
            raise InputError(
                "an image determines the number of grains", key="grains.orientation"
            )

    def _check_grains(self) -> None:
        if self.grains.diameter == 0.0:
            raise InputError("is missing", key="grains.diameter")
        if self.grains.diameter > 0.5 * self.diameter:
            raise InputError(
                f"{self.grains.diameter * 1e6:g} um; allowed: up to half of the particle, "
                f"{self.diameter * 5e5:g} um",
                key="grains.diameter",
            )
        if not self.grains.textured:
            for key in ("misorientation", "length"):
                if getattr(self.grains, key) is not None:
                    raise InputError("is for textured grains", key=f"grains.{key}")
        across = self.grains.diameter / self.voxel
        if across < LEAST_VOXELS * (1.0 - 1e-9):
            raise InputError(
                f"{across:.2g} voxels across a grain; allowed: {LEAST_VOXELS} or more, "
                f"voxels up to {self.grains.diameter / LEAST_VOXELS * 1e9:.3g} nm",
                key="voxel_size",
            )

    def _check_pieces(self) -> None:
        least = LEAST_PIECE * self.voxel
        most = 0.8 * (self.diameter if self.grains.one else self.grains.diameter)
        if not least * (1.0 - 1e-9) <= self.grains.pieces <= most:
            raise InputError(
                f"{self.grains.pieces * 1e9:g} nm; allowed: {LEAST_PIECE} voxels, "
                f"{least * 1e9:g} nm, to 80 % of a grain, {most * 1e9:g} nm",
                key="grains.pieces",
            )

    def _check_voids(self, voids: Voids) -> None:
        if voids.porosity > MOST_VOIDS:
            raise InputError(
                f"{100.0 * voids.porosity:g} %; allowed: up to {100.0 * MOST_VOIDS:g} %",
                key="voids.porosity",
            )
        least, most = LEAST_VOID * self.voxel, 0.5 * self.diameter
        if not least * (1.0 - 1e-9) <= voids.diameter <= most:
            raise InputError(
                f"{voids.diameter * 1e9:g} nm; allowed: {LEAST_VOID} voxels, "
                f"{least * 1e9:g} nm, to half of the particle, {most * 1e9:g} nm",
                key="voids.diameter",
            )


_ADAPTER: TypeAdapter[Particle] = TypeAdapter(Particle)


def load_particle(source: Source, overrides: Overrides = ()) -> Particle:
    """Read a particle file.

    Args:
        source: path of a YAML file, name of a packaged example, text or dict of its content.
        overrides: dotted keys with their values, as a dict or pairs, as in
            ``--set grains.diameter="0.5 um"``.

    Raises:
        InputError: with file, line and key.

    Examples:
        >>> import lithomech as lm
        >>> lm.load_particle("ncm88_random", [("cycles", 2)]).cycles
        2
    """
    return particle_of_origin(read_origin(source, overrides))


def particle_of_origin(origin: Origin) -> Particle:
    """Make the particle of a document.

    Raises:
        InputError: with file, line and key.
    """
    return validated(_ADAPTER, origin.document.data, origin, material_mistakes)


def to_input(particle: Particle) -> dict[str, Any]:
    """The resolved input in SI, as plain data."""
    return _ADAPTER.dump_python(particle, mode="json", exclude={"origin"})


@cache
def schema() -> dict[str, Any]:
    """JSON Schema of a particle file."""
    return _ADAPTER.json_schema()
