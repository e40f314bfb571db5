"""Fig. 10: lithium under pressure, and a cathode that holds it."""

from typing import TYPE_CHECKING, Final

from lithomech.files.quantity import parse_quantity
from lithomech.plot.blend import pressure_of_blends
from lithomech.plot.paper import TWO, Curve, Pane, panes
from lithomech.plot.style import GREEN
from lithomech.studies.blend import flat_blend
from lithomech.validation.figures.drawing import Look, over_cycles
from lithomech.validation.figures.panel import Panel, Reading, Results
from lithomech.validation.predictions.lithium import cycling
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDES: Final = {"Positive": "stripped first", "Negative": "plated first"}
HOUR: Final = 3600.0
MANY, THIN = 20, 0.4  # cycles, and width of their lines [points]
BLEND: Final = Run("cell", "lco_ncm811_lpscl_lto", seconds=3.0)
SHARES: Final = (0.55, 0.45)  # of LiCoO2, as printed and as a digest of the source has it
CONSTANTS: Final = (
    "li.void_current_creep",
    "li.void_creep_exponent",
    "li6ps5cl.flaw_size",
    "li6ps5cl.fracture_toughness",
)


def _test(current: str, pressure: str) -> Run:
    """A hundred cycles of an hour each way, as the register judges them."""
    given = {
        "current_density": parse_quantity(current, "A/m^2"),
        "stack_pressure": parse_quantity(pressure, "Pa"),
    }
    return Run("cell", "li_li", cycling(given), 2.0)


LOW: Final = _test("1 mA/cm^2", "3 MPa")
HIGH: Final = _test("1 mA/cm^2", "7 MPa")
FAST: Final = _test("2 mA/cm^2", "7 MPa")


def _potentials(results: Results) -> "Figure":
    result = results["cell"]
    width = None if len(result.cycles) <= MANY else THIN
    columns, curves = result.series.columns, []
    for (side, label), colour in zip(SIDES.items(), TWO, strict=True):
        potential = 1e3 * columns[f"{side} Electrode Potential / V"]
        curves.append(Curve(result.time / HOUR, potential, label, colour, width=width))
    title = f"{result.status} in cycle {len(result.cycles)}"
    pane = Pane("Time (h)", "Potential\n(mV vs Li)", curves, (), title)
    return panes([[pane]], 2.2, 5.4)


def _cycles(results: Results) -> tuple[Reading, ...]:
    result = results["cell"]
    done = len(result.cycles) - (result.status == "short")
    return (Reading("Q-112", "cycles", float(done)),)


def _mechanism(results: Results) -> "Figure":
    """Contact that stripping leaves, and the flaw that plating splits, cycle by cycle."""
    looks = {"3 MPa": TWO[0], "7 MPa": TWO[1], "2 mA/cm², 7 MPa": GREEN}
    contact, depth = [], []
    for name, result in results.items():
        label = name.removesuffix(", no flaw")
        if name.endswith("no flaw"):
            look = Look(label, looks[label])
            contact.append(over_cycles(result, "lithium_contact_fraction_min", look, 100.0))
        else:
            crack = [float(cycle["separator_crack_um"] or 0.0) for cycle in result.cycles]
            cycles = result.series.cycle
            count = range(1, len(result.cycles) + 1)
            ends = [float(result.time[cycles == n].max()) / HOUR for n in count]
            depth.append(Curve(ends, crack, label, looks[label], "o-"))
    row = [
        Pane("Cycle", "Contact left, no flaw (%)", contact, ylim=(0, 105)),
        Pane("Time (h)", "Crack in the separator (µm)", depth, log="xy"),
    ]
    return panes([row], 2.3)


def _blends(results: Results) -> "Figure":
    cell = results.wanted["cell"].declared()
    return pressure_of_blends(flat_blend(cell, SHARES, results.runs.cells))  # type: ignore[arg-type]


def _flat(results: Results) -> tuple[Reading, ...]:
    cell = results.wanted["cell"].declared()
    share = flat_blend(cell, SHARES, results.runs.cells).share  # type: ignore[arg-type]
    return () if share is None else (Reading("Q-117", "blend_weight_fraction", share),)


WORDS: Final = (
    "Li | Li6PS5Cl | Li, an hour each way, both potentials. What feeds the interface is set on "
    "case C2, the flaw on C3, the speed of its crack on C4."
)
PANELS: Final = (
    Panel(
        id="F10a",
        title="Lithium at 1 mA/cm2 and 3 MPa.",
        claims=("F-038", "Q-109", "Q-110"),
        caption=f"{WORDS} In the paper the short comes a few cycles later.",
        draw=_potentials,
        runs={"cell": LOW},
        constants=CONSTANTS,
    ),
    Panel(
        id="F10b",
        title="Lithium at 1 mA/cm2 and 7 MPa.",
        claims=("F-039", "Q-111", "Q-112"),
        caption=WORDS,
        draw=_potentials,
        runs={"cell": HIGH},
        read=_cycles,
        constants=CONSTANTS,
    ),
    Panel(
        id="F10c",
        title="Lithium at 2 mA/cm2 and 7 MPa.",
        claims=("F-040", "Q-113"),
        caption=WORDS,
        draw=_potentials,
        runs={"cell": FAST},
        constants=CONSTANTS,
    ),
    Panel(
        id="F10d",
        title="How voids under lithium end in a short.",
        claims=("F-041", "QL-020"),
        caption=(
            "Left, the contact that stripping leaves where no flaw splits; right, how deep the "
            "flaw is split at the end of each cycle, until it crosses the separator of 1 mm. "
            "The paper has a sketch."
        ),
        draw=_mechanism,
        runs={
            "3 MPa": LOW,
            "7 MPa": HIGH,
            "2 mA/cm², 7 MPa": FAST,
            "3 MPa, no flaw": LOW.changed(mechanisms__separator_crack="none"),
            "7 MPa, no flaw": HIGH.changed(mechanisms__separator_crack="none"),
            "2 mA/cm², 7 MPa, no flaw": FAST.changed(mechanisms__separator_crack="none"),
        },
        constants=CONSTANTS,
    ),
    Panel(
        id="F10e",
        title="Stack pressure of LiCoO2, NCM811 and their blends against LTO.",
        claims=("F-042", "Q-117", "QL-003", "QL-021"),
        caption=(
            "Pure hosts, both orders of 55:45 (E-14), and the blend that is flat at the end of "
            "charge by root search: on the way no blend is. Each host reaches its own lithium "
            "content."
        ),
        draw=_blends,
        runs={"cell": BLEND},
        read=_flat,
        constants=("lco.volume_strain", "ncm811.volume_strain"),
    ),
)
