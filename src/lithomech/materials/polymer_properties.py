"""What a cell calculates with of an electrolyte whose salt moves, or that is soft."""

from typing import Final

from lithomech.materials.rules import ELECTROLYTES, PropertyRule

POLYMERS: Final[dict[str, PropertyRule]] = {
    "transference_number": PropertyRule(
        "dimensionless",
        "share of lithium in the current of an even salt",
        ELECTROLYTES,
        -5.0,
        1.0,
    ),
    "salt_diffusivity": PropertyRule(
        "m^2/s", "diffusivity of the salt", ELECTROLYTES, 1e-18, 1e-8
    ),
    "salt_concentration": PropertyRule(
        "mol/m^3", "salt in the electrolyte as made", (*ELECTROLYTES, "family"), 1e-3, 1e5
    ),
    "thermodynamic_factor": PropertyRule(
        "dimensionless", "1 + d ln f/d ln m of the salt", ELECTROLYTES, 0.01, 100.0
    ),
    "surface_slope": PropertyRule(
        "dimensionless",
        "root mean square slope of the surface that a metal is laid on",
        ELECTROLYTES,
        1e-4,
        10.0,
    ),
    "retarded_compliance": PropertyRule(
        "1/Pa",
        "compliance that comes with time beside 1/youngs_modulus",
        ELECTROLYTES,
        0.0,
        1e-2,
    ),
    "retardation_time": PropertyRule("s", "time in which it comes", ELECTROLYTES, 1e-6, 1e9),
}
