"""`lithomech cite`: what a paper must cite that uses a result, or would use a cell."""

import re

from lithomech.app import cli, references
from lithomech.cell.resolve.build import resolve
from lithomech.cell.spec import load_cell
from support.synthetic_result import synthetic_result


class FakePackage:
    def joinpath(self, name):
        assert name == "refs.bib"
        return self

    def read_text(self, encoding):
        assert encoding == "utf-8"
        return "% head\n@book{other,\n}\n\n@article{xu2017,\n  title = {Moduli},\n}\n"


def keys_in(capsys):
    return re.findall(r"^@\w+\{(\w+),", capsys.readouterr().out, re.MULTILINE)


def test_a_result_lists_each_source_once_after_the_package(capsys, monkeypatch, tmp_path):
    """The synthetic result has a value of xu2017 and one that nobody published."""
    monkeypatch.setattr(references, "files", lambda _: FakePackage())
    monkeypatch.setattr("lithomech.cell.readout.load.load_result", lambda _: synthetic_result())
    assert cli.main(["cite", str(tmp_path)]) == 0  # the folder of a result
    assert keys_in(capsys) == ["lithomech", "xu2017"]
    assert cli.main(["cite", "result.nc"]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("@article{xu2017,\n  title = {Moduli},\n}\n")
    assert shown.index("% Song2021: not in the bibliography") < shown.index("xu2017")


def test_a_source_without_an_entry_is_reported(monkeypatch):
    monkeypatch.setattr(references, "files", lambda _: FakePackage())
    shown = references.bibtex(["user"])
    assert shown.endswith("% user: not in the bibliography of lithomech")


def test_a_cell_lists_what_a_run_would_use(capsys):
    """Hosts, electrolyte and foil of the example, and the reviewed measurements of it."""
    assert cli.main(["cite", "ncm88_lpscl_liin"]) == 0
    keys = keys_in(capsys)
    assert keys[:2] == ["lithomech", "Song2021"]
    assert len(keys) == len(set(keys))
    # conductivity at other temperatures, volume change, potential of Li-In: see materials/data
    assert {"Singh2022", "Koerver2018", "Santhosha2019"} < set(keys)
    assert not references.STAND_INS & set(keys)


def test_the_table_of_measured_transport_is_a_source():
    """Its remarks name Song2021."""
    enclosed = resolve(load_cell("ncm88_lpscl_liin")).cell.enclosed
    assert references._tables(enclosed) == {"Song2021"}


def test_what_is_neither_is_refused(capsys):
    assert cli.main(["cite", "lithium_window"]) == 2  # a study
    assert "is a file for another command: `lithomech study`" in capsys.readouterr().err
