"""A result as labelled groups of arrays, as result files hold them."""

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from lithomech.cell.readout.layout import (
    CHANGE,
    FORMAT,
    JSON,
    MISSING,
    REFERENCE,
    WHOLE,
    cause_axis,
)
from lithomech.cell.readout.quantities import outputs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lithomech.cell.readout.losses import Losses
    from lithomech.cell.readout.result import CellResult, ImpedanceSpectrum

HEADER: Final = ("name", "status", "reason", "warnings", "classes", "solver", "provenance")


def tree_of(result: "CellResult") -> xr.DataTree:
    """Return all groups of a result file."""
    rows = ("row",)
    columns = {k.replace("/", "|"): (rows, v) for k, v in result.series.columns.items()}
    groups = {
        "/series": xr.Dataset(columns),
        "/cycles": _cycles(result),
        "/profiles": _profiles(result),
        "/ledger": _ledger(result),
        "/losses": _losses(result.losses),
    }
    for number, spectrum in enumerate(result.impedance):
        groups[f"/impedance/{number}"] = _spectrum(spectrum)
    if result.state:
        groups["/state"] = xr.Dataset({k: _numbered(k, v) for k, v in result.state.items()})
    if result.resolved:
        groups["/resolved"] = xr.Dataset(attrs={JSON: json.dumps(result.resolved)})
    tree = xr.DataTree.from_dict(groups | _enclosed(result))
    tree.attrs = {"format": FORMAT, "lithomech": json.dumps(_header(result))}
    return tree


def _cycles(result: "CellResult") -> xr.Dataset:
    table = {
        key: [np.nan if cycle[key] is None else cycle[key] for cycle in result.cycles]
        for key in outputs().cycle
    }
    return xr.Dataset(
        {
            key: (("cycle",), np.array(table[key], dtype=float), _named(q.unit, q.label))
            for key, q in outputs().cycle.items()
        }
    )


def _profiles(result: "CellResult") -> xr.Dataset:
    """Classes and nodes differ between the sides, so each side has axes of its own."""
    variables = {}
    for name, values in result.profiles.items():
        side, _, key = name.partition("_")
        if key in outputs().profiles:
            named = _named(outputs().profiles[key].unit, outputs().profiles[key].label)
            axes = ("row", f"{side}_node", f"{side}_class")
        else:
            named = _named("m", "Distance from the separator")
            axes = (f"{side}_node",)
        variables[name] = (axes, values, named)
    return xr.Dataset(variables)


def _ledger(result: "CellResult") -> xr.Dataset:
    keys = list(result.ledger)
    return xr.Dataset(
        {CHANGE: (("entry", "row"), np.array(list(result.ledger.values())))},
        coords={
            "layer": (("entry",), [layer for layer, _ in keys]),
            "cause": (("entry",), [cause for _, cause in keys]),
        },
    )


def _losses(losses: "Losses") -> xr.Dataset:
    """Both budgets, (cause, cycle) with a coordinate for the causes, and their sums."""
    cycle = ("cycle",)
    variables: dict[str, Any] = {
        WHOLE: (cycle, losses.whole_overvoltage_mV),
        MISSING: (cycle, losses.missing_capacity_mAh_per_g),
    }
    causes: dict[str, Any] = {}
    for key, table in losses.tables.items():
        if table:
            axis = cause_axis(key)
            variables[key] = ((axis, "cycle"), np.array(list(table.values())))
            causes[axis] = ((axis,), list(table))
    return xr.Dataset(
        variables, coords=causes, attrs={REFERENCE: losses.reference_capacity_mAh_per_g}
    )


def _spectrum(spectrum: "ImpedanceSpectrum") -> xr.Dataset:
    axis = ("frequency",)
    return xr.Dataset(
        {
            "frequency_Hz": (axis, spectrum.frequency_Hz),
            "real_ohm": (axis, spectrum.impedance_ohm.real),
            "imaginary_ohm": (axis, spectrum.impedance_ohm.imag),
        },
        attrs={"time_s": spectrum.time_s, "cycle": spectrum.cycle, "step": spectrum.step},
    )


def _enclosed(result: "CellResult") -> dict[str, xr.Dataset]:
    """All that the run read besides its cell file."""
    enclosed = result.enclosed
    groups = {"/materials": xr.Dataset(attrs={JSON: json.dumps(enclosed.stock.to_plain())})}
    for number, pressed in enumerate(enclosed.structures.values()):
        plain = json.dumps(pressed.to_plain())
        groups[f"/structures/{number}"] = xr.Dataset(attrs={JSON: plain})
    for number, aged in enumerate(enclosed.aged.values()):
        groups[f"/initial/{number}"] = xr.Dataset(
            {k: _numbered(k, v) for k, v in aged.state.items()},
            attrs={JSON: json.dumps(dict(aged.layers))},
        )
    return groups


def _numbered(name: str, values: "NDArray[np.float64]") -> tuple[tuple[str, ...], Any]:
    """An array with axes of its own."""
    values = np.asarray(values)
    return tuple(f"{name}_{axis}" for axis in range(values.ndim)), values


def _named(unit: str, label: str) -> dict[str, str]:
    return {"units": unit, "long_name": label}


def _header(result: "CellResult") -> dict[str, Any]:
    """Everything that is not an array."""
    header = {name: getattr(result, name) for name in (*HEADER, "wall_time_s", "input")}
    header["events"] = [event._asdict() for event in result.events]
    header["sources"] = [source._asdict() for source in result.sources]
    header["metadata"] = result.series.metadata
    return header
