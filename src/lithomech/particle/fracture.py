"""Charge and discharge of a particle whose grain boundaries crack.

Lithium leaves uniformly, in increments. At each, equilibrium and the opening of boundaries take
turns until no boundary changes any more. Damage stays; openings shut but for a residual share
that each cycle adds to.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.numerics.fft_elasticity import Equilibrium, Load, strain_of
from lithomech.observe.analysis import COMPLETED
from lithomech.particle.body import LAYERED, Body, Materials, body_of
from lithomech.particle.boundaries import Boundaries
from lithomech.particle.equations import von_mises
from lithomech.particle.grains import Polycrystal
from lithomech.particle.result import COLUMNS, DIFFUSION, CrackedParticle, Moment
from lithomech.particle.section import cut
from lithomech.particle.spec import Particle
from lithomech.particle.transport import discharge_times, isolated, uptake

Floats = NDArray[np.float64]
Progress = Callable[[float, str], None]

TOLERANCE: Final = 3e-3  # residual; the energy is met to its square
MOST: Final = 600  # iterations
TURNS: Final = 12  # of equilibrium and opening, in one increment
SETTLED: Final = 2e-3  # share of planes that may still change
DRIFT: Final = 0.15  # of the growth per cycle, over the cycles that are skipped
LOOKS: Final = 6  # at lithium on the first charge
SEEN: Final = 2.0  # times that voxels resolve, in units of their edge's square over D_a
PERCENTILES: Final = (50.0, 90.0)


@final
@dataclass
class _March:
    """Where the particle is on its way."""

    body: Body
    found: Materials
    pressure: float
    last: Equilibrium | None = None
    iterations: int = 0
    unsettled: int = 0
    unmet: int = 0
    skipped: int = 1  # cycles between the last two that were computed
    lattice: Floats = field(default_factory=lambda: np.zeros(2))  # along a, and mismatch
    stored: float = 0.0  # elastic energy [J/m3]
    work: float = 0.0  # of lattice and pressure, since as made [J/m3]
    grown: list[Floats] = field(default_factory=list)  # residual openings, last two cycles
    rows: list[tuple[float, ...]] = field(default_factory=list)
    frames: list[NDArray[np.float32]] = field(default_factory=list)

    def step(self, x: float) -> None:
        """Go to a lithium content."""
        lattice = np.concatenate(self.found.strains(np.array([x])))
        before, stretched = self.body.lattice_stress, self.last and self.last.strain
        self.body.strain_lattice(*map(float, lattice))
        self._settle()
        if stretched is not None and self.last is not None:
            both = 0.5 * (before + self.body.lattice_stress)
            blocks = self.body.own[0].size / self.body.volume
            self.work -= float(both @ (lattice - self.lattice))
            self.work -= (
                blocks * self.pressure * float((self.last.strain - stretched)[:3].sum())
            )
        self.lattice = lattice

    def _settle(self) -> None:
        """Equilibrium and opening in turns."""
        body, strain = self.body, np.zeros_like(self.body.own)
        hold = np.array([-self.pressure] * 3 + [0.0] * 3)
        planes = max(1, int((body.between.per_width > 0.0).sum()))
        for _ in range(TURNS):
            load = Load(own=body.own, mean_stress=hold)
            self.last = body.block.solve(load, TOLERANCE, MOST, self.last)
            self.iterations += self.last.iterations
            self.unmet += not self.last.converged
            strain_of(self.last.displacement, self.last.strain, strain)
            self.stored = body.stored(strain)
            if body.open(strain) <= SETTLED * planes:
                return
        self.unsettled += 1

    def stay(self) -> None:
        """Leave a share of what is open for ever: of the first opening, then of every later."""
        body, active = self.body, self.found.active
        residual, wedging = (
            float(active.value(name)) if active.has(name) else 0.0
            for name in ("boundary_residual", "boundary_wedging")
        )
        open_, kept = body.normal_openings, body.state[:, 1]
        share = np.where(kept > 0.0, wedging, residual) * body.broken
        grown = share * np.maximum(open_ - kept, 0.0)
        self.grown.append(np.where(kept > 0.0, grown, 0.0))
        del self.grown[:-2]
        body.state[:, 1] = kept + grown

    def jump(self, most: int) -> int:
        """Skip cycles in which residual openings grow as in the last one; return how many.

        So many that the growth per cycle, which changed since the last computed cycle as it
        did, changes by ``DRIFT`` at most.

        Args:
            most: cycles that may be skipped; no more than were done, so that a growth that
                stands still for a moment does not decide on a life.
        """
        if len(self.grown) < 2 or most < 1:
            return 0
        before, now = (float((g * self.body.between.per_width).sum()) for g in self.grown)
        change = abs(now - before) / max(now, 1e-300)
        skipped = min(most, int(DRIFT * max(1, self.skipped) / max(change, 1e-6)))
        self.skipped = skipped + 1
        self.body.state[:, 1] += skipped * self.grown[-1]
        return skipped

    def keep(self, half_cycles: float, x: float) -> None:
        """Write down where it is: the columns of the result, and the cracks in a section."""
        body = self.body
        shape = body.grains.labels.shape
        width = cut(shape, body.between, body.normal_openings)
        self.frames.append(width.astype(np.float32))
        self.rows.append((half_cycles, *self._row(x)))

    def _row(self, x: float) -> tuple[float, ...]:
        body, b = self.body, self.body.between
        planes = b.per_width > 0.0
        outside = b.outer & (self.found.around is not None)
        grain = (b.parted & ~outside)[:, None] & planes
        outer = outside[:, None] & planes
        volume = body.normal_openings * b.per_width / body.volume
        weight, broken = b.per_width, body.broken
        stress = body.block.stress.reshape(6, -1)
        inside = body.grains.labels.ravel() > 0
        normal = _normal_traction(stress[:, b.voxel], b.normal)[grain]
        tension = np.percentile(normal, PERCENTILES) if normal.size else np.zeros(2)
        along_a, mismatch = (float(s[0]) for s in self.found.strains(np.array([x])))
        potential = self.found.active.curve("open_circuit_potential")
        return (
            x,
            float(potential(np.clip(x, potential.low, potential.high))),
            along_a,
            along_a + mismatch,
            float(volume[grain].sum()),
            float(volume[outer].sum()),
            _mean(broken[grain], weight[grain]),
            _mean(broken[outer], weight[outer]),
            *map(float, tension),
            float(von_mises(stress)[inside].mean()),
            float(-stress[:3, inside].mean()),
            self.work,
            self.stored,
            body.spent,
        )


def crack(particle: Particle, progress: Progress | None = None) -> CrackedParticle:
    """Cycle a particle.

    Args:
        particle: what is declared.
        progress: is told the share that is done and a text.

    Raises:
        InputError: see ``body_of``.
    """
    begun = time.perf_counter()
    told = progress or (lambda _fraction, _text: None)
    told(0.0, "grains")
    body, found = body_of(particle)
    electrolyte = particle.electrolyte
    march = _March(body, found, electrolyte.pressure if electrolyte else 0.0)
    lithium = _Lithium(body.grains, body.between, found, wet=electrolyte is None)
    moments = _cycled(particle, march, lithium, told)
    told(1.0, "done")
    count, cycles = len(body.grains.axes), particle.cycles
    diffusion: dict[str, Floats] = dict(zip(DIFFUSION, np.array(lithium.rows).T, strict=True))
    return CrackedParticle(
        "not converged" if march.unmet else COMPLETED,
        f"{march.unmet} equilibria were not found"
        if march.unmet
        else f"{count} {_plural(count, 'grain')}, {cycles} {_plural(cycles, 'cycle')}",
        _warnings(march, diffusion["diffusivity"]),
        name=particle.name,
        by_increment=dict(zip(COLUMNS, np.array(march.rows).T, strict=True)),
        diffusion=diffusion,
        discharge=lithium.discharge,
        frames=np.array(march.frames),
        moments=tuple(moments),
        labels=body.grains.labels,
        axes=body.grains.axes,
        voxel=body.grains.voxel,
        between=body.between,
        stress=body.block.stress,
        iterations=march.iterations,
        wall_time_s=time.perf_counter() - begun,
    )


def _cycled(
    particle: Particle, march: "_March", lithium: "_Lithium", told: Progress
) -> list[Moment]:
    """March through all cycles; the moments worth keeping."""
    found = march.found
    march.step(found.as_made)
    march.keep(0.0, found.as_made)
    moments = [_moment("as made", 0.0, march.body)]
    lithium.look(march.rows[-1], moments[-1])
    done, last = 0, particle.cycles - 1
    while done <= last:
        for half, end in enumerate((found.charged, found.discharged)):
            path = np.linspace(march.rows[-1][1], end, particle.increments + 1)[1:]
            looks = set(range(0, len(path) - 1, -(-len(path) // LOOKS))) if not done else set()
            for i, x in enumerate(path):
                share = 0.5 * (half + i / len(path))
                told((done + share) / particle.cycles, f"cycle {done + 1}, {x:.2f} Li")
                march.step(float(x))
                march.keep(2 * done + half + (i + 1.0) / len(path), float(x))
                if half == 0 and i in looks:
                    lithium.look(march.rows[-1], _moment("", march.rows[-1][0], march.body))
            if half == 0:
                march.stay()
            if done in (0, last):
                name = ("charged", "discharged")[half] + (f", cycle {done + 1}" if done else "")
                moments.append(_moment(name, 2 * done + half + 1.0, march.body))
                lithium.look(march.rows[-1], moments[-1])
        done += 1 + march.jump(min(last - done - 1, done))
    return moments


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
        self.rows: list[tuple[float, ...]] = []
        self.discharge = (np.zeros(0), np.zeros(0))

    def look(self, row: tuple[float, ...], moment: Moment) -> None:
        """Fill the particle as it is now."""
        answer = uptake(self.grains, self.between, moment, self.ratio, wet=self.wet)
        found = self.reference / answer.half_time
        lost = isolated(self.between, moment, len(self.grains.axes))
        self.rows.append((*row[:3], found, lost))
        if moment.half_cycles == 1.0:
            # the library's diffusivity is what is apparent as made
            along = self.diffusivity / self.rows[0][3]
            second = self.grains.voxel**2 / along
            currents, times = discharge_times(answer)
            seen = times > SEEN
            self.discharge = currents[seen] / second, times[seen] * second


def _moment(name: str, half_cycles: float, body: Body) -> Moment:
    stress = von_mises(body.block.stress).astype(np.float32)
    return Moment(
        name,
        half_cycles,
        body.normal_openings.astype(np.float32),
        body.broken.astype(np.float32),
        stress[stress.shape[0] // 2],
    )


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _mean(values: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    return float(values @ weight) / total if total > 0.0 else 0.0


def _normal_traction(stress: Floats, normal: Floats) -> Floats:
    """Normal stress on every plane, (m, 3), of stresses (6, m)."""
    n = np.moveaxis(normal, -1, 0)
    s = stress[:, :, None]
    straight = s[0] * n[0] ** 2 + s[1] * n[1] ** 2 + s[2] * n[2] ** 2
    return straight + 2.0 * (s[3] * n[1] * n[2] + s[4] * n[0] * n[2] + s[5] * n[0] * n[1])


def _warnings(march: _March, diffusivity: Floats) -> tuple[str, ...]:
    active = march.found.active
    said = []
    if not active.has(LAYERED[0]):
        said.append(f"{active.name}: the stiffness is taken as the same in every direction")
    around = march.found.around
    if around is not None and not around.has("adhesion_strength"):
        said.append(f"{around.name} has no adhesion_strength: it stays bonded to the particle")
    if around is not None:
        said.append("the electrolyte does not yield")
    if np.isnan(diffusivity).any():
        said.append("the march of lithium did not converge everywhere: no apparent diffusivity")
    if march.unsettled:
        said.append(
            f"boundaries still opened after {TURNS} turns in {march.unsettled} of "
            f"{len(march.rows)} increments: smaller ones settle"
        )
    return tuple(said)
