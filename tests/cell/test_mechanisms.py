"""Mechanisms: each step alone, switched in a cell file, one of a user beside them."""

import importlib.util
import json
import os
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.app import cli
from lithomech.cell.mechanisms import contact, plugins
from lithomech.cell.mechanisms.check import DRIVES, VALUES_AFTER
from lithomech.cell.mechanisms.declare import Before, Wall
from lithomech.cell.mechanisms.registry import MODULES
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.solver import march, observe
from lithomech.errors import InputError
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import WIDTH, first_lanes, load, spread, store
from support import own_mechanism
from support.cells import COARSE, LITHIUM, composite, declare, solve
from support.random_cells import numbered_cell

STEPPING = [m for m in MODULES if m is not contact]  # the contact has no memory
CYCLE = ["Charge at 0.2C for 1 hour", "Rest for 10 min"]
# Somewhere inside the range of each: potentials outside the window, currents above critical
DRIVEN = {
    "temperature": 298.15,
    "J": -0.3,
    "rate": -2e-5,
    "x_s": 0.42,
    "x_m": 0.47,
    "slope": 0.031,
    "P": 5.3e6,
    "misfit": 0.05,
    "potential": 3.9,
    "theta": 0.6,
    "pressure": 2e7,
    "gap": 1e-4,
    "i": 60.0,
    "rest": 0.0,
}
HISTORY = {
    "damage": 0.2,
    "residual": 1e-3,
    "wall_strain": 5e-4,
    "oxidation": 3.0,
    "reduction": 2.0,
    "kept": 1.0,
    "open": 1e-7,
    "occluded": 2e-8,
    "film": 4.0,
}
SEEDS = np.random.default_rng(15).uniform(0.5, 1.5, (len(DRIVEN), 2))
OTHERWISE = {"first_cycle": {"potential": 0.4}}


# the how-to's mechanism, alone


def load_page(folder):
    path = own_mechanism.write(folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ageing(tmp_path_factory):
    return load_page(tmp_path_factory.mktemp("page"))


def moved(number, rate):
    """A drive of which only dx/dt counts."""
    zero = 0.0 * number
    return Before(298.15, zero, number * rate, zero, zero, zero, zero)


def test_the_page_adds_a_mechanism_in_one_file_of_under_60_lines(ageing):
    assert len(own_mechanism.source().splitlines()) < 60
    plugins.check_declared(ageing)


@pytest.mark.parametrize("steps", [1, 100])
def test_the_mechanism_of_the_page_follows_its_equation(ageing, steps):
    """One implicit step by hand; a hundred come within their order of the exact solution."""
    rate, limit, speed, duration = 0.004, 0.01, 1e-4, 5000.0
    p, state = ageing.Parameters(rate, limit), ageing.States(0.001)
    for _ in range(steps):
        state, done = ageing.advance(p, state, moved(1.0, speed), duration / steps)
    assert done.misfit == state.grown
    exact = limit - (limit - 0.001) * np.exp(-rate * speed * duration / limit)
    step = rate * speed * duration / steps / limit
    assert_allclose(state.grown, exact, rtol=step)
    if steps == 1:
        by_hand = (0.001 + 0.002) / (1.0 + 0.2)
        assert_allclose(state.grown, by_hand, rtol=2e-4)  # the kink at rest is smoothed


def test_the_mechanism_of_the_page_carries_derivatives(ageing):
    p, old, h = ageing.Parameters(0.004, 0.01), ageing.States(0.001), 60.0
    rate = Dual(-3e-5, 2.0, -7.0)
    drive = Before(298.15, rate, rate, rate, rate, rate, rate)
    state, done = ageing.advance(p, old, drive, h)
    growth = h * 0.004 * 3e-5
    by_growth = (1.0 - 0.001 / 0.01) / (1.0 + growth / 0.01) ** 2
    slope = -by_growth * h * 0.004  # of |dx/dt| where it is negative
    assert_allclose(state.grown.value, (0.001 + growth) / (1.0 + growth / 0.01), rtol=1e-4)
    assert_allclose(state.grown.first, 2.0 * slope, rtol=1e-4)
    assert_allclose(done.misfit.second, -7.0 * slope, rtol=1e-4)


def test_lanes_of_the_mechanism_of_the_page_are_its_duals(ageing):
    advance, States = ageing.advance, ageing.States

    @njit
    def on_lanes(p, old, rate, h, out):
        chosen, zero = first_lanes(WIDTH), spread(0.0)
        seeded = Dual(load(rate, 0, chosen), spread(1.0), zero)
        drive = Before(298.15, seeded, seeded, seeded, seeded, seeded, seeded)
        state, done = advance(p, States(load(old, 0, chosen)), drive, h)
        store(out, 0, chosen, state.grown.value)
        store(out, WIDTH, chosen, done.misfit.first)

    p = ageing.Parameters(0.004, 0.01)
    rate, old = np.linspace(-1e-4, 1e-4, WIDTH), np.linspace(0.0, 0.009, WIDTH)
    out = np.zeros((2, WIDTH))
    on_lanes(p, old, rate, 60.0, out)
    for lane in range(WIDTH):
        one = Dual(rate[lane], 1.0, 0.0)
        drive = Before(298.15, one, one, one, one, one, one)
        state, done = advance(p, States(old[lane]), drive, 60.0)
        assert_allclose(out[0, lane], state.grown.value, rtol=1e-13)
        assert_allclose(out[1, lane], done.misfit.first, rtol=1e-12)


# every built-in mechanism, alone


@pytest.fixture(scope="module")
def model():
    """A cell in which every mechanism has a part."""
    graphite = composite("graphite", n_p_ratio=1.4, diameter="10 um")
    both = resolve(declare(decomposition=True, anode=graphite))
    return both, resolve(declare(decomposition=True, anode=LITHIUM))


def parameters_of(model, module):
    composites, foil = model
    sites = [*composites.classes["anode"], *composites.classes["cathode"], foil.foils["anode"]]
    found = [
        site.parameters[module.NAME]
        for site in sites
        if isinstance(site.parameters.get(module.NAME), module.Parameters)
    ]
    return found[-1]


def driven(module, number):
    """Its drive, each entry made by ``number`` from its value and the place of its seeds."""
    kind = DRIVES[module.SITE, module.PASS]
    values = DRIVEN | OTHERWISE.get(module.NAME, {})
    plain = ("temperature", *(VALUES_AFTER if kind.__name__ == "After" else ()))
    return kind(
        *(
            values[name] if name in plain else number(values[name], list(DRIVEN).index(name))
            for name in kind._fields
        )
    )


def history(module):
    return module.States(*(HISTORY[name] for name in module.States._fields))


def flat(outcome):
    """States and effect in one list."""
    return [*outcome[0], *outcome[1]]


def as_dual(value, place):
    scale = abs(value) or 1.0
    return Dual(value, scale * SEEDS[place, 0], scale * SEEDS[place, 1])


@pytest.mark.parametrize("module", STEPPING, ids=lambda m: m.__name__.rpartition(".")[2])
def test_no_time_changes_no_state(model, module):
    p, old = parameters_of(model, module), history(module)
    state, _ = module.advance(p, old, driven(module, as_dual), 0.0)
    for before, now in zip(old, state, strict=True):
        assert_allclose(now.value, before, rtol=1e-12)
        assert_allclose([now.first, now.second], 0.0, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("module", STEPPING, ids=lambda m: m.__name__.rpartition(".")[2])
@pytest.mark.parametrize("seed", [0, 1])
def test_derivatives_are_those_of_finite_differences(model, module, seed):
    p, old, h, small = parameters_of(model, module), history(module), 30.0, 1e-6

    def moved_by(step):
        def number(value, place):
            return value + step * (abs(value) or 1.0) * SEEDS[place, seed]

        return np.array(flat(module.advance(p, old, driven(module, number), h)), dtype=float)

    slopes = (moved_by(small) - moved_by(-small)) / (2.0 * small)
    exact = [
        (x.first, x.second)[seed] if isinstance(x, Dual) else 0.0
        for x in flat(module.advance(p, old, driven(module, as_dual), h))
    ]
    rounding = 1e-9 * np.abs(moved_by(0.0))
    assert np.any(np.abs(slopes) > rounding)
    assert np.all(np.abs(slopes - exact) <= 1e-5 * np.abs(slopes) + rounding)


@pytest.mark.parametrize("module", STEPPING, ids=lambda m: m.__name__.rpartition(".")[2])
def test_what_cannot_heal_only_grows(model, module):
    """Damage, wedging, yielding, films and shut voids; and each grows here."""
    state, _ = module.advance(
        parameters_of(model, module), history(module), driven(module, lambda v, _: v), 30.0
    )
    for name, now in zip(state._fields, state, strict=True):
        assert now >= HISTORY[name] * (1.0 - 1e-14), name
    assert any(now > HISTORY[name] for name, now in zip(state._fields, state, strict=True))


@pytest.mark.parametrize("misfit", [-0.02, -1e-3, 0.0, 1e-3])
def test_the_wall_presses_or_opens(model, misfit):
    """Pressure less stiffness times gap is that of a wall that never parts."""
    p = parameters_of(model, contact)
    drive = Wall(298.15, misfit, 5e6)
    trial = p.wall_stiffness * misfit + p.transmission * (5e6 - p.made_pressure)
    trial += p.residual_pressure
    pressed, bonded = contact.press(p, drive, 0.0), contact.bond(p, drive, 0.0)
    assert_allclose(pressed.pressure - p.wall_stiffness * pressed.gap, trial, rtol=1e-9)
    assert pressed.pressure >= 0.0
    assert pressed.gap >= 0.0
    assert 0.0 < pressed.theta <= 1.0
    assert_allclose(bonded.pressure, trial, rtol=1e-12)
    assert (bonded.gap, bonded.theta) == (0.0, 1.0)


# mechanisms: of a cell file


def profiles_of(result, key):
    return result.profiles[f"cathode_{key}"]


def test_default_changes_nothing():
    plain, default = (
        solve(protocol=CYCLE),
        solve(
            protocol=CYCLE,
            mechanisms={"cracking": "default", "contact": {"cathode": "default"}},
        ),
    )
    assert_array_equal(plain.voltage, default.voltage)
    assert_array_equal(plain.stack_pressure, default.stack_pressure)


def test_no_cracking_no_damage():
    assert profiles_of(solve(protocol=CYCLE), "crack_damage")[-1].min() > 0.0
    for off in ("none", {"rate": 0.0}, {"cathode": "none"}):
        result = solve(protocol=CYCLE, mechanisms={"cracking": off})
        assert_array_equal(profiles_of(result, "crack_damage"), 0.0)
    other = solve(protocol=CYCLE, mechanisms={"cracking": {"anode": "none"}})
    assert profiles_of(other, "crack_damage")[-1].min() > 0.0


def test_no_contact_mechanics_keeps_all_contact():
    assert profiles_of(solve(protocol=CYCLE), "contact_fraction")[-1].max() < 1.0
    result = solve(protocol=CYCLE, mechanisms={"contact": "none"})
    assert_array_equal(profiles_of(result, "contact_fraction"), 1.0)
    assert_array_equal(profiles_of(result, "gap_m"), 0.0)


def test_decomposition_false_is_no_interphase():
    off = solve(protocol=CYCLE, decomposition=False)
    none = solve(protocol=CYCLE, decomposition=True, mechanisms={"interphase": "none"})
    on = solve(protocol=CYCLE, decomposition=True)
    assert_array_equal(off.voltage, none.voltage)
    assert_array_equal(off.stack_pressure, none.stack_pressure)
    assert on.cycles[-1]["cathode_decomposition_mAh_per_cm2"] > 0.0


def test_one_electrode_is_switched_alone():
    result = solve(
        protocol=CYCLE, decomposition=True, mechanisms={"interphase": {"cathode": "none"}}
    )
    assert result.cycles[-1]["cathode_decomposition_mAh_per_cm2"] in {None, 0.0}
    assert result.cycles[-1]["anode_decomposition_mAh_per_cm2"] > 0.0


def test_a_constant_replaces_that_of_the_library():
    chosen = {"contact": {"cathode": {"adhesion": "0.2 MPa"}}, "interphase": {
        "oxidation.limit": "3.1 V"}}  # fmt: skip
    cell = declare(decomposition=True, mechanisms=chosen)
    (site,) = resolve(cell).classes["cathode"]
    assert site.parameters["contact"].adhesion == 2e5
    assert site.record["contact"]["adhesion"] == 2e5
    assert site.record["interphase"]["oxidation"]["limit"] == 3.1


WRONG = [
    ({"moon": "none"}, "mechanisms.moon", "no such mechanism; allowed: contact, cracking"),
    ({"cracking": {"moon": 1}}, "mechanisms.cracking.moon", "allowed: lattice_stress"),
    ({"cracking": {"left": "none"}}, "mechanisms.cracking.left", "no such constant"),
    ({"cracking": {"anode": {"moon": 1}}}, "mechanisms.cracking.anode.moon", "allowed: latt"),
    ({"contact": {"adhesion": "3 s"}}, "mechanisms.contact.adhesion", "MPa"),
    ({"contact": {"adhesion": 3}}, "mechanisms.contact.adhesion", "unit"),
    ({"cracking": 3}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": None}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": "nones"}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": {"mismatch": 1}}, "mechanisms.cracking.mismatch", "no such constant"),
]


@pytest.mark.parametrize(("mechanisms", "key", "hint"), WRONG)
def test_a_wrong_switch_is_one_clear_line(mechanisms, key, hint):
    with pytest.raises(InputError) as caught:
        resolve(declare(mechanisms=mechanisms))
    assert caught.value.key == key
    assert hint in caught.value.message
    assert "\n" not in str(caught.value)


def test_the_command_ends_with_a_line_and_code_2(tmp_path, capsys):
    path = tmp_path / "cell.yaml"
    assert cli.main(["run", str(cell_file(path, {"crackin": "none"})), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "mechanisms.crackin: no such mechanism; allowed: contact" in err
    assert f"{path}:" in err


def cell_file(path, mechanisms, **changes):
    """Write a cell with these mechanisms."""
    base = {
        "fixture": {
            "type": "fixed_gap", "pressure": "20 MPa", "frame_stiffness": "1 MPa/um",
        },
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "solver": COARSE,
        "decomposition": False,
        "protocol": ["Charge at 0.1C for 5 hours"],
        "mechanisms": mechanisms,
    }  # fmt: skip
    path.write_text(json.dumps(base | changes, indent=1), encoding="utf-8")
    return path


def switched(number):
    """A cell of the sweep with each mechanism on or off at random, or with a constant."""
    draw = np.random.default_rng([15, number])
    names = sorted({m.NAME for m in MODULES})
    ways = ("none", "default", {"cathode": "none"}, {"anode": "none"})
    mechanisms = {name: ways[draw.integers(len(ways))] for name in names if draw.integers(2)}
    if draw.integers(2):
        mechanisms["contact"] = {"adhesion": f"{draw.uniform(0.05, 0.5):.3f} MPa"}
    return numbered_cell(number).replace(mechanisms=mechanisms)


@pytest.mark.parametrize(
    ("first", "cells"), [(0, 30), pytest.param(30, 500, marks=pytest.mark.deep)]
)
def test_no_switch_compiles_anything(first, cells):
    run(numbered_cell(0))
    compiled = [len(kernel.signatures) for kernel in (march.march, observe.read_out)]
    for number in range(first, first + cells):
        assert run(switched(number)).status != "not converged", number
    now = [len(kernel.signatures) for kernel in (march.march, observe.read_out)]
    assert now == compiled == [1, 1]


# a mechanism of a user beside them


def test_what_is_no_mechanism_is_refused(ageing, monkeypatch):
    monkeypatch.setattr(plugins, "_OWN", {})
    with pytest.raises(InputError, match="lacks NAME, SITE, PASS, States"):
        plugins.register_mechanism(ModuleType("empty"))
    for change, hint in (
        ({"NAME": "cracking"}, "needs a name of its own"),
        ({"SITE": "particle"}, "SITE must be a SiteKind"),
        ({"__name__": "mine.yielding"}, "the file of a mechanism"),
        ({"advance": lambda p, old, drive, h: None}, "put @kernel before it"),  # noqa: ARG005
        ({"__name__": "elsewhere", "__file__": "nowhere.py"}, "a file of its own"),
    ):
        wrong = ModuleType("wrong")
        vars(wrong).update(vars(ageing) | change)
        with pytest.raises(InputError, match=hint):
            plugins.register_mechanism(wrong)
    assert plugins.composition().key == ""


@pytest.mark.deep
def test_a_run_with_the_mechanism_of_the_page(tmp_path):
    """Compiled whole, in a process and a cache of its own."""
    own_mechanism.write(tmp_path)
    off = {"cracking": "none", "yielding": "none", "contact": "none"}
    rate, limit = 1e-3, 2e-3
    grows = {"cathode": {"rate": rate, "limit": limit}}
    own = [off | {"ageing": ageing} for ageing in ({"rate": 0.0}, "none", grows)]
    texts = [cell_file(tmp_path / "cell.yaml", m).read_text() for m in (off, *own)]
    (tmp_path / "cells.json").write_text(json.dumps(texts[1:]))
    done = subprocess.run(
        [
            sys.executable, own_mechanism.__file__, str(tmp_path),
            str(tmp_path / "cells.json"), str(tmp_path / "results.json"),
        ],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (before,) = own_mechanism.run_all(texts[:1])
    idle, none, aged = json.loads((tmp_path / "results.json").read_text())
    # compiled together with it, sums are rounded in another order, and iterations enlarge that
    for same, other, rtol in ((idle, none, 1e-12), (idle, before, 1e-10)):
        assert_allclose(same["voltage"], other["voltage"], rtol=rtol)
        assert_allclose(same["stack_pressure"], other["stack_pressure"], rtol=rtol)
    assert idle["ledger"]["cathode | ageing"] == none["ledger"]["cathode | ageing"] == 0.0
    assert "ageing" not in before["causes"]
    assert "cathode_ageing" in aged["profiles"]
    # its equation integrated by hand over the change of x
    change = aged["x"][1] - aged["x"][0]
    grown = limit * (1.0 - np.exp(-rate * abs(change) / limit))
    assert_allclose(aged["cycle"]["ageing_strain_end"], grown, rtol=2e-3)
    # bonded particles pass on their transmission of it, and the frame turns it into pressure
    share = aged["volume_fraction"][0] * aged["transmission"][0]
    thicker = 3.0 * share * aged["cycle"]["ageing_strain_end"] * aged["thickness"]
    assert_allclose(aged["ledger"]["cathode | ageing"], thicker, rtol=1e-6)
    softness = 1.0 / aged["stiffness"] + aged["compliance"]
    rise = aged["stack_pressure"][-1] - idle["stack_pressure"][-1]
    assert_allclose(rise, thicker / softness, rtol=1e-3)
