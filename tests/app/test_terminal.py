"""Whatever the terminal and the machine are like: readable output or one line, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
LIST = ["materials", "list"]
COMPARE = ["materials", "compare", "li6ps5cl", "lgps", "--out"]


def environment(**changes):
    """That of the tests, with changes; None takes a variable away."""
    kept = {name: value for name, value in os.environ.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


def lithomech(words, folder, **changes):
    """Run a command in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lithomech", *map(str, words)],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        check=False,
    )


def one_line(run):
    """The only line that a refused command writes."""
    assert run.returncode == 2, run
    (line,) = run.stderr.decode().splitlines()
    assert line.startswith("lithomech: "), line
    return line


@pytest.mark.deep
def test_an_encoding_that_lacks_letters(tmp_path):
    shown = lithomech(["materials", "show", "ncm811"], tmp_path, PYTHONIOENCODING="ascii")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.isascii()
    refused = lithomech(["run", "zelle_für_ü.yaml"], tmp_path, PYTHONIOENCODING="ascii")
    assert "zelle_f\\xfcr_\\xfc.yaml" in one_line(refused)


@pytest.mark.deep
def test_no_colours_and_no_commands_to_the_terminal(tmp_path):
    colours = {"NO_COLOR": "1", "FORCE_COLOR": None, "TERM": "xterm-256color"}
    assert b"\x1b" not in lithomech(LIST, tmp_path, **colours).stdout
    bell = lithomech(["run", "a\x1b]0;title\x07.yaml"], tmp_path)
    assert "a\\x1b]0;title\\x07.yaml" in one_line(bell)


@pytest.mark.parametrize("words", [LIST, ["schema", "cell", "--json"], ["--version"]])
def test_a_reader_that_has_seen_enough(tmp_path, words):
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        [sys.executable, "-m", "lithomech", *words],
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert run.stderr == b""
    assert run.returncode == 0


def test_an_error_that_nobody_hears(tmp_path):
    command = f'"{sys.executable}" -m lithomech run nowhere.yaml 2>&-'
    run = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (2, b"", b"")


@pytest.mark.deep
def test_a_home_that_cannot_be_used(tmp_path):
    (tmp_path / "home").write_text("a file")
    lost = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": None, "MPLCONFIGDIR": None}
    run = lithomech([*COMPARE, "out"], tmp_path, **lost)
    assert run.returncode == 0
    assert run.stderr == b""
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.deep
def test_a_file_where_the_folder_of_results_belongs(tmp_path):
    (tmp_path / "results").write_text("of the user")
    line = one_line(lithomech(["analyse", "eis", DATA / "spectrum.z"], tmp_path))
    assert "results: a file is in the way of a folder; name another with --out" in line
    line = one_line(lithomech([*COMPARE, "results/x"], tmp_path))
    assert "a file is in the way of a folder" in line
    assert (tmp_path / "results").read_text() == "of the user"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="all is permitted to root"
)
def test_a_folder_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    try:
        line = one_line(lithomech(["analyse", "eis", DATA / "spectrum.z"], tmp_path))
    finally:
        tmp_path.chmod(0o700)
    assert "results: Permission denied" in line
