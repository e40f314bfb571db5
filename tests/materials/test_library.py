"""What must hold for every file of the library, whatever is added to it."""

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from lithomech.materials.catalogue import RULES
from lithomech.materials.load import known, load_material
from lithomech.materials.rules import STOICHIOMETRY
from lithomech.materials.schema import MaterialFile

DATA = Path(str(files("lithomech"))) / "materials" / "data"
NAMES = known()


def values(name):
    """Every value that stands in the material's own file, with its property."""
    for key, first in load_material(name).properties.items():
        if first.owner == name:
            yield from ((key, value) for value in (first, *first.others))


@pytest.mark.parametrize("name", NAMES)
def test_units_fit_and_values_with_their_ranges_are_inside_physical_bounds(name):
    for key, value in values(name):
        rule = RULES[key]
        assert value.unit == rule.unit, key
        numbers = [value.value] if value.curve is None else value.curve.y
        assert all(rule.low <= n <= rule.high for n in [*numbers, *(value.span or ())]), key
        assert load_material(name).role in rule.roles, key


@pytest.mark.parametrize("name", NAMES)
def test_curves_cover_the_stated_range(name):
    material = load_material(name)
    for key, value in values(name):
        if value.curve is None or RULES[key].axis != STOICHIOMETRY:
            continue
        assert 0.0 <= value.curve.low < value.curve.high <= 1.0, key
        assert np.all(np.diff(value.curve.x) > 0.0), key
        if material.has("stoichiometry_min"):
            assert value.curve.low <= material.value("stoichiometry_min") + 1e-9, key
        if material.has("as_made_stoichiometry"):
            assert value.curve.high >= material.value("as_made_stoichiometry") - 1e-9, key


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_saw_is_not_checked(name):
    """Digests, memory and assumptions are never `checked`."""
    for key, value in values(name):
        if value.source.checked:
            words = f"{value.source.where} {value.source.note}".casefold()
            assert value.source.method != "assumed", key
            assert value.source.ref != "Assumed", key
            assert not re.search(r"digest|recalled|not verified|unverified", words), key


@pytest.mark.parametrize("name", NAMES)
def test_what_the_review_prints_was_read_in_it(name):
    for key, value in values(name):
        if value.source.claims and value.source.method != "derived":
            assert value.source.checked, key


def test_every_table_is_used_once_or_more():
    texts = [path.read_text(encoding="utf-8") for path in DATA.glob("*/*.yaml")]
    named = {name for text in texts for name in re.findall(r"[\w.-]+\.csv", text)}
    transport = {"song2021_ncm88_li6ps5cl.csv"}
    assert {path.name for path in (DATA / "tables").glob("*.csv")} == named | transport


def test_every_file_says_what_it_is():
    for path in DATA.glob("*/*.yaml"):
        material = load_material(path.stem)
        assert material.formula, path.name
        assert material.role == path.parent.name or path.parent.name in {"cathode", "anode"}


def test_the_schema_describes_every_form_of_a_value():
    schema = MaterialFile.model_json_schema()
    assert {"Constant", "Arrhenius", "Table", "Source", "Printed"} <= schema["$defs"].keys()
