import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

import lithomech
from lithomech.app import cli
from lithomech.materials.load import known, load_material
from lithomech.materials.ranking import AXES, OF_CLASS, of_class, requirements, with_class

ROOT = Path(lithomech.__file__).parents[2]
DATA = Path(lithomech.__file__).parent / "materials" / "data"
METHOD = re.compile(r"method: *'?([a-z]+)")


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def asked(capsys, *words):
    """The JSON object that a command prints, which must be all that it prints."""
    assert cli.main(["materials", *words, "--json"]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    return json.loads(streams.out)


def shown(capsys, *words):
    """What a command prints, with every run of blanks as one."""
    assert cli.main(["materials", *words]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    return " ".join(streams.out.split())


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (["show", "li6ps5c"], "did you mean li6ps5cl"),
        (["show"], "NAME"),
        (["compare", "llzo", "ncm81"], "did you mean ncm811"),
        (["compare", "llzo", "--potential", "4.3"], "V"),
        (["compare", "llzo", "--potential", "4 GPa"], "V"),
        (["compare", "llzo", "--electrode", "lizo"], "lizo"),
        (["compare", "llzo", "--electrode", "li6ps5cl"], "no open-circuit potential"),
        (["compare", "p2s5"], "role phase"),
        (["weigh"], "weigh"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(capsys, tmp_path, words, reported):
    assert cli.main(["materials", *words]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    assert reported in streams.err
    assert not list(tmp_path.iterdir())


def test_without_a_command_there_is_help(capsys):
    assert "compare" in shown(capsys)


def test_the_list_has_every_file(capsys):
    listed = asked(capsys, "list")["materials"]
    files = {path.stem: path for path in DATA.glob("*/*.yaml")}
    assert {m["name"] for m in listed} == set(files)
    for m in listed:
        assert set(m) >= {"role", "family", "aliases", "formula", "values", "lacking"}
    text = shown(capsys, "list")
    for words in ("electrolyte sulfide", "active spinel", "li6ps5cl Li6PS5Cl,"):
        assert words in text


def test_values_of_the_list_are_all_those_of_the_file(capsys):
    for m in asked(capsys, "list")["materials"]:
        (path,) = DATA.glob(f"*/{m['name']}.yaml")
        # every value, and every activation energy of another source, says its method
        assert sum(m["values"].values()) == len(METHOD.findall(path.read_text("utf-8"))), path


def test_the_audit_counts_what_the_files_say(capsys):
    audit = asked(capsys, "audit")
    stated = Counter(
        method
        for path in DATA.glob("*/*.yaml")
        for method in METHOD.findall(path.read_text("utf-8"))
    )
    for kind in ("assumed", "calibrated"):
        assert audit["counts"][kind] == stated[kind]
        assert sum(e["kind"] == kind for e in audit["entries"]) == stated[kind]
    assert sum(audit["counts"].values()) == len(audit["entries"])
    text = shown(capsys, "audit")
    assert text.endswith(" ".join(f"{kind} {count}" for kind, count in audit["counts"].items()))


def test_the_audit_names_what_is_borrowed(capsys):
    found = [e for e in asked(capsys, "audit")["entries"] if e["material"] == "li3incl6"]
    lent = {e["property"] for e in found if e["kind"] == "borrowed"}
    assert "youngs_modulus" in lent
    assert "ionic_conductivity" not in lent  # its own
    assert {e["owner"] for e in found if e["kind"] == "borrowed"} == {"li3ycl6"}


def test_show_tells_value_source_and_the_reason_for_it(capsys):
    text = shown(capsys, "show", "LLZO")
    assert "Young's modulus 149.8 GPa" in text
    assert "beside it 175.1 GPa" in text
    assert "preferred: measured on a pellet" in text
    assert "Deng2016: Table 1 of Song2021" in text
    assert "unchecked" in text


def test_show_tells_a_misprint_with_its_erratum(capsys):
    text = shown(capsys, "show", "sulfide")
    assert "misprint: printed 12 GPa (E-05)" in text
    found = asked(capsys, "show", "sulfide")["properties"]["youngs_modulus"]
    assert_allclose(found["printed"], 12e9, rtol=1e-12)
    assert found["erratum"] == "E-05"


def test_show_tells_what_is_borrowed(capsys):
    assert "borrowed from li3ycl6" in shown(capsys, "show", "li3incl6")
    assert (
        asked(capsys, "show", "li3incl6")["properties"]["youngs_modulus"]["owner"] == "li3ycl6"
    )


@pytest.mark.deep
def test_every_material_can_be_shown(capsys):
    for name in known():
        assert asked(capsys, "show", name)["name"] == name
        assert name in shown(capsys, "show", name)


@pytest.mark.deep
def test_show_draws_the_tables(capsys, tmp_path):
    assert "page: out/report.html" in shown(capsys, "show", "ncm811", "--out", "out")
    names = {
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.*")
    }
    assert names == {"report.html", "figures/curves.png"}
    assert cli.main(["materials", "show", "llzo", "--out", "out"]) == 0
    assert not (tmp_path / "out" / "figures" / "curves.png").exists()  # llzo has no tables


def test_the_overview_is_one_page_without_foreign_parts(capsys, tmp_path):
    shown(capsys, "list", "--out", "out")
    page = (tmp_path / "out" / "overview.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 7
    assert len(list((tmp_path / "out" / "figures").glob("*.png"))) == 7
    assert not re.findall(r'(?:src|href)="[^#]', page)
    for axis in AXES:
        assert axis.rule.replace("'", "&#x27;") in page


def test_compare_says_which_and_why(capsys, tmp_path):
    text = shown(
        capsys, "compare", "li6ps5cl", "li3ycl6", "llzo",
        "--potential", "3.5 V", "--electrode", "ncm811",
    )  # fmt: skip
    # section 2.1 of Song2021: sulfides up to about 2.5 V, chlorides up to about 4.3 V
    assert re.search(r"li6ps5cl(, as its class,)? is oxidised at 3.5 V, above its 2", text)
    assert re.search(r"li3ycl6(, as its class,)? is (stable|not oxidised) at 3.5 V", text)
    assert re.search(r"li6ps5cl(, as its class,)? is oxidised at 4.48 V", text)  # ncm811
    assert "Best in ionic conductivity: li6ps5cl (li6ps5cl 1.9 mS/cm" in text
    # Monroe and Newman: twice 7.82 GPa/(2 (1 + 0.381)) = 5.66 GPa
    assert "llzo meets the dendrite criterion: G = 59.6 GPa against 5.66 GPa" in text
    # coverage 370/(3 * 280) and 370/(3 * 3760)
    assert "li6ps5cl covers 44 % of a particle" in text
    assert "llzo covers 3 % of a particle" in text
    folder = tmp_path / "results" / "compare-li6ps5cl-li3ycl6-llzo"
    assert {path.name for path in folder.iterdir()} == {"report.html", "figures"}
    assert {path.stem for path in (folder / "figures").iterdir()} == {
        "radar", "windows", "stiffness",
    }  # fmt: skip


def test_compare_gives_a_dash_for_what_is_missing(capsys):
    found = asked(capsys, "compare", "li3erbr6", "li6ps5cl")["electrolytes"]
    assert found["li3erbr6"]["lightness"]["value"] is None
    assert found["li3erbr6"]["lightness"]["score"] is None
    assert "lightness – 1.87 g/cm³" in shown(capsys, "compare", "li3erbr6", "li6ps5cl")


def test_compare_takes_hosts_and_metals(capsys, tmp_path):
    found = asked(capsys, "compare", "ncm811", "lto", "li")
    assert found["electrolytes"] == {}
    assert set(found["hosts"]) == {"ncm811", "lto", "li"}
    assert any(text.startswith("lto changes its volume least") for text in found["conclusions"])
    assert not list(tmp_path.iterdir())  # --json alone writes nothing
    shown(capsys, "compare", "ncm811", "lto", "--out", "out")
    assert {path.stem for path in (tmp_path / "out" / "figures").iterdir()} == {
        "potentials", "volume",
    }  # fmt: skip


@pytest.mark.parametrize("words", [["list"], ["show", "llzo"], ["compare", "llzo", "lgps"]])
def test_another_folder_is_refused(capsys, tmp_path, words):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work", encoding="utf-8")
    assert cli.main(["materials", *words, "--out", "out"]) == 2
    assert "something other than" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


@pytest.mark.deep
def test_an_error_while_writing_leaves_the_earlier_page(capsys, tmp_path, monkeypatch):
    shown(capsys, "compare", "llzo", "lgps", "--out", "out")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("lithomech.app.materials_page.save_png", full)
    assert cli.main(["materials", "compare", "llzo", "lto", "--out", "out"]) == 2
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before


def test_scores_are_0_and_1_at_the_anchors():
    for axis in AXES:
        assert axis.score(axis.poor) == 0.0
        assert axis.score(axis.good) == 1.0
        assert axis.score(None) is None
        middle = (
            (axis.poor * axis.good) ** 0.5
            if axis.logarithmic
            else (0.5 * (axis.poor + axis.good))
        )
        assert_allclose(axis.score(middle), 0.5, rtol=1e-12)
        beyond = axis.good * 2 if axis.good > axis.poor else axis.good / 2
        assert axis.score(beyond) == 1.0


def test_a_class_lends_only_what_its_materials_lack():
    sulfide, whole = load_material("sulfide"), load_material("li6ps5cl")
    few = {n: p for n, p in whole.properties.items() if n not in OF_CLASS}
    lent = with_class(replace(whole, properties=few), {"sulfide": sulfide})
    # section 2.1 of Song2021 for the class; 22.1 GPa of Table 1 stays
    assert requirements(lent)["oxidation stability"] == 2.5
    assert of_class(lent, "oxidation_limit")
    assert_allclose(requirements(lent)["deformability"], 22.1, rtol=1e-12)
    lgps = load_material("lgps")
    own_limit = lgps.value("oxidation_limit")
    kept = with_class(lgps, {"sulfide": sulfide})
    assert kept.value("oxidation_limit") == own_limit
    assert not of_class(kept, "oxidation_limit")
