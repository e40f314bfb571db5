"""Voids in lithium under stripping, refilled by creep and plating, and the contact left."""

from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Floats,
    FoilBefore,
    FoilEffect,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.outputs import PERCENT, CycleQuantity, LedgerRow, Output
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.constants import ROOM_TEMPERATURE
from lithomech.laws import lithium, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus

NAME: Final = "lithium_voids"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
CURRENT_WIDTH: Final = 0.02  # A/m2, of the stripping excess
STRIP_WIDTH: Final = 1e-3  # A/m2, between stripping and plating
VOID_WIDTH: Final = 5e-9  # m, void depth below which refilling fades
REFERENCE_PRESSURE: Final = 1e6  # Pa, of the stored constants

_critical_current = kernel(lithium.critical_stripping_current)
_recession = kernel(lithium.interface_recession)
_contact = kernel(lithium.lithium_contact)


class States(NamedTuple):
    """Mean depth of voids."""

    open: Annotated[float, State("m", "void that refills", 1e-4)] = 0.0
    occluded: Annotated[float, State("m", "void that plating has shut in", 1e-4)] = 0.0


class Parameters(NamedTuple):
    """Constants of stripping and refilling."""

    transport: Annotated[float, Parameter("A/m^2", "stripping that diffusion sustains")]
    creep: Annotated[float, Parameter("A/m^2", "stripping that creep sustains at 1 MPa")]
    exponent: Annotated[float, Parameter("dimensionless", "of the pressure")]
    depth: Annotated[float, Parameter("m", "of voids that leave 1/e of the contact")]
    occlusion: Annotated[
        float, Parameter("dimensionless", "share of plating that shuts voids in")
    ]
    molar_volume: Annotated[float, Parameter("m^3/mol", "of lithium in the metal")]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where its material has none of voids."""
    m, T = site.material, site.temperature
    if not m.has("void_depth"):
        return None
    creep = m.value("void_current_creep", T) if m.has("void_current_creep") else 0.0
    if m.has("creep_activation_energy"):
        energy = m.value("creep_activation_energy")
        creep *= float(transport.arrhenius_factor(energy, T, ROOM_TEMPERATURE))

    def optional(name: str) -> float:
        return m.value(name, T) if m.has(name) else 0.0

    return Parameters(
        transport=optional("void_current_transport"),
        creep=creep,
        exponent=optional("creep_exponent"),
        depth=m.value("void_depth", T),
        occlusion=optional("void_occlusion"),
        molar_volume=m.value("partial_molar_volume"),
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Open and occluded void depth after a step h: implicit, one quadratic in the depth."""
    i_c = _critical_current(p.transport, p.creep, drive.P, REFERENCE_PRESSURE, p.exponent)
    grow = _recession(softplus(drive.i - i_c, CURRENT_WIDTH), p.molar_volume)
    close = _recession(softplus(i_c - drive.i, CURRENT_WIDTH), p.molar_volume)
    plate = _recession(softplus(-drive.i, STRIP_WIDTH), p.molar_volume)
    # w = w_0 + h (grow - close w/(w + delta)): quadratic in w, positive root
    b = VOID_WIDTH - old.open - h * (grow - close)
    c = (old.open + h * grow) * VOID_WIDTH
    root = np.sqrt(b * b + 4.0 * c)
    w = 0.5 * (root - b)
    filled = w / (w + VOID_WIDTH)
    occluded = old.occluded + (h * p.occlusion) * (plate * filled)
    depth = w + occluded
    return States(w, occluded), foil_effect(contact=_contact(depth, p.depth), thickness=depth)


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
        lambda c: c.lowest.get("lithium_contact"), 1, PERCENT,
    ),
)  # fmt: skip
