"""Active grains that shrink and swell in the pellet: what they lose and what they pass on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from lithomech.laws.contact import contact_fraction, opening_number
from lithomech.microstructure.grains import Floats, Mixture, contact_constants, resolve
from lithomech.microstructure.loads import bearing_contacts, carried_by, mechanical_contact
from lithomech.microstructure.pack import Pellet, Press, Progress
from lithomech.microstructure.spec import Structure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@final
@dataclass(frozen=True)
class Breathing:
    """A pellet under a constant stack pressure while its active grains change their volume.

    Attributes:
        volume_strain: of the active grains from as made, (states,).
        contact_fraction: contact area with electrolyte under force over the surface of active
            grains, (states,).
        thickness_strain: change of the height over that as made, (states,).
        active_pressure: mean pressure in active grains [Pa], (states,).
        load_share: of the stack pressure, carried by active grains, (states,).
        bearing_contacts: with electrolyte, that bear the load of an active grain, (states,).
        stack_pressure: [Pa].
        active_fraction: volume of active grains over that of the pellet, as made.
        contact_modulus: of an active grain on electrolyte [Pa].
        at_rest: whether every state came to rest.
    """

    volume_strain: Floats
    contact_fraction: Floats
    thickness_strain: Floats
    active_pressure: Floats
    load_share: Floats
    bearing_contacts: Floats
    stack_pressure: float
    active_fraction: float
    contact_modulus: float
    at_rest: bool

    @property
    def kept(self) -> Floats:
        """Contact left of that as made, theta; (states,)."""
        return self.contact_fraction / self.contact_fraction[0]

    def transmission(self, states: slice) -> float:
        """Thickness strain per volume strain of the active share, T, over some states."""
        slope = np.polyfit(self.volume_strain[states], self.thickness_strain[states], 1)[0]
        return float(slope) / self.active_fraction

    def law(self, load_share: float) -> Floats:
        """Contact that the law of an open contact leaves for a share of the load; (states,).

        The gap is the shrinkage of the radius: electrolyte that does not follow.
        """
        gap = np.maximum(-self.volume_strain / 3.0, 0.0)
        number = opening_number(
            gap,
            self.contact_modulus,
            self.stack_pressure,
            0.0,
            load_share,
            self.bearing_contacts[0],
        )
        return np.asarray(contact_fraction(number))

    def plot(self) -> "Figure":
        """Contact and thickness against the volume of the active grains."""
        from lithomech.plot.breathing import loops  # noqa: PLC0415 - the upward reference

        return loops(self)


def breathe(
    structure: Structure,
    volume_strain: float,
    cycles: int = 1,
    steps: int = 6,
    progress: Progress | None = None,
) -> Breathing:
    """Press a piece, hold it at the first stack pressure, and change its active grains.

    Args:
        structure: the first of its pieces is taken.
        volume_strain: of the active grains at the end of a charge; -0.05 = 5 % smaller.
        cycles: charges and discharges.
        steps: states between the ends of a half cycle.
        progress: called with the fraction completed and a status message.

    Raises:
        InputError: materials or box do not suit the grains.
    """
    mixture = resolve(structure)
    pressure = structure.stack_pressures[0]
    path = np.linspace(0.0, volume_strain, steps + 1)
    strains = np.concatenate([path[:1], *[[*path[1:], *path[-2::-1]] for _ in range(cycles)]])
    machine = Press(structure, mixture, 0)
    report = progress or (lambda _fraction, _text: None)
    done = [0]

    def watch() -> None:
        report(done[0] / len(strains), f"state {done[0]} of {len(strains)}")

    if structure.fabrication.pressure is not None:
        machine.close(structure.fabrication.pressure, watch)
    else:
        machine.close_to(1.0 - (structure.fabrication.porosity or 0.0), pressure, watch)
    made, states = 1.0, []
    for strain in strains:
        factor = float((1.0 + strain) ** (1.0 / 3.0))
        machine.swell(mixture.active, factor / made)
        made = factor
        states.append(machine.hold(pressure, watch))
        done[0] += 1
    return _gathered(states, strains, mixture, pressure)


def _gathered(
    states: list[Pellet], strains: Floats, mixture: Mixture, pressure: float
) -> Breathing:
    first = states[0]
    active = mixture.active[first.sorts]
    surface = 4.0 * np.pi * float(np.sum(first.radii[active] ** 2))
    loads = [carried_by(state, active) for state in states]
    volume = 4.0 / 3.0 * np.pi * float(np.sum(first.radii[active] ** 3))
    return Breathing(
        strains,
        np.array(
            [mechanical_contact(s, active, mixture.electrolyte) / surface for s in states]
        ),
        np.array([s.box[0] / first.box[0] - 1.0 for s in states]),
        np.array([load[0] for load in loads]),
        np.array([load[1] / pressure for load in loads]),
        np.array([bearing_contacts(s, active, mixture.electrolyte) for s in states]),
        pressure,
        volume / float(np.prod(first.box)),
        float(contact_constants(mixture)[0][0, mixture.electrolyte]),
        all(s.at_rest for s in states),
    )
