"""Reading results that were saved, those of earlier formats too."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.enclosed import Aged, Enclosed, marked
from lithomech.cell.readout.layout import CHANGE, FORMAT, FORMAT_OF_SENTENCES, JSON
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.result import CellResult, Event, ImpedanceSpectrum, SourceRow
from lithomech.files.netcdf import RESULT, read_tree
from lithomech.materials import stock
from lithomech.microstructure.pressed import from_plain
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]


def load_result(path: Path | str) -> CellResult:
    """Read a result that ``save`` wrote.

    Raises:
        InputError: the file is no result of this package, or of a newer format.
    """
    tree = read_tree(path, RESULT, FORMAT)
    header = json.loads(tree.attrs["lithomech"])
    columns = {k.replace("|", "/"): v for k, v in _arrays(tree, "series").items()}
    return CellResult(
        name=header["name"],
        status=header["status"],
        reason=header["reason"],
        events=tuple(Event(**event) for event in header["events"]),
        warnings=tuple(header["warnings"]),
        series=TimeSeries(columns, header["metadata"]),
        cycles=_cycles(_arrays(tree, "cycles")),
        profiles=_arrays(tree, "profiles"),
        classes={side: tuple(labels) for side, labels in header["classes"].items()},
        ledger=_ledger(tree),
        impedance=_spectra(tree),
        solver=header["solver"],
        provenance=header["provenance"],
        wall_time_s=header["wall_time_s"],
        input=header["input"],
        sources=tuple(SourceRow(**source) for source in header["sources"]),
        state=_arrays(tree, "state"),
        resolved=_resolved(tree),
        enclosed=_enclosed(tree),
    )


def _arrays(tree: "xr.DataTree", group: str) -> dict[str, Floats]:
    """The variables of one group; none where a file has no such group."""
    if group not in tree.children:
        return {}
    return _values(tree.children[group])


def _cycles(table: dict[str, Floats]) -> tuple[dict[str, float | None], ...]:
    """Rows of the table; a quantity that the file does not have does not apply."""
    count = len(next(iter(table.values())))
    return tuple(
        {key: _number(table[key][n]) if key in table else None for key in outputs().cycle}
        for n in range(count)
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _ledger(tree: "xr.DataTree") -> dict[tuple[str, str], Floats]:
    if int(tree.attrs["format"]) <= FORMAT_OF_SENTENCES:
        return {_key(k): v for k, v in _arrays(tree, "ledger").items()}
    group = tree["ledger"].to_dataset()
    layers, causes = (group[name].to_numpy().tolist() for name in ("layer", "cause"))
    keys = zip(layers, causes, strict=True)
    return dict(zip(keys, group[CHANGE].to_numpy(), strict=True))


def _key(sentence: str) -> tuple[str, str]:
    """Layer and cause from a key of format 1; the gap at the pistons had no layer."""
    layer, found, cause = sentence.partition(": ")
    return (layer, cause) if found else ("stack", sentence)


def _spectra(tree: "xr.DataTree") -> tuple[ImpedanceSpectrum, ...]:
    spectra = []
    for child in _numbered(tree, "impedance"):
        real, imaginary = (np.asarray(child[f"{p}_ohm"].data) for p in ("real", "imaginary"))
        a = child.attrs
        place = (float(a["time_s"]), int(a["cycle"]), int(a["step"]))
        frequency = np.asarray(child["frequency_Hz"].data)
        spectra.append(ImpedanceSpectrum(*place, frequency, real + 1j * imaginary))
    return tuple(spectra)


def _resolved(tree: "xr.DataTree") -> dict[str, Any]:
    return json.loads(tree["resolved"].attrs[JSON]) if "resolved" in tree.children else {}


def _enclosed(tree: "xr.DataTree") -> Enclosed:
    """What the run read; nothing where the file is older than its keeping."""
    if "materials" not in tree.children:
        return Enclosed()
    pressed = [from_plain(json.loads(g.attrs[JSON])) for g in _numbered(tree, "structures")]
    aged = [Aged(_values(g), json.loads(g.attrs[JSON])) for g in _numbered(tree, "initial")]
    return Enclosed(
        stock.from_plain(json.loads(tree["materials"].attrs[JSON])),
        {marked(one.to_plain()): one for one in pressed},
        {one.mark: one for one in aged},
    )


def _numbered(tree: "xr.DataTree", group: str) -> list["xr.DataTree"]:
    return list(tree[group].children.values()) if group in tree.children else []


def _values(tree: "xr.DataTree") -> dict[str, Floats]:
    return {str(k): v.values for k, v in tree.data_vars.items()}
