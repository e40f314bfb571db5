import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from lithomech.app import cli
from lithomech.app.schema_table import rows
from lithomech.app.schemas import SCHEMAS
from lithomech.errors import InputError, SolveError
from lithomech.files import packaged
from lithomech.plot.cell_result import figures
from support.synthetic_result import synthetic_result

CELL = "name: made up\ncathode: {}\nanode: {}\n"


class Bench:
    """Stands in for everything below the command line, and writes down what it was asked."""

    def __init__(self):
        self.result, self.loaded, self.solved = synthetic_result(), [], 0
        self.checkpoint = None

    def load_cell(self, source, overrides=()):
        self.loaded.append((source, list(overrides)))
        return "cell"

    def run(self, _cell, progress=None, checkpoint=None):
        self.solved += 1
        self.checkpoint = checkpoint
        progress(0.5, "cycle 1")
        return self.result

    def load_result(self, path):
        if not path.is_file() or "lithomech" not in path.read_text(encoding="utf-8"):
            raise InputError("not a lithomech result", file=str(path))
        return self.result


@pytest.fixture
def bench(monkeypatch, tmp_path):
    made = Bench()
    monkeypatch.setattr("lithomech.cell.spec.load_cell", made.load_cell)
    monkeypatch.setattr("lithomech.cell.run.run", made.run)
    # the folder first: it is loaded here, and keeps the function that it finds then
    monkeypatch.setattr("lithomech.app.result_folder.load_result", made.load_result)
    monkeypatch.setattr("lithomech.cell.readout.load.load_result", made.load_result)
    monkeypatch.setattr("lithomech.app.result_folder.figures", few_figures)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    return made


def few_figures(result, bands=None):
    """Two of the figures, for speed."""
    names = ("cycles", "impedance") if result.impedance else ("electrode_potentials",)
    return {name: figure for name, figure in figures(result, bands).items() if name in names}


def one_line(capsys):
    """The message on standard error, which must be one line; nothing on standard output."""
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    assert streams.err.startswith("lithomech: ")
    return streams.err


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (["run"], "CELL"),
        (["run", "cell.yaml", "--speed", "9"], "--speed"),
        (["walk"], "walk"),
        (["run", "cell.yaml", "--set"], "--set"),
        (["run", "cell.yaml", "--set", "fixture.pressure"], "expected KEY=VALUE"),
        (
            ["run", "cell.yaml", "--figures", "gif"],
            "'gif' is not known; allowed: png, svg, pdf",
        ),
        (["run", "missing.yaml"], "missing.yaml: there is no such file"),
        (["schema", "moon"], "there are: cell, structure, particle, study, fit"),
        (["examples", "moon"], "no example 'moon'"),
        (["cite", "missing.nc"], "missing.nc"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(capsys, words, reported):
    assert cli.main(words) == 2
    assert reported in one_line(capsys)


@pytest.mark.usefixtures("bench")
def test_an_error_of_the_cell_file_keeps_its_place(capsys, monkeypatch):
    def refuse(*_):
        raise InputError("'5' has no unit", file="cell.yaml", line=3, key="fixture.pressure")

    monkeypatch.setattr("lithomech.cell.spec.load_cell", refuse)
    assert cli.main(["run", "cell.yaml"]) == 2
    assert one_line(capsys) == "lithomech: cell.yaml:3: fixture.pressure: '5' has no unit\n"


@pytest.mark.usefixtures("bench")
def test_an_error_of_the_solver_is_code_1(capsys, monkeypatch):
    def fail(_, **__):
        raise SolveError("the numbers\ndid not work out")

    monkeypatch.setattr("lithomech.cell.run.run", fail)
    assert cli.main(["run", "cell.yaml"]) == 1
    assert one_line(capsys) == "lithomech: the numbers did not work out\n"


def test_run_writes_its_folder(bench, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("lithomech.app.result_folder.figures", figures)
    assert cli.main(["run", "cell.yaml", "--set", "temperature = 60 degC"]) == 0
    ((source, overrides),) = bench.loaded
    assert source.name == "cell.yaml"
    assert overrides == [("temperature", "60 degC")]
    assert bench.checkpoint == Path("results/cell/unfinished")
    folder = tmp_path / "results" / "cell"
    names = {path.name for path in folder.iterdir()}
    tables = {"timeseries.csv", "cycles.csv", "profiles.csv"}
    assert names == {"result.nc", "report.html", "input.txt", "figures"} | tables
    assert len(list((folder / "figures").glob("*.png"))) == 9
    shown = capsys.readouterr().out
    assert "completed: the protocol ran to its end" in shown
    assert "192.7" in shown


@pytest.mark.deep
def test_a_result_is_replaced_and_files_of_the_user_stay(bench, tmp_path):
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    bench.result = synthetic_result(cycles=1, impedance=False)
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    assert (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "out" / "figures" / "impedance.png").exists()


def test_another_folder_is_refused_before_the_run(bench, capsys, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work", encoding="utf-8")
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 2
    assert "something other than a lithomech result" in one_line(capsys)
    assert bench.solved == 0


@pytest.mark.usefixtures("bench")
def test_a_file_is_no_folder(capsys):
    assert cli.main(["run", "cell.yaml", "--out", "cell.yaml"]) == 2
    assert "--out needs a folder" in one_line(capsys)


def test_an_error_while_writing_leaves_the_earlier_result(bench, tmp_path, monkeypatch):
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("lithomech.app.result_folder.write_report", full)
    bench.result = synthetic_result(cycles=1)
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 2
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before


@pytest.fixture
def plain(bench, monkeypatch):
    """The bench without figures, for speed."""
    monkeypatch.setattr("lithomech.app.result_folder.figures", lambda *_: {})
    return bench


def test_tables_are_ready_for_a_spreadsheet(plain, tmp_path):
    plain.result = synthetic_result(cycles=2)
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    cycles = read_table(tmp_path / "out" / "cycles.csv")
    assert cycles["Cycle / 1"] == ["1", "2"]
    shown = plain.result.cycles[1]["discharge_capacity_mAh_per_g"]
    assert_allclose(float(cycles["Discharge capacity / mAh/g"][1]), shown, rtol=1e-8)
    assert "Charge capacity / mAh/cm2" in cycles
    profiles = read_table(tmp_path / "out" / "profiles.csv")
    assert list(profiles)[:3] == [
        "Capacity, charge 1 / mAh/g", "Voltage, charge 1 / V",
        "Stack pressure, charge 1 / MPa",
    ]  # fmt: skip
    capacity = [float(text) for text in profiles["Capacity, discharge 2 / mAh/g"] if text]
    assert capacity[0] == 0.0
    assert capacity == sorted(capacity)
    # 0.96 to 0.05 of 205 mAh/g, at a steady 0.91 capacities in 35000 s
    assert_allclose(capacity[-1], 0.91 * 205.0, rtol=0.02)


def read_table(path):
    """Columns of a CSV by their header, as text."""
    header, *rows = csv.reader(path.read_text(encoding="ascii").splitlines())
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


@pytest.mark.deep
def test_figures_in_other_formats(bench, tmp_path, monkeypatch):
    one = {"cycles": figures(bench.result)["cycles"]}
    monkeypatch.setattr("lithomech.app.result_folder.figures", lambda *_: one)
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    words = ["run", "cell.yaml", "--out", "out", "--figures", "svg", "--figures", "pdf"]
    assert cli.main(words) == 0
    names = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert names == {"cycles.svg", "cycles.pdf"}
    assert (tmp_path / "out" / "figures" / "cycles.pdf").read_bytes().startswith(b"%PDF")
    assert bench.solved == 2


def test_quiet_prints_warnings_only(plain, capsys):
    plain.result = synthetic_result(status="short", reason="the plating current is critical")
    assert cli.main(["run", "cell.yaml", "--quiet"]) == 1
    streams = capsys.readouterr()
    assert streams.out == ""
    last = streams.err.splitlines()[-1]
    assert last == "lithomech: short: the plating current is critical"


@pytest.mark.usefixtures("bench")
def test_a_mapping_is_for_a_measurement(capsys):
    assert cli.main(["run", "cell.yaml", "--mapping", "map.yaml"]) == 2
    assert "--mapping is for --compare" in one_line(capsys)


def test_a_measurement_with_its_mapping_is_overlaid(bench, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "lithomech.observe.readers.files.read_series",
        lambda path, mapping: seen.append((path.name, mapping.name)) or bench.result.series,
    )
    words = ["run", "cell.yaml", "--json", "--compare", "own.csv", "--mapping", "map.yaml"]
    assert cli.main(words) == 0
    assert seen == [("own.csv", "map.yaml")]


def test_an_example_runs_by_its_name(plain, capsys, tmp_path):
    assert cli.main(["run", "ncm88_lpscl_liin", "--quiet"]) == 0
    ((source, _),) = plain.loaded
    assert source == packaged.examples()["ncm88_lpscl_liin"]
    assert (tmp_path / "results" / "ncm88_lpscl_liin" / "cycles.csv").is_file()
    capsys.readouterr()
    assert cli.main(["run", "ncm88_lpscl_lin"]) == 2
    reported = (
        "lithomech: ncm88_lpscl_lin: there is no such file, and no packaged example of this"
    )
    assert one_line(capsys).startswith(reported)


def test_json_is_one_object_and_nothing_is_written(bench, capsys, tmp_path):
    (first, *more) = bench.result.cycles
    first = first | {
        "coulombic_efficiency": float("nan"),
        "mean_discharge_voltage_V": float("inf"),
    }
    bench.result = replace(bench.result, cycles=(first, *more))
    assert cli.main(["run", "cell.yaml", "--json"]) == 0
    streams = capsys.readouterr()
    shown = json.loads(streams.out)
    assert shown["cycles"][0]["coulombic_efficiency"] is None
    assert shown["cycles"][0]["mean_discharge_voltage_V"] is None
    assert shown["cycles"][1]["coulombic_efficiency"] == 0.9981
    assert shown["status"] == "completed"
    assert [path.name for path in tmp_path.iterdir()] == ["cell.yaml"]
    assert bench.checkpoint is None


@pytest.mark.usefixtures("bench")
@pytest.mark.deep
def test_json_and_a_folder(capsys, tmp_path):
    assert cli.main(["run", "cell.yaml", "--json", "--out", "out"]) == 0
    json.loads(capsys.readouterr().out)
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_first_run_says_that_it_compiles(bench, capsys, monkeypatch):
    def first(_cell, progress, **_):
        progress(0.0, "compiling the solver: only this once")
        progress(0.5, "Charge at 0.1C")
        return bench.result

    monkeypatch.setattr("lithomech.cell.run.run", first)
    assert cli.main(["run", "cell.yaml", "--json"]) == 0
    streams = capsys.readouterr()
    json.loads(streams.out)
    assert streams.err == "lithomech: compiling the solver: only this once\n"


def test_an_early_end_is_code_1(bench, capsys):
    bench.result = synthetic_result(status="contact lost", reason="0.1C cannot be carried")
    assert cli.main(["run", "cell.yaml", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "contact lost"


def test_a_dash_reads_standard_input(bench, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("name: piped"))
    assert cli.main(["run", "-", "--json"]) == 0
    assert bench.loaded == [("name: piped\n", [])]


def test_a_result_repeats_its_input(bench):
    assert cli.main(["run", "cell.yaml", "--out", "out"]) == 0
    assert cli.main(["run", "out/result.nc", "--json"]) == 0
    assert bench.solved == 2


@pytest.mark.usefixtures("bench")
def test_examples_are_listed_printed_and_copied(capsys, monkeypatch, tmp_path):
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "one.yaml").write_text(CELL, encoding="utf-8")
    known = {"one": tmp_path / "examples" / "one.yaml"}
    monkeypatch.setattr(packaged, "EXAMPLES", tmp_path / "examples")
    monkeypatch.setattr(packaged, "examples", lambda: known)
    monkeypatch.setattr(packaged, "measured", lambda: {})
    assert cli.main(["examples"]) == 0
    assert capsys.readouterr().out.split() == ["one", "run", "made", "up"]
    assert cli.main(["examples", "one"]) == 0
    assert capsys.readouterr().out == CELL
    assert cli.main(["examples", "one", "--out", "mine.yaml"]) == 0
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == CELL
    assert cli.main(["examples", "one", "--out", "mine.yaml"]) == 2
    assert "exists already" in one_line(capsys)


def test_schema_as_json_and_as_a_table(capsys):
    assert cli.main(["schema", "cell", "--json"]) == 0
    assert "fixture" in json.loads(capsys.readouterr().out)["properties"]
    assert cli.main(["schema", "cell"]) == 0
    shown = capsys.readouterr().out
    assert len(shown.splitlines()) == 1 + len(rows(SCHEMAS["cell"]()))  # a pipe reads lines
    assert "fixture (type: spring)" in shown
    assert "cathode.active[0].weight" in shown


def test_version_and_help(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("lithomech 0.")
    assert cli.main([]) == 0
    assert "Usage" in capsys.readouterr().out
    assert cli.main(["run", "--help"]) == 0


def test_help_imports_nothing_slow():
    code = (
        "import sys\nfrom lithomech.app.cli import main\nassert main(['--help']) == 0\n"
        "slow = {'numpy', 'matplotlib', 'xarray', 'numba', 'pydantic', 'pint', 'scipy'}\n"
        "sys.exit(' '.join(slow & set(sys.modules)) or 0)\n"
    )
    source = {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | source, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.deep
def test_many_cycles_are_shown_by_their_ends(bench, capsys):
    bench.result = synthetic_result(cycles=40)
    assert cli.main(["run", "cell.yaml"]) == 0
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [n for n in ("6", "…", "35") if n in shown] == ["6", "…", "35"]
    assert "7" not in shown
