"""One symbol, one unit, in every law; and the page that lists them."""

from collections import defaultdict

import notation


def test_a_symbol_has_the_same_unit_in_every_law():
    units = defaultdict(set)
    for _, law in notation.all_laws():
        for symbol, hint in notation.arguments_of(law).items():
            units[symbol].add(notation.unit_of(hint))
    assert not {symbol: u for symbol, u in units.items() if len(u) > 1}


def test_every_symbol_is_explained():
    used, explained = set(), set(notation.COMMON)
    for _, law in notation.all_laws():
        used |= notation.arguments_of(law).keys()
        explained |= notation.meanings_of(law).keys()
    assert not used - explained, "say what it is under Args of a law that takes it"
    assert not notation.COMMON.keys() - used


def test_arguments_that_a_law_explains_are_arguments_it_takes():
    for name, law in notation.all_laws():
        assert notation.meanings_of(law).keys() <= notation.arguments_of(law).keys(), name


def test_the_page_of_symbols_is_current():
    assert notation.PAGE.read_text(encoding="utf-8") == notation.render(), (
        "run `python docs/notation.py`"
    )
