"""BPX out and in: valid by the package of the standard, and nothing lost on the way back."""

import copy
import json
import math
import warnings

import pytest
from numpy.testing import assert_allclose

from lithomech.app.run_command import read_cell
from lithomech.cell.spec import load_cell
from lithomech.cell.spec.cell import to_input
from lithomech.errors import InputError
from lithomech.interop import read_bpx, to_bpx, write_bpx

HALF = "ncm811_lpscl_li_spring"  # a composite against lithium
WHOLE = "ncm811_lpscl_graphite"
BLEND = "lco_ncm811_lpscl_lto"
RATE, SOLID = "Reaction rate constant [mol.m-2.s-1]", "Positive electrode"


@pytest.fixture(scope="module")
def half():
    return to_bpx(load_cell(HALF))


@pytest.fixture(scope="module")
def parse():
    with warnings.catch_warnings():  # of pyparsing, at import
        warnings.simplefilter("ignore")
        bpx = pytest.importorskip("bpx")
    return bpx.parse_bpx_obj


@pytest.mark.parametrize(
    ("name", "kind"), [(HALF, "ParameterisationPartial"), (WHOLE, "Parameterisation")]
)
def test_the_package_of_the_standard_takes_it(parse, name, kind):
    document = json.loads(json.dumps(to_bpx(load_cell(name))))
    assert type(parse(document).parameterisation).__name__ == kind


def test_a_blend_has_its_classes_by_name(parse):
    parsed = parse(to_bpx(load_cell(BLEND))).parameterisation
    assert [name.split()[0] for name in parsed.positive_electrode.particle] == ["lco", "ncm811"]


@pytest.mark.parametrize("name", [HALF, BLEND])
def test_reading_back_gives_the_same_cell(tmp_path, name):
    cell, path = load_cell(name), tmp_path / "cell.bpx.json"
    write_bpx(cell, path)
    assert to_input(read_bpx(path)) == to_input(cell)
    changed = read_cell(str(path), ["fixture.pressure=5 MPa"])  # as `lithomech run` does
    assert changed.fixture.pressure == 5e6


def test_values_are_those_of_the_cell(half):
    """Area, conductivity and sizes as its file says; lithium sites by mass and formula."""
    parameters, cell = half["Parameterisation"], load_cell(HALF)
    positive = parameters[SOLID]
    area = math.pi * cell.geometry.diameter**2 / 4.0
    assert_allclose(parameters["Cell"]["Electrode area [m2]"], area, rtol=1e-15)
    assert_allclose(parameters["Electrolyte"]["Conductivity [S.m-1]"], 0.19, rtol=1e-12)
    assert_allclose(positive["Particle radius [m]"], 2e-6, rtol=1e-12)
    filled = positive["Surface area per unit volume [m-1]"] * 2e-6 / 3.0
    mol = (
        positive["Maximum concentration [mol.m-3]"] * filled * positive["Thickness [m]"] * area
    )
    molar_mass = 97.28e-3  # kg/mol of LiNi0.8Co0.1Mn0.1O2
    assert_allclose(mol, 0.7 * cell.cathode.mass / molar_mass, rtol=5e-3)


def test_the_window_is_that_of_the_potential(half):
    """At the ends of the window the host has the voltage of the limits, against lithium."""
    table = half["Parameterisation"][SOLID]
    cell, own = half["Parameterisation"]["Cell"], half["Parameterisation"]["User-defined"]
    lithium = own["lithomech: Negative electrode OCP [V]"]["y"][0]
    limits = {"Minimum stoichiometry": "Upper voltage cut-off [V]"}
    limits |= {"Maximum stoichiometry": "Lower voltage cut-off [V]"}
    x, y = table["OCP [V]"]["x"], table["OCP [V]"]["y"]
    for content, volt in limits.items():
        place = min(int(table[content] * 500), 499)
        low, high = sorted((y[place] - lithium, y[place + 1] - lithium))
        assert low - 1e-3 <= cell[volt] <= high + 1e-3
        assert x[place] <= table[content] <= x[place + 1]


def test_new_kinetics_and_conductivity_come_back_as_factors(half):
    document = copy.deepcopy(half)
    document["Parameterisation"][SOLID][RATE] *= 2.5
    document["Parameterisation"]["Electrolyte"]["Conductivity [S.m-1]"] *= 0.5
    table = document["Parameterisation"][SOLID]["Diffusivity [m2.s-1]"]
    table["y"] = [3.0 * value for value in table["y"]]
    again = to_bpx(read_bpx(document))["Parameterisation"]
    assert_allclose(again[SOLID][RATE], 2.5 * half["Parameterisation"][SOLID][RATE], rtol=1e-12)
    assert_allclose(again[SOLID]["Diffusivity [m2.s-1]"]["y"], table["y"], rtol=1e-12)
    assert_allclose(again["Electrolyte"]["Conductivity [S.m-1]"], 0.095, rtol=1e-12)


def test_other_changes_are_refused_by_name(half):
    document = copy.deepcopy(half)
    document["Parameterisation"][SOLID]["Thickness [m]"] *= 1.1
    document["Parameterisation"][SOLID]["OCP [V]"]["y"][3] += 0.1
    with pytest.raises(InputError) as caught:
        read_bpx(document)
    keys = {mistake.key for mistake in caught.value.mistakes}
    assert keys == {f"{SOLID} / Thickness [m]", f"{SOLID} / OCP [V]"}


def test_files_of_others_and_damaged_ones_are_refused(half, tmp_path):
    foreign = copy.deepcopy(half)
    foreign["Header"]["Description"] = "a pouch cell"
    damaged = copy.deepcopy(half)
    damaged["Header"]["Description"] = "lithomech cell: {"
    newer = copy.deepcopy(half)
    newer["Header"]["Description"] = (
        'lithomech cell: {"format": 9, "input": {}, "version": "7"}'
    )
    spoilt = copy.deepcopy(half)
    spoilt["Parameterisation"][SOLID]["OCP [V]"] = {"x": 0.5, "y": ["a"]}
    unknown = copy.deepcopy(half)
    unknown["Header"]["Description"] = half["Header"]["Description"].replace("ncm811", "ncm999")
    for document, message in (
        ([], "must be sets of keys"),
        ({**half, "Header": [1]}, "must be sets of keys"),
        ({**half, "Parameterisation": None}, "must be sets of keys"),
        (spoilt, r"OCP \[V\]: was changed"),
        (unknown, r"x.json: cathode.active\[0\].material: no material 'ncm999'"),
        (foreign, "not written by lithomech"),
        (damaged, "damaged"),
        (newer, "newer lithomech"),
    ):
        path = tmp_path / "x.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_bpx(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"Header": {', "this is no JSON"),
        ("[1, 2]", "must be sets of keys"),
        ('{"State": {}}', "not written by lithomech"),
    ],
)
def test_a_damaged_file_is_read_as_bpx_by_its_name(text, message, tmp_path):
    path = tmp_path / "cell.bpx.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_cell(str(path), [])
    assert len(caught.value.mistakes) == 1


def test_two_foils_have_no_place():
    with pytest.raises(InputError, match="two planar electrodes"):
        to_bpx(load_cell("li_lpscl_li"))
