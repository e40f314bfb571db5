"""Statements on decomposition and on graphite as sources of stress."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from lithomech.observe.differential import difference, slope
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.validation.library import Finding, Library

RATIO: Final = 2.0  # volumes per lithium within this factor count as comparable
NO_CATHODE_FILM: Final = {"mechanisms.interphase.cathode": "none"}
SHARE: Final = 0.1  # of the charge that counts as its start
LITTLE: Final = 0.01  # of the sulfide's change counts as none


def products_against_graphite(library: Library, _: Mapping[str, Any]) -> Finding:
    """Volume per lithium taken up: Li10GeP2S12 to Li2S, Li3P and Li3.75Ge, and graphite.

    From molar volumes; how fast the electrolyte decomposes does not enter.
    """
    lgps = reduced_volume(library)
    strain = library.curve("graphite", "volume_strain")
    graphite = library.value("graphite", "molar_volume") * float(strain(1.0) - strain(0.0))
    ratio = lgps / graphite
    per_mole = f"{1e6 * lgps:.1f} against {1e6 * graphite:.1f} cm3 per mole of lithium"
    text = f"{per_mole}, {ratio:.1f} to 1"
    return Finding(1.0 / RATIO < ratio < RATIO, text)


def reduced_volume(library: Library) -> float:
    """Volume that Li10GeP2S12 gains per lithium that reduces it [m3/mol]."""
    volumes = {
        name: library.value(name, "molar_volume")
        for name in ("lgps", "li2s", "li3p", "li15ge4")
    }
    grown = 12.0 * volumes["li2s"] + 2.0 * volumes["li3p"] + 0.25 * volumes["li15ge4"]
    return (grown - volumes["lgps"]) / 23.75


def local_rather_than_global(library: Library, given: Mapping[str, Any]) -> Finding:
    """Contact and thickness that an inert host loses while electrolyte around it oxidises."""
    result = library.run(given["cell"])
    contact = result.profiles["cathode_contact_fraction"].mean(axis=(1, 2))
    moved = sum(float(v[-1] - v[0]) for v in result.ledger.values())
    layer = 2.0 * float(result.profiles["cathode_position_m"].mean())
    lost = 1.0 - contact[-1] / contact[0]
    text = (
        f"the layer shrinks by {-100.0 * moved / layer:.3f} % "
        f"while {100.0 * lost:.0f} % of the contact is lost"
    )
    return Finding(lost > 10.0 * abs(moved) / layer, text)


def drop_at_the_start_of_charge(library: Library, given: Mapping[str, Any]) -> Finding:
    """Lowest that decomposition at the cathode takes the pressure to in the first tenth.

    For two electrolytes; each is the same cell with and without decomposition at the cathode.
    """
    found = {}
    for name in (given["sulfide"], given["chloride"]):
        settings = {"cathode.electrolyte.material": name}
        pair = [library.run(given["cell"], settings | more) for more in ({}, NO_CATHODE_FILM)]
        signals = [signals_over_charge(result.series)[0] for result in pair]
        at = np.linspace(0.0, SHARE * signals[0].along[-1], 200)
        with_, without = (np.interp(at, s.along, s.values) for s in signals)
        found[name] = float(np.min(with_ - without))
    text = ", ".join(f"{value / 1e3:+.3f} kPa in {name}" for name, value in found.items())
    sulfide, chloride = found.values()
    return Finding(sulfide < 0.0 and abs(chloride) < LITTLE * abs(sulfide), text)


def extrema_move_with_n_p(library: Library, given: Mapping[str, Any]) -> Finding:
    """Charge at which the slope of graphite's pressure is least, at several n/p.

    Graphite's pressure is that of the full cell less that of the cell with LTO, second cycle.
    """
    reference = signals_over_charge(library.run(given["reference"]).series)
    places, contents = [], []
    for ratio in given["ratios"].split():
        result = library.run(given["cell"], {"anode.n_p_ratio": ratio})
        signals = signals_over_charge(result.series)
        own, other = (next(s for s in pair if s.cycle == 2) for pair in (signals, reference))
        minima = [e for e in slope(difference(own, other)).extrema() if e.is_minimum]
        if not minima:
            return Finding(False, f"n/p {ratio}: the slope of the pressure has no minimum")
        minimum = min(minima, key=lambda e: e.slope)
        rows = (result.series.cycle == 2) & (result.series.current > 0.0)
        charge = np.abs(result.series.charge_throughput[rows])
        x = result.profiles["anode_stoichiometry"].mean(axis=(1, 2))[rows]
        places.append(minimum.place / 3.6)
        contents.append(float(np.interp(minimum.place, charge - charge[0], x)))
    listed = "; ".join(
        f"n/p {ratio}: {place:.2f} mAh, x = {x:.2f}"
        for ratio, place, x in zip(given["ratios"].split(), places, contents, strict=True)
    )
    return Finding(bool(np.all(np.diff(places) > 0.0)), listed)
