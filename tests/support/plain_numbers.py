"""A cell of lithomech as the plain numbers that tests/oracles/plain_cell.py declares."""

import numpy as np

from lithomech.cell.mechanisms import cracking
from lithomech.cell.mechanisms.site import Grains
from lithomech.cell.protocol.steps import ConstantCurrent, Hold, Rest, VoltageLimit
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.switched import Site
from lithomech.materials.material import Material
from oracles import plain_cell as plain

POINTS = 1001
ANODE = 0  # row of the foils
SAME_NAME = (
    "transmission",
    "wall_stiffness",
    "made_contact_pressure",
    "contact_modulus",
    "load_share",
    "caps",
    "network_strain",
    "closing_pressure",
    "width",
)
CRACKS = {  # names there and here
    "lattice_stress": "lattice_stress",
    "gradient_stress": "gradient_stress",
    "load_stress": "load_stress",
    "crack_rate": "rate",
    "crack_exponent": "exponent",
    "crack_opening": "opening",
    "crack_shut": "shut",
    "crack_residual_rate": "residual_rate",
    "crack_residual_limit": "residual_limit",
    "crack_diffusion": "path_loss",
}
WHOLE = dict.fromkeys(CRACKS, 0.0) | {"crack_exponent": 1.0, "crack_residual_limit": 1.0}


def curve(material: Material, name: str, factor: float = 1.0) -> plain.Curve:
    """A material curve sampled on stoichiometries from 0 to 1."""
    x = np.linspace(0.0, 1.0, POINTS)
    return x, factor * np.asarray(material.curve(name)(x))


def diffusivity(material: Material, T: float) -> plain.Curve:
    """The diffusivity [m2/s] at T: a number, times its shape where there is one."""
    x, number = curve(material, "diffusivity", material.temperature_factor("diffusivity", T))
    if not material.has("diffusivity_shape"):
        return x, number
    return x, number * curve(material, "diffusivity_shape")[1]


def nodes_of(table: np.ndarray, low: float, high: float) -> plain.Curve:
    """Points and values of a uniform cubic table."""
    end = table[-1].sum()
    return np.linspace(low, high, len(table) + 1), np.append(table[:, 0], end)


def cracks(site: Site) -> dict[str, float]:
    """Constants of the cracks of one class."""
    if cracking.NAME not in site.active:
        return WHOLE
    own = site.parameters[cracking.NAME]
    return {name: float(getattr(own, there)) for name, there in CRACKS.items()}


def cut_off(site: Site) -> dict[str, float]:
    """Rates at which grains of one class are cut off."""
    own = site.parameters["isolation"] if "isolation" in site.active else None
    return {
        f"isolation_{name}": 0.0 if own is None else float(getattr(own, name))
        for name in ("by_opening", "by_working", "by_load")
    }


def active_class(model: Resolved, grain: Grains, site: Site, start: float) -> plain.ActiveClass:
    """One class."""
    host, m, T = site.record["host"], grain.material, model.cell.temperature
    wall, shell = site.parameters["contact"], site.parameters["yielding"]
    flat = (np.linspace(0.0, 1.0, POINTS), np.zeros(POINTS))
    shape = "exchange_current_density_shape"
    mismatch = curve(m, "lattice_mismatch") if m.has("lattice_mismatch") else flat
    return plain.ActiveClass(
        potential=curve(m, "open_circuit_potential"),
        diffusivity=diffusivity(m, T),
        strain=curve(m, "volume_strain"),
        mismatch=(mismatch[0], abs(mismatch[1])),
        exchange=m.value("exchange_current_density", T),
        exchange_shape=curve(m, shape) if m.has(shape) else None,
        start=start,
        radius=float(host["radius"]),
        concentration=1.0 / m.value("molar_volume"),
        volume_fraction=float(host["volume_fraction"]),
        coverage=float(host["coverage"]),
        film_resistance=float(host["film_resistance"]),
        yielded=nodes_of(shell.yielded, shell.low, shell.high),
        lost=nodes_of(shell.lost, 0.0, shell.high),
        relaxation_time=shell.relaxation_time,
        **{name: float(getattr(wall, name)) for name in SAME_NAME},
        viscosity=site.parameters["creep"].viscosity if "creep" in site.active else np.inf,
        **cut_off(site),
        **cracks(site),
    )


def composite(model: Resolved, side: str, e: int) -> plain.Composite:
    """Electrode e of the arrays."""
    a, sites = model.arrays, model.classes[side]
    first, nodes = model.members[side].start, model.cell.solver.nodes
    pressure, ionic, electronic = np.exp(a.transport[e])
    return plain.Composite(
        classes=tuple(
            active_class(model, grain, site, float(model.start[first + nodes * k]))
            for k, (grain, site) in enumerate(
                zip(model.composites[side].particles, sites, strict=True)
            )
        ),
        thickness=float(a.electrodes["thickness"][e]),
        pressure=pressure,
        ionic=ionic,
        electronic=electronic,
    )


def planar(model: Resolved) -> plain.Planar:
    """The planar anode."""
    host, site = model.arrays.foils["host"][ANODE], model.foils["anode"]
    material = model.materials[model.cell.anode.material]
    voids = None
    if "lithium_voids" in site.active:
        own = site.parameters["lithium_voids"]
        voids = plain.Voids(
            transport=own.transport,
            creep=own.creep,
            exponent=own.exponent,
            depth=own.depth,
            occlusion=own.occlusion,
            unevenness=own.unevenness,
            spacing=own.spacing,
            conductivity=own.conductivity,
        )
    return plain.Planar(
        potential=curve(material, "open_circuit_potential"),
        start=float(model.start[model.layout.foils]),
        host=np.inf if host["metal"] else 1.0 / float(host["per_charge"]),
        molar_volume=float(host["molar_volume"]),
        exchange=float(host["exchange"]),
        resistance=float(host["resistance"]),
        voids=voids,
    )


def plain_numbers(model: Resolved) -> plain.PlainCell:
    """A cell with a composite cathode as plain numbers.

    Args:
        model: what ``lithomech.cell.resolve.build.resolve`` returned.
    """
    a, last = model.arrays, len(model.composites) - 1
    wall = model.classes["cathode"][0].parameters["contact"]
    return plain.PlainCell(
        temperature=a.temperature,
        cathode=composite(model, "cathode", last),
        anode=composite(model, "anode", 0) if last else planar(model),
        separator_resistance=a.separator_resistance,
        compliance=a.compliance,
        made_pressure=wall.made_pressure,
        adhesion=wall.adhesion,
    )


def plain_step(model: Resolved, step: ConstantCurrent | Hold | Rest) -> plain.PlainStep:
    """A step with a current in C, a hold or a rest."""
    density = model.one_c / model.area
    if isinstance(step, Rest):
        return plain.PlainStep(step.duration)
    if isinstance(step, Hold):
        least = step.until_current.amount * density if step.until_current else -1.0
        held = step.voltage - model.reference_potential
        return plain.PlainStep(step.duration or 1e6, held=held, least=least)
    current = -step.current.amount * density
    longest = step.duration or 2.0 * 3600.0 / abs(step.current.amount)
    voltages = [u.voltage for u in step.until if isinstance(u, VoltageLimit)]
    if not voltages:
        return plain.PlainStep(longest, current)
    limit = {"high" if current < 0.0 else "low": voltages[0] - model.reference_potential}
    return plain.PlainStep(longest, current, **limit)
