"""The wall between a particle and the electrolyte: where strain, gap and pressure meet.

See docs/theory/contact.md. This is the one place that knows the pressure at the wall; a new
closure changes this file.
"""

from typing import Annotated, Final, NamedTuple

from lithomech.cell.mechanisms.declare import (
    Number,
    Parameter,
    Pass,
    SiteKind,
    Wall,
)
from lithomech.cell.mechanisms.outputs import (
    PERCENT,
    CycleQuantity,
    EndValue,
    Output,
    ParticleLedgerRow,
    Profile,
)
from lithomech.cell.mechanisms.site import ParticleSite, isotropic_moduli
from lithomech.laws import contact, elasticity, homogenise
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus

NAME: Final = "contact"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.WALL
ASSUMED: Final = {
    "pressing ratio": (0.8, "(1 + 2 K_0)/3 with K_0 = 0.7, Gurson at yield"),
    "contact caps": (2.0, "the particle rests on two opposite caps"),
    "network strain": (0.04, "grains that were pressed, and shrunk under the stack pressure"),
    "adhesion pressure [Pa]": (1e5, "keeps a little contact at zero stack pressure"),
}
WIDTH: Final = 1e6  # Pa, smoothing of opening contacts
GAP_FLOOR: Final = 1e-9  # keeps the opening number differentiable at zero

_opening_number = kernel(contact.opening_number)
_contact_fraction = kernel(contact.contact_fraction)


class Parameters(NamedTuple):
    """The wall of one class."""

    transmission: Annotated[
        float, Parameter("dimensionless", "share of the stack pressure felt")
    ]
    wall_stiffness: Annotated[float, Parameter("Pa", "pressure per linear misfit")]
    residual_pressure: Annotated[float, Parameter("Pa", "what pressing left")]
    made_pressure: Annotated[float, Parameter("Pa", "stack pressure as assembled")]
    contact_modulus: Annotated[float, Parameter("Pa", "of the caps in contact")]
    load_share: Annotated[
        float, Parameter("dimensionless", "of the stack load, carried once open")
    ]
    adhesion: Annotated[
        float, Parameter("Pa", "as a pressure", "keeps contact at zero stack pressure")
    ]
    caps: Annotated[
        float, Parameter("dimensionless", "contacts left once open", "two opposite caps")
    ]
    network_strain: Annotated[
        float,
        Parameter(
            "dimensionless",
            "shrinkage that halves the pressure among active grains",
            "pressed grains that shrink",
        ),
    ]


class Pressed(NamedTuple):
    """What the wall comes to, as duals."""

    pressure: Number
    gap: Number  # over the radius
    theta: Number


def resolve(site: ParticleSite) -> Parameters:
    """Return the wall of one class from the moduli of what meets there."""
    T, K_c = transmission(site), wall_stiffness(site)
    made = site.composite.made
    residual = made.residual_pressure
    if residual is None:
        ratio = ASSUMED["pressing ratio"][0]
        locked = contact.residual_pressure(made.pressure, site.made_pressure, T, ratio)
        residual = max(0.0, float(locked))
    active, electrolyte = site.material, site.electrolyte
    modulus = elasticity.contact_modulus(
        active.value("youngs_modulus"),
        active.value("poisson_ratio"),
        electrolyte.value("youngs_modulus"),
        electrolyte.value("poisson_ratio"),
    )
    return Parameters(
        transmission=T,
        wall_stiffness=K_c,
        residual_pressure=residual,
        made_pressure=site.made_pressure,
        contact_modulus=float(modulus),
        load_share=site.load_share,
        adhesion=ASSUMED["adhesion pressure [Pa]"][0] + site.composite.binding,
        caps=ASSUMED["contact caps"][0],
        network_strain=ASSUMED["network strain"][0],
    )


def transmission(site: ParticleSite) -> float:
    """Mean pressure in the particles over the stack pressure."""
    c = site.composite
    K_p = isotropic_moduli(site.material)[0]
    return float(homogenise.transmission(K_p, c.matrix_G, c.layer_K, c.layer_G))


def wall_stiffness(site: ParticleSite) -> float:
    """Pressure at the wall per linear misfit [Pa]."""
    c = site.composite
    K_p = isotropic_moduli(site.material)[0]
    return float(homogenise.wall_stiffness(K_p, c.matrix_K, c.layer_G, transmission(site)))


@kernel
def trial_pressure(p: Parameters, drive: Wall, irreversible: Number) -> Number:
    """Pressure of a wall that never parts, tension negative."""
    elastic = p.wall_stiffness * (drive.misfit - irreversible)
    return elastic + p.transmission * (drive.P - p.made_pressure) + p.residual_pressure


@kernel
def press(p: Parameters, drive: Wall, irreversible: Number) -> Pressed:
    """Find pressure, gap and contact for a misfit, of which a part is irreversible."""
    trial = trial_pressure(p, drive, irreversible)
    pressure = softplus(trial, WIDTH)
    gap = (pressure - trial) / p.wall_stiffness
    Pi = _opening_number(gap, p.contact_modulus, drive.P, p.adhesion, p.load_share)
    return Pressed(pressure, gap, _contact_fraction(Pi + GAP_FLOOR))


@kernel
def bond(p: Parameters, drive: Wall, irreversible: Number) -> Pressed:
    """Return the same where contact is switched off: a whole bond that bears tension."""
    trial = trial_pressure(p, drive, irreversible)
    return Pressed(trial, 0.0 * trial, 0.0 * trial + 1.0)


OUTPUTS: Final[tuple[Output, ...]] = (
    Profile("contact_fraction", "1", "Contact left", lambda o: o.readout.theta, PERCENT),
    EndValue("contact_fraction", lambda o: o.mean_over_hosts("cathode", o.readout.theta)),
    CycleQuantity(
        "contact_fraction_end_of_charge", "1", "Contact left, end of charge",
        lambda c: c.charged("contact_fraction"), 1, PERCENT, "Contact",
    ),
    CycleQuantity(
        "contact_fraction_end", "1", "Contact left at end",
        lambda c: c.end.get("contact_fraction"), 1, PERCENT,
    ),
    Profile(
        "contact_pressure_Pa", "Pa", "Contact pressure",
        lambda o: o.readout.contact_pressure,
    ),
    Profile("gap_m", "m", "Gap", lambda o: o.readout.gap),
    ParticleLedgerRow("lost at contacts", lambda p: p.contacts),
)  # fmt: skip
