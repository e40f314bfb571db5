"""The properties that a cell calculates with.

Bounds are wide: they catch a wrong unit or a slipped exponent, not an unusual sample.
"""

from typing import Final

from lithomech.materials.alloy_properties import ALLOY_PROPERTIES
from lithomech.materials.polymer_properties import POLYMERS
from lithomech.materials.rules import (
    ELECTRODES,
    ELECTROLYTES,
    FRAMES,
    HOSTS,
    HOUSINGS,
    METALS,
    POWDERS,
    ROUTES,
    SOLIDS,
    STOICHIOMETRY,
    PropertyRule,
)

TEXTURED: Final = "textured_"  # before the names of what is of grains with radial texture
# The law of cracking, of random grains and of textured ones
CRACKS: Final = {
    f"{before}crack_{name}": PropertyRule("dimensionless", meaning + after, HOSTS, low, high)
    for before, after in (("", ""), (TEXTURED, ", textured"))
    for name, meaning, low, high in (
        ("lattice_share", "stress on boundaries over G (eps_c - eps_a)", 0.0, 100.0),
        ("rate", "damage per change of x at overload 1", 0.0, 1e4),
        ("confinement", "share of the pressure that holds grains together", -20.0, 20.0),
        ("opening", "share of the contraction that opens as cracks", 0.0, 1.0),
        ("shut", "crack area of a damaged particle at its size as made", 0.0, 0.2),
        ("path_loss", "share of the diffusivity that is lost at damage 1", 0.0, 1.0),
        ("reach", "broken share of the boundaries at damage 1", 0.0, 1.0),
        ("residual_rate", "residual opening per change of x", 0.0, 1.0),
    )
}
SHAPES: Final = (1e-6, 1e3)  # least and most of a property over its value at x = 0.5
CELL_PROPERTIES: Final[dict[str, PropertyRule]] = {
    **POLYMERS,
    "density": PropertyRule(
        "kg/m^3",
        "density without pores",
        (*POWDERS, "metal", "phase", "collector", "housing"),
        100.0,
        3e4,
    ),
    "molar_mass": PropertyRule(
        "kg/mol",
        "mass per formula unit; of a host with x = 1 where it holds lithium as made",
        ("active", "electrolyte", "metal", "additive", "phase"),
        0.001,
        2.0,
    ),
    "molar_volume": PropertyRule(
        "m^3/mol",
        "volume per formula unit as made; of a host 1/c_max",
        ("active", "electrolyte", "additive", "phase"),
        1e-6,
        1e-3,
    ),
    "nominal_capacity": PropertyRule(
        "A*s/kg", "what 1C means where the cell does not say", HOSTS, 1e4, 2e7
    ),
    "nominal_potential": PropertyRule(
        "V", "potential that `reference: li` adds", ELECTRODES, -1.0, 6.0
    ),
    "open_circuit_potential": PropertyRule(
        "V", "equilibrium potential vs Li/Li+", ELECTRODES, -1.0, 6.0, STOICHIOMETRY
    ),
    "volume_strain": PropertyRule(
        "dimensionless", "volume change from as made", HOSTS, -0.5, 4.0, STOICHIOMETRY
    ),
    "lattice_mismatch": PropertyRule(
        "dimensionless", "strain along c minus strain along a", HOSTS, -0.5, 0.5, STOICHIOMETRY
    ),
    "diffusivity": PropertyRule(
        "m^2/s",
        "chemical diffusivity of lithium; a number is that at x = 0.5 where it has a shape",
        HOSTS,
        1e-22,
        1e-6,
        STOICHIOMETRY,
    ),
    "diffusion_length": PropertyRule(
        "m", "longest radius over which lithium diffuses in a polycrystal", HOSTS, 1e-9, 1e-3
    ),
    "diffusivity_shape": PropertyRule(
        "dimensionless",
        "diffusivity over its value at x = 0.5",
        HOSTS,
        *SHAPES,
        STOICHIOMETRY,
    ),
    "exchange_current_density": PropertyRule(
        "A/m^2", "at x = 0.5, on true contact area", ELECTRODES, 1e-6, 1e6
    ),
    "exchange_current_density_shape": PropertyRule(
        "dimensionless",
        "exchange current density over its value at x = 0.5; 2 sqrt(x (1 - x)) without",
        HOSTS,
        *SHAPES,
        STOICHIOMETRY,
    ),
    "youngs_modulus": PropertyRule(
        "Pa",
        "Young's modulus without pores",
        (*SOLIDS, "additive", "family", "housing"),
        1e6,
        2e12,
    ),
    "poisson_ratio": PropertyRule(
        "dimensionless", "Poisson's ratio", (*SOLIDS, "additive", "housing"), 0.0, 0.499
    ),
    "particle_diameter": PropertyRule(
        "m", "median particle diameter D50", (*POWDERS, "family", "experiment"), 1e-9, 1e-3
    ),
    "coverage_depth": PropertyRule(
        "m",
        "thickness of lithium that covers 1 - 1/e of the bare collector",
        ("collector",),
        1e-9,
        1e-4,
    ),
    "nucleation_share": PropertyRule(
        "dimensionless",
        "share of the bare collector on which lithium begins",
        ("collector",),
        1e-6,
        1.0,
    ),
    "inactive_share": PropertyRule(
        "dimensionless",
        "lithium that loses contact per lithium stripped from bared parts",
        ("collector",),
        0.0,
        1.0,
    ),
    "proof_strength": PropertyRule(
        "Pa", "stress at which it yields, without a safety factor", HOUSINGS, 1e6, 5e9
    ),
    "solubility": PropertyRule(
        "mol/m^3", "lithium that the host of an alloy dissolves", ("metal",), 1e-3, 1e5
    ),
    "dilute_diffusivity": PropertyRule(
        "m^2/s", "of lithium dissolved in the host of an alloy", ("metal",), 1e-20, 1e-6
    ),
    "collector_resistance": PropertyRule(
        "ohm*m^2",
        "of its contact with what is pressed on it, under 1 MPa",
        ("collector",),
        0.0,
        1.0,
    ),
    "collector_exponent": PropertyRule(
        "dimensionless",
        "with which that falls with the stack pressure",
        ("collector",),
        0.0,
        2.0,
    ),
    "binding_strength": PropertyRule(
        "Pa", "tension that a binder bears over contacts that open", ("additive",), 0.0, 1e9
    ),
    "aspect_ratio": PropertyRule(
        "dimensionless", "length of a fibre over its thickness", ("additive",), 1.0, 1e4
    ),
    "electronic_conductivity": PropertyRule(
        "S/m",
        "electronic conductivity without pores",
        (*POWDERS, "experiment", "collector"),
        1e-16,
        1e8,
    ),
    "as_made_stoichiometry": PropertyRule(
        "dimensionless", "lithium content the cell is built with", ELECTRODES, 0.0, 1.0
    ),
    "stoichiometry_min": PropertyRule(
        "dimensionless", "lowest lithium content with data", HOSTS, 0.0, 1.0
    ),
    "stoichiometry_max": PropertyRule(
        "dimensionless", "highest lithium content with data", HOSTS, 0.0, 1.0
    ),
    "interface_capacitance": PropertyRule(
        "F/m^2", "double layer on contact area", ELECTRODES, 1e-5, 1e3
    ),
    "film_resistance": PropertyRule(
        "ohm*m^2", "film between active material and electrolyte", HOSTS, 0.0, 10.0
    ),
    "boundary_strength": PropertyRule(
        "Pa",
        "strength that 37 % of the boundaries between grains exceed",
        HOSTS,
        1e5,
        1e11,
    ),
    "grain_strength": PropertyRule("Pa", "strength of a grain itself", HOSTS, 1e6, 1e11),
    **CRACKS,
    **ALLOY_PROPERTIES,
    "crack_exponent": PropertyRule("dimensionless", "exponent of overload", HOSTS, 0.0, 20.0),
    "crack_closing_pressure": PropertyRule(
        "Pa", "pressure at the wall that shuts cracks to 1/e", HOSTS, 1e6, 1e10
    ),
    "primary_grain_size": PropertyRule("m", "diameter of the grains", HOSTS, 1e-9, 1e-4),
    "isolation_by_opening": PropertyRule(
        "dimensionless",
        "share of grains cut off per volume of new cracks",
        HOSTS,
        0.0,
        100.0,
    ),
    "isolation_by_working": PropertyRule(
        "dimensionless", "the same, per volume of cracks and change of x", HOSTS, 0.0, 100.0
    ),
    "isolation_by_load": PropertyRule(
        "dimensionless", "share cut off by point loads per change of volume", HOSTS, 0.0, 100.0
    ),
    "crack_residual_limit": PropertyRule(
        "dimensionless", "largest residual crack area fraction", HOSTS, 0.001, 0.5
    ),
    "contact_resistance": PropertyRule(
        "ohm*m^2",
        "electronic, of the film where two grains touch",
        (*HOSTS, "additive"),
        0.0,
        1.0,
    ),
    "ionic_conductivity": PropertyRule(
        "S/m",
        "ionic conductivity of the pellet",
        ("electrolyte", "additive", "family", "experiment"),
        1e-12,
        100.0,
    ),
    "pellet_modulus": PropertyRule(
        "Pa", "Young's modulus of a pressed pellet with 13 % of pores", ELECTROLYTES, 1e6, 1e12
    ),
    "matrix_strength": PropertyRule(
        "Pa", "yield strength from densification", ELECTROLYTES, 1e5, 1e11
    ),
    "shell_yield_strength": PropertyRule(
        "Pa", "yield strength around a particle", ELECTROLYTES, 1e5, 1e11
    ),
    "relaxation_time": PropertyRule("s", "time of viscoplastic flow", ELECTROLYTES, 0.0, 1e9),
    "creep_time": PropertyRule(
        "s", "time in which stress around a particle creeps away", ELECTROLYTES, 1.0, 1e12
    ),
    "contact_pressure": PropertyRule(
        "Pa", "that presses a metal into all but 1/e of contact", ELECTROLYTES, 1e3, 1e10
    ),
    "flaw_size": PropertyRule("m", "deepest flaw that faces lithium", ELECTROLYTES, 1e-9, 1e-3),
    "filament_slenderness": PropertyRule(
        "dimensionless", "length of a crack per thickness of lithium", ELECTROLYTES, 1.0, 1e6
    ),
    "oxidation_limit": PropertyRule(
        "V", "highest stable potential vs Li/Li+", (*ELECTROLYTES, "family"), -1.0, 8.0
    ),
    "reduction_limit": PropertyRule(
        "V", "lowest stable potential vs Li/Li+", (*ELECTROLYTES, "family"), -1.0, 8.0
    ),
    "oxidation_onset": PropertyRule(
        "V",
        "potential vs Li/Li+ above which it is seen to be oxidised",
        ELECTROLYTES,
        -1.0,
        8.0,
    ),
    "reduction_onset": PropertyRule(
        "V", "potential vs Li/Li+ below which it is seen to be reduced", ELECTROLYTES, -1.0, 8.0
    ),
    "oxidation_growth": PropertyRule(
        "m^3/mol", "growth of the solids per electron given off", ELECTROLYTES, -1e-4, 1e-4
    ),
    "reduction_growth": PropertyRule(
        "m^3/mol", "growth of the solids per electron taken up", ELECTROLYTES, -1e-4, 1e-4
    ),
    "oxidation_film_volume": PropertyRule(
        "m^3/mol", "volume of the products per electron given off", ELECTROLYTES, 1e-7, 1e-3
    ),
    "reduction_film_volume": PropertyRule(
        "m^3/mol", "volume of the products per electron taken up", ELECTROLYTES, 1e-7, 1e-3
    ),
    "oxidation_film_conductivity": PropertyRule(
        "S/m", "electronic conductivity of products of oxidation", ELECTROLYTES, 1e-18, 1e6
    ),
    "reduction_film_conductivity": PropertyRule(
        "S/m", "electronic conductivity of products of reduction", ELECTROLYTES, 1e-18, 1e6
    ),
    "oxidation_film_decay_length": PropertyRule(
        "m",
        "thickness of oxidised film over which electrons that cross it fall to 1/e",
        ELECTROLYTES,
        1e-10,
        1e-3,
    ),
    "reduction_film_decay_length": PropertyRule(
        "m",
        "thickness of reduced film over which electrons that cross it fall to 1/e",
        ELECTROLYTES,
        1e-10,
        1e-3,
    ),
    "oxidation_film_ionic_conductivity": PropertyRule(
        "S/m", "conductivity of products of oxidation for lithium", ELECTROLYTES, 1e-14, 1e2
    ),
    "reduction_film_ionic_conductivity": PropertyRule(
        "S/m", "conductivity of products of reduction for lithium", ELECTROLYTES, 1e-14, 1e2
    ),
    "oxidation_resistance": PropertyRule(
        "ohm*m^2", "resistance of oxidation without film", ELECTROLYTES, 1e-6, 1e9
    ),
    "reduction_resistance": PropertyRule(
        "ohm*m^2", "resistance of reduction without film", ELECTROLYTES, 1e-6, 1e9
    ),
    "oxygen_resistance": PropertyRule(
        "ohm*m^2", "resistance of its reaction with oxygen of a host", ELECTROLYTES, 1e-6, 1e9
    ),
    "oxygen_film_ionic_conductivity": PropertyRule(
        "S/m", "conductivity of what oxygen makes of it for lithium", ELECTROLYTES, 1e-14, 1e2
    ),
    "oxygen_onset": PropertyRule(
        "V", "potential vs Li/Li+ above which it gives off oxygen", HOSTS, -1.0, 8.0
    ),
    "oxygen_charge": PropertyRule(
        "A*s/kg", "charge of the oxygen that it can give off", HOSTS, 0.0, 1e7
    ),
    "first_cycle_loss": PropertyRule(
        "A*s/kg", "charge of the first lithiation that never comes back", HOSTS, 0.0, 1e7
    ),
    "first_cycle_potential": PropertyRule(
        "V", "potential below which it is lost", HOSTS, -1.0, 6.0
    ),
    "partial_molar_volume": PropertyRule(
        "m^3/mol", "volume added per lithium", METALS, 1e-7, 1e-4
    ),
    "host_molar_volume": PropertyRule(
        "m^3/mol", "volume per host atom without lithium", METALS, 1e-7, 1e-3
    ),
    "interface_resistance": PropertyRule(
        "ohm*m^2", "between electrode and electrolyte", (*METALS, *ROUTES), 0.0, 10.0
    ),
    "void_current_transport": PropertyRule(
        "A/m^2", "stripping current fed without pressure", METALS, 0.0, 1e4
    ),
    "void_current_creep": PropertyRule(
        "A/m^2", "stripping current fed by creep at 10 MPa", METALS, 0.0, 1e4
    ),
    "void_creep_exponent": PropertyRule(
        "dimensionless", "exponent of that current in the pressure", METALS, 0.5, 20.0
    ),
    "creep_rate_factor": PropertyRule(
        "1/s", "creep rate at 1 MPa, rate = factor (sigma/MPa)^n", METALS, 1e-12, 1e3
    ),
    "creep_exponent": PropertyRule(
        "dimensionless", "stress exponent of creep", METALS, 1.0, 20.0
    ),
    "void_depth": PropertyRule(
        "m", "void depth at which contact falls to 1/e", METALS, 1e-9, 1e-3
    ),
    "void_occlusion": PropertyRule(
        "dimensionless", "share of void that plating cannot refill", METALS, 0.0, 1.0
    ),
    "frame_stiffness": PropertyRule(
        "Pa/m", "stack pressure per thickness that the stack grows", FRAMES, 1e7, 1e15
    ),
    "frame_diameter": PropertyRule(
        "m", "diameter of the stack that frame_stiffness is per area of", FRAMES, 1e-3, 1.0
    ),
    "fabrication_pressure": PropertyRule("Pa", "pressure of pressing", ROUTES, 0.0, 1e10),
    "made_porosity": PropertyRule(
        "dimensionless", "share of a composite that stays empty", ROUTES, 0.0, 0.7
    ),
    "made_coverage": PropertyRule(
        "dimensionless", "share of the active surface under electrolyte", ROUTES, 0.0, 1.0
    ),
    "residual_pressure": PropertyRule(
        "Pa",
        "contact pressure that pressing left, beside the stack's",
        ROUTES,
        0.0,
        1e10,
    ),
    "areal_resistance": PropertyRule(
        "ohm*m^2", "of the interfaces inside an electrode, per cell area", ROUTES, 0.0, 10.0
    ),
    "creep_activation_energy": PropertyRule(
        "J/mol", "activation energy of creep", METALS, 0.0, 5e5
    ),
}
