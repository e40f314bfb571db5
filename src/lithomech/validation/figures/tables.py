"""Tables 1 to 3, number by number, from the library, lattices and pressed grains."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from lithomech.laws.elasticity import bulk_modulus, shear_modulus
from lithomech.materials.load import load_material
from lithomech.plot.validation import Compared, errors
from lithomech.validation.compared import compared
from lithomech.validation.figures.panel import Panel, Reading, Results
from lithomech.validation.judge import judge
from lithomech.validation.library import by_claim
from lithomech.validation.predictions.trends import PRESSURES, ROWS
from lithomech.validation.register import load_register
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def rows(letters: str) -> tuple[str, ...]:
    """Claims of a table in its order."""
    return tuple(name for name in load_register().claims if name.startswith(letters))


COMPOSITIONS: Final = ("85_15", "70_30", "50_50")
PRESSED: Final[Mapping[str, Run]] = {
    name.replace("_", ":"): Run("structure", f"table3_{name}", {"seeds": "3"}, seconds=60.0)
    for name in COMPOSITIONS
}
LONGEST: Final = 14  # letters of a formula; the name in the library is shorter
ROUNDING: Final = 0.033  # of K where nu is printed to 0.01, at nu = 0.37
YOUNG, POISSON = "youngs_modulus", "poisson_ratio"
FROM_BOTH: Final = {"shear_modulus": shear_modulus, "bulk_modulus": bulk_modulus}


def _elastic(_: Results) -> tuple[Reading, ...]:
    """G and K of a row from its E and nu, where all are printed."""
    claims = load_register().claims
    found = []
    for name in rows("T1-"):
        printed = claims[name].published
        if YOUNG not in printed or POISSON not in printed:
            continue
        young, poisson = printed[YOUNG].ends()[0], printed[POISSON].ends()[0]
        for key, law in FROM_BOTH.items():
            if key in printed:
                found.append(Reading(name, key, float(law(young, poisson)), at="from E and nu"))
    return tuple(found)


def _misses(letters: str) -> "Callable[[Results], Figure]":
    """Draw the relative error of each predicted number of a table."""

    def draw(results: Results) -> "Figure":
        found = compared(judge(rows(letters), runs=results.runs))
        return errors([row._replace(claim=_about(row.claim)) for row in found])

    return draw


def _about(claim: str) -> str:
    """What a row of a table is about, before its id."""
    for weight, names in ROWS.items():
        if claim in names:
            pressure = PRESSURES[names.index(claim)]
            return f"{weight}:{100 - weight}, {pressure} MPa, {claim}"
    stored = by_claim().get(claim)
    if not stored:
        return claim
    material = load_material(stored[0].material)
    name = material.formula if len(material.formula) <= LONGEST else material.name
    return f"{name}, {claim}"


def _elastic_misses(results: Results) -> "Figure":
    """The same of what E and nu give; half a unit of the last digit is the tolerance."""
    every = []
    for reading in _elastic(results):
        number = reading.number()
        printed, miss = number.published[0], number.error()
        met = "contradicted" if abs(miss) > ROUNDING else "reproduced"
        label = number.name.partition(",")[0]
        every.append(
            Compared(_about(reading.claim), label, met, printed, reading.value, miss, ROUNDING)
        )
    return errors(every)


PANELS: Final = (
    Panel(
        id="T1",
        title="Moduli of inorganic electrolytes.",
        claims=rows("T1-"),
        caption=(
            "All printed constants stand in the library. G and K are set beside what E and nu "
            "of the same row give by isotropic elasticity: the column K of the bromides "
            "repeats G (E-02)."
        ),
        draw=_elastic_misses,
        read=_elastic,
    ),
    Panel(
        id="T2",
        title="Reactions of active materials: capacity and change of volume.",
        claims=rows("T2-"),
        caption=(
            "Capacities by n F/M, volumes from lattices, or both at one potential where "
            "diffraction has them (E-26: the printed pairs are of two potentials)."
        ),
        draw=_misses("T2-"),
    ),
    Panel(
        id="T3",
        title="Conductivities and tortuosity factors of NCM88 with Li6PS5Cl.",
        claims=rows("T3-"),
        caption=(
            "Grains pressed at 370 MPa; nothing is set on the table. Their sizes are not "
            "printed and were assumed, 4 and 1.9 µm; three pieces of each."
        ),
        draw=_misses("T3-"),
        runs=PRESSED,
        constants=("li6ps5cl.matrix_strength", "ncm88.electronic_conductivity"),
    ),
)
