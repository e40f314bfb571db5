"""Which properties a cell calculates with, and what a reader must know about them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.cracking import GRAINS
from lithomech.cell.mechanisms.reaction import missing_data
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.resolve.feasible import USES, named_materials
from lithomech.cell.resolve.percolated import notes_on_the_law
from lithomech.cell.resolve.reference import reference_warnings
from lithomech.cell.resolve.segmented import notes_on_the_image
from lithomech.cell.resolve.switched import runs
from lithomech.cell.state import SIDES
from lithomech.materials.cell_properties import TEXTURED
from lithomech.materials.material import Material

SAME_DIAMETER: Final = 0.01  # relative
FOILS: Final = ("collector",)  # roles
ASSUMED: Final = "assumed, not measured"
TAKEN: Final = "taken from"


def used_properties(
    cell: spec.Cell, composites: Mapping[str, Composite], m: Material
) -> tuple[str, ...]:
    """Names of the properties: cracks of textured grains only where there are some.

    Of a foil they are those of its uses: what a pouch alone is made of conducts nothing.
    """
    if m.role in FOILS:
        uses = {use for _, name, use in named_materials(cell) if _is_called(m, name)}
        return tuple(dict.fromkeys(n for use in sorted(uses) for n in USES[use][1]))
    particles = [p for c in composites.values() for p in c.particles]
    before = {GRAINS[p.morphology][0] for p in particles if p.material.name == m.name}
    textured = TEXTURED in before
    return tuple(n for n in m.cell_properties() if textured or not n.startswith(TEXTURED))


def _is_called(m: Material, word: str) -> bool:
    """Whether a cell that says ``word`` means this material."""
    return word.casefold() in {m.name, *map(str.casefold, m.aliases)}


def warnings_on(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> tuple[str, ...]:
    """What a reader must know about the inputs before trusting the result."""
    parts = (
        cell.notes,
        _warnings(cell, materials, composites),
        _left_out(cell, composites, materials),
        _even_salt(cell, composites, materials),
        _frame_diameter(cell, materials),
        _percolation(cell, composites, materials),
        reference_warnings(cell, materials, composites.get("cathode")),
    )
    return tuple(chain.from_iterable(parts))


def _frame_diameter(cell: spec.Cell, materials: dict[str, Material]) -> Iterator[str]:
    """A frame that was measured on a stack of another diameter."""
    fixture = cell.fixture
    if isinstance(fixture, spec.ConstantPressure) or fixture.frame is None:
        return
    measured, own = materials[fixture.frame].value("frame_diameter"), cell.geometry.width
    if abs(measured - own) > SAME_DIAMETER * own:
        yield (
            f"fixture.frame: {fixture.frame} holds stacks of {1e3 * measured:g} mm diameter, "
            f"and this cell has {1e3 * own:g} mm; its force per displacement is kept"
        )


def _percolation(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> Iterator[str]:
    """Where the law of percolation is used beyond what it was drawn through."""
    for side, composite in composites.items():
        yield from notes_on_the_law(getattr(cell, side), composite, materials)
        yield from notes_on_the_image(cell, composite)


def _left_out(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> list[str]:
    """Decomposition that the materials have no numbers for."""
    found = []
    for side in SIDES:
        if not runs(cell, side, "interphase"):
            continue
        electrode = getattr(cell, side)
        if isinstance(electrode, spec.Planar):
            separator = materials[cell.separator.material]
            found += missing_data(materials[electrode.material], separator)
        else:
            grains, electrolyte = composites[side].grains, composites[side].electrolyte
            found += [text for g in grains for text in missing_data(g.material, electrolyte)]
    return list(dict.fromkeys(found))


def _even_salt(
    cell: spec.Cell, composites: dict[str, Composite], materials: dict[str, Material]
) -> list[str]:
    """Salt that would move between two composites, where no foil keeps account of it."""
    m = materials[cell.separator.material]
    if len(composites) < len(SIDES) or not m.has("transference_number"):
        return []
    share = m.value("transference_number")
    if share == 1.0:
        return []
    return [
        f"{m.name}: lithium carries {share:.3g} of the current, and between two composite "
        "electrodes the salt is taken as even: their limit at high current is left out"
    ]


def _warnings(
    cell: spec.Cell, materials: dict[str, Material], composites: dict[str, Composite]
) -> tuple[str, ...]:
    """What of the materials is assumed, or taken from another one."""
    return tuple(
        text
        for name, m in materials.items()
        for text in _warnings_on(name, m, used_properties(cell, composites, m))
    )


@lru_cache(maxsize=256)
def _warnings_on(name: str, m: Material, used: tuple[str, ...]) -> tuple[str, ...]:
    """What of one material is assumed, or taken from another one."""
    found, entries = [], m.sources(used)
    guessed = [e.property for e in entries if e.source.method in {"assumed"}]
    if guessed:
        found.append(f"{name}: {ASSUMED}: {', '.join(guessed)}")
    for owner in sorted({e.borrowed_from() for e in entries} - {""}):
        taken = dict.fromkeys(e.property.partition(",")[0] for e in entries if e.owner == owner)
        found.append(f"{name}: {TAKEN} {owner}: {', '.join(taken)}")
    return tuple(found)
