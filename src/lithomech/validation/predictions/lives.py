"""Statements on lives of cells: what is left after many cycles, and of what contact."""

from collections.abc import Mapping
from typing import Any, Final

from lithomech.cell.readout.result import CellResult
from lithomech.validation.library import Finding, Library

CAPACITY: Final = "discharge_capacity_mAh_per_g"
CONTACT: Final = "contact_fraction_end_of_charge"
MORPHOLOGY: Final = "cathode.active[0].morphology"
ELECTROLYTE: Final = "cathode.electrolyte.material"


def left(result: CellResult) -> float:
    """Capacity of the last cycle over that of the second, the first at the same rate."""
    first, last = (result.cycles[n][CAPACITY] for n in (1, -1))
    return float(last or 0.0) / float(first or 1.0)


def best_pair(library: Library, given: Mapping[str, Any]) -> Finding:
    """What is left of single crystals and random grains in a chloride and in a sulfide."""
    lives = {
        (grains, name): left(
            library.run(given["cell"], {MORPHOLOGY: grains, ELECTROLYTE: name})
        )
        for grains in ("single_crystal", "random")
        for name in (given["chloride"], given["sulfide"])
    }
    best = max(lives, key=lambda pair: lives[pair])
    text = ", ".join(
        f"{grains.replace('_', ' ')} in {name} {100.0 * share:.1f} %"
        for (grains, name), share in lives.items()
    )
    return Finding(best == ("single_crystal", given["chloride"]), f"left: {text}")


def softer_keeps_contact(library: Library, given: Mapping[str, Any]) -> Finding:
    """Contact at the end of the first and of the last charge in two electrolytes.

    The softer one creeps sooner; its time of creep is assumed.
    """
    contact = {}
    for name in (given["softer"], given["harder"]):
        cycles = library.run(given["cell"], {ELECTROLYTE: name}).cycles
        contact[name] = [float(cycles[n][CONTACT] or 0.0) for n in (0, -1)]
    text = ", ".join(
        f"{100.0 * first:.0f} to {100.0 * last:.0f} % in {name}"
        for name, (first, last) in contact.items()
    )
    softer, harder = contact.values()
    return Finding(softer[0] > harder[0], f"contact charged, first to last cycle: {text}")
