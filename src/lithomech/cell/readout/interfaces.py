"""Resistance, capacitance and Warburg coefficient of each electrode, per cycle.

They show which mechanism acts: lost contact multiplies the resistance and divides the
capacitance, so that their product stays; a film raises the resistance at constant capacitance.
All are those of a spectrum at rest at the present state, with all particles of an electrode in
parallel; see docs/theory/contact.md.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms import cracking, foil_interphase, interphase, isolation
from lithomech.cell.mechanisms.outputs import Cycle, CycleQuantity, EndValue, Output
from lithomech.cell.state import SIDES
from lithomech.constants import F, R
from lithomech.laws import fracture
from lithomech.numerics.table import INTERVALS

if TYPE_CHECKING:
    from lithomech.cell.readout.observation import Hosts, Observation, ObservedFoil

Floats = NDArray[np.float64]
OHM_CM2: Final = 1e4  # per ohm m2
UF_PER_CM2: Final = 1e2  # per F/m2


def interface_resistance(observation: "Observation", side: str) -> Floats | None:
    """Charge transfer and films of one electrode [ohm m2]; None without any host."""
    foil = observation.foil(side)
    if foil is not None:
        return _foil_resistance(observation, side, foil)
    hosts = observation.hosts[side]
    if hosts is None:
        return None
    exchange = _lookup(observation, "exchange", hosts)[0]
    film = _film_resistance(observation, hosts)
    transfer = _thermal_voltage(observation) / exchange
    return 1.0 / np.sum(hosts.area * hosts.theta / (transfer + film), axis=1)


def film_resistance(observation: "Observation", side: str) -> Floats | None:
    """Films of one electrode alone, of coatings too [ohm m2]; None without any host."""
    foil = observation.foil(side)
    if foil is not None:
        made = observation.model.arrays.foils["host"]["resistance"][SIDES.index(side)]
        return _foil_films(observation, side, foil, float(made))
    hosts = observation.hosts[side]
    if hosts is None:
        return None
    with np.errstate(divide="ignore", over="ignore"):  # without a film nothing resists
        return 1.0 / np.sum(
            hosts.area * hosts.theta / _film_resistance(observation, hosts), axis=1
        )


def interface_capacitance(observation: "Observation", side: str) -> Floats | None:
    """Double layer of one electrode [F/m2]; None where a material has no value for it."""
    if observation.foil(side) is not None:
        s = SIDES.index(side)
        made = float(observation.model.arrays.foils["host"]["capacitance"][s])
        return made * observation.readout.lithium_contact[:, s] if made else None
    hosts = observation.hosts[side]
    if hosts is None:
        return None
    made = _of_class(observation, "capacitance", hosts)
    if not made.all():
        return None
    contact = made / _of_class(observation, "coverage", hosts)  # per area of contact
    return hosts.theta @ (contact * hosts.area)


def warburg_coefficient(observation: "Observation", side: str) -> Floats | None:
    """Warburg coefficient of one composite electrode [ohm m2 s^-1/2]; None for a planar one.

    Of each particle it is |dU/dx|/(F c_max sqrt(2 D)) on the surface, divided by the contact
    left: a quick sinusoid moves lithium straight below the contacts, as in ``impedance``.
    """
    hosts = observation.hosts[side]
    if hosts is None:
        return None
    slope = abs(_lookup(observation, "potential", hosts)[1])
    damage = observation.remembered(cracking.DAMAGE)[:, hosts.members]
    records = observation.model.arrays.particles
    path_loss = records[cracking.NAME]["path_loss"][hosts.classes]
    D = _lookup(observation, "permeation", hosts)[1]
    D = D * _of_class(observation, "radius", hosts) ** 2
    D = D * fracture.damaged_diffusivity_factor(damage, path_loss)
    in_use = 1.0 - observation.remembered(f"{isolation.NAME}.share")[:, hosts.members]
    # the surface of the grains in use, and what constriction below the contacts adds
    constricted = 1.0 / in_use + (1.0 / hosts.theta - 1.0)
    surface = hosts.area / _of_class(observation, "coverage", hosts)
    c_max = _of_class(observation, "c_max", hosts)
    with np.errstate(divide="ignore"):  # a flat potential has no Warburg element
        conductance = surface * F * c_max * np.sqrt(2.0 * D) / (slope * constricted)
    return 1.0 / conductance.sum(axis=1)


def _of_class(observation: "Observation", name: str, hosts: "Hosts") -> Floats:
    """A number of the host of every member."""
    return observation.model.arrays.particles["host"][name][hosts.classes]


def _lookup(observation: "Observation", name: str, hosts: "Hosts") -> tuple[Floats, Floats]:
    """Value and slope of a table of the hosts at the surface, held at empty and full."""
    tables = observation.model.arrays.particles["host"][name]
    u = INTERVALS * np.minimum(np.maximum(hosts.x, 0.0), 1.0)
    i = np.minimum(u.astype(int), INTERVALS - 1)
    s = u - i
    rows = tables[hosts.classes, i]
    a, b, c, d = (rows[..., power] for power in range(4))
    value = a + s * (b + s * (c + s * d))
    return value, INTERVALS * (b + s * (2.0 * c + 3.0 * s * d))


def _film_resistance(observation: "Observation", hosts: "Hosts") -> Floats:
    """Films as made, coating and products of decomposition, on the contact left [ohm m2]."""
    made = _of_class(observation, "film_resistance", hosts)
    film = made + _of_class(observation, "coating_resistance", hosts)
    grown = observation.model.arrays.particles[interphase.NAME]
    for name, charge in zip(interphase.REACTIONS, interphase.CHARGES, strict=True):
        ionic = grown[name]["ionic"][hosts.classes]
        film = film + ionic * observation.remembered(charge)[:, hosts.members]
    return film


def _foil_resistance(observation: "Observation", side: str, foil: "ObservedFoil") -> Floats:
    """Charge transfer and film of a planar electrode, on the contact left [ohm m2]."""
    s = SIDES.index(side)
    host = observation.model.arrays.foils["host"]
    made = _thermal_voltage(observation) / host["exchange"][s] + host["resistance"][s]
    return _foil_films(observation, side, foil, float(made))


def _foil_films(
    observation: "Observation", side: str, foil: "ObservedFoil", made: float
) -> Floats:
    """What a planar electrode has as made and its film, on the contact left [ohm m2]."""
    name = foil_interphase.NAME
    parameters = foil.parameters[name]
    ionic = 0.0 if parameters is None else parameters.reduction.ionic
    film = ionic * foil.states[f"{name}.film"]
    return (made + film) / observation.readout.lithium_contact[:, SIDES.index(side)]


def _thermal_voltage(observation: "Observation") -> float:
    """RT/F [V]; over an exchange current density, the resistance of charge transfer at rest."""
    return float(R * observation.model.arrays.temperature / F)


class Kind(NamedTuple):
    """What is read of both electrodes at the end of charge."""

    name: str
    suffix: str  # of the key: the unit
    unit: str
    label: str
    factor: float  # from SI
    value: "Callable[[Observation, str], Floats | None]"


def _declare(side: str, kind: Kind) -> tuple[EndValue, CycleQuantity]:
    key = f"{side}_{kind.name}"

    def at_end_of_charge(cycle: Cycle) -> float | None:
        value = cycle.charged(key)
        return None if value is None else kind.factor * value

    return EndValue(key, lambda o: kind.value(o, side)), CycleQuantity(
        f"{key}_{kind.suffix}",
        kind.unit,
        f"{side.capitalize()} {kind.label}, end of charge",
        at_end_of_charge,
    )


KINDS: Final = (
    Kind(
        "interface_resistance", "ohm_cm2", "Ω cm²", "interface resistance", OHM_CM2,
        interface_resistance,
    ),
    Kind(
        "film_resistance", "ohm_cm2", "Ω cm²", "resistance of films", OHM_CM2, film_resistance
    ),
    Kind(
        "interface_capacitance", "uF_per_cm2", "µF/cm²", "interface capacitance", UF_PER_CM2,
        interface_capacitance,
    ),
    Kind(
        "warburg_coefficient", "ohm_cm2_per_sqrt_s", "Ω cm² s^-0.5", "Warburg coefficient",
        OHM_CM2, warburg_coefficient,
    ),
)  # fmt: skip
INTERFACES: Final[tuple[Output, ...]] = tuple(
    output for side in ("cathode", "anode") for kind in KINDS for output in _declare(side, kind)
)
