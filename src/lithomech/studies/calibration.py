"""The fit that a slow cycle, a fast step, a spectrum and a pressure swing ask for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError, Mistakes
from lithomech.files.origin import Origin
from lithomech.files.quantity import number_and_unit
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.spectra import read_spectra
from lithomech.observe.timeseries import TIME, TimeSeries
from lithomech.studies.fitted_channels import CURRENT, PRESSURE, VOLTAGE

Floats = NDArray[np.float64]
Content = dict[str, Any]
SLOW, FAST, SPECTRUM, SWING = "slow", "fast", "spectrum", "swing"
NOISE: Final = {"voltage": "2 mV", "stack_pressure": "5 kPa", "impedance": "1 %"}  # assumed
LEVEL: Final = 0.02  # currents that differ by less are one level, share of the larger
ZERO: Final = 0.002  # or that of the largest current of the file
MARGIN: Final = 0.5  # V beyond the measured voltages, where a member's step ends
FACTOR: Final = {"from": 0.1, "to": 10.0, "scale": "log"}  # of a constant; assumed
CONDUCTIVITY: Final = {"from": 0.2, "to": 5.0, "scale": "log"}  # assumed
WEIGHED: Final = (0.85, 1.15)  # of the loading that takes part; assumed
STIFFNESS: Final = (0.2, 5.0)  # of the fixture's; assumed
LOADINGS: Final = ("mass", "loading", "active_loading", "areal_capacity", "thickness")


class Measured(NamedTuple):
    """A measured file.

    Attributes:
        file: its path.
        mapping: what its columns are; None where the headers say it.
    """

    file: Path
    mapping: Path | None = None


class Asked(NamedTuple):
    """What is calibrated on which files.

    Attributes:
        origin: the cell as it is described.
        files: by ``slow``, ``fast``, ``spectrum``, ``swing``; the first must be there.
        noise: standard deviations beside the usual ones.
        free: ranges of further parameters, or of the usual ones.
        held: usual parameters that stay.
        method: of the fit.
    """

    origin: Origin
    files: Mapping[str, Measured]
    noise: Mapping[str, str]
    free: Mapping[str, Mapping[str, object]]
    held: tuple[str, ...]
    method: Mapping[str, object]


def fit_content(asked: Asked, base: str) -> Content:
    """Return the content of a fit file whose protocol repeats what was measured.

    Args:
        asked: what is calibrated.
        base: as the fit file names the cell.

    Raises:
        InputError: a file cannot be read or lacks what is fitted; all mistakes at once.
    """
    mistakes = Mistakes()
    protocol: list[object] = []
    data: list[Content] = []
    swings = SWING in asked.files
    for kind in (SLOW, FAST):
        if kind in asked.files:
            with mistakes.noted():
                series = _series(asked.files[kind])
                protocol.append({"drive": current_levels(series, asked.files[kind].file.name)})
                has_pressure = kind == SLOW and PRESSURE.column in series.columns
                swings = swings or has_pressure
                quantities = ["voltage", *(["stack_pressure"] if has_pressure else [])]
                data.append(_entry(asked, kind, quantities) | {"step": len(protocol)})
    if SWING in asked.files:
        data.append(_entry(asked, SWING, ["stack_pressure"]) | {"step": 1})
    if SPECTRUM in asked.files:
        with mistakes.noted():
            protocol.append(_sweep(asked.files[SPECTRUM]))
            data.append(_entry(asked, SPECTRUM, ["impedance"]) | {"at": 1, "points": 40})
    mistakes.report()
    cell: Content = asked.origin.document.data
    usual = dict(_usual(cell, swings=swings, spectrum=SPECTRUM in asked.files))
    for key in asked.held:
        if key not in usual:
            raise InputError(f"is not free; free are {', '.join(usual)}", key=f"--hold {key}")
    parameters = {key: one for key, one in usual.items() if key not in asked.held}
    return {
        "name": f"{cell.get('name', 'cell')}, calibrated",
        "base": base,
        "set": {"protocol": protocol},
        "data": data,
        "parameters": {**parameters, **asked.free},
        "method": {"fit": "least_squares", **asked.method},
    }


def _series(measured: Measured) -> TimeSeries:
    """A measured file with time, current and voltage.

    Raises:
        InputError: it has not all of them.
    """
    series = read_series(measured.file, measured.mapping)
    lacking = [name for name in (CURRENT, VOLTAGE.column) if name not in series.columns]
    if lacking:
        held = ", ".join(series.columns)
        missing = " and ".join(map(repr, lacking))
        raise InputError(f"has no {missing}; it has {held}", file=str(measured.file))
    return series


def current_levels(series: TimeSeries, name: str) -> Content:
    """Return the current of a file as few levels, each held until the next.

    They pass the same charge.

    Args:
        series: with current and voltage.
        name: of its file.

    Raises:
        InputError: no current flows in it.
    """
    time = np.asarray(series.columns[TIME], np.float64)
    current = np.asarray(series.columns[CURRENT], np.float64)
    good = np.isfinite(time) & np.isfinite(current)
    time, current = time[good], current[good]
    if time.size < 2 or not np.any(current != 0.0):
        raise InputError("no current flows in it", file=name)
    small = ZERO * float(np.abs(current).max())
    starts, means = [], []
    for first, end in _runs(current, small):
        spent = time[min(end, time.size - 1)] - time[first]
        if spent <= 0.0:
            continue
        lasts = np.diff(time[first : min(end, time.size - 1) + 1])
        mean = float(np.sum(current[first : first + lasts.size] * lasts) / spent)
        starts.append(float(time[first] - time[0]))
        means.append(0.0 if abs(mean) < small else mean)
    volts = np.asarray(series.columns[VOLTAGE.column], np.float64)
    low, high = np.nanmin(volts) - MARGIN, np.nanmax(volts) + MARGIN
    return {
        "file": name,
        "time_s": [*starts, float(time[-1] - time[0])],
        "current_A": [*means, means[-1]],
        "until": f"{low:.3f} V or {high:.3f} V",
    }


def _runs(current: Floats, small: float) -> Iterator[tuple[int, int]]:
    """First row, and the row behind the last, of each stretch of one level."""
    first, low, high = 0, current[0], current[0]
    for row, value in enumerate(current.tolist()):
        wide = max(high, value) - min(low, value)
        if wide > max(LEVEL * max(abs(low), abs(high)), small):
            yield first, row
            first, low, high = row, value, value
        low, high = min(low, value), max(high, value)
    yield first, current.size


def _sweep(measured: Measured) -> str:
    """The step that measures a spectrum."""
    (spectrum, *_) = read_spectra(measured.file, measured.mapping)
    high, low = float(spectrum.frequency.max()), float(spectrum.frequency.min())
    return f"Impedance from {high:.9g} Hz to {low:.9g} Hz, 10 points per decade"


def _entry(asked: Asked, kind: str, quantities: list[str]) -> Content:
    measured = asked.files[kind]
    noise = {one: asked.noise.get(one, NOISE[one]) for one in quantities}
    entry: Content = {"file": str(measured.file.resolve()), "fit": quantities, "noise": noise}
    if measured.mapping is not None:
        entry["mapping"] = str(measured.mapping.resolve())
    return entry


def _usual(
    cell: Content, *, swings: bool, spectrum: bool
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Parameters that such files say something of, with their ranges."""
    cathode, anode, fixture = (_keys(cell.get(k)) for k in ("cathode", "anode", "fixture"))
    for key in LOADINGS:
        if isinstance(cathode.get(key), str) and "active" in cathode:
            yield f"cathode.{key}", _around(cathode[key], WEIGHED)
    for host in _hosts(cathode)[:1]:
        yield f"materials.{host}.diffusivity.scale", FACTOR
        yield f"materials.{host}.exchange_current_density.scale", FACTOR
    yielding = [k for k in ("stiffness", "frame_stiffness") if isinstance(fixture.get(k), str)]
    for key in yielding[:1] if swings else ():
        yield f"fixture.{key}", _around(fixture[key], STIFFNESS) | {"scale": "log"}
    if spectrum:
        for pellet in _hosts(_keys(cell.get("separator"))):
            yield f"materials.{pellet}.ionic_conductivity.scale", CONDUCTIVITY
        for host in _hosts(anode)[:1]:
            yield f"materials.{host}.exchange_current_density.scale", FACTOR


def _keys(value: object) -> Content:
    return value if isinstance(value, dict) else {}


def _hosts(electrode: Content) -> list[str]:
    """Names of what takes up lithium in an electrode; of a separator its material."""
    parts = electrode.get("active", [electrode])
    names = [_keys(part).get("material") for part in parts] if isinstance(parts, list) else []
    return [name for name in names if isinstance(name, str)]


def _around(text: str, factors: tuple[float, float]) -> Content:
    """A range around a quantity, in its unit."""
    number, unit = number_and_unit(text)
    low, high = (f"{number * factor:.6g} {unit}".strip() for factor in factors)
    return {"from": low, "to": high}
