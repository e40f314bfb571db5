"""Charge and discharge of a particle whose grain boundaries crack.

Lithium leaves uniformly, in increments. At each, equilibrium and the opening of boundaries take
turns until no boundary changes any more. Damage stays; openings shut but for a residual share
that each cycle adds to.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast, final

import numpy as np
from numpy.typing import NDArray

from lithomech.files.arguments import checked_progress, folder_of
from lithomech.files.kept import digest, read, write
from lithomech.files.origin import Source
from lithomech.materials.load import canonical
from lithomech.observe.analysis import COMPLETED
from lithomech.particle.body import body_of
from lithomech.particle.boundaries import Boundaries
from lithomech.particle.grains import Polycrystal, lagging
from lithomech.particle.march import TURNS, March
from lithomech.particle.result import CrackedParticle, Diffusion, Increment, Moment
from lithomech.particle.spec import Particle, load_particle, to_input
from lithomech.particle.substances import BOND, LAYERED, Materials
from lithomech.particle.transport import discharge_times, isolated, uptake
from lithomech.version import __version__

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

LOOKS: Final = 6  # at lithium on the first charge
SEEN: Final = 2.0  # times that voxels resolve, in units of their edge's square over D_a


def _particle(value: object) -> Particle:
    return value if isinstance(value, Particle) else load_particle(cast("Source", value))


def crack_particle(
    particle: Particle | Source,
    progress: Progress | None = None,
    kept: Path | str | None = None,
) -> CrackedParticle:
    """Cycle a particle.

    Args:
        particle: what is declared; or its file, the name of a packaged example, or a dict.
        progress: called with the fraction completed and a status message.
        kept: file that holds how far it is after every cycle; if it is there already, and of
            the same particle, it is gone on from.

    Raises:
        InputError: see ``body_of``.

    Examples:
        >>> import lithomech as lm
        >>> lm.crack_particle("nowhere")
        Traceback (most recent call last):
        lithomech.errors.InputError: nowhere: ...
    """
    begun = time.perf_counter()
    particle = _particle(particle)
    kept = folder_of(kept, "kept")
    report = checked_progress(progress)
    report(0.0, "grains")
    body, found = body_of(particle)
    electrolyte = particle.electrolyte
    lag = particle.lag * lagging(body.grains)
    march = March(body, found, electrolyte.pressure if electrolyte else 0.0, lag)
    lithium = _Lithium(body.grains, body.between, found, wet=electrolyte is None)
    _cycled(particle, march, lithium, report, kept)
    report(1.0, "done")
    count, cycles = body.grains.count, particle.cycles
    diffusion = _columns(Diffusion._fields, lithium.rows)
    return CrackedParticle(
        "not converged" if march.unmet else COMPLETED,
        f"{march.unmet} equilibria were not found"
        if march.unmet
        else f"{count} {_plural(count, 'grain')}, {cycles} {_plural(cycles, 'cycle')}",
        _warnings(march, diffusion["diffusivity"]),
        name=particle.name,
        by_increment=_columns(Increment._fields, march.rows),
        diffusion=diffusion,
        discharge=lithium.discharge,
        bonded_diffusivity=lithium.bonded,
        frames=np.array(march.frames),
        moments=tuple(march.moments),
        labels=body.grains.labels,
        axes=body.grains.axes,
        grains=count,
        voxel=body.grains.voxel,
        between=body.between,
        stress=body.block.stress,
        iterations=march.iterations,
        wall_time_s=time.perf_counter() - begun,
    )


def _columns(names: Sequence[str], rows: Sequence[tuple[float, ...]]) -> dict[str, Floats]:
    """The values of each field over all rows."""
    return dict(zip(names, np.array(rows).T, strict=True))


def _cycled(
    particle: Particle,
    march: March,
    lithium: "_Lithium",
    report: Progress,
    kept: Path | None,
) -> None:
    """March through all cycles, or those that are left."""
    last, mark = particle.cycles - 1, _mark(particle, march)
    found = kept and read(kept, mark)
    if found is not None:
        march.unpack(found)
        lithium.unpack(found)
    else:
        march.step(march.found.as_made)
        march.keep(0.0, march.found.as_made)
        lithium.look(march.rows[-1], march.remember("as made"))
    while march.done <= last:
        _cycle(particle, march, lithium, report)
        march.done += 1 + march.jump(min(last - march.done - 1, march.done))
        if kept is not None:
            write(kept, mark, march.pack() | lithium.pack())


def _mark(particle: Particle, march: March) -> str:
    """What a kept march depends on, the names of its arrays included."""
    used = [m for m in (march.found.active, march.found.around) if m]
    materials = [canonical(m, m.properties) for m in used]  # more than a cell calculates with
    grains = march.body.grains.labels.tobytes().hex()
    return digest([__version__, list(march.body.pack()), to_input(particle), materials, grains])


def _cycle(particle: Particle, march: March, lithium: "_Lithium", report: Progress) -> None:
    """Charge and discharge; look at lithium at the ends of the first and last, and before."""
    done, first, last = march.done, march.done == 0, march.done == particle.cycles - 1
    for half, end in enumerate((march.found.charged, march.found.discharged)):
        path = np.linspace(march.rows[-1].lithium, end, particle.increments + 1)[1:]
        looks = range(0, len(path) - 1, -(-len(path) // LOOKS)) if first and not half else ()
        for i, x in enumerate(path):
            share = 0.5 * (half + i / len(path))
            report((done + share) / particle.cycles, f"cycle {done + 1}, {x:.2f} Li")
            march.step(float(x))
            march.keep(2 * done + half + (i + 1.0) / len(path), float(x))
            if i in looks:
                lithium.look(march.rows[-1], march.moment(""))
        if half == 0:
            march.stay()
        if first or last:
            name = ("charged", "discharged")[half] + ("" if first else f", cycle {done + 1}")
            lithium.look(march.rows[-1], march.remember(name))


@final
class _Lithium:
    """What lithium meets in the particle, whenever one looks."""

    def __init__(
        self, grains: Polycrystal, b: Boundaries, found: Materials, *, wet: bool
    ) -> None:
        """Fill whole grains that conduct alike in every direction, to compare with."""
        self.grains, self.between, self.wet = grains, b, wet
        active = found.active
        self.ratio = float(active.value("diffusivity_ratio"))
        self.diffusivity = float(active.value("diffusivity"))
        self.reference = uptake(grains, b, None, 1.0, wet=False).half_time
        self.rows: list[Diffusion] = []
        self.discharge = (np.zeros(0), np.zeros(0))
        self.bonded = np.nan

    def look(self, row: Increment, moment: Moment) -> None:
        """Fill the particle as it is now."""
        answer = uptake(self.grains, self.between, moment, self.ratio, wet=self.wet)
        found = self.reference / answer.half_time
        lost = isolated(self.between, moment, len(self.grains.axes))
        self.rows.append(Diffusion(row.half_cycles, row.lithium, row.potential, found, lost))
        if moment.half_cycles == 1.0:
            inside = uptake(
                self.grains, self.between, moment, self.ratio, wet=self.wet, bonded=True
            )
            self.bonded = self.reference / inside.half_time
            # the library's diffusivity is what is apparent as made
            along = self.diffusivity / self.rows[0].diffusivity
            second = self.grains.voxel**2 / along
            currents, times = discharge_times(answer)
            seen = times > SEEN
            self.discharge = currents[seen] / second, times[seen] * second

    def pack(self) -> dict[str, NDArray[Any]]:
        """All that was seen, as arrays."""
        return {
            "diffusion": np.array(self.rows),
            "discharge": np.array(self.discharge),
            "bonded": np.array(self.bonded),
        }

    def unpack(self, found: dict[str, NDArray[Any]]) -> None:
        """Go on from what was packed."""
        self.rows = [Diffusion(*row) for row in found["diffusion"].tolist()]
        self.discharge = (found["discharge"][0], found["discharge"][1])
        self.bonded = float(found["bonded"])


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _warnings(march: March, diffusivity: Floats) -> tuple[str, ...]:
    active = march.found.active
    warnings = []
    if not active.has(LAYERED[0]):
        warnings.append(f"{active.name}: the stiffness is taken as the same in every direction")
    around = march.found.around
    if around is not None and not around.has(BOND[0]):
        warnings.append(f"{around.name} has no {BOND[0]}: it stays bonded to the particle")
    if around is not None:
        warnings.append("the electrolyte does not yield")
    if np.isnan(diffusivity).any():
        warnings.append(
            "the march of lithium did not converge everywhere: no apparent diffusivity"
        )
    if march.unsettled:
        warnings.append(
            f"boundaries still opened after {TURNS} turns in {march.unsettled} of "
            f"{len(march.rows)} increments: smaller ones settle"
        )
    return tuple(warnings)
