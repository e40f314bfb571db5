"""Each certain misprint: the arithmetic is done here again, from what the review prints."""

import re
from math import floor, log10

import pytest
from numpy.testing import assert_allclose

from lithomech.validation.judge import _function
from lithomech.validation.library import Library
from lithomech.validation.predictions import errata
from lithomech.validation.register import load_register

FARADAY = 96485.33212
CERTAIN = [name for name, e in load_register().errata.items() if e.certainty == "C"]
# Table 3: ions (sigma_0 = 1.9e-3 S/cm) and electrons (4.1e-2), at 20, 7 and 3 MPa.
SIGMA = {
    85: ([2.7e-5, 2.7e-5, 2.7e-5], [1.9e-3, 9.1e-4, 6.4e-4]),
    70: ([1.8e-4, 1.7e-4, 1.5e-4], [5.1e-4, 2.4e-4, 1.2e-4]),
    50: ([4.1e-4, 3.9e-4, 3.6e-4], [1.5e-5, 8.8e-6, 3.6e-6]),
}
TAU2 = {
    85: ([14.40, 14.32, 14.39], [9.82, 20.30, 28.79]),
    70: ([4.26, 4.54, 5.13], [29.54, 62.81, 121.27]),
    50: ([2.08, 2.18, 2.36], [466.54, 816.04, 1975.79]),
}
ACTIVE_SHARE = {85: 0.688, 70: 0.476, 50: 0.280}


def shown(name):
    finding = _function(load_register().errata[name].function)(Library(), {})
    assert finding.holds, finding.text
    return finding.text


@pytest.mark.parametrize("name", CERTAIN)
def test_every_certain_erratum_holds_and_says_numbers(name):
    text = shown(name)
    assert re.search(r"\d", text) or name == "E-04"


def test_tau2_is_inverse_to_conductivity():  # E-01
    """70:30, electrons: 5.1 : 2.4 : 1.2 in conductivity, so tau2 must rise from 20 to 3 MPa."""
    ionic, electronic = SIGMA[70]
    for sigma, tau2 in zip((ionic, electronic), TAU2[70], strict=True):
        products = [s * t for s, t in zip(sigma, tau2, strict=True)]
        # sigma_0 phi is one number for all pressures, to half a unit of sigma's second digit
        assert_allclose(products, products[0], rtol=0.05)
    assert "tau2 rises from 20 to 7 to 3 MPa" in shown("E-01")


def test_bulk_moduli_of_the_bromides():  # E-02
    rows = ((27.71, 0.240, 11.17), (23.49, 0.194, 9.84), (24.08, 0.255, 9.59))
    text = shown("E-02")
    for E, nu, printed in rows:
        assert f"printed {printed:.2f}" in text
        assert f"= {E / (3.0 * (1.0 - 2.0 * nu)):.1f} GPa" in text
        assert_allclose(E / (2.0 * (1.0 + nu)), printed, rtol=5e-4)  # it is G


def test_lithium_of_lmo():  # E-03
    assert "1 Li on the left" in shown("E-03")
    assert "= 2 on the right" in shown("E-03")  # 1.85 + 0.15


def test_metals_of_nca():  # E-04
    assert shown("E-04") == "Al goes in and Mn comes out"


def test_moduli_of_sulfides():  # E-05, E-06
    low, high = (9.0 * K * G / (3.0 * K + G) for G, K in ((5.0, 10.0), (6.0, 12.0)))
    assert f"E = {low:.1f} to {high:.1f} GPa" in shown("E-05")
    young = [29.5, 23.0, 20.0, 22.0, 21.0, 33.4, 21.9, 21.7, 22.1, 25.3, 30.3]
    assert f"from {min(young):g} to {max(young):g} GPa" in shown("E-06")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("LiCoO2", 0.0),
        ("Li0.88Co0.11Al0.01O2", 0.88 + 0.11 * 3 + 0.01 * 3 - 4.0),  # E-11
        ("LiNi0.6Co0.2Mn0.2", 4.0),  # E-11
        ("Li9.54Si1.74P1.44S11.7Cl0.8", 9.54 + 6.96 + 7.2 - 23.4 - 0.8),  # E-27
        ("Li9.54Si1.74P1.44S11.7Cl0.3", 0.0),
        ("Li5.5PS4.5Cl1.5", 0.0),
        ("Li6PS5Cl0.5Br0.5", 0.0),
        ("Li7P3S11", 0.0),
        ("Li10GeP2S12", 0.0),
        ("Li7La3Zr2O12", 0.0),
        ("Li3YCl6", 0.0),
        ("LiNi0.88Co0.11Mn0.01O2", 0.0),
    ],
)
def test_charges_of_the_formulas_of_the_review(formula, expected):
    # the oxidation states are whole, the amounts have two decimals
    assert abs(errata.charge(formula) - expected) < 1e-9


def test_misprinted_formulas_are_out_of_balance():
    assert "-2.76" in shown("E-11")
    assert "+4.00" in shown("E-11")
    assert "-0.50 with Cl0.8" in shown("E-27")


def test_volume_ratios_need_grams_per_cubic_centimetre():  # E-12
    text = shown("E-12")
    for weight, share in ACTIVE_SHARE.items():
        active = weight / 4.80
        found = active / (active + (100.0 - weight) / 1.87)
        assert f"{100.0 * found:.1f}" == f"{100.0 * share:.1f}"
        assert f"{100.0 * share:.1f}" in text


def test_tin_stores_least_by_volume():  # E-16
    """From what section 3.1 prints: 993 mAh/g, 260 %; 3579, 300 %; 3860; usual densities."""
    tin, silicon = 993.0 * 7.29 / 3.6, 3579.0 * 2.33 / 4.0
    assert tin < 3860.0 * 0.534 < silicon
    reported = {n: float(v) for n, v in re.findall(r"(\w+) (\d+)(?=[ ,])", shown("E-16"))}
    assert reported["sn"] < reported["li"] < reported["si"]
    assert_allclose(reported["li"], 3860.0 * 0.534, rtol=5e-3)  # 12.97 beside 13.00 cm3/mol


def test_counter_electrodes_differ():  # E-17
    text = shown("E-17")
    assert "1.55 V" in text
    assert "0.62 V" in text


def test_solid_fraction_that_one_composition_shares():  # E-19, E-25
    text, highest = shown("E-19"), 0.0
    for weight, active in ACTIVE_SHARE.items():
        low, high = 0.0, 1.0
        for carrier, (dense, phi) in enumerate(((1.9e-3, 1.0 - active), (4.1e-2, active))):
            for s, tau2 in zip(SIGMA[weight][carrier], TAU2[weight][carrier], strict=True):
                half = 0.05 * 10.0 ** floor(log10(s))
                ends = [(s + sign * half) * tau2 / (dense * phi) for sign in (-1.0, 1.0)]
                low, high = max(low, ends[0]), min(high, ends[1])
                highest = max(highest, ends[1])
        assert low < high < 1.0
        reported = [
            float(v) for v in re.search(rf"{weight} %: ([\d.]+) to ([\d.]+)", text).groups()
        ]
        # reported to three digits; the printed volume shares are rounded to 0.05 of 28 at worst
        assert_allclose(reported, [low, high], rtol=3e-3)
    assert_allclose(float(re.search(r"(\d+) %", shown("E-25"))[1]), 100.0 * highest, rtol=0.01)


def test_chloride_is_softer_than_bromide():  # E-20
    assert "Br 22, Cl 21, I 20 GPa" in shown("E-20")


def test_half_the_lithium_is_the_charged_end():  # E-24
    assert "Li0.5CoO2 is what charging ends with" in shown("E-24")


def test_capacities_of_reactions_that_are_spelled_out():  # E-28
    text = shown("E-28")
    rows = (
        (0.5, 6.94 + 58.933 + 2 * 15.999, 135),
        (1.0, 6.94 + 2 * 54.938 + 4 * 15.999, 120),
        (4.4, 28.085, 4212),
        (3.75, 28.085, 3590),
    )
    found = re.findall(r"\w+ ([\d.]+) for (\d+)", text)
    for (lithium, mass, printed), (own, reported) in zip(rows, found, strict=True):
        assert int(reported) == printed
        # molar masses of the library are rounded to 0.01 of 7.49 g/mol at worst
        assert_allclose(float(own), lithium * FARADAY / 3.6 / mass, rtol=2e-4)


def test_twelve_panels_and_nine_named():  # E-29
    assert shown("E-29").endswith("no e, i, m")


class Shelf:
    """A library with one number for each property, whichever claim or source is asked for."""

    def __init__(self, values):
        self.values = values

    def value(self, material, name, **_which):
        return self.values[material, name]


def test_a_right_table_is_no_misprint():
    """A library with other numbers: what is right is no misprint."""
    shelf = Shelf(
        {
            ("lco", "reaction_capacity"): 136.92 * 3.6e3,
            ("lmo", "reaction_capacity"): 148.23 * 3.6e3,
            ("si", "reaction_capacity"): 3578.6 * 3.6e3,
            ("lco", "molar_mass"): 97.87e-3,
            ("lmo", "molar_mass"): 180.81e-3,
            ("si", "molar_mass"): 28.085e-3 * 4.0 / 15.0,
        }
    )
    assert not errata.capacities_are_not_theoretical(shelf, {}).holds
    sorted_glasses = {"75li2s_25p2s5": 23e9, "75li2s_25p2s5_20licl": 22e9}
    sorted_glasses |= {"75li2s_25p2s5_20libr": 21e9, "75li2s_25p2s5_20lii": 20e9}
    shelf = Shelf({(name, "youngs_modulus"): E for name, E in sorted_glasses.items()})
    assert not errata.softening_order(shelf, {}).holds
