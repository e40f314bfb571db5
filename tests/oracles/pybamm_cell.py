"""The cell of lithomech.cell a second time, as a PyBaMM model that shares no line with it.

Plain SI numbers in, voltage and stack pressure out. Every law is written out here again on
purpose: a wrong law on one side shows as a difference. Current I and J are positive on
discharge and where lithium leaves the solid; X runs over an electrode from the separator (0)
to the current collector (1).
"""

import math
import os
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import pybamm  # noqa: E402 - reads the variable above

FARADAY = 96485.33212331001
GAS = 8.31446261815324

# widths of smoothed kinks
RATE_WIDTH = 1e-8  # 1/s
DIFFERENCE_WIDTH = 1e-4
OVERLOAD_WIDTH = 0.02
YIELD_WIDTH = 1e-6
CONTACT_WIDTH = 1e6  # Pa
LIFT_WIDTH = 2e3  # Pa
CURRENT_WIDTH = 0.02  # A/m2
STRIP_WIDTH = 1e-3  # A/m2
VOID_WIDTH = 5e-9  # m
GAP_FLOOR = 1e-9

CHARGE_SCALE = 1e5  # C/m2
VOID_SCALE = 1e-6  # m
RESIDUAL_SCALE = 1e-3
PLASTIC_SCALE = 1e-3

Curve = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class ActiveClass:
    """One class of active material; curves are (stoichiometry, value)."""

    potential: Curve
    diffusivity: Curve  # m2/s
    strain: Curve  # volume strain
    mismatch: Curve  # difference of the lattice strains, absolute
    exchange: float  # A/m2 at half filling
    start: float  # stoichiometry as made
    radius: float
    concentration: float  # mol/m3 at x = 1
    volume_fraction: float
    coverage: float
    film_resistance: float
    transmission: float
    wall_stiffness: float
    residual_pressure: float
    contact_modulus: float
    load_share: float
    caps: float
    yielded: Curve  # irreversible wall strain against misfit
    lost: Curve  # misfit lost to the layer against irreversible wall strain
    relaxation_time: float
    lattice_stress: float  # per mismatch, over strength
    gradient_stress: float  # per strain slope and stoichiometry difference, over strength
    load_stress: float  # per stack pressure, over strength
    crack_rate: float
    crack_exponent: float
    crack_opening: float
    crack_residual_rate: float
    crack_diffusion: float


@dataclass(frozen=True)
class Composite:
    """A composite electrode; effective conductivities against stack pressure [Pa], log-log."""

    classes: tuple[ActiveClass, ...]
    thickness: float
    pressure: np.ndarray
    ionic: np.ndarray
    electronic: np.ndarray


@dataclass(frozen=True)
class Voids:
    """What makes and fills voids under lithium metal; currents in A/m2, creep at 1 MPa."""

    transport: float
    creep: float
    exponent: float
    depth: float
    occlusion: float


@dataclass(frozen=True)
class Planar:
    """A planar anode; host is the charge per area and stoichiometry, inf for lithium."""

    potential: Curve
    start: float
    host: float
    molar_volume: float
    exchange: float
    resistance: float
    voids: Voids | None


@dataclass(frozen=True)
class PlainCell:
    """A composite cathode against a planar anode. Stiffness and set pressure are inputs."""

    temperature: float
    cathode: Composite
    anode: Planar
    separator_resistance: float
    compliance: float  # m/Pa, all layers
    made_pressure: float
    adhesion: float


@dataclass(frozen=True)
class Limits:
    """What one step may reach."""

    duration: float
    low: float = -50.0
    high: float = 50.0


def softplus(x, width):
    """Smooth max(x, 0)."""
    return pybamm.maximum(x, 0) + width * pybamm.log(1 + pybamm.exp(-abs(x) / width))


def ramp(x, width):
    """max(x, 0) with a continuous slope."""
    y = pybamm.maximum(x, 0)
    return y**2 / (y + width)


def smooth_abs(x, width):
    return pybamm.sqrt(x**2 + width**2) - width


def interpolate(curve: Curve, x):
    if np.ptp(curve[1]) == 0.0:
        return pybamm.Scalar(float(curve[1][0])) + 0 * x
    return pybamm.Interpolant(curve[0], curve[1], x, interpolator="cubic")


def held(curve: Curve, x):
    """Interpolation with the argument held inside the table."""
    low, high = curve[0][0], curve[0][-1]
    return interpolate(curve, pybamm.minimum(pybamm.maximum(x, low), high))


def slope(curve: Curve) -> Curve:
    return curve[0], CubicSpline(*curve).derivative()(curve[0])


class _Builder:
    """Collects the equations of one cell."""

    def __init__(self, cell: PlainCell):
        self.cell = cell
        self.model = pybamm.BaseModel("cell")
        self.I = pybamm.InputParameter("current")
        self.stiffness = pybamm.InputParameter("stiffness")
        self.set_pressure = pybamm.InputParameter("set pressure")
        self.virtual = pybamm.Variable("virtual pressure", bounds=(-1e4, 1e6))  # MPa
        self.P = softplus(1e6 * self.virtual, LIFT_WIDTH)
        self.thermal = 2 * GAS * cell.temperature / FARADAY
        self.X = pybamm.SpatialVariable("X", domain="cathode", coord_sys="cartesian")
        self.radii: list[pybamm.SpatialVariable] = []

    def state(self, variable, rate, start):
        self.model.rhs[variable] = rate
        self.model.initial_conditions[variable] = pybamm.Scalar(start)

    def diffusion(self, k: int, c: ActiveClass, J, damage):
        """Stoichiometry at the surface and its mean over the sphere."""
        domain = f"particle {k}"
        r = pybamm.SpatialVariable(
            f"r {k}",
            domain=domain,
            auxiliary_domains={"secondary": "cathode"},
            coord_sys="spherical polar",
        )
        self.radii.append(r)
        x = pybamm.Variable(
            f"stoichiometry {k}", domain=domain, auxiliary_domains={"secondary": "cathode"}
        )
        factor = 1 - c.crack_diffusion * damage
        D = interpolate(c.diffusivity, x) * pybamm.PrimaryBroadcast(factor, domain)
        x_s = pybamm.surf(x)
        mean = pybamm.Integral(x, r) / (4 * np.pi / 3)
        D_s = interpolate(c.diffusivity, x_s) * factor
        steep = -J * c.radius / (FARADAY * c.concentration * D_s)
        self.state(x, pybamm.div(D / c.radius**2 * pybamm.grad(x)), c.start)
        self.model.boundary_conditions[x] = {
            "left": (pybamm.Scalar(0), "Neumann"),
            "right": (steep, "Neumann"),
        }
        return x_s, mean, D_s

    def cracks(self, k: int, c: ActiveClass, J, x_s, x_m, damage, residual):
        """Damage and residual opening; returns the volume fraction of cracks."""
        speed = smooth_abs(-3 * J / (c.radius * FARADAY * c.concentration), RATE_WIDTH)
        stress = c.lattice_stress * interpolate(c.mismatch, x_m) + c.load_stress * self.P
        gradient = interpolate(slope(c.strain), x_m) * smooth_abs(x_s - x_m, DIFFERENCE_WIDTH)
        overload = ramp(stress + c.gradient_stress * gradient - 1, OVERLOAD_WIDTH)
        self.state(damage, c.crack_rate * overload**c.crack_exponent * speed * (1 - damage), 0.0)
        grown = c.crack_residual_rate * damage * speed
        self.state(residual, grown / RESIDUAL_SCALE, 0.0)
        made = float(CubicSpline(*c.strain)(c.start))
        deepest = max(made - float(c.strain[1].min()), 1e-6)
        opening = (made - interpolate(c.strain, x_m)) / deepest
        opening = pybamm.minimum(pybamm.maximum(opening, 0), 1)
        return damage * c.crack_opening * opening + RESIDUAL_SCALE * residual

    def wall(self, k: int, c: ActiveClass, x_m, cracks):
        """Contact pressure, gap over radius, and the class's share of the layer's strain."""
        cell = self.cell
        made = float(CubicSpline(*c.strain)(c.start))
        misfit = (interpolate(c.strain, x_m) - made + cracks) / 3
        flowed = pybamm.Variable(f"plastic {k}", domain="cathode")
        plastic = PLASTIC_SCALE * flowed
        excess = ramp(held(c.yielded, misfit) - plastic, YIELD_WIDTH)
        self.state(flowed, excess / c.relaxation_time / PLASTIC_SCALE, 0.0)
        bonded = c.residual_pressure + c.transmission * (self.P - cell.made_pressure)
        bonded = bonded + c.wall_stiffness * (misfit - plastic)
        pressure = softplus(bonded, CONTACT_WIDTH)
        gap = softplus(-bonded, CONTACT_WIDTH) / c.wall_stiffness
        self.model.variables[f"irreversible wall strain {k}"] = plastic
        passed = c.transmission * (misfit - held(c.lost, plastic) + gap)
        strain = 3 * c.volume_fraction * (passed - c.load_share / 3 * gap)
        return pressure, gap, strain

    def reaction(self, k: int, c: ActiveClass, phi):
        """All of one class. Returns current per total volume and thickness strain."""
        J = pybamm.Variable(f"current density {k}", domain="cathode")
        damage = pybamm.Variable(f"damage {k}", domain="cathode")
        residual = pybamm.Variable(f"residual {k}", domain="cathode")
        x_s, x_m, D = self.diffusion(k, c, J, damage)
        cracks = self.cracks(k, c, J, x_s, x_m, damage, residual)
        pressure, gap, strain = self.wall(k, c, x_m, cracks)
        weight = c.load_share * (self.P + self.cell.adhesion)
        flat = gap * c.contact_modulus / weight + GAP_FLOOR
        theta = (1 + (flat / 0.833) ** 0.7) ** (-0.952)
        root = pybamm.sqrt(theta)
        # z caps share 4 pi R^2 J; a spot of radius a = 2 R sqrt(theta/z) constricts by 1/(4 a D)
        spot = 2 * c.radius * root / math.sqrt(c.caps)
        each = 4 * math.pi * c.radius**2 * J / (c.caps * FARADAY * c.concentration)
        x_c = x_s - each / (4 * D * spot) * (1 - root) ** 1.5
        i = J / (c.coverage * theta)
        i_0 = 2 * c.exchange * pybamm.sqrt(x_c * (1 - x_c))
        volume = interpolate(slope(c.strain), x_m) / c.concentration
        U = interpolate(c.potential, x_c) - volume * pressure / FARADAY
        eta = self.thermal * pybamm.arcsinh(i / (2 * i_0))
        self.model.algebraic[J] = U + eta + c.film_resistance * i - phi
        self.model.initial_conditions[J] = pybamm.Scalar(0)
        self.model.variables |= {
            f"damage {k}": damage,
            f"contact fraction {k}": theta,
            f"contact pressure {k}": pressure,
            f"surface stoichiometry {k}": x_s,
        }
        return 3 * c.volume_fraction / c.radius * J, strain

    def conductivity(self, values: np.ndarray):
        """Effective conductivity at the present stack pressure: log-log, ends held."""
        if len(values) == 1:
            return pybamm.Scalar(float(values[0]))
        at = np.log(self.cell.cathode.pressure)
        log_P = pybamm.minimum(pybamm.maximum(pybamm.log(self.P), at[0]), at[-1])
        return pybamm.exp(pybamm.Interpolant(at, np.log(values), log_P, interpolator="linear"))

    def cathode(self, phi_separator):
        """Charge balance. Returns the potential of the collector and the thickness strain."""
        electrode, L = self.cell.cathode, self.cell.cathode.thickness
        phi_e = pybamm.Variable("phi_e", domain="cathode")
        phi_s = pybamm.Variable("phi_s", domain="cathode")
        parts = [
            self.reaction(k, c, phi_s - phi_e) for k, c in enumerate(electrode.classes, start=1)
        ]
        source = sum(part[0] for part in parts[1:]) + parts[0][0]
        strain = sum(part[1] for part in parts[1:]) + parts[0][1]
        kappa, sigma = self.conductivity(electrode.ionic), self.conductivity(electrode.electronic)
        ionic = -kappa * pybamm.grad(phi_e) / L
        electronic = -sigma * pybamm.grad(phi_s) / L
        self.model.algebraic[phi_e] = pybamm.div(ionic) - L * source
        self.model.algebraic[phi_s] = pybamm.div(electronic) + L * source
        nothing = (pybamm.Scalar(0), "Neumann")
        self.model.boundary_conditions[phi_e] = {
            "left": (phi_separator, "Dirichlet"),
            "right": nothing,
        }
        self.model.boundary_conditions[phi_s] = {
            "left": nothing,
            "right": (-self.I * L / sigma, "Neumann"),
        }
        first = electrode.classes[0]
        U_a = float(CubicSpline(*self.cell.anode.potential)(self.cell.anode.start))
        U = float(CubicSpline(*first.potential)(first.start)) - U_a
        self.model.initial_conditions[phi_e] = pybamm.Scalar(-U_a)
        self.model.initial_conditions[phi_s] = pybamm.Scalar(U)
        return pybamm.boundary_value(phi_s, "right"), pybamm.Integral(strain, self.X)

    def anode(self, Q):
        """Potential of the anode against the electrolyte, and its growth [m]."""
        a = self.cell.anode
        x = pybamm.Scalar(a.start)
        if math.isfinite(a.host):
            x = pybamm.Variable("anode stoichiometry")
            self.state(x, -self.I / a.host, a.start)
        grown = -a.molar_volume / FARADAY * Q
        theta, strip = pybamm.Scalar(1), softplus(self.I, STRIP_WIDTH)
        if a.voids is not None:
            theta, depth = self.voids(a.voids, a.molar_volume / FARADAY)
            grown = grown + depth
        U = interpolate(a.potential, x) - a.molar_volume * self.P / FARADAY
        eta = self.thermal * pybamm.arcsinh(self.I / (2 * a.exchange * theta))
        film = a.resistance * (strip / theta + self.I - strip)
        return U + eta + film, grown

    def voids(self, v: Voids, per_current: float):
        """Lithium contact left and the summed depth of voids [m]."""
        opened, occluded = pybamm.Variable("open void"), pybamm.Variable("occluded void")
        sustained = v.transport + v.creep * (self.P / 1e6) ** v.exponent
        filling = opened / (opened + VOID_WIDTH / VOID_SCALE)
        grow = softplus(self.I - sustained, CURRENT_WIDTH)
        close = softplus(sustained - self.I, CURRENT_WIDTH) * filling
        plated = softplus(-self.I, STRIP_WIDTH) * filling
        rate = per_current / VOID_SCALE
        self.state(opened, rate * (grow - close), 0.0)
        self.state(occluded, rate * v.occlusion * plated, 0.0)
        depth = VOID_SCALE * (opened + occluded)
        theta = pybamm.exp(-depth / v.depth)
        self.model.variables |= {"lithium contact": theta, "void depth": depth}
        return theta, depth

    def stack(self, strain, grown):
        """Thickness balance against the fixture; growth counts from the state as made."""
        L = self.cell.cathode.thickness
        made = sum(
            3
            * c.volume_fraction
            * (c.transmission - c.load_share / 3)
            * CONTACT_WIDTH
            * math.log1p(math.exp(-c.residual_pressure / CONTACT_WIDTH))
            / c.wall_stiffness
            for c in self.cell.cathode.classes
        )
        start = softplus(self.set_pressure, LIFT_WIDTH)
        thicker = L * (strain - made) + grown - (self.P - start) * self.cell.compliance
        force = 1e6 * self.virtual - self.set_pressure
        self.model.algebraic[self.virtual] = (self.stiffness * thicker - force) / 1e6
        self.model.initial_conditions[self.virtual] = self.set_pressure / 1e6

    def build(self):
        charge = pybamm.Variable("charge")
        self.state(charge, self.I / CHARGE_SCALE, 0.0)
        drop, grown = self.anode(CHARGE_SCALE * charge)
        voltage, strain = self.cathode(-drop - self.I * self.cell.separator_resistance)
        self.stack(strain, grown)
        self.model.variables |= {"voltage": voltage, "pressure": self.P}
        # the bracket lets a later step go on from the end of this one
        self.model.events = [
            pybamm.Event("low [experiment]", voltage - pybamm.InputParameter("low")),
            pybamm.Event("high [experiment]", pybamm.InputParameter("high") - voltage),
        ]
        return self.model


class PybammCell:
    """A discretised cell; one instance serves every fixture and current."""

    def __init__(self, cell: PlainCell, nodes=20, shells=40, tolerance=1e-7, options=None):
        builder = _Builder(cell)
        model = builder.build()
        faces = 1 - (1 - np.linspace(0, 1, shells + 1)) ** 1.8
        graded = pybamm.MeshGenerator(pybamm.UserSupplied1DSubMesh, {"edges": faces})
        one = {"min": 0, "max": 1}
        geometry = {"cathode": {builder.X: one}}
        meshes = {"cathode": pybamm.Uniform1DSubMesh}
        points = {builder.X: nodes}
        flat = {"extrapolation": {"order": {"gradient": "linear", "value": "linear"}, "use bcs": True}}
        round_ = {"extrapolation": {"order": {"gradient": "linear", "value": "quadratic"}, "use bcs": False}}
        methods = {"cathode": pybamm.FiniteVolume(flat)}
        for r in builder.radii:
            domain = r.domain[0]
            geometry[domain], meshes[domain], points[r] = {r: one}, graded, shells
            methods[domain] = pybamm.FiniteVolume(round_)
        mesh = pybamm.Mesh(geometry, meshes, points)
        pybamm.Discretisation(mesh, methods).process_model(model)
        self.model = model
        self.solver = pybamm.IDAKLUSolver(rtol=tolerance, atol=tolerance, options=options)

    def run(self, current, limits: Limits, stiffness, pressure, after=None):
        """One step at constant current [A/m2, positive on discharge].

        Args:
            current: 0 is a rest.
            limits: duration [s] and voltages.
            stiffness: of fixture and frame [Pa/m]; 0 keeps the pressure.
            pressure: set stack pressure [Pa].
            after: the solution of the step before.

        Returns:
            Solution; its times go on from the step before.
        """
        inputs = {
            "current": current,
            "stiffness": stiffness,
            "set pressure": pressure,
            "low": limits.low,
            "high": limits.high,
        }
        return self.solver.step(
            after, self.model, limits.duration, inputs=inputs, save=False
        )
