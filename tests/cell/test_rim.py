"""The stack pressure splits the separator at the rim of the electrodes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.run import run
from lithomech.errors import InputError

TOUGHNESS, NU = 0.17e6, 0.37  # of li6ps5cl, as its file says
FLAW = 35e-6
SPLIT = "separator splits at the rim of the electrodes [Pa]"


def strength(flaw):
    """Griffith's pressure of a flaw at a free edge under (1 - 2 nu)/2 of it."""
    return TOUGHNESS / (1.12 * np.sqrt(np.pi * flaw)) / (0.5 * (1.0 - 2.0 * NU))


def declare(pressure, separator=None, **keys):
    return lm.load_cell(
        {
            "cathode": {
                "type": "composite",
                "loading": "10 mg/cm2",
                "active": [{"material": "ncm811", "weight": "70 %", "diameter": "5 um"}],
                "electrolyte": {
                    "material": "li6ps5cl",
                    "weight": "rest",
                    "diameter": "3 um",
                },
            },
            "anode": {"type": "planar", "material": "li_in", "thickness": "100 um"},
            "separator": {"material": "li6ps5cl", "thickness": "600 um"} | (separator or {}),
            "fixture": {
                "type": "bolted",
                "pressure": f"{pressure} MPa",
                "frame_stiffness": "2 MPa/um",
            },
            "geometry": {"area": "1 cm2"},
            "solver": {"nodes": 5, "shells": 6},
            "output": {"points": 400},
            "protocol": ["Charge at 0.3 mA/cm2 until 4.3 V"],
        }
        | keys
    )


def test_it_splits_when_the_fixture_has_raised_the_pressure_to_the_strength_of_its_flaw():
    limit = strength(FLAW)
    result = run(declare(0.99 * limit * 1e-6, {"flaw": "35 um"}))
    (event,) = [e for e in result.events if e.name == SPLIT]
    assert result.stack_pressure[0] < limit < result.stack_pressure[-1]
    assert_allclose(event.value, limit, rtol=1e-9)
    at = np.interp(event.time_s, result.time, result.stack_pressure)
    assert_allclose(at, limit, rtol=1e-6)
    assert event.cycle == 1
    load = result.cycles[0]["separator_rim_load_max"]
    assert_allclose(load, result.stack_pressure.max() / limit, rtol=1e-3)
    hours = event.time_s / 3600.0
    assert any(f"from {hours:.3g} h on (cycle 1" in w for w in result.warnings)


def test_a_pellet_that_is_split_as_assembled_says_so_once():
    again = {"protocol": [{"repeat": 2, "steps": ["Rest for 1 min", "Rest for 1 min"]}]}
    result = run(declare(2e-6 * strength(FLAW), {"flaw": "35 um"}, **again))
    (event,) = [e for e in result.events if e.name == SPLIT]
    assert event.time_s == 0.0
    assert_allclose(event.value, 2.0 * strength(FLAW), rtol=1e-3)


def test_four_times_the_flaw_bears_half_the_pressure():
    rest = {"protocol": ["Rest for 1 min"]}
    loads = [
        run(declare(10, {"flaw": f"{flaw} um"}, **rest)).cycles[0]["separator_rim_load_max"]
        for flaw in (10, 40)
    ]
    assert_allclose(loads, [10e6 / strength(1e-5), 20e6 / strength(1e-5)], rtol=1e-3)


def test_in_a_die_nothing_pulls():
    result = run(declare(200, {"flaw": "35 um", "rim_share": 0.0}, protocol=["Rest for 1 min"]))
    assert result.cycles[0]["separator_rim_load_max"] is None
    assert not any(e.name == SPLIT for e in result.events)


def test_what_keeps_its_volume_is_hardly_pulled():
    stiff = {"materials": {"li6ps5cl": {"poisson_ratio": 0.499}}}
    result = run(declare(200, {"flaw": "35 um"}, protocol=["Rest for 1 min"], **stiff))
    expected = 200e6 / strength(FLAW) * (1.0 - 2.0 * 0.499) / (1.0 - 2.0 * NU)
    assert_allclose(result.cycles[0]["separator_rim_load_max"], expected, rtol=1e-3)


def test_lithium_in_a_flaw_splits_it_before_the_pressure_at_the_rim_does():
    # (1 - 2 nu)/(1 - nu) of the pressure opens the one, (1 - 2 nu)/2 the other
    lithium = {"type": "planar", "material": "li", "thickness": "50 um"}
    result = run(declare(60, {"flaw": "35 um"}, anode=lithium, protocol=["Rest for 10 min"]))
    assert result.status == "short"
    assert result.cycles[0]["separator_rim_load_max"] < 1.0


def test_a_share_above_all_of_the_pressure_is_refused():
    with pytest.raises(InputError, match=r"separator.rim_share: .*150 %.*at most 100 %"):
        declare(10, {"rim_share": "150 %"})
