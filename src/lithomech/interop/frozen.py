"""A cell as its electrochemistry alone: what single-ion porous-electrode models can carry.

Mechanics is frozen as assembled: all contact is left, nothing cracks or yields, the stack
pressure stays. What a cell has beyond that is named in ``left_out``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Grains
from lithomech.cell.protocol.order import flatten
from lithomech.cell.protocol.steps import Hold, VoltageLimit
from lithomech.cell.resolve.build import Resolved, resolve
from lithomech.cell.resolve.switched import Site
from lithomech.cell.solver.conduct import conductivities
from lithomech.cell.state import foil_start
from lithomech.constants import F
from lithomech.laws.kinetics import exchange_current_density
from lithomech.materials.material import Material

Floats = NDArray[np.float64]
POINTS: Final = 1001  # stoichiometries from 0 to 1 at which curves are sampled
NEARLY_EMPTY: Final = 2e-3  # exchange currents are held closer to empty or full
SAME: Final = 1e-3  # V that the potential of a foil may change by and still be one number
VOLUME_CHANGE: Final = "volume change"
FILMS: Final = "film resistance"
COLLECTOR: Final = "collector contact"
FOIL_CONTENT: Final = "lithium content of the foil"
MOVING_PRESSURE: Final = "stack pressure"
SHAPE: Final = "exchange_current_density_shape"


@dataclass(frozen=True)
class Host:
    """One class of particles; curves are of shape (POINTS,) over ``stoichiometries``.

    Attributes:
        label: material, size and morphology.
        material: its name.
        radius: [m].
        volume_fraction: of the electrode, particles in use only.
        concentration: of lithium where the stoichiometry is 1 [mol/m3].
        start: stoichiometry as assembled.
        coverage: share of the surface in contact, as made.
        potential: against lithium [V].
        diffusivity: [m2/s].
        exchange: exchange current density per contact area [A/m2].
        exchange_level: the same at half filling.
        film_resistance: of films and coatings per contact area [ohm m2].
    """

    label: str
    material: str
    radius: float
    volume_fraction: float
    concentration: float
    start: float
    coverage: float
    potential: Floats
    diffusivity: Floats
    exchange: Floats
    exchange_level: float
    film_resistance: float


@dataclass(frozen=True)
class Porous:
    """A composite electrode; conductivities are effective ones at the set stack pressure."""

    hosts: tuple[Host, ...]
    thickness: float
    electrolyte_fraction: float
    porosity: float
    ionic: float
    electronic: float

    def charge(self, host: Host) -> float:
        """Charge of all sites of one class per cell area [C/m2]."""
        return float(F * host.concentration * host.volume_fraction * self.thickness)


@dataclass(frozen=True)
class Foil:
    """A planar electrode; ``potential`` is against lithium over ``stoichiometries`` [V].

    Attributes:
        material: its name.
        thickness: [m].
        start: stoichiometry as assembled.
        potential: with the shift by the stack pressure.
        per_charge: change of stoichiometry per charge and area [m2/C]; 0 for lithium metal.
        exchange: exchange current density [A/m2].
        resistance: of the interface [ohm m2].
        molar_volume: of the lithium that it takes up [m3/mol].
    """

    material: str
    thickness: float
    start: float
    potential: Floats
    per_charge: float
    exchange: float
    resistance: float
    molar_volume: float


@dataclass(frozen=True)
class FrozenCell:
    """The electrochemistry of a cell; SI units.

    Attributes:
        name: of the cell.
        cell: with everything that it encloses.
        temperature: [K].
        area: cross-section [m2].
        one_c: current of 1C [A].
        positive: the electrode called cathode.
        negative: the other one.
        separator_thickness: [m].
        conductivity: of the electrolyte itself, in the composites [S/m].
        separator_conductivity: of the separator [S/m].
        limits: lowest and highest cell voltage of the protocol [V]; None where it names none.
        reference_potential: added to the cell voltage where it is reported against lithium [V].
        left_out: what the cell has and this view does not.
    """

    name: str
    cell: spec.Cell
    temperature: float
    area: float
    one_c: float
    positive: Porous | Foil
    negative: Porous | Foil
    separator_thickness: float
    conductivity: float
    separator_conductivity: float
    limits: tuple[float | None, float | None]
    reference_potential: float
    left_out: tuple[str, ...]

    @property
    def thickness(self) -> float:
        """Of all layers [m]."""
        return self.positive.thickness + self.separator_thickness + self.negative.thickness


def stoichiometries() -> Floats:
    """Return the stoichiometries of all curves, of shape (POINTS,)."""
    return np.linspace(0.0, 1.0, POINTS)


def freeze(cell: spec.Cell) -> FrozenCell:
    """Return the electrochemistry of a cell.

    Raises:
        InputError: the cell cannot be resolved.
    """
    model = resolve(cell)
    sides = {side: _electrode(model, side) for side in ("cathode", "anode")}
    separator = model.materials[cell.separator.material]
    own = separator.value("ionic_conductivity", cell.temperature)
    composite = model.composites.get("cathode", model.composites.get("anode"))
    inside = (
        own
        if composite is None
        else composite.electrolyte.value("ionic_conductivity", cell.temperature)
    )
    return FrozenCell(
        name=cell.name,
        cell=model.cell,
        temperature=cell.temperature,
        area=model.area,
        one_c=model.one_c,
        positive=sides["cathode"],
        negative=sides["anode"],
        separator_thickness=model.thickness["separator"],
        conductivity=inside,
        separator_conductivity=own,
        limits=_limits(model),
        reference_potential=model.reference_potential,
        left_out=tuple(dict.fromkeys(_left_out(model, sides))),
    )


def _electrode(model: Resolved, side: str) -> Porous | Foil:
    if side in model.foils:
        return _foil(model, side)
    composite = model.composites[side]
    e = list(model.classes).index(side)
    ionic, electronic = conductivities(model.arrays.transport[e], model.cell.fixture.pressure)
    nodes, first = model.cell.solver.nodes, model.class_ranges[side].start
    hosts = tuple(
        _host(model, site, grain, float(model.start[nodes * (first + k)]))
        for k, (grain, site) in enumerate(
            zip(composite.particles, model.classes[side], strict=True)
        )
        if not grain.inert
    )
    return Porous(
        hosts=hosts,
        thickness=model.thickness[side],
        electrolyte_fraction=composite.electrolyte_fraction,
        porosity=composite.porosity,
        ionic=float(ionic),
        electronic=float(electronic),
    )


def _host(model: Resolved, site: Site, grain: Grains, start: float) -> Host:
    m = grain.material
    x, T, host = stoichiometries(), model.cell.temperature, site.record["host"]
    level = m.value("exchange_current_density", T)
    if m.has(SHAPE):
        relative = np.asarray(m.curve(SHAPE)(x))
    else:
        held = np.clip(x, NEARLY_EMPTY, 1.0 - NEARLY_EMPTY)
        relative = np.asarray(exchange_current_density(1.0, held))
    D = m.temperature_factor("diffusivity", T) * np.asarray(m.curve("diffusivity")(x))
    if m.properties["diffusivity"].curve is None and m.has("diffusivity_shape"):
        D = D * np.asarray(m.curve("diffusivity_shape")(x))
    D = D * (grain.radius / grain.diffusion_length) ** 2
    return Host(
        label=grain.label,
        material=m.name,
        radius=float(host["radius"]),
        volume_fraction=float(host["volume_fraction"]),
        concentration=float(host["c_max"]),
        start=start,
        coverage=float(host["coverage"]),
        potential=np.asarray(m.curve("open_circuit_potential")(x)),
        diffusivity=D,
        exchange=level * relative,
        exchange_level=level,
        film_resistance=float(host["film_resistance"] + host["coating_resistance"]),
    )


def _foil(model: Resolved, side: str) -> Foil:
    electrode, host = getattr(model.cell, side), model.foils[side].record["host"]
    m = model.materials[electrode.material]
    under_pressure = float(host["molar_volume"]) * model.cell.fixture.pressure / F
    return Foil(
        material=m.name,
        thickness=electrode.thickness,
        start=float(model.start[foil_start(model.layout, side)]),
        potential=np.asarray(m.curve("open_circuit_potential")(stoichiometries()))
        - under_pressure,
        per_charge=float(host["per_charge"]),
        exchange=float(host["exchange"]),
        resistance=float(host["resistance"]),
        molar_volume=float(host["molar_volume"]),
    )


def _limits(model: Resolved) -> tuple[float | None, float | None]:
    """Lowest and highest voltage that steps name, between the electrodes."""
    volts = [
        limit.voltage
        for planned in flatten(model.cell.steps())
        for limit in getattr(planned.what, "until", ())
        if isinstance(limit, VoltageLimit)
    ]
    volts += [p.what.voltage for p in flatten(model.cell.steps()) if isinstance(p.what, Hold)]
    apart = [volt - model.reference_potential for volt in volts]
    if not apart:
        return None, None
    low, high = min(apart), max(apart)
    return (None, high) if low == high else (low, high)


def _left_out(model: Resolved, sides: dict[str, Porous | Foil]) -> Iterator[str]:
    """Names of what a cell has beside its electrochemistry: mechanisms first."""
    sites = [site for own in model.classes.values() for site in own]
    for site in (*sites, *model.foils.values()):
        yield from sorted(site.active)
    if any(_swells(g.material) for c in model.composites.values() for g in c.grains):
        yield VOLUME_CHANGE
    pressed_on = model.arrays.electrodes, model.arrays.foils["host"]
    if any(np.any(records["collector"] > 0.0) for records in pressed_on):
        yield COLLECTOR
    hosts = [h for e in sides.values() if isinstance(e, Porous) for h in e.hosts]
    if any(host.film_resistance > 0.0 for host in hosts):
        yield FILMS
    foils = [e for e in sides.values() if isinstance(e, Foil)]
    if foils and model.arrays.stiffness > 0.0:
        yield MOVING_PRESSURE
    if any(np.ptp(_passed(foil, sides)) > SAME for foil in foils):
        yield FOIL_CONTENT


def _swells(m: Material) -> bool:
    return bool(np.ptp(m.curve("volume_strain")(stoichiometries())) > 0.0)


def _passed(foil: Foil, sides: dict[str, Porous | Foil]) -> Floats:
    """Potentials of a foil while the other electrode is emptied and filled."""
    others = [e for e in sides.values() if isinstance(e, Porous)]
    gained = [sum(e.charge(h) * h.start for h in e.hosts) for e in others]
    given = [sum(e.charge(h) * (1.0 - h.start) for h in e.hosts) for e in others]
    x = stoichiometries()
    low = foil.start - foil.per_charge * sum(given)
    high = foil.start + foil.per_charge * sum(gained)
    inside = (x >= min(max(low, 0.0), foil.start)) & (x <= max(min(high, 1.0), foil.start))
    near = np.interp([foil.start], x, foil.potential)
    return np.concatenate([foil.potential[inside], near])
