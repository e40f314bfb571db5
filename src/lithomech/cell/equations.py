"""From a declared cell to the arrays of the compiled kernel."""

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import (
    CLASS,
    ELECTRODE,
    PRESSURE,
    REACTION,
    SIDE,
    SIDE_STATES,
    CellArrays,
    Control,
    Sizes,
    sizes,
)
from lithomech.cell.closures import (
    Composite,
    assumed,
    counted,
)
from lithomech.cell.conduction import transport_tables
from lithomech.cell.decomposition import UNUSED, unmodelled
from lithomech.cell.feasible import (
    check_frame,
    check_overrides,
    check_rates,
    check_roles,
    check_separator,
    named_materials,
)
from lithomech.cell.hosts import class_row, made_stoichiometry, planar_row
from lithomech.cell.layers import (
    SIDES,
    SIGN,
    cathode_capacity_of,
    fixture_stiffness,
    reference_potential,
    resolve_layers,
)
from lithomech.errors import InputError
from lithomech.materials.load import load_material
from lithomech.materials.material import Material
from lithomech.numerics.sphere import graded_sphere
from lithomech.numerics.table import INTERVALS

Floats = NDArray[np.float64]
CONTACT_WIDTH: Final = 1e6  # Pa, smoothing of opening contacts
LIFT_WIDTH: Final = 2e3  # Pa, smoothing of lift-off
GRADING: Final = 1.5  # radial grid, finer towards the surface
FILM_CHARGE: Final = 200.0  # C/m2, of a film of about 50 nm, for the error norm


@dataclass(frozen=True)
class Model:
    """A cell ready to run. Currents and areas in SI; index k runs over all classes."""

    cell: spec.Cell
    arrays: CellArrays
    sizes: Sizes
    start: Floats
    scale: Floats
    control: Control
    area: float
    one_c: float  # A
    reference_potential: float  # added to the cell voltage where the user works against lithium
    active_mass: float  # kg, of the cathode
    composites: dict[str, Composite]
    thickness: dict[str, float]
    compliance: dict[str, float]  # thickness over uniaxial modulus, by layer
    materials: dict[str, Material]
    warnings: tuple[str, ...]


def load_materials(cell: spec.Cell) -> dict[str, Material]:
    """Load the materials of a cell by the names it uses; its overrides count most."""
    beside = cell.folder / "materials"
    own = cell.materials or beside.is_dir() or "LITHOMECH_MATERIALS" in os.environ
    folders = [beside] if beside.is_dir() else []
    found: dict[str, Material] = {}
    for key, name, _ in named_materials(cell):
        try:
            found[name] = (
                load_material(name, cell.materials, folders) if own else _packaged(name)
            )
        except InputError as error:
            raise error.located(key=key) from None
    return dict(sorted(found.items()))


@lru_cache(maxsize=64)
def _packaged(name: str) -> Material:
    """A material of the package as it is; these files do not change while Python runs."""
    return load_material(name)


def build(cell: spec.Cell) -> Model:
    """Resolve a cell to arrays.

    Raises:
        InputError: materials that do not fit their role, or an impossible combination.
    """
    try:
        return _build(cell)
    except InputError as error:
        raise cell.locate(error) from None


def _build(cell: spec.Cell) -> Model:
    materials = load_materials(cell)
    check_roles(cell, materials)
    check_overrides(cell, materials)
    check_separator(cell)
    area = float(np.pi * cell.geometry.diameter**2 / 4.0)
    check_frame(cell, materials, area)
    composites, thickness, compliance = resolve_layers(cell, materials, area)
    arrays = _arrays(cell, materials, composites, thickness, compliance, area)
    members, ways = len(arrays.member_class), arrays.reactions.shape[1]
    z = sizes(cell.solver.shells, members, len(arrays.first_member) - 1, ways)
    start = _start(cell, arrays, z, composites, materials)
    control = _control(cell)
    active_mass, capacity = cathode_capacity_of(cell, composites, thickness, materials, area)
    check_rates(cell, cell.rate_capacity or capacity)
    return Model(
        cell=cell,
        arrays=arrays,
        sizes=z,
        start=start,
        scale=_scale(z, control),
        control=control,
        area=area,
        one_c=(cell.rate_capacity or capacity) / 3600.0,
        reference_potential=reference_potential(cell, materials),
        active_mass=active_mass,
        composites=composites,
        thickness=thickness,
        compliance=compliance,
        materials=materials,
        warnings=(*_warnings(materials, composites), *_left_out(cell, composites, materials)),
    )


def _arrays(
    cell: spec.Cell,
    materials: dict[str, Material],
    composites: dict[str, Composite],
    thickness: dict[str, float],
    compliance: dict[str, float],
    area: float,
) -> CellArrays:
    """Everything the kernel reads."""
    electrodes, transports, rows, member_class, member_node, first_member = _electrodes(
        cell, composites, thickness
    )
    planar, planar_table = _planar(cell, materials)
    grid = graded_sphere(cell.solver.shells, GRADING)
    separator = materials[cell.separator.material]
    return CellArrays(
        temperature=cell.temperature,
        sphere=grid,
        classes=_records(rows, CLASS),
        table=_stacked(rows, "table", 7),
        shell=_stacked(rows, "shell", 2),
        reactions=_reactions(rows),
        member_class=member_class,
        member_node=member_node,
        first_member=first_member,
        electrodes=electrodes,
        transport=transports,
        planar=planar,
        planar_table=planar_table,
        separator_resistance=cell.separator.thickness
        / separator.value("ionic_conductivity", cell.temperature),
        compliance=sum(compliance.values()),
        stiffness=fixture_stiffness(cell, area),
        made_pressure=cell.fixture.pressure,
        adhesion=assumed("adhesion pressure [Pa]"),
        contact_width=CONTACT_WIDTH,
        lift_width=LIFT_WIDTH,
    )


def _electrodes(
    cell: spec.Cell, composites: dict[str, Composite], thickness: dict[str, float]
) -> tuple[Any, Floats, list[dict[str, Any]], Any, Any, Any]:
    """Arrays of the composite electrodes, their classes and their members."""
    nodes = cell.solver.nodes
    rows: list[dict[str, Any]] = []
    member_class, member_node, first_member = [], [], [0]
    signs, widths, transports = [], [], []
    for side in SIDES:
        if side not in composites:
            continue
        composite, electrode = composites[side], getattr(cell, side)
        first_class = len(rows)
        rows += [class_row(cell, electrode, composite, g) for g in composite.particles]
        for _ in range(nodes):
            member_class += list(range(first_class, len(rows)))
            member_node += [len(first_member) - 1] * len(composite.particles)
            first_member.append(len(member_class))
        signs.append(SIGN[side])
        widths.append(thickness[side])
        transports.append(transport_tables(cell, electrode, composite))
    points = max((len(t[0]) for t in transports), default=1)
    padded = np.array([[_pad(column, points) for column in t] for t in transports])
    electrodes = np.zeros(len(signs), ELECTRODE)
    electrodes["sign"], electrodes["thickness"] = signs, widths
    electrodes["first"] = np.arange(len(signs)) * nodes
    electrodes["end"] = electrodes["first"] + nodes
    return (
        electrodes,
        padded.reshape(len(transports), 3, points),
        rows,
        np.array(member_class, dtype=np.int64),
        np.array(member_node, dtype=np.int64),
        np.array(first_member, dtype=np.int64),
    )


def _pad(column: Floats, points: int) -> Floats:
    """Repeat the last entry up to a common number of points; the repeats are never reached."""
    return np.concatenate([column, np.full(points - len(column), column[-1])])


def _records(rows: list[dict[str, Any]], kind: np.dtype[Any]) -> NDArray[np.void]:
    """Rows as an array of records."""
    return np.array([tuple(row[name] for name in kind.names or ()) for row in rows], dtype=kind)


def _stacked(rows: list[dict[str, Any]], name: str, curves: int) -> Floats:
    """The tables of all classes, of shape (classes, curves, intervals, 4)."""
    return np.array([row[name] for row in rows], dtype=float).reshape(-1, curves, INTERVALS, 4)


def _reactions(rows: list[dict[str, Any]]) -> NDArray[np.void]:
    """The reactions of all classes, filled up to a common number with unused ones."""
    ways = max((len(row["reactions"]) for row in rows), default=0)
    filled = [[*row["reactions"], *[UNUSED] * ways][:ways] for row in rows]
    records = [_records(row, REACTION) for row in filled]
    return np.array(records, dtype=REACTION).reshape(len(rows), ways)


def _planar(cell: spec.Cell, materials: dict[str, Material]) -> tuple[NDArray[np.void], Floats]:
    """Records and potential tables of the planar sides; a composite side is marked absent."""
    rows = []
    separator = materials[cell.separator.material] if cell.decomposition else None
    for side in SIDES:
        electrode = getattr(cell, side)
        if isinstance(electrode, spec.PlanarElectrode):
            m, T = materials[electrode.material], cell.temperature
            pores = cell.separator.porosity * cell.separator.plating_depth
            row = planar_row(m, electrode, side, T, separator, pores)
        else:
            row = dict.fromkeys(SIDE.names or (), 0.0) | {"table": np.zeros((INTERVALS, 4))}
        rows.append(row)
    return _records(rows, SIDE), np.array([row["table"] for row in rows])


def _start(
    cell: spec.Cell,
    arrays: CellArrays,
    z: Sizes,
    composites: dict[str, Composite],
    materials: dict[str, Material],
) -> Floats:
    """State as assembled: uniform particles, no damage, the set stack pressure."""
    y = np.zeros(z.total)
    grains = [
        (side, g) for side in SIDES if side in composites for g in composites[side].particles
    ]
    made = [made_stoichiometry(cell, side, grain.material) for side, grain in grains]
    for m in range(z.members):
        y[m : z.shells * z.members : z.members] = made[int(arrays.member_class[m])]
    y[z.globals + PRESSURE] = cell.fixture.pressure
    for s, side in enumerate(SIDES):
        electrode = getattr(cell, side)
        if isinstance(electrode, spec.PlanarElectrode):
            made_here = made_stoichiometry(cell, side, materials[electrode.material])
            y[z.globals + 3 + SIDE_STATES * s] = made_here
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


def _scale(z: Sizes, control: Control) -> Floats:
    """1/tolerance of every state; 0 leaves a state out of the error norm."""
    scale = np.zeros(z.total)
    scale[: z.shells * z.members] = 1.0 / control.stoichiometry
    scale[z.damage : z.plastic] = 1.0 / control.state
    scale[z.plastic : z.film] = 10.0 / control.state
    scale[z.film : z.flux] = 1.0 / (control.state * FILM_CHARGE)
    scale[z.potential : z.globals] = 1.0 / control.voltage
    scale[z.globals + PRESSURE] = 1.0 / control.pressure
    for s in range(2):
        first = z.globals + 3 + SIDE_STATES * s
        scale[first] = 1.0 / control.stoichiometry
        scale[first + 1 : first + 3] = 1.0 / (control.state * 1e-4)  # metres of void
        scale[first + 3] = 1.0 / (control.state * FILM_CHARGE)
    return scale


def _left_out(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> list[str]:
    """Decomposition that the materials have no numbers for."""
    if not cell.decomposition:
        return []
    found = []
    for side in SIDES:
        electrode = getattr(cell, side)
        if isinstance(electrode, spec.PlanarElectrode):
            separator = materials[cell.separator.material]
            found += unmodelled(materials[electrode.material], separator)
        else:
            grains, electrolyte = composites[side].grains, composites[side].electrolyte
            found += [text for g in grains for text in unmodelled(g.material, electrolyte)]
    return list(dict.fromkeys(found))


def _warnings(
    materials: dict[str, Material], composites: dict[str, Composite]
) -> tuple[str, ...]:
    """What a reader must know about the inputs before trusting the result."""
    found = []
    for name, m in materials.items():
        entries = m.sources(counted(composites, m))
        guessed = [e.property for e in entries if e.source.method in {"assumed"}]
        if guessed:
            found.append(f"{name}: assumed, not measured: {', '.join(guessed)}")
        for owner in sorted({e.borrowed_from() for e in entries} - {""}):
            taken = dict.fromkeys(
                e.property.partition(",")[0] for e in entries if e.owner == owner
            )
            found.append(f"{name}: taken from {owner}: {', '.join(taken)}")
    return tuple(found)
