"""One HTML file that shows a result to a person: nothing to load, nothing to run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.app.references import bibtex, used_keys
from lithomech.app.summary import QUANTITIES, shown
from lithomech.files.atomic import replacing
from lithomech.materials.material import PACKAGE
from lithomech.plot import style
from lithomech.plot.cell_result import figures
from lithomech.plot.style import to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.cell.result import CellResult

# Colours of the figures that the style sheet lightens on a dark page.
VARIABLES: Final = {
    style.INK: "--ink",
    style.MUTED: "--muted",
    style.RULE: "--rule",
    style.BLUE: "--blue",
    style.VERMILION: "--vermilion",
    style.GREEN: "--green",
    style.PURPLE: "--purple",
    style.AMBER: "--amber",
    style.SKY: "--sky",
}
CAPTIONS: Final = {
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
        "Each charge and discharge is averaged over 60 blocks of equal charge, then "
        "neighbouring averages are subtracted; charge counts up on charge, so that a "
        "reversible pressure gives the same curve in both directions.",
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
        "Capacities are per gram of active material.",
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
    result: "CellResult", path: str | Path, drawn: "Mapping[str, Figure] | None" = None
) -> None:
    """Write a self-contained HTML report.

    Args:
        result: A finished run, whatever its status.
        path: File to write, replaced as a whole.
        drawn: The figures of this result, if they are drawn already.
    """
    pictures = figures(result) if drawn is None else drawn
    with replacing(Path(path)) as temporary:
        temporary.write_text(_page(result, pictures), encoding="utf-8")


def _page(result: "CellResult", pictures: "Mapping[str, Figure]") -> str:
    css = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    sections = [
        _header(result),
        _warnings(result.warnings),
        _section("Figures", "".join(_figure(*item, result) for item in pictures.items())),
        _section("Cycles", _cycles(result)),
        _section("Events", _events(result)),
        _section("Input", _input(result.input)),
        _section("Sources", _sources(result)),
        _section("Provenance", _provenance(result)),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(result.name)} · lithomech</title>\n<style>\n{css}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>\n" if body else ""


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
        f"<div><dt>{escape(q.name)}</dt><dd>{shown(last[q.key], q)} "
        f"<small>{escape(q.unit)}</small></dd></div>"
        for q in QUANTITIES
        if q.key in GLANCE and last[q.key] is not None
    )
    of = f"Cycle {len(result.cycles)} of {len(result.cycles)}"
    return f'<dl class="glance">{tiles}</dl>\n<p class="quiet">{of}</p>\n' if tiles else ""


def _warnings(warnings: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in warnings)
    return _section("Warnings", f'<ul class="warnings">{items}</ul>' if items else "")


def _figure(name: str, figure: "Figure", result: "CellResult") -> str:
    title, more = CAPTIONS[name]
    label = escape(f"{title} {more}{_ranges(name, result)}", quote=True)
    return (
        f'<figure id="{name}">\n{_inline_svg(name, to_svg(figure), label)}\n'
        f"<figcaption><b>{escape(title)}</b> {escape(more)}</figcaption>\n</figure>\n"
    )


def _ranges(name: str, result: "CellResult") -> str:
    """The numbers of the main figure in words, for those who cannot see it."""
    if name != "voltage_pressure_time":
        return ""
    volt, pascal = result.series.voltage, result.series.stack_pressure
    return (
        f" Voltage from {np.nanmin(volt):.3f} to {np.nanmax(volt):.3f} V, stack pressure from "
        f"{np.nanmin(pascal) / 1e6:.3f} to {np.nanmax(pascal) / 1e6:.3f} MPa."
    )


def _inline_svg(name: str, svg: str, label: str) -> str:
    """Make a picture part of the page: own names, colours of the page, a text for readers."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", svg)
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    box = re.search(r'viewBox="[^"]*"', svg)
    attributes = f"{box.group()} " if box else ""
    opening = (
        f'<svg {attributes}role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return opening + svg[svg.index(">") + 1 :].strip()


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Put cells, which are HTML already, into a table that scrolls by itself."""
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows)
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{"".join(head)}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(value: object, tag: str = "td", kind: str = "") -> str:
    opening = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return f"{opening}{escape(str(value))}</{tag}>"


def _cycles(result: "CellResult") -> str:
    if not result.cycles:
        return ""
    numbers = range(1, len(result.cycles) + 1)
    head = [_cell("Quantity", "th"), _cell("Unit", "th")]
    head += [_cell(f"Cycle {number}", "th", "number") for number in numbers]
    rows = [
        [
            _cell(quantity.name, "th"),
            _cell(quantity.unit, kind="unit"),
            *(_cell(shown(c[quantity.key], quantity), kind="number") for c in result.cycles),
        ]
        for quantity in QUANTITIES
    ]
    note = '<p class="quiet">A dash: does not apply, or no model gives it yet.</p>'
    return _table(head, rows) + note


def _events(result: "CellResult") -> str:
    names = {"Time (h)": "number", "Cycle": "number", "Step": "number", "Event": ""}
    head = [_cell(name, "th", kind) for name, kind in (names | {"Value": "number"}).items()]
    rows = [
        [
            _cell(f"{event.time_s / 3600:.3f}", kind="number"),
            _cell(event.cycle, kind="number"),
            _cell(event.step, kind="number"),
            _cell(event.name),
            _cell(_text(event.value), kind="number"),
        ]
        for event in result.events
    ]
    return _table(head, rows) if rows else ""


def _input(data: Mapping[str, Any]) -> str:
    rows = (
        [f"<td><code>{escape(key)}</code></td>", _cell(value)] for key, value in _flat(data, "")
    )
    table = _table([_cell("Key", "th"), _cell("Value", "th")], rows)
    note = "<summary>The resolved input, numbers in SI units</summary>"
    return f"<details>{note}{table}</details>"


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
        method = _cell(source.method, kind="mark" if source.method in UNPROVEN else "")
        place = ", ".join(filter(None, (source.ref, source.where)))
        place += "" if source.checked else " (not checked)"
        place += f"; value of {source.borrowed}" if source.borrowed else ""
        place += "" if source.origin == PACKAGE else f"; from {source.origin}"
        unit = "" if source.unit == "dimensionless" else source.unit
        rows.append(
            [
                _cell(source.material),
                _cell(source.property.replace("_", " ")),
                _cell(f"{_text(source.value)} {unit}".strip()),
                method,
                _cell(place.strip()),
            ]
        )
    if not rows:
        return ""
    names = ("Material", "Property", "Value", "Method", "Source")
    entries = f"<pre>{escape(bibtex(used_keys(result)))}</pre>"
    return (
        f'<p class="quiet">{_methods(result)} Assumed and calibrated values are marked: they '
        "carry no evidence of their own.</p>"
        "<details><summary>Every value with its source</summary>"
        + _table([_cell(name, "th") for name in names], rows)
        + f"</details><details><summary>The same sources as BibTeX</summary>{entries}</details>"
    )


def _methods(result: "CellResult") -> str:
    """How many values were found in which way."""
    counts = Counter(source.method for source in result.sources)
    told = ", ".join(f"{count} {escape(method)}" for method, count in counts.most_common())
    return f"{len(result.sources)} values: {told}."


def _provenance(result: "CellResult") -> str:
    facts = {
        **result.provenance,
        **{name.replace("_", " "): count for name, count in result.solver.items()},
        "wall time (s)": result.wall_time_s,
    }
    rows = (
        [_cell(key.replace("_", " "), "th"), f"<td><code>{escape(_text(value))}</code></td>"]
        for key, value in facts.items()
    )
    return _table([_cell("Fact", "th"), _cell("Value", "th")], rows)
