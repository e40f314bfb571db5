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

from lithomech.microstructure.grains import (
    Floats,
    Mixture,
    contact_constants,
    draw,
    welding,
)
from lithomech.microstructure.spec import DENSEST, Structure
from lithomech.numerics import granular
from lithomech.numerics.neighbours import Box, no_pairs, place_apart

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
        radii, sorts = draw(structure, mixture, rng)
        self.length = 2.0 * float(radii.min())
        E_star, p_y = contact_constants(mixture)
        self.stress_unit = float(E_star.min())
        self.contacts = granular.Contacts(
            E_star / self.stress_unit,
            p_y / self.stress_unit,
            np.full(E_star.shape, structure.friction),
            welding(mixture),
        )
        radii = radii / self.length
        solid = 4.0 / 3.0 * np.pi * float(np.sum(radii**3))
        edge = structure.box / self.length
        self.box = Box(np.array([solid / LOOSE / edge**2, edge, edge]), np.zeros(3, np.bool_))
        self.grains = granular.Grains(
            X=_place(radii, self.box, rng),
            V=np.zeros((radii.size, 3)),
            W=np.zeros((radii.size, 3)),
            R=radii,
            M=MASS * self.contacts.E_star[sorts, -1] * radii,
            sort=sorts,
            dents=np.zeros((radii.size, 6)),
        )
        self.pairs = no_pairs()

    @property
    def solid_fraction(self) -> float:
        """Volume of the grains over that of the box."""
        return float(4.0 / 3.0 * np.pi * np.sum(self.grains.R**3) / np.prod(self.box.L))

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
            stop = float(self.box.L[0]) * self.solid_fraction / aim
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
        R = self.grains.R
        self.grains = self.grains._replace(R=np.where(sorts[self.grains.sort], R * factor, R))

    def _run(
        self, target: float, rate: float, stop: float, watch: Callable[[], None]
    ) -> Pellet:
        gain = 0.0 if rate == 0.0 else min(10.0, 0.4 * target / MODULUS / rate)
        pace = granular.Pace(TIME_STEP, DAMPING, DRAG, rate, gain, target, stop)
        stress, at_rest = np.zeros(3), False
        for _ in range(MOST_LOOKS):
            self.pairs, state = granular.advance(
                self.grains, self.box, self.pairs, self.contacts, pace, SKIN, STEPS
            )
            stress = state.stress
            watch()
            stopped = self.box.L[0] <= stop * (1.0 + 1e-12)
            met = rate == 0.0 or abs(stress[0] / target - 1.0) < PRESSURE_MET
            at_rest = met and state.mean_imbalance <= AT_REST * state.mean_force
            if stopped or at_rest:
                break
        return self._pellet(stress, at_rest)

    def _pellet(self, stress: Floats, at_rest: bool) -> Pellet:
        grains, length, unit = self.grains, self.length, self.stress_unit
        table = granular.read_contacts(grains, self.box, self.pairs, self.contacts)
        met = table.largest_overlap > 0.0
        return Pellet(
            centres=(grains.X % self.box.L) * length,
            radii=grains.R * length,
            sorts=grains.sort,
            box=self.box.L * length,
            pairs=self.pairs.grains[met],
            overlap=table.overlap[met] * length,
            most_overlap=table.largest_overlap[met] * length,
            force=table.force[met] * unit * length**2,
            contact_radius=table.radius[met] * length,
            branch=table.branch[met] * length,
            pull=self.pairs.memory[met, 1:4] * unit * length**2,
            stress=stress * unit,
            at_rest=at_rest,
        )


def _place(radii: Floats, box: Box, rng: np.random.Generator) -> Floats:
    """Random centres without overlap; the box grows along axis 0 until they are found."""
    while True:
        places = place_apart(radii, box, rng.random((TRIES * radii.size, 3)))
        if not np.isnan(places).any():
            return places
        box.L[0] *= 1.2


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
