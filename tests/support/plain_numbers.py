"""A cell of lithomech as the plain numbers that tests/oracles/plain_cell.py declares."""

import numpy as np

from lithomech.cell.arrays import LOST, YIELDED
from lithomech.cell.closures import Grains
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.protocol.steps import ConstantCurrent, Hold, Rest, VoltageLimit
from lithomech.materials.material import Material
from oracles import plain_cell as plain

POINTS = 1001
ANODE = 0  # row of the planar arrays
SAME_NAME = (
    "radius",
    "volume_fraction",
    "coverage",
    "film_resistance",
    "transmission",
    "wall_stiffness",
    "residual_pressure",
    "contact_modulus",
    "load_share",
    "caps",
    "relaxation_time",
    "lattice_stress",
    "gradient_stress",
    "load_stress",
    "crack_rate",
    "crack_exponent",
    "crack_opening",
    "crack_shut",
    "crack_residual_rate",
    "crack_residual_limit",
    "crack_diffusion",
)


def curve(material: Material, name: str, factor: float = 1.0) -> plain.Curve:
    """A material curve sampled on stoichiometries from 0 to 1."""
    x = np.linspace(0.0, 1.0, POINTS)
    return x, factor * np.asarray(material.curve(name)(x))


def nodes_of(table: np.ndarray, low: float, high: float) -> plain.Curve:
    """Points and values of a uniform cubic table."""
    end = table[-1].sum()
    return np.linspace(low, high, len(table) + 1), np.append(table[:, 0], end)


def active_class(model: Model, k: int, grain: Grains, start: float) -> plain.ActiveClass:
    """Class k."""
    c, m, T = model.arrays.classes[k], grain.material, model.cell.temperature
    low, high = float(c["shell_low"]), float(c["shell_high"])
    flat = (np.linspace(0.0, 1.0, POINTS), np.zeros(POINTS))
    mismatch = curve(m, "lattice_mismatch") if m.has("lattice_mismatch") else flat
    return plain.ActiveClass(
        potential=curve(m, "open_circuit_potential"),
        diffusivity=curve(m, "diffusivity", m.temperature_factor("diffusivity", T)),
        strain=curve(m, "volume_strain"),
        mismatch=(mismatch[0], abs(mismatch[1])),
        exchange=m.value("exchange_current_density", T),
        start=start,
        concentration=1.0 / m.value("molar_volume"),
        yielded=nodes_of(model.arrays.shell[k, YIELDED], low, high),
        lost=nodes_of(model.arrays.shell[k, LOST], 0.0, high),
        **{name: float(c[name]) for name in SAME_NAME},
    )


def composite(model: Model, side: str, e: int) -> plain.Composite:
    """Electrode e of the arrays; classes and nodes of the anode come first."""
    a = model.arrays
    first = int(a.first_member[a.electrodes["first"][e]])
    rows = range(first, first + len(model.composites[side].grains))
    pressure, ionic, electronic = np.exp(a.transport[e])
    return plain.Composite(
        classes=tuple(
            active_class(model, int(a.member_class[row]), grain, float(model.start[row]))
            for row, grain in zip(rows, model.composites[side].grains, strict=True)
        ),
        thickness=float(a.electrodes["thickness"][e]),
        pressure=pressure,
        ionic=ionic,
        electronic=electronic,
    )


def planar(model: Model) -> plain.Planar:
    """The planar anode."""
    p = model.arrays.planar[ANODE]
    material = model.materials[model.cell.anode.material]
    voids = None
    if p["voids"]:
        voids = plain.Voids(
            transport=float(p["void_transport"]),
            creep=float(p["void_creep"]),
            exponent=float(p["creep_exponent"]),
            depth=float(p["void_depth"]),
            occlusion=float(p["occlusion"]),
        )
    return plain.Planar(
        potential=curve(material, "open_circuit_potential"),
        start=float(model.start[model.sizes.globals + 3]),
        host=float(p["host"]),
        molar_volume=float(p["molar_volume"]),
        exchange=float(p["exchange"]),
        resistance=float(p["resistance"]),
        voids=voids,
    )


def plain_numbers(model: Model) -> plain.PlainCell:
    """A cell with a composite cathode as plain numbers.

    Args:
        model: what ``lithomech.cell.resolve.build.resolve`` returned.
    """
    a, last = model.arrays, len(model.composites) - 1
    return plain.PlainCell(
        temperature=a.temperature,
        cathode=composite(model, "cathode", last),
        anode=composite(model, "anode", 0) if last else planar(model),
        separator_resistance=a.separator_resistance,
        compliance=a.compliance,
        made_pressure=a.made_pressure,
        adhesion=a.adhesion,
    )


def plain_step(model: Model, step: ConstantCurrent | Hold | Rest) -> plain.PlainStep:
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
