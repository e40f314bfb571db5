"""Grain boundaries that part as lithium leaves, and the cracks between them.

See docs/theory/fracture.md. The constants come from particles that crack grain by grain.
"""

from typing import Annotated, Final, NamedTuple

from lithomech.cell.mechanisms.curves import (
    contraction_table,
    counting_table,
    no_curve,
    size_table,
)
from lithomech.cell.mechanisms.declare import (
    Before,
    Curve,
    Effect,
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
    ParticleLedgerRow,
    Profile,
)
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.laws import chemomechanics, elasticity, fracture
from lithomech.materials.cell_properties import TEXTURED
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import ramp, smooth_abs
from lithomech.numerics.table import lookup_dual

NAME: Final = "cracking"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.BEFORE

# What stands before the names of crack constants, and what has to give way
BOUNDARIES: Final = "boundary_strength"
GRAINS: Final = {
    "random": ("", BOUNDARIES),
    "textured": (TEXTURED, BOUNDARIES),
    "single_crystal": ("", "grain_strength"),
}
ASSUMED: Final = {
    "gradient share": (1.0, "full constraint of the core"),
    "point load share": (
        1.7,
        "tension in active grains by contacts over stack pressure; pressed grains, 50 to 85 % "
        "by weight at 20 MPa, give 1.3 to 1.9",
    ),
}
# widths of smoothed kinks; the same in the independent oracle
RATE_WIDTH: Final = 1e-8  # 1/s, of |dx/dt|
DIFFERENCE_WIDTH: Final = 1e-4  # of |x_surface - x_mean|
SLOPE_WIDTH: Final = 1e-3  # of |d eps_v/dx|
OVERLOAD_WIDTH: Final = 0.02  # of stress/strength - 1

_damage_rate = kernel(fracture.damage_rate)
_residual_rate = kernel(fracture.residual_opening_rate)
_crack_area = kernel(fracture.crack_area_fraction)
_factor = kernel(fracture.damaged_diffusivity_factor)


class States(NamedTuple):
    """What a particle remembers of its cracks."""

    damage: Annotated[
        float, State("dimensionless", "share of the grain boundaries that parted")
    ] = 0.0
    residual: Annotated[
        float, State("dimensionless", "crack area fraction that stays open")
    ] = 0.0


class Parameters(NamedTuple):
    """Stresses per cause over the strength of the grain boundaries, and rates."""

    lattice_stress: Annotated[
        float, Parameter("dimensionless", "stress over strength, per mismatch")
    ]
    gradient_stress: Annotated[
        float,
        Parameter("dimensionless", "per slope of the strain and difference of stoichiometry"),
    ]
    load_stress: Annotated[float, Parameter("1/Pa", "per stack pressure")]
    rate: Annotated[float, Parameter("dimensionless", "damage per change of x at overload 1")]
    exponent: Annotated[float, Parameter("dimensionless", "of the overload")]
    opening: Annotated[
        float, Parameter("dimensionless", "share of the contraction that opens as cracks")
    ]
    shut: Annotated[
        float, Parameter("dimensionless", "crack area of a damaged particle as made")
    ]
    residual_rate: Annotated[
        float, Parameter("dimensionless", "wedging per change of x at damage 1")
    ]
    residual_limit: Annotated[float, Parameter("dimensionless", "where wedging ends")]
    path_loss: Annotated[float, Parameter("dimensionless", "diffusivity lost at damage 1")]
    mismatch: Annotated[Table, Curve("strain along c minus strain along a, its size")]
    contraction: Annotated[Table, Curve("volume strain lost since made")]
    counting: Annotated[Table, Curve("share of a change of volume that counts as contraction")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the constants of one class; None where its material has none of cracks."""
    m, (before, weakest) = site.material, GRAINS[site.grain.morphology]
    if not m.has(weakest):
        return None
    E, nu, strength = (m.value(n) for n in ("youngs_modulus", "poisson_ratio", weakest))
    shares = ("lattice_share", "rate", "confinement", "opening", "shut", "path_loss")
    lattice, rate, confinement, opening, shut, loss = (
        m.value(f"{before}crack_{name}") for name in shares
    )
    parting = chemomechanics.lattice_mismatch_stress(
        elasticity.shear_modulus(E, nu), 1.0, lattice * (weakest == BOUNDARIES)
    )
    gradient = chemomechanics.concentration_gradient_stress(
        E, nu, 1.0, 1.0, ASSUMED["gradient share"][0]
    )
    strain, made = m.curve("volume_strain"), site.strain_made
    mismatch = m.has("lattice_mismatch")
    return Parameters(
        lattice_stress=float(parting) / strength,
        gradient_stress=float(gradient) / strength,
        # point loads between active particles, less what pressure holds together
        load_stress=(ASSUMED["point load share"][0] - confinement) / strength,
        rate=rate,
        exponent=m.value("crack_exponent"),
        opening=opening,
        shut=shut,
        residual_rate=m.value(f"{before}crack_residual_rate"),
        residual_limit=max(m.value("crack_residual_limit"), 1e-6),
        path_loss=loss,
        mismatch=size_table(m.curve("lattice_mismatch")) if mismatch else no_curve(),
        contraction=contraction_table(strain, made),
        counting=counting_table(strain, made),
    )


@kernel
def diffusivity(p: Parameters, now: States) -> float:
    """Share of the diffusivity that is left at present."""
    return _factor(now.damage, p.path_loss)


@kernel
def advance(p: Parameters, old: States, drive: Before, h: float) -> tuple[States, Effect]:
    """Damage and wedging after a step, and the cracks that are open."""
    speed = smooth_abs(drive.rate, RATE_WIDTH)
    difference = smooth_abs(drive.x_s - drive.x_m, DIFFERENCE_WIDTH)
    slope = smooth_abs(drive.slope, SLOPE_WIDTH)
    stress = p.lattice_stress * lookup_dual(p.mismatch, drive.x_m)
    stress = stress + p.gradient_stress * (slope * difference) + p.load_stress * drive.P
    overload = ramp(stress - 1.0, OVERLOAD_WIDTH)
    growth = h * _damage_rate(p.rate, overload, p.exponent, speed)
    damage = (growth + old.damage) / (growth + 1.0)
    wedging = h * _residual_rate(p.residual_rate, damage, speed)
    residual = (wedging + old.residual) / (wedging / p.residual_limit + 1.0)
    contraction = lookup_dual(p.contraction, drive.x_m)
    area = _crack_area(damage, p.shut, p.opening, contraction, residual)
    working = p.opening * damage * lookup_dual(p.counting, drive.x_m)
    return States(damage, residual), effect(
        opening=area, working=working, diffusivity=_factor(damage, p.path_loss)
    )


DAMAGE: Final = f"{NAME}.damage"
OUTPUTS: Final[tuple[Output, ...]] = (
    Profile("crack_damage", "1", "Crack damage", lambda o: o.remembered(DAMAGE), PERCENT),
    Profile("crack_area_fraction", "1", "Crack area", lambda o: 3.0 * o.misfit(NAME), PERCENT),
    ParticleLedgerRow("cracks", lambda p: None if p.inert else p.causes[NAME]),
    EndValue("crack_damage", lambda o: o.mean_over_hosts("cathode", o.remembered(DAMAGE))),
    EndValue("crack_area", lambda o: o.mean_over_hosts("cathode", 3.0 * o.misfit(NAME))),
    CycleQuantity(
        "crack_damage_end", "1", "Crack damage at end",
        lambda c: c.end.get("crack_damage"), 1, PERCENT,
    ),
    CycleQuantity(
        "crack_area_fraction_end_of_charge", "1", "Crack area, end of charge",
        lambda c: c.charged("crack_area"), 2, PERCENT, "Cracks",
    ),
    CycleQuantity(
        "crack_area_fraction_end", "1", "Crack area at end",
        lambda c: c.end.get("crack_area"), 2, PERCENT,
    ),
)  # fmt: skip
