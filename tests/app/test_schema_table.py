"""The table of keys: units as a person writes them, defaults in these, a meaning for each."""

import pytest

from lithomech.app.schema_table import rows
from lithomech.app.schemas import SCHEMAS

CELL = {row.key: row for row in rows(SCHEMAS["cell"]())}


@pytest.mark.parametrize("kind", ["cell", "structure", "particle", "mapping", "case"])
def test_every_key_has_a_meaning(kind):
    table = rows(SCHEMAS[kind]())
    assert table
    assert [row.key for row in table if not row.meaning] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_kind_has_a_table(kind):
    assert len(rows(SCHEMAS[kind]())) > 5


def test_units_and_defaults_are_those_of_a_file():
    assert CELL["geometry.diameter"][1:3] == ("um", "13 mm")
    assert CELL["fabrication.pressure"][1:3] == ("MPa", "370 MPa")
    assert CELL["temperature"][1:3] == ("degC", "25 degC")
    assert CELL["separator.porosity"][1:3] == ("%", "15 %")
    assert CELL["cathode.transport.exponent"][1:3] == ("number", "1.5")
    assert CELL["cathode.active[0].weight"].default == "required"
    assert CELL["reference"][1:3] == ("li | cell", "li")


def test_a_part_that_stood_before_is_not_repeated():
    repeated = CELL["anode (type: composite).*"]
    assert repeated.meaning == "the same keys as cathode (type: composite)"
    assert not any(key.startswith("anode.") for key in CELL)
