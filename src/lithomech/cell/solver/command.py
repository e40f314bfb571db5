"""From a protocol step to what the kernel marches through."""

from typing import Final

import numpy as np

from lithomech.cell.arrays import GALVANOSTATIC, POTENTIOSTATIC, POWER, Step
from lithomech.cell.mechanisms.outputs import AREAL_MAH
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import direction
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver import cutoffs
from lithomech.cell.solver.interface import BARRIER
from lithomech.cell.solver.voltages import is_beyond
from lithomech.cell.state import SIDES

Row = tuple[float, float, float]  # quantity, threshold, sign of ``Step.limits``
EXTREME_VOLTAGE: Final = 10.0  # V; nothing is driven beyond it
# V beyond what a host has when it counts as empty or full: by then its barrier bears this much.
EXHAUSTED: Final = 0.5
LONGEST_CHARGES: Final = 4.0  # a step without time limit ends after this many full charges


def density(model: Resolved, current: steps.Current) -> float:
    """Current density [A/m2], positive on charge."""
    scale = {"C": model.one_c, "A": 1.0, "A/m2": model.area, "A/kg": model.active_mass}
    return current.amount * scale[current.unit] / model.area


def full_charge(model: Resolved) -> float:
    """Charge of the cathode per area [C/m2]; of lithium against lithium 10 mAh/cm2."""
    return 3600.0 * model.one_c / model.area or 10.0 * AREAL_MAH


def longest_charge(model: Resolved) -> float:
    """Charge per area [C/m2] after which a step that has not ended will not end.

    By the charge that 1C stands for or by all sites of the cathode, whichever is more.
    """
    sites = model.site_charges.get("cathode")
    return LONGEST_CHARGES * max(full_charge(model), 0.0 if sites is None else sites.sum())


def limits(
    model: Resolved, until: tuple[steps.Limit, ...], charging: bool, pressure: float
) -> list[Row]:
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


def kernel_step(model: Resolved, step: steps.Step, pressure: float) -> Step:
    """Translate one step that the kernel can march through.

    Args:
        model: the cell.
        step: constant current or power, hold, or rest.
        pressure: stack pressure at its start [Pa].
    """
    if isinstance(step, steps.Rest):
        return _step(model, GALVANOSTATIC, 0.0, step.duration, [])
    if isinstance(step, steps.Hold):
        rows = []
        if step.until_current is not None:
            rows.append(
                (cutoffs.ABSOLUTE_CURRENT, abs(density(model, step.until_current)), 1.0)
            )
        value = step.voltage - model.reference_potential
        return _step(model, POTENTIOSTATIC, value, step.duration, rows)
    if isinstance(step, steps.ConstantCurrent):
        value, mode = -density(model, step.current), GALVANOSTATIC
        rate = abs(value)
    elif isinstance(step, steps.ConstantPower):
        value, mode = -step.power_W / model.area, POWER
        rate = abs(value) / 3.0
    else:
        raise TypeError(f"{type(step).__name__} is not marched through")
    rows = limits(model, step.until, direction(step) > 0, pressure)
    if step.charge is not None:
        rows.append((cutoffs.MOVED_CHARGE, step.charge / model.area, -1.0))
    if step.share is not None:
        charge = step.share * 3600.0 * model.one_c
        rows.append((cutoffs.MOVED_CHARGE, charge / model.area, -1.0))
    voltages = [limit.voltage for limit in step.until if isinstance(limit, steps.VoltageLimit)]
    if all(is_beyond(model, V) for V in voltages):
        rows += _hosts_left()
    longest = longest_charge(model) / max(rate, 1e-12)
    return _step(model, mode, value, step.duration or longest, rows)


def drive_step(model: Resolved, drive: steps.Drive, row: int, pressure: float) -> Step:
    """Translate one row of a drive, held until the next.

    Args:
        model: the cell.
        drive: all its rows.
        row: which.
        pressure: stack pressure when the drive began [Pa].
    """
    value, duration = drive.values[row], drive.time_s[row + 1] - drive.time_s[row]
    mode = POWER if drive.current_A is None and value else GALVANOSTATIC
    rows = _hosts_left() if value else []
    rows += limits(model, _ends_of(drive, value), value > 0.0, pressure)
    step = _step(model, mode, -value / model.area, duration, rows)
    return step._replace(sample=0.0)


def _ends_of(drive: steps.Drive, value: float) -> tuple[steps.Limit, ...]:
    """What ends a drive while a current or a power flows."""
    voltages = [end for end in drive.until if isinstance(end, steps.VoltageLimit)]
    others = tuple(end for end in drive.until if not isinstance(end, steps.VoltageLimit))
    if not voltages or not value or (len(voltages) == 1 and value * drive.net <= 0.0):
        return others
    choose = max if value > 0.0 else min
    return (*others, choose(voltages, key=lambda end: end.voltage))


def _step(
    model: Resolved,
    mode: int,
    value: float,
    duration: float | None,
    rows: list[Row],
) -> Step:
    """Add the short circuit as a limit and choose how densely to sample."""
    if any(foil.metal for foil in model.foils.values()):
        rows = [*rows, (cutoffs.SHORT, 1.0, -1.0)]
    if mode == POTENTIOSTATIC or value:
        rows = [*rows, *_lithium_left(model, mode, value)]
    if mode != POTENTIOSTATIC and value:
        rows.append((cutoffs.EXTREME, EXTREME_VOLTAGE - abs(model.reference_potential), -1.0))
    table = np.array(rows, dtype=float).reshape(-1, 3)
    longest = duration if duration is not None else 1e7
    full = full_charge(model)
    expected = min(longest, full / abs(value)) if mode == GALVANOSTATIC and value else longest
    # a foil alone is sampled where it is solved: its potential is too bent to interpolate
    sampled = mode != POTENTIOSTATIC or bool(model.composites)
    return Step(
        int(mode),
        float(value),
        float(longest),
        table,
        expected / model.cell.output.points if sampled else 0.0,
        np.inf,
    )


def _lithium_left(model: Resolved, mode: int, value: float) -> list[Row]:
    """The limit at which a foil of lithium is used up; net charge counts from assembly."""
    rows = []
    for side, sign in (("anode", 1.0), ("cathode", -1.0)):
        host = model.arrays.foils["host"][SIDES.index(side)]
        if host["metal"] and (mode == POTENTIOSTATIC or sign * value > 0.0):
            rows.append((cutoffs.NET_CHARGE, sign * float(host["stock"]), -sign))
    return rows


def _hosts_left() -> list[Row]:
    """The limits at which the hosts of an electrode are empty or full."""
    kinds = (cutoffs.ANODE_SPENT, cutoffs.CATHODE_SPENT)
    return [(kind, EXHAUSTED / BARRIER, -1.0) for kind in kinds]
