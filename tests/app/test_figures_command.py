"""`lithomech figures` through the command line."""

import json

import pytest

from lithomech.app import cli
from lithomech.cell.spec import load_cell
from lithomech.validation.figures import catalogue
from lithomech.validation.runs import Runs


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_an_id_panels_are_listed_and_nothing_is_written(here, capsys):
    assert cli.main(["figures", "--json"]) == 0
    panels = json.loads(capsys.readouterr().out)["panels"]
    assert len(panels) == 48
    assert {panel["status"] for panel in panels} <= {"not drawn yet", "pending", "cannot"}
    assert all(panel["reason"] for panel in panels)
    assert not list(here.iterdir())


@pytest.mark.deep
def test_a_panel_is_drawn_and_listed_and_a_second_call_takes_its_run(here, capsys, monkeypatch):
    assert cli.main(["figures", "F10c", "--figures", "svg,png"]) == 0
    monkeypatch.setattr("lithomech.validation.runs.run", None)  # another run would fail
    assert cli.main(["figures", "F2c", "F10c"]) == 0
    shown = capsys.readouterr().out
    assert "Q-113" in shown
    folder = here / "results" / "figures"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "F2c.png", "F10c.png", "F10c.svg", "panels.json", "runs",
    }  # fmt: skip
    assert cli.main(["figures", "--json"]) == 0
    panels = json.loads(capsys.readouterr().out)["panels"]
    status = {panel["id"]: panel["status"] for panel in panels}
    assert (status["F10c"], status["F2c"]) == ("reproduced", "drawn")
    assert status["F4a"] == "not drawn yet"


def test_all_of_them_make_one_page(here, capsys, monkeypatch):
    few = [panel for panel in catalogue.PANELS if panel.id in {"F2c", "T1"}]
    monkeypatch.setattr(catalogue, "selected", lambda _ids: few)
    assert cli.main(["figures", "--all"]) == 0
    page = (here / "results" / "figures" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    for words in ("Song et al. 2021, recomputed", "Fig. 2c", "Table 1", "E-02", "17.76 GPa"):
        assert words in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["F13"], "no figure, table or panel 'F13'"),
        (["--all", "F2"], "--all goes without IDs"),
        (["F2c", "--figures", "bmp"], "--figures: 'bmp' is not known"),
        (["F2c", "--out", "other"], "other: this folder holds something other than"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(words, message, here, capsys):
    (here / "other").mkdir()
    (here / "other" / "mine.txt").write_text("mine", encoding="utf-8")
    assert cli.main(["figures", *words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("index", ["[1, 2]", '{"F2c": 5, "T1": {}}', "{"])
def test_a_damaged_index_is_written_anew(index, here, capsys):
    (here / "panels.json").write_text(index, encoding="utf-8")
    assert cli.main(["figures", "--json", "--out", "."]) == 0
    panels = json.loads(capsys.readouterr().out)["panels"]
    assert all(panel["status"] != "drawn" for panel in panels)
    assert cli.main(["figures", "F2c", "--out", "."]) == 0
    kept = json.loads((here / "panels.json").read_text(encoding="utf-8"))
    assert kept["F2c"]["status"] == "drawn"


@pytest.mark.parametrize("record", ["[1, 2]", "{}", '{"seconds": null}', "3", "{"])
def test_a_damaged_record_of_a_run_is_none(record, here):
    runs, cell = Runs(here), load_cell("li_lpscl_li")
    path = here / f"{runs.key(cell)[:24]}.json"
    path.write_text(record, encoding="utf-8")
    assert not runs.has(cell)
    assert runs.seconds(cell) == 0.0


def test_several_wrong_ids_are_a_line_each(here, capsys):
    assert cli.main(["figures", "F13", "G2"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert not list(here.iterdir())
