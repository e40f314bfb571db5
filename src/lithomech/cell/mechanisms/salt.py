"""Salt of an electrolyte in which anions move too: its gradient under current.

Eight modes of the salt between a foil and the other electrode relax at rates of their own. In a
composite across, lithium is taken evenly over the thickness; what counts there is the mean.
"""

from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Complex,
    Floats,
    FoilBefore,
    FoilEffect,
    Lanes,
    Number,
    Parameter,
    Pass,
    SiteKind,
    State,
    foil_effect,
)
from lithomech.cell.mechanisms.outputs import PERCENT, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.site import FoilSite
from lithomech.constants import F
from lithomech.laws import salt
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import Dual
from lithomech.numerics.lanes import WIDTH, first_lanes, load
from lithomech.numerics.layered_diffusion import Slab, relaxing_modes

NAME: Final = "salt"
SITE: Final = SiteKind.FOIL
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
NEXT: Final = (16.0 / 15.0) ** 2  # rate where faster modes begin over that of the last one
EMPTY: Final = 1e-5  # share of the salt; below, the logarithm goes on as a straight line


class States(NamedTuple):
    """How far the salt is from even, mode by mode."""

    uneven: Annotated[
        float, State("dimensionless", "salt beside its mean, by mode", 0.01, WIDTH)
    ] = 0.0


class Parameters(NamedTuple):
    """How the salt answers a current."""

    rates: Annotated[Floats, Lanes("1/s, at which modes relax")]
    drive: Annotated[Floats, Lanes("m^2/C, of modes by the current")]
    near: Annotated[Floats, Lanes("share of modes at the foil")]
    far: Annotated[Floats, Lanes("share of modes at the other electrode")]
    near_instant: Annotated[float, Parameter("m^2/A", "of all faster modes at the foil")]
    far_instant: Annotated[float, Parameter("m^2/A", "of them at the other electrode")]
    near_steady: Annotated[float, Parameter("m^2/A", "salt at the foil per current")]
    far_steady: Annotated[float, Parameter("m^2/A", "salt at the other electrode per current")]
    scale: Annotated[float, Parameter("V", "voltage per logarithm of the concentration")]
    composite: Annotated[
        float, Parameter("dimensionless", "1: a composite is across; 0: another foil")
    ]


def resolve(site: FoilSite) -> Parameters | None:
    """Return the constants of one foil; None where lithium alone moves."""
    m, T = site.separator, site.temperature
    if not m.has("transference_number") or m.value("transference_number") == 1.0:
        return None
    t_plus, D = m.value("transference_number"), m.value("salt_diffusivity", T)
    c_0, across = m.value("salt_concentration"), site.across
    first, second = Slab(site.separator_thickness, 1.0, D), Slab(0.0, 1.0, 1.0)
    if across is not None and across.same_electrolyte:
        second = Slab(across.thickness, across.electrolyte_fraction, D * across.conduction)
    modes = relaxing_modes(first, second, WIDTH)
    per_current = (1.0 - t_plus) / (F * c_0)
    chi_T = m.value("thermodynamic_factor")
    e = np.e  # concentrations whose logarithms differ by 1
    return Parameters(
        rates=modes.rates,
        drive=per_current * modes.drive,
        near=modes.shapes[0],
        far=modes.shapes[1],
        near_instant=per_current * modes.instant[0],
        far_instant=per_current * modes.instant[1],
        near_steady=per_current * modes.steady[0],
        far_steady=per_current * modes.steady[1],
        scale=float(salt.concentration_overpotential(e, 1.0, t_plus, chi_T, T)),
        composite=0.0 if across is None else 1.0,
    )


@kernel
def advance(
    p: Parameters, old: States, drive: FoilBefore, h: float
) -> tuple[States, FoilEffect]:
    """Modes after a step h, implicit, and what lithium at the foil is worth by them."""
    lanes = first_lanes(WIDTH)
    fade = 1.0 / (1.0 + h * load(p.rates, 0, lanes))
    kept, per_current = old.uneven * fade, load(p.drive, 0, lanes) * (h * fade)
    i = drive.i
    uneven: Number = Dual(
        kept + per_current * i.value, per_current * i.first, per_current * i.second
    )
    near, far = load(p.near, 0, lanes), load(p.far, 0, lanes)
    by_near = np.sum(near * per_current) + p.near_instant
    by_far = np.sum(far * per_current) + p.far_instant
    at_foil = 1.0 + np.sum(near * kept) + by_near * i
    across = 1.0 + np.sum(far * kept) + by_far * i
    shift = (_logarithm(at_foil) - p.composite * _logarithm(across)) * p.scale
    return States(uneven), foil_effect(shift=shift)


@kernel
def _logarithm(c: Number) -> Number:
    """Logarithm of a share of the salt, with a straight line where none is left."""
    return np.log(np.maximum(c, EMPTY)) + np.minimum(c - EMPTY, 0.0) * (1.0 / EMPTY)


def shares(p: Parameters, uneven: Floats, i: Floats) -> tuple[Floats, Floats]:
    """Salt at the foil and at the other electrode over the mean.

    Args:
        p: parameters.
        uneven: of shape (rows, modes).
        i: current density that leaves the foil, shape (rows,).
    """
    near = 1.0 + uneven @ p.near + p.near_instant * i
    return near, 1.0 + uneven @ p.far + p.far_instant * i


def response(p: Parameters, now: States, i: float, s: Complex) -> Complex:
    """Resistance of what relaxes, to a small sinusoid about a state [ohm m2].

    Args:
        p: parameters.
        now: states.
        i: current density that leaves the foil.
        s: i omega.
    """
    at_foil, across = shares(p, np.asarray(now.uneven)[None, :], np.array([i]))
    lag = p.drive / (s[:, None] + p.rates)
    x = np.sqrt(s / (NEXT * p.rates[-1]))
    late = np.arctan(x) / x - 1.0  # what the faster modes, a continuum, do not reach
    near = lag @ p.near + late * p.near_instant
    far = lag @ p.far + late * p.far_instant
    here, there = np.maximum(at_foil, EMPTY), np.maximum(across, EMPTY)
    return p.scale * (near / here - p.composite * far / there)


def limiting_current(p: Parameters) -> tuple[float, float]:
    """Steady current density that empties the foil's side, and the other one [A/m2].

    The first flows where lithium is plated on the foil, the second where it is stripped.
    """
    return 1.0 / p.near_steady, -1.0 / p.far_steady


def _least(observation: Any) -> Floats | None:  # noqa: ANN401
    """Least share of the salt that is left anywhere; None where salt does not move."""
    left = []
    for side in ("cathode", "anode"):
        foil = observation.foil(side)
        if foil is not None and foil.parameters.get(NAME) is not None:
            p, modes = foil.parameters[NAME], foil.lanes[f"{NAME}.uneven"]
            left.append(np.minimum(*shares(p, modes, foil.current)))
    return np.minimum.reduce(left) if left else None


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("salt_left", _least),
    CycleQuantity(
        "salt_share_end_of_charge", "1", "Least salt at the end of charge",
        lambda c: c.charged("salt_left"), 1, PERCENT,
    ),
    CycleQuantity(
        "salt_share_end", "1", "Least salt at the end",
        lambda c: c.end.get("salt_left"), 1, PERCENT,
    ),
)  # fmt: skip
