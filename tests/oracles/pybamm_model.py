"""The cell of lithomech.cell a second time, as a PyBaMM model that shares no line with it.

Plain SI numbers in, voltage and stack pressure out. Every law is written out here again on
purpose: a wrong law on one side shows as a difference. Current I and J are positive on
discharge and where lithium leaves the solid; X runs over an electrode from the separator (0)
to the current collector (1).
"""

import math

import numpy as np
import pybamm
from scipy.stats import norm

from oracles.plain_cell import ActiveClass, Composite, PlainCell, Planar, Voids
from oracles.pybamm_functions import (
    at,
    further,
    held,
    interpolate,
    pressed,
    ramp,
    slope,
    smooth_abs,
    softplus,
)

FARADAY = 96485.33212331001
GAS = 8.31446261815324

# widths of smoothed kinks
RATE_WIDTH = 1e-8  # 1/s
DIFFERENCE_WIDTH = 1e-4
SLOPE_WIDTH = 1e-3
OVERLOAD_WIDTH = 0.02
YIELD_WIDTH = 1e-6
PRESSURE_SCALE = 1e8  # Pa
CRACK_SCALE = 1e-2
CONTRACTION_WIDTH = 5e-4
OPENING_TIME = 10.0  # s
LIFT_WIDTH = 2e3  # Pa
CURRENT_WIDTH = 0.02  # A/m2
STRIP_WIDTH = 1e-3  # A/m2
VOID_WIDTH = 5e-9  # m
SPOTS = 8
GAP_FLOOR = 1e-9

CHARGE_SCALE = 1e5  # C/m2
VOID_SCALE = 1e-6  # m
RESIDUAL_SCALE = 1e-3
PLASTIC_SCALE = 1e-3
NOTHING = (pybamm.Scalar(0), "Neumann")


class Builder:
    """Collects the equations of one cell."""

    def __init__(self, cell: PlainCell, holds: bool):
        self.cell, self.holds = cell, holds
        self.model = pybamm.BaseModel("cell")
        self.current = pybamm.InputParameter("set current")
        if holds:
            self.current = pybamm.Variable("current")
        self.stiffness = pybamm.InputParameter("stiffness")
        self.set_pressure = pybamm.InputParameter("set pressure")
        self.virtual = pybamm.Variable("virtual pressure")  # MPa
        self.P = pressed(1e6 * self.virtual, LIFT_WIDTH)
        self.thermal = 2 * GAS * cell.temperature / FARADAY
        self.positions: list[pybamm.SpatialVariable] = []
        self.radii: list[pybamm.SpatialVariable] = []

    def state(self, variable, rate, start):
        self.model.rhs[variable] = rate
        self.model.initial_conditions[variable] = pybamm.Scalar(start)

    def diffusion(self, side: str, name: str, c: ActiveClass, J, damage, in_use):
        """Stoichiometry at the surface and its mean over the grains in use."""
        place = {
            "domain": f"particle {name}",
            "auxiliary_domains": {"secondary": side},
        }
        r = pybamm.SpatialVariable(f"r {name}", coord_sys="spherical polar", **place)
        self.radii.append(r)
        x = pybamm.Variable(f"stoichiometry {name}", **place)
        factor = 1 - c.crack_diffusion * damage
        D = interpolate(c.diffusivity, x) * pybamm.PrimaryBroadcast(factor, place["domain"])
        x_s = pybamm.surf(x)
        mean = pybamm.Integral(x, r) / (4 * np.pi / 3)
        D_s = interpolate(c.diffusivity, x_s) * factor
        steep = -J * c.radius / (FARADAY * c.concentration * D_s * in_use)
        self.state(x, pybamm.div(D / c.radius**2 * pybamm.grad(x)), c.start)
        self.model.boundary_conditions[x] = {
            "left": (pybamm.Scalar(0), "Neumann"),
            "right": (steep, "Neumann"),
        }
        return x_s, mean, factor

    def cracks(self, side: str, name: str, c: ActiveClass, rate, x_s, x_m, damage):
        """Let damage and residual opening grow.

        Returns the volume fraction of cracks without pressure, and the share of a change of
        volume that opens as cracks.
        """
        speed = smooth_abs(rate, RATE_WIDTH)
        stress = c.lattice_stress * interpolate(c.mismatch, x_m) + c.load_stress * self.P
        steepness = smooth_abs(interpolate(slope(c.strain), x_m), SLOPE_WIDTH)
        gradient = steepness * smooth_abs(x_s - x_m, DIFFERENCE_WIDTH)
        overload = ramp(stress + c.gradient_stress * gradient - 1, OVERLOAD_WIDTH)
        self.state(damage, c.crack_rate * overload**c.crack_exponent * speed * (1 - damage), 0)
        residual = pybamm.Variable(f"residual opening {name}", domain=side)
        left = 1 - RESIDUAL_SCALE * residual / c.crack_residual_limit
        grown = c.crack_residual_rate * damage * speed * left
        self.state(residual, grown / RESIDUAL_SCALE, 0)
        lost = pybamm.maximum(at(c.strain, c.start) - interpolate(c.strain, x_m), 0)
        beside = lost + CONTRACTION_WIDTH
        opening = c.crack_shut + c.crack_opening * lost**2 / beside
        counts = lost * (lost + 2 * CONTRACTION_WIDTH) / beside**2
        opened = damage * opening + RESIDUAL_SCALE * residual
        return opened, c.crack_opening * damage * counts

    def wall(self, side: str, name: str, c: ActiveClass, swelling, widest):
        """Contact pressure, gap over radius, cracks, and the share of the layer's strain."""
        variable = pybamm.Variable(f"wall pressure {name}", domain=side)
        pressure = PRESSURE_SCALE * variable
        cracks = widest * pybamm.exp(-pressure / c.closing_pressure)
        misfit = (swelling + cracks) / 3
        flowed = pybamm.Variable(f"flowed {name}", domain=side)
        plastic = PLASTIC_SCALE * flowed
        excess = ramp(held(c.yielded, misfit) - plastic, YIELD_WIDTH)
        self.state(flowed, excess / c.relaxation_time / PLASTIC_SCALE, 0)
        self.model.variables[f"irreversible wall strain {name}"] = plastic
        flow = pybamm.Variable(f"crept {name}", domain=side)
        crept = PLASTIC_SCALE * flow
        self.state(flow, (pressure - self.P) / c.viscosity / PLASTIC_SCALE, 0)
        bonded = c.made_contact_pressure + c.transmission * (self.P - self.cell.made_pressure)
        bonded = bonded + c.wall_stiffness * (misfit - plastic - crept)
        beyond = bonded - c.load_share * self.P / 3
        self.model.algebraic[variable] = (
            bonded - beyond + softplus(beyond, c.width) - pressure
        ) / PRESSURE_SCALE
        start = c.made_contact_pressure / PRESSURE_SCALE
        self.model.initial_conditions[variable] = pybamm.Scalar(start)
        gap = softplus(-beyond, c.width) / c.wall_stiffness
        passed = c.transmission * (misfit - held(c.lost, plastic) - crept + gap) + crept
        strain = 3 * c.volume_fraction * (passed - c.load_share / 3 * gap)
        return pressure, gap, cracks, strain

    def cut_off(self, name: str, c: ActiveClass, rate, lattice, slope, cracks, states):
        """Let grains be cut off, with the strain that they have."""
        share, kept, widest = states
        opening = pybamm.maximum(cracks / CRACK_SCALE - widest, 0) / OPENING_TIME
        working = c.isolation_by_working * cracks + c.isolation_by_load * abs(slope)
        faster = c.isolation_by_opening * CRACK_SCALE * opening + working * abs(rate)
        lost = (1 - share) * faster
        self.state(share, lost, 0)
        self.state(kept, lost * lattice / CRACK_SCALE, 0)
        self.state(widest, opening, 0)
        self.model.variables[f"isolated {name}"] = share

    def contact(self, c: ActiveClass, gap):
        """Contact left of a particle that rests on caps under its share of the load."""
        weight = c.load_share * (self.P + self.cell.adhesion) * math.sqrt(c.caps / 2)
        flat = gap * c.contact_modulus / weight + GAP_FLOOR
        return (1 + (flat / 0.833) ** 0.7) ** (-0.952)

    def reaction(self, side: str, name: str, c: ActiveClass, phi):
        """All of one class.

        Returns current per total volume, thickness strain, and change of volume per total one.
        """
        J = pybamm.Variable(f"current density {name}", domain=side)
        damage = pybamm.Variable(f"damage {name}", domain=side)
        share, kept, widest = (
            pybamm.Variable(f"{what} {name}", domain=side)
            for what in ("isolated", "kept strain", "widest")
        )
        x_s, x_m, factor = self.diffusion(side, name, c, J, damage, 1 - share)
        rate = -3 * J / (c.radius * FARADAY * c.concentration)
        opened, working = self.cracks(side, name, c, rate / (1 - share), x_s, x_m, damage)
        lattice = interpolate(c.strain, x_m) - at(c.strain, c.start)
        swelling = (1 - share) * lattice + CRACK_SCALE * kept
        pressure, gap, cracks, strain = self.wall(side, name, c, swelling, opened)
        steepness = interpolate(slope(c.strain), x_m)
        self.cut_off(name, c, rate, lattice, steepness, cracks, (share, kept, widest))
        theta = self.contact(c, gap)
        root = pybamm.sqrt(theta)
        # z caps share 4 pi R^2 J; a spot of radius a = 2 R sqrt(theta/z) adds 1/(4 a D)
        spot = 2 * c.radius * root / math.sqrt(c.caps)
        each = 4 * math.pi * c.radius**2 * J / (c.caps * FARADAY * c.concentration)
        # in steady state the integral of D falls by that, however D changes on the way
        x_c = further(c.diffusivity, x_s, -each / (4 * spot) * (1 - root) ** 1.5 / factor)
        i = J / (c.coverage * theta)
        i_0 = 2 * c.exchange * pybamm.sqrt(x_c * (1 - x_c))
        if c.exchange_shape is not None:
            i_0 = c.exchange * held(c.exchange_shape, x_c)
        volume = steepness / c.concentration
        closing = c.closing_pressure
        felt = pressure - working * closing * (1 - pybamm.exp(-pressure / closing))
        U = interpolate(c.potential, x_c) - volume * felt / FARADAY
        eta = self.thermal * pybamm.arcsinh(i / (2 * i_0))
        self.model.algebraic[J] = U + eta + c.film_resistance * i - phi
        self.model.initial_conditions[J] = pybamm.Scalar(0)
        self.model.variables |= {
            f"contact fraction {name}": theta,
            f"contact pressure {name}": pressure,
            f"surface stoichiometry {name}": x_s,
        }
        swelling = c.volume_fraction * (interpolate(c.strain, x_m) - at(c.strain, c.start))
        return 3 * c.volume_fraction / c.radius * J, strain, swelling

    def conductivity(self, pressure: np.ndarray, values: np.ndarray, P):
        """Effective conductivity at a pressure: log-log, ends held."""
        if len(values) == 1:
            return pybamm.Scalar(float(values[0]))
        known = np.log(pressure)
        log_P = pybamm.minimum(pybamm.maximum(pybamm.log(P), known[0]), known[-1])
        return pybamm.exp(pybamm.Interpolant(known, np.log(values), log_P))

    def composite(self, side: str, electrode: Composite, start: tuple[float, float]):
        """Charge balance inside one composite electrode, borders left to the caller.

        Args:
            side: "cathode" or "anode".
            electrode: its numbers.
            start: potentials of electrolyte and solid in the beginning.

        Returns:
            Potentials of electrolyte and solid; what to divide a border's current by to get
            their slopes; thickness growth [m].
        """
        L = electrode.thickness
        X = pybamm.SpatialVariable(f"X {side}", domain=side, coord_sys="cartesian")
        self.positions.append(X)
        phi_e = pybamm.Variable(f"phi_e {side}", domain=side)
        phi_s = pybamm.Variable(f"phi_s {side}", domain=side)
        parts = [
            self.reaction(side, f"{side} {k}", c, phi_s - phi_e)
            for k, c in enumerate(electrode.classes, start=1)
        ]
        source = sum((part[0] for part in parts[1:]), parts[0][0])
        strain = sum((part[1] for part in parts[1:]), parts[0][1])
        swelling = sum((part[2] for part in parts[1:]), parts[0][2])
        share = sum(c.volume_fraction for c in electrode.classes)
        shrunk = pybamm.maximum(-pybamm.Integral(swelling, X) / share, 0)
        among = self.P / (1 + shrunk / electrode.classes[0].network_strain)
        kappa = self.conductivity(electrode.pressure, electrode.ionic, self.P) / L
        sigma = self.conductivity(electrode.pressure, electrode.electronic, among) / L
        self.model.algebraic[phi_e] = pybamm.div(-kappa * pybamm.grad(phi_e)) - L * source
        self.model.algebraic[phi_s] = pybamm.div(-sigma * pybamm.grad(phi_s)) + L * source
        self.model.initial_conditions[phi_e] = pybamm.Scalar(start[0])
        self.model.initial_conditions[phi_s] = pybamm.Scalar(start[1])
        return (
            phi_e,
            phi_s,
            kappa,
            sigma,
            L * (pybamm.Integral(strain, X) - made(electrode, self.cell.made_pressure)),
        )

    def cathode(self, phi_separator, start: tuple[float, float]):
        """Potential of the collector and growth, from the potential at the separator."""
        phi_e, phi_s, _, sigma, grown = self.composite("cathode", self.cell.cathode, start)
        bounds = self.model.boundary_conditions
        bounds[phi_e] = {"left": (phi_separator, "Dirichlet"), "right": NOTHING}
        bounds[phi_s] = {"left": NOTHING, "right": (-self.current / sigma, "Neumann")}
        return pybamm.boundary_value(phi_s, "right"), grown

    def composite_anode(self, electrode: Composite, start: tuple[float, float]):
        """Potential of the electrolyte at the separator and growth; the collector is at 0."""
        phi_e, phi_s, kappa, _, grown = self.composite("anode", electrode, start)
        bounds = self.model.boundary_conditions
        bounds[phi_s] = {"left": NOTHING, "right": (pybamm.Scalar(0), "Dirichlet")}
        # X points away from the cathode: on discharge the ions leave against it
        bounds[phi_e] = {"left": (self.current / kappa, "Neumann"), "right": NOTHING}
        return pybamm.boundary_value(phi_e, "left"), grown

    def planar_anode(self, a: Planar, Q):
        """Potential of the electrolyte beside a planar anode at 0, and its growth [m]."""
        x = pybamm.Scalar(a.start)
        if math.isfinite(a.host):
            x = pybamm.Variable("anode stoichiometry")
            self.state(x, -self.current / a.host, a.start)
        grown = -a.molar_volume / FARADAY * Q
        theta, spreading = pybamm.Scalar(1), pybamm.Scalar(0)
        if a.voids is not None:
            theta, depth = self.voids(a.voids, a.molar_volume / FARADAY)
            grown = grown + depth
            root = theta**0.5
            loss = pybamm.maximum(1 - root, 0) ** 1.5 / root
            spreading = math.pi * a.voids.spacing / (4 * a.voids.conductivity) * loss
        U = interpolate(a.potential, x) - a.molar_volume * self.P / FARADAY
        crowded = self.current / theta
        eta = self.thermal * pybamm.arcsinh(crowded / (2 * a.exchange))
        film = a.resistance * crowded + spreading * self.current
        return -(U + eta + film), grown

    def voids(self, v: Voids, per_current: float):
        """Lithium contact left and mean depth of voids [m]; eight spots share the current."""
        z = norm.ppf((np.arange(SPOTS) + 0.5) / SPOTS)
        uneven = np.exp(v.unevenness * z) / np.exp(v.unevenness * z).mean()
        opened = [pybamm.Variable(f"open void {k}") for k in range(SPOTS)]
        occluded = [pybamm.Variable(f"occluded void {k}") for k in range(SPOTS)]
        deep = [VOID_SCALE * (w + o) for w, o in zip(opened, occluded, strict=True)]
        left = [pybamm.exp(-d / v.depth) for d in deep]
        theta = sum(left[1:], left[0]) / SPOTS
        sustained = v.transport + v.creep * (self.P / 1e7) ** v.exponent
        strip, plate = (softplus(sign * self.current, STRIP_WIDTH) for sign in (1, -1))
        rate = per_current / VOID_SCALE
        for w, o, contact, share in zip(opened, occluded, left, uneven, strict=True):
            filling = w / (w + VOID_WIDTH / VOID_SCALE)
            beyond = strip * contact / theta - plate - sustained * float(share)
            grow = softplus(beyond, CURRENT_WIDTH)
            close = softplus(-beyond, CURRENT_WIDTH) * filling
            self.state(w, rate * (grow - close), 0)
            self.state(o, rate * v.occlusion * plate * filling, 0)
        depth = sum(deep[1:], deep[0]) / SPOTS
        self.model.variables |= {"lithium contact": theta, "void depth": depth}
        return theta, depth

    def fixture(self, grown):
        """Thickness balance; growth counts from the state as made."""
        start = pressed(self.set_pressure, LIFT_WIDTH)
        thicker = grown - (self.P - start) * self.cell.compliance
        force = 1e6 * self.virtual - self.set_pressure
        self.model.algebraic[self.virtual] = (self.stiffness * thicker - force) / 1e6
        self.model.initial_conditions[self.virtual] = self.set_pressure / 1e6

    def control(self, voltage):
        """Let the current follow from a set current or a set voltage."""
        held, apart = pybamm.InputParameter("held"), pybamm.InputParameter("held voltage")
        free = self.current - pybamm.InputParameter("set current")
        self.model.algebraic[self.current] = held * (voltage - apart) + (1 - held) * free
        self.model.initial_conditions[self.current] = pybamm.InputParameter("set current")
        self.model.variables["current"] = self.current

    def build(self):
        charge = pybamm.Variable("charge")
        self.state(charge, self.current / CHARGE_SCALE, 0)
        anode, cathode = self.cell.anode, self.cell.cathode.classes[0]
        if isinstance(anode, Planar):
            U_a = at(anode.potential, anode.start)
            phi, grown = self.planar_anode(anode, CHARGE_SCALE * charge)
        else:
            U_a = at(anode.classes[0].potential, anode.classes[0].start)
            phi, grown = self.composite_anode(anode, (-U_a, 0.0))
        phi = phi - self.current * self.cell.separator_resistance
        U = at(cathode.potential, cathode.start)
        voltage, thicker = self.cathode(phi, (-U_a, U - U_a))
        self.fixture(grown + thicker)
        self.model.variables |= {"voltage": voltage, "pressure": self.P}
        for variable in (*self.model.rhs, *self.model.algebraic):
            if variable.name.startswith(("damage", "charge", "anode")):
                self.model.variables[variable.name] = variable
        if self.holds:
            self.control(voltage)
        # the bracket lets a later step go on from the end of this one
        self.model.events = [
            pybamm.Event("low [experiment]", voltage - pybamm.InputParameter("low")),
            pybamm.Event("high [experiment]", pybamm.InputParameter("high") - voltage),
        ]
        if self.holds:
            least = abs(self.current) - pybamm.InputParameter("least")
            self.model.events.append(pybamm.Event("current [experiment]", least))
        return self.model


def made(electrode: Composite, pressure: float) -> float:
    """Thickness strain as made: the smoothed gap of a contact is never quite zero."""
    total = 0.0
    for c in electrode.classes:
        spare = c.made_contact_pressure - c.load_share * pressure / 3
        gap = c.width * math.log1p(math.exp(-spare / c.width))
        share = c.transmission - c.load_share / 3
        total += 3 * c.volume_fraction * share * gap / c.wall_stiffness
    return total
