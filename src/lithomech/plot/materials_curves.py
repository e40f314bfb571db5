"""Curves of the material library: hosts against lithium, tensile tests, composites."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lithomech.laws import plasticity
from lithomech.materials.catalogue import RULES
from lithomech.materials.material import Material, TransportTable
from lithomech.materials.ranking import own
from lithomech.materials.rules import STOICHIOMETRY
from lithomech.materials.wording import unit_of, words
from lithomech.plot.materials_look import Named, family_row, label_column, look, place_labels
from lithomech.plot.style import (
    BLUE,
    MUTED,
    PALETTE,
    Label,
    label_ends,
    legend_row,
    new_figure,
    styled,
    widen,
)

LEAST_SPAN: Final = 1.0  # %, of the axis of volume changes
LARGE: Final = 0.2  # volume strain beyond which a host has its place in the second panel
STYLES: Final = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (8, 1)))
FLAW: Final = 10e-6  # m, depth of a surface flaw: a pore of a pressed pellet
GEOMETRY: Final = 1.12  # of the stress intensity of a surface flaw
LITHIUM_RATES: Final = (1e-4, 1e-3, 1e-2)  # 1/s
KEPT_FREE: Final = 61  # points of a curve that no label may cover
MOST_COLUMNS: Final = 2


@styled
def volume_strains(hosts: Sequence[Material]) -> Figure:
    """Volume change from as made: hosts that give lithium first, that take it, and alloys.

    The panels run in the direction of the first charge.

    Args:
        hosts: Active materials; those without a curve of their own are left out.
    """
    curved = [m for m in hosts if has_curve(m, "volume_strain")]
    full = [m for m in curved if m.value("as_made_stoichiometry") > 0.5]
    empty = [m for m in curved if m not in full]
    large = [m for m in empty if float(np.abs(m.curve("volume_strain").y).max()) > LARGE]
    small = [m for m in empty if m not in large]
    groups = (("Lithium goes out", full), ("Lithium goes in", small), ("Alloys", large))
    shown = [(title, group) for title, group in groups if group]
    figure = new_figure(max(3.0, 1.2 + 0.135 * max(map(len, (full, small, large)))))
    wide = figure.subplots(
        1, max(len(shown), 1), squeeze=False, width_ratios=[1.4, 1, 1][: max(len(shown), 1)]
    )[0]
    family_row(figure, curved)
    figure.supxlabel("Lithium per formula unit", fontsize="medium")
    wide[0].set_ylabel("Volume change (%)")
    for axes, (title, group) in zip(wide, shown, strict=False):
        _strains(axes, group)
        axes.set_title(title)
    return figure


def _strains(axes: Axes, group: Sequence[Material]) -> None:
    """Curves of one panel with their names at the right."""
    points, count = [], {}
    outward = group[0].value("as_made_stoichiometry") > 0.5
    for m in group:
        curve, colour = m.curve("volume_strain"), look(m).colour
        number = count[colour] = count.get(colour, -1) + 1
        axes.plot(curve.x, 100 * curve.y, color=colour, ls=STYLES[number % len(STYLES)])
        last = 0 if outward else -1
        points.append(Named(float(curve.x[last]), 100 * float(curve.y[last]), m.name, colour))
    axes.set_xlim((1.0, 0.0) if outward else (0.0, 1.0))
    axes.set_xticks([0.0, 0.5, 1.0])
    axes.axhline(0, color=MUTED, lw=0.7)
    widen(axes, LEAST_SPAN)
    label_column(axes, points)


def has_curve(material: Material, name: str) -> bool:
    """Return whether the material's own file has a table of this property."""
    found = material.properties.get(name)
    return found is not None and found.curve is not None and found.owner == material.name


@styled
def tensile_tests(materials: Sequence[Material], metal: Material) -> Figure:
    """Drawn bars: electrolytes break at a flaw, lithium flows at a stress set by the rate.

    The strength of an electrolyte is K_IC/(1.12 sqrt(pi a)) with a = 10 µm, an assumed flaw.

    Args:
        materials: Those without modulus and toughness of their own are left out.
        metal: Lithium, with the constants of its creep.
    """
    figure = new_figure(3.0)
    left, right = figure.subplots(1, 2)
    strain = np.linspace(0, 4e-3, 801)
    handles = []
    for m, colour in zip(breaking(materials), PALETTE, strict=False):
        stress = plasticity.brittle_stress(strain, m.value("youngs_modulus"), strength(m))
        left.plot(100 * strain, stress / 1e6, color=colour)
        handles.append(Line2D([], [], color=colour, label=m.name))
    _creep(right, metal)
    left.set_title("Brittle: broken at a 10 µm flaw")
    right.set_title(f"Ductile: {metal.name}, drawn at three rates")
    left.set_ylabel("Tensile stress (MPa)")
    figure.supxlabel("Strain (%)", fontsize="medium")
    for axes in (left, right):
        axes.margins(x=0)
    left.set_ylim(bottom=0)
    right.set_ylim(bottom=0)
    if handles:
        legend_row(figure, handles)
    return figure


def breaking(materials: Sequence[Material]) -> list[Material]:
    """Return those that have a modulus and a toughness of their own, the strongest first."""
    names = ("youngs_modulus", "fracture_toughness")
    known = [m for m in materials if all(own(m, name) is not None for name in names)]
    return sorted(known, key=lambda m: -strength(m))[: len(PALETTE)]


def strength(material: Material) -> float:
    """Return the tensile strength [Pa] at the flaw that the figure assumes."""
    return material.value("fracture_toughness") / (GEOMETRY * (np.pi * FLAW) ** 0.5)


def _creep(axes: Axes, metal: Material) -> None:
    """Stress of a metal that is drawn at constant rates, named at the right."""
    strain = np.linspace(0, 4e-3, 401)
    labels = []
    for rate, colour in zip(LITHIUM_RATES, PALETTE, strict=False):
        flow = plasticity.steady_flow_stress(
            rate, metal.value("creep_rate_factor"), 1e6, metal.value("creep_exponent")
        )
        modulus = metal.value("youngs_modulus")
        stress = np.asarray(plasticity.maxwell_stress(strain, modulus, flow)) / 1e6  # type: ignore[arg-type]
        axes.plot(100 * strain, stress, color=colour)
        labels.append(Label(float(stress[-1]), f"{rate:g} /s", colour))
    axes.margins(x=0)
    axes.set_ylim(bottom=0)
    label_ends(axes, labels)


@styled
def tortuosity(table: TransportTable) -> Figure:
    """Measured tortuosity factors of a composite against stack pressure, both carriers."""
    figure = new_figure(3.0)
    left, right = figure.subplots(1, 2)
    handles = []
    for number, (weight, colour) in enumerate(
        zip(table.weight_fraction, PALETTE, strict=False)
    ):
        for axes, values in ((left, table.tau2_ionic), (right, table.tau2_electronic)):
            axes.loglog(table.pressure_Pa / 1e6, values[number], "o-", color=colour)
        label = f"{100 * weight:g} wt% active material"
        handles.append(Line2D([], [], color=colour, marker="o", label=label))
    for axes, title in ((left, "Lithium ions"), (right, "Electrons")):
        axes.set_title(title)
        axes.set_xticks(table.pressure_Pa / 1e6)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.tick_params(which="minor", labelbottom=False)
        axes.xaxis.set_minor_formatter(lambda *_: "")
    left.set_yticks([2, 5, 10, 20])
    left.yaxis.set_minor_formatter(lambda *_: "")
    left.set_ylabel("Tortuosity factor τ²")
    figure.supxlabel("Stack pressure (MPa)", fontsize="medium")
    legend_row(figure, handles)
    return figure


@styled
def curves_of(material: Material) -> Figure | None:
    """Every table of one material; None where it has none.

    A borrowed table is drawn in grey.
    """
    names = [name for name, found in material.properties.items() if found.curve is not None]
    if not names:
        return None
    columns = min(MOST_COLUMNS, len(names))
    rows = -(-len(names) // columns)
    figure = new_figure(0.4 + 2.2 * rows)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        found, curve = material.properties[name], material.curve(name)
        shown = unit_of(name, float(np.abs(curve.y).max()), found.unit)
        along = RULES[name].axis
        x = curve.x if along == STOICHIOMETRY else curve.x / 1e6
        colour = BLUE if found.owner == material.name else MUTED
        axes.plot(x, curve.y / shown.size, color=colour)
        if name.endswith("_shape"):  # of a property that changes by decades
            axes.set_yscale("log")
        unit = f" ({shown.unit})" if shown.unit else ""
        axes.set_title(f"{words(name).capitalize()}{unit}")
        axes.set_xlabel(
            "Lithium per formula unit" if along == STOICHIOMETRY else "Pressure (MPa)"
        )
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    return figure


@styled
def open_circuit(hosts: Sequence[Material]) -> Figure:
    """Open-circuit potentials against lithium, named at the right.

    Args:
        hosts: Active materials and metals; those without a curve of their own are left out.
    """
    curved = [m for m in hosts if has_curve(m, "open_circuit_potential")]
    figure = new_figure(max(3.0, 1.0 + 0.14 * len(curved)))
    axes = figure.subplots()
    points, count = [], {}
    for place, m in enumerate(curved, start=1):
        curve, colour = m.curve("open_circuit_potential"), look(m).colour
        number = count[colour] = count.get(colour, -1) + 1
        axes.plot(curve.x, curve.y, color=colour, ls=STYLES[number % len(STYLES)])
        x = np.linspace(curve.low, curve.high, KEPT_FREE)
        y = curve(x)
        points += [
            Named(
                float(x[n]),
                float(y[n]),
                m.name if n == place * KEPT_FREE // (len(curved) + 1) else "",
                colour,
            )
            for n in range(KEPT_FREE)
        ]
    axes.set_xlim(1.0, 0.0)
    axes.set_xlabel("Lithium per formula unit")
    axes.set_ylabel("Open-circuit potential (V vs Li/Li⁺)")
    family_row(figure, curved)
    place_labels(axes, points)
    return figure
