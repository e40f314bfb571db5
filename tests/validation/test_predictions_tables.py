"""Rows of Tables 2 and 3, and trends: each function against numbers worked out here."""

import re
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.materials.load import load_transport_table
from lithomech.validation.library import Library
from lithomech.validation.predictions import tables, trends
from support.shelf import Shelf

FARADAY = 96485.33212  # C/mol
MAH_PER_G = 3600.0  # A s/kg
MPA = 1e6
TABLE_3 = "song2021_table3"


# Table 2


@pytest.mark.parametrize(
    ("name", "after", "lithium", "mass", "volumes", "capacity", "change"),
    [
        # cells of four, cubic angstrom: LiFePO4 291.4, FePO4 272.4
        ("lfp", "FePO4", 1.0, 157.75, (291.4 / 4, 272.4 / 4), 169.9, 272.4 / 291.4 - 1.0),
        # Si: 5.431^3/8 per atom; Li15Si4: 10.63^3/16 per silicon
        ("si", "Li15Si4", 3.75, 28.085, (5.431**3 / 8, 10.63**3 / 16), 3578.6, 2.749),
        # Sn: 5.832^2 x 3.182/4 per atom; Li22Sn5: 19.78^3/80 per tin
        ("sn", "Li22Sn5", 4.4, 118.71, (5.832**2 * 3.182 / 4, 19.78**3 / 80), 993.4, 2.576),
    ],
)
def test_capacity_and_volume_of_a_reaction(
    name, after, lithium, mass, volumes, capacity, change
):
    shelf = Shelf(
        {
            (name, "molar_mass"): 1e-3 * mass,
            (name, "molar_volume"): volumes[0] * 0.602214e-6,
            (name, "reacted_molar_volume", after): volumes[1] * 0.602214e-6,
        }
    )
    given = {"material": name, "after": after, "reversible_lithium": lithium}
    found = tables.reaction(shelf, given)
    # four digits of the capacity and of the volume change typed in above
    assert_allclose(found["reaction_capacity"] / MAH_PER_G, capacity, rtol=3e-4)
    assert_allclose(found["reaction_volume_change"], change, rtol=3e-4)


# Potential from 4.5 V at x = 0 to 3.5 V at x = 1; strain 0 at x = 0.9, -9 % at x = 0.
HOST = {
    ("host", "open_circuit_potential"): ([0.0, 0.5, 1.0], [4.5, 4.0, 3.5]),
    ("host", "volume_strain"): ([0.0, 0.5, 1.0], [-0.09, -0.04, 0.01]),
}


def host():
    values = {("host", "molar_mass"): 0.1, ("host", "as_made_stoichiometry"): 0.9}
    return Shelf(values, dict(HOST))


def test_one_state_for_both_numbers_of_a_row():
    found = tables.to_potential(host(), {"material": "host", "potential": 4.3})
    # 4.3 V is x = 0.2, strain -7 %; the charge began at x = 0.9
    assert_allclose(found["reaction_capacity"], 0.7 * FARADAY / 0.1, rtol=1e-9)
    assert_allclose(found["reaction_volume_change"], -0.07, rtol=1e-9)


def test_lithium_that_left_counts_from_the_full_formula():
    found = tables.to_content(host(), {"material": "host", "reversible_lithium": 0.5})
    assert_allclose(found["reaction_capacity"], 0.5 * FARADAY / 0.1, rtol=1e-9)
    assert_allclose(found["reaction_volume_change"], -0.04, rtol=1e-9)


def test_lithium_on_a_foil():
    """6 mAh/cm2 on 50 um of 0.534 g/cm3: 6/(50e-4 x 0.534) = 2247.2 mAh/g, 58.19 %."""
    shelf = Shelf(
        {
            ("li", "partial_molar_volume"): 6.94 / 0.534 * 1e-6,
            ("li", "molar_mass"): 6.94e-3,
        }
    )
    found = tables.foil(shelf, {"areal_capacity": 6.0 * 36e3, "thickness": 50e-6})
    assert_allclose(found["reaction_capacity"] / MAH_PER_G, 6.0 / (50e-4 * 0.534), rtol=1e-9)
    assert_allclose(found["reaction_volume_change"], 0.5819, rtol=1e-4)


# Table 3


def test_both_copies_of_table_3_agree():
    """The file that cells read, and the one that carries the ids of the rows."""
    table, library = load_transport_table("song2021_ncm88_li6ps5cl"), Library()
    for w, weight in enumerate(table.weight_fraction):
        for p, pressure in enumerate(table.pressure_Pa):
            row = f"{100 * weight:.0f}:{100 * (1 - weight):.0f}, {pressure / MPA:.0f} MPa"
            for carrier in ("ionic", "electronic"):
                found = library.value(TABLE_3, f"tortuosity_factor_{carrier}", conditions=row)
                assert found == getattr(table, f"tau2_{carrier}")[w, p], row


def test_porosity_of_the_cells_is_that_of_the_conductivities():
    """1 - sigma tau2/(sigma_0 phi) of 85:15 at 7 MPa, where tau2_e is known best."""
    active = 85.0 / 4.80 / (85.0 / 4.80 + 15.0 / 1.87)
    solid = 9.1e-4 * 20.30 / (4.1e-2 * active)
    (found,) = load_transport_table("song2021_ncm88_li6ps5cl").porosity[-1:]
    assert_allclose(found, 1.0 - solid, rtol=0.02)  # half a unit of 9.1: 0.55 % of 65.5 %


# Trends


def test_signs_and_order_of_hosts():
    shelf = host()
    shelf.values["other", "as_made_stoichiometry"] = 1.0
    shelf.curves["other", "volume_strain"] = ([0.0, 1.0], [0.02, 0.0])
    found = trends.opposite_signs(shelf, {"one": "host", "other": "other"})
    assert found.holds
    assert found.text == "host -4.00 %, other +1.00 % from as made to x = 0.5"
    shelf.curves["more", "open_circuit_potential"] = HOST["host", "open_circuit_potential"]
    shelf.curves["more", "volume_strain"] = ([0.0, 1.0], [-0.2, 0.0])
    rising = trends.grows_with_nickel(shelf, {"hosts": "host more", "potential": 4.3})
    falling = trends.grows_with_nickel(shelf, {"hosts": "more host", "potential": 4.3})
    assert (rising.holds, falling.holds) == (True, False)
    assert rising.text == "host -7.00, more -16.00 % at 4.3 V"


def test_departure_from_a_line():
    """A step in the middle: at x = 0.49 the line is at 4.9 %, the curve at 1 of 10 %."""
    shelf = Shelf({}, {("line", "volume_strain"): ([0.0, 1.0], [-0.1, 0.0])})
    shelf.curves["line", "open_circuit_potential"] = ([0.0, 1.0], [4.5, 3.5])
    steps = ([0.0, 0.49, 0.51, 1.0], [0.0, 0.01, 0.09, 0.1])
    shelf.curves["step", "volume_strain"] = steps
    given = {"staged": "step", "straight": "line", "potential": 4.2}
    found = trends.staged_against_straight(shelf, given)
    assert found.holds
    assert "line 0 % of its swing off a line, slopes 1:1" in found.text
    assert "step 39 % of its swing" in found.text
    given = {"staged": "line", "straight": "step", "potential": 4.5}
    shelf.curves["step", "open_circuit_potential"] = ([0.0, 1.0], [4.5, 3.5])
    assert not trends.staged_against_straight(shelf, given).holds


@pytest.mark.parametrize(("limit", "holds"), [(0.005, True), (0.001, False)])
def test_zero_strain_by_lattices(limit, holds):
    shelf = Shelf(
        {
            ("lto", "molar_volume"): 8.36**3,
            ("lto", "reacted_molar_volume"): 8.354**3,
            ("graphite", "molar_volume"): 1.0,
            ("graphite", "reacted_molar_volume"): 1.12,
        }
    )
    given = {"host": "lto", "other": "graphite", "reaction_volume_change": limit}
    found = trends.keeps_its_volume(shelf, given)
    assert found.holds is holds
    assert "lto -0.22 %" in found.text  # 3 x 0.006/8.36


def test_oxidised_argyrodite():
    """268.4 g/mol over 1.87 are 143.5; 180.3/1.853 + 42.4/2.07 + 32.06/2.07 = 133.3 cm3/mol."""
    grams = {"li3ps4": 180.05, "licl": 42.39, "sulfur": 32.06, "li": 6.94}
    shelf = Shelf({(name, "molar_mass"): 1e-3 * m for name, m in grams.items()})
    shelf.values["li6ps5cl", "density"] = 1870.0
    for name, volume in (("li3ps4", 97.3), ("licl", 20.5), ("sulfur", 15.5)):
        shelf.values[name, "molar_volume"] = 1e-6 * volume
    found = trends.oxidation_shrinks(shelf, {})
    change = 100.0 * (133.3 / ((180.05 + 42.39 + 32.06 + 13.88) / 1.87) - 1.0)
    assert found.holds
    assert f"{change:+.1f} %" in found.text


def test_trends_of_table_3_as_printed():
    library = Library()
    # 20 to 3 MPa: Li+ at most 5.13/4.26; electrons 28.79/9.82 to 1975.79/466.54
    least, most = 28.79 / 9.82, 1975.79 / 466.54
    sensitive = trends.electrons_feel_pressure(library, {})
    assert sensitive.holds
    assert f"x {5.13 / 4.26:.2f}, electrons at least x {least:.2f}" in sensitive.text
    forming = trends.forming_sets_the_ions(library, {})
    assert forming.holds
    m = [np.log(ratio) / np.log(20.0 / 3.0) for ratio in (5.13 / 4.26, least, most)]
    assert f"to {m[0]:.2f}, electrons {m[1]:.2f} to {m[2]:.2f}" in forming.text
    ratio = trends.electrons_lag_at_like_volume(library, {})
    assert f"x {29.54 / 4.26:.0f}, x {62.81 / 4.54:.0f}, x {121.27 / 5.13:.0f}" in ratio.text
    assert trends.more_active_material(library, {}).holds


def test_ions_of_halides_against_the_stiffness():
    assert not trends.softer_with_larger_ions(Library(), {}).holds  # Cl 21 < Br 22 GPa


# Cells


def test_strain_is_all_that_differs_between_both_cells():
    library = Library()
    given = {"cell": "ncm_lithium", "host": "ncm811"}
    found = trends.shrinkage_opens_and_cracks(library, given)
    assert found.holds
    assert "without strain: contact" in found.text
    assert "damage 0 %, each charged 154 mAh/g" in found.text  # 8 h at C/10 of 193 mAh/g


def test_a_stiff_frame_gains_what_the_lithium_and_the_frame_leave():
    """0.8 mAh/cm2 are 3.87 um of lithium; a frame of 4 MPa/um makes 4 MPa of each um."""
    stiff, soft = "60 MPa, 4 MPa/um", "1 MPa, 0.004 MPa/um"
    found = trends.stress_or_thickness(
        Library(), {"cell": "ncm_lithium", "stiff": stiff, "soft": soft}
    )
    assert found.holds
    reported = found.text.split("; ")
    pressure, growth = (
        [float(v) for v in re.findall(r"[+][0-9.]+", half)] for half in reported
    )
    assert_allclose(pressure[0], 4.0 * pressure[1], rtol=4e-3)  # printed to 0.01 MPa and um
    # soft: 0.8 mAh/cm2 x 12.97 cm3/mol/F, less what the cathode shrinks (0.4 %)
    assert_allclose(growth[1], 0.8 * 36e3 * 12.97e-6 / FARADAY * 1e6, rtol=8e-3)


def test_the_blend_of_the_null_is_run():
    found = trends.blend_is_flatter(
        Library(), {"cell": "blend_lto", "one": "lco", "other": "ncm811"}
    )
    assert "lco +" in found.text
    assert "ncm811 -" in found.text


def test_cells_of_trends_are_packaged():
    folder = files("lithomech") / "validation" / "cells"
    assert {"ncm_lithium.yaml", "blend_lto.yaml", "rate_test.yaml"} <= {
        path.name for path in folder.iterdir()
    }
