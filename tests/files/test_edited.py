import pytest

from lithomech.errors import InputError
from lithomech.files.edited import with_value
from lithomech.files.yamlfile import read_document

TEXT = """\
# a cell of 20 µm
name: µ and ü      # kept
fixture: {type: spring, pressure: 20 MPa}   # the spring
cathode:
  type: composite
  active:
    - {material: ncm88, weight: 70 %,
       coating: {material: linbo3}}
  electrolyte: {material: li6ps5cl, weight: 30 %}

  # behind
anode:
  type: planar
  thickness: 100 um
"""


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("fixture.pressure", "5 MPa", "5 MPa"),
        ("fixture.stiffness", "0.4 MPa/um", "0.4 MPa/um"),
        ("cathode.active[0].weight", "80 %", "80 %"),
        ("cathode.active[0].coating.thickness", "10 nm", "10 nm"),
        ("cathode.electrolyte.weight", "rest", "rest"),
        ("cathode.transport", "{type: percolation}", {"type": "percolation"}),
        ("anode", "{type: planar, material: li}", {"type": "planar", "material": "li"}),
        ("output.traces", "none", "none"),
        ("temperature", "25 degC", "25 degC"),
        ("fixture", "{}", {}),
    ],
)
def test_only_the_value_changes(key, value, read):
    changed = with_value(TEXT, key, value)
    expected = read_document(TEXT).data
    place, names = expected, key.replace("[0]", ".0").split(".")
    for name in names[:-1]:
        place = place[int(name)] if name == "0" else place.setdefault(name, {})
    place[names[-1]] = read
    assert read_document(changed).data == expected
    assert [line.partition("#")[2] for line in changed.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in TEXT.splitlines() if "#" in line
    ]


def test_an_empty_value_gets_one():
    assert read_document(with_value("a:\nb: 1\n", "a", "2")).data == {"a": 2, "b": 1}


def test_the_same_value_leaves_the_text_as_it_is():
    assert with_value(TEXT, "fixture.pressure", "20 MPa") == TEXT


@pytest.mark.parametrize(
    ("key", "value"),
    [("name.first", "x"), ("cathode.active[3].weight", "1 %"), ("", "1"), ("a", "1\nb: 2")],
)
def test_what_cannot_be_set_is_an_input_error(key, value):
    with pytest.raises(InputError, match="cannot be set"):
        with_value(TEXT, key, value)


@pytest.mark.parametrize("value", ["{a", "[", "&x 1", "!!python/object 1", "'"])
def test_a_value_that_breaks_the_text_is_an_input_error(value):
    with pytest.raises(InputError):
        with_value(TEXT, "name", value)
