"""Voids in lithium under stripping, refilled by creep and plating, and the contact left.

Eight spots of the interface, of equal area and unequal supply of lithium, share the current by
the contact that each has left.
"""

from statistics import NormalDist
from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Floats,
    FoilBefore,
    FoilEffect,
    Number,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.outputs import PERCENT, CycleQuantity, LedgerRow, Output
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.laws import lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, softplus
from lithomech.numerics.lanes import WIDTH, first_lanes, load, spread

NAME: Final = "lithium_voids"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {
    "unevenness": (0.5, "standard deviation of the logarithm; nobody mapped it"),
    "spacing": (20e-6, "voids are seen some ten micrometres apart"),
}
CURRENT_WIDTH: Final = 0.02  # A/m2, of the stripping excess
STRIP_WIDTH: Final = 1e-3  # A/m2, between stripping and plating
VOID_WIDTH: Final = 5e-9  # m, void depth below which refilling fades
REFERENCE_PRESSURE: Final = 10e6  # Pa, of the stored constants
# middles of equal shares of a normal distribution
NORMAL: Final = np.array([NormalDist().inv_cdf((k + 0.5) / WIDTH) for k in range(WIDTH)])
LEAST: Final = 1e-12  # contact: with less no cell carries a current
MOST, SETTLED = 60, 1e-12  # iterations for the contact, and its change that ends them

_critical_current = kernel(lithium.critical_stripping_current)
_recession = kernel(lithium.interface_recession)
_contact = kernel(lithium.lithium_contact)
_constriction = kernel(lithium.constriction_resistance)


class States(NamedTuple):
    """Depth of voids, spot by spot."""

    open: Annotated[float, State("m", "void that refills", 1e-4, WIDTH)] = 0.0
    occluded: Annotated[float, State("m", "void that plating has shut in", 1e-4, WIDTH)] = 0.0


class Parameters(NamedTuple):
    """Constants of stripping and refilling."""

    transport: Annotated[float, Parameter("A/m^2", "stripping that diffusion sustains")]
    creep: Annotated[float, Parameter("A/m^2", "stripping that creep sustains at 10 MPa")]
    exponent: Annotated[float, Parameter("dimensionless", "of the pressure")]
    depth: Annotated[float, Parameter("m", "of voids that leave 1/e of the contact")]
    occlusion: Annotated[
        float, Parameter("dimensionless", "share of plating that shuts voids in")
    ]
    molar_volume: Annotated[float, Parameter("m^3/mol", "of lithium in the metal")]
    conductivity: Annotated[float, Parameter("S/m", "of the separator")]
    unevenness: Annotated[
        float,
        Parameter("dimensionless", "of the supply between spots", ASSUMED["unevenness"][1]),
    ]
    spacing: Annotated[
        float, Parameter("m", "half the distance of contacts", ASSUMED["spacing"][1])
    ]


class Spots(NamedTuple):
    """What happens at eight spots in a step, for given depths and a given mean contact."""

    excess: Number  # of the depth over what the step makes it [m]
    occluded: Number
    theta: Number  # contact left


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where its material has none of voids."""
    m, T = site.material, site.temperature
    if not m.has("void_depth"):
        return None

    def optional(name: str) -> float:
        return m.value(name, T) if m.has(name) else 0.0

    return Parameters(
        transport=site.creep_factor * optional("void_current_transport"),
        creep=site.creep_factor * optional("void_current_creep"),
        exponent=optional("void_creep_exponent"),
        depth=m.value("void_depth", T),
        occlusion=optional("void_occlusion"),
        molar_volume=m.value("partial_molar_volume"),
        conductivity=site.separator.value("ionic_conductivity", T),
        unevenness=ASSUMED["unevenness"][0],
        spacing=ASSUMED["spacing"][0],
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Voids after a step h: implicit, Newton for the depths and the mean contact together."""
    drive = where_lithium_is(drive)
    supply = uneven_supply(p)
    w, S = depths(p, supply, old, drive, h)
    by_state = spots(p, supply, old, plain(drive), seeded(w, S), h)
    by_drive = spots(p, supply, old, drive, constant(w, S), h)
    per_excess = 1.0 / by_state.excess.first
    moved = by_state.theta.first * per_excess
    slope = 1.0 + mean(moved * by_state.excess.second)
    contact = Dual(
        S,
        mean(by_drive.theta.first - moved * by_drive.excess.first) / slope,
        mean(by_drive.theta.second - moved * by_drive.excess.second) / slope,
    )
    by_contact = by_state.excess.second
    first = by_drive.excess.first + by_contact * contact.first
    second = by_drive.excess.second + by_contact * contact.second
    open_: Number = Dual(w, -per_excess * first, -per_excess * second)
    shut = by_drive.occluded
    per_depth = by_state.occluded.first
    occluded: Number = Dual(
        shut.value,
        shut.first + per_depth * open_.first,
        shut.second + per_depth * open_.second,
    )
    deep: Number = open_ + occluded
    depth = Dual(mean(deep.value), mean(deep.first), mean(deep.second))
    left = drive.contact * contact
    spreading = _constriction(left, p.spacing, p.conductivity)
    return States(open_, occluded), foil_effect(
        contact=contact, resistance=left * spreading, thickness=depth
    )


@kernel
def where_lithium_is(drive: FoilBefore) -> FoilBefore:
    """The drive with the current over what lithium covers."""
    return FoilBefore(
        drive.temperature, drive.i / drive.contact, drive.P, drive.lithium, drive.contact
    )


@kernel
def uneven_supply(p: Parameters) -> Number:
    """Supply of each spot over the mean supply."""
    supply = np.exp(p.unevenness * load(NORMAL, 0, first_lanes(WIDTH)))
    return supply / mean(supply)


@kernel
def mean(x: Number) -> Number:
    """Mean of lanes."""
    return np.sum(x) * (1.0 / WIDTH)


@kernel
def plain(drive: FoilBefore) -> FoilBefore:
    """The drive without its derivatives."""
    i, P = Dual(drive.i.value, 0.0, 0.0), Dual(drive.P.value, 0.0, 0.0)
    return FoilBefore(drive.temperature, i, P, drive.lithium, drive.contact)


@kernel
def seeded(w: Number, S: float) -> tuple[Number, Number]:
    """Depths and contact as the two seeds."""
    return Dual(w, spread(1.0), spread(0.0)), Dual(S, 0.0, 1.0)


@kernel
def constant(w: Number, S: float) -> tuple[Number, Number]:
    """Depths and contact without derivatives."""
    return Dual(w, spread(0.0), spread(0.0)), Dual(S, 0.0, 0.0)


@kernel
def depths(
    p: Parameters, supply: Number, old: States, drive: FoilBefore, h: float
) -> tuple[Number, float]:
    """Depths of the voids (lanes) and the mean contact after a step."""
    w = np.maximum(old.open, 0.0)
    S = max(mean(_contact(w + old.occluded, p.depth)), LEAST)
    for _ in range(MOST):
        now = spots(p, supply, old, plain(drive), seeded(w, S), h)
        per_excess = 1.0 / now.excess.first
        moved = now.theta.first * per_excess
        left = S - mean(now.theta.value) + mean(moved * now.excess.value)
        slope = 1.0 + mean(moved * now.excess.second)
        change = -left / slope if slope > 0.0 else -0.5 * S
        change = min(max(change, -0.5 * S), max(1.0 - S, 0.0))
        down = (now.excess.value + now.excess.second * change) * per_excess
        w = np.maximum(w - down, 0.0)
        S = max(S + change, LEAST)
        if abs(change) < SETTLED * S and np.sum(abs(down)) < SETTLED * p.depth:
            break
    return w, S


@kernel
def spots(
    p: Parameters,
    supply: Number,
    old: States,
    drive: FoilBefore,
    at: tuple[Number, Number],
    h: float,
) -> Spots:
    """What happens at eight spots in a step that ends at some depths and mean contact.

    Plating refills all voids alike, from their rims; stripping takes by the contact left.

    Args:
        p: parameters.
        supply: of each spot over the mean (lanes).
        old: states before.
        drive: of the mechanism.
        at: depths (dual of lanes) and mean contact (dual).
        h: step.
    """
    w, S = at
    strip = softplus(drive.i, STRIP_WIDTH)
    plate = strip - drive.i
    filled = w / (w + VOID_WIDTH)
    occluded = filled * _recession(plate, p.molar_volume) * (h * p.occlusion) + old.occluded
    theta = _contact(w + occluded, p.depth)
    fed = _critical_current(p.transport, p.creep, drive.P, REFERENCE_PRESSURE, p.exponent)
    beyond = theta * (strip / S) - plate - fed * supply
    grow = _recession(softplus(beyond, CURRENT_WIDTH), p.molar_volume)
    close = _recession(softplus(-beyond, CURRENT_WIDTH), p.molar_volume)
    return Spots(w - np.maximum(old.open, 0.0) - (grow - close * filled) * h, occluded, theta)


def _depth(observation: Any, side: str) -> Floats | None:  # noqa: ANN401
    """Thickness that voids add to a planar electrode [m]."""
    foil = observation.foil(side)
    if foil is None:
        return None
    return foil.states[f"{NAME}.open"] + foil.states[f"{NAME}.occluded"]


OUTPUTS: Final[tuple[Output, ...]] = (
    LedgerRow("voids", _depth),
    CycleQuantity(
        "lithium_contact_fraction_min", "1", "Lowest lithium contact",
        lambda c: c.lowest.get("lithium_contact"), 1, PERCENT, extreme=True,
    ),
)  # fmt: skip
