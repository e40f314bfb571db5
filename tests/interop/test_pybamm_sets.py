"""Hosts out of PyBaMM's own parameter sets."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from lithomech.interop.pybamm_sets import write_material
from lithomech.materials.load import load_material

pybamm = pytest.importorskip("pybamm")

# the polynomial of graphite_volume_change_Ai2020, as its set prints it, highest power first
AI2020 = (145.907, -681.229, 1334.442, -1415.71, 873.906, -312.528, 60.641, -5.706, 0.386)
AI2020 += (-4.966e-5,)


def refused(*arguments, **options) -> list[str]:
    with pytest.raises(InputError) as caught:
        write_material(*arguments, **options)
    return [mistake.message for mistake in caught.value.mistakes]


def test_graphite_of_ai2020_has_the_numbers_of_the_set(tmp_path):
    write_material("Ai2020", "Negative", "graphite", tmp_path / "ai2020.yaml")
    m = load_material("ai2020", folders=[tmp_path])
    x = np.linspace(0.05, 0.95, 19)
    # atol: nine digits in the table; the set's polynomial has jagged coefficients
    assert_allclose(m.curve("volume_strain")(x), np.polyval(AI2020, x), rtol=1e-3, atol=1e-5)
    assert_allclose(m.curve("diffusivity")(x), 3.9e-14, rtol=1e-9)
    assert m.value("diffusion_length") == 5e-6
    assert m.properties["open_circuit_potential"].source.where.startswith("Ai2020: Negative")
    assert m.properties["density"].owner == "graphite"


@pytest.mark.parametrize("name", ["OKane2022", "Bonkile2024"])
def test_ncm811_that_grows_by_79_percent_is_refused_by_name(name, tmp_path):
    """Their partial molar volume, 1.25e-5 m3/mol, times their 63104 mol/m3."""
    path = tmp_path / "ncm.yaml"
    axis, volume = refused(name, "Positive", "ncm811", path)
    assert f"{name}: Positive electrode volume change (volume_change_Ai2020)" in volume
    grown = 100 * 1.25e-5 * 63104 * (1.0 - 0.11)  # where the library knows the lattice
    assert f"by {grown:.1f} % from x = 0.11 to 1.00, ncm811 in the library by 7.6 %" in volume
    assert "up to 63104 mol/m3, 1.28 times the 49261 of the lattice of ncm811" in axis
    assert list(tmp_path.iterdir()) == []
    write_material(name, "Positive", "ncm811", path, {"potential", "volume change"})
    m = load_material("ncm", folders=[tmp_path])
    assert m.properties["volume_strain"].owner == "ncm811"
    assert m.properties["diffusivity"].owner == "ncm"


@pytest.mark.parametrize(
    ("arguments", "host"),
    [
        (("Ai2020", "Positive"), "lco"),
        (("Bonkile2024", "Primary: Negative"), "graphite"),
        (("Bonkile2024", "Secondary: Negative"), "si"),
        (("Prada2013", "Positive"), "lfp"),  # has no change of volume: that of the library
    ],
)
def test_sound_sets_are_taken(arguments, host, tmp_path):
    write_material(*arguments, host, tmp_path / "own.yaml")
    assert load_material("own", folders=[tmp_path]).lacking() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Nothing2020", "Positive", "lco"), "no parameter set 'Nothing2020'; it has Ai2020"),
        (("Ai2020", "positive", "lco"), "no electrode 'positive'; it has Negative, Positive"),
        (("Ai2020", "Positive", "li6ps5cl"), "li6ps5cl is no host"),
        (("NCA_Kim2011", "Positive", "nca"), "outside -1 to 6; leave out 'potential'"),
    ],
)
def test_what_cannot_be_taken_is_one_line(arguments, message, tmp_path):
    (text,) = refused(*arguments, tmp_path / "own.yaml")
    assert message in text


def test_names_to_leave_out_are_checked(tmp_path):
    (text,) = refused("Ai2020", "Positive", "lco", tmp_path / "a.yaml", leave_out=["strain"])
    assert text == "strain: not known; allowed: potential, diffusivity, volume change"


def test_changed_parameters_are_taken(tmp_path):
    """A set of the user's own: the change of volume of Ai2020's LCO ten times over."""
    values = pybamm.ParameterValues("Ai2020")
    values["Positive electrode partial molar volume [m3.mol-1]"] *= 10
    (text,) = refused(values, "Positive", "lco", tmp_path / "lco10.yaml")
    assert text.startswith("parameter set: Positive electrode volume change")
    grown = 100 * 7.28e-6 * 49943 * (1.0 - 0.43)  # where the library knows the lattice
    assert f"by {grown:.1f} % from x = 0.43 to 1.00, lco in the library by 3.2 %" in text


@pytest.mark.deep
def test_a_cell_runs_with_it(tmp_path):
    write_material("OKane2022", "Negative", "graphite", tmp_path / "materials" / "lgm50.yaml")
    path = tmp_path / "cell.yaml"
    cell = {
        "fixture": {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"},
        "cathode": {
            "type": "composite",
            "thickness": "60 um",
            "active": [{"material": "lgm50", "weight": "60 %", "diameter": "8 um"}],
            "electrolyte": {"material": "li6ps5cl", "weight": "40 %"},
        },
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": {"type": "planar", "material": "li", "thickness": "100 um"},
        "protocol": ["Discharge at 0.05C for 5 hours"],
    }
    path.write_text(json.dumps(cell, indent=1), encoding="utf-8")
    result = run(load_cell(path))
    assert result.status == "completed"
    assert 0.05 < result.voltage[-1] < 0.25  # on the plateaus of graphite
