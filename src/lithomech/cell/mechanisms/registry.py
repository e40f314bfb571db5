"""The mechanisms that there are, and the composition that a cell is compiled with."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lithomech.cell.mechanisms import (
    contact,
    cracking,
    first_cycle,
    foil_interphase,
    interphase,
    lithium_voids,
    yielding,
)
from lithomech.cell.mechanisms.declare import Mechanism, SiteKind, record_type

MODULES: Final = (
    contact,
    cracking,
    yielding,
    interphase,
    first_cycle,
    lithium_voids,
    foil_interphase,
)


@dataclass(frozen=True)
class Composition:
    """Mechanisms that are compiled together, in the order in which they are called."""

    particle: tuple[Mechanism, ...]
    foil: tuple[Mechanism, ...]

    def fields(self, site: SiteKind) -> list[tuple[str, np.dtype[Any]]]:
        """Record fields of the parameters of all mechanisms at one kind of site."""
        mechanisms = {SiteKind.PARTICLE: self.particle, SiteKind.FOIL: self.foil}[site]
        return [(m.name, record_type(m.parameters)) for m in mechanisms]


def _composition(modules: tuple[Any, ...]) -> Composition:
    mechanisms = [Mechanism(module) for module in modules]
    return Composition(
        tuple(m for m in mechanisms if m.site is SiteKind.PARTICLE),
        tuple(m for m in mechanisms if m.site is SiteKind.FOIL),
    )


BUILT_IN: Final = _composition(MODULES)


def names() -> list[str]:
    """Names that ``mechanisms:`` of a cell file may switch."""
    return sorted({m.name for m in (*BUILT_IN.particle, *BUILT_IN.foil)})


def assumptions() -> dict[str, tuple[float, str]]:
    """Constants of the mechanisms that nobody measured: value, and why it is what it is."""
    found: dict[str, tuple[float, str]] = {}
    for m in (*BUILT_IN.particle, *BUILT_IN.foil):
        found |= m.assumed
    return found
