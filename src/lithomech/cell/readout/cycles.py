"""What one leg of the protocol leaves for the summaries, and the summary of each cycle."""

from collections.abc import Sequence
from typing import NamedTuple

from lithomech.cell.mechanisms.outputs import Cycle, Moment
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import Planned, direction
from lithomech.cell.readout.held import outside
from lithomech.cell.readout.legs import LEAST_CHARGE
from lithomech.cell.readout.observation import Observation
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.stack import Pack, pack_of
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver.march import Trace


class Ends(NamedTuple):
    """What a cycle summary needs of one leg; SI, charge per area positive on charge."""

    cycle: int
    direction: int
    hold: bool
    charge: float
    energy: float
    duration: float
    start: Moment
    end: Moment
    lowest: Moment
    highest: Moment
    outside: dict[str, float]  # seconds beyond the range of the data


def leg_ends(planned: Planned, trace: Trace, whole: Observation, needed: Observation) -> Ends:
    """Summarise one leg, from all its rows and from those of ``needed_rows``."""
    model, readout = whole.model, whole.readout
    z = model.layout
    moved = trace.state[0, z.charge] - trace.state[-1, z.charge]
    # the kernel's energy is positive on discharge
    energy = -trace.energy + model.reference_potential * moved
    start, end = _moments(needed)
    lowest = {"stack_pressure": trace.pressure_low}
    if any(foil.metal for foil in model.foils.values()):
        lowest["lithium_contact"] = trace.contact_low
    return Ends(
        cycle=planned.cycle,
        direction=direction(planned.what),
        hold=isinstance(planned.what, steps.Hold),
        charge=float(moved),
        energy=float(energy),
        duration=float(trace.time[-1] - trace.time[0]),
        start=start,
        end=end,
        lowest=lowest,
        highest={"stack_pressure": trace.pressure_high},
        outside=outside(model, trace, readout),
    )


def _moments(observation: Observation) -> tuple[Moment, Moment]:
    """End values at the first and at the last row of a leg, which come first."""
    start: dict[str, float] = {}
    end: dict[str, float] = {}
    for declared in outputs().end_values:
        values = declared.value(observation)
        if values is not None:
            start[declared.key], end[declared.key] = float(values[0]), float(values[1])
    return start, end


def cycle_summaries(
    model: Resolved, ends: Sequence[Ends]
) -> dict[int, dict[str, float | None]]:
    """Summary of each simulated cycle with the keys of ``outputs().cycle``, by its number."""
    legs: dict[int, list[Ends]] = {}
    for leg in ends:
        legs.setdefault(leg.cycle, []).append(leg)
    pack = pack_of(model, ends)
    return {number: _summary(_cycle(model, of, pack)) for number, of in sorted(legs.items())}


def discharged(ends: Sequence[Ends]) -> float:
    """Charge that legs discharge [C/m2]."""
    return -sum(leg.charge for leg in ends if leg.charge < -LEAST_CHARGE)


def _cycle(model: Resolved, legs: list[Ends], pack: Pack | None) -> Cycle:
    """Join the legs of one cycle."""
    charging = [leg for leg in legs if leg.charge > LEAST_CHARGE]
    discharging = [leg for leg in legs if leg.charge < -LEAST_CHARGE]
    return Cycle(
        area=model.area,
        active_mass=model.active_mass,
        charge=sum(leg.charge for leg in charging),
        discharge=discharged(legs),
        charge_energy=sum(leg.energy for leg in charging),
        discharge_energy=-sum(leg.energy for leg in discharging),
        start=legs[0].start,
        end=legs[-1].end,
        end_of_charge=_end_of_charge(legs),
        lowest={name: min(leg.lowest[name] for leg in legs) for name in legs[0].lowest},
        highest={name: max(leg.highest[name] for leg in legs) for name in legs[0].highest},
        discharge_time=sum(leg.duration for leg in discharging),
        pack=pack,
    )


def _summary(cycle: Cycle) -> dict[str, float | None]:
    values = {key: quantity.value(cycle) for key, quantity in outputs().cycle.items()}
    return {key: None if value is None else float(value) for key, value in values.items()}


def _end_of_charge(legs: list[Ends]) -> Moment | None:
    """State after the last charge, or after the hold that follows it."""
    reached, charging = None, False
    for leg in legs:
        if leg.direction:
            charging = leg.direction > 0
        if leg.direction > 0 or (leg.hold and charging):
            reached = leg.end
    return reached
