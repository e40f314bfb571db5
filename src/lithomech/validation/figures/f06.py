"""Fig. 6: which grains last, and how much electrolyte they need."""

from typing import TYPE_CHECKING, Final

from lithomech.plot.paper import TWO, Curve, Pane, panes
from lithomech.plot.style import MUTED
from lithomech.validation.figures.drawing import NARROW, pair, pressed
from lithomech.validation.figures.lives import (
    CHLORIDE,
    CONSTANTS,
    LEAN,
    LIQUID,
    SULFIDE,
    capacities,
    life,
    retention,
)
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.figures.particles import CONSTANTS as OF_PARTICLES
from lithomech.validation.figures.particles import SMALL, diffusion
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AS_PRESSED: Final = (
    "Single crystals of NCA as pressed, where the paper has them after 200 cycles; that "
    "contacts crack them has no model yet."
)
ONE_PIECE: Final = {"seeds": "1", "voxel_size": "0.25 um"}
RICH: Final = {
    "composition.active[0].weight": "59.3 %",
    "composition.electrolyte.weight": "40.7 %",
    "name": "NCA, Li3YCl6 59.3:40.7",
}


def _grains(results: Results) -> "Figure":
    curves = [
        retention(results[name], *look, style)
        for (name, look), style in zip(pair(results), ("-", "--"), strict=True)
    ]
    return panes(
        [[Pane("Cycle at 0.5C", "Capacity left (%)", curves, ylim=(0, 105))]], 2.4, NARROW
    )


def _weights(results: Results) -> "Figure":
    looks = {"29.1 wt%": (TWO[0], "-"), "40.7 wt%": (TWO[1], "-"), "liquid": (MUTED, "--")}
    curves = []
    for name, result in results.items():
        held = capacities(result)
        curves.append(Curve(range(1, held.size + 1), held, name, *looks[name]))
    return panes(
        [[Pane("Cycle", "Capacity at 0.5C (mAh/g)", curves, ylim=(0, None))]], 2.4, NARROW
    )


def _diffusion(results: Results) -> "Figure":
    return diffusion(results, ylim=(0.0, 1.0))


PANELS: Final = (
    Panel(
        id="F6a",
        title="Capacity over cycles of random beside textured grains.",
        claims=("F-023",),
        caption=(
            "NCA88 in a sulfide against Li-In, 200 cycles at 0.5C. Rods keep most of their "
            "boundaries, so next to none of them is cut off; how fast random grains are is set "
            "on another cell (case L3)."
        ),
        draw=_grains,
        runs={
            "random grains": life("random", SULFIDE),
            "radial rods": life("textured", SULFIDE),
        },
        constants=CONSTANTS,
    ),
    Panel(
        id="F6b",
        title="Section of a composite with 29.1 % by weight of Li3YCl6.",
        claims=("F-024", "Q-098", "QL-014"),
        caption=AS_PRESSED,
        draw=pressed,
        runs={"structure": Run("structure", "nca_li3ycl6", ONE_PIECE, 20.0)},
        constants=("li3ycl6.matrix_strength",),
    ),
    Panel(
        id="F6c",
        title="Section of a composite with 40.7 % by weight of Li3YCl6.",
        claims=("F-025", "Q-099", "QL-014"),
        caption=AS_PRESSED,
        draw=pressed,
        runs={"structure": Run("structure", "nca_li3ycl6", {**ONE_PIECE, **RICH}, 20.0)},
        constants=("li3ycl6.matrix_strength",),
    ),
    Panel(
        id="F6d",
        title="Capacity over cycles of both composites beside a liquid.",
        claims=("F-026", "Q-100"),
        caption=(
            "Single crystals of NCA88. That less electrolyte lives shorter is set by its sign: "
            "grains are cut off by the load that they bear."
        ),
        draw=_weights,
        runs={
            "29.1 wt%": life("single_crystal", CHLORIDE, LEAN),
            "40.7 wt%": life("single_crystal"),
            "liquid": LIQUID,
        },
        constants=("nca88.isolation_by_load", "nca88.diffusivity"),
    ),
    Panel(
        id="F6e",
        title="Apparent diffusivity of one crystal beside random grains.",
        claims=("F-027", "QL-015"),
        caption=(
            "Filling of particles of one size, 2.4 µm, charged in a sulfide: lithium goes "
            "along the layers, so a crystal of one direction is no faster than grains in all."
        ),
        draw=_diffusion,
        runs={name: SMALL[name] for name in ("single crystal", "random")},
        judged=(SMALL["textured"],),
        constants=(*OF_PARTICLES, "ncm88.diffusivity_ratio"),
    ),
)
