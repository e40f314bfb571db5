"""Fig. 2: which electrolyte, for what reasons."""

from typing import TYPE_CHECKING, Final

from lithomech.materials.classes import class_ranges
from lithomech.materials.load import known, load_material
from lithomech.materials.ranking import AXES, MISSING
from lithomech.plot.materials import limits, windows
from lithomech.plot.materials_curves import tensile_tests
from lithomech.plot.materials_radar import class_radars
from lithomech.validation.figures.panel import Panel, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.materials.material import Material

FAMILIES: Final = ("oxide", "sulfide", "chloride", "polymer")
ANIONS: Final = ("fluoride", "chloride", "bromide", "iodide", "oxide", "sulfide")


def _electrolytes() -> "list[Material]":
    """All electrolytes and families of the library."""
    loaded = (load_material(name) for name in known())
    return [m for m in loaded if m.role in {"electrolyte", "family"}]


def _radar(_: Results) -> "Figure":
    ranges = class_ranges(_electrolytes())
    shown = {family: ranges[family] for family in FAMILIES if family in ranges}
    return class_radars(shown, columns=2)


def _windows(_: Results) -> "Figure":
    shown = [m for m in _electrolytes() if m.family in ANIONS and limits(m)[1] is not None]
    return windows(shown)


def _tensile(_: Results) -> "Figure":
    return tensile_tests(_electrolytes(), load_material("li"))


PANELS: Final = (
    Panel(
        id="F2a",
        title="Oxides, sulfides, chlorides and polymers against what a cell needs.",
        claims=("F-002", "Q-024", "Q-025", "Q-027", "Q-028", "Q-029", "QL-028"),
        caption=(
            "Scores from 0 in the middle to 1 at the rim, each of a number of the library: "
            + "; ".join(f"{axis.name}: {axis.rule}" for axis in AXES)
            + f". Dots are medians of a family, bars go from its lowest to its highest member; "
            f"where no member has the number there is no dot. {MISSING}"
        ),
        draw=_radar,
        constants=(
            "llzo.ionic_conductivity",
            "li6ps5cl.ionic_conductivity",
            "li6ps5cl.youngs_modulus",
        ),
    ),
    Panel(
        id="F2b",
        title="Stability windows of inorganic electrolytes.",
        claims=("F-003", "Q-019", "Q-020", "Q-030", "Q-031", "Q-032", "Q-033", "Q-082"),
        caption=(
            "From the reduction to the oxidation limit, under the names of the library; arrows "
            "stand for limits that nobody gives, hollow marks are other published limits. The "
            "paper has calculated windows by anion; classes are marked as such."
        ),
        draw=_windows,
        constants=("chloride.oxidation_limit", "sulfide.oxidation_limit"),
    ),
    Panel(
        id="F2c",
        title="Stress against strain of brittle and of ductile bodies.",
        claims=("F-004",),
        caption=(
            "The paper sketches typical curves. Ours are tensile tests of electrolytes that "
            "break at an assumed surface flaw of 10 µm, and of lithium that creeps."
        ),
        draw=_tensile,
        constants=("li6ps5cl.fracture_toughness", "li.creep_exponent", "li.youngs_modulus"),
    ),
)
