"""Hints for keys that are not known: slips are recognised, other words list what is allowed."""

import pytest

from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
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


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"Positive electrode": 3}, "Positive electrode: unknown key; allowed: cathode"),
        ({"cathode": {"type": "composite", "Wet thickness": 3}}, "cathode.Wet thickness: unk"),
        ({"materials": {"my metal": 3}}, "materials.my metal: 3 is not a set of keys"),
    ],
)
def test_a_key_of_several_words_is_a_key(data, message):
    with pytest.raises(InputError, match=message):
        load_cell(data)
