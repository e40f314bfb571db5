"""Columns by the names and units of the Battery Data Format, terms 1.3.

Our own names are those of the format, in SI. Where its unit is another one, columns are
converted; what it has no term for keeps our name.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

TERMS: Final = "1.3.0"
HOUR: Final = 3600.0  # s
ICE: Final = 273.15  # K
STEPS: Final = "Step Count / 1"
PROGRAM_STEP: Final = "Step ID"
CYCLES: Final = "Cycle Count / 1"


class Official(NamedTuple):
    """A column of the format: its name, and ours = slope times its values plus offset."""

    name: str
    slope: float
    offset: float = 0.0


OFFICIAL: Final = {
    "Ambient Temperature / K": Official("Ambient Temperature / degC", 1.0, ICE),
    "Temperature / K": Official("Ambient Temperature / degC", 1.0, ICE),
    "Charging Capacity / C": Official("Charging Capacity / Ah", HOUR),
    "Discharging Capacity / C": Official("Discharging Capacity / Ah", HOUR),
    "Net Capacity / C": Official("Net Capacity / Ah", HOUR),
    "Cumulative Capacity / C": Official("Cumulative Capacity / Ah", HOUR),
    "Charging Energy / J": Official("Charging Energy / Wh", HOUR),
    "Discharging Energy / J": Official("Discharging Energy / Wh", HOUR),
}
NEVER_FALL: Final = {  # of which the format says that they run from the start of the test
    name for name in OFFICIAL if name.startswith(("Charging", "Discharging", "Cumulative"))
}
# What is measured on solid-state cells and has no term; see docs/battery_data_format.md
PROPOSED: Final = (
    "Stack Force / N",
    "Displacement / m",
    "Positive Electrode Potential / V",
    "Negative Electrode Potential / V",
)


def official_columns(columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the columns of a series by the names of the format, its own terms first.

    A capacity that begins anew with each step or cycle is none that the format knows, so it
    keeps our name and unit. A step number that repeats is the format's ``Step ID``.

    Args:
        columns: by our names, in SI, each of shape (rows,).
    """
    known: dict[str, NDArray[Any]] = {}
    others: dict[str, NDArray[Any]] = {}
    for name, values in columns.items():
        term = OFFICIAL.get(name)
        if name == STEPS and _falls(values):
            known[PROGRAM_STEP] = values
        elif term is None or (name in NEVER_FALL and _falls(values)):
            (others if name in PROPOSED or term is not None else known)[name] = values
        elif term.name not in known:
            known[term.name] = (values - term.offset) / term.slope
    return known | others


def _falls(values: NDArray[Any]) -> bool:
    finite = values[np.isfinite(values)]
    return bool(np.any(np.diff(finite) < 0))
