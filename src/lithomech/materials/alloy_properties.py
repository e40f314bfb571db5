"""The properties of hosts whose potential depends on the way there, and of their phases."""

from typing import Final

from lithomech.materials.rules import HOSTS, STOICHIOMETRY, PropertyRule

ALLOY_PROPERTIES: Final[dict[str, PropertyRule]] = {
    "hysteresis": PropertyRule(
        "V",
        "half of what the potential of delithiation is above that of lithiation",
        HOSTS,
        0.0,
        2.0,
        STOICHIOMETRY,
    ),
    "hysteresis_width": PropertyRule(
        "dimensionless",
        "change of x that leads 1 - 1/e from branch to branch",
        HOSTS,
        1e-4,
        10.0,
    ),
    "amorphous_share": PropertyRule(
        "dimensionless", "share of the host that is amorphous as made", HOSTS, 1e-3, 1.0
    ),
    "amorphisation_potential": PropertyRule(
        "V", "potential vs Li/Li+ below which crystals of the host give way", HOSTS, -1.0, 6.0
    ),
    "amorphisation_speed": PropertyRule(
        "m/s", "speed of that front per excess of x behind it", HOSTS, 1e-15, 1e-3
    ),
    "compound_forms": PropertyRule(
        "V", "potential vs Li/Li+ below which the full compound crystallises", HOSTS, -1.0, 6.0
    ),
    "compound_dissolves": PropertyRule(
        "V", "potential vs Li/Li+ above which it dissolves", HOSTS, -1.0, 6.0
    ),
    "compound_rate": PropertyRule(
        "1/s", "share of the compound per excess of x, both ways", HOSTS, 1e-9, 1e3
    ),
    "flow_strength": PropertyRule(
        "Pa", "stress at which the lithiated host flows", HOSTS, 1e5, 1e11
    ),
}
