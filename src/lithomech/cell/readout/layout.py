"""Names in result files.

Format 2: groups /series, /cycles, /profiles, /ledger (one variable with the coordinates layer
and cause), /losses (overvoltage and capacity by cause and cycle), /impedance/N, /state (arrays
by ``mechanism.state``), /resolved, and all that the run read besides its cell file: /materials,
/structures/N and /initial/N (a state it went on from). In format 1 the ledger was one variable
per "layer: cause", and there was nothing after /impedance.
"""

from typing import Final

FORMAT: Final = 2
CHANGE: Final = "thickness_change_m"  # variable of /ledger
JSON: Final = "json"  # attribute of groups that hold plain data
FORMAT_OF_SENTENCES: Final = 1  # its ledger has keys like "anode: li plated"
# of /losses, as in ``Losses``
WHOLE: Final = "whole_overvoltage_mV"
MISSING: Final = "missing_capacity_mAh_per_g"
REFERENCE: Final = "reference_capacity_mAh_per_g"  # attribute


def cause_axis(budget: str) -> str:
    """Name of the coordinate that holds the causes of one budget."""
    return f"{budget}_cause"
