"""What a cell asks of its materials and its fixture must be possible."""

from collections.abc import Iterator, Mapping
from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.outputs import AREAL_MAH
from lithomech.cell.protocol import steps
from lithomech.cell.resolve.layers import fixture_stiffness
from lithomech.cell.state import SIDES
from lithomech.errors import InputError, Mistakes
from lithomech.laws import lithium
from lithomech.materials.material import Material

# A rigid gap: then all that gives way is the pellet, and lithium presses with this much.
RIGID: Final = 270e6  # Pa per mAh/cm2
# Roles that a material may have in each use, and what it needs for that besides.
USES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "electrolyte": (("electrolyte",), ()),
    "foil": (("active", "metal"), ()),
    "plated": (("metal",), ("partial_molar_volume",)),
    "host in front": (("metal",), ("host_molar_volume", "solubility", "dilute_diffusivity")),
    "particles": (
        ("active", "additive"),
        ("youngs_modulus", "poisson_ratio", "electronic_conductivity"),
    ),
    "pressed on": (("electrolyte",), ("contact_pressure",)),
    "additive": (("additive",), ()),
    "collector": (("collector",), ("collector_resistance", "collector_exponent")),
    "bare collector": (
        ("collector",),
        ("coverage_depth", "nucleation_share", "inactive_share"),
    ),
    "current collector": (("collector",), ("density",)),
    "casing": (("housing",), ("density",)),
    "hardware": (
        ("housing",),
        ("density", "youngs_modulus", "poisson_ratio", "proof_strength"),
    ),
    "frame": (("frame",), ("frame_stiffness", "frame_diameter")),
    "route": (("route",), ()),
    "coating": (("additive",), ("electronic_conductivity", "ionic_conductivity")),
}
UNFIT: Final = {"plated": ("host_molar_volume",)}  # what a material must not have for a use


def named_materials(cell: spec.Cell) -> Iterator[tuple[str, str, str]]:
    """Key, name and use (see USES) of every material of a cell."""
    yield "separator.material", cell.separator.material, "electrolyte"
    if cell.fabrication.route is not None:
        yield "fabrication.route", cell.fabrication.route, "route"
    fixture = cell.fixture
    if not isinstance(fixture, spec.ConstantPressure) and fixture.frame is not None:
        yield "fixture.frame", fixture.frame, "frame"
    if cell.stack is not None:
        yield from _of_stack(cell.stack)
    for side in SIDES:
        electrode: spec.Electrode = getattr(cell, side)
        if isinstance(electrode, spec.AnodeFreeElectrode):
            yield f"{side}.material", electrode.material, "plated"
            yield f"{side}.collector", electrode.collector, "bare collector"
        elif isinstance(electrode, spec.PlanarElectrode):
            yield from _of_foil(side, electrode, cell.separator.material)
        else:
            yield from _of_composite(side, electrode)


def _of_stack(stack: spec.Stack) -> Iterator[tuple[str, str, str]]:
    """The same of the pouch."""
    for name in ("cathode_collector", "anode_collector"):
        yield f"stack.{name}.material", getattr(stack, name).material, "current collector"
    if stack.casing is not None:
        yield "stack.casing.material", stack.casing.material, "casing"
    if not isinstance(stack.hardware, spec.NoHardware):
        yield "stack.hardware.material", stack.hardware.material, "hardware"


def _of_foil(
    side: str, electrode: spec.PlanarElectrode, separator: str
) -> Iterator[tuple[str, str, str]]:
    """The same of a foil."""
    yield f"{side}.material", electrode.material, "foil"
    if electrode.host_in_front:
        yield f"{side}.front", electrode.material, "host in front"
    if electrode.pressed is not None:
        yield f"{side}.pressed", separator, "pressed on"
    if electrode.collector is not None:
        yield f"{side}.collector", electrode.collector, "collector"


def _of_composite(
    side: str, electrode: spec.CompositeElectrode
) -> Iterator[tuple[str, str, str]]:
    """The same of a composite electrode."""
    if electrode.collector is not None:
        yield f"{side}.collector", electrode.collector, "collector"
    for i, active in enumerate(electrode.active):
        yield f"{side}.active[{i}].material", active.material, "particles"
        if active.coating is not None:
            yield f"{side}.active[{i}].coating.material", active.coating.material, "coating"
    yield f"{side}.electrolyte.material", electrode.electrolyte.material, "electrolyte"
    for i, additive in enumerate(electrode.additives):
        yield f"{side}.additives[{i}].material", additive.material, "additive"


def check_roles(cell: spec.Cell, materials: Mapping[str, Material]) -> None:
    """Each material must be able to do what the cell asks of it.

    Raises:
        InputError: a material of another role, or without what an electrode needs.
    """
    mistakes = Mistakes()
    for key, name, use in named_materials(cell):
        allowed, needed = USES[use]
        role = materials[name].role
        with mistakes.noted(key=key):
            if role not in allowed:
                kinds = " or ".join(allowed)
                words = f"{name!r} is of role {role}; allowed: {kinds}"
                raise InputError(f"{words} (`lithomech materials list` has them)")
            lacking = materials[name].lacking()
            if lacking := lacking + [n for n in needed if not materials[name].has(n)]:
                words = ", ".join(lacking)
                raise InputError(f"{name!r} has no {words}; give it under materials.{name}")
            if any(materials[name].has(n) for n in UNFIT.get(use, ())):
                message = f"{name!r} needs a host for its lithium; a bare collector has none"
                raise InputError(f"{message}; allowed: a metal that is plated, such as li")
    mistakes.report()


def check_collectors(cell: spec.Cell, materials: Mapping[str, Material]) -> None:
    """What an electrode is pressed on is the foil of the pouch.

    Raises:
        InputError: they are two.
    """
    mistakes = Mistakes()
    for side in SIDES if cell.stack is not None else ():
        own, foil = getattr(cell, side).collector, getattr(cell.stack, f"{side}_collector")
        with mistakes.noted(key=f"{side}.collector"):
            if own is not None and materials[own].name != materials[foil.material].name:
                raise InputError(
                    f"{own!r}, and stack.{side}_collector is {foil.material!r}; allowed: one "
                    f"foil: write {side}.collector: {foil.material}, or change the stack's"
                )
    mistakes.report()


def check_overrides(cell: spec.Cell, materials: Mapping[str, Material]) -> None:
    """An override must change a material of the cell, or one that such a material is based on.

    A material that the cell itself defines (``based_on``) may wait to be used.

    Raises:
        InputError: it changes nothing.
    """
    used = {name for m in materials.values() for name in (m.name, m.based_on)} | set(materials)
    used |= {values.get("based_on") for values in cell.materials.values()}
    used |= {alias.casefold() for m in materials.values() for alias in m.aliases}
    for name, values in cell.materials.items():
        if not {name, name.casefold()} & used and "based_on" not in values:
            message = f"not in this cell; its materials: {', '.join(sorted(materials))}"
            raise InputError(message, key=f"materials.{name}")


def check_frame(cell: spec.Cell, materials: dict[str, Material], area: float) -> None:
    """Lithium between rigid walls builds up a pressure that no cell has ever seen.

    Raises:
        InputError: the fixture hardly yields, and an electrode is plated.
    """
    stiffness = fixture_stiffness(cell, materials, area)
    for side in SIDES:
        electrode = getattr(cell, side)
        if not isinstance(electrode, spec.Planar):
            continue
        metal = materials[electrode.material]
        if not metal.has("partial_molar_volume"):
            continue
        grown = lithium.interface_recession(AREAL_MAH, metal.value("partial_molar_volume"))
        if stiffness * grown > RIGID:
            largest = RIGID / grown * 1e-12
            raise InputError(
                f"{stiffness * 1e-12:.4g} MPa/um with {electrode.material} is almost rigid: "
                f"{stiffness * grown * 1e-6:.3g} MPa per mAh/cm2; "
                f"allowed: up to {largest:.3g} MPa/um (real frames: 0.3 to 0.4 MPa/um)",
                key=_stiffness_key(cell.fixture),
            )


def check_separator(cell: spec.Cell, thickness: float) -> None:
    """Pores that lithium fills end in the separator, flaws and radii before its other side.

    Raises:
        InputError: they would not.
    """
    mistakes, thick = Mistakes(), f"the separator's {1e6 * thickness:g} um"
    depth = cell.separator.plating_depth
    with mistakes.noted(key="separator.plating_depth"):
        if depth > thickness:
            raise InputError(f"{1e6 * depth:g} um; allowed: up to {thick}")
    for key in ("flaw", "open_pore"):
        size = getattr(cell.separator, key) or 0.0
        with mistakes.noted(key=f"separator.{key}"):
            if size >= thickness:
                raise InputError(f"{1e6 * size:g} um; allowed: less than {thick}")
    mistakes.report()


def check_rates(cell: spec.Cell, one_c: float, active_mass: float) -> None:
    """A C-rate and a share of the capacity need a capacity, mA/g needs an active mass.

    Raises:
        InputError: no host in the cathode and no ``rate_capacity``, or no active mass.
    """
    units = {unit for step in cell.steps() for unit in _rate_units(step)}
    if one_c <= 0.0 and "C" in units:
        raise InputError(
            "is missing: the protocol has C-rates or % SOC and the cathode has no capacity of "
            "its own",
            key="rate_capacity",
        )
    if active_mass <= 0.0 and "A/kg" in units:
        raise InputError(
            "mA/g is per active material of the cathode, and this cathode has none; write "
            "mA/cm2",
            key="protocol",
        )


def _stiffness_key(fixture: spec.Fixture) -> str:
    """The key that says how stiff a fixture is."""
    if isinstance(fixture, spec.Spring):
        return "fixture.stiffness"
    named = isinstance(fixture, spec.Bolted) and fixture.frame is not None
    return "fixture.frame" if named else "fixture.frame_stiffness"


def _rate_units(step: steps.Step) -> Iterator[str]:
    """Units of the currents in a step; "C" for a share of the rate capacity too."""
    if isinstance(step, steps.Repeat):
        for inner in step.steps:
            yield from _rate_units(inner)
    if isinstance(step, steps.ConstantCurrent | steps.Gitt):
        yield step.current.unit
    if isinstance(step, steps.ConstantCurrent | steps.ConstantPower | steps.Gitt):
        yield from (u.current.unit for u in step.until if isinstance(u, steps.CurrentLimit))
    if isinstance(step, steps.ConstantCurrent | steps.ConstantPower) and step.share:
        yield "C"
    if isinstance(step, steps.Hold) and step.until_current is not None:
        yield step.until_current.unit
