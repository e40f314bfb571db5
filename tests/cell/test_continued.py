"""Runs that go on where another ended, and many runs side by side."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.many import run_many
from lithomech.cell.readout.load import load_result
from lithomech.cell.run import run
from lithomech.errors import InputError
from support.cells import INDIUM, LITHIUM, declare

CHARGE = ["Charge at 0.5C until 4.3 V", "Hold at 4.3 V until 0.1C"]
DISCHARGE = ["Discharge at 0.5C until 2.8 V", "Rest for 1 hour"]


def cell(steps, **changes):
    return declare(anode=INDIUM, interphase=True, protocol=steps, **changes)


@pytest.fixture(scope="module")
def charged():
    return run(cell(CHARGE))


def lithium(result):
    """Mean stoichiometry of the cathode at the first row."""
    return result.profiles["cathode_stoichiometry"][0].mean()


def test_going_on_is_the_run_that_was_not_interrupted(charged):
    whole, second = run(cell(CHARGE + DISCHARGE)), run(cell(DISCHARGE), start=charged)
    rows = len(second.time)
    assert_allclose(second.voltage, whole.voltage[-rows:], rtol=1e-9)
    assert_allclose(second.stack_pressure, whole.stack_pressure[-rows:], rtol=1e-9)
    for name, values in whole.profiles.items():
        if values.ndim > 1:
            assert_allclose(second.profiles[name], values[-rows:], rtol=1e-9, atol=1e-15)


def test_a_file_of_a_result_is_gone_on_from(charged, tmp_path):
    charged.save(tmp_path / "charged.nc")
    loaded = load_result(tmp_path / "charged.nc")
    assert loaded.state.keys() == charged.state.keys()
    named = run(cell(DISCHARGE, initial={"state": str(tmp_path / "charged.nc")}))
    again = run(cell(DISCHARGE), start=charged)
    assert_allclose(named.voltage, again.voltage, rtol=1e-12)
    assert again.provenance["input_hash"] != run(cell(DISCHARGE)).provenance["input_hash"]


def test_other_nodes_and_shells_hold_the_same_lithium(charged):
    rest = ["Rest for 1 s"]
    same = run(cell(rest), start=charged)
    finer = run(cell(rest, solver={"nodes": 23, "shells": 17}), start=charged)
    assert_allclose(lithium(finer), lithium(same), rtol=1e-12)
    assert_allclose(finer.voltage[-1], same.voltage[-1], atol=2e-3)


def test_another_cell_does_not_go_on(charged):
    thinner = {"type": "planar", "material": "li_in", "thickness": "50 um"}
    with pytest.raises(InputError, match=r"the anode is 50 um thick and was 100 um"):
        run(declare(anode=thinner, interphase=True, protocol=DISCHARGE), start=charged)
    with pytest.raises(InputError, match="other mechanisms: cracking"):
        run(cell(DISCHARGE, mechanisms={"cracking": "none"}), start=charged)
    with pytest.raises(InputError, match=r"nowhere\.nc"):
        run(cell(DISCHARGE, initial={"state": "nowhere.nc"}))


def test_many_cells_are_each_as_alone():
    pressed = [{"type": "constant_pressure", "pressure": f"{P} MPa"} for P in (5, 20, 80)]
    cells = [declare(anode=LITHIUM, protocol=CHARGE, fixture=press) for press in pressed]
    seen = []
    together = lm.run_many(cells, workers=2, progress=lambda share, _: seen.append(share))
    for one, alone in zip(together, map(run, cells), strict=True):
        assert np.array_equal(one.voltage, alone.voltage)
    assert seen == [1 / 3, 2 / 3, 1.0]
    assert lm.run_many is run_many
