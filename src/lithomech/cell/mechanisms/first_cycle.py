"""Lithium that a host takes up once and never gives back.

A reaction of the host itself beside the decomposition of the electrolyte: it sets in below a
potential, is complete after a while, and takes its charge from the first cycle.
"""

from typing import Annotated, Any, Final, NamedTuple

from lithomech.cell.mechanisms.declare import (
    After,
    Effect,
    Floats,
    Parameter,
    Pass,
    SiteKind,
    State,
    effect,
)
from lithomech.cell.mechanisms.outputs import AREAL_MAH, CycleQuantity, EndValue, Output
from lithomech.cell.mechanisms.reaction import ABSENT, Reaction, react
from lithomech.cell.mechanisms.site import ParticleSite
from lithomech.numerics.compiled import kernel

NAME: Final = "first_cycle"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.AFTER
ASSUMED: Final = {
    "first-cycle time [s]": (3600.0, "the first-cycle loss falls into the first charge"),
}
FILM_CHARGE: Final = 200.0  # C/m2, for the error norm


class States(NamedTuple):
    """Charge of the lithium that the host has kept, on the contact area as made."""

    kept: Annotated[float, State("C/m^2", "charge of lithium kept", FILM_CHARGE)] = 0.0


class Parameters(NamedTuple):
    """The loss as a reaction without film."""

    loss: Annotated[Reaction, Parameter("", "of lithium to the host")]


def resolve(site: ParticleSite) -> Parameters | None:
    """Return the first-cycle loss of one class; None where its material has none."""
    m = site.material
    if not (m.has("first_cycle_loss") and m.value("first_cycle_loss") > 0.0):
        return None
    lost = m.value("first_cycle_loss") * m.value("density") * site.grain.radius
    lost /= 3.0 * site.coverage
    return Parameters(
        ABSENT._replace(
            present=1.0,
            limit=m.value("first_cycle_potential"),
            exhaustion=lost,
            # one volt below its onset, the loss is 1 - 1/e complete after this time
            resistance=ASSUMED["first-cycle time [s]"][0] / lost,
        )
    )


@kernel
def advance(p: Parameters, old: States, drive: After, h: float) -> tuple[States, Effect]:
    """Lithium kept after a step, and the current that it takes."""
    current = react(p.loss, p.loss.limit - drive.potential, drive.theta, old.kept, h)
    return States(h * current + old.kept), effect(side_current=-current)


def _kept(observation: Any) -> Floats | None:  # noqa: ANN401
    """Charge of the lithium that hosts have kept [mAh/cm2]."""
    if not observation.runs(NAME):
        return None
    kept = (f"{NAME}.kept",)
    both = observation.charge("anode", kept) + observation.charge("cathode", kept)
    return both / AREAL_MAH


OUTPUTS: Final[tuple[Output, ...]] = (
    EndValue("first_cycle_loss", _kept),
    CycleQuantity(
        "first_cycle_loss_mAh_per_cm2", "mAh/cm²", "First-cycle loss so far",
        lambda c: c.end.get("first_cycle_loss"), 4,
    ),
)  # fmt: skip
