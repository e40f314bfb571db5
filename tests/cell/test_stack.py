"""A pouch of the layers of a cell against arithmetic by hand, and textbook plates."""

import json
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.app.pouch_page import pouch_tables
from lithomech.app.summary import stack_lines
from lithomech.cell.readout.load import load_result
from lithomech.cell.readout.record import input_hash
from lithomech.cell.readout.stack import KEYS
from lithomech.cell.resolve.build import resolve
from lithomech.cell.resolve.stack import held
from lithomech.cell.run import run
from lithomech.cell.spec import cell_from_input, to_input
from lithomech.errors import InputError
from lithomech.laws import hardware
from lithomech.materials.load import load_material
from support.cells import COARSE, INDIUM, declare

DENSITIES = {
    "ncm811": 4.8,
    "li6ps5cl": 1.6,
    "li": 0.53,
    "al": 2.7,
    "sus": 8.0,
    "pouch_film": 1.5,
}
PLATES = {"type": "plates", "safety": 2}
POUCH = {
    "bicells": 3,
    "area": "60 mm x 95 mm",
    "cathode_collector": {"material": "al", "thickness": "12 um"},
    "anode_collector": {"material": "sus", "thickness": "10 um"},
    "casing": {"thickness": "120 um"},
    "hardware": PLATES,
}
AREA = 57e-4  # m2
STEPS = ["Charge at 20 uA for 0.5 mAh", "Discharge at 20 uA for 0.4 mAh"]
FLAT = {"open_circuit_potential": "3.8 V"}


def pouch(**changes):
    """A cell of three bi-cells whose voltage is flat."""
    densities = {name: {"density": f"{value} g/cm3"} for name, value in DENSITIES.items()}
    stack = changes.pop("stack", POUCH)
    if stack is None:
        densities = {name: densities[name] for name in ("ncm811", "li6ps5cl", "li")}
    if isinstance(stack, dict) and "casing" not in stack:
        densities.pop("pouch_film", None)
    densities["ncm811"] |= FLAT
    base = {"materials": densities, "protocol": STEPS, "solver": COARSE, "stack": stack}
    return declare(**base | changes)


@pytest.fixture(scope="module")
def result():
    return run(pouch())


def by_hand():
    """Masses [kg] of the parts of the pouch, and their thickness as made [m]."""
    solid = 1e3 / (0.7 / 4.8 + 0.3 / 1.6)  # kg/m3 of a composite of 70:30 by weight
    cathodes, separators, anodes = 6 * 80e-6, 6 * 600e-6, 6 * 100e-6
    masses = {
        "cathode": AREA * cathodes * 0.85 * solid,
        "separator": AREA * separators * 0.85 * 1600.0,
        "anode": AREA * anodes * 530.0,
        "cathode_collector": AREA * 3 * 12e-6 * 2700.0,
        "anode_collector": AREA * 4 * 10e-6 * 8000.0,
        "casing": AREA * 2 * 120e-6 * 1500.0,
    }
    film = 2 * 120e-6
    return masses, cathodes + separators + anodes + 3 * 12e-6 + 4 * 10e-6 + film, film


def test_the_masses_are_those_by_hand(result):
    masses, thick, film = by_hand()
    parts = {part["part"]: part for part in result.resolved["stack"]["parts"]}
    for name, mass in masses.items():
        assert_allclose(parts[name]["mass_kg"], mass, rtol=1e-12, err_msg=name)
    layers, cell, with_hardware = result.stack
    assert [row["basis"] for row in result.stack] == ["stack", "cell", "cell with hardware"]
    assert_allclose(layers["mass_kg"], sum(masses.values()) - masses["casing"], rtol=1e-12)
    assert_allclose(cell["mass_kg"], sum(masses.values()), rtol=1e-12)
    assert_allclose(
        with_hardware["mass_kg"], cell["mass_kg"] + with_hardware["hardware_kg"], rtol=1e-12
    )
    assert_allclose(cell["thickness_mm"] - layers["thickness_mm"], 1e3 * film, rtol=1e-9)
    # lithium metal is plated: 0.5 mAh on 1.327 cm2 are 1.83 um on each of six anodes
    assert 0.0 < cell["thickness_mm"] / 1e3 - thick < 6 * 1.9e-6


def test_thickness_and_stroke_are_those_of_the_ledger(result):
    _, thick, _ = by_hand()
    charged = int(np.flatnonzero(result.current > 0.0)[-1])
    grown = sum(v for (layer, _), v in result.ledger.items() if layer in {"cathode", "anode"})
    free = sum(v for (_, cause), v in result.ledger.items() if cause != "elastic")
    (cycle,) = result.cycles
    assert_allclose(cycle["thickness_mm"], 1e3 * (thick + 6 * grown[charged]), rtol=1e-9)
    # the layers breathe one way only, so that the samples hold both ends
    assert_allclose(cycle["spring_stroke_um"], 6e6 * (free.max() - free.min()), rtol=1e-3)


def test_energy_and_power_are_those_of_the_discharge(result):
    # 0.4 mAh on the cell's 1.327 cm2, six times on 57 cm2, at 3.8 V but for the overvoltage
    capacity = 0.4e-3 * 6 * AREA / (math.pi * 0.0065**2)
    _, cell, _ = result.stack
    assert_allclose(cell["capacity_Ah"], capacity, rtol=1e-9)
    assert_allclose(cell["energy_Wh"], 3.8 * capacity, rtol=5e-3)
    assert_allclose(
        cell["specific_energy_Wh_per_kg"], cell["energy_Wh"] / cell["mass_kg"], rtol=1e-12
    )
    litres = 1e3 * AREA * cell["thickness_mm"] / 1e3
    assert_allclose(cell["energy_density_Wh_per_L"], cell["energy_Wh"] / litres, rtol=1e-12)
    # 0.4 mAh at 20 uA take 20 hours
    power = cell["energy_Wh"] / 20.0 / cell["mass_kg"]
    assert_allclose(cell["specific_power_W_per_kg"], power, rtol=1e-6)


def test_energy_does_not_depend_on_the_reference_of_the_voltages():
    own, lithium = (
        run(pouch(anode=INDIUM, reference=name, stack={**POUCH, "hardware": {"type": "none"}},
                  materials={"ncm811": FLAT}, initial={"anode": 0.5}))
        for name in ("cell", "li")
    )  # fmt: skip
    assert (
        lithium.cycles[0]["discharge_energy_mWh"] > 1.1 * own.cycles[0]["discharge_energy_mWh"]
    )
    assert_allclose(lithium.cycles[0]["energy_Wh"], own.cycles[0]["energy_Wh"], rtol=1e-9)
    assert [row["basis"] for row in own.stack] == ["stack", "cell"]
    assert own.cycles[0]["hardware_kg"] is None
    assert own.cycles[0]["specific_energy_with_hardware_Wh_per_kg"] is None


def test_plates_are_those_of_a_textbook():
    # Timoshenko and Woinowsky-Krieger, table 8, nu = 0.3: w/(q a^4/D), M_x/(q a^2)
    table = {1.0: (0.00406, 0.0479), 1.5: (0.00772, 0.0812), 2.0: (0.01013, 0.1017)}
    for r, (deflection, moment) in table.items():
        assert_allclose(hardware.plate_deflection(r), deflection, rtol=2e-3)
        assert_allclose(hardware.plate_moment(r, 0.3), moment, rtol=2e-3)
    # a long plate is a beam: 5/384 and 1/8
    assert_allclose(hardware.plate_deflection(40.0), 5.0 / 384.0, rtol=1e-6)
    assert_allclose(hardware.plate_moment(40.0, 0.3), 1.0 / 8.0, rtol=1e-3)
    # a square of 100 mm under 10 MPa at 200 MPa: a sqrt(0.287 P/sigma)
    thick = hardware.plate_thickness_for_strength(1e7, 0.1, 0.0479, 2e8)
    assert_allclose(thick, 0.1 * math.sqrt(0.287 * 1e7 / 2e8), rtol=2e-3)
    # the deflection that was allowed comes out: w = 0.0443 P a^4/(E t^3)
    stiff = hardware.plate_thickness_for_stiffness(1e7, 0.1, 0.00406, 2.1e11, 0.3, 1e-4)
    assert_allclose(0.0443 * 1e7 * 0.1**4 / (2.1e11 * stiff**3), 1e-4, rtol=2e-3)


def test_hardware_bears_the_highest_pressure_of_the_run(result):
    _, cell, with_hardware = result.stack
    P, a, long = result.stack_pressure.max(), 0.060, 95.0 / 60.0
    assert_allclose(result.resolved["stack"]["design_pressure_Pa"], P, rtol=1e-9)
    # Timoshenko's table between 1.5 and 1.6: 0.0812 and 0.0862, 0.00772 and 0.00830
    share = (long - 1.5) / 0.1
    moment, deflection = 0.0812 + share * 0.0050, 0.00772 + share * 0.00058
    strong = a * math.sqrt(6.0 * moment * P / (355e6 / 2.0))
    stiff = (12.0 * 0.91 * deflection * P * a**4 / (210e9 * a / 500.0)) ** (1.0 / 3.0)
    plate = max(strong, stiff)
    height = cell["thickness_mm"] / 1e3 + 2.0 * plate
    rods = AREA * P / (355e6 / 2.0) * height
    assert_allclose(with_hardware["hardware_kg"], 7850.0 * (2 * AREA * plate + rods), rtol=5e-3)
    assert_allclose(
        with_hardware["thickness_mm"], cell["thickness_mm"] + 2e3 * plate, rtol=5e-3
    )


def test_without_pressure_hardware_weighs_nothing():
    made = resolve(pouch()).pouch
    masses = [sum(part.mass for part in held(made, P, 0.01).parts) for P in (1e2, 1.0, 0.0)]
    assert masses[0] > masses[1] > masses[2] == 0.0
    rods = resolve(pouch(stack=POUCH | {"hardware": {"type": "rods", "safety": 1}})).pouch
    (one,) = held(rods, 10e6, 0.01).parts
    # rho P/sigma per volume: 7850 x 10/355 kg/m3
    assert_allclose(one.mass, 7850.0 * 10.0 / 355.0 * AREA * 0.01, rtol=1e-12)


def test_pouches_of_a_module_share_their_plates():
    alone = resolve(pouch()).pouch
    shared = resolve(pouch(stack=POUCH | {"hardware": PLATES | {"pouches": 12}})).pouch
    (plates, rods), (part, own) = (held(one, 10e6, 0.01).parts for one in (alone, shared))
    assert_allclose(part.mass, plates.mass / 12.0, rtol=1e-12)
    # 12 pouches and two plates high, a twelfth of it for each
    high, low = 0.01 + plates.thickness, 0.01 + plates.thickness / 12.0
    assert_allclose(own.mass / rods.mass, low / high, rtol=1e-12)


def test_prices_are_those_of_the_materials():
    stack = POUCH | {
        "prices": {"NCM811": "20 USD/kg", "al": "3000 USD/t", "sus": "0.004 USD/g"}
    }
    priced = run(pouch(stack=stack))
    masses, _, _ = by_hand()
    cost = 20 * 0.7 * masses["cathode"] + 3 * masses["cathode_collector"]
    cost += 4 * masses["anode_collector"]
    assert_allclose(priced.stack[1]["cost"], cost, rtol=1e-12)
    assert priced.stack[1]["currency"] == "USD"
    assert "li6ps5cl" in priced.resolved["stack"]["without_price"]
    assert "Without a price: li, li6ps5cl, pouch_film" in pouch_tables(priced)


def test_without_the_block_all_is_null(result):
    plain = run(pouch(stack=None))
    assert plain.to_json()["stack"] is None
    assert all(cycle[key] is None for cycle in plain.cycles for key in KEYS)
    assert pouch_tables(plain) == ""
    assert not list(stack_lines(plain))
    for key, value in plain.cycles[0].items():
        assert key in KEYS or value == result.cycles[0][key]


def test_the_hash_of_a_cell_without_the_block_does_not_know_of_it():
    with_it, without = resolve(pouch()), resolve(pouch(stack=None))
    assert input_hash(with_it) != input_hash(without)
    thicker = POUCH | {"casing": {"thickness": "130 um"}}
    assert input_hash(resolve(pouch(stack=thicker))) != input_hash(with_it)


def test_it_is_saved_and_read_back(result, tmp_path):
    result.save(tmp_path / "result.nc")
    again = load_result(tmp_path / "result.nc")
    assert again.stack == result.stack
    assert again.cell.stack == result.cell.stack
    assert json.loads(json.dumps(result.to_json()["stack"])) == result.stack
    assert cell_from_input(json.loads(json.dumps(to_input(result.cell)))).stack.bicells == 3
    lines = list(stack_lines(result))
    assert len(lines) == 3
    assert "Wh/kg" in lines[1]
    assert "Hardware holds" in pouch_tables(again)


def test_a_study_reads_it():
    study = {
        "base": to_input(pouch()),
        "vary": {"fixture.pressure": ["5 MPa", "20 MPa"]},
        "outputs": ["specific_energy_Wh_per_kg", "specific_energy_with_hardware_Wh_per_kg@1",
                    "hardware_kg", "thickness_mm"],
    }  # fmt: skip
    table = lm.run_study(lm.load_study(study))
    heavy = table.column("hardware_kg")
    assert heavy[1] > 1.5 * heavy[0] > 0.0
    with_hardware = table.column("specific_energy_with_hardware_Wh_per_kg@1")
    assert (with_hardware < table.column("specific_energy_Wh_per_kg")).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"area": "5 kg"}, r"stack.area: .*two edges such as '60 mm x 95 mm'"),
        ({"area": "0 mm x 5 mm"}, r"stack.area: the edges must be above 0 m"),
        ({"bicells": 0}, r"stack.bicells"),
        ({"hardware": {"type": "glue"}}, r"stack.hardware.type: 'glue' is not known"),
        ({"hardware": {"type": "rods", "deflection": "1 mm"}}, r"stack.hardware.deflection"),
        ({"prices": {"al": "50 USD"}}, r"stack.prices.al: '50 USD' is no price"),
        (
            {"prices": {"al": "1 USD/kg", "sus": "1 EUR/kg"}},
            r"stack.prices: give all in one currency, not in EUR and USD",
        ),
        (
            {"prices": {"NCM811": "1 USD/kg", "ncm811": "2 USD/kg"}},
            r"stack.prices.ncm811: 'ncm811' has a price already",
        ),
        ({"prices": {"gold": "1 USD/kg"}}, r"stack.prices.gold: not in this cell"),
        ({"casing": {"thickness": "1 mm", "material": "al"}}, r"'al' is of role collector"),
        (
            {"hardware": {"type": "rods", "material": "pouch_film"}},
            r"stack.hardware.material: 'pouch_film' has no youngs_modulus, poisson_ratio",
        ),
    ],
)
def test_what_is_wrong_is_reported_in_one_line(changes, message):
    with pytest.raises(InputError, match=message):
        resolve(pouch(stack={**POUCH, **changes}))


def test_the_anode_over_the_cathode_is_that_by_hand(result):
    """100 um of lithium hold 100e-6 F / V; the cathode 70 % of its mass times what 1C means."""
    solid = 1e3 / (0.7 / 4.8 + 0.3 / 1.6)
    host = load_material("ncm811").value("nominal_capacity")
    positive = 80e-6 * 0.85 * solid * 0.7 * host
    negative = 100e-6 * 96485.33212 / load_material("li").value("partial_molar_volume")
    assert_allclose(result.stack[0]["n_p_ratio"], negative / positive, rtol=1e-9)
    assert result.cycles[0]["n_p_ratio"] == result.stack[0]["n_p_ratio"]
    assert result.stack[0]["inactive_lithium_Ah"] is None  # only a bare collector has some


def test_a_composite_anode_has_the_ratio_that_it_was_declared_with():
    stack = {key: POUCH[key] for key in ("cathode_collector", "anode_collector")}
    made = resolve(lm.load_cell("ncm811_lpscl_graphite", {"stack": stack}))
    assert_allclose(made.pouch.n_p_ratio, 1.4, rtol=1e-12)


def test_lithium_that_lost_its_contact_is_that_of_all_pairs():
    """A cell of the packaged anode-free kind in a pouch of two pairs of its own area."""
    stack = {key: POUCH[key] for key in ("cathode_collector", "anode_collector")}
    coarse = {"solver.nodes": 4, "solver.shells": 8, "stack": stack}
    cell = lm.load_cell("ncm811_lpscl_anode_free", coarse)
    found = run(cell)
    areal = found.cycles[-1]["inactive_lithium_mAh_per_cm2"]
    assert areal > 0.0
    expected = 2.0 * 1e4 * cell.geometry.cross_section * areal * 1e-3
    assert_allclose(found.stack[-1]["inactive_lithium_Ah"], expected, rtol=1e-9)
    assert found.stack[0]["n_p_ratio"] == 0.0
