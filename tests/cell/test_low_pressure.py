"""Below 1 MPa: contact of the current collector, and binders that hold and soften."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.cell.solver.partials import partials
from lithomech.cell.solver.work import KAPPA, SIGMA
from lithomech.cell.spec import load_cell

OHM_CM2 = 1e-4  # ohm m2
AL, EXPONENT = 20.0 * OHM_CM2, 0.95  # under 1 MPa, as the file of al says
CELL = """
cathode:
  type: composite
  loading: 10 mg/cm2
  active: [{material: ncm811, weight: 70 %, diameter: 5 um, morphology: single_crystal}]
  electrolyte: {material: li6ps5cl, weight: rest, diameter: 3 um}
  additives: [{material: carbon, weight: 2 %}]
separator: {material: li6ps5cl, thickness: 100 um}
anode: {type: planar, material: li_in, thickness: 100 um}
fixture: {type: constant_pressure, pressure: 1 MPa}
geometry: {area: 1 cm2}
reference: li
solver: {nodes: 5, shells: 6}
mechanisms: {interphase: none}
protocol: [Charge at 0.5 mA/cm2 for 60 s]
"""


def cell(**changes):
    return load_cell(CELL, {name.replace("__", "."): v for name, v in changes.items()})


@pytest.mark.parametrize("pressure", [0.1, 1.0, 30.0])
def test_a_collector_costs_its_resistance_under_the_stack_pressure(pressure):
    at = {"fixture__pressure": f"{pressure} MPa"}
    bare, foil = run(cell(**at)), run(cell(cathode__collector="al", **at))
    drop = foil.series.voltage[-1] - bare.series.voltage[-1]
    expected = 5.0 * AL * pressure**-EXPONENT  # A/m2 times ohm m2
    assert_allclose(drop, expected, rtol=2e-3)


def test_under_high_pressure_no_collector_matters():
    keys = {
        "fixture__pressure": "300 MPa",
        "protocol": ["Charge at 1 mA/cm2 until 4.3 V"],
    }
    charges = [
        run(cell(**keys, **foil)).cycles[0]["charge_capacity_mAh_per_g"]
        for foil in ({}, {"cathode__collector": "al"}, {"cathode__collector": "al_carbon"})
    ]
    assert_allclose(charges, charges[0], rtol=1e-3)


def test_the_impedance_holds_it():
    protocol = ["Impedance from 1 MHz to 1 Hz, 2 points per decade"]
    plain, foil = (
        run(cell(protocol=protocol, **keys)).impedance[0].impedance_ohm
        for keys in ({}, {"cathode__collector": "al"})
    )
    assert_allclose(foil - plain, AL / 1e-4, rtol=1e-6)  # 1 cm2


def bound(share, **changes):
    additives = [{"material": "carbon", "weight": "2 %"}, {"material": "nbr", "weight": share}]
    return cell(cathode__additives=additives, **changes)


def test_binders_soften_the_layer_and_hold_contacts():
    models = [resolve(bound(share)) for share in ("0 %", "1 %", "3 %")]
    composites = [m.composites["cathode"] for m in models]
    # the same volume of pores for all, so that only the binder differs
    pores = {"cathode__porosity": "15 %"}
    moduli = [
        resolve(bound(share, **pores)).composites["cathode"].layer_G
        for share in ("0 %", "1 %", "3 %")
    ]
    assert moduli[0] > moduli[1] > moduli[2]
    # 3 MPa times its share of the volume, beside the adhesion of 0.1 MPa
    of_solids = 0.03 / 1000.0 * composites[2].solid_density
    expected = 1e5 + 3e6 * of_solids * (1.0 - composites[2].porosity)
    found = models[2].arrays.particles["contact"]["adhesion"][-1]
    assert_allclose(found, expected, rtol=1e-9)


def test_contact_left_rises_with_the_strength_of_the_binder():
    left = []
    for strength in (0.0, 3.0, 30.0):
        keys = {
            "protocol": ["Charge at 0.5 mA/cm2 until 4.3 V"],
            "materials__nbr": {"binding_strength": f"{strength} MPa"},
        }
        result = run(bound("3 %", **keys))
        left.append(result.cycles[0]["contact_fraction_end_of_charge"])
    assert np.all(np.diff(left) > 0.0)


def conducting(one, x):
    """Ionic and electronic conductivity at this stoichiometry, resolved cell."""
    model = resolve(one)
    y = model.start.copy()
    y[: model.layout.states] = x
    layer = partials(model.arrays, model.layout, y).layer
    return layer[KAPPA, 0], layer[SIGMA, 0], model


def test_electrons_follow_the_pressure_among_grains_that_shrink():
    one = cell(cathode__additives=[], cathode__active=[
        {"material": "ncm811", "weight": "80 %", "diameter": "5 um"}
    ])  # fmt: skip
    made = resolve(one).materials["ncm811"].value("as_made_stoichiometry")
    kappa, sigma, model = conducting(one, made)
    log_P, _, log_sigma = model.arrays.transport[0]
    assert_allclose(sigma, np.exp(np.interp(np.log(1e6), log_P, log_sigma)), rtol=1e-9)
    strain = model.materials["ncm811"].curve("volume_strain")
    found = []
    for x in (0.7, 0.5, 0.2):
        ions, electrons, _ = conducting(one, x)
        shrunk = max(float(strain(made) - strain(x)), 0.0)
        at = np.log(1e6 / (1.0 + shrunk / 0.04))
        assert_allclose(electrons, np.exp(np.interp(at, log_P, log_sigma)), rtol=1e-3)
        assert_allclose(ions, kappa, rtol=1e-12)
        found.append(electrons)
    assert np.all(np.diff(found) < 0.0)
    assert found[-1] < 0.8 * sigma


def test_grains_that_are_bonded_conduct_as_made():
    one = cell(mechanisms={"contact": "none", "interphase": "none"})
    _, sigma, model = conducting(one, 0.2)
    log_P, _, log_sigma = model.arrays.transport[0]
    assert_allclose(sigma, np.exp(np.interp(np.log(1e6), log_P, log_sigma)), rtol=1e-9)
