"""Battery Parameter eXchange (BPX): electrodes in its schema, the rest under names of our own.

The standard is that of the Faraday Institution, schema 1.1. What it has a place for is
written there, as assembled; what a solid-state cell has beside it are user-defined parameters
that begin with ``lithomech:``. The cell itself is one line of the description, so that nothing
is lost on the way back.
"""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.spec import Cell
from lithomech.cell.spec.cell import to_input
from lithomech.constants import F, R
from lithomech.errors import InputError
from lithomech.files.atomic import replacing
from lithomech.interop.balance import window_of
from lithomech.interop.frozen import Foil, FrozenCell, Host, Porous, freeze, stoichiometries
from lithomech.version import __version__

SCHEMA: Final = "1.1.0"
OWN: Final = "lithomech"  # begins the names of our own values
MARK: Final = "lithomech cell: "  # begins the line that holds the cell itself
FORMAT: Final = 1  # of that line
POINTS: Final = 501  # of the tables
LITHIUM_SALT: Final = 1000.0  # mol/m3; a single-ion conductor has no gradient of it
DIFFUSIVITY: Final = "Diffusivity [m2.s-1]"
RATE: Final = "Reaction rate constant [mol.m-2.s-1]"
CONDUCTIVITY: Final = "Conductivity [S.m-1]"
ABOUT: Final = (
    "Written by lithomech. Values are as assembled, at the reference temperature and the set "
    "stack pressure. Surface areas are those of whole spheres; the reaction rate constant is "
    "multiplied by the share of the surface in contact. The electrolyte conducts lithium ions "
    "only: its concentration and diffusivity are stand-ins without effect at a transference "
    "number of 1. The cell is isothermal: entropic changes of 0 say that they are not known."
)


def to_bpx(cell: Cell) -> dict[str, Any]:
    """Return a cell as a BPX document: DFN between two composites, else Partial.

    Args:
        cell: with at least one composite electrode.

    Raises:
        InputError: both electrodes are planar, which BPX has no place for.
    """
    frozen = freeze(cell)
    if isinstance(frozen.positive, Foil) and isinstance(frozen.negative, Foil):
        raise InputError("BPX has no place for a cell of two planar electrodes")
    used = window_of(frozen)
    parameters: dict[str, Any] = {
        "Cell": {
            "Electrode area [m2]": frozen.area,
            "External surface area [m2]": 2.0 * frozen.area,  # both faces
            "Volume [m3]": frozen.area * frozen.thickness,
            "Number of electrode pairs connected in parallel to make a cell": 1,
            "Lower voltage cut-off [V]": used.low,
            "Upper voltage cut-off [V]": used.high,
            "Nominal cell capacity [A.h]": frozen.one_c,  # of one hour
            "Reference temperature [K]": frozen.temperature,
        },
        "Electrolyte": _electrolyte(frozen),
        "Separator": {
            "Thickness [m]": frozen.separator_thickness,
            "Porosity": 1.0 - frozen.cell.separator.porosity,
            "Transport efficiency": frozen.separator_conductivity / frozen.conductivity,
        },
    }
    for name, electrode, windows in (
        ("Negative electrode", frozen.negative, used.negative),
        ("Positive electrode", frozen.positive, used.positive),
    ):
        if isinstance(electrode, Porous):
            parameters[name] = _porous(electrode, frozen, windows)
    whole = "Negative electrode" in parameters and "Positive electrode" in parameters
    parameters["User-defined"] = _beyond(frozen)
    return {
        "Header": {
            "BPX": SCHEMA,
            "Title": frozen.name,
            "Description": f"{ABOUT}\n{cell_text(frozen)}",
            "References": "`lithomech cite` prints the sources of all values",
            "Model": "DFN" if whole else "Partial",
        },
        "Parameterisation": parameters,
        "State": {
            "Initial conditions": {
                "Initial state-of-charge": used.start,
                "Initial temperature [K]": frozen.temperature,
                "Initial electrolyte concentration [mol.m-3]": LITHIUM_SALT,
            },
            "Thermal environment": {"Ambient temperature [K]": frozen.temperature},
        },
    }


def write_bpx(cell: Cell, path: Path | str) -> None:
    """Write a cell as BPX JSON; see ``to_bpx``.

    Args:
        cell: with at least one composite electrode.
        path: File to write, replaced as a whole only when all is written.
    """
    document = to_bpx(cell)
    with replacing(Path(path)) as temporary:
        temporary.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _electrolyte(frozen: FrozenCell) -> dict[str, Any]:
    stand_in = frozen.conductivity * R * frozen.temperature / (F**2 * LITHIUM_SALT)
    return {
        "Cation transference number": 1.0,
        DIFFUSIVITY: stand_in,  # Nernst and Einstein
        CONDUCTIVITY: frozen.conductivity,
    }


def _porous(
    electrode: Porous, frozen: FrozenCell, windows: tuple[tuple[float, float], ...]
) -> dict[str, Any]:
    """A composite electrode as the schema has it."""
    whole = {
        "Thickness [m]": electrode.thickness,
        "Porosity": electrode.electrolyte_fraction,
        "Transport efficiency": electrode.ionic / frozen.conductivity,
        CONDUCTIVITY: electrode.electronic,
    }
    particles = {
        host.label: _particle(host, used)
        for host, used in zip(electrode.hosts, windows, strict=True)
    }
    if len(particles) == 1:
        return whole | next(iter(particles.values()))
    return whole | {"Particle": particles}


def _particle(host: Host, used: tuple[float, float]) -> dict[str, Any]:
    return {
        "Minimum stoichiometry": min(used),
        "Maximum stoichiometry": max(used),
        "Maximum concentration [mol.m-3]": host.concentration,
        "Particle radius [m]": host.radius,
        "Surface area per unit volume [m-1]": 3.0 * host.volume_fraction / host.radius,
        DIFFUSIVITY: _number_or_table(host.diffusivity),
        "OCP [V]": _table(host.potential),
        "Entropic change coefficient [V.K-1]": 0.0,
        RATE: 2.0 * host.exchange_level * host.coverage / F,
    }


def _number_or_table(values: NDArray[np.float64]) -> float | dict[str, list[float]]:
    return float(values[0]) if np.ptp(values) == 0.0 else _table(values)


def _table(values: NDArray[np.float64]) -> dict[str, list[float]]:
    x = np.linspace(0.0, 1.0, POINTS)
    return {"x": x.tolist(), "y": np.interp(x, stoichiometries(), values).tolist()}


def cell_text(frozen: FrozenCell) -> str:
    """Return the cell itself as one line that ``read_bpx`` finds in the description."""
    whole = {
        "format": FORMAT,
        "version": __version__,
        "left out": list(frozen.left_out),
        "input": to_input(frozen.cell),
    }
    return MARK + json.dumps(whole)


def _beyond(frozen: FrozenCell) -> dict[str, Any]:
    """What the schema has no place for: flat, as PyBaMM takes no text and no blocks there."""
    own: dict[str, Any] = {
        "Stack pressure [Pa]": frozen.cell.fixture.pressure,
        "Reference potential [V]": frozen.reference_potential,
    }
    for name, electrode in (("Positive", frozen.positive), ("Negative", frozen.negative)):
        values = _foil(electrode) if isinstance(electrode, Foil) else _contacts(electrode)
        own |= {f"{name} electrode {key}": value for key, value in values.items()}
    return {f"{OWN}: {key}": value for key, value in own.items()}


def _foil(foil: Foil) -> dict[str, Any]:
    return {
        "thickness [m]": foil.thickness,
        "initial stoichiometry": foil.start,
        "OCP [V]": _table(foil.potential),
        "stoichiometry per charge [m2.C-1]": foil.per_charge,
        "exchange-current density [A.m-2]": foil.exchange,
        "interface resistance [Ohm.m2]": foil.resistance,
    }


def _contacts(electrode: Porous) -> dict[str, float]:
    values = {"pore volume fraction": electrode.porosity}
    for host in electrode.hosts:
        of = f"{host.label}: " if len(electrode.hosts) > 1 else ""
        values |= {
            f"{of}share of surface in contact": host.coverage,
            f"{of}film resistance [Ohm.m2]": host.film_resistance,
            f"{of}initial stoichiometry": host.start,
        }
    return values
