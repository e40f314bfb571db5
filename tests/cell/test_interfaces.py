"""Resistance, capacitance and Warburg coefficient against the impedance and closed laws."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.cell.readout.interfaces import (
    film_resistance,
    interface_capacitance,
    interface_resistance,
    warburg_coefficient,
)
from lithomech.cell.readout.observation import Observation, observe
from lithomech.cell.resolve.build import resolve
from lithomech.cell.solver.impedance import impedance
from lithomech.materials.load import load_material
from support.cells import EVEN, LITHIUM, composite, declare, solve

F, R, T = 96485.33212, 8.314462618, 298.15
PRESS = {"type": "constant_pressure", "pressure": "20 MPa"}
RADIUS, LAYER = 2e-6, 80e-6
COVERAGE = 370.0 / (3.0 * 280.0)
FILM, EXCHANGE, CAPACITANCE = 2e-4, 2.0, 0.2  # SI
HOST = {
    **EVEN,
    "density": "4.79 g/cm^3",
    "exchange_current_density": "2 A/m^2",
    "film_resistance": "2 ohm*cm^2",
    "interface_capacitance": "20 uF/cm^2",
    "electronic_conductivity": "1 S/cm",
}
# conduction so easy that all particles answer alike
EASY = {"li6ps5cl": {"ionic_conductivity": "1 S/cm"}}
CATHODE = composite(morphology="single_crystal")
MEASURES = (interface_resistance, interface_capacitance, warburg_coefficient)


def made(cathode=CATHODE, solver=None, mechanisms=None, materials=None, **host):
    """A cell at rest and its state as assembled, half empty, where its contacts are open."""
    model = resolve(
        declare(
            cathode=cathode,
            fixture=PRESS,
            solver=solver or {},
            mechanisms=mechanisms or {},
            materials={**EASY, "ncm811": {**HOST, **host}, **(materials or {})},
        )
    )
    y = model.start.copy()
    y[: model.layout.states] = 0.4
    return model, y


def observed(model, y):
    states = y[None, :]
    return Observation(model, states, observe(model, states))


def seen(model, y, side="cathode"):
    """Resistance, capacitance and Warburg coefficient of one state, in SI."""
    values = [measure(observed(model, y), side) for measure in MEASURES]
    return [None if value is None else float(value[0]) for value in values]


def without_lithium(model, y, frequency):
    """Impedance times area less that of the lithium foil and of the separator [ohm m2]."""
    omega = 2.0 * np.pi * frequency
    foil = 1.0 / (1.0 / (8.7e-4 + R * T / F / 100.0) + 1j * omega * CAPACITANCE)
    return impedance(model, y, frequency) * model.area - foil


def geometric_area():
    """Surface of the particles per cell area, from weights and densities."""
    active, electrolyte = 0.7 / 4.79, 0.3 / 1.87
    return 3.0 * 0.85 * active / (active + electrolyte) / RADIUS * LAYER


def test_the_arc_of_a_spectrum_has_this_resistance_and_capacitance():
    model, y = made(diffusivity="1e-10 m^2/s")
    resistance, capacitance, _ = seen(model, y)
    frequency = np.geomspace(1e5, 1.0, 5001)
    z = without_lithium(model, y, frequency)
    assert_allclose(z[-1].real - z[0].real, resistance, rtol=0.01)
    peak = frequency[np.argmin(z.imag)]
    assert_allclose(1.0 / (2.0 * np.pi * peak * resistance), capacitance, rtol=0.02)


def test_two_hosts_pass_current_side_by_side():
    grain = CATHODE["active"][0]
    blend = {**CATHODE, "active": [{**grain, "weight": "40 %"}]}
    blend["active"].append({**grain, "material": "lco", "weight": "30 %", "diameter": "8 um"})
    slow = {
        **HOST,
        "density": "5 g/cm^3",
        "exchange_current_density": "0.5 A/m^2",
        "diffusivity": "1e-10 m^2/s",
    }
    model, y = made(blend, diffusivity="1e-10 m^2/s", materials={"lco": slow})
    z = without_lithium(model, y, np.array([1e5, 1.0]))
    assert_allclose(z[1].real - z[0].real, seen(model, y)[0], rtol=0.02)


def test_the_slope_of_a_spectrum_is_this_warburg_coefficient():
    bare = {"interface_capacitance": "0.001 uF/cm^2"}
    model, y = made(solver={"nodes": 2, "shells": 400}, **bare)
    theta = observed(model, y).readout.theta.max()
    assert theta < 0.5
    frequency = np.array([2.0, 8.0, 32.0])
    z = without_lithium(model, y, frequency)
    root = 1.0 / np.sqrt(2.0 * np.pi * frequency)
    warburg = seen(model, y)[2]
    assert_allclose(np.diff(z.real) / np.diff(root), warburg, rtol=0.015)
    # and the law itself
    potential = load_material("ncm811").curve("open_circuit_potential")
    slope = float(potential(0.4 + 1e-3) - potential(0.4 - 1e-3)) / 2e-3
    per_mol = load_material("ncm811").value("molar_volume") / F
    exact = abs(slope) * per_mol / np.sqrt(2.0 * 4e-15) / theta / geometric_area()
    assert_allclose(warburg, exact, rtol=0.01)


def test_cracks_and_lost_grains_raise_the_warburg_coefficient_as_in_the_spectrum():
    """Inverse to the root of the diffusivity that is left, and to the share of the grains."""
    bare = {"interface_capacitance": "0.001 uF/cm^2"}
    random = composite(morphology="random")
    solver = {"nodes": 2, "shells": 400}
    whole, y = made(random, solver, {"contact": "none"}, **bare)
    damaged, lost = y.copy(), y.copy()
    damaged[whole.slots["cracking.damage"].place] = 1.0
    lost[whole.slots["isolation.share"].place] = 0.5
    frequency = np.array([2.0, 8.0])
    root = 1.0 / np.sqrt(2.0 * np.pi * frequency)
    path_loss = whole.classes["cathode"][0].parameters["cracking"].path_loss
    ratios = [1.0, 1.0 / np.sqrt(1.0 - path_loss), 2.0]
    assert path_loss > 0.1
    sound = seen(whole, y)[2]
    for state, ratio in zip((y, damaged, lost), ratios, strict=True):
        warburg = seen(whole, state)[2]
        assert_allclose(warburg / sound, ratio, rtol=1e-9)
        z = without_lithium(whole, state, frequency)
        assert_allclose(np.diff(z.real) / np.diff(root), warburg, rtol=0.02)


def test_lost_contact_multiplies_the_resistance_and_divides_the_capacitance():
    model, less = made(film_resistance="0 ohm*cm^2")
    whole = model.start
    thetas = [observed(model, state).readout.theta.max() for state in (whole, less)]
    assert thetas[1] < 0.5 * thetas[0]
    (R_1, C_1, _), (R_2, C_2, _) = seen(model, whole), seen(model, less)
    assert_allclose(R_2 / R_1, thetas[0] / thetas[1], rtol=1e-9)
    assert_allclose(R_2 * C_2, R_1 * C_1, rtol=1e-9)
    assert_allclose(R_1 * C_1, R * T / F / EXCHANGE * CAPACITANCE, rtol=1e-9)


def test_a_film_raises_the_resistance_alone():
    mechanisms = {"contact": "none", "interphase": "default"}
    model, y = made(mechanisms=mechanisms)
    grown = y.copy()
    charge = 50.0
    grown[model.slots["interphase.oxidation"].place] = charge
    (R_1, C_1, _), (R_2, C_2, _) = seen(model, y), seen(model, grown)
    electrolyte = load_material("li6ps5cl")
    thickness = electrolyte.value("oxidation_film_volume") / F * charge
    film = thickness / electrolyte.value("oxidation_film_ionic_conductivity")
    assert_allclose(R_1, (R * T / F / EXCHANGE + FILM) / (COVERAGE * geometric_area()), 1e-9)
    assert_allclose(R_2 - R_1, film / (COVERAGE * geometric_area()), rtol=1e-9)
    assert C_2 == C_1
    alone = film_resistance(observed(model, grown), "cathode")
    assert_allclose(alone, (FILM + film) / (COVERAGE * geometric_area()), rtol=1e-9)


def test_lithium_has_both_laws_too():
    model, y = made(mechanisms={"interphase": "default"})
    voids, grown = y.copy(), y.copy()
    voids[model.slots["anode.lithium_voids.open"].place] = 2e-6
    grown[model.slots["anode.interphase.film"].place] = 50.0
    resistance, capacitance, warburg = seen(model, y, "anode")
    assert_allclose(resistance, 8.7e-4 + R * T / F / 100.0, rtol=1e-9)
    assert_allclose(capacitance, CAPACITANCE, rtol=1e-9)
    assert warburg is None
    theta = np.exp(-2e-6 / load_material("li").value("void_depth"))
    assert theta < 0.9
    R_voids, C_voids, _ = seen(model, voids, "anode")
    assert_allclose([R_voids, C_voids], [resistance / theta, CAPACITANCE * theta], rtol=1e-9)
    R_grown, C_grown, _ = seen(model, grown, "anode")
    electrolyte = load_material("li6ps5cl")
    thickness = electrolyte.value("reduction_film_volume") / F * 50.0
    film = thickness / electrolyte.value("reduction_film_ionic_conductivity")
    assert_allclose(R_grown - resistance, film, rtol=1e-9)
    assert C_grown == capacitance


def test_cycles_have_them_at_the_end_of_charge():
    steps = ["Charge at 0.2C for 1 hour", "Rest for 1 min", "Discharge at 0.2C for 30 min"]
    (first,) = solve(
        cathode=CATHODE,
        materials={**EASY, "ncm811": HOST},
        mechanisms={"contact": "none"},
        protocol=steps,
    ).cycles
    resistance = (R * T / F / EXCHANGE + FILM) / (COVERAGE * geometric_area())
    key = "cathode_interface_resistance_ohm_cm2"
    assert_allclose(first[key], 1e4 * resistance, rtol=1e-9)
    capacitance = 20.0 * COVERAGE * geometric_area()
    assert_allclose(first["cathode_interface_capacitance_uF_per_cm2"], capacitance, rtol=1e-9)
    assert first["cathode_warburg_coefficient_ohm_cm2_per_sqrt_s"] > 0.0
    assert_allclose(first["anode_interface_capacitance_uF_per_cm2"], 20.0, rtol=1e-9)
    assert first["anode_warburg_coefficient_ohm_cm2_per_sqrt_s"] is None


def test_what_does_not_apply_is_null():
    discharge = ["Discharge at 0.1C for 6 min"]
    (cycle,) = solve(cathode=CATHODE, initial={"cathode": 0.6}, protocol=discharge).cycles
    assert cycle["cathode_interface_resistance_ohm_cm2"] is None  # nothing was charged


def test_a_solid_without_lithium_has_none():
    model = resolve(declare(cathode=composite("ruo2"), rate_capacity="0.02 mAh"))
    assert seen(model, model.start) == [None, None, None]


def test_voids_constrict_the_current_in_the_electrolyte():
    """Li|Li in series: separator, and twice a constriction and an arc on the contact left."""
    cell = declare(
        anode=LITHIUM, cathode=LITHIUM, rate_capacity="1 mAh", protocol=["Rest for 1 s"]
    )
    model = resolve(cell)
    y, frequency = model.start.copy(), np.logspace(7, 0, 15)
    for side in ("anode", "cathode"):
        y[model.slots[f"{side}.lithium_voids.open"].place] = 2e-6
    s, theta = 2j * np.pi * frequency, np.exp(-1.0)
    kappa = load_material("li6ps5cl").value("ionic_conductivity")
    spreading = np.pi * 20e-6 / (4.0 * kappa) * (1.0 - theta**0.5) ** 1.5 / theta**0.5
    constriction = spreading / (1.0 + s * 1e-3 * spreading)  # 1e-7 F/cm2
    contact = (8.7e-4 + R * T / F / 100.0) / theta
    arc = contact / (1.0 + s * CAPACITANCE * theta * contact)
    separator = cell.separator.thickness / kappa
    exact = separator + 2.0 * (constriction + arc)
    assert_allclose(impedance(model, y, frequency) * model.area, exact, rtol=1e-9)
    assert spreading > 0.01 * contact  # spots 40 um apart hardly constrict it
