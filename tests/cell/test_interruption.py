"""A run that is stopped: at once, without a crash, and with what was done."""

import os
import signal
import threading
import time

import numpy as np
import pytest
from numba import types

import lithomech as lm
from lithomech.cell.solver import march, observe, partials
from support.cells import declare

STEPS = (
    "Charge at 0.1C until 4.2 V",
    "Hold at 4.2 V until 0.05C",
    "GITT discharge at 0.1C, 20 min pulses, 20 min rests, until 3.9 V",
    "Discharge at 5 mW until 3.6 V",
    "Impedance from 1 kHz to 1 Hz, 1 points per decade",
)
LONG = [
    {"repeat": 3000, "steps": ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 3 V"]}
]


class CtrlC:
    """Presses Ctrl-C in a while after the first report of a run."""

    def __init__(self, delay):
        self.timer = threading.Timer(delay, self.press)
        self.pressed = None

    def __call__(self, _fraction, _text):
        if not self.timer.ident:
            self.timer.start()

    def press(self):
        self.pressed = time.perf_counter()
        os.kill(os.getpid(), signal.SIGINT)


def test_where_a_march_is_left_does_not_change_a_digit(monkeypatch):
    cell, left = declare(protocol=list(STEPS)), []
    whole = lm.run(cell)
    monkeypatch.setattr(march, "SLICE", 1)
    monkeypatch.setattr(observe, "SLICE", 1)
    parts = lm.run(cell, progress=lambda _fraction, text: left.append(text))
    assert parts.status == whole.status == "completed"
    assert len(left) > 0.9 * whole.solver["steps"]  # about once in an accepted step
    assert parts.solver == whole.solver
    np.testing.assert_array_equal(parts.series.voltage, whole.series.voltage)
    np.testing.assert_array_equal(
        parts.impedance[0].impedance_ohm, whole.impedance[0].impedance_ohm
    )
    for name, values in whole.state.items():
        np.testing.assert_array_equal(parts.state[name], values)


def test_a_start_that_is_hard_to_find_can_be_left_too(monkeypatch):
    cell = declare(protocol=["Charge at 10 W until 4.3 V"])
    whole = lm.run(cell)
    monkeypatch.setattr(march, "SLICE", 1)
    parts = lm.run(cell)
    assert (parts.status, parts.solver) == (whole.status, whole.solver)


def test_ctrl_c_stops_a_run_and_keeps_its_whole_steps():
    cell = declare(protocol=LONG, output={"traces": "none"})
    lm.run(declare())  # compiled
    for delay in (0.03, 0.05, 0.11, 0.2):
        ctrl_c = CtrlC(delay)
        with pytest.raises(KeyboardInterrupt) as stop:
            lm.run(cell, progress=ctrl_c)
        assert time.perf_counter() - ctrl_c.pressed < 1.0
        assert stop.type is lm.Interrupted
        result = stop.value.result
        assert result.status == "interrupted"
        limits = [event.step for event in result.events if "limit" in event.name]
        assert limits == list(range(1, len(limits) + 1))  # each step that is kept is whole
        assert len(result.cycles) == (len(limits) + 1) // 2


def test_what_a_run_keeps_is_what_a_shorter_run_gives():
    """Stopped in the fifth step by its own progress, it holds the first four."""
    seen = []

    def stop(_fraction, text):
        seen.append(text)
        if len(seen) == 5:
            raise KeyboardInterrupt

    steps = ["Charge at 0.1C for 1 h", "Rest for 10 min"]
    with pytest.raises(lm.Interrupted) as stopped:
        lm.run(declare(protocol=steps * 4), progress=stop)
    whole, kept = lm.run(declare(protocol=steps * 2)), stopped.value.result
    np.testing.assert_array_equal(kept.series.voltage, whole.series.voltage)
    assert kept.cycles == whole.cycles
    for name, values in whole.state.items():
        np.testing.assert_array_equal(kept.state[name], values)


def test_many_cells_stop_together():
    ctrl_c = CtrlC(0.3)
    with pytest.raises(KeyboardInterrupt):
        lm.run_many(
            [declare(protocol=[LONG[0] | {"repeat": n}]) for n in (2, 900, 900)],
            progress=ctrl_c,
        )
    assert time.perf_counter() - ctrl_c.pressed < 1.0


@pytest.mark.parametrize(
    "compiled", [march.march_on, observe.fill_rows, partials.fill_partials]
)
def test_entries_return_numbers(compiled):
    """What numba makes an object of while Ctrl-C is pending is a crash."""
    lm.run(declare(protocol=list(STEPS)))
    for signature in compiled.nopython_signatures:
        assert isinstance(signature.return_type, types.Number | types.NoneType)
