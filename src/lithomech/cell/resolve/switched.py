"""Which mechanisms a cell file lets run at each electrode."""

from lithomech.cell import spec
from lithomech.cell.mechanisms.switches import Switch, read_switches
from lithomech.cell.state import SIDES


def switches_of(cell: spec.Cell, side: str) -> dict[str, Switch]:
    """What the file says about the mechanisms of one electrode, by their name.

    Raises:
        InputError: it names a mechanism or a constant that there is none of.
    """
    switches = read_switches(cell.mechanisms)
    if not cell.decomposition:
        off = Switch(on=False)
        switches = {(s, "interphase"): off for s in SIDES} | switches
    return {name: switch for (at, name), switch in switches.items() if at == side}


def runs(cell: spec.Cell, side: str, mechanism: str) -> bool:
    """Whether the file lets a mechanism run at one electrode."""
    return switches_of(cell, side).get(mechanism, Switch()).on
