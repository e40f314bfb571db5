"""Statements that a run of a whole cell answers."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.result import CellResult
from lithomech.units import Array
from lithomech.validation.library import Finding, Library

ACTIVE: Final = 70.0  # % of the mass of the cathode of cells/blend_lto.yaml


def discharge_slopes(library: Library, given: Mapping[str, Any]) -> dict[str, Array]:
    """Slope of log(discharge time) against log(current) between two discharges of a cell."""
    result = library.run(given["cell"])
    current, time = discharges(result)
    slopes = np.diff(np.log(time)) / np.diff(np.log(current))
    return {"rate_slope": slopes[0] if given["end"] == "slow" else slopes[-1]}


def blend_is_flat(library: Library, given: Mapping[str, Any]) -> Finding:
    """Pressure during a charge of LCO, of NCM811 and of both blends, against LTO.

    The blend is flat if its largest deviation from the start is within `pressure_change`.
    """
    change = {
        name: excursion(library.run(given["cell"], blend_weights(_share(name))))
        for name in ("100:0", "0:100", given["blend"], given["other"])
    }
    text = ", ".join(f"{value / 1e3:+.0f} kPa at {name}" for name, value in change.items())
    flat = abs(change[given["blend"]]) <= given["pressure_change"]
    return Finding(flat, f"largest pressure change of one charge, LCO:NCM811 by weight: {text}")


def excursion(result: CellResult) -> float:
    """Largest deviation of the stack pressure from its start [Pa], with its sign."""
    deviation = result.stack_pressure - result.stack_pressure[0]
    return float(deviation[np.argmax(np.abs(deviation))])


def blend_weights(share: float) -> dict[str, str]:
    """Return the settings of cells/blend_lto.yaml for a share of its first host."""
    weights = (ACTIVE * share, ACTIVE * (1.0 - share))
    return {f"cathode.active[{i}].weight": f"{w:.6g} %" for i, w in enumerate(weights)}


def _share(blend: str) -> float:
    """Share of the first of a blend such as 55:45."""
    return float(blend.partition(":")[0]) / 100.0


def discharges(result: CellResult) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Current [A] and duration [s] of every discharge."""
    series = result.series
    found = []
    for step in np.unique(series.step):
        rows = series.step == step
        current = float(np.median(series.current[rows]))
        if current < 0.0:  # charge is positive
            found.append((-current, float(np.ptp(series.time[rows]))))
    current, time = np.array(found).T
    return current, time
