"""`transport: {type: image}`: exact images, the command of the same image, and refusals."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from lithomech.app import cli
from lithomech.cell.readout.load import load_result
from lithomech.cell.run import run
from lithomech.cell.spec import changed_cell, load_cell
from lithomech.errors import InputError

PORE, ION, ACTIVE, WIRE = range(4)
KAPPA, SIGMA, CARBON = 0.2, 4.0, 1e4  # S/m, set below
CELL = """
cathode:
  type: composite
  loading: 15 mg/cm2
  active: [{material: ncm811, weight: 70 %, diameter: 5 um}]
  electrolyte: {material: li6ps5cl, weight: rest, diameter: 3 um}
  additives: [{material: carbon, weight: 2 %}]
  porosity: 20 %
  transport: {type: image, file: IMAGE, phases: {li6ps5cl: 1, ncm811: 2, carbon: 3}}
separator: {material: li6ps5cl, thickness: 500 um}
anode: {type: planar, material: li_in, thickness: 100 um}
fixture: {type: constant_pressure, pressure: 50 MPa}
reference: li
solver: {nodes: 4, shells: 6}
materials:
  li6ps5cl: {ionic_conductivity: 2 mS/cm}
  ncm811: {electronic_conductivity: 40 mS/cm}
  carbon: {electronic_conductivity: 100 S/cm}
protocol: [Rest for 1 s]
"""


def sheets(*, along, wired=True):
    """Sheets of all four, parallel to the first axis or across it."""
    image = np.empty((12, 12, 8), np.uint8)
    image[:, 0:3], image[:, 3:7], image[:, 7:11], image[:, 11:] = PORE, ION, ACTIVE, WIRE
    if not wired:
        image[image == WIRE] = PORE
    return image if along else np.ascontiguousarray(np.swapaxes(image, 0, 1))


def cell(folder, image, **changes):
    path = folder / "image.tif"
    pages = [Image.fromarray(page) for page in image]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    keys = {name.replace("__", "."): value for name, value in changes.items()}
    return load_cell(CELL.replace("IMAGE", str(path)), keys)


def made(one):
    return run(one).resolved["layers"]["cathode"]["conduction"]


def test_sheets_conduct_by_their_share_and_cover_what_they_touch(tmp_path):
    one = cell(tmp_path, sheets(along=True))
    found = made(one)
    assert_allclose(found["ionic_conductivity_S_per_m"], KAPPA * 4 / 12, rtol=1e-3)
    parallel = SIGMA * 4 / 12 + CARBON / 12
    assert_allclose(found["electronic_conductivity_S_per_m"], parallel, rtol=1e-3)
    assert_allclose(found["covered_fraction"], 0.5, rtol=1e-12)  # the other side is carbon
    assert_allclose(found["utilisation"], 1.0, rtol=1e-12)
    assert found["origin"] == "image"


def test_one_phase_from_end_to_end_is_the_dense_material(tmp_path):
    image = np.full((12, 12, 12), ION, np.uint8)
    image[:, :, :1], image[:, :, 11] = ACTIVE, WIRE
    found = made(cell(tmp_path, image, cathode__transport__axis="y"))
    assert_allclose(found["ionic_conductivity_S_per_m"], KAPPA * 10 / 12, rtol=1e-6)
    assert_allclose(found["electronic_conductivity_S_per_m"], (SIGMA + CARBON) / 12, rtol=1e-3)


def test_the_command_finds_the_same(tmp_path, capsys):
    image = np.random.default_rng(3).choice(4, (20, 16, 16), p=[0.1, 0.45, 0.4, 0.05])
    one = cell(tmp_path, image.astype(np.uint8))
    found = made(one)
    path = one.cathode.transport.file
    for name, words in (
        ("ionic", ["--conducting", "1=2 mS/cm"]),
        ("electronic", ["--conducting", "2=40 mS/cm", "--conducting", "3=100 S/cm"]),
    ):
        assert cli.main(["conduct", path, *words, "--json"]) == 0
        reported = json.loads(capsys.readouterr().out)
        expected = 100.0 * reported["conductivity_S_per_cm"]
        assert_allclose(found[f"{name}_conductivity_S_per_m"], expected, rtol=1e-9)


def test_what_does_not_span_is_infeasible(tmp_path):
    result = run(cell(tmp_path, sheets(along=False), cathode__porosity="10 %"))
    assert result.status == "infeasible"
    assert result.reason.startswith("no path for ions through the cathode: ")
    assert any("25 % by volume of pores, the electrode 10 %" in w for w in result.warnings)


def test_a_result_keeps_what_was_solved_and_not_the_image(tmp_path):
    one = cell(tmp_path, sheets(along=True))
    before = run(one)
    before.save(tmp_path / "result.nc")
    (tmp_path / "image.tif").unlink()
    kept = load_result(tmp_path / "result.nc")
    again = run(kept.cell)
    assert again.resolved["layers"] == before.resolved["layers"]
    with pytest.raises(InputError, match="name the image again"):
        run(changed_cell(kept.cell, {"cathode.transport.axis": "x"}, "result.nc"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"file": "nowhere.tif"}, "cathode.transport.file: .*nowhere.tif: no such file"),
        (
            {"phases.llzo": 4},
            "cathode.transport.phases.llzo: is not in this electrode; its mat",
        ),
        ({"phases.ncm811": 7}, "phases.ncm811: .*label 7 is not in the image; .* 0, 1, 2, 3"),
        ({"phases.ncm811": 1}, "phases: .* have the same label 1"),
        ({"phases": {"li6ps5cl": 1, "carbon": 3}}, "phases.ncm811: is missing: the label of"),
        ({"voxel_size": ["1 um", "2 um"]}, "voxel_size"),
    ],
)
def test_what_is_wrong_is_one_line(changes, says, tmp_path):
    keys = {f"cathode.transport.{name}": value for name, value in changes.items()}
    with pytest.raises(InputError, match=says) as raised:
        run(cell(tmp_path, sheets(along=True), **keys))
    assert str(raised.value).count("\n") == 0


def test_slices_of_another_thickness_count_with_it(tmp_path):
    image = np.full((8, 8, 8), ACTIVE, np.uint8)
    image[:, 2:] = ION
    image[:4, :, 4:] = PORE  # a step: the path narrows to a third
    image[:, 0] = WIRE
    flat, tall = (
        made(cell(tmp_path, image, cathode__transport__voxel_size=size))
        for size in (["1 um", "1 um", "1 um"], ["4 um", "1 um", "1 um"])
    )
    # the taller the voxels, the less the bend matters: closer to the two parts in series
    series = KAPPA * 0.75 / (0.5 + 0.5 / 0.5)
    off = [abs(f["ionic_conductivity_S_per_m"] / series - 1.0) for f in (flat, tall)]
    assert off[1] < off[0]
