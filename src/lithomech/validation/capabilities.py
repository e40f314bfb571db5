"""What statements wait for: when the module exists, they have to be looked at again."""

from importlib.util import find_spec
from typing import Final, NamedTuple


class Capability(NamedTuple):
    """Something the package cannot do yet."""

    meaning: str
    module: str  # the module that will do it


CAPABILITIES: Final = {
    "particle": Capability(
        "cracks and diffusion in one polycrystalline particle",
        "lithomech.particle.fracture",
    ),
    "contact fracture": Capability(
        "grains that crack under contacts", "lithomech.particle.contact_fracture"
    ),
    "life": Capability(
        "capacity over hundreds of cycles with all losses", "lithomech.studies.life"
    ),
    "electrolyte fracture": Capability(
        "cracks in the separator under plated lithium", "lithomech.cell.electrolyte_fracture"
    ),
    "synthesis": Capability(
        "chemistry that the package does not model: synthesis, air, sintering",
        "lithomech.chemistry",
    ),
}


def exists(name: str) -> bool:
    """Return whether the package can do it by now."""
    try:
        return find_spec(CAPABILITIES[name].module) is not None
    except ModuleNotFoundError:  # a package on the way does not exist either
        return False
