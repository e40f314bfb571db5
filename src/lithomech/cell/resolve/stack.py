"""A pouch of layers like those of the cell: masses, thickness, price, and what presses it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite
from lithomech.constants import F
from lithomech.errors import InputError, Mistakes
from lithomech.files.yamlfile import join_key
from lithomech.laws import hardware
from lithomech.materials.material import Material

PER_BICELL: Final = 2  # pairs of electrodes
FACES: Final = 2  # of a pouch
FLATNESS: Final = 500.0  # short edge of a plate over the deflection that it may have; assumed
CASING: Final = "casing"


class Part(NamedTuple):
    """All layers of one kind in a pouch, its casing, or its hardware.

    Attributes:
        name: such as separator or cathode_collector.
        thickness: of all of them together, as made [m].
        masses: by material [kg].
    """

    name: str
    thickness: float
    masses: Mapping[str, float]

    @property
    def mass(self) -> float:
        """Mass [kg]."""
        return sum(self.masses.values())


class Steel(NamedTuple):
    """What hardware is made of; SI."""

    name: str
    density: float
    youngs_modulus: float
    poisson_ratio: float
    allowed_stress: float


@dataclass(frozen=True)
class Pouch:
    """A pouch, as made.

    Attributes:
        footprint: of each layer.
        pairs: number of pairs of electrodes.
        layers: those between the faces of the casing.
        casing: film on both faces; None without.
        hardware: as declared.
        steel: of the hardware; None without any.
        prices: per kilogram, by the names of materials in the parts.
        currency: of the prices; "" without any.
        n_p_ratio: capacity of the anode as made over that of the cathode; that of lithium is
            its own, so a bare collector has 0; None where a capacity is not known.
    """

    footprint: spec.Footprint
    pairs: int
    layers: tuple[Part, ...]
    casing: Part | None
    hardware: spec.Hardware
    steel: Steel | None
    prices: Mapping[str, float]
    currency: str
    n_p_ratio: float | None

    @property
    def electrode_area(self) -> float:
        """Area of all pairs of electrodes together [m2]."""
        return self.pairs * self.footprint.area

    @property
    def parts(self) -> tuple[Part, ...]:
        """Layers and casing."""
        return self.layers if self.casing is None else (*self.layers, self.casing)

    def cost(self, parts: tuple[Part, ...]) -> float | None:
        """Cost of those materials that have a price; None where no price is given."""
        if not self.prices:
            return None
        masses = [pair for part in parts for pair in part.masses.items()]
        return sum(self.prices.get(name, 0.0) * mass for name, mass in masses)


class Held(NamedTuple):
    """What presses a pouch.

    Attributes:
        pressure: that it is sized for [Pa].
        plate: thickness of its share of an end plate [m]; 0 without.
        volume: of rods, which stand beside the plates [m3].
        parts: plates and rods.
    """

    pressure: float
    plate: float
    volume: float
    parts: tuple[Part, ...]


def held(pouch: Pouch, pressure: float, thickness: float) -> Held | None:
    """Size the hardware of a pouch; None where it has none.

    Args:
        pouch: which.
        pressure: highest stack pressure [Pa].
        thickness: of the pouch where it is thickest [m].
    """
    steel, area, plate = pouch.steel, pouch.footprint.area, 0.0
    if steel is None:
        return None
    if isinstance(pouch.hardware, spec.Plates):
        plate = plate_thickness(pouch.footprint, pouch.hardware, steel, pressure)
        plate /= pouch.hardware.pouches
    parts = []
    if plate > 0.0:
        mass = steel.density * area * FACES * plate
        parts.append(Part("plates", FACES * plate, {steel.name: mass}))
    section = area * float(hardware.rod_section(pressure, steel.allowed_stress))
    volume = section * (thickness + FACES * plate)
    parts.append(Part("rods", 0.0, {steel.name: steel.density * volume}))
    return Held(pressure, plate, volume, tuple(parts))


def plate_thickness(
    footprint: spec.Footprint, plates: spec.Plates, steel: Steel, pressure: float
) -> float:
    """Thickness of an end plate that is strong and stiff enough [m]."""
    short, allowed = footprint.width, plates.deflection
    longer = footprint.length / short
    moment = hardware.plate_moment(longer, steel.poisson_ratio)
    strong = hardware.plate_thickness_for_strength(
        pressure, short, moment, steel.allowed_stress
    )
    stiff = hardware.plate_thickness_for_stiffness(
        pressure, short, hardware.plate_deflection(longer), steel.youngs_modulus,
        steel.poisson_ratio, short / FLATNESS if allowed is None else allowed,
    )  # fmt: skip
    return float(max(strong, stiff))


def resolve_pouch(
    cell: spec.Cell,
    composites: Mapping[str, Composite],
    thickness: Mapping[str, float],
    materials: Mapping[str, Material],
) -> Pouch | None:
    """Return the pouch of a cell; None where its file declares none.

    Raises:
        InputError: a price of a material that the pouch does not have.
    """
    if cell.stack is None:
        return None
    stack = cell.stack
    _check_densities(cell, materials)
    edge = cell.geometry.cross_section**0.5
    footprint = stack.area or spec.Footprint(edge, edge)
    pairs, casing = PER_BICELL * stack.bicells, None
    per_area = dict(_layers(cell, composites, thickness, materials))
    layers = [
        _part(name, thickness[name], pairs, footprint, masses)
        for name, masses in per_area.items()
    ]
    foils = (
        ("cathode_collector", stack.cathode_collector, stack.bicells),
        ("anode_collector", stack.anode_collector, stack.bicells + 1),
    )
    for name, foil, count in foils:
        masses = {foil.material: materials[foil.material].value("density") * foil.thickness}
        layers.append(_part(name, foil.thickness, count, footprint, masses))
    if stack.casing is not None:
        film = stack.casing
        density = film.density or materials[film.material].value("density")
        masses = {film.material: density * film.thickness}
        casing = _part(CASING, film.thickness, FACES, footprint, masses)
    currency = next((price.currency for price in stack.prices.values()), "")
    prices, steel = _prices(stack, materials), _steel(stack.hardware, materials)
    capacity = {
        side: _areal_capacity(getattr(cell, side), composites.get(side), materials)
        for side in ("cathode", "anode")
    }
    negative, positive = capacity["anode"], capacity["cathode"]
    ratio = None if negative is None or not positive else negative / positive
    return Pouch(
        footprint, pairs, tuple(layers), casing, stack.hardware, steel, prices, currency, ratio
    )


def _areal_capacity(
    electrode: spec.Electrode, composite: Composite | None, materials: Mapping[str, Material]
) -> float | None:
    """Nominal capacity of an electrode as made [C/m2]; None where it is not known."""
    if composite is not None:
        return composite.thickness * sum(
            g.volume_fraction
            * g.material.value("density")
            * g.material.value("nominal_capacity")
            for g in composite.grains
            if not g.inert
        )
    if isinstance(electrode, spec.CompositeElectrode):
        return None
    m, thick = materials[electrode.material], electrode.thickness
    if m.has("nominal_capacity"):
        return thick * m.value("density") * m.value("nominal_capacity")
    if not m.has("partial_molar_volume"):
        return None
    return float(thick * F / m.value("partial_molar_volume"))


def _steel(declared: spec.Hardware, materials: Mapping[str, Material]) -> Steel | None:
    """What hardware is made of; None without any."""
    if isinstance(declared, spec.NoHardware):
        return None
    m = materials[declared.material]
    names = ("density", "youngs_modulus", "poisson_ratio", "proof_strength")
    density, modulus, ratio, strength = (m.value(name) for name in names)
    return Steel(declared.material, density, modulus, ratio, strength / declared.safety)


def _check_densities(cell: spec.Cell, materials: Mapping[str, Material]) -> None:
    """Each layer must have a mass.

    Raises:
        InputError: a material has no density.
    """
    mistakes = Mistakes()
    for side in ("cathode", "separator", "anode"):
        layer = getattr(cell, side)
        if not isinstance(layer, spec.CompositeElectrode):  # these have one in any case
            with mistakes.noted(key=f"{side}.material"):
                if not materials[layer.material].has("density"):
                    message = f"{layer.material!r} has no density, which the stack needs; "
                    raise InputError(f"{message}give it under materials.{layer.material}")
    mistakes.report()


def _part(
    name: str, thick: float, count: int, footprint: spec.Footprint, masses: Mapping[str, float]
) -> Part:
    """All layers of one kind, from masses of one of them per area [kg/m2]."""
    whole = {material: count * footprint.area * mass for material, mass in masses.items()}
    return Part(name, count * thick, whole)


def _layers(
    cell: spec.Cell,
    composites: Mapping[str, Composite],
    thickness: Mapping[str, float],
    materials: Mapping[str, Material],
) -> Iterator[tuple[str, dict[str, float]]]:
    """Masses per area by material [kg/m2] of cathode, separator and anode as made."""
    for side in ("cathode", "separator", "anode"):
        layer = getattr(cell, side)
        if side not in composites:
            solid = 1.0 - getattr(layer, "porosity", 0.0)
            density = solid * materials[layer.material].value("density")
            yield side, {layer.material: density * thickness[side]}
            continue
        composite, masses = composites[side], {}
        loading = composite.solid_density * (1.0 - composite.porosity) * thickness[side]
        for one in (*layer.active, layer.electrolyte, *layer.additives):
            masses[one.material] = masses.get(one.material, 0.0) + one.weight * loading
        yield side, masses


def _prices(stack: spec.Stack, materials: Mapping[str, Material]) -> dict[str, float]:
    """Prices by the names that the cell uses for its materials."""
    found, mistakes = {}, Mistakes()
    for given, price in stack.prices.items():
        word = given.casefold()
        names = [
            name
            for name, m in materials.items()
            if word in {name.casefold(), m.name, *(alias.casefold() for alias in m.aliases)}
        ]
        with mistakes.noted(key=join_key(("stack", "prices", given))):
            if not names:
                message = f"not in this cell; its materials: {', '.join(sorted(materials))}"
                raise InputError(message)
            if again := [name for name in names if name in found]:
                raise InputError(f"{again[0]!r} has a price already")
        found |= dict.fromkeys(names, price.value)
    mistakes.report()
    return found
