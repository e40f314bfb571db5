"""What the route of fabrication leaves in a cell; expected values by hand from its file."""

import json

import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.spec import cell_from_input, load_cell, to_input
from lithomech.errors import InputError
from lithomech.materials.load import known, load_material

# From the abstracts: Haruta 2015, Kim and Rupp 2020, Weinmann 2026, Rosen 2022, Nagata 2022
PUBLISHED = {
    ("thin_film", "interface_resistance"): 8.6e-4,
    ("infiltrated", "areal_resistance"): 62e-4,
    ("infiltrated", "processing_temperature"): 973.15,
    ("co_sintered", "areal_resistance"): 4.5e-4,
    ("co_sintered", "processing_temperature"): 1323.15,
    ("co_sintered", "electrode_thickness"): 100e-6,
    ("co_sintered", "areal_capacity"): 2.8 * 36e3,
    ("cold_pressed_glass", "areal_capacity"): 2.3 * 36e3,
}
OXIDE = {
    "geometry": {"diameter": "10 mm"},
    "fixture": {"type": "constant_pressure", "pressure": "5 MPa"},
    "cathode": {
        "type": "composite",
        "areal_capacity": "1.5 mAh/cm2",
        "active": [
            {"material": "lco", "weight": "50 %", "diameter": "5 um",
             "morphology": "single_crystal"},
        ],
        "electrolyte": {"material": "llzo", "weight": "50 %"},
        "transport": {"type": "formula"},
    },
    "separator": {"material": "llzo", "thickness": "50 um", "porosity": "3 %"},
    "anode": {"type": "planar", "material": "li", "thickness": "20 um"},
    "mechanisms": {"interphase": "none"},
    "protocol": ["Rest for 1 s"],
}  # fmt: skip
FILM = OXIDE | {
    "cathode": {"type": "planar", "material": "lco", "thickness": "5 um"},
    "protocol": ["Charge at 1 mA/cm2 for 10 s"],
}


def declared(base=OXIDE, **changes):
    return load_cell(json.dumps(base | changes, indent=1))


def cathode(one):
    model = resolve(one)
    return model.composites["cathode"], model.arrays.particles["host"][0]


@pytest.mark.parametrize(("place", "value"), PUBLISHED.items(), ids=str)
def test_published_numbers_stand_in_the_library(place, value):
    route, name = place
    assert_allclose(load_material(route).value(name), value, rtol=1e-12)


def test_every_route_leaves_something():
    routes = [m for name in known() if (m := load_material(name)).role == "route"]
    assert len(routes) >= 10
    assert all(route.cell_properties() for route in routes)


def test_a_route_gives_porosity_and_coverage():
    composite, host = cathode(declared(fabrication={"route": "co_sintered"}))
    assert composite.porosity == 0.05
    assert host["coverage"] == 0.9
    assert composite.made.residual_pressure == 0.0


def test_resistance_per_cell_area_is_shared_out_over_the_contacts():
    # 1.5 mAh/cm2 of LCO, 5.05 g/cm3 and 135 mAh/g, is 22.002 um without pores; its spheres of
    # 5 um have 22.002 x 3/2.5 of surface per cell area, 90 % of it covered: 23.762
    _, host = cathode(declared(fabrication={"route": "co_sintered"}))
    assert_allclose(host["film_resistance"], 4.5e-4 * 23.7624, rtol=1e-4)


def test_what_the_cell_says_wins():
    fabrication = {
        "route": "warm_isostatic",
        "pressure": "300 MPa",
        "residual_pressure": "9 MPa",
    }
    electrode = OXIDE["cathode"] | {"porosity": "12 %"}
    composite, _ = cathode(declared(fabrication=fabrication, cathode=electrode))
    assert composite.porosity == 0.12
    assert (composite.made.pressure, composite.made.residual_pressure) == (300e6, 9e6)
    route = {"warm_isostatic": {"made_porosity": "0.07"}}
    composite, _ = cathode(declared(fabrication={"route": "warm_isostatic"}, materials=route))
    assert_allclose(composite.porosity, 0.07)


@pytest.mark.parametrize(
    ("fabrication", "pressure"),
    [
        ({}, 370e6),
        ({"route": "thin_film"}, 370e6),
        ({"route": "uniaxial_die"}, 370e6),
        ({"route": "cold_isostatic"}, 490e6),
    ],
)
def test_pressures_of_pressing(fabrication, pressure):
    composite, _ = cathode(declared(fabrication=fabrication))
    assert composite.made.pressure == pressure


def test_without_a_route_nothing_is_added():
    composite, host = cathode(declared())
    assert host["film_resistance"] == 0.0  # as in the file of LCO
    assert (composite.made.porosity, composite.made.coverage) == (None, None)


def test_a_film_of_a_host_has_the_resistance_and_a_metal_has_not():
    plain, made = (resolve(declared(FILM, fabrication=f)) for f in ({}, {"route": "thin_film"}))
    more = made.arrays.foils["host"]["resistance"] - plain.arrays.foils["host"]["resistance"]
    by_side = dict(zip(("anode", "cathode"), sorted(more), strict=True))
    assert_allclose(by_side["cathode"], 8.6e-4, rtol=1e-12)
    assert by_side["anode"] == 0.0


def test_a_film_costs_the_voltage_of_its_resistance():
    # 8.6 ohm cm2 at 1 mA/cm2
    plain, made = (run(declared(FILM, fabrication=f)) for f in ({}, {"route": "thin_film"}))
    assert_allclose(made.voltage[-1] - plain.voltage[-1], 8.6e-3, rtol=0.02)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("co_sinterd", "did you mean co_sintered"),
        ("llzo", "of role electrolyte; allowed: route"),
    ],
)
def test_a_route_that_is_none(name, words):
    with pytest.raises(InputError, match=words) as caught:
        resolve(declared(fabrication={"route": name}))
    assert caught.value.key == "fabrication.route"


def test_a_result_keeps_its_route():
    model = resolve(declared(fabrication={"route": "infiltrated"}))
    again = cell_from_input(to_input(model.cell), model.cell.enclosed)
    assert again.fabrication.route == "infiltrated"
    composite, _ = cathode(again)
    assert composite.porosity == 0.3
