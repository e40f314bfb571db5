"""Classes, decomposition products and experiments against what the review prints."""

import re
from collections import defaultdict

import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import known, load_material

FARADAY = 96485.33212
AVOGADRO = 6.02214076e23
MPA, HOUR = 1e6, 3600.0
WEIGHT = {  # standard atomic weights, g/mol
    "Li": 6.94,
    "P": 30.973762,
    "S": 32.06,
    "Cl": 35.45,
    "Ge": 72.63,
    "Br": 79.904,
    "Y": 88.905838,
    "I": 126.90447,
}
PRINTED = [  # claim, property, numbers of the review in SI units
    ("Q-001", "salt_concentration", [1000.0]),
    ("Q-017", "ionic_conductivity", [0.67]),
    ("Q-019", "oxidation_limit", [3.0]),
    ("Q-020", "oxidation_limit", [4.3]),
    ("Q-022", "areal_capacity", [6 * 36e3]),
    ("Q-022", "thickness", [50e-6]),
    ("Q-026", "ionic_conductivity", [1.0]),
    ("Q-027", "decades_below_liquid", [2.0]),
    ("Q-028", "ionic_conductivity", [1.0]),
    ("Q-029", "ionic_conductivity", [0.1]),
    ("Q-030", "oxidation_limit", [4.0]),
    ("Q-031", "oxidation_limit", [2.5]),
    ("Q-032", "oxidation_limit", [4.3]),
    ("Q-033", "oxidation_limit", [6.0]),
    ("Q-046", "size_ratio", [2.1]),
    ("Q-046", "active_weight_fraction", [0.75]),
    ("Q-047", "utilisation", [0.98]),
    ("Q-048", "particle_diameter", [4.0e-6]),
    ("Q-049", "particle_diameter", [15.6e-6, 8.3e-6]),
    ("Q-050", "particle_diameter", [1.9e-6]),
    ("Q-051", "particle_diameter", [100e-9]),
    ("Q-052", "particle_diameter", [1e-6]),
    ("Q-053", "ionic_conductivity", [0.1]),
    ("Q-053", "synthesis_temperature", [450.0 + 273.15]),
    ("Q-060", "reaction_volume_change", [-0.10]),
    ("Q-061", "substituted_share", [0.2]),
    ("Q-063", "lattice_strain_a", [-0.020]),
    ("Q-080", "areal_capacity", [5 * 36e3]),
    ("Q-080", "thickness", [24e-6]),
    ("Q-091", "potential", [3.75]),
    ("Q-092", "potential", [4.0]),
    ("Q-093", "rate_slope", [-1.0]),
    ("Q-094", "rate_slope", [-2.0]),
    ("Q-095", "acoustic_bands", [3.0]),
    ("Q-096", "capacity_loss", [0.04]),
    ("Q-096", "cycles", [4000.0]),
    ("Q-097", "cycles", [100.0]),
    ("Q-098", "electrolyte_weight_fraction", [0.291]),
    ("Q-099", "electrolyte_weight_fraction", [0.407]),
    ("Q-100", "cycles", [200.0]),
    ("Q-103", "oxidation_limit", [4.3]),
    ("Q-108", "stack_pressure", [70 * MPA]),
    ("Q-109", "stack_pressure", [3 * MPA]),
    ("Q-110", "current_density", [10.0]),
    ("Q-111", "stack_pressure", [7 * MPA]),
    ("Q-112", "cycles", [100.0]),
    ("Q-113", "current_density", [20.0]),
    ("Q-114", "stack_pressure", [25 * MPA]),
    ("Q-115", "stack_pressure", [75 * MPA]),
    ("Q-116", "stack_pressure", [25 * MPA]),
    ("Q-117", "blend_weight_fraction", [0.55]),
    ("Q-119", "np_ratio", [1.2, 1.4, 1.7]),
    ("Q-119", "rate", [0.1 / HOUR]),
    ("Q-119", "temperature", [303.15]),
    ("Q-120", "active_weight_fraction", [0.85, 0.70, 0.50]),
    ("Q-121", "stack_pressure", [20 * MPA, 7 * MPA, 3 * MPA]),
    ("Q-126", "mass", [150e-6]),
    ("Q-127", "pressing_pressure", [370 * MPA]),
    ("Q-128", "diameter", [13e-3]),
    ("Q-133", "active_volume_fraction", [0.48]),
    ("Q-134", "stack_pressure", [1 * MPA]),
]
RANGES = [  # claim, property, lowest and highest number printed
    ("Q-021", "stack_pressure", (10 * MPA, 100 * MPA)),
    ("Q-024", "ionic_conductivity", (1e-4, 1e-1)),
    ("Q-025", "ionic_conductivity", (1e-6, 1e-5)),
    ("Q-064", "lattice_strain_c", (-0.079, -0.037)),
    ("Q-084", "constriction_pressure", (0.0, 20e9)),
]
MISPRINTS = [("Q-045", 12e9, "E-05"), ("Q-107", 29.0e9, "E-06")]
ANIONS = ("fluoride", "chloride", "bromide", "oxide", "sulfide", "iodide")
# Cells in angstrom over Z: tetragonal LGPS (Kamaya 2011), beta-Li3PS4 (Homma 2011),
# Li6PS5Cl (a = 9.85; with 268.4 g/mol 1.865 g/cm3).
VOLUME = {
    "lgps": 8.69407**2 * 12.5994 / 2 * 1e-30 * AVOGADRO,
    "li3ps4": 12.819 * 8.2195 * 6.1236 / 4 * 1e-30 * AVOGADRO,
    "li6ps5cl": 9.85**3 / 4 * 1e-30 * AVOGADRO,
}
FORMULA = {"lgps": "Li10GeP2S12", "li3ps4": "Li3PS4", "li6ps5cl": "Li6PS5Cl"}
REACTIONS = {  # electrolyte: lithium taken up, products; the sign of the volume change
    ("lgps", 10.0, 1): {"phosphorus": 2, "li2s": 8, "li4ges4": 1},
    ("lgps", 16.0, 1): {"li3p": 2, "li2s": 8, "li4ges4": 1},
    ("lgps", 23.75, 1): {"li3p": 2, "li2s": 12, "li15ge4": 0.25},
    ("lgps", -4.0, -1): {"li3ps4": 2, "ges2": 1, "sulfur": 2},
    ("li6ps5cl", 8.0, 1): {"li3p": 1, "li2s": 5, "licl": 1},
    ("li6ps5cl", -2.0, -1): {"li3ps4": 1, "licl": 1, "sulfur": 1},
}


def role(wanted):
    return [name for name in known() if load_material(name).role == wanted]


def by_claim():
    found = defaultdict(list)
    for name in (*role("family"), *role("experiment")):
        for key, first in load_material(name).properties.items():
            for value in (first, *first.others):
                for claim in value.source.claims:
                    found[claim, key].append(value)
    return found


STORED = by_claim()


def composition(formula):
    parts = re.findall(r"([A-Z][a-z]?)([\d.]*)", formula)
    return {element: float(number or 1.0) for element, number in parts}


@pytest.mark.parametrize(("claim", "key", "printed"), PRINTED)
def test_a_printed_number_is_stored_as_printed(claim, key, printed):
    """Same number in another unit: rounding of the conversion is all that differs."""
    stored = {value.value for value in STORED[claim, key]}
    assert_allclose(sorted(stored), sorted(printed), rtol=1e-12)


@pytest.mark.parametrize(("claim", "key", "printed"), RANGES)
def test_a_printed_range_is_the_span(claim, key, printed):
    for value in STORED[claim, key]:
        assert_allclose(value.span, printed, rtol=1e-12)
    assert STORED[claim, key]


@pytest.mark.parametrize(("claim", "printed", "erratum"), MISPRINTS)
def test_a_misprinted_modulus_is_kept_beside_the_range_of_table_1(claim, printed, erratum):
    (value,) = STORED[claim, "youngs_modulus"]
    assert_allclose(value.span, (20e9, 33.4e9), rtol=1e-12)
    assert_allclose(value.printed, printed, rtol=1e-12)
    assert value.erratum == erratum


def test_the_blend_keeps_the_probable_order_and_the_printed_one():
    blend = load_material("koerver2018_pressure").properties["blend_weight_fraction"]
    assert_allclose(blend.value + blend.printed, 1.0, rtol=1e-12)
    assert blend.erratum == "E-14"


def test_oxidation_limits_fall_in_the_printed_order_of_anions():
    """Fluorides > chlorides > bromides, about oxides > sulfides, about iodides."""
    limit = {name: load_material(name).properties["oxidation_limit"] for name in ANIONS}
    binary = {  # the lithium compound with that one anion
        name: next(v.value for v in (found, *found.others) if "element" in v.conditions)
        for name, found in limit.items()
    }
    assert binary["fluoride"] > binary["chloride"] > binary["bromide"]
    assert min(binary["bromide"], binary["oxide"]) > max(binary["sulfide"], binary["iodide"])
    classes = [limit[name].value for name in ("fluoride", "chloride", "bromide", "sulfide")]
    assert classes == sorted(classes, reverse=True)


def test_sulfides_have_a_practical_and_an_intrinsic_limit():
    found = load_material("sulfide").properties["oxidation_limit"]
    limits = {value.conditions: value.value for value in (found, *found.others)}
    assert limits["practical"] > limits["intrinsic"]


@pytest.mark.parametrize("name", role("phase"))
def test_molar_mass_follows_from_the_formula(name):
    """Printed to five digits or more."""
    material = load_material(name)
    mass = sum(n * WEIGHT[element] for element, n in composition(material.formula).items())
    assert_allclose(material.value("molar_mass"), mass * 1e-3, rtol=1e-4)


@pytest.mark.parametrize("name", role("phase"))
def test_mass_is_density_times_volume(name):
    """Half a unit of the last digit of 11.51 cm3/mol is 4.3e-4."""
    m = load_material(name)
    product = m.value("density") * m.value("molar_volume")
    assert_allclose(product, m.value("molar_mass"), rtol=5e-4)


@pytest.mark.parametrize(("start", "products"), REACTIONS.items())
def test_reactions_of_electrolytes_balance(start, products):
    electrolyte, lithium, _ = start
    left = composition(FORMULA[electrolyte])
    left["Li"] += lithium
    right = defaultdict(float)
    for name, number in products.items():
        formula = FORMULA.get(name) or load_material(name).formula
        for element, n in composition(formula).items():
            right[element] += number * n
    assert left == dict(right)


@pytest.mark.parametrize(("start", "products"), REACTIONS.items())
def test_reduction_swells_and_oxidation_shrinks_an_electrolyte(start, products):
    """Sections 3.2 and 4.2: pressure rises on reduction, voids open on oxidation.

    Per lithium less than the 13 cm3/mol of the metal it comes from.
    """
    electrolyte, lithium, sign = start
    after = sum(
        n * (VOLUME[p] if p in VOLUME else load_material(p).value("molar_volume"))
        for p, n in products.items()
    )
    per_lithium = (after - VOLUME[electrolyte]) / abs(lithium)
    assert 0.0 < sign * per_lithium < 13e-6


def test_lithium_per_areal_capacity_agrees_with_its_molar_volume():
    """24 um for 5 mAh/cm2: two digits, so half a micrometre in 24."""
    given = load_material("song2021_lithium").properties
    (capacity,) = (v.value for v in STORED["Q-080", "areal_capacity"])
    (thickness,) = (v.value for v in given["thickness"].others)
    volume = load_material("li").value("partial_molar_volume")
    assert_allclose(thickness, volume * capacity / FARADAY, rtol=0.5 / 24)


def test_the_volume_share_of_the_composites_follows_from_weights_and_densities():
    """Table 3, with 4.80 and 1.87 g/cm3; three digits, so 0.0005 in 0.280."""
    composite = load_material("song2021_composite").properties
    weights = composite["active_weight_fraction"]
    volumes = composite["active_volume_fraction"].others
    for weight, volume in zip((weights, *weights.others), volumes, strict=True):
        w = weight.value
        assert_allclose(volume.value, w / 4.80 / (w / 4.80 + (1.0 - w) / 1.87), rtol=2e-3)
