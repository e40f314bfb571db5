"""Fig. 9: what a charge becomes under three applied pressures."""

from typing import TYPE_CHECKING, Final

from lithomech.cell.spec import ConstantPressure, Spring, Stiffness
from lithomech.plot.fixture import layers_and_pressure
from lithomech.studies.fixture import fixture_study
from lithomech.validation.figures.panel import Panel, Results
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL: Final = Run("cell", "ncm811_lpscl_li_spring")
MPA: Final = 1e6


def _frame(pressure: float, stiffness: float) -> Spring:
    """A spring: stack pressure [MPa], stiffness [MPa/um]."""
    return Spring(MPA * pressure, Stiffness(MPA * MPA * stiffness, "Pa/m"))


FRAMES: Final = {
    "low, free\n1 MPa, 0.004 MPa/µm": _frame(1.0, 0.004),
    "medium\n20 MPa, 0.4 MPa/µm": _frame(20.0, 0.4),
    "high, dead weight\n60 MPa": ConstantPressure(60.0 * MPA),
    "high, stiff\n60 MPa, 4 MPa/µm": _frame(60.0, 4.0),
}


def _layers(results: Results) -> "Figure":
    cell = results.wanted["cell"].declared()
    return layers_and_pressure(fixture_study(cell, FRAMES))  # type: ignore[arg-type]


PANELS: Final = (
    Panel(
        id="F9",
        title="Dimensions of NCM | Li cells under three applied pressures.",
        claims=("F-037", "QL-019", "Q-022", "Q-080"),
        caption=(
            "NCM811 | Li6PS5Cl | Li, one charge in four fixtures: change of every layer, to "
            "scale, and the stack pressure, where the paper has a sketch."
        ),
        draw=_layers,
        runs={"cell": CELL},
        constants=("ncm811.volume_strain", "li.partial_molar_volume"),
    ),
)
