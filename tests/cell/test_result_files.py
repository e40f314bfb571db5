"""Result files: what is written is read back, and files of format 1 are still read."""

import gzip
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.cell.readout.load import load_result
from lithomech.cell.run import run
from lithomech.cell.spec import cell_from_input, to_input
from lithomech.cell.spec.superseded import modern
from support.cells import declare

DATA = Path(__file__).parents[1] / "data"
LAYERS = {"cathode", "separator", "anode", "stack"}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A result as version 0.1.0 wrote it in format 1: ncm811 of two sizes against li_in."""
    path = tmp_path_factory.mktemp("format_1") / "result.nc"
    path.write_bytes(gzip.decompress((DATA / "format_1.nc.gz").read_bytes()))
    with h5py.File(path) as file:
        assert file.attrs["format"].item() == 1
        raw = {name: file["ledger"][name][()] for name in file["ledger"] if ":" in name}
        gap = file["ledger"]["lift-off gap"][()]
    return load_result(path), raw, gap


@pytest.fixture(scope="module")
def result():
    steps = ["Charge at 0.5C for 10 minutes", "Discharge at 0.5C for 5 minutes"]
    return run(declare(protocol=steps))


@pytest.fixture(scope="module")
def again(result, tmp_path_factory):
    path = tmp_path_factory.mktemp("format_2") / "result.nc"
    result.save(path)
    return load_result(path), path


def test_the_ledger_of_format_1_gets_layers_and_causes(first):
    result, raw, gap = first
    assert {layer for layer, _ in result.ledger} == LAYERS
    assert ("cathode", "ncm811 8 um random volume change") in result.ledger
    assert ("anode", "li_in plated") in result.ledger
    for (layer, cause), change in result.ledger.items():
        stored = gap if layer == "stack" else raw[f"{layer}: {cause}"]
        assert_array_equal(change, stored)
    assert len(result.ledger) == len(raw) + 1


def test_what_format_1_did_not_have_does_not_apply(first):
    result, _, _ = first
    (cycle,) = result.cycles
    assert cycle["charge_energy_mWh"] is None
    assert cycle["stack_pressure_swing_MPa"] is None
    assert_allclose(
        cycle["stack_pressure_end_of_charge_MPa"], result.stack_pressure.max() / 1e6, rtol=1e-7
    )
    assert result.state == {}
    assert result.resolved == {}
    assert len(result.impedance) == 1


def test_the_pressure_ledger_of_format_1(first):
    result, _, _ = first
    total = np.sum(list(result.pressure_ledger.values()), axis=0)
    assert_allclose(total, result.stack_pressure - result.stack_pressure[0], rtol=1e-6, atol=20)


def assert_kept(old, new):
    """Everything of the old input is in the new one, which may have further keys."""
    if isinstance(old, dict):
        assert old.keys() <= new.keys()
        for key, value in old.items():
            assert_kept(value, new[key])
    else:
        assert new == old


def test_a_result_of_format_1_can_be_run_again(first):
    result, _, _ = first
    cell = cell_from_input(result.input)
    assert_kept(modern(result.input)[0], to_input(cell))
    assert cell_from_input(to_input(cell)) == cell
    assert cell.cathode.active[0].material == "ncm811"


def test_a_result_is_read_back_as_it_was(result, again):
    loaded, _ = again
    assert list(loaded.ledger) == list(result.ledger)
    for key, change in result.ledger.items():
        assert_array_equal(loaded.ledger[key], change)
    for name, values in result.profiles.items():
        assert_array_equal(loaded.profiles[name], values)
    assert loaded.cycles == result.cycles
    assert loaded.to_json() == result.to_json()
    assert loaded.sources == result.sources
    assert loaded.input == result.input


def test_the_file_says_what_its_numbers_are(again):
    with h5py.File(again[1]) as file:
        assert file.attrs["format"].item() == 2
        assert file["cycles/discharge_energy_mWh"].attrs["units"] == "mWh"
        assert file["profiles/cathode_gap_m"].attrs["units"] == "m"
        assert file["profiles/cathode_crack_damage"].attrs["long_name"] == "Crack damage"
        layers = [name.decode() for name in file["ledger/layer"][()]]
        assert set(layers) == LAYERS
        assert file["ledger/thickness_change_m"].shape[0] == len(layers)
        assert file["state/cracking.damage"].shape == file["state/potential"].shape


def test_the_final_state_and_what_was_resolved_are_kept_by_name(result, tmp_path):
    state = {
        "cracking.damage": np.array([[0.1, 0.2], [0.3, 0.4]]),
        "stack.pressure": np.array(2e7),
    }
    resolved = {"cathode": {"thickness_m": 9.5e-5, "classes": ["ncm811 4 um random"]}}
    replace(result, state=state, resolved=resolved).save(tmp_path / "result.nc")
    loaded = load_result(tmp_path / "result.nc")
    assert set(loaded.state) == set(state)
    for name, values in state.items():
        assert_array_equal(loaded.state[name], values)
    assert loaded.resolved == resolved


def test_a_run_without_traces_is_saved_too(tmp_path):
    none = run(declare(protocol=["Charge at 0.5C for 10 minutes"], output={"traces": "none"}))
    none.save(tmp_path / "result.nc")
    loaded = load_result(tmp_path / "result.nc")
    assert len(loaded.series) == 0
    assert list(loaded.ledger) == list(none.ledger)
    assert loaded.cycles == none.cycles
