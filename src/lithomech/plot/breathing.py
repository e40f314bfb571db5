"""Contact and thickness of a pellet whose active grains breathe."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from lithomech.plot.style import BLUE, MUTED, VERMILION, new_figure, styled

if TYPE_CHECKING:
    from lithomech.microstructure.breathing import Breathing


@styled
def loops(result: "Breathing") -> Figure:
    """Contact left and change of thickness against the volume of the active grains."""
    figure = new_figure(2.8)
    left, right = figure.subplots(1, 2)
    strain = 100.0 * result.volume_strain
    left.plot(strain, result.kept, "o-", color=BLUE, label="grains")
    ordered = np.argsort(strain)
    share = float(result.load_share[0])
    left.plot(
        strain[ordered], result.law(share)[ordered], "--", color=MUTED,
        label=f"contact law, xi = {share:.2f}",
    )  # fmt: skip
    left.set_ylim(0.0, 1.05)
    left.set_ylabel("contact left of as made")
    left.legend(loc="best")
    right.plot(strain, 100.0 * result.thickness_strain, "o-", color=VERMILION)
    right.plot(
        strain[ordered], result.active_fraction * strain[ordered], "--", color=MUTED,
        label="all of it passed on",
    )  # fmt: skip
    right.set_ylabel("change of thickness (%)")
    right.legend(loc="best")
    for axes in (left, right):
        axes.set_xlabel("volume change of active grains (%)")
    return figure
