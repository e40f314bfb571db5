"""`lithomech structure` through the command line: files, pictures, messages, exit codes."""

import json

import pytest
from PIL import Image

from lithomech.app import cli

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
    told = capsys.readouterr().out
    assert "small" in told
    assert "completed" in told
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
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "completed"
    assert len(told["stack_pressures"]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["spec.yaml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.yaml"], "nothing.yaml: there is no such file"),
        (["spec.yaml", "--seeds", "0"], "--set: seeds: 0 is out of range; allowed: at least 1"),
        (["spec.yaml", "--set", "box=5 um"], "box: 5 um; allowed: at least three"),
        (["spec.yaml", "--set", "box"], "expected KEY=VALUE"),
        (["spec.yaml", "--out", "spec.yaml"], "this is a file; --out wants a folder"),
        (["spec.yaml", "--set", "fabrication.porosity=20 %"], "given: both"),
        (["spec.yaml", "--set", "voxel_size=2 nm", "--json"], "GiB"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    words, said, spec, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert spec.exists()
    assert cli.main(["structure", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    left = [p for p in tmp_path.rglob("*.*") if p.name != "spec.yaml"]
    assert not left


def test_the_schema_names_every_key(capsys):
    assert cli.main(["schema", "structure", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    wanted = {"composition", "fabrication", "stack_pressures", "box", "voxel_size", "seeds"}
    assert wanted <= told["properties"].keys()
