"""Fig. 1: sources of stress, what fails, how large it is, and where the package has it."""

from typing import TYPE_CHECKING, Final

from lithomech.laws.lithium import plated_thickness
from lithomech.materials.catalogue import RULES
from lithomech.materials.load import load_material
from lithomech.materials.wording import unit_of
from lithomech.plot.paper import Box, chart
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.library import Library
from lithomech.validation.predictions.hosts import volume_on_charge
from lithomech.validation.predictions.sources_of_stress import reduced_volume
from lithomech.validation.predictions.trends import oxidised_volume

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONSTANTS: Final = (
    "li.partial_molar_volume",
    "uniaxial_die.fabrication_pressure",
    "ncm88.boundary_energy",
    "sulfide.oxidation_limit",
    "chloride.oxidation_limit",
    "li.void_current_creep",
    "li6ps5cl.flaw_size",
    "li6ps5cl.fracture_toughness",
    "li6ps5cl.creep_time",
    "li6ps5cl_glass_ceramic.creep_time",
)
MAH_PER_CM2: Final = 36e3  # C/m2
CHARGED: Final = 4.3  # V


def _chart(_: Results) -> "Figure":
    return chart(
        (
            ("Sources of stress", _sources()),
            ("What fails in the electrode", _electrode()),
            ("What fails at lithium", _lithium()),
            ("What can be done", _remedies()),
        )
    )


def _constant(name: str) -> str:
    """Value of a material of the library with its unit."""
    material, _, key = name.rpartition(".")
    value = load_material(material).value(key)
    shown = unit_of(key, value, RULES[key].unit)
    return f"{value / shown.size:.3g} {shown.unit}"


def _sources() -> list[Box]:
    library = Library()
    given = {"material": "ncm811", "potential": CHARGED}
    host = float(volume_on_charge(library, given)["reaction_volume_change"])
    strain = load_material("graphite").curve("volume_strain")
    graphite = float(strain(1.0) - strain(0.0))
    molar = load_material("li").value("partial_molar_volume")
    plated = float(plated_thickness(MAH_PER_CM2, molar))
    reduced, oxidised = reduced_volume(library), oxidised_volume(library)
    return [
        Box(
            "hosts that breathe",
            f"NCM811 {100.0 * host:+.1f} %, graphite {100.0 * graphite:+.1f} %",
            "laws.chemomechanics; F3a, T2",
        ),
        Box("lithium that is plated", f"{1e6 * plated:.2f} µm per mAh/cm²", "laws.lithium; F9"),
        Box(
            "oxidised electrolyte",
            f"Li6PS5Cl {100.0 * oxidised:+.1f} %",
            "laws.decomposition; F3c",
        ),
        Box(
            "reduced electrolyte",
            f"Li10GeP2S12 {1e6 * reduced:+.1f} cm³ per mol Li",
            "laws.decomposition; F3b",
        ),
        Box(
            "pressing and frame",
            f"pressed at {_constant('uniaxial_die.fabrication_pressure')}",
            "cell.spec.fixture; F9",
        ),
    ]


def _electrode() -> list[Box]:
    return [
        Box(
            "cracks in particles",
            f"{_constant('ncm88.boundary_energy')} between grains",
            "particle; F4, F5",
        ),
        Box("grains that are cut off", "", "mechanisms.isolation; F6"),
        Box("contact that opens", "", "mechanisms.contact; F7, F8"),
        Box(
            "films that resist",
            f"sulfides from {_constant('sulfide.oxidation_limit')}",
            "mechanisms.interphase; F8b",
        ),
        Box("voids from decomposition", "", "microstructure.decomposed; F3e"),
    ]


def _lithium() -> list[Box]:
    flaw, toughness = (
        _constant(f"li6ps5cl.{key}") for key in ("flaw_size", "fracture_toughness")
    )
    return [
        Box(
            "voids under stripping",
            f"fed {_constant('li.void_current_creep')} at 10 MPa",
            "mechanisms.lithium_voids; F10",
        ),
        Box("current crowding", "", "laws.lithium; F10d"),
        Box("a flaw that splits", f"{flaw}, {toughness}", "mechanisms.separator_crack; F10"),
        Box("a short", "", "status short; F10"),
    ]


def _remedies() -> list[Box]:
    soft, hard = (_constant(f"li6ps5cl{kind}.creep_time") for kind in ("_glass_ceramic", ""))
    return [
        Box("texture, single crystals", "", "morphology; F5, F6"),
        Box("softer electrolytes", f"creep in {soft}, not {hard}", "mechanisms.creep; F7"),
        Box(
            "stable electrolytes",
            f"chlorides to {_constant('chloride.oxidation_limit')}",
            "materials; F2b, F8",
        ),
        Box("blends of hosts", "", "studies.blend; F10e"),
        Box("composition, grain sizes", "", "microstructure; F12"),
        Box("pressure as a probe", "", "observe.pressiometry; F11"),
    ]


PANELS: Final = (
    Panel(
        id="F1",
        title="Sources of stress, failures and remedies: how large, and what computes each.",
        claims=("F-001",),
        caption=(
            "Where the paper has a scheme of categories, each box has a number of the library "
            "where one says how large it is, the part of lithomech that has a law for it, and "
            "the panels that show it (on the page of all panels, a click goes there)."
        ),
        draw=_chart,
        constants=CONSTANTS,
    ),
)
