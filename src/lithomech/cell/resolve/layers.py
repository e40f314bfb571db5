"""Thickness, stiffness and capacity of the layers between the pistons."""

from dataclasses import replace
from typing import Final

import numpy as np

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.resolve.composite import porous_moduli, resolve_composite
from lithomech.cell.resolve.route import made_by
from lithomech.cell.resolve.switched import runs
from lithomech.errors import InputError
from lithomech.laws import elasticity, fracture, lithium
from lithomech.materials.material import Material

SIGN: Final = {"anode": -1.0, "cathode": 1.0}


def collector_contact(
    electrode: spec.Electrode, materials: dict[str, Material]
) -> tuple[float, float]:
    """Resistance of the collector's contact under 1 MPa [ohm m2], and its exponent in P.

    Metal that is plated on a collector is not pressed on it: none.
    """
    if electrode.collector is None or isinstance(electrode, spec.AnodeFreeElectrode):
        return 0.0, 0.0
    m = materials[electrode.collector]
    return m.value("collector_resistance"), m.value("collector_exponent")


def resolve_layers(
    cell: spec.Cell, materials: dict[str, Material], area: float
) -> tuple[dict[str, Composite], dict[str, float], dict[str, float]]:
    """Composition, thickness [m] and elastic compliance [m/Pa] of every layer."""
    composites: dict[str, Composite] = {}
    thickness = {"separator": separator_thickness(cell, materials, area)}
    capacity = 0.0
    for side, electrode in (("cathode", cell.cathode), ("anode", cell.anode)):
        if isinstance(electrode, spec.Planar):
            thickness[side] = electrode.thickness
            continue
        decomposing = runs(cell, side, "interphase")
        composite = resolve_composite(
            electrode, side, materials, made_by(cell, materials), decomposing=decomposing
        )
        per_volume = sum(
            g.volume_fraction
            * g.material.value("density")
            * g.material.value("nominal_capacity")
            for g in composite.grains
            if not g.inert
        )
        by_capacity = electrode.areal_capacity is not None or electrode.n_p_ratio is not None
        if per_volume <= 0.0 and by_capacity:
            raise InputError(
                f"the {side} has no host of lithium: its size cannot come from a capacity; "
                "give loading, mass or thickness",
                key=side,
            )
        thickness[side] = _thickness(electrode, composite, area, per_volume, capacity)
        if not 1e-7 < thickness[side] < 1e-1:
            raise InputError(
                f"the {side} would be {1e6 * thickness[side]:.3g} um thick; "
                "allowed: 0.1 um to 10 cm",
                key=side,
            )
        composites[side] = replace(composite, thickness=thickness[side])
        capacity = per_volume * thickness[side]
    compliance = {
        "separator": _compliance(
            thickness["separator"],
            *porous_moduli(materials[cell.separator.material], cell.separator.porosity),
        )
    }
    for side, electrode in (("cathode", cell.cathode), ("anode", cell.anode)):
        if side in composites:
            layer = composites[side]
            compliance[side] = _compliance(thickness[side], layer.layer_K, layer.layer_G)
        else:
            moduli = porous_moduli(materials[electrode.material], 0.0)  # pyright: ignore[reportAttributeAccessIssue]
            compliance[side] = _compliance(thickness[side], *moduli)
    return composites, thickness, compliance


def separator_thickness(cell: spec.Cell, materials: dict[str, Material], area: float) -> float:
    """Thickness of the separator [m] from the one size that is declared."""
    separator = cell.separator
    density = materials[separator.material].value("density") * (1.0 - separator.porosity)
    sizes = (
        (separator.thickness, 1.0),
        (separator.loading, density),
        (separator.mass, density * area),
    )
    return next(size / per_metre for size, per_metre in sizes if size is not None)


def rim_strength(cell: spec.Cell, materials: dict[str, Material]) -> float | None:
    """Stack pressure that splits the separator at the rim of the electrodes [Pa].

    None where nothing pulls there, or where no flaw or toughness is known.
    """
    m, flaw, share = (
        materials[cell.separator.material],
        cell.separator.flaw,
        cell.separator.rim_share,
    )
    if flaw is None and m.has("flaw_size"):
        flaw = m.value("flaw_size")
    if share is None:
        share = float(fracture.rim_share(m.value("poisson_ratio")))
    if flaw is None or not m.has("fracture_toughness") or share <= 0.0:
        return None
    return float(lithium.flaw_strength(m.value("fracture_toughness"), flaw)) / share


def _compliance(thickness: float, K: float, G: float) -> float:
    return thickness / float(elasticity.uniaxial_modulus(K, G))


def _thickness(
    electrode: spec.CompositeElectrode,
    composite: Composite,
    area: float,
    per_volume: float,
    cathode_capacity: float,
) -> float:
    """Thickness of a composite [m] from the one size that is declared.

    Args:
        electrode: as declared.
        composite: the same resolved.
        area: of the cell [m2].
        per_volume: nominal capacity per volume of the composite [C/m3].
        cathode_capacity: nominal capacity of the cathode per area [C/m2].
    """
    density = composite.solid_density * (1.0 - composite.porosity)
    active = sum(g.volume_fraction * g.material.value("density") for g in composite.grains)
    sizes = (
        (electrode.thickness, 1.0),
        (electrode.loading, density),
        (electrode.active_loading, active),
        (electrode.mass, density * area),
        (electrode.areal_capacity, per_volume),
        (electrode.n_p_ratio, per_volume / max(cathode_capacity, 1e-300)),
    )
    return next(size / per_metre for size, per_metre in sizes if size is not None)


def fixture_stiffness(cell: spec.Cell, materials: dict[str, Material], area: float) -> float:
    """Stiffness of fixture and frame in series [Pa/m]; 0 at constant pressure."""
    fixture = cell.fixture
    if isinstance(fixture, spec.ConstantPressure):
        return 0.0
    return _stiffness(fixture, materials, area)


def _stiffness(
    fixture: spec.Spring | spec.Bolted, materials: dict[str, Material], area: float
) -> float:
    """Stiffness of spring and frame in series [Pa/m]."""
    frame = _frame_stiffness(fixture, materials, area)
    if isinstance(fixture, spec.Bolted):
        return frame
    spring = fixture.stiffness.per_area(area)
    return float(elasticity.series_stiffness(spring, frame)) if np.isfinite(frame) else spring


def fixture_creep(
    cell: spec.Cell, materials: dict[str, Material], area: float
) -> tuple[float, float]:
    """Share of its pressure that a fixture loses per e-fold of time, and its time [s].

    The frame creeps by its own compliance; a spring in series bears the rest of it.
    """
    fixture = cell.fixture
    if isinstance(fixture, spec.ConstantPressure):
        return 0.0, 1.0
    whole, frame = (of(fixture, materials, area) for of in (_stiffness, _frame_stiffness))
    return fixture.creep * whole / frame, fixture.creep_time


def _frame_stiffness(
    fixture: spec.Spring | spec.Bolted, materials: dict[str, Material], area: float
) -> float:
    """Stiffness of the frame [Pa/m]; infinite where it is rigid."""
    if fixture.frame is not None:
        frame = materials[fixture.frame]
        measured_on = np.pi * frame.value("frame_diameter") ** 2 / 4.0
        return float(frame.value("frame_stiffness") * measured_on / area)
    stiffness = fixture.frame_stiffness
    return np.inf if stiffness is None else stiffness.per_area(area)


def cathode_capacity_of(
    cell: spec.Cell,
    composites: dict[str, Composite],
    thickness: dict[str, float],
    materials: dict[str, Material],
    area: float,
) -> tuple[float, float]:
    """Active mass of the cathode [kg] and its nominal capacity [A s]."""
    if "cathode" not in composites:
        electrode = cell.cathode
        m = materials[electrode.material]  # pyright: ignore[reportAttributeAccessIssue]
        if not m.has("nominal_capacity"):
            return 0.0, cell.rate_capacity or 0.0
        mass = area * thickness["cathode"] * m.value("density")
        return mass, mass * m.value("nominal_capacity")
    mass, capacity = 0.0, 0.0
    for grain in composites["cathode"].grains:
        part = (
            grain.volume_fraction
            * thickness["cathode"]
            * area
            * grain.material.value("density")
        )
        mass += part
        if not grain.inert:
            capacity += part * grain.material.value("nominal_capacity")
    return mass, capacity
