"""Finding, layering and checking material files."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import MaterialError
from lithomech.files.quantity import convert
from lithomech.materials import si
from lithomech.materials.catalogue import RULES
from lithomech.materials.load import (
    canonical,
    known,
    load_material,
    load_transport_table,
    resolve,
)
from lithomech.materials.unit_factors import FACTORS

EXPECTED = {"carbon", "lco", "li", "li3ycl6", "li6ps5cl", "li_in", "lto", "ncm622", "ncm811"}
EXPECTED |= {"ncm88", "ncm111", "nca", "lfp", "lmo", "ruo2", "graphite", "si", "sn", "llzo"}
EXPECTED |= {"li6ps5cl_glass_ceramic", "li6ps5br", "li6ps5i", "li6ps5cl0.5br0.5", "li3ps4"}
EXPECTED |= {"li3ps4_gamma", "75li2s_25p2s5", "li7p3s11", "lgps", "li3incl6"}
RUNS = ["carbon", "lco", "li", "li_in", "lto", "ncm111", "ncm622", "ncm811", "ncm88", "nca"]
RUNS += ["lfp", "lmo", "graphite", "si", "sn", "li6ps5cl", "li3ycl6", "llzo", "lgps"]
RUNS += ["li6ps5cl_glass_ceramic", "li3incl6"]
SOFT = """
properties:
  {name}:
    form: constant
    value: {value}
    unit: {unit}
    source: {{ref: user, where: test, method: measured}}
"""


def write(folder: Path, material: str, name: str, value: str, unit: str) -> None:
    folder.mkdir(exist_ok=True)
    text = SOFT.format(name=name, value=value, unit=unit)
    (folder / f"{material}.yaml").write_text(text, encoding="utf-8")


def test_the_packaged_materials():
    assert set(known()) >= EXPECTED


@pytest.mark.parametrize("name", known())
def test_every_material_loads_in_the_units_of_the_catalogue(name):
    material = load_material(name)
    assert all(found.unit == RULES[key].unit for key, found in material.properties.items())


@pytest.mark.parametrize("name", RUNS)
def test_these_materials_have_all_that_a_cell_needs(name):
    assert not load_material(name).lacking()


@pytest.mark.parametrize("name", known())
def test_no_unit_registry_is_built_to_load_a_packaged_material(name, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(si, "convert", refuse)
    load_material(name)


@pytest.mark.parametrize(("unit", "si"), FACTORS)
def test_factors_agree_with_pint(unit, si):
    assert_allclose(FACTORS[unit, si], convert(1.0, unit, si), rtol=1e-14)


def test_units_become_si():
    electrolyte, lithium = load_material("li6ps5cl"), load_material("li")
    assert electrolyte.value("density") == 1870.0  # 1.87 g/cm3
    assert_allclose(electrolyte.value("ionic_conductivity"), 0.19, rtol=1e-12)  # 1.9e-3 S/cm
    assert_allclose(lithium.value("void_depth"), 2e-6, rtol=1e-12)
    assert_allclose(load_material("lco").value("nominal_capacity"), 486e3, rtol=1e-12)


def test_arrhenius_from_the_published_energy():
    """0.35 eV and 40 K above 25 degC: exp(0.35/8.617333e-5 (1/298.15 - 1/338.15)) = 5.013."""
    factor = load_material("li6ps5cl").temperature_factor("ionic_conductivity", 338.15)
    assert_allclose(factor, 5.013, rtol=3e-3)


def test_temperature_is_held_at_the_ends_of_the_range():
    material = load_material("li6ps5cl")
    _, high = material.temperature_range("ionic_conductivity")
    at_end = material.value("ionic_conductivity", high)
    assert material.value("ionic_conductivity", high + 50.0) == at_end
    assert material.temperature_factor("density", 400.0) == 1.0


@pytest.mark.parametrize("alias", ["Li6PS5Cl", "LPSCl", "lpscl", "LI6PS5CL"])
def test_aliases_resolve(alias):
    assert resolve(alias) == load_material(alias).name == "li6ps5cl"


def test_no_alias_stands_for_two_materials():
    names = [*{(n, a.casefold()) for n in known() for a in (n, *load_material(n).aliases)}]
    assert len({alias for _, alias in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("ncm81", r"did you mean ncm811 \(LiNi0.8Co0.1Mn0.1O2, active\), ncm88 "),
        ("xyz", "`lithomech materials list` shows all"),
    ],
)
def test_unknown_material_says_what_may_have_been_meant(name, suggestion):
    with pytest.raises(MaterialError, match=f"^no material '{name}'; {suggestion}"):
        load_material(name)


def test_missing_property_says_so():
    with pytest.raises(MaterialError, match=r"^li6ps5cl has no 'diffusivity'$"):
        load_material("li6ps5cl").value("diffusivity")


def test_a_table_is_not_one_number_but_a_number_is_a_flat_curve():
    material = load_material("ncm811")
    with pytest.raises(MaterialError, match="table against x"):
        material.value("volume_strain")
    flat = material.curve("diffusivity")
    assert np.ptp(flat(np.linspace(0.0, 1.0, 7))) == 0.0


def test_curves_are_held_at_their_ends():
    strain = load_material("lco").curve("volume_strain")
    assert strain.low == 0.43
    assert strain(0.1) == strain(0.43)


def test_based_on_gives_what_is_missing_and_nothing_else():
    child, parent = load_material("ncm88"), load_material("ncm811")
    assert child.value("diffusivity") == parent.value("diffusivity")
    assert child.value("density") == 4800.0


def test_layers_override_single_properties_in_order(tmp_path, monkeypatch):
    folder, shared = tmp_path / "materials", tmp_path / "shared"
    monkeypatch.setenv("LITHOMECH_MATERIALS", str(shared))
    packaged = {p: load_material("li6ps5cl").value(p) for p in ("density", "poisson_ratio")}
    write(shared, "li6ps5cl", "youngs_modulus", "11.0", "GPa")
    assert load_material("li6ps5cl").value("youngs_modulus") == 11e9
    write(folder, "li6ps5cl", "youngs_modulus", "12.0", "GPa")
    assert load_material("li6ps5cl", folders=[folder]).value("youngs_modulus") == 12e9
    cell = {"li6ps5cl": {"youngs_modulus": "13 GPa"}}
    material = load_material("li6ps5cl", cell, [folder])
    assert material.value("youngs_modulus") == 13e9
    assert {p: material.value(p) for p in packaged} == packaged


def test_an_override_can_make_a_new_material(tmp_path):
    cell = {"mine": {"based_on": "ncm811", "exchange_current_density": "0.5 A/m2"}}
    mine = load_material("mine", cell, [tmp_path])
    assert mine.value("exchange_current_density") == 0.5
    assert mine.value("density") == load_material("ncm811").value("density")
    child = load_material("other", {**cell, "other": {"based_on": "mine"}})
    assert child.value("exchange_current_density") == 0.5


def test_an_override_in_full_keeps_its_source():
    source = {"ref": "Song2021", "where": "here", "method": "measured", "checked": True}
    full = {"form": "constant", "value": 5.0, "unit": "mS/cm", "source": source}
    material = load_material("li6ps5cl", {"li6ps5cl": {"ionic_conductivity": full}})
    assert_allclose(material.value("ionic_conductivity", 350.0), 0.5, rtol=1e-14)
    (entry,) = material.sources(["ionic_conductivity"])
    assert (entry.source.method, entry.source.checked) == ("measured", True)


def test_assumed_values_are_listed_by_sources():
    material = load_material("li6ps5cl")
    listed = material.sources(["relaxation_time", "density", "ionic_conductivity", "missing"])
    assert [entry.property for entry in listed] == [
        "relaxation_time",
        "relaxation_time, activation energy",
        "density",
        "ionic_conductivity",
        "ionic_conductivity, activation energy",
    ]
    assumed = [e.property for e in listed if e.source.method == "assumed"]
    assert assumed == ["relaxation_time", "relaxation_time, activation energy"]
    assert [e.source.checked for e in listed] == [False, False, True, True, False]
    assert (listed[2].value, listed[2].unit) == (1870.0, "kg/m^3")


def test_a_text_override_is_assumed_until_it_has_a_source():
    material = load_material("ncm88", {"ncm88": {"exchange_current_density": "0.5 A/m2"}})
    (entry,) = material.sources(["exchange_current_density"])
    assert (entry.source.ref, entry.source.method) == ("user", "assumed")


def test_canonical_is_json_and_sees_every_change():
    texts = {
        json.dumps(canonical(load_material("ncm811", {"ncm811": change})), sort_keys=True)
        for change in ({}, {"density": "4.8 g/cm3"}, {"diffusivity": "1e-15 m2/s"})
    }
    assert len(texts) == 3
    assert "open_circuit_potential" in texts.pop()


def test_unknown_transport_table():
    with pytest.raises(MaterialError, match=r"no table nothing\.csv"):
        load_transport_table("nothing")


def test_an_override_can_scale_what_the_files_say():
    """Constants, tables and borrowed values; the source says that it was scaled."""
    plain = load_material("ncm88")
    both = {"ncm88": {"diffusivity": {"scale": 3.0}, "density": {"scale": "50 %"}}}
    changed = load_material("ncm88", both)
    assert_allclose(changed.value("density"), 0.5 * plain.value("density"))
    x = plain.curve("diffusivity").x
    assert_allclose(changed.curve("diffusivity")(x), 3.0 * plain.curve("diffusivity")(x))
    (source,) = changed.sources(["density"])
    assert source.origin == "cell file" and source.source.method == "assumed"
    assert "times 0.5" in source.source.where


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"diffusivity": {"scale": -1.0}}, "must be more than 0"),
        ({"diffusivity": {"scale": "1 um"}}, "um"),
        ({"diffusivity": {"scale": 2.0, "form": "constant"}}, "scale stands alone"),
        ({"difusivity": {"scale": 2.0}}, "did you mean diffusivity"),
        ({"creep_rate": {"scale": 2.0}}, "did you mean|no value to scale"),
        ({"density": {"scale": 1e9}}, "allowed"),
    ],
)
def test_a_wrong_scale_is_refused(values, message):
    with pytest.raises(MaterialError, match=message):
        load_material("ncm88", {"ncm88": values})
