"""Every value of a material with its standing: who has seen it, who has only assumed it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lithomech.materials.material import Material, SIProperty
from lithomech.materials.schema import Source

# What a value rests on, the best first.
STANDINGS: Final = ("checked", "unchecked", "calibrated", "assumed")
BORROWED: Final = "borrowed"
ROLES: Final = (
    "electrolyte",
    "active",
    "metal",
    "additive",
    "frame",
    "collector",
    "housing",
    "route",
    "family",
    "phase",
    "experiment",
)


@dataclass(frozen=True)
class Entry:
    """One value of a material.

    Attributes:
        material: whose value it is, or who borrows it.
        property: name in the catalogue.
        value: the number or curve with its unit, in SI.
        source: of the value, or of its activation energy.
        standing: ``checked``, ``unchecked``, ``calibrated`` or ``assumed``.
        part: ``value``, ``other`` or ``activation energy``.
    """

    material: str
    property: str
    value: SIProperty
    source: Source
    standing: str
    part: str = "value"

    def is_borrowed(self) -> bool:
        """Return whether the number stands in another material's file."""
        return self.value.owner not in {"", self.material}


def standing(source: Source) -> str:
    """Return what a value rests on; whoever assumes or fits a number has not measured it."""
    if source.method in {"assumed", "calibrated"}:
        return source.method
    return "checked" if source.checked else "unchecked"


def entries(material: Material) -> Iterator[Entry]:
    """Yield every value: the preferred ones, others beside them, and activation energies."""
    for name, quantity in material.properties.items():
        place = (material.name, name)
        yield Entry(*place, quantity, quantity.source, standing(quantity.source))
        if quantity.activation_source is not None:
            source = quantity.activation_source
            yield Entry(*place, quantity, source, standing(source), "activation energy")
        for other in quantity.others:
            yield Entry(*place, other, other.source, standing(other.source), "other")


def own_counts(material: Material) -> dict[str, int]:
    """Return how many values of its own file have each standing."""
    counted = Counter(e.standing for e in entries(material) if not e.is_borrowed())
    return {name: counted[name] for name in STANDINGS}


def borrowed_count(material: Material) -> int:
    """Return how many properties come from the material it is based on."""
    return sum(quantity.owner != material.name for quantity in material.properties.values())


def doubts(material: Material) -> list[Entry]:
    """Return what is borrowed, assumed, calibrated or unchecked."""
    doubtful = (e for e in entries(material) if e.is_borrowed() or e.standing != "checked")
    return [e for e in doubtful if not (e.is_borrowed() and e.part != "value")]


def kind(entry: Entry) -> str:
    """Return under what an audit counts an entry: a borrowed value counts as that only."""
    return BORROWED if entry.is_borrowed() else entry.standing


def audit_counts(listed: Iterable[Entry]) -> dict[str, int]:
    """Return how many entries there are of each kind, the worst first."""
    counted = Counter(kind(e) for e in listed)
    return {name: counted[name] for name in ("assumed", "calibrated", "unchecked", BORROWED)}


def grouped(materials: Iterable[Material]) -> dict[tuple[str, str], list[Material]]:
    """Return materials by role and family, in the order in which people look for them."""
    groups: dict[tuple[str, str], list[Material]] = {}
    for m in sorted(materials, key=lambda m: (ROLES.index(m.role), m.family or "", m.name)):
        family = "" if m.role == "family" else (m.family or "")
        groups.setdefault((m.role, family), []).append(m)
    return groups
