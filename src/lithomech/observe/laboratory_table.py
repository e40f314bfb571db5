"""A series as a table for plotting programs: long names, units and comments above the numbers.

These are the three header rows that Origin knows. Units are those of a laboratory.
"""

import csv
from pathlib import Path
from typing import Final, NamedTuple

from lithomech.files.atomic import replacing
from lithomech.observe.timeseries import TimeSeries, cell_texts


class LaboratoryUnit(NamedTuple):
    """A unit and how SI becomes it: divided by scale, after the offset is taken away."""

    unit: str
    scale: float = 1.0
    offset: float = 0.0


UNITS: Final = {
    "s": LaboratoryUnit("h", 3600.0),
    "A": LaboratoryUnit("mA", 1e-3),
    "Pa": LaboratoryUnit("MPa", 1e6),
    "m": LaboratoryUnit("um", 1e-6),
    "K": LaboratoryUnit("degC", 1.0, 273.15),
    "C": LaboratoryUnit("mAh", 3.6),
    "J": LaboratoryUnit("mWh", 3.6),
    "W": LaboratoryUnit("mW", 1e-3),
    "1": LaboratoryUnit(""),
}
CLOCK: Final = "Unix Time / s"  # stays in seconds


def write_laboratory_table(series: TimeSeries, path: Path | str) -> None:
    """Write long names, units and comments (the name of the series), then the numbers.

    Args:
        series: simulated or measured.
        path: File to write, replaced as a whole only when all is written.
    """
    heads, columns = [], []
    comment = series.metadata.get("name", "")
    for name, values in series.columns.items():
        quantity, _, unit = name.rpartition(" / ")
        known = UNITS.get(unit) if name != CLOCK else None
        written = known or LaboratoryUnit(unit)
        heads.append((quantity, written.unit, comment))
        changed = written.scale != 1.0 or written.offset != 0.0
        columns.append((values - written.offset) / written.scale if changed else values)
    with (
        replacing(Path(path)) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows(zip(*heads, strict=True))
        writer.writerows(zip(*(cell_texts(values) for values in columns), strict=True))
