"""A result as JSON for the page: columns as base64 of little-endian float32."""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lithomech.cell.spec import CompositeElectrode, Planar, Separator
from lithomech.observe.pressiometry import signals_over_charge

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.observe.timeseries import TimeSeries

MOST_ROWS: Final = 1500
MOST_PROFILES: Final = 240  # rows of each
POINTS: Final = 60  # of dP/dQ in each half cycle
SIDES: Final = ("cathode", "anode")
NEAR_NOTHING: Final = 1e-10  # m; causes that never move a layer by more are left out
SERIES: Final = {
    "Test Time / s": "time_s",
    "Voltage / V": "voltage_V",
    "Current / A": "current_A",
    "Surface Pressure / Pa": "stack_pressure_Pa",
    "Positive Electrode Potential / V": "cathode_potential_V",
    "Negative Electrode Potential / V": "anode_potential_V",
    "Cycle Count / 1": "cycle",
    "Step Count / 1": "step",
}
MEANS: Final = ("contact_fraction", "crack_area_fraction", "isolated_share", "stoichiometry")
ACROSS: Final = (
    "contact_fraction",
    "crack_area_fraction",
    "isolated_share",
    "film_charge_C_per_m2",
)


def packed(values: ArrayLike) -> str:
    """Numbers as base64 of little-endian float32."""
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def answer(result: "CellResult") -> dict[str, Any]:
    """What the page draws of a result."""
    rows = _kept_rows(result)
    seldom = rows[:: max(1, len(rows) // MOST_PROFILES)]
    columns = columns_of(result.series, rows)
    columns |= {name: packed(values[rows]) for name, values in _means(result)}
    return {
        **result.to_json(),
        "name": result.name,
        "rows": len(rows),
        "columns": columns,
        "profile_rows": np.searchsorted(rows, seldom).tolist(),
        "profiles": dict(_profiles(result, seldom)),
        "ledger": [
            {"layer": layer, "cause": cause, "change_m": packed(change[rows])}
            for (layer, cause), change in result.ledger.items()
            if change.size and np.nanmax(np.abs(change)) > NEAR_NOTHING
        ],
        "stiffness_Pa_per_m": float(result.provenance["stack_stiffness_Pa_per_m"]),
        "layers": _layers(result),
        "fixture": result.input["fixture"]["type"],
        "area_m2": result.resolved["area_m2"],
        "active_mass_kg": result.resolved["active_mass_kg"],
        "pressure_slopes": list(_pressure_slopes(result)),
    }


def columns_of(series: "TimeSeries", rows: NDArray[np.int64]) -> dict[str, str]:
    """The columns of a series that the page draws, by the names that it uses."""
    return {
        name: packed(series.columns[column][rows])
        for column, name in SERIES.items()
        if column in series.columns
    }


def thinned(count: int, most: int = MOST_ROWS) -> NDArray[np.int64]:
    """Rows spread evenly, the first and the last among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, most)).astype(np.int64))


def _kept_rows(result: "CellResult") -> NDArray[np.int64]:
    """Rows that are shown: evenly spread, and both ends of every step."""
    count = len(result.time)
    if count <= MOST_ROWS:
        return np.arange(count)
    turns = np.flatnonzero(np.diff(result.series.columns["Step Count / 1"]))[:MOST_ROWS]
    return np.unique(np.concatenate([thinned(count), turns, turns + 1]))


def _means(result: "CellResult") -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Means over the thickness and the classes of each composite electrode."""
    for side in SIDES:
        for quantity in MEANS:
            values = result.profiles.get(f"{side}_{quantity}")
            if values is not None and np.isfinite(values).any():
                yield f"{side}_{quantity}", np.nanmean(values, axis=(1, 2))


def _profiles(
    result: "CellResult", rows: NDArray[np.int64]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Quantities across the thickness, each the mean of all classes that have it."""
    for side in SIDES:
        values = result.profiles.get(f"{side}_stoichiometry")
        if values is None or not np.isfinite(values).any():
            continue
        shown = {"nodes": values.shape[1], "values": packed(np.nanmean(values[rows], axis=2))}
        shown["position_m"] = packed(result.profiles[f"{side}_position_m"])
        shown["across"] = {}
        for quantity in ACROSS:
            values = result.profiles.get(f"{side}_{quantity}")
            if values is not None and np.isfinite(values).any():
                shown["across"][quantity] = packed(np.nanmean(values[rows], axis=2))
        yield side, shown


def _layers(result: "CellResult") -> list[dict[str, Any]]:
    """The layers between the pistons, from the cathode on, with what they are."""
    cell = result.cell  # is built from the input each time
    layers = {"cathode": cell.cathode, "separator": cell.separator, "anode": cell.anode}
    return [
        {
            "name": name,
            "thickness_m": result.resolved["layers"][name]["thickness_m"],
            "materials": _materials(layer),
            "composite": isinstance(layer, CompositeElectrode),
            "porosity": result.resolved["layers"][name].get("porosity"),
        }
        for name, layer in layers.items()
    ]


def _materials(layer: CompositeElectrode | Planar | Separator) -> list[str]:
    if isinstance(layer, CompositeElectrode):
        parts = [grain.material for grain in layer.active]
        return [*parts, *([layer.electrolyte.material] if layer.electrolyte else [])]
    return [layer.material]


def _pressure_slopes(result: "CellResult") -> Iterator[dict[str, Any]]:
    """dP/dQ of each half cycle by differences over even shares of its charge."""
    for signal in signals_over_charge(result.series):
        span = float(signal.along[-1]) if len(signal.along) else 0.0
        if span <= 0.0:
            continue
        charge = np.linspace(0.0, span, POINTS + 1)
        pressure = np.interp(charge, signal.along, signal.values)
        yield {
            "is_charge": signal.is_charge,
            "cycle": signal.cycle,
            "charge_C": packed(0.5 * (charge[1:] + charge[:-1])),
            "slope_Pa_per_C": packed(np.diff(pressure) / np.diff(charge)),
        }
