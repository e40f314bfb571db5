"""Lithium that a host takes up once and never gives back, and what it means for n/p.

The loss is a reaction of the host itself beside the decomposition of the electrolyte: it sets
in below a potential, is complete after a while, and takes its charge from the first cycle.
"""

from typing import Any

from lithomech.cell.closures import Grains, assumed
from lithomech.cell.decomposition import UNUSED


def host_loss(grain: Grains, coverage: float) -> list[dict[str, Any]]:
    """The first-cycle loss of one class, where its material has one.

    Args:
        grain: the class.
        coverage: as-made contact, which the charge is counted on.

    Returns:
        Fields of REACTION, or nothing.
    """
    m = grain.material
    if not (m.has("first_cycle_loss") and m.value("first_cycle_loss") > 0.0):
        return []
    lost = m.value("first_cycle_loss") * m.value("density") * grain.radius / (3.0 * coverage)
    return [
        UNUSED
        | {
            "sign": -1.0,
            "limit": m.value("first_cycle_potential"),
            "exhaustion": lost,
            # one volt below its onset, the loss is 1 - 1/e complete after this time
            "resistance": assumed("first-cycle time [s]") / lost,
        }
    ]
