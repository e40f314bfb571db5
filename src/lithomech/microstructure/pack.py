"""Grains poured into a box, pressed along its first axis, released and held.

The box is periodic: a piece of a pellet that cannot widen. Steps are those of the discrete
element method with masses chosen for speed, so only states at rest mean anything: a state is
taken when the pressure is met within 1 % and the mean force left on a grain is below 0.5 % of
the mean force of a contact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.microstructure.grains import Floats, Mixture, contact_constants, draw
from lithomech.microstructure.spec import DENSEST, Structure
from lithomech.numerics import granular

Progress = Callable[[float, str], None]
LOOSE: Final = 0.2  # share of the box that is filled when the grains are placed
TRIES: Final = 100  # random places per grain
SKIN: Final = 0.15  # of the unit of length, on lists of neighbours
STEPS: Final = 400  # between two looks at the state
MOST_LOOKS: Final = 500
TIME_STEP: Final = 0.2  # in units of the stiffest contact
MASS: Final = 4.0
DAMPING: Final = 0.4
DRAG: Final = 0.01
CLOSING: Final = 5e-4  # strain rate while powder is pressed, per unit of time
INERTIA: Final = 2e-3  # strain rate over the square root of a pressure
MODULUS: Final = 0.3  # of the packing, at the most, for the control of pressure
PRESSURE_MET: Final = 1e-2
AT_REST: Final = 5e-3
SOLIDS_MET: Final = 1e-3
FARTHEST: Final = 1e3  # pressure, when only the porosity ends the pressing


@dataclass(frozen=True)
class Pellet:
    """Grains at rest in a periodic box; SI units.

    Attributes:
        centres: (grains, 3), the first axis is that of pressing.
        radii: (grains,), as poured.
        sorts: (grains,), index into the mixture's sorts.
        box: (3,).
        pairs: (contacts, 2), grains that touch or have touched.
        overlap: (contacts,), now.
        most_overlap: (contacts,), the largest so far.
        force: (contacts,), normal.
        contact_radius: (contacts,).
        branch: (contacts, 3), from the second grain to the first.
        pull: (contacts, 3), tangential force on the first grain.
        stress: (3,), pressure along each axis.
        at_rest: whether pressure and forces were met.
    """

    centres: Floats
    radii: Floats
    sorts: NDArray[np.int64]
    box: Floats
    pairs: NDArray[np.int32]
    overlap: Floats
    most_overlap: Floats
    force: Floats
    contact_radius: Floats
    branch: Floats
    pull: Floats
    stress: Floats
    at_rest: bool

    @property
    def solid_fraction(self) -> float:
        """Volume of the grains over that of the box."""
        return float(4.0 / 3.0 * np.pi * np.sum(self.radii**3) / np.prod(self.box))

    @property
    def coordination(self) -> float:
        """Contacts that carry a force, per grain."""
        return 2.0 * float(np.count_nonzero(self.force)) / self.radii.size


class Press:
    """One piece of powder between the plates of a press."""

    def __init__(self, structure: Structure, mixture: Mixture, seed: int) -> None:
        """Place the grains at random, apart from each other.

        Raises:
            InputError: the box does not suit the grains.
        """
        rng = np.random.default_rng(seed)
        radii, self.sorts = draw(structure, mixture, rng)
        self.length = 2.0 * float(radii.min())
        E_star, p_y = contact_constants(mixture)
        self.stress_unit = float(E_star.min())
        self.contacts = granular.Contacts(
            E_star / self.stress_unit,
            p_y / self.stress_unit,
            np.full(E_star.shape, structure.friction),
        )
        self.radii = radii / self.length
        self.masses = MASS * self.contacts.E_star[self.sorts, -1] * self.radii
        self.walled = np.zeros(3, np.bool_)
        solid = 4.0 / 3.0 * np.pi * float(np.sum(self.radii**3))
        edge = structure.box / self.length
        self.box = np.array([solid / LOOSE / edge**2, edge, edge])
        self.centres = self._place(rng)
        n = self.radii.size
        self.velocities, self.spins = np.zeros((n, 3)), np.zeros((n, 3))
        self.plates = np.zeros((n, 6))
        self.pairs = np.zeros((0, 2), np.int32)
        self.memory = np.zeros((0, granular.MEMORY))

    def _place(self, rng: np.random.Generator) -> Floats:
        while True:
            tries = TRIES * self.radii.size
            places = granular.place_apart(
                self.radii, self.box, self.walled, tries, rng.random((tries, 3))
            )
            if not np.isnan(places).any():
                return places
            self.box[0] *= 1.2

    @property
    def solid_fraction(self) -> float:
        """Volume of the grains over that of the box."""
        return float(4.0 / 3.0 * np.pi * np.sum(self.radii**3) / np.prod(self.box))

    def close(self, pressure: float, watch: Callable[[], None]) -> Pellet:
        """Press up to a pressure [Pa]."""
        return self._run(pressure / self.stress_unit, CLOSING, 0.0, watch)

    def close_to(
        self, solid_fraction: float, pressure: float, watch: Callable[[], None]
    ) -> Pellet:
        """Press as far as it takes for a share of solids to remain at a pressure [Pa].

        Returns:
            The pellet as pressed.
        """
        aim = solid_fraction
        while True:
            stop = float(self.box[0]) * self.solid_fraction / aim
            self._run(FARTHEST, CLOSING, stop, watch)
            pressed = self._run(1.0, 0.0, 0.0, watch)  # come to rest at this height
            missing = solid_fraction - self.hold(pressure, watch).solid_fraction
            if missing < SOLIDS_MET or aim > 1.0 - DENSEST:
                return pressed
            aim += missing

    def hold(self, pressure: float, watch: Callable[[], None]) -> Pellet:
        """Let the height follow until the stack pressure [Pa] is met."""
        target = pressure / self.stress_unit
        return self._run(target, INERTIA * np.sqrt(target), 0.0, watch)

    def swell(self, sorts: NDArray[np.bool_], factor: float) -> None:
        """Scale the radii of some sorts."""
        self.radii = np.where(sorts[self.sorts], self.radii * factor, self.radii)

    def _run(
        self, target: float, rate: float, stop: float, watch: Callable[[], None]
    ) -> Pellet:
        gain = 0.0 if rate == 0.0 else min(10.0, 0.4 * target / MODULUS / rate)
        pace = granular.Pace(TIME_STEP, DAMPING, DRAG, rate, gain, target, stop)
        stress, at_rest = np.zeros(3), False
        for _ in range(MOST_LOOKS):
            self.pairs, self.memory, stress, told = granular.advance(
                self.centres, self.velocities, self.spins, self.radii, self.masses,
                self.sorts, self.box, self.walled, self.plates, self.pairs, self.memory,
                self.contacts, pace, SKIN, STEPS,
            )  # fmt: skip
            _, _, mean, left, _, _ = told
            watch()
            stopped = self.box[0] <= stop * (1.0 + 1e-12)
            met = rate == 0.0 or abs(stress[0] / target - 1.0) < PRESSURE_MET
            at_rest = met and left <= AT_REST * mean
            if stopped or at_rest:
                break
        return self._pellet(stress, at_rest)

    def _pellet(self, stress: Floats, at_rest: bool) -> Pellet:
        table = granular.read_contacts(
            self.centres, self.radii, self.sorts, self.pairs, self.memory,
            self.contacts, self.box, self.walled,
        )  # fmt: skip
        met = table[:, 1] > 0.0
        table, length, unit = table[met], self.length, self.stress_unit
        return Pellet(
            (self.centres % self.box) * length,
            self.radii * length,
            self.sorts,
            self.box * length,
            self.pairs[met],
            table[:, 0] * length,
            table[:, 1] * length,
            table[:, 2] * unit * length**2,
            table[:, 3] * length,
            table[:, 4:7] * length,
            self.memory[met, 1:4] * unit * length**2,
            stress * unit,
            at_rest,
        )


def press(
    structure: Structure, mixture: Mixture, seed: int, progress: Progress | None = None
) -> list[Pellet]:
    """Press one piece and hold it at each stack pressure, from the highest down.

    Returns:
        The pellet as pressed, then at each stack pressure in the order of the structure.

    Raises:
        InputError: the box does not suit the grains.
    """
    machine = Press(structure, mixture, seed)
    order = np.argsort([-p for p in structure.stack_pressures], kind="stable")
    stage = [0]

    def watch() -> None:
        if progress is not None:
            progress(
                stage[0] / (len(order) + 1),
                f"seed {seed}: {100 * machine.solid_fraction:.1f} % solid",
            )

    fabrication = structure.fabrication
    if fabrication.pressure is not None:
        pressed = machine.close(fabrication.pressure, watch)
    else:
        wanted = 1.0 - (fabrication.porosity or 0.0)
        pressed = machine.close_to(wanted, max(structure.stack_pressures), watch)
    held: dict[int, Pellet] = {}
    for index in order:
        stage[0] += 1
        held[int(index)] = machine.hold(structure.stack_pressures[index], watch)
    return [pressed, *(held[i] for i in range(len(held)))]
