"""Whether a trend of the review holds in the library's numbers or in a cell."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from lithomech.materials.material import Curve
from lithomech.validation.library import Finding, Library
from lithomech.validation.predictions.cells import discharge_slopes

ROWS: Final = {  # of Table 3: active weight percent, then 20, 7 and 3 MPa
    85: ("T3-001", "T3-002", "T3-003"),
    70: ("T3-004", "T3-005", "T3-006"),
    50: ("T3-007", "T3-008", "T3-009"),
}
BLENDED: Final = {"cathode.active[0].weight": "35 %", "cathode.active[1].weight": "35 %"}


def opposite_signs(library: Library, given: Mapping[str, Any]) -> Finding:
    """Volume change from as made to half of the lithium of two hosts."""
    found = {}
    for name in (given["one"], given["other"]):
        strain = library.curve(name, "volume_strain")
        made = library.value(name, "as_made_stoichiometry")
        found[name] = 100.0 * float(strain(0.5) - strain(made))
    told = ", ".join(f"{name} {value:+.2f} %" for name, value in found.items())
    one, other = found.values()
    return Finding(one * other < 0.0, f"{told} from as made to x = 0.5")


def grows_with_nickel(library: Library, given: Mapping[str, Any]) -> Finding:
    """Volume change at 4.3 V of hosts in the order of their nickel."""
    potential = given["potential"]
    changes = {n: 100.0 * _strain_at(library, n, potential) for n in given["hosts"].split()}
    told = ", ".join(f"{name} {value:.2f}" for name, value in changes.items())
    holds = bool(np.all(np.diff(list(changes.values())) < 0.0))
    return Finding(holds, f"{told} % at {potential:g} V")


def staged_against_straight(library: Library, given: Mapping[str, Any]) -> Finding:
    """Largest departure from a straight line over the whole swing, of two hosts.

    The straight one counts below a potential, before its collapse; the spread of the slopes
    is told as well.
    """
    staged = library.curve(given["staged"], "volume_strain")
    straight = library.curve(given["straight"], "volume_strain")
    potential = library.curve(given["straight"], "open_circuit_potential")
    x = np.linspace(straight.low, straight.high, 2001)
    low = float(x[np.argmax(potential(x) <= given["potential"])])
    off = [_departure(staged, staged.low), _departure(straight, low)]
    spread = [_slope_spread(staged, staged.low), _slope_spread(straight, low)]
    told = (
        f"{given[name]} {100 * d:.0f} % of its swing off a line, slopes 1:{s:.0f}"
        for name, d, s in zip(("staged", "straight"), off, spread, strict=True)
    )
    return Finding(off[0] > off[1], "; ".join(told))


def keeps_its_volume(library: Library, given: Mapping[str, Any]) -> Finding:
    """Swing of the volume of one host beside that of another."""
    own = float(np.ptp(library.curve(given["host"], "volume_strain").y))
    other = float(np.ptp(library.curve(given["other"], "volume_strain").y))
    text = f"{given['host']} {100 * own:.2f} %, {given['other']} {100 * other:.1f} %"
    return Finding(own <= 0.01 * other, text)


def oxidation_shrinks(library: Library, _: Mapping[str, Any]) -> Finding:
    """Li6PS5Cl gives Li3PS4, LiCl, S and 2 Li+: volume of the solids before and after."""
    density = library.value("li6ps5cl", "density")
    mass = library.value("li3ps4", "molar_mass") + library.value("licl", "molar_mass")
    mass += library.value("sulfur", "molar_mass") + 2.0 * library.value("li", "molar_mass")
    before = mass / density
    after = sum(library.value(name, "molar_volume") for name in ("li3ps4", "licl", "sulfur"))
    change = 100.0 * (after / before - 1.0)
    return Finding(after < before, f"Li6PS5Cl to Li3PS4, LiCl and S: {change:+.1f} % of volume")


def semi_infinite_when_fast(library: Library, given: Mapping[str, Any]) -> Finding:
    """Slope of log(discharge time) against log(current) between two fast discharges."""
    slope = float(discharge_slopes(library, {**given, "end": "fast"})["rate_slope"])
    return Finding(slope < -1.5, f"slope {slope:.2f}")


def shrinkage_opens_and_cracks(library: Library, given: Mapping[str, Any]) -> Finding:
    """Contact and damage at the end of a charge, with NCM811 and with a host without strain."""
    found = {}
    for name in ("ncm811", "lto"):
        cycle = library.run(given["cell"], {"cathode.active[0].material": name}).cycles[0]
        contact = cycle["contact_fraction_end_of_charge"] or cycle["contact_fraction_end"]
        found[name] = (contact or 0.0, cycle["crack_damage_end"] or 0.0)
    told = "; ".join(
        f"{name}: contact {100 * theta:.0f} %, damage {100 * damage:.0f} %"
        for name, (theta, damage) in found.items()
    )
    strained, rigid = found["ncm811"], found["lto"]
    return Finding(strained[0] < rigid[0] and strained[1] > rigid[1], told)


def stress_or_thickness(library: Library, given: Mapping[str, Any]) -> Finding:
    """One charge between stiff walls and under a constant pressure."""
    stiff = library.run(given["cell"], {"fixture.stiffness": "4 MPa/um"})
    free = library.run(given["cell"], {"fixture.stiffness": "0.004 MPa/um"})
    pressure = [float(np.ptp(r.stack_pressure)) / 1e6 for r in (stiff, free)]
    growth = [abs(float(sum(v[-1] for v in r.ledger.values()))) * 1e6 for r in (stiff, free)]
    text = (
        f"stiff: {pressure[0]:.2f} MPa and {growth[0]:.2f} um; "
        f"soft: {pressure[1]:.3f} MPa and {growth[1]:.2f} um"
    )
    return Finding(pressure[0] > pressure[1] and growth[0] < growth[1], text)


def blend_lies_between(library: Library, _: Mapping[str, Any]) -> Finding:
    """Pressure of LCO, of NCM811 and of a blend of equal weights against LTO."""
    blends = {
        "lco": {"cathode.active[0].weight": "70 %", "cathode.active[1].weight": "0 %"},
        "ncm811": {"cathode.active[0].weight": "0 %", "cathode.active[1].weight": "70 %"},
        "blend": BLENDED,
    }
    moves = {name: _largest(library, settings) for name, settings in blends.items()}
    told = ", ".join(f"{name} {value / 1e3:+.0f}" for name, value in moves.items())
    flatter = abs(moves["blend"]) < max(abs(moves["lco"]), abs(moves["ncm811"]))
    opposite = moves["lco"] * moves["ncm811"] < 0.0
    return Finding(flatter and opposite, f"{told} kPa; so some blend between is flat")


def electrons_feel_pressure(library: Library, _: Mapping[str, Any]) -> Finding:
    """Ratio of tau2 between the lowest and the highest pressure of Table 3."""
    ionic, electronic = (_ratios(library, carrier) for carrier in ("ionic", "electronic"))
    text = f"Li+ up to x {max(ionic):.2f}, electrons at least x {min(electronic):.2f}"
    return Finding(min(electronic) > max(ionic), f"{text} from 20 to 3 MPa")


def more_active_material(library: Library, _: Mapping[str, Any]) -> Finding:
    """tau2 of both carriers against composition at each pressure of Table 3."""
    holds = True
    for column in range(3):
        ionic = [_tau2(library, "ionic", ROWS[w][column]) for w in (50, 70, 85)]
        electronic = [_tau2(library, "electronic", ROWS[w][column]) for w in (50, 70, 85)]
        holds &= bool(np.all(np.diff(ionic) > 0.0) and np.all(np.diff(electronic) < 0.0))
    return Finding(holds, "Li+ rises and electrons fall from 50 to 85 % at 20, 7 and 3 MPa")


def electrons_lag_at_like_volume(library: Library, _: Mapping[str, Any]) -> Finding:
    """tau2 of both carriers at 70:30 by weight."""
    ratio = [_tau2(library, "electronic", r) / _tau2(library, "ionic", r) for r in ROWS[70]]
    told = ", ".join(f"x {value:.0f}" for value in ratio)
    return Finding(min(ratio) > 2.0, f"electrons over Li+: {told} at 20, 7, 3 MPa")


def forming_sets_the_ions(library: Library, _: Mapping[str, Any]) -> Finding:
    """tau2 of ions and of electrons over the pressures of operation."""
    ionic, electronic = (_ratios(library, carrier) for carrier in ("ionic", "electronic"))
    text = f"Li+ x {max(ionic):.2f} at most, electrons x {max(electronic):.1f} at most"
    return Finding(max(ionic) < 1.25 < min(electronic), f"{text} from 20 to 3 MPa")


def softer_with_larger_ions(library: Library, _: Mapping[str, Any]) -> Finding:
    """Young's modulus of the glasses with chloride, bromide and iodide."""
    young = {
        ion: library.value(f"75li2s_25p2s5_20li{ion}", "youngs_modulus") / 1e9
        for ion in ("cl", "br", "i")
    }
    told = ", ".join(f"{ion.capitalize()} {value:.0f} GPa" for ion, value in young.items())
    return Finding(young["cl"] > young["br"] > young["i"], told)


def _strain_at(library: Library, material: str, potential: float) -> float:
    """Volume strain where the open-circuit potential is reached."""
    curve = library.curve(material, "open_circuit_potential")
    x = np.linspace(curve.low, curve.high, 4001)
    return float(library.curve(material, "volume_strain")(np.interp(-potential, -curve(x), x)))


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


def _largest(library: Library, settings: Mapping[str, str]) -> float:
    """Largest deviation of the stack pressure from its start [Pa], with its sign."""
    change = library.run("blend_lto", settings).stack_pressure
    change = change - change[0]
    return float(change[np.argmax(np.abs(change))])


def _tau2(library: Library, carrier: str, row: str) -> float:
    return library.value("song2021_table3", f"tortuosity_factor_{carrier}", claim=row)


def _ratios(library: Library, carrier: str) -> list[float]:
    return [
        _tau2(library, carrier, r[2]) / _tau2(library, carrier, r[0]) for r in ROWS.values()
    ]
