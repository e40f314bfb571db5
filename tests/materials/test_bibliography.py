"""The bibliography: complete entries, each used somewhere, and none missing."""

import ast
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from lithomech.app.references import split_entries

PACKAGE = Path(str(files("lithomech")))
TEXT = (PACKAGE / "refs.bib").read_text(encoding="utf-8")
ENTRIES = split_entries(TEXT)
OURS = {"Assumed", "Computed"}  # stand for values that nobody published
KEY = re.compile(r"\b[A-Z]\w*?(?:18|19|20)\d\d[a-z]?\b")
NEEDED = {
    "article": [("author",), ("title",), ("journal",), ("year",), ("doi", "volume")],
    "book": [("author", "editor"), ("title",), ("publisher",), ("year",)],
    "misc": [("author",), ("title",), ("year",)],
}


def fields(entry):
    return dict(re.findall(r"^\s+(\w+)\s*=\s*\{(.*)\},?$", entry, re.MULTILINE))


def sources(*endings):
    for ending in endings:
        for path in sorted(PACKAGE.rglob(f"*.{ending}")):
            yield path.read_text(encoding="utf-8")


def named_in_data():
    """Keys that material files, tables and claims name."""
    found = set()
    for text in sources("yaml", "csv"):
        found |= set(re.findall(r"\bref: (\w+)", text))
        for keys in re.findall(r"\bcites: \[([^\]]*)\]", text):
            found |= set(re.findall(r"\w+", keys))
    return found - {"user"}


def named_in_docstrings():
    """Keys below `References:` in the docstrings of laws and of numerics."""
    found = set()
    for text in sources("py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                part = (ast.get_docstring(node) or "").partition("\nReferences:\n")[2]
                found |= set(KEY.findall(part))
    return found


def test_no_key_and_no_doi_stands_twice():
    keys = re.findall(r"^@\w+\{\s*(\w+)\s*,", TEXT, re.MULTILINE)
    dois = [fields(entry).get("doi", "").casefold() for entry in ENTRIES.values()]
    for listed in (keys, [doi for doi in dois if doi]):
        assert [name for name, times in Counter(listed).items() if times > 1] == []


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_complete(key):
    kind = ENTRIES[key][1:].partition("{")[0]
    found = fields(ENTRIES[key])
    for alternatives in NEEDED[kind]:
        assert any(found.get(name) for name in alternatives), alternatives
    assert "doi" in found or kind != "article" or found.get("pages")
    assert re.fullmatch(r"(1[89]|20)\d\d", found["year"])
    assert "not verified)" not in found["title"]
    assert not found["author"].startswith("{authors")


@pytest.mark.parametrize("key", ENTRIES)
def test_a_key_names_author_and_year_and_braces_are_closed(key):
    assert ENTRIES[key].count("{") == ENTRIES[key].count("}")
    assert key in OURS or KEY.fullmatch(key) or key.startswith("deBiasi")


def test_every_entry_is_used():
    texts = " ".join(sources("yaml", "csv", "py"))
    words = set(re.findall(r"\w+", texts))
    assert set(ENTRIES) - words == set()


def test_every_reference_has_an_entry():
    named = named_in_data() | named_in_docstrings()
    assert len(named) > 30  # both ways of naming are found
    assert named - set(ENTRIES) == set()
