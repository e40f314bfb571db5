"""An alloy whose host faces the separator: stripping empties what little it dissolves.

Lithium behind indium comes out through the indium, which dissolves 1.4 at% of it. Diffusion
from a half-infinite solid is a sum of modes that each relax at a rate of their own; lithium
that is plated stands in front as the compound and leaves first.
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
from lithomech.cell.mechanisms.outputs import AREAL_MAH, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.laws import kinetics, transport
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual, softplus
from lithomech.numerics.lanes import WIDTH, first_lanes, load

NAME: Final = "host_in_front"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
SLOWEST, DECADES = 1e-5, 7.0  # 1/s of the modes, and how far the fastest is from it
STRIDE: Final = DECADES * np.log(10.0) / WIDTH
# midpoints of equal parts of the logarithm; the weights beside 1 are least squares of what a
# constant current takes, 2 sqrt(t/pi): within 0.4 % from 0.3 s to 1e4 s
RATES: Final = SLOWEST * np.exp(STRIDE * (np.arange(WIDTH) + 0.5))
WEIGHTS: Final = np.array([1.666, 0.9757, 0.9923, 1.003, 1.001, 0.9926, 1.093, 1.356])
EMPTY: Final = 1e-4  # share of what is dissolved, of the smoothed end

_potential = kernel(kinetics.dilute_solution_shift)


class States(NamedTuple):
    """What is lacking at the surface, mode by mode, and what stands in front of it."""

    lacking: Annotated[
        float, State("dimensionless", "share of the solubility lacking, by mode", 0.1, WIDTH)
    ] = 0.0
    front: Annotated[float, State("C/m^2", "lithium plated in front of the host", 10.0)] = 0.0


class Parameters(NamedTuple):
    """What the host dissolves, and how fast it comes."""

    lack: Annotated[
        float, Parameter("m^2/C/s^0.5", "share lacking per half integral of the current")
    ]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where the compound faces the separator."""
    m = site.material
    if not site.host_in_front:
        return None
    per_flux = transport.depletion_per_half_integral(
        m.value("solubility"), m.value("dilute_diffusivity")
    )
    return Parameters(lack=float(per_flux))


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Modes and front after a step h: implicit, one unknown charge that leaves the host.

    The host gives what the front cannot, and takes what would leave it more than saturated.
    """
    rates = load(RATES, 0, first_lanes(WIDTH))
    fade = 1.0 / (1.0 + h * rates)
    weights = load(WEIGHTS, 0, first_lanes(WIDTH))
    per_charge = fade * weights * np.sqrt(rates) * (p.lack * STRIDE / np.pi)
    kept = old.lacking * fade
    before, slope = np.sum(kept), np.sum(per_charge)
    asked = drive.i * h - old.front
    given = np.maximum(asked, -before / slope)
    lacking: Number = Dual(
        kept + per_charge * given.value, per_charge * given.first, per_charge * given.second
    )
    left = softplus(1.0 - (before + given * slope), EMPTY)
    return States(lacking, given - asked), foil_effect(
        shift=_potential(left, drive.temperature)
    )


def _front(observation: Any) -> Floats | None:  # noqa: ANN401
    """Lithium plated in front of the anode's host [mAh/cm2]; None where none is in front."""
    foil = observation.foil("anode")
    if foil is None or foil.parameters.get(NAME) is None:
        return None
    return foil.states[f"{NAME}.front"] / AREAL_MAH


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("plated_in_front", _front),
    CycleQuantity(
        "plated_in_front_mAh_per_cm2", "mAh/cm²", "Lithium in front of the host",
        lambda c: c.end.get("plated_in_front"), 4,
    ),
)  # fmt: skip
