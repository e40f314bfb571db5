"""Cracks of the electrolyte about particles that swell, across the way of the ions.

The layer can grow in thickness only, so what a swelling particle pulls apart is the electrolyte
beside it, in planes across the thickness (docs/theory/alloys.md). Where a flaw gives way a
crack runs around the particle as far as the particle wedges it open. It blocks from then on.
"""

from functools import lru_cache
from typing import Annotated, Any, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Curve,
    Effect,
    Floats,
    Parameter,
    Pass,
    SiteKind,
    State,
    Table,
    Wall,
    wall_effect,
)
from lithomech.cell.mechanisms.outputs import (
    PERCENT,
    CycleQuantity,
    EndValue,
    Output,
    Profile,
)
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.laws import lithium, splitting
from lithomech.numerics.compiled import kernel
from lithomech.numerics.table import lookup_dual, tabulate

NAME: Final = "electrolyte_cracks"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.WALL
ASSUMED: Final[dict[str, tuple[float, str]]] = {
    "weibull modulus": (5.0, "of brittle solids 5 to 15; none of a sulfide was found"),
    "splitting time [s]": (10.0, "short against a charge: the largest tension splits at once"),
}
SWELLS: Final = 1.0  # volume strain from which a host is an alloy that splits what is around it
LEAST_PRESSURE: Final = 1.0  # Pa, at a wall that has parted: no division by zero
ROUNDS: Final = 3  # for the radius of a crack, whose toughness falls with its own root

_share = kernel(splitting.weibull_share)
_threshold = kernel(splitting.wedged_threshold)
_wedged = kernel(splitting.wedged_reach)
_resistivity = kernel(splitting.cracks_resistivity)


class States(NamedTuple):
    """What the electrolyte around particles remembers of its largest load."""

    split: Annotated[
        float, State("dimensionless", "share of the particles whose electrolyte has split")
    ] = 0.0
    overhang: Annotated[
        float, State("dimensionless", "radius of its cracks over that of the particle, less 1")
    ] = 0.0


class Parameters(NamedTuple):
    """The shell around a particle, its flaws, and how far its cracks get."""

    yielded: Annotated[float, Parameter("Pa", "wall pressure at which all of it has yielded")]
    strength: Annotated[float, Parameter("Pa", "tension that splits 63 % of the shells")]
    modulus: Annotated[
        float,
        Parameter("dimensionless", "Weibull's, of its scatter", ASSUMED["weibull modulus"][1]),
    ]
    toughness: Annotated[float, Parameter("Pa*m^0.5", "of the electrolyte")]
    radius: Annotated[float, Parameter("m", "of the particle")]
    furthest: Annotated[
        float, Parameter("dimensionless", "radius over which a particle has its own shell")
    ]
    volume_fraction: Annotated[float, Parameter("dimensionless", "of the particles")]
    time: Annotated[
        float,
        Parameter("s", "in which cracks follow", ASSUMED["splitting time [s]"][1]),
    ]
    tension: Annotated[Table, Curve("largest tension against wall pressure, above the stack's")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the shell of one class; None unless its host more than doubles its volume."""
    m, c, e = site.material, site.composite, site.electrolyte
    if site.grain.inert or not (e.has("fracture_toughness") and e.has("flaw_size")):
        return None
    if np.max(m.curve("volume_strain")(np.linspace(0.0, 1.0, 101))) < SWELLS:
        return None
    vf, sigma_Y = c.active_fraction, e.value("shell_yield_strength")
    toughness = e.value("fracture_toughness")
    return Parameters(
        yielded=float(splitting.yielded_excess(vf, 1.0, sigma_Y)),
        strength=float(lithium.flaw_strength(toughness, e.value("flaw_size"))),
        modulus=ASSUMED["weibull modulus"][0],
        toughness=toughness,
        radius=site.grain.radius,
        furthest=vf ** (-1.0 / 3.0),
        volume_fraction=site.grain.volume_fraction,
        time=ASSUMED["splitting time [s]"][0],
        tension=tension_table(vf, sigma_Y),
    )


@lru_cache(maxsize=64)
def tension_table(vf: float, sigma_Y: float) -> Floats:
    """Tension against wall pressure, both above the outer pressure; yielded from its knee on.

    Args:
        vf: share of the particle in the sphere that the shell ends with.
        sigma_Y: yield strength of the shell.

    Returns:
        Table on [0, pressure at which all of the shell has yielded]; held beyond.
    """
    out = np.geomspace(vf, 1.0, 2000)
    knee = np.asarray(splitting.yielded_excess(vf, out, sigma_Y))
    largest = splitting.yielded_tension(out, sigma_Y)

    def tension(dp: Floats) -> Floats:
        elastic = splitting.elastic_tension(dp, vf)
        return np.where(dp < knee[0], elastic, np.interp(dp, knee, largest))

    return tabulate(tension, 0.0, float(knee[-1]))


@kernel
def blocking(p: Parameters, now: States) -> float:
    """What the cracks add to the resistivity of the ionic path, over its own."""
    return _resistivity(p.volume_fraction * now.split, now.overhang + 1.0)


@kernel
def advance(p: Parameters, old: States, drive: Wall, h: float) -> tuple[States, Effect]:
    """Share and radius after a step: they follow the largest load and stay."""
    above = drive.pressure - drive.P
    tension = lookup_dual(p.tension, above / p.yielded) - drive.P
    split = _share(tension, p.strength, p.modulus)
    pressure = np.maximum(drive.pressure, LEAST_PRESSURE)
    reach = 0.0 * pressure + 1.0
    for _ in range(ROUNDS):
        reach = _wedged(_threshold(pressure, drive.P, p.toughness, reach * p.radius))
    overhang = reach - 1.0
    a = h / (h + p.time)
    # what an integrator makes of earlier states may lie a little beyond both limits
    split = np.minimum(a * np.maximum(split - old.split, 0.0) + old.split, 1.0)
    overhang = a * np.maximum(overhang - old.overhang, 0.0) + old.overhang
    overhang = np.minimum(overhang, p.furthest - 1.0)
    return States(split, overhang), wall_effect(
        irreversible=0.0 * tension, relief=0.0 * tension
    )


def _reach(o: Any) -> Floats:  # noqa: ANN401
    """Radius of cracks over that of the particle at each member."""
    return 1.0 + o.remembered(f"{NAME}.overhang")


def _blocked(o: Any) -> Floats:  # noqa: ANN401
    """What cracks add to the resistivity at each member."""
    of_class, nodes = o.model.arrays.particles[NAME], o.model.cell.solver.nodes
    vf = np.repeat(of_class["volume_fraction"] * of_class["active"], nodes)
    split = vf * o.remembered(f"{NAME}.split")
    return np.asarray(splitting.cracks_resistivity(split, _reach(o)))


def _mean(values: Any) -> Any:  # noqa: ANN401
    """Of the anode's hosts; None where the mechanism has no part in the cell."""
    return lambda o: o.mean_over_hosts("anode", values(o)) if o.runs(NAME) else None


def _path_left(o: Any) -> Floats | None:  # noqa: ANN401
    """Ionic conductivity of the anode over that without cracks."""
    hosts = o.model.hosts.get("anode")
    if hosts is None or not o.runs(NAME):
        return None
    return 1.0 / (1.0 + _blocked(o)[:, hosts].sum(axis=1) / o.model.cell.solver.nodes)


OUTPUTS: Final[tuple[Output, ...]] = (
    Profile(
        "electrolyte_split", "1", "Particles in split electrolyte",
        lambda o: o.remembered(f"{NAME}.split"), PERCENT,
    ),
    Profile(
        "electrolyte_crack_reach", "1", "Radius of its cracks over that of particles",
        _reach,
    ),
    EndValue("electrolyte_split", _mean(lambda o: o.remembered(f"{NAME}.split"))),
    EndValue("electrolyte_crack_reach", _mean(_reach)),
    EndValue("ionic_path_left", _path_left),
    CycleQuantity(
        "anode_electrolyte_split_end", "1", "Anode particles in split electrolyte",
        lambda c: c.end.get("electrolyte_split"), 1, PERCENT,
    ),
    CycleQuantity(
        "anode_electrolyte_crack_reach_end", "1", "Radius of its cracks over that of particles",
        lambda c: c.end.get("electrolyte_crack_reach"), 2,
    ),
    CycleQuantity(
        "anode_ionic_path_left_end", "1", "Ionic conductivity of the anode that cracks leave",
        lambda c: c.end.get("ionic_path_left"), 1, PERCENT,
    ),
)  # fmt: skip
