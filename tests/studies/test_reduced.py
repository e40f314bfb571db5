"""A reduced cell says at rest what the whole one says, and its export runs alone."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.errors import InputError
from lithomech.studies.reduced import export_estimator, reduce_cell

CELL = "ncm811_lpscl_graphite"
SMALL = {"solver.nodes": 4, "solver.shells": 10}


@pytest.fixture(scope="module")
def reduced():
    return reduce_cell(lm.load_cell(CELL, SMALL), "4.2 V", "2.5 V")


def test_it_holds_what_a_slow_cycle_passes(reduced):
    steps = ["Charge at 0.05C until 4.2 V", "Discharge at 0.05C until 2.5 V"]
    slow = lm.run(lm.load_cell(CELL, SMALL | {"protocol": [{"repeat": 2, "steps": steps}]}))
    area = slow.resolved["area_m2"]
    passed = slow.cycles[1]["discharge_capacity_mAh_per_cm2"] * 36e3 * area
    assert_allclose(reduced.capacity, passed, rtol=0.01)
    assert np.all(reduced.contact_resistance > 0.0)
    assert np.all(reduced.resistance > 0.0)


def test_at_rest_it_has_the_voltage_of_the_whole_cell(reduced):
    """After a slow cycle, a quarter of the charge at a time."""
    turn = ["Charge at 0.05C until 4.2 V", "Discharge at 0.05C until 2.5 V"]
    part = [f"Charge at 0.05C for {0.25 * reduced.capacity / 3.6:.6g} mAh", "Rest for 3 hours"]
    result = lm.run(lm.load_cell(CELL, SMALL | {"protocol": [*turn, *part, *part, *part]}))
    columns = result.series.columns
    volts = columns["Positive Electrode Potential / V"]
    volts = volts - columns["Negative Electrode Potential / V"]
    still = np.flatnonzero((result.current[:-1] == 0.0) & (result.current[1:] != 0.0))
    seen = [*volts[still][-2:], volts[-1]]
    for share, volt in zip((0.25, 0.5, 0.75), seen, strict=True):
        state = np.array([[share * reduced.capacity, 0.0, 1.0, 0.0, 0.0, 0.0]])
        assert_allclose(reduced.voltage(state, 0.0)[0], volt, atol=0.02)


def test_its_resistance_of_contacts_is_least_where_the_exchange_current_is_largest(reduced):
    """Insertion is fastest about half full, and slows down towards both ends."""
    contact, share = reduced.contact_resistance, reduced.charge / reduced.capacity
    assert 0.3 < share[np.argmin(contact)] < 0.8
    assert min(contact[0], contact[-1]) > 1.5 * contact.min()


def test_the_exported_file_runs_alone(reduced, tmp_path):
    export_estimator(reduced, tmp_path / "follow.py")
    code = (
        "import sys, follow; e = follow.Estimator(follow.CELL, follow.Sensors());"
        "print(e.step(60.0, 0.0, 3.7).state_of_charge);"
        "assert not {'numba', 'scipy', 'lithomech'} & set(sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert 0.1 < float(run.stdout) < 0.9


def test_a_foil_has_no_contact_to_follow():
    with pytest.raises(InputError, match="composite cathode"):
        reduce_cell("li_lpscl_li", "1 V", "-1 V")
