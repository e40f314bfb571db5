"""Particles alike but for their seed, and what the cell needs of them."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.materials.cell_properties import TEXTURED
from lithomech.materials.material import Material
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.particle.closure import (
    Drive,
    Law,
    drive,
    first_charge,
    fit_law,
    opening,
)
from lithomech.particle.fracture import crack_particle
from lithomech.particle.result import CrackedParticle
from lithomech.particle.spec import Particle, Surroundings
from lithomech.particle.substances import materials_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

PRESSED: Final = 200e6  # Pa more than declared, to see what pressure does
# properties of the library: the law and the opening, in their order
LAW: Final = ("crack_lattice_share", "crack_rate", "crack_confinement", "crack_reach")
OPENING: Final = ("crack_opening", "crack_shut", "crack_path_loss")


@final
@dataclass(frozen=True)
class CrackEnsemble(AbstractAnalysis):
    """Particles of several seeds, and the cell's law of cracking.

    Attributes:
        particles: one of each seed.
        pressed: the same under more pressure.
        constants: of the law by property of the library: mean and standard deviation over the
            seeds.
        given: mismatch that the law was fitted with.
        law: with the means.
        pressures: around the particles, and around the pressed ones [Pa].
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    name: str
    particles: tuple[CrackedParticle, ...] = field(repr=False)
    pressed: tuple[CrackedParticle, ...] = field(repr=False)
    constants: dict[str, tuple[float, float]]
    given: Drive = field(repr=False)
    law: Law
    pressures: tuple[float, float]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Cracks charged and discharged, and the constants of the cell's law."""
        quantities = [Quantity("Particles", float(len(self.particles)), "")]
        for column, meaning in (
            ("crack_fraction", "Crack area in the particle"),
            ("broken", "Broken boundaries"),
        ):
            for when, half in (("charged", 1.0), ("discharged", 2.0)):
                mean, deviation = _spread([p.at(column, half) for p in self.particles])
                name = f"{meaning}, {when}"
                quantities.append(Quantity(name, 100.0 * mean, "%", 100.0 * deviation))
        found = [Quantity(name, mean, "", sd) for name, (mean, sd) in self.constants.items()]
        return (*quantities, *found)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Broken share of the boundaries on the first charge: every seed, and the law."""
        found = {}
        every = (self.particles, self.pressed)
        for particles, P in zip(every, self.pressures, strict=True):
            x, U = (first_charge(particles[0], n) for n in ("lithium", "potential"))
            columns = {"lithium / 1": x, "potential / V": U}
            for i, particle in enumerate(particles):
                columns[f"broken, seed {i + 1} / 1"] = first_charge(particle, "broken")
            columns["broken, law of the cell / 1"] = self.given.broken(self.law, P, x)
            found[f"broken at {P / 1e6:.0f} MPa"] = columns
        return found

    def plot(self) -> "Figure":
        """Draw every seed beside the law."""
        from lithomech.plot.particle import ensemble  # noqa: PLC0415  the upward reference

        return ensemble(self)


def ensemble(
    particle: Particle,
    seeds: int,
    progress: Progress | None = None,
    kept: Path | None = None,
) -> CrackEnsemble:
    """Cycle particles of several seeds once and fit the cell's law of cracking to them.

    Each is cycled as declared and under more pressure.

    Args:
        particle: what is declared; its seed is the first.
        seeds: how many.
        progress: called with the fraction completed and a status message.
        kept: folder of files from which it is gone on, see ``crack_particle``.

    Raises:
        InputError: a single crystal has no boundaries, or the particle lies in a liquid; and
            see ``body_of``.
    """
    around = _checked(particle, seeds)
    report = progress or (lambda _fraction, _text: None)
    pressures = around.pressure, around.pressure + PRESSED
    jobs = [(P, seed) for P in pressures for seed in range(seeds)]
    every = []
    for done, (P, seed) in enumerate(jobs):
        one = particle.replace(
            seed=particle.seed + seed,
            surroundings=dataclasses.replace(around, pressure=P),
            cycles=1,
        )

        def part(fraction: float, text: str, done: int = done) -> None:
            report((done + fraction) / len(jobs), f"particle {done + 1} of {len(jobs)}: {text}")

        every.append(crack_particle(one, part, kept and kept / f"particle_{done + 1}.npz"))
    return _fitted(
        particle, materials_of(particle).active, every[:seeds], every[seeds:], pressures
    )


def _checked(particle: Particle, seeds: int) -> Surroundings:
    """What is around the particle.

    Raises:
        InputError: see ``ensemble``.
    """
    if particle.grains.one or not particle.grains.cracking:
        raise InputError(
            "nothing cracks; several seeds are for random or textured grains that crack",
            key="grains",
        )
    if particle.electrolyte is None:
        raise InputError(
            "the cell's law is that of particles in a solid electrolyte",
            key="surroundings",
        )
    if seeds < 2:
        raise InputError(f"{seeds} seeds; allowed: 2 or more, which have a spread")
    return particle.electrolyte


def _fitted(
    particle: Particle,
    active: Material,
    particles: Sequence[CrackedParticle],
    pressed: Sequence[CrackedParticle],
    pressures: tuple[float, float],
) -> CrackEnsemble:
    given = drive(active, particles[0])
    pairs = zip(particles, pressed, strict=True)
    laws = [fit_law(given, pair, pressures) for pair in pairs]
    law = Law(*(float(mean) for mean in np.mean(laws, axis=0)))
    charged = float(given.broken(law, pressures[0], given.lithium)[-1]) / law.reach
    openings = [opening(active, p, charged) for p in particles]
    constants = _spreads(LAW, laws) | _spreads(OPENING, openings)
    before = TEXTURED if particle.grains.textured else ""
    failed = [p for p in (*particles, *pressed) if p.status != COMPLETED]
    return CrackEnsemble(
        failed[0].status if failed else COMPLETED,
        failed[0].reason if failed else f"{len(particles)} particles",
        tuple(sorted({warning for p in (*particles, *pressed) for warning in p.warnings})),
        name=particle.name,
        particles=tuple(particles),
        pressed=tuple(pressed),
        constants={before + name: spread for name, spread in constants.items()},
        given=given,
        law=law,
        pressures=pressures,
    )


def _spreads(
    names: Sequence[str], rows: Sequence[Sequence[float]]
) -> dict[str, tuple[float, float]]:
    columns = zip(*rows, strict=True)
    return {name: _spread(values) for name, values in zip(names, columns, strict=True)}


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    return float(np.mean(values)), float(np.std(values, ddof=1))
