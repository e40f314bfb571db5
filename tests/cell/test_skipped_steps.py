"""A step that was skipped is a warning that names the step and its cycles."""

from pathlib import Path

from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.readout.result import Event
from lithomech.cell.readout.skipped import SKIPPED, skipped_steps

STEPS = parse_protocol(
    [{"repeat": 9, "steps": ["Charge at 0.1C until 4.3 V", "Discharge at 2C until 2.8 V"]}],
    Path(),
)


def skipped(*numbers):
    return list(skipped_steps([Event(0.0, 0, n, SKIPPED, 2.8) for n in numbers], STEPS))


def test_a_skipped_step_is_named_with_its_cycles():
    end = "its cut-off was already passed when it began"
    assert skipped() == []
    assert skipped(2) == [f"'Discharge at 2C until 2.8 V' was skipped in cycle 1: {end}"]
    (text,) = skipped(4, 6, 8)
    assert text.startswith("'Discharge at 2C until 2.8 V' was skipped in cycles 2, 3 and 4: ")
    (text,) = skipped(*range(4, 20, 2))
    assert "was skipped in 8 cycles, first in cycle 2: " in text
    assert len(skipped(1, 2)) == 2
