"""The blocks of docs/howto/describe_a_cell.md are what they claim to be."""

import re
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.files.yamlfile import read_document
from lithomech.materials.load import known, load_material

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "describe_a_cell.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CELLS = [block for block in BLOCKS if block.startswith("name:")]
STACKS = [block for block in BLOCKS if block.startswith("stack:")]
PROTOCOLS = [block for block in BLOCKS if block not in (*CELLS, *STACKS)]
FAST = {"solver.nodes": 4, "solver.shells": 5}


def test_all_blocks_are_seen():
    assert (len(CELLS), len(STACKS), len(PROTOCOLS)) == (3, 1, 2)


@pytest.mark.parametrize("block", PROTOCOLS)
def test_a_protocol_of_the_page_is_read(block):
    lines = "".join(f"  {line}\n" for line in block.splitlines())
    items = read_document(f"protocol:\n{lines}").data["protocol"]
    assert len(parse_protocol(items, Path())) == len(items)


def test_the_stack_of_the_page_is_built():
    block = read_document(STACKS[0]).data["stack"]
    model = resolve(load_cell(CELLS[0], {"stack": block}))
    assert model.cell.stack.bicells == 10


def test_the_pellet_cell_has_the_sizes_of_its_section():
    model = resolve(load_cell(CELLS[0]))
    assert_allclose(model.active_mass, 10.7e-2 * 0.785e-4, rtol=1e-9)
    # 1.5 mg of 6.94 g/mol over 7.85e-3 cm3 of 15.71 cm3/mol
    assert_allclose(model.cell.initial.anode, (1.5e-3 / 6.94) / (7.85e-3 / 15.71), rtol=0.01)
    assert not [w for w in model.warnings if "reference" in w or "diameter" in w]


def test_the_full_cell_has_the_capacities_of_its_section():
    model = resolve(load_cell(CELLS[1]))
    (lto,) = (grain for grain in model.composites["anode"].grains if not grain.inert)
    per_area = lto.volume_fraction * lto.material.value("density") * model.thickness["anode"]
    assert_allclose(per_area, 20.4e-2, rtol=1e-9)
    assert_allclose(per_area * lto.material.value("nominal_capacity") / 36e3, 3.57, rtol=0.05)


@pytest.mark.parametrize("block", CELLS)
def test_a_cell_of_the_page_runs(block):
    result = run(load_cell(block, FAST))
    assert result.status == "completed", result.reason


def test_the_frames_of_the_page_are_those_of_the_library():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \(([\d.]+) to ([\d.]+)\) MPa/um", PAGE, re.M)
    assert {name for name, *_ in rows} == {
        name for name in known() if load_material(name).role == "frame"
    }
    for name, *numbers in rows:
        found = load_material(name).properties["frame_stiffness"]
        expected = [found.value, *(found.span or ())]
        assert_allclose([1e12 * float(n) for n in numbers], expected, rtol=1e-9)
