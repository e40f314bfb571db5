"""Fig. 4: cracks seen, counted and heard, and what they do to lithium."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.observe.acoustic import damage_activity
from lithomech.observe.cracks import cracks
from lithomech.particle.section import canvas
from lithomech.plot.cracks import overlay
from lithomech.plot.paper import TWO, Curve, Pane, Printed, bars, panes, sections
from lithomech.plot.particle import micrograph
from lithomech.plot.style import AMBER, GREEN, MUTED
from lithomech.validation.figures.drawing import pair
from lithomech.validation.figures.lives import CONSTANTS as OF_LIVES
from lithomech.validation.figures.lives import SULFIDE, life
from lithomech.validation.figures.panel import (
    CALIBRATED,
    PREDICTED,
    Panel,
    Reading,
    Results,
)
from lithomech.validation.figures.particles import (
    CONSTANTS,
    LABELS,
    SMALL,
    diffusion,
    first_charge,
    flat,
    images,
)
from lithomech.validation.predictions.cells import discharges
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LIQUID: Final = flat("ncm88_random", surroundings="liquid")
SOLID: Final = flat("ncm88_random")
CRACKS: Final = "crack_area_fraction_end"
MOMENTS: Final = ("charged", "discharged", "after 100 cycles")
PRINTED_CRACKS: Final = ("Q-088", "Q-089", "Q-090")
FIVE: Final = Run("cell", "ncm88_lpscl_liin", {"protocol[0].repeat": "5"})
BOTH: Final = tuple(SMALL[name] for name in ("liquid", "random"))
HOUR: Final = 3600.0


def _pristine(results: Results) -> "Figure":
    return sections(images(results["particle"], ("as made",)), columns=2)


def _charged(results: Results) -> "Figure":
    return sections(images(results["particle"], ("as made", "charged")), columns=2)


def _counted(results: Results) -> "Figure":
    """The section of the charged particle through the image analysis for micrographs."""
    return overlay(_analysed(results))


def _analysed(results: Results):  # noqa: ANN202  what cracks() returns
    found = results["particle"]
    charged = next(moment for moment in found.moments if moment.name == "charged")
    grey = micrograph(found, charged, canvas(found.labels, found.axes))
    share = 100.0 * found.at("crack_fraction", charged.half_cycles)
    return cracks(grey, name=f"computed, {share:.1f} % cracks", whole=True)


def _areas(results: Results) -> dict[str, dict[str, float]]:
    """Crack area [%] by electrolyte and moment."""
    areas = {}
    for name, result in results.items():
        first, late = result.cycles[0], result.cycles[100]
        values = first[f"{CRACKS}_of_charge"], first[CRACKS], late[CRACKS]
        areas[name] = {
            moment: 100.0 * (value or 0.0)
            for moment, value in zip(MOMENTS, values, strict=True)
        }
    return areas


def _crack_bars(results: Results) -> "Figure":
    printed = {row.at: _printed(row) for row in _crack_numbers(results)}
    return bars(_areas(results), {"sulfide": printed}, "Crack area (%)")


def _printed(reading: Reading) -> float:
    return reading.number().published[0]


def _crack_numbers(results: Results) -> tuple[Reading, ...]:
    areas, roles = _areas(results)["sulfide"], (PREDICTED, CALIBRATED, CALIBRATED)
    return tuple(
        Reading(claim, "crack_area_fraction", areas[moment], role, moment)
        for claim, moment, role in zip(PRINTED_CRACKS, MOMENTS, roles, strict=True)
    )


def _diffusion(results: Results) -> "Figure":
    printed = [Printed(3.75, None, "printed: alike up to 3.75 V (Q-091)")]
    return diffusion(results, printed=printed, log="y")


def _parting(results: Results) -> tuple[Reading, ...]:
    """Potential at which the liquid looks faster by a quarter, as QL-011 has it."""
    (potential, liquid), (_, solid) = (first_charge(results[n]) for n in ("liquid", "random"))
    onset = float(np.interp(1.25, liquid / solid, potential))
    return (Reading("Q-091", "potential", onset),)


def _discharge_times(results: Results) -> "Figure":
    left, lines = [], []
    for name, look in pair(results, LABELS, skip="cell"):
        currents, times = results[name].discharge
        left.append(Curve(HOUR * currents, times / HOUR, *look))
        lines = _slopes(HOUR * currents, times / HOUR)  # of the last one, the solid
    current, time = discharges(results["cell"])
    right = [Curve(1e3 * current, time / HOUR, "cell of LiCoO₂", GREEN, "o-")]
    right += _slopes(1e3 * current, time / HOUR)
    words = "Discharge time (h)"
    row = [
        Pane("Rate (C)", words, left + lines, (), "Particles", "xy"),
        Pane("Current (mA)", words, right, (), "Cell", "xy"),
    ]
    return panes([row], 2.6)


def _slopes(current: np.ndarray, time: np.ndarray) -> list[Curve]:
    """Printed slopes: one through the slowest discharge, the other through the fastest."""
    slow, fast = int(np.argmin(current)), int(np.argmax(current))
    middle = float(np.sqrt(current[slow] * current[fast]))
    lines = []
    for power, style, at in ((-1, "--", slow), (-2, ":", fast)):
        ends = np.array((current[at], middle))
        height = time[at] * (ends / current[at]) ** power
        lines.append(Curve(ends, height, f"slope {power}, printed", MUTED, style))
    return lines


def _heard(results: Results) -> "Figure":
    """Equal steps of the crack damage as hits over five cycles."""
    result = results["cell"]
    damage = np.nanmean(result.profiles["cathode_crack_damage"], axis=(1, 2))
    time, count = damage_activity(result.series, damage, result.name).cumulative(0)
    time, count = np.append(time, result.time[-1]), np.append(count, count[-1])
    hits = [Curve(time / HOUR, 100.0 * count / count[-1], "crack damage", TWO[0], "steps")]
    volts = [Curve(result.time / HOUR, result.voltage, "", MUTED)]
    top = Pane("Time (h)", "Activity\n(% of all)", hits)
    return panes([[top], [Pane("Time (h)", "Voltage (V)", volts)]], 1.4, 5.4)


def _causes(results: Results) -> "Figure":
    """Growth of films and of cracks under the voltage of the first charge."""
    result = results["cell"]
    end = int(np.argmax(result.voltage[result.series.cycle == 1]))
    films = result.profiles["cathode_film_charge_C_per_m2"][: end + 1].mean(axis=(1, 2))
    damage = np.nanmean(result.profiles["cathode_crack_damage"][: end + 1], axis=(1, 2))
    hours = result.time[: end + 1] / HOUR
    grown = [
        Curve(hours, _of_all(films), "films (printed band AE1)", AMBER),
        Curve(hours, _of_all(damage), "cracks (printed band AE3)", TWO[1]),
    ]
    volts = [Curve(hours, result.voltage[: end + 1], "", MUTED)]
    printed = [Printed(None, 4.0, "printed: cracks severe above 4.0 V (Q-092)")]
    rows = [
        [Pane("Time (h)", "Voltage (V)", volts, printed)],
        [Pane("Time (h)", "Grown (% of that\nof the charge)", grown)],
    ]
    return panes(rows, 1.5, 5.4)


def _of_all(values: np.ndarray) -> np.ndarray:
    grown = values - values[0]
    return 100.0 * grown / grown[-1] if grown[-1] else grown


PANELS: Final = (
    Panel(
        id="F4a",
        title="Section of a polycrystalline NCM particle as made.",
        claims=("F-010",),
        caption=(
            "Grains of NCM88 in grey by direction, computed, two-dimensional, 4 µm across."
        ),
        draw=_pristine,
        runs={"particle": SOLID},
        constants=CONSTANTS,
    ),
    Panel(
        id="F4b",
        title="The particle after a charge in a liquid.",
        claims=("F-011", "QL-002"),
        caption=(
            "Charged to 4.3 V; cracks that reach the outside are wet and add surface. Two "
            "dimensions; the claim is judged on the particles of F4f."
        ),
        draw=_charged,
        runs={"particle": LIQUID},
        judged=BOTH,
        constants=CONSTANTS,
    ),
    Panel(
        id="F4c",
        title="The particle after a charge in a solid electrolyte.",
        claims=("F-012", "QL-002", "Q-021"),
        judged=BOTH,
        caption=(
            "Charged to 4.3 V in Li6PS5Cl at 20 MPa; cracks and the gap around stay empty. Two "
            "dimensions; the claim is judged on the particles of F4f."
        ),
        draw=_charged,
        runs={"particle": SOLID},
        constants=CONSTANTS,
    ),
    Panel(
        id="F4d",
        title="From a section to a fraction of cracks, step by step.",
        claims=("F-013",),
        caption=(
            "The charged particle of F4c through the same image analysis that lithomech has "
            "for micrographs: mask of particle and cracks, and what the threshold does. It "
            "counts fewer cracks than the particle has, as the thinnest are lost in the grey."
        ),
        draw=_counted,
        runs={"particle": SOLID},
        constants=CONSTANTS,
    ),
    Panel(
        id="F4e",
        title="Crack fractions with a sulfide and with a chloride.",
        claims=("F-014", *PRINTED_CRACKS),
        caption=(
            "NCA88 in a cell, random grains. Charged is predicted from boundaries of measured "
            "strength; what stays on discharge and after 100 cycles was set on the printed "
            "numbers. No bond of a chloride is known, so the bars are alike."
        ),
        draw=_crack_bars,
        runs={"sulfide": life("random", SULFIDE), "chloride": life("random", "li3ycl6")},
        read=_crack_numbers,
        constants=OF_LIVES,
    ),
    Panel(
        id="F4f",
        title="Apparent diffusivity against potential, liquid beside solid.",
        claims=("F-015", "Q-091", "QL-011", "QL-002"),
        caption="Lithium that fills a cracked particle; ours is where both part by a quarter.",
        draw=_diffusion,
        runs={name: SMALL[name] for name in ("liquid", "random")},
        read=_parting,
        constants=(*CONSTANTS, "ncm88.diffusivity_ratio"),
    ),
    Panel(
        id="F4g",
        title="Discharge time against current.",
        claims=("F-016", "Q-093", "Q-094", "QL-012"),
        caption=(
            "Left, particles charged in liquid and solid, at the rates that voxels resolve; "
            "right, two slow and two fast discharges of a cell, on which the slopes are judged."
        ),
        draw=_discharge_times,
        runs={
            **{name: SMALL[name] for name in ("liquid", "random")},
            "cell": Run("cell", "rate_test"),
        },
        constants=("lco.diffusivity", "ncm88.diffusivity"),
    ),
    Panel(
        id="F4h",
        title="Acoustic activity over five cycles.",
        claims=("F-017",),
        caption=(
            "Equal steps of crack damage of a simulated cell (NCM88 in Li6PS5Cl) as hits. No "
            "model has their sound; the paper shows LiNiO2 in a liquid, which goes on cracking "
            "from cycle to cycle."
        ),
        draw=_heard,
        runs={"cell": FIVE},
        constants=OF_LIVES,
    ),
    Panel(
        id="F4i",
        title="What makes sound, by cause, under the voltage.",
        claims=("F-018", "Q-095", "Q-092"),
        caption=(
            "Growth of films and of cracks over the first charge, which the paper hears in two "
            "of three bands of frequency. The third, gas, and the frequencies have no model."
        ),
        draw=_causes,
        runs={"cell": FIVE},
        constants=OF_LIVES,
    ),
)
