"""Impedance against exact formulas, against a march in time, and against causality."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.readout.observation import observe
from lithomech.cell.resolve.build import Resolved, resolve
from lithomech.cell.run import run
from lithomech.cell.solver.impedance import impedance
from lithomech.cell.spec import Cell, load_cell
from support import cells
from support.cells import EVEN

F, R, T = 96485.33212, 8.314462618, 298.15
SOURCE = {"ref": "Assumed", "where": "test", "method": "assumed", "checked": False}
# A host with straight curves, so that the exact impedance can be written down.
POTENTIAL, STRAIN = -1.0, 0.06  # slopes against stoichiometry [V] and [1]
X = 0.6
RADIUS, LAYER, SEPARATOR = 2e-6, 80e-6, 600e-6
CAPACITANCE = 0.2  # F/m2
HOST = {
    "based_on": "ncm811",
    **EVEN,
    "density": "4.79 g/cm^3",
    "molar_volume": "20.3 cm^3/mol",
    "diffusivity": "4e-15 m^2/s",
    "exchange_current_density": "2 A/m^2",
    "film_resistance": "2 ohm*cm^2",
    "interface_capacitance": "20 uF/cm^2",
    "electronic_conductivity": "0.5 mS/cm",
    "open_circuit_potential": {"form": "table", "file": "u.csv", "unit": "V", "source": SOURCE},
    "volume_strain": {
        "form": "table",
        "file": "strain.csv",
        "unit": "dimensionless",
        "source": SOURCE,
    },
}
COMPOSITE = {
    "type": "composite",
    "thickness": "80 um",
    "porosity": "15 %",
    "transport": {"type": "formula"},  # as in the exact solutions
    "active": [
        {
            "material": "host",
            "weight": "75 %",
            "diameter": "4 um",
            "morphology": "single_crystal",
        }
    ],
    "electrolyte": {"material": "li6ps5cl", "weight": "25 %"},
}
LITHIUM = {"type": "planar", "material": "li", "thickness": "100 um"}
INDIUM = {**LITHIUM, "material": "li_in"}
PRESS = {"type": "constant_pressure", "pressure": "20 MPa"}
SPRING = {"type": "spring", "pressure": "20 MPa", "stiffness": "0.4 MPa/um"}
STIFF = {"type": "spring", "pressure": "20 MPa", "stiffness": "5 MPa/um"}
BASE = {
    "fixture": PRESS,
    "mechanisms": {"interphase": "none"},
    "fabrication": {"residual_pressure": "200 MPa"},  # the contacts stay closed
    "cathode": COMPOSITE,
    "separator": {"material": "li6ps5cl", "thickness": "600 um"},
    "anode": LITHIUM,
    "initial": {"cathode": str(X)},
    "materials": {"host": HOST},
    "solver": {"nodes": 100, "shells": 100},
    "protocol": ["Rest for 1 min"],
}
# The same cell with a real host, pressed and charged as usual.
REAL = {
    "fixture": SPRING,
    "cathode": {**COMPOSITE, "active": [{**COMPOSITE["active"][0], "material": "ncm811"}]},
    "anode": INDIUM,
    "initial": {},
    "fabrication": {},
    "solver": {},
}


@pytest.fixture
def declare(tmp_path):
    """Make the base cell with some of its keys replaced."""
    tables = tmp_path / "materials" / "tables"
    tables.mkdir(parents=True)
    (tables / "u.csv").write_text(f"x,value\n0,4.5\n1,{4.5 + POTENTIAL}\n")
    (tables / "strain.csv").write_text(f"x,value\n0,{-STRAIN}\n1,0\n")

    def make(**changes) -> Cell:
        path = tmp_path / "cell.yaml"
        path.write_text(json.dumps({**BASE, **changes}, indent=1))
        return load_cell(path)

    return make


def host(**changes) -> dict:
    return {"materials": {"host": {**HOST, **changes}}}


def at_start(cell: Cell, frequency) -> np.ndarray:
    """Impedance as assembled, times area [ohm m2]."""
    model = resolve(cell)
    return impedance(model, model.start, np.asarray(frequency, dtype=float)) * model.area


def fractions() -> tuple[float, float]:
    """Volume fractions of active material and electrolyte, from weights and densities."""
    active, electrolyte = 0.75 / 4.79, 0.25 / 1.87
    total = (active + electrolyte) / 0.85
    return active / total, electrolyte / total


def charge_transfer(coverage: float = 370.0 / (3.0 * 280.0)) -> float:
    """Resistance of the particles' surface: RT/(F i_0), and its film."""
    return (R * T / F / 2.0 + 2e-4) / coverage


def sphere(omega: np.ndarray, model: Resolved, D: float = 4e-15) -> np.ndarray:
    """-dU/dJ by diffusion in a sphere, and by its mean content through contact pressure."""
    per_mol = 20.3e-6 / F
    m = RADIUS * np.sqrt(1j * omega / D)
    tanh = np.tanh(np.where(m.real > 30.0, 30.0, m))
    surface = -POTENTIAL * RADIUS * per_mol / D * tanh / (m - tanh)
    wall = float(model.arrays.particles["contact"]["wall_stiffness"][0])
    pressed = STRAIN * per_mol * wall * STRAIN / 3.0  # -d(U_0 - Omega p/F)/dx by p
    return surface + pressed * 3.0 * per_mol / (RADIUS * 1j * omega)


def composite(omega: np.ndarray, model: Resolved, D: float = 4e-15) -> np.ndarray:
    """Transmission line with both conductivities (de Levie 1963; Siroma et al. 2015)."""
    active, electrolyte = fractions()
    kappa, sigma = 0.19 * electrolyte**1.5, 0.05 * active**1.5
    coverage = 370.0 / (3.0 * 280.0)
    y = 1.0 / (charge_transfer() + sphere(omega, model, D))
    y = 3.0 * active / RADIUS * (y + 1j * omega * CAPACITANCE * coverage)
    nu = LAYER * np.sqrt((1.0 / kappa + 1.0 / sigma) * y)
    nu = np.where(nu.real > 300.0, 300.0 * nu / nu.real, nu)
    ratio = sigma / kappa + kappa / sigma
    line = 1.0 + (2.0 + ratio * np.cosh(nu)) / (nu * np.sinh(nu))
    return LAYER / (kappa + sigma) * line


def foil(omega: np.ndarray) -> np.ndarray:
    """Lithium: interface and charge transfer in parallel to its double layer."""
    return 1.0 / (1.0 / (8.7e-4 + R * T / F / 100.0) + 1j * omega * CAPACITANCE)


@pytest.mark.parametrize("sides", ["lithium", "two composites"])
def test_whole_spectrum_is_the_exact_one(declare, sides):
    frequency = np.geomspace(1e6, 1e-6, 49)
    omega = 2.0 * np.pi * frequency
    cell = declare()
    exact = SEPARATOR / 0.19 + composite(omega, resolve(cell))
    if sides == "lithium":
        exact += foil(omega)
    else:
        cell = declare(anode=COMPOSITE, initial={"cathode": str(X), "anode": str(X)})
        exact += composite(omega, resolve(cell))
    apart = abs(at_start(cell, frequency) / exact - 1.0)
    assert apart.max() < 3e-3  # half a shell where diffusion begins
    assert apart[(frequency > 1e4) | (frequency < 1e-2)].max() < 5e-4


def test_high_frequencies_see_ions_and_electrons_side_by_side(declare):
    active, electrolyte = fractions()
    kappa, sigma = 0.19 * electrolyte**1.5, 0.05 * active**1.5
    z = at_start(declare(), [1e9])[0]
    assert_allclose(z.real - SEPARATOR / 0.19, LAYER / (kappa + sigma), rtol=0.02)
    assert abs(z.imag) < 1e-4 * z.real


@pytest.mark.parametrize("fixture", [PRESS, SPRING, STIFF], ids=["press", "spring", "stiff"])
def test_slow_limit_is_the_slope_of_the_equilibrium_voltage(declare, fixture):
    model = resolve(declare(fixture=fixture))
    c = model.classes["cathode"][0].parameters["contact"]
    share, wall = c.transmission, c.wall_stiffness
    active = fractions()[0]
    lithium, Omega = 12.97e-6, STRAIN * 20.3e-6
    filled = 20.3e-6 / (F * active * LAYER)  # dx per charge and area
    by_charge = (POTENTIAL - Omega * wall * STRAIN / 3.0 / F) * filled
    by_pressure = (lithium - Omega * share) / F
    thicker = LAYER * active * share * STRAIN * filled - lithium / F
    # Maxwell: (dV/dP) at constant charge is -(dh/dQ) at constant pressure
    assert_allclose(by_pressure, -thicker, rtol=1e-12)
    k = float(model.arrays.stiffness)
    pressure = k * thicker / (1.0 + k * float(model.arrays.compliance))
    omega = 2.0 * np.pi * 1e-8
    z = impedance(model, model.start, np.array([1e-8]))[0] * model.area
    assert_allclose(z.imag * omega, by_charge + by_pressure * pressure, rtol=1e-4)
    if fixture is STIFF:
        assert by_pressure * pressure < 0.005 * by_charge  # the frame is felt


def test_error_of_the_shells_is_of_second_order(declare):
    # easy conduction and a film make all particles alike; fast diffusion takes the rest away
    easy = {"li6ps5cl": {"ionic_conductivity": "1 S/cm"}}
    alike = {
        "film_resistance": "1000 ohm*cm^2",
        "electronic_conductivity": "1 S/cm",
        "interface_capacitance": "0.001 uF/cm^2",
    }
    frequency = np.array([1e-3, 3e-3, 1e-2])
    omega = 2.0 * np.pi * frequency
    errors = []
    for shells in (10, 20, 40, 80):
        z, exact = np.zeros(3, complex), np.zeros(3, complex)
        for D, sign in ((4e-15, 1.0), (4e-10, -1.0)):
            materials = {**easy, "host": {**HOST, **alike, "diffusivity": f"{D} m^2/s"}}
            cell = declare(materials=materials, solver={"nodes": 2, "shells": shells})
            z += sign * at_start(cell, frequency) * 3.0 * fractions()[0] / RADIUS * LAYER
            exact += sign * sphere(omega, resolve(cell), D)
        errors.append(abs(z - exact).max())
    order = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (order > 1.8).all()
    assert (order < 2.3).all()


def drive_files(folder, bias: float, amplitude: float, period: float) -> None:
    """Three periods, then one, of a sinusoid about a direct current, held 64 times in each."""
    for name, periods in (("first", 3), ("last", 1)):
        time = np.arange(64 * periods + 1) * period / 64
        current = bias + amplitude * np.sin(2.0 * np.pi * time / period)
        rows = zip(time.tolist(), current.tolist(), strict=True)
        lines = ["Test Time / s,Current / A", *(f"{t!r},{i!r}" for t, i in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines))


def fourier(time: np.ndarray, value: np.ndarray, period: float) -> complex:
    """First Fourier coefficient of samples joined by straight lines, with jumps."""
    omega, step = 2.0 * np.pi / period, np.diff(time)
    wave, apart = np.exp(-1j * omega * time), step > 1e-9 * period
    slope = np.diff(value)[apart] / step[apart]
    # exact integral of (a + b t) exp(-i omega t) between two samples
    ends = np.diff(value * wave)[apart] * 1j / omega
    return complex((ends + slope * np.diff(wave)[apart] / omega**2).sum())


def drive(cell: Cell, period: float) -> tuple[complex, complex, complex]:
    """Fourier coefficients of voltage and current in the last period; impedance predicted."""
    result = run(cell)
    assert result.status == "completed", result.reason
    number = result.series.columns["Step Count / 1"]
    last = number == number.max()
    time = result.time[last] - result.time[last][0]
    seen = [fourier(time, values[last], period) for values in (result.voltage, result.current)]
    return *seen, np.mean([spectrum.impedance_ohm[0] for spectrum in result.impedance])


@pytest.mark.parametrize(
    "rate", [pytest.param(0.0, marks=pytest.mark.deep), 0.05], ids=["at rest", "while charging"]
)
@pytest.mark.parametrize("contact", [pytest.param("closed", marks=pytest.mark.deep), "open"])
def test_sinusoid_in_time_sees_the_same_impedance(declare, tmp_path, rate, contact):
    period = 1000.0
    measure = f"Impedance from {1.0 / period} Hz to {0.1 / period} Hz, 1 point per decade"
    protocol = [
        "Charge at 0.1C for 4 hours",
        f"Charge at {rate}C for 4 hours" if rate else "Rest for 10 hours",
        {"drive": {"file": "first.csv"}},
        measure,
        {"drive": {"file": "last.csv"}},
        measure,
    ]
    bare = {"interface_capacitance": "0.001 uF/cm^2"}  # a march has no double layers
    # and takes the depletion at small contacts as steady: kept small by fast diffusion
    diffusivity = {"closed": "4e-15 m^2/s", "open": "1e-12 m^2/s"}[contact]
    changes = {
        **REAL,
        "fixture": STIFF,
        "fabrication": {"residual_pressure": "200 MPa"} if contact == "closed" else {},
        "materials": {"ncm811": {**bare, **EVEN, "diffusivity": diffusivity}, "li_in": bare},
        "solver": {"voltage_tolerance": "0.01 uV", "order": 5, "nodes": 40, "shells": 40},
    }
    bias = rate * resolve(declare(**changes)).one_c
    seen = []
    for sign in (1.0, -1.0):  # the difference is free of drift
        drive_files(tmp_path, bias, sign * 5e-5, period)
        seen.append(drive(declare(**changes, protocol=protocol), period))
    (V_1, I_1, z_1), (V_2, I_2, z_2) = seen
    measured, z = (V_1 - V_2) / (I_1 - I_2), 0.5 * (z_1 + z_2)
    assert_allclose(measured.real, z.real, rtol=0.001)
    assert_allclose(measured.imag, z.imag, rtol=0.01 if rate else 0.001)


# conduction so easy that all particles answer alike
# the wall is as stiff as the dense solid, so that contacts open
EASY = {"li6ps5cl": {"ionic_conductivity": "1 S/cm", "pellet_modulus": "22.1 GPa"}}
ALIKE = {**HOST, "electronic_conductivity": "1 S/cm"}


def opened(model: Resolved) -> tuple[np.ndarray, float]:
    """The state as assembled with 0.4 in place of 0.6 lithium, and the contact left of it."""
    y = model.start.copy()
    y[: model.layout.states] = 1.0 - X
    return y, float(observe(model, y[None, :]).theta.min())


def test_lost_contact_raises_the_warburg_coefficient(declare):
    """The review, Fig. 7e: straight below a small contact all lithium passes its area."""
    materials = {**EASY, "host": {**ALIKE, "interface_capacitance": "0.001 uF/cm^2"}}
    solver = {"nodes": 2, "shells": 400}
    model = resolve(declare(materials=materials, fabrication={}, solver=solver))
    y, theta = opened(model)
    assert theta < 0.4
    omega = 2.0 * np.pi * np.array([2.0, 8.0, 32.0])
    z = impedance(model, y, omega / 2.0 / np.pi) * model.area - foil(omega)
    z *= 3.0 * fractions()[0] / RADIUS * LAYER
    root = 1.0 / np.sqrt(omega)
    warburg = -POTENTIAL * 20.3e-6 / F / np.sqrt(2.0 * 4e-15) / theta
    assert_allclose(np.diff(z.real) / np.diff(root), warburg, rtol=0.01)
    assert_allclose(-z.imag / root, warburg, rtol=0.06)


def test_lost_contact_takes_its_double_layer_with_it(declare):
    """Resistance times capacitance of an interface does not depend on its area."""
    materials = {**EASY, "host": {**ALIKE, "diffusivity": "1e-10 m^2/s"}}
    model = resolve(declare(materials=materials, fabrication={}))
    less, theta = opened(model)
    frequency = np.geomspace(1e4, 1.0, 401)
    arcs = [
        impedance(model, y, frequency) * model.area - foil(2.0 * np.pi * frequency)
        for y in (model.start, less)
    ]
    arcs = [z - z[0].real for z in arcs]
    wide, narrow = arcs
    assert_allclose(narrow[-1].real, wide[-1].real / theta, rtol=0.02)
    assert np.argmin(narrow.imag) == np.argmin(wide.imag)


CHARGED = ["Charge at 0.2C until 4.3 V", "Hold at 4.3 V until 0.05C", "Rest for 1 hour"]
SCAN = "Impedance from 1000 MHz to 0.0001 mHz, 40 points per decade"
STATES = {
    "as made": [SCAN],
    "charged": [*CHARGED, SCAN],
    "charged, 1 MPa": [*CHARGED, "Set stack pressure to 1 MPa", SCAN],
    "at a direct current": [
        "Charge at 0.5C for 60 min",
        SCAN,
        "Discharge at 0.2C for 5 min",
        SCAN,
    ],
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("fixture", [PRESS, STIFF], ids=["press", "stiff"])
def test_passive_and_causal(declare, state, fixture):
    """Kramers and Kronig: the real part follows from the imaginary part, and is positive."""
    coarse = {"nodes": 6, "shells": 12}
    cell = declare(
        **{**REAL, "materials": {}, "fixture": fixture}
        | {"protocol": STATES[state], "solver": coarse}
    )
    spectra = run(cell).impedance
    assert len(spectra) == STATES[state].count(SCAN)
    for spectrum in spectra:
        z, omega = spectrum.impedance_ohm, 2.0 * np.pi * spectrum.frequency_Hz
        assert (z.real > 0.0).all()
        z = z - 1j * z.imag[-1] * omega[-1] / omega  # less the pole of the cell's capacity
        x, X = omega[::2], z.imag[::2] * omega[::2]
        for n in range(101, len(z) - 100, 50):  # between the samples of the integral
            kernel = (X - z.imag[n] * omega[n]) / (x**2 - omega[n] ** 2)
            real = z.real[0] + 2.0 / np.pi * np.trapezoid(kernel, x)
            assert_allclose(z.real[n], real, rtol=4e-3)


def test_state_is_left_alone(declare):
    model = resolve(declare(anode=INDIUM, solver={}))
    y = model.start.copy()
    impedance(model, y, np.array([1.0]))
    assert (y == model.start).all()


def test_spectra_of_two_composites_are_those_of_their_half_cells():
    """Z(A|B) = Z(A|Li) + Z(Li|B) - Z(Li|Li) under a held pressure: layers stand in series."""
    ncm = cells.composite()
    graphite = cells.composite("graphite", diameter="10 um", thickness="40 um")

    def spectrum(cathode, anode):
        cell = cells.declare(
            cathode=cathode,
            anode=anode,
            fixture=PRESS,
            mechanisms={"first_cycle": "none"},
            protocol=["Impedance from 1 MHz to 0.01 Hz, 3 points per decade"],
        )
        return run(cell).impedance[0].impedance_ohm

    halves = spectrum(ncm, LITHIUM) + spectrum(LITHIUM, graphite) - spectrum(LITHIUM, LITHIUM)
    assert_allclose(spectrum(ncm, graphite), halves, rtol=1e-12)
