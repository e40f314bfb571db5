"""Signs and trends that the review and its sources state; no number is tuned here."""

import functools

import numpy as np
import pytest

from lithomech.cell.run import run
from support.cells import EVEN, LITHIUM, composite, declare, lto, solve, spring

TOP = {"lco": "4.2 V"}
NICKEL = ("ncm622", "ncm811", "ncm88")  # rising nickel content


@functools.cache
def charged(material, morphology="random", residual="0 MPa", end=()):
    """A slow charge against LTO, which does not change its volume."""
    return solve(
        cathode=composite(material, morphology=morphology),
        anode=lto(),
        fabrication={"residual_pressure": residual},
        protocol=[f"Charge at 0.05C until {TOP.get(material, '4.3 V')}", *end],
    )


def change(result):
    """Stack pressure less that at the start [Pa]."""
    return result.stack_pressure - result.stack_pressure[0]


def test_lco_pushes_and_ncm811_pulls_on_charge():
    assert change(charged("lco"))[-1] > 0.0
    assert change(charged("ncm811"))[-1] < 0.0


@pytest.mark.parametrize("morphology", ["single_crystal", "random"])
def test_pressure_change_grows_with_nickel(morphology):
    end = ("Hold at 4.3 V until 0.005C",)  # what they give, however slowly lithium diffuses
    drops = [-change(charged(material, morphology, end=end))[-1] for material in NICKEL]
    assert 0.0 < drops[0] < drops[1] < drops[2]


@pytest.mark.parametrize("material", NICKEL)
def test_pressure_follows_strain_more_slowly_once_contacts_are_open(material):
    result = charged(material, "single_crystal", residual="40 MPa")
    volume = result.ledger["cathode", f"{material} 4 um single crystal volume change"]
    contact = result.profiles["cathode_contact_fraction"][:, :, 0].mean(axis=1)
    pressure = result.profiles["cathode_contact_pressure_Pa"][:, :, 0].mean(axis=1)
    # away from the start, where x = 0.99 has steep kinetics and little strain
    contracting = np.gradient(volume, result.time) < -1e-12
    slope = np.gradient(result.stack_pressure, volume, edge_order=1)
    closed = slope[contracting & (contact > 0.99) & (pressure > 10e6)]
    open_ = slope[contracting & (contact < 0.5)]
    assert min(len(closed), len(open_)) > 5
    # closed: T of the volume change thickens the layer; open: only the loaded caps, xi/3 = 1/6
    assert 0.0 < np.median(open_) < 0.5 * np.median(closed)


def test_stack_pressure_keeps_contact_and_capacity():
    legs = [
        solve(fixture=spring(pressure), anode=lto(), protocol=["Charge at 0.5C until 4.3 V"])
        for pressure in ("3 MPa", "7 MPa", "20 MPa", "60 MPa")
    ]
    contact = [leg.cycles[0]["contact_fraction_end_of_charge"] for leg in legs]
    capacity = [leg.cycles[0]["charge_capacity_mAh_per_g"] for leg in legs]
    assert np.all(np.diff(contact) > 0.0)
    assert np.all(np.diff(capacity) > 0.0)


@pytest.mark.parametrize("strength", ["0.5 GPa", "1.5 GPa", "2.5 GPa"])
def test_single_crystals_crack_less_than_random_polycrystals(strength):
    cracks = [
        solve(
            cathode=composite(morphology=morphology),
            anode=lto(),
            materials={"ncm811": {"boundary_strength": strength}},
            protocol=["Charge at 0.1C until 4.3 V", "Discharge at 0.1C until 3 V"],
        ).cycles[0]["crack_area_fraction_end_of_charge"]
        for morphology in ("single_crystal", "textured", "random")
    ]
    assert cracks[0] < 0.5 * cracks[1] < 0.25 * cracks[2]


def test_deeper_charge_cracks_more():
    damage = [
        solve(anode=lto(), protocol=[f"Charge at 0.1C until {top}"]).cycles[0][
            "crack_damage_end"
        ]
        for top in ("3.5 V", "3.8 V", "4.3 V")
    ]
    assert damage[0] == 0.0
    assert damage[1] < damage[2]


def test_capacity_falls_with_lost_contact_and_partly_returns_with_pressure():
    cycle = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 3 V", "Rest for 1 hour"]
    result = solve(
        cathode=composite("ncm88", morphology="single_crystal"),  # cracks would fill gaps
        materials={"ncm88": EVEN},  # so that each cycle begins where the one before did
        anode=lto(),
        fixture={"type": "constant_pressure", "pressure": "60 MPa"},
        fabrication={"residual_pressure": "0 MPa"},
        protocol=[
            *cycle,
            "Set stack pressure to 2 MPa",
            *cycle,
            "Set stack pressure to 60 MPa",
            *cycle,
        ],
    )
    first, loose, again = (c["discharge_capacity_mAh_per_g"] for c in result.cycles)
    # conductivities follow a formula without pressure: only contact can have done this
    assert loose < 0.95 * first
    assert 1.02 * loose < again < 1.001 * first


def strip_and_plate(current, pressure, cycles=6, **changed):
    """Li | Li at 1 mAh/cm2 in each half cycle; current in mA/cm2, pressure in MPa."""
    half = f"at {current} mA/cm2 for {60.0 / current:.4f} min"
    return run(
        declare(
            cathode=LITHIUM,
            rate_capacity="1 mAh",
            fixture={"type": "constant_pressure", "pressure": f"{pressure} MPa"},
            protocol=[{"repeat": cycles, "steps": [f"Discharge {half}", f"Charge {half}"]}],
            **changed,
        )
    )


def overpotentials(result):
    """Of the negative electrode at the end of each stripping and each plating [V]."""
    step = result.series.columns["Step Count / 1"]
    last = np.append(np.diff(step) > 0, True)
    negative = result.series.columns["Negative Electrode Potential / V"][last]
    density = result.current[last] / (np.pi * 6.5e-3**2)
    # less its half of the separator, and the pressure's shift of the equilibrium
    electrolyte = 0.5 * density * 600e-6 / 0.19
    shift = -12.97e-6 * result.stack_pressure[last] / 96485.33212
    eta = np.abs(negative + electrolyte - shift)
    return eta[0::2], eta[1::2]


@pytest.mark.parametrize("pressure", [3, 7])
def test_voids_grow_above_and_not_below_the_critical_stripping_current(pressure):
    critical = 0.23 + 1.35 * (pressure / 10.0) ** 1.5  # of all spots together
    whole = {"separator_crack": "none"}
    below = strip_and_plate(0.3 * critical, pressure, mechanisms=whole)
    above = strip_and_plate(1.3 * critical, pressure, mechanisms=whole)
    assert below.status == above.status == "completed"
    for eta in overpotentials(below):
        assert np.ptp(eta) < 1e-6
    assert min(c["lithium_contact_fraction_min"] for c in below.cycles) > 1.0 - 1e-3
    stripping, plating = overpotentials(above)
    assert np.all(np.diff(stripping) > 0.0)
    assert stripping[-1] - stripping[0] > plating[-1] - plating[0]


def test_stripping_not_plating_overpotential_grows_at_3_megapascal():
    """1 mA/cm2 at 3 MPa: what stripping takes grows from cycle to cycle (Fig. 10a)."""
    result = strip_and_plate(1.0, 3, cycles=8, mechanisms={"separator_crack": "none"})
    stripping, plating = overpotentials(result)
    grown = stripping[-1] - stripping[0], plating[-1] - plating[0]
    assert grown[0] > 0.2 * stripping[0]
    assert grown[0] > 3.0 * grown[1]


def test_shorts_come_in_the_order_of_figure_10():
    """3 MPa and 1 mA/cm2, and 7 MPa and 2, short soon; 7 MPa and 1 last tens of cycles."""
    soon = [strip_and_plate(i, P, cycles=50) for i, P in ((1.0, 3), (2.0, 7))]
    assert [result.status for result in soon] == ["short", "short"]
    assert max(len(result.cycles) for result in soon) <= 10
    assert strip_and_plate(1.0, 7, cycles=50).status == "completed"


def test_without_voids_the_same_cell_does_not_short():
    """Stripping, not plating, sets the critical current (QL-020)."""
    flat = {"lithium_voids": "none"}
    assert strip_and_plate(1.0, 3, cycles=50, mechanisms=flat).status == "completed"


def test_pressure_alone_splits_deep_flaws():
    """0.17 MPa m^0.5 over 1.12 sqrt(pi 35 um): 14.5 MPa, of 41 % of the stack pressure."""
    flawed = {"material": "li6ps5cl", "thickness": "0.9 mm", "flaw": "35 um"}
    for pressure, status in ((34, "completed"), (36, "short")):
        cell = declare(
            cathode=LITHIUM,
            separator=flawed,
            fixture={"type": "constant_pressure", "pressure": f"{pressure} MPa"},
            protocol=["Rest for 100 h"],
        )
        assert run(cell).status == status
