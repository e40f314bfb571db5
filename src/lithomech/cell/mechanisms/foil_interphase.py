"""Separator that a foil reduces: the film between them, paid with the foil's own lithium."""

from typing import Annotated, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    FoilAfter,
    FoilEffect,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.interphase import FILM_CHARGE
from lithomech.cell.mechanisms.reaction import Reaction, decomposition_of, react
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.constants import F
from lithomech.numerics.compiled import kernel

NAME: Final = "interphase"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.AFTER
ASSUMED: Final[dict[str, tuple[float, str]]] = {}


class States(NamedTuple):
    """Charge that the film has taken."""

    film: Annotated[float, State("C/m^2", "charge of reduction", FILM_CHARGE)] = 0.0


class Parameters(NamedTuple):
    """The film between foil and separator."""

    reduction: Annotated[Reaction, Parameter("", "of the separator")]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the reduction of the separator; None where the foil is too noble for it."""
    m, electrolyte = site.material, site.separator
    if not electrolyte.has("reduction_growth"):
        return None
    r = decomposition_of(electrolyte, "reduction", site.temperature)
    if float(m.curve("open_circuit_potential").y.min()) > r.limit:
        return None
    lithium = m.value("partial_molar_volume") if m.has("partial_molar_volume") else 0.0
    return Parameters(r._replace(swelling=r.swelling - lithium / F))


@kernel
def advance(
    p: Parameters, old: States, drive: FoilAfter, h: float
) -> tuple[States, FoilEffect]:
    """Film after a step: the foil dissolves into it until it is empty, no current tells."""
    r = p.reduction
    rate = react(r, r.limit - drive.rest, drive.theta, old.film, h)
    film = np.minimum(h * rate, drive.left) + old.film
    return States(film), foil_effect(
        resistance=r.ionic * film, thickness=r.swelling * film, charge=film - old.film
    )
