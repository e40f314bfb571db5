"""Formulas balance their charges; those of the review that do not are misprints."""

import re

import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import known, load_material

# Usual oxidation states. Transition metals of hosts balance whatever is left.
STATES = {
    "Li": 1, "Na": 1, "Al": 3, "Si": 4, "P": 5, "S": -2, "Cl": -1, "Br": -1, "I": -1, "O": -2,
    "Ti": 4, "Ge": 4, "Y": 3, "In": 3, "Sc": 3, "Er": 3, "Zr": 4, "La": 3, "Ta": 5, "Ca": 2,
}  # fmt: skip
PLAIN = re.compile(r"(?:[A-Z][a-z]?[0-9.]*)+")


def charge(formula):
    parts = re.findall(r"([A-Z][a-z]?)([0-9.]*)", formula)
    return sum(STATES[element] * float(number or 1) for element, number in parts)


def plain(formula):
    """Write out groups such as (PO4)3; None for mixtures and open compositions."""
    text = re.sub(r"\(PO4\)3", "P3O12", formula)
    known_elements = {
        e for e, _ in re.findall(r"([A-Z][a-z]?)([0-9.]*)", text)
    } <= STATES.keys()
    return text if PLAIN.fullmatch(text) and known_elements else None


FORMULAS = {
    name: plain(load_material(name).formula)
    for name in known()
    if load_material(name).role == "electrolyte" and plain(load_material(name).formula)
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_charges_of_an_electrolyte_add_up_to_nothing(name):
    assert_allclose(charge(FORMULAS[name]), 0.0, atol=0.005)


def test_most_formulas_are_looked_at():
    assert len(FORMULAS) >= 20


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("Li9.54Si1.74P1.44S11.7Cl0.8", "Li9.54Si1.74P1.44S11.7Cl0.3"),  # E-27
        ("Li3YBrCl6", "Li3YBr3Cl3"),  # of a digest
    ],
)
def test_misprints_are_seen(printed, right):
    assert abs(charge(printed)) > 0.4
    assert_allclose(charge(right), 0.0, atol=0.005)
