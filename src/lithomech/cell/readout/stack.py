"""Energy per mass and volume of a pouch of such layers, cycle by cycle."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lithomech.cell.mechanisms.outputs import (
    AREAL_MAH,
    Cycle,
    CycleQuantity,
    EndValue,
    Moment,
    Output,
)
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.stack import Held, Part, Pouch, held

if TYPE_CHECKING:
    from lithomech.cell.readout.cycles import Ends

STACK: Final = "stack"
CELL: Final = "cell"
WITH_HARDWARE: Final = "cell with hardware"
COMPLETED: Final = "completed"
SECONDS: Final = 3600.0  # per hour
LITRE: Final = 1e-3  # m3
GROWN: Final = "grown"  # end value: thickness that a soft spring would see
# what the keys of each basis have in them; each basis counts the parts of those before it
MARKS: Final = {STACK: "_of_stack", CELL: "", WITH_HARDWARE: "_with_hardware"}


class Pack(NamedTuple):
    """A pouch, and what the whole run asks of it.

    Attributes:
        pouch: as made.
        held: what presses it; None without hardware.
        stroke: of its spring: thickest less thinnest [m].
        reference_potential: that voltages of the run have more than those of the cell [V].
    """

    pouch: Pouch
    held: Held | None
    stroke: float
    reference_potential: float

    def parts(self, basis: str) -> tuple[Part, ...] | None:
        """What counts; None where there is no such thing."""
        if basis == WITH_HARDWARE:
            return None if self.held is None else (*self.pouch.parts, *self.held.parts)
        return self.pouch.layers if basis == STACK else self.pouch.parts

    def thickness(self, basis: str, moment: Moment) -> float:
        """Thickness at a moment [m]."""
        change = self.pouch.pairs * _change(moment)
        return change + sum(part.thickness for part in self.parts(basis) or ())

    def volume(self, basis: str, moment: Moment) -> float:
        """Volume at a moment [m3]."""
        rods = self.held.volume if self.held is not None and basis == WITH_HARDWARE else 0.0
        return self.pouch.footprint.area * self.thickness(basis, moment) + rods

    def energy(self, cycle: Cycle) -> float | None:
        """Energy that the pouch delivers [J], whatever reference the voltages have."""
        if cycle.discharge <= 0.0:
            return None
        own = cycle.discharge_energy - self.reference_potential * cycle.discharge
        return self.pouch.electrode_area * own

    def described(self) -> dict[str, Any]:
        """The parts in plain numbers, as a result keeps them."""
        parts = self.parts(WITH_HARDWARE) or self.pouch.parts
        of_pouch, layers = len(self.pouch.parts), len(self.pouch.layers)
        bases = [STACK] * layers + [CELL] * (of_pouch - layers)
        bases += [WITH_HARDWARE] * (len(parts) - of_pouch)
        used = {name for part in parts for name in part.masses}
        return {
            "width_m": self.pouch.footprint.width,
            "length_m": self.pouch.footprint.length,
            "pairs_of_electrodes": self.pouch.pairs,
            "n_p_ratio": self.pouch.n_p_ratio,
            "design_pressure_Pa": None if self.held is None else self.held.pressure,
            "currency": self.pouch.currency,
            "without_price": sorted(used - set(self.pouch.prices)),
            "parts": [
                {
                    "part": part.name,
                    "basis": basis,
                    "thickness_m": part.thickness,
                    "mass_kg": part.mass,
                    "masses_kg": dict(part.masses),
                    "cost": self.pouch.cost((part,)),
                }
                for part, basis in zip(parts, bases, strict=True)
            ],
        }


def pack_of(model: Resolved, ends: Sequence["Ends"]) -> Pack | None:
    """The pouch with its hardware, sized on all that was simulated."""
    if model.pouch is None or not ends:
        return None
    moments = [moment for leg in ends for moment in (leg.start, leg.end)]
    pressure = max(leg.highest["stack_pressure"] for leg in ends)
    grown = [moment[GROWN] for moment in moments]
    made = sum(part.thickness for part in model.pouch.parts)
    thickest = made + model.pouch.pairs * max(_change(moment) for moment in moments)
    return Pack(
        model.pouch,
        held(model.pouch, pressure, thickest),
        model.pouch.pairs * (max(grown) - min(grown)),
        model.reference_potential,
    )


def _change(moment: Moment) -> float:
    """Thickness change of a pair of electrodes since assembly [m]."""
    return moment["cathode_thickness"] + moment["anode_thickness"]


def _of_pack(value: Callable[[Pack, Cycle], float | None]) -> Callable[[Cycle], float | None]:
    """A number of the pouch; None where there is none."""
    return lambda cycle: None if cycle.pack is None else value(cycle.pack, cycle)


def _specific_energy(basis: str) -> Callable[[Cycle], float | None]:
    """Energy per mass [Wh/kg]."""

    def value(pack: Pack, cycle: Cycle) -> float | None:
        parts, energy = pack.parts(basis), pack.energy(cycle)
        if parts is None or energy is None:
            return None
        return energy / SECONDS / sum(part.mass for part in parts)

    return _of_pack(value)


def _energy_density(basis: str) -> Callable[[Cycle], float | None]:
    """Energy per volume where it is charged [Wh/L]."""

    def value(pack: Pack, cycle: Cycle) -> float | None:
        energy, charged = pack.energy(cycle), cycle.end_of_charge
        if pack.parts(basis) is None or energy is None or charged is None:
            return None
        return energy / SECONDS / (pack.volume(basis, charged) / LITRE)

    return _of_pack(value)


def _energy(pack: Pack, cycle: Cycle) -> float | None:
    energy = pack.energy(cycle)
    return None if energy is None else energy / SECONDS


def _capacity(pack: Pack, cycle: Cycle) -> float:
    return pack.pouch.electrode_area * cycle.discharge / SECONDS


def _inactive(pack: Pack, cycle: Cycle) -> float | None:
    areal = cycle.end.get("inactive_lithium")
    return (
        None
        if areal is None
        else float(areal) * AREAL_MAH * pack.pouch.electrode_area / SECONDS
    )


def _power(pack: Pack, cycle: Cycle) -> float | None:
    """Mean power of the discharge per mass of the cell [W/kg]."""
    energy = pack.energy(cycle)
    if energy is None or cycle.discharge_time <= 0.0:
        return None
    return energy / cycle.discharge_time / sum(part.mass for part in pack.pouch.parts)


def _thickness(pack: Pack, cycle: Cycle) -> float | None:
    charged = cycle.end_of_charge
    return None if charged is None else 1e3 * pack.thickness(CELL, charged)


def _hardware(pack: Pack, _cycle: Cycle) -> float | None:
    return None if pack.held is None else sum(part.mass for part in pack.held.parts)


def _cost(pack: Pack, _cycle: Cycle) -> float | None:
    return pack.pouch.cost(pack.parts(WITH_HARDWARE) or pack.pouch.parts)


PACK: Final[tuple[Output, ...]] = (
    EndValue(GROWN, lambda o: o.grown()),
    *(
        CycleQuantity(
            f"specific_energy{mark}_Wh_per_kg", "Wh/kg", f"Specific energy, {basis}",
            _specific_energy(basis), 1,
        )
        for basis, mark in MARKS.items()
    ),
    *(
        CycleQuantity(
            f"energy_density{mark}_Wh_per_L", "Wh/L", f"Energy density, {basis}, charged",
            _energy_density(basis), 1,
        )
        for basis, mark in MARKS.items()
    ),
    CycleQuantity(
        "specific_power_W_per_kg", "W/kg", "Mean power of the discharge, cell",
        _of_pack(_power), 1,
    ),
    CycleQuantity("capacity_Ah", "Ah", "Capacity of the pouch", _of_pack(_capacity)),
    CycleQuantity(
        "n_p_ratio", "1", "Capacity of the anode over the cathode's, as made",
        _of_pack(lambda pack, _: pack.pouch.n_p_ratio),
    ),
    CycleQuantity(
        "inactive_lithium_Ah", "Ah", "Lithium of the pouch without contact",
        _of_pack(_inactive),
    ),
    CycleQuantity("energy_Wh", "Wh", "Energy of the pouch", _of_pack(_energy)),
    CycleQuantity(
        "mass_kg", "kg", "Mass of the pouch",
        _of_pack(lambda pack, _: sum(part.mass for part in pack.pouch.parts)), 4,
    ),
    CycleQuantity("thickness_mm", "mm", "Thickness, charged", _of_pack(_thickness)),
    CycleQuantity("hardware_kg", "kg", "Pressure hardware", _of_pack(_hardware), 4),
    CycleQuantity(
        "spring_stroke_um", "µm", "Stroke of its spring, whole run",
        _of_pack(lambda pack, _: 1e6 * pack.stroke), 1,
    ),
    CycleQuantity("cost", "1", "Cost of what has a price", _of_pack(_cost), 2),
)  # fmt: skip
KEYS: Final = tuple(one.key for one in PACK if isinstance(one, CycleQuantity))


def whole_cycles(status: str, cycles: int) -> int:
    """Number of cycles; of a run that ended early without the last one that it began."""
    return cycles - (status != COMPLETED and cycles > 0)


def stack_rows(
    stack: Mapping[str, Any] | None, cycles: Sequence[Mapping[str, float | None]], whole: int
) -> list[dict[str, Any]] | None:
    """The pouch as layers alone, as a cell, and with its hardware; None without a pouch.

    Args:
        stack: what ``Pack.described`` says.
        cycles: of the run.
        whole: number of the last one that ran to its end; 0: none.
    """
    if not stack or not whole:
        return None
    known = {STACK, CELL, *(part["basis"] for part in stack["parts"])}
    return [_row(basis, stack, cycles[whole - 1], whole) for basis in MARKS if basis in known]


def _row(
    basis: str, stack: Mapping[str, Any], cycle: Mapping[str, float | None], number: int
) -> dict[str, Any]:
    """One basis; parts of those before it count, too."""
    mark, parts = MARKS[basis], _counted(basis, stack["parts"])
    more = _sum(parts, "thickness_m") - _sum(_counted(CELL, stack["parts"]), "thickness_m")
    charged, power = cycle["thickness_mm"], cycle["specific_power_W_per_kg"]
    mass, whole = _sum(parts, "mass_kg"), cycle["mass_kg"] or 0.0
    return {
        "basis": basis,
        "state": "charged",
        "cycle": number,
        "mass_kg": mass,
        "thickness_mm": None if charged is None else charged + 1e3 * more,
        "capacity_Ah": cycle["capacity_Ah"],
        "n_p_ratio": stack.get("n_p_ratio"),
        "inactive_lithium_Ah": cycle.get("inactive_lithium_Ah"),
        "energy_Wh": cycle["energy_Wh"],
        "specific_energy_Wh_per_kg": cycle[f"specific_energy{mark}_Wh_per_kg"],
        "energy_density_Wh_per_L": cycle[f"energy_density{mark}_Wh_per_L"],
        "specific_power_W_per_kg": None if power is None else power * whole / mass,
        "hardware_kg": cycle["hardware_kg"] if basis == WITH_HARDWARE else None,
        "spring_stroke_um": cycle["spring_stroke_um"],
        "cost": _sum(parts, "cost") if stack["currency"] else None,
        "currency": stack["currency"] or None,
    }


def _counted(basis: str, parts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The parts of a basis."""
    bases = tuple(MARKS)
    counted = bases[: bases.index(basis) + 1]
    return [part for part in parts if part["basis"] in counted]


def _sum(parts: Sequence[Mapping[str, Any]], key: str) -> float:
    return sum(part[key] for part in parts)
