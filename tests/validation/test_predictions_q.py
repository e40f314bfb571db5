"""Predictions of section 1 to 5: each function against a number worked out here.

The functions see a shelf of made-up or typed-in numbers, so that these tests do not depend on
what the library holds; the last tests look at the packaged cells.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.validation.library import Library
from lithomech.validation.predictions import (
    cells,
    classes,
    hosts,
    lithium,
    moduli,
    reactions,
    transport,
    windows,
)
from support.shelf import Shelf

FARADAY = 96485.33212  # C/mol
MAH_PER_G = 3600.0  # A s/kg


# Lithium: 6.94 g/mol over 0.534 g/cm3 = 13.0 cm3/mol


def test_five_milliamperehours_of_lithium_are_24_micrometres():
    shelf = Shelf({("li", "partial_molar_volume"): 6.94 / 0.534 * 1e-6})
    found = lithium.plated_thickness(shelf, {"areal_capacity": 5.0 * 36e3})
    # 3862 mAh/g and 0.534 g/cm3 are 2062 mAh/cm3: 5/2062 cm
    assert_allclose(found["thickness"], 5.0 / 2062.3e2, rtol=1e-4)


def test_six_on_fifty_micrometres_are_58_per_cent():
    shelf = Shelf({("li", "partial_molar_volume"): 6.94 / 0.534 * 1e-6})
    given = {"areal_capacity": 6.0 * 36e3, "thickness": 50e-6}
    found = lithium.foil_expansion(shelf, given)
    assert_allclose(found["reaction_volume_change"], 0.5819, rtol=1e-4)  # list of errata


def test_dendrite_criterion_from_the_modulus_that_masias_measured():
    shelf = Shelf(
        {
            ("li", "dendrite_modulus_ratio"): 2.0,
            ("li", "youngs_modulus"): 7.82e9,
            ("li", "poisson_ratio"): 0.381,
        }
    )
    # G = 2.83 GPa is measured beside E and nu; each is rounded to three digits
    found = lithium.dendrite_criterion(shelf, {})["dendrite_shear_modulus"]
    assert_allclose(found, 5.66e9, rtol=3e-3)


def test_modulus_ratio_is_about_the_two_of_monroe_and_newman():
    found = lithium.modulus_ratio(Shelf({("li", "poisson_ratio"): 0.42}), {})
    assert_allclose(found["dendrite_modulus_ratio"], 2.0, rtol=0.1)


@pytest.mark.parametrize(("flaw", "holds"), [(7e-6, True), (6e-6, False)])
def test_pressure_alone_splits_deep_flaws(flaw, holds):
    shelf = Shelf({("se", "fracture_toughness"): 0.17e6, ("se", "poisson_ratio"): 0.35})
    given = {"electrolyte": "se", "stack_pressure": 75e6, "flaw_size": flaw}
    found = lithium.short_on_pressing(shelf, given)
    assert found.holds is holds
    # (0.17/(1.12 * 0.3/0.65 * 75))^2/pi = 6.1 um
    assert "deeper than 6.1 um" in found.text


@pytest.mark.parametrize(
    ("lithium_per_formula", "grams", "capacity"),
    [(1.0, 97.87, 273.8), (1.0, 4 * 28.085 / 15, 3578.6), (3.0, 459.1, 175.1)],
)
def test_capacities_by_faraday(lithium_per_formula, grams, capacity):
    shelf = Shelf({("host", "molar_mass"): 1e-3 * grams})
    given = {"material": "host", "reversible_lithium": lithium_per_formula}
    found = reactions.theoretical_capacity(shelf, given)["theoretical_capacity"]
    assert_allclose(found / MAH_PER_G, capacity, rtol=3e-4)  # four digits


def test_half_the_lithium_of_lco_in_practice():
    shelf = Shelf({("lco", "molar_mass"): 97.87e-3, ("lco", "reversible_lithium"): 0.5})
    found = reactions.practical_capacity(shelf, {"material": "lco"})["practical_capacity"]
    assert_allclose(found / MAH_PER_G, 136.9, rtol=4e-4)


def test_volume_change_of_a_reaction():
    """LiFePO4 291.4, FePO4 271.5 cubic angstrom in a cell of four: -6.8 %."""
    shelf = Shelf(
        {
            ("lfp", "molar_volume"): 291.4e-30 * 6.022e23 / 4.0,
            ("lfp", "reacted_molar_volume"): 271.5e-30 * 6.022e23 / 4.0,
        }
    )
    found = reactions.volume_change(shelf, {"material": "lfp"})["reaction_volume_change"]
    assert_allclose(found, 271.5 / 291.4 - 1.0, rtol=1e-12)


@pytest.mark.parametrize(("limit", "holds"), [(2000.0, True), (2100.0, False)])
def test_lithiated_tin_beside_silicon_and_lithium(limit, holds):
    """Erratum E-16: tin is last of the three on the volume with lithium."""
    shelf = Shelf(
        {
            ("sn", "reacted_molar_volume"): 13.25e-6,  # 26801.5/13.25 = 2023 mAh/cm3
            ("si", "reacted_molar_volume"): 12.24e-6,  # 2190
            ("li", "partial_molar_volume"): 12.97e-6,  # 2066
        }
    )
    given = {"material": "sn", "others": "si", "volumetric_capacity": limit * 3.6e6}
    found = reactions.volumetric_capacity(shelf, given)
    assert found.holds is holds
    assert found.text.startswith("2023 mAh/cm3 of lithiated sn, beside si 2190, li 2066")


# A host with a straight potential, 4.5 V at x = 0 to 3.5 V at x = 1, that shrinks by 10 % as
# made (x = 1) to x = 0, half of it between x = 0.3 and 0.2.
STRAIGHT = ([0.0, 0.5, 1.0], [4.5, 4.0, 3.5])
STEPPED = (
    [0.0, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0],
    [-0.10, -0.09, -0.08, -0.055, -0.03, -0.02, 0.0],
)


def host(**curves):
    shelf = Shelf({("host", "as_made_stoichiometry"): 1.0})
    for name, curve in ({"volume_strain": STEPPED} | curves).items():
        shelf.curves["host", name] = curve
    shelf.curves["host", "open_circuit_potential"] = STRAIGHT
    return shelf


def test_volume_where_the_potential_is_reached():
    found = hosts.volume_on_charge(host(), {"material": "host", "potential": 4.3})
    assert_allclose(found["reaction_volume_change"], -0.08, rtol=1e-6)  # x = 0.2


def test_volume_at_both_ends_of_the_window():
    given = {"material": "host", "windows": "4.2 V, 4.4 V"}
    found = hosts.volume_by_window(host(), given)
    assert list(found) == ["to 4.2 V", "to 4.4 V"]
    assert_allclose(list(found.values()), [-3.0, -9.0], rtol=1e-6)


def test_volume_counts_from_as_made():
    shelf = host()
    shelf.values["host", "as_made_stoichiometry"] = 0.5
    found = hosts.volume_at_content(shelf, {"material": "host", "stoichiometry_min": 0.2})
    assert_allclose(found["reaction_volume_change"], 0.92 / 0.98 - 1.0, rtol=1e-6)


@pytest.mark.parametrize(("limit", "holds"), [(0.11, True), (0.09, False)])
def test_largest_contraction(limit, holds):
    given = {"materials": "host", "reaction_volume_change": limit}
    found = hosts.largest_contraction(host(), given)
    assert found.holds is holds
    assert "-10.00 % for host" in found.text


def test_steepest_contraction_is_in_the_step():
    found = hosts.steepest_contraction(host(), {"material": "host"})
    assert 4.2 < found["transition_potential"] < 4.3  # x between 0.3 and 0.2
    assert found["potential"] == found["transition_potential"]


def test_collapse_starts_where_c_is_longest():
    """e = 2 a + c and m = c - a: c = 0 at both ends and 1 % at x = 0.5, a = -1 % (1 - x)."""
    x = np.linspace(0.0, 1.0, 101)
    a, c = -0.01 * (1.0 - x), 0.01 * (1.0 - (2.0 * x - 1.0) ** 2)
    shelf = host(volume_strain=(x, 2.0 * a + c), lattice_mismatch=(x, c - a))
    found = hosts.start_of_collapse(shelf, {"material": "host"})
    assert_allclose(found["potential"], 4.0, rtol=1e-3)


@pytest.mark.parametrize(("limit", "holds"), [(4.1, True), (3.9, False)])
def test_mean_potential(limit, holds):
    shelf = host()
    shelf.values |= {("host", "stoichiometry_min"): 0.0, ("host", "stoichiometry_max"): 1.0}
    found = hosts.rounds_to_zero(shelf, {"material": "host", "potential": limit})
    assert found.holds is holds
    assert found.text.startswith("4.00 V")


def test_x_ray_density():
    shelf = Shelf({("h", "molar_mass"): 97.62e-3, ("h", "molar_volume"): 20.3e-6})
    assert_allclose(hosts.density(shelf, {"material": "h"})["density"], 4808.9, rtol=1e-5)


def test_youngs_modulus_from_shear_and_bulk_modulus():
    """Rows 1, 4 and 5 of Table 1; each modulus is rounded to 0.1 GPa."""
    shelf = Shelf(
        {
            ("ltp", "shear_modulus", "Deng2016"): 57.6e9,
            ("ltp", "bulk_modulus", "Deng2016"): 95.0e9,
            ("llzo", "shear_modulus", "Deng2016"): 68.9e9,
            ("llzo", "bulk_modulus", "Deng2016"): 127.4e9,
            ("llzo", "shear_modulus", "Ni2012"): 59.6e9,
            ("llzo", "bulk_modulus", "Ni2012"): 102.8e9,
        }
    )
    found = moduli.young(shelf, {"material": "ltp", "ref": "Deng2016"})
    assert_allclose(found["youngs_modulus"], 143.7e9, rtol=1.3e-3)
    found = moduli.young(shelf, {"material": "llzo", "ref": "Ni2012 Deng2016"})
    assert_allclose([found["Ni2012"], found["Deng2016"]], [149.8, 175.1], rtol=1.3e-3)


def test_limits_of_poissons_ratio():
    assert moduli.poisson_limits(Shelf(), {}) == {"incompressible": 0.5, "compressible": 0.0}


def test_misprinted_ranges_of_sulfide_moduli():
    """E of Table 1 goes from 20 to 33.4 GPa, for sulfides; G 5 and K 10 give E = 12.86 GPa."""
    library = Library()
    first = moduli.sulfide_modulus_when_pressed(library, {})
    assert first.holds
    assert "E = 12.9 to 15.4 GPa" in first.text
    assert "below 20 GPa" in first.text
    second = moduli.sulfide_modulus_beside_lithium(library, {})
    assert second.holds
    assert "from 20 to 33.4 GPa" in second.text


@pytest.mark.parametrize(("limit", "holds"), [(6.0, True), (6.2, False)])
def test_lithium_fluoride_by_its_energy_of_formation(limit, holds):
    potential = 587.7e3 / FARADAY  # 6.09 V
    shelf = Shelf({("fluoride", "oxidation_limit", "LiF"): potential})
    given = {"family": "fluoride", "compound": "LiF", "oxidation_limit": limit}
    found = windows.binary_exceeds(shelf, given)
    assert found.holds is holds
    assert "6.09 V" in found.text


def test_constraint_widens_what_grows_and_narrows_what_shrinks():
    """10 lithium and 60 cm3: 6 cm3/mol, 1.244 V at 20 GPa; 4 lithium and -4 cm3: -0.207 V."""
    volumes = {"lgps": 290.0, "phosphorus": 10.0, "li2s": 30.0, "li4ges4": 90.0}
    volumes |= {"li3ps4": 105.0, "ges2": 46.0, "sulfur": 15.0}
    shelf = Shelf({(name, "molar_volume"): 1e-6 * v for name, v in volumes.items()})
    shelf.values["lgps", "reduction_limit", "free"] = 1.75
    shelf.values["lgps", "oxidation_limit", "free"] = 2.2
    found = windows.constrained(shelf, {"constriction_pressure": 20e9})
    assert_allclose(found["reduction_limit"], 1.75 - 20e9 * 6e-6 / FARADAY, rtol=1e-9)
    assert_allclose(found["oxidation_limit"], 2.2 - 20e9 * 1e-6 / FARADAY, rtol=1e-9)


COMPOSITE = {
    "active": "ncm",
    "electrolyte": "se",
    "table": "table",
    "composition": "85:15",
    "active_weight_fraction": 0.85,
}
DENSITIES = {("ncm", "density"): 4800.0, ("se", "density"): 1870.0}


def test_volume_share_of_a_weight_share():
    found = transport.active_volume_fraction(Shelf(DENSITIES), COMPOSITE)
    assert_allclose(found["active_volume_fraction"], 0.688, rtol=1e-3)  # Table 3: 68.8:31.2


def test_electrolyte_diameter():
    shelf = Shelf(
        {
            ("strauss2018_particle_size", "particle_diameter", "Q-048"): 4.0e-6,
            ("shi2020_utilisation", "size_ratio"): 2.1,
        }
    )
    found = transport.electrolyte_diameter(shelf, {})["particle_diameter"]
    assert_allclose(found, 1.905e-6, rtol=3e-4)


def test_tortuosity_of_one_carrier_from_the_other():
    """With a solid share of 0.6, tau2 = sigma_0 phi/sigma is exact for both carriers."""
    shelf = Shelf(dict(DENSITIES))
    shelf.values["ncm", "electronic_conductivity", "Song2021"] = 4.0
    shelf.values["se", "ionic_conductivity", "Song2021"] = 0.2
    share = 0.85 / 4.80 / (0.85 / 4.80 + 0.15 / 1.87)
    ionic, electronic = [10.0, 11.0, 12.0], [5.0, 20.0, 30.0]
    for pressure, tau_i, tau_e in zip((20, 7, 3), ionic, electronic, strict=True):
        row = f"85:15, {pressure} MPa"
        shelf.values |= {
            ("table", "tortuosity_factor_ionic", row): tau_i,
            ("table", "tortuosity_factor_electronic", row): tau_e,
            ("table", "ionic_conductivity", row): 0.2 * 0.6 * (1.0 - share) / tau_i,
            ("table", "electronic_conductivity", row): 4.0 * 0.6 * share / tau_e,
        }
    found = transport.electronic_tortuosity(shelf, COMPOSITE)
    assert_allclose(list(found.values()), electronic, rtol=1e-12)
    assert list(found) == ["20 MPa", "7 MPa", "3 MPa"]
    found = transport.ionic_tortuosity(shelf, COMPOSITE)
    assert_allclose(list(found.values()), ionic, rtol=1e-12)


@pytest.mark.parametrize(("end", "low", "high"), [("slow", -1.01, -1.0), ("fast", -2.0, -1.5)])
def test_slopes_of_the_rate_test(end, low, high):
    """Slow: all that is there, no more. Fast: between the middle of both laws and the limit."""
    found = cells.discharge_slopes(Library(), {"cell": "rate_test", "end": end})
    assert low < found["rate_slope"] < high


def test_blends_lie_between_their_parts():
    given = {"cell": "blend_lto", "blend": "55:45", "other": "45:55", "pressure_change": 1e9}
    found = cells.blend_is_flat(Library(), given)
    assert found.holds  # within 1 GPa
    values = [
        float(part.split(" kPa")[0]) for part in found.text.partition(": ")[2].split(", ")
    ]
    lco, ncm, blend, other = values
    assert ncm < 0.0 < lco  # LiCoO2 swells on charge, NCM811 shrinks
    assert ncm < other < blend < lco
    given["pressure_change"] = 1.0
    assert not cells.blend_is_flat(Library(), given).holds


def test_classes_by_their_members():
    """Section 1 prints 2.5e-2 S/cm as the best sulfide, 2.04e-3 as the best chloride."""
    library = Library()
    found = classes.best_conductivity(library, {"families": "sulfide"})
    assert_allclose(found["ionic_conductivity"], 2.5, rtol=1e-9)
    found = classes.best_conductivity(library, {"families": "chloride bromide"})
    assert_allclose(found["ionic_conductivity"], 0.204, rtol=1e-9)


@pytest.mark.parametrize(("limits", "holds"), [("1e-6 to 1e-3", True), ("1e-5 to 1e-3", False)])
def test_oxides_inside_a_range(limits, holds):
    """The softest oxide glass of section 2.2 has 5.9e-6 S/cm."""
    given = {"families": "oxide", "range": limits}
    found = classes.conductivities_between(Library(), given)
    assert found.holds is holds
    assert "li2so4_li2co3_lii 5.9e-06" in found.text
