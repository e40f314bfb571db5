"""The mechanisms that there are, and the composition that a cell is compiled with."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from lithomech.cell.mechanisms import (
    alloying,
    bare_collector,
    contact,
    cracking,
    creep,
    electrolyte_cracks,
    first_cycle,
    foil_interphase,
    host_in_front,
    interphase,
    isolation,
    lithium_voids,
    polymer_contact,
    pore_creep,
    pressed_contact,
    salt,
    separator_crack,
    yielding,
)
from lithomech.cell.mechanisms.declare import Mechanism, SiteKind, record_type

MODULES: Final = (
    contact,
    cracking,
    yielding,
    creep,
    interphase,
    isolation,
    first_cycle,
    alloying,
    electrolyte_cracks,
    bare_collector,
    pressed_contact,
    polymer_contact,
    lithium_voids,
    salt,
    host_in_front,
    foil_interphase,
    separator_crack,
    pore_creep,
)


@dataclass(frozen=True)
class Composition:
    """Mechanisms that are compiled together, in the order in which they are called."""

    particle: tuple[Mechanism, ...]
    foil: tuple[Mechanism, ...]
    key: str = ""  # hash of the sources of a user's mechanisms; empty for the package's own

    def fields(self, site: SiteKind) -> list[tuple[str, np.dtype[Any]]]:
        """Record fields of the parameters of all mechanisms at one kind of site."""
        mechanisms = {SiteKind.PARTICLE: self.particle, SiteKind.FOIL: self.foil}[site]
        fields = [(m.name, record_type(m.parameters)) for m in mechanisms]
        # compiled code knows a composition by the type of its records, so each has its own
        return [*fields, (f"made_by_{self.key}", np.dtype(np.int64))] if self.key else fields

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """All of them."""
        return (*self.particle, *self.foil)


def compose(modules: Sequence[ModuleType], key: str = "") -> Composition:
    """Return the composition of mechanisms in the order of their modules."""
    mechanisms = [Mechanism(module) for module in modules]
    return Composition(
        tuple(m for m in mechanisms if m.site is SiteKind.PARTICLE),
        tuple(m for m in mechanisms if m.site is SiteKind.FOIL),
        key,
    )


BUILT_IN: Final = compose(MODULES)
