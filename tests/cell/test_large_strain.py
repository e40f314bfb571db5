"""Alloys that grow by more than the pores can swallow."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import load_material
from support.cells import composite, solve

FARADAY = 96485.332
POROSITY, THICKNESS, AREA = 0.15, 20e-6, np.pi * 0.01**2 / 4.0
CONSTANT = {"type": "constant_pressure", "pressure": "5 MPa"}


WEIGHT = {"si": 0.3, "sn": 0.7}
GIVES_ALL_BACK = {name: {name: {"first_cycle_loss": "0 mAh/g"}} for name in WEIGHT}


def alloy(name):
    """A composite 20 um thick, and the volume of the alloy over that of the layer."""
    w = WEIGHT[name]
    m, electrolyte = load_material(name), load_material("li6ps5cl")
    anode = composite(
        name,
        weight=f"{100 * w:g} %",
        diameter="2 um",
        thickness="20 um",
        electrolyte={"material": "li6ps5cl", "weight": f"{100 * (1 - w):g} %"},
    )
    volumes = w / m.value("density"), (1.0 - w) / electrolyte.value("density")
    return m, anode, (1.0 - POROSITY) * volumes[0] / sum(volumes)


@pytest.mark.parametrize(("name", "share"), [("si", 0.5), ("si", 0.8), ("sn", 0.8)])
def test_beyond_its_pores_a_layer_grows_by_what_its_alloy_grows(name, share):
    """Volume is conserved: growth over thickness = vf eps_v - porosity, at full contact."""
    m, anode, vf = alloy(name)
    sites = vf * THICKNESS * AREA / m.value("molar_volume")
    hours = share * sites * FARADAY / 3600.0 / 1e-3  # at 1 mA
    result = solve(
        geometry={"diameter": "10 mm"},
        fixture=CONSTANT,
        cathode=composite(thickness="200 um"),
        anode=anode,
        materials=GIVES_ALL_BACK[name],
        protocol=[f"Charge at 1 mA for {hours:.6f} hours"],
    )
    x = m.value("as_made_stoichiometry") + share
    strain = m.curve("volume_strain")
    grown = float(strain(x) - strain(m.value("as_made_stoichiometry")))
    change = sum(v[-1] for (layer, _), v in result.ledger.items() if layer == "anode")
    assert vf * grown > 1.5 * POROSITY
    assert_allclose(change / THICKNESS, vf * grown - POROSITY, rtol=0.02)


def test_before_the_pores_are_full_most_of_the_growth_goes_into_them():
    m, anode, vf = alloy("si")
    sites = vf * THICKNESS * AREA / m.value("molar_volume")
    hours = 0.2 * sites * FARADAY / 3600.0 / 1e-3
    result = solve(
        geometry={"diameter": "10 mm"},
        fixture=CONSTANT,
        cathode=composite(thickness="200 um"),
        anode=anode,
        materials=GIVES_ALL_BACK["si"],
        protocol=[f"Charge at 1 mA for {hours:.6f} hours"],
    )
    strain, made = m.curve("volume_strain"), m.value("as_made_stoichiometry")
    grown = vf * float(strain(made + 0.2) - strain(made))
    change = sum(v[-1] for (layer, _), v in result.ledger.items() if layer == "anode")
    assert 0.0 < change / THICKNESS < 0.5 * grown
