"""Tables of a run for Origin and spreadsheets: one header row, "Name / unit", in ASCII."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.readout.quantities import outputs
from lithomech.observe.half_cycles import half_cycles

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

Column = tuple[str, Sequence[float | None] | NDArray[np.float64]]
COULOMB_PER_MAH: Final = 3.6
DIGITS: Final = 9
_ASCII: Final = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u00b2": "2", "\u03a9": "ohm"})


def write_tables(result: "CellResult", folder: Path) -> None:
    """Write cycles.csv and profiles.csv.

    Args:
        result: a finished run.
        folder: it exists.
    """
    _write(folder / "cycles.csv", list(_cycles(result)))
    _write(folder / "profiles.csv", list(_profiles(result)))


def _cycles(result: "CellResult") -> Iterator[Column]:
    """A row for each cycle."""
    yield "Cycle / 1", [float(n) for n, _ in enumerate(result.cycles, start=1)]
    for key, quantity in outputs().cycle.items():
        yield f"{quantity.label} / {quantity.unit}", [c.get(key) for c in result.cycles]


def _profiles(result: "CellResult") -> Iterator[Column]:
    """Capacity, voltage and stack pressure of each half cycle side by side.

    The capacity counts from 0 in each half cycle: mAh per gram of the cathode's active
    material, or per cm2 where it has none.
    """
    series = result.series
    if not len(series):
        return
    grams = 1e3 * float(result.resolved.get("active_mass_kg", 0.0))
    size, unit = (grams, "mAh/g") if grams else (1e4 * result.resolved["area_m2"], "mAh/cm2")
    for half in half_cycles(series):
        name = f"{'charge' if half.is_charge else 'discharge'} {half.cycle}"
        passed = np.abs(half.charge - half.charge[0]) / COULOMB_PER_MAH
        yield f"Capacity, {name} / {unit}", passed / size
        yield f"Voltage, {name} / V", series.voltage[half.rows]
        yield f"Stack pressure, {name} / MPa", 1e-6 * series.stack_pressure[half.rows]


def _write(path: Path, columns: Sequence[Column]) -> None:
    """Write columns, which may be of unlike length; what is not known stays empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([name.translate(_ASCII) for name, _ in columns])
        writer.writerows(zip_longest(*(_texts(values) for _, values in columns), fillvalue=""))


def _texts(values: Iterable[float | None]) -> list[str]:
    return [
        "" if value is None or not np.isfinite(value) else f"{value:.{DIGITS}g}"
        for value in values
    ]
