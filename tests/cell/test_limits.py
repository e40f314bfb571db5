"""Limits in which the cell is known without its solver."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import load_material
from oracles.quasi_static import FARADAY, Host, Layer, SlowCell, moduli, porous, profile
from support.cells import COARSE, EVEN, INDIUM, LITHIUM, NO_CRACKS, composite, solve, spring

KINK = 1e6 * np.log(2.0)  # Pa, by which smoothing rounds the opening of contacts at most
ELASTIC = {"interphase": "none", "creep": "none", "isolation": "none"}
MADE = 0.9  # lithium per formula unit of the cathode at assembly
OHMIC_COST = {"0.001C": 0.5e-3, "0.0001C": 0.05e-3}  # V: separator, interfaces, open contacts


def young(name):
    m = load_material(name)
    return m.value("youngs_modulus"), m.value("poisson_ratio")


def layer_of(material, thickness=80e-6, porosity=0.15, weight=0.7):
    """The layer that ``composite(material)`` declares, from its weights and densities."""
    m, electrolyte = load_material(material), load_material("li6ps5cl")
    volumes = weight / m.value("density"), (1 - weight) / electrolyte.value("density")
    active = (1 - porosity) * volumes[0] / sum(volumes)
    strain = m.curve("volume_strain")
    host = Host(
        potential=m.curve("open_circuit_potential"),
        strain=strain,
        slope=lambda x: (strain(x + 5e-4) - strain(x - 5e-4)) / 1e-3,
        molar_volume=m.value("molar_volume"),
        E=young(material)[0],
        nu=young(material)[1],
        made=MADE,
    )
    solid = 1 - porosity - active
    return Layer(host, thickness, active, solid, porosity, *young("li6ps5cl"))


def clamped(name, pores=0.0):
    K, G = porous(*moduli(*young(name)), pores)
    return K + 4 * G / 3


AREA = np.pi * 6.5e-3**2
SEPARATOR_AND_LITHIUM = 600e-6 / clamped("li6ps5cl", 0.15) + 100e-6 / clamped("li")


@pytest.mark.parametrize("rate", OHMIC_COST)
@pytest.mark.parametrize("residual", [0.0, 60e6])
@pytest.mark.parametrize("material", ["ncm811", "lco"])
def test_slow_charge_follows_the_stress_corrected_potential(material, residual, rate):
    """Voltage and stack pressure from formulas alone, contacts closed and open."""
    result = solve(
        cathode=composite(material),
        initial={"cathode": str(MADE)},
        fabrication={"residual_pressure": f"{residual / 1e6} MPa"},
        materials={  # near full, NCM811 as it is would need a slower charge
            material: NO_CRACKS | (EVEN if material == "ncm811" else {}),
            "li6ps5cl": {"shell_yield_strength": "10 GPa"},
        },
        protocol=[f"Charge at {rate} until 4.2 V"],
        mechanisms=ELASTIC,
        solver=COARSE | {"voltage_tolerance": "10 uV"},
    )
    slow = SlowCell(layer_of(material), 12.97e-6, SEPARATOR_AND_LITHIUM, 0.4e12, 20e6, residual)
    x = result.profiles["cathode_stoichiometry"][1:, :, 0].mean(axis=1)
    voltage, pressure, charge = profile(slow, x)
    passed = np.abs(result.current[-1]) * result.time[1:] / AREA
    assert_allclose(charge, passed, rtol=1e-5)  # 1C is capacity and density, not molar volume
    steepest = abs(slow.cathode.host.slope(x)).max() * slow.cathode.host.molar_volume
    allowed = OHMIC_COST[rate] + KINK * steepest / FARADAY + 10e-6
    assert abs(result.voltage[1:] - voltage).max() < allowed
    T, K_c, _ = slow.cathode.constants()
    rounded = 0.4e12 * 80e-6 * 3 * slow.cathode.active * T * KINK / K_c
    assert abs(result.stack_pressure[1:] - pressure).max() < rounded + 1e-5 * 20e6


def at_ends(result, values):
    """A series at the end of each step."""
    step = result.series.columns["Step Count / 1"]
    return values[np.append(np.diff(step) > 0, True)]


SLICES = [f"{sign} at 0.1C for 3 min" for sign in ("Charge", "Charge", "Discharge")]


@pytest.mark.parametrize("anode", [LITHIUM, INDIUM])
@pytest.mark.parametrize("material", ["ncm811", "lco"])
def test_maxwell_relation(material, anode):
    """(dV/dP) at fixed charge = area (dh/dQ) at fixed pressure, contacts closed."""
    start = ["Charge at 0.1C for 2 hours", "Rest for 40 hours"]
    rest = "Rest for 40 hours"
    common = {
        "cathode": composite(material, diameter="1 um"),
        "anode": anode,
        "initial": {"cathode": str(MADE)},
        "fabrication": {"residual_pressure": "150 MPa"},
        "materials": {material: NO_CRACKS},
        "mechanisms": ELASTIC,
        "solver": COARSE | {"voltage_tolerance": "0.1 uV"},
    }
    pressed = solve(
        protocol=[*start, "Set stack pressure to 24 MPa", "Set stack pressure to 16 MPa"],
        **common,
    )
    voltage = at_ends(pressed, pressed.voltage)[-2:]
    by_pressure = (voltage[0] - voltage[1]) / 8e6
    press = {"type": "constant_pressure", "pressure": "20 MPa"}
    around = [part for charge in SLICES for part in (charge, rest)]
    held = solve(protocol=[*start, *around], fixture=press, **common)
    height = at_ends(held, held.series.displacement)
    time = at_ends(held, held.time)
    current = at_ends(held, held.current)
    assert_allclose(at_ends(held, held.stack_pressure), 20e6, rtol=1e-9)
    # charges of 3 min around the state of the pressure steps: one back would be symmetric
    slopes = []
    for before, after in ((1, 3), (3, 5)):
        charge = abs(current[after - 1]) * (time[after - 1] - time[before])
        slopes.append((height[after] - height[before]) / charge)
    # extrapolated from the middle of each slice to its common start
    by_charge = 1.5 * slopes[0] - 0.5 * slopes[1]
    assert_allclose(by_pressure, AREA * by_charge, rtol=5e-3)


def test_pressure_on_lithium_is_worth_0135_millivolt_per_megapascal():
    result = solve(
        cathode=composite("lto"),
        protocol=[
            "Rest for 1 second",
            "Set stack pressure to 60 MPa",
            "Set stack pressure to 3 MPa",
        ],
        solver=COARSE | {"voltage_tolerance": "1 nV"},
    )
    voltage = at_ends(result, result.voltage)
    expected = 12.97e-6 / FARADAY  # V per Pa; 0.134 mV/MPa, printed as 0.135
    assert_allclose(voltage[1] - voltage[0], 40e6 * expected, rtol=1e-6)
    assert_allclose(voltage[2] - voltage[0], -17e6 * expected, rtol=1e-6)


def test_one_class_is_two_half_classes():
    one = composite(diameter="4 um")
    half = one["active"][0] | {"weight": "35 %"}
    protocol = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 3 V"]
    alike = [
        solve(cathode=one | {"active": active}, protocol=protocol)
        for active in (one["active"], [half, half])
    ]
    assert_allclose(alike[1].time[-1], alike[0].time[-1], rtol=1e-9)
    assert_allclose(alike[1].voltage, alike[0].voltage, rtol=1e-9)
    assert_allclose(alike[1].stack_pressure, alike[0].stack_pressure, rtol=1e-9)


def test_without_strain_pressure_is_constant():
    still = solve(
        cathode=composite("lto"),
        anode=composite("lto", thickness="90 um"),
        initial={"cathode": "0.9", "anode": "0.1"},
        reference="cell",
        protocol=["Charge at 0.2C for 3 hours", "Discharge at 0.2C for 2 hours"],
    )
    # LTO changes by at most 0.2 %: bound of the whole displacement over the compliance
    span = abs(still.stack_pressure - 20e6).max()
    assert span < 0.4e12 * (80e-6 + 90e-6) * 0.002
    pressed = solve(
        cathode=composite("lto"),
        anode=composite("lto", thickness="90 um"),
        fixture={"type": "constant_pressure", "pressure": "20 MPa"},
        initial={"cathode": "0.9", "anode": "0.1"},
        reference="cell",
        protocol=["Charge at 0.2C for 3 hours", "Discharge at 0.2C for 2 hours"],
    )
    assert_allclose(pressed.stack_pressure, 20e6, rtol=1e-12)


SOFT = {"type": "spring", "pressure": "20 MPa", "stiffness": "0.2 MPa/um"}
SAME_STIFFNESS = {
    "two springs": spring() | {"frame_stiffness": "0.4 MPa/um"},
    "frame as force": spring() | {"frame_stiffness": f"{0.4e6 * AREA} N/um"},
    "fixed gap": {
        "type": "bolted",
        "pressure": "20 MPa",
        "frame_stiffness": "0.2 MPa/um",
    },
}


@pytest.mark.parametrize("name", SAME_STIFFNESS)
def test_fixtures_of_the_same_stiffness_agree(name):
    protocol = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 3 V"]
    one, other = (
        solve(fixture=fixture, protocol=protocol) for fixture in (SOFT, SAME_STIFFNESS[name])
    )
    assert_allclose(other.voltage, one.voltage, rtol=1e-9)
    assert_allclose(other.stack_pressure, one.stack_pressure, rtol=1e-9)


@pytest.mark.parametrize("kappa_over_sigma", [0.05, 1.0, 20.0])
def test_current_distribution_is_a_cosh(kappa_over_sigma):
    """Linear kinetics at the first moment: Newman and Tobias' distribution and resistance."""
    fast = EVEN | {"diffusivity": "1e-14 m^2/s", "exchange_current_density": "6e-4 A/m^2"}
    nodes, thickness = 200, 200e-6
    kappa = 2e-4
    sigma = kappa / kappa_over_sigma
    layer = layer_of("ncm811", thickness)
    conductivities = {
        "ncm811": fast
        | NO_CRACKS
        | {"electronic_conductivity": f"{sigma / layer.active**1.5} S/m"},
        "li6ps5cl": {"ionic_conductivity": f"{kappa / layer.electrolyte**1.5} S/m"},
    }
    result = solve(
        cathode=composite(thickness="200 um"),
        initial={"cathode": str(MADE)},
        materials=conductivities,
        fabrication={"residual_pressure": "100 MPa"},
        protocol=["Rest for 1 second", "Charge at 2e-6C for 1 second"],
        solver={"nodes": nodes, "shells": 12, "voltage_tolerance": "1 nV"},
    )
    x_s = result.profiles["cathode_surface_stoichiometry"]
    x = result.profiles["cathode_stoichiometry"]
    first = int(np.argmax(result.series.columns["Step Count / 1"] == 2))
    flux = (x_s - x)[first, :, 0]  # half a shell of gradient, in proportion to the flux
    flux = flux / flux.mean()
    # exchange per volume: a c_0 i_0 F/RT
    transfer = 6e-4 * FARADAY / (8.314462618 * 298.15)
    coverage = 370e6 / (3 * load_material("li6ps5cl").value("matrix_strength"))
    area = 3 * layer.active / 2e-6 * coverage
    nu = thickness * np.sqrt(area * transfer * (1 / kappa + 1 / sigma))
    z = (np.arange(nodes) + 0.5) / nodes  # 0 at the separator
    share = (1 / kappa) / (1 / kappa + 1 / sigma)
    expected = share * np.cosh(nu * (1 - z)) + (1 - share) * np.cosh(nu * z)
    expected *= nu / np.sinh(nu)
    assert 1.0 < nu < 10.0
    assert_allclose(flux, expected, rtol=(nu / nodes) ** 2)
    spread = (2 + (kappa / sigma + sigma / kappa) * np.cosh(nu)) / (nu * np.sinh(nu))
    electrode = thickness / (kappa + sigma) * (1 + spread)
    lithium = 1e-3 + 8.314462618 * 298.15 / FARADAY / 100.0  # interface and charge transfer
    separator = 600e-6 / (kappa / layer.electrolyte**1.5)
    polarisation = (result.voltage[first] - result.voltage[first - 1]) * AREA
    measured = polarisation / result.current[first]
    # the same half shell of gradient adds under 1e-4 of the charge transfer
    assert_allclose(measured, electrode + lithium + separator, rtol=(nu / nodes) ** 2 + 1e-4)


def test_ledger_adds_up_to_what_the_fixture_gave_way():
    result = solve(
        protocol=[
            "Charge at 0.3C until 4.3 V",
            "Rest for 1 hour",
            "Discharge at 0.3C until 3 V",
        ],
        solver=COARSE | {"voltage_tolerance": "1 uV"},
        fabrication={"residual_pressure": "0 MPa"},
    )
    total = np.sum(list(result.ledger.values()), axis=0)
    given = (result.stack_pressure - 20e6) / 0.4e12
    # pressures are good to 1e-6 of 20 MPa
    assert_allclose(total, given, atol=1e-6 * 20e6 / 0.4e12)
    assert abs(given).max() > 1e-6


def test_setting_the_pressure_back_and_forth_returns():
    result = solve(
        protocol=[
            "Charge at 0.2C for 2 hours",
            "Rest for 10 hours",
            "Set stack pressure to 60 MPa",
            "Set stack pressure to 20.5 MPa",
            "Set stack pressure to 5 MPa",
            "Set stack pressure to 20.5 MPa",
            "Rest for 10 hours",
        ],
        solver=COARSE | {"voltage_tolerance": "1 uV"},
    )
    voltage, pressure = (at_ends(result, v) for v in (result.voltage, result.stack_pressure))
    assert_allclose(pressure[2:6], [60e6, 20.5e6, 5e6, 20.5e6], rtol=1e-6)
    assert_allclose(voltage[5], voltage[3], atol=1e-6)
    contact = at_ends(result, result.profiles["cathode_contact_fraction"][:, 0, 0])
    assert_allclose(contact[5], contact[3], rtol=1e-5)
    assert contact[4] < contact[3] < contact[2]
