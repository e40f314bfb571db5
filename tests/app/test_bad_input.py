"""Whatever is wrong with an input: one line with what, where and what is allowed; code 2."""

import pytest

from lithomech.app import cli

CELL = """\
name: to be spoiled
fixture: {type: spring, pressure: 20 MPa, stiffness: 0.4 MPa/um}
cathode:
  type: composite
  thickness: 80 um
  porosity: 15 %
  active:
    - {material: ncm811, weight: 70 %, diameter: 4 um}
  electrolyte: {material: li6ps5cl, weight: 30 %}
separator: {material: li6ps5cl, thickness: 600 um}
anode: {type: planar, material: li, thickness: 100 um}
solver: {nodes: 4, shells: 6}
protocol:
  - Charge at 0.1C until 4.3 V
"""
SPRING = "{type: spring, pressure: 20 MPa, stiffness: 0.4 MPa/um}"
ACTIVE = "    - {material: ncm811, weight: 70 %, diameter: 4 um}\n"
SEPARATOR = "separator: {material: li6ps5cl, thickness: 600 um}"
STEP = "  - Charge at 0.1C until 4.3 V\n"

# (text of CELL, what stands there instead, place in the message, what the message says)
SPOILED = {
    "no unit": ("20 MPa", "20", "2: fixture.pressure", ["20 has no unit", "'5 MPa'"]),
    "no unit, a number": ("80 um", "0.1", "5: cathode.thickness", ["0.1 has no unit"]),
    "another unit": ("20 MPa", "20 um", "2: fixture.pressure", ["'20 um'", "a pressure"]),
    "another stiffness": ("MPa/um", "MPa", "2: fixture.stiffness", ["'0.4 MPa'", "'10 N/um'"]),
    "a stiffness in parts": (
        "0.4 MPa/um",
        "{value: 1, unit: Pa/m}",
        "2: fixture.stiffness",
        ["is not a quantity"],
    ),
    "no number": ("20 MPa", "high", "2: fixture.pressure", ["'high'", "'5 MPa'"]),
    "a list": ("20 MPa", "[20, 30]", "2: fixture.pressure", ["[20, 30]", "'5 MPa'"]),
    "nothing": ("20 MPa", "", "2: fixture.pressure", ["null", "'5 MPa'"]),
    "truth": ("20 MPa", "true", "2: fixture.pressure", ["true", "'5 MPa'"]),
    "nan": ("20 MPa", "nan MPa", "2: fixture.pressure", ["not a finite number"]),
    "inf": ("20 MPa", "inf MPa", "2: fixture.pressure", ["not a finite number"]),
    "nan of YAML": ("20 MPa", ".nan", "2: fixture.pressure", ["finite"]),
    "a tower of powers": ("20 MPa", "9**9**9**9 MPa", "2: fixture.pressure", ["9**9**9**9"]),
    "too much": (
        "20 MPa",
        "200 GPa",
        "2: fixture.pressure",
        ["at least 0 Pa, at most 100 GPa"],
    ),
    "negative pressure": ("20 MPa", "-1 MPa", "2: fixture.pressure", ["at least 0 Pa"]),
    "negative stiffness": ("0.4 MPa/um", "-1 MPa/um", "2: fixture.stiffness", ["more than 0"]),
    "negative size": ("4 um", "-4 um", "8: cathode.active[0].diameter", ["more than 0 m"]),
    "negative thickness": ("80 um", "-80 um", "5: cathode.thickness", ["more than 0 m"]),
    "no separator": ("600 um", "0 um", "10: separator.thickness", ["'0 um'", "more than 0 m"]),
    "too thin": ("80 um", "1 nm", "3: cathode", ["0.001 um thick", "0.1 um to 10 cm"]),
    "weights over 100 %": ("70 %", "80 %", "3: cathode", ["add up to 110 %", "100 %"]),
    "weights under 100 %": ("70 %", "60 %", "3: cathode", ["add up to 90 %", "100 %"]),
    "porosity over 100 %": (
        "15 %",
        "115 %",
        "6: cathode.porosity",
        ["'115 %'", "at most 90 %"],
    ),
    "nothing but pores": ("15 %", "100 %", "6: cathode.porosity", ["'100 %'", "at most 90 %"]),
    "no active material": (
        "weight: 70 %, diameter: 4 um}\n  electrolyte: {material: li6ps5cl, weight: 30 %}",
        "weight: 0 %, diameter: 4 um}\n  electrolyte: {material: li6ps5cl, weight: 100 %}",
        "7: cathode.active",
        ["no active material"],
    ),
    "no electrolyte": (
        "weight: 70 %, diameter: 4 um}\n  electrolyte: {material: li6ps5cl, weight: 30 %}",
        "weight: 100 %, diameter: 4 um}\n  electrolyte: {material: li6ps5cl, weight: 0 %}",
        "9: cathode.electrolyte.weight",
        ["no electrolyte"],
    ),
    "an empty cathode": (f"\n{ACTIVE}", " []\n", "7: cathode.active", ["at least 1"]),
    "no list": (f"\n{ACTIVE}", " ncm811\n", "7: cathode.active", ["'ncm811' is not a list"]),
    "two sizes": (
        "thickness: 80 um",
        "thickness: 80 um\n  mass: 20 mg",
        "3: cathode",
        ["exactly one of", "mass and thickness are given"],
    ),
    "no size": ("  thickness: 80 um\n", "", "3: cathode", ["exactly one of", "none of them"]),
    "a ratio to nothing": (
        "thickness: 80 um",
        "n_p_ratio: 1.2",
        "5: cathode.n_p_ratio",
        ["only for an anode"],
    ),
    "sizes in disorder": (
        "diameter: 4 um",
        "diameter: {d10: 5 um, d50: 4 um, d90: 6 um}",
        "8: cathode.active[0].diameter",
        ["must not decrease"],
    ),
    "a size of three is missing": (
        "diameter: 4 um",
        "diameter: {d10: 5 um, d90: 6 um}",
        "8: cathode.active[0].diameter.d50",
        ["is missing"],
    ),
    "unknown key": (
        "80 um",
        "80 um\n  colour: red",
        "6: cathode.colour",
        ["unknown key; allowed: ", "loading", "collector", "porosity"],
    ),
    "misspelt key": (
        "stiffness",
        "stifness",
        "2: fixture.stifness",
        ["did you mean stiffness"],
    ),
    "misspelt key at the top": ("solver:", "slover:", "12: slover", ["did you mean solver"]),
    "a key nobody may set": ("solver:", "origin: x\nsolver:", "12: origin", ["unknown key"]),
    "missing key": (f"{SEPARATOR}\n", "", "1: separator", ["is missing"]),
    "missing inner key": ("pressure: 20 MPa, ", "", "2: fixture.pressure", ["is missing"]),
    "no type": (
        "type: spring, ",
        "",
        "2: fixture.type",
        ["is missing; allowed: bolted, constant_pressure, spring"],
    ),
    "unknown type": (
        "type: spring",
        "type: sping",
        "2: fixture.type",
        ["'sping' is not known; allowed: 'spring', 'bolted', 'constant_pressure'"],
    ),
    "a word for a mapping": (SPRING, "spring", "2: fixture", ["'spring' is not a set of keys"]),
    "another word for a mapping": (
        SEPARATOR,
        "separator: li6ps5cl",
        "10: separator",
        ["'li6ps5cl' is not a set of keys", "material, thickness, loading"],
    ),
    "unknown morphology": (
        "diameter: 4 um",
        "diameter: 4 um, morphology: round",
        "8: cathode.active[0].morphology",
        ["'round' is not known", "'random', 'textured' or 'single_crystal'"],
    ),
    "unknown material": (
        "ncm811",
        "ncm999",
        "8: cathode.active[0].material",
        ["no material 'ncm999'", "ncm811"],
    ),
    "a material elsewhere": (
        "{material: li6ps5cl, thickness",
        "{material: lco, thickness",
        "10: separator.material",
        ["'lco' is of role active", "electrolyte"],
    ),
    "an electrolyte as a foil": (
        "material: li,",
        "material: li3ycl6,",
        "11: anode.material",
        ["metal"],
    ),
    "a number for a name": ("to be spoiled", "5", "1: name", ["5 is not text"]),
    "half a node": (
        "nodes: 4",
        "nodes: 4.5",
        "12: solver.nodes",
        ["4.5 is not a whole number"],
    ),
    "one node": ("nodes: 4", "nodes: 1", "12: solver.nodes", ["at least 2"]),
    "unknown traces": (
        "solver:",
        "output: {traces: some}\nsolver:",
        "12: output.traces",
        ["'some'", "'all' or 'none'"],
    ),
    "traces without a number": (
        "solver:",
        "output: {traces: {every: 0}}\nsolver:",
        "12: output.traces.every",
        ["at least 1"],
    ),
    "too hot": ("solver:", "temperature: 500 degC\nsolver:", "12: temperature", ["'500 degC'"]),
    "unknown table": (
        "porosity: 15 %",
        "porosity: 15 %\n  transport: {type: measured, table: nobody2030}",
        "7: cathode.transport.table",
        ["nobody2030"],
    ),
    "a composition that nobody measured": (
        "porosity: 15 %",
        "porosity: 15 %\n  transport: {type: measured, table: song2021_ncm88_li6ps5cl}\n"
        "  additives: [{material: carbon, weight: 2 %}]\n"
        "  electrolyte: {material: li6ps5cl, weight: 37 %}\n"
        "  active: [{material: ncm811, weight: 61 %, diameter: 4 um}]\nspare:",
        "7: cathode.transport.table",
        ["61 %", "50 %", "70 %", "85 %"],
    ),
    "an unknown override": (
        "solver:",
        "materials: {ncm811: {difusivity: 1e-14 m^2/s}}\nsolver:",
        "12: materials.ncm811.difusivity",
        ["unknown", "diffusivity"],
    ),
    "an override of another unit": (
        "solver:",
        "materials: {ncm811: {diffusivity: 4 um}}\nsolver:",
        "12: materials.ncm811.diffusivity",
        ["'4 um'", "a diffusivity"],
    ),
    "an override of an unused material": (
        "solver:",
        "materials: {ncm88: {diffusivity: 1e-14 m^2/s}}\nsolver:",
        "12: materials.ncm88",
        ["not in this cell"],
    ),
    "rigid walls around lithium": (
        SPRING,
        "{type: bolted, pressure: 5 MPa, frame_stiffness: 200 MPa/um}",
        "2: fixture.frame_stiffness",
        ["200 MPa/um", "MPa per mAh/cm2", "up to 55.8 MPa/um"],
    ),
    "no protocol": (
        f"protocol:\n{STEP}",
        "protocol: []\n",
        "13: protocol",
        ["one step or more"],
    ),
    "no step": (
        STEP,
        "  - Dance\n",
        "14: protocol[0]",
        ["'Dance' is not a step", "Rest for 1 hour"],
    ),
    "an endless step": (STEP, "  - Charge at 0.1C\n", "14: protocol[0]", ["no end"]),
    "a rate of nan": (STEP, "  - Charge at nanC until 4 V\n", "14: protocol[0]", ["nanC"]),
    "a rate of zero": (STEP, "  - Charge at 0C until 4 V\n", "14: protocol[0]", ["positive"]),
    "a repeat of nothing": (
        STEP,
        "  - {repeat: 2, steps: []}\n",
        "14: protocol[0].steps",
        ["one step or more"],
    ),
    "a drive that is not there": (
        STEP,
        "  - drive: {file: nowhere.csv}\n",
        "14: protocol[0]",
        ["nowhere.csv", "there is no such file"],
    ),
    "C of lithium": (
        CELL[CELL.index("cathode:") : CELL.index("separator:")],
        "cathode: {type: planar, material: li, thickness: 100 um}\n",
        "1: rate_capacity",
        ["is missing", "C-rates"],
    ),
}


@pytest.fixture
def refused(capsys, monkeypatch, tmp_path):
    """Run words in an empty folder; returns the message after checking its form."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        before = sorted(tmp_path.rglob("*"))
        assert cli.main(words) == 2
        seen = capsys.readouterr()
        assert seen.out == ""
        for line in seen.err.splitlines():
            assert line.startswith("lithomech: ")
            assert len(line) < 700
        for jargon in (
            "Traceback",
            "pydantic",
            "Error",
            "input_value",
            "union",
            "Input should",
        ):
            assert jargon not in seen.err
        assert sorted(tmp_path.rglob("*")) == before, "something was written"
        return seen.err.removeprefix("lithomech: ").rstrip("\n")

    return run


def spoil(old, new):
    assert old in CELL
    text = CELL.replace(old, new, 1)
    if "spare:" in new:  # the keys that the replacement gave anew
        text = text[: text.index("spare:")] + text[text.index("separator:") :]
    return text


@pytest.mark.parametrize("case", SPOILED)
def test_a_spoiled_cell(case, refused, tmp_path):
    old, new, place, reported = SPOILED[case]
    (tmp_path / "cell.yaml").write_text(spoil(old, new), encoding="utf-8")
    message = refused("run", "cell.yaml")
    assert message.startswith(f"cell.yaml:{place}: "), message
    assert "\n" not in message
    for words in reported:
        assert words in message


@pytest.mark.parametrize(
    ("setting", "reported"),
    [
        (
            "fixture.presure=5 MPa",
            "--set: fixture.presure: unknown key; did you mean pressure?",
        ),
        ("fixture.pressure=5", "--set: fixture.pressure: 5 has no unit"),
        ("fixture.pressure=warm", "--set: fixture.pressure: 'warm'"),
        ("cathode.active[3].material=lco", "--set: cathode.active[3].material: cannot be set"),
        ("cathode.active.weight=50 %", "--set: cathode.active.weight: cannot be set"),
        ("name.first=x", "--set: name.first: cannot be set"),
        ("solver.nodes=many", "--set: solver.nodes: 'many' is not a whole number"),
        ("solver.nodes=99999999999999999999", "--set: solver.nodes:"),
        ("fixture.type=rope", "--set: fixture.type: 'rope' is not known"),
        ("fixture.=5", "--set: 'fixture.' is not a key"),
        ("=5", "--set '=5': expected KEY=VALUE"),
        ("temperature", "--set 'temperature': expected KEY=VALUE"),
    ],
)
def test_a_wrong_setting(setting, reported, refused, tmp_path):
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    assert refused("run", "cell.yaml", "--set", setting).startswith(reported)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
FILES = {
    "a bomb": (BOMB.encode(), "cell.yaml:1: anchors (&) and aliases (*) are not allowed"),
    "10 MB": (b"name: x\n" + b"# filler\n" * 1_200_000, "cell.yaml: larger than 1 MB"),
    "empty": (b"", "cell.yaml: the file is empty"),
    "no mapping": (b"- a\n- b\n", "cell.yaml:1: expected 'key: value' lines"),
    "no YAML": (b"name: [1, 2\n", "cell.yaml:1: not valid YAML: the [ on this line"),
    "twice": (b"name: a\nname: b\n", "cell.yaml:2: name: this key stands twice"),
    "Latin-1": (b"name: 20 \xb5m\n", "cell.yaml:1: not UTF-8 text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "cell.yaml:1: not UTF-8 text"),
    "a tag": (b"name: !!python/object:os.system x\n", "cell.yaml:1: tags (!) are not allowed"),
    "deep": (b"name: " + b"[" * 5000, "cell.yaml:1: nested deeper than 20 levels"),
    "NO": (b"name: NO\n", "cell.yaml:1: name: YAML reads NO as true or false"),
    "1e-14": (b"name: 1e-14\n", "cell.yaml:1: name: YAML reads 1e-14 as text"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_cell(case, refused, tmp_path):
    content, reported = FILES[case]
    (tmp_path / "cell.yaml").write_bytes(content)
    assert refused("run", "cell.yaml").startswith(reported)


def test_a_missing_file(refused):
    assert refused("run", "nowhere.yaml") == "nowhere.yaml: there is no such file"


def test_a_folder_as_a_file(refused, tmp_path):
    (tmp_path / "cells").mkdir()
    assert refused("run", "cells").startswith("cells: this is a folder")


def test_a_result_that_is_none(refused, tmp_path):
    (tmp_path / "result.nc").write_bytes(b"no netCDF")
    assert refused("run", "result.nc").startswith("result.nc: ")


def test_a_folder_of_something_else(refused, tmp_path):
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years", encoding="utf-8")
    message = refused("run", "cell.yaml", "--out", "thesis")
    assert message.startswith(
        "thesis: this folder holds something other than a lithomech result"
    )


@pytest.mark.parametrize(
    ("row", "reported"),
    [
        ("2,nan", "drive.csv: row 3 of the table holds no number in"),
        ("2,", "drive.csv: row 3 of the table holds no number in"),
        ("0.5,1", "the time runs backwards in row 3"),
    ],
)
def test_a_broken_drive(row, reported, refused, tmp_path):
    (tmp_path / "cell.yaml").write_text(
        CELL.replace(STEP, "  - drive: {file: drive.csv}\n"), encoding="utf-8"
    )
    (tmp_path / "drive.csv").write_text(
        f"Test Time / s,Current / A\n0,0\n1,0\n{row}\n", encoding="utf-8"
    )
    message = refused("run", "cell.yaml")
    assert message.startswith("cell.yaml:14: protocol[0]: drive.csv")
    assert reported in message
