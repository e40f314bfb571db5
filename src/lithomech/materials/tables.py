"""Read the CSV files of materials/data/tables."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from lithomech.errors import MaterialError
from lithomech.materials.material import TransportTable
from lithomech.materials.schema import Source

_TRANSPORT_COLUMNS = (
    "active_weight_percent",
    "stack_pressure_MPa",
    "tau2_ionic",
    "tau2_electronic",
    "porosity_percent",
)


def read_curve(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the columns x and value of a table, each of shape (n,), n >= 2.

    Raises:
        MaterialError: not such a table, or x does not increase.
    """
    x, value = _columns(path, ("x", "value"))
    if len(x) < 2 or np.any(np.diff(x) <= 0.0):
        raise MaterialError("x must increase from row to row", file=path.name)
    return x, value


def read_transport(path: Path) -> TransportTable:
    """Return the tortuosity factors of a table of composition and stack pressure.

    Raises:
        MaterialError: not such a table, or no complete grid.
    """
    return _transport(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _transport(path: Path, _written: int) -> TransportTable:
    """The table of a file as it was written at a time."""
    weight, pressure, ionic, electronic, voids = _columns(path, _TRANSPORT_COLUMNS)
    weights, w = np.unique(weight, return_inverse=True)
    pressures, p = np.unique(pressure, return_inverse=True)
    shape = (len(weights), len(pressures))
    filled = set(zip(w.tolist(), p.tolist(), strict=True))
    if not len(filled) == len(weight) == shape[0] * shape[1]:
        raise MaterialError("every composition needs every pressure, once", file=path.name)
    tau2_ionic, tau2_electronic, porosity = np.empty(shape), np.empty(shape), np.empty(shape)
    tau2_ionic[w, p], tau2_electronic[w, p], porosity[w, p] = ionic, electronic, voids
    return TransportTable(
        weight_fraction=weights / 100.0,
        pressure_Pa=pressures * 1e6,
        tau2_ionic=tau2_ionic,
        tau2_electronic=tau2_electronic,
        porosity=porosity[:, 0] / 100.0,
        source=_source(path),
    )


def _columns(path: Path, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the columns of a CSV, shape (columns, rows); lines with # are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    if not rows or tuple(rows[0].split(",")) != names:
        raise MaterialError(f"the columns must be {','.join(names)}", file=path.name)
    try:
        data = np.loadtxt(rows[1:], delimiter=",", ndmin=2).T
    except ValueError as error:
        raise MaterialError(f"not a table of numbers: {error}", file=path.name) from None
    if data.shape[0] != len(names) or not np.all(np.isfinite(data)):
        raise MaterialError(f"needs {len(names)} finite numbers in each row", file=path.name)
    return data


def _source(path: Path) -> Source:
    """Read `# ref: ...`, `# where: ...`, `# method: ...`, `# checked: true` of a table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    remarks = (line.lstrip("# ").partition(": ") for line in lines if line.startswith("#"))
    remarked = {key: text for key, _, text in remarks if key in Source.model_fields}
    try:
        return Source.model_validate({**remarked, "checked": remarked.get("checked") == "true"})
    except ValidationError as error:
        missing = ", ".join(str(e["loc"][0]) for e in error.errors(include_url=False))
        raise MaterialError(f"the remarks need: {missing}", file=path.name) from None
