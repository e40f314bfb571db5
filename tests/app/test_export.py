"""`lithomech export`."""

from pathlib import Path

import pytest

from lithomech.app import cli
from lithomech.app.run_command import read_cell
from lithomech.observe.readers.files import read_series
from support.synthetic_result import synthetic_result


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """A folder with a result, where the command runs."""
    made = synthetic_result()
    monkeypatch.setattr("lithomech.cell.readout.load.load_result", lambda _: made)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run-7").mkdir()
    return made


def read_out(capsys):
    streams = capsys.readouterr()
    return streams.out.strip() or streams.err


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("run-7", "bdf", "run-7.bdf.csv"),
        ("run-7/result.nc", "csv", "run-7.csv"),
        ("other.nc", "csv", "other.csv"),
    ],
)
def test_a_result_becomes_a_file_of_its_name(stored, capsys, source, kind, name):
    assert cli.main(["export", source, "--format", kind]) == 0
    assert read_out(capsys) == name
    assert len(read_series(name)) == len(stored.series)


@pytest.mark.usefixtures("stored")
def test_a_measured_file_of_any_kind_becomes_bdf(capsys):
    assert cli.main(["export", "measured/rate.csv", "--format", "bdf"]) == 0
    again = read_series(read_out(capsys))
    before = read_series("measured/rate.csv")
    assert (again.voltage == before.voltage).all()


@pytest.mark.usefixtures("stored")
def test_a_cell_becomes_bpx_that_run_reads(capsys):
    assert cli.main(["export", "ncm88_lpscl_liin", "--format", "bpx"]) == 0
    name = read_out(capsys)
    assert name == "ncm88_lpscl_liin.bpx.json"
    assert read_cell(name, []).fixture == read_cell("ncm88_lpscl_liin", []).fixture


@pytest.mark.usefixtures("stored")
def test_a_script_for_pybamm_names_what_it_lacks(capsys):
    words = ["export", "ncm88_lpscl_liin", "--format", "pybamm"]
    assert cli.main(words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 5
    assert all("PyBaMM's model has no " in line for line in lines)
    assert cli.main([*words, "--leave-out", "all"]) == 0
    name = read_out(capsys)
    assert name == "ncm88_lpscl_liin_pybamm.py"
    assert "cracking" in Path(name).read_text(encoding="utf-8").splitlines()[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run-7", "--format", "xls"], "'xls' is not known; allowed: csv, bdf, bpx, pybamm"),
        (["ncm88_lpscl_liin", "--format", "bdf"], "no traces to write as bdf before it runs"),
        (["run-7", "--format", "bdf", "--mapping", "m.yaml"], "for measured files"),
        (["li_lpscl_li", "--format", "bpx"], "no place for a cell of two planar electrodes"),
        (["ncm88_lpscl_liin", "--format", "bpx", "--leave-out", "all"], "is for pybamm"),
        (["nowhere.mpr", "--format", "bdf"], "nowhere.mpr"),
        (["run-7", "--format", "bdf", "--out", ""], ".: this is a folder; name a file"),
        (["run-7", "--format", "csv", "--out", "run-7"], "run-7: this is a folder"),
        (["run-7", "--format", "csv", "--out", "/dev/null"], "/dev/null: this is no file on"),
        (["run-7", "--format", "csv", "--out", "/proc/x"], "/proc/x: No such file"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_what_cannot_be_written_is_one_line(capsys, words, message):
    assert cli.main(["export", *words]) == 2
    text = read_out(capsys)
    assert message in text
    assert text.count("\n") == 1


@pytest.mark.usefixtures("stored")
def test_a_file_that_exists_is_replaced_only_by_name(capsys):
    words = ["export", "run-7", "--format", "bdf"]
    assert cli.main(words) == 0
    assert cli.main(words) == 2
    assert "exists already; name it with --out" in capsys.readouterr().err
    assert cli.main([*words, "--out", "run-7.bdf.csv"]) == 0
