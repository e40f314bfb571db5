"""A wrong material file gives one clear line with file, line and key."""

import pytest

from lithomech.errors import InputError, MaterialError
from lithomech.materials.load import load_material, load_transport_table

GOOD = """\
role: electrolyte
formula: X
properties:
  density:
    form: constant
    value: 2.0
    unit: g/cm^3
    source: {ref: user, where: test, method: measured}
"""
TABLE = GOOD.replace("form: constant", "form: table").replace("value: 2.0", "file: t.csv")
PRINTED = (
    "ionic_conductivity:\n    form: arrhenius\n    at: 298.15\n    activation_energy: 30.0"
)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "    unit:",
            "    units:",
            7,
            "properties.density.units: unknown key; did you mean unit",
        ),
        ("formula", "color: red\nformula", 2, "color: unknown key"),
        (
            "density",
            "densty",
            4,
            "properties.densty: unknown for the role electrolyte; did you mean density?",
        ),
        (
            "density",
            "diffusivity",
            4,
            "properties.diffusivity: unknown for the role electrolyte",
        ),
        ("g/cm^3", "MPa", 4, "properties.density: the unit 'MPa' is not one of a density"),
        ("2.0", "2000.0", 4, "properties.density: 2e+06 kg/m^3 is outside 100 to 30000 kg/m^3"),
        ("2.0", "two", 6, "properties.density.value: Input should be a valid number"),
        ("2.0", "1e-3", 6, "properties.density.value: YAML reads 1e-3 as text"),
        (
            "method: measured",
            "method: guessed",
            8,
            "properties.density.source.method: Input should",
        ),
        (", method: measured", "", 8, "properties.density.source.method: is missing"),
        ("    form: constant\n", "", 4, "properties.density: needs a form"),
        ("form: constant", "form: constnt", 4, "properties.density: the form must be constant"),
        ("role: electrolyte", "role: glue", 1, "role: Input should be"),
        (
            "role: electrolyte",
            "name: y\nrole: electrolyte",
            1,
            "name: must be that of the file, 'x'",
        ),
        (
            "density:\n    form: constant",
            f"{PRINTED}\n    range: [300.0, 400.0]",
            4,
            "properties.ionic_conductivity: at = 298.15 K is outside range 300.0 to 400.0 K",
        ),
    ],
)
def test_one_line_with_file_line_and_key(tmp_path, old, new, line, message):
    path = tmp_path / "x.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MaterialError) as caught:
        load_material("x", folders=[tmp_path])
    text = str(caught.value)
    assert text.startswith(f"{path}:{line}: {message}")
    assert "\n" not in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,value\n0.0,1.0\n0.0,2.0\n", "t.csv: x must increase from row to row"),
        ("x,y\n0.0,1.0\n", "t.csv: the columns must be x,value"),
        ("x,value\n0.0,one\n", "t.csv: not a table of numbers"),
        ("x,value\n0.0,nan\n1.0,1.0\n", "t.csv: needs 2 finite numbers in each row"),
        (None, "no table t.csv in the folder `tables` of a material folder"),
    ],
)
def test_errors_in_a_table(tmp_path, content, message):
    text = TABLE.replace("density", "volume_strain").replace("g/cm^3", "dimensionless")
    (tmp_path / "x.yaml").write_text(text.replace("electrolyte", "active"), encoding="utf-8")
    (tmp_path / "tables").mkdir()
    if content is not None:
        (tmp_path / "tables" / "t.csv").write_text(content, encoding="utf-8")
    with pytest.raises(MaterialError, match=f"properties.volume_strain: {message}"):
        load_material("x", folders=[tmp_path])


def test_what_is_one_number_cannot_be_a_table(tmp_path):
    (tmp_path / "x.yaml").write_text(TABLE, encoding="utf-8")
    with pytest.raises(MaterialError, match=r"properties\.density: cannot be a table"):
        load_material("x", folders=[tmp_path])


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            {"densty": "1 g/cm3"},
            "materials.ncm88.densty: unknown; did you mean density?",
        ),
        (
            {"density": "1 MPa"},
            "materials.ncm88.density: '1 MPa' has the unit 'MPa'; expected a",
        ),
        (
            {"density": 1000.0},
            "materials.ncm88.density: 1000.0 has no unit; expected a density",
        ),
        ({"density": "1000 g/cm3"}, "materials.ncm88.density: 1e+06 kg/m^3 is outside"),
        ({"matrix_strength": "1 GPa"}, "materials.ncm88.matrix_strength: unknown for the role"),
        ({"density": {"form": "constant"}}, "materials.ncm88.density.unit: is missing"),
        ({"based_on": "nothing"}, "no material 'nothing'; `lithomech materials list` shows"),
    ],
)
def test_errors_in_an_override_name_the_key_of_the_cell_file(override, message):
    with pytest.raises(InputError) as caught:
        load_material("ncm88", {"ncm88": override})
    assert str(caught.value).startswith(message)


def test_a_ring_of_based_on_ends():
    ring = {"a": {"based_on": "b"}, "b": {"based_on": "a"}}
    with pytest.raises(MaterialError, match="based_on leads through more than"):
        load_material("a", ring)


def test_a_new_material_needs_a_role():
    with pytest.raises(
        MaterialError, match="mine has no role; is it based_on another material"
    ):
        load_material("mine", {"mine": {"density": "1 g/cm3"}})


def test_a_transport_table_needs_every_pressure_and_a_source(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    columns = (
        "active_weight_percent,stack_pressure_MPa,tau2_ionic,tau2_electronic,porosity_percent"
    )
    rows = "70,3,5,9,20\n70,7,4,8,20\n"
    (folder / "t.csv").write_text(f"{columns}\n{rows}85,3,9,3,30\n", encoding="utf-8")
    with pytest.raises(MaterialError, match="every composition needs every pressure, once"):
        load_transport_table("t", [tmp_path])
    (folder / "t.csv").write_text(f"# ref: user\n{columns}\n{rows}", encoding="utf-8")
    with pytest.raises(MaterialError, match="the remarks need: where, method"):
        load_transport_table("t", [tmp_path])
