"""The band of the pressure swing is what cells with the ends of the range do."""

import json

from numpy.testing import assert_allclose

from lithomech.app.cli import main
from lithomech.studies.frame_band import frame_band
from support.cells import LITHIUM, declare, solve

PROTOCOL = ["Charge at 0.2C for 1 hour", "Discharge at 0.2C for 30 min"]
CELL = {
    "cathode": {"type": "planar", "material": "li", "thickness": "100 um"},
    "anode": LITHIUM,
}
SPRING = {"type": "bolted", "pressure": "20 MPa"}
STACK = {"diameter": "10 mm"}


def swing(frame):
    result = solve(geometry=STACK, fixture=SPRING | frame, protocol=PROTOCOL)
    return result, result.cycles[0]["stack_pressure_swing_MPa"]


def test_the_band_is_between_the_softest_and_the_stiffest_frame():
    result, middle = swing({"frame": "peek_die_10mm"})
    cell = declare(
        geometry=STACK, fixture=SPRING | {"frame": "peek_die_10mm"}, protocol=PROTOCOL
    )
    band = frame_band(cell, result)
    assert_allclose(band.stiffness, (0.3e12, 0.9e12), rtol=1e-12)
    ends = [swing({"frame_stiffness": f"{k} MPa/um"})[1] for k in (0.3, 0.9)]
    assert_allclose(band.swings[0], sorted(ends), rtol=1e-6)
    assert band.swings[0][0] < middle < band.swings[0][1]


def test_a_fixture_without_a_named_frame_has_no_band():
    result, _ = swing({"frame_stiffness": "0.35 MPa/um"})
    cell = declare(geometry=STACK, fixture=SPRING | {"frame_stiffness": "0.35 MPa/um"})
    assert frame_band(cell, result) is None


def test_the_command_prints_the_band_or_null(capsys, tmp_path):
    cell = {
        "name": "band",
        "geometry": STACK,
        "fixture": SPRING | {"frame": "peek_die_10mm"},
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "protocol": ["Strip at 0.1 mA/cm2 for 1 hour"],
    }
    (tmp_path / "cell.yaml").write_text(json.dumps(cell | CELL, indent=1), encoding="utf-8")
    assert main(["run", str(tmp_path / "cell.yaml"), "--json", "--band"]) == 0
    (cycle,) = json.loads(capsys.readouterr().out)["cycles"]
    low, high = cycle["stack_pressure_swing_band_MPa"]
    assert low <= cycle["stack_pressure_swing_MPa"] <= high
    assert main(["run", str(tmp_path / "cell.yaml"), "--json"]) == 0
    (cycle,) = json.loads(capsys.readouterr().out)["cycles"]
    assert cycle["stack_pressure_swing_band_MPa"] is None
