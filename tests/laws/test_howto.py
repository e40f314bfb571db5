"""The examples of docs/howto work as they stand."""

import re
from pathlib import Path

import pint
import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import load_material
from notation import arguments_of, unit_of

HOWTO = Path(__file__).parents[2] / "docs" / "howto"


def blocks(page, language):
    text = (HOWTO / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_law_of_the_page_passes_the_test_of_the_page():
    names = {}
    for block in blocks("add_a_law.md", "python"):
        exec(block, names)
    tests = [name for name in names if name.startswith("test_")]
    assert len(tests) == 2
    for name in tests:
        names[name]()
    law, ureg = names["flaw_strength"], pint.UnitRegistry()
    given = {n: ureg.Quantity(0.1, unit_of(hint)) for n, hint in arguments_of(law).items()}
    assert law(**given).check("[pressure]")


def test_the_material_of_the_page_loads_and_says_what_it_borrowed(
    tmp_path, monkeypatch, capsys
):
    (file,) = blocks("add_a_material.md", "yaml")
    (code,) = blocks("add_a_material.md", "python")
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "my_argyrodite.yaml").write_text(file, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    lacking, conductivity, owner = capsys.readouterr().out.splitlines()
    assert (lacking, owner) == ("[]", "li6ps5cl")
    # 0.24 S/m exp(36000/8.314 (1/298.15 - 1/313.15)): 2.004 times
    assert_allclose(float(conductivity), 0.24 * 2.004, rtol=1e-3)


@pytest.mark.parametrize("T", [200.0, 400.0])
def test_the_range_of_the_page_is_held(T, tmp_path):
    (file,) = blocks("add_a_material.md", "yaml")
    (tmp_path / "my_argyrodite.yaml").write_text(file, encoding="utf-8")
    m = load_material("my_argyrodite", folders=[tmp_path])
    end = 273.15 if T < 273.15 else 353.15
    held = m.value("ionic_conductivity", T=T)
    assert held == m.value("ionic_conductivity", T=end)
