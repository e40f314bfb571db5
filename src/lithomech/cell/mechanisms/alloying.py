"""A host whose potential remembers: branches of charge and discharge, and phases of silicon.

Lithium turns crystalline silicon amorphous behind a front, once. What is amorphous has one
branch of its potential for lithiation and another one for delithiation; nearly full it
crystallises as Li15Si4, which gives its lithium back at a plateau (docs/theory/alloys.md).
"""

from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.curves import curve_table
from lithomech.cell.mechanisms.declare import (
    Before,
    Curve,
    Effect,
    Floats,
    Parameter,
    Pass,
    SiteKind,
    State,
    Table,
    effect,
)
from lithomech.cell.mechanisms.outputs import (
    PERCENT,
    CycleQuantity,
    EndValue,
    Output,
    Profile,
)
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.laws import alloys
from lithomech.materials.material import Material
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import smooth_abs
from lithomech.numerics.table import INTERVALS, lookup_dual

NAME: Final = "alloying"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.BEFORE
ASSUMED: Final[dict[str, tuple[float, str]]] = {}
LITHIATION, DELITHIATION = -1.0, 1.0  # the branches, as ends of the path
SLOWEST: Final = 1e-10  # 1/s, of |dx/dt|: rounds its kink; branches fade in 15 years of rest
LEAST_LACKING: Final = 1e-3  # lithium that a phase always lacks: an amorphous rest stays
NEVER: Final = 2.0  # content that no phase reaches

_path = kernel(alloys.hysteresis_path)
_front = kernel(alloys.front_share)


class States(NamedTuple):
    """What a particle remembers of its lithium."""

    path: Annotated[
        float, State("dimensionless", "-1 on the branch of lithiation, 1 of delithiation")
    ] = 0.0
    converted: Annotated[
        float, State("dimensionless", "share of the host that lithium turned amorphous")
    ] = 0.0
    compound: Annotated[
        float, State("dimensionless", "share of what is amorphous that crystallised full")
    ] = 0.0


class Parameters(NamedTuple):
    """Branches of the potential, and the fronts of two phases."""

    width: Annotated[float, Parameter("dimensionless", "change of x from branch to branch")]
    amorphous: Annotated[float, Parameter("dimensionless", "amorphous share as made")]
    front_rate: Annotated[float, Parameter("1/s", "share per excess of x, of the first front")]
    begins: Annotated[float, Parameter("dimensionless", "content that moves it")]
    compound_rate: Annotated[float, Parameter("1/s", "the same of the compound, both ways")]
    forms: Annotated[float, Parameter("dimensionless", "content above which it forms")]
    dissolves: Annotated[float, Parameter("dimensionless", "content below which it dissolves")]
    mean: Annotated[Table, Curve("potential in the middle between the branches")]
    gap: Annotated[Table, Curve("half of the distance between the branches")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return branches and fronts of one class; None where its material has no hysteresis."""
    m = site.material
    if site.grain.inert or not m.has("hysteresis"):
        return None
    made, phases = 1.0, (0.0, NEVER, 0.0, NEVER, NEVER)
    if m.has("amorphous_share"):
        made = m.value("amorphous_share")
        phases = (
            3.0 * m.value("amorphisation_speed") / site.grain.radius,
            _content(m, m.value("amorphisation_potential"), LITHIATION),
            m.value("compound_rate"),
            _content(m, m.value("compound_forms"), LITHIATION),
            _content(m, m.value("compound_dissolves"), DELITHIATION),
        )
    return Parameters(
        m.value("hysteresis_width"),
        made,
        *phases,
        curve_table(m.curve("open_circuit_potential")),
        curve_table(m.curve("hysteresis")),
    )


def _content(m: Material, potential: float, branch: float) -> float:
    """Stoichiometry at which a branch falls below a potential."""
    x = np.linspace(0.0, 1.0, INTERVALS + 1)
    values = m.curve("open_circuit_potential")(x) + branch * m.curve("hysteresis")(x)
    return float(np.interp(-potential, -np.minimum.accumulate(values), x))


@kernel
def advance(p: Parameters, old: States, drive: Before, h: float) -> tuple[States, Effect]:
    """Path and phases after a step, and what they add to the potential of the mean curve."""
    moved = h * (smooth_abs(drive.rate, SLOWEST) + SLOWEST)
    path = _path(old.path, h * drive.rate, moved, p.width)
    before = old.converted + p.amorphous
    share = np.maximum(_front(before, drive.x_m, p.begins, h * p.front_rate), before)
    share = np.minimum(share, 1.0)
    lacking = np.maximum(1.0 - drive.x_m / share, LEAST_LACKING)
    left, k = 1.0 - old.compound, h * p.compound_rate
    forming = np.minimum(_front(left, lacking, 1.0 - p.forms, k), left)
    rest = np.maximum(_front(left, lacking, 1.0 - p.dissolves, k), forming)
    rest = np.minimum(rest, 1.0)
    x = 1.0 - (1.0 - drive.x_s / share) / rest  # at the surface, of what is amorphous
    shift = lookup_dual(p.mean, x) - lookup_dual(p.mean, drive.x_s)
    shift = shift + path * lookup_dual(p.gap, x)
    return States(path, share - p.amorphous, 1.0 - rest), effect(shift=shift)


def _mean(state: str) -> Any:  # noqa: ANN401
    """Of the anode's hosts; None where the mechanism has no part in them."""

    def mean(observation: Any) -> Floats | None:  # noqa: ANN401
        if not observation.runs(NAME):
            return None
        return observation.mean_over_hosts("anode", observation.remembered(f"{NAME}.{state}"))

    return mean


OUTPUTS: Final[tuple[Output, ...]] = (
    Profile("hysteresis_path", "1", "Path", lambda o: o.remembered(f"{NAME}.path")),
    Profile(
        "converted_share", "1", "Turned amorphous", lambda o: o.remembered(f"{NAME}.converted"),
        PERCENT,
    ),
    EndValue("converted_share", _mean("converted")),
    EndValue("compound_share", _mean("compound")),
    CycleQuantity(
        "anode_converted_share_end", "1", "Anode turned amorphous",
        lambda c: c.end.get("converted_share"), 1, PERCENT,
    ),
    CycleQuantity(
        "anode_compound_share_end_of_charge", "1", "Li15Si4, end of charge",
        lambda c: c.charged("compound_share"), 1, PERCENT,
    ),
)  # fmt: skip
