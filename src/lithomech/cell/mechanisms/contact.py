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
)
from lithomech.cell.mechanisms.local_pressure import (
    Series,
    bearing,
    followed,
    local_pressure,
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
from lithomech.laws import contact, elasticity, fracture, homogenise
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import value_of

NAME: Final = "contact"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.WALL
ASSUMED: Final = {
    "pressing ratio": (0.8, "(1 + 2 K_0)/3 with K_0 = 0.7, Gurson at yield"),
    "contact caps": (
        5.0,
        "contacts with electrolyte that bear the load of a grain, (sum F)^2/sum F^2; pressed "
        "grains, 70:30, give 3.7 at 3, 5.0 at 20 and 7.1 at 70 MPa",
    ),
    "network strain": (0.04, "grains that were pressed, and shrunk under the stack pressure"),
    "adhesion pressure [Pa]": (1e5, "keeps a little contact at zero stack pressure"),
}
ROUNDED: Final = 0.05  # of what a wall as made has to lose until it parts, or of its load
LEAST_WIDTH: Final = 1e4  # Pa, of its kink; steps shrink where it is sharper
NO_CRACKS: Final = 1e12  # Pa, pressure that shuts cracks where there are none
GAP_FLOOR: Final = 1e-9  # keeps the opening number differentiable at zero

_opening_number = kernel(contact.opening_number)
_contact_fraction = kernel(contact.contact_fraction)
_resting = kernel(contact.resting_pressure)
_cracks = kernel(fracture.pressed_cracks)
_on_lithium = kernel(fracture.pressure_on_lithium)


class Parameters(NamedTuple):
    """The wall of one class."""

    transmission: Annotated[
        float, Parameter("dimensionless", "share of the stack pressure felt")
    ]
    wall_stiffness: Annotated[float, Parameter("Pa", "pressure per linear misfit")]
    made_contact_pressure: Annotated[
        float, Parameter("Pa", "at the wall as assembled: by the stack, and what pressing left")
    ]
    made_pressure: Annotated[float, Parameter("Pa", "stack pressure as assembled")]
    contact_modulus: Annotated[float, Parameter("Pa", "of the caps in contact")]
    load_share: Annotated[
        float, Parameter("dimensionless", "of the stack load, carried once open")
    ]
    adhesion: Annotated[
        float, Parameter("Pa", "as a pressure", "keeps contact at zero stack pressure")
    ]
    caps: Annotated[
        float, Parameter("dimensionless", "contacts left once open", "as pressed grains have")
    ]
    network_strain: Annotated[
        float,
        Parameter(
            "dimensionless",
            "shrinkage that halves the pressure among active grains",
            "pressed grains that shrink",
        ),
    ]
    closing_pressure: Annotated[float, Parameter("Pa", "shuts cracks to 1/e")]
    width: Annotated[float, Parameter("Pa", "of the kink where the wall parts")]


class Strained(NamedTuple):
    """What a particle brings to its wall, as duals."""

    misfit: Number  # linear, without cracks
    opening: Number  # volume strain of cracks, as if no pressure shut them
    working: Number  # share of a change of volume that opens as cracks at present


class Settled(NamedTuple):
    """The wall before anything gives way."""

    pressure: Number
    misfit: Number  # linear, with the cracks that the pressure leaves
    give: Number  # Pa that the pressure loses per linear strain that gives way


class Pressed(NamedTuple):
    """What the wall comes to, as duals."""

    pressure: Number
    on_lithium: Number  # what lithium works against
    gap: Number  # over the radius
    theta: Number
    cracks: Number  # volume strain, under pressure


def resolve(site: ParticleSite) -> Parameters:
    """Return the wall of one class from the moduli of what meets there."""
    T, K_c = transmission(site), wall_stiffness(site)
    active = site.material
    shuts, pressed = "crack_closing_pressure", made_contact_pressure(site, T)
    spare = pressed - float(contact.resting_pressure(site.made_pressure, site.load_share))
    adhesion = ASSUMED["adhesion pressure [Pa]"][0] + site.composite.binding
    carried = site.load_share * (site.made_pressure + adhesion)
    around = (site.composite.matrix_K, site.composite.matrix_G)
    modulus = elasticity.contact_modulus(
        active.value("youngs_modulus"),
        active.value("poisson_ratio"),
        elasticity.young_from_bulk_shear(*around),
        elasticity.poisson_from_bulk_shear(*around),
    )
    return Parameters(
        transmission=T,
        wall_stiffness=K_c,
        made_contact_pressure=pressed,
        made_pressure=site.made_pressure,
        contact_modulus=float(modulus),
        load_share=site.load_share,
        adhesion=adhesion,
        caps=ASSUMED["contact caps"][0],
        network_strain=ASSUMED["network strain"][0],
        closing_pressure=active.value(shuts) if active.has(shuts) else NO_CRACKS,
        width=max(ROUNDED * min(spare, carried), LEAST_WIDTH),
    )


def made_contact_pressure(site: ParticleSite, T: float) -> float:
    """Pressure at the wall as assembled [Pa]: by reciprocity T P_0, and what pressing left."""
    made = site.composite.made
    residual = made.residual_pressure
    if residual is None:
        ratio = ASSUMED["pressing ratio"][0]
        residual = max(0.0, float(contact.residual_pressure(made.pressure, 0.0, T, ratio)))
    return T * site.made_pressure + residual


def transmission(site: ParticleSite) -> float:
    """Mean pressure in the particles over the stack pressure."""
    c = site.composite
    K_p = isotropic_moduli(site.material)[0]
    return float(homogenise.transmission(K_p, c.matrix_G, c.layer_K, c.layer_G))


def wall_stiffness(site: ParticleSite) -> float:
    """Pressure at the wall per linear misfit [Pa]."""
    c = site.composite
    K_p = isotropic_moduli(site.material)[0]
    K_c = float(homogenise.wall_stiffness(K_p, c.matrix_K, c.layer_G, transmission(site)))
    if K_c > 0.0:
        return K_c
    # a soft solid in a stiff layer, where the estimate of its neighbours fails: alone
    return float(homogenise.dilute_wall_stiffness(K_p, c.matrix_G))


@kernel
def series(p: Parameters, strained: Strained, irreversible: Number, P: Number) -> Series:
    """The wall and the cracks behind it, at a stack pressure."""
    elastic = p.wall_stiffness * (strained.misfit - irreversible)
    solid = elastic + p.transmission * (P - p.made_pressure) + p.made_contact_pressure
    cracks = (p.wall_stiffness / 3.0) * strained.opening
    return Series(solid, cracks, _resting(P, p.load_share), p.closing_pressure, p.width)


@kernel
def settle(p: Parameters, strained: Strained, irreversible: Number, P: Number) -> Settled:
    """The wall for a misfit of which a part is irreversible."""
    s = series(p, strained, irreversible, P)
    value = local_pressure(
        Series(value_of(s.solid), value_of(s.cracks), value_of(s.floor), s.closing, s.width)
    )
    closed, taken = bearing(s, value)
    pressure = followed(s, value)
    cracks = _cracks(strained.opening, pressure, p.closing_pressure)
    give = p.wall_stiffness * closed / taken
    return Settled(pressure, strained.misfit + cracks / 3.0, give)


@kernel
def press(
    p: Parameters, strained: Strained, irreversible: Number, P: Number, near: float
) -> Pressed:
    """Find pressure, gap, cracks and contact; ``near`` is the pressure to within a little."""
    s = series(p, strained, irreversible, P)
    pressure = followed(s, value_of(followed(s, near)))
    trial = s.solid + _cracks(s.cracks, pressure, s.closing)
    gap = (pressure - trial) / p.wall_stiffness
    Pi = _opening_number(gap, p.contact_modulus, P, p.adhesion, p.load_share, p.caps)
    return Pressed(
        pressure,
        _on_lithium(pressure, p.closing_pressure, strained.working),
        gap,
        _contact_fraction(Pi + GAP_FLOOR),
        _cracks(strained.opening, pressure, p.closing_pressure),
    )


@kernel
def bond(p: Parameters, strained: Strained, irreversible: Number, P: Number) -> Pressed:
    """Return the same where contact is off: a whole bond, and no pressure on cracks."""
    s = series(p, strained, irreversible, P)
    trial = s.solid + s.cracks
    whole = 0.0 * trial
    return Pressed(trial, trial, whole, whole + 1.0, strained.opening)


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
