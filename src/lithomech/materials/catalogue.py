"""Every property a material may have: SI unit, meaning, who has it, physical bounds.

Bounds are wide: they catch a wrong unit or a slipped exponent, not an unusual sample.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["active", "electrolyte", "metal", "additive"]

_HOSTS: tuple[Role, ...] = ("active",)
_SOLIDS: tuple[Role, ...] = ("active", "electrolyte", "metal")
_POWDERS: tuple[Role, ...] = ("active", "electrolyte", "additive")
_ELECTRODES: tuple[Role, ...] = ("active", "metal")
_ELECTROLYTES: tuple[Role, ...] = ("electrolyte",)
_METALS: tuple[Role, ...] = ("metal",)


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """What a property is.

    Attributes:
        unit: SI unit of the value inside the package.
        meaning: one phrase for tables and messages.
        roles: roles of materials that may have it.
        low: smallest value that makes sense, in `unit`.
        high: largest value that makes sense, in `unit`.
        curve: True where it may be a table against stoichiometry x (lithium per formula
            unit).
    """

    unit: str
    meaning: str
    roles: tuple[Role, ...]
    low: float
    high: float
    curve: bool = False


RULES: dict[str, PropertyRule] = {
    "density": PropertyRule("kg/m^3", "density without pores", _POWDERS, 100.0, 3e4),
    "molar_mass": PropertyRule("kg/mol", "mass per formula unit, lithiated", _HOSTS, 0.01, 1.0),
    "molar_volume": PropertyRule(
        "m^3/mol", "volume per formula unit; 1/c_max", _HOSTS, 1e-6, 1e-3
    ),
    "nominal_capacity": PropertyRule(
        "A*s/kg", "what 1C means where the cell does not say", _HOSTS, 1e4, 2e7
    ),
    "nominal_potential": PropertyRule(
        "V", "potential that `reference: li` adds", _ELECTRODES, -1.0, 6.0
    ),
    "open_circuit_potential": PropertyRule(
        "V", "equilibrium potential vs Li/Li+", _ELECTRODES, -1.0, 6.0, curve=True
    ),
    "volume_strain": PropertyRule(
        "dimensionless", "volume change from as made", _HOSTS, -0.5, 4.0, curve=True
    ),
    "lattice_mismatch": PropertyRule(
        "dimensionless", "strain along c minus strain along a", _HOSTS, -0.5, 0.5, curve=True
    ),
    "diffusivity": PropertyRule(
        "m^2/s", "chemical diffusivity of lithium", _HOSTS, 1e-22, 1e-6, curve=True
    ),
    "exchange_current_density": PropertyRule(
        "A/m^2", "at x = 0.5, on true contact area", _ELECTRODES, 1e-6, 1e6
    ),
    "youngs_modulus": PropertyRule("Pa", "Young's modulus without pores", _SOLIDS, 1e6, 2e12),
    "poisson_ratio": PropertyRule("dimensionless", "Poisson's ratio", _SOLIDS, 0.0, 0.499),
    "electronic_conductivity": PropertyRule(
        "S/m", "electronic conductivity without pores", _POWDERS, 1e-16, 1e8
    ),
    "as_made_stoichiometry": PropertyRule(
        "dimensionless", "lithium content the cell is built with", _ELECTRODES, 0.0, 1.0
    ),
    "stoichiometry_min": PropertyRule(
        "dimensionless", "lowest lithium content with data", _HOSTS, 0.0, 1.0
    ),
    "stoichiometry_max": PropertyRule(
        "dimensionless", "highest lithium content with data", _HOSTS, 0.0, 1.0
    ),
    "interface_capacitance": PropertyRule(
        "F/m^2", "double layer on contact area", _ELECTRODES, 1e-5, 1e3
    ),
    "film_resistance": PropertyRule(
        "ohm*m^2", "film between active material and electrolyte", _HOSTS, 0.0, 10.0
    ),
    "crack_strength": PropertyRule("Pa", "strength of grain boundaries", _HOSTS, 1e5, 1e11),
    "crack_rate": PropertyRule(
        "dimensionless", "damage per change of x at overload 1", _HOSTS, 0.0, 1e4
    ),
    "crack_exponent": PropertyRule("dimensionless", "exponent of overload", _HOSTS, 0.0, 20.0),
    "crack_opening": PropertyRule(
        "dimensionless", "share of the contraction that opens as cracks", _HOSTS, 0.0, 1.0
    ),
    "crack_shut": PropertyRule(
        "dimensionless",
        "crack area of a damaged particle at its size as made",
        _HOSTS,
        0.0,
        0.2,
    ),
    "crack_residual_limit": PropertyRule(
        "dimensionless", "largest residual crack area fraction", _HOSTS, 0.001, 0.5
    ),
    "crack_residual_rate": PropertyRule(
        "dimensionless", "residual opening per change of x", _HOSTS, 0.0, 1.0
    ),
    "ionic_conductivity": PropertyRule(
        "S/m", "Li+ conductivity of the pellet", _ELECTROLYTES, 1e-12, 100.0
    ),
    "matrix_strength": PropertyRule(
        "Pa", "yield strength from densification", _ELECTROLYTES, 1e5, 1e11
    ),
    "shell_yield_strength": PropertyRule(
        "Pa", "yield strength around a particle", _ELECTROLYTES, 1e5, 1e11
    ),
    "relaxation_time": PropertyRule("s", "time of viscoplastic flow", _ELECTROLYTES, 0.0, 1e9),
    "fracture_toughness": PropertyRule(
        "Pa*m^0.5", "mode I toughness K_IC", _ELECTROLYTES, 1e3, 1e8
    ),
    "creep_short_time": PropertyRule(
        "s", "time to a short by creeping lithium", _ELECTROLYTES, 1.0, 1e10
    ),
    "creep_short_pressure": PropertyRule(
        "Pa", "stack pressure of that time", _ELECTROLYTES, 1e3, 1e10
    ),
    "creep_short_thickness": PropertyRule(
        "m", "separator thickness of that time", _ELECTROLYTES, 1e-6, 1e-2
    ),
    "partial_molar_volume": PropertyRule(
        "m^3/mol", "volume added per lithium", _METALS, 1e-7, 1e-4
    ),
    "host_molar_volume": PropertyRule(
        "m^3/mol", "volume per host atom without lithium", _METALS, 1e-7, 1e-3
    ),
    "interface_resistance": PropertyRule(
        "ohm*m^2", "between metal and electrolyte", _METALS, 0.0, 10.0
    ),
    "void_current_transport": PropertyRule(
        "A/m^2", "stripping current fed without pressure", _METALS, 0.0, 1e4
    ),
    "void_current_creep": PropertyRule(
        "A/m^2", "stripping current fed by creep at 1 MPa", _METALS, 0.0, 1e4
    ),
    "creep_exponent": PropertyRule(
        "dimensionless", "stress exponent of creep", _METALS, 1.0, 20.0
    ),
    "void_depth": PropertyRule(
        "m", "void depth at which contact falls to 1/e", _METALS, 1e-9, 1e-3
    ),
    "void_occlusion": PropertyRule(
        "dimensionless", "share of void that plating cannot refill", _METALS, 0.0, 1.0
    ),
    "critical_plating_current": PropertyRule(
        "A/m^2", "local plating current of a short", _METALS, 1e-3, 1e6
    ),
    "creep_activation_energy": PropertyRule(
        "J/mol", "activation energy of creep", _METALS, 0.0, 5e5
    ),
}


def allowed(role: Role) -> list[str]:
    """Return the properties a material of this role may have."""
    return sorted(name for name, rule in RULES.items() if role in rule.roles)
