"""The law of percolation in composites: conductivities, coverage, particles in use."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.resolve.composite import ASSUMED_DIAMETER
from lithomech.cell.resolve.segmented import without_path_in
from lithomech.laws.transport import percolating_conductivity
from lithomech.materials.material import Material
from lithomech.microstructure.percolation import law
from lithomech.microstructure.pressed import Pressed

Floats = NDArray[np.float64]
PRESSURES: Final = np.geomspace(1e4, 1e9, 26)  # Pa, stack pressures of a table
AROUND: Final = 1.5  # exponent of a matrix with what does not conduct in it (Bruggeman)
NETWORK: Final = 2.0  # exponent of a network of fibres beyond its threshold
ROUNDED: Final = 0.1  # width of a threshold of fibres, of that threshold; assumed
NO_PATH: Final = 0.01  # share of active material in use below which nothing can be cycled
LEAST: Final = 1e-12  # S/m, of what has no path


def percolated(composite: Composite, T: float) -> tuple[Floats, float, Floats]:
    """Effective conductivities by the law of percolation.

    Args:
        composite: resolved.
        T: temperature [K].

    Returns:
        Stack pressures [Pa], (pressures,); ionic conductivity, which hardly follows them; and
        electronic conductivity, (pressures,) [S/m].
    """
    bulk = float(composite.electrolyte.value("ionic_conductivity", T))
    kappa = bulk * law().ionic(composite.mix, _matrix(composite))
    kappa *= _electrolyte_share(composite) ** AROUND
    return PRESSURES, max(kappa, LEAST), _grains(composite, T) + _wired(composite) + LEAST


def _matrix(composite: Composite) -> float:
    """Volume fraction of electrolyte and of what lies between its grains."""
    return composite.electrolyte_fraction + composite.additive_fraction


def _electrolyte_share(composite: Composite) -> float:
    return composite.electrolyte_fraction / _matrix(composite)


def _grains(composite: Composite, T: float) -> Floats:
    """Conductivity of active grains that touch, at each stack pressure [S/m]."""
    fractions = np.array([g.volume_fraction for g in composite.grains])
    each = [g.material.value("electronic_conductivity", T) for g in composite.grains]
    sigma = float(np.sum(fractions * each) / np.sum(fractions))
    stack = PRESSURES / composite.strength
    return sigma * law().electronic(composite.mix, composite.active_fraction, stack, 0.0)


def _between(composite: Composite, fraction: float) -> float:
    """Volume fraction of an additive in what active material leaves."""
    return fraction / (1.0 - composite.active_fraction)


def _wired(composite: Composite) -> float:
    """Conductivity of the additives that touch each other [S/m]."""
    around = (1.0 - composite.active_fraction) ** AROUND
    return around * sum(
        float(
            percolating_conductivity(
                wire.conductivity,
                _between(composite, wire.volume_fraction),
                wire.threshold,
                NETWORK,
                ROUNDED * wire.threshold,
            )
        )
        for wire in composite.wires
    )


def _reached(composite: Composite) -> float:
    """Share of active material that conductive additives reach."""
    missed = 1.0
    for wire in composite.wires:
        beyond = _between(composite, wire.volume_fraction) / wire.threshold - 1.0
        missed *= 1.0 / (1.0 + np.exp(beyond / ROUNDED))
    return 1.0 - missed


def covered_share(
    electrode: spec.CompositeElectrode, composite: Composite, pressed: Pressed | None
) -> float | None:
    """Share of the active surface that electrolyte covers; None where nothing says it."""
    if pressed is not None:
        return float(pressed.mean("covered_fraction").max())
    if composite.made.coverage is not None:
        return composite.made.coverage
    if isinstance(electrode.transport, spec.PercolationTransport | spec.StatedTransport):
        return law().covered(composite.mix) * _electrolyte_share(composite)
    return None


def share_in_use(
    electrode: spec.CompositeElectrode,
    composite: Composite,
    pressed: Pressed | None,
    pressure: float,
) -> float:
    """Share of active material with paths for ions and electrons; the rest is lost capacity."""
    if pressed is not None:
        return float(pressed.mean("utilisation").max())
    transport = electrode.transport
    if not isinstance(transport, spec.PercolationTransport | spec.StatedTransport):
        return 1.0
    fed = law().fed(composite.mix, _matrix(composite))
    if isinstance(transport, spec.StatedTransport):  # electrons were seen to have a path
        return fed
    grains = law().wired(
        composite.mix,
        composite.active_fraction,
        max(pressure, PRESSURES[0]) / composite.strength,
    )
    return fed * (1.0 - (1.0 - grains) * (1.0 - _reached(composite)))


def without_path(cell: spec.Cell, composites: Mapping[str, Composite]) -> Iterator[str]:
    """Composites through which a carrier cannot get, in words."""
    for side, composite in composites.items():
        electrode = getattr(cell, side)
        if (reason := without_path_in(cell, side)) is not None:
            yield reason
        if not isinstance(electrode.transport, spec.PercolationTransport):
            continue
        if law().fed(composite.mix, _matrix(composite)) < NO_PATH:
            volume = f"{100 * composite.electrolyte_fraction:.3g} % by volume of electrolyte"
            yield f"no path for ions through the {side}: {volume}"
        elif share_in_use(electrode, composite, None, cell.fixture.pressure) < NO_PATH:
            volume = f"{100 * composite.active_fraction:.3g} % by volume of active material"
            yield f"no path for electrons through the {side}: {volume}"


def notes_on_the_law(
    electrode: spec.CompositeElectrode, composite: Composite, materials: Mapping[str, Material]
) -> Iterator[str]:
    """What a reader must know before trusting the law."""
    if not isinstance(electrode.transport, spec.PercolationTransport):
        return
    m = materials[electrode.electrolyte.material]
    if electrode.electrolyte.diameter is None and not m.has("particle_diameter"):
        yield (
            f"{composite.side}.electrolyte.diameter: not given; assumed: "
            f"{1e6 * ASSUMED_DIAMETER:g} um"
        )
    outside = ", ".join(law().outside(composite.mix))
    if outside:
        yield (
            f"{composite.side}: beyond what grains were pressed at, so the nearest is taken: "
            f"{outside}"
        )
