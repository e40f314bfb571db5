"""Fig. 1: sources of stress, what fails, and where the package has it."""

from typing import TYPE_CHECKING, Final

from lithomech.plot.paper import chart
from lithomech.validation.figures.panel import Panel, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: Final = (
    (
        "Sources of stress",
        (
            ("hosts that breathe", "laws.chemomechanics; F3a, T2"),
            ("lithium that is plated", "laws.lithium; F9"),
            ("oxidised electrolyte", "laws.decomposition; F3c"),
            ("reduced electrolyte", "laws.decomposition; F3b"),
            ("pressing and frame", "cell.spec.fixture; F9"),
        ),
    ),
    (
        "What fails in the electrode",
        (
            ("cracks in particles", "particle; F4, F5"),
            ("grains that are cut off", "mechanisms.isolation; F6"),
            ("contact that opens", "mechanisms.contact; F7, F8"),
            ("films that resist", "mechanisms.interphase; F8b"),
            ("voids from decomposition", "microstructure.decomposed; F3e"),
        ),
    ),
    (
        "What fails at lithium",
        (
            ("voids under stripping", "mechanisms.lithium_voids; F10"),
            ("current crowding", "laws.lithium; F10d"),
            ("a flaw that splits", "mechanisms.separator_crack; F10"),
            ("a short", "status short; F10"),
        ),
    ),
    (
        "What can be done",
        (
            ("texture, single crystals", "morphology; F5, F6"),
            ("softer electrolytes", "mechanisms.creep; F7"),
            ("stable electrolytes", "materials; F2b, F8"),
            ("blends of hosts", "studies.blend; F10e"),
            ("composition, grain sizes", "microstructure; F12"),
            ("pressure as a probe", "observe.pressiometry; F11"),
        ),
    ),
)


def _chart(_: Results) -> "Figure":
    return chart(COLUMNS)


PANELS: Final = (
    Panel(
        id="F1",
        title="Sources of stress, failures and remedies, and what computes each.",
        claims=("F-001",),
        caption=(
            "Where the paper has a scheme of categories, each box names the part of lithomech "
            "that has a law for it and the panels that show it."
        ),
        draw=_chart,
    ),
)
