"""Hints for keys that are not known: slips are recognised, other words list what is allowed."""

import pytest

from lithomech.files.mistakes import nearest

CATHODE = ["porosity", "loading", "mass", "thickness", "transport", "collector", "type"]
FIXTURE = ["type", "pressure", "stiffness", "frame"]


@pytest.mark.parametrize(
    ("slip", "meant", "known"),
    [
        ("colector", "collector", CATHODE),
        ("thicknes", "thickness", CATHODE),
        ("tickness", "thickness", CATHODE),
        ("loding", "loading", CATHODE),
        ("porostiy", "porosity", CATHODE),
        ("presure", "pressure", FIXTURE),
        ("stifness", "stiffness", FIXTURE),
    ],
)
def test_a_slip_has_the_hint_that_was_meant(slip, meant, known):
    assert nearest(slip, known) == f"did you mean {meant}?"


@pytest.mark.parametrize("word", ["colour", "paint", "size", "weight"])
def test_another_word_has_the_list_of_keys(word):
    assert nearest(word, CATHODE) == f"allowed: {', '.join(CATHODE)}"
