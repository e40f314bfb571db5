"""What a composite electrode conducts: by a law, as stated or measured, or as pressed."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.resolve.percolated import percolated
from lithomech.cell.resolve.segmented import image_conduction, read_image_of
from lithomech.errors import InputError
from lithomech.laws import transport
from lithomech.materials.material import Material
from lithomech.microstructure.pressed import Pressed

Floats = NDArray[np.float64]
SAME_COMPOSITION: Final = 0.01  # volume of active material over that of the solids


def transport_tables(
    cell: spec.Cell, composite: Composite, materials: Mapping[str, Material]
) -> tuple[Floats, Floats, Floats]:
    """Effective conductivities against stack pressure.

    Args:
        cell: temperature, and the electrode as declared (transport, weights).
        composite: the electrode resolved.
        materials: by the names used in the cell.

    Returns:
        log P, log ionic, log electronic conductivity [Pa, S/m], each of shape (points,).

    Raises:
        InputError: a table or a structure has no such composition, or electrons or ions find
            no path in the structure.
    """
    electrode, T = getattr(cell, composite.side), cell.temperature
    if isinstance(electrode.transport, spec.PercolationTransport):
        P, kappa, sigma = percolated(composite, T)
        return np.log(P), np.full(P.size, np.log(kappa)), np.log(sigma)
    image = read_image_of(cell, electrode)
    if image is not None:
        both = image_conduction(composite, image, materials, T)
        return np.zeros(1), np.log(np.array(both[:1])), np.log(np.array(both[1:]))
    ionic = composite.electrolyte.value("ionic_conductivity", T)
    electronic = sum(
        g.volume_fraction * g.material.value("electronic_conductivity", T)
        for g in composite.grains
    )
    phi = composite.electrolyte_fraction
    if isinstance(electrode.transport, spec.StatedTransport):
        dense = ionic * phi, electronic + composite.additive_conduction
        return _stated(electrode.transport, composite, T, dense)
    if isinstance(electrode.transport, spec.FormulaTransport):
        b = electrode.transport.exponent
        tau2 = transport.bruggeman_tortuosity_factor(phi, b)
        kappa = transport.effective_conductivity(ionic, phi, tau2)
        # Bruggeman's factor of the whole electronic phase; additives conduct in parallel
        conducting = electronic + composite.additive_conduction
        sigma = conducting * composite.active_fraction ** (b - 1.0)
        return np.zeros(1), np.log(np.array([kappa])), np.log(np.array([sigma]))
    pressed = pressed_structure(cell, electrode, composite)
    if pressed is None:
        P, tau2_ionic, tau2_electronic = _measured(cell, electrode, composite)
    else:
        electronic += composite.additive_conduction  # its network holds the additives
        order = np.argsort(pressed.stack_pressures)
        P = pressed.stack_pressures[order]
        tau2_ionic = pressed.mean("tortuosity_factor_ionic")[order]
        tau2_electronic = pressed.mean("tortuosity_factor_electronic")[order]
    kappa = transport.effective_conductivity(ionic, phi, tau2_ionic)
    return np.log(P), np.log(kappa), np.log(electronic / tau2_electronic)


def _stated(
    stated: spec.StatedTransport, composite: Composite, T: float, dense: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """Conductivities as stated; electrons at other pressures by the law of percolation.

    Args:
        stated: by the user.
        composite: resolved.
        T: temperature [K].
        dense: volume fraction times conductivity of both phases [S/m].
    """
    kappa = stated.ionic or dense[0] / (stated.ionic_tortuosity_factor or 1.0)
    sigma = stated.electronic or dense[1] / (stated.electronic_tortuosity_factor or 1.0)
    if stated.at is None:
        return np.zeros(1), np.log(np.array([kappa])), np.log(np.array([sigma]))
    P, _, shape = percolated(composite, T)
    there = np.interp(np.log(max(stated.at, P[0])), np.log(P), np.log(shape))
    logarithms = np.log(sigma) + np.log(shape) - there
    return np.log(P), np.full(P.size, np.log(kappa)), logarithms


def _measured(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite
) -> tuple[Floats, Floats, Floats]:
    """Stack pressures and tortuosity factors of a measured table."""
    if not isinstance(electrode.transport, spec.MeasuredTransport):
        raise TypeError(type(electrode.transport).__name__)
    key = f"{composite.side}.transport.table"
    table = cell.enclosed.stock.transport[electrode.transport.table]
    weight = sum(a.weight for a in electrode.active)
    row = int(np.argmin(abs(table.weight_fraction - weight)))
    if abs(table.weight_fraction[row] - weight) > 5e-3:
        known = ", ".join(f"{100 * w:g} %" for w in table.weight_fraction)
        raise InputError(
            f"{100 * weight:g} % active material is not in table "
            f"{electrode.transport.table!r}; tabulated: {known}",
            key=key,
        )
    return table.pressure_Pa, table.tau2_ionic[row], table.tau2_electronic[row]


def pressed_structure(
    cell: spec.Cell, electrode: spec.CompositeElectrode, composite: Composite
) -> Pressed | None:
    """The structure or image that an electrode names, None where it names none.

    Raises:
        InputError: of a structure: another composition, or a carrier without a path.
    """
    if isinstance(electrode.transport, spec.ImageTransport):
        return read_image_of(cell, electrode)
    if not isinstance(electrode.transport, spec.StructureTransport):
        return None
    key = f"{composite.side}.transport.file"
    found = cell.enclosed.structures[electrode.transport.file]
    active = {a.material for a in electrode.active}
    share = sum(v for name, v in found.solid_shares.items() if name in active)
    wanted = composite.active_fraction / (1.0 - composite.porosity)
    if abs(share - wanted) > SAME_COMPOSITION:
        raise InputError(
            f"the structure holds {100 * share:.1f} % by volume of {', '.join(sorted(active))} "
            f"in its solids; the electrode {100 * wanted:.1f} %",
            key=key,
        )
    for carrier, name in (("ionic", "ions"), ("electronic", "electrons")):
        if np.any(found.mean(f"conductivity_{carrier}") == 0.0):
            raise InputError(
                f"{name} find no path through the structure at every stack pressure; "
                "allowed: a structure that conducts both",
                key=key,
            )
    return found
