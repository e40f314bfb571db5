"""What the analyses take: measured files, and the results of this package in their place."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lithomech.cell.readout.load import load_result
from lithomech.cell.readout.result import CellResult
from lithomech.errors import InputError
from lithomech.files.picture import read_grey
from lithomech.microstructure.result import load_effective
from lithomech.observe.polarization import Sample
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.spectra import read_spectra
from lithomech.observe.spectrum import Spectrum
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESULT = ".nc"
VOLTAGES = (0.01, 0.02, 0.03, 0.04, 0.05)  # V, of a simulated polarization
ROWS = 20  # of each
HOLD = 3600.0  # s
IONIC = "ionic"
GREY = (25.0, 190.0, 110.0)  # of pores, active material and electrolyte in a drawn section


def is_result(path: Path) -> bool:
    """Whether a file is a result of this package."""
    return path.suffix == RESULT


def series_of(path: Path, mapping: Path | None) -> TimeSeries:
    """The series of a measured file or of a simulated cell.

    Raises:
        InputError: with the file.
    """
    if not is_result(path):
        return read_series(path, mapping)
    result = load_result(path)
    return TimeSeries(result.series.columns, {"name": result.name}, result.series.notes)


def cell_result(path: Path) -> CellResult | None:
    """The result of a simulated cell; None of a measured file."""
    return load_result(path) if is_result(path) else None


def spectra_of(paths: Sequence[Path], mapping: Path | None) -> tuple[Spectrum, ...]:
    """Spectra of measured files or simulated cells, in the order given.

    Raises:
        InputError: with the file.
    """
    parts = (
        _simulated(path) if is_result(path) else read_spectra(path, mapping) for path in paths
    )
    return tuple(spectrum for part in parts for spectrum in part)


def _simulated(path: Path) -> tuple[Spectrum, ...]:
    result = load_result(path)
    if not result.impedance:
        raise InputError("this result has no Impedance step", file=str(path))
    spectra = []
    for n, one in enumerate(result.impedance):
        before = np.flatnonzero(result.series.step < one.step)
        row = int(before[-1]) if before.size else 0
        conditions = {
            "cycle": float(one.cycle),
            "time_s": one.time_s,
            "stack_pressure_Pa": float(result.series.stack_pressure[row]),
        }
        name = f"{result.name} {n + 1}" if len(result.impedance) > 1 else result.name
        spectra.append(Spectrum(one.frequency_Hz, one.impedance_ohm, name, conditions))
    return tuple(spectra)


def picture_of(path: Path) -> "NDArray[np.float64]":
    """A measured picture, or the drawn section of a simulated composite.

    Raises:
        InputError: with the file.
    """
    if not is_result(path):
        return read_grey(path)
    result = load_effective(path)
    actives = len(result.input["composition"]["active"])
    section = result.labels[:, result.labels.shape[1] // 2, :]
    kinds = np.where(section == 0, 0, np.where(section <= actives, 1, 2))
    grey = np.array(GREY)[kinds]
    # as a microscope resolves more than a voxel
    return np.asarray(np.kron(grey, np.ones((4, 4))), np.float64)


def held_voltages(path: Path, carrier: str) -> tuple[TimeSeries, Sample]:
    """Held voltages on a simulated composite at its highest stack pressure.

    A sample of 1 cm2 and 100 um with nothing in series.

    Raises:
        InputError: with the file.
    """
    result = load_effective(path)
    area, thickness = 1e-4, 1e-4
    at = int(np.argmax(result.stack_pressures))
    sigma = float(result.mean(f"conductivity_{carrier}")[at])
    if not sigma > 0.0:
        raise InputError(f"nothing {carrier} conducts through this composite", file=str(path))
    bulk = float(result.conductivities[carrier])
    solid = 1.0 - float(result.mean("porosity")[at])
    glue = result.solid_shares[result.input["composition"]["electrolyte"]["material"]]
    share = solid * (glue if carrier == IONIC else 1.0 - glue)
    voltage = np.repeat(VOLTAGES, ROWS)
    rows = voltage.size
    series = TimeSeries(
        {
            "Test Time / s": np.linspace(0.0, HOLD * len(VOLTAGES), rows),
            "Voltage / V": voltage,
            "Current / A": voltage * sigma * area / thickness,
        },
        {"name": result.name},
        ("simulated: the steady currents of the composite",),
    )
    return series, Sample(area, thickness, 0.0, bulk, share)


def cell_damage(result: CellResult) -> "NDArray[np.float64]":
    """Crack damage of the cathode over the rows of a result, mean over its particles.

    Raises:
        InputError: the result kept no profiles.
    """
    name = "cathode_crack_damage"
    if name not in result.profiles:
        raise InputError("this result has no crack damage over time")
    damage = result.profiles[name]
    return np.asarray(np.nanmean(damage.reshape(damage.shape[0], -1), axis=1), np.float64)
