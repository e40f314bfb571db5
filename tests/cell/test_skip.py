"""Skipped cycles against the full run, which knows nothing of them."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.protocol.order import flatten
from lithomech.cell.readout.load import load_result
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.state import foil_start
from lithomech.errors import InputError
from lithomech.plot.cell_result import cycling
from support.cells import INDIUM, LITHIUM, composite, declare, spring

FARADAY = 96485.33212
COUNT = 200
QUICK = [
    "Charge at 0.5C until 4.3 V",
    "Hold at 4.3 V until 0.05C",
    "Discharge at 0.5C until 2.8 V",
]
SLOW = [step.replace("0.5C", "0.2C").replace("0.05C", "0.02C") for step in QUICK]
CRACKS = {"crack_rate": "0.05", "crack_residual_rate": "2e-4"}
GRINDING = {f"isolation_by_{cause}": "0.02" for cause in ("opening", "working")}
COATED_LCO = {
    "material": "lco",
    "weight": "70 %",
    "diameter": "5 um",
    "coating": {"material": "linbo3", "thickness": "10 nm"},
}
COATED = composite() | {"active": [COATED_LCO | {"material": "ncm811", "diameter": "4 um"}]}
MEASURED = composite("ncm88", porosity="23 %", mass="20 mg") | {
    "transport": {"type": "measured", "table": "song2021_ncm88_li6ps5cl"}
}
WHOLE = {"isolation": "none"}
LIVES = {
    "no decomposition": {"mechanisms": WHOLE},
    "slow cracks": {"mechanisms": WHOLE, "materials": {"ncm811": CRACKS}},
    "grains cut off": {"materials": {"ncm811": GRINDING | {"isolation_by_load": "0"}}},
    "films": {"mechanisms": WHOLE, "interphase": True, "cathode": COATED, "steps": SLOW},
}
# the cathode gains lithium in its grains that are left until a timed discharge fills it
ENDING = {
    "steps": ["Discharge at 0.2C for 2 hours", "Charge at 0.2C for 2 hours"],
    "initial": {"cathode": "0.5"},
    "materials": {"ncm811": {"isolation_by_opening": "15", "isolation_by_working": "0.5"}},
}
# films that end a charge or a discharge from one cycle to the next
RESISTIVE = {"li6ps5cl": {"oxidation_film_ionic_conductivity": "8e-8 S/m"}}


def life(error=None, count=COUNT, steps=QUICK, **changes):
    """A small cell that repeats a cycle."""
    repeat = {"repeat": count, "steps": steps} | ({"skip": {"error": error}} if error else {})
    base = {
        "solver": {"nodes": 4, "shells": 8},
        "anode": INDIUM,
        "output": {"traces": "none"},
        "protocol": [repeat],
    }
    return declare(**(base | changes))


@cache
def lived(name, error=None):
    return run(life(error, **LIVES[name]))


def capacity(result):
    return np.array([cycle["discharge_capacity_mAh_per_cm2"] for cycle in result.cycles])


def simulated(result):
    return np.array([cycle["simulated"] for cycle in result.cycles]) == 1.0


@pytest.mark.parametrize("error", ["0.1 %", "1 %"])
@pytest.mark.parametrize("name", LIVES)
def test_every_capacity_is_as_right_as_promised(name, error):
    full, skipping = lived(name), lived(name, error)
    assert full.status == skipping.status == "completed"
    promised = 1e-2 * float(error.split()[0]) * capacity(full)[0]
    assert_allclose(capacity(skipping), capacity(full), rtol=0, atol=promised)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("no decomposition", 0.5),
        ("slow cracks", 0.5),
        ("grains cut off", 0.5),
        ("films", 0.9),  # they change the end of the first cycles from one to the next
    ],
)
def test_far_fewer_cycles_are_simulated(name, most):
    assert simulated(lived(name, "0.1 %")).sum() < most * COUNT


def test_a_cell_that_settles_is_not_simulated_until_it_has():
    """A thousand cycles that lose nine tenths: most of it in the first hundred."""
    assert simulated(run(life("0.1 %", count=1000))).sum() < 400


def test_what_is_simulated_and_what_is_not_is_reported():
    result = lived("no decomposition", "0.1 %")
    ran = simulated(result)
    skipped = []
    for event in result.events:
        words = event.name.split()
        if words[:2] == ["cycles", "skipped:"]:
            numbers = range(int(words[2]), int(words[4]) + 1)
            assert (event.cycle, event.value) == (numbers[0], len(numbers))
            assert event.step == 1 + len(QUICK) * (event.cycle - 1)
            skipped += numbers
    assert skipped == [n + 1 for n in np.flatnonzero(~ran)]
    (warning,) = (w for w in result.warnings if "simulated" in w)
    assert warning.startswith(f"{ran.sum()} of {COUNT} cycles simulated; ")
    estimated = float(warning.partition("estimated ")[2].partition(" %")[0])
    worst = abs(capacity(result) - capacity(lived("no decomposition"))).max()
    assert 100 * worst / capacity(result)[0] < estimated < 0.1


def test_time_and_the_other_quantities_follow():
    full, skipping = lived("slow cracks"), lived("slow cracks", "0.1 %")
    end = full.events[-1].time_s
    assert_allclose(skipping.events[-1].time_s, end, rtol=1e-4)
    for key, part in (
        ("crack_damage_end", 1e-3),
        ("stack_pressure_end_of_charge_MPa", 1e-3),
        ("mean_discharge_voltage_V", 1e-4),
    ):
        ours, theirs = ([cycle[key] for cycle in r.cycles] for r in (skipping, full))
        assert_allclose(ours, theirs, rtol=part)


def test_hours_outside_the_data_count_for_skipped_cycles():
    """No table of conductivities reaches to 100 MPa: their end value is held all the time."""

    def hours(error):
        whole = {"fixture": spring("100 MPa"), "cathode": MEASURED} | LIVES["no decomposition"]
        result = run(life(error, count=60, **whole))
        (warning,) = (w for w in result.warnings if "conductivities: stack pressure" in w)
        return simulated(result).sum(), float(warning.split()[-2])

    (_, full), (ran, skipping) = hours(None), hours("1 %")
    assert ran < 50
    assert full > 100
    assert_allclose(skipping, full, rtol=0.01)


def test_lithium_and_charge_stay_conserved():
    cell = life("0.1 %", **LIVES["no decomposition"])
    model, result = resolve(cell), lived("no decomposition", "0.1 %")
    a, z, state = model.arrays, model.layout, result.state
    began = model.start[: z.states].reshape(z.shells, z.members)
    moved = a.sphere["volume"] @ (state["stoichiometry"] - began)
    (block,) = a.blocks
    host = a.particles["host"][block["k"]]
    lithium = block["width"] * host["volume_fraction"] * host["c_max"] * FARADAY * moved.sum()
    charge = state["charge"][0]
    most = 36e3 * capacity(result)[0]  # C/m2 in mAh/cm2
    assert abs(lithium - charge) < 1e-10 * most
    foil = state["anode.stoichiometry"][0] - model.start[foil_start(z, "anode")]
    assert abs(foil / a.foils["host"][0]["per_charge"] + charge) < 1e-10 * most


@pytest.mark.parametrize("error", ["0.1 %", "1 %"])
def test_a_life_that_ends_ends_the_same(error):
    full, skipping = run(life(**ENDING)), run(life(error, **ENDING))
    assert full.status == skipping.status == "electrode exhausted"
    assert 100 < len(full.cycles) < COUNT
    assert abs(len(skipping.cycles) - len(full.cycles)) <= 2
    assert simulated(skipping).sum() < 0.7 * len(full.cycles)
    assert simulated(skipping)[-1]
    n = min(len(full.cycles), len(skipping.cycles)) - 1
    assert_allclose(capacity(skipping)[:n], capacity(full)[:n], rtol=1e-3)


def test_no_jump_leads_over_a_step_that_is_skipped():
    """At a high rate the charge begins above its limit in every cycle."""
    steps = ["Charge at 20C until 4.0 V", *QUICK[1:]]
    result = run(life("5 %", count=30, steps=steps, **LIVES["no decomposition"]))
    names = Counter(event.name for event in result.events)
    assert names["step skipped: its cut-off was already passed"] >= 29
    assert simulated(result).all()


def test_a_cell_that_leaps_is_simulated_in_full():
    """Its films let the charge end at once for about twenty cycles, again and again."""
    steps = [SLOW[0], "Rest for 1 hour", SLOW[2]]
    restless = {
        "cathode": composite() | {"active": [COATED_LCO]},
        "interphase": True,
        "materials": RESISTIVE,
        "mechanisms": WHOLE,
        "temperature": "45 degC",
        "fixture": spring("10 MPa", "2 MPa/um"),
    }
    result = run(life("1 %", count=150, steps=steps, **restless))
    assert abs(np.diff(capacity(result))).max() > 0.5 * capacity(result)[0]
    assert simulated(result)[60:].all()


@pytest.mark.deep
def test_before_a_leap_no_cycle_is_skipped():
    """The capacity falls within a cycle or two: where, no jump can say to a hundredth cycle."""
    falling = {
        "cathode": composite() | {"active": [COATED_LCO]},
        "anode": LITHIUM,
        "interphase": True,
        "materials": RESISTIVE,
        "temperature": "45 degC",
        "fixture": spring("50 MPa", "0.05 MPa/um"),
    }
    full, skipping = run(life(**falling)), run(life("0.1 %", **falling))
    assert abs(np.diff(capacity(full))[100:]).max() > 0.1 * capacity(full)[0]
    assert skipping.cycles == full.cycles
    assert sum("the capacity leaps" in warning for warning in skipping.warnings) == 1


def test_what_stands_in_each_cycle_runs_in_each_that_is_simulated():
    steps = [
        *QUICK,
        "Impedance from 1 kHz to 1 Hz, 1 points per decade",
        "Set stack pressure to 15 MPa",
    ]
    whole = {"steps": steps, "count": 60} | LIVES["no decomposition"]
    full, result = run(life(**whole)), run(life("1 %", **whole))
    ran = 1 + np.flatnonzero(simulated(result))
    assert len(ran) < 50
    assert [spectrum.cycle for spectrum in result.impedance] == list(ran)
    assert_allclose(capacity(result), capacity(full), rtol=0, atol=1e-2 * capacity(full)[0])
    steps = [planned.what.text for planned in flatten(life(**whole).steps())]
    for event in result.events:
        if event.name == "stack pressure set [Pa]":
            assert steps[event.step - 1] == "Set stack pressure to 15 MPa"


def test_repeats_of_repeats_share_the_error():
    """The inner repeat begins anew in each pass of the outer one."""
    inner = {"repeat": 30, "steps": QUICK, "skip": {"error": "1 %"}}
    outer = {"repeat": 2, "steps": ["Rest for 1 hour", inner]}
    result = run(life(protocol=[outer], **LIVES["no decomposition"]))
    assert len(result.cycles) == 60
    ran = simulated(result)
    assert ran[:4].all() and ran[30:34].all()
    assert not ran.all()


def test_a_result_keeps_what_was_skipped(tmp_path):
    result = lived("no decomposition", "0.1 %")
    result.save(tmp_path / "result.nc")
    again = load_result(tmp_path / "result.nc")
    assert again.cycles == result.cycles
    assert again.events == result.events
    assert again.cell.steps()[0].skip_error == 1e-3
    line = cycling(result).axes[0].lines[0]
    assert line.get_markevery() == list(np.flatnonzero(simulated(result)))


def test_ctrl_c_leaves_no_jump_that_was_not_judged():
    class Stop:
        calls = 0

        def __call__(self, _fraction, text):
            self.calls += "Hold" in text
            if self.calls > 40:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        run(life("1 %", **LIVES["no decomposition"]), progress=Stop())
    result = caught.value.result
    assert result.status == "interrupted"
    full = capacity(lived("no decomposition"))
    whole = len(result.cycles) - 1  # the last one was begun
    assert whole > 10
    assert_allclose(capacity(result)[:whole], full[:whole], rtol=0, atol=1e-2 * full[0])
    assert simulated(result)[-1]


@pytest.mark.parametrize(
    ("skip", "message"),
    [
        (True, r"protocol\[0\].skip: expected {error: 0.1 %}, not true"),
        ({}, "expected {error: 0.1 %}"),
        ({"error": "0.1 %", "every": 3}, "expected {error: 0.1 %}"),
        ({"error": "small"}, r"protocol\[0\].skip.error: 'small'"),
        ({"error": "10 %"}, "the error must be from 0.001 % to 5 % of the first capacity"),
        ({"error": 0}, "the error must be from 0.001 % to 5 %"),
    ],
)
def test_mistakes_in_the_key(skip, message):
    with pytest.raises(InputError, match=message):
        declare(protocol=[{"repeat": 10, "steps": QUICK, "skip": skip}])


def test_only_an_innermost_repeat_may_skip():
    inner = {"repeat": 10, "steps": QUICK}
    outer = {"repeat": 10, "steps": [inner], "skip": {"error": "0.1 %"}}
    with pytest.raises(InputError, match="only an innermost repeat may skip"):
        declare(protocol=[outer])
