"""The whole register, judged once, and all that shares its particles and composites.

These tests stand in one file, so that one worker runs them and computes each run once.
"""

import re
from pathlib import Path

import pytest

from lithomech.app import cli
from lithomech.validation import judge as judging
from lithomech.validation.judge import STATUSES
from lithomech.validation.library import Library
from lithomech.validation.markdown import counts, render
from lithomech.validation.predictions.particles import CASES
from lithomech.validation.register import load_register
from lithomech.validation.scoreboard import scoreboard
from support.example_runs import SHARED, crack_or_not, draw_figure
from support.shared_runs import shared_runs

pytestmark = pytest.mark.deep  # particles and composites of the whole register: minutes
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "validation.md"
SETTLED = ("data", "reproduced", "contradicted", "erratum")


@pytest.fixture(scope="module")
def verdicts():
    with shared_runs():
        return scoreboard()


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
        check, library = claims[verdict.id].check, Library()
        if check.by != "prediction" or verdict.status not in {"reproduced", "contradicted"}:
            continue
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


@pytest.mark.usefixtures("verdicts")
def test_the_scoreboard_writes_its_pages(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["validate", "--out", "score"]) == 0
    assert "279" in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "score").rglob("*") if path.is_file()}
    assert written == {"report.html", "validation.md", "score.png", "parity.png", "errors.png"}
    page = (tmp_path / "score" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert 'id="QL-028"' in page
    assert cli.main(["validate", "--out", "score"]) == 0  # its own folder may be written anew


@pytest.mark.parametrize("name", SHARED)
def test_scripts_draw_what_the_register_has_run(name, monkeypatch, tmp_path, capsys):
    """With fewer pieces of each composite than the script asks for."""
    monkeypatch.chdir(tmp_path)
    with shared_runs():
        draw_figure(ROOT / "examples" / f"{name}.py", capsys)


@pytest.mark.parametrize("case", ["random", "textured", "single crystal"])
def test_small_particles_crack_or_not(case):
    """As small as the register has them."""
    with shared_runs():
        crack_or_not(*CASES[case])


def rows(page):
    lines = re.findall(r"^\| (\w+-\d+) \|.*\| (\w+) \|", page, re.MULTILINE)
    return dict(lines)
