"""What a run comes to over the ranges of what nobody knows, one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, final

from lithomech.cell.many import run_many
from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.enclose import load_materials
from lithomech.cell.spec import Cell, CompositeElectrode, ConstantPressure, changed_cell
from lithomech.cell.state import SIDES
from lithomech.materials.material import Material

Progress = Callable[[float, str], None]
Band = tuple[float, float]
SWING: Final = "stack_pressure_swing_MPa"
LISTED: Final = (
    "charge_capacity_mAh_per_g",
    "discharge_capacity_mAh_per_g",
    "coulombic_efficiency",
    SWING,
    "contact_fraction_end_of_charge",
)
BANDED: Final = (*LISTED, "stack_pressure_end_of_charge_MPa", "stack_pressure_end_MPa")
FRAME: Final = "frame_stiffness"
LOAD_SHARES: Final = ("20 %", "100 %")  # assumed; a packing sets it, 50 % without one
ADHESIONS: Final = ("0.01 MPa", "1 MPa")  # assumed; 0.1 MPa without it


class Unknown(NamedTuple):
    """Something that decides a result and that no section prints.

    Attributes:
        name: in words.
        key: dotted, of the cell file.
        values: its other values, as in a file.
    """

    name: str
    key: str
    values: tuple[str, ...]


class Variant(NamedTuple):
    """A run with one unknown at another value."""

    unknown: Unknown
    value: str
    result: CellResult


@final
@dataclass(frozen=True)
class Bands:
    """A run and its variants.

    Attributes:
        result: with everything as it is declared.
        variants: with one unknown changed at a time.
    """

    result: CellResult
    variants: tuple[Variant, ...]

    def of(self, quantity: str, cycle: int, unknown: str = "") -> Band | None:
        """Return the lowest and the highest value of a quantity in a cycle.

        Args:
            quantity: key of a cycle.
            cycle: counts from 0.
            unknown: key of the only one to count; all of them if empty.

        Returns:
            None where there is nothing to vary, or one of the runs has no value.
        """
        chosen = [v.result for v in self.variants if unknown in {"", v.unknown.key}]
        values = [
            one.cycles[cycle][quantity] if cycle < len(one.cycles) else None
            for one in (self.result, *chosen)
        ]
        known = [value for value in values if value is not None]
        if not chosen or len(known) < len(values):
            return None
        return min(known), max(known)

    def of_frame(self, cycle: int) -> Band | None:
        """Return the band of the pressure swing that the stiffness of the frame leaves."""
        keys = [v.unknown.key for v in self.variants if v.unknown.key.endswith(FRAME)]
        return self.of(SWING, cycle, keys[0]) if keys else None

    def by_quantity(self) -> dict[str, list[Band | None]]:
        """Return the band of each quantity, cycle by cycle."""
        cycles = range(len(self.result.cycles))
        return {key: [self.of(key, cycle) for cycle in cycles] for key in BANDED}

    def to_json(self) -> dict[str, Any]:
        """Unknowns with the values that were run, and the band of each quantity."""
        unknowns = dict.fromkeys(v.unknown for v in self.variants)
        return {
            "unknowns": [unknown._asdict() for unknown in unknowns],
            "cycles": [
                {key: self.of(key, cycle) for key in BANDED}
                for cycle in range(len(self.result.cycles))
            ],
        }

    def widest(self, quantity: str, cycle: int) -> Unknown | None:
        """Return the unknown that moves a quantity most."""

        def width(unknown: Unknown) -> float:
            low, high = self.of(quantity, cycle, unknown.key) or (0.0, 0.0)
            return high - low

        unknowns = dict.fromkeys(v.unknown for v in self.variants)
        return max(unknowns, key=width, default=None)


def bands(cell: Cell, result: CellResult, progress: Progress | None = None) -> Bands:
    """Run a cell again with each unknown at the ends of its range.

    Args:
        cell: as it was run.
        result: of that run.
        progress: as in ``run_many``.
    """
    changes = [(unknown, value) for unknown in unknowns(cell) for value in unknown.values]
    cells = [changed_cell(cell, [(u.key, value)], cell.name) for u, value in changes]
    results = run_many(cells, progress=progress)
    found = (Variant(u, value, one) for (u, value), one in zip(changes, results, strict=True))
    return Bands(result, tuple(found))


def unknowns(cell: Cell) -> list[Unknown]:
    """Return what is not known of a cell, with the ranges that are run.

    What the cell file says itself counts as known, but for the load share.
    """
    materials = load_materials(cell)
    found = [*_frame(cell, materials)]
    composites = {
        side: electrode
        for side in SIDES
        if isinstance(electrode := getattr(cell, side), CompositeElectrode)
    }
    if composites and "contact" not in cell.mechanisms:
        found += [_load_share(side) for side in composites]
        found += _pressed(cell)
        electrolytes = dict.fromkeys(one.electrolyte.material for one in composites.values())
        found += [*_pellets(cell, {name: materials[name] for name in electrolytes})]
    return found


def _frame(cell: Cell, materials: dict[str, Material]) -> Iterator[Unknown]:
    """The stiffness of a frame of the library, over its range."""
    if isinstance(cell.fixture, ConstantPressure) or cell.fixture.frame is None:
        return
    name = cell.fixture.frame
    span = materials[name].properties["frame_stiffness"].span
    if span is not None and "frame_stiffness" not in cell.materials.get(name, {}):
        values = tuple(f"{end!r} Pa/m" for end in span)
        yield Unknown(f"stiffness of {name}", f"materials.{name}.{FRAME}", values)


def _load_share(side: str) -> Unknown:
    """How much of the load a packing leaves to particles that are open."""
    name = f"load that open particles of the {side} carry"
    return Unknown(name, f"{side}.load_share", LOAD_SHARES)


def _pressed(cell: Cell) -> Iterator[Unknown]:
    """What pressing left at contacts: pressure, and what holds them without any."""
    if cell.fabrication.residual_pressure is None:
        key = "fabrication.residual_pressure"
        yield Unknown("pressure that pressing left", key, ("0 MPa",))
    yield Unknown("adhesion at contacts", "mechanisms.contact.adhesion", ADHESIONS)


def _pellets(cell: Cell, electrolytes: dict[str, Material]) -> Iterator[Unknown]:
    """Whether the electrolyte around particles is as soft as pellets or as stiff as grains."""
    for name, material in electrolytes.items():
        stated = "pellet_modulus" in cell.materials.get(name, {})
        if material.has("pellet_modulus") and not stated:
            dense = (f"{float(material.value('youngs_modulus'))!r} Pa",)
            key = f"materials.{name}.pellet_modulus"
            yield Unknown(f"modulus of {name} in the layer", key, dense)
