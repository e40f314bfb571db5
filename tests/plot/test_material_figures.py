from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text
from numpy.testing import assert_allclose

from lithomech.materials.classes import class_ranges
from lithomech.materials.load import known, load_material, load_transport_table
from lithomech.materials.ranking import AXES, own, pugh_ratio, requirements, with_class
from lithomech.plot.materials import Level, conductivities, limits, stiffness_map, windows
from lithomech.plot.materials_curves import (
    FLAW,
    breaking,
    curves_of,
    has_curve,
    open_circuit,
    strength,
    tensile_tests,
    tortuosity,
    volume_strains,
)
from lithomech.plot.materials_look import LOOKS
from lithomech.plot.materials_radar import class_radars, radar, short
from lithomech.plot.style import styled


@pytest.fixture(scope="module")
def library():
    return [load_material(name) for name in known()]


def of_role(library, *roles):
    return [m for m in library if m.role in roles]


@styled
def texts(figure):
    """Visible texts with their places on the canvas, without ticks out of view."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    unseen = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        for label in (tick.label1, tick.label2)
        if not axes.axison
        or not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text()]
    boxes = [
        (t.get_text(), Text.get_window_extent(t, canvas.get_renderer()))
        for t in found
        if t not in unseen
    ]
    return [(text, box) for text, box in boxes if box.width > 0], figure.bbox


def words_of(figure):
    return [text for text, _ in texts(figure)[0]]


def draw_all(library):
    electrolytes, hosts = of_role(library, "electrolyte"), of_role(library, "active")
    families = {m.family: m for m in of_role(library, "family")}
    chosen = [m for m in electrolytes if m.name in {"li6ps5cl", "li3ycl6", "llzo"}]
    lent = [with_class(m, families) for m in chosen]
    levels = [Level("4.3 V", 4.3, 4.3), Level("ncm811 3.52 to 4.48 V", 3.52, 4.48)]
    return {
        "conductivity": conductivities(electrolytes, 1.0),
        "stiffness": stiffness_map(electrolytes),
        "windows": windows((*families.values(), *electrolytes)),
        "windows beside electrodes": windows(lent, levels),
        "radar": radar(lent),
        "families": class_radars(class_ranges((*families.values(), *electrolytes))),
        "volume": volume_strains(hosts),
        "potentials": open_circuit(hosts),
        "tensile": tensile_tests(electrolytes, load_material("li")),
        "tortuosity": tortuosity(load_transport_table("song2021_ncm88_li6ps5cl")),
        "curves": curves_of(load_material("ncm811")),
    }


@pytest.fixture(scope="module")
def drawn(library):
    """Texts of all figures with their places, and the page; drawing takes seconds."""
    return {name: texts(figure) for name, figure in draw_all(library).items()}


@pytest.mark.deep
def test_no_text_covers_another_or_leaves_the_page(drawn):
    for name, (found, page) in drawn.items():
        for text, box in found:
            assert box.x0 >= -1, (name, text)
            assert box.y0 >= -1, (name, text)
            assert box.x1 <= page.x1 + 1, (name, text)
            assert box.y1 <= page.y1 + 1, (name, text)
        for (one, a), (two, b) in combinations(found, 2):
            wide = min(a.x1, b.x1) - max(a.x0, b.x0)
            high = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert wide < 2 or high < 2, (name, one, two)


def test_a_ranking_names_every_value_of_its_own_and_no_borrowed_one(library):
    electrolytes = of_role(library, "electrolyte")
    (axes,) = conductivities(electrolytes).axes
    named = [label.get_text() for label in axes.get_yticklabels()]
    values = {m.name: own(m, "ionic_conductivity") for m in electrolytes}
    assert set(named) == {n for n, v in values.items() if v is not None}
    assert [values[n] for n in named] == sorted(values[n] for n in named)


def test_the_map_places_each_material_by_its_moduli(library):
    electrolytes = of_role(library, "electrolyte")
    (axes,) = stiffness_map(electrolytes).axes
    points = [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in axes.lines
        if len(line.get_xdata()) == 1
    ]
    wanted = [
        (pugh_ratio(m), own(m, "youngs_modulus") / 1e9)
        for m in electrolytes
        if pugh_ratio(m) is not None and own(m, "youngs_modulus")
    ]
    assert len(points) == len(wanted)
    assert_allclose(points, wanted, rtol=1e-12)


def test_windows_leave_out_what_nobody_gives(library):
    (axes,) = windows(of_role(library, "family", "electrolyte")).axes
    named = [label.get_text().removesuffix(" (class)") for label in axes.get_yticklabels()]
    assert set(named) == {
        m.name for m in of_role(library, "family", "electrolyte") if limits(m) != (None, None)
    }


def test_an_axis_without_a_value_has_no_point():
    whole = load_material("li6ps5cl")
    few = {n: p for n, p in whole.properties.items() if n not in {"density", "shear_modulus"}}
    m = replace(whole, properties=few)
    known_axes = sum(value is not None for value in requirements(m).values())
    assert 0 < known_axes < len(AXES)
    (axes,) = radar([m]).axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == known_axes
    bare = replace(m, properties={})
    assert not [line for line in radar([bare]).axes[0].lines if line.get_marker() == "o"]


def test_the_radar_names_its_axes():
    assert {short(axis.name) for axis in AXES} <= set(words_of(radar([load_material("llzo")])))


def test_a_class_is_the_range_of_its_materials(library):
    ranges = class_ranges(of_role(library, "electrolyte", "family"))
    low, middle, high = ranges["oxide"]["deformability"]
    # Young's moduli of the oxides in Table 1 of Song2021: up to 262.5 GPa (LLTO); the glass
    # Li3BO3-Li2SO4 is assumed to have 50 GPa
    assert_allclose([low, high], [50.0, 262.5], rtol=1e-12)
    assert low < middle < high


def test_hosts_with_a_curve_are_all_named(library, drawn):
    for figure, curve in {
        "volume": "volume_strain",
        "potentials": "open_circuit_potential",
    }.items():
        named = {text for text, _ in drawn[figure][0]}
        assert {m.name for m in of_role(library, "active") if has_curve(m, curve)} <= named


def test_bars_break_at_their_strength(library):
    llzo = load_material("llzo")
    # sigma sqrt(pi a) Y = K_IC
    stress = strength(llzo) * 1.12 * np.sqrt(np.pi * FLAW)
    assert_allclose(stress, llzo.value("fracture_toughness"), rtol=1e-12)
    left, _ = tensile_tests(of_role(library, "electrolyte"), load_material("li")).axes
    assert len(left.lines) == len(breaking(of_role(library, "electrolyte")))
    tallest = max(line.get_ydata().max() for line in left.lines)
    strongest = max(strength(m) for m in breaking(of_role(library, "electrolyte")))
    assert_allclose(tallest, strongest / 1e6, rtol=0.01)  # steps of the strain axis


def test_tortuosity_shows_the_printed_numbers():
    left, right = tortuosity(load_transport_table("song2021_ncm88_li6ps5cl")).axes
    # Table 3 of Song2021, 50 wt% of active material at 3, 7 and 20 MPa
    assert_allclose(left.lines[0].get_ydata(), [2.36, 2.18, 2.08], rtol=1e-12)
    assert_allclose(right.lines[0].get_ydata(), [1975.79, 816.04, 466.54], rtol=1e-12)


def test_families_of_electrolytes_differ_in_colour_or_marker(library):
    families = {m.family for m in of_role(library, "electrolyte", "family") if m.family}
    looks = Counter((to_hex(LOOKS[f].colour), LOOKS[f].marker) for f in families)
    assert set(looks.values()) == {1}


def test_a_material_without_tables_has_no_curves():
    assert curves_of(load_material("llzo")) is None


def test_a_window_has_no_mark_of_a_borrowed_limit(library):
    """li_zr_fe_cl6 borrows the oxidation limit of li3ycl6, which has others beside it."""
    m = next(m for m in library if m.name == "li_zr_fe_cl6")
    found = m.properties["oxidation_limit"]
    assert found.owner == "li3ycl6"
    assert found.others
    (axes,) = windows([m]).axes
    marks = [x for line in axes.lines if line.get_marker() == "d" for x in line.get_xdata()]
    assert not marks
