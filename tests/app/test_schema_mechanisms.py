"""`lithomech schema mechanisms`: what they declare, and whether one of a user compiles."""

import json

import pytest

from lithomech.app import cli
from lithomech.cell.mechanisms.registry import MODULES
from support import own_mechanism

PAGE = own_mechanism.source()
STEP = "    grown = (old.grown + growth) / (1.0 + growth / p.limit)\n"
REFUSED = [
    (STEP, "    grown = old.grown + np.sin(growth)\n", "np.sin(dual) is not allowed: grown ="),
    (STEP, STEP + "    if old.grown > 0.1:\n        grown = grown * 0.5\n", "use np.where"),
    (STEP, "    grown = old.grown + 0.0 * p.rat\n", "have no 'rat'"),
    (STEP, "    grown = old.grown + 0.0 * drive.xm\n", "Before has no 'xm'"),
    (STEP, "    grown = max(old.grown, growth)\n", "max(float, dual) is not allowed"),
    (STEP, "    grown = old.grown\n", "'grown' returns without derivatives"),
    ("effect(misfit=grown)", "effect(swelling=grown)", "'swelling'; allowed: misfit, opening"),
    ("States(grown), effect(misfit=grown)", "States(grown)", "must return States(...) and an"),
]
BROKEN = [
    ("    return States(grown)", "    return States(grown", "was never closed"),
    ("@kernel\n", "", "advance is not compiled; put @kernel before it"),
    ("NAME, SITE, PASS", "NOUN, SITE, PASS", "lacks NAME"),
    ('"ageing", SiteKind', '"contact", SiteKind', "needs a name of its own"),
    ("import kernel\n", "import kernels\n", "cannot import"),
    (
        "rate: Annotated[float, ",
        "rate: float\n    rest: Annotated[float, ",
        "must be Annotated",
    ),
]


def check(tmp_path, capsys, text, *more):
    path = tmp_path / "swollen.py"
    path.write_text("import numpy as np\n" + text, encoding="utf-8")
    code = cli.main(["schema", "mechanisms", "--check", str(path), *more])
    return code, *capsys.readouterr()


def test_the_table_names_everything(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    assert cli.main(["schema", "mechanisms"]) == 0
    shown = capsys.readouterr().out
    for module in MODULES:
        assert f"\n{module.NAME}  at a {module.SITE.value}" in f"\n{shown}"
    for words in (
        "damage",
        "oxidation.limit",
        "curve",
        "tolerance 200",
        "keeps contact at zero",
    ):
        assert words in shown


def test_json_holds_one_object(capsys):
    assert cli.main(["schema", "mechanisms", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)["mechanisms"]
    assert len(found) == len(MODULES)
    (voids,) = (m for m in found if m["name"] == "lithium_voids")
    assert (voids["site"], voids["pass"]) == ("foil", "before")
    assert voids["states"][0] == {
        "name": "open", "unit": "m", "meaning": "void that refills", "tolerance": 1e-4,
        "initial": 0.0, "width": 8,
    }  # fmt: skip
    (contact,) = (m for m in found if m["name"] == "contact")
    assert {p["name"]: p["unit"] for p in contact["parameters"]}["adhesion"] == "Pa"
    assert {"name", "value", "why"} == set(contact["assumed"][0])


def test_the_mechanism_of_the_page_compiles(tmp_path, capsys):
    code, out, err = check(tmp_path, capsys, PAGE)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"advance on {numbers}: compiles" for numbers in ("floats", "duals", "duals of lanes")
    ]


@pytest.mark.deep
@pytest.mark.parametrize("name", [m.__name__ for m in MODULES if m.NAME != "contact"])
def test_those_of_the_package_compile(name, capsys):
    assert cli.main(["schema", "mechanisms", "--check", name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compiles"]
    assert {t["function"] for t in found["trials"]} >= {"advance"}


@pytest.mark.parametrize(("old", "new", "hint"), REFUSED)
def test_what_is_not_allowed_is_named_with_its_line(old, new, hint, tmp_path, capsys):
    assert old in PAGE
    code, out, err = check(tmp_path, capsys, PAGE.replace(old, new))
    assert (code, err) == (2, "")
    assert any(hint in line for line in out.splitlines()), out
    assert "allowed: + - * /" in out.splitlines()[-1]


@pytest.mark.parametrize(("old", "new", "hint"), BROKEN)
def test_what_is_no_mechanism_is_one_line(old, new, hint, tmp_path, capsys):
    assert old in PAGE
    code, out, err = check(tmp_path, capsys, PAGE.replace(old, new))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert hint in err


def test_the_line_is_that_of_the_file(tmp_path, capsys):
    text = PAGE.replace(STEP, "    grown = old.grown + np.sin(growth)\n")
    line = 1 + ("import numpy as np\n" + text).splitlines().index(
        "    grown = old.grown + np.sin(growth)"
    )
    _, out, _ = check(tmp_path, capsys, text)
    assert f"swollen.py, line {line}: np.sin(dual of lanes)" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["mechanisms", "--check", "nowhere.py"],
        ["mechanisms", "--check", "no.such.module"],
        ["cell", "--check", "ageing.py"],
        ["moon"],
    ],
)
def test_wrong_arguments_are_one_line(arguments, capsys):
    assert cli.main(["schema", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
