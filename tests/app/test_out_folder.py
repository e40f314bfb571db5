"""Folders of results: old or new, never mixed, never locked, whatever ends the writer."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lithomech.app import out_folder
from lithomech.errors import InputError

NAMES = ("result.nc", "timeseries.csv", "figures/voltage.png", "report.html")
STALE = ["figures/*.png"]
WRITER = """
import itertools, pathlib, sys, time
from lithomech.app import out_folder

def slowed(function):
    def slow(*arguments, **options):
        time.sleep(0.002)
        return function(*arguments, **options)
    return slow

for name in ("rename", "replace", "hardlink_to", "mkdir"):
    setattr(pathlib.Path, name, slowed(getattr(pathlib.Path, name)))
out_folder.shutil.rmtree = slowed(out_folder.shutil.rmtree)
folder, stale, names = pathlib.Path(sys.argv[1]), [sys.argv[2]], sys.argv[3:]
print("begun", flush=True)
for version in itertools.count(1):
    out_folder.check_folder(folder, lambda f: "result.nc" in out_folder.visible(f), "a result")
    with out_folder.staging(folder, stale) as staged:
        (staged / "figures").mkdir()
        for name in [*names, f"figures/only_{version}.png"]:
            with (staged / name).open("w") as stream:
                for part in range(3):
                    stream.write(f"{version} ")
                    stream.flush()
                    time.sleep(0.001)
"""


def write(folder, version, names=NAMES):
    with out_folder.staging(folder, STALE) as staged:
        (staged / "figures").mkdir()
        for name in names:
            (staged / name).write_text(str(version))


def holds_result(folder):
    return "result.nc" in out_folder.visible(folder)


def check(folder):
    out_folder.check_folder(folder, holds_result, "a result")


def versions(folder):
    """What the files of an output say, and that none is missing."""
    texts = [path.read_text() for path in folder.rglob("*.*") if path.name != "notes.txt"]
    assert all((folder / name).is_file() for name in NAMES)
    return {text for text in texts if text}


@pytest.mark.parametrize(
    ("seed", "kills"), [(1, 8), pytest.param(2, 50, marks=pytest.mark.deep)]
)
def test_a_writer_that_is_killed_leaves_old_or_new(tmp_path, seed, kills):
    folder, draw, met = tmp_path / "out", random.Random(seed), set()
    write(folder, "0 0 0 ")
    (folder / "notes.txt").write_text("of the user")
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), *STALE, *NAMES],
            stdout=subprocess.PIPE,
            text=True,
        )
        with writer:
            assert writer.stdout.readline() == "begun\n"
            time.sleep(draw.uniform(0.0, 0.15))
            os.kill(writer.pid, signal.SIGKILL)
        if folder.exists():  # before anything is put right
            assert len(versions(folder)) == 1
        check(folder)
        assert len(versions(folder)) == 1
        assert len(list(folder.glob("figures/*.png"))) <= 2
        assert (folder / "notes.txt").read_text() == "of the user"
        met |= versions(folder)
    assert len(met) > 1  # it did write
    write(folder, "last")
    assert versions(folder) == {"last"}


def test_what_is_in_the_way_is_seen_before_anything_moves(tmp_path):
    write(tmp_path / "out", "old")
    (tmp_path / "out" / "report.html").unlink()
    (tmp_path / "out" / "report.html").mkdir()
    with pytest.raises(InputError, match=r"report.html: a folder is in the way"):
        write(tmp_path / "out", "new")
    assert (tmp_path / "out" / "result.nc").read_text() == "old"
    assert (tmp_path / "out" / "figures" / "voltage.png").read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_an_error_leaves_the_old_output_and_nothing_else(tmp_path):
    write(tmp_path / "out", "old")
    with pytest.raises(ZeroDivisionError), out_folder.staging(tmp_path / "out") as staged:
        (staged / "result.nc").write_text("half")
        raise ZeroDivisionError
    assert versions(tmp_path / "out") == {"old"}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_other_files_stay_and_those_of_an_earlier_output_go(tmp_path):
    folder = tmp_path / "out"
    write(folder, "old", [*NAMES, "figures/impedance.png"])
    (folder / "own").mkdir()
    (folder / "own" / "notes.txt").write_text("of the user")
    (folder / "link").symlink_to("own/notes.txt")
    folder.chmod(0o750)
    write(folder, "new")
    assert (folder / "link").read_text() == "of the user"
    assert {path.name for path in folder.glob("figures/*")} == {"voltage.png"}
    assert folder.stat().st_mode & 0o777 == 0o750
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_folder_that_somebody_stands_in_keeps_its_place(tmp_path, monkeypatch):
    write(tmp_path, "old", [*NAMES, "figures/impedance.png"])
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    write(Path(), "new")
    assert versions(tmp_path) == {"new"}
    assert {path.name for path in tmp_path.glob("figures/*")} == {"voltage.png"}
    assert tmp_path.stat().st_ino == before


def test_the_rest_of_a_killed_writer_locks_nothing(tmp_path):
    for name in (".partial-abc", "pieces"):
        (tmp_path / "out" / name).mkdir(parents=True)
    out_folder.check_folder(
        tmp_path / "out", lambda folder: out_folder.visible(folder) <= {"pieces"}, "a structure"
    )
    write(tmp_path / "out", "new")
    assert (tmp_path / "out" / "pieces").is_dir()


def test_rests_are_forgotten_after_a_day(tmp_path):
    young, aged = tmp_path / ".out.partial-1", tmp_path / ".out.partial-2"
    for rest in (young, aged):
        (rest / "new").mkdir(parents=True)
    os.utime(aged, (0.0, 0.0))
    check(tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {young.name}
