"""Contact that pressing makes between a metal and a hard electrolyte, and that stays.

The metal flows into the roughness; what has touched once stays in touch under less pressure.
"""

from typing import Annotated, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    FoilBefore,
    FoilEffect,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.laws import contact
from lithomech.numerics.compiled import kernel

NAME: Final = "pressed_contact"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {
    "dwell": (60.0, "metals flow into roughness within minutes"),
}

LEAST: Final = 1e-9  # contact: with less no cell carries a current

_share = kernel(contact.pressed_share)


class States(NamedTuple):
    """What has pressed the foil since it was made."""

    beyond: Annotated[float, State("Pa", "largest pressure since, above the first", 1e7)] = 0.0


class Parameters(NamedTuple):
    """How contact follows the largest pressure."""

    made: Annotated[float, Parameter("Pa", "that pressed the foil on the separator")]
    scale: Annotated[float, Parameter("Pa", "pressure that makes all contact but 1/e")]
    dwell: Annotated[float, Parameter("s", "of a pressure", ASSUMED["dwell"][1])]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where its contact is whole as made."""
    if site.pressed is None:
        return None
    scale = site.separator.value("contact_pressure")
    return Parameters(made=site.pressed, scale=scale, dwell=ASSUMED["dwell"][0])


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Largest pressure and contact after a step h: implicit in the dwell."""
    part = h / (h + p.dwell)
    beyond = old.beyond + part * np.maximum(drive.P - (p.made + old.beyond), 0.0)
    share = _share(p.made + beyond, p.scale)
    return States(beyond), foil_effect(contact=LEAST + (1.0 - LEAST) * share)
