"""The materials as the register sees them: values by claim, and a record of what was used."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from lithomech.cell.resolve.enclose import load_materials
from lithomech.cell.spec import load_cell
from lithomech.errors import MaterialError
from lithomech.materials.load import known, load_material
from lithomech.materials.material import Curve, Material, SIProperty
from lithomech.microstructure.spec import load_structure
from lithomech.particle.spec import load_particle
from lithomech.particle.substances import CRACKING, NEEDED
from lithomech.validation.runs import CELLS, Runs

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.cell.spec import Cell
    from lithomech.microstructure.result import EffectiveProperties
    from lithomech.particle.result import CrackedParticle

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
PRESSED_WITH: Final = (  # what a structure takes from each of its materials
    "density",
    "youngs_modulus",
    "poisson_ratio",
    "matrix_strength",
    "electronic_conductivity",
    "ionic_conductivity",
)


_RUNS: Final = Runs()


class StoredValue(NamedTuple):
    """One value of the library and where it stands."""

    material: str
    property: str
    found: SIProperty


class Finding(NamedTuple):
    """Whether a statement holds, and the numbers that say so."""

    holds: bool
    text: str


@dataclass
class Library:
    """All packaged materials; every number that is handed out is kept in `used`.

    Attributes:
        used: values read since the record was last cleared.
        runs: where results come from; those of this process if none are given.
    """

    used: list[StoredValue] = field(default_factory=list)
    runs: Runs = field(default_factory=lambda: _RUNS)

    def material(self, name: str) -> Material:
        """Return a material without a record: use `value` and `curve` for its numbers."""
        return _material(name)

    def names(self, role: str) -> list[str]:
        """Return the names of all materials of a role."""
        return [name for name in _names() if _material(name).role == role]

    def value(
        self, material: str, name: str, *, claim: str = "", ref: str = "", conditions: str = ""
    ) -> float:
        """Return a value in SI units; with a claim, a reference or conditions that one.

        Args:
            material: file name.
            name: property.
            claim: id of a claim that the value carries.
            ref: key of its source.
            conditions: a part of its conditions.

        Raises:
            MaterialError: there is no such value.
        """
        m = _material(material)
        if name not in m.properties:
            raise MaterialError(f"{material} has no {name!r}")
        preferred = m.properties[name]
        for found in (preferred, *preferred.others):
            fits = (not claim or claim in found.source.claims) and (
                not ref or ref == found.source.ref
            )
            if fits and conditions in found.conditions and found.value is not None:
                self.used.append(StoredValue(material, name, found))
                return found.value
        wanted = " ".join(filter(None, (claim, ref, conditions)))
        raise MaterialError(f"{material} has no {name!r} of {wanted or 'one number'}")

    def span(self, material: str, name: str, *, claim: str = "") -> tuple[float, float]:
        """Return the published range of a value in SI units.

        Raises:
            MaterialError: there is no such value, or it has no range.
        """
        self.value(material, name, claim=claim)
        span = self.used[-1].found.span
        if span is None:
            raise MaterialError(f"{material}: {name!r} has no range")
        return span

    def curve(self, material: str, name: str) -> Curve:
        """Return a property against stoichiometry."""
        m = _material(material)
        curve = m.curve(name)
        self.used.append(StoredValue(material, name, m.properties[name]))
        return curve

    def cell(self, name: str, settings: Mapping[str, str] | None = None) -> "Cell":
        """Return a cell of the folder `cells`, with keys changed as `--set` would."""
        return load_cell(CELLS / f"{name}.yaml", tuple((settings or {}).items()))

    def run(self, name: str, settings: Mapping[str, str] | None = None) -> "CellResult":
        """Run a cell of the folder `cells`; all its materials count as used.

        A cell is run once, however many statements look at it.
        """
        cell = self.cell(name, settings)
        for m in load_materials(cell).values():
            self.used += [StoredValue(m.name, p, m.properties[p]) for p in m.cell_properties()]
        return self.runs.cell(cell)

    def press(
        self, name: str, settings: Mapping[str, str] | None = None
    ) -> "EffectiveProperties":
        """Press a packaged structure; what it takes from its materials counts as used.

        A structure is pressed once, however many statements look at it.
        """
        structure = load_structure(EXAMPLES / f"{name}.yaml", tuple((settings or {}).items()))
        for powder in structure.composition.powders:
            m = _material(powder.material)
            held = [p for p in PRESSED_WITH if m.has(p)]
            self.used += [StoredValue(m.name, p, m.properties[p]) for p in held]
        return self.runs.structure(structure)

    def crack(self, name: str, settings: Mapping[str, str] | None = None) -> "CrackedParticle":
        """Cycle a packaged particle; what it takes from its materials counts as used.

        A particle is cycled once, however many statements look at it.
        """
        particle = load_particle(EXAMPLES / f"{name}.yaml", tuple((settings or {}).items()))
        m = _material(particle.material)
        self.used += [StoredValue(m.name, p, m.properties[p]) for p in (*NEEDED, *CRACKING)]
        return self.runs.particle(particle)


def by_claim() -> dict[str, list[StoredValue]]:
    """Return the stored values of each claim id."""
    found: dict[str, list[StoredValue]] = defaultdict(list)
    for stored in all_values():
        for claim in stored.found.source.claims:
            found[claim].append(stored)
    return found


def all_values() -> Iterator[StoredValue]:
    """Yield every value that stands in a material's own file, preferred ones first."""
    for name in _names():
        for key, preferred in _material(name).properties.items():
            if preferred.owner == name:
                yield StoredValue(name, key, preferred)
                yield from (StoredValue(name, key, other) for other in preferred.others)


@cache
def _names() -> list[str]:
    return known()


@cache
def _material(name: str) -> Material:
    return load_material(name)
