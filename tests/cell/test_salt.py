"""Salt that moves: a cell of two lithium foils beside a binary electrolyte solved anew."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.cell.mechanisms import salt
from lithomech.cell.resolve.build import resolve
from lithomech.cell.run import run
from lithomech.errors import InputError
from support.cells import declare as declare_cell

F, R, T = 96485.33212, 8.314462618, 333.15
L, C_0, T_PLUS = 40e-6, 1100.0, 0.27
COOLER = np.exp(-9000.0 / R * (1.0 / 133.15 - 1.0 / 158.15))  # Vogel from 85 to 60 degC
D, KAPPA = 5.2e-12 * COOLER, 0.076 * COOLER
LIMIT = 2.0 * F * D * C_0 / ((1.0 - T_PLUS) * L)  # A/m2
FOIL = {"type": "planar", "material": "li", "thickness": "100 um"}
OFF = dict.fromkeys(
    ("interphase", "lithium_voids", "separator_crack", "polymer_contact"), "none"
)


def declare(*protocol, **keys):
    return lm.load_cell(
        {
            "cathode": FOIL,
            "anode": FOIL,
            "temperature": "60 degC",
            "separator": {"material": "peo", "thickness": "40 um", "porosity": "0 %"},
            "fixture": {"type": "constant_pressure", "pressure": "0.2 MPa"},
            "geometry": {"area": "1 cm2"},
            "materials": {"li": {"interface_resistance": "0 ohm*cm^2"}},
            "mechanisms": OFF,
            "protocol": list(protocol),
            "output": {"points": 400},
        }
        | keys
    )


def transfer(i):
    """Charge transfer at both foils, exchange current density 100 A/m2 [V]."""
    return 2.0 * 2.0 * R * T / F * np.arcsinh(i / 200.0)


def solved(i, times, n=200, steps=4000):
    """Voltage of a concentrated binary electrolyte: finite volumes, implicit, to each time.

    Its conductivity, diffusivity and transference number are held; Newman's equations then are
    diffusion with (1 - t_+) i/F entering at one face and leaving at the other.
    """
    width = L / n
    link = np.full(n - 1, D / width)
    matrix = np.diag(np.append(link, 0.0) + np.append(0.0, link))
    matrix -= np.diag(link, 1) + np.diag(link, -1)
    source = np.zeros(n)
    source[[0, -1]] = np.array([1.0, -1.0]) * (1.0 - T_PLUS) * i / F
    volts, c, at = [], np.full(n, C_0), 0.0
    for end in times:
        h = (end - at) / steps
        back = np.linalg.inv(np.eye(n) + h / width * matrix)
        for _ in range(steps):
            c = back @ (c + h / width * source)
        at = end
        faces = c[[0, -1]] + source[[0, -1]] * 0.5 * width / D
        junction = 2.0 * R * T / F * (1.0 - T_PLUS) * np.log(faces[0] / faces[1])
        volts.append(junction + i * L / KAPPA + transfer(i))
    return np.array(volts)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_voltage_is_that_of_a_binary_electrolyte(share):
    i, times = share * LIMIT, np.array([3.0, 30.0, 150.0, 1500.0])
    result = run(declare(f"Strip at {0.1 * i} mA/cm2 for 1600 s"))
    assert result.status == "completed"
    seen = np.interp(times, result.time, result.voltage)
    assert_allclose(seen, solved(i, times), rtol=0.01, atol=2e-4)


def test_at_rest_the_salt_is_even_again():
    result = run(declare("Strip at 0.5 mA/cm2 for 1 h", "Rest for 1 h"))
    rest = 3600.0
    slowest = L**2 / (np.pi**2 * D)
    times = rest + slowest * np.array([1.5, 2.5])
    left = np.interp(times, result.time, result.voltage)
    assert_allclose(np.log(left[0] / left[1]), 1.0, rtol=0.03)
    assert abs(result.voltage[-1]) < 1e-6


def test_lithium_that_moves_alone_takes_no_notice():
    known = {"li": {"interface_resistance": "0 ohm*cm^2"}, "peo": {"transference_number": 1.0}}
    result = run(declare("Strip at 0.5 mA/cm2 for 1 h", materials=known))
    i = 5.0
    assert_allclose(result.voltage[1:], i * L / KAPPA + transfer(i), rtol=1e-6)


def test_a_small_current_meets_a_resistance():
    i = 1e-3 * LIMIT
    result = run(declare(f"Strip at {0.1 * i} mA/cm2 for 2 h"))
    slope = 2.0 * R * T * (1.0 - T_PLUS) ** 2 * L / (F * F * D * C_0)
    whole = L / KAPPA + slope + transfer(i) / i
    assert_allclose(result.voltage[-1] / i, whole, rtol=2e-4)


def test_above_the_limit_the_salt_is_used_up_after_the_time_of_sand():
    i = 4.0 * LIMIT
    result = run(declare(f"Strip at {0.1 * i} mA/cm2 for 2 h"))
    assert result.status == "salt exhausted"
    assert "no salt is left at the anode; 1.05 mA/cm2 is the most that lasts" in result.reason
    sand = np.pi * D * (F * C_0 / (2.0 * (1.0 - T_PLUS) * i)) ** 2
    assert_allclose(result.time[-1], sand, rtol=0.05)


def test_just_below_the_limit_it_lasts_and_just_above_it_does_not():
    ends = [
        run(declare(f"Strip at {0.1 * s * LIMIT} mA/cm2 for 3 h")).status for s in (0.99, 1.01)
    ]
    assert ends == ["completed", "salt exhausted"]


def test_a_voltage_limit_ends_the_step_first():
    result = run(declare(f"Strip at {0.2 * LIMIT} mA/cm2 for 2 h or until 0.5 V"))
    assert result.status == "completed"
    assert result.events[-1].name == "voltage limit [V]"


def test_the_limits_of_a_cell_with_a_composite_count_its_path():
    cell = lm.load_cell("li_peo_lfp")
    p = resolve(cell).foils["anode"].parameters["salt"]
    plating, stripping = salt.limiting_current(p)
    assert 2.0 < stripping < LIMIT  # A/m2: the composite is on the way
    assert 2.0 < plating < LIMIT


def test_a_discharge_that_is_too_fast_uses_up_the_salt_of_the_cathode():
    steps = ["Charge at C/10 until 3.8 V", "Discharge at 3 mA/cm2 for 1 h"]
    result = run(lm.load_cell("li_peo_lfp", {"protocol": steps}))
    assert result.status == "salt exhausted"
    assert "no salt is left in the cathode" in result.reason


def test_the_low_end_of_an_impedance_is_a_finite_warburg():
    result = run(declare("Impedance from 1 MHz to 0.1 mHz, 10 points per decade"))
    (spectrum,) = result.impedance
    slope = 2.0 * R * T * (1.0 - T_PLUS) ** 2 * L / (F * F * D * C_0)
    transferred = 4.0 * R * T / F / 200.0
    omega = 2.0 * np.pi * spectrum.frequency_Hz
    slow = spectrum.frequency_Hz < 10.0
    x = 0.5 * L * np.sqrt(1j * omega[slow] / D)
    expected = 1e4 * (L / KAPPA + transferred + slope * np.tanh(x) / x)  # ohm cm2
    assert_allclose(spectrum.impedance_ohm[slow], expected, rtol=0.02)


def test_two_composites_say_that_their_salt_is_left_out():
    anode = {
        "type": "composite",
        "n_p_ratio": 1.2,
        "porosity": "2 %",
        "active": [{"material": "lto", "weight": "60 %", "diameter": "1 um"}],
        "additives": [{"material": "carbon", "weight": "7 %"}],
        "electrolyte": {"material": "peo", "weight": "rest"},
        "transport": {"type": "formula"},
    }
    model = resolve(lm.load_cell("li_peo_lfp", {"anode": anode, "materials": {}}))
    assert any("the salt is taken as even" in text for text in model.warnings)


def test_salt_without_its_diffusivity_is_one_clear_line():
    materials = {"li6ps5cl": {"transference_number": 0.5}}
    cell = declare_cell(materials=materials)
    with pytest.raises(InputError, match="li6ps5cl has no 'salt_diffusivity'"):
        resolve(cell)
