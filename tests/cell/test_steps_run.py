"""Steps of the protocol from end to end; what must come out follows from balances."""

import numpy as np

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import load_cell, to_input
from lithomech.files.yamlfile import dump_yaml
from lithomech.materials.load import load_material
from support.cells import DENSE, EVEN, INDIUM, composite, declare, solve, spring

AREA = np.pi * 0.013**2 / 4.0
RIGHT = 1e-9  # what is exact but for rounding


def drive(folder, rows, column="Current / A", **changes):
    """Run a cell file that names a drive file beside it."""
    lines = [f"Test Time / s,{column}", *(f"{t},{value}" for t, value in rows)]
    (folder / "drive.csv").write_text("\n".join(lines), encoding="utf-8")
    cell = declare(anode=INDIUM, **changes)
    data = {key: value for key, value in to_input(cell).items() if value is not None}
    data |= {"protocol": ["Charge at 0.2C for 1 hour", {"drive": {"file": "drive.csv"}}]}
    path = folder / "cell.yaml"
    path.write_text(dump_yaml(with_units(data)), encoding="utf-8")
    return run(load_cell(path))


def with_units(data):
    """The test's own cell, as a person writes it."""
    return {
        "fixture": spring(),
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": INDIUM,
        "mechanisms": {"interphase": "none"},
        "materials": {"ncm811": EVEN, "li6ps5cl": DENSE},
        "solver": data["solver"] | {"voltage_tolerance": "0.2 mV"},
        "protocol": data["protocol"],
    }


def of_step(result: CellResult, step: int):
    return result.series.columns["Step Count / 1"] == step


def at_end(result: CellResult):
    return np.array([result.voltage[-1], result.stack_pressure[-1]])


def test_a_drive_of_currents_is_the_steps_it_stands_for(tmp_path):
    driven = drive(tmp_path, [(0, 1e-3), (1200, -2e-3), (1800, 0.0), (2400, 9.0)])
    steps = ["Charge at 1 mA for 20 min", "Discharge at 2 mA for 10 min", "Rest for 10 min"]
    stepped = solve(anode=INDIUM, protocol=["Charge at 0.2C for 1 hour", *steps])
    assert driven.status == "completed"
    np.testing.assert_allclose(driven.time[-1], 6000.0, rtol=RIGHT)
    np.testing.assert_allclose(at_end(driven), at_end(stepped), rtol=1e-4)
    begun = of_step(driven, 2)
    np.testing.assert_allclose(
        np.unique(np.round(driven.current[begun], 12)),
        [-2e-3, 0.0, 1e-3],
        rtol=RIGHT,
        atol=1e-15,
    )


def test_a_drive_of_powers_holds_voltage_times_current(tmp_path):
    result = drive(tmp_path, [(0, 2e-3), (900, -4e-3), (1800, 0.0)], column="Power / W")
    begun = of_step(result, 2)
    # with Li-In the voltage is shown against lithium; the power is that of the cell
    power = (result.voltage - 0.62)[begun] * result.current[begun]
    np.testing.assert_allclose(power[power > 0.0], 2e-3, rtol=1e-3)
    np.testing.assert_allclose(power[power < 0.0], -4e-3, rtol=1e-3)


def test_power_times_time_is_the_energy_of_the_cycle():
    result = solve(
        anode=INDIUM, protocol=["Charge at 0.2C for 2 hours", "Discharge at 3 mW for 30 min"]
    )
    (cycle,) = result.cycles
    charge = cycle["discharge_capacity_mAh_per_cm2"] * 36e3 * AREA
    energy = cycle["mean_discharge_voltage_V"] * charge
    np.testing.assert_allclose(energy - 0.62 * charge, 3e-3 * 1800.0, rtol=1e-4)


def test_gitt_moves_pulse_by_pulse_and_rests_at_the_open_circuit_potential():
    step = "GITT charge at 0.1C, 30 min pulses, 2 hour rests, until 4.2 V"
    small = composite(diameter="0.5 um", morphology="single_crystal")
    result = solve(cathode=small, anode=INDIUM, protocol=[step], initial={"cathode": "0.95"})
    assert [event.name for event in result.events] == ["voltage limit [V]"]
    np.testing.assert_allclose(result.voltage[-1], 4.2, rtol=1e-6)
    pulses = int(result.time[-1] // 9000.0)
    assert pulses > 5
    host, electrolyte = load_material("ncm811"), load_material("li6ps5cl")
    solid = 1.0 / (0.7 / host.value("density") + 0.3 / electrolyte.value("density"))
    mass = 0.7 * 80e-6 * 0.85 * solid  # kg/m2 of NCM811
    one_c = mass * host.value("nominal_capacity") / 3600.0  # A/m2
    per_x = mass / host.value("density") / host.value("molar_volume") * 96485.33212
    for done in range(1, pulses + 1):
        rest = np.flatnonzero(abs(result.time - 9000.0 * done) < 1e-6)[0]
        x = 0.95 - done * 0.1 * one_c * 1800.0 / per_x
        ocv = host.curve("open_circuit_potential")(x)
        np.testing.assert_allclose(result.voltage[rest], ocv, atol=3e-3)


def test_a_capacity_ends_a_step():
    result = solve(protocol=["Charge at 0.1C for 1 mAh", "Discharge at 0.2C for 0.5 mAh"])
    (cycle,) = result.cycles
    np.testing.assert_allclose(
        cycle["charge_capacity_mAh_per_cm2"] * AREA * 1e4, 1.0, rtol=1e-6
    )
    np.testing.assert_allclose(
        cycle["discharge_capacity_mAh_per_cm2"] * AREA * 1e4, 0.5, rtol=1e-6
    )


def test_a_pressure_ends_a_step():
    result = solve(protocol=["Charge at 0.1C until 4.3 V or 21 MPa"])
    assert [event.name for event in result.events] == ["pressure limit [Pa]"]
    np.testing.assert_allclose(result.stack_pressure[-1], 21e6, rtol=1e-6)


def test_a_hold_ends_at_its_time_or_its_current():
    steps = [
        "Charge at 0.5C until 4.2 V",
        "Hold at 4.2 V for 10 min or until 0.01C",
        "Rest for 1 s",
    ]
    by_time = solve(protocol=steps)
    held = by_time.time[of_step(by_time, 2)]
    np.testing.assert_allclose(held[-1] - held[0], 600.0, rtol=RIGHT)
    steps[1] = "Hold at 4.2 V for 100 hours or until 0.1C"
    by_current = solve(protocol=steps)
    begun = of_step(by_current, 2)
    assert by_current.time[begun][-1] < 100 * 3600.0
    first = by_current.current[of_step(by_current, 1)][-1]
    np.testing.assert_allclose(by_current.current[begun][-1], 0.2 * first, rtol=1e-5)
    np.testing.assert_allclose(by_current.voltage[begun], 4.2, rtol=1e-6)


def test_the_screw_sets_the_stack_pressure_in_mid_protocol():
    charge = "Charge at 0.1C for 2 hours"
    result = solve(protocol=[charge, "Set stack pressure to 7 MPa", charge])
    before, after = of_step(result, 1), of_step(result, 3)
    set_at = result.events[0]
    assert (set_at.name, set_at.value) == ("stack pressure set [Pa]", 7e6)
    np.testing.assert_allclose(result.stack_pressure[after][0], 7e6, rtol=1e-3)
    applied = result.series.columns["Applied Pressure / Pa"]
    assert set(applied[before]) == {20e6}
    assert set(applied[after]) == {7e6}
    # the spring answers the stack as before: dP = k dh from each setting on
    for rows in (before, after):
        grown = result.series.displacement[rows]
        pressed = result.stack_pressure[rows]
        np.testing.assert_allclose(
            pressed[-1] - pressed[0], 0.4e12 * (grown[-1] - grown[0]), rtol=2e-3
        )


def test_less_pressure_leaves_less_contact():
    charge = "Charge at 0.1C for 5 hours"
    contact = {}
    for pressure in ("60 MPa", "20 MPa", "2 MPa"):
        protocol = [f"Set stack pressure to {pressure}", charge]
        result = solve(
            anode=INDIUM, protocol=protocol, fabrication={"residual_pressure": "0 MPa"}
        )
        contact[pressure] = result.profiles["cathode_contact_fraction"][-1].mean()
    assert contact["60 MPa"] > contact["20 MPa"] > contact["2 MPa"]
