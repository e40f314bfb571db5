"""Which cycle a step belongs to."""

from pathlib import Path

import pytest

from lithomech.cell.protocol.order import flatten
from lithomech.cell.protocol.sentences import parse_protocol

UP, DOWN, REST = "Charge at 1C until 4.3 V", "Discharge at 1C until 2.8 V", "Rest for 1 hour"
WARM, SEEN = "Set temperature to 60 degC", "Impedance from 1 kHz to 1 Hz, 1 points per decade"
TWICE = {"repeat": 2, "steps": [UP, DOWN]}


def cycles(protocol):
    return [planned.cycle for planned in flatten(parse_protocol(protocol, Path()))]


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        ([UP, REST, DOWN, REST, UP, DOWN], [1, 1, 1, 1, 2, 2]),
        ([TWICE], [1, 1, 2, 2]),
        ([REST, WARM, SEEN, TWICE], [1, 1, 1, 1, 1, 2, 2]),  # nothing was passed before
        ([UP, DOWN, TWICE], [1, 1, 2, 2, 3, 3]),
        ([TWICE, REST, SEEN], [1, 1, 2, 2, 2, 2]),
        ([TWICE, WARM, UP, DOWN], [1, 1, 2, 2, 2, 3, 3]),
        ([{"repeat": 2, "steps": [REST, SEEN]}], [1, 1, 2, 2]),
        ([{"repeat": 2, "steps": [WARM, TWICE]}], [1, 1, 1, 2, 2, 3, 3, 3, 4, 4]),
    ],
)
def test_cycles_are_counted_by_what_passes_charge(protocol, expected):
    assert cycles(protocol) == expected
