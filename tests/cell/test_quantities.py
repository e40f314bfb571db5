"""The quantities of a cycle against quadrature of the traces, and the list of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.mechanisms.outputs import PERCENT, Cycle, CycleQuantity
from lithomech.cell.mechanisms.registry import BUILT_IN
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.run import run
from support.cells import declare

JOULE_PER_MWH = 3.6
CYCLE = Cycle(
    area=1e-4, active_mass=2e-5, charge=0.0, discharge=0.0, charge_energy=0.0,
    discharge_energy=0.0, start={"stack_pressure": 5e6}, end={"stack_pressure": 5e6},
    end_of_charge=None, lowest={"stack_pressure": 5e6}, highest={"stack_pressure": 5e6},
)  # fmt: skip


@pytest.fixture(scope="module")
def cycled():
    steps = ["Charge at 0.2C until 4.2 V", "Hold at 4.2 V until 0.05C", "Rest for 10 minutes"]
    return run(
        declare(protocol=[{"repeat": 2, "steps": [*steps, "Discharge at 0.2C until 3 V"]}])
    )


def energies(result, cycle):
    """Charge and discharge energy [mWh] by the trapezoidal rule over the stored rows."""
    chosen = result.series.cycle == cycle
    power = (result.voltage * result.current)[chosen]
    time = result.time[chosen]
    return [
        np.trapezoid(np.where(sign * power > 0.0, sign * power, 0.0), time) / JOULE_PER_MWH
        for sign in (1.0, -1.0)
    ]


def test_energies_are_those_of_the_traces(cycled):
    for number, cycle in enumerate(cycled.cycles, start=1):
        charge, discharge = energies(cycled, number)
        assert_allclose(cycle["charge_energy_mWh"], charge, rtol=1e-3)
        assert_allclose(cycle["discharge_energy_mWh"], discharge, rtol=1e-3)
        assert_allclose(cycle["energy_efficiency"], discharge / charge, rtol=2e-3)
        assert cycle["energy_efficiency"] < cycle["coulombic_efficiency"]


def test_a_cell_of_constant_voltage_stores_charge_times_voltage():
    # 3.8 V against lithium at any filling: 0.5 mAh are 1.9 mWh, but for the overvoltage and the
    # 2.7 mV by which 20 MPa shift the potential of lithium
    flat = {"ncm811": {"open_circuit_potential": "3.8 V"}}
    steps = ["Charge at 20 uA for 0.5 mAh", "Discharge at 20 uA for 0.5 mAh"]
    (cycle,) = run(declare(materials=flat, protocol=steps)).cycles
    assert_allclose(cycle["charge_energy_mWh"], 1.9, rtol=5e-3)
    assert_allclose(cycle["discharge_energy_mWh"], 1.9, rtol=5e-3)
    assert 0.99 < cycle["energy_efficiency"] < 1.0
    assert_allclose(cycle["coulombic_efficiency"], 1.0, rtol=1e-6)


def test_swing_is_signed_and_range_is_not(cycled):
    for number, cycle in enumerate(cycled.cycles, start=1):
        pressure = cycled.stack_pressure[cycled.series.cycle == number] / 1e6
        swing = cycle["stack_pressure_end_of_charge_MPa"] - cycle["stack_pressure_start_MPa"]
        assert_allclose(cycle["stack_pressure_swing_MPa"], swing, rtol=1e-9)
        assert_allclose(cycle["stack_pressure_range_MPa"], np.ptp(pressure), rtol=1e-2)
        assert abs(swing) <= cycle["stack_pressure_range_MPa"] * (1.0 + 1e-9)


def test_a_discharge_alone_has_no_efficiency_and_no_swing():
    values = {key: quantity.value(CYCLE) for key, quantity in outputs().cycle.items()}
    for key in ("energy_efficiency", "coulombic_efficiency", "stack_pressure_swing_MPa"):
        assert values[key] is None
    assert values["stack_pressure_range_MPa"] == 0.0


def test_every_output_is_declared_once():
    declared = [o for m in BUILT_IN.mechanisms for o in m.outputs]
    named = [(type(o), getattr(o, "key", None) or o.cause) for o in declared]
    assert len(named) == len(set(named))
    assert {o.key for o in declared if isinstance(o, CycleQuantity)} <= set(outputs().cycle)


def test_quantities_are_shown_in_their_scale():
    quantity = CycleQuantity("x", "1", "X", lambda _: None, 1, PERCENT)
    assert (quantity.text(0.1234), quantity.shown_unit) == ("12.3", "%")
    assert quantity.text(None) == "–"
