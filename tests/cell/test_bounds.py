"""What no run may do: pass the ends of a host, store beyond measure, or end in no number."""

import dataclasses
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.cell.readout.result import ImpedanceSpectrum
from lithomech.cell.readout.trust import (
    efficiency_warnings,
    impedance_warnings,
    not_a_number,
    rest_warnings,
)
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from lithomech.materials.load import load_material
from lithomech.observe.timeseries import TimeSeries
from support.cells import INDIUM, LITHIUM, composite, declare

F, R, T = 96485.33212, 8.314462618, 298.15
NO_PRESS = {"type": "constant_pressure", "pressure": "0 MPa"}


def drive(folder, rows):
    """A cell whose only step is a drive, in a file beside it."""
    text = "\n".join(["Test Time / s,Current / A", *(f"{t},{i}" for t, i in rows)])
    (folder / "drive.csv").write_text(text + "\n", encoding="utf-8")
    cell = declare(anode=INDIUM)
    return dataclasses.replace(
        cell,
        protocol=({"drive": {"file": str(folder / "drive.csv")}},),
    )


@pytest.mark.parametrize("current", [0.001, 0.003])
def test_a_drive_ends_where_the_host_is_empty(tmp_path, current):
    result = run(drive(tmp_path, [(0, current), (50 / current, current), (1e7, 0)]))
    assert result.status == "electrode exhausted"
    assert "the cathode is empty after" in result.reason
    assert "Drive drive.csv (cycle 1, step 1)" in result.reason
    assert result.voltage.max() <= 10.0
    x = result.profiles["cathode_stoichiometry"]
    assert x.min() > -1e-3


@pytest.mark.parametrize(
    ("until", "top"), [("4.2 V", 4.2), ("2 V or 4.1 V", 4.1), ("4.0 V or 80 MPa", 4.0)]
)
def test_a_drive_ends_at_a_limit_and_the_run_goes_on(tmp_path, until, top):
    """Pulses the other way are below the limit of the charge and do not end it."""
    rows = [(600.0 * k, 2e-4 if k % 2 == 0 else -2e-5) for k in range(400)]
    cell = drive(tmp_path, rows)
    item = {"drive": {"file": str(tmp_path / "drive.csv"), "until": until}}
    result = run(dataclasses.replace(cell, protocol=(item, "Rest for 10 min")))
    assert result.status == "completed"
    assert_allclose(result.voltage.max(), top, rtol=1e-3)
    (event,) = [e for e in result.events if e.step == 1 and "voltage" in e.name]
    assert_allclose(event.value, top, rtol=1e-12)
    assert_allclose(result.time[-1] - event.time_s, 600.0, rtol=1e-9)
    assert not [e for e in result.events if "skipped" in e.name]


def test_a_hold_at_a_voltage_that_no_electrode_has_is_not_begun():
    protocol = ["Charge at 0.2C until 4.2 V", "Hold at 100 V for 1 hour", "Rest for 1 hour"]
    result = run(declare(anode=INDIUM, protocol=protocol))
    assert result.status == "electrode exhausted"
    assert "Hold at 100 V for 1 hour (cycle 1, step 2)" in result.reason
    # U(x) of NCM811 is 2.5 V to 5 V, of Li-In 0.42 V to 1.8 V, and 0.62 V are added
    assert "1.32 V to 5.2 V" in result.reason
    assert_allclose(result.voltage.max(), 4.2, rtol=1e-6)


def test_a_limit_on_the_cliff_beyond_a_host_ends_its_step():
    protocol = ["Discharge at 0.1C until 1.5 V", "Hold at 1.5 V until 0.02C"]
    result = run(declare(initial={"cathode": "0.9"}, protocol=protocol))
    assert result.status == "completed"
    (warned,) = [text for text in result.warnings if "exhausted" in text]
    assert "at 1.5 V" in warned
    assert "2.5 V to 5 V" in warned
    assert result.profiles["cathode_stoichiometry"].max() < 1.002


def test_a_class_that_hardly_gives_lithium_does_not_let_the_others_be_driven_on():
    """1 % of LCO of 200 um still has lithium when NCM811 is 1.5 V on its cliff."""
    cathode = composite(diameter="1 um", weight="69 %")
    cathode["active"].append({"material": "lco", "weight": "1 %", "diameter": "200 um"})
    protocol = ["Charge at 0.05C for 50 hours", "Rest for 1 s"]
    result = run(declare(cathode=cathode, protocol=protocol))
    assert result.status == "electrode exhausted"
    assert "the cathode is empty after" in result.reason
    x = result.profiles["cathode_stoichiometry"][-1]
    assert x[:, 0].min() > -1.6e-3
    assert x[:, 1].min() > 0.01


def test_a_voltage_at_rest_that_no_electrode_has_is_reported():
    """NCM811 has 2.5 V to 5 V between full and empty, against lithium."""
    resolved = resolve(declare())
    columns = {
        "Test Time / s": np.array([0.0, 10.0, 20.0, 50.0]),
        "Voltage / V": np.array([6.5, 5.9, 5.4, 4.0]),
        "Current / A": np.array([0.1, 0.0, 0.0, 0.0]),
    }
    (warned,) = rest_warnings(resolved, TimeSeries(columns, {}))
    assert "up to 0.9 V outside" in warned
    assert "for 10 s" in warned
    assert "2.5 V to 5 V" in warned
    columns["Voltage / V"] = np.array([6.5, 5.4, 5.4, 4.0])
    assert not list(rest_warnings(resolved, TimeSeries(columns, {})))


def test_a_negative_resistance_is_explained():
    frequency = np.array([10.0, 1.0, 0.1, 0.01])
    answers = np.array([3.0, 2.0, -1.0, -4.0]) + 1j
    spectra = [ImpedanceSpectrum(0.0, 2, 7, frequency, answers)]
    (warned,) = impedance_warnings(spectra)
    assert "step 7, cycle 2" in warned
    assert "from 0.01 to 0.1 Hz" in warned
    assert not list(impedance_warnings([spectra[0]._replace(impedance_ohm=answers + 5.0)]))


def test_lithium_that_a_hold_strips_is_there():
    thin = LITHIUM | {"thickness": "2 um"}
    cell = declare(
        anode=thin, initial={"cathode": "0.3"}, protocol=["Hold at 3 V for 100 hours"]
    )
    result = run(cell)
    assert [event.name for event in result.events] == ["no lithium left in the foil [C/m2]"]
    moved = result.cycles[0]["discharge_capacity_mAh_per_cm2"] * 36e3
    assert_allclose(moved, 2e-6 * F / 12.97e-6, rtol=1e-6)


SEPARATOR = {"material": "li6ps5cl", "thickness": "600 um"}
FILM = {"type": "planar", "material": "ncm811", "thickness": "10 um"}


def test_a_film_is_held_at_its_voltage():
    """Both electrodes planar: V = U(x) + 2RT/F arcsinh(i/2 i_0) + R i, of both sides."""
    protocol = ["Charge at 0.2C until 4.2 V", "Hold at 4.2 V for 1 hour"]
    cell = declare(cathode=FILM, anode=LITHIUM, protocol=protocol, fixture=NO_PRESS)
    result = run(cell)
    assert result.status == "completed"
    held = result.series.columns["Step Count / 1"] == 2
    assert_allclose(result.voltage[held], 4.2, rtol=0.0, atol=1e-6)
    area = np.pi * 6.5e-3**2
    i = result.current[held] / area
    film, lithium = load_material("ncm811"), load_material("li")
    per_charge = film.value("molar_volume") / (F * 10e-6)
    charge = np.concatenate([[0.0], np.cumsum(np.diff(result.time) * result.current[1:])])
    x = film.value("as_made_stoichiometry") - charge[held] / area * per_charge
    other = 600e-6 / load_material("li6ps5cl").value("ionic_conductivity")
    other += lithium.value("interface_resistance")
    drop = other * i
    for material in (film, lithium):
        i_0 = material.value("exchange_current_density")
        drop = drop + 2 * R * T / F * np.arcsinh(i / (2 * i_0))
    U = film.curve("open_circuit_potential")(x)
    assert_allclose(U + drop, 4.2, rtol=0.0, atol=20e-3)  # charge summed by hand


def test_impedance_of_lithium_on_both_sides():
    """The separator in series with two interfaces: a double layer beside charge transfer."""
    cell = declare(
        cathode=LITHIUM,
        anode=LITHIUM,
        fixture={"type": "constant_pressure", "pressure": "5 MPa"},
        protocol=["Impedance from 1 MHz to 0.1 Hz, 5 points per decade"],
    )
    (spectrum,) = run(cell).impedance
    lithium = load_material("li")
    transfer = R * T / (F * lithium.value("exchange_current_density"))
    interface = transfer + lithium.value("interface_resistance")
    s = 2j * np.pi * spectrum.frequency_Hz
    layer = interface / (1 + s * interface * lithium.value("interface_capacitance"))
    separator = 600e-6 / load_material("li6ps5cl").value("ionic_conductivity")
    expected = (separator + 2 * layer) / (np.pi * 6.5e-3**2)
    assert_allclose(spectrum.impedance_ohm, expected, rtol=1e-9)
    assert len(spectrum.frequency_Hz) == 7 * 5 + 1


SHORT_REST = ["Rest for 1 s"]
REFUSED = {
    "samples": ({"rate_capacity": "1e-9 mAh", "protocol": ["Charge at 1 mA for 10 h"]}, "rows"),
    "pulses": (
        {"protocol": ["GITT charge at 0.1C, 0.001 s pulses, 1 s rests, until 4.3 V"]},
        "pulses",
    ),
    "mesh": (
        {"output": {"points": 10000}, "solver": {"nodes": 400, "shells": 400}},
        "numbers and need",
    ),
    "frequencies": (
        {"protocol": ["Impedance from 1000 GHz to 1 mHz, 999 points per decade"]},
        "1.499e+04 frequencies",
    ),
    "range": (
        {"protocol": ["Impedance from 1e308 Hz to 1e-320 Hz, 1 points per decade"]},
        "within 1e+12 Hz and 1e-09 Hz",
    ),
    "repeats": (
        {
            "protocol": [
                {"repeat": 1000, "steps": [{"repeat": 2000, "steps": ["Rest for 1 s"]}]}
            ]
        },
        "2e+06 steps",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_fit_is_refused_before_it_is_allocated(name):
    changes, number = REFUSED[name]
    with pytest.raises(InputError, match="allowed") as refused:
        run(declare(**({"anode": INDIUM} | changes)))
    assert number in str(refused.value)
    assert "protocol" in str(refused.value)


@pytest.mark.parametrize("kind", ["constant_pressure", "spring"])
def test_no_pressure_is_none(kind):
    fixture = {"type": kind, "pressure": "0 MPa"}
    fixture |= {"stiffness": "0.4 MPa/um"} if kind == "spring" else {}
    result = run(declare(fixture=fixture, anode=INDIUM, protocol=["Charge at 0.05C for 1 min"]))
    assert result.status == "completed"
    assert result.stack_pressure[0] == 0.0
    if kind == "constant_pressure":
        assert_array_equal(result.stack_pressure, 0.0)


def test_no_run_completes_with_what_is_no_number():
    whole, hole = np.ones(3), np.array([1.0, np.nan, 2.0])
    profile = np.ones((3, 2, 2))
    absent, partly = profile.copy(), profile.copy()
    absent[:, :, 1], partly[0, 0, 1] = np.nan, np.nan
    cycle = {"charge_capacity_mAh_per_g": 1.0, "crack_damage_end": None}
    assert not_a_number({"a": whole}, {"b": absent}, [cycle], []) is None
    assert not_a_number({"a": hole}, {}, [], []) == "a"
    assert not_a_number({}, {"b": partly}, [], []) == "b"
    bad = cycle | {"crack_damage_end": np.inf}
    assert not_a_number({}, {}, [cycle, bad], []) == "crack_damage_end of cycle 2"


def test_a_run_that_ends_in_no_number_says_which(monkeypatch):
    monkeypatch.setattr("lithomech.cell.readout.record.not_a_number", lambda *_: "Voltage / V")
    result = run(declare(protocol=["Rest for 1 s"]))
    assert result.status == "not converged"
    assert result.reason.startswith("Voltage / V is not a finite number; completed")


def test_a_step_that_its_resistance_skips_is_a_warning():
    protocol = ["Charge at 0.1C until 4.2 V", "Discharge at 20C until 3 V"]
    result = run(declare(anode=INDIUM, protocol=protocol))
    assert result.status == "completed"
    assert result.cycles[0]["discharge_capacity_mAh_per_g"] in (None, 0.0)
    assert [text for text in result.warnings if f"'{protocol[1]}' was skipped" in text]


def test_more_out_than_in_is_a_warning():
    protocol = ["Charge at 0.2C for 30 min", "Discharge at 0.2C for 1 hour"]
    result = run(declare(initial={"cathode": "0.5"}, protocol=protocol))
    (warned,) = [text for text in result.warnings if "coulombic" in text]
    assert "cycle 1 (200 %)" in warned
    assert not list(efficiency_warnings([{"coulombic_efficiency": 1.0}]))


def test_a_cell_file_that_asks_for_too_much_is_refused_with_its_place(tmp_path):
    asked = {"rate_capacity": "1e-9 mAh", "protocol": ["Charge at 1 mA for 10 hours"]}
    cell = {"fixture": NO_PRESS, "cathode": FILM, "separator": SEPARATOR, "anode": LITHIUM}
    file = tmp_path / "cell.yaml"
    file.write_text(json.dumps(cell | asked, indent=1), encoding="utf-8")
    with pytest.raises(InputError, match=r"cell\.yaml:\d+: protocol"):
        run(load_cell(file))
