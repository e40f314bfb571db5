"""Figures of several measurements of one kind."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from lithomech.observe.cycles import Cycles
from lithomech.observe.gitt import Gitt
from lithomech.observe.rate import Rate
from lithomech.plot.cycles import side_by_side
from lithomech.plot.gitt import diffusivities
from lithomech.plot.rate import discharge_times


def together(
    parts: Sequence[Gitt] | Sequence[Rate] | Sequence[Cycles], names: Sequence[str]
) -> Figure:
    """Draw all of them in the figure of their kind."""
    pulses = [part for part in parts if isinstance(part, Gitt)]
    if pulses:
        return diffusivities(pulses)
    cycled = [part for part in parts if isinstance(part, Cycles)]
    if cycled:
        return side_by_side(dict(zip(names, cycled, strict=True)))
    return discharge_times([part for part in parts if isinstance(part, Rate)])
