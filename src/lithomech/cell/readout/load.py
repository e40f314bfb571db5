"""Reading results that were saved, those of earlier formats too."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.enclosed import Aged, Enclosed, marked
from lithomech.cell.readout.layout import (
    CHANGE,
    FORMAT,
    FORMAT_OF_SENTENCES,
    JSON,
    MISSING,
    REFERENCE,
    WHOLE,
    cause_axis,
)
from lithomech.cell.readout.losses import CAPACITY, OVERVOLTAGE, Losses
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.result import CellResult, Event, ImpedanceSpectrum, SourceRow
from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.damaged import damaged
from lithomech.files.netcdf import RESULT, Group, read_tree
from lithomech.materials import stock
from lithomech.microstructure.pressed import from_plain
from lithomech.observe.timeseries import TimeSeries

Floats = NDArray[np.float64]


# What the header of every result has, whatever its format.
HEADER: Final = {
    "name": str,
    "status": str,
    "reason": str,
    "events": list,
    "warnings": list,
    "metadata": dict,
    "classes": dict,
    "solver": dict,
    "provenance": dict,
    "wall_time_s": float | int,
    "input": dict,
    "sources": list,
}


def load_result(path: Path | str) -> CellResult:
    """Read a result that ``save`` wrote.

    Raises:
        InputError: the file is no result of this package, damaged, or of a newer format.

    Examples:
        >>> import lithomech as lm
        >>> lm.load_result("nowhere.nc")
        Traceback (most recent call last):
        lithomech.errors.InputError: nowhere.nc: ...
    """
    path = path_of(path)
    tree = read_tree(path, RESULT, FORMAT)
    with damaged(path):
        return _checked(_result(tree))


def result_of(value: object) -> CellResult:
    """Return a result: itself, or that of a file.

    Raises:
        InputError: neither, or the file is no result.
    """
    return value if isinstance(value, CellResult) else load_result(path_of(value))


def _result(tree: Group) -> CellResult:
    header = json.loads(tree.attributes["lithomech"])
    for key, kind in HEADER.items():
        if not isinstance(header.get(key), kind):
            raise InputError(f"is damaged: {key} is missing in its header, or of another kind")
    columns = {k.replace("|", "/"): v for k, v in _arrays(tree, "series").items()}
    return CellResult(
        name=header["name"],
        status=header["status"],
        reason=header["reason"],
        events=tuple(Event(**event) for event in header["events"]),
        warnings=tuple(map(str, header["warnings"])),
        series=TimeSeries(columns, header["metadata"]),
        cycles=_cycles(_arrays(tree, "cycles")),
        profiles=_arrays(tree, "profiles"),
        classes={side: tuple(labels) for side, labels in header["classes"].items()},
        losses=_losses(tree),
        ledger=_ledger(tree),
        impedance=_spectra(tree),
        solver=header["solver"],
        provenance=header["provenance"],
        wall_time_s=header["wall_time_s"],
        input=header["input"],
        sources=tuple(SourceRow(**source) for source in header["sources"]),
        state=_arrays(tree, "state"),
        resolved=_plain(tree.groups["resolved"]) if "resolved" in tree.groups else {},
        enclosed=_enclosed(tree),
    )


def _checked(result: CellResult) -> CellResult:
    """The result, whose arrays must fit together.

    Raises:
        InputError: they do not.
    """
    rows = len(result.series)
    numbers = {**result.series.columns, **result.profiles, **result.state}
    if not all(np.issubdtype(values.dtype, np.number) for values in numbers.values()):
        raise InputError("is damaged: it holds text instead of numbers")
    changes = [(f"{layer}, {cause}", v.shape) for (layer, cause), v in result.ledger.items()]
    changes += [(name, v.shape[:1]) for name, v in result.profiles.items() if v.ndim > 1]
    for name, shape in changes:
        if shape != (rows,):
            raise InputError(f"is damaged: {name!r} has other rows than its {rows} of time")
    return result


def _arrays(tree: Group, group: str) -> dict[str, Floats]:
    """The arrays of one group; none where a file has no such group."""
    return tree.groups[group].arrays if group in tree.groups else {}


def _cycles(table: dict[str, Floats]) -> tuple[dict[str, float | None], ...]:
    """Rows of the table; a quantity that the file does not have does not apply."""
    count = len(next(iter(table.values())))
    return tuple(
        {key: _number(table[key][n]) if key in table else None for key in outputs().cycle}
        for n in range(count)
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _ledger(tree: Group) -> dict[tuple[str, str], Floats]:
    arrays = _arrays(tree, "ledger")
    if int(tree.attributes["format"]) <= FORMAT_OF_SENTENCES:
        return {_key(k): v for k, v in arrays.items()}
    keys = zip(arrays["layer"].tolist(), arrays["cause"].tolist(), strict=True)
    return dict(zip(keys, arrays[CHANGE], strict=True))


def _losses(tree: Group) -> Losses:
    """The loss budget; empty where a file is older than it."""
    if "losses" not in tree.groups:
        return Losses()
    group = tree.groups["losses"]
    whole, missing = group.arrays[WHOLE], group.arrays[MISSING]
    volts, charges = (_causes(group, key) for key in (OVERVOLTAGE, CAPACITY))
    sizes = {v.shape for v in (whole, missing, *volts.values(), *charges.values())}
    if sizes != {(len(whole),)}:
        raise InputError("is damaged: the loss budget has columns of different length")
    return Losses(volts, whole, charges, missing, float(group.attributes[REFERENCE]))


def _causes(group: Group, key: str) -> dict[str, Floats]:
    """One budget; without any cause it is not in the file."""
    if key not in group.arrays:
        return {}
    names = map(str, group.arrays[cause_axis(key)].tolist())
    return dict(zip(names, group.arrays[key], strict=True))


def _key(sentence: str) -> tuple[str, str]:
    """Layer and cause from a key of format 1; the gap at the pistons had no layer."""
    layer, found, cause = sentence.partition(": ")
    return (layer, cause) if found else ("stack", sentence)


def _spectra(tree: Group) -> tuple[ImpedanceSpectrum, ...]:
    spectra = []
    for group in _numbered(tree, "impedance"):
        names = ("frequency_Hz", "real_ohm", "imaginary_ohm")
        frequency, real, imaginary = (group.arrays[name] for name in names)
        if not frequency.shape == real.shape == imaginary.shape == (frequency.size,):
            raise InputError("is damaged: a spectrum has columns of different length")
        a = group.attributes
        place = (float(a["time_s"]), int(a["cycle"]), int(a["step"]))
        spectra.append(ImpedanceSpectrum(*place, frequency, real + 1j * imaginary))
    return tuple(spectra)


def _enclosed(tree: Group) -> Enclosed:
    """What the run read; nothing where the file is older than its keeping."""
    if "materials" not in tree.groups:
        return Enclosed()
    pressed = [from_plain(_plain(group)) for group in _numbered(tree, "structures")]
    aged = [Aged(group.arrays, _plain(group)) for group in _numbered(tree, "initial")]
    return Enclosed(
        stock.from_plain(_plain(tree.groups["materials"])),
        {marked(one.to_plain()): one for one in pressed},
        {one.mark: one for one in aged},
    )


def _plain(group: Group) -> dict[str, Any]:
    """Plain data that a group keeps."""
    found = json.loads(group.attributes[JSON])
    if not isinstance(found, dict):
        raise InputError("is damaged: a group holds other data than a result")
    return found


def _numbered(tree: Group, group: str) -> list[Group]:
    """Groups named by a number, in this order."""
    found = tree.groups[group].groups if group in tree.groups else {}
    return [found[name] for name in sorted(found, key=int)]
