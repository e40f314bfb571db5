"""Steps built in Python are held to the same rules as those read from text."""

import pytest

from lithomech.cell.protocol.steps import (
    ConstantCurrent,
    ConstantPower,
    Current,
    CurrentLimit,
    Drive,
    Hold,
    Repeat,
    Rest,
    SetPressure,
    VoltageLimit,
)
from lithomech.errors import InputError

NAN = float("nan")
UPPER = (VoltageLimit(4.3),)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: ConstantCurrent(Current(0.0, "A"), until=UPPER), "must be positive"),
        (lambda: ConstantCurrent(Current(1.0, "A")), "no end"),
        (lambda: ConstantPower(NAN, until=UPPER), "finite"),
        (lambda: CurrentLimit(Current(-1.0, "C")), "must be positive"),
        (lambda: Hold(NAN, duration=1.0), "finite"),
        (lambda: Rest(-1.0), "must be positive"),
        (lambda: SetPressure(-1.0), "must not be negative"),
        (lambda: Repeat(0, (Rest(1.0),)), "from 1 to 100000"),
        (lambda: Repeat(1, ()), "at least one step"),
        (lambda: Drive((0.0, 1.0), (1.0, 1.0), (1.0, 1.0), "x"), "not both"),
        (lambda: Drive((0.0, 1.0), None, None, "x"), "not both"),
        (lambda: Drive((0.0, 1.0), (1.0,), None, "x"), "a value in each"),
        (lambda: Drive((1.0, 2.0), (1.0, 1.0), None, "x"), "start at 0"),
        (lambda: Drive((0.0, 1.0), (1.0, NAN), None, "x"), "finite"),
    ],
)
def test_a_step_that_cannot_be_run_cannot_be_built(build, message):
    with pytest.raises(InputError, match=message):
        build()


def test_steps_are_equal_whatever_words_they_were_written_in():
    assert Rest(3600.0, text="Rest for 1 hour") == Rest(3600.0, text="Rest for 60 min")
