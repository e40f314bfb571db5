"""Fig. 7: contact that opens, and electrolytes that follow."""

from typing import TYPE_CHECKING, Final

from lithomech.plot.paper import Pane, panes, sections
from lithomech.validation.figures.drawing import NARROW, over_cycles, pair, pressed
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.figures.particles import CONSTANTS, flat, images
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIECE: Final = Run(
    "structure",
    "table3_70_30",
    {
        "seeds": "1",
        "composition.active[0].material": "nca",
        "name": "NCA, Li6PS5Cl 70:30",
    },
    30.0,
)
LCO: Final = {
    "material": "lco",
    "weight": "rest",
    "diameter": "10 um",
    "morphology": "single_crystal",
}
CYCLE: Final = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.6 V"]
ELECTROLYTES: Final = {"glass-ceramic": "li6ps5cl_glass_ceramic", "crystalline": "li6ps5cl"}
LIVES: Final = {
    name: Run(
        "cell",
        "nca88_li3ycl6_liin",
        {
            "cathode.active": [LCO],
            "cathode.electrolyte": {"material": material, "weight": "30 %"},
            "separator.material": material,
            "output.traces": "none",
            "protocol": [{"repeat": 100, "steps": CYCLE}],
        },
        2.0,
    )
    for name, material in ELECTROLYTES.items()
}
SOFT: Final = ("li6ps5cl_glass_ceramic.creep_time", "li6ps5cl.creep_time")
WORDS: Final = (
    "LiCoO2 against Li-In, 100 cycles at 0.1C, both pressed alike at 70 MPa. The time of creep "
    "of the glass-ceramic is assumed, set on the sign of Fig. 7c."
)


def _detached(results: Results) -> "Figure":
    return sections(images(results["particle"], ("as made", "charged")), columns=2)


def _over_cycles(results: Results, key: str, label: str, low: float | None = 0.0) -> "Figure":
    curves = [over_cycles(results[name], key, look) for name, look in pair(results)]
    return panes([[Pane("Cycle", label, curves, ylim=(low, None))]], 2.4, NARROW)


def _capacity(results: Results) -> "Figure":
    return _over_cycles(results, "discharge_capacity_mAh_per_g", "Capacity (mAh/g)", None)


def _resistance(results: Results) -> "Figure":
    key = "cathode_interface_resistance_ohm_cm2"
    return _over_cycles(results, key, "Interface, charged (Ω cm²)")


def _warburg(results: Results) -> "Figure":
    key = "cathode_warburg_coefficient_ohm_cm2_per_sqrt_s"
    return _over_cycles(results, key, "Warburg coefficient\n(Ω cm²/s$^{0.5}$)")


PANELS: Final = (
    Panel(
        id="F7a",
        title="Section of an NCA electrode before cycling.",
        claims=("F-028",),
        caption="NCA in Li6PS5Cl pressed from grains; the text of the paper has NCM (E-30).",
        draw=pressed,
        runs={"structure": PIECE},
        constants=("li6ps5cl.matrix_strength",),
    ),
    Panel(
        id="F7b",
        title="After the first charge: cracks inside, gaps around.",
        claims=("F-029", "QL-001"),
        caption=(
            "One particle of NCA88 in Li6PS5Cl at 20 MPa, as made and charged to 4.3 V: its "
            "grain boundaries open, and it comes off the electrolyte. Two-dimensional; lattice "
            "and grain boundaries are those of NCM88, so it is the particle of F4c."
        ),
        draw=_detached,
        runs={"particle": flat("ncm88_random", material="nca88")},
        constants=tuple(name.replace("ncm88", "nca88") for name in CONSTANTS),
    ),
    Panel(
        id="F7c",
        title="Capacity over cycles with glass-ceramic and crystalline Li6PS5Cl.",
        claims=("F-030", "M-018", "Q-101", "Q-102", "QL-016"),
        caption=f"{WORDS} The axis does not begin at zero.",
        draw=_capacity,
        runs=LIVES,
        constants=SOFT,
    ),
    Panel(
        id="F7d",
        title="Interface resistance over the same cycles.",
        claims=("F-031", "QL-009"),
        caption=f"{WORDS} In the paper both stay alike.",
        draw=_resistance,
        runs=LIVES,
        constants=(*SOFT, "lco.exchange_current_density"),
    ),
    Panel(
        id="F7e",
        title="Warburg coefficient over the same cycles.",
        claims=("F-032", "QL-016"),
        caption=f"{WORDS} In the paper the crystalline one rises far more.",
        draw=_warburg,
        runs=LIVES,
        constants=(*SOFT, "lco.diffusivity"),
    ),
)
