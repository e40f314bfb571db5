"""A real Dask scheduler with real workers on loopback: the same digits, also after kills."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lithomech.app.cli import main
from lithomech.errors import InputError
from lithomech.studies.cluster import DaskScheduler

STUDY = """
base: ncm88_lpscl_liin
set: {protocol: [Charge at 0.5C until 4.3 V, Discharge at 1C until 2.6 V]}
vary:
  fixture.pressure: {from: 1 MPa, to: 70 MPa, scale: log, points: 12}
  separator.thickness: {from: 300 um, to: 700 um, points: 10}
outputs: [discharge_capacity_mAh_per_g]
"""
MEMBERS = 120
PATIENCE = 120.0  # s


class Cluster:
    """A scheduler and workers of one thread each."""

    def __init__(self, folder):
        self.file, self.running = folder / "scheduler.json", []
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0")

    def start(self, kind, *words):
        """Start a process of Dask; return it."""
        command = [sys.executable, "-m", "dask", kind, "--no-dashboard", *words]
        command += ["--scheduler-file", str(self.file)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.running.append(subprocess.Popen(command, **quiet))
        return self.running[-1]

    def worker(self):
        """Start a worker; nobody starts it again when it is killed."""
        return self.start("worker", "--nthreads", "1", "--no-nanny")

    def stop(self):
        """End all processes."""
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("many.yaml").write_text(STUDY, encoding="utf-8")
    started = Cluster(tmp_path)
    yield started
    started.stop()


def study(*words):
    """Begin the command."""
    command = [sys.executable, "-m", "lithomech", "study", "many.yaml", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition):
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.05)


def members_in(folder):
    """Number of members in the journal of a study that runs."""
    try:
        connection = sqlite3.connect(f"file:{folder}/study.sqlite?mode=ro", uri=True)
    except sqlite3.Error:
        return 0
    try:
        return connection.execute("SELECT COUNT(*) FROM members").fetchone()[0]
    except sqlite3.Error:
        return 0
    finally:
        connection.close()


@pytest.mark.deep
def test_a_worker_that_is_killed_changes_nothing(cluster):
    wait_for(cluster.file.exists)
    lost, _ = cluster.worker(), cluster.worker()
    running = study("--scheduler", str(cluster.file), "--out", "out")
    wait_for(lambda: members_in("out") > 5 or running.poll() is not None)
    lost.kill()
    _, messages = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, messages
    assert "dashboard of the scheduler: http" in messages
    assert members_in("out") == MEMBERS
    assert main(["study", "many.yaml", "--out", "here"]) == 0
    assert Path("out/table.csv").read_bytes() == Path("here/table.csv").read_bytes()


@pytest.mark.deep
def test_a_scheduler_that_is_killed_is_one_line_and_the_journal_stays(cluster):
    wait_for(cluster.file.exists)
    cluster.worker()
    running = study("--scheduler", str(cluster.file), "--out", "out")
    wait_for(lambda: members_in("out") > 5 or running.poll() is not None)
    cluster.running[0].kill()
    _, messages = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert "is gone; the same command goes on" in messages
    assert "Traceback" not in messages
    assert 0 < members_in("out") < MEMBERS
    assert main(["study", "many.yaml", "--out", "out"]) == 0
    assert main(["study", "many.yaml", "--out", "here"]) == 0
    assert Path("out/table.csv").read_bytes() == Path("here/table.csv").read_bytes()


@pytest.mark.deep
def test_workers_that_come_later_are_used(cluster):
    wait_for(cluster.file.exists)
    running = study("--scheduler", str(cluster.file), "--out", "out")
    time.sleep(5.0)
    cluster.worker()
    running.communicate(timeout=PATIENCE)
    assert running.returncode == 0


def test_no_scheduler_is_one_line(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        DaskScheduler(tmp_path / "nothing.json")
    with pytest.raises(InputError, match="no Dask scheduler at 'moon://x'"):
        DaskScheduler("moon://x")
