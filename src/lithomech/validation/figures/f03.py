"""Fig. 3: sources of stress, and the electrolyte as one of them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.microstructure.decomposed import open_surface
from lithomech.observe.differential import difference
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.plot.paper import ranked
from lithomech.plot.structure import section
from lithomech.validation.figures.drawing import Potential, along_charge, pair, pressed, stacked
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MILLI: Final = 1e-3
RUO2: Final = Run("cell", "ruo2_lpsx_lto")
INDIUM: Final = {"type": "planar", "material": "li_in", "thickness": "100 um"}
GRAPHITE: Final = {"anode.active[0].coating": None, "protocol": ["Charge at 0.1C until 4.2 V"]}
SOURCES: Final = Run("cell", "ncm811_lpscl_graphite")
HELD: Final = Run("cell", "ruo2_lto")  # as QL-010 is judged
PIECE: Final = Run(
    "structure",
    "table3_70_30",
    {
        "seeds": "1",
        "composition.active[0].material": "ruo2",
        "name": "RuO2, Li6PS5Cl 70:30",
        "stack_pressures": ["3 MPa"],  # that of the cell
    },
    seconds=30.0,
)
LEAST: Final = 0.005  # um; smaller causes are left out


def _sources(results: Results) -> "Figure":
    """Thickness at the end of the first charge by layer and cause."""
    found = results["cell"]
    last = int(np.flatnonzero(found.series.current > 0.0)[-1])
    rows = found.series.cycle[: last + 1]
    last = int(np.flatnonzero((rows == 1) & (found.series.current[: last + 1] > 0.0))[-1])
    grown = {
        f"{layer}: {cause}".replace(" um", " µm"): 1e6 * float(change[last] - change[0])
        for (layer, cause), change in found.ledger.items()
    }
    shown = {name: value for name, value in grown.items() if abs(value) > LEAST}
    return ranked(shown, "Thickness added by the first charge (µm)")


def _graphite(results: Results) -> "Figure":
    reference = signals_over_charge(results["lto"].series)[0]
    area = 1e4 * results["lto"].cell.geometry.cross_section
    runs = []
    for name, look in pair(results, {"li3ps4": "Li₃PS₄", "lgps": "Li₁₀GeP₂S₁₂"}, skip="lto"):
        series = results[name].series
        own = signals_over_charge(series)[0]
        potential = Potential(own.along, series.negative_potential[: own.along.size])
        runs.append(along_charge(difference(own, reference), potential, look, area))
    words = ("Graphite\n(V vs Li/Li⁺)", "ΔP of graphite\n(kPa)", "dP/dQ\n(kPa/mAh)")
    return stacked("Charge (mAh/cm²)", words, runs)


def _ruo2(results: Results) -> "Figure":
    area = 1e4 * results["against LTO"].cell.geometry.cross_section
    runs = []
    for name, look in pair(results):
        series = results[name].series
        signal = signals_over_charge(series)[0]
        potential = Potential(signal.along, series.positive_potential[: signal.along.size])
        runs.append(along_charge(signal, potential, look, MILLI * area)[:2])
    return stacked("Charge (µAh/cm²)", ("RuO₂ (V vs Li/Li⁺)", "ΔP (kPa)"), runs)


def _voids(results: Results) -> "Figure":
    """The surface of active grains as far open as the cell has lost contact."""
    piece, cell = results["structure"], results["cell"]
    kept = float(cell.profiles["cathode_contact_fraction"][-1].mean())
    name = f"after 20 h at 4.3 V, {100.0 * kept:.0f} % contact left"
    opened = open_surface(piece, kept).labels
    return section(replace(piece, labels=opened, name=name), opened != piece.labels)


PANELS: Final = (
    Panel(
        id="F3a",
        title="What adds thickness, hence stress, in a charge.",
        claims=("F-005", "QL-001"),
        caption=(
            "NCM811 | Li6PS5Cl | graphite in a spring: the ledger of thickness at the end of "
            "the first charge, by layer and cause, where the paper has a sketch."
        ),
        draw=_sources,
        runs={"cell": SOURCES},
        constants=("ncm811.volume_strain", "graphite.volume_strain"),
    ),
    Panel(
        id="F3b",
        title="Graphite in Li3PS4 and in Li10GeP2S12: potential, pressure and its slope.",
        claims=("F-006", "QL-007", "Q-081"),
        caption=(
            "Pressure of the cell with graphite less that with LTO. How fast the electrolytes "
            "decompose is assumed: signs and shapes count, not amounts."
        ),
        draw=_graphite,
        runs={
            "lto": Run("cell", "ncm811_lpscl_lto", {"protocol": GRAPHITE["protocol"]}),
            **{
                name: Run(
                    "cell",
                    "ncm811_lpscl_graphite",
                    {**GRAPHITE, "anode.electrolyte.material": name},
                )
                for name in ("li3ps4", "lgps")
            },
        },
        constants=("lgps.reduction_film_volume", "graphite.volume_strain"),
    ),
    Panel(
        id="F3c",
        title="RuO2, which takes no lithium: voltage and falling pressure.",
        claims=("F-007", "QL-008", "QL-010"),
        caption=(
            "The caption of the paper has LTO as counter electrode, its text Li-In (E-17). "
            "Both are run: the growth of Li-In hides what the electrolyte loses."
        ),
        draw=_ruo2,
        runs={
            "against LTO": RUO2,
            "against Li-In": RUO2.changed(anode=INDIUM),
        },
        constants=(
            "li6ps5cl0.5br0.5.oxidation_film_volume",
            "li6ps5cl0.5br0.5.oxidation_limit",
        ),
    ),
    Panel(
        id="F3d",
        title="Section of RuO2 in a sulfide before the charge.",
        claims=("F-008",),
        caption=(
            "Pressed from grains at 370 MPa: light RuO2, grey sulfide, dark voids. Sizes are "
            "assumed, 4 and 1.9 µm."
        ),
        draw=pressed,
        runs={"structure": PIECE},
        constants=("ruo2.density", "li6ps5cl.matrix_strength"),
    ),
    Panel(
        id="F3e",
        title="Voids in the same composite after the charge.",
        claims=("F-009", "QL-008", "QL-010"),
        caption=(
            "The share of contact that oxidation leaves in a cell at 3 MPa after 20 h at "
            "4.3 V; the surface of RuO2 opens where it is farthest from contacts that bear "
            "force: in red, one voxel or 0.16 µm wide; by the model these voids are 2 nm wide."
        ),
        draw=_voids,
        runs={"structure": PIECE, "cell": HELD},
        constants=(
            "li6ps5cl0.5br0.5.oxidation_film_volume",
            "li6ps5cl0.5br0.5.oxidation_growth",
        ),
    ),
)
