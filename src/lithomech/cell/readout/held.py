"""Warnings on what a run would have had to extrapolate."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.resolve.build import Resolved
from lithomech.cell.solver.march import Trace
from lithomech.cell.solver.observe import Readout
from lithomech.cell.state import SIDES
from lithomech.materials.material import Material

Floats = NDArray[np.float64]


def outside(model: Resolved, trace: Trace, readout: Readout) -> dict[str, float]:
    """Seconds that a property was held at the end of its data."""
    if len(trace.time) < 2:
        return {}
    step = np.diff(trace.time)
    weight = 0.5 * (np.append(step, step[-1]) + np.append(step[0], step))
    found: dict[str, float] = {}

    def note(name: str, values: Floats, low: float, high: float) -> None:
        beyond = float(weight[(values < low) | (values > high)].sum())
        if beyond > 0.0:
            found[name] = beyond

    for e, side in enumerate(side for side in SIDES if side in model.composites):
        nodes, first = model.cell.solver.nodes, model.class_ranges[side].start
        for k, grain in enumerate(model.composites[side].particles, start=first):
            if grain.inert:
                continue
            low, high = _range(grain.material)
            x = readout.mean[:, k * nodes : (k + 1) * nodes].mean(axis=1)
            note(f"stoichiometry of {grain.label} beyond {low:g}-{high:g}", x, low, high)
        pressures = np.exp(model.arrays.transport[e, 0])
        if len(pressures) > 1:
            ends = f"{pressures[0] / 1e6:g}-{pressures[-1] / 1e6:g} MPa"
            name = f"{side} conductivities: stack pressure beyond the table's {ends}"
            note(name, readout.pressure, 0.999 * pressures[0], 1.001 * pressures[-1])
    return found


def _range(material: Material) -> tuple[float, float]:
    low = material.value("stoichiometry_min") if material.has("stoichiometry_min") else 0.0
    high = material.value("stoichiometry_max") if material.has("stoichiometry_max") else 1.0
    return low, high


def held_warnings(outside_range: Iterable[Mapping[str, float]]) -> list[str]:
    """Warnings on extrapolation refused, from what ``outside`` returned of each leg."""
    total: dict[str, float] = {}
    for leg in outside_range:
        for name, seconds in leg.items():
            total[name] = total.get(name, 0.0) + seconds
    return [f"{name}: end value held for {s / 3600.0:.3g} h" for name, s in total.items()]
