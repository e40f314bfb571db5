"""Lithium that the stack pressure presses into open pores of the separator, without current.

The widest pore that leads from one side to the other is a straight tube; lithium flows along it
as it creeps in bulk, ever more slowly as it gets on. Between two electrodes of lithium it comes
from both, and meets in the middle. Pores are closed unless a cell file says how wide it is.
"""

from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Floats,
    FoilAfter,
    FoilEffect,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.outputs import PERCENT, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.site import REFERENCE_STRESS, FoilSite
from lithomech.laws import lithium
from lithomech.numerics.compiled import kernel
from lithomech.units import Ratio

NAME: Final = "pore_creep"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.AFTER
ASSUMED: Final[dict[str, tuple[float, str]]] = {}

_filling = kernel(lithium.pore_filling)


class States(NamedTuple):
    """How far lithium has got."""

    spent: Annotated[float, State("dimensionless", "share of the time to get through")] = 0.0


class Parameters(NamedTuple):
    """The pore, and how lithium flows in it."""

    radius: Annotated[float, Parameter("m", "of the widest open pore")]
    crossing_time: Annotated[float, Parameter("s", "to get through under 1 MPa")]
    exponent: Annotated[float, Parameter("dimensionless", "of lithium's creep")]
    length: Annotated[
        float, Parameter("m", "of the pore; half of it where lithium comes from both sides")
    ]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the pore; None where all are closed, or nothing is known of the metal's creep."""
    m, radius = site.material, site.open_pore
    L = site.separator_thickness * (0.5 if site.from_both_sides else 1.0)
    if radius is None or not m.has("creep_rate_factor"):
        return None
    creep, n = m.value("creep_rate_factor") * site.creep_factor, m.value("creep_exponent")
    rate = lithium.pore_filling_rate(creep, n)
    time = float(lithium.pore_crossing_time(L, radius, rate, n))
    return Parameters(radius=radius, crossing_time=time, exponent=n, length=L)


@kernel
def advance(
    p: Parameters, old: States, drive: FoilAfter, h: float
) -> tuple[States, FoilEffect]:
    """Share of the time to get through after a step h: what each pressure adds adds up."""
    pressed = np.maximum(drive.P, 0.0) / REFERENCE_STRESS
    spent = old.spent + h / p.crossing_time * pressed**p.exponent
    depth = _filling(spent, p.length, p.radius, p.exponent)
    return States(spent), foil_effect(through=depth / p.length)


def _share(observation: Any) -> Floats | None:  # noqa: ANN401
    """Deepest lithium in open pores over what it has to fill; None without pores."""
    shares = [
        np.asarray(filled(foil.parameters[NAME], foil.states[f"{NAME}.spent"]))
        for foil in map(observation.foil, ("anode", "cathode"))
        if foil is not None and foil.parameters.get(NAME) is not None
    ]
    return np.max(shares, axis=0) if shares else None


def filled(p: Parameters, spent: Ratio) -> Ratio:
    """Share of the pore that lithium of one side has filled of what it has to."""
    return lithium.pore_filling(spent, p.length, p.radius, p.exponent) / p.length


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("lithium_in_pores", _share),
    CycleQuantity(
        "lithium_in_pores_max", "1", "Depth of lithium in open pores",
        lambda c: c.end.get("lithium_in_pores"), 1, PERCENT, extreme=True,
    ),
)  # fmt: skip
