"""Folders that nobody named: stems keep their dots, another input's results stay whole."""

import os
from pathlib import Path

import pytest

import lithomech
from lithomech.app import cli
from lithomech.app.default_folder import claimed, default_folder, record_inputs, stem_of
from lithomech.errors import InputError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(folder, *sources):
    folder.mkdir(parents=True)
    record_inputs(folder, folder, [Path(source) for source in sources])
    (folder / "result.nc").touch()


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("cell_0.1C.csv", "cell_0.1C"),
        ("cell_0.1C", "cell_0.1C"),
        ("x.bdf.csv", "x.bdf"),
        ("plain", "plain"),
        (".hidden", ".hidden"),
        ("-", "stdin"),
        ("aged/result.nc", "aged"),
        ("a|b:c.csv", "a_b_c"),
        ("dots...csv", "dots"),
    ],
)
def test_stem_keeps_all_but_the_suffix(name, stem):
    assert stem_of(Path(name)) == stem


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_stem_of_a_name_that_is_no_text():
    assert stem_of(Path(os.fsdecode(b"zelle_\xe9.csv"))) == "zelle__"


def test_same_input_same_folder_and_another_input_another(capsys):
    assert default_folder([Path("a/cell.yaml")]) == Path("results/cell")
    written(Path("results/cell"), "a/cell.yaml")
    assert default_folder([Path("a/cell.yaml")]) == Path("results/cell")
    assert default_folder([Path("a/../a/cell.yaml")]) == Path("results/cell")
    assert capsys.readouterr().err == ""
    assert default_folder([Path("b/cell.yaml")]) == Path("results/cell-2")
    assert capsys.readouterr().err == (
        "lithomech: results/cell holds something other than a result of b/cell.yaml; the "
        "folder is results/cell-2\n"
    )
    written(Path("results/cell-2"), "b/cell.yaml")
    assert default_folder([Path("c/cell.yaml")]) == Path("results/cell-3")
    assert default_folder([Path("a/cell.yaml"), Path("b/cell.yaml")]) == Path("results/cell-3")
    assert default_folder([Path("b/cell.yaml")]) == Path("results/cell-2")


def test_whatever_else_stands_there_stays():
    Path("results/notes").mkdir(parents=True)
    assert default_folder([Path("notes.yaml")]) == Path("results/notes")  # empty
    Path("results/notes/mine.txt").touch()
    assert default_folder([Path("notes.yaml")]) == Path("results/notes-2")
    Path("results/file").touch()
    assert default_folder([Path("file.yaml")]) == Path("results/file-2")
    assert default_folder([Path("-")]) == Path("results/stdin")
    written(Path("results/stdin"), "-")
    assert default_folder([Path("-")]) == Path("results/stdin")


def test_files_and_results_that_move_together_still_belong_together(tmp_path, monkeypatch):
    written(Path("one/results/cell"), "one/cells/cell.yaml")
    Path("one").rename("two")
    monkeypatch.chdir(tmp_path / "two")
    assert default_folder([Path("cells/cell.yaml")]) == Path("results/cell")
    assert Path("results/cell/input.txt").read_text() == "../../cells/cell.yaml\n"


def test_a_folder_is_claimed_before_the_work_and_left_if_the_input_is_wrong():
    folder = Path("results/cell")
    with pytest.raises(InputError), claimed(folder, [Path("cell.yaml")]):
        raise InputError("wrong")
    assert not folder.exists()
    with pytest.raises(KeyboardInterrupt), claimed(folder, [Path("cell.yaml")]):
        (folder / "piece").touch()
        raise KeyboardInterrupt
    assert default_folder([Path("cell.yaml")]) == folder
    with claimed(folder, [Path("other.yaml")]):  # by --out; not replaced yet
        assert default_folder([Path("cell.yaml")]) == folder


@pytest.mark.deep
def test_analyses_of_two_files_do_not_share_a_folder(capsys):
    measured = Path(lithomech.__file__).parent / "examples" / "measured" / "rate.csv"
    Path("other").mkdir()
    for name in ("cell_0.1C.csv", "cell_0.2C.csv", "other/cell_0.1C.csv"):
        Path(name).write_bytes(measured.read_bytes())
    for name in ("cell_0.1C.csv", "cell_0.2C.csv"):
        assert cli.main(["analyse", "rate", name]) == 0
    assert {p.name for p in Path("results").iterdir()} == {
        "cell_0.1C-rate",
        "cell_0.2C-rate",
    }
    again = ["analyse", "rate", "other/cell_0.1C.csv"]
    capsys.readouterr()
    assert cli.main(again) == 0
    assert "the folder is results/cell_0.1C-rate-2" in capsys.readouterr().err
    assert cli.main([*again, "--out", "results/cell_0.1C-rate"]) == 0  # by hand: overwritten
    record = Path("results/cell_0.1C-rate/input.txt")
    assert record.read_text() == "../../other/cell_0.1C.csv\n"
