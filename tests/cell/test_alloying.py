"""Silicon: plateau of the first lithiation, branches, Li15Si4, energy and lithium."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import lithomech as lm
from lithomech.cell.mechanisms import alloying
from lithomech.cell.mechanisms.declare import Before
from lithomech.cell.resolve.build import resolve
from lithomech.materials.load import load_material
from support.soundness import faults

HOUR = 3600.0
SLOW = 1.0 / (50.0 * HOUR)  # of the stoichiometry, 1/s


def example(name="si", pressure="70 MPa", **changes):
    fixture = {"type": "spring", "pressure": pressure, "stiffness": "0.35 MPa/um"}
    solver = {"nodes": 8, "shells": 12}
    return lm.load_cell(
        f"ncm811_lpscl_{name}", {"fixture": fixture, "solver": solver, **changes}
    )


@pytest.fixture(scope="module")
def constants():
    """Of the particles of the example; 2 um in diameter."""
    (site,) = [s for s in resolve(example()).classes["anode"] if "alloying" in s.active]
    return site.parameters["alloying"]


def carried(p, start, turns, rate=SLOW, steps=400):
    """Lithium moved evenly between turning points: stoichiometry, potential, states."""
    mean = load_material("si").curve("open_circuit_potential")
    states, rows = alloying.States(), []
    for begin, end in zip((start, *turns), turns, strict=False):
        dx = (end - begin) / steps
        h = abs(dx) / rate
        for x in begin + dx * np.arange(1, steps + 1):
            drive = Before(298.15, 0.0, dx / h, x, x, 2.75, 5e6)
            states, effect = alloying.advance(p, states, drive, h)
            rows.append((x, float(mean(x)) + effect.shift, *states))
    return np.array(rows).T.reshape(5, len(turns), steps)


def at(x, curve, where):
    order = np.argsort(x)
    return float(np.interp(where, x[order], curve[order]))


def test_crystals_give_way_once_at_a_plateau_near_a_tenth_of_a_volt(constants):
    """Near 170 mV at its begin for slow fronts; the second lithiation slopes above it."""
    x, U, _, converted, _ = carried(constants, 0.005, (0.7, 0.05, 0.7))
    flat = U[0][(x[0] > 0.15) & (x[0] < 0.6)]
    assert np.ptp(flat) < 0.02
    assert 0.08 < flat.mean() < 0.17
    assert at(x[2], U[2], 0.3) > at(x[0], U[0], 0.3) + 0.05
    assert np.all(np.diff(converted.ravel()) >= 0.0)
    slower = carried(constants, 0.005, (0.6,), rate=SLOW / 100.0)[1][0]
    assert_allclose(slower[300], 0.17, atol=0.005)


def test_half_filled_silicon_keeps_a_crystalline_core(constants):
    """What is amorphous takes all the lithium, 0.6 to 0.8 per site of it."""
    _, _, _, converted, _ = carried(constants, 0.005, (0.3,))
    share = converted[0][-1] + constants.amorphous
    assert 0.3 / 0.8 < share < 0.3 / constants.begins


def test_branches_lie_two_to_three_tenths_of_a_volt_apart(constants):
    x, U, path, _, _ = carried(constants, 0.005, (0.9, 0.05, 0.9))
    for where in (0.3, 0.5, 0.7):
        assert 0.18 < at(x[1], U[1], where) - at(x[2], U[2], where) < 0.32
    assert np.abs(path).max() <= 1.0 + 1e-6


def test_full_silicon_crystallises_and_gives_lithium_back_at_a_plateau(constants):
    """Li15Si4 below 60 mV only; delithiated it shows a plateau at 0.43 V instead of a slope."""
    _, U, _, _, compound = carried(constants, 0.005, (0.99, 0.1))
    assert compound[0][U[0] > 0.062].max() == 0.0
    assert compound[0][-1] > 0.5
    flat = U[1][(compound[1] > 0.1) & (compound[1] < 0.6)]
    assert np.ptp(flat) < 0.02
    assert_allclose(flat.mean(), 0.43, atol=0.02)
    assert compound[1][-1] < 1e-3
    sloping = carried(constants, 0.005, (0.8, 0.1))
    assert sloping[4].max() == 0.0
    assert np.ptp(sloping[1][1][(sloping[0][1] > 0.5) & (sloping[0][1] < 0.75)]) > 0.05


@pytest.mark.parametrize("seed", range(4))
def test_no_closed_cycle_sets_energy_free(constants, seed):
    """Energy over a cycle that ends where it began, phases and path included, is lost."""
    draw = np.random.default_rng(seed)
    turns = tuple(draw.uniform(0.05, 0.99, 6))
    x, U, *_ = carried(constants, 0.005, (0.99, *(turns * 3)), steps=150)
    x, U = x[7:].ravel(), U[7:].ravel()
    lost = np.sum(-0.5 * (U[1:] + U[:-1]) * np.diff(x))
    stored = float(load_material("si").curve("hysteresis")(0.5)) * constants.width
    assert lost > -stored
    assert lost > 0.0


CYCLE = [
    "Charge at 0.1C until 4.2 V",
    "Rest for 1 hour",
    "Discharge at 0.1C until 2.5 V",
    "Rest for 1 hour",
]


def test_without_hysteresis_and_phases_nothing_happens():
    """Gap 0 and amorphous as made: the electrode of one potential, as switched off."""
    flat = {"si": {"hysteresis": "0 V", "amorphous_share": 1, "compound_forms": "-0.5 V"}}
    off = lm.run(example(protocol=CYCLE, mechanisms={"alloying": "none"}))
    on = lm.run(example(protocol=CYCLE, materials=flat))
    for mine, other in zip(on.cycles, off.cycles, strict=True):
        for key in ("charge_capacity_mAh_per_g", "discharge_capacity_mAh_per_g"):
            assert_allclose(mine[key], other[key], rtol=1e-4)
    assert_array_equal(on.profiles["anode_converted_share"], 0.0)


def test_hosts_of_one_potential_have_no_part():
    for name in ("sn", "graphite"):
        model = resolve(lm.load_cell(f"ncm811_lpscl_{name}"))
        assert all("alloying" not in s.active for s in model.classes["anode"])


@pytest.mark.parametrize(("shell", "flows"), [("2 GPa", "0.5 GPa"), ("0.1 GPa", "0.1 GPa")])
def test_the_softer_of_shell_and_particle_flows(shell, flows):
    """Lithiated silicon in a hard electrolyte fills pores itself, at its own strength."""

    def tables(strength, flow):
        known = {
            "li6ps5cl": {"shell_yield_strength": strength},
            "si": {"flow_strength": flow},
        }
        (site,) = [
            s
            for s in resolve(example(materials=known)).classes["anode"]
            if s.active >= {"alloying"}
        ]
        return site.parameters["yielding"]

    mine, other = tables(shell, "0.5 GPa"), tables(flows, "100 GPa")
    assert_array_equal(mine.yielded, other.yielded)
    assert_array_equal(mine.lost, other.lost)


@pytest.fixture(scope="module")
def pressed():
    """The example at two stack pressures."""
    return {P: lm.run(example(pressure=P)) for P in ("5 MPa", "70 MPa")}


def test_lithium_is_neither_made_nor_lost(pressed):
    for pressure, result in pressed.items():
        assert faults(example(pressure=pressure), result) == []


def test_more_pressure_returns_more_lithium_from_silicon(pressed):
    """Bench: contact is lost on shrinkage, and lithium with it, at 5 MPa and less at 70 MPa."""
    low, high = (pressed[P].cycles for P in ("5 MPa", "70 MPa"))
    assert low[0]["coulombic_efficiency"] < high[0]["coulombic_efficiency"] - 0.03
    for mine, other in zip(low, high, strict=True):
        key = "discharge_capacity_mAh_per_g"
        assert mine[key] < other[key] - 10.0


def test_the_stack_pressure_of_silicon_has_hysteresis(pressed):
    """At equal charge the first discharge stands above the first charge: pores were filled."""
    for result in pressed.values():
        first, P = result.series.columns["Cycle Count / 1"] == 1, result.stack_pressure
        x = np.nanmean(result.profiles["anode_stoichiometry"], axis=(1, 2))
        up, down = first & (result.current > 0.0), first & (result.current < 0.0)
        where = 0.75 * x[up].max()
        assert at(x[down], P[down], where) > at(x[up], P[up], where) + 0.1e6
