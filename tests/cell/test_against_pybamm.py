"""The cell against the same equations written a second time in PyBaMM."""

import functools

import pytest

from lithomech.cell.resolve.build import LIFT_WIDTH
from lithomech.cell.spec import Cell
from support.cells import DENSE, EVEN

pytest.importorskip("pybamm")
from oracles.pybamm_cell import PybammCell
from support.twins import (
    ANODES,
    BASE,
    COMPOSITE,
    FIXTURES,
    INDIUM,
    compared,
    composite_anode,
    declare,
    oracle_of,
)

VOLTAGE = 2e-4  # V
CURRENT = 1e-3  # of itself, where a voltage is held
PRESSURE = 1e-3  # of the largest change of stack pressure
CAPACITY = 1e-4


@functools.cache
def shared_oracle(anode: str) -> PybammCell:
    """One built PyBaMM model serves every fixture and current."""
    return oracle_of(declare(**ANODES[anode]))


def compare(cell: Cell, oracle: PybammCell) -> dict[str, tuple[float, float]]:
    """Run both and hold them together, away from the ends of steps.

    Returns:
        Lowest and highest value of everything that the oracle knows, by name.
    """
    twins = compared(cell, oracle)
    assert twins.gaps.voltage < VOLTAGE
    assert twins.gaps.pressure < PRESSURE
    assert twins.gaps.capacity < CAPACITY
    assert twins.current < CURRENT
    return twins.seen


def check_mechanics(seen, fixture: str) -> None:
    """The comparison was of more than electrochemistry."""
    assert seen["contact fraction cathode 1"][0] < 0.5  # the contact opened
    assert seen["damage cathode 1"][1] > 0.01  # the particles cracked
    moved = max(abs(p - 20e6) for p in seen["pressure"])
    assert moved < 1.0 if fixture == "constant pressure" else moved > 1e5


@pytest.mark.deep
@pytest.mark.parametrize("anode", ANODES)
@pytest.mark.parametrize("fixture", FIXTURES)
def test_charge_rest_and_discharge_agree(fixture, anode):
    cell = declare(**ANODES[anode] | {"fixture": FIXTURES[fixture]})
    check_mechanics(compare(cell, shared_oracle(anode)), fixture)


def test_charge_rest_and_discharge_agree_on_few_nodes():
    """One of the nine, small enough for every change."""
    cell = declare(solver=BASE["solver"] | {"nodes": 6, "voltage_tolerance": "10 uV"})
    oracle = oracle_of(cell, nodes=6, shells=30, tolerance=1e-6)
    check_mechanics(compare(cell, oracle), "spring")


@pytest.mark.deep
def test_kinetics_that_fall_towards_full_agree():
    """Both on fine shells: with 60 the peer's discharge lasts 14 s of 3 hours longer."""
    solver = BASE["solver"] | {"shells": 200}
    cell = declare(materials={}, solver=solver)
    seen = compare(cell, oracle_of(cell, shells=200))
    assert seen["surface stoichiometry cathode 1"][1] > 0.85  # where D is a hundredth


def test_hold_agrees():
    cell = declare(protocol=["Charge at 0.5C until 4.2 V", "Hold at 4.2 V until 0.05C"])
    oracle = oracle_of(cell, holds=True)
    seen = compare(cell, oracle)
    assert seen["current"][1] > 0.3 * seen["current"][0]  # it decayed


@pytest.mark.deep
def test_fast_cycles_with_film_and_thin_indium_agree():
    weak = {
        "film_resistance": "5 ohm*cm^2",
        "boundary_strength": "500 MPa",
        "crack_rate": "1",
        "crack_residual_rate": "0.02",
    }
    cell = declare(
        anode={**INDIUM, "thickness": "25 um"},
        initial={"anode": "0.02"},
        materials={"ncm811": EVEN | weak, "li6ps5cl": DENSE},
        protocol=["Charge at 1C until 4.3 V", "Discharge at 1C until 2.8 V"],
    )
    seen = compare(cell, oracle_of(cell, shells=80))
    assert seen["anode stoichiometry"][1] - seen["anode stoichiometry"][0] > 0.3
    assert seen["damage cathode 1"][1] > 0.1


@pytest.mark.deep
def test_blend_with_measured_transport_agrees():
    active = [
        {"material": "ncm811", "weight": "40 %", "diameter": "4 um"},
        {"material": "lco", "weight": "30 %", "diameter": "8 um"},
    ]
    transport = {"type": "measured", "table": "song2021_ncm88_li6ps5cl"}
    electrolyte = {"material": "li6ps5cl", "weight": "30 %"}
    blend = {**COMPOSITE, "active": active, "electrolyte": electrolyte, "transport": transport}
    cell = declare(cathode=blend)
    seen = compare(cell, oracle_of(cell, shells=30, tolerance=1e-6))
    assert seen["contact fraction cathode 1"][0] < 0.5 < seen["contact fraction cathode 2"][0]


@pytest.mark.deep
def test_two_composites_agree():
    host = {"material": "ncm622", "weight": "75 %", "diameter": "6 um"}
    cell = declare(
        anode={**COMPOSITE, "active": [host], "thickness": "120 um"},
        initial={"cathode": "0.9", "anode": "0.5"},
        reference="cell",
        materials={
            "ncm811": EVEN | {"crack_rate": "0.3"},
            "li6ps5cl": DENSE,
        },  # more cracks would fill the gap
        protocol=[
            "Charge at 0.3C for 80 min",
            "Rest for 1 hour",
            "Discharge at 0.3C for 75 min",
        ],
    )
    seen = compare(cell, oracle_of(cell))
    assert seen["contact fraction cathode 1"][0] < 0.9  # its particles shrink
    assert seen["contact pressure anode 1"][1] > 5e7  # and those of the anode swell


@pytest.mark.deep
def test_a_cell_with_lto_agrees():
    """A flat potential on the other side."""
    cell = declare(
        anode=composite_anode("lto"),
        reference="cell",
        protocol=[
            "Charge at 0.2C for 4 hours",
            "Rest for 1 hour",
            "Discharge at 0.2C for 3 hours",
        ],
    )
    compare(cell, oracle_of(cell))


@pytest.mark.deep
def test_swelling_that_yields_the_electrolyte_agrees():
    soft = {"li6ps5cl": DENSE | {"shell_yield_strength": "150 MPa", "relaxation_time": "600 s"}}
    soft["ncm811"] = EVEN
    protocol = ["Discharge at 0.2C until 2.8 V", *BASE["protocol"]]
    cell = declare(anode=INDIUM, initial={"cathode": "0.35"}, materials=soft, protocol=protocol)
    seen = compare(cell, oracle_of(cell))
    assert seen["irreversible wall strain cathode 1"][1] > 5e-4


@pytest.mark.deep
def test_lift_off_agrees():
    fixture = {**BASE["fixture"], "pressure": "0.5 MPa"}
    protocol = ["Discharge at 0.2C until 2.8 V", "Charge at 0.2C until 4.3 V"]
    cell = declare(anode=INDIUM, initial={"cathode": "0.6"}, fixture=fixture, protocol=protocol)
    seen = compare(cell, oracle_of(cell))
    assert seen["pressure"][0] < LIFT_WIDTH  # the pistons let go
    assert seen["pressure"][1] > 5e5  # and took hold again


@pytest.mark.deep
def test_voids_under_lithium_agree():
    voids = {"void_current_creep": "0.01 mA/cm^2", "void_depth": "4 um"}
    cell = declare(
        fixture={"type": "spring", "pressure": "3 MPa", "stiffness": "0.05 MPa/um"},
        materials={
            "ncm811": EVEN,
            "li6ps5cl": DENSE,
            "li": voids,
        },
        protocol=[
            "Charge at 0.3C until 4.3 V",
            "Discharge at 0.3C until 2.8 V",
            "Charge at 0.3C until 4.3 V",
        ],
    )
    seen = compare(cell, oracle_of(cell))
    assert seen["lithium contact"][0] < 0.8
    assert seen["void depth"][1] > 1e-6
