"""What subtraction leaves of an electrode, against what the model put in."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.studies.separation import separate
from support.cells import composite, lto, solve, spring

PROTOCOL = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.5 V"]
GRAPHITE = composite("graphite", n_p_ratio=1.4, diameter="8 um")


def cells(stiffness):
    """Full cell in a frame of its own, reference at 0.35 MPa/um."""
    common = {"cathode": composite(morphology="single_crystal"), "protocol": PROTOCOL}
    full = solve(anode=GRAPHITE, fixture=spring(stiffness=f"{stiffness} MPa/um"), **common)
    reference = solve(
        anode=lto(), reference="li", fixture=spring(stiffness="0.35 MPa/um"), **common
    )
    return full, reference


def test_equal_frames_leave_the_anode_within_two_percent():
    charge = separate(*cells(0.35))[0]
    assert charge.signal.is_charge
    assert charge.error < 0.02
    assert charge.cross_talk < 0.01
    assert np.ptp(charge.truth) > 1e4


@pytest.mark.parametrize("stiffness", [0.15, 1.0])
def test_unequal_frames_leave_their_share_of_the_cathode(stiffness):
    """(k_full/k_ref - 1) of the reference's pressure stays: that is the error."""
    charge = separate(*cells(stiffness))[0]
    assert charge.cross_talk > 0.02
    assert_allclose(charge.error, charge.cross_talk, atol=0.02)


def test_the_ratio_is_that_of_springs_in_series():
    """1/k = 1/k_spring + layers; softer than the spring alone, as the layers give way too."""
    (first, *_) = separate(*cells(1.0))
    assert 0.9 * 1.0 / 0.35 < first.stiffness_ratio < 1.0 / 0.35
