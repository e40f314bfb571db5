import time

import pytest

from lithomech.errors import InputError
from lithomech.files.yamlfile import dump_yaml, join_key, read_document, split_key

CELL = """\
name: a cell
cathode:
  active:
    - {material: ncm88,
       weight: 70 %}
protocol:
  - repeat: 2
    steps:
      - Rest for 1 hour
      - Charge at 0.1C until 4.3 V
"""


def test_the_content_and_the_line_of_every_key():
    document = read_document(CELL, "cell.yaml")
    assert document.data["cathode"] == {"active": [{"material": "ncm88", "weight": "70 %"}]}
    assert document.data["protocol"][0]["repeat"] == 2
    assert document.line(("cathode", "active", 0, "weight")) == 5
    assert document.line(("protocol", 0, "steps", 1)) == 10


def test_a_missing_key_is_at_the_line_of_its_nearest_parent():
    document = read_document(CELL)
    assert document.line(("cathode", "mass")) == 2
    assert document.line(("fixture", "pressure")) == 1


def test_an_error_with_a_key_finds_its_line():
    document = read_document(CELL, "cell.yaml")
    error = document.locate(InputError("too slow", key="protocol[0].steps[1]"))
    assert str(error) == "cell.yaml:10: protocol[0].steps[1]: too slow"


def test_a_file_is_read_and_named(tmp_path):
    path = tmp_path / "cell.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: \xc2\xb5\r\nmass: 1 mg\r\n")
    document = read_document(path)
    assert document.data == {"name": "\u00b5", "mass": "1 mg"}
    assert document.name == str(path)
    assert document.line(("mass",)) == 2


def test_scalars_mean_what_they_look_like():
    data = read_document(
        "{a: 1, b: -0.5, c: 1.0e-14, d: true, e: , f: 1e-14 m2/s, g: 'NO'}"
    ).data
    assert data == {
        "a": 1,
        "b": -0.5,
        "c": 1e-14,
        "d": True,
        "e": None,
        "f": "1e-14 m2/s",
        "g": "NO",
    }


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (BOMB, 1, "aliases"),
        ("a: 1\nb: *a\n", 2, "aliases"),
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice, first on line 1"),
        ("a:\n  b: 1\n  b: 1\n", 3, "a.b: this key stands twice"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "tags"),
        ("a: !!binary aGk=\n", 1, "tags"),
        ("a: 1\n<<: {b: 2}\n", 2, "merge"),
        ("a: 1\nb: .nan\n", 2, "finite"),
        ("a: -.inf\n", 1, "finite"),
        ("a: 1.0e+999\n", 1, "finite"),
        ("a: 1\nb: 1e-14\n", 2, "b: YAML reads 1e-14 as text, not as a number: write 1.0e-14"),
        ("a: 1.5e5\n", 1, "write 1.5e[+]5"),
        ("a: [NO]\n", 1, r"a\[0\]: YAML reads NO as true or false"),
        ("NO: 1\n", 1, "YAML reads NO as true or false"),
        ("1: 2\n", 1, "the key '1' is no text"),
        ("? [a]\n: 1\n", 1, "a key must be a word"),
        ("a: 1:30\n", 1, "YAML reads 1:30 as a number"),
        ("a: 010\n", 1, "YAML reads 010 as a number"),
        ("a: 0x10\n", 1, "YAML reads 0x10 as a number"),
        (f"a: {'9' * 5000}\n", 1, "more than 40 characters"),
        ("a: 2021-01-01\n", 1, "quotes"),
        ("a: 1\nb: [1, 2\n", 2, r"not valid YAML: the \[ on this line is not closed"),
        ("a: 1\nb: {c: 1\nd: 2\n", 2, "not valid YAML: the { on this line is not closed"),
        ("a: 1\n\tb: 1\n", 2, "not valid YAML: a tab stands before the text"),
        ("a: @home\n", 1, "not valid YAML: no text begins with '@': put it in quotes"),
        ("a: 1\nporosity 15 %\nb: 2\n", 2, "'porosity 15 %' lacks the colon and space"),
        ("a: 1\n  b: 2\n", 2, "further right than those above it"),
        ("a: 1\nb: 'half\nc: 2\n", 2, "the quote on this line is not closed"),
        ("a:\n    b: 1\n  c: 2\n", 3, "in another column than the keys above it"),
        ("a:\n  - b\n  c\n  d: 1\n", 3, "'c' lacks the colon"),
        ("a: [Rest for 1,5 hours]\n", 1, r"a\[0\]: decimal comma.*write Rest for 1.5 hours"),
        ("a: 1\nb: \x07\n", 2, "character"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
        ("- a\n- b\n", 1, "key: value"),
        ("a: " + "[" * 400_000, 1, "nested deeper"),
        ("a: " + "{a: " * 200_000, 1, "nested deeper"),
    ],
)
def test_what_is_refused_comes_with_file_and_line(text, line, message):
    start = time.perf_counter()
    with pytest.raises(InputError, match=message) as caught:
        read_document(text, "cell.yaml")
    assert str(caught.value).startswith(f"cell.yaml:{line}: ")
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - start < 2.0


def test_files_that_cannot_be_read_say_so(tmp_path):
    wrong = {
        "missing.yaml": (None, "no such file"),
        "empty.yaml": (b"# nothing\n", "empty"),
        "latin.yaml": (b"a: 1\nb: \xb5\n", "latin.yaml:2: not UTF-8"),
        "large.yaml": (b"a: 1\n" * 2_000_000, "larger than 1 MB"),
    }
    for name, (content, message) in wrong.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_document(tmp_path / name)
    with pytest.raises(InputError, match="this is a folder; name a file"):
        read_document(tmp_path)


def test_what_is_written_can_be_read_again():
    shared = ["NO", "1e-14", "1:30", "-", "", "a: b", "µ\u2603", "x" * 300, "two\nlines"]
    data = {"a": shared, "b": shared, "c": {"d": 1e-14, "e": -3, "f": None, "g": True}}
    assert read_document(dump_yaml(data)).data == data


def test_keys_as_a_person_writes_them():
    path = ("protocol", 0, "steps", 2)
    assert join_key(path) == "protocol[0].steps[2]"
    assert split_key("protocol[0].steps[2]") == path
    assert split_key("") == ()


def test_a_dot_between_digits_belongs_to_a_name():
    path = ("materials", "li5.5ps4.5cl1.5", "ionic_conductivity")
    assert split_key("materials.li5.5ps4.5cl1.5.ionic_conductivity") == path
    assert split_key(join_key(path)) == path
    assert split_key("materials.75li2s_25p2s5.density")[1] == "75li2s_25p2s5"
    assert split_key("cathode.active[0].weight") == ("cathode", "active", 0, "weight")
