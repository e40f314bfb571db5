"""Lithium on a bare collector: islands that cover it, and what stripping leaves behind.

An anode-free cell plates on a collector. The first lithium stands on a few sites, so that its
current is concentrated; islands grow together with the thickness. On stripping the cover breaks
up again, and some of what lies on bared parts loses its contact for good.
"""

from typing import Annotated, Any, Final, NamedTuple

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
from lithomech.cell.mechanisms.outputs import AREAL_MAH, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.laws import lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus

NAME: Final = "bare_collector"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
STRIP_WIDTH: Final = 1e-3  # A/m2, between stripping and plating
THICKNESS_WIDTH: Final = 1e-10  # m, of the end of the lithium
LEAST: Final = 1e-9  # contact: with less no cell carries a current

_cover = kernel(lithium.covered_share)
_thickness = kernel(lithium.plated_thickness)


class States(NamedTuple):
    """Lithium that no longer takes part."""

    inactive: Annotated[float, State("C/m^2", "lithium without contact", 1e3)] = 0.0


class Parameters(NamedTuple):
    """How a collector is covered."""

    depth: Annotated[float, Parameter("m", "thickness of lithium that covers 1 - 1/e")]
    sites: Annotated[
        float, Parameter("dimensionless", "share of the bare collector on which lithium begins")
    ]
    left_behind: Annotated[
        float,
        Parameter("dimensionless", "share of stripping on bared parts that cuts off as much"),
    ]
    molar_volume: Annotated[float, Parameter("m^3/mol", "of lithium in the metal")]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where no collector is under it."""
    m = site.collector
    if m is None:
        return None
    return Parameters(
        depth=m.value("coverage_depth"),
        sites=m.value("nucleation_share"),
        left_behind=m.value("inactive_share"),
        molar_volume=site.material.value("partial_molar_volume"),
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Cover and lithium without contact after a step h."""
    thickness = softplus(_thickness(drive.lithium, p.molar_volume), THICKNESS_WIDTH)
    covered = _cover(thickness, p.depth)
    strip = softplus(drive.i, STRIP_WIDTH)
    plate = strip - drive.i
    lost = h * p.left_behind * (1.0 - covered) * strip
    begins = p.sites * plate / (plate + strip)
    return States(old.inactive + lost), foil_effect(
        contact=LEAST + (1.0 - LEAST) * covered, charge=lost, begins=begins
    )


def _inactive(observation: Any) -> Floats | None:  # noqa: ANN401
    """Lithium of the anode without contact [mAh/cm2]; None where it has no bare collector."""
    foil = observation.foil("anode")
    if foil is None or foil.parameters.get(NAME) is None:
        return None
    return foil.states[f"{NAME}.inactive"] / AREAL_MAH


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("inactive_lithium", _inactive),
    CycleQuantity(
        "inactive_lithium_mAh_per_cm2", "mAh/cm²", "Lithium without contact",
        lambda c: c.end.get("inactive_lithium"), 4,
    ),
)  # fmt: skip
