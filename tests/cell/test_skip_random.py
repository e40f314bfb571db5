"""The promise of skipped cycles, kept in random cells of all fates."""

import random

import numpy as np
import pytest

from lithomech.cell.run import run
from support.cells import INDIUM, LITHIUM, composite, declare, lto, spring

pytestmark = pytest.mark.deep
FEWEST = 3  # cycles that the end of a life may be off by


def any_cell(seed):
    """Count and steps of a repeat, and the keys of its cell."""
    draw = random.Random(seed)
    count, rate = draw.choice([100, 200]), draw.choice(["0.1C", "0.2C", "0.5C"])
    top, low = draw.choice([("4.3 V", "2.8 V"), ("4.2 V", "3.0 V")])
    possible = [
        (1.0, f"Charge at {rate} until {top}"),
        (0.6, f"Hold at {top} until 0.05C"),
        (0.4, "Rest for 1 hour"),
        (1.0, f"Discharge at {rate} until {low}"),
        (0.3, f"Hold at {low} until 0.05C"),
        (0.1, "Set stack pressure to 10 MPa"),
    ]
    steps = [step for share, step in possible if draw.random() < share]
    material = draw.choice(["ncm811", "ncm88", "ncm622"])
    active = {"material": material, "weight": "70 %", "diameter": draw.choice(["3 um", "5 um"])}
    if draw.random() < 0.5:
        active["coating"] = {"material": "linbo3", "thickness": "10 nm"}
    thin = LITHIUM | {"thickness": draw.choice(["0 um", "3 um", "20 um"])}
    cracks = {"crack_rate": draw.choice(["0.02", "0.2"]), "crack_residual_rate": "1e-3"}
    keys = {
        "cathode": composite() | {"active": [active]},
        "anode": draw.choice([INDIUM, LITHIUM, thin, lto(draw.choice([0.9, 1.1, 1.3]))]),
        "interphase": draw.random() < 0.5,
        "fixture": spring(
            draw.choice(["1 MPa", "10 MPa", "50 MPa"]),
            draw.choice(["0.05 MPa/um", "0.4 MPa/um", "2 MPa/um"]),
        ),
        "temperature": draw.choice(["25 degC", "60 degC"]),
        "mechanisms": {"isolation": "none"} if draw.random() < 0.5 else {},
        "materials": {material: cracks} if draw.random() < 0.4 else {},
    }
    return count, steps, keys


def lived(seed, error=None):
    count, steps, keys = any_cell(seed)
    repeat = {"repeat": count, "steps": steps} | ({"skip": {"error": error}} if error else {})
    small = {"solver": {"nodes": 4, "shells": 8}, "output": {"traces": "none"}}
    return run(declare(**(small | keys | {"protocol": [repeat]})))


@pytest.mark.parametrize("seed", range(16))
def test_the_promise_is_kept(seed):
    full = lived(seed)
    whole = [cycle["discharge_capacity_mAh_per_cm2"] for cycle in full.cycles]
    for error in ("0.1 %", "1 %"):
        result = lived(seed, error)
        assert result.status == full.status
        assert abs(len(result.cycles) - len(whole)) <= FEWEST
        part = [cycle["discharge_capacity_mAh_per_cm2"] for cycle in result.cycles]
        both = min(len(part), len(whole)) - (full.status != "completed")
        off = np.abs(np.subtract(part[:both], whole[:both]))
        assert off.max(initial=0.0) <= 1e-2 * float(error.split()[0]) * (whole or [0.0])[0]
