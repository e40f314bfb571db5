"""`lithomech study`: files, messages, exit codes; kills at any moment change nothing."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from lithomech.app.cli import main

STUDY = """
name: Which pressure
base: ncm88_lpscl_liin
set:
  protocol: [Charge at 0.1C for 2 min, Discharge at 0.02C for 1 min]
  solver: {nodes: 3, shells: 6}
vary:
  fixture.pressure: {from: 1 MPa, to: 100 MPa, scale: log, points: 4}
  cathode.active[0].morphology: [random, single_crystal]
outputs: [charge_capacity_mAh_per_g, stack_pressure_max_MPa@1]
"""
MEMBERS = 8
DRIVER = """
import os, sys
from lithomech.app.cli import main
from lithomech.studies import journal, kinds

left, number, place = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def before_and_after(function, name):
    def called(*arguments):
        count(name + " before")
        answer = function(*arguments)
        count(name + " after")
        return answer
    return called

def count(name):
    global left
    left -= name == place
    if left == 0:
        left = -1
        os.kill(os.getpid(), number)

kinds.run_summary = before_and_after(kinds.run_summary, "run")
journal.Journal.add = before_and_after(journal.Journal.add, "add")
sys.exit(main(sys.argv[4:]))
"""
PLACES = [f"{what} {when}" for what in ("run", "add") for when in ("before", "after")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pressure.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def stopped(calls, number, place, *words):
    """Run the command line until it is somewhere for the n-th time; it gets a signal there."""
    words = [sys.executable, "-c", DRIVER, str(calls), str(int(number)), place, *words]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def kept(journal):
    """Number of members in a journal, which a process that was killed may have left open."""
    connection = sqlite3.connect(journal)
    try:
        return connection.execute("SELECT COUNT(*) FROM members").fetchone()[0]
    finally:
        connection.close()


def table(out):
    return Path(out, "table.csv").read_bytes()


def test_a_study_leaves_its_folder(folder, capsys):
    assert main(["study", "pressure.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Which pressure" in out
    assert "8 members: 8 completed" in out
    place = folder / "results" / "pressure"
    names = {path.relative_to(place).as_posix() for path in place.rglob("*.*")}
    pictures = ("charge_capacity_mAh_per_g", "stack_pressure_max_MPa_cycle_1")
    assert names == {
        "study.sqlite", "table.csv", "study.nc", "report.html", "input.txt",
        *(f"figures/{name}.png" for name in pictures),
    }  # fmt: skip
    for name in pictures:
        low, high = Image.open(place / "figures" / f"{name}.png").convert("L").getextrema()
        assert high - low > 120  # something is drawn
    page = (place / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "8 completed" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    first = table(place)
    assert first.count(b"\n") == MEMBERS + 1
    assert main(["study", "pressure.yaml"]) == 0  # all is there
    assert table(place) == first


def test_json_is_all_that_is_printed(folder, capsys):
    assert main(["study", "pressure.yaml", "--json", "--workers", "1"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["statuses"] == {"completed": MEMBERS}
    assert len(shown["members"]) == MEMBERS
    assert len(shown["members"][0]) == len(shown["columns"])
    assert [path.name for path in folder.iterdir()] == ["pressure.yaml"]


def test_where_nothing_completes_the_exit_code_is_1(folder, capsys):
    words = ["--set", "set.protocol=[Charge at 0.1C until 2.0 V]", "--out", "out"]
    assert main(["study", "pressure.yaml", *words]) == 1
    out = capsys.readouterr().out
    assert "8 of 8 members did not complete" in out
    assert not list((folder / "out" / "figures").glob("*"))


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["pressure.yaml", "--workers", "0"], "workers: 0 is out of range"),
        (["pressure.yaml", "--set", "design=random"], "'random' is not known"),
        (["pressure.yaml", "--set", "runs=1"], "runs: 1 are fewer than the grid has: 8"),
        (["pressure.yaml", "--out", "pressure.yaml"], "this is a file; --out needs a folder"),
        (["ncm88_lpscl_liin"], "is a file for another command: `lithomech run`"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(words, stated, folder, capsys):
    assert main(["study", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert any(stated in line for line in lines), lines
    assert [path.name for path in folder.iterdir()] == ["pressure.yaml"]


SHORT = ["--set", "protocol=[Charge at 0.1C for 2 min]", "--set", "solver.nodes=3"]


def test_run_sweeps_one_key(folder, capsys):
    wanted = "fixture.pressure=5 MPa,20 MPa"
    assert main(["run", "ncm88_lpscl_liin", *SHORT, "--sweep", wanted]) == 0
    assert "2 members: 2 completed" in capsys.readouterr().out
    place = folder / "results" / "ncm88_lpscl_liin-sweep"
    rows = (place / "table.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("fixture.pressure / MPa,")
    assert [row.split(",")[0] for row in rows[1:]] == ["5.0", "20.0"]
    assert list((place / "figures").glob("*.png"))
    assert main(["run", "ncm88_lpscl_liin", *SHORT, "--sweep", wanted, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["members"]) == 2


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        (["--sweep", "fixture.presure=5 MPa"], "unknown key; did you mean pressure?"),
        (["--sweep", "fixture.pressure"], "expected KEY=V1,V2,..., such as"),
        (["--sweep", "fixture.pressure=5,"], "expected KEY=V1,V2,..., such as"),
        (["--sweep", "fixture.pressure=5 MPa,5"], "[1]: 5 has no unit; expected a pressure"),
        (["--sweep", "temperature=5 degC", "--band"], "--sweep goes without --compare"),
    ],
)
def test_a_wrong_sweep_is_one_line(words, stated, folder, capsys):
    assert main(["run", "ncm88_lpscl_liin", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert stated in lines[0]
    assert "<text>" not in lines[0]
    assert [path.name for path in folder.iterdir()] == ["pressure.yaml"]


def test_another_folder_is_left_alone(folder, capsys):
    (folder / "out").mkdir()
    (folder / "out" / "thesis.txt").write_text("mine")
    assert main(["study", "pressure.yaml", "--out", "out"]) == 2
    assert "holds something other than a study" in capsys.readouterr().err


@pytest.mark.parametrize(
    "place", ["run after", pytest.param("add before", marks=pytest.mark.deep)]
)
@pytest.mark.deep
def test_killed_it_loses_members_in_flight_only(place, folder, capfd):
    journal = folder / "results" / "pressure" / "study.sqlite"
    words = ["study", "pressure.yaml", "--workers", "1"]
    assert stopped(4, signal.SIGKILL, place, *words).returncode == -9
    assert kept(journal) == 3
    assert main(["study", "pressure.yaml"]) == 0
    assert main(["study", "pressure.yaml", "--out", "whole"]) == 0
    assert "resuming: 3 of 8 members were done before" in capfd.readouterr().err
    assert table("results/pressure") == table("whole")
    assert [path.name for path in (folder / "results").iterdir()] == ["pressure"]


@pytest.mark.deep
def test_interrupted_it_goes_on_from_there(folder, capfd):
    run = stopped(3, signal.SIGINT, "add after", "study", "pressure.yaml", "--workers", "1")
    assert run.returncode == 130
    assert "the same command goes on from there" in run.stderr
    assert kept(folder / "results" / "pressure" / "study.sqlite") >= 3
    assert main(["study", "pressure.yaml"]) == 0
    assert "resuming: " in capfd.readouterr().err


@pytest.mark.deep
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_the_table_is_the_same(seed):
    chance = random.Random(seed)
    assert main(["study", "pressure.yaml", "--out", "whole"]) == 0
    words = ["study", "pressure.yaml", "--out", "out"]
    workers = ["--workers", str(chance.choice([1, 2]))]
    how = ["--processes"] if chance.random() < 0.2 else workers
    place = chance.choice(PLACES[2:] if "--processes" in how else PLACES)
    stopped(chance.randint(1, 6), signal.SIGKILL, place, *words, *how)
    assert main(words) == 0
    assert table("out") == table("whole")
