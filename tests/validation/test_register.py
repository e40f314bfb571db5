"""The files of the register: mistakes are one line, and nothing of the review is missing."""

import re
from collections import Counter
from importlib.resources import files

import pytest

from lithomech.errors import InputError
from lithomech.validation.library import all_values
from lithomech.validation.register import load_register
from lithomech.validation.spec import KINDS

# Numbers of statements in the list of the review, by the letters of the id.
STATEMENTS = {"Q": 134, "T1": 25, "T2": 17, "T3": 9, "M": 21, "F": 45, "QL": 28}
GOOD = """\
source: Song2021
claims:
  Q-001:
    statement: one
    kind: value
    place: section 1
    published: {density: {value: 1.0, unit: g/cm^3}}
    check: {by: stored}
"""
ERRATA = "source: Song2021\nerrata: {}\n"


def test_all_279_statements_are_there():
    found = Counter(name.partition("-")[0] for name in load_register().claims)
    assert found == STATEMENTS
    for letters, count in STATEMENTS.items():
        width = 3
        ids = {f"{letters}-{n:0{width}d}" for n in range(1, count + 1)}
        assert ids <= load_register().claims.keys()


def test_all_errata_are_there():
    errata = load_register().errata
    assert {f"E-{n:02d}" for n in range(1, 27)} <= errata.keys()
    certain = {name for name, erratum in errata.items() if erratum.certainty == "C"}
    assert certain >= {"E-01", "E-02", "E-03", "E-04", "E-05", "E-06", "E-12", "E-16", "E-19"}


def test_values_carry_ids_of_claims_that_exist_and_errata_that_are_listed():
    known = load_register()
    for value in all_values():
        assert set(value.found.source.claims) <= known.claims.keys(), value
        assert not value.found.erratum or value.found.erratum in known.errata, value


def test_references_of_claims_are_in_the_bibliography():
    text = (files("lithomech") / "refs.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE))
    assert not {ref for c in load_register().claims.values() for ref in c.cites} - keys


def test_no_statement_stands_twice():
    statements = [claim.statement for claim in load_register().claims.values()]
    assert len(set(statements)) == len(statements)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "kind: value",
            "kind: trend",
            3,
            "claims.Q-001: the kind 'trend' does not fit this id",
        ),
        ("kind: value", "knd: value", 3, "claims.Q-001.kind: is missing"),
        ("by: stored", "by: hearsay", 8, "claims.Q-001.check"),
        ("value: 1.0, ", "low: 2.0, high: 1.0, ", 7, "claims.Q-001.published.density: low = 2"),
        ("value: 1.0, ", "", 7, "claims.Q-001.published.density: give value, or low and high"),
        ("place", "errata: [E-99]\n    place", 3, "claims.Q-001: no erratum E-99"),
    ],
)
def test_a_mistake_is_one_line_with_file_and_line(tmp_path, old, new, line, message):
    (tmp_path / "claims").mkdir()
    (tmp_path / "errata.yaml").write_text(ERRATA, encoding="utf-8")
    path = tmp_path / "claims" / "a.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_register(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")
    assert "\n" not in str(caught.value)


def test_an_id_stands_once(tmp_path):
    (tmp_path / "claims").mkdir()
    (tmp_path / "errata.yaml").write_text(ERRATA, encoding="utf-8")
    for name in ("a", "b"):
        (tmp_path / "claims" / f"{name}.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match="this id stands in an earlier file too"):
        load_register(tmp_path)


def test_what_stays_open_has_its_reason():
    for claim in load_register().claims.values():
        if claim.check.by in {"pending", "cannot"}:
            assert len(claim.check.reason) > 40


def test_kinds_are_reported_by_the_letters():
    assert KINDS.keys() == STATEMENTS.keys()
