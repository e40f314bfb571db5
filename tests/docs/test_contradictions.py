"""The page of contradictions: what it names exists, its numbers are those of the register."""

import re
from pathlib import Path

import pytest

from lithomech.validation.figures.catalogue import selected
from lithomech.validation.register import load_register

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "contradictions.md").read_text(encoding="utf-8")
ROWS = dict(
    re.findall(
        r"^\| ((?:Q|QL|T\d|F|M)-\d+) (\|.*)$",
        (DOCS / "validation.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
PARTS = ("Printed", "Ours", "Probably wrong", "Would decide")
# As the page writes them, of claims whose row has them too: a changed model changes both.
NUMBERS = {
    "T2-007": ("-0.97",),
    "T2-008": ("-2.46",),
    "T2-009": ("-4.86",),
    "Q-054": ("5.66", "-33 %"),
    "Q-083": ("1.42",),
    "Q-117": ("+43 kPa", "+25 kPa", "+128", "-100 kPa"),
    "QL-021": ("44:56",),
    "QL-013": ("1.15 %", "0.84"),
    "QL-011": ("3.58 V",),
    "QL-015": ("0.69", "0.66", "0.90", "0.49", "0.53", "0.71"),
    "Q-112": ("cycle 83",),
}


def test_twelve_sections_with_four_parts_each():
    assert [int(section.split(".")[0]) for section in SECTIONS] == list(range(1, 13))
    for section in SECTIONS:
        assert re.findall(r"^- ([A-Z][a-z ]+):", section, re.MULTILINE) == list(PARTS)


def test_claims_panels_and_errata_exist():
    register = load_register()
    for command, names in re.findall(r"`(validate|figures) ([^`]+)`", PAGE):
        if command == "figures":
            assert selected(names.split())
        else:
            assert set(names.split()) <= register.claims.keys()
    assert set(re.findall(r"\bE-\d+", PAGE)) <= register.errata.keys()


@pytest.mark.parametrize("claim", NUMBERS)
def test_numbers_are_those_of_the_scoreboard(claim):
    for number in NUMBERS[claim]:
        assert number in ROWS[claim], "the model has another number now: look at the page again"
        assert number in PAGE
