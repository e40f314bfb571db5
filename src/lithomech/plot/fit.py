"""A fit: curves with bands, residuals, profile likelihoods, correlations."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from lithomech.plot.posterior import corner, predictions
from lithomech.plot.style import (
    BLUE,
    INK,
    MUTED,
    VERMILION,
    label_of_key,
    legend_row,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.studies.fit_result import FitResult

MOST_RISE: Final = 4.0  # shown of a profile, in units of the 90 % line
ACROSS: Final = 3  # profiles side by side


def figures(result: "FitResult") -> dict[str, Figure]:
    """Draw all pictures of a fit by name."""
    drawn = {"curves": curves(result), "profiles": profiles(result)}
    if len(result.profiles) > 1:
        drawn["correlation"] = correlation(result)
    if result.posterior is not None:
        drawn |= {"corner": corner(result.posterior), "predictions": predictions(result)}
    return drawn


@styled
def curves(result: "FitResult") -> Figure:
    """Measured and fitted values with the 90 % band of the fit; below them the residuals."""
    channels = result.fit.channels
    figure = new_figure(3.9, max(5.4, 3.6 * len(channels)))
    panels = figure.subplots(
        2, len(channels), squeeze=False, sharex="col", height_ratios=(3.0, 1.0)
    )
    for k, channel in enumerate(channels):
        top, bottom = panels[:, k]
        unit, factor = channel.shown
        x = channel.at * channel.across.factor
        fitted, band = result.found.predicted[k] * factor, result.bands[k] * factor
        top.plot(x, channel.measured * factor, ".", color=MUTED, ms=2.5, label="measured")
        top.plot(x, fitted, color=BLUE, label="fit")
        top.fill_between(x, fitted - band, fitted + band, color=BLUE, alpha=0.3, lw=0)
        top.set(ylabel=f"{channel.label} ({unit})")
        residual = (channel.measured - result.found.predicted[k]) / channel.noise
        bottom.axhline(0.0, color=INK, lw=0.7)
        bottom.plot(x, residual, ".", color=MUTED, ms=2.5)
        if channel.across.log:
            bottom.set_xscale("log")
        bottom.set(xlabel=channel.across.label, ylabel="Residual\n(noise)")
    legend_row(figure, panels[0, 0].get_lines())
    return figure


@styled
def profiles(result: "FitResult") -> Figure:
    """Rise of the sum of squares with each parameter held, and the 90 % line."""
    count = len(result.profiles)
    across = min(count, ACROSS)
    down = -(-count // across)
    figure = new_figure(2.4 * down, max(3.4, 2.5 * across))
    panels = figure.subplots(down, across, squeeze=False).ravel()
    limit = result.profiles[0].limit
    for k, (panel, line) in enumerate(zip(panels, result.profiles, strict=False)):
        row = result.parameters[k]
        best = float(result.found.place[k])
        roots = np.sqrt(np.maximum(line.rises, 0.0)) * np.sign(line.shares - best)
        fine = np.unique(
            np.concatenate([line.shares, np.linspace(line.shares[0], line.shares[-1], 80)])
        )
        values = [result.value(k, share) for share in fine.tolist()]
        panel.plot(values, np.interp(fine, line.shares, roots) ** 2, color=BLUE)
        values = [result.value(k, share) for share in line.shares.tolist()]
        panel.plot(values, line.rises, "o", color=BLUE, ms=3)
        panel.axhline(limit, color=VERMILION, lw=0.9)
        for end in (row.low, row.high):
            if end is not None:
                panel.axvline(end, color=VERMILION, lw=0.7, ls=":")
        panel.set_ylim(0.0, min(max(1.2 * limit, line.rises.max()), MOST_RISE * limit))
        panel.set_xlabel(label_of_key(row.key) + (f" ({row.unit})" if row.unit else ""))
    for panel in panels[::across]:
        panel.set_ylabel("Rise of the sum of squares")
    for panel in panels[count:]:
        panel.set_visible(False)
    return figure


@styled
def correlation(result: "FitResult") -> Figure:
    """Correlation of the parameters, as numbers on colours."""
    keys, matrix = list(result.fit.parameters), result.fisher.correlation
    size = 1.6 + 0.5 * len(keys)
    figure = new_figure(size, size + 2.6)
    panel = figure.subplots()
    panel.grid(visible=False)
    panel.imshow(matrix, cmap="RdBu", vmin=-1.0, vmax=1.0, alpha=0.7)
    for (k, n), value in np.ndenumerate(matrix):
        panel.text(n, k, f"{value:.2f}", ha="center", va="center", fontsize=7)
    panel.set_yticks(
        range(len(keys)), [f"{k + 1}  {label_of_key(key)}" for k, key in enumerate(keys)]
    )
    panel.set_xticks(range(len(keys)), [str(k + 1) for k in range(len(keys))])
    return figure
