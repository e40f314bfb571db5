"""Layers and stack pressure of a cell in several fixtures."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from lithomech.plot.style import BLUE, MUTED, VERMILION, new_figure, styled

if TYPE_CHECKING:
    from lithomech.studies.fixture import FixtureStudy

COLOURS: Final = {"cathode": "0.35", "separator": "0.75", "anode": "0.92"}
NAMES: Final = {"cathode": "cathode", "separator": "SE", "anode": "Li"}
DRAWN: Final = {"cathode": 10.0, "separator": 10.0, "anode": 6.0}  # um; layers are not to scale
WIDTH: Final = 0.38


@styled
def layers_and_pressure(study: "FixtureStudy") -> Figure:
    """Layers as stacked bars, discharged beside charged, and the stack pressure below.

    Layers are drawn alike in all cases and not to scale; their changes are, in micrometres.
    """
    figure = new_figure(5.0)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=(5, 3))
    for n, case in enumerate(study.cases):
        for side, x in ((0, n - WIDTH / 2), (1, n + WIDTH / 2)):
            bottom = 0.0
            for layer, colour in COLOURS.items():
                change = 1e6 * case.grown[layer] * side
                height = DRAWN[layer] + change
                upper.bar(x, height, 0.9 * WIDTH, bottom, color=colour, edgecolor="0.2", lw=0.6)
                text = f"{change:+.2f}" if side else NAMES[layer]
                upper.text(
                    x, bottom + height / 2, text, ha="center", va="center", fontsize="small",
                    color="white" if layer == "cathode" else "0.1",
                )  # fmt: skip
                bottom += height
        pressure = np.array(case.pressure) / 1e6
        lower.bar(n - WIDTH / 2, pressure[0], 0.9 * WIDTH, color=BLUE)
        lower.bar(n + WIDTH / 2, pressure[1], 0.9 * WIDTH, color=VERMILION)
        lower.annotate(
            f"{pressure[1] - pressure[0]:+.2f}", (n + WIDTH / 2, pressure[1]), (0, 2),
            textcoords="offset points", ha="center", fontsize="small", color=VERMILION,
        )  # fmt: skip
    upper.set_ylabel("Layers, not to scale;\nchanges to scale (µm)")
    upper.set_yticks([])
    upper.grid(visible=False)
    lower.set_ylabel("Stack pressure (MPa)")
    lower.set_yscale("symlog", linthresh=1.0)
    lower.set_ylim(0, 3.0 * max(max(case.pressure) for case in study.cases) / 1e6)
    lower.set_xticks(range(len(study.cases)), [case.label for case in study.cases])
    upper.set_title("left: discharged, right: charged", fontsize="small", color=MUTED)
    return figure
