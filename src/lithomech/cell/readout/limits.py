"""What ends a step, in the words of the events of a result."""

from typing import Final

from lithomech.cell.solver import cutoffs

LIMIT_NAMES: Final = {
    cutoffs.VOLTAGE: "voltage limit [V]",
    cutoffs.ABSOLUTE_CURRENT: "current limit [A/m2]",
    cutoffs.STACK_PRESSURE: "pressure limit [Pa]",
    cutoffs.MOVED_CHARGE: "charge limit [C/m2]",
    cutoffs.NET_CHARGE: "no lithium left in the foil [C/m2]",
    cutoffs.SHORT: "short",
}
SPENT_SIDES: Final = {cutoffs.ANODE_SPENT: "anode", cutoffs.CATHODE_SPENT: "cathode"}
