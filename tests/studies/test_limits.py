"""Limits of sweeps against members whose outputs are known functions of the factors."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.studies import limits
from lithomech.studies.members import Member
from lithomech.studies.spec.study import load_study

CAPACITY = "discharge_capacity_mAh_per_g"
LOG = {"from": "1 MPa", "to": "100 MPa", "scale": "log", "points": 9}


def declared(**changes):
    wanted = {
        "base": "ncm811_lpscl_li_spring",
        "vary": {"fixture.pressure": LOG, "cathode.load_share": ["50 %", "20 %", "100 %"]},
        "limits": {"capacity is lost": {CAPACITY: "< 100"}},
    }
    return load_study(wanted | changes)


def swept(study, capacity, status=lambda _p, _s: "completed"):
    """Members of the grid; their capacity is a function of pressure [MPa] and share [%]."""
    members = []
    for pressure in np.geomspace(1.0, 100.0, 9):
        for share in (50.0, 20.0, 100.0):
            point = (f"{pressure} MPa", f"{share:g} %")
            ended = status(pressure, share)
            value = capacity(pressure, share) if ended == "completed" else None
            members.append(Member(point, ended, "", {CAPACITY: value}, None, 0.0))
    return limits.limits(study, members)


def test_a_limit_is_where_the_output_passes_its_bound():
    """Linear in the logarithm: 100 mAh/g at 10, 20 and 5 MPa."""
    at = {50.0: 10.0, 20.0: 20.0, 100.0: 5.0}
    (found,) = swept(declared(), lambda p, s: 100.0 + 7.0 * np.log(p / at[s]))
    assert_allclose([found.value, found.low, found.high], [10.0, 5.0, 20.0], rtol=1e-9)
    assert found.words == "fixture.pressure: at least 10 MPa (5 to 20): below, capacity is lost"


def test_a_limit_from_above_and_both_sides_of_a_window():
    study = declared()
    (above,) = swept(study, lambda p, _s: 130.0 - p)
    assert above.side == "at most"
    assert "above, capacity is lost" in above.words
    both = swept(study, lambda p, _s: 110.0 - 30.0 * np.log10(p / 10.0) ** 2)
    assert [one.side for one in both] == ["at least", "at most"]
    expected = 10.0 ** (1.0 - np.sqrt(1.0 / 3.0))
    assert_allclose(both[0].value, expected, rtol=0.032)  # chords of a parabola


def test_what_ends_early_counts_as_lost_and_lies_between_two_members():
    def status(pressure, _share):
        return "completed" if pressure > 20.0 else "contact lost"

    (found,) = swept(declared(), lambda _p, _s: 120.0, status)
    below, beyond = np.geomspace(1.0, 100.0, 9)[[5, 6]]
    assert_allclose(found.value, np.sqrt(below * beyond), rtol=1e-9)


def test_no_limit_on_the_range_is_said_as_such():
    (nowhere,) = swept(declared(), lambda _p, _s: 120.0)
    assert nowhere.words.startswith("fixture.pressure: no limit on this range")
    (some,) = swept(declared(), lambda p, s: 120.0 if s < 60.0 else 20.0 + 50.0 * np.log10(p))
    assert some.missed == 2
    assert "no limit on this range" in some.words


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method": "window"}, "limits: is for sweep, not for window"),
        ({"vary": {"fixture.pressure": LOG, "separator.thickness": LOG}}, "lists of values"),
        ({"design": "latin", "vary": {"fixture.pressure": LOG | {"points": None}}}, "grid"),
        ({"limits": {"a": {"charm": "< 1"}}}, "limits.a.charm: there is no output"),
        ({"limits": {"a": {CAPACITY: "1"}}}, "is no condition"),
        ({"limits": {"a": {"status": "< 1"}}}, "limits.a.status: '< 1' is not known"),
    ],
)
def test_what_is_wrong_is_reported(changes, message):
    with pytest.raises(InputError, match=message):
        declared(**changes)
