"""Contact of a current collector with composites and foils, on either side."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.errors import InputError

RESISTANCE, EXPONENT = 0.1e-4, 0.95  # ohm m2 under 1 MPa, as the file of sus says
FOIL = {"type": "planar", "material": "li", "thickness": "100 um"}
GRAPHITE = {
    "type": "composite",
    "n_p_ratio": 1.2,
    "active": [{"material": "graphite", "weight": "60 %", "diameter": "15 um"}],
    "electrolyte": {"material": "li6ps5cl", "weight": "rest", "diameter": "3 um"},
}
NCM = {
    "type": "composite",
    "loading": "10 mg/cm2",
    "active": [{"material": "ncm811", "weight": "70 %", "diameter": "5 um"}],
    "electrolyte": {"material": "li6ps5cl", "weight": "rest", "diameter": "3 um"},
}
POUCH = {
    "bicells": 1,
    "area": "57 cm2",
    "casing": {"thickness": "120 um", "material": "pouch_film"},
    "cathode_collector": {"material": "al", "thickness": "12 um"},
    "anode_collector": {"material": "cu", "thickness": "10 um"},
}


def declare(**keys):
    return lm.load_cell(
        {
            "cathode": FOIL,
            "anode": FOIL,
            "separator": {"material": "li6ps5cl", "thickness": "600 um"},
            "fixture": {"type": "constant_pressure", "pressure": "1 MPa"},
            "geometry": {"area": "1 cm2"},
            "solver": {"nodes": 5, "shells": 6},
            "mechanisms": {"lithium_voids": "none"},
            "protocol": ["Discharge at 1 mA/cm2 for 60 s"],
        }
        | keys
    )


@pytest.mark.parametrize("pressure", [0.1, 1.0, 30.0])
def test_each_foil_costs_the_resistance_of_its_collector(pressure):
    fixture = {"type": "constant_pressure", "pressure": f"{pressure} MPa"}
    behind = FOIL | {"collector": "sus"}
    sides = ({}, {"anode": behind}, {"anode": behind, "cathode": behind})
    plain, one, both = (
        run(declare(fixture=fixture, **keys)).series.voltage[-1] for keys in sides
    )
    expected = -10.0 * RESISTANCE * pressure**-EXPONENT  # A/m2 times ohm m2, discharging
    # a difference of voltages that each hold 1e-6 V
    assert_allclose([one - plain, both - plain], [expected, 2 * expected], rtol=1e-4)


def test_below_the_lowest_pressure_it_is_held():
    behind = FOIL | {"collector": "al"}
    found = []
    for pressure in ("10 kPa", "1 kPa"):
        fixture = {"type": "constant_pressure", "pressure": pressure}
        voltages = [
            run(declare(fixture=fixture, anode=a)).series.voltage[-1] for a in (FOIL, behind)
        ]
        found.append(voltages[0] - voltages[1])
    assert_allclose(found, 10.0 * 20e-4 * 0.01**-EXPONENT, rtol=1e-3)


def test_the_impedance_of_a_foil_holds_it_at_every_frequency():
    protocol = ["Impedance from 1 MHz to 10 mHz, 2 points per decade"]
    plain, behind = (
        run(declare(protocol=protocol, anode=anode)).impedance[0].impedance_ohm
        for anode in (FOIL, FOIL | {"collector": "sus"})
    )
    assert_allclose(behind - plain, RESISTANCE / 1e-4, rtol=1e-6)  # 1 cm2


def test_the_loss_budget_counts_it_with_the_electrons():
    steps = ["Charge at 1 mA/cm2 until 4.2 V", "Discharge at 1 mA/cm2 until 3 V"]
    keys = {"cathode": NCM, "protocol": steps}
    losses = [
        run(declare(anode=anode, **keys)).losses for anode in (FOIL, FOIL | {"collector": "al"})
    ]
    parts = losses[1].overvoltage_mV
    assert "anode electrons" not in losses[0].overvoltage_mV
    assert_allclose(parts["anode electrons"], 1e3 * 10.0 * 20e-4, rtol=1e-6)
    assert_allclose(
        np.sum([*parts.values()], axis=0), losses[1].whole_overvoltage_mV, rtol=1e-5
    )


def test_a_composite_anode_costs_the_resistance_of_its_collector():
    keys = {"cathode": NCM, "protocol": ["Charge at 1 mA/cm2 for 60 s"]}
    plain, behind = (
        run(declare(anode=anode, **keys)).series.voltage[-1]
        for anode in (GRAPHITE, GRAPHITE | {"collector": "cu"})
    )
    assert_allclose(behind - plain, 10.0 * 0.03e-4, rtol=2e-2)


def test_plated_metal_is_not_pressed_on_its_collector():
    free = {"type": "anode_free", "collector": "sus"}
    none = {"sus": {"collector_resistance": "50 ohm cm2"}}
    keys = {"cathode": NCM, "anode": free, "protocol": ["Charge at 0.1 mA/cm2 for 600 s"]}
    voltages = [
        run(declare(**keys, **more)).series.voltage[-1] for more in ({}, {"materials": none})
    ]
    assert voltages[0] == voltages[1]


@pytest.mark.parametrize(
    ("side", "electrode"),
    [
        ("anode", FOIL | {"collector": "sus"}),
        ("anode", {"type": "anode_free"}),
        ("cathode", NCM | {"collector": "al_carbon"}),
    ],
)
def test_the_collector_is_the_foil_of_the_pouch(side, electrode):
    keys = {"cathode": NCM, "stack": POUCH} | {side: electrode}
    own, foil = electrode.get("collector", "sus"), POUCH[f"{side}_collector"]["material"]
    message = (
        rf"{side}.collector: '{own}', and stack.{side}_collector is '{foil}'; "
        rf"allowed: one foil: write {side}.collector: {foil}"
    )
    with pytest.raises(InputError, match=message):
        resolve(declare(**keys))


def test_two_names_of_one_foil_are_one_foil():
    keys = {"cathode": NCM, "stack": POUCH, "anode": FOIL | {"collector": "Cu foil"}}
    assert resolve(declare(**keys)).arrays.foils["host"]["collector"][0] > 0.0
