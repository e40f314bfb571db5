"""Fig. 8: chloride or sulfide, one crystal or many grains."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.materials.load import load_material
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.plot.paper import TWO, Pane, panes, spider
from lithomech.validation.figures.drawing import (
    Look,
    Potential,
    along_charge,
    over_cycles,
    pair,
    stacked,
)
from lithomech.validation.figures.lives import (
    CHLORIDE,
    CONSTANTS,
    SULFIDE,
    capacities,
    life,
    retention,
)
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.predictions.lives import ELECTROLYTE
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.cell.readout.result import CellResult

NAMES: Final = {SULFIDE: "Li₆PS₅Cl₀.₅Br₀.₅", CHLORIDE: "Li₃YCl₆"}
COLOURS: Final = dict(zip(NAMES, TWO, strict=True))
# as QL-017 and QL-018 are judged
FIRST: Final = {name: Run("cell", "nca_lto", {ELECTROLYTE: name}) for name in NAMES}
PAIRS: Final = {
    f"{grains}, {NAMES[name]}": life(grains, name)
    for grains in ("single_crystal", "random")
    for name in (CHLORIDE, SULFIDE)
}
LOOKS: Final = {"single_crystal": "-", "random": "--"}
AXES: Final = (  # name, poor, good
    ("capacity, 0.1C", 120.0, 220.0),
    ("capacity, 0.5C", 60.0, 180.0),
    ("first efficiency", 0.7, 1.0),
    ("left after 200 cycles", 0.0, 1.0),
    ("lightness", 3.0, 1.5),
)


def _first_charge(results: Results) -> "Figure":
    runs = []
    for name, look in pair(results, NAMES):
        series = results[name].series
        signal = signals_over_charge(series)[0]
        potential = Potential(signal.along, series.voltage[: signal.along.size])
        runs.append(along_charge(signal, potential, look))
    return stacked("Charge (mAh)", ("Voltage (V)", "ΔP (kPa)", "dP/dQ\n(kPa/mAh)"), runs)


def _interfaces(results: Results) -> "Figure":
    """Film, contact and cut-off grains over the life, where the paper has a sketch."""
    keys = {
        "cathode_decomposition_mAh_per_cm2": ("Film (µAh/cm²)", 1e3),
        "contact_fraction_end_of_charge": ("Contact,\ncharged (%)", 100.0),
        "isolated_share_end": ("Cut off (%)", 100.0),
    }
    grid = []
    for key, (label, scale) in keys.items():
        curves = [
            over_cycles(results[name], key, Look(name, COLOURS[material]), scale)
            for material, name in NAMES.items()
        ]
        grid.append([Pane("Cycle", label, curves, ylim=(0, None))])
    return panes(grid, 1.3, 5.0)


def _retentions(results: Results) -> "Figure":
    curves = []
    for name, result in results.items():
        grains, _, electrolyte = name.partition(", ")
        material = next(key for key, shown in NAMES.items() if shown == electrolyte)
        label = name.replace("_", " ")
        curves.append(retention(result, label, COLOURS[material], LOOKS[grains]))
    return panes([[Pane("Cycle at 0.5C", "Capacity left (%)", curves, ylim=(0, 105))]], 2.6)


def _spider(results: Results) -> "Figure":
    scores = {name.replace("_", " "): _scores(result) for name, result in results.items()}
    return spider([name for name, *_ in AXES], scores)


def _scores(result: "CellResult") -> list[float]:
    held, first = capacities(result), result.cycles[0]
    electrolyte = result.input["cathode"]["electrolyte"]["material"]
    values = (
        float(first["discharge_capacity_mAh_per_g"] or 0.0),
        float(held[0]),
        float(first["coulombic_efficiency"] or 0.0),
        float(held[-1] / held[0]),
        1e-3 * load_material(electrolyte).value("density"),
    )
    return [
        float(np.clip((value - poor) / (good - poor), 0.0, 1.0))
        for value, (_, poor, good) in zip(values, AXES, strict=True)
    ]


PANELS: Final = (
    Panel(
        id="F8a",
        title="First charge of NCA with a chloride and with a sulfide.",
        claims=("F-033", "QL-017"),
        caption=(
            "Bare NCA against LTO: Li-In, which the paper has, would hide the electrolyte "
            "(E-17). Voltage, pressure, and its slope."
        ),
        draw=_first_charge,
        runs=FIRST,
        constants=("nca.volume_strain", f"{SULFIDE}.oxidation_film_volume"),
    ),
    Panel(
        id="F8b",
        title="How the interfaces change with a chloride and with a sulfide.",
        claims=("F-034",),
        caption=(
            "Random grains of NCA88 over 200 cycles: charge that went into films, contact at "
            "the end of charge, and grains that are cut off, where the paper has a sketch."
        ),
        draw=_interfaces,
        runs={NAMES[name]: life("random", name) for name in NAMES},
        constants=(*CONSTANTS, f"{SULFIDE}.oxidation_growth", f"{CHLORIDE}.oxidation_growth"),
    ),
    Panel(
        id="F8c",
        title="Retention of four pairs of grains and electrolyte.",
        claims=("F-035", "M-019", "QL-018"),
        caption=(
            "NCA88 against Li-In, 200 cycles at 0.5C. The paper prints an order, no numbers; "
            "single crystals differ by less than a point here."
        ),
        draw=_retentions,
        runs=PAIRS,
        constants=CONSTANTS,
    ),
    Panel(
        id="F8d",
        title="Performance of the four pairs on several axes.",
        claims=("F-036", "QL-018", "Q-104", "Q-105"),
        caption="; ".join(f"{name}: {poor:g} to {good:g}" for name, poor, good in AXES)
        + " (mAh/g, shares, g/cm³ of the electrolyte). Cost has no model.",
        draw=_spider,
        runs=PAIRS,
        constants=(*CONSTANTS, f"{SULFIDE}.density", f"{CHLORIDE}.density"),
    ),
)
