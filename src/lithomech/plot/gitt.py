"""Figures of GITT measurements."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.observe.gitt import Gitt, compare
from lithomech.plot.style import INK, MUTED, PALETTE, legend_row, new_figure, styled


@styled
def diffusivities(found: Sequence[Gitt]) -> Figure:
    """Apparent diffusivity over voltage, and one pulse with the sphere that fits it.

    Args:
        found: at least one.
    """
    figure = new_figure(3.2)
    left, right = figure.subplots(1, 2)
    handles = []
    for one, colour in zip(found, PALETTE, strict=False):
        voltage, sphere, root = (one.column(n) for n in ("voltage", "sphere", "root"))
        sure = np.array([not pulse.doubts for pulse in one.pulses])
        short = np.array([pulse.half_infinite for pulse in one.pulses])
        left.plot(voltage[short], root[short], "x", color=colour, alpha=0.7)
        left.plot(voltage[~sure], sphere[~sure], "o", mfc="white", color=colour)
        left.plot(voltage[sure], sphere[sure], "o", color=colour)
        handles.append(Line2D([], [], color=colour, marker="o", ls="", label=one.name))
    left.set_yscale("log")
    left.set_xlabel("Relaxed voltage (V)")
    left.set_ylabel("Apparent diffusivity (m²/s)")
    handles += [
        Line2D([], [], color=MUTED, marker="o", mfc="white", ls="", label="in doubt"),
        Line2D([], [], color=MUTED, marker="x", ls="", label="square-root law"),
    ]
    shown = [n for n, curve in enumerate(found[0].fitted) if np.isfinite(curve[2]).all()]
    if shown:
        time, measured, fitted = found[0].fitted[shown[len(shown) // 2]]
        since = np.sqrt(time - found[0].pulses[shown[len(shown) // 2]].time)
        right.plot(since, measured, ".", color=MUTED)
        right.plot(since, fitted, color=INK)
    right.set_xlabel("√time of one pulse (√s); line: sphere")
    right.set_ylabel("Voltage (V)")
    legend_row(figure, handles)
    return figure


@styled
def comparison(first: Gitt, second: Gitt) -> Figure:
    """Diffusivities of two cells with the same particles, and their ratio."""
    figure = new_figure(3.2)
    left, right = figure.subplots(1, 2)
    handles = []
    for one, colour in zip((first, second), PALETTE, strict=False):
        left.plot(one.column("voltage"), one.column("sphere"), "o-", color=colour, lw=0.8)
        handles.append(Line2D([], [], color=colour, marker="o", label=one.name))
    left.set_yscale("log")
    left.set_xlabel("Relaxed voltage (V)")
    left.set_ylabel("Apparent diffusivity (m²/s)")
    ratio = compare(first, second)
    right.axhline(1.0, color=MUTED, lw=0.7)
    right.plot(ratio.voltage, ratio.area, "o-", color=INK, lw=0.8)
    right.set_xlabel("Relaxed voltage (V)")
    right.set_ylabel("√ of their ratio: area that takes part")
    legend_row(figure, handles)
    return figure
