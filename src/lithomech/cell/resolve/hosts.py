"""What one class of particles, or one foil, is to the compiled kernel."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import foil_record, particle_record
from lithomech.cell.mechanisms import contact
from lithomech.cell.mechanisms.curves import (
    curve_table,
    permeation_table,
    slope_table,
)
from lithomech.cell.mechanisms.declare import Mechanism, Pass
from lithomech.cell.mechanisms.interphase import rest_potential
from lithomech.cell.mechanisms.registry import Composition
from lithomech.cell.mechanisms.site import (
    Across,
    Composite,
    FoilSite,
    Grains,
    Made,
    ParticleSite,
)
from lithomech.cell.mechanisms.switches import Switch, with_values
from lithomech.cell.resolve.conduction import pressed_structure, transport_tables
from lithomech.cell.resolve.layers import SIGN, collector_contact
from lithomech.cell.resolve.percolated import covered_share, share_in_use
from lithomech.cell.resolve.route import made_by
from lithomech.cell.resolve.switched import Site, switches_of
from lithomech.constants import F
from lithomech.laws import contact as contact_laws
from lithomech.laws import kinetics
from lithomech.materials.material import Curve, Material
from lithomech.numerics.table import INTERVALS, tabulate

Floats = NDArray[np.float64]
# Closer to empty or full the exchange current is held: tabulated potentials stay finite there,
# and beside them a vanishing exchange current would give one current several voltages.
NEARLY_EMPTY: Final = 2e-3
# What takes no lithium has no volume strain; its content only keeps the books of the leak.
STIFF: Final = Curve(np.array([0.0, 1.0]), np.zeros(2))
EVEN: Final = Curve(np.array([0.0, 1.0]), np.ones(2))
ANY_SITES: Final = 1e5  # mol/m3
LEAST_USED: Final = 1e-6  # share of particles; a cell without any is not run
LEAK: Final = 1e9  # ohm m2; holds a solid without lithium where it rests, and carries nothing


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
    made = made_stoichiometry(cell, composite.side, m)
    strain_made = float(strain(made))
    site = ParticleSite(
        grain=grain,
        composite=composite,
        temperature=cell.temperature,
        made_pressure=cell.fixture.pressure,
        load_share=electrode.load_share,
        constraint_modulus=electrode.constraint_modulus,
        made=made,
        strain_made=strain_made,
        coverage=_coverage(cell, electrode, composite),
        in_use=1.0 if grain.inert else _in_use(cell, electrode, composite),
    )
    switches = switches_of(cell, composite.side)
    parameters: dict[str, Any] = {}
    for mechanism in sorted(composition.particle, key=_resolution_order):
        values = switches[mechanism.name].values if mechanism.name in switches else {}
        found = mechanism.resolve(site)
        found = None if found is None else with_values(found, values)
        parameters[mechanism.name] = found
        if isinstance(found, contact.Parameters):
            site = replace(
                site, transmission=found.transmission, wall_stiffness=found.wall_stiffness
            )
            x = np.linspace(0.0, 1.0, INTERVALS + 1)
            swings = (strain(x) - strain_made) / 3.0
            site = replace(site, reach=(float(swings.min()), float(swings.max())))
        elif found is not None and mechanism.has("reach"):
            low, high = mechanism.module.reach(found)
            site = replace(site, reach=(site.reach[0] + low, site.reach[1] + high))
    active = _active(parameters, switches)
    record = np.zeros((), particle_record(composition))
    _describe_class(record["host"], cell, site)
    _describe_mechanisms(record, parameters, active)
    return Site(record, parameters, active)


def _resolution_order(mechanism: Mechanism) -> int:
    """The contact first, which others need; what lies at the wall last, which needs others."""
    if mechanism.module is contact:
        return 0
    return 2 if mechanism.order is Pass.WALL else 1


def _active(parameters: dict[str, Any], switches: dict[str, Switch]) -> frozenset[str]:
    return frozenset(
        name
        for name, found in parameters.items()
        if found is not None and switches.get(name, Switch()).on
    )


def _describe_mechanisms(
    record: NDArray[np.void], parameters: dict[str, Any], active: frozenset[str]
) -> None:
    """Fill the parameters of each mechanism into a record; nothing reads those without."""
    for name, found in parameters.items():
        if found is not None:
            record[name] = (int(name in active), *plain(found))


def plain(parameters: Any) -> tuple[Any, ...]:  # noqa: ANN401 - each has its own
    """Return parameters as nested plain tuples, as a record takes them."""
    return tuple(plain(v) if isinstance(v, tuple) else v for v in parameters)


def _coverage(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite
) -> float:
    """Share of the particles' surface that pressing brings into contact."""
    pressed = pressed_structure(cell, electrode, composite)
    made = covered_share(electrode, composite, pressed)
    if made is None:
        strength = composite.strength
        made = float(contact_laws.made_coverage(composite.made.pressure, strength))
    return min(1.0, max(made, 1e-6))


def _in_use(cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite) -> float:
    """Share of the particles that both carriers reach, as made."""
    pressed = pressed_structure(cell, electrode, composite)
    used = share_in_use(electrode, composite, pressed, cell.fixture.pressure)
    return max(used, LEAST_USED)


def _film(site: ParticleSite) -> float:
    """Resistance between particles and electrolyte as made, per contact area [ohm m2].

    What is known per cell area is shared out over all contacts of the electrode.
    """
    m, composite = site.material, site.composite
    own = m.value("film_resistance") if m.has("film_resistance") else 0.0
    surface = sum(3.0 * grain.volume_fraction / grain.radius for grain in composite.grains)
    contacts = site.coverage * site.in_use * surface * composite.thickness
    made = composite.made
    return own + made.interface_resistance + made.areal_resistance * contacts


def _describe_class(host: NDArray[np.void], cell: spec.Cell, site: ParticleSite) -> None:
    """Fill HOST: the class itself and its curves."""
    grain, m, T = site.grain, site.material, cell.temperature
    coat = grain.coating
    capacitance = m.value("interface_capacitance") if m.has("interface_capacitance") else 0.0
    host["inert"] = grain.inert
    host["radius"] = grain.radius
    host["c_max"] = 1.0 / m.value("molar_volume") if m.has("molar_volume") else ANY_SITES
    in_use = site.in_use * grain.volume_fraction
    host["area"] = 3.0 * in_use / grain.radius
    host["volume_fraction"] = in_use
    host["coverage"] = site.coverage
    host["film_resistance"] = _film(site)
    host["coating_resistance"] = coat[1] / coat[0].value("ionic_conductivity") if coat else 0.0
    host["capacitance"] = capacitance * site.coverage
    host["strain_made"] = site.strain_made
    if grain.inert:
        host["leak"] = LEAK
        host["potential"][:, 0] = rest_potential(site.electrolyte)
        host["exchange"][:, 0] = 1.0
        host["permeation"] = permeation_table(EVEN)
        return
    level, shape = _diffusivity(m, T)
    scale = level / grain.diffusion_length**2
    host["potential"] = curve_table(m.curve("open_circuit_potential"))
    host["permeation"] = scale * permeation_table(shape)
    host["exchange"] = m.value("exchange_current_density", T) * _exchange_table(m)
    host["strain"] = curve_table(m.curve("volume_strain"))
    host["slope"] = slope_table(m.curve("volume_strain"))


def _diffusivity(m: Material, T: float) -> tuple[float, Curve]:
    """Return a number and a curve whose product is the diffusivity at T.

    A shape belongs to a number; a table of the diffusivity itself has no use for it.
    """
    if m.properties["diffusivity"].curve is None and m.has("diffusivity_shape"):
        return m.value("diffusivity", T), m.curve("diffusivity_shape")
    return m.temperature_factor("diffusivity", T), m.curve("diffusivity")


def _exchange_table(m: Material) -> Floats:
    """Exchange current density over its value at half filling."""
    if m.has("exchange_current_density_shape"):
        return curve_table(m.curve("exchange_current_density_shape"))
    return _insertion_table()


@lru_cache(maxsize=1)
def _insertion_table() -> Floats:
    """The law of an insertion host, held near empty and full."""

    def relative(x: Floats) -> Floats:
        held = np.clip(x, NEARLY_EMPTY, 1.0 - NEARLY_EMPTY)
        return np.asarray(kinetics.exchange_current_density(1.0, held))

    return tabulate(relative)


class Around(NamedTuple):
    """What a planar electrode faces."""

    separator: float  # thickness [m]
    across: Across | None = None


def across_of(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> Across | None:
    """The only composite electrode of a cell; None where there is none, or two."""
    if len(composites) != 1:
        return None
    (composite,) = composites.values()
    log_P, log_kappa, _ = transport_tables(cell, composite, materials)
    kappa = np.exp(np.interp(np.log(max(cell.fixture.pressure, 1.0)), log_P, log_kappa))
    own = composite.electrolyte.value("ionic_conductivity", cell.temperature)
    return Across(
        composite.thickness,
        composite.electrolyte_fraction,
        float(kappa / own),
        composite.electrolyte.name == materials[cell.separator.material].name,
    )


def resolve_foil(
    cell: spec.Cell,
    side: str,
    materials: dict[str, Material],
    composition: Composition,
    around: Around,
) -> Site:
    """Resolve one planar electrode against what it faces."""
    electrode = getattr(cell, side)
    m, between = materials[electrode.material], cell.separator
    site = FoilSite(
        m,
        electrode.thickness,
        cell.temperature,
        materials[between.material],
        around.separator,
        between.flaw,
        collector_of(electrode, materials),
        getattr(electrode, "host_in_front", False),
        getattr(electrode, "pressed", None),
        around.across,
        cell.fixture.pressure,
        between.open_pore,
        _of_one_material(cell, materials),
    )
    switches = switches_of(cell, side)
    parameters: dict[str, Any] = {}
    for mechanism in composition.foil:
        values = switches[mechanism.name].values if mechanism.name in switches else {}
        found = mechanism.resolve(site)
        parameters[mechanism.name] = None if found is None else with_values(found, values)
    active = _active(parameters, switches)
    metal = not m.has(_host_volume(m))
    record = np.zeros((), foil_record(composition))
    _describe_foil(record["host"], cell, side, m, made_by(cell, materials))
    behind = collector_contact(electrode, materials)
    record["host"]["collector"], record["host"]["collector_exponent"] = behind
    _describe_mechanisms(record, parameters, active)
    return Site(record, parameters, active, metal)


def _of_one_material(cell: spec.Cell, materials: dict[str, Material]) -> bool:
    """Whether both electrodes are planar, of the same material."""
    names = [getattr(one, "material", None) for one in (cell.anode, cell.cathode)]
    first, second = (name and materials[name].name for name in names)
    return first is not None and first == second


def collector_of(electrode: spec.Planar, materials: dict[str, Material]) -> Material | None:
    """The bare collector of an anode-free side; None of a foil."""
    if isinstance(electrode, spec.AnodeFreeElectrode):
        return materials[electrode.collector]
    return None


def _host_volume(m: Material) -> str:
    """The property that says how much of a host there is; lithium itself has none."""
    return "host_molar_volume" if m.has("host_molar_volume") else "molar_volume"


def _describe_foil(
    host: NDArray[np.void], cell: spec.Cell, side: str, m: Material, made: Made
) -> None:
    """Fill FOIL_HOST: the foil itself and its potential."""
    electrode, T = getattr(cell, side), cell.temperature
    host["present"], host["sign"] = 1, SIGN[side]
    if m.has("partial_molar_volume"):
        host["molar_volume"] = m.value("partial_molar_volume")
    else:  # an insertion host as a film: mean over its whole range
        strain = m.curve("volume_strain")
        host["molar_volume"] = m.value("molar_volume") * float(strain(1.0) - strain(0.0))
    name = _host_volume(m)
    if m.has(name):
        host["per_charge"] = 1.0 / max(F * electrode.thickness / m.value(name), 1e-3)
    else:
        host["metal"] = 1
        host["stock"] = F * electrode.thickness / host["molar_volume"]
        host["pores"] = cell.separator.porosity * cell.separator.plating_depth
    host["exchange"] = m.value("exchange_current_density", T)
    for field in ("resistance", "capacitance"):
        if m.has(f"interface_{field}"):
            host[field] = m.value(f"interface_{field}", T)
    if not m.has("partial_molar_volume"):  # a film of a host; routes make no metal
        host["resistance"] += made.interface_resistance + made.areal_resistance
    host["potential"] = curve_table(m.curve("open_circuit_potential"))
