"""Lithium and charge are conserved to rounding, however loosely time is resolved."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.protocol.order import flatten
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import Runner, run
from lithomech.cell.solver.interface import BARRIER
from lithomech.cell.solver.voltages import BESIDE
from lithomech.numerics.table import INTERVALS, integral_table, tabulate
from support.cells import COARSE, INDIUM, LITHIUM, composite, declare, lto, solve, spring

FARADAY = 96485.33212
CCCV = [
    "Charge at 0.5C until 4.2 V",
    "Hold at 4.2 V until 0.05C",
    "Discharge at 0.5C until 3.0 V",
    "Hold at 3.0 V until 0.05C",
    "Rest for 1 hour",
]
BLEND = composite() | {
    "active": [
        {"material": "ncm811", "weight": "30 %", "diameter": "4 um"},
        {
            "material": "lco",
            "weight": "40 %",
            "diameter": {"d10": "3 um", "d50": "5 um", "d90": "9 um"},
        },
    ]
}
CELLS = {
    "lithium": {"anode": LITHIUM},
    "lithium with voids": {"anode": LITHIUM, "fixture": spring("3 MPa", "0.05 MPa/um")},
    "nothing cut off": {"anode": LITHIUM, "mechanisms": {"isolation": "none"}},
    "blend and indium": {"cathode": BLEND, "anode": INDIUM},
    "two composites": {"cathode": BLEND, "anode": lto()},
}


def lithium(runner, sign):
    """Lithium in one electrode as charge per area [C/m2]; None for the endless foil."""
    model, z, y = runner.model, runner.model.layout, runner.y
    a, total = model.arrays, None
    means = a.sphere["volume"] @ y[: z.states].reshape(z.shells, z.members)
    share, taken = (y[model.slots[f"isolation.{name}"].place] for name in ("share", "taken"))
    made = np.repeat(a.particles["isolation"]["made"], model.cell.solver.nodes)
    trapped = np.where(share > 0.0, made + taken - (1.0 - share) * means, 0.0)
    means = (1.0 - share) * means + trapped
    for block in a.blocks:
        if a.electrodes["sign"][block["electrode"]] == sign:
            host = a.particles["host"][block["k"]]
            mean = means[block["member"] :][: block["count"]].sum()
            part = block["width"] * host["volume_fraction"] * host["c_max"] * FARADAY * mean
            total = part + (total or 0.0)
    if total is not None:
        return total
    side = 1 if sign > 0 else 0
    x = y[z.foils + z.foil_rows * side]
    per_charge = a.foils["host"][side]["per_charge"]
    return x / per_charge if per_charge else None


def surface_current(runner, sign):
    """Sum of all interface currents of a composite electrode per cell area."""
    z, a, total = runner.model.layout, runner.model.arrays, None
    J = runner.y[z.flux : z.flux + z.members]
    for block in a.blocks:
        if a.electrodes["sign"][block["electrode"]] == sign:
            area = block["width"] * a.particles["host"][block["k"]]["area"]
            part = area * J[block["member"] :][: block["count"]].sum()
            total = part + (total or 0.0)
    return total


@pytest.mark.parametrize("tolerance", ["5 mV", "0.2 mV", "1 uV"])
@pytest.mark.parametrize("name", CELLS)
def test_lithium_and_charge_are_conserved(name, tolerance):
    cell = declare(
        protocol=CCCV,
        solver={"nodes": 6, "shells": 8, "voltage_tolerance": tolerance},
        reference="li",
        **CELLS[name],
    )
    runner = Runner(resolve(cell))
    for host in runner.model.arrays.particles["host"]:
        # a diffusivity that changes tenfold with lithium
        level = host["permeation"][500, 1] * INTERVALS
        varied = tabulate(lambda x, level=level: level * 10.0 ** (x - 0.5))
        host["permeation"] = integral_table(varied)
    z = runner.model.layout
    before = [lithium(runner, sign) for sign in (-1, 1)]
    most, passed = 0.0, 0.0
    for planned in flatten(cell.steps()):
        started = runner.time
        runner.take(planned)
        assert runner.status is None, runner.status
        charge, current = runner.y[z.charge], runner.y[z.current]
        most = max(most, abs(charge))
        for sign, start in zip((-1, 1), before, strict=True):
            now = lithium(runner, sign)
            if now is not None:
                assert abs(now - start - sign * charge) < 1e-10 * most
            crossing = surface_current(runner, sign)
            if crossing is not None:  # positive where lithium leaves the solid
                assert (
                    abs(crossing + sign * current)
                    < 1e-10 * runner.model.one_c / runner.model.area
                )
        if "at 0.5C" in planned.what.text:
            assert_allclose(charge - passed, current * (runner.time - started), rtol=1e-10)
        passed = charge
    assert most > 1e4  # C/m2, about 3 mAh/cm2


FREE = {"type": "anode_free", "collector": "sus"}
THIN = {"type": "planar", "material": "li", "thickness": "20 um"}
METALS = {  # anode, mechanisms, and what must have come of it
    "bare collector": (FREE, "none", "bare_collector.inactive"),
    "foil with voids": (THIN, "none", "lithium_voids.occluded"),
    "foil with a film": (THIN, {"cathode": "none"}, "interphase.film"),
}


@pytest.mark.parametrize("tolerance", ["5 mV", "0.2 mV"])
@pytest.mark.parametrize("name", METALS)
def test_lithium_is_conserved_with_what_lost_its_contact(name, tolerance):
    """30 cycles: in the cathode, in metal, in films and in islands that were left behind."""
    anode, films, made = METALS[name]
    turn = ["Charge at 0.2C until 4.2 V", "Discharge at 0.2C until 3 V"]
    cell = declare(
        interphase=True,
        anode=anode,
        cathode=composite(thickness="30 um"),
        materials={"sus": {"inactive_share": "5 %"}} if anode is FREE else {},
        fixture={"type": "constant_pressure", "pressure": "2 MPa"},
        mechanisms={"separator_crack": "none", "interphase": films},
        protocol=[{"repeat": 30, "steps": turn}],
        solver={"nodes": 4, "shells": 6, "voltage_tolerance": tolerance},
    )
    runner = Runner(resolve(cell))
    z, slots = runner.model.layout, runner.model.slots

    def remembered(state):
        return float(np.mean(runner.y[slots[f"anode.{state}"].place]))

    before, most = lithium(runner, 1), 0.0
    for planned in flatten(cell.steps()):
        runner.take(planned)
        assert runner.status is None, runner.status
        charge, paid = runner.y[z.charge], runner.y[z.foils + 1]
        most = max(most, abs(charge))
        assert abs(lithium(runner, 1) - before - charge) < 1e-10 * most
        aside = remembered("bare_collector.inactive") + remembered("interphase.film")
        assert abs(paid - aside) < 1e-10 * most
    assert most > 2e4  # C/m2
    assert remembered(made) > 0.0


@pytest.mark.parametrize("charge", [0.5, 1.5])
def test_voids_are_thickness(charge):
    """Under 2 MPa: lithium that is gone, and the voids in what is left, to rounding."""
    cell = declare(
        anode=LITHIUM,
        cathode=LITHIUM,
        fixture={"type": "constant_pressure", "pressure": "2 MPa"},
        mechanisms={"separator_crack": "none"},
        protocol=["Discharge at 0.5 mA/cm2 for 1 h", f"Charge at {charge} mA/cm2 for 1 h"],
    )
    result = run(cell)
    grown = sum(rows for (layer, _), rows in result.ledger.items() if layer == "anode")
    passed = result.series.charge_throughput / cell.geometry.cross_section  # discharge < 0
    states = result.state
    voids = sum(np.mean(states[f"anode.lithium_voids.{of}"]) for of in ("open", "occluded"))
    assert voids > 1e-8
    assert_allclose(grown[-1], 12.97e-6 / FARADAY * passed[-1] + voids, rtol=1e-10)


NANOMETRES = [
    "Charge at 1e-4C for 1000 hours",
    "Set temperature to 60 degC",
    "Discharge at 1e-4C for 500 hours",
]


@pytest.mark.parametrize("order", [2, 5])
def test_lithium_is_conserved_where_diffusion_is_far_quicker_than_a_step(order):
    """2 nm: rounding of what crosses a shell or a node outweighs what a step moves."""
    cathode = composite(diameter="2 nm", thickness="2 um")
    solver = {"nodes": 6, "shells": 8, "order": order}
    cell = declare(cathode=cathode, anode=LITHIUM, protocol=NANOMETRES, solver=solver)
    runner = Runner(resolve(cell))
    start = lithium(runner, 1)
    for planned in flatten(cell.steps()):
        runner.take(planned)
        assert runner.status is None, runner.status
        charge = runner.y[runner.model.layout.charge]
        assert abs(lithium(runner, 1) - start - charge) < 1e-10 * abs(charge)


def test_a_foil_pays_no_lithium_that_it_has_not():
    """A film of graphite dissolves into Li3InCl6, which it would still reduce when empty."""
    film = {"type": "planar", "material": "graphite", "thickness": "30 nm"}
    protocol = ["Rest for 100 hours", "Rest for 1000 hours"]
    cell = declare(
        interphase=True,
        anode=film,
        separator={"material": "li3incl6", "thickness": "600 um"},
        initial={"anode": "0.5"},
        protocol=protocol,
    )
    runner = Runner(resolve(cell))
    z = runner.model.layout
    for planned in flatten(cell.steps()):
        runner.take(planned)
        x, paid = runner.y[z.foils], runner.y[z.foils + 1]
        allowed = BESIDE / BARRIER  # no voltage more than 0.5 V outside the electrodes
        assert x > -allowed
        per_charge = runner.model.arrays.foils["host"][0]["per_charge"]
        assert_allclose(x + paid * per_charge, 0.5, rtol=1e-12)
    assert x < allowed


def test_the_pressure_ledger_adds_up_and_tells_the_classes_apart():
    """P - P_0 by cause; in a blend LCO pushes while NCM811 pulls."""
    blend = composite(weight="35 %")
    blend["active"].append({"material": "lco", "weight": "35 %", "diameter": "8 um"})
    result = solve(
        cathode=blend, anode=lto(), reference="li", protocol=["Charge at 0.1C until 4.2 V"],
        solver=COARSE | {"voltage_tolerance": "2 uV"},
    )  # fmt: skip
    ledger = result.pressure_ledger
    change = result.stack_pressure - result.stack_pressure[0]
    total = np.sum(list(ledger.values()), axis=0)
    np.testing.assert_allclose(total, change, atol=1e-3 * np.ptp(change))
    assert ledger["cathode", "lco 8 um random volume change"][-1] > 0.0
    assert ledger["cathode", "ncm811 4 um random volume change"][-1] < 0.0
