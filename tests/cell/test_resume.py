"""A run that was stopped or killed ends where one that was not does, to the last digit."""

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lithomech as lm
from lithomech.cell import skip
from lithomech.cell.readout import journal
from lithomech.cell.run import Runner
from lithomech.files import kept
from support.cells import declare

CYCLE = ["Charge at 0.5C until 4.2 V", "Hold at 4.2 V for 5 min", "Discharge at 0.5C until 3 V"]
DRIVE = {"time_s": [0, 60, 120, 180, 240, 300], "current_A": [1e-4, 0, -1e-4, 0, 1e-4, 0]}
PROTOCOLS = {
    "plain": [{"repeat": 60, "steps": CYCLE}],
    "skipping": [{"repeat": 200, "skip": {"error": "0.5 %"}, "steps": CYCLE}],
    "mixed": [
        "Charge at 0.2C for 1 h",
        "GITT charge at 0.1C, 20 min pulses, 20 min rests, until 4.1 V",
        {"repeat": 3, "steps": CYCLE},
        "Set stack pressure to 10 MPa",
        "Set temperature to 45 degC",
        "Charge at 0.5C until 2.9 V",  # already passed: skipped
        "Hold stack pressure at 5 MPa",
        {"drive": {"file": "x.csv", **DRIVE}},
        "Impedance from 1 kHz to 1 Hz, 1 points per decade",
        "Charge at 0.2C for 30 min",
    ],
}


class StoppedError(Exception):
    """By the progress of the caller."""


def stop_at(number, error=StoppedError):
    """A progress that stops the run at a report."""
    seen = []

    def report(_fraction, text):
        seen.append(text)
        if len(seen) == number:
            raise error

    return report


def made(name, traces="none", **output):
    output |= {"traces": traces, "points": 20}
    return declare(protocol=PROTOCOLS[name], output=output, interphase=True)


@pytest.fixture(scope="module")
def whole():
    """Results of runs that nobody stopped, by what they are of."""
    known = {}

    def result(name, traces="none"):
        key = (name, str(traces))
        if key not in known:
            known[key] = lm.run(made(name, traces))
        return known[key]

    return result


def assert_same(found, whole):
    for name in ("status", "reason", "events", "warnings", "cycles", "solver", "provenance"):
        assert getattr(found, name) == getattr(whole, name), name
    for name in ("profiles", "ledger", "state"):
        mine, other = getattr(found, name), getattr(whole, name)
        assert mine.keys() == other.keys()
        for key, values in other.items():
            np.testing.assert_array_equal(mine[key], values)
    assert found.series.columns.keys() == whole.series.columns.keys()
    for key, values in whole.series.columns.items():
        np.testing.assert_array_equal(found.series.columns[key], values)
    for mine, other in zip(found.impedance, whole.impedance, strict=True):
        assert mine[:3] == other[:3]
        np.testing.assert_array_equal(mine.impedance_ohm, other.impedance_ohm)


def resumed(cell, folder, start=None):
    """Result of a run that goes on, and what it reports first."""
    texts = []
    result = lm.run(cell, lambda _fraction, text: texts.append(text), start, folder)
    return result, texts[0]


def pieces(folder):
    return sorted(folder.glob("legs_*.npz"))


@pytest.mark.parametrize("worth", [0.0, np.inf], ids=["again", "kept"])
@pytest.mark.parametrize(
    ("name", "traces", "reports"),
    [
        ("plain", "none", (1, 80, 150)),
        ("plain", {"every": 7}, (30, 100)),
        ("skipping", "none", (40, 90, 130)),
        ("mixed", "all", (2, 8, 17)),
    ],
)
def test_it_ends_as_if_nothing_had_been(
    tmp_path, monkeypatch, whole, name, traces, reports, worth
):
    monkeypatch.setattr(journal, "WORTH", worth)
    cell = made(name, traces)
    for number in reports:
        with pytest.raises(StoppedError):
            lm.run(cell, stop_at(number), checkpoint=tmp_path)
    found, text = resumed(cell, tmp_path)
    assert text.startswith("resuming from ")
    assert ("computed again" in text) == (traces != "none" and worth == 0.0)
    assert_same(found, whole(name, traces))
    assert found.status == "completed"


@pytest.mark.parametrize("stops", [range(2, 60, 4), range(3, 60, 11)])
def test_no_leg_is_computed_twice(tmp_path, monkeypatch, whole, stops):
    """Pulses of a GITT and rows of a drive neither."""
    monkeypatch.setattr(journal, "WORTH", np.inf)
    computed, march = [], Runner._marched

    def counted(self, planned, step):
        if len(computed) in left:
            left.remove(len(computed))
            raise KeyboardInterrupt
        computed.append(planned.step)
        return march(self, planned, step)

    left: set[int] = set()
    monkeypatch.setattr(Runner, "_marched", counted)
    lm.run(made("mixed", "all"))
    alone, computed[:] = list(computed), []
    left.update(stop for stop in stops if stop < len(alone))
    for _ in range(len(left)):
        with pytest.raises(lm.Interrupted):
            lm.run(made("mixed", "all"), checkpoint=tmp_path)
    found = lm.run(made("mixed", "all"), checkpoint=tmp_path)
    assert not left
    assert computed == alone
    assert len(alone) > len(set(alone)) + 5  # steps of several legs
    assert_same(found, whole("mixed", "all"))


KILLED = """
import os, random, sys, threading, time
import lithomech as lm
sys.path.insert(0, sys.argv[1])
from cell.test_resume import journal, made

journal.PAUSE = journal.SHARE = 0.0  # it writes without end
cell, folder, seed = made(sys.argv[2]), sys.argv[3], int(sys.argv[4])
lm.run(made("mixed"))  # loads what is compiled
moment = random.Random(seed).uniform(0.02, 0.2)
threading.Thread(target=lambda: (time.sleep(moment), os.kill(os.getpid(), 9))).start()
lm.run(cell, checkpoint=folder)
time.sleep(1.0)
"""


@pytest.mark.parametrize(
    ("name", "kills"),
    [
        ("plain", 1),
        pytest.param("skipping", 1, marks=pytest.mark.deep),
        pytest.param("plain", 12, marks=pytest.mark.deep),
        pytest.param("skipping", 12, marks=pytest.mark.deep),
    ],
)
def test_it_may_be_killed_at_any_moment(tmp_path, whole, name, kills):
    tests = str(Path(__file__).parents[1])
    for seed in range(kills):
        words = [sys.executable, "-c", KILLED, tests, name, str(tmp_path), str(seed)]
        assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    found, text = resumed(made(name), tmp_path)
    assert text.startswith("resuming from ")
    assert_same(found, whole(name))


def test_ctrl_c_keeps_all_that_was_done(tmp_path, whole):
    with pytest.raises(lm.Interrupted) as stop:
        lm.run(made("plain"), stop_at(101, KeyboardInterrupt), checkpoint=tmp_path)
    done = len(stop.value.result.cycles)
    found, text = resumed(made("plain"), tmp_path)
    assert done > 10
    assert text == f"resuming from {tmp_path}, which reached cycle {done}"
    assert_same(found, whole("plain"))


def test_ctrl_c_while_it_catches_up_loses_nothing(tmp_path, whole):
    for number in (101, 11):
        with pytest.raises(lm.Interrupted) as stop:
            lm.run(made("plain"), stop_at(number, KeyboardInterrupt), checkpoint=tmp_path)
    found, text = resumed(made("plain"), tmp_path)
    assert int(text.split()[-1]) > len(stop.value.result.cycles) > 0
    assert_same(found, whole("plain"))


def test_it_goes_on_from_an_aged_cell(tmp_path):
    aged = lm.run(declare(protocol=CYCLE, output={"traces": "none"}, interphase=True))
    cell = made("plain")
    with pytest.raises(StoppedError):
        lm.run(cell, stop_at(70), aged, tmp_path)
    found, text = resumed(cell, tmp_path, aged)
    assert text.startswith("resuming")
    assert_same(found, lm.run(cell, start=aged))
    _, text = resumed(cell, tmp_path)  # without its start it is another input
    assert not text.startswith("resuming")


@pytest.fixture
def stopped(tmp_path):
    """A folder with several pieces of a life."""
    with pytest.raises(StoppedError):
        lm.run(made("plain", checkpoint=2), stop_at(90), checkpoint=tmp_path)
    assert len(pieces(tmp_path)) > 5
    return tmp_path


def assert_named(found, whole, folder, ending):
    """One warning is about the folder; all else is as it should be."""
    stated = [warning for warning in found.warnings if str(folder) in warning]
    assert len(stated) == 1
    assert stated[0].endswith(ending)
    others = tuple(warning for warning in found.warnings if warning not in stated)
    assert_same(dataclasses.replace(found, warnings=others), whole)


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def strip(path):
    kept.write(path, str(np.load(path)["mark"]), {"legs": np.zeros(3)})


@pytest.mark.parametrize("damage", [cut, flip, empty, strip, os.unlink])
@pytest.mark.parametrize("number", [0, 3])
def test_a_damaged_piece_is_named(stopped, whole, damage, number):
    """What stands before it is used."""
    damage(pieces(stopped)[number])
    found, text = resumed(made("plain"), stopped)
    ending = f"resumed from cycle {text.split()[-1]}" if number else "the run began anew"
    assert text.startswith("resuming") == (number > 0)
    assert_named(found, whole("plain"), stopped, ending)


def test_another_input_begins_anew(stopped):
    cell = declare(protocol=PROTOCOLS["plain"], output={"traces": "none"})
    found, _ = resumed(cell, stopped)
    assert_named(found, lm.run(cell), stopped, "the run began anew")


def test_another_version_begins_anew(stopped, whole, monkeypatch):
    monkeypatch.setattr(journal, "__version__", "0.0.1")
    found, _ = resumed(made("plain"), stopped)
    assert_named(found, whole("plain"), stopped, "the run began anew")


@pytest.mark.deep
def test_what_decides_otherwise_is_not_used_further(tmp_path, whole, monkeypatch):
    """As on a machine whose last digits differ where a jump is judged."""
    cell = made("skipping")
    with pytest.raises(StoppedError):
        lm.run(cell, stop_at(130), checkpoint=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(skip, "FIRST", skip.FIRST + 1)
        other = lm.run(cell)
        found, _ = resumed(cell, tmp_path)
    assert other.cycles != whole("skipping").cycles
    assert_named(found, other, tmp_path, "no checkpoint is kept")
    assert not pieces(tmp_path)


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path, whole):
    place = tmp_path / "file"
    place.write_text("in the way", encoding="utf-8")
    found = lm.run(made("plain", checkpoint=5), checkpoint=place)
    stated = [w for w in found.warnings if w.startswith("no checkpoint is kept any more")]
    assert len(stated) == 1
    assert_named(found, whole("plain"), place, stated[0])


def test_how_often_it_is_written_is_no_input(tmp_path, whole):
    found = lm.run(made("plain", checkpoint=20), checkpoint=tmp_path)
    assert len(pieces(tmp_path)) == 2
    assert_same(found, whole("plain"))
    again, text = resumed(made("plain", checkpoint=7), tmp_path)
    assert text.startswith(f"resuming from {tmp_path}, which reached cycle 40")
    assert_same(again, found)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "often"])
def test_wrong_numbers_of_cycles_are_one_line(wrong):
    with pytest.raises(lm.InputError, match=r"output\.checkpoint"):
        made("plain", checkpoint=wrong)
