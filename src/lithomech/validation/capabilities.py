"""What statements wait for: when the module exists, they have to be looked at again."""

from importlib.util import find_spec
from typing import Final, NamedTuple


class Capability(NamedTuple):
    """Something the package cannot do yet."""

    meaning: str
    module: str  # the module that will do it


CAPABILITIES: Final = {
    "contact fracture": Capability(
        "grains that crack under contacts", "lithomech.particle.contact_fracture"
    ),
}


def exists(name: str) -> bool:
    """Return whether the package can do it by now."""
    try:
        return find_spec(CAPABILITIES[name].module) is not None
    except ModuleNotFoundError:  # a package on the way does not exist either
        return False
