"""Which mechanisms a cell file lets run at each electrode."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.mechanisms.switches import Switch, read_switches
from lithomech.errors import InputError


class Site(NamedTuple):
    """One class or foil: a record of the kernel, and what its mechanisms run with."""

    record: NDArray[np.void]  # one, of its record type
    parameters: dict[str, Any]  # of each mechanism by name; None where it has no part
    active: frozenset[str]  # names of the mechanisms that run
    metal: bool = False  # a foil of lithium itself


def switches_of(cell: spec.Cell, side: str) -> dict[str, Switch]:
    """What the file says about the mechanisms of one electrode, by their name.

    Raises:
        InputError: it names a mechanism or a constant that there is none of.
    """
    switches = read_switches(cell.mechanisms)
    return {name: switch for (at, name), switch in switches.items() if at == side}


def runs(cell: spec.Cell, side: str, mechanism: str) -> bool:
    """Whether the file lets a mechanism run at one electrode."""
    return switches_of(cell, side).get(mechanism, Switch()).on


def check_constants(cell: spec.Cell, sites: Mapping[str, Iterable[Site]]) -> None:
    """Constants that a file sets must be those of some part of the cell.

    Args:
        cell: the file.
        sites: classes of particles or the foil, by electrode.

    Raises:
        InputError: the mechanism has no part anywhere, so that its constants do nothing.
    """
    switches = read_switches(cell.mechanisms)
    for name in dict.fromkeys(name for (_, name), switch in switches.items() if switch.values):
        parts = [
            site.parameters.get(name)
            for side, own in sites.items()
            for site in own
            if switches.get((side, name), Switch()).values
        ]
        if all(part is None for part in parts):
            raise InputError(
                "its constants do nothing: no material of this cell has a part in it",
                key=f"mechanisms.{name}",
            )
