"""Steps that change the conditions of a cell: temperature, stack pressure, mass, share."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.cell.resolve.build import resolve
from lithomech.cell.resolve.conditions import Condition, Conditions
from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.materials.load import load_material
from support.cells import INDIUM, LITHIUM, declare, solve, whole_lithium

EXACT = 1e-13
WARM = 333.15  # 60 degC
# exp(-E_a/R (1/333.15 - 1/298.15)) of 29 kJ/mol is exp(29000/8.31446 x 3.52369e-4) = 3.4179
FACTOR_29 = 3.4179
AREA = np.pi * 0.013**2 / 4.0
LITHIUM_CELL = {"cathode": LITHIUM, "anode": LITHIUM}


def at_step(result, step):
    """Rows of a protocol step."""
    return result.series.columns["Step Count / 1"] == step


def test_a_separator_conducts_by_arrhenius_at_60_degc():
    energy = {
        "ionic_conductivity": {
            "form": "arrhenius",
            "value": 2.0,
            "unit": "mS/cm",
            "at": 298.15,
            "activation_energy": 29.0,
            "range": [273.15, 373.15],
            "source": {"ref": "user", "where": "test", "method": "assumed"},
        }
    }
    cell = declare(materials={"li6ps5cl": energy})
    conditions = Conditions(resolve(cell))
    cold, warm = (
        conditions.at(Condition(T)).arrays.separator_resistance for T in (298.15, WARM)
    )
    assert_allclose(cold, 600e-6 / 0.2, rtol=EXACT)
    assert_allclose(cold / warm, FACTOR_29, rtol=1e-4)


def test_a_temperature_step_keeps_all_lithium_and_all_states():
    spectrum = "Impedance from 1 MHz to 100 kHz, 1 points per decade"
    result = solve(
        anode=INDIUM,
        protocol=[
            "Charge at 0.2C for 1 hour",
            "Rest for 10 min",
            spectrum,
            "Set temperature to 60 degC",
            spectrum,
            "Rest for 1 hour",
            "Discharge at 0.2C for 1 hour",
        ],
    )
    temperature = result.series.columns["Temperature / K"]
    assert_allclose(temperature[at_step(result, 2)], 298.15, rtol=EXACT)
    assert_allclose(temperature[at_step(result, 6)], WARM, rtol=EXACT)
    mean = whole_lithium(result).mean(axis=(1, 2))
    before, after = mean[at_step(result, 2)][-1], mean[at_step(result, 6)]
    assert_allclose(after, before, rtol=EXACT)  # no current flows
    assert_allclose(mean[-1], mean[0], rtol=1e-10)  # as much back as out
    cracks = result.profiles["cathode_crack_damage"]
    assert_array_equal(cracks[at_step(result, 4)][0], cracks[at_step(result, 2)][-1])
    cold, warm = (abs(z.impedance_ohm[0]) for z in result.impedance)
    assert warm < 0.6 * cold
    assert [e.name for e in result.events] == ["temperature set [K]"]
    assert result.events[0].value == WARM


def test_a_temperature_that_is_the_present_one_changes_nothing():
    steps = ["Charge at 0.2C for 1 hour", "Rest for 1 s"]
    still = solve(anode=INDIUM, protocol=steps)
    same = solve(anode=INDIUM, protocol=["Set temperature to 25 degC", *steps])
    assert_allclose(same.voltage[-1], still.voltage[-1], rtol=1e-6)


def test_held_stack_pressure_stays_until_it_is_clamped_again():
    result = solve(
        protocol=[
            "Hold stack pressure at 5 MPa",
            "Charge at 0.2C for 1 hour",
            "Set stack pressure to 5 MPa",
            "Charge at 0.2C for 1 hour",
        ]
    )
    pressure = result.stack_pressure
    assert_allclose(pressure[at_step(result, 2)], 5e6, rtol=1e-9)
    # lithium of 0.2 x 2.5 mAh/cm2 or so, 4.85 um per mAh/cm2, against 0.4 MPa/um
    assert pressure[-1] > 5.3e6
    assert_allclose(pressure[at_step(result, 4)][0], 5e6, rtol=1e-3)
    names = [event.name for event in result.events]
    assert names == ["stack pressure held [Pa]", "stack pressure set [Pa]"]


def test_a_current_per_mass_of_active_material():
    (cycle,) = solve(protocol=["Charge at 20 mA/g for 2 hours"]).cycles
    assert_allclose(cycle["charge_capacity_mAh_per_g"], 40.0, rtol=1e-6)


def test_a_share_of_the_rate_capacity_ends_a_step():
    nominal = load_material("ncm811").value("nominal_capacity") / 3.6e3  # mAh/g
    (cycle,) = solve(protocol=["Charge at 0.2C for 30 % SOC"]).cycles
    assert_allclose(cycle["charge_capacity_mAh_per_g"], 0.3 * nominal, rtol=1e-6)
    (cycle,) = solve(rate_capacity="2 mAh", protocol=["Charge at 0.2C for 30 % SOC"]).cycles
    assert_allclose(cycle["charge_capacity_mAh_per_cm2"] * AREA * 1e4, 0.6, rtol=1e-6)


def test_stripping_and_plating_are_of_the_electrode_under_cathode():
    strip = solve(**LITHIUM_CELL, protocol=["Strip at 0.1 mA/cm2 for 10 min"])
    plate = solve(**LITHIUM_CELL, protocol=["Plate at 0.1 mA/cm2 for 10 min"])
    charge = solve(**LITHIUM_CELL, protocol=["Charge at 0.1 mA/cm2 for 10 min"])
    assert_array_equal(strip.voltage, charge.voltage)
    assert strip.voltage[-1] > 0.0 > plate.voltage[-1]
    # both electrodes are the same, so that only the sign differs at first
    assert_allclose(strip.voltage[0], -plate.voltage[0], rtol=1e-6)
    grown = {side: strip.ledger[side, "li plated"][-1] for side in ("cathode", "anode")}
    assert grown["cathode"] < 0.0 < grown["anode"]


def test_the_impedance_of_a_symmetric_cell_is_separator_and_both_interfaces():
    spectrum = "Impedance from 1 GHz to 100 MHz, 1 points per decade"
    result = solve(**LITHIUM_CELL, protocol=[spectrum])
    separator = (
        resolve(declare(**LITHIUM_CELL, protocol=[spectrum])).arrays.separator_resistance / AREA
    )
    assert_allclose(result.impedance[0].impedance_ohm[0].real, separator, rtol=1e-3)


def test_a_gram_needs_active_material():
    cell = declare(**LITHIUM_CELL, protocol=["Strip at 20 mA/g for 1 hour"])
    with pytest.raises(InputError, match="mA/g is per active material of the cathode"):
        run(cell)
    cell = declare(**LITHIUM_CELL, protocol=["Strip at 1 mA for 10 % SOC"])
    with pytest.raises(InputError, match="% SOC and the cathode has no capacity"):
        run(cell)
