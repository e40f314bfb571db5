"""Loss budget over the cycles: overvoltage half-way through the discharge, missing capacity."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from lithomech.plot.style import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    MUTED,
    PURPLE,
    RULE,
    SKY,
    VERMILION,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.cell.readout.losses import Losses

Floats = NDArray[np.float64]
NEGLIGIBLE: Final = 2e-3  # of the largest; such causes are left out


class Look(NamedTuple):
    """How a part of the budget is drawn, and the causes that it joins."""

    label: str
    colour: str
    causes: tuple[str, ...]
    hatch: str = ""


INVENTORY: Final = (
    Look("no path", MUTED, ("no path",), "///"),
    Look("cut off", VERMILION, ("cut off",), "///"),
    Look("films", PURPLE, ("films",), "///"),
    Look("lithium kept", GREEN, ("lithium kept",), "///"),
    Look("not asked for", INK, ("not asked for",), "///"),
    Look("beyond first charge", INK, ("beyond the first charge",)),
)
KINETIC: Final = (
    Look("separator", MUTED, ("separator",)),
    Look("ions, electrons", BLUE, ("cathode ions", "cathode electrons")),
    Look("contact", VERMILION, ("cathode contact",)),
    Look("charge transfer", GREEN, ("cathode charge transfer",)),
    Look("interphase", PURPLE, ("cathode interphase",)),
    Look("diffusion, uneven use", AMBER, ("cathode particle diffusion", "cathode uneven use")),
)
ANODE: Final = "anode "  # its causes are drawn as one


@styled
def budget(losses: "Losses") -> Figure:
    """Two stacks over the cycles; the causes of the anode are drawn as one."""
    figure = new_figure(4.6)
    panels = figure.subplots(2 if losses.capacity_mAh_per_g else 1, sharex=True, squeeze=False)
    upper, lower = panels[0, 0], panels[-1, 0]
    _stack(upper, losses.overvoltage_mV)
    upper.set_ylabel("Overvoltage,\nmid-discharge (mV)")
    if losses.capacity_mAh_per_g:
        _stack(lower, losses.capacity_mAh_per_g)
        lower.set_ylabel("Missing capacity\n(mAh/g)")
        lower.set_title(
            f"of {losses.reference_capacity_mAh_per_g:.0f} mAh/g of the first charge"
        )
    lower.set_xlabel("Cycle")
    lower.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.align_ylabels()
    return figure


def _stack(axes: Axes, table: Mapping[str, Floats]) -> None:
    """One area for each part that shows, from 0 up or, where it is negative, down."""
    looks = _shown(table)
    cycles = len(next(iter(table.values()), ()))
    edges = np.arange(cycles + 1) + 0.5
    low, high = np.zeros(cycles), np.zeros(cycles)
    for look, values in looks:
        up, down = np.maximum(values, 0.0), np.minimum(values, 0.0)
        base = np.where(values >= 0.0, high, low)
        axes.stairs(
            base + values, edges, baseline=base, fill=True, label=look.label,
            facecolor=look.colour, hatch=look.hatch, edgecolor=RULE, linewidth=0.3,
        )  # fmt: skip
        high, low = high + np.nan_to_num(up), low + np.nan_to_num(down)
    axes.axhline(0, color=INK, lw=0.7)
    axes.set_xlim(0.5, max(cycles, 1) + 0.5)
    axes.grid(visible=False, axis="x")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5))


def _shown(table: Mapping[str, Floats]) -> list[tuple[Look, Floats]]:
    """Parts that are not negligible, as sums over their causes."""
    anode = Look("anode", SKY, tuple(cause for cause in table if cause.startswith(ANODE)))
    sums = [
        (look, np.sum([table[cause] for cause in own], axis=0))
        for look in (*INVENTORY, *KINETIC, anode)
        if (own := [cause for cause in look.causes if cause in table])
    ]
    largest = max((_size(values) for _, values in sums), default=0.0)
    return [(look, values) for look, values in sums if _size(values) > NEGLIGIBLE * largest]


def _size(values: Floats) -> float:
    return float(np.max(np.abs(np.nan_to_num(values)), initial=0.0))
