"""From a declared cell to the arrays of the compiled kernel."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import (
    BLOCK,
    ELECTRODE,
    CellArrays,
    Control,
    foil_record,
    make_known,
    particle_record,
)
from lithomech.cell.mechanisms.compose import cause_rows
from lithomech.cell.mechanisms.plugins import composition as available
from lithomech.cell.mechanisms.registry import Composition
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.resolve.conduction import transport_tables
from lithomech.cell.resolve.enclose import enclose
from lithomech.cell.resolve.feasible import (
    check_collectors,
    check_frame,
    check_overrides,
    check_rates,
    check_roles,
    check_separator,
)
from lithomech.cell.resolve.hosts import (
    Around,
    across_of,
    made_stoichiometry,
    resolve_class,
    resolve_foil,
)
from lithomech.cell.resolve.layers import (
    SIGN,
    cathode_capacity_of,
    collector_contact,
    fixture_creep,
    fixture_stiffness,
    resolve_layers,
    rim_strength,
)
from lithomech.cell.resolve.mesh import coarse_meshes
from lithomech.cell.resolve.reference import reference_potential
from lithomech.cell.resolve.sources import warnings_on
from lithomech.cell.resolve.stack import Pouch, resolve_pouch
from lithomech.cell.resolve.switched import Site, check_constants
from lithomech.cell.state import SIDES, Layout, Slot, foil_start, lay_out, slots
from lithomech.constants import F
from lithomech.errors import InputError
from lithomech.materials.material import Material
from lithomech.numerics.lanes import WIDTH
from lithomech.numerics.sphere import steady_sphere

Floats = NDArray[np.float64]
LIFT_WIDTH: Final = 2e3  # Pa, smoothing of lift-off
GRADING: Final = 2.5  # radial grid: steady fluxes are exact on any, so fine at the surface


@dataclass(frozen=True)
class Resolved:
    """A cell with every constant of its equations. SI; index k runs over all classes."""

    cell: spec.Cell
    composition: Composition
    arrays: CellArrays
    layout: Layout
    start: Floats
    scale: Floats
    control: Control
    area: float
    one_c: float  # A
    reference_potential: float  # added to the cell voltage where the user works against lithium
    active_mass: float  # kg, of the cathode
    composites: dict[str, Composite]
    classes: dict[str, tuple[Site, ...]]  # of composite electrodes
    foils: dict[str, Site]  # of planar ones
    thickness: dict[str, float]
    compliance: dict[str, float]  # thickness over uniaxial modulus, by layer
    materials: dict[str, Material]
    pouch: Pouch | None  # of such layers
    rim_strength: float | None  # stack pressure that splits the separator at its rim [Pa]

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about the inputs; members of studies are not asked for it."""
        on_inputs = warnings_on(self.cell, self.composites, self.materials)
        return (*on_inputs, *coarse_meshes(self.cell, self.arrays))

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """What mechanisms remember, by name."""
        return {slot.name: slot for slot in slots(self.layout, self.composition)}

    @cached_property
    def causes(self) -> dict[str, int]:
        """Row of each mechanism that may want room in particles."""
        return {m.name: row for row, m in enumerate(cause_rows(self.composition.particle))}

    @cached_property
    def class_ranges(self) -> dict[str, slice]:
        """The classes of each composite electrode."""
        ranges, first = {}, 0
        for side, sites in self.classes.items():
            ranges[side] = slice(first, first + len(sites))
            first += len(sites)
        return ranges

    @cached_property
    def members(self) -> dict[str, slice]:
        """The members of each composite electrode: class by class, node by node."""
        nodes = self.cell.solver.nodes
        return {
            side: slice(nodes * own.start, nodes * own.stop)
            for side, own in self.class_ranges.items()
        }

    @cached_property
    def hosts(self) -> dict[str, NDArray[np.int64]]:
        """Members of each composite electrode that take up lithium; all where none does."""
        inert = np.repeat(self.arrays.particles["host"]["inert"], self.cell.solver.nodes)
        found = {}
        for side, members in self.members.items():
            own = np.arange(members.start, members.stop)
            takes = inert[own] == 0
            found[side] = own[takes] if takes.any() else own
        return found

    @cached_property
    def contact_areas(self) -> dict[str, Floats]:
        """Contact area as made of each member, per cell area."""
        host, nodes = self.arrays.particles["host"], self.cell.solver.nodes
        return {
            side: np.repeat(host["area"][own] * host["coverage"][own], nodes)
            * (self.thickness[side] / nodes)
            for side, own in self.class_ranges.items()
        }

    @cached_property
    def site_charges(self) -> dict[str, Floats]:
        """Charge of the lithium sites of each member, per cell area [C/m2]."""
        host, nodes = self.arrays.particles["host"], self.cell.solver.nodes
        return {
            side: np.repeat(F * host["c_max"][own] * host["volume_fraction"][own], nodes)
            * (self.thickness[side] / nodes)
            for side, own in self.class_ranges.items()
        }


def resolve(cell: spec.Cell) -> Resolved:
    """Resolve a cell to the constants of its equations.

    Raises:
        InputError: materials that do not fit their role, or an impossible combination.
    """
    try:
        return _resolve(cell)
    except InputError as error:
        raise cell.locate(error) from None


def _resolve(cell: spec.Cell) -> Resolved:
    cell, materials = enclose(cell)
    check_roles(cell, materials)
    check_collectors(cell, materials)
    check_overrides(cell, materials)
    area = cell.geometry.cross_section
    check_frame(cell, materials, area)
    composition = available()
    make_known(composition)
    composites, thickness, compliance = resolve_layers(cell, materials, area)
    check_separator(cell, thickness["separator"])
    classes = _classes(cell, composites, composition)
    around = Around(thickness["separator"], across_of(cell, composites, materials))
    foils = {
        side: resolve_foil(cell, side, materials, composition, around)
        for side in SIDES
        if side not in composites
    }
    check_constants(cell, classes | {side: (foil,) for side, foil in foils.items()})
    layers = Layers(composites, classes, foils, thickness, compliance)
    arrays = _arrays(cell, materials, layers, composition, area)
    nodes = cell.solver.nodes
    members = nodes * sum(len(sites) for sites in classes.values())
    z = lay_out(cell.solver.shells, members, nodes * len(classes), composition)
    control = _control(cell)
    active_mass, capacity = cathode_capacity_of(cell, composites, thickness, materials, area)
    check_rates(cell, cell.rate_capacity or capacity, active_mass)
    return Resolved(
        cell=cell,
        composition=composition,
        arrays=arrays,
        layout=z,
        start=_start(cell, z, composition, composites, materials),
        scale=_scale(z, control, composition),
        control=control,
        area=area,
        one_c=(cell.rate_capacity or capacity) / 3600.0,
        reference_potential=reference_potential(cell, materials),
        active_mass=active_mass,
        composites=composites,
        classes=classes,
        foils=foils,
        thickness=thickness,
        compliance=compliance,
        materials=materials,
        pouch=resolve_pouch(cell, composites, thickness, materials),
        rim_strength=rim_strength(cell, materials),
    )


class Layers(NamedTuple):
    """The layers of a cell, resolved."""

    composites: dict[str, Composite]
    classes: dict[str, tuple[Site, ...]]
    foils: dict[str, Site]
    thickness: dict[str, float]
    compliance: dict[str, float]


def _classes(
    cell: spec.Cell, composites: dict[str, Composite], composition: Composition
) -> dict[str, tuple[Site, ...]]:
    """The classes of particles of each composite electrode."""
    return {
        side: tuple(
            resolve_class(cell, getattr(cell, side), composites[side], grain, composition)
            for grain in composites[side].particles
        )
        for side in SIDES
        if side in composites
    }


def _arrays(
    cell: spec.Cell,
    materials: dict[str, Material],
    layers: Layers,
    composition: Composition,
    area: float,
) -> CellArrays:
    """Everything the kernel reads."""
    classes, separator = layers.classes, materials[cell.separator.material]
    creep, creep_time = fixture_creep(cell, materials, area)
    return CellArrays(
        temperature=cell.temperature,
        separator_resistance=layers.thickness["separator"]
        / separator.value("ionic_conductivity", cell.temperature),
        compliance=sum(layers.compliance.values()),
        stiffness=fixture_stiffness(cell, materials, area),
        creep=creep,
        creep_time=creep_time,
        lift_width=LIFT_WIDTH,
        sphere=steady_sphere(cell.solver.shells, GRADING),
        particles=np.array(
            [site.record for side in classes for site in classes[side]],
            dtype=particle_record(composition),
        ),
        blocks=_blocks(cell, classes, layers.thickness),
        electrodes=_electrodes(cell, classes, layers.thickness, materials),
        transport=_transport(cell, layers.composites, materials),
        foils=_foils(layers.foils, composition),
    )


def _electrodes(
    cell: spec.Cell,
    classes: dict[str, tuple[Site, ...]],
    thickness: dict[str, float],
    materials: dict[str, Material],
) -> NDArray[np.void]:
    """Records of the composite electrodes."""
    nodes = cell.solver.nodes
    rows = [
        (
            *(SIGN[side], thickness[side], e * nodes, (e + 1) * nodes),
            *collector_contact(getattr(cell, side), materials),
        )
        for e, side in enumerate(classes)
    ]
    return np.array(rows, dtype=ELECTRODE)


def _blocks(
    cell: spec.Cell, classes: dict[str, tuple[Site, ...]], thickness: dict[str, float]
) -> NDArray[np.void]:
    """Neighbouring members that are computed together: class by class, node by node."""
    nodes, k, rows = cell.solver.nodes, 0, []
    for e, (side, sites) in enumerate(classes.items()):
        for _ in sites:
            for at in range(0, nodes, WIDTH):
                count = min(WIDTH, nodes - at)
                place = (k, k * nodes + at, e * nodes + at, count)
                rows.append((*place, e, thickness[side] / nodes))
            k += 1
    return np.array(rows, dtype=BLOCK)


def _transport(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> Floats:
    """Conductivities against pressure of each composite, of shape (electrodes, 3, points)."""
    found = [
        transport_tables(cell, composites[side], materials)
        for side in SIDES
        if side in composites
    ]
    points = max((len(t[0]) for t in found), default=1)
    padded = np.array([[_pad(column, points) for column in t] for t in found])
    return padded.reshape(len(found), 3, points)


def _pad(column: Floats, points: int) -> Floats:
    """Repeat the last entry up to a common number of points; the repeats are never reached."""
    return np.concatenate([column, np.full(points - len(column), column[-1])])


def _foils(foils: dict[str, Site], composition: Composition) -> NDArray[np.void]:
    """Records of both sides; that of a composite side says that no foil is there."""
    records = np.zeros(2, foil_record(composition))
    for side, site in foils.items():
        records[SIDES.index(side)] = site.record
    return records


def _start(
    cell: spec.Cell,
    z: Layout,
    composition: Composition,
    composites: dict[str, Composite],
    materials: dict[str, Material],
) -> Floats:
    """State as assembled: uniform particles, no damage, the set stack pressure."""
    y = np.zeros(z.total)
    for slot in slots(z, composition):
        y[slot.place] = slot.initial
    made = [
        made_stoichiometry(cell, side, grain.material)
        for side in SIDES
        if side in composites
        for grain in composites[side].particles
    ]
    y[: z.states] = np.tile(np.repeat(made, cell.solver.nodes), z.shells)
    y[z.pressure] = cell.fixture.pressure
    for side in SIDES:
        if side not in composites:
            material = materials[getattr(cell, side).material]
            y[foil_start(z, side)] = made_stoichiometry(cell, side, material)
    return y


def _control(cell: spec.Cell) -> Control:
    tolerance = cell.solver.voltage_tolerance
    return Control(
        voltage=tolerance,
        stoichiometry=0.2 * tolerance,
        pressure=max(cell.fixture.pressure, 1e5) * tolerance,
        state=0.5 * tolerance,
        order=cell.solver.order,
        work=50_000,
    )


def _scale(z: Layout, control: Control, composition: Composition) -> Floats:
    """1/tolerance of every state; 0 leaves a state out of the error norm."""
    scale = np.zeros(z.total)
    scale[: z.states] = 1.0 / control.stoichiometry
    scale[z.potential : z.current] = 1.0 / control.voltage
    scale[[z.pressure, z.crept]] = 1.0 / control.pressure
    for side in SIDES:
        scale[foil_start(z, side)] = 1.0 / control.stoichiometry
    for slot in slots(z, composition):
        scale[slot.place] = 1.0 / (control.state * slot.declared.tolerance)
    return scale
