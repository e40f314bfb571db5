"""One HTML file that shows a result to a person: nothing to load, nothing to run."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.app.page import STILL, Interactive, cell, figure, page, section, table
from lithomech.app.pouch_page import pouch_tables
from lithomech.app.references import bibtex, used_keys
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.stack import KEYS as OF_POUCH
from lithomech.files.atomic import replacing
from lithomech.materials.material import PACKAGE
from lithomech.plot.cell_result import figures
from lithomech.plot.style import to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.cell.readout.losses import Floats, Losses
    from lithomech.cell.readout.result import CellResult

CAPTIONS: Final = {
    "comparison": (
        "Simulated over measured.",
        "Dots are measured, lines are simulated; half cycles are paired in their order.",
    ),
    "voltage_pressure_time": (
        "Voltage and stack pressure against time.",
        "The stack pressure is what a load cell between the pistons would read.",
    ),
    "voltage_pressure_charge": (
        "Voltage and stack pressure against the charge passed.",
        "The charge counts up on charge and down on discharge, from zero in each cycle, so "
        "that a reversible cycle is a closed loop.",
    ),
    "pressure_slope": (
        "Slope of the stack pressure, dP/dQ.",
        "A smoothing spline through averages over 60 blocks of equal charge in each charge and "
        "discharge, with its band of uncertainty; charge counts up on charge, so that a "
        "reversible pressure gives the same values in both directions.",
    ),
    "cathode_profiles": (
        "Contact and cracks across the cathode.",
        "Share of the as-made contact with the electrolyte that is left, and the share of a "
        "particle's section that is crack, for each class of particles.",
    ),
    "anode_profiles": (
        "Contact and cracks across the anode.",
        "Share of the as-made contact with the electrolyte that is left, and the share of a "
        "particle's section that is crack, for each class of particles.",
    ),
    "thickness": (
        "Thickness changes by layer and cause.",
        "Expansion is positive. The sum over all layers is the displacement of the fixture.",
    ),
    "electrode_potentials": (
        "Potential of each electrode.",
        "Against Li/Li⁺, as a third electrode at the separator would measure it.",
    ),
    "cycles": (
        "Capacity, coulombic efficiency and stack pressure of each cycle.",
        "Capacities are per gram of active material; shaded, with --band: over the ranges of "
        "what is not known, one at a time.",
    ),
    "losses": (
        "What lowers voltage and capacity, by cause.",
        "Overvoltages half-way through each discharge, against the relaxed cell with the same "
        "lithium; capacity that is missing of the first charge, hatched where lithium or its "
        "sites are lost. The causes of the anode are drawn as one.",
    ),
    "impedance": ("Impedance spectra.", "Complex plane with equal scales on both axes."),
}
GLANCE: Final = (
    "discharge_capacity_mAh_per_g",
    "coulombic_efficiency",
    "stack_pressure_max_MPa",
    "contact_fraction_end_of_charge",
    "crack_area_fraction_end_of_charge",
)
LONGEST_LIST: Final = 6  # longer lists of numbers are shown by their ends
UNPROVEN: Final = ("assumed", "calibrated")


def write_report(
    result: "CellResult",
    path: str | Path,
    drawn: "Mapping[str, Figure] | None" = None,
    interactive: Interactive = STILL,
) -> None:
    """Write a self-contained HTML report.

    Args:
        result: A finished run, whatever its status.
        path: File to write, replaced as a whole.
        drawn: The figures of this result, if they are drawn already.
        interactive: What makes it interactive.
    """
    pictures = figures(result) if drawn is None else drawn
    with replacing(Path(path)) as temporary:
        temporary.write_text(_page(result, pictures, interactive), encoding="utf-8")


def _page(
    result: "CellResult", pictures: "Mapping[str, Figure]", interactive: Interactive
) -> str:
    drawn = "".join(_figure(*item, result) for item in pictures.items())
    sections = [
        _header(result),
        _warnings(result.warnings),
        interactive.section,
        section("Figures", drawn),
        section("Cycles", _cycles(result)),
        section("Losses", _losses(result.losses)),
        section("Pouch", pouch_tables(result)),
        section("Events", _events(result)),
        section("Input", _input(result.input)),
        section("Sources", _sources(result)),
        section("Provenance", _provenance(result)),
    ]
    return page(result.name, sections, interactive.scripts, interactive.styles)


def _header(result: "CellResult") -> str:
    kind = " completed" if result.status == "completed" else ""
    return (
        f"<header>\n<h1>{escape(result.name)}</h1>\n"
        f'<p><span class="status{kind}">{escape(result.status.capitalize())}</span>: '
        f"{escape(result.reason)}</p>\n{_glance(result)}</header>\n"
    )


def _glance(result: "CellResult") -> str:
    """The main numbers of the last cycle, as far as they apply."""
    if not result.cycles:
        return ""
    last = result.cycles[-1]
    tiles = "".join(
        f"<div><dt>{escape(q.label)}</dt><dd>{q.text(last[q.key])} "
        f"<small>{escape(q.shown_unit)}</small></dd></div>"
        for q in map(outputs().cycle.__getitem__, GLANCE)
        if last[q.key] is not None
    )
    of = f"Cycle {len(result.cycles)} of {len(result.cycles)}"
    return f'<dl class="glance">{tiles}</dl>\n<p class="quiet">{of}</p>\n' if tiles else ""


def _warnings(warnings: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in warnings)
    return section("Warnings", f'<ul class="warnings">{items}</ul>' if items else "")


def _figure(name: str, drawn: "Figure", result: "CellResult") -> str:
    title, more = CAPTIONS[name]
    return figure(name, to_svg(drawn), title, more, _ranges(name, result))


def _ranges(name: str, result: "CellResult") -> str:
    """The numbers of the main figure in words, for those who cannot see it."""
    if name != "voltage_pressure_time":
        return ""
    volt, pascal = result.series.voltage, result.series.stack_pressure
    return (
        f" Voltage from {np.nanmin(volt):.3f} to {np.nanmax(volt):.3f} V, stack pressure from "
        f"{np.nanmin(pascal) / 1e6:.3f} to {np.nanmax(pascal) / 1e6:.3f} MPa."
    )


def _cycles(result: "CellResult") -> str:
    if not result.cycles:
        return ""
    numbers = range(1, len(result.cycles) + 1)
    head = [cell("Quantity", "th"), cell("Unit", "th")]
    head += [cell(f"Cycle {number}", "th", "number") for number in numbers]
    rows = [
        [
            cell(quantity.label, "th"),
            cell(quantity.shown_unit, kind="unit"),
            *(cell(quantity.text(c[quantity.key]), kind="number") for c in result.cycles),
        ]
        for quantity in outputs().cycle.values()
        if result.stack is not None or quantity.key not in OF_POUCH
    ]
    note = '<p class="quiet">A dash: does not apply, or no model gives it yet.</p>'
    return table(head, rows) + note


def _losses(losses: "Losses") -> str:
    """Both budgets, a column for each cycle, with their sums."""
    if not losses.shows:
        return ""
    volts, charges = losses.whole_overvoltage_mV, losses.missing_capacity_mAh_per_g
    tables = [
        _budget("Overvoltage, mid-discharge (mV)", losses.overvoltage_mV, volts),
        _budget("Missing capacity (mAh/g)", losses.capacity_mAh_per_g, charges),
    ]
    reference = losses.reference_capacity_mAh_per_g
    note = f"Capacity is missing of {reference:.1f} mAh/g, what the first charge took."
    return "".join(tables) + (f'<p class="quiet">{note}</p>' if tables[1] else "")


def _budget(name: str, causes: "Mapping[str, Floats]", whole: "Floats") -> str:
    if not causes:
        return ""
    head = [cell(name, "th")]
    head += [cell(f"Cycle {n}", "th", "number") for n in range(1, len(whole) + 1)]
    rows = [
        [
            cell(cause, "th"),
            *(cell("–" if np.isnan(v) else f"{v:.2f}", kind="number") for v in values),
        ]
        for cause, values in {**causes, "together": whole}.items()
        if np.any(np.nan_to_num(values))
    ]
    return table(head, rows)


def _events(result: "CellResult") -> str:
    names = {"Time (h)": "number", "Cycle": "number", "Step": "number", "Event": ""}
    head = [cell(name, "th", kind) for name, kind in (names | {"Value": "number"}).items()]
    rows = [
        [
            cell(f"{event.time_s / 3600:.3f}", kind="number"),
            cell(event.cycle, kind="number"),
            cell(event.step, kind="number"),
            cell(event.name),
            cell(_text(event.value), kind="number"),
        ]
        for event in result.events
    ]
    return table(head, rows) if rows else ""


def _input(data: Mapping[str, Any]) -> str:
    rows = (
        [f"<td><code>{escape(key)}</code></td>", cell(value)] for key, value in _flat(data, "")
    )
    keys = table([cell("Key", "th"), cell("Value", "th")], rows)
    note = "<summary>The resolved input, numbers in SI units</summary>"
    return f"<details>{note}{keys}</details>"


def _flat(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Dotted keys, as ``--set`` takes them, with the values in short."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple | np.ndarray):
        if len(value) > LONGEST_LIST and not isinstance(value[0], Mapping | str):
            yield key, f"{_text(value[0])} … {_text(value[-1])} ({len(value)} values)"
        else:
            for index, inner in enumerate(value):
                yield from _flat(inner, f"{key}[{index}]")
    else:
        yield key, _text(value)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "–" if value is None else str(value)


def _sources(result: "CellResult") -> str:
    rows = []
    for source in result.sources:
        method = cell(source.method, kind="mark" if source.method in UNPROVEN else "")
        place = ", ".join(filter(None, (source.ref, source.where)))
        place += "" if source.checked else " (not checked)"
        place += f"; value of {source.borrowed}" if source.borrowed else ""
        place += "" if source.origin == PACKAGE else f"; from {source.origin}"
        unit = "" if source.unit == "dimensionless" else source.unit
        rows.append(
            [
                cell(source.material),
                cell(source.property.replace("_", " ")),
                cell(f"{_text(source.value)} {unit}".strip()),
                method,
                cell(place.strip()),
            ]
        )
    if not rows:
        return ""
    names = ("Material", "Property", "Value", "Method", "Source")
    entries = f"<pre>{escape(bibtex(used_keys(result.sources)))}</pre>"
    return (
        f'<p class="quiet">{_methods(result)} Assumed and calibrated values are marked: they '
        "carry no evidence of their own.</p>"
        "<details><summary>Every value with its source</summary>"
        + table([cell(name, "th") for name in names], rows)
        + f"</details><details><summary>The same sources as BibTeX</summary>{entries}</details>"
    )


def _methods(result: "CellResult") -> str:
    """How many values were found in which way."""
    counts = Counter(source.method for source in result.sources)
    methods = ", ".join(f"{count} {escape(method)}" for method, count in counts.most_common())
    return f"{len(result.sources)} values: {methods}."


def _provenance(result: "CellResult") -> str:
    facts = {
        **result.provenance,
        **{name.replace("_", " "): count for name, count in result.solver.items()},
        "wall time (s)": result.wall_time_s,
    }
    rows = (
        [cell(key.replace("_", " "), "th"), f"<td><code>{escape(_text(value))}</code></td>"]
        for key, value in facts.items()
    )
    return table([cell("Fact", "th"), cell("Value", "th")], rows)
