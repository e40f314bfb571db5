"""A band is what cells with the ends of the ranges do."""

import json

import pytest
from numpy.testing import assert_allclose

from lithomech.app.cli import main
from lithomech.cell.run import run
from lithomech.plot.cell_result import cycling
from lithomech.studies.bands import BANDED, bands, unknowns
from support.cells import LITHIUM, composite, declare

SWING = "stack_pressure_swing_MPa"
CAPACITY = "discharge_capacity_mAh_per_g"
FOILS = {
    "cathode": {"type": "planar", "material": "li", "thickness": "100 um"},
    "anode": LITHIUM,
    "protocol": ["Strip at 0.1 mA/cm2 for 1 hour"],
}
SPRING = {"type": "bolted", "pressure": "20 MPa"}
NAMED = SPRING | {"frame": "peek_die_10mm"}
STACK = {"diameter": "10 mm"}
CYCLE = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 2.8 V"]
KEYS = [
    "materials.peek_die_10mm.frame_stiffness",
    "cathode.load_share",
    "fabrication.residual_pressure",
    "mechanisms.contact.adhesion",
    "materials.li6ps5cl.pellet_modulus",
]


def foils(frame):
    return declare(geometry=STACK, fixture=SPRING | frame, **FOILS)


def small(frame):
    """A composite with the short protocol that its pressure swings in."""
    charge = ["Charge at 0.2C for 1 hour", "Discharge at 0.2C for 30 min"]
    coarse = {"nodes": 4, "shells": 8}
    return declare(geometry=STACK, fixture=SPRING | frame, protocol=charge, solver=coarse)


def cathode(**changes):
    coarse = {"nodes": 4, "shells": 8}
    base = {"solver": coarse, "protocol": [{"repeat": 2, "steps": CYCLE}], "even": False}
    return declare(geometry=STACK, fixture=NAMED, cathode=composite("ncm88"), **base | changes)


@pytest.fixture(scope="module")
def found():
    cell = cathode()
    return bands(cell, run(cell))


def test_the_band_of_a_frame_is_between_the_softest_and_the_stiffest():
    cell = small({"frame": "peek_die_10mm"})
    result = run(cell)
    low, high = bands(cell, result).of_frame(0)
    soft, stiff = (
        run(small({"frame_stiffness": f"{k} MPa/um"})).cycles[0][SWING] for k in (0.3, 0.9)
    )
    assert_allclose((low, high), sorted((soft, stiff)), rtol=1e-6)
    assert low < result.cycles[0][SWING] < high


def test_foils_in_a_frame_without_a_range_have_no_band():
    cell = foils({"frame_stiffness": "0.35 MPa/um"})
    result = run(cell)
    assert unknowns(cell) == []
    assert bands(cell, result).of(SWING, 0) is None
    assert bands(cell, result).of_frame(0) is None


def test_what_nobody_knows_of_a_composite():
    assert [unknown.key for unknown in unknowns(cathode())] == KEYS
    bonded = cathode(mechanisms={"contact": "none"})
    assert [unknown.key for unknown in unknowns(bonded)] == KEYS[:1]


def test_what_the_file_says_is_known():
    stated = cathode(
        fabrication={"residual_pressure": "30 MPa"},
        materials={
            "li6ps5cl": {"pellet_modulus": "9 GPa"},
            "peek_die_10mm": {"frame_stiffness": "0.4 MPa/um"},
        },
    )
    assert [unknown.key for unknown in unknowns(stated)] == [KEYS[1], KEYS[3]]


def test_a_band_holds_every_run_and_is_as_wide_as_its_widest_unknown(found):
    for quantity in BANDED:
        low, high = found.of(quantity, 1)
        values = [variant.result.cycles[1][quantity] for variant in found.variants]
        assert (low, high) == (
            min(*values, found.result.cycles[1][quantity]),
            max(*values, found.result.cycles[1][quantity]),
        )
        widest = found.of(quantity, 1, found.widest(quantity, 1).key)
        assert all(
            widest[1] - widest[0] >= ends[1] - ends[0]
            for ends in (found.of(quantity, 1, key) for key in KEYS)
        )


def test_stiff_grains_in_place_of_pellets_keep_less_contact(found):
    """A stiffer wall parts at a smaller contraction (physics of section 3)."""
    (stiff,) = [v.result for v in found.variants if v.unknown.key == KEYS[4]]
    key = "contact_fraction_end_of_charge"
    assert stiff.cycles[0][key] < found.result.cycles[0][key]


def test_a_cycle_that_a_variant_does_not_reach_has_no_band(found):
    assert found.of(CAPACITY, 2) is None


def test_the_picture_shades_the_bands(found):
    bare, shaded = cycling(found.result), cycling(found.result, found.by_quantity())
    assert sum(len(axes.collections) for axes in bare.axes) == 0
    assert sum(len(axes.collections) for axes in shaded.axes) == 5


def test_the_command_prints_the_band_or_null(capsys, tmp_path):
    cell = {
        "name": "band",
        "geometry": STACK,
        "fixture": NAMED,
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
    } | FOILS
    (tmp_path / "cell.yaml").write_text(json.dumps(cell, indent=1), encoding="utf-8")
    assert main(["run", str(tmp_path / "cell.yaml"), "--json", "--band"]) == 0
    printed = json.loads(capsys.readouterr().out)
    low, high = printed["cycles"][0]["stack_pressure_swing_band_MPa"]
    assert low <= printed["cycles"][0][SWING] <= high
    assert printed["bands"]["cycles"][0][SWING] == [low, high]
    assert [unknown["key"] for unknown in printed["bands"]["unknowns"]] == KEYS[:1]
    assert main(["run", str(tmp_path / "cell.yaml"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["cycles"][0]["stack_pressure_swing_band_MPa"] is None
    assert printed["bands"] is None
