"""What one leg of the protocol leaves for the summaries: cycles, warnings, limits."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import arrays, spec, steps
from lithomech.cell.equations import Model
from lithomech.cell.feasible import AREAL_MAH
from lithomech.cell.layers import SIDES, SIGN
from lithomech.cell.march import Trace
from lithomech.cell.program import Planned, direction
from lithomech.cell.readout import FILM, Readout
from lithomech.cell.result import CYCLE_KEYS
from lithomech.laws.lithium import creep_short_time
from lithomech.materials.material import Material

Floats = NDArray[np.float64]
LEAST_CHARGE: Final = 1e-3  # C/m2; what a rest moves by rounding is no discharge


class Ends(NamedTuple):
    """What a cycle summary needs of one leg; SI, charge per area positive on charge."""

    cycle: int
    direction: int
    hold: bool
    charge: float
    energy: float
    start: dict[str, float]
    end: dict[str, float]
    pressure_low: float
    pressure_high: float
    lithium_contact: float
    outside: dict[str, float]  # seconds beyond the range of the data
    creep: float  # share of the time to a creep short that this leg used up


def leg_ends(model: Model, planned: Planned, trace: Trace, readout: Readout) -> Ends:
    """Summarise one leg."""
    z = model.sizes
    moved = (
        trace.state[0, z.globals + arrays.CHARGE] - trace.state[-1, z.globals + arrays.CHARGE]
    )
    # the kernel's energy is positive on discharge
    energy = -trace.energy + model.reference_potential * moved
    return Ends(
        planned.cycle,
        direction(planned.what),
        isinstance(planned.what, steps.Hold),
        float(moved),
        float(energy),
        _moment(model, readout, 0),
        _moment(model, readout, -1),
        trace.pressure_low,
        trace.pressure_high,
        trace.contact_low,
        _outside(model, trace, readout),
        _creep(model, trace, readout),
    )


def _moment(model: Model, readout: Readout, row: int) -> dict[str, float]:
    """Scalars of the cell at one row."""
    found = {"pressure": float(readout.pressure[row])}
    for side in SIDES:
        found[f"{side}_thickness"] = _thickness(model, readout, side)[row]
        found[f"{side}_decomposition"] = film_charge(model, readout, side)[row]
        found[f"{side}_loss"] = film_charge(model, readout, side, of_host=True)[row]
    members = hosts_of(model, "cathode")
    if members.size:
        for name in ("theta", "damage", "crack_area"):
            found[name] = float(getattr(readout, name)[row, members].mean())
    return found


def hosts_of(model: Model, side: str) -> NDArray[np.int64]:
    """The members of one side that take up lithium; all of them where none does."""
    members = members_of(model, side)
    if members is None:
        return np.zeros(0, dtype=np.int64)
    own = np.arange(members.start, members.stop)
    takes = model.arrays.classes["leak"][model.arrays.member_class[own]] == 0.0
    return own[takes] if takes.any() else own


def film_charge(model: Model, readout: Readout, side: str, *, of_host: bool = False) -> Floats:
    """Charge that decomposition took at one electrode, per cell area [C/m2].

    Args:
        model: the cell.
        readout: gives the rows.
        side: anode or cathode.
        of_host: the first-cycle loss of the hosts instead.
    """
    s, members = SIDES.index(side), members_of(model, side)
    if members is None:
        foil = model.arrays.planar[s]
        if of_host or foil["film_sign"] == 0.0:
            return np.zeros(len(readout.pressure))
        return readout.planar[:, s, FILM] / foil["film_swelling"]
    kind, width = model.arrays.member_class[members], model.thickness[side]
    c = model.arrays.classes[kind]
    area = width / model.cell.solver.nodes * c["area"] * c["coverage"]
    chosen = (model.arrays.reactions["ionic"][kind] == 0.0) == of_host
    return np.einsum("tmr,mr->t", readout.film[:, members], chosen * area[:, None])


def members_of(model: Model, side: str) -> slice | None:
    """The members of one side, if it is composite."""
    for e, layer in enumerate(model.arrays.electrodes):
        if layer["sign"] == SIGN[side]:
            first = model.arrays.first_member
            chosen = model.arrays.electrodes[e]
            return slice(int(first[chosen["first"]]), int(first[chosen["end"]]))
    return None


def classes_of(model: Model, side: str) -> slice:
    """The classes of one side."""
    members = members_of(model, side)
    if members is None:
        return slice(0, 0)
    own = model.arrays.member_class[members]
    return slice(int(own.min()), int(own.max()) + 1)


def _thickness(model: Model, readout: Readout, side: str) -> Floats:
    """Thickness change of one electrode since assembly [m], elastic part included."""
    s = SIDES.index(side)
    grown = readout.grown[:, classes_of(model, side)].sum(axis=(1, 2))
    grown = grown + readout.planar[:, s, : FILM + 1].sum(axis=1)
    squeezed = readout.pressure - model.arrays.made_pressure
    return grown - squeezed * model.compliance[side]


def _outside(model: Model, trace: Trace, readout: Readout) -> dict[str, float]:
    """Seconds that a property was held at the end of its data."""
    if len(trace.time) < 2:
        return {}
    weight = np.gradient(trace.time)
    found: dict[str, float] = {}

    def note(name: str, values: Floats, low: float, high: float) -> None:
        beyond = float(weight[(values < low) | (values > high)].sum())
        if beyond > 0.0:
            found[name] = beyond

    for e, side in enumerate(side for side in SIDES if side in model.composites):
        members = members_of(model, side)
        own, first = model.arrays.member_class[members], classes_of(model, side).start
        for k, grain in enumerate(model.composites[side].particles):
            if grain.inert:
                continue
            low, high = _range(grain.material)
            x = readout.mean[:, members][:, own == first + k].mean(axis=1)
            note(f"stoichiometry of {grain.label} beyond {low:g}-{high:g}", x, low, high)
        pressures = np.exp(model.arrays.transport[e, 0])
        if len(pressures) > 1:
            ends = f"{pressures[0] / 1e6:g}-{pressures[-1] / 1e6:g} MPa"
            name = f"{side} conductivities: stack pressure beyond the table's {ends}"
            note(name, readout.pressure, 0.999 * pressures[0], 1.001 * pressures[-1])
    return found


def _creep(model: Model, trace: Trace, readout: Readout) -> float:
    """Share used up of the time that lithium needs to creep through the separator."""
    separator = model.materials[model.cell.separator.material]
    lithium = [
        model.materials[side.material]
        for side in (model.cell.anode, model.cell.cathode)
        if isinstance(side, spec.PlanarElectrode)
        and model.materials[side.material].has("creep_exponent")
    ]
    if not lithium or not separator.has("creep_short_time"):
        return 0.0
    time = creep_short_time(
        separator.value("creep_short_time"),
        np.maximum(readout.pressure, 1.0),
        separator.value("creep_short_pressure"),
        model.cell.separator.thickness,
        separator.value("creep_short_thickness"),
        lithium[0].value("creep_exponent"),
    )
    return float(np.trapezoid(1.0 / np.asarray(time), trace.time))


def _range(material: Material) -> tuple[float, float]:
    low = material.value("stoichiometry_min") if material.has("stoichiometry_min") else 0.0
    high = material.value("stoichiometry_max") if material.has("stoichiometry_max") else 1.0
    return low, high


def held_warnings(ends: list[Ends]) -> list[str]:
    """Warnings on extrapolation refused."""
    total: dict[str, float] = {}
    for leg in ends:
        for name, seconds in leg.outside.items():
            total[name] = total.get(name, 0.0) + seconds
    held = [f"{name}: end value held for {s / 3600.0:.3g} h" for name, s in total.items()]
    creep = sum(leg.creep for leg in ends)
    if creep > 1.0:
        held.append(
            f"lithium would have crept through the separator after {100.0 / creep:.2g} % "
            "of this run (time to short of the pellet that creep_short_time was measured on)"
        )
    return held


def cycle_summaries(model: Model, ends: list[Ends]) -> tuple[dict[str, float | None], ...]:
    """Summary per cycle with the keys of ``CYCLE_KEYS``."""
    numbers = sorted({leg.cycle for leg in ends})
    return tuple(_cycle(model, [leg for leg in ends if leg.cycle == n]) for n in numbers)


def _cycle(model: Model, legs: list[Ends]) -> dict[str, float | None]:
    charge = sum(leg.charge for leg in legs if leg.charge > LEAST_CHARGE)
    discharge = -sum(leg.charge for leg in legs if leg.charge < -LEAST_CHARGE)
    energy = -sum(leg.energy for leg in legs if leg.charge < -LEAST_CHARGE)
    charged = _end_of_charge(legs)
    start, end = legs[0].start, legs[-1].end
    per_gram = model.area / 3.6 / (1e3 * model.active_mass) if model.active_mass else None
    voids = any(side["voids"] for side in model.arrays.planar)
    active = model.arrays.reactions["sign"] != 0.0
    of_host = model.arrays.reactions["ionic"] == 0.0
    loses = bool(np.any(active & of_host))
    decays = bool(np.any(active & ~of_host) or np.any(model.arrays.planar["film_sign"]))

    def swing(side: str) -> float | None:
        if charged is None:
            return None
        return 1e6 * (charged[f"{side}_thickness"] - start[f"{side}_thickness"])

    values = (
        per_gram and charge * per_gram,
        per_gram and discharge * per_gram,
        charge / 3.6 * 1e-4,
        discharge / 3.6 * 1e-4,
        discharge / charge if charge > 0.0 and discharge > 0.0 else None,
        energy / discharge if discharge > 0.0 else None,
        1e-6 * start["pressure"],
        1e-6 * min(leg.pressure_low for leg in legs),
        1e-6 * max(leg.pressure_high for leg in legs),
        1e-6 * charged["pressure"] if charged else None,
        1e-6 * end["pressure"],
        charged.get("theta") if charged else None,
        end.get("theta"),
        end.get("damage"),
        charged.get("crack_area") if charged else None,
        end.get("crack_area"),
        swing("cathode"),
        swing("anode"),
        min(leg.lithium_contact for leg in legs) if voids else None,
        *(
            end[f"{side}_decomposition"] / AREAL_MAH if decays else None
            for side in reversed(SIDES)
        ),
        sum(end[f"{side}_loss"] for side in SIDES) / AREAL_MAH if loses else None,
    )
    found = dict(zip(CYCLE_KEYS, values, strict=True))
    return {name: None if value is None else float(value) for name, value in found.items()}


def _end_of_charge(legs: list[Ends]) -> dict[str, float] | None:
    """State after the last charge, or after the hold that follows it."""
    found, charging = None, False
    for leg in legs:
        if leg.direction:
            charging = leg.direction > 0
        if leg.direction > 0 or (leg.hold and charging):
            found = leg.end
    return found
