"""Results repeat digit by digit, whatever has become of the files that they were made from."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import lithomech as lm
from lithomech.app import cli
from lithomech.cell.readout.load import load_result
from lithomech.cell.run import run
from lithomech.cell.spec import cell_from_input, changed_cell, load_cell
from lithomech.errors import InputError
from lithomech.files.yamlfile import dump_yaml
from lithomech.microstructure.result import QUANTITIES, EffectiveProperties
from support.cells import COARSE, LITHIUM, composite, spring

CHARGE = ["Charge at 0.5C for 3 minutes"]
OWN = """name: li6ps5cl
role: electrolyte
properties:
  ionic_conductivity: {form: constant, value: %s, unit: mS/cm,
    source: {ref: user, where: notebook 7, method: measured}}
"""


def written(folder: Path, **changes) -> Path:
    """A cell file in a folder of its own."""
    base = {
        "fixture": spring(),
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "solver": COARSE,
        "protocol": CHARGE,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cell.yaml"
    path.write_text(dump_yaml(base | changes))
    return path


def own_material(folder: Path, conductivity: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "li6ps5cl.yaml").write_text(OWN % conductivity)


def kept(result, tmp_path: Path):
    """The result as its file has it, with the folder of its making gone."""
    result.save(tmp_path / "kept" / "result.nc")
    shutil.rmtree(tmp_path / "made")
    return load_result(tmp_path / "kept" / "result.nc")


def assert_repeats(result, again) -> None:
    assert again.provenance == result.provenance
    assert again.input == result.input
    assert_array_equal(again.voltage, result.voltage)
    assert_array_equal(again.stack_pressure, result.stack_pressure)
    assert again.sources == result.sources
    assert again.warnings == result.warnings


def test_own_materials_are_in_the_result(tmp_path):
    own_material(tmp_path / "made" / "materials", 0.5)
    path = written(tmp_path / "made")
    result = run(load_cell(path))
    shutil.copy(path, tmp_path / "cell.yaml")
    loaded = kept(result, tmp_path)
    assert_repeats(result, run(loaded.cell))
    assert_repeats(result, run(result.cell))
    packaged = run(load_cell(tmp_path / "cell.yaml"))
    assert packaged.provenance["input_hash"] != result.provenance["input_hash"]
    assert loaded.provenance["overrides"] == [
        "li6ps5cl.ionic_conductivity: materials/li6ps5cl.yaml"
    ]


def test_another_package_repeats_an_old_result(tmp_path, monkeypatch):
    """LITHOMECH_MATERIALS stands for a package whose numbers are other ones."""
    path = written(tmp_path / "made", materials={"ncm811": {"diffusivity": "2e-14 m2/s"}})
    result = run(load_cell(path))
    own_material(tmp_path / "newer", 9.0)
    monkeypatch.setenv("LITHOMECH_MATERIALS", str(tmp_path / "newer"))
    changed = run(load_cell(path))
    assert not np.array_equal(changed.voltage, result.voltage)
    loaded = kept(result, tmp_path)
    assert_repeats(result, run(loaded.cell))
    assert_repeats(changed, run(changed.cell))


def test_one_material_changed_leaves_the_others(tmp_path, monkeypatch):
    own_material(tmp_path / "made" / "materials", 0.5)
    cell = kept(run(load_cell(written(tmp_path / "made"))), tmp_path).cell
    monkeypatch.chdir(tmp_path)
    own_material(tmp_path / "materials", 9.0)  # where it is run from
    anode = {"type": "planar", "material": "li_in", "thickness": 1e-4}
    resistances = {s.value for s in run(cell.replace(anode=anode)).sources if _conducts(s)}
    assert resistances == {0.05}  # S/m


def test_keys_of_a_result_can_be_changed(tmp_path, capsys):
    """As with ``--set`` on its cell file, but with the materials that the result keeps."""
    own_material(tmp_path / "made" / "materials", 0.5)
    path = written(tmp_path / "made")
    settings = {"fixture.pressure": "5 MPa", "cathode.active[0].diameter": "3 um"}
    wanted = run(load_cell(path, settings))
    loaded = kept(run(load_cell(path)), tmp_path)
    assert_repeats(wanted, run(changed_cell(loaded.cell, settings, "result.nc")))
    wrong = {"fixture.pressure": "5", "temprature": "40 degC", "anode.material": "lithum"}
    with pytest.raises(InputError) as caught:
        changed_cell(loaded.cell, wrong, "result.nc")
    places = [str(one).partition(": ")[2].partition(":")[0] for one in caught.value.mistakes]
    assert sorted(places) == sorted(wrong)
    assert {one.file for one in caught.value.mistakes} == {"--set"}
    file = str(tmp_path / "kept" / "result.nc")
    assert cli.main(["run", file, "--set", "fixture.pressure=9", "--json"]) == 2
    assert "--set: fixture.pressure: 9 has no unit" in capsys.readouterr().err


def _conducts(source) -> bool:
    return (source.material, source.property) == ("li6ps5cl", "ionic_conductivity")


def test_drives_are_read_once_and_kept(tmp_path):
    path = written(tmp_path / "made", protocol=[{"drive": {"file": "drive.csv"}}])
    drive = tmp_path / "made" / "drive.csv"
    drive.write_text("Test Time / s,Current / A\n10,0.001\n70,-0.0005\n130,0\n")
    cell = load_cell(path)
    drive.unlink()
    result = run(cell)
    held = {"file": "drive.csv", "time_s": [0.0, 60.0, 120.0], "current_A": [1e-3, -5e-4, 0.0]}
    assert result.input["protocol"] == [{"drive": held}]
    assert_repeats(result, run(kept(result, tmp_path).cell))
    nested = [{"repeat": 2, "steps": [{"drive": {"file": "gone.csv"}}]}]
    with pytest.raises(InputError, match=r"protocol\[0\]\.steps\[0\].*gone\.csv"):
        load_cell(written(tmp_path / "made", protocol=nested))


def test_measured_transport_is_kept(tmp_path):
    tables = tmp_path / "made" / "materials" / "tables"
    tables.mkdir(parents=True)
    (tables / "own.csv").write_text(
        "# ref: user\n# where: notebook 8\n# method: measured\n"
        "active_weight_percent,stack_pressure_MPa,tau2_ionic,tau2_electronic,porosity_percent\n"
        "70,1,9,30,15\n70,50,5,20,15\n"
    )
    transport = {"type": "measured", "table": "own"}
    result = run(load_cell(written(tmp_path / "made", cathode=composite(transport=transport))))
    again = run(kept(result, tmp_path).cell)
    assert_repeats(result, again)
    (row,) = again.enclosed.stock.transport.values()
    assert row.source.where == "notebook 8"


def pressed(path: Path) -> None:
    """A structure as ``lithomech structure`` saves it, with one piece at two pressures."""
    quantities = {name: np.array([[0.2, 0.3]]) for name in QUANTITIES}
    quantities |= {
        f"tortuosity_factor_{c}": np.array([[5.0, 4.0]]) for c in ("ionic", "electronic")
    }
    active = 0.7 / 4.78 / (0.7 / 4.78 + 0.3 / 1.86)
    EffectiveProperties(
        name="own",
        status="completed",
        reason="",
        warnings=(),
        input={},
        stack_pressures=np.array([1e6, 5e7]),
        seeds=(1,),
        quantities=quantities,
        pressed={"porosity": np.array([0.15]), "pressure": np.array([3.7e8])},
        solid_shares={"ncm811": active, "li6ps5cl": 1.0 - active},
        conductivities={"ionic": 0.1, "electronic": 1.0},
        constrained_modulus={"welded": 1e10, "loose": 1e9},
        labels=np.zeros((2, 2, 2), np.uint8),
        grains=np.zeros((2, 2, 2), np.int32),
        spacing=np.full(3, 1e-6),
        forces=np.zeros((1, 7)),
        wall_time_s=1.0,
        provenance={},
    ).save(path)


def test_a_pressed_structure_is_kept(tmp_path):
    (tmp_path / "made").mkdir()
    pressed(tmp_path / "made" / "own structure.nc")
    transport = {"type": "structure", "file": "own structure.nc"}
    path = written(tmp_path / "made", cathode=composite(transport=transport))
    result = run(load_cell(path))
    assert result.input["cathode"]["transport"]["file"].startswith("sha256:")
    assert_repeats(result, run(kept(result, tmp_path).cell))


@pytest.mark.deep
def test_the_state_that_a_run_went_on_from_is_kept(tmp_path):
    charged = run(load_cell(written(tmp_path / "made")))
    charged.save(tmp_path / "made" / "aged.nc")
    steps = ["Discharge at 0.5C for 2 minutes"]
    path = written(tmp_path / "made", protocol=steps, initial={"state": "aged.nc"})
    named, given = (
        run(load_cell(path)),
        run(charged.cell.replace(protocol=steps), start=charged),
    )
    assert_array_equal(given.voltage, named.voltage)
    assert given.provenance == named.provenance
    loaded = kept(named, tmp_path)
    assert_repeats(named, run(loaded.cell))
    loaded.save(tmp_path / "copied.nc")
    assert_repeats(named, run(load_result(tmp_path / "copied.nc").cell))
    with pytest.raises(InputError, match=r"initial\.state: sha256:.* only the result keeps"):
        run(cell_from_input(loaded.input))


def test_no_path_of_the_machine_is_in_a_result(tmp_path):
    own_material(tmp_path / "made" / "materials", 0.5)
    (tmp_path / "made" / "drive.csv").write_text("Test Time / s,Current / A\n0,0.001\n9,0\n")
    file = str(tmp_path / "made" / "drive.csv")
    result = run(load_cell(written(tmp_path / "made", protocol=[{"drive": {"file": file}}])))
    result.save(tmp_path / "result.nc")
    assert str(tmp_path).encode() not in (tmp_path / "result.nc").read_bytes()
    assert lm.load_result(tmp_path / "result.nc").input["protocol"][0]["drive"]["file"] == (
        "drive.csv"
    )
