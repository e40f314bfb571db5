"""The layers between the pistons: composite and planar electrodes, separator."""

from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic.dataclasses import dataclass

from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import plain_errors
from lithomech.files.quantity_types import (
    ArealCapacity,
    BruggemanExponent,
    CapacityRatio,
    Conductivity,
    FilmThickness,
    Length,
    LengthOrZero,
    Loading,
    Mass,
    OpenShare,
    Porosity,
    Pressure,
    Share,
    TortuosityFactor,
)
from lithomech.microstructure.shares import with_rest
from lithomech.microstructure.spec import CONFIG, Diameter, Ingredient, Weight

SIZES: Final = (
    "loading",
    "active_loading",
    "mass",
    "areal_capacity",
    "thickness",
    "n_p_ratio",
)

Collector: TypeAlias = Annotated[
    str | None, Field(description="foil in the library; default: its contact is not counted")
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Coating:
    """A layer on the particles that keeps electrons from the electrolyte.

    Attributes:
        material: in the library, by name or alias.
        thickness: of the layer.
    """

    material: str
    thickness: FilmThickness


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Active:
    """One class of active material: material, size and morphology.

    Attributes:
        material: in the library, by name or alias.
        diameter: of the particles: one size, or d10, d50 and d90 by volume.
        morphology: primary grains in random directions, along the radius, or one grain.
    """

    material: str
    weight: Weight
    diameter: Diameter
    morphology: Literal["random", "textured", "single_crystal"] = "random"
    coating: Coating | None = None


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class PercolationTransport:
    """Conductivities, coverage and lost particles by the law of percolation of grains."""

    type: Literal["percolation"] = "percolation"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class StatedTransport:
    """Effective conductivities as measured on the composite.

    Attributes:
        ionic: effective conductivity; give it or the tortuosity factor.
        ionic_tortuosity_factor: volume fraction x bulk conductivity over the effective one.
        electronic: as ``ionic``.
        electronic_tortuosity_factor: as ``ionic_tortuosity_factor``.
        at: stack pressure of the measurement; at others they follow the law of percolation.
            Default: at all.
    """

    ionic: Conductivity | None = None
    ionic_tortuosity_factor: TortuosityFactor | None = None
    electronic: Conductivity | None = None
    electronic_tortuosity_factor: TortuosityFactor | None = None
    at: Pressure | None = None
    type: Literal["values"] = "values"

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        mistakes = Mistakes()
        for carrier in ("ionic", "electronic"):
            pair = (carrier, f"{carrier}_tortuosity_factor")
            given = [name for name in pair if getattr(self, name) is not None]
            with mistakes.noted():
                if len(given) != 1:
                    raise InputError(f"give one of {' and '.join(pair)}; given: {len(given)}")
        mistakes.report()
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class MeasuredTransport:
    """Tortuosity factors from a table in the materials library.

    Attributes:
        table: its name.
    """

    table: str
    type: Literal["measured"] = "measured"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class FormulaTransport:
    """Tortuosity factors from Bruggeman's law.

    Attributes:
        exponent: of the volume fraction; conductivity = bulk value x fraction^exponent.
    """

    law: Literal["bruggeman"] = "bruggeman"
    exponent: BruggemanExponent = 1.5
    type: Literal["formula"] = "formula"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class StructureTransport:
    """Tortuosity factors and coverage of a composite that was pressed from its grains."""

    file: Annotated[str, Field(description="structure.nc of `lithomech structure`")]
    type: Literal["structure"] = "structure"


VoxelSize: TypeAlias = Annotated[
    Annotated[Length, Tag("cubes")] | Annotated[tuple[Length, Length, Length], Tag("edges")],
    Discriminator(lambda v: "cubes" if isinstance(v, str | int | float) else "edges"),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class ImageTransport:
    """Conductivities, coverage and share in use by a segmented image of the composite."""

    file: Annotated[str, Field(description="labels: .tif stack, .png or .npy")]
    phases: Annotated[
        dict[str, Annotated[int, Field(strict=True)]],
        Field(min_length=2, description="label of each material; other labels are empty"),
    ]
    voxel_size: Annotated[
        VoxelSize | None,
        Field(description="edge of a voxel, or edges along z, y and x; default: cubes"),
    ] = None
    axis: Annotated[
        Literal["z", "y", "x"] | None,
        Field(description="from the separator to the collector; default: the first"),
    ] = None
    type: Literal["image"] = "image"


Transport: TypeAlias = Annotated[
    PercolationTransport
    | StatedTransport
    | MeasuredTransport
    | FormulaTransport
    | StructureTransport
    | ImageTransport,
    Field(discriminator="type"),
]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class CompositeElectrode:
    """Active material, electrolyte and additives pressed together.

    Exactly one of ``SIZES`` says how much of it there is; ``n_p_ratio`` only of an anode.

    Attributes:
        active: classes of active material: blends, sizes, morphologies.
        electrolyte: solid electrolyte in the composite.
        additives: carbon, binder and the like.
        thickness: of the pressed composite.
        transport: how ions and electrons get through the composite.
    """

    active: Annotated[tuple[Active, ...], Field(min_length=1, max_length=20)]
    electrolyte: Ingredient
    porosity: Annotated[
        Porosity | None,
        Field(description="share of the volume that is empty; default: what pressing leaves"),
    ] = None
    loading: Annotated[Loading | None, Field(description="mass of the composite per area")] = (
        None
    )
    active_loading: Annotated[
        Loading | None, Field(description="mass of active material per area")
    ] = None
    mass: Annotated[Mass | None, Field(description="of the composite")] = None
    areal_capacity: Annotated[
        ArealCapacity | None, Field(description="nominal capacity of all hosts per area")
    ] = None
    thickness: Length | None = None
    n_p_ratio: Annotated[
        CapacityRatio | None, Field(description="of an anode: capacity over the cathode's")
    ] = None
    additives: tuple[Ingredient, ...] = ()
    transport: Transport = PercolationTransport()
    collector: Collector = None
    load_share: Annotated[
        OpenShare,
        Field(description="share of the stack load that active material carries once open"),
    ] = 0.5
    constraint_modulus: Annotated[
        Pressure, Field(description="of what holds decomposing electrolyte; moves its window")
    ] = 0.0
    type: Literal["composite"] = "composite"

    @model_validator(mode="before")
    @classmethod
    def _share_out(cls, data: Any) -> Any:  # noqa: ANN401
        return with_rest(data)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        sizes = [name for name in SIZES if getattr(self, name) is not None]
        if len(sizes) != 1:
            present = f"{' and '.join(sizes)} are" if sizes else "none of them is"
            raise InputError(
                f"{present} given; give exactly one of loading, active_loading, mass, "
                "areal_capacity or thickness (or n_p_ratio for an anode)"
            )
        parts = [*self.active, self.electrolyte, *self.additives]
        total = sum(part.weight for part in parts)
        if abs(total - 1.0) > 1e-3:
            raise InputError(
                f"the weights add up to {100 * total:g} %; they must add up to 100 %; "
                "weight: rest for one of them takes what the others leave"
            )
        if sum(active.weight for active in self.active) <= 0.0:
            raise InputError("no active material: its weights are 0 %", key="active")
        if self.electrolyte.weight <= 0.0:
            raise InputError(
                "no electrolyte: 0 %; allowed: more than 0 %", key="electrolyte.weight"
            )
        return self


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class PlanarElectrode:
    """A foil or film of one material.

    Attributes:
        material: in the library, by name or alias.
        thickness: of the foil or film.
    """

    material: str
    thickness: Length
    collector: Collector = None
    front: Annotated[
        Literal["compound", "host"],
        Field(
            description="what of an alloy such as Li-In faces the separator: the compound, or "
            "its host with the lithium behind it"
        ),
    ] = "compound"
    pressed: Annotated[
        Pressure | None,
        Field(description="what pressed it on the separator; default: whole contact"),
    ] = None
    type: Literal["planar"] = "planar"

    @property
    def host_in_front(self) -> bool:
        """Whether the lithium of an alloy is behind its host."""
        return self.front == "host"


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class AnodeFreeElectrode:
    """A bare collector on which the cell plates the lithium of its cathode.

    Attributes:
        collector: in the library, by name or alias.
        material: what is plated.
    """

    collector: str = "sus"
    material: str = "li"
    type: Literal["anode_free"] = "anode_free"

    @property
    def thickness(self) -> float:
        """Thickness of the lithium as made [m]: none."""
        return 0.0


Planar: TypeAlias = PlanarElectrode | AnodeFreeElectrode
Electrode: TypeAlias = Annotated[CompositeElectrode | Planar, Field(discriminator="type")]


@plain_errors
@dataclass(frozen=True, config=CONFIG)
class Separator:
    """The layer of solid electrolyte; exactly one of its sizes says how much of it there is.

    Attributes:
        material: in the library, by name or alias.
        thickness: of the layer.
        loading: mass per area.
        mass: of the layer.
        porosity: share of the volume that is empty.
    """

    material: str
    thickness: Length | None = None
    loading: Loading | None = None
    mass: Mass | None = None
    porosity: Porosity = 0.15
    plating_depth: Annotated[
        LengthOrZero, Field(description="of pores that plated lithium fills before it grows")
    ] = 0.0
    flaw: Annotated[
        Length | None,
        Field(
            description="depth of the deepest flaw that faces lithium; default: the material's"
        ),
    ] = None
    open_pore: Annotated[
        Length | None,
        Field(
            description="radius of the widest pore from one side to the other, into which "
            "lithium creeps; default: all pores are closed"
        ),
    ] = None
    rim_share: Annotated[
        Share | None,
        Field(
            description="tension at the rim of the electrodes per stack pressure; default: "
            "(1 - 2 nu)/2, of a separator that reaches beyond them; 0: held in a die"
        ),
    ] = None

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        sizes = (self.thickness, self.loading, self.mass)
        if sum(size is not None for size in sizes) != 1:
            raise InputError("give exactly one of thickness, loading and mass")
        return self
