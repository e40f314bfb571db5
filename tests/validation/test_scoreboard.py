"""The whole register, judged once: what the issue of a scoreboard is there for."""

import re
from pathlib import Path

import pytest

from lithomech.validation import judge as judging
from lithomech.validation.judge import STATUSES, judge
from lithomech.validation.library import Library
from lithomech.validation.markdown import counts, render
from lithomech.validation.register import load_register

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
SETTLED = ("data", "reproduced", "contradicted", "erratum")


@pytest.fixture(scope="module")
def verdicts():
    return judge()


def test_no_status_is_unknown(verdicts):
    assert {v.status for v in verdicts} <= set(STATUSES)
    assert not {v.id: v.detail for v in verdicts if v.status == "unknown"}


def test_more_than_half_of_the_review_is_settled(verdicts):
    found = counts(verdicts)
    assert sum(found.values()) == 279
    assert sum(found.get(status, 0) for status in SETTLED) >= 150


def test_nothing_is_reproduced_from_itself(verdicts):
    """Each prediction is asked again: no number that it reads carries the id of its claim."""
    claims = load_register().claims
    for verdict in verdicts:
        if verdict.status not in {"reproduced", "contradicted"}:
            continue
        check, library = claims[verdict.id].check, Library()
        judging._function(check.function)(library, judging._conditions(check))
        used = {claim for value in library.used for claim in value.found.source.claims}
        assert verdict.id not in used, verdict.id
        assert not verdict.circular


def test_errors_are_inside_or_outside_of_the_tolerance(verdicts):
    claims = load_register().claims
    for verdict in verdicts:
        check, size = claims[verdict.id].check, verdict.relative_error
        if check.by != "prediction" or size is None or verdict.circular:
            continue
        assert (abs(size) <= check.tolerance) == (verdict.status == "reproduced"), verdict.id


def test_certain_errata_are_shown_by_a_function(verdicts):
    shown = {v.id for v in verdicts if v.status == "erratum"}
    claims = load_register().claims
    assert all(claims[name].errata for name in shown)
    assert all(v.detail for v in verdicts if v.status == "erratum")


def test_the_page_is_current(verdicts):
    """Ids and statuses; digits may differ from machine to machine where cells are run.

    A dense packing is chaotic: a few pieces scatter from machine to machine, so rows of Table 3
    near their tolerance may stand on either side of it.
    """
    written = rows(PAGE.read_text(encoding="utf-8"))
    judged = rows(render(verdicts, load_register()))
    assert written.keys() == judged.keys()
    differs = {name for name in judged if judged[name] != written[name]}
    assert not {name for name in differs if name[:3] != "T3-"}, (
        "run `python docs/validation.py`"
    )


def rows(page):
    lines = re.findall(r"^\| (\w+-\d+) \|.*\| (\w+) \|", page, re.MULTILINE)
    return dict(lines)
