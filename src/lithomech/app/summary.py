"""What is shown of each cycle in the terminal."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from lithomech.cell.readout.quantities import outputs
from lithomech.cell.resolve.sources import ASSUMED, TAKEN
from lithomech.studies.bands import LISTED

if TYPE_CHECKING:
    from lithomech.cell.mechanisms.outputs import CycleQuantity
    from lithomech.cell.readout.result import CellResult
    from lithomech.studies.bands import Bands

MOST_ROWS: Final = 12  # of the terminal table; the report has every cycle
PER_AREA: Final = {  # headings in cells between two foils
    "charge_capacity_mAh_per_cm2": "Charge",
    "discharge_capacity_mAh_per_cm2": "Discharge",
}


def cycle_table(result: "CellResult") -> Table:
    """Return the main quantities of each cycle; of many cycles the first and last ones."""
    headed = list(_headed(result))
    table = Table(
        box=None,
        header_style="bold",
        padding=(0, 1),
        collapse_padding=True,  # all headings fit into 80 columns
        pad_edge=False,
        caption_justify="left",
    )
    table.caption = "P: stack pressure; contact left and crack area are those at end of charge"
    table.add_column("Cycle\n", justify="right")
    for quantity in headed:
        heading = quantity.heading or PER_AREA[quantity.key]
        table.add_column(f"{heading}\n{quantity.shown_unit}", justify="right")
    rows = list(enumerate(result.cycles, start=1))
    half = MOST_ROWS // 2
    for number, cycle in rows if len(rows) <= MOST_ROWS else rows[:half] + rows[-half:]:
        if len(rows) > MOST_ROWS and number == len(rows) - half + 1:
            table.add_row("…")
        table.add_row(str(number), *(quantity.text(cycle[quantity.key]) for quantity in headed))
    return table


def _headed(result: "CellResult") -> Iterator["CycleQuantity"]:
    """Yield the columns that hold numbers; between two foils, capacities per area."""
    foils = all(cycle["charge_capacity_mAh_per_g"] is None for cycle in result.cycles)
    for quantity in outputs().cycle.values():
        if any(cycle[quantity.key] is not None for cycle in result.cycles) and (
            quantity.heading or (foils and quantity.key in PER_AREA)
        ):
            yield quantity


def band_lines(bands: "Bands") -> Iterator[str]:
    """Yield the bands of the first cycle and the last, each with what widens it most."""
    count = len(bands.variants)
    yield f"over what is not known of the mechanics, one at a time ({count} more runs):"
    for number in dict.fromkeys((0, len(bands.result.cycles) - 1)):
        for key in LISTED:
            quantity, widest = outputs().cycle[key], bands.widest(key, number)
            value, band = bands.result.cycles[number][key], bands.of(key, number)
            if value is None or band is None or widest is None:
                continue
            shown = [quantity.factor * one for one in (value, *band)]
            middle, low, high = (f"{one:.{quantity.digits}f}" for one in shown)
            unit = "" if quantity.shown_unit == "1" else f" {quantity.shown_unit}"
            yield (
                f"  cycle {number + 1}: {quantity.label.lower()} {middle} "
                f"({low} to {high}){unit}; most by the {widest.name}"
            )


def composite_lines(result: "CellResult") -> Iterator[str]:
    """Yield a line on each composite as made: what it conducts, covers and has in use."""
    for side, layer in result.resolved.get("layers", {}).items():
        made = layer.get("conduction")
        if made is None:
            continue
        ions, electrons = (_milli(made, carrier) for carrier in ("ionic", "electronic"))
        pores = f"{100 * layer['porosity']:.3g} % pores ({made['porosity_origin']})"
        covered, used = made["covered_fraction"], made["utilisation"]
        yield (
            f"{side}: ions {ions}, electrons {electrons} ({made['origin']}); {pores}, "
            f"electrolyte covers {100 * covered:.3g} % of the grains as made (contact: the "
            f"share of this that stays), {100 * used:.3g} % of the grains in use"
        )


def stack_lines(result: "CellResult") -> Iterator[str]:
    """Yield a line on the pouch of such layers, at the last whole cycle."""
    for row in result.stack or ():
        thick = "–" if row["thickness_mm"] is None else f"{row['thickness_mm']:.3g} mm"
        energy, density = (
            "–" if row[key] is None else f"{row[key]:.3g}"
            for key in ("specific_energy_Wh_per_kg", "energy_density_Wh_per_L")
        )
        more = f", {row['hardware_kg']:.3g} kg of it hardware" if row["hardware_kg"] else ""
        yield (
            f"{row['basis']}: {energy} Wh/kg, {density} Wh/L charged ({row['mass_kg']:.3g} kg"
            f"{more}, {thick}; cycle {row['cycle']})"
        )


def _milli(made: dict[str, Any], carrier: str) -> str:
    """A conductivity in mS/cm, with the factor of its spread where there is one."""
    value = f"{10.0 * made[f'{carrier}_conductivity_S_per_m']:.3g} mS/cm"
    factor = made["spread"].get(carrier)
    return f"{value} (within a factor {factor:.2g})" if factor else value


def brief(warnings: Iterable[str]) -> list[str]:
    """Return the warnings of a run with one line on all assumed and borrowed values.

    The report lists these values one by one.
    """
    kept, counts = [], {ASSUMED: 0, TAKEN: 0}
    for warning in warnings:
        _, _, text = warning.partition(": ")
        kind = next((word for word in counts if text.startswith(word)), None)
        if kind is None:
            kept.append(warning)
        else:
            counts[kind] += len(text.partition(": ")[2].split(", "))
    words = {ASSUMED: "assumed", TAKEN: "borrowed from another material"}
    numbers = [f"{count} {words[kind]}" for kind, count in counts.items() if count]
    if numbers:
        kept.append(f"values of the materials: {', '.join(numbers)}; the report lists them")
    return kept
