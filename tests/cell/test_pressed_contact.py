"""Contact of lithium on LLZO: made by the largest pressure, and kept."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.laws import contact

SCALE = 100e6  # Pa, as the file of llzo says
FOIL = {"type": "planar", "material": "li", "thickness": "100 um"}
SPECTRUM = "Impedance from 10 MHz to 10 mHz, 4 points per decade"


def declare(*protocol, **keys):
    return lm.load_cell(
        {
            "cathode": FOIL,
            "anode": FOIL,
            "separator": {"material": "llzo", "thickness": "1 mm", "porosity": "2 %"},
            "fixture": {"type": "constant_pressure", "pressure": "5 MPa"},
            "geometry": {"area": "1 cm2"},
            "mechanisms": {"lithium_voids": "none", "interphase": "none"},
            "protocol": list(protocol),
        }
        | keys
    )


def resistance(spectrum):
    """Of charge transfer and interface of both sides: low less high frequencies [ohm]."""
    z = spectrum.impedance_ohm.real
    return z[-1] - z[0]


def test_the_contact_of_the_largest_pressure_stays():
    pressed = FOIL | {"pressed": "5 MPa"}
    press = ["Set stack pressure to 400 MPa", "Rest for 10 h", "Set stack pressure to 5 MPa"]
    cell = declare(SPECTRUM, *press, SPECTRUM, anode=pressed, cathode=pressed)
    before, after = (resistance(s) for s in run(cell).impedance)
    whole = resistance(run(declare(SPECTRUM)).impedance[0])
    # resistance goes with one over the contact; 600 dwells are as good as for ever
    assert_allclose(before, whole / -np.expm1(-5e6 / SCALE), rtol=1e-3)
    assert_allclose(after, whole / -np.expm1(-400e6 / SCALE), rtol=3e-3)


def test_a_pressure_takes_its_dwell():
    pressed = FOIL | {"pressed": "1 Pa"}
    result = run(declare("Rest for 60 s", anode=pressed, solver={"voltage_tolerance": 1e-6}))
    beyond = result.state["anode.pressed_contact.beyond"].item()
    assert_allclose(beyond, 5e6 * (1.0 - np.exp(-1.0)), rtol=2e-3)


def test_without_the_key_nothing_changes():
    plain, huge = (
        run(declare("Discharge at 0.1 mA/cm2 for 60 s", anode=anode)).voltage[-1]
        for anode in (FOIL, FOIL | {"pressed": "5 GPa"})
    )
    assert_allclose(plain, huge, rtol=1e-9)


def test_contact_has_the_limits_of_its_law():
    assert contact.pressed_share(0.0, SCALE) == 0.0
    assert_allclose(contact.pressed_share(1e3, SCALE), 1e-5, rtol=1e-5)
    assert contact.pressed_share(1e10, SCALE) == 1.0


def test_an_electrolyte_without_the_constant_is_refused():
    separator = {"material": "li6ps5cl", "thickness": "600 um"}
    with pytest.raises(InputError, match=r"anode.pressed: 'li6ps5cl' has no contact_pressure"):
        run(declare("Rest for 1 s", separator=separator, anode=FOIL | {"pressed": "30 MPa"}))
