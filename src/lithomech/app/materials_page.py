"""Pages about materials: the library, one material, a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.materials_rows import (
    about,
    axis_cells,
    host_cells,
    rests_on,
    source_text,
    use_in_cells,
)
from lithomech.app.page import cell, figure, page, section, table
from lithomech.errors import InputError
from lithomech.files.quantity import parse_quantity
from lithomech.materials.classes import RULE, class_ranges
from lithomech.materials.hosts import MEASURES, host_advice, potential_range
from lithomech.materials.inventory import grouped, own_counts, standing
from lithomech.materials.load import known, load_material, load_transport_table
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import AXES, MISSING, advice, with_class
from lithomech.materials.wording import number, value_text, words
from lithomech.plot.materials import Level, conductivities, stiffness_map, windows
from lithomech.plot.materials_curves import (
    curves_of,
    open_circuit,
    tensile_tests,
    tortuosity,
    volume_strains,
)
from lithomech.plot.materials_radar import class_radars, radar
from lithomech.plot.style import save_png, to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OVERVIEW: Final = "overview.html"
REPORT: Final = "report.html"
MARK: Final = "· lithomech</title>"  # of every page of this package
COMPOSITE: Final = "song2021_ncm88_li6ps5cl"
METAL: Final = "li"
POSITIVE: Final = 2.5  # V; electrodes above are judged by their highest potential
LEAST_AXES: Final = 2  # a family with fewer has no radar
AXIS_RULES: Final = "; ".join(f"{axis.name}: {axis.rule}" for axis in AXES)
CAPTIONS: Final = {
    "conductivity": (
        "Ionic conductivity of the pellet at room temperature.",
        "Full marks: preferred values; hollow ones: other measurements; bars: published "
        "ranges. Borrowed values are left out.",
    ),
    "stiffness": (
        "Young's modulus against Pugh's ratio G/K.",
        "Soft and ductile is at the lower left. The line at 0.57 is a rule of thumb found on "
        "metals, not a criterion of fracture.",
    ),
    "windows": (
        "Electrochemical stability windows.",
        "An arrow points to the side where nobody gives the other limit; hollow marks are "
        "other published limits. Where a material has no limit of its own, that of its class "
        "stands for it and is called so.",
    ),
    "radar": (
        "Requirements, from 0 in the middle to 1 at the rim.",
        f"{AXIS_RULES}. Hollow: the value of the class. An axis without a value has no point. "
        f"{MISSING}",
    ),
    "families": (
        "Requirements by family, from 0 in the middle to 1 at the rim.",
        f"{RULE} {AXIS_RULES}. {MISSING}",
    ),
    "volume": (
        "Volume of active materials against their lithium.",
        "Change from as made; each panel runs in the direction of the first charge.",
    ),
    "potentials": ("Open-circuit potential against lithium.", "As in the library."),
    "tensile": (
        "Brittle and ductile.",
        "Left: bars that break where K_IC reaches the toughness at an assumed surface flaw of "
        "10 µm. Right: lithium creeps, its stress is set by the rate.",
    ),
    "tortuosity": (
        "Tortuosity factors of composites of NCM88 and Li6PS5Cl.",
        "Measured at three stack pressures (Song2021, Table 3). Electrons depend on pressure, "
        "ions hardly.",
    ),
    "curves": ("Tables of this material.", "Grey: borrowed."),
}


@dataclass(frozen=True)
class Comparison:
    """Materials side by side.

    Attributes:
        electrolytes: with the limits of their class where they have none.
        hosts: active materials and metals.
        levels: potentials of the user's electrodes.
        conclusions: sentences computed from the data.
    """

    electrolytes: list[Material]
    hosts: list[Material]
    levels: list[Level]
    conclusions: list[str]


def check_folder(folder: Path, name: str) -> None:
    """Refuse a folder that holds anything but an earlier page of this name.

    Raises:
        InputError: something else stands there.
    """

    def is_ours(folder: Path) -> bool:
        made = folder / name
        return made.is_file() and MARK in made.read_text(encoding="utf-8", errors="replace")

    out_folder.check_folder(folder, is_ours, f"a {name} of lithomech")


def comparison(
    names: Sequence[str], potentials: Sequence[str], electrodes: Sequence[str]
) -> Comparison:
    """Return the comparison of some materials side by side.

    Args:
        names: Electrolytes, families, active materials, metals.
        potentials: Such as "4.3 V", against Li/Li+.
        electrodes: Active materials and metals that the electrolytes will touch.

    Raises:
        InputError: an unknown name or potential, or nothing to compare.
    """
    chosen = [load_material(name) for name in dict.fromkeys(names)]
    electrolytes = [m for m in chosen if m.role in {"electrolyte", "family"}]
    hosts = [m for m in chosen if m.role in {"active", "metal"}]
    for m in chosen:
        if m not in electrolytes and m not in hosts:
            raise InputError(f"{m.name} is of the role {m.role}, which compare does not take")
    beside = [load_material(name) for name in dict.fromkeys(electrodes)]
    for m in beside:
        if potential_range(m) is None:
            raise InputError(f"--electrode {m.name}: it has no open-circuit potential")
    levels = [_level(text) for text in potentials]
    levels += [_range(m) for m in (*beside, *hosts) if potential_range(m) and electrolytes]
    electrolytes = [with_class(m, _families()) for m in electrolytes]
    judged = [level.high if level.high > POSITIVE else level.low for level in levels]
    sentences = advice(electrolytes, list(dict.fromkeys(judged)), load_material(METAL))
    sentences += host_advice(hosts)
    return Comparison(electrolytes, hosts, levels, sentences)


def _families() -> dict[str, Material]:
    loaded = (load_material(name) for name in known())
    return {m.family: m for m in loaded if m.role == "family" and m.family}


def _level(text: str) -> Level:
    volt = parse_quantity(text, "V")
    return Level(f"{number(volt)} V", volt, volt)


def _range(m: Material) -> Level:
    low, high = potential_range(m) or (0.0, 0.0)
    ends = list(dict.fromkeys(f"{end:.2f}" for end in (low, high)))
    return Level(f"{m.name} {' to '.join(ends)} V", low, high)


def write_overview(materials: Sequence[Material], folder: Path) -> None:
    """Write overview.html and figures/*.png about the whole library."""
    electrolytes = [m for m in materials if m.role == "electrolyte"]
    families = [m for m in materials if m.role == "family"]
    liquid = next((m for m in families if m.family == "liquid"), None)
    ranges = class_ranges((*families, *electrolytes))
    drawn = {
        "conductivity": conductivities(
            electrolytes, liquid.value("ionic_conductivity") if liquid else None
        ),
        "stiffness": stiffness_map(electrolytes),
        "windows": windows((*families, *electrolytes)),
        "families": class_radars({f: r for f, r in ranges.items() if len(r) >= LEAST_AXES}),
        "volume": volume_strains([m for m in materials if m.role == "active"]),
        "tensile": tensile_tests(electrolytes, load_material(METAL)),
        "tortuosity": tortuosity(load_transport_table(COMPOSITE)),
    }
    few = [f.replace("_", " ") for f, r in ranges.items() if len(r) < LEAST_AXES]
    more = {"families": f" No chart, for want of values: {', '.join(few)}." if few else ""}
    text = f"{len(materials)} materials; every number has a source and a standing."
    sections = [
        _header("The material library", text),
        section("Figures", _figures(drawn, more)),
        section("Materials", _listing(materials)),
    ]
    _write(folder, OVERVIEW, page("The material library", sections), drawn)


def write_material(m: Material, folder: Path) -> None:
    """Write report.html, and figures/curves.png where it has tables, about one material."""
    curves = curves_of(m)
    drawn = {} if curves is None else {"curves": curves}
    sections = [
        _header(m.name, *about(m)),
        section("Figures", _figures(drawn)),
        section("Values", _values(m)),
    ]
    _write(folder, REPORT, page(m.name, sections), drawn)


def write_comparison(made: Comparison, folder: Path) -> None:
    """Write report.html and figures/*.png about materials side by side."""
    drawn: dict[str, Figure] = {}
    if made.electrolytes:
        drawn["radar"] = radar(made.electrolytes)
        drawn["windows"] = windows(made.electrolytes, made.levels)
        drawn["stiffness"] = stiffness_map(made.electrolytes)
    if made.hosts:
        drawn |= {"potentials": open_circuit(made.hosts), "volume": volume_strains(made.hosts)}
    names = " | ".join(m.name for m in (*made.electrolytes, *made.hosts))
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in made.conclusions)
    electrolytes = _columns(made.electrolytes, [a.name for a in AXES], axis_cells)
    hosts = _columns(made.hosts, [m.name for m in MEASURES], host_cells)
    sections = [
        _header(names, "Which and why: numbers of the library, sentences computed from them."),
        section("What the numbers say", f"<ul>{sentences}</ul>" if sentences else ""),
        section("Electrolytes", electrolytes),
        section("Active materials and metals", hosts),
        section("Figures", _figures(drawn)),
        section("Values and sources", _sources((*made.electrolytes, *made.hosts))),
    ]
    _write(folder, REPORT, page(names, sections), drawn)


def _header(title: str, *lines: str) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    return f"<header>\n<h1>{escape(title)}</h1>\n{paragraphs}</header>\n"


def _figures(drawn: "Mapping[str, Figure]", more: Mapping[str, str] | None = None) -> str:
    notes = more or {}
    return "".join(
        figure(n, to_svg(d), CAPTIONS[n][0], CAPTIONS[n][1] + notes.get(n, ""))
        for n, d in drawn.items()
    )


def _columns(materials: Sequence[Material], names: Sequence[str], cells) -> str:  # noqa: ANN001
    """One column for each material, one row for each measure."""
    if not materials:
        return ""
    columns = [cells(m) for m in materials]
    rows = [
        [cell(name, "th"), *(cell(column[row], kind="number") for column in columns)]
        for row, name in enumerate(names)
    ]
    note = '<p class="quiet">A dash: the library has no number of its own for it.</p>'
    return (
        table([cell("", "th"), *(cell(m.name, "th", "number") for m in materials)], rows) + note
    )


def _listing(materials: Sequence[Material]) -> str:
    names = ("Name", "Also called", "Formula", "Checked", "Unchecked", "Assumed", "In a cell")
    rows = []
    for (role, family), group in grouped(materials).items():
        kind = f"{role} {family}".strip().replace("_", " ")
        rows.append([f'<th colspan="{len(names)}"><b>{escape(kind)}</b></th>'])
        for m in group:
            counts = own_counts(m)
            numbers = (
                counts["checked"],
                counts["unchecked"],
                counts["assumed"] + counts["calibrated"],
            )
            rows.append(
                [
                    cell(m.name, "th"),
                    cell(", ".join(m.aliases)),
                    cell(m.formula),
                    *(cell(count, kind="number") for count in numbers),
                    cell(use_in_cells(m)),
                ]
            )
    return table([cell(name, "th") for name in names], rows)


def _values(m: Material) -> str:
    names = ("Property", "Value", "Standing", "Source", "Remarks")
    rows = []
    for name, quantity in m.properties.items():
        rows.append(_value(m, name, quantity, words(name)))
        rows += [_value(m, name, other, "beside it") for other in quantity.others]
    return table([cell(name, "th") for name in names], rows)


def _value(m: Material, name: str, quantity: SIProperty, label: str) -> list[str]:
    rest = standing(quantity.source)
    remarks = list(rests_on(m, name, quantity))
    if quantity.preferred:
        remarks.append(f"preferred: {quantity.preferred}")
    return [
        cell(label, "th"),
        cell(value_text(name, quantity)),
        cell(rest, kind="mark" if rest in {"assumed", "calibrated"} else ""),
        cell(source_text(quantity.source)),
        f"<td>{'<br>'.join(escape(remark) for remark in remarks)}</td>",
    ]


def _sources(materials: Sequence[Material]) -> str:
    return "".join(
        f"<details><summary>{escape(m.name)}</summary>{_values(m)}</details>" for m in materials
    )


def _write(folder: Path, name: str, text: str, drawn: "Mapping[str, Figure]") -> None:
    """Write a page and its pictures, all or none; pictures of an earlier page go."""
    pictures = [f"figures/{title}.png" for title in CAPTIONS]
    with out_folder.staging(folder, pictures) as staged:
        (staged / name).write_text(text, encoding="utf-8")
        for title, picture in drawn.items():
            save_png(picture, staged / "figures" / f"{title}.png")
