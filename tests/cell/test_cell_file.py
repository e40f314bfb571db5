"""The form of a cell file: sizes of electrodes, weights, fixtures, keys of earlier versions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.resolve.layers import fixture_stiffness
from lithomech.errors import InputError
from lithomech.materials.load import load_material
from support.cells import INDIUM, LITHIUM, composite, declare, lto

AREA = np.pi * 0.013**2 / 4.0  # 13 mm
RIGHT = 1e-12
PARTS = {"ncm811": 0.70, "li6ps5cl": 0.30}


def sized(**size):
    """The resolved cell with a cathode of this size."""
    cathode = composite()
    del cathode["thickness"]
    return resolve(declare(cathode=cathode | size))


def solid_density():
    """Mass of the composite over the volume of its solids, by hand [kg/m3]."""
    return 1.0 / sum(w / load_material(name).value("density") for name, w in PARTS.items())


def test_a_loading_is_mass_of_the_composite_per_area():
    # 20 mg/cm2 on 13 mm diameter (1.3273 cm2) are 26.546 mg, of which 70 % are active
    model = sized(loading="20 mg/cm2")
    assert_allclose(model.active_mass, 0.7 * 26.5465e-6, rtol=1e-5)
    assert_allclose(model.thickness["cathode"], 0.2 / (0.85 * solid_density()), rtol=RIGHT)


@pytest.mark.parametrize(
    "size",
    [
        {"active_loading": "14 mg/cm2"},
        {"mass": f"{0.2 * AREA!r} kg"},
        {"thickness": f"{0.2 / (0.85 * solid_density())!r} m"},
    ],
)
def test_the_sizes_of_one_electrode_agree(size):
    assert_allclose(
        sized(**size).thickness["cathode"],
        sized(loading="20 mg/cm2").thickness["cathode"],
        rtol=RIGHT,
    )


def test_an_anode_takes_a_loading_too():
    anode = lto()
    del anode["n_p_ratio"]
    model = resolve(declare(anode=anode | {"active_loading": "10 mg/cm2"}))
    (site,) = model.composites["anode"].particles
    mass = model.thickness["anode"] * site.volume_fraction * site.material.value("density")
    assert_allclose(mass, 0.1, rtol=RIGHT)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({}, "none of them is given; give exactly one of loading, active_loading, mass"),
        ({"loading": "20 mg/cm2", "thickness": "80 um"}, "loading and thickness are given"),
        ({"loading": "20 mg"}, "'20 mg' has the unit 'mg'; expected a loading such as"),
    ],
)
def test_exactly_one_size(sizes, words):
    with pytest.raises(InputError, match=words):
        sized(**sizes)


def mixed(active, electrolyte, carbon):
    parts = composite(weight=active) | {
        "electrolyte": {"material": "li6ps5cl", "weight": electrolyte},
        "additives": [{"material": "carbon", "weight": carbon}],
    }
    return declare(cathode=parts).cathode


def test_the_rest_is_what_the_others_leave():
    expected = mixed("70 %", "27 %", "3 %")
    assert mixed("70 %", "rest", "3 %") == expected
    assert mixed("rest", "27 %", "0.03") == expected
    assert mixed("70 %", "27 %", " Rest ") == expected


@pytest.mark.parametrize(
    ("weights", "key", "words"),
    [
        (
            ("rest", "rest", "3 %"),
            "cathode",
            r"'rest' stands for one weight only, not for those of active\[0\].weight, "
            "electrolyte.weight",
        ),
        (
            ("80 %", "rest", "25 %"),
            "cathode.electrolyte.weight",
            "nothing is left for 'rest': the other weights add up to 105 %",
        ),
    ],
)
def test_a_rest_that_makes_no_sense(weights, key, words):
    with pytest.raises(InputError, match=words) as caught:
        mixed(*weights)
    assert caught.value.key == key


def stiffness(**fixture):
    """Stiffness of a fixture at 20 MPa, with any other diameter of the cell [Pa/m]."""
    diameter = fixture.pop("diameter", "10 mm")
    cell = declare(geometry={"diameter": diameter}, fixture={"pressure": "20 MPa"} | fixture)
    model = resolve(cell)
    return fixture_stiffness(cell, model.materials, model.area), model.warnings


def test_a_measured_frame_has_its_stiffness_on_its_own_stack():
    measured, warnings = stiffness(type="bolted", frame="peek_die_10mm")
    assert_allclose(measured, 0.35e12, rtol=RIGHT)
    assert not [w for w in warnings if "diameter" in w]


def test_on_another_stack_a_frame_keeps_its_force_per_displacement():
    # 0.35 MPa/um over 10 mm are 0.35 (10/13)^2 = 0.20710 MPa/um over 13 mm
    measured, warnings = stiffness(type="bolted", frame="peek_die_10mm", diameter="13 mm")
    assert_allclose(measured, 0.2071006e12, rtol=1e-6)
    assert [w for w in warnings if "stacks of 10 mm diameter, and this cell has 13 mm" in w]


def test_a_frame_is_in_series_with_a_spring():
    # 1/(1/0.4 + 1/0.35) = 0.18667
    spring = {"type": "spring", "stiffness": "0.4 MPa/um"}
    measured, _ = stiffness(**spring, frame="peek_die_10mm")
    assert_allclose(measured, 0.14 / 0.75 * 1e12, rtol=RIGHT)
    assert_allclose(stiffness(**spring, frame_stiffness="0.35 MPa/um")[0], measured, rtol=RIGHT)


@pytest.mark.parametrize(
    ("fixture", "words"),
    [
        ({"type": "bolted"}, "give exactly one of frame_stiffness"),
        (
            {"type": "bolted", "frame": "peek_die_10mm", "frame_stiffness": "1 MPa/um"},
            "give exactly one of frame_stiffness",
        ),
        (
            {"type": "bolted", "frame": "peek_die"},
            "no frame 'peek_die'; there are: .*peek_die_10mm",
        ),
        ({"type": "bolted", "frame": "li6ps5cl"}, "of role electrolyte; allowed: frame"),
    ],
)
def test_a_frame_that_makes_no_sense(fixture, words):
    with pytest.raises(InputError, match=words):
        stiffness(**fixture)


def test_keys_of_earlier_versions_are_read_with_a_note():
    old = declare(
        interphase=True,
        decomposition=False,
        fixture={"type": "fixed_gap", "pressure": "20 MPa", "frame_stiffness": "0.4 MPa/um"},
    )
    new = declare(
        fixture={"type": "bolted", "pressure": "20 MPa", "frame_stiffness": "0.4 MPa/um"}
    )
    assert old.replace(origin=None) == new.replace(origin=None)
    assert new.notes == ()
    warnings = " ".join(resolve(old).warnings)
    assert "fixed_gap is now called bolted" in warnings
    assert "decomposition: false is read as mechanisms: {interphase: none}" in warnings


def stated(**changes):
    """Warnings on the reference and on limits of an NCM811 cathode against Li-In."""
    model = resolve(declare(**{"anode": INDIUM, "protocol": CYCLE} | changes))
    return [w for w in model.warnings if "reference" in w]


CYCLE = ["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 2.8 V"]
BETWEEN = ["Charge at 0.1C until 3.68 V", "Discharge at 0.1C until 2.0 V"]


def test_one_warning_says_how_voltages_were_read_where_the_file_does_not():
    (warning,) = stated()
    assert "against lithium, that is, 0.62 V above those between the electrodes" in warning
    assert stated(reference="li") == []
    assert stated(anode=LITHIUM) == []


def test_limits_between_the_electrodes_that_were_read_against_lithium_are_noticed():
    charge, discharge = stated(protocol=BETWEEN, reference="li")
    assert (
        "charging to 3.68 V against lithium ends before the cathode is half charged" in charge
    )
    assert "write reference: cell" in charge
    assert "discharging to 2 V against lithium is far below" in discharge
    assert stated(protocol=BETWEEN, reference="cell") == []  # 4.30 and 2.62 V against lithium


def test_limits_against_lithium_that_were_read_between_the_electrodes_are_noticed():
    (charge,) = stated(reference="cell")  # 4.92 V against lithium
    assert "charging to 4.92 V against lithium is above what the data of the cathode" in charge
    assert "write reference: li" in charge


def test_a_separator_of_a_mass_on_an_area():
    # 60 mg on 0.785 cm2 at 15 % pores
    separator = {"material": "li6ps5cl", "mass": "60 mg"}
    model = resolve(declare(geometry={"area": "0.785 cm2"}, separator=separator))
    density = load_material("li6ps5cl").value("density")
    assert_allclose(model.area, 0.785e-4, rtol=RIGHT)
    expected = 60e-6 / 0.785e-4 / (0.85 * density)
    assert_allclose(model.thickness["separator"], expected, rtol=RIGHT)
    same = declare(
        geometry={"area": "0.785 cm2"},
        separator={"material": "li6ps5cl", "loading": f"{60.0 / 0.785!r} mg/cm2"},
    )
    assert_allclose(resolve(same).thickness["separator"], expected, rtol=RIGHT)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"separator": {"material": "li6ps5cl"}}, "give exactly one of thickness, loading"),
        ({"geometry": {"area": "1 cm2", "diameter": "10 mm"}}, "diameter or area, not both"),
    ],
)
def test_sizes_of_the_stack_that_make_no_sense(changes, words):
    with pytest.raises(InputError, match=words):
        declare(**changes)


def test_a_missing_key_says_what_it_means():
    cathode = composite()
    del cathode["electrolyte"]
    with pytest.raises(InputError) as caught:
        declare(cathode=cathode, fixture={"type": "spring", "pressure": "5 MPa"})
    assert {one.key: one.message for one in caught.value.mistakes} == {
        "cathode.electrolyte": "is missing: solid electrolyte in the composite",
        "fixture.stiffness": "is missing: of the spring, per area (MPa/um) or of the stack "
        "(N/um), such as '0.4 MPa/um'",
    }
