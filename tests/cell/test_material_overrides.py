"""Which layer of material files a number of a run came from."""

import json

import pytest

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from support.cells import COARSE, LITHIUM, composite, declare, spring

SOFT = """
properties:
  {name}:
    form: constant
    value: {value}
    unit: {unit}
    source: {{ref: user, where: our laboratory, method: measured}}
"""


def layer(folder, material, name, value, unit):
    folder.mkdir(exist_ok=True)
    text = SOFT.format(name=name, value=value, unit=unit)
    (folder / f"{material}.yaml").write_text(text, encoding="utf-8")


def short_cell(**changes):
    return {
        "fixture": spring(),
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "solver": COARSE,
        "protocol": ["Charge at 0.1C for 10 minutes"],
        **changes,
    }


def test_each_override_is_listed_with_its_layer(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    monkeypatch.setenv("LITHOMECH_MATERIALS", str(shared))
    layer(shared, "li6ps5cl", "density", "1.9", "g/cm^3")
    layer(tmp_path / "materials", "li6ps5cl", "youngs_modulus", "12.0", "GPa")
    path = tmp_path / "cell.yaml"
    cell = short_cell(materials={"li6ps5cl": {"poisson_ratio": "0.3"}})
    path.write_text(json.dumps(cell, indent=1), encoding="utf-8")
    result = run(load_cell(path))
    assert result.provenance["overrides"] == [
        "li6ps5cl.poisson_ratio: cell file",
        "li6ps5cl.youngs_modulus: materials/li6ps5cl.yaml",
        "li6ps5cl.density: LITHOMECH_MATERIALS/li6ps5cl.yaml",
    ]
    rows = {row.property: row for row in result.sources if row.material == "li6ps5cl"}
    assert (rows["youngs_modulus"].value, rows["youngs_modulus"].method) == (12e9, "measured")
    assert rows["ionic_conductivity"].origin == "package"


def test_without_overrides_the_list_is_empty():
    result = run(load_cell(json.dumps(short_cell(), indent=1)))
    assert result.provenance["overrides"] == []
    assert {row.origin for row in result.sources} == {"package"}


def test_numbers_of_another_material_are_reported():
    result = run(declare(cathode=composite("ncm622"), protocol=["Rest for 1 minute"]))
    taken = next(w for w in result.warnings if w.startswith("ncm622: taken from ncm811: "))
    assert "boundary_strength" in taken
    row = next(
        r for r in result.sources if (r.material, r.property) == ("ncm622", "boundary_strength")
    )
    assert row.borrowed == "ncm811"


@pytest.mark.parametrize("morphology", ["random", "textured"])
def test_constants_of_textured_grains_are_reported_where_there_are_some(morphology):
    cathode = composite("ncm622", morphology=morphology)
    result = run(declare(cathode=cathode, protocol=["Rest for 1 minute"]))
    reported = [w for w in result.warnings if "textured_crack_rate" in w]
    rows = [r for r in result.sources if r.property == "textured_crack_rate"]
    assert bool(reported) == bool(rows) == (morphology == "textured")


def test_a_material_without_all_that_a_cell_needs_is_refused(tmp_path):
    folder = tmp_path / "materials"
    layer(folder, "glass", "density", "2.0", "g/cm^3")
    text = (folder / "glass.yaml").read_text(encoding="utf-8")
    (folder / "glass.yaml").write_text(f"role: electrolyte\n{text}", encoding="utf-8")
    path = tmp_path / "cell.yaml"
    cell = short_cell(separator={"material": "glass", "thickness": "600 um"})
    path.write_text(json.dumps(cell, indent=1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run(load_cell(path))
    assert str(caught.value).startswith(f"{path}:")
    assert "separator.material: 'glass' has no ionic_conductivity, youngs_modulus," in str(
        caught.value
    )
    assert str(caught.value).endswith("give it under materials.glass")
