"""Fig. 12: tortuosity factors of ions and electrons."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.materials.load import load_transport_table
from lithomech.plot.structure import against_measurement
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.figures.tables import PRESSED, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE: Final = "song2021_ncm88_li6ps5cl"


def _tortuosity(results: Results) -> "Figure":
    table, measured = load_transport_table(TABLE), {}
    for name in results:
        weight = float(name.partition(":")[0]) / 100.0
        row = int(np.argmin(np.abs(table.weight_fraction - weight)))
        measured[name] = (table.pressure_Pa, table.tau2_ionic[row], table.tau2_electronic[row])
    return against_measurement(dict(results.items()), measured)


PANELS: Final = (
    Panel(
        id="F12",
        title="Tortuosity factors against composition and pressure.",
        claims=(
            "F-045",
            "QL-023",
            "QL-024",
            "QL-025",
            "QL-026",
            "Q-129",
            "Q-130",
            "Q-131",
            "Q-132",
            "Q-133",
            *rows("T3-"),
        ),
        caption=(
            "Grains of 4 and 1.9 µm (assumed) pressed at 370 MPa, three pieces each, beside "
            "what was measured (diamonds). Where no electron crosses there is no point."
        ),
        draw=_tortuosity,
        runs=PRESSED,
        constants=("li6ps5cl.matrix_strength", "ncm88.electronic_conductivity"),
    ),
)
