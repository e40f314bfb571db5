"""Which properties of a material a cell calculates with."""

from collections.abc import Mapping

from lithomech.cell.mechanisms.cracking import GRAINS
from lithomech.cell.mechanisms.site import Composite
from lithomech.materials.cell_properties import TEXTURED
from lithomech.materials.material import Material


def used_properties(composites: Mapping[str, Composite], m: Material) -> list[str]:
    """Names of the properties: cracks of textured grains only where there are some."""
    particles = [p for c in composites.values() for p in c.particles]
    before = {GRAINS[p.morphology][0] for p in particles if p.material.name == m.name}
    return [n for n in m.cell_properties() if TEXTURED in before or not n.startswith(TEXTURED)]
