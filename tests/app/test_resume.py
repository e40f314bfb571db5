"""`lithomech run` given once more after it was stopped or killed."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lithomech.app.cli import main
from lithomech.cell.readout.load import load_result

CELL = """
name: life
cathode:
  type: composite
  thickness: 80 um
  porosity: 15 %
  active: [{{material: ncm811, weight: 70 %, diameter: 4 um}}]
  electrolyte: {{material: li6ps5cl, weight: 30 %}}
separator: {{material: li6ps5cl, thickness: 600 um}}
anode: {{type: planar, material: li, thickness: 100 um}}
fixture: {{type: spring, pressure: 20 MPa, stiffness: 0.4 MPa/um}}
solver: {{nodes: 8, shells: 12}}
output: {{traces: none, checkpoint: 2}}
protocol:
  - {{repeat: {repeat}, steps: [Charge at 0.5C until 4.2 V, Discharge at 0.5C until 3 V]}}
"""
DRIVER = """
import os, sys
from lithomech.app.cli import main
from lithomech.cell.run import Runner

left, number, march = int(sys.argv[1]), int(sys.argv[2]), Runner._marched

def marched(*arguments):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), number)
    return march(*arguments)

Runner._marched = marched
sys.exit(main(sys.argv[3:]))
"""


def stopped(folder, legs, number, *words):
    """Run the command line until it begins a leg; it gets a signal there."""
    words = [sys.executable, "-c", DRIVER, str(legs), str(int(number)), *words]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write()
    return tmp_path


def write(repeat=15, name="cell.yaml"):
    Path(name).write_text(CELL.format(repeat=repeat), encoding="utf-8")


def assert_same(one, other):
    mine, whole = load_result(one), load_result(other)
    assert mine.status == whole.status == "completed"
    for name in ("cycles", "events", "warnings", "solver", "provenance"):
        assert getattr(mine, name) == getattr(whole, name)
    for name, values in whole.state.items():
        np.testing.assert_array_equal(mine.state[name], values)


def unfinished(place):
    return sorted(path.name for path in (place / "unfinished").iterdir())


def test_killed_it_goes_on_in_its_folder(folder, capfd):
    place = folder / "results" / "cell"
    for legs in (8, 9):
        assert stopped(folder, legs, signal.SIGKILL, "run", "cell.yaml").returncode == -9
        assert {path.name for path in place.iterdir()} == {"input.txt", "unfinished"}
    assert len(unfinished(place)) == 2  # cycles 1 and 2, 3 and 4
    assert main(["run", "cell.yaml"]) == 0
    stated = "lithomech: resuming from results/cell/unfinished, which reached cycle 4"
    assert stated in capfd.readouterr().err
    assert not (place / "unfinished").exists()
    assert [path.name for path in (folder / "results").iterdir()] == ["cell"]
    assert main(["run", "cell.yaml", "--out", "whole"]) == 0
    assert "resuming" not in capfd.readouterr().err
    assert_same(place / "result.nc", folder / "whole" / "result.nc")


@pytest.mark.deep
def test_interrupted_it_goes_on_from_there(folder, capfd):
    run = stopped(folder, 12, signal.SIGINT, "run", "cell.yaml", "--out", "out")
    assert run.returncode == 130
    assert "lithomech: the same command goes on from there" in run.stderr
    assert load_result(folder / "out" / "result.nc").status == "interrupted"
    assert unfinished(folder / "out")
    assert main(["run", "cell.yaml", "--out", "out"]) == 0
    assert "resuming from out/unfinished, which reached cycle 6" in capfd.readouterr().err
    assert not (folder / "out" / "unfinished").exists()
    assert main(["run", "cell.yaml", "--out", "whole"]) == 0
    assert_same(folder / "out" / "result.nc", folder / "whole" / "result.nc")


@pytest.mark.deep
def test_killed_before_its_first_leg_the_folder_is_its_own(folder):
    assert stopped(folder, 1, signal.SIGKILL, "run", "cell.yaml").returncode == -9
    assert main(["run", "cell.yaml", "--quiet"]) == 0
    assert [path.name for path in (folder / "results").iterdir()] == ["cell"]


@pytest.mark.deep
def test_an_edited_cell_begins_anew_and_says_so(folder, capfd):
    stopped(folder, 8, signal.SIGKILL, "run", "cell.yaml")
    write(repeat=2)
    assert main(["run", "cell.yaml", "--quiet"]) == 0
    lines = capfd.readouterr().err.splitlines()
    assert (
        sum("results/cell/unfinished is damaged, or of another" in line for line in lines) == 1
    )
    assert len(load_result(folder / "results" / "cell" / "result.nc").cycles) == 2
    assert not (folder / "results" / "cell" / "unfinished").exists()


@pytest.mark.deep
def test_another_file_of_this_name_leaves_it_alone(folder, capfd):
    stopped(folder, 8, signal.SIGKILL, "run", "cell.yaml")
    Path("other").mkdir()
    write(repeat=2, name="other/cell.yaml")
    assert main(["run", "other/cell.yaml", "--quiet"]) == 0
    assert (folder / "results" / "cell-2" / "result.nc").exists()
    assert unfinished(folder / "results" / "cell")
    assert main(["run", "cell.yaml"]) == 0
    assert "resuming" in capfd.readouterr().err


@pytest.mark.deep
def test_without_a_folder_nothing_is_kept(folder):
    run = stopped(folder, 12, signal.SIGINT, "run", "cell.yaml", "--json")
    assert json.loads(run.stdout)["status"] == "interrupted"
    assert run.stderr == ""
    assert [path.name for path in folder.iterdir()] == ["cell.yaml"]
