"""How a run ends: each status and each event, in a cell that physics drives there."""

import numpy as np
import pytest

from lithomech.cell.run import run
from support.cells import INDIUM, LITHIUM, NO_CRACKS, composite, declare, lto, spring

LOOSE = {"pressure": "370 MPa", "residual_pressure": "0 MPa"}
F = 96485.33212
SKIPPED = "step skipped: its cut-off was already passed"


def constant(pressure):
    return {"type": "constant_pressure", "pressure": pressure}


def foil(thickness):
    return LITHIUM | {"thickness": thickness}


def events(result):
    return [event.name for event in result.events]


def test_contact_lost_is_a_current_that_little_contact_cannot_carry():
    cell = declare(
        fixture=constant("0 MPa"),
        fabrication=LOOSE,
        cathode=composite("ncm88", diameter="10 um"),
        anode=INDIUM,
        materials={"ncm88": NO_CRACKS},  # cracks would fill the gap
        protocol=[
            "Charge at 0.05C until 4.3 V",
            "Rest for 1 hour",
            "Discharge at 2C until 3 V",
        ],
    )
    result = run(cell)
    assert result.status == "contact lost"
    assert "Discharge at 2C until 3 V (cycle 1, step 3)" in result.reason
    assert result.profiles["cathode_contact_fraction"][-1].mean() < 0.02
    assert run(cell.replace(fixture=declare().fixture)).status == "completed"


def test_a_short_where_the_plating_current_is_above_critical():
    result = run(declare(protocol=["Charge at 2.1 mA/cm2 until 4.3 V"]))
    assert (result.status, events(result)) == ("short", ["short"])
    assert run(declare(protocol=["Charge at 1.9 mA/cm2 for 1 min"])).status == "completed"


def test_a_short_where_voids_focus_the_plating_current():
    steps = ["Charge at 0.3 mA/cm2 for 4 mAh", "Discharge at 1 mA/cm2 for 1.5 mAh"]
    plate = "Charge at 1.5 mA/cm2 for 1 mAh"
    thick = {"cathode": composite(thickness="200 um")}
    voids = run(declare(fixture=constant("3 MPa"), protocol=[*steps, plate], **thick))
    assert voids.status == "short"
    assert "cycle 2" in voids.reason
    pressed = run(declare(fixture=constant("10 MPa"), protocol=[*steps, plate], **thick))
    assert pressed.status == "completed"


@pytest.mark.parametrize(
    "step",
    ["Charge at 0.1C until 2 V", "Discharge at 0.1C until 4.2 V", "Charge at 20C until 4.3 V"],
)
def test_a_run_of_skipped_steps_only_is_infeasible(step):
    result = run(declare(anode=INDIUM, protocol=[step]))
    assert (result.status, events(result)) == ("infeasible", [SKIPPED])
    assert len(result.time) == 0
    assert result.to_json()["cycles"] == []


def test_rests_around_skipped_steps_do_not_complete_a_run():
    protocol = ["Rest for 1 min", "Charge at 0.1C until 2 V", "Rest for 1 min"]
    result = run(declare(anode=INDIUM, protocol=protocol))
    assert result.status == "infeasible"
    assert "every charge and discharge was skipped" in result.reason
    assert run(declare(protocol=["Rest for 1 min"])).status == "completed"


def test_a_skipped_step_changes_nothing():
    protocol = ["Charge at 0.2C for 1 hour", "Charge at 0.2C for 1 hour"]
    between = [protocol[0], "Discharge at 0.1C until 4.2 V", protocol[1]]
    plain, skipping = (run(declare(protocol=steps)) for steps in (protocol, between))
    assert events(skipping) == [SKIPPED]
    assert skipping.events[0].value == 4.2
    assert skipping.events[0].step == 2
    np.testing.assert_array_equal(skipping.voltage, plain.voltage)


def test_what_no_state_can_give_is_infeasible():
    result = run(declare(anode=INDIUM, protocol=["Discharge at 5 W for 10 s"]))
    assert result.status == "infeasible"
    assert "no state carries" in result.reason


@pytest.mark.parametrize(
    "step",
    [
        "Charge at 0.2C for 100 mAh",
        "Charge at 0.1C until 60 MPa",
        "Charge at 0.1C until 9 V",
        "GITT charge at 0.5C, 30 min pulses, 1 min rests, until 60 MPa",
    ],
)
def test_a_host_ends_where_it_is_empty(step):
    """U(0) = 5.0 V; half a volt beyond is the barrier's, the rest what the current needs."""
    result = run(declare(anode=INDIUM, protocol=[step]))
    assert result.status == "electrode exhausted"
    assert "the cathode is empty after" in result.reason
    assert f"{step} (cycle 1, step 1)" in result.reason
    assert events(result)[-1] == "electrode exhausted: cathode empty"
    assert 4.9 < result.voltage.max() < 5.0 + 0.5 + 0.25


def test_a_power_that_can_be_held_for_a_while_only():
    result = run(
        declare(
            anode=INDIUM,
            protocol=["Charge at 0.2C for 1 hour", "Discharge at 30 mW for 5 hours"],
        )
    )
    assert result.status in {"infeasible", "electrode exhausted"}
    assert "cannot sustain this power" in result.reason or "is full" in result.reason


def test_lift_off_and_return():
    fixture = spring("0.05 MPa", "2 MPa/um")
    result = run(
        declare(
            fixture=fixture,
            fabrication=LOOSE,
            anode=lto(),
            materials={"ncm811": NO_CRACKS},  # cracks would fill the gap
            protocol=["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 2.8 V"],
        )
    )
    assert result.status == "completed"
    found = [name for name in events(result) if "voltage" not in name]
    assert found == ["lift-off", "pistons touch again"]
    assert 0.0 <= result.stack_pressure.min() < 1.0
    gap = result.ledger["stack", "lift-off gap"]
    assert gap.max() > 1e-8
    np.testing.assert_allclose(gap[-1], 0.0, atol=1e-9)


def test_no_pistons_no_pressure():
    protocol = ["Set stack pressure to 0 MPa", "Charge at 0.05C for 1 hour"]
    result = run(declare(fixture=constant("5 MPa"), anode=INDIUM, protocol=protocol))
    assert result.status == "completed"
    assert events(result) == ["stack pressure set [Pa]"]
    assert result.stack_pressure.max() == 0.0


def test_a_thin_foil_gives_the_lithium_it_holds():
    protocol = ["Discharge at 0.1C until 2.8 V", "Charge at 0.1C for 10 min"]
    result = run(declare(anode=foil("2 um"), initial={"cathode": "0.5"}, protocol=protocol))
    assert result.status == "completed"
    assert events(result) == ["no lithium left in the foil [C/m2]"]
    moved = result.cycles[0]["discharge_capacity_mAh_per_cm2"] * 36e3
    np.testing.assert_allclose(moved, 2e-6 * F / 12.97e-6, rtol=1e-6)


def test_a_small_rate_capacity_leaves_time_to_charge():
    """1C of a twentieth of the cell: the charge takes twenty hours."""
    protocol = ["Charge at 1C until 4.2 V"]
    whole = run(declare(protocol=["Charge at 0.05C until 4.2 V"]))
    small = run(
        declare(rate_capacity=f"{whole.resolved['one_c_A'] / 20.0:.12g} A*h", protocol=protocol)
    )
    assert small.status == "completed"


def test_a_bare_collector_has_nothing_to_give():
    result = run(declare(anode={"type": "anode_free"}, protocol=["Discharge at 0.1C for 1 h"]))
    assert result.status == "infeasible"
    assert (
        "there is no lithium on the anode's collector: plate some on it first" in result.reason
    )


@pytest.mark.parametrize(("step", "side"), [("Strip", "cathode"), ("Plate", "anode")])
def test_lithium_that_loses_its_contact_names_the_side_that_is_stripped(step, side):
    lithium = {"type": "planar", "material": "li", "thickness": "500 um"}
    cell = declare(
        cathode=lithium,
        anode=lithium,
        fixture=constant("1 MPa"),
        mechanisms={"separator_crack": "none"},
        protocol=[f"{step} at 3 mA/cm2 for 2 h"],
    )
    result = run(cell)
    assert result.status == "contact lost"
    assert f"contact of the {side} cannot carry the current" in result.reason


def test_an_anode_free_cell_cannot_begin_with_a_discharge():
    cell = declare(
        anode={"type": "anode_free"},
        mechanisms={"bare_collector": "none"},
        initial={"cathode": "0.5"},
        protocol=["Discharge at 0.1C until 2.8 V"],
    )
    assert run(cell).status == "infeasible"
    charged = cell.replace(
        protocol=("Charge at 0.1C for 1 hour", "Discharge at 0.1C for 3 hours")
    )
    result = run(charged)
    assert events(result) == ["no lithium left in the foil [C/m2]"]
    (cycle,) = result.cycles
    np.testing.assert_allclose(
        cycle["discharge_capacity_mAh_per_cm2"], cycle["charge_capacity_mAh_per_cm2"], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("changes", "statuses"),
    [
        (
            {"protocol": ["Charge at 20C until 4.3 V", "Hold at 4.3 V until 0.1C"]},
            {"completed", "short"},
        ),
        ({"fixture": spring("0.01 MPa"), "anode": INDIUM}, {"completed", "contact lost"}),
        ({"cathode": composite(thickness="1 um")}, {"completed"}),
        ({"cathode": composite(thickness="3 mm")}, {"completed", "infeasible", "short"}),
        ({"cathode": composite(diameter="1 mm")}, {"completed", "infeasible"}),
        ({"temperature": "-70 degC"}, {"completed", "infeasible"}),
    ],
)
def test_extremes_end_with_a_status(changes, statuses):
    result = run(declare(**changes))
    assert result.status in statuses
    assert result.reason
    assert not (result.stack_pressure < 0.0).any()
