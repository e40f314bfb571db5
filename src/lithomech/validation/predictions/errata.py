"""Misprints of the review that arithmetic on the library's numbers shows."""

import re
from collections.abc import Mapping
from math import floor, log10
from typing import Any, Final

from lithomech.constants import F
from lithomech.laws.chemomechanics import reaction_capacity
from lithomech.laws.elasticity import bulk_modulus
from lithomech.laws.homogenise import volume_fraction
from lithomech.laws.transport import implied_solid_fraction
from lithomech.validation.library import Finding, Library

# Usual oxidation states; the transition metals of a layered oxide as made.
CHARGES: Final = {
    "Li": 1, "Na": 1, "Mg": 2, "Al": 3, "Si": 4, "P": 5, "S": -2, "Cl": -1, "Br": -1, "I": -1,
    "F": -1, "O": -2, "Ti": 4, "Ni": 3, "Co": 3, "Mn": 3, "Ge": 4, "Sn": 4, "Y": 3, "In": 3,
    "Sc": 3, "Er": 3, "Zr": 4, "La": 3, "Ta": 5, "Yb": 3, "Hf": 4, "Fe": 3,
}  # fmt: skip
GIGA: Final = 1e9
MAH_PER_CM3: Final = 3.6e6  # A s/m3
BALANCED: Final = 0.005  # charges of formulas with two decimals
MAH_PER_G: Final = 3.6e3  # A s/kg
HALF_DIGIT: Final = 0.05
HALF_UNIT: Final = 0.5  # capacities are printed in whole mAh/g
# Reactions of Table 2 that say how much lithium: material, row, lithium per formula unit.
SPELLED_OUT: Final = (
    ("lco", "T2-001", 0.5),
    ("lmo", "T2-004", 1.0),
    ("si", "T2-013", 4.4 * 4.0 / 15.0),
    ("si", "T2-014", 1.0),
)
# Rows of Table 3 by weight of active material, and what carries what.
COMPOSITIONS: Final = {
    0.85: ("T3-001", "T3-002", "T3-003"),
    0.70: ("T3-004", "T3-005", "T3-006"),
    0.50: ("T3-007", "T3-008", "T3-009"),
}
CARRIERS: Final = {"ionic": ("li6ps5cl", "ncm88"), "electronic": ("ncm88", "li6ps5cl")}
DENSE: Final = {"ionic": "Q-122", "electronic": "Q-124"}


def charge(formula: str) -> float:
    """Return the sum of the usual charges of a formula without brackets."""
    return sum(CHARGES[element] * number for element, number in count(formula).items())


def count(formula: str) -> dict[str, float]:
    """Return how many atoms of each element a formula without brackets has."""
    parts = re.findall(r"([A-Z][a-z]?)([0-9.]*)", formula)
    return {element: float(number or 1.0) for element, number in parts}


def pressure_order(library: Library, _: Mapping[str, Any]) -> Finding:
    """Conductivity falls with falling pressure, so the tortuosity factor rises (E-01)."""
    rows = ("T3-004", "T3-005", "T3-006")  # 20, 7 and 3 MPa
    found = {}
    for carrier in ("electronic", "ionic"):
        name, sigma = f"tortuosity_factor_{carrier}", f"{carrier}_conductivity"
        tau2 = [library.value("song2021_table3", name, claim=row) for row in rows]
        s = [library.value("song2021_table3", sigma, claim=row) for row in rows]
        found[carrier] = tau2[0] < tau2[1] < tau2[2] and s[0] > s[1] > s[2]
    text = "conductivity falls and tau2 rises from 20 to 7 to 3 MPa; the text has the reverse"
    return Finding(all(found.values()), text)


def bulk_modulus_repeats_shear(library: Library, _: Mapping[str, Any]) -> Finding:
    """The column K of the bromides is their G; E and nu give another K (E-02)."""
    texts, shown = [], True
    for name, row in (("li3scbr6", "T1-023"), ("li3ybr6", "T1-024"), ("li3erbr6", "T1-025")):
        E = library.value(name, "youngs_modulus", claim=row)
        nu = library.value(name, "poisson_ratio", claim=row)
        G = library.value(name, "shear_modulus", claim=row)
        printed = library.material(name).properties["bulk_modulus"].printed
        K = float(bulk_modulus(E, nu))
        shown &= printed == G and K > 1.2 * G
        texts.append(f"{name}: printed {G / GIGA:.2f}, E/(3(1 - 2 nu)) = {K / GIGA:.1f} GPa")
    return Finding(shown, "; ".join(texts))


def lithium_balance_of_lmo(_library: Library, _: Mapping[str, Any]) -> Finding:
    """1.85 Li and Li0.15Mn2O4 hold two lithium, LiMn2O4 one (E-03)."""
    left, right = count("LiMn2O4")["Li"], 1.85 + count("Li0.15Mn2O4")["Li"]
    text = f"{left:g} Li on the left, 1.85 + 0.15 = {right:g} on the right; 0.85 balances"
    return Finding(left != right, text)


def metals_of_nca(library: Library, _: Mapping[str, Any]) -> Finding:
    """The metals of NCA are not those of the product that is printed (E-04)."""
    left, right = count(library.material("nca").formula), count("Ni0.8Co0.1Mn0.1O2")
    missing, extra = sorted(left.keys() - right.keys() - {"Li"}), sorted(right.keys() - left)
    text = f"{', '.join(missing)} goes in and {', '.join(extra)} comes out"
    return Finding(bool(missing and extra), text)


def charges_of_nca88(_library: Library, _: Mapping[str, Any]) -> Finding:
    """Li0.88Co0.11Al0.01O2 is short of the nickel, another NCM of the oxygen (E-11)."""
    pairs = (
        ("Li0.88Co0.11Al0.01O2", "LiNi0.88Co0.11Al0.01O2"),
        ("LiNi0.6Co0.2Mn0.2", "LiNi0.6Co0.2Mn0.2O2"),
    )
    sums = [(charge(printed), charge(right)) for printed, right in pairs]
    texts = (
        f"charges of {printed} add up to {found[0]:+.2f}, of {right} to {found[1]:+.2f}"
        for (printed, right), found in zip(pairs, sums, strict=True)
    )
    holds = all(abs(printed) > BALANCED >= abs(right) for printed, right in sums)
    return Finding(holds, "; ".join(texts))


def charges_of_lsipscl(_library: Library, _: Mapping[str, Any]) -> Finding:
    """Cl0.8 does not balance the charges, Cl0.3 does (E-27)."""
    printed = charge("Li9.54Si1.74P1.44S11.7Cl0.8")
    right = charge("Li9.54Si1.74P1.44S11.7Cl0.3")
    text = f"charges add up to {printed:+.2f} with Cl0.8 and to {right:+.2f} with Cl0.3"
    return Finding(abs(printed) > BALANCED >= abs(right), text)


def density_makes_volume_ratios(library: Library, _: Mapping[str, Any]) -> Finding:
    """As g/cm3 the printed 4.80 gives the printed volume ratios (E-12)."""
    rho = (library.value("ncm88", "density"), library.value("li6ps5cl", "density"))
    shares = [100.0 * float(volume_fraction(w, *rho)) for w in (0.85, 0.70, 0.50)]
    printed = (68.8, 47.6, 28.0)
    holds = all(abs(a - b) <= HALF_DIGIT for a, b in zip(shares, printed, strict=True))
    listed = ", ".join(f"{share:.1f}" for share in shares)
    return Finding(
        holds, f"{listed} % of volume follow from 85, 70, 50 % of weight, as printed"
    )


def tin_by_volume(library: Library, _: Mapping[str, Any]) -> Finding:
    """Capacity per lithiated volume: tin stores less than silicon and lithium (E-16)."""
    found = {
        name: float(F) / library.value(name, "reacted_molar_volume") / MAH_PER_CM3
        for name in ("sn", "si")
    }
    found["li"] = float(F) / library.value("li", "partial_molar_volume") / MAH_PER_CM3
    listed = ", ".join(f"{name} {value:.0f}" for name, value in found.items())
    return Finding(
        min(found, key=lambda n: found[n]) == "sn", f"{listed} mAh/cm3 when lithiated"
    )


def two_counter_electrodes(library: Library, _: Mapping[str, Any]) -> Finding:
    """LTO and Li-In differ by their potential, and one of them strains (E-17)."""
    lto = library.value("lto", "nominal_potential")
    indium = library.value("li_in", "nominal_potential")
    strain = library.value("li_in", "partial_molar_volume") / library.value(
        "li_in", "host_molar_volume"
    )
    text = f"LTO {lto:.2f} V without strain, Li-In {indium:.2f} V with {100 * strain:.0f} %"
    return Finding(lto - indium > HALF_DIGIT and strain > 0.0, text)


def implied_porosity(library: Library, _: Mapping[str, Any]) -> Finding:
    """One solid fraction for each composition makes both carriers' tau2 fit (E-19)."""
    texts, holds = [], True
    for weight, rows in COMPOSITIONS.items():
        found = [_solid(library, weight, row, carrier) for row in rows for carrier in CARRIERS]
        low, high = max(pair[0] for pair in found), min(pair[1] for pair in found)
        holds &= low <= high < 1.0
        texts.append(f"{100 * weight:.0f} %: {low:.3f} to {high:.3f}")
    return Finding(holds, f"solid fractions that all six numbers share, {', '.join(texts)}")


def dense_fractions_miss(library: Library, _: Mapping[str, Any]) -> Finding:
    """Without voids, tau2 of Table 3 cannot be had from its own conductivities (E-25)."""
    highest = max(
        _solid(library, weight, row, carrier)[1]
        for weight, rows in COMPOSITIONS.items()
        for row in rows
        for carrier in CARRIERS
    )
    text = f"the printed tau2 are at most {100 * highest:.0f} % of those of dense fractions"
    return Finding(highest < 1.0, text)


def softening_order(library: Library, _: Mapping[str, Any]) -> Finding:
    """The glass with chloride is softer than that with bromide (E-20)."""
    names = {"none": "75li2s_25p2s5", "Br": "75li2s_25p2s5_20libr"}
    names |= {"Cl": "75li2s_25p2s5_20licl", "I": "75li2s_25p2s5_20lii"}
    young = {
        ion: library.value(n, "youngs_modulus", ref="Kato2018") for ion, n in names.items()
    }
    listed = ", ".join(f"{ion} {value / GIGA:.0f}" for ion, value in young.items())
    return Finding(
        young["Cl"] < young["Br"], f"{listed} GPa, against the order of the ions' size"
    )


def charged_end_of_lco(library: Library, _: Mapping[str, Any]) -> Finding:
    """Li0.5CoO2 is where the 0.5 Li of the same paragraph end (E-24)."""
    used = library.value("lco", "reversible_lithium")
    left = count("LiCoO2")["Li"] - used
    text = f"of one lithium {used:g} are used: Li{left:g}CoO2 is what charging ends with"
    return Finding(left == count("Li0.5CoO2")["Li"], text)


def capacities_are_not_theoretical(library: Library, _: Mapping[str, Any]) -> Finding:
    """Faraday's n F/M of reactions whose lithium is printed, beside the capacities (E-28)."""
    texts, holds = [], True
    for name, row, lithium in SPELLED_OUT:
        printed = library.value(name, "reaction_capacity", claim=row) / MAH_PER_G
        found = float(reaction_capacity(lithium, library.value(name, "molar_mass"))) / MAH_PER_G
        holds &= abs(found - printed) > HALF_UNIT
        texts.append(f"{name} {found:.1f} for {printed:.0f}")
    return Finding(holds, f"n F/M in mAh/g: {', '.join(texts)}")


def panels_of_fig_5(_library: Library, _: Mapping[str, Any]) -> Finding:
    """Three particles at four moments are twelve panels; the caption names nine (E-29)."""
    moments = [panel for group in ("bfj", "cgk", "dhl", "eim") for panel in group]
    particles = [panel for group in ("bcd", "fgh", "jkl") for panel in group]
    left = sorted(set(moments) - set(particles))
    text = (
        f"{len(moments)} panels by moment, {len(particles)} by particle: no {', '.join(left)}"
    )
    return Finding(len(moments) > len(particles), text)


def _solid(library: Library, weight: float, row: str, carrier: str) -> tuple[float, float]:
    """Lowest and highest solid fraction that one printed conductivity allows."""
    own, other = CARRIERS[carrier]
    dense = library.value(own, f"{carrier}_conductivity", claim=DENSE[carrier])
    rho = {name: library.value(name, "density") for name in (own, other)}
    share = weight if carrier == "electronic" else 1.0 - weight
    phi = float(volume_fraction(share, rho[own], rho[other]))
    sigma = library.value("song2021_table3", f"{carrier}_conductivity", claim=row)
    tau2 = library.value("song2021_table3", f"tortuosity_factor_{carrier}", claim=row)
    half = 0.05 * 10.0 ** floor(log10(sigma))  # of the second digit, which is the last
    found = [
        float(implied_solid_fraction(dense, phi, s, tau2)) for s in (sigma - half, sigma + half)
    ]
    return found[0], found[1]
