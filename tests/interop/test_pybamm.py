"""Cells in PyBaMM's own porous-electrode model, and its solutions here."""

import json
import tomllib
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from lithomech.interop import entry_points
from lithomech.interop.frozen import freeze
from lithomech.interop.pybamm import from_solution, to_pybamm

FIXTURES = {
    "constant pressure": {"type": "constant_pressure", "pressure": "20 MPa"},
    "spring": {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"},
    "bolted": {"type": "bolted", "pressure": "20 MPa", "frame_stiffness": "2 MPa/um"},
}
ROOT = Path(__file__).parents[2]
VOLTAGE, TIME = 2e-4, 1e-3  # V; of a step's duration
OFF = dict.fromkeys(("contact", "cracking", "creep", "interphase", "isolation"), "none")
OFF |= dict.fromkeys(("yielding", "separator_crack", "lithium_voids", "first_cycle"), "none")
RIGID = {"volume_strain": "0", "film_resistance": "0 ohm*cm^2"}


def composite(material, weight, **size):
    return {
        "type": "composite",
        "porosity": "15 %",
        "active": [{"material": material, "weight": f"{weight} %", "diameter": "4 um"}],
        "electrolyte": {"material": "li6ps5cl", "weight": f"{100 - weight} %"},
        "transport": {"type": "formula"},
        **size,
    }


def rigid_cell(anode, *steps, fixture="constant pressure"):
    """Nothing but electrochemistry: no volume change, no films, no mechanisms."""
    data = {
        "fixture": FIXTURES[fixture],
        "cathode": composite("ncm811", 75, thickness="80 um"),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": anode,
        "mechanisms": OFF,
        "materials": {
            "ncm811": RIGID,
            "graphite": RIGID | {"first_cycle_loss": "0 mAh/g"},
        },
        "solver": {"voltage_tolerance": "10 uV", "nodes": 20, "shells": 120},
        "reference": "cell",
        "protocol": list(steps),
    }
    if anode["type"] == "planar":
        del data["materials"]["graphite"]
    return load_cell(json.dumps(data, indent=1))


LITHIUM = {"type": "planar", "material": "li", "thickness": "100 um"}
INDIUM = {**LITHIUM, "material": "li_in"}
GRAPHITE = composite("graphite", 60, n_p_ratio=1.3)
PLANAR = {"li": (LITHIUM, 4.3, 2.8), "li_in": (INDIUM, 3.68, 2.18)}  # and limits of the cell


def agree(cell, steps):
    """Run both and compare durations and voltages, away from the ends of steps."""
    twin = to_pybamm(cell)
    assert twin.left_out == ()
    ours = run(cell).series
    theirs = from_solution(twin.simulate(steps(twin.numbers["Nominal cell capacity [A.h]"])))
    assert set(theirs.step) == set(ours.step)
    for step in np.unique(ours.step):
        one, other = ours.select(step=step), theirs.select(step=step)
        t, s = one.time - one.time[0], other.time - other.time[0]
        assert_allclose(s[-1], t[-1], rtol=TIME)
        assert_allclose(other.current[1:], one.current[-1], rtol=1e-9, atol=1e-12)
        inside = (s > 0.01 * t[-1]) & (s < 0.95 * t[-1])
        apart = other.voltage[inside] - np.interp(s[inside], t, one.voltage)
        assert inside.sum() > 20
        assert abs(apart).max() < VOLTAGE
    return ours, theirs


@pytest.mark.deep
def test_a_half_cell_agrees():
    """PyBaMM knows nothing of this package: its mesh, kinetics and diffusion are its own."""
    pytest.importorskip("pybamm")
    cell = rigid_cell(LITHIUM, "Charge at 0.5C until 4.3 V")
    ours, _ = agree(cell, lambda c: [f"Charge at {0.5 * c} A until 4.3 V (1 minute period)"])
    assert ours.voltage[-1] - ours.voltage[3] > 0.5


@pytest.mark.deep
@pytest.mark.parametrize("name", PLANAR)
def test_discharge_after_rest_agrees(name):
    """Down to where the library's diffusivity of NCM811 falls to a hundredth."""
    pytest.importorskip("pybamm")
    anode, high, low = PLANAR[name]
    steps = f"Charge at 0.2C until {high} V", "Rest for 1 hour"
    agree(
        rigid_cell(anode, *steps, f"Discharge at 0.5C until {low} V"),
        lambda c: [
            f"Charge at {0.2 * c} A until {high} V (1 minute period)",
            "Rest for 1 hour (1 minute period)",
            f"Discharge at {0.5 * c} A until {low} V (1 minute period)",
        ],
    )


@pytest.mark.deep
@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_full_cell_agrees(fixture):
    pytest.importorskip("pybamm")
    steps = "Charge at 0.2C until 4.2 V", "Discharge at 0.2C until 2.8 V"
    agree(
        rigid_cell(GRAPHITE, *steps, fixture=fixture),
        lambda c: [
            f"Charge at {0.2 * c} A until 4.2 V (2 minute period)",
            f"Discharge at {0.2 * c} A until 2.8 V (2 minute period)",
        ],
    )


@pytest.mark.parametrize("fixture", FIXTURES)
def test_stack_pressure_has_its_name_where_it_moves(fixture):
    """A planar electrode grows; particles that do not swell keep the pressure."""
    moves = fixture != "constant pressure"
    for anode in (LITHIUM, INDIUM):
        cell = rigid_cell(anode, "Charge at 0.5C until 3.6 V", fixture=fixture)
        assert freeze(cell).left_out == (("stack pressure",) if moves else ())
    full = rigid_cell(GRAPHITE, "Charge at 0.2C for 1 hour", fixture=fixture)
    assert freeze(full).left_out == ()


def test_what_pybamm_lacks_is_refused_by_name_until_it_is_left_out():
    cell = load_cell("ncm88_lpscl_liin")
    with pytest.raises(InputError) as caught:
        to_pybamm(cell)
    texts = [mistake.message for mistake in caught.value.mistakes]
    for name in ("contact", "cracking", "interphase", "volume change", "film resistance"):
        assert sum(f"has no {name}" in text for text in texts) == 1
    twin = to_pybamm(cell, "all")
    assert len(twin.left_out) == len(texts)
    with pytest.raises(InputError, match="has no cracking"):
        to_pybamm(cell, set(twin.left_out) - {"cracking"})
    with pytest.raises(InputError, match="crackling: there is nothing of this name"):
        to_pybamm(cell, ["crackling"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lco_ncm811_lpscl_lto", "blends are not written for PyBaMM: lco"),
        ("li_lpscl_li", "no planar positive electrode"),
    ],
)
def test_what_cannot_be_left_out_is_refused(name, message):
    with pytest.raises(InputError, match=message):
        to_pybamm(load_cell(name), "all")


def test_the_script_needs_pybamm_only():
    """Executed here, it builds the same parameters."""
    pybamm = pytest.importorskip("pybamm")
    twin = to_pybamm(load_cell("ncm811_lpscl_graphite"), "all")
    script = twin.script()
    assert "import lithomech" not in script
    assert "from lithomech" not in script
    assert f"# Left out: {', '.join(twin.left_out)}." in script
    space = {"__name__": "script"}
    exec(compile(script, "script", "exec"), space)
    values = space["parameter_values"](*json.loads(space["DATA"]))
    assert values["Positive electrode thickness [m]"] > 0.0
    x = np.array([0.25, 0.5])
    host = twin.tables["Negative electrode OCP [V]"]
    potential = values["Negative electrode OCP [V]"](pybamm.Vector(x)).evaluate()[:, 0]
    assert_allclose(potential, np.interp(x, host["x"], host["y"]), rtol=1e-6)


def test_a_packaged_set_holds_the_numbers_of_its_cell():
    pytest.importorskip("pybamm")
    values = entry_points.ncm811_li()
    assert values["Separator thickness [m]"] == 600e-6
    assert values["Positive particle radius [m]"] == 2e-6
    assert callable(values["Positive electrode OCP [V]"])


def registered(group):
    """Names and places that the package declares to PyBaMM."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return points["entry-points"][group]


@pytest.mark.parametrize("group", ["pybamm_models", "pybamm_parameter_sets"])
def test_pybamm_finds_what_is_declared(group):
    """As installed: each declared name is in PyBaMM's own list and can be loaded."""
    dispatch = pytest.importorskip("pybamm").dispatch
    listed = {
        "pybamm_models": dispatch.models,
        "pybamm_parameter_sets": dispatch.parameter_sets,
    }
    assert set(registered(group)) <= set(listed[group])
    for name, place in registered(group).items():
        module, _, function = place.partition(":")
        assert listed[group]._get_class(name) is getattr(import_module(module), function)


@pytest.mark.deep
def test_pybamm_runs_a_cell_by_its_name():
    """Nothing but the name is passed; the charge stays between the limits of the cell."""
    pybamm = pytest.importorskip("pybamm")
    model = pybamm.Model("lithomech", "ncm811_lpscl_graphite")
    solution = pybamm.Simulation(model, C_rate=-0.1).solve([0.0, 3600.0])
    volts = solution["Voltage [V]"].entries
    assert 2.0 < volts[0] < volts[-1] < 4.4
    assert isinstance(pybamm.Model("lithomech"), pybamm.lithium_ion.DFN)


def test_a_solution_becomes_a_series():
    """A made-up solution: two cycles of two steps, positive current discharges."""

    class Step:
        def __init__(self, t):
            self.t = np.array(t)

    class Cycle:
        def __init__(self, *steps):
            self.steps = steps

    class Model:
        variables = ("Voltage [V]", "Current [A]", "Ambient temperature [K]")

    class Entries:
        def __init__(self, values):
            self.entries = np.array(values)

    class Solution(dict):
        all_models = (Model(),)
        cycles = (Cycle(Step([0, 1]), Step([1, 2])), Cycle(Step([2, 3, 4])))
        t = np.array([0, 1, 1, 2, 2, 3, 4])

    volts = [4.0, 3.9, 3.9, 4.0, 4.0, 3.95, 3.9]
    series = from_solution(
        Solution(
            {
                "Voltage [V]": Entries(volts),
                "Current [A]": Entries([1, 1, -1, -1, 1, 1, 1]),
                "Ambient temperature [K]": Entries([298.15] * 7),
            }
        )
    )
    assert series.current.tolist() == [-1, -1, 1, 1, -1, -1, -1]
    assert series.cycle.tolist() == [1, 1, 1, 1, 2, 2, 2]
    assert series.step.tolist() == [1, 1, 2, 2, 3, 3, 3]
    assert series.voltage.tolist() == volts
    assert set(series.temperature) == {298.15}
