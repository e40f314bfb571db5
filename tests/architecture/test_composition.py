"""The composition of the package is what its mechanisms make."""

from pathlib import Path

from lithomech.cell.mechanisms import composed
from lithomech.cell.mechanisms.compose import composition_text
from lithomech.cell.mechanisms.registry import BUILT_IN


def test_the_composition_is_the_one_that_the_mechanisms_make():
    written = Path(composed.__file__).read_text(encoding="utf-8")
    assert written == composition_text(BUILT_IN.particle, BUILT_IN.foil)
