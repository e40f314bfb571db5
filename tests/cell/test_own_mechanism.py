"""The mechanism of docs/howto/add_a_mechanism.md: its step alone, and a run with it."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from lithomech.cell.mechanisms import plugins
from lithomech.cell.mechanisms.declare import Before
from lithomech.errors import InputError
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import WIDTH, first_lanes, load, spread, store
from support import own_mechanism


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
    texts = [own_mechanism.cell_text(m) for m in (off, *own)]
    (tmp_path / "cells.json").write_text(json.dumps(texts[1:]))
    done = subprocess.run(
        [
            sys.executable, "-m", "support.own_mechanism", str(tmp_path),
            str(tmp_path / "cells.json"), str(tmp_path / "results.json"),
        ],
        cwd=Path(own_mechanism.__file__).parents[1],
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
