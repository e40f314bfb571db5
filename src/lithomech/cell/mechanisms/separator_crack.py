"""A flaw of the separator that plating lithium splits, and the crack that it fills."""

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
from lithomech.cell.mechanisms.outputs import (
    CycleQuantity,
    EndValue,
    Output,
    pressure_over,
)
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.laws import lithium
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import if_positive, softplus

NAME: Final = "separator_crack"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.AFTER
ASSUMED: Final[dict[str, tuple[float, str]]] = {
    "extrusion": (
        1e-5,
        "at 25 degC: a pellet that 75 MPa splits is short within minutes; with temperature as "
        "lithium's creep",
    ),
}
PLATING_WIDTH: Final = 1e-3  # A/m2, between stripping and plating
OVERPOTENTIAL_WIDTH: Final = 1e-6  # V, likewise

_opening_stress = kernel(lithium.opening_stress)
_recession = kernel(lithium.interface_recession)


class States(NamedTuple):
    """How far lithium has got."""

    length: Annotated[float, State("m", "crack full of lithium beyond the flaw", 1e-3)] = 0.0


class Parameters(NamedTuple):
    """The deepest flaw that faces the foil, and how lithium gets on in it."""

    flaw: Annotated[float, Parameter("m", "depth of the flaw")]
    strength: Annotated[float, Parameter("Pa", "stress that splits it")]
    opening_share: Annotated[
        float, Parameter("dimensionless", "share of the stack pressure that opens it")
    ]
    slenderness: Annotated[
        float, Parameter("dimensionless", "length of crack per thickness plated beside it")
    ]
    extrusion: Annotated[
        float,
        Parameter("m/s", "speed by pressure alone", ASSUMED["extrusion"][1]),
    ]
    molar_volume: Annotated[float, Parameter("m^3/mol", "of lithium in the metal")]
    thickness: Annotated[float, Parameter("m", "of the separator")]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the flaw of the separator; None where no lithium is plated or none is known."""
    m, separator = site.material, site.separator
    if m.has("host_molar_volume") or m.has("molar_volume") or not separator.has("flaw_size"):
        return None
    flaw = separator.value("flaw_size") if site.flaw is None else site.flaw
    toughness = separator.value("fracture_toughness")
    return Parameters(
        flaw=flaw,
        strength=float(lithium.flaw_strength(toughness, flaw)),
        opening_share=float(lithium.opening_share(separator.value("poisson_ratio"))),
        slenderness=separator.value("filament_slenderness"),
        extrusion=ASSUMED["extrusion"][0] * site.creep_factor,
        molar_volume=m.value("partial_molar_volume"),
        thickness=site.separator_thickness,
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilAfter, h: float
) -> tuple[States, FoilEffect]:
    """Crack after a step h: implicit, one quadratic in the root of its length.

    K/K_IC = r u with u the root of length over flaw, and r the opening stress over the strength
    of the flaw. Where r u is above 1 the crack grows r u - 1 times as fast as the slenderness
    makes of plating, and likewise by pressure alone.
    """
    plate = _recession(softplus(-drive.j, PLATING_WIDTH), p.molar_volume)
    eta = softplus(-drive.overpotential, OVERPOTENTIAL_WIDTH)
    u_0 = np.sqrt(1.0 + old.length / p.flaw)
    pressed = drive.P * (p.opening_share / p.strength)
    driven = _opening_stress(eta, drive.P, p.molar_volume, p.opening_share) / p.strength
    filled = plate * if_positive(driven * u_0 - 1.0, h * p.slenderness, 0.0)
    pushed = if_positive(pressed * u_0 - 1.0, h * p.extrusion, 0.0)
    a = (filled * driven + pressed * pushed) * (0.5 / p.flaw)
    u = a + np.sqrt(a * a + u_0 * u_0 - (filled + pushed) / p.flaw)
    length = (u * u - 1.0) * p.flaw
    return States(length), foil_effect(through=(length + p.flaw) / p.thickness)


def _longest(observation: Any) -> Floats | None:  # noqa: ANN401
    """Length of the longest crack, flaw and all [m]; None where no lithium is plated."""
    lengths = [
        foil.parameters[NAME].flaw + foil.states[f"{NAME}.length"]
        for foil in map(observation.foil, ("anode", "cathode"))
        if foil is not None and foil.parameters.get(NAME) is not None
    ]
    return np.max(lengths, axis=0) if lengths else None


def _strength(observation: Any) -> Floats | None:  # noqa: ANN401
    """Stack pressure that alone splits the weakest flaw full of lithium [Pa]."""
    pressures = [
        foil.parameters[NAME].strength / foil.parameters[NAME].opening_share
        for foil in map(observation.foil, ("anode", "cathode"))
        if foil is not None and foil.parameters.get(NAME) is not None
    ]
    return np.full(len(observation.state), min(pressures)) if pressures else None


def _in_um(cycle: Any) -> float | None:  # noqa: ANN401
    length = cycle.end.get("separator_crack")
    return None if length is None else 1e6 * length


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("separator_crack", _longest),
    CycleQuantity("separator_crack_um", "µm", "Longest crack of the separator", _in_um),
    EndValue("flaw_strength", _strength),
    CycleQuantity(
        "separator_flaw_load_max",
        "1",
        "Highest load of the deepest flaw by pressure alone",
        pressure_over("flaw_strength"),
        extreme=True,
    ),
)
