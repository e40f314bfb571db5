"""Cells that nobody should build: refused in a line, or run to a status with sound numbers."""

import collections
import time

import pytest

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from support.hostile_cells import hostile_text
from support.soundness import faults

CELLS, CHUNK = 200, 50
CHUNKS = range(0, CELLS, CHUNK)
LONGEST = 20.0  # s of CPU time
FEWEST_RUN = 0.6
# Silicon of 20 nm at 1.6e-6C for eleven years: members trade lithium along their hysteresis,
# back and forth, in steps of minutes, and the run ends at the work allowed
WORKED_OUT = {121}


@pytest.mark.parametrize(
    "first", [pytest.param(n, marks=pytest.mark.deep if n else ()) for n in CHUNKS]
)
def test_every_cell_is_refused_or_sound(first):
    seen = collections.Counter()
    for number in range(first, first + CHUNK):
        begun = time.process_time()
        try:
            cell = load_cell(hostile_text(number))
            result = run(cell)
        except InputError:
            seen["refused"] += 1
            continue
        if number in WORKED_OUT:
            assert result.reason.endswith("it took more than the work allowed"), result.reason
            continue
        seen[result.status] += 1
        assert not faults(cell, result), (number, faults(cell, result))
        if len(seen) > 1:  # the first one may have had to wait for the compiler
            assert time.process_time() - begun < LONGEST, number
    assert seen["not converged"] == 0, (first, seen)
    assert seen["refused"] <= (1.0 - FEWEST_RUN) * CHUNK, seen
