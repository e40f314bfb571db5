"""Swelling of the anode as the cathode feels it, through the fixture that holds both."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.studies.run import run_study
from lithomech.studies.spec import load_study

SWING, CONTACT = "stack_pressure_swing_MPa", "contact_fraction_end_of_charge"
SMALL = {"nodes": 4, "shells": 8, "voltage_tolerance": "0.1 mV"}


@pytest.fixture(scope="module")
def study():
    changes = {
        'vary."materials.graphite.volume_strain.scale".points': 4,
        'vary."fixture.stiffness"': ["0.35 MPa/um", "2 MPa/um"],
        "set.solver": SMALL,
    }
    return run_study(load_study("cross_talk", changes))


def columns(study):
    """Swing and contact, (swellings, stiffnesses)."""
    return tuple(study.column(name).reshape(4, 2) for name in (SWING, CONTACT))


def test_where_the_pistons_rest_the_fixture_does_not_matter(study):
    """No net change of thickness is no change of pressure, in any frame: the lines cross there.

    Between the points of this grid both are taken as straight.
    """
    swing, contact = columns(study)
    scale = np.unique(study.column("materials.graphite.volume_strain.scale"))
    zero = [float(np.interp(0.0, column, scale)) for column in swing.T]
    assert_allclose(zero[1], zero[0], rtol=0.02)
    at_rest = [
        float(np.interp(x, scale, column)) for x, column in zip(zero, contact.T, strict=True)
    ]
    assert_allclose(at_rest[1], at_rest[0], rtol=2e-3)


def test_an_anode_that_swells_more_presses_the_cathode_and_more_so_in_a_stiff_frame(study):
    swing, contact = columns(study)
    assert np.all(np.diff(swing, axis=0) > 0.0)
    assert np.all(np.diff(contact, axis=0) > 0.0)
    gained = contact[-1] - contact[0]
    assert gained[1] > 2.0 * gained[0]
    assert any("the stack pressure falls on charge" in one for one in study.answers)
