"""From protocol steps to what the kernel marches through."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from lithomech.cell import arrays, cutoffs, steps
from lithomech.cell.equations import Model
from lithomech.cell.feasible import AREAL_MAH
from lithomech.cell.layers import SIDES
from lithomech.constants import F

EXTREME_VOLTAGE: Final = 20.0  # V; no current is driven beyond it
LONGEST_CHARGES: Final = 4.0  # a step without time limit ends after this many full charges


class Planned(NamedTuple):
    """One step of the flattened protocol; cycle and step count from 1."""

    cycle: int
    step: int
    what: steps.Step


def flatten(protocol: tuple[steps.Step, ...]) -> Iterator[Planned]:
    """Steps in the order they run.

    A cycle is one pass of an innermost repeat; outside a repeat, each charge begins a cycle
    with the discharge after it.
    """
    cycle, before, discharged = 1, None, False
    for number, (turn, step) in enumerate(_passes(protocol, ()), start=1):
        begins = turn != before if turn else direction(step) > 0 and discharged
        if begins and number > 1:
            cycle, discharged = cycle + 1, False
        before = turn
        discharged = discharged or direction(step) < 0
        yield Planned(cycle, number, step)


def _passes(
    protocol: tuple[steps.Step, ...], turn: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], steps.Step]]:
    """Each step with the pass of the repeats it is in."""
    for place, step in enumerate(protocol):
        if isinstance(step, steps.Repeat):
            for pass_ in range(step.count):
                yield from _passes(step.steps, (*turn, place, pass_))
        else:
            yield turn, step


def count(protocol: tuple[steps.Step, ...]) -> int:
    """Number of steps that ``flatten`` gives."""
    return sum(
        step.count * count(step.steps) if isinstance(step, steps.Repeat) else 1
        for step in protocol
    )


def direction(step: steps.Step) -> int:
    """+1 for a charge, -1 for a discharge, 0 otherwise."""
    if isinstance(step, steps.ConstantCurrent | steps.Gitt):
        return int(np.sign(step.current.amount))
    if isinstance(step, steps.ConstantPower):
        return int(np.sign(step.power_W))
    return 0


def density(model: Model, current: steps.Current) -> float:
    """Current density [A/m2], positive on charge."""
    scale = {"C": model.one_c / model.area, "A": 1.0 / model.area, "A/m2": 1.0}
    return current.amount * scale[current.unit]


def full_charge(model: Model) -> float:
    """Charge of the cathode per area [C/m2]; of lithium against lithium 10 mAh/cm2."""
    return 3600.0 * model.one_c / model.area or 10.0 * AREAL_MAH


def limits(
    model: Model, until: tuple[steps.Limit, ...], charging: bool, pressure: float
) -> list[tuple[float, float, float]]:
    """Rows (quantity, threshold, sign) of ``Step.limits``."""
    rows = []
    for limit in until:
        if isinstance(limit, steps.VoltageLimit):
            voltage = limit.voltage - model.reference_potential
            rows.append((cutoffs.VOLTAGE, voltage, -1.0 if charging else 1.0))
        elif isinstance(limit, steps.CurrentLimit):
            rows.append((cutoffs.ABSOLUTE_CURRENT, abs(density(model, limit.current)), 1.0))
        else:
            sign = 1.0 if pressure > limit.pressure else -1.0
            rows.append((cutoffs.STACK_PRESSURE, limit.pressure, sign))
    return rows


def kernel_step(model: Model, step: steps.Step, pressure: float) -> arrays.Step:
    """Translate one step that the kernel can march through.

    Args:
        model: the cell.
        step: constant current or power, hold, or rest.
        pressure: stack pressure at its start [Pa].
    """
    if isinstance(step, steps.Rest):
        return _step(model, arrays.GALVANOSTATIC, 0.0, step.duration, [])
    if isinstance(step, steps.Hold):
        rows = []
        if step.until_current is not None:
            rows.append(
                (cutoffs.ABSOLUTE_CURRENT, abs(density(model, step.until_current)), 1.0)
            )
        value = step.voltage - model.reference_potential
        return _step(model, arrays.POTENTIOSTATIC, value, step.duration, rows)
    if isinstance(step, steps.ConstantCurrent):
        value, mode = -density(model, step.current), arrays.GALVANOSTATIC
        rate = abs(value)
    elif isinstance(step, steps.ConstantPower):
        value, mode = -step.power_W / model.area, arrays.POWER
        rate = abs(value) / 3.0
    else:
        raise TypeError(f"{type(step).__name__} is not marched through")
    rows = limits(model, step.until, direction(step) > 0, pressure)
    if step.charge is not None:
        rows.append((cutoffs.MOVED_CHARGE, step.charge / model.area, -1.0))
    longest = LONGEST_CHARGES * full_charge(model) / max(rate, 1e-12)
    return _step(model, mode, value, step.duration or longest, rows)


def _step(
    model: Model,
    mode: int,
    value: float,
    duration: float | None,
    rows: list[tuple[float, float, float]],
) -> arrays.Step:
    """Add the short circuit as a limit and choose how densely to sample."""
    for side, name in enumerate(("anode", "cathode")):
        if model.arrays.planar[side]["voids"]:
            material = model.materials[getattr(model.cell, name).material]
            rows = [*rows, (cutoffs.PLATING, material.value("critical_plating_current"), -1.0)]
    if mode != arrays.POTENTIOSTATIC and value:
        rows = [*rows, *_lithium_left(model, value > 0.0)]
        rows.append((cutoffs.EXTREME, EXTREME_VOLTAGE, -1.0))
    table = np.array(rows, dtype=float).reshape(-1, 3)
    longest = duration if duration is not None else 1e7
    full = full_charge(model)
    expected = (
        min(longest, full / abs(value)) if mode == arrays.GALVANOSTATIC and value else longest
    )
    return arrays.Step(
        int(mode),
        float(value),
        float(longest),
        table,
        expected / model.cell.output.points,
        np.inf,
    )


def _lithium_left(model: Model, discharging: bool) -> list[tuple[float, float, float]]:
    """The limit at which a foil of lithium is used up; net charge counts from assembly."""
    side = 0 if discharging else 1
    foil = model.arrays.planar[side]
    if not foil["present"] or np.isfinite(foil["host"]):
        return []
    inventory = float(model.thickness[SIDES[side]] * F / foil["molar_volume"])
    return [(cutoffs.NET_CHARGE, *((inventory, -1.0) if discharging else (-inventory, 1.0)))]
