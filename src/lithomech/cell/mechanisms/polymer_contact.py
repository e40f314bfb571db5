"""Contact of a rough metal with a soft separator: the polymer gives way, the metal flows.

The polymer's compliance comes in part at once and in part within its retardation time, and goes
with the pressure. What the metal has flowed stays.
"""

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
from lithomech.cell.mechanisms.outputs import PERCENT, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.site import REFERENCE_STRESS, FoilSite
from lithomech.laws import flattening
from lithomech.numerics.compiled import kernel

NAME: Final = "polymer_contact"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
LEAST: Final = 1e-9  # contact: with less no cell carries a current
BARE: Final = 1e-6  # flattening that asperities have before anything presses them
COMPLETE: Final = 30.0  # flattening; beyond, nothing is left to close
CHANGES: Final = 40  # by Newton: each closes a seventh of a contact that is far away

_rate = kernel(flattening.flow_rate)
_contact = kernel(flattening.flattened_contact)


class States(NamedTuple):
    """Flattening that took its time."""

    given: Annotated[float, State("dimensionless", "by the polymer after its delay")] = 0.0
    flowed: Annotated[float, State("dimensionless", "by the metal")] = 0.0


class Parameters(NamedTuple):
    """How the interface flattens."""

    at_once: Annotated[float, Parameter("1/Pa", "flattening by the polymer at once")]
    delayed: Annotated[float, Parameter("1/Pa", "flattening by the polymer with time")]
    delay: Annotated[float, Parameter("s", "of the polymer")]
    rate: Annotated[float, Parameter("1/s", "of flattening by the metal under 1 MPa")]
    exponent: Annotated[float, Parameter("dimensionless", "of the metal's creep")]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where nothing is known of its surface."""
    m, soft, T = site.material, site.separator, site.temperature
    if not soft.has("surface_slope") or not m.has("creep_rate_factor"):
        return None
    nu, slope = soft.value("poisson_ratio"), soft.value("surface_slope")

    def per_pressure(compliance: float) -> float:
        return float(flattening.elastic_flattening(1.0, 1.0 / compliance, nu, slope))

    later = soft.value("retarded_compliance", T) if soft.has("retarded_compliance") else 0.0
    scale = flattening.flow_scale(m.value("creep_rate_factor") * site.creep_factor, slope)
    return Parameters(
        at_once=per_pressure(1.0 / soft.value("youngs_modulus", T)),
        delayed=per_pressure(later) if later > 0.0 else 0.0,
        delay=soft.value("retardation_time", T) if later > 0.0 else 1.0,
        rate=float(scale),
        exponent=m.value("creep_exponent"),
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Flattening after a step h: implicit, one root for what the metal flows."""
    part = h / (h + p.delay)
    given = old.given + part * (drive.P * p.delayed - old.given)
    elastic = given + drive.P * p.at_once
    flowed = flow(p, old.flowed, elastic, drive.P, h)
    contact = _contact(elastic + flowed)
    return States(given, flowed), foil_effect(contact=LEAST + (1.0 - LEAST) * contact)


@kernel
def flow(p: Parameters, old: Number, elastic: Number, P: Number, h: float) -> Number:
    """Flattening by the metal after a step: Newton, which comes up from below.

    The rate falls ever more slowly as the metal flows, so no change goes too far.
    """
    m = old + 0.0 * elastic
    pressed = np.maximum(P, 0.0)
    for _ in range(CHANGES):
        theta = _contact(np.minimum(elastic + m + BARE, COMPLETE))
        made = h * _rate(pressed, theta, p.rate, REFERENCE_STRESS, p.exponent)
        fall = 1.0 + theta + p.exponent * (1.0 - theta * theta) / theta
        slope = 1.0 + made * fall
        m = m - (m - old - made) / slope
    return m


def _contact_left(observation: Any) -> Floats | None:  # noqa: ANN401
    """Contact of the anode's lithium; None where its separator is hard."""
    foil = observation.foil("anode")
    if foil is None or foil.parameters.get(NAME) is None:
        return None
    p = foil.parameters[NAME]
    flat = foil.states[f"{NAME}.given"] + foil.states[f"{NAME}.flowed"]
    flat = flat + p.at_once * observation.readout.pressure
    return np.asarray(flattening.flattened_contact(flat))


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("polymer_contact", _contact_left),
    CycleQuantity(
        "polymer_contact_end", "1", "Contact of lithium with the polymer",
        lambda c: c.end.get("polymer_contact"), 1, PERCENT,
    ),
)  # fmt: skip
