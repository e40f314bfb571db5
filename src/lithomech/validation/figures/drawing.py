"""Curves that several panels draw alike: over the charge, over cycles, over the potential."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.differential import slope
from lithomech.plot.paper import TWO, Curve, Pane, panes
from lithomech.plot.structure import section
from lithomech.validation.figures.panel import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.cell.readout.result import CellResult
    from lithomech.observe.differential import Signal

Floats = NDArray[np.float64]
MAH: Final = 3.6  # C
KPA: Final = 1e3
NARROW: Final = 4.6  # inches


class Look(NamedTuple):
    """How a run is drawn."""

    label: str
    colour: str


class Potential(NamedTuple):
    """Of a cell or an electrode, over the charge that has passed [C]."""

    charge: Floats
    volts: Floats


def along_charge(
    signal: "Signal", potential: Potential, look: Look, per: float = 1.0
) -> tuple[Curve, Curve, Curve]:
    """Potential, pressure [kPa] and its slope [kPa/mAh] over the charge [mAh].

    Args:
        signal: pressure of a half cycle.
        potential: of the same half cycle, which may go on for longer.
        look: of all three.
        per: what the charge is divided by, such as an area.
    """
    steep = slope(signal)
    return (
        Curve(potential.charge / MAH / per, potential.volts, *look),
        Curve(signal.along / MAH / per, signal.values / KPA, *look),
        Curve(steep.along / MAH / per, steep.slope * MAH / KPA, *look),
    )


def stacked(x: str, words: Sequence[str], runs: Sequence[Sequence[Curve]]) -> "Figure":
    """Panes under each other, one for each word; every run has a curve in each."""
    columns = zip(words, zip(*runs, strict=True), strict=True)
    grid = [[Pane(x, word, list(curves))] for word, curves in columns]
    return panes(grid, 1.4, NARROW)


def over_cycles(result: "CellResult", key: str, look: Look, scale: float = 1.0) -> Curve:
    """A quantity of every cycle."""
    values = scale * np.array([float(cycle[key] or 0.0) for cycle in result.cycles])
    return Curve(np.arange(1, values.size + 1), values, *look)


def pair(
    results: Results, labels: Mapping[str, str] | None = None, skip: str = ""
) -> list[tuple[str, Look]]:
    """Names of two runs that are set side by side, and how they are drawn.

    Args:
        results: of the panel.
        labels: of runs whose name does not serve.
        skip: name of a run that is no curve of its own.
    """
    names = [name for name in results if name != skip]
    return [
        (name, Look((labels or {}).get(name, name), colour))
        for name, colour in zip(names, TWO, strict=True)
    ]


def pressed(results: Results) -> "Figure":
    """Section of the pressed composite."""
    return section(results["structure"])
