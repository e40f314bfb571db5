"""Mechanisms of the package: each step alone, and switched in a cell file."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.app import cli
from lithomech.cell.mechanisms import contact, host_in_front, isolation, lithium_voids, salt
from lithomech.cell.mechanisms.check import DRIVES, VALUES
from lithomech.cell.mechanisms.registry import MODULES
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.solver import march, observe
from lithomech.errors import InputError
from lithomech.numerics.dual import Dual
from support.cells import LITHIUM, composite, declare, solve
from support.own_mechanism import cell_text
from support.random_cells import numbered_cell

# the contact has no memory, voids are of spots, what a host dissolves and salt of modes: see
# test_mechanism_equations, test_host_in_front and test_salt
STEPPING = [m for m in MODULES if m not in (contact, lithium_voids, host_in_front, salt)]
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
    "give": 2e10,
    "crept": 4e-4,
    "potential": 3.9,
    "theta": 0.6,
    "pressure": 2e7,
    "gap": 1e-4,
    "cracks": 0.03,
    "swelling": -0.04,
    "i": 60.0,
    "lithium": 7e3,
    "contact": 0.8,
    "rest": 0.0,
    "left": 1e6,
    "j": -80.0,
    "overpotential": -0.05,
}
HISTORY = {
    "damage": 0.2,
    "residual": 1e-3,
    "wall_strain": 5e-4,
    "share": 0.1,
    "strain": 4e-4,
    "widest": 0.02,
    "taken": -0.3,
    "oxidation": 3.0,
    "oxygen": 1.5,
    "reduction": 2.0,
    "kept": 1.0,
    "open": 1e-7,
    "occluded": 2e-8,
    "film": 4.0,
    "length": 1e-6,
    "inactive": 50.0,
    "beyond": 1e6,
    "path": 0.3,
    "converted": 0.4,
    "compound": 0.1,
    "given": 0.2,
    "flowed": 0.3,
    "spent": 0.2,
    "split": 0.2,
    "overhang": 0.05,
}
# of creep, of what is cut off, of rubber; lithium; branches, and a compound that dissolves
REVERSIBLE = {"strain", "taken", "given", "path", "compound"}
SEEDS = np.random.default_rng(15).uniform(0.5, 1.5, (len(DRIVEN), 2))
OTHERWISE = {"first_cycle": {"potential": 0.4}, "electrolyte_cracks": {"pressure": 3e8}}


# every built-in mechanism, alone


@pytest.fixture(scope="module")
def model():
    """A cell in which every mechanism has a part."""
    graphite = composite("graphite", n_p_ratio=1.4, diameter="10 um")
    anodes = (graphite, LITHIUM | {"pressed": "1 MPa"}, {"type": "anode_free"})
    known = {"li6ps5cl": {"contact_pressure": "3 MPa", "surface_slope": 0.1}}
    silicon = declare(anode=composite("si", n_p_ratio=2.0, diameter="2 um"))
    separator = {"material": "li6ps5cl", "thickness": "600 um", "open_pore": "100 um"}
    changes = {"interphase": True, "materials": known, "separator": separator}
    others = [resolve(declare(anode=a, **changes)) for a in anodes]
    return [*others, resolve(silicon)]


def parameters_of(model, module):
    composites, foil, free, silicon = model
    sites = [*silicon.classes["anode"], *composites.classes["anode"]]
    sites += composites.classes["cathode"]
    sites += [foil.foils["anode"], free.foils["anode"]]
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
    plain = ("temperature", *VALUES.get(kind, ()))
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
    assert np.any(np.abs(slopes) > rounding) or module is isolation  # which sees values only
    assert np.all(np.abs(slopes - exact) <= 1e-5 * np.abs(slopes) + rounding)


@pytest.mark.parametrize("module", STEPPING, ids=lambda m: m.__name__.rpartition(".")[2])
def test_what_cannot_heal_only_grows(model, module):
    """Damage, wedging, yielding, films, shut voids, what is cut off; and each grows here."""
    state, _ = module.advance(
        parameters_of(model, module), history(module), driven(module, lambda v, _: v), 30.0
    )
    lasting = {k: v for k, v in state._asdict().items() if k not in REVERSIBLE}
    assert all(now >= HISTORY[name] * (1.0 - 1e-14) for name, now in lasting.items())
    assert any(now > HISTORY[name] for name, now in lasting.items()) or not lasting


@pytest.mark.parametrize("misfit", [-0.02, -1e-3, 0.0, 1e-3])
def test_the_wall_presses_or_opens(model, misfit):
    """Pressure less stiffness times gap is that of a wall that never parts."""
    p, P = parameters_of(model, contact), 5e6
    strained = contact.Strained(misfit, 0.0, 0.0)
    trial = p.wall_stiffness * misfit + p.transmission * (P - p.made_pressure)
    trial += p.made_contact_pressure
    near = contact.settle(p, strained, 0.0, P).pressure
    pressed = contact.press(p, strained, 0.0, P, near)
    bonded = contact.bond(p, strained, 0.0, P)
    assert_allclose(pressed.pressure - p.wall_stiffness * pressed.gap, trial, rtol=1e-9)
    assert pressed.pressure >= p.load_share * P / 3.0 - 1e-6
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
    spectrum = "Impedance from 1 kHz to 1 Hz, 1 points per decade"
    result = solve(protocol=[*CYCLE, spectrum], mechanisms={"contact": "none"})
    assert_array_equal(profiles_of(result, "contact_fraction"), 1.0)
    assert_array_equal(profiles_of(result, "gap_m"), 0.0)
    assert np.isfinite(result.impedance[0].impedance_ohm).all()


def test_decomposition_false_is_no_interphase():
    off = solve(protocol=CYCLE, interphase=True, decomposition=False)
    none = solve(protocol=CYCLE)
    on = solve(protocol=CYCLE, interphase=True)
    assert_array_equal(off.voltage, none.voltage)
    assert_array_equal(off.stack_pressure, none.stack_pressure)
    assert on.cycles[-1]["cathode_decomposition_mAh_per_cm2"] > 0.0


def test_one_electrode_is_switched_alone():
    result = solve(
        protocol=CYCLE, interphase=True, mechanisms={"interphase": {"cathode": "none"}}
    )
    assert result.cycles[-1]["cathode_decomposition_mAh_per_cm2"] in {None, 0.0}
    assert result.cycles[-1]["anode_decomposition_mAh_per_cm2"] > 0.0


def test_a_constant_replaces_that_of_the_library():
    chosen = {"contact": {"cathode": {"adhesion": "0.2 MPa"}}, "interphase": {
        "oxidation.limit": "3.1 V"}}  # fmt: skip
    cell = declare(interphase=True, mechanisms=chosen)
    (site,) = resolve(cell).classes["cathode"]
    assert site.parameters["contact"].adhesion == 2e5
    assert site.record["contact"]["adhesion"] == 2e5
    assert site.record["interphase"]["oxidation"]["limit"] == 3.1


WRONG = [
    (
        {"moon": "none"},
        "mechanisms.moon",
        "no such mechanism; allowed: alloying, bare_collector",
    ),
    ({"cracking": {"moon": 1}}, "mechanisms.cracking.moon", "allowed: lattice_stress"),
    ({"cracking": {"left": "none"}}, "mechanisms.cracking.left", "no such constant"),
    ({"cracking": {"anode": {"moon": 1}}}, "mechanisms.cracking.anode.moon", "allowed: latt"),
    ({"contact": {"adhesion": "3 s"}}, "mechanisms.contact.adhesion", "MPa"),
    ({"contact": {"adhesion": 3}}, "mechanisms.contact.adhesion", "unit"),
    ({"cracking": 3}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": None}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": "nones"}, "mechanisms.cracking", "allowed: none, default or"),
    ({"cracking": {"mismatch": 1}}, "mechanisms.cracking.mismatch", "no such constant"),
    ({"first_cycle": {"loss.limit": "1 V"}}, "mechanisms.first_cycle", "do nothing"),
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
    path.write_text(cell_text({"crackin": "none"}), encoding="utf-8")
    assert cli.main(["run", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "mechanisms.crackin: no such mechanism; did you mean cracking?" in err
    assert f"{path}:" in err


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
    compiled = [len(kernel.signatures) for kernel in (march.march_on, observe.fill_rows)]
    for number in range(first, first + cells):
        assert run(switched(number)).status != "not converged", number
    now = [len(kernel.signatures) for kernel in (march.march_on, observe.fill_rows)]
    assert now == compiled == [1, 1]
