"""The cell against the same equations written a second time in PyBaMM."""

import copy
import functools

import numpy as np
import pytest
import yaml
from support.plain_numbers import plain_numbers

from lithomech.cell.arrays import GALVANOSTATIC, PRESSURE, Step
from lithomech.cell.equations import CONTACT_WIDTH, LIFT_WIDTH, Model, build
from lithomech.cell.march import march
from lithomech.cell.spec import Cell, load_cell
from lithomech.numerics.dual import softplus

pytest.importorskip("pybamm")
from oracles.plain_cell import Limits  # noqa: E402 - after the skip
from oracles.pybamm_cell import PybammCell  # noqa: E402

NODES = 20
COMPOSITE = {
    "type": "composite",
    "thickness": "80 um",
    "porosity": "15 %",
    "active": [{"material": "ncm811", "weight": "75 %", "diameter": "4 um"}],
    "electrolyte": {"material": "li6ps5cl", "weight": "25 %"},
}
BASE = {
    "fixture": {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"},
    "cathode": COMPOSITE,
    "separator": {"material": "li6ps5cl", "thickness": "600 um"},
    "anode": {"type": "planar", "material": "li", "thickness": "100 um"},
    "materials": {"li_in": {"nominal_potential": "0.62 V"}, "li": {"nominal_potential": "0 V"}},
    "solver": {"voltage_tolerance": "2 uV", "order": 5, "nodes": NODES, "shells": 60},
    "protocol": ["Rest for 1 s"],  # the steps come from the tests
}
FIXTURES = {
    "spring": BASE["fixture"],
    "constant pressure": {"type": "constant_pressure", "pressure": "20 MPa"},
    "fixed gap": {"type": "fixed_gap", "pressure": "20 MPa", "frame_stiffness": "2 MPa/um"},
}
CHARGE, DISCHARGE, REST = -1.0, 1.0, 0.0
TOP, BOTTOM = 4.3, 2.8  # V against lithium


def declare(**changes: dict) -> Cell:
    """The base cell with top-level keys replaced."""
    return load_cell(yaml.safe_dump({**copy.deepcopy(BASE), **changes}))


def ours(model: Model, steps):
    """Time, voltage and stack pressure of every step, run one after the other."""
    state, P_0 = model.start.copy(), model.cell.fixture.pressure
    # thickness of the contacts' smoothed gaps as made; the fixture counts from here
    made = 0.0
    for c in model.arrays.classes:
        gap = softplus(-c["residual_pressure"], CONTACT_WIDTH) / c["wall_stiffness"]
        open_share = c["transmission"] - c["load_share"] / 3.0
        made += 3.0 * c["volume_fraction"] * open_share * gap * model.thickness["cathode"]
    traces = []
    for current, limits in steps:
        rows = np.array([[0.0, limits.high, -1.0], [0.0, limits.low, 1.0]])
        step = Step(GALVANOSTATIC, current, limits.duration, rows, 0.0, np.inf)
        trace = march(
            model.arrays, model.sizes, state, step, (P_0, made), model.scale, model.control
        )
        virtual = trace.state[:, model.sizes.globals + PRESSURE]
        pressure = np.array([softplus(v, LIFT_WIDTH) for v in virtual])
        traces.append((trace.time, trace.voltage, pressure))
    return traces


def compare(model: Model, oracle: PybammCell, rates) -> dict[str, np.ndarray]:
    """Run both through steps at these multiples of 1C and hold voltage and pressure together.

    Returns:
        The oracle's lowest and highest value of all it knows, by name.
    """
    P_0, stiffness = model.cell.fixture.pressure, float(model.arrays.stiffness)
    window = (BOTTOM - model.reference_potential, TOP - model.reference_potential)
    steps = []
    for rate in rates:
        hours = 1.5 / abs(rate) if rate else 1.0
        low, high = (window[0], 9.0) if rate > 0.0 else (-9.0, window[1] if rate else 9.0)
        steps.append((rate * model.one_c / model.area, Limits(3600.0 * hours, low, high)))
    traces = ours(model, steps)
    span = max(abs(pressure - P_0).max() for _, _, pressure in traces)
    solution, start, seen = None, 0.0, {}
    for (current, limits), (time, voltage, pressure) in zip(steps, traces, strict=True):
        solution = oracle.run(current, limits, stiffness, P_0, after=solution)
        end = min(time[-1], solution.t[-1] - start)
        inside = (time > 0.01 * end) & (time < 0.97 * end)
        at = start + time[inside]
        assert inside.sum() > 20
        assert abs(time[-1] - (solution.t[-1] - start)) < 1e-4 * time[-1]
        assert abs(voltage[inside] - solution["voltage"](at)).max() < 2e-4
        assert abs(pressure[inside] - solution["pressure"](at)).max() <= 1e-3 * span + 1e-9 * P_0
        for name in oracle.model.variables:
            values = np.asarray(solution[name](at))
            low, high = seen.get(name, (np.inf, -np.inf))
            seen[name] = (min(low, values.min()), max(high, values.max()))
        start = solution.t[-1]
    return seen


@functools.cache
def shared_oracle(anode: str) -> PybammCell:
    """One built PyBaMM model serves every fixture."""
    return PybammCell(plain_numbers(build(declare(anode={**BASE["anode"], "material": anode}))))


@pytest.mark.parametrize("anode", ["li", "li_in"])
@pytest.mark.parametrize("fixture", FIXTURES)
def test_charge_rest_and_discharge_agree(fixture, anode):
    cell = declare(fixture=FIXTURES[fixture], anode={**BASE["anode"], "material": anode})
    seen = compare(build(cell), shared_oracle(anode), [0.2 * CHARGE, REST, 0.2 * DISCHARGE])
    assert seen["contact fraction cathode 1"][0] < 0.5  # the contact opened
    assert seen["damage cathode 1"][1] > 0.02  # the particles cracked
    moved = max(abs(p - 20e6) for p in seen["pressure"])
    assert moved < 1.0 if fixture == "constant pressure" else moved > 1e6


def test_fast_charge_and_discharge_agree():
    compare(build(declare()), shared_oracle("li"), [CHARGE, DISCHARGE])


def test_blend_agrees_with_measured_transport():
    active = [
        {"material": "ncm811", "weight": "40 %", "diameter": "4 um"},
        {"material": "lco", "weight": "30 %", "diameter": "8 um"},
    ]
    transport = {"type": "measured", "table": "song2021_ncm88_li6ps5cl"}
    electrolyte = {"material": "li6ps5cl", "weight": "30 %"}
    blend = {**COMPOSITE, "active": active, "electrolyte": electrolyte, "transport": transport}
    model = build(declare(cathode=blend))
    seen = compare(model, PybammCell(plain_numbers(model)), [0.2 * CHARGE, 0.2 * DISCHARGE])
    assert seen["contact fraction cathode 1"][0] < 0.5 < seen["contact fraction cathode 2"][0]


def test_swelling_that_yields_the_electrolyte_agrees():
    soft = {"li6ps5cl": {"shell_yield_strength": "150 MPa", "relaxation_time": "600 s"}}
    model = build(
        declare(
            anode={**BASE["anode"], "material": "li_in"},
            initial={"cathode": "0.35"},
            materials={**BASE["materials"], **soft},
        )
    )
    steps = [0.2 * DISCHARGE, 0.2 * CHARGE, 0.2 * DISCHARGE]
    seen = compare(model, PybammCell(plain_numbers(model)), steps)
    assert seen["irreversible wall strain cathode 1"][1] > 5e-4


def test_lift_off_agrees():
    model = build(
        declare(
            anode={**BASE["anode"], "material": "li_in"},
            initial={"cathode": "0.6"},
            fixture={**BASE["fixture"], "pressure": "0.5 MPa"},
        )
    )
    seen = compare(model, PybammCell(plain_numbers(model)), [0.2 * DISCHARGE, 0.2 * CHARGE])
    assert seen["pressure"][0] < LIFT_WIDTH  # the pistons let go
    assert seen["pressure"][1] > 5e5  # and took hold again


def test_voids_under_lithium_agree():
    voids = {"void_current_transport": "0.2 mA/cm^2", "void_occlusion": "0.1", "void_depth": "8 um"}
    model = build(
        declare(
            fixture={"type": "spring", "pressure": "3 MPa", "stiffness": "0.05 MPa/um"},
            materials={**BASE["materials"], "li": voids},
        )
    )
    steps = [0.3 * CHARGE, 0.3 * DISCHARGE, 0.3 * CHARGE]
    seen = compare(model, PybammCell(plain_numbers(model)), steps)
    assert seen["lithium contact"][0] < 0.8
    assert seen["void depth"][1] > 1e-6
