"""The resolved cell in plain numbers, as a result keeps it: layers, fractions, constants."""

from collections.abc import Iterator
from typing import Any

from lithomech.cell.mechanisms.declare import Mechanism
from lithomech.cell.mechanisms.switches import constants_of
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.switched import Site
from lithomech.cell.state import SIDES


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
