"""`lithomech validate` and the schemas of what people write, through the command line."""

import json

import pytest

from lithomech.app import cli

KEYS = {"id", "status", "published", "predicted", "relative_error", "detail", "inputs"}


def test_json_has_the_promised_keys(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["validate", "Q-080", "Q-123", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    plated, density = content["claims"]
    assert plated.keys() == density.keys() == KEYS
    assert (plated["status"], plated["published"]) == ("reproduced", 24.0)
    assert 24.0 < plated["predicted"] < 24.3  # 13.0 cm3/mol give 24.25 um
    assert (density["status"], density["published"]) == ("data", 1.87)
    assert density["predicted"] is density["relative_error"] is None
    assert content["counts"] == {"reproduced": 1, "data": 1}
    assert not list(tmp_path.iterdir())


def test_one_claim_tells_all_about_itself(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["validate", "Q-083"]) == 0
    reported = capsys.readouterr().out
    for words in ("contradicted", "section 3.2", "0.5 V", "li2s.molar_volume", "inputs"):
        assert words in reported
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (["validate", "Q-999"], "no claim 'Q-999'; ids run from Q-001 to QL-028"),
        (["validate", "--out", "other"], "other: this folder holds something other than"),
        (["validate", "--out", "file"], "file: this is a file; --out needs a folder"),
        (
            ["schema", "moon"],
            "there are: cell, structure, particle, study, fit, mapping, material, claim",
        ),
    ],
)
def test_wrong_input_is_one_line_and_code_2(words, reported, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert cli.main(words) == 2
    error = capsys.readouterr().err
    assert reported in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("kind", ["cell", "material", "claim"])
def test_schemas_are_json_schemas(kind, capsys):
    assert cli.main(["schema", kind, "--json"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["type"] == "object"
    assert schema["properties"]


def test_a_figure_is_judged_by_its_panel_and_takes_runs_that_figures_kept(
    capsys, tmp_path, monkeypatch
):
    """Fig. 10c by Q-113: a second call finds the run in the folder of `lithomech figures`."""
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "results" / "figures"
    kept.mkdir(parents=True)
    (kept / "panels.json").write_text("{}", encoding="utf-8")
    assert cli.main(["validate", "F-040", "--json"]) == 0
    assert list((kept / "runs").glob("*.json"))
    monkeypatch.setattr("lithomech.validation.runs.run", None)  # another run would fail
    assert cli.main(["validate", "F-040", "--json"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == second
    assert [claim["status"] for claim in first["claims"]] == ["reproduced"]
    assert {path.name for path in kept.iterdir()} == {"panels.json", "runs"}


def test_a_figure_that_nothing_judges_is_drawn_without_a_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lithomech.validation.runs.run", None)
    assert cli.main(["validate", "F-004", "F-017"]) == 0
    reported = capsys.readouterr().out
    assert reported.count("drawn by `lithomech figures") == 2
    assert not list(tmp_path.iterdir())
