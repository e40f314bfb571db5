"""Electrolyte outside its window: charge, film, volume; limits, balances, exact solutions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.materials.load import load_material
from support.cells import INDIUM, LITHIUM, NO_CRACKS, composite, declare, lto, whole_lithium

F = 96485.33212
MAH_PER_CM2 = 36e3  # C/m2
AREA = np.pi * 0.013**2 / 4.0
BARE = composite(morphology="single_crystal")
LASTING = {"isolation": "none", "creep": "none"}  # particles and their walls stay as made
COATED = {"material": "linbo3", "thickness": "10 nm"}
CYCLE = ["Charge at 0.1C until 4.3 V", "Rest for 3 hours", "Discharge at 0.1C until 2.8 V"]
PRESS = {"type": "constant_pressure", "pressure": "20 MPa"}
FINE = {"nodes": 8, "shells": 12, "voltage_tolerance": "10 uV"}


def solve(**changes):
    result = run(declare(**({"interphase": True, "cathode": BARE} | changes)))
    assert result.status == "completed", result.reason
    return result


def films(result, side="cathode"):
    """Charge of the decomposition at one electrode at the end [C/m2]."""
    return result.cycles[-1][f"{side}_decomposition_mAh_per_cm2"] * MAH_PER_CM2


def ruo2(**changes):
    """An inert host: all current decomposes the electrolyte."""
    stiff = {"cathode": composite("ruo2"), "rate_capacity": "0.02 mAh", "anode": lto_of(2.0)}
    return solve(**(stiff | {"fixture": PRESS, "solver": FINE} | changes))


def lto_of(areal_capacity):
    anode = lto()
    del anode["n_p_ratio"]
    return anode | {"areal_capacity": f"{areal_capacity} mAh/cm2"}


def coated(electrode):
    return electrode | {"active": [a | {"coating": COATED} for a in electrode["active"]]}


def test_inside_its_window_nothing_happens():
    wide = {
        "li6ps5cl": {"oxidation_onset": "6 V", "reduction_onset": "-1 V"},
        "ncm811": {"oxygen_charge": "0 C/g"},
    }
    stable = solve(materials=wide, protocol=CYCLE)
    without = solve(interphase=False, protocol=CYCLE)
    assert stable.cycles[-1]["cathode_decomposition_mAh_per_cm2"] in {None, 0.0}
    assert_allclose(stable.voltage, without.voltage, rtol=1e-12)
    assert_allclose(stable.stack_pressure, without.stack_pressure, rtol=1e-12)


@pytest.mark.parametrize("anode", ["li", "graphite"])
def test_host_films_and_current_close_the_charge_balance(anode):
    """Rule 9: to 1e-10 of the lithium; the first-cycle loss is one of the anode's sinks."""
    other = composite("graphite", n_p_ratio=1.4, diameter="10 um")
    changes = {"anode": other} if anode == "graphite" else {}
    cell = declare(interphase=True, cathode=BARE, protocol=CYCLE, **changes)
    model, result = resolve(cell), run(cell)
    passed = sum(
        (c["charge_capacity_mAh_per_cm2"] - c["discharge_capacity_mAh_per_cm2"]) * MAH_PER_CM2
        for c in result.cycles
    )
    for side, sign in (("cathode", 1.0), ("anode", -1.0)):
        if side not in model.composites:
            continue
        (grain,) = model.composites[side].grains
        sites = grain.volume_fraction / grain.material.value("molar_volume")
        x = whole_lithium(result, side).mean(axis=(1, 2))
        left = F * sites * model.thickness[side] * (x[0] - x[-1])
        sinks = films(result, side)
        if side == "anode":
            sinks += result.cycles[-1]["first_cycle_loss_mAh_per_cm2"] * MAH_PER_CM2
        capacity = F * sites * model.thickness[side]
        assert_allclose(left + sign * sinks, sign * passed, atol=1e-10 * capacity)


def test_what_oxidation_took_is_missing_in_the_coulombic_efficiency():
    """Bare against coated, from the same voltage limits."""
    bare, kept = solve(protocol=CYCLE), solve(cathode=coated(BARE), protocol=CYCLE)
    lost = [
        (
            r.cycles[0]["charge_capacity_mAh_per_cm2"]
            - r.cycles[0]["discharge_capacity_mAh_per_cm2"]
        )
        for r in (bare, kept)
    ]
    assert films(bare) > 5.0 * films(kept) > 0.0
    assert bare.cycles[0]["coulombic_efficiency"] < kept.cycles[0]["coulombic_efficiency"]
    assert 0.0 < lost[0] - lost[1] < films(bare) / MAH_PER_CM2


def test_a_film_at_constant_potential_grows_as_wagner_has_it():
    """q = (sqrt(R_0^2 + 2 rho eta t) - R_0)/rho, and the current is its rate: exact."""
    electrolyte = load_material("li6ps5cl")
    sigma = 2.4e-4 * electrolyte.value("electronic_conductivity")
    rho = electrolyte.value("oxidation_film_volume") / F / sigma
    R_0 = 1e-9 / sigma
    result = ruo2(
        fabrication={"residual_pressure": "200 MPa"},
        anode=LITHIUM,
        protocol=["Hold at 4.0 V for 24 hours"],
    )
    eta = result.series.positive_potential - electrolyte.value("oxidation_onset")
    assert np.ptp(eta[1:]) < 3e-3
    t = result.time
    exact = (np.sqrt(R_0**2 + 2.0 * rho * eta[-1] * t) - R_0) / rho
    found = result.profiles["cathode_film_charge_C_per_m2"].mean(axis=(1, 2))
    assert_allclose(found, exact, rtol=4e-3, atol=4e-3 * exact[-1])


def test_a_film_that_passivates_grows_with_the_logarithm_of_time():
    """Where R_0 = L_c/sigma, q = q_c ln(1 + eta t/(R_0 q_c)): exact."""
    electrolyte = load_material("li6ps5cl")
    R_0 = 5e-9 / (2.4e-4 * electrolyte.value("electronic_conductivity"))
    q_c = 5e-9 * F / electrolyte.value("oxidation_film_volume")
    films_of = {
        "oxidation_film_decay_length": "5 nm",
        "oxidation_resistance": f"{float(R_0)!r} ohm*m^2",
    }
    result = ruo2(
        fabrication={"residual_pressure": "200 MPa"},
        anode=LITHIUM,
        materials={"li6ps5cl": films_of},
        protocol=["Hold at 4.0 V for 240 hours"],
    )
    eta = result.series.positive_potential - electrolyte.value("oxidation_onset")
    assert np.ptp(eta[1:]) < 3e-3
    exact = q_c * np.log1p(eta[-1] * result.time / (R_0 * q_c))
    found = result.profiles["cathode_film_charge_C_per_m2"].mean(axis=(1, 2))
    assert exact[-1] > 2.0 * q_c
    assert_allclose(found, exact, rtol=4e-3, atol=4e-3 * exact[-1])


def oxygen(**changes):
    """Charge of the host's oxygen at the end, on the contact as made [C/m2]."""
    return solve(**changes).state["interphase.oxygen"]


def test_oxygen_comes_above_its_onset_only():
    low = oxygen(protocol=["Charge at 0.1C until 4.1 V", "Hold at 4.1 V for 30 hours"])
    high = oxygen(protocol=["Charge at 0.1C until 4.3 V", "Hold at 4.3 V for 30 hours"])
    assert np.all(low < 1e-6 * high)
    less_nickel = composite("ncm622", morphology="single_crystal")
    assert np.all(oxygen(cathode=less_nickel, protocol=["Charge at 0.1C until 4.3 V"]) == 0.0)


def test_a_host_gives_no_more_oxygen_than_it_has():
    """0.72 mAh/g of NCM811, here without a film that would stop it: all of it, and no more."""
    open_film = {
        "li6ps5cl": {"oxygen_resistance": "1 ohm*m^2", "oxidation_film_conductivity": "1 S/m"}
    }
    cell = declare(
        interphase=True,
        cathode=BARE,
        materials=open_film,
        protocol=["Charge at 0.1C until 4.3 V", "Hold at 4.3 V for 30 hours"],
        mechanisms=LASTING,
    )
    result, model = run(cell), resolve(cell)
    (area,) = {float(a) for a in model.contact_areas["cathode"]}
    given = result.state["interphase.oxygen"] * area * len(model.contact_areas["cathode"])
    mass = model.active_mass / model.area
    assert_allclose(given, 0.72 * 3600.0 * mass, rtol=0.02)
    assert np.all(given <= 0.72 * 3600.0 * mass * (1.0 + 1e-9))


def test_the_stack_shrinks_by_what_the_molar_volumes_say():
    """RuO2 | LTO: -6.4 cm3 per mole of electrons, of which the layer passes on most."""
    result = ruo2(protocol=["Charge at 0.01 mA/cm2 until 4.3 V"])
    passed = result.series.charge_throughput[-1] / AREA
    assert_allclose(films(result), passed, rtol=1e-4)
    shrunk = result.ledger["cathode", "electrolyte decomposition"][-1]
    whole = -6.4e-6 * passed / F
    assert 0.5 < shrunk / whole <= 1.0
    assert not any("ruo2" in cause for _, cause in result.ledger)


def test_against_indium_the_growth_of_the_anode_hides_it():
    """E-17 of the register: 7.9 cm3/mol of Li-In against 6.4 of the electrolyte."""
    soft = {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"}
    protocol = ["Charge at 0.01 mA/cm2 until 4.3 V"]
    fall = ruo2(fixture=soft, protocol=protocol).stack_pressure
    rise = ruo2(fixture=soft, anode=INDIUM, protocol=protocol).stack_pressure
    assert fall[-1] < fall[0]
    assert rise[-1] > rise[0]


def test_voids_cost_contact_although_the_stack_hardly_moves():
    """Section 3.2: marginal for the stack, local at the interface."""
    loose = {"type": "constant_pressure", "pressure": "3 MPa"}
    result = ruo2(
        fixture=loose,
        fabrication={"residual_pressure": "0 MPa"},
        protocol=["Hold at 4.3 V for 200 hours"],
        reference="li",
    )
    theta = result.profiles["cathode_contact_fraction"].mean(axis=(1, 2))
    assert theta[-1] < 0.8 * theta[0]
    moved = sum(change[-1] - change[0] for change in result.ledger.values())
    assert abs(moved) < 2e-3 * 80e-6


def test_less_crystalline_or_coated_decomposes_less():
    """Section 3.2: by the electronic conductivity of the electrolyte; by a coating."""
    whole = {"ncm811": NO_CRACKS}  # which close contacts that contraction opened
    crystal = films(solve(materials=whole, protocol=CYCLE[:1]))
    glassy = composite(electrolyte={"material": "li6ps5cl_glass_ceramic", "weight": "30 %"})
    assert films(solve(cathode=glassy, materials=whole, protocol=CYCLE[:1])) < 0.7 * crystal
    assert (
        films(solve(cathode=coated(BARE), materials=whole, protocol=CYCLE[:1])) < 0.2 * crystal
    )


def test_carbon_decomposes_the_electrolyte_too():
    """Section 3.2: severe oxidation takes place on carbon additives."""
    carbon = composite(
        electrolyte={"material": "li6ps5cl", "weight": "27 %"},
        additives=[{"material": "carbon", "weight": "3 %"}],
    )
    result = solve(cathode=carbon, protocol=CYCLE)
    assert films(result) > 2.0 * films(solve(protocol=CYCLE))
    assert "carbon" in result.classes["cathode"]
    x = result.profiles["cathode_stoichiometry"]
    assert np.isnan(x[..., 0]).all()
    assert np.isfinite(x[..., 1]).all()


def graphite_in(electrolyte, **changes):
    size = {} if "thickness" in changes else {"n_p_ratio": 1.4}
    return composite(
        "graphite",
        diameter="10 um",
        weight="60 %",
        electrolyte={"material": electrolyte, "weight": "40 %"},
        **(size | changes),
    )


def test_conducting_products_let_lgps_decompose_until_none_is_left():
    protocol = ["Charge at 0.02C until 4.2 V", "Hold at 4.2 V for 3000 hours"]
    thin = {"cathode": coated(composite(thickness="400 um")), "protocol": protocol}
    anode = graphite_in("lgps", thickness="20 um")
    result = solve(anode=anode, **thin)
    layer, lgps = resolve(declare(anode=anode)).composites["anode"], load_material("lgps")
    amount = layer.electrolyte_fraction * 20e-6 / lgps.value("molar_volume")
    all_of_it = 23.75 * F * amount  # Li per formula unit to Li2S, Li3P and Li3.75Ge
    stable = solve(anode=graphite_in("li3ps4", thickness="20 um"), **thin)
    assert films(result, "anode") > 5.0 * films(stable, "anode")
    assert 0.9 * all_of_it < films(result, "anode") < 1.03 * all_of_it


def test_a_constraint_protects_lgps():
    """0.6 V less 20 GPa times 7.1 cm3/mol over F lies far below lithium."""
    held = solve(anode=graphite_in("lgps", constraint_modulus="20 GPa"), protocol=CYCLE[:1])
    free = solve(anode=graphite_in("lgps"), protocol=CYCLE[:1])
    assert films(free, "anode") > 0.0
    assert (held.cycles[0]["anode_decomposition_mAh_per_cm2"] or 0.0) < 1e-12


def test_lithium_pays_for_its_film_with_the_square_root_of_time():
    """Wenzel 2016; eta = 1.08 V, the current outside is zero."""
    electrolyte = load_material("li6ps5cl")
    sigma = 2.4e-4 * electrolyte.value("electronic_conductivity")
    rho = electrolyte.value("reduction_film_volume") / F / sigma
    result = solve(cathode=coated(BARE), protocol=["Rest for 1000 hours"], solver=FINE)
    t, R_0 = result.time, 1e-9 / sigma
    exact = (np.sqrt(R_0**2 + 2.0 * rho * 1.08 * t[-1]) - R_0) / rho
    assert_allclose(films(result, "anode"), exact, rtol=2e-3)
    growth = 6.3e-6 - load_material("li").value("partial_molar_volume")
    grown = result.ledger["anode", "electrolyte decomposition"][-1]
    assert_allclose(grown, growth * films(result, "anode") / F, rtol=1e-9)


def test_a_thin_host_pays_as_much_as_the_current_brings():
    """Stiff: its potential follows what it pays at once; dq/dt is integrated by scipy."""
    thin = {"type": "planar", "material": "graphite", "thickness": "30 nm"}
    cell = declare(
        anode=thin, cathode=coated(BARE), initial={"anode": "0.8"}, interphase=True,
        protocol=["Charge at 1e-7C for 20000 hours"], solver=FINE,
    )  # fmt: skip
    result, model = run(cell), resolve(cell)
    foil, table = (
        model.arrays.foils[0],
        load_material("graphite").curve("open_circuit_potential"),
    )
    current = result.current[-1] / AREA
    reaction, per_charge = foil["interphase"]["reduction"], foil["host"]["per_charge"]

    def rate(t, q):
        x = 0.8 + (current * t - q[0]) * per_charge
        outside = reaction["limit"] - np.interp(x, table.x, table.y)
        drive = 5e-3 * np.logaddexp(0.0, outside / 5e-3)
        return [drive / (reaction["resistance"] + reaction["growth"] * q[0])]

    exact = solve_ivp(rate, (0.0, 7.2e7), [0.0], method="LSODA", rtol=1e-8, atol=1e-10)
    assert_allclose(films(result, "anode"), exact.y[0, -1], rtol=1e-3)
    assert result.solver["steps"] < 500


def test_anode_free_gives_back_what_the_film_left():
    charge = ["Charge at 0.1C until 4.3 V", "Rest for 200 hours"]
    result = solve(
        anode={"type": "anode_free"},
        cathode=coated(BARE),
        mechanisms={"bare_collector": "none"},
        protocol=[*charge, "Discharge at 0.1C until 2.0 V"],
    )
    (cycle,) = result.cycles
    back = cycle["charge_capacity_mAh_per_cm2"] - films(result, "anode") / MAH_PER_CM2
    assert_allclose(cycle["discharge_capacity_mAh_per_cm2"], back, rtol=1e-4)
    assert any("no lithium left" in event.name for event in result.events)


@pytest.mark.parametrize("ratio", [1.2, 1.7])
def test_first_cycle_loss_is_that_of_the_anode_and_grows_with_n_p(ratio):
    """All of it is taken in the first cycle: charge per mass times the mass of graphite."""
    anode = composite("graphite", n_p_ratio=ratio, diameter="10 um")
    twice = [{"repeat": 2, "steps": CYCLE}]
    cell = declare(anode=anode, protocol=twice, mechanisms=LASTING)
    result, layer = run(cell), resolve(cell)
    (grain,) = layer.composites["anode"].grains
    mass = grain.volume_fraction * layer.thickness["anode"] * grain.material.value("density")
    lost = grain.material.value("first_cycle_loss") * mass / MAH_PER_CM2
    first, second = result.cycles
    assert_allclose(first["first_cycle_loss_mAh_per_cm2"], lost, rtol=1e-3)
    assert_allclose(second["coulombic_efficiency"], 1.0, atol=2e-3)
    missing = first["charge_capacity_mAh_per_cm2"] - first["discharge_capacity_mAh_per_cm2"]
    assert_allclose(missing, lost, rtol=0.2)


def test_finer_time_steps_find_the_same_film():
    coarse = films(solve(protocol=CYCLE))
    fine = films(solve(protocol=CYCLE, solver=FINE | {"voltage_tolerance": "2 uV"}))
    assert_allclose(coarse, fine, rtol=2e-3)


def test_what_cannot_be_modelled_is_reported():
    """Garnet: limits of its window, no products; a run says so instead of calling it stable."""
    llzo = composite(electrolyte={"material": "llzo", "weight": "50 %"}, weight="50 %")
    result = run(declare(interphase=True, cathode=llzo, protocol=["Rest for 1 hour"]))
    assert any("llzo: oxidation sets in at 2.91 V" in text for text in result.warnings)
    stable = run(declare(cathode=llzo, protocol=["Rest for 1 hour"]))
    assert not any("sets in" in text for text in stable.warnings)
