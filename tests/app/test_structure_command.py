"""`lithomech structure` through the command line: files, pictures, messages, exit codes."""

import json

import numpy as np
import pytest
from PIL import Image

from lithomech.app import cli
from lithomech.app.progress import Lines

SPEC = """
name: small
composition:
  active: [{material: ncm88, weight: 80 %, diameter: 4 um}]
  electrolyte: {material: li6ps5cl, weight: 20 %, diameter: 4 um}
fabrication: {pressure: 200 MPa}
stack_pressures: [20 MPa]
box: 13 um
voxel_size: 0.6 um
seeds: 2
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_numbers_and_pictures_are_written(spec, tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["structure", str(spec), "--out", str(out)]) == 0
    reported = capsys.readouterr().out
    assert "small" in reported
    assert "completed" in reported
    names = {p.relative_to(out).as_posix() for p in out.rglob("*.*")}
    figures = {"overview", "section", "solid", "forces", "ion_paths"}
    assert names == {
        "structure.nc", "structure.json", "report.html", "input.txt",
        "pieces/seed_0.npz", "pieces/seed_1.npz",
        *(f"figures/{name}.png" for name in figures),
    }  # fmt: skip
    for name in figures:
        picture = Image.open(out / "figures" / f"{name}.png").convert("L")
        low, high = picture.getextrema()
        assert high - low > 120  # something is drawn
    again = json.loads((out / "structure.json").read_text(encoding="utf-8"))
    assert again["seeds"] == [0, 1]
    assert cli.main(["structure", str(spec), "--out", str(out), "--seeds", "1"]) == 0


def test_json_is_all_that_is_printed(spec, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["structure", str(spec), "--seeds", "1", "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert reported["status"] == "completed"
    assert len(reported["stack_pressures"]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["spec.yaml"]


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        (["nothing.yaml"], "nothing.yaml: there is no such file"),
        (["spec.yaml", "--seeds", "0"], "--set: seeds: 0 is out of range; allowed: at least 1"),
        (["spec.yaml", "--set", "box=5 um"], "box: 5 um; allowed: at least three"),
        (["spec.yaml", "--set", "box"], "expected KEY=VALUE"),
        (["spec.yaml", "--out", "spec.yaml"], "this is a file; --out needs a folder"),
        (["spec.yaml", "--set", "fabrication.porosity=20 %"], "got: both"),
        (["spec.yaml", "--set", "voxel_size=2 nm", "--json"], "GiB"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    words, stated, spec, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert spec.exists()
    assert cli.main(["structure", *words]) == 2
    reported = capsys.readouterr().err
    assert stated in reported
    assert reported.count("\n") == 1
    left = [p for p in tmp_path.rglob("*.*") if p.name != "spec.yaml"]
    assert not left


def test_the_schema_names_every_key(capsys):
    assert cli.main(["schema", "structure", "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)
    wanted = {"composition", "fabrication", "stack_pressures", "box", "voxel_size", "seeds"}
    assert wanted <= reported["properties"].keys()


def test_lines_of_progress_come_now_and_then_with_the_time_that_is_left():
    now = [0.0]
    lines = Lines(clock=lambda: now[0])
    stated = []
    for second in range(101):  # a hundredth of the work each second
        now[0] = float(second)
        stated.append(lines.line(second / 100.0, "pressing"))
    kept = {k: line for k, line in enumerate(stated) if line}
    assert set(np.diff([0, *kept])) <= {5, 6}
    for k in [k for k in kept if k > 20]:
        assert kept[k] == f"{k} % pressing; about {100 - k} s left"
    slow = Lines(clock=lambda: now[0])
    for second in range(100, 500):  # a percent in 400 s
        now[0] = float(second)
        if (line := slow.line((second - 100) / 40000.0, "pressing")) is not None:
            break
    assert second == 120
    assert "about 666 min left" in line


def test_a_pipe_gets_lines_of_progress(spec, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lithomech.app.progress.WAIT", 0.0)
    monkeypatch.setattr("lithomech.app.progress.SHARE", 0.2)
    assert cli.main(["structure", str(spec), "--seeds", "1", "--json"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if " left" in line]
    assert 2 <= len(lines) <= 6
    assert all(line.startswith("lithomech: ") for line in lines)
