"""The posterior of a fit: each parameter, all pairs, and what it predicts."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lithomech.plot.style import (
    BLUE,
    MUTED,
    VERMILION,
    label_of_key,
    legend_row,
    new_figure,
    styled,
)

if TYPE_CHECKING:
    from lithomech.studies.fit_result import FitResult
    from lithomech.studies.posterior import Posterior

Floats = NDArray[np.float64]
BINS: Final = 24
TAIL: Final = 2e-3  # of the weight beyond each edge of a panel
INSIDE: Final = (0.5, 0.9)  # share of the weight inside each contour


@styled
def corner(posterior: "Posterior") -> Figure:
    """Histograms of the parameters, and contours that hold half and 90 % of each pair."""
    size = len(posterior.keys)
    figure = new_figure(1.2 + 1.5 * size, max(3.4, 1.2 + 1.7 * size))
    panels = figure.subplots(size, size, squeeze=False, sharex="col")
    edges = [_edges(column, posterior.weights) for column in posterior.values.T]
    for k in range(size):
        for n in range(size):
            panel = panels[k, n]
            if n > k:
                panel.set_visible(False)
            elif n == k:
                _alone(panel, posterior, k, edges[k])
            else:
                _pair(panel, posterior, (n, k), (edges[n], edges[k]))
            panel.tick_params(labelsize=6, labelleft=n == 0 and k > 0)
            if k == size - 1:
                panel.set_xlabel(_label(posterior, n), fontsize=7)
                panel.tick_params(axis="x", rotation=45)
        if k > 0:
            panels[k, 0].set_ylabel(_label(posterior, k), fontsize=7)
    return figure


@styled
def predictions(result: "FitResult") -> Figure:
    """Measured values over the 90 % band that the posterior predicts, as residuals."""
    posterior, channels = result.posterior, result.fit.channels
    bands = () if posterior is None else posterior.bands
    figure = new_figure(2.9, max(5.4, 3.6 * len(channels)))
    panels = figure.subplots(1, len(channels), squeeze=False)[0]
    for panel, channel, band in zip(panels, channels, bands, strict=True):
        x, noise = channel.at * channel.across.factor, channel.noise
        panel.plot(
            x, (channel.measured - band.middle) / noise, ".", color=MUTED, ms=2.5,
            label="measured less median",
        )  # fmt: skip
        panel.fill_between(
            x, (band.low - band.middle) / noise, (band.high - band.middle) / noise,
            color=BLUE, alpha=0.5, lw=0, label="90 % of the posterior",
        )  # fmt: skip
        if channel.across.log:
            panel.set_xscale("log")
        panel.set(xlabel=channel.across.label, ylabel=f"{channel.label} (noise)")
    legend_row(figure, panels[0].get_legend_handles_labels()[0])
    return figure


def _alone(panel: Axes, posterior: "Posterior", k: int, edges: Floats) -> None:
    row = posterior.rows[k]
    panel.hist(
        posterior.values[:, k], edges.tolist(), weights=posterior.weights, color=BLUE, alpha=0.6
    )
    for end in (row.low, row.high):
        panel.axvline(end, color=VERMILION, lw=0.8, ls=":")
    panel.axvline(row.median, color=VERMILION, lw=0.9)
    panel.set_yticks(())
    if posterior.logs[k] and edges[-1] > 10.0 * edges[0]:
        panel.set_xscale("log")


def _pair(
    panel: Axes, posterior: "Posterior", pair: tuple[int, int], edges: tuple[Floats, Floats]
) -> None:
    x, y = (posterior.values[:, k] for k in pair)
    held, _, _ = np.histogram2d(x, y, edges, weights=posterior.weights)
    held = _smoothed(held) / max(float(held.sum()), 1e-300)
    order = np.sort(held.ravel())[::-1]
    below = np.cumsum(order) / order.sum()
    levels = sorted({float(order[np.searchsorted(below, share)]) for share in INSIDE})
    middle = [0.5 * (one[1:] + one[:-1]) for one in edges]
    panel.contourf(*middle, held.T, [*levels, held.max() * 1.01], colors=["#9ecae1", BLUE])
    if posterior.logs[pair[1]] and edges[1][-1] > 10.0 * edges[1][0]:
        panel.set_yscale("log")


def _smoothed(held: Floats) -> Floats:
    """A running mean over neighbours: samples are few."""
    for axis in (0, 1):
        wide = np.concatenate([held.take([0], axis), held, held.take([-1], axis)], axis)
        size = held.shape[axis]
        three = [wide.take(range(k, k + size), axis) for k in range(3)]
        held = 0.25 * three[0] + 0.5 * three[1] + 0.25 * three[2]
    return held


def _edges(values: Floats, weights: Floats) -> Floats:
    """Edges of the bins of one parameter, where its weight is."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    low, high = np.interp((TAIL, 1.0 - TAIL), below, values[order])
    if low > 0.0 and high > 10.0 * low:
        return np.geomspace(low, high, BINS + 1)
    return np.linspace(low, max(high, low + 1e-12 * abs(low) + 1e-300), BINS + 1)


def _label(posterior: "Posterior", k: int) -> str:
    unit = posterior.units[k]
    return label_of_key(posterior.keys[k]) + (f" ({unit})" if unit else "")
