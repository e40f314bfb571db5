"""Figures of several measurements of one kind."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from lithomech.observe.gitt import Gitt
from lithomech.observe.rate import Rate
from lithomech.plot.gitt import diffusivities
from lithomech.plot.rate import discharge_times


def together(parts: Sequence[Gitt] | Sequence[Rate]) -> Figure:
    """Draw all of them in the figure of their kind."""
    pulses = [part for part in parts if isinstance(part, Gitt)]
    return (
        diffusivities(pulses)
        if pulses
        else discharge_times([part for part in parts if isinstance(part, Rate)])
    )
