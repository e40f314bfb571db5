"""Signals that reach a command: it stops soon, without a traceback; old results stay whole."""

import json
import signal
import subprocess
import sys
import time

import pytest

from lithomech.cell.readout.load import load_result

CELL = """
name: long
cathode:
  type: composite
  thickness: 80 um
  porosity: 15 %
  active: [{material: ncm811, weight: 70 %, diameter: 4 um}]
  electrolyte: {material: li6ps5cl, weight: 30 %}
separator: {material: li6ps5cl, thickness: 600 um}
anode: {type: planar, material: li, thickness: 100 um}
fixture: {type: spring, pressure: 20 MPa, stiffness: 0.4 MPa/um}
output: {traces: none}
protocol: [{repeat: 100000, steps: [Charge at 0.1C until 4.2 V, Discharge at 0.1C until 3 V]}]
"""


DRIVER = """
import os, sys, threading, time
from lithomech.app.cli import main
from lithomech.cell.solver import march

words, numbers = sys.argv[2:], [int(number) for number in sys.argv[1].split(",")]
first = march.march

def loaded(*arguments):  # the first step loads what is compiled
    march.march = begun
    return first(*arguments)

def begun(*arguments):
    march.march = first
    threading.Thread(target=press).start()
    return first(*arguments)

def press():
    for number in numbers:
        time.sleep(0.3)
        pressed.append(time.perf_counter())
        os.kill(os.getpid(), number)

pressed = []
march.march = loaded
code = main(words)
sys.stderr.write(f"{time.perf_counter() - pressed[0]:.3f} s")
sys.exit(code)
"""


def stopped(folder, numbers, *words):
    """Run the command line and send it signals 0.3 s after its second step has begun."""
    texts = ",".join(str(int(number)) for number in numbers)
    return subprocess.run(
        [sys.executable, "-c", DRIVER, texts, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 143),
        pytest.param(signal.SIGINT, 130, marks=pytest.mark.deep),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.deep),
    ],
)
@pytest.mark.deep
def test_a_run_that_is_stopped_reports_what_was_done(folder, number, code):
    run = stopped(folder, [number], "run", "cell.yaml", "--json")
    assert run.returncode == code
    result = json.loads(run.stdout)
    assert result["status"] == "interrupted"
    assert "(cycle " in result["reason"]
    seconds, _, rest = run.stderr.partition(" ")
    assert rest == "s"  # no traceback, nothing else
    assert float(seconds) < 1.0


def test_a_run_that_is_stopped_leaves_its_folder(folder):
    run = stopped(folder, [signal.SIGINT], "run", "cell.yaml", "--out", "out")
    assert run.returncode == 130
    assert "interrupted: " in run.stdout
    assert "Traceback" not in run.stderr
    assert load_result(folder / "out" / "result.nc").status == "interrupted"
    assert {"report.html", "timeseries.csv"} < {
        path.name for path in (folder / "out").iterdir()
    }


@pytest.mark.deep
def test_a_second_signal_drops_what_was_done(folder):
    run = stopped(folder, [signal.SIGINT, signal.SIGINT], "run", "cell.yaml", "--out", "out")
    assert run.returncode == 130
    assert "Traceback" not in run.stderr
    assert not (folder / "out" / "result.nc").exists()


STUCK = """
import hashlib, os, signal, threading
from lithomech.app import cli

def work(_words):  # a numerical routine: Python does not get its turn for minutes
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)

cli._main = work
cli.main(["conduct", "--json"])
"""


def test_a_command_that_does_not_let_go_is_ended(tmp_path):
    begun = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", STUCK], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert time.perf_counter() - begun < 10.0
    assert run.returncode == 143
    assert json.loads(run.stdout)["status"] == "interrupted"
    assert run.stderr == "lithomech: interrupted\n"
