"""One container for simulated and measured data, with the column names of BDF.

Columns are named ``Quantity / unit`` as in the Battery Data Format; every unit is SI and
the current is positive on charge.
"""

import csv
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.observe.battery_data_format import official_columns
from lithomech.observe.reading import Reading

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

TIME: Final = "Test Time / s"


@final
class _Column:
    """Attribute that reads one named column of the series it stands in."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, series: "TimeSeries", owner: type) -> NDArray[Any]:
        if self.name not in series.columns:
            raise InputError(
                f"this series has no column {self.name!r}; it has {', '.join(series.columns)}"
            )
        return series.columns[self.name]


@final
@dataclass(frozen=True)
class TimeSeries:
    """Columns of equal length over a time that never runs backwards.

    Attributes:
        columns: Arrays of shape (rows,) in SI by name; ``Test Time / s`` must be there.
        metadata: Free text about the data: name, instrument, operator.
        notes: What was done to the data when they were read, and what is doubtful in them.
        reading: How a measured file was read: which header became which column, and why.

    Raises:
        InputError: If the time is missing or decreases, or a column has another length.
    """

    columns: dict[str, NDArray[Any]]
    metadata: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reading: Reading | None = None

    time = _Column(TIME)
    voltage = _Column("Voltage / V")
    current = _Column("Current / A")
    stack_pressure = _Column("Surface Pressure / Pa")
    applied_pressure = _Column("Applied Pressure / Pa")
    stack_force = _Column("Stack Force / N")
    displacement = _Column("Displacement / m")
    positive_potential = _Column("Positive Electrode Potential / V")
    negative_potential = _Column("Negative Electrode Potential / V")
    temperature = _Column("Ambient Temperature / K")
    clock = _Column("Unix Time / s")
    cycle = _Column("Cycle Count / 1")
    step = _Column("Step Count / 1")

    def __post_init__(self) -> None:
        """Check the columns against each other."""
        rows = self.time.shape
        for name, values in self.columns.items():
            if values.ndim != 1 or values.shape != rows:
                raise InputError(
                    f"column {name!r} has shape {values.shape}, the time has {rows}"
                )
        if not np.all(np.isfinite(self.time)):
            raise InputError("the time holds a value that is not finite")
        backwards = np.flatnonzero(np.diff(self.time) < 0)
        if backwards.size:
            raise InputError(f"the time runs backwards after row {int(backwards[0])}")

    def __len__(self) -> int:
        """Number of rows."""
        return self.time.size

    @property
    def charge_throughput(self) -> NDArray[np.float64]:
        """Net charge [C] passed since the first row, positive on charge, by trapezoid."""
        steps = np.diff(self.time) * (self.current[1:] + self.current[:-1]) / 2
        return np.concatenate([np.zeros(min(1, len(self))), np.cumsum(steps)])

    def select(self, cycle: int | None = None, step: int | None = None) -> "TimeSeries":
        """Return the rows of one cycle, of one step, or of one step within one cycle.

        Args:
            cycle: Value of ``Cycle Count / 1``; all cycles if not given.
            step: Value of ``Step Count / 1``; all steps if not given.

        Raises:
            InputError: If no row fits.
        """
        rows = np.ones(len(self), dtype=bool)
        if cycle is not None:
            rows &= self.cycle == cycle
        if step is not None:
            rows &= self.step == step
        if not rows.any():
            raise InputError(f"there is no row with cycle {cycle} and step {step}")
        kept = {name: v[rows] for name, v in self.columns.items()}
        return TimeSeries(kept, self.metadata, self.notes, self.reading)

    def to_pandas(self) -> "pd.DataFrame":
        """Return a data frame with the same column names."""
        import pandas as pd  # noqa: PLC0415  slow to import, needed here only

        return pd.DataFrame(self.columns)

    def to_xarray(self) -> "xr.Dataset":
        """Return a data set over the dimension ``row``; units are attributes."""
        import xarray as xr  # noqa: PLC0415  slow to import, needed here only

        return xr.Dataset(
            {
                name: ("row", values, {"units": name.rpartition(" / ")[2]})
                for name, values in self.columns.items()
            },
            attrs=dict(self.metadata),
        )

    def to_bdf(self, path: str | Path) -> None:
        """Write a CSV file in the Battery Data Format; a value that is not finite stays empty.

        Columns have the names and units of the format (temperatures in degC, capacities in
        Ah); what it has no term for keeps our name, in SI.

        Args:
            path: File to write, replaced as a whole only when all is written.
        """
        official = official_columns(self.columns)
        columns = [cell_texts(values) for values in official.values()]
        with (
            replacing(Path(path)) as temporary,
            temporary.open("w", encoding="utf-8", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(official)
            writer.writerows(zip(*columns, strict=True))

    def plot(self) -> "Figure":
        """Return a figure of voltage, current and stack pressure against time."""
        from lithomech.plot.timeseries import traces  # noqa: PLC0415  the one upward reference

        return traces(self)

    def _repr_html_(self) -> str:
        """Show names, ranges and number of rows in a notebook."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{low:.6g}</td><td>{high:.6g}</td></tr>"
            for name, (low, high) in (
                (name, _range(values)) for name, values in self.columns.items()
            )
        )
        head = "<tr><th>Column</th><th>Lowest</th><th>Highest</th></tr>"
        title = escape(self.metadata.get("name", "TimeSeries"))
        return f"<p><b>{title}</b>: {len(self)} rows</p><table>{head}{rows}</table>"


def cell_texts(values: NDArray[Any]) -> list[str]:
    """Return the shortest texts that read back to the same numbers, "" if not finite."""
    return ["" if not np.isfinite(value) else repr(value) for value in values.tolist()]


def _range(values: NDArray[Any]) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
