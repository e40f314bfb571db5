"""`lithomech particle` through the command line."""

import json

import pytest
from PIL import Image

from lithomech.app import cli
from lithomech.particle.march import March

SPEC = """
name: small
material: ncm88
diameter: 2.4 um
grains: {diameter: 0.6 um, orientation: random}
surroundings: {material: li6ps5cl, pressure: 20 MPa}
voxel_size: 80 nm
dimensions: 2
increments: 4
"""


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_numbers_and_pictures_are_written(spec, tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["particle", str(spec), "--out", str(out)]) == 0
    assert "Crack area in the particle, charged" in capsys.readouterr().out
    for name in ("overview", "stress", "discharge"):
        low, high = Image.open(out / "figures" / f"{name}.png").convert("L").getextrema()
        assert high - low > 120
    with Image.open(out / "figures" / "first_cycle.gif") as moving:
        assert getattr(moving, "n_frames", 1) == 9
    reported = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    assert reported["status"] == "completed"
    assert reported["options"]["grains"]["orientation"] == "random"
    table = reported["tables"]["increments"]
    assert len(table["lithium / 1"]) == 9
    assert table["crack fraction / 1"][0] == 0.0  # as made
    assert reported["tables"]["discharge"]["time / s"][0] > 0.0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "small" in page
    assert "data:image/gif;base64," in page


def test_json_is_all_that_is_printed(spec, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["particle", str(spec), "--set", "grains.orientation=single_crystal", "--json"]
    assert cli.main(words) == 0
    reported = json.loads(capsys.readouterr().out)
    assert reported["quantities"][0]["value"] == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["spec.yaml"]


@pytest.mark.deep
def test_what_was_interrupted_is_gone_on_with(spec, tmp_path, capsys, monkeypatch):
    out, remember = tmp_path / "out", March.remember
    words = ["particle", str(spec), "--set", "cycles=2", "--out", str(out)]

    def interrupted(march, name):
        if name.startswith("charged, cycle 2"):
            raise KeyboardInterrupt
        return remember(march, name)

    monkeypatch.setattr(March, "remember", interrupted)
    assert cli.main(words) == 130
    assert "--resume goes on" in capsys.readouterr().err
    assert [p.name for p in (out / "unfinished").iterdir()] == ["particle_1.npz"]
    monkeypatch.setattr(March, "remember", remember)
    monkeypatch.setattr(March, "stay", lambda _march: None)  # cycle 1 is not repeated
    assert cli.main([*words, "--resume"]) == 0
    reported = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    assert reported["tables"]["increments"]["crack fraction / 1"][8] > 0.0
    assert not (out / "unfinished").exists()
    assert cli.main([*words, "--resume"]) == 2
    assert "nothing is unfinished" in capsys.readouterr().err


@pytest.mark.usefixtures("spec")
@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (["none.yaml"], "no such file"),
        (["spec.yaml", "--set", "grains.diameter=3 um"], "grains.diameter: 3 um; allowed"),
        (["spec.yaml", "--set", "grains.size=3 um"], "unknown key"),
        (["spec.yaml", "--set", "material=lfp"], "has no lattice_mismatch"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    words, reported, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["particle", *words]) == 2
    captured = capsys.readouterr()
    assert reported in captured.err
    assert captured.err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["spec.yaml"]
