"""Every property a material may have, and which of them a cell cannot do without."""

from typing import Final

from lithomech.materials.cell_properties import CELL_PROPERTIES
from lithomech.materials.data_properties import DATA_PROPERTIES
from lithomech.materials.rules import PropertyRule, Role

RULES: Final[dict[str, PropertyRule]] = CELL_PROPERTIES | DATA_PROPERTIES

# What a cell cannot do without; the rest has a default or switches a mechanism on.
NEEDED: Final[dict[Role, tuple[str, ...]]] = {
    "active": (
        "density",
        "molar_mass",
        "molar_volume",
        "nominal_capacity",
        "open_circuit_potential",
        "volume_strain",
        "diffusivity",
        "exchange_current_density",
        "youngs_modulus",
        "poisson_ratio",
        "electronic_conductivity",
        "as_made_stoichiometry",
    ),
    "electrolyte": (
        "density",
        "ionic_conductivity",
        "youngs_modulus",
        "poisson_ratio",
        "matrix_strength",
        "shell_yield_strength",
        "relaxation_time",
    ),
    "metal": (
        "partial_molar_volume",
        "exchange_current_density",
        "open_circuit_potential",
    ),
    "additive": ("density",),
}


def allowed(role: Role) -> list[str]:
    """Return the properties a material of this role may have."""
    return sorted(name for name, rule in RULES.items() if role in rule.roles)
