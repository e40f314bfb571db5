"""Bare compositions: what a cell makes of weights, sizes and pressures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from support.cells import whole_lithium

FARADAY = 96485.33212
CELL = """
name: bare
cathode:
  type: composite
  loading: 15 mg/cm2
  active: [{material: ncm811, weight: 70 %, diameter: 5 um, morphology: single_crystal}]
  electrolyte: {material: li6ps5cl, weight: rest, diameter: 3 um}
separator: {material: li6ps5cl, thickness: 500 um}
anode: {type: planar, material: li_in, thickness: 100 um}
fixture: {type: constant_pressure, pressure: 50 MPa}
fabrication: {pressure: 375 MPa}
geometry: {diameter: 10 mm}
reference: li
solver: {nodes: 6, shells: 8}
protocol: [Charge at 0.1C until 4.3 V]
"""


def bare(active=70.0, carbon=0.0, binder=0.0, **settings):
    parts = {"carbon": carbon, "ptfe": binder}
    additives = [{"material": m, "weight": f"{w} %"} for m, w in parts.items() if w]
    keys = {name.replace("__", "."): value for name, value in settings.items()}
    weights = {
        "cathode.active[0].weight": f"{active} %",
        "cathode.electrolyte.weight": f"{100.0 - active - carbon - binder} %",
        "cathode.additives": additives,
    }
    return load_cell(CELL, weights | keys)


def made(one):
    """Conductivities, coverage and so on of the cathode as made."""
    result = run(one.replace(protocol=("Rest for 1 s",)))
    return result.resolved["layers"]["cathode"]["conduction"]


def charge(one):
    """Capacity of the first charge per gram of active material and of composite [mAh/g]."""
    result = run(one)
    if result.status == "infeasible":  # no path, or none that carries this current
        return 0.0, 0.0
    assert result.status == "completed", result.reason
    capacity = result.cycles[0]["charge_capacity_mAh_per_g"]
    return capacity, capacity * one.cathode.active[0].weight


def test_a_bare_composition_says_what_it_conducts_with_spread_and_origin():
    found = made(bare())
    assert found["origin"] == "percolation"
    assert found["porosity_origin"] == "pressing"
    assert 0.0 < found["electronic_conductivity_S_per_m"] < 4.0
    assert found["spread"]["ionic"] > 1.0
    assert 0.5 < found["utilisation"] <= 1.0


def test_each_composite_has_its_own_numbers():
    anode = {
        "type": "composite",
        "n_p_ratio": 1.2,
        "active": [{"material": "graphite", "weight": "60 %", "diameter": "10 um"}],
        "electrolyte": {"material": "li6ps5cl", "weight": "rest", "diameter": "3 um"},
    }
    one = bare(anode=anode, protocol=["Rest for 1 s"])
    layers = run(one).resolved["layers"]
    # graphite conducts 1e4 S/m, NCM811 far less
    graphite = layers["anode"]["conduction"]["electronic_conductivity_S_per_m"]
    assert graphite > 100.0 * layers["cathode"]["conduction"]["electronic_conductivity_S_per_m"]


def test_electrolyte_without_a_path_is_reported_and_is_no_number():
    result = run(bare(active=95.0, carbon=3.0))
    assert result.status == "infeasible"
    assert result.reason.startswith("no path for ions through the cathode: ")


def test_particles_out_of_use_store_nothing():
    one = bare(
        active=60.0, protocol=["Charge at 0.05C until 4.3 V"], mechanisms={"interphase": "none"}
    )
    model, result = resolve(one), run(one)
    used = made(one)["utilisation"]
    assert used < 0.9
    x = whole_lithium(result).mean(axis=(1, 2))
    composite, m = model.composites["cathode"], model.materials["ncm811"]
    sites = composite.active_fraction * model.thickness["cathode"] * model.area
    stored = FARADAY * sites / m.value("molar_volume") * used * (x[0] - x[-1])
    assert_allclose(result.series.charge_throughput[-1], stored, rtol=1e-6)


def test_additives_block_ions_and_fibres_carry_electrons():
    plain, with_carbon = made(bare(active=75.0)), made(bare(active=75.0, carbon=3.0))
    assert with_carbon["ionic_conductivity_S_per_m"] < 0.9 * plain["ionic_conductivity_S_per_m"]
    assert (
        with_carbon["electronic_conductivity_S_per_m"]
        > 1.5 * plain["electronic_conductivity_S_per_m"]
    )
    assert with_carbon["utilisation"] > 0.99
    binder = made(bare(active=75.0, binder=3.0))
    assert binder["ionic_conductivity_S_per_m"] < plain["ionic_conductivity_S_per_m"]
    assert binder["covered_fraction"] < plain["covered_fraction"]


def test_heavier_electrolyte_is_less_of_it_by_volume():
    # Fig. 8d of the review: 2.43 against 1.96 g/cm3; the same weights, another volume
    light = resolve(bare(**{"materials__li6ps5cl": {"density": "1.96 g/cm3"}}))
    heavy = resolve(bare(**{"materials__li6ps5cl": {"density": "2.43 g/cm3"}}))
    shares = [m.composites["cathode"].mix.share for m in (light, heavy)]
    density = light.materials["ncm811"].value("density") / 1e3
    expected = [0.7 / density / (0.7 / density + 0.3 / rho) for rho in (1.96, 2.43)]
    assert_allclose(shares, expected, rtol=1e-9)


def test_stated_conductivities_are_taken_as_they_are():
    stated = {"type": "values", "ionic": "0.2 mS/cm", "electronic": "3 mS/cm"}
    found = made(bare(cathode__transport=stated))
    assert_allclose(found["ionic_conductivity_S_per_m"], 0.02, rtol=1e-9)
    assert_allclose(found["electronic_conductivity_S_per_m"], 0.3, rtol=1e-9)
    elsewhere = bare(cathode__transport=stated | {"at": "100 MPa"})
    found = made(elsewhere)
    assert found["electronic_conductivity_S_per_m"] < 0.3  # at 50 MPa
    there = made(elsewhere.replace(fixture=bare(fixture__pressure="100 MPa").fixture))
    assert_allclose(there["electronic_conductivity_S_per_m"], 0.3, rtol=0.02)
    factors = {"ionic_tortuosity_factor": "4", "electronic_tortuosity_factor": "30"}
    by_factor = made(bare(cathode__transport={"type": "values"} | factors))
    model = resolve(bare())
    composite, m = model.composites["cathode"], model.materials
    dense = m["li6ps5cl"].value("ionic_conductivity", model.cell.temperature)
    assert_allclose(
        by_factor["ionic_conductivity_S_per_m"],
        composite.electrolyte_fraction * dense / 4.0,
        rtol=1e-9,
    )


def test_a_conductivity_is_stated_once():
    with pytest.raises(InputError) as raised:
        bare(cathode__transport={"type": "values", "ionic": "1 mS/cm", "at": "3 MPa"})
    assert "electronic" in str(raised.value)


WEIGHTS = (50.0, 60.0, 70.0, 80.0, 85.0, 90.0)


@pytest.fixture(scope="module")
def with_carbon():
    return {w: charge(bare(active=w, carbon=2.0)) for w in WEIGHTS}


def test_capacity_per_composite_has_its_optimum_where_laboratories_find_it(with_carbon):
    per_composite = {w: c[1] for w, c in with_carbon.items()}
    assert 60.0 <= max(per_composite, key=per_composite.get) <= 85.0


def test_with_carbon_more_active_material_gives_less_of_itself(with_carbon):
    found = np.array([c[0] for c in with_carbon.values()])
    assert np.all(np.diff(found) < 0.01 * found[0])  # flat where nothing limits
    assert found[-1] < 0.5 * found[0]


def test_without_carbon_the_optimum_is_where_electrons_get_through():
    found = {w: charge(bare(active=w))[0] for w in (55.0, 65.0, 75.0, 85.0, 90.0)}
    best = max(found, key=found.get)
    assert 55.0 < best < 90.0


def test_capacity_falls_smoothly_with_pressure():
    pressures = np.geomspace(50.0, 0.1, 10)
    found = np.array(
        [charge(bare(fixture__pressure=f"{p:.4g} MPa", carbon=2.0))[0] for p in pressures]
    )
    assert np.all(np.diff(found) < 0.5)  # mAh/g
    assert np.all(-np.diff(found) < 0.35 * found[0])  # no cliff


def test_thick_electrodes_are_slow():
    thick = {"cathode__loading": None, "cathode__areal_capacity": "5 mAh/cm2"}
    slow, fast = (
        charge(bare(carbon=2.0, protocol=[f"Charge at {rate} until 4.3 V"], **thick))[0]
        for rate in ("0.1C", "1C")
    )
    assert fast < 0.7 * slow
