"""A cell of lithomech as the plain numbers that tests/oracles/pybamm_cell.py takes."""

import numpy as np
from oracles import pybamm_cell

from lithomech.cell.arrays import LOST, YIELDED
from lithomech.cell.closures import Grains
from lithomech.cell.equations import Model
from lithomech.materials.schema import Material

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
    "crack_residual_rate",
    "crack_diffusion",
)


def curve(material: Material, name: str, factor: float = 1.0) -> pybamm_cell.Curve:
    """A material curve sampled on stoichiometries from 0 to 1."""
    x = np.linspace(0.0, 1.0, POINTS)
    return x, factor * np.asarray(material.curve(name)(x))


def nodes_of(table: np.ndarray, low: float, high: float) -> pybamm_cell.Curve:
    """Points and values of a uniform cubic table."""
    end = np.polyval(table[-1][::-1], 1.0 / len(table))
    return np.linspace(low, high, len(table) + 1), np.append(table[:, 0], end)


def active_class(model: Model, k: int, grain: Grains, start: float) -> pybamm_cell.ActiveClass:
    """Class k of the cathode."""
    c, m, T = model.arrays.classes[k], grain.material, model.cell.temperature
    low, high = float(c["shell_low"]), float(c["shell_high"])
    flat = (np.linspace(0.0, 1.0, POINTS), np.zeros(POINTS))
    mismatch = curve(m, "lattice_mismatch") if m.has("lattice_mismatch") else flat
    return pybamm_cell.ActiveClass(
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


def anode(model: Model) -> pybamm_cell.Planar:
    """The planar anode."""
    p = model.arrays.planar[ANODE]
    material = model.materials[model.cell.anode.material]
    voids = None
    if p["voids"]:
        voids = pybamm_cell.Voids(
            transport=float(p["void_transport"]),
            creep=float(p["void_creep"]),
            exponent=float(p["creep_exponent"]),
            depth=float(p["void_depth"]),
            occlusion=float(p["occlusion"]),
        )
    return pybamm_cell.Planar(
        potential=curve(material, "open_circuit_potential"),
        start=float(model.start[model.sizes.globals + 3]),
        host=float(p["host"]),
        molar_volume=float(p["molar_volume"]),
        exchange=float(p["exchange"]),
        resistance=float(p["resistance"]),
        voids=voids,
    )


def plain_cell(model: Model) -> pybamm_cell.PlainCell:
    """A composite cathode against a planar anode.

    Args:
        model: what ``lithomech.cell.equations.build`` returned.
    """
    a = model.arrays
    grains = model.composites["cathode"].grains
    classes = tuple(
        active_class(model, k, grain, float(model.start[k])) for k, grain in enumerate(grains)
    )
    pressure, ionic, electronic = np.exp(a.transport[0])
    cathode = pybamm_cell.Composite(
        classes=classes,
        thickness=float(a.electrodes["thickness"][0]),
        pressure=pressure,
        ionic=ionic,
        electronic=electronic,
    )
    return pybamm_cell.PlainCell(
        temperature=a.temperature,
        cathode=cathode,
        anode=anode(model),
        separator_resistance=a.separator_resistance,
        compliance=a.compliance,
        made_pressure=a.made_pressure,
        adhesion=a.adhesion,
    )
