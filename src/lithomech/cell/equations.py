"""From a declared cell to the arrays of the compiled kernel."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import (
    CHARGE,
    CURRENT,
    PRESSURE,
    SIDE_STATES,
    CLASS,
    ELECTRODE,
    SIDE,
    CellArrays,
    Control,
    Sizes,
    sizes,
)
from lithomech.cell.closures import (
    Composite,
    Grains,
    assumed,
    contact_constants,
    crack_constants,
    porous_moduli,
    resolve_composite,
    shell_tables,
    transport_tables,
)
from lithomech.constants import F
from lithomech.errors import InputError
from lithomech.laws import elasticity, kinetics
from lithomech.materials.load import load_material
from lithomech.materials.schema import Curve, Material
from lithomech.numerics.sphere import graded_sphere
from lithomech.numerics.table import INTERVALS, tabulate

Floats = NDArray[np.float64]
SIDES: Final = ("anode", "cathode")
SIGN: Final = {"anode": -1.0, "cathode": 1.0}
CONTACT_WIDTH: Final = 1e6  # Pa, smoothing of opening contacts
LIFT_WIDTH: Final = 2e3  # Pa, smoothing of lift-off
GRADING: Final = 1.5  # radial grid, finer towards the surface


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


def material_names(cell: spec.Cell) -> set[str]:
    """Every material a cell file names."""
    names = {cell.separator.material}
    for side in (cell.anode, cell.cathode):
        if isinstance(side, spec.PlanarElectrode):
            names.add(side.material)
        else:
            names |= {part.material for part in (*side.active, side.electrolyte, *side.additives)}
    return names


def load_materials(cell: spec.Cell) -> dict[str, Material]:
    """Load the materials of a cell by the names it uses; its overrides count most."""
    beside = (cell.folder or Path()) / "materials"
    folders = [beside] if beside.is_dir() else []
    return {
        name: load_material(name, cell.materials, folders) for name in sorted(material_names(cell))
    }


def build(cell: spec.Cell) -> Model:
    """Resolve a cell to arrays.

    Raises:
        InputError: materials that do not fit their role, or an impossible combination.
    """
    materials = load_materials(cell)
    _check_roles(cell, materials)
    area = float(np.pi * cell.geometry.diameter**2 / 4.0)
    composites, thickness, compliance = _layers(cell, materials, area)
    electrodes, transports, rows, member_class, member_node, first_member = _electrodes(
        cell, composites, thickness
    )
    planar, planar_table = _planar(cell, materials)
    grid = graded_sphere(cell.solver.shells, GRADING)
    z = sizes(cell.solver.shells, len(member_class), len(first_member) - 1)
    separator = materials[cell.separator.material]
    arrays = CellArrays(
        temperature=cell.temperature,
        sphere=grid,
        classes=_records(rows, CLASS),
        table=_stacked(rows, "table", 7),
        shell=_stacked(rows, "shell", 2),
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
        stiffness=_stiffness(cell, area),
        made_pressure=cell.fixture.pressure,
        adhesion=assumed("adhesion pressure [Pa]"),
        contact_width=CONTACT_WIDTH,
        lift_width=LIFT_WIDTH,
    )
    start = _start(cell, arrays, z, composites, materials)
    control = _control(cell)
    active_mass, capacity = _capacity(cell, composites, thickness, materials, area)
    return Model(
        cell=cell,
        arrays=arrays,
        sizes=z,
        start=start,
        scale=_scale(cell, z, control),
        control=control,
        area=area,
        one_c=(cell.rate_capacity or capacity) / 3600.0,
        reference_potential=_reference(cell, materials),
        active_mass=active_mass,
        composites=composites,
        thickness=thickness,
        compliance=compliance,
        materials=materials,
        warnings=_warnings(cell, materials),
    )


def _check_roles(cell: spec.Cell, materials: dict[str, Material]) -> None:
    """Each material must be able to do what the cell asks of it."""
    asked = [(cell.separator.material, "electrolyte", "separator.material")]
    for side, electrode in (("anode", cell.anode), ("cathode", cell.cathode)):
        if isinstance(electrode, spec.CompositeElectrode):
            asked += [
                (a.material, "active", f"{side}.active[{i}].material")
                for i, a in enumerate(electrode.active)
            ]
            asked += [(electrode.electrolyte.material, "electrolyte", f"{side}.electrolyte.material")]
            asked += [
                (a.material, "additive", f"{side}.additives[{i}].material")
                for i, a in enumerate(electrode.additives)
            ]
        elif materials[electrode.material].role not in ("metal", "active"):
            asked += [(electrode.material, "metal", f"{side}.material")]
    for name, role, key in asked:
        if materials[name].role != role:
            raise InputError(f"{name!r} is of role {materials[name].role}, not {role}", key=key)


def _layers(
    cell: spec.Cell, materials: dict[str, Material], area: float
) -> tuple[dict[str, Composite], dict[str, float], dict[str, float]]:
    """Composition, thickness [m] and elastic compliance [m/Pa] of every layer."""
    composites: dict[str, Composite] = {}
    thickness = {"separator": cell.separator.thickness}
    capacity = 0.0
    for side, electrode in (("cathode", cell.cathode), ("anode", cell.anode)):
        if isinstance(electrode, spec.PlanarElectrode):
            thickness[side] = electrode.thickness
            continue
        composite = resolve_composite(electrode, side, materials)
        composites[side] = composite
        per_volume = sum(
            g.volume_fraction * g.material.value("density") * g.material.value("nominal_capacity")
            for g in composite.grains
        )
        thickness[side] = _thickness(electrode, composite, area, per_volume, capacity)
        if not 1e-7 < thickness[side] < 1e-1:
            raise InputError(
                f"the {side} would be {1e6 * thickness[side]:.3g} um thick; allowed: 0.1 um to 10 cm",
                key=side,
            )
        capacity = per_volume * thickness[side]
    compliance = {
        "separator": _compliance(
            thickness["separator"], *porous_moduli(materials[cell.separator.material], cell.separator.porosity)
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


def _compliance(thickness: float, K: float, G: float) -> float:  # noqa: N803
    return thickness / float(elasticity.uniaxial_modulus(K, G))


def _thickness(
    electrode: spec.CompositeElectrode,
    composite: Composite,
    area: float,
    capacity_per_volume: float,
    cathode_capacity: float,
) -> float:
    """Thickness of a composite from whichever of its sizes is given."""
    if electrode.thickness is not None:
        return electrode.thickness
    if electrode.mass is not None:
        return electrode.mass / area / (composite.solid_density * (1.0 - electrode.porosity))
    if electrode.areal_capacity is not None:
        return electrode.areal_capacity / capacity_per_volume
    return (electrode.n_p_ratio or 0.0) * cathode_capacity / capacity_per_volume


def _stiffness(cell: spec.Cell, area: float) -> float:
    """Stiffness of fixture and frame in series [Pa/m]; 0 at constant pressure."""
    fixture = cell.fixture
    if isinstance(fixture, spec.ConstantPressure):
        return 0.0
    frame = fixture.frame_stiffness
    if isinstance(fixture, spec.FixedGap):
        return fixture.frame_stiffness.per_area(area)
    spring = fixture.stiffness.per_area(area)
    if frame is None:
        return spring
    return float(elasticity.series_stiffness(spring, frame.per_area(area)))


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
        rows += [_class_row(cell, electrode, composite, grain) for grain in composite.grains]
        for _ in range(nodes):
            member_class += list(range(first_class, len(rows)))
            member_node += [len(first_member) - 1] * len(composite.grains)
            first_member.append(len(member_class))
        signs.append(SIGN[side])
        widths.append(thickness[side])
        transports.append(transport_tables(electrode, composite, cell.temperature))
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
    """Repeat the last entry; an added log pressure lies above it, so that it is never reached."""
    return np.concatenate([column, np.full(points - len(column), column[-1])])


def _records(rows: list[dict[str, Any]], kind: np.dtype[Any]) -> NDArray[np.void]:
    """Rows as an array of records."""
    return np.array([tuple(row[name] for name in kind.names or ()) for row in rows], dtype=kind)


def _stacked(rows: list[dict[str, Any]], name: str, curves: int) -> Floats:
    """The tables of all classes, of shape (classes, curves, intervals, 4)."""
    return np.array([row[name] for row in rows], dtype=float).reshape(-1, curves, INTERVALS, 4)


def _class_row(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite, grain: Grains
) -> dict[str, Any]:
    """All fields of CLASS and the tables of one class of active material."""
    m = grain.material
    contacts = contact_constants(composite, grain, cell.fabrication, cell.fixture.pressure)
    x_made = made_stoichiometry(cell, composite.side, m)
    strain = m.curve("volume_strain")
    made = float(strain(x_made))
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    swings = (strain(x) - made) / 3.0
    opening = max(m.value("crack_opening"), 0.01) if m.has("crack_opening") else 0.01
    low, high = float(swings.min()) - 1e-3, float(swings.max()) + opening / 2.0
    E, nu = m.value("youngs_modulus"), m.value("poisson_ratio")
    K_p = float(elasticity.bulk_modulus(E, nu))
    shells = shell_tables(composite, K_p, contacts["wall_stiffness"], low, high)
    capacitance = m.value("interface_capacitance") if m.has("interface_capacitance") else 0.0
    return {
        "table": _class_table(m, strain, made, 2.0 * grain.radius, cell.temperature),
        "shell": np.array(shells),
        "shell_low": low,
        "shell_high": high,
        "radius": grain.radius,
        "c_max": 1.0 / m.value("molar_volume"),
        "area": 3.0 * grain.volume_fraction / grain.radius,
        "volume_fraction": grain.volume_fraction,
        "film_resistance": m.value("film_resistance") if m.has("film_resistance") else 0.0,
        "capacitance": capacitance * contacts["coverage"],
        "strain_made": made,
        "load_share": electrode.load_share,
        **contacts,
        **crack_constants(composite, grain, contacts["transmission"]),
    }


def _class_table(m: Material, strain: Curve, made: float, diameter: float, T: float) -> Floats:  # noqa: N803
    """The seven tables of one class against stoichiometry (see arrays.py)."""
    radius = 0.5 * diameter
    diffusivity, scale = m.curve("diffusivity"), m.temperature_factor("diffusivity", T)
    i_00 = m.value("exchange_current_density", T)
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    slope = np.gradient(strain(x), x)
    deepest = max(made - float(strain(x).min()), 1e-6)
    mismatch = m.curve("lattice_mismatch") if m.has("lattice_mismatch") else None
    return np.array(
        [
            tabulate(m.curve("open_circuit_potential")),
            tabulate(lambda x: scale * diffusivity(x) / radius**2),
            tabulate(lambda x: kinetics.exchange_current_density(i_00, np.clip(x, 1e-6, 1 - 1e-6))),
            tabulate(strain),
            tabulate(lambda q: np.interp(q, x, slope)),
            tabulate((lambda x: np.abs(mismatch(x))) if mismatch else np.zeros_like),
            tabulate(lambda x: np.clip((made - strain(x)) / deepest, 0.0, 1.0)),
        ]
    )


def made_stoichiometry(cell: spec.Cell, side: str, m: Material) -> float:
    """Lithium per formula unit at assembly."""
    given = getattr(cell.initial, side)
    if given is not None:
        return given
    return m.value("as_made_stoichiometry") if m.has("as_made_stoichiometry") else 0.0


def _planar(
    cell: spec.Cell, materials: dict[str, Material]
) -> tuple[NDArray[np.void], Floats]:
    """Records and potential tables of the planar sides; a composite side is marked absent."""
    rows = []
    for side in SIDES:
        electrode = getattr(cell, side)
        if isinstance(electrode, spec.PlanarElectrode):
            row = _planar_row(materials[electrode.material], electrode, side, cell.temperature)
        else:
            row = dict.fromkeys(SIDE.names or (), 0.0) | {"table": np.zeros((INTERVALS, 4))}
        rows.append(row)
    return _records(rows, SIDE), np.array([row["table"] for row in rows])


def _planar_row(
    m: Material, electrode: spec.PlanarElectrode, side: str, T: float  # noqa: N803
) -> dict[str, Any]:
    """Fields of SIDE and the potential table of one foil."""
    optional = {
        "resistance": "interface_resistance",
        "capacitance": "interface_capacitance",
        "void_transport": "void_current_transport",
        "void_creep": "void_current_creep",
        "creep_exponent": "creep_exponent",
        "void_depth": "void_depth",
        "occlusion": "void_occlusion",
    }
    row: dict[str, Any] = {k: m.value(v, T) if m.has(v) else 0.0 for k, v in optional.items()}
    voids = m.has("void_depth")
    if m.has("partial_molar_volume"):
        volume = m.value("partial_molar_volume")
    else:  # an insertion host as a film: mean over its whole range
        strain = m.curve("volume_strain")
        volume = m.value("molar_volume") * float(strain(1.0) - strain(0.0))
    host = np.inf
    host_volume = "host_molar_volume" if m.has("host_molar_volume") else "molar_volume"
    if m.has(host_volume):
        host = F * electrode.thickness / m.value(host_volume)
    return row | {
        "present": 1.0,
        "sign": SIGN[side],
        "table": tabulate(m.curve("open_circuit_potential")),
        "host": max(host, 1e-3),
        "molar_volume": volume,
        "exchange": m.value("exchange_current_density", T),
        "voids": float(voids),
        "void_depth": row["void_depth"] if voids else 1.0,
        "creep_exponent": row["creep_exponent"] if voids else 1.0,
    }


def _start(
    cell: spec.Cell,
    arrays: CellArrays,
    z: Sizes,
    composites: dict[str, Composite],
    materials: dict[str, Material],
) -> Floats:
    """State as assembled: uniform particles, no damage, the set stack pressure."""
    y = np.zeros(z.total)
    grains = [(side, g) for side in SIDES if side in composites for g in composites[side].grains]
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
        work=20_000_000 // (cell.solver.nodes * cell.solver.shells),
    )


def _scale(cell: spec.Cell, z: Sizes, control: Control) -> Floats:
    """1/tolerance of every state; 0 leaves a state out of the error norm."""
    scale = np.zeros(z.total)
    scale[: z.shells * z.members] = 1.0 / control.stoichiometry
    scale[z.damage : z.plastic] = 1.0 / control.state
    scale[z.plastic : z.flux] = 10.0 / control.state
    scale[z.potential : z.globals] = 1.0 / control.voltage
    scale[z.globals + PRESSURE] = 1.0 / control.pressure
    for s in range(2):
        first = z.globals + 3 + SIDE_STATES * s
        scale[first] = 1.0 / control.stoichiometry
        scale[first + 1 : first + 3] = 1.0 / (control.state * 1e-4)  # metres of void
    return scale


def _capacity(
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
        part = grain.volume_fraction * thickness["cathode"] * area * grain.material.value("density")
        mass += part
        capacity += part * grain.material.value("nominal_capacity")
    return mass, capacity


def _reference(cell: spec.Cell, materials: dict[str, Material]) -> float:
    """What experimenters add to the cell voltage to speak of it against lithium."""
    names = {"li": True, "cell": False}
    if not names[cell.reference]:
        return 0.0
    anode = cell.anode
    if isinstance(anode, spec.PlanarElectrode):
        m = materials[anode.material]
        return m.value("nominal_potential") if m.has("nominal_potential") else 0.0
    known = [materials[a.material] for a in anode.active]
    return known[0].value("nominal_potential") if known[0].has("nominal_potential") else 0.0


def _warnings(cell: spec.Cell, materials: dict[str, Material]) -> tuple[str, ...]:
    """What a reader must know about the inputs before trusting the result."""
    found = []
    for name, m in materials.items():
        guessed = [e.property for e in m.sources(m.properties) if e.source.method in {"assumed"}]
        if guessed:
            found.append(f"{name}: assumed, not measured: {', '.join(guessed)}")
    return tuple(found)
