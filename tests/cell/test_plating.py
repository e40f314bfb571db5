"""Lithium plated from nothing: into the pores of the separator first, then as a layer."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.errors import InputError
from support.cells import composite, declare, solve

FREE = {"type": "anode_free"}
PRESS = {"type": "constant_pressure", "pressure": "5 MPa"}
LITHIUM_LAYER = 12.97e-6 / 96485.33 * 36e3  # m per mAh/cm2, from the molar volume
POROSITY, DEPTH = 0.2, 10e-6


def deposited(depth):
    """Charge [mAh/cm2] and thickness that the anode adds [m], of one cycle."""
    result = solve(
        anode=FREE,
        fixture=PRESS,
        mechanisms={"lithium_voids": "none"},
        cathode=composite(areal_capacity="2 mAh/cm2"),
        separator={
            "material": "li6ps5cl",
            "thickness": "600 um",
            "porosity": f"{100 * POROSITY:g} %",
            "plating_depth": f"{1e6 * depth:g} um",
        },
        protocol=["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 2.8 V"],
    )
    area = np.pi * 0.013**2 / 4.0
    grown = sum(v for (layer, _), v in result.ledger.items() if layer == "anode")
    return result.series.charge_throughput / 3.6 * 1e-1 / area / 1e3, grown


def test_a_layer_grows_by_the_molar_volume_of_lithium():
    charge, grown = deposited(0.0)
    assert_allclose(grown, LITHIUM_LAYER * charge, atol=4e-3 * LITHIUM_LAYER)


def test_pores_fill_before_the_layer_grows_and_empty_last():
    charge, grown = deposited(DEPTH)
    swallowed = POROSITY * DEPTH
    expected = np.maximum(LITHIUM_LAYER * charge - swallowed, 0.0)
    assert np.ptp(charge) > 1.5
    assert_allclose(grown, expected, atol=3e-8)  # smoothed over 20 nm


@pytest.mark.parametrize("stiffness", ["0.1 MPa/um", "0.4 MPa/um"])
def test_swallowed_lithium_does_not_press(stiffness):
    spring = {"type": "spring", "pressure": "5 MPa", "stiffness": stiffness}
    rise = []
    for depth in ("0 um", "20 um"):
        separator = {"material": "li6ps5cl", "thickness": "600 um", "plating_depth": depth}
        cell = declare(anode=FREE, fixture=spring, separator=separator)
        rise.append(run(cell).cycles[0]["stack_pressure_end_of_charge_MPa"] - 5.0)
    per_um = float(stiffness.split()[0])
    assert_allclose(rise[0] - rise[1], per_um * 0.15 * 20.0, rtol=0.1)


@pytest.mark.parametrize(
    ("material", "message"),
    [
        ("li_in", "anode.material: 'li_in' needs a host for its lithium"),
        ("ncm811", "anode.material: 'ncm811' is of role active; allowed: metal"),
    ],
)
def test_what_is_plated_on_a_bare_collector_is_a_metal(material, message):
    with pytest.raises(InputError, match=message):
        resolve(declare(anode=FREE | {"material": material}))


def test_a_flaw_is_not_deeper_than_the_separator():
    separator = {"material": "li6ps5cl", "thickness": "600 um", "flaw": "600 um"}
    with pytest.raises(InputError, match=r"separator.flaw: 600 um; allowed: less .*600 um"):
        resolve(declare(separator=separator))


def test_a_short_says_from_which_side_and_why():
    separator = {"material": "li6ps5cl", "thickness": "600 um", "flaw": "50 um"}
    strong = {"type": "constant_pressure", "pressure": "60 MPa"}
    result = run(declare(separator=separator, fixture=strong, protocol=["Rest for 1 h"]))
    assert result.status == "short"
    assert "lithium of the anode has grown through the separator from a flaw 50 um" in (
        result.reason
    )
    assert "the stack pressure alone splits it from 29" in result.reason


def test_a_short_stays_one_where_the_cell_goes_on():
    separator = {"material": "li6ps5cl", "thickness": "600 um", "flaw": "50 um"}
    strong = {"type": "constant_pressure", "pressure": "60 MPa"}
    cell = declare(separator=separator, fixture=strong, protocol=["Rest for 1 h"])
    again = run(cell, start=run(cell))
    assert again.status == "short"
    assert "from a flaw 50 um" in again.reason
