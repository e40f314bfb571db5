"""What the terminal says at the end of a run."""

from dataclasses import replace

from lithomech.app.summary import brief, cycle_table
from support.synthetic_result import synthetic_result


def test_one_line_on_all_values_that_are_assumed():
    shown = brief(
        [
            "li: assumed, not measured: diffusivity, activation energy",
            "ncm88: taken from ncm811: diffusivity",
            "'Rest for 1 hour' was skipped in cycle 1: so it was",
        ]
    )
    assert shown == [
        "'Rest for 1 hour' was skipped in cycle 1: so it was",
        "values of the materials: 2 assumed, 1 borrowed from another material; the report "
        "lists them",
    ]


def test_cells_between_foils_have_capacities_per_area_and_no_empty_columns():
    hosts, foils = synthetic_result(), synthetic_result()
    no_hosts = {"charge_capacity_mAh_per_g": None, "discharge_capacity_mAh_per_g": None}
    no_hosts |= {"crack_area_fraction_end_of_charge": None}
    areal = {"charge_capacity_mAh_per_cm2": 0.2, "discharge_capacity_mAh_per_cm2": 0.2}
    foils = replace(foils, cycles=tuple({**c, **no_hosts, **areal} for c in foils.cycles))
    shown = [[str(c.header).split() for c in cycle_table(r).columns] for r in (hosts, foils)]
    assert ["Charge", "mAh/g"] in shown[0]
    assert ["Charge", "mAh/cm²"] in shown[1]
    assert ["Cracks", "%"] not in shown[1]
    assert ["Charge", "mAh/g"] not in shown[1]
