"""The loss budget: sums, limits, and numbers that were found without it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.readout.load import load_result
from lithomech.cell.readout.observation import Observation, observe
from lithomech.cell.readout.overvoltages import overvoltages
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from support.cells import INDIUM, LITHIUM, composite, declare, lto, solve, spring, whole_lithium

CYCLES = [{"repeat": 2, "steps": ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 3 V"]}]
TIMED = ["Charge at 0.5C for 40 minutes", "Discharge at 0.5C for 20 minutes"]
SMALL = {"nodes": 4, "shells": 8}
BLEND = composite() | {
    "active": [
        {"material": "ncm811", "weight": "40 %", "diameter": "4 um"},
        {"material": "lco", "weight": "30 %", "diameter": "8 um"},
    ]
}
GRAPHITE = composite("graphite", n_p_ratio=1.2, diameter="8 um", weight="60 %") | {
    "electrolyte": {"material": "li6ps5cl", "weight": "40 %"}
}
CELLS = {
    "lithium with voids": {"anode": LITHIUM, "fixture": spring("3 MPa", "0.05 MPa/um")},
    "films": {"anode": INDIUM, "interphase": True, "even": False},
    "blend and composite anode": {"cathode": BLEND, "anode": lto()},
    "lithium kept by the anode": {"anode": GRAPHITE, "interphase": True},
}


@pytest.fixture(scope="module", params=CELLS)
def result(request):
    return solve(**({"protocol": CYCLES, "solver": SMALL} | CELLS[request.param]))


def total(table):
    return np.sum(list(table.values()), axis=0)


def test_the_parts_of_the_overvoltage_add_up(result):
    losses = result.losses
    assert (losses.whole_overvoltage_mV > 1.0).all()
    # what is left are the residuals of Newton: below 1e-7 V
    assert_allclose(total(losses.overvoltage_mV), losses.whole_overvoltage_mV, rtol=1e-5)


def test_the_missing_capacity_adds_up(result):
    losses = result.losses
    reference = losses.reference_capacity_mAh_per_g
    missing = losses.missing_capacity_mAh_per_g
    passed = np.array([c["discharge_capacity_mAh_per_g"] for c in result.cycles])
    rounding = 1e-10 * reference
    assert_allclose(total(losses.capacity_mAh_per_g), missing, rtol=0, atol=rounding)
    assert_allclose(reference - passed, missing, rtol=0, atol=rounding)


def test_files_and_json_hold_it(result, tmp_path):
    result.save(tmp_path / "result.nc")
    again = load_result(tmp_path / "result.nc")
    assert again.to_json()["cycles"] == result.to_json()["cycles"]
    reference = result.losses.reference_capacity_mAh_per_g
    assert again.losses.reference_capacity_mAh_per_g == reference
    first = result.to_json()["cycles"][0]["losses"]
    assert set(first) == {"capacity_mAh_per_g", "overvoltage_mV"}
    assert_allclose(
        sum(first["overvoltage_mV"].values()), result.losses.whole_overvoltage_mV[0], rtol=1e-5
    )


def test_without_current_nothing_is_lost():
    model = resolve(declare(solver=SMALL))
    states = model.start[None, :].copy()
    states[:, : model.layout.states] = 0.5
    seen = overvoltages(Observation(model, states, observe(model, states)))
    for values in seen.causes.values():
        assert_allclose(values, 0.0, rtol=0, atol=1e-15)


EASY = {
    "exchange_current_density": "1e6 A/m^2",
    "diffusivity": "1e-6 m^2/s",
    "electronic_conductivity": "1e6 S/cm",
    "film_resistance": "0 ohm*cm^2",
}
IDEAL = {
    "cathode": composite(thickness="80 um")
    | {"transport": {"type": "values", "ionic": "1e6 S/cm", "electronic": "1e6 S/cm"}},
    "mechanisms": {"contact": "none", "cracking": "none"},
    "materials": {
        "ncm811": EASY,
        "li": {"exchange_current_density": "1e6 A/m^2", "interface_resistance": "0 ohm*cm^2"},
        "li6ps5cl": {"ionic_conductivity": "1 mS/cm"},
    },
    "solver": SMALL,
    "protocol": TIMED,
}


def with_host(**host):
    materials = IDEAL["materials"]
    return IDEAL | {"materials": materials | {"ncm811": EASY | host}}


def test_where_only_the_separator_resists_the_loss_is_its_ohmic_drop():
    result = solve(**IDEAL)
    density = abs(result.current[-1]) / result.resolved["area_m2"]
    ohmic = 1e3 * density * 600e-6 / 0.1  # 1 mS/cm
    assert_allclose(result.losses.overvoltage_mV["separator"], ohmic, rtol=1e-12)
    assert_allclose(result.losses.whole_overvoltage_mV, ohmic, rtol=1e-3)


def test_ions_of_an_even_reaction_lose_a_third_of_the_resistance():
    """Where i falls evenly from I to 0, int i^2/kappa dx = I^2 L/(3 kappa).

    Nodes in the middle of N parts make (1 + 1/(2 N^2)) of it.
    """
    # a film that resists far more than the ions spreads the reaction evenly
    case = with_host(film_resistance="10000 ohm*cm^2", exchange_current_density="1e6 A/m^2")
    transport = {"type": "values", "ionic": "1 mS/cm", "electronic": "1e6 S/cm"}
    cathode = IDEAL["cathode"] | {"transport": transport}
    nodes = 8
    result = solve(**(case | {"cathode": cathode, "solver": {"nodes": nodes, "shells": 8}}))
    density = abs(result.current[-1]) / result.resolved["area_m2"]
    third = 1e3 * density * 80e-6 / (3.0 * 0.1) * (1.0 + 0.5 / nodes**2)
    assert_allclose(result.losses.overvoltage_mV["cathode ions"], third, rtol=2e-3)


def test_a_film_that_resists_twice_as_much_loses_twice_as_much_and_nothing_else():
    single = {"solver": {"nodes": 2, "shells": 8}}
    once, twice = (
        solve(**(with_host(film_resistance=f"{r} ohm*cm^2") | single)).losses.overvoltage_mV
        for r in (20, 40)
    )
    assert_allclose(twice["cathode interphase"], 2.0 * once["cathode interphase"], rtol=1e-6)
    for cause in ("separator", "cathode charge transfer", "cathode particle diffusion"):
        assert_allclose(twice[cause], once[cause], rtol=1e-4, atol=1e-9)


def test_a_contact_that_stays_whole_loses_nothing():
    closed = solve(protocol=TIMED, solver=SMALL, mechanisms={"contact": "none"})
    assert_allclose(closed.losses.overvoltage_mV["cathode contact"], 0.0, rtol=0, atol=1e-9)
    whole = {"cracking": "none"}  # cracks would take the room that the gap leaves
    lost = solve(protocol=TIMED, solver=SMALL, fixture=spring("1 MPa"), mechanisms=whole)
    assert lost.losses.overvoltage_mV["cathode contact"][0] > 0.1


def test_grains_that_are_cut_off_lose_what_they_held_and_could_hold():
    cracking = {"boundary_strength": "20 MPa"}
    steps = ["Charge at 0.3C until 4.25 V", "Discharge at 0.3C until 3 V"]
    result = solve(protocol=steps, solver=SMALL, materials={"ncm811": cracking})
    whole = whole_lithium(result).mean(axis=(1, 2))
    share, trapped = (
        result.profiles[f"cathode_{key}"].mean(axis=(1, 2))
        for key in ("isolated_share", "trapped_stoichiometry")
    )
    charged = int(np.flatnonzero(result.series.columns["Step Count / 1"] == 1)[-1])
    assert share[-1] > 1e-3
    # sites that the first charge emptied; it is the charge before this discharge
    cut = share[-1] * whole[0] - trapped[-1]
    per_site = result.cycles[0]["charge_capacity_mAh_per_g"] / (whole[0] - whole[charged])
    found = result.losses.capacity_mAh_per_g["cut off"][0]
    assert_allclose(found, cut * per_site, rtol=1e-8)


def test_what_the_anode_keeps_is_missing():
    # all of the cathode stays in use and nothing oxidises: lithium is what lacks
    result = solve(
        protocol=CYCLES, solver=SMALL, anode=GRAPHITE, mechanisms={"isolation": "none"}
    )
    first = result.cycles[0]
    per_gram = first["charge_capacity_mAh_per_g"] / first["charge_capacity_mAh_per_cm2"]
    kept = per_gram * first["first_cycle_loss_mAh_per_cm2"]
    assert kept > 1.0
    assert_allclose(result.losses.capacity_mAh_per_g["lithium kept"][0], kept, rtol=1e-8)


def test_what_a_protocol_leaves_is_not_a_loss():
    losses = solve(protocol=TIMED, solver=SMALL).losses
    missing = losses.missing_capacity_mAh_per_g
    assert (losses.capacity_mAh_per_g["not asked for"] > 0.9 * missing).all()
    assert not any(cause.startswith("cathode") for cause in losses.capacity_mAh_per_g)


def test_traces_do_not_matter():
    one, other = (
        solve(protocol=CYCLES, solver=SMALL, output={"traces": traces}).losses
        for traces in ("all", "none")
    )
    for cause, values in one.overvoltage_mV.items():
        assert_allclose(other.overvoltage_mV[cause], values, rtol=1e-12, atol=1e-12)
    for cause, values in one.capacity_mAh_per_g.items():
        assert_allclose(other.capacity_mAh_per_g[cause], values, rtol=1e-12, atol=1e-12)


def test_skipped_cycles_add_up_too():
    cycle = {"repeat": 40, "steps": CYCLES[0]["steps"], "skip": {"error": "1 %"}}
    tight = SMALL | {"voltage_tolerance": "10 uV"}
    result = solve(protocol=[cycle], solver=tight, anode=INDIUM, interphase=True)
    skipped = [c["simulated"] == 0.0 for c in result.cycles]
    assert sum(skipped) > 5
    losses = result.losses
    assert losses.whole_overvoltage_mV.shape == (40,)
    left = 1e-3  # mV that Newton leaves in potentials: a tenth of the tolerance of a step
    whole = losses.whole_overvoltage_mV
    assert_allclose(total(losses.overvoltage_mV), whole, rtol=0, atol=left)
    rounding = 1e-10 * losses.reference_capacity_mAh_per_g
    missing = losses.missing_capacity_mAh_per_g
    assert_allclose(total(losses.capacity_mAh_per_g), missing, rtol=0, atol=rounding)


def test_a_run_without_discharge_has_no_budget():
    losses = run(declare(protocol=["Charge at 1C for 1 minute"], solver=SMALL)).losses
    assert not losses.shows
    assert losses.of_cycle(1)["overvoltage_mV"] == {}
