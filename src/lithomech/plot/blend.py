"""Stack pressure of blends over a charge."""

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from lithomech.plot.style import (
    BLUE,
    GREEN,
    MUTED,
    VERMILION,
    Label,
    label_ends,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.studies.blend import FlatBlend


@styled
def pressure_of_blends(study: "FlatBlend") -> Figure:
    """Change of the stack pressure against the charge per mass of active material.

    The pure materials, the blends that were asked for, and the flat one.
    """
    figure = new_figure(3.4)
    axes = figure.subplots()
    axes.axhline(0.0, color=MUTED, lw=0.7)
    one, other = study.names
    shown = {1.0: (VERMILION, f"{one}"), 0.0: (BLUE, f"{other}")}
    if study.share is not None:
        shown[study.share] = (GREEN, f"{_parts(study.share)} {one}:{other}, flat at the end")
    labels = []
    for share, result in sorted(study.runs.items()):
        colour, text = shown.get(share, (MUTED, f"{_parts(share)} {one}:{other}"))
        pressure = (result.stack_pressure - result.stack_pressure[0]) / 1e3
        mass = result.cycles[0]["charge_capacity_mAh_per_g"] or 0.0
        charge = result.series.charge_throughput
        axes.plot(mass * charge / charge[-1], pressure, color=colour)
        labels.append(Label(float(pressure[-1]), text, colour))
    axes.set_xlabel("Charge (mAh per g of active material)")
    axes.set_ylabel("Change of stack pressure (kPa)")
    axes.margins(x=0)
    label_ends(axes, labels)
    return figure


def _parts(share: float) -> str:
    return f"{100 * share:.0f}:{100 * (1.0 - share):.0f}"
