"""What differential pressiometry takes apart, against what the model put together."""

import numpy as np

from lithomech.observe.differential import difference
from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.pressiometry import signals_over_charge
from support.cells import composite, lto, solve, spring

PROTOCOL = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.5 V"]
COMMON = {"fixture": spring("20 MPa", "0.35 MPa/um"), "protocol": PROTOCOL, "reference": "li"}


def full_cell(anode):
    return solve(cathode=composite(morphology="single_crystal"), anode=anode, **COMMON)


def growth(result, layers=("cathode", "separator", "anode", "stack")):
    """Thickness that layers add by all causes but their elastic compression [m]."""
    rows = result.ledger.items()
    return sum(v for (layer, cause), v in rows if layer in layers and cause != "elastic")


def test_full_cell_less_reference_is_the_signal_of_graphite():
    """Two cells of equal compliance: within 2 % of stiffness times the anode's growth.

    The stiffness of fixture and layers together is read off the reference cell.
    """
    graphite = full_cell(composite("graphite", n_p_ratio=1.2, diameter="8 um"))
    reference = full_cell(lto())
    left = difference(
        signals_over_charge(graphite.series)[0], signals_over_charge(reference.series)[0]
    )
    end = half_cycles(reference.series)[0].rows[[0, -1]]
    stiffness = np.diff(reference.stack_pressure[end]) / np.diff(growth(reference)[end])
    rows = half_cycles(graphite.series)[0].rows
    charge = np.abs(graphite.series.charge_throughput[rows])
    anode = growth(graphite, ("anode",))[rows]
    truth = np.interp(left.along, charge - charge[0], stiffness * (anode - anode[0]))
    assert np.max(np.abs(left.values - truth)) < 0.02 * np.ptp(truth)
    assert np.ptp(truth) > 1e4  # Pa: there is something to separate
