"""Draws docs/images/compositions.png: what composition, sizes and pressure do to a cell.

python docs/composition.py        a minute

Cells of NCM811, Li6PS5Cl and vapour-grown fibres, described by weights, sizes and pressures
alone. Nothing of them is fitted.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

import lithomech as lm
from lithomech.plot.style import PALETTE, new_figure, styled

PICTURE = Path(__file__).parent / "images" / "compositions.png"
CELL = {
    "name": "bare composition",
    "cathode": {
        "type": "composite",
        "loading": "15 mg/cm2",
        "active": [
            {
                "material": "ncm811",
                "weight": "70 %",
                "diameter": "5 um",
                "morphology": "single_crystal",
                "coating": {"material": "linbo3", "thickness": "10 nm"},
            }
        ],
        "electrolyte": {"material": "li6ps5cl", "weight": "30 %", "diameter": "3 um"},
    },
    "separator": {"material": "li6ps5cl", "thickness": "500 um"},
    "anode": {"type": "planar", "material": "li_in", "thickness": "100 um"},
    "fixture": {"type": "constant_pressure", "pressure": "50 MPa"},
    "fabrication": {"pressure": "375 MPa"},
    "geometry": {"diameter": "10 mm"},
    "reference": "li",
    "solver": {"nodes": 8, "shells": 12},
}
WEIGHTS = (40, 50, 60, 65, 70, 75, 80, 85, 88, 90, 94)
CARBON = (0, 2, 5)
SIZES = np.geomspace(1.0, 12.0, 8)  # um, of electrolyte
PRESSURES = np.geomspace(0.1, 100.0, 10)  # MPa


def cell(weight: float = 70, carbon: float = 0, rate: str = "0.1C", **keys: object) -> lm.Cell:
    """The cell with another composition and other keys; `__` stands for a dot."""
    additives = [{"material": "carbon", "weight": f"{carbon} %"}] if carbon else []
    changes: dict[str, object] = {
        "cathode.active[0].weight": f"{weight} %",
        "cathode.electrolyte.weight": f"{100.0 - weight - carbon:g} %",
        "cathode.additives": additives,
        "protocol": [f"Charge at {rate} until 4.3 V", f"Discharge at {rate} until 2.6 V"],
    }
    changes |= {name.replace("__", "."): value for name, value in keys.items()}
    return lm.load_cell(CELL, changes)


def numbers(one: lm.Cell) -> tuple[float, dict[str, float]]:
    """Discharge capacity per gram of active material, 0 where none; and the cathode as made."""
    found = lm.run(one)
    made = found.resolved["layers"]["cathode"]["conduction"]
    capacity = found.cycles[0]["discharge_capacity_mAh_per_g"] if found.cycles else 0.0
    print(one.name, found.status, capacity, made, file=sys.stderr)
    return capacity or 0.0, made


def conductivities(axes: Axes) -> None:
    """Ions and electrons over composition."""
    for k, carbon in enumerate(CARBON[:2]):
        made = [numbers(cell(w, carbon))[1] for w in WEIGHTS]
        for name, style in (("ionic", "-"), ("electronic", "--")):
            values = [10.0 * m[f"{name}_conductivity_S_per_m"] for m in made]
            label = f"{'ions' if name == 'ionic' else 'electrons'}, {carbon} % fibres"
            axes.semilogy(WEIGHTS, values, style, color=PALETTE[k], label=label)
    axes.set_ylim(1e-4, 20)
    axes.set_xlabel("active material (wt %)")
    axes.set_ylabel("conductivity (mS/cm)")


def lines(
    axes: Axes,
    x: Sequence[float] | np.ndarray,
    curves: dict[str, Callable[[float], lm.Cell]],
    share: Callable[[float], float] = lambda _: 1.0,
) -> None:
    """Capacity over x of several kinds of cells."""
    for k, (label, make) in enumerate(curves.items()):
        values = [numbers(make(float(v)))[0] * share(float(v)) for v in x]
        axes.plot(x, values, "o-", markersize=3, color=PALETTE[k], label=label)
    axes.set_ylim(0.0, None)


@styled
def picture() -> None:
    """Draw all panels."""
    figure = new_figure(7.2)
    panels = figure.subplots(3, 2).ravel()
    conductivities(panels[0])
    by_carbon = {f"{c} % fibres": lambda w, c=c: cell(w, c) for c in CARBON}
    lines(panels[1], WEIGHTS, by_carbon)
    panels[1].set_ylabel("mAh per g of active material")
    lines(panels[2], WEIGHTS, by_carbon, lambda w: w / 100)
    panels[2].set_ylabel("mAh per g of composite")
    for axes in panels[1:3]:
        axes.set_xlabel("active material (wt %)")
    sizes = {
        f"active {d} um": lambda s, d=d: cell(
            75, 2, "0.5C", cathode__electrolyte__diameter=f"{s} um",
            **{"cathode__active[0]__diameter": f"{d} um"},
        )
        for d in (4, 8, 16)
    }  # fmt: skip
    lines(panels[3], SIZES, sizes)
    panels[3].set_ylabel("mAh/g at 0.5C")
    panels[3].set_xlabel("diameter of electrolyte (um)")
    pressures = {
        f"{w}:{100 - w - c}:{c}": lambda p, w=w, c=c: cell(w, c, fixture__pressure=f"{p} MPa")
        for w, c in ((70, 0), (70, 2), (85, 2))
    }
    lines(panels[4], PRESSURES, pressures)
    panels[4].set_xscale("log")
    panels[4].set_ylabel("mAh/g at 0.1C")
    panels[4].set_xlabel("stack pressure (MPa)")
    pressing = {
        f"{w}:{98 - w}:2": lambda p, w=w: cell(w, 2, fabrication__pressure=f"{p} MPa")
        for w in (70, 80)
    }
    lines(panels[5], np.geomspace(60, 550, 8), pressing)
    panels[5].set_ylabel("mAh/g at 0.1C")
    panels[5].set_xlabel("fabrication pressure (MPa)")
    for axes in panels:
        axes.legend(fontsize="x-small")
    figure.savefig(PICTURE)


if __name__ == "__main__":
    picture()
