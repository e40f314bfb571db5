"""Whether a trend of the review holds in the library's numbers or in a cell."""

from collections.abc import Mapping
from math import log
from typing import Any, Final

import numpy as np

from lithomech.errors import InputError
from lithomech.materials.material import Curve
from lithomech.validation.library import Finding, Library
from lithomech.validation.predictions.cells import blend_weights, discharge_slopes, excursion
from lithomech.validation.predictions.hosts import content_at

ROWS: Final = {  # of Table 3: active weight percent, then 20, 7 and 3 MPa
    85: ("T3-001", "T3-002", "T3-003"),
    70: ("T3-004", "T3-005", "T3-006"),
    50: ("T3-007", "T3-008", "T3-009"),
}
PRESSURES: Final = (20, 7, 3)  # MPa, the columns of ROWS
HERTZ: Final = 1.0 / 3.0  # contact conductance of elastic spheres against pressure
FRAME: Final = ("fixture.pressure", "fixture.stiffness")
STRAINS: Final = ("volume_strain", "lattice_mismatch")
SAME_CHARGE: Final = 1e-3  # the step ends by time, not by a potential


def opposite_signs(library: Library, given: Mapping[str, Any]) -> Finding:
    """Volume change from as made to half of the lithium of two hosts."""
    found = {}
    for name in (given["one"], given["other"]):
        strain = library.curve(name, "volume_strain")
        made = library.value(name, "as_made_stoichiometry")
        found[name] = 100.0 * float(strain(0.5) - strain(made))
    listed = ", ".join(f"{name} {value:+.2f} %" for name, value in found.items())
    one, other = found.values()
    return Finding(one * other < 0.0, f"{listed} from as made to x = 0.5")


def grows_with_nickel(library: Library, given: Mapping[str, Any]) -> Finding:
    """Volume change at 4.3 V of hosts in the order of their nickel."""
    potential = given["potential"]
    changes = {n: 100.0 * _strain_at(library, n, potential) for n in given["hosts"].split()}
    listed = ", ".join(f"{name} {value:.2f}" for name, value in changes.items())
    holds = bool(np.all(np.diff(list(changes.values())) < 0.0))
    return Finding(holds, f"{listed} % at {potential:g} V")


def staged_against_straight(library: Library, given: Mapping[str, Any]) -> Finding:
    """Largest departure from a straight line over the whole swing, of two hosts.

    The straight one counts below a potential, before its collapse; the spread of the slopes
    is reported as well.
    """
    staged = library.curve(given["staged"], "volume_strain")
    straight = library.curve(given["straight"], "volume_strain")
    potential = library.curve(given["straight"], "open_circuit_potential")
    x = np.linspace(straight.low, straight.high, 2001)
    low = float(x[np.argmax(potential(x) <= given["potential"])])
    off = [_departure(staged, staged.low), _departure(straight, low)]
    spread = [_slope_spread(staged, staged.low), _slope_spread(straight, low)]
    listed = (
        f"{given[name]} {100 * d:.0f} % of its swing off a line, slopes 1:{s:.0f}"
        for name, d, s in zip(("staged", "straight"), off, spread, strict=True)
    )
    return Finding(off[0] > off[1], "; ".join(listed))


def keeps_its_volume(library: Library, given: Mapping[str, Any]) -> Finding:
    """Volume change of two hosts from the lattices of both ends, filled over as made.

    The curve of LTO is no evidence, it is zero by the very table. Holds if the first is within
    what rounds to 0 %, `reaction_volume_change`, and the other is not.
    """
    found = {
        name: library.value(name, "reacted_molar_volume") / library.value(name, "molar_volume")
        - 1.0
        for name in (given["host"], given["other"])
    }
    text = ", ".join(f"{name} {100.0 * value:+.2g} %" for name, value in found.items())
    own, other = (abs(value) for value in found.values())
    limit = given["reaction_volume_change"]
    return Finding(own < limit < other, f"{text} when filled, by their lattices")


def oxidation_shrinks(library: Library, _: Mapping[str, Any]) -> Finding:
    """Whether oxidation leaves less volume of solids."""
    change = oxidised_volume(library)
    listed = f"Li6PS5Cl to Li3PS4, LiCl and S: {100.0 * change:+.1f} % of volume"
    return Finding(change < 0.0, listed)


def oxidised_volume(library: Library) -> float:
    """Change of volume where Li6PS5Cl gives Li3PS4, LiCl, S and 2 Li+."""
    density = library.value("li6ps5cl", "density")
    mass = library.value("li3ps4", "molar_mass") + library.value("licl", "molar_mass")
    mass += library.value("sulfur", "molar_mass") + 2.0 * library.value("li", "molar_mass")
    before = mass / density
    after = sum(library.value(name, "molar_volume") for name in ("li3ps4", "licl", "sulfur"))
    return after / before - 1.0


def semi_infinite_when_fast(library: Library, given: Mapping[str, Any]) -> Finding:
    """Slope of log(discharge time) against log(current) between two fast discharges."""
    slope = float(discharge_slopes(library, {**given, "end": "fast"})["rate_slope"])
    return Finding(slope < -1.5, f"slope {slope:.2f}")


def shrinkage_opens_and_cracks(library: Library, given: Mapping[str, Any]) -> Finding:
    """Contact and damage after a charge, and after the same charge of a host without strain.

    The host is the same, but for volume strain and lattice mismatch that are set to zero.
    """
    strains = (f"materials.{given['host']}.{name}" for name in STRAINS)
    runs = {"with": {}, "without": dict.fromkeys(strains, "0")}
    found, charges = {}, {}
    for name, settings in runs.items():
        cycle = library.run(given["cell"], settings).cycles[0]
        found[name] = _number(cycle, "contact_fraction_end"), _number(cycle, "crack_damage_end")
        charges[name] = _number(cycle, "charge_capacity_mAh_per_g")
    listed = "; ".join(
        f"{name} strain: contact {100 * theta:.0f} %, damage {100 * damage:.0f} %"
        for name, (theta, damage) in found.items()
    )
    (contact, damage), (kept, none) = found["with"], found["without"]
    text = f"{listed}, each charged {charges['without']:.0f} mAh/g"
    same = abs(charges["with"] / charges["without"] - 1.0) < SAME_CHARGE
    return Finding(same and contact < kept and damage > none, text)


def stress_or_thickness(library: Library, given: Mapping[str, Any]) -> Finding:
    """One charge at high pressure in a stiff frame, and at low pressure in a soft one.

    Holds if the first gains more pressure and less thickness and keeps more contact. What the
    stress does to particles is only reported: the damage law does not know the outer pressure.
    """
    runs = {
        name: library.run(given["cell"], dict(zip(FRAME, given[name].split(", "), strict=True)))
        for name in ("stiff", "soft")
    }
    pressure = [float(np.ptp(r.stack_pressure)) / 1e6 for r in runs.values()]
    growth = [abs(float(sum(v[-1] for v in r.ledger.values()))) * 1e6 for r in runs.values()]
    contact = [_number(r.cycles[0], "contact_fraction_end") for r in runs.values()]
    damage = [_number(r.cycles[0], "crack_damage_end") for r in runs.values()]
    text = "; ".join(
        f"{given[name]}: {p:+.2f} MPa, {g:+.2f} um, contact {100 * c:.0f} %, "
        f"damage {100 * d:.0f} %"
        for name, p, g, c, d in zip(runs, pressure, growth, contact, damage, strict=True)
    )
    holds = pressure[0] > pressure[1] and growth[0] < growth[1] and contact[0] > contact[1]
    return Finding(holds, text)


def blend_is_flatter(library: Library, given: Mapping[str, Any]) -> Finding:
    """Pressure of two hosts of opposite signs, and of the blend whose sum should vanish.

    By weight the blend has the share of the first that a straight line between both sums to
    zero; it is run, and has to move less than either.
    """
    one, other = (_moved(library, given["cell"], share) for share in (1.0, 0.0))
    share = other / (other - one)
    blend = _moved(library, given["cell"], share)
    text = (
        f"largest change of one charge: {given['one']} {one / 1e3:+.0f} kPa, {given['other']} "
        f"{other / 1e3:+.0f} kPa, {100 * share:.0f}:{100 * (1 - share):.0f} by weight "
        f"{blend / 1e3:+.1f} kPa"
    )
    return Finding(one * other < 0.0 and abs(blend) < min(abs(one), abs(other)), text)


def electrons_feel_pressure(library: Library, _: Mapping[str, Any]) -> Finding:
    """Ratio of tau2 between the lowest and the highest pressure of Table 3."""
    ionic, electronic = (_ratios(library, carrier) for carrier in ("ionic", "electronic"))
    text = f"Li+ up to x {max(ionic):.2f}, electrons at least x {min(electronic):.2f}"
    return Finding(min(electronic) > max(ionic), f"{text} from 20 to 3 MPa")


def more_active_material(library: Library, _: Mapping[str, Any]) -> Finding:
    """tau2 of both carriers against composition at each pressure of Table 3."""
    holds, texts = True, []
    for column, pressure in enumerate(PRESSURES):
        ionic, electronic = (
            [_tau2(library, carrier, ROWS[w][column]) for w in (50, 70, 85)]
            for carrier in ("ionic", "electronic")
        )
        holds &= bool(np.all(np.diff(ionic) > 0.0) and np.all(np.diff(electronic) < 0.0))
        texts.append(
            f"{pressure} MPa: Li+ {ionic[0]:.3g} to {ionic[-1]:.3g}, electrons "
            f"{electronic[0]:.3g} to {electronic[-1]:.3g}"
        )
    return Finding(holds, f"tau2 from 50 to 85 % by weight, {'; '.join(texts)}")


def electrons_lag_at_like_volume(library: Library, _: Mapping[str, Any]) -> Finding:
    """tau2 of both carriers at 70:30 by weight."""
    ratio = [_tau2(library, "electronic", r) / _tau2(library, "ionic", r) for r in ROWS[70]]
    listed = ", ".join(f"x {value:.0f}" for value in ratio)
    return Finding(min(ratio) > 2.0, f"electrons over Li+: {listed} at 20, 7, 3 MPa")


def forming_sets_the_ions(library: Library, _: Mapping[str, Any]) -> Finding:
    """Exponents m of tau2 ~ P^-m over the pressures of operation, all pressed alike.

    Contacts that the pressure of operation makes grow with P^(1/3) if they are elastic (Hertz)
    and with P if they yield: m below 1/3 means that it is not they who limit.
    """
    span = log(PRESSURES[0] / PRESSURES[-1])
    ionic, electronic = (
        [log(ratio) / span for ratio in _ratios(library, carrier)]
        for carrier in ("ionic", "electronic")
    )
    text = (
        f"tau2 ~ P^-m from 3 to 20 MPa: Li+ m = {min(ionic):.2f} to {max(ionic):.2f}, "
        f"electrons {min(electronic):.2f} to {max(electronic):.2f}; contacts have 1/3 to 1"
    )
    return Finding(max(ionic) < HERTZ <= min(electronic), text)


def softer_with_larger_ions(library: Library, _: Mapping[str, Any]) -> Finding:
    """Young's modulus of the glasses with chloride, bromide and iodide."""
    young = {
        ion: library.value(f"75li2s_25p2s5_20li{ion}", "youngs_modulus") / 1e9
        for ion in ("cl", "br", "i")
    }
    listed = ", ".join(f"{ion.capitalize()} {value:.0f} GPa" for ion, value in young.items())
    return Finding(young["cl"] > young["br"] > young["i"], listed)


def _strain_at(library: Library, material: str, potential: float) -> float:
    """Volume strain where the open-circuit potential is reached."""
    x = content_at(library.curve(material, "open_circuit_potential"), potential)
    return float(library.curve(material, "volume_strain")(x))


def _departure(curve: Curve, low: float) -> float:
    """Largest distance from the line between both ends, over the swing."""
    x = np.linspace(low, curve.high, 2001)
    y = curve(x)
    line = np.interp(x, x[[0, -1]], y[[0, -1]])
    return float(np.max(np.abs(y - line)) / np.ptp(y))


def _slope_spread(curve: Curve, low: float) -> float:
    """Steepest over flattest slope of tenths of the lithium content."""
    x = np.linspace(low, curve.high, 11)
    slopes = np.abs(np.diff(curve(x)))
    return float(slopes.max() / slopes.min())


def _moved(library: Library, cell: str, share: float) -> float:
    """Largest change of pressure [Pa] of a blend with this share of the first host."""
    return excursion(library.run(cell, blend_weights(share)))


def _number(cycle: Mapping[str, float | None], key: str) -> float:
    value = cycle[key]
    if value is None:
        raise InputError(f"the cell has no {key}")
    return value


def _tau2(library: Library, carrier: str, row: str) -> float:
    return library.value("song2021_table3", f"tortuosity_factor_{carrier}", claim=row)


def _ratios(library: Library, carrier: str) -> list[float]:
    return [
        _tau2(library, carrier, r[2]) / _tau2(library, carrier, r[0]) for r in ROWS.values()
    ]
