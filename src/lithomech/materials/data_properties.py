"""Properties that are compared, drawn and checked, but that no cell calculates with (yet)."""

from typing import Final

from lithomech.materials.rules import (
    ELECTRODES,
    ELECTROLYTES,
    HOSTS,
    METALS,
    PRESSING,
    ROUTES,
    SOLIDS,
    STOICHIOMETRY,
    PropertyRule,
    Role,
)

_CLASSES: Final[tuple[Role, ...]] = ("electrolyte", "family")
_HOST_CLASSES: Final[tuple[Role, ...]] = ("active", "family")
_EXPERIMENTS: Final[tuple[Role, ...]] = ("experiment",)

DATA_PROPERTIES: Final[dict[str, PropertyRule]] = {
    # Mechanics
    "shear_modulus": PropertyRule(
        "Pa", "shear modulus without pores", (*SOLIDS, "family"), 1e6, 1e12
    ),
    "bulk_modulus": PropertyRule(
        "Pa", "bulk modulus without pores", (*SOLIDS, "family"), 1e6, 1e12
    ),
    "fracture_toughness": PropertyRule(
        "Pa*m^0.5", "mode I toughness K_IC", ("active", "electrolyte"), 1e3, 1e8
    ),
    "fracture_energy": PropertyRule(
        "J/m^2", "fracture energy G_c", ("active", "electrolyte"), 1e-3, 1e5
    ),
    "hardness": PropertyRule("Pa", "indentation hardness", SOLIDS, 1e5, 1e11),
    "yield_strength": PropertyRule("Pa", "uniaxial yield strength", SOLIDS, 1e4, 1e11),
    "relative_density": PropertyRule(
        "dimensionless",
        "density of the pressed pellet over that without pores",
        ELECTROLYTES,
        0.2,
        1.0,
        PRESSING,
    ),
    "anand_rate": PropertyRule("1/s", "Anand: pre-exponential rate A", METALS, 1e-3, 1e12),
    "anand_activation_energy": PropertyRule(
        "J/mol", "Anand: activation energy Q", METALS, 0.0, 5e5
    ),
    "anand_rate_sensitivity": PropertyRule(
        "dimensionless", "Anand: strain rate sensitivity m", METALS, 0.01, 1.0
    ),
    "anand_resistance": PropertyRule(
        "Pa", "Anand: initial flow resistance S_0", METALS, 1e3, 1e9
    ),
    "anand_hardening": PropertyRule("Pa", "Anand: hardening H_0", METALS, 0.0, 1e10),
    "anand_saturation": PropertyRule("Pa", "Anand: saturation resistance S*", METALS, 1e3, 1e9),
    "anand_hardening_exponent": PropertyRule(
        "dimensionless", "Anand: hardening exponent a", METALS, 0.0, 10.0
    ),
    "anand_saturation_exponent": PropertyRule(
        "dimensionless", "Anand: rate exponent n of the saturation", METALS, 0.0, 1.0
    ),
    "dendrite_shear_modulus": PropertyRule(
        "Pa", "shear modulus of the electrolyte that suppresses dendrites", METALS, 1e6, 1e12
    ),
    "dendrite_modulus_ratio": PropertyRule(
        "dimensionless", "that shear modulus over that of the metal", METALS, 0.1, 100.0
    ),
    # Electrochemical stability
    "transition_potential": PropertyRule(
        "V", "potential vs Li/Li+ of the phase change in `conditions`", _HOST_CLASSES, -1.0, 6.0
    ),
    "standard_potential": PropertyRule(
        "V", "potential against the standard hydrogen electrode", METALS, -5.0, 5.0
    ),
    # Size and shape
    "lattice_a": PropertyRule("m", "lattice constant a, hexagonal cell", HOSTS, 1e-10, 1e-8),
    "lattice_c": PropertyRule("m", "lattice constant c, hexagonal cell", HOSTS, 1e-10, 1e-8),
    "lattice_strain_a": PropertyRule(
        "dimensionless", "strain along a on charge", _HOST_CLASSES, -0.2, 0.2, STOICHIOMETRY
    ),
    "lattice_strain_c": PropertyRule(
        "dimensionless", "strain along c on charge", _HOST_CLASSES, -0.2, 0.2, STOICHIOMETRY
    ),
    "reacted_molar_volume": PropertyRule(
        "m^3/mol",
        "volume per formula unit as made after the reaction in `conditions`",
        HOSTS,
        1e-6,
        1e-2,
    ),
    "reaction_volume_change": PropertyRule(
        "dimensionless",
        "volume change of the reaction in `conditions`",
        (*ELECTRODES, "additive", "family"),
        -0.5,
        5.0,
    ),
    # One particle, grain by grain
    **{
        f"elastic_constant_{ij}": PropertyRule(
            "Pa", f"C{ij} of a layered crystal, c along 3", HOSTS, 1e6, 1e13, STOICHIOMETRY
        )
        for ij in (11, 12, 13, 33, 44)
    },
    "boundary_weibull_modulus": PropertyRule(
        "dimensionless", "Weibull modulus of their strength; alike without", HOSTS, 1.0, 1e3
    ),
    "high_misorientation": PropertyRule(
        "rad",
        "angle between c axes from which a boundary is no tougher than any other",
        HOSTS,
        0.01,
        1.6,
    ),
    "boundary_energy": PropertyRule(
        "J/m^2", "energy to part a unit area of boundary between grains", HOSTS, 1e-4, 1e3
    ),
    "grain_energy": PropertyRule(
        "J/m^2", "energy to part a unit area through a grain", HOSTS, 1e-4, 1e3
    ),
    "boundary_residual": PropertyRule(
        "dimensionless", "share of the first opening that stays open", HOSTS, 0.0, 1.0
    ),
    "boundary_wedging": PropertyRule(
        "dimensionless", "share of every later opening that stays open", HOSTS, 0.0, 1.0
    ),
    "diffusivity_ratio": PropertyRule(
        "dimensionless", "diffusivity along c over that along a", HOSTS, 0.0, 1.0
    ),
    "adhesion_strength": PropertyRule(
        "Pa", "strength of a fully pressed bond to active material", ELECTROLYTES, 1e3, 1e11
    ),
    "adhesion_energy": PropertyRule(
        "J/m^2", "energy to part a unit area of that bond", ELECTROLYTES, 1e-4, 1e3
    ),
    "bonding_pressure": PropertyRule(
        "Pa",
        "pressing at which that bond is as tough as the electrolyte",
        ELECTROLYTES,
        1e5,
        1e10,
    ),
    "bonding_exponent": PropertyRule(
        "dimensionless", "with which its energy rises with the pressing", ELECTROLYTES, 0.0, 5.0
    ),
    "crack_area_fraction": PropertyRule(
        "dimensionless", "cracks in a section of the particle", HOSTS, 0.0, 0.5
    ),
    # Charge
    "reaction_capacity": PropertyRule(
        "A*s/kg",
        "capacity of the reaction in `conditions` per mass as made",
        ELECTRODES,
        1e4,
        2e7,
    ),
    "theoretical_capacity": PropertyRule(
        "A*s/kg", "capacity of all lithium of the formula, as published", ELECTRODES, 1e4, 2e7
    ),
    "practical_capacity": PropertyRule(
        "A*s/kg", "capacity in reversible use", ELECTRODES, 1e4, 2e7
    ),
    "volumetric_capacity": PropertyRule(
        "A*s/m^3", "capacity per volume", ELECTRODES, 1e6, 1e11
    ),
    "reversible_lithium": PropertyRule(
        "dimensionless", "lithium per formula unit in reversible use", HOSTS, 0.0, 5.0
    ),
    # Families, by definition
    "substituted_share": PropertyRule(
        "dimensionless", "largest share of metals other than nickel", ("family",), 0.0, 1.0
    ),
    "decades_below_liquid": PropertyRule(
        "dimensionless",
        "decades from the best conductivity of the class up to that of a liquid",
        ("family",),
        0.0,
        10.0,
    ),
    "synthesis_temperature": PropertyRule(
        "K", "temperature of synthesis", _CLASSES, 200.0, 3000.0
    ),
    # Experiments
    "stack_pressure": PropertyRule("Pa", "stack pressure", _EXPERIMENTS, 0.0, 1e10),
    "constriction_pressure": PropertyRule(
        "Pa", "pressure on the electrolyte in a calculation", _EXPERIMENTS, 0.0, 1e11
    ),
    "pressing_pressure": PropertyRule("Pa", "pressure of forming", _EXPERIMENTS, 0.0, 1e10),
    "current_density": PropertyRule("A/m^2", "current density", _EXPERIMENTS, 0.0, 1e6),
    "rate": PropertyRule(
        "1/s", "C-rate: charge and discharge per time", _EXPERIMENTS, 0.0, 1.0
    ),
    "temperature": PropertyRule("K", "temperature", _EXPERIMENTS, 0.0, 2000.0),
    "areal_capacity": PropertyRule(
        "A*s/m^2", "areal capacity", (*_EXPERIMENTS, *ROUTES), 0.0, 1e7
    ),
    "thickness": PropertyRule(
        "m", "thickness of a layer or foil", (*_EXPERIMENTS, "collector", "housing"), 0.0, 0.1
    ),
    "processing_temperature": PropertyRule(
        "K", "highest temperature of making", ROUTES, 200.0, 3000.0
    ),
    "electrode_thickness": PropertyRule("m", "thickest electrode", ROUTES, 1e-8, 1e-2),
    "reaction_layer": PropertyRule(
        "m", "thickness of what forms between the phases", ROUTES, 0.0, 1e-4
    ),
    "line_load": PropertyRule("N/m", "force of rolls per width", ROUTES, 0.0, 1e8),
    "diameter": PropertyRule("m", "diameter of the pellet", _EXPERIMENTS, 1e-4, 1.0),
    "mass": PropertyRule("kg", "mass of the composite", _EXPERIMENTS, 0.0, 1.0),
    "np_ratio": PropertyRule(
        "dimensionless", "areal capacity, negative over positive", _EXPERIMENTS, 0.1, 20.0
    ),
    "cycles": PropertyRule("dimensionless", "number of cycles", _EXPERIMENTS, 0.0, 1e6),
    "capacity_loss": PropertyRule(
        "dimensionless", "share of the capacity lost", _EXPERIMENTS, 0.0, 1.0
    ),
    "active_weight_fraction": PropertyRule(
        "dimensionless", "active material per solid mass", _EXPERIMENTS, 0.0, 1.0
    ),
    "electrolyte_weight_fraction": PropertyRule(
        "dimensionless", "electrolyte per solid mass", _EXPERIMENTS, 0.0, 1.0
    ),
    "active_volume_fraction": PropertyRule(
        "dimensionless", "active material per solid volume", _EXPERIMENTS, 0.0, 1.0
    ),
    "blend_weight_fraction": PropertyRule(
        "dimensionless",
        "first active material of `conditions` per mass of both",
        _EXPERIMENTS,
        0.0,
        1.0,
    ),
    "size_ratio": PropertyRule(
        "dimensionless", "diameter of active material over electrolyte", _EXPERIMENTS, 0.01, 1e3
    ),
    "utilisation": PropertyRule(
        "dimensionless", "share of active material that works", _EXPERIMENTS, 0.0, 1.0
    ),
    "tortuosity_factor_ionic": PropertyRule(
        "dimensionless", "tortuosity factor tau^2 of Li+", _EXPERIMENTS, 1.0, 1e6
    ),
    "tortuosity_factor_electronic": PropertyRule(
        "dimensionless", "tortuosity factor tau^2 of electrons", _EXPERIMENTS, 1.0, 1e6
    ),
    "pressure_change": PropertyRule(
        "Pa", "change of stack pressure on charge", _EXPERIMENTS, -1e10, 1e10
    ),
    "potential": PropertyRule("V", "potential vs Li/Li+", _EXPERIMENTS, -1.0, 8.0),
    "time_to_short": PropertyRule("s", "time until a short", _EXPERIMENTS, 0.0, 1e10),
    "acoustic_bands": PropertyRule(
        "dimensionless", "bands of acoustic emission", _EXPERIMENTS, 1.0, 100.0
    ),
    "rate_slope": PropertyRule(
        "dimensionless",
        "slope of log(discharge time) against log(current)",
        _EXPERIMENTS,
        -10.0,
        0.0,
    ),
}
