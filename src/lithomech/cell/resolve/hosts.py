"""What one class of particles, or one foil, is to the compiled kernel."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.mechanisms import contact
from lithomech.cell.mechanisms.curves import (
    curve_table,
    no_curve,
    permeation_table,
    slope_table,
)
from lithomech.cell.mechanisms.declare import Mechanism, record_type
from lithomech.cell.mechanisms.interphase import rest_potential
from lithomech.cell.mechanisms.registry import Composition
from lithomech.cell.mechanisms.site import Composite, FoilSite, Grains, ParticleSite
from lithomech.cell.mechanisms.switches import Switch, with_values
from lithomech.cell.resolve.conduction import pressed_structure
from lithomech.cell.resolve.layers import SIGN
from lithomech.constants import F
from lithomech.laws import contact as contact_laws
from lithomech.laws import kinetics
from lithomech.materials.material import Curve, Material
from lithomech.numerics.table import INTERVALS, integral_table, tabulate

Floats = NDArray[np.float64]
# Closer to empty or full the exchange current is held: tabulated potentials stay finite there,
# and beside them a vanishing exchange current would give one current several voltages.
NEARLY_EMPTY: Final = 2e-3
# What takes no lithium has no volume strain; its content only keeps the books of the leak.
STIFF: Final = Curve(np.array([0.0, 1.0]), np.zeros(2))
ANY_SITES: Final = 1e5  # mol/m3
LEAK: Final = 1e9  # ohm m2; holds a solid without lithium where it rests, and carries nothing


class Site(NamedTuple):
    """One class or foil: a record of the kernel, and what its mechanisms run with."""

    record: tuple[Any, ...]  # fields of its record type
    parameters: dict[str, Any]  # of each mechanism by name; None where it has no part
    active: frozenset[str]  # names of the mechanisms that run
    metal: bool = False  # a foil of lithium itself


def made_stoichiometry(cell: spec.Cell, side: str, m: Material) -> float:
    """Lithium per formula unit at assembly."""
    given = getattr(cell.initial, side)
    if given is not None:
        return given
    return m.value("as_made_stoichiometry") if m.has("as_made_stoichiometry") else 0.0


def resolve_class(
    cell: spec.Cell,
    electrode: spec.CompositeElectrode,
    composite: Composite,
    grain: Grains,
    composition: Composition,
) -> Site:
    """Resolve one class of particles: host, wall, and every mechanism."""
    m = grain.material
    strain = STIFF if grain.inert else m.curve("volume_strain")
    made = float(strain(made_stoichiometry(cell, composite.side, m)))
    site = ParticleSite(
        grain=grain,
        composite=composite,
        temperature=cell.temperature,
        made_pressure=cell.fixture.pressure,
        fabrication_pressure=cell.fabrication.pressure,
        residual_pressure=cell.fabrication.residual_pressure,
        load_share=electrode.load_share,
        constraint_modulus=electrode.constraint_modulus,
        strain_made=made,
        coverage=_coverage(cell, electrode, composite),
    )
    switches = cell.switches(composite.side)
    parameters: dict[str, Any] = {}
    for mechanism in sorted(composition.particle, key=_resolution_order):
        values = switches[mechanism.name].values if mechanism.name in switches else {}
        found = mechanism.resolve(site)
        found = None if found is None else with_values(found, values)
        parameters[mechanism.name] = found
        if mechanism.module is contact:
            site = replace(
                site, transmission=found.transmission, wall_stiffness=found.wall_stiffness
            )
            x = np.linspace(0.0, 1.0, INTERVALS + 1)
            swings = (strain(x) - made) / 3.0
            site = replace(site, reach=(float(swings.min()), float(swings.max())))
        elif found is not None and mechanism.has("reach"):
            low, high = mechanism.module.reach(found)
            site = replace(site, reach=(site.reach[0] + low, site.reach[1] + high))
    active = _active(parameters, switches)
    host = _class_host(cell, site, made)
    rows = [_row(m, parameters[m.name], m.name in active) for m in composition.particle]
    return Site((host, *rows), parameters, active)


def _resolution_order(mechanism: Mechanism) -> int:
    """The contact first, which others need; what lies at the wall last, which needs others."""
    if mechanism.module is contact:
        return 0
    return 2 if mechanism.order == "wall" else 1


def _active(parameters: dict[str, Any], switches: dict[str, Switch]) -> frozenset[str]:
    return frozenset(
        name
        for name, found in parameters.items()
        if found is not None and switches.get(name, Switch()).on
    )


def _row(mechanism: Mechanism, parameters: Any, active: bool) -> tuple[Any, ...]:  # noqa: ANN401, FBT001
    """Fields of the record of one mechanism."""
    if parameters is None:
        return (0, *blank(mechanism))
    return (int(active), *plain(parameters))


def plain(parameters: Any) -> tuple[Any, ...]:  # noqa: ANN401 - each has its own
    """Return parameters as nested plain tuples, as a record takes them."""
    return tuple(plain(v) if isinstance(v, tuple) else v for v in parameters)


def blank(mechanism: Mechanism) -> tuple[Any, ...]:
    """Fields of a mechanism that has no part; nothing reads them."""
    return np.zeros(1, record_type(mechanism.parameters, switch=False))[0].item()


def _coverage(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite
) -> float:
    """Share of the particles' surface that pressing brings into contact."""
    pressed = pressed_structure(cell, electrode, composite)
    if pressed is not None:
        return max(float(pressed.mean("covered_fraction").max()), 1e-6)
    strength = composite.electrolyte.value("matrix_strength")
    made = float(contact_laws.made_coverage(cell.fabrication.pressure, strength))
    return min(1.0, max(made, 1e-6))


def _class_host(cell: spec.Cell, site: ParticleSite, made: float) -> tuple[Any, ...]:
    """Fields of HOST: the class itself and its curves."""
    grain, m, T = site.grain, site.material, cell.temperature
    coat = grain.coating
    capacitance = m.value("interface_capacitance") if m.has("interface_capacitance") else 0.0
    numbers = (
        int(grain.inert),
        grain.radius,
        1.0 / m.value("molar_volume") if m.has("molar_volume") else ANY_SITES,
        3.0 * grain.volume_fraction / grain.radius,
        grain.volume_fraction,
        site.coverage,
        m.value("film_resistance") if m.has("film_resistance") else 0.0,
        coat[1] / coat[0].value("ionic_conductivity") if coat else 0.0,
        capacitance * site.coverage,
        LEAK if grain.inert else 0.0,
        made,
    )
    if grain.inert:
        rest, one = np.zeros((INTERVALS, 4)), np.zeros((INTERVALS, 4))
        rest[:, 0], one[:, 0] = rest_potential(site.electrolyte), 1.0
        return (*numbers, rest, one, integral_table(one), one, no_curve(), no_curve())
    strain = m.curve("volume_strain")
    diffusivity = m.temperature_factor("diffusivity", T) / grain.radius**2
    return (
        *numbers,
        curve_table(m.curve("open_circuit_potential")),
        diffusivity * curve_table(m.curve("diffusivity")),
        diffusivity * permeation_table(m.curve("diffusivity")),
        m.value("exchange_current_density", T) * _exchange_table(),
        curve_table(strain),
        slope_table(strain),
    )


@lru_cache(maxsize=1)
def _exchange_table() -> Floats:
    """Exchange current density over its value at half filling."""

    def relative(x: Floats) -> Floats:
        held = np.clip(x, NEARLY_EMPTY, 1.0 - NEARLY_EMPTY)
        return np.asarray(kinetics.exchange_current_density(1.0, held))

    return tabulate(relative)


def resolve_foil(
    cell: spec.Cell, side: str, materials: dict[str, Material], composition: Composition
) -> Site:
    """Resolve one planar electrode: host and every mechanism."""
    electrode = getattr(cell, side)
    m, T = materials[electrode.material], cell.temperature
    site = FoilSite(m, electrode.thickness, T, materials[cell.separator.material])
    switches = cell.switches(side)
    parameters: dict[str, Any] = {}
    for mechanism in composition.foil:
        values = switches[mechanism.name].values if mechanism.name in switches else {}
        found = mechanism.resolve(site)
        parameters[mechanism.name] = None if found is None else with_values(found, values)
    active = _active(parameters, switches)
    if m.has("partial_molar_volume"):
        volume = m.value("partial_molar_volume")
    else:  # an insertion host as a film: mean over its whole range
        strain = m.curve("volume_strain")
        volume = m.value("molar_volume") * float(strain(1.0) - strain(0.0))
    host_volume = "host_molar_volume" if m.has("host_molar_volume") else "molar_volume"
    metal = not m.has(host_volume)
    capacity = np.inf if metal else max(F * electrode.thickness / m.value(host_volume), 1e-3)
    host = (
        1,
        int(metal),
        SIGN[side],
        1.0 / capacity,
        volume,
        cell.separator.porosity * cell.separator.plating_depth if metal else 0.0,
        m.value("exchange_current_density", T),
        m.value("interface_resistance", T) if m.has("interface_resistance") else 0.0,
        m.value("interface_capacitance", T) if m.has("interface_capacitance") else 0.0,
        curve_table(m.curve("open_circuit_potential")),
    )
    rows = [_row(m, parameters[m.name], m.name in active) for m in composition.foil]
    return Site((host, *rows), parameters, active, metal)
