"""What one class of particles, or one foil, is to the compiled kernel."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.arrays import DIFFUSION, EXCHANGE, POTENTIAL
from lithomech.cell.closures import (
    Composite,
    Grains,
    contact_constants,
    crack_constants,
    shell_tables,
)
from lithomech.cell.conduction import pressed_structure
from lithomech.cell.decomposition import UNUSED, class_reactions, foil_reaction, rest_potential
from lithomech.cell.first_cycle import host_loss
from lithomech.cell.layers import SIGN
from lithomech.constants import ROOM_TEMPERATURE, F
from lithomech.laws import elasticity, kinetics, transport
from lithomech.materials.material import Curve, Material
from lithomech.numerics.table import INTERVALS, tabulate

Floats = NDArray[np.float64]
LARGEST_CRACKS: Final = 0.3  # crack area fraction up to which the shell tables reach
# Closer to empty or full the exchange current is held: tabulated potentials stay finite there,
# and beside them a vanishing exchange current would give one current several voltages.
NEARLY_EMPTY: Final = 2e-3
# What takes no lithium has no volume strain; its content only keeps the books of the leak.
STIFF: Final = Curve(np.array([0.0, 1.0]), np.zeros(2))
ANY_SITES: Final = 1e5  # mol/m3
LEAK: Final = 1e9  # ohm m2; holds a solid without lithium where it rests, and carries nothing
STRONGEST: Final = 3.0  # V outside the window, and
LONGEST: Final = 4e6  # s, a thousand hours: films that the shell tables reach


def made_stoichiometry(cell: spec.Cell, side: str, m: Material) -> float:
    """Lithium per formula unit at assembly."""
    given = getattr(cell.initial, side)
    if given is not None:
        return given
    return m.value("as_made_stoichiometry") if m.has("as_made_stoichiometry") else 0.0


def class_row(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite, grain: Grains
) -> dict[str, Any]:
    """All fields of CLASS, the tables and the reactions of one class of particles."""
    m = grain.material
    contacts = contact_constants(composite, grain, cell.fabrication, cell.fixture.pressure)
    pressed = pressed_structure(cell, electrode, composite)
    if pressed is not None:
        contacts["coverage"] = max(float(pressed.mean("covered_fraction").max()), 1e-6)
    reactions = host_loss(grain, contacts["coverage"])
    if cell.decomposition:
        reactions += class_reactions(electrode, composite, grain, contacts["coverage"])
    x_made = made_stoichiometry(cell, composite.side, m)
    strain = STIFF if grain.inert else m.curve("volume_strain")
    made = float(strain(x_made))
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    swings = (strain(x) - made) / 3.0
    shrunk, grown = _largest_films(reactions)
    low = float(swings.min()) - 1e-3 + shrunk
    high = float(swings.max()) + LARGEST_CRACKS / 3.0 + grown
    E, nu = m.value("youngs_modulus"), m.value("poisson_ratio")
    K_p = float(elasticity.bulk_modulus(E, nu))
    shells = shell_tables(composite, K_p, contacts, low, high)
    capacitance = m.value("interface_capacitance") if m.has("interface_capacitance") else 0.0
    table = (
        _inert_table(composite)
        if grain.inert
        else _class_table(m, made, grain.radius, cell.temperature)
    )
    coat = grain.coating
    return {
        "table": table,
        "reactions": reactions,
        "shell": np.array(shells),
        "shell_low": low,
        "shell_high": high,
        "radius": grain.radius,
        "c_max": 1.0 / m.value("molar_volume") if m.has("molar_volume") else ANY_SITES,
        "area": 3.0 * grain.volume_fraction / grain.radius,
        "volume_fraction": grain.volume_fraction,
        "film_resistance": m.value("film_resistance") if m.has("film_resistance") else 0.0,
        "capacitance": capacitance * contacts["coverage"],
        "coating_resistance": coat[1] / coat[0].value("ionic_conductivity") if coat else 0.0,
        "leak": LEAK if grain.inert else 0.0,
        "strain_made": made,
        "load_share": electrode.load_share,
        **contacts,
        **crack_constants(grain),
    }


def _largest_films(reactions: list[dict[str, Any]]) -> tuple[float, float]:
    """Largest shrinkage and growth by films within LONGEST that the shell tables reach."""
    strains = []
    for row in reactions:
        parabolic = np.sqrt(2.0 * STRONGEST * LONGEST / max(row["growth"], 1e-300))
        strains.append(row["swelling"] * min(row["exhaustion"], parabolic))
    return min([0.0, *strains]), max([0.0, *strains])


def _inert_table(composite: Composite) -> Floats:
    """The seven tables of particles without lithium: all that counts is where they rest."""
    table = np.zeros((7, INTERVALS, 4))
    table[[POTENTIAL, DIFFUSION, EXCHANGE], :, 0] = np.array(
        [rest_potential(composite.electrolyte), 1.0, 1.0]
    )[:, None]
    return table


def _class_table(m: Material, made: float, radius: float, T: float) -> Floats:
    """The seven tables of one class against stoichiometry (see arrays.py)."""
    strain = m.curve("volume_strain")
    diffusivity = m.temperature_factor("diffusivity", T) / radius**2
    mismatch = _size_table(m.curve("lattice_mismatch")) if m.has("lattice_mismatch") else None
    return np.array(
        [
            _curve_table(m.curve("open_circuit_potential")),
            diffusivity * _curve_table(m.curve("diffusivity")),
            m.value("exchange_current_density", T) * _exchange_table(),
            _curve_table(strain),
            _slope_table(strain),
            np.zeros((INTERVALS, 4)) if mismatch is None else mismatch,
            _contraction_table(strain, made),
        ]
    )


# Tables scale with their values, so one of each curve serves every cell of a study.


@lru_cache(maxsize=256)
def _curve_table(curve: Curve) -> Floats:
    return tabulate(curve)


@lru_cache(maxsize=64)
def _size_table(curve: Curve) -> Floats:
    return tabulate(lambda x: np.abs(curve(x)))


@lru_cache(maxsize=64)
def _slope_table(curve: Curve) -> Floats:
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    slope = np.gradient(curve(x), x)
    return tabulate(lambda q: np.interp(q, x, slope))


@lru_cache(maxsize=64)
def _contraction_table(strain: Curve, made: float) -> Floats:
    return tabulate(lambda x: np.maximum(made - strain(x), 0.0))


@lru_cache(maxsize=1)
def _exchange_table() -> Floats:
    """Exchange current density over its value at half filling."""

    def relative(x: Floats) -> Floats:
        held = np.clip(x, NEARLY_EMPTY, 1.0 - NEARLY_EMPTY)
        return np.asarray(kinetics.exchange_current_density(1.0, held))

    return tabulate(relative)


def planar_row(
    m: Material,
    electrode: spec.PlanarElectrode,
    side: str,
    T: float,
    separator: Material | None,
    pores: float,
) -> dict[str, Any]:
    """Fields of SIDE, the potential table and the reaction of one foil.

    ``separator`` is the electrolyte that it reduces, if any; ``pores`` the thickness of lithium
    that the separator's pores take first [m].
    """
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
    if m.has("creep_activation_energy"):
        energy = m.value("creep_activation_energy")
        row["void_creep"] *= float(transport.arrhenius_factor(energy, T, ROOM_TEMPERATURE))
    if m.has("partial_molar_volume"):
        volume = m.value("partial_molar_volume")
    else:  # an insertion host as a film: mean over its whole range
        strain = m.curve("volume_strain")
        volume = m.value("molar_volume") * float(strain(1.0) - strain(0.0))
    host = np.inf
    host_volume = "host_molar_volume" if m.has("host_molar_volume") else "molar_volume"
    if m.has(host_volume):
        host = F * electrode.thickness / m.value(host_volume)
    film = UNUSED if separator is None else foil_reaction(m, separator)
    row |= {f"film_{name}": value for name, value in film.items()}
    return row | {
        "present": 1.0,
        "sign": SIGN[side],
        "table": _curve_table(m.curve("open_circuit_potential")),
        "host": max(host, 1e-3),
        "molar_volume": volume,
        "pores": 0.0 if np.isfinite(host) else pores,
        "exchange": m.value("exchange_current_density", T),
        "voids": float(voids),
        "void_depth": row["void_depth"] if voids else 1.0,
        "creep_exponent": row["creep_exponent"] if voids else 1.0,
    }
