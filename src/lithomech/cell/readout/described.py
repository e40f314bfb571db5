"""The resolved cell in plain numbers, as a result keeps it: layers, fractions, constants."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lithomech.cell import spec
from lithomech.cell.mechanisms.declare import Mechanism
from lithomech.cell.mechanisms.site import Made
from lithomech.cell.mechanisms.switches import constants_of
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.switched import Site
from lithomech.cell.state import SIDES
from lithomech.microstructure.percolation import law


def described(model: Resolved) -> dict[str, Any]:
    """Thicknesses, fractions, moduli and the constants of every mechanism, with their units."""
    layers: dict[str, Any] = {
        name: {"thickness_m": thickness, "compliance_m_per_Pa": model.compliance[name]}
        for name, thickness in model.thickness.items()
    }
    for side, composite in model.composites.items():
        layers[side] |= {
            "porosity": composite.porosity,
            "electrolyte_fraction": composite.electrolyte_fraction,
            "conduction": _conduction(model, side),
            "matrix_moduli_Pa": {"K": composite.matrix_K, "G": composite.matrix_G},
            "layer_moduli_Pa": {"K": composite.layer_K, "G": composite.layer_G},
            "classes": [
                {
                    "label": grain.label,
                    "volume_fraction": grain.volume_fraction,
                    "radius_m": grain.radius,
                    "mechanisms": _mechanisms(model.composition.particle, site),
                }
                for grain, site in zip(composite.particles, model.classes[side], strict=True)
            ],
        }
    for side in SIDES:
        if side in model.foils:
            layers[side]["mechanisms"] = _mechanisms(model.composition.foil, model.foils[side])
    return {
        "area_m2": model.area,
        "active_mass_kg": model.active_mass,
        "one_c_A": model.one_c,
        "reference_potential_V": model.reference_potential,
        "layers": layers,
    }


def _conduction(model: Resolved, side: str) -> dict[str, Any]:
    """What a composite conducts under the stack pressure of the assembled cell, and why."""
    electrode = getattr(model.cell, side)
    e = [s for s in SIDES if s in model.composites].index(side)
    P, *logarithms = model.arrays.transport[e]
    at = np.log(max(model.cell.fixture.pressure, 1.0))
    kappa, sigma = (np.exp(np.interp(at, P, values)) for values in logarithms)
    pairs = zip(model.composites[side].particles, model.classes[side], strict=True)
    grain, site = max(pairs, key=lambda pair: not pair[0].inert)
    host = site.record["host"]
    by_law = isinstance(electrode.transport, spec.PercolationTransport)
    return {
        "origin": electrode.transport.type,
        "porosity_origin": _porosity_origin(electrode, model.composites[side].made),
        "ionic_conductivity_S_per_m": float(kappa),
        "electronic_conductivity_S_per_m": float(sigma),
        "covered_fraction": float(host["coverage"]),
        "utilisation": float(host["volume_fraction"] / grain.volume_fraction),
        "spread": law().spreads() if by_law else {},
    }


def _porosity_origin(electrode: spec.CompositeElectrode, made: Made) -> str:
    """Who says how much of a composite is empty."""
    if electrode.porosity is not None:
        return "given"
    return "pressing" if made.porosity is None else "route"


def _mechanisms(mechanisms: tuple[Mechanism, ...], site: Site) -> dict[str, Any]:
    """Each mechanism at a site: whether it runs, and its constants by name."""
    return {
        m.name: {
            "active": m.name in site.active,
            "has_constants": site.parameters[m.name] is not None,
            "constants": dict(_constants(m, site.parameters[m.name])),
        }
        for m in mechanisms
    }


def _constants(mechanism: Mechanism, parameters: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if parameters is None:
        return
    for name, unit in constants_of(mechanism).items():
        value = parameters
        for part in name.split("."):
            value = getattr(value, part)
        yield name, {"value": float(value), "unit": unit}
