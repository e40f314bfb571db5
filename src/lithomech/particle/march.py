"""A particle on its way through charge and discharge: equilibrium and opening in turns."""

from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.numerics.fft_elasticity import Equilibrium, Load, strain_of
from lithomech.particle.body import Body
from lithomech.particle.equations import von_mises
from lithomech.particle.result import Increment, Moment
from lithomech.particle.section import cut
from lithomech.particle.substances import Materials

Floats = NDArray[np.float64]

TOLERANCE: Final = 3e-3  # residual; the energy is met to its square
MOST: Final = 600  # iterations
TURNS: Final = 12  # of equilibrium and opening, in one increment
SETTLED: Final = 2e-3  # share of planes that may still change
DRIFT: Final = 0.15  # of the growth per cycle, over the cycles that are skipped
BEGUN: Final = 0.1  # lithium over which grains begin to differ
PERCENTILES: Final = (50.0, 90.0)
PLAIN: Final = (
    "stored", "work", "iterations", "unsettled", "unmet", "skipped", "grown",
    "rows", "frames", "done",
)  # fmt: skip


@final
@dataclass
class March:
    """Where the particle is on its way."""

    body: Body
    found: Materials
    pressure: float
    lag: Floats | float = 0.0  # lithium of each grain less the mean on charge, at a rate
    last: Equilibrium | None = None
    iterations: int = 0
    unsettled: int = 0
    unmet: int = 0
    skipped: int = 1  # cycles between the last two that were computed
    stored: float = 0.0  # elastic energy [J/m3]
    work: float = 0.0  # of lattice, its stiffness and pressure, since as made [J/m3]
    grown: list[Floats] = field(default_factory=list)  # residual openings, last two cycles
    rows: list[Increment] = field(default_factory=list)
    frames: list[NDArray[np.float32]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    done: int = 0  # cycles

    def step(self, x: float) -> None:
        """Go to a lithium content."""
        body, before = self.body, self.last
        each = self.of_grains(x)
        stress, old = body.block.stress.copy(), None
        if before is not None and self.found.softens:
            old = self._stiffen(self.found.crystals(each, body.grains.axes))
        new = body.strain_lattice(*self.found.strains(each))
        self._settle()
        if before is None or self.last is None:
            return
        if old is not None:
            crystals = self._stiffen(old, -1.0)
            body.stiffen(crystals, self._strain())
            body.energy(self.last, self._strain())
        stress += body.block.stress
        self.work -= 0.5 * float(stress.ravel() @ new.ravel()) / body.volume
        blocks = body.own[0].size / body.volume
        stretched = float((self.last.strain - before.strain)[:3].sum())
        self.work -= blocks * self.pressure * stretched

    def _strain(self) -> Floats:
        """Strain of the voxels in the last equilibrium."""
        assert self.last is not None
        strain = np.zeros_like(self.body.own)
        strain_of(self.last.displacement, self.last.strain, strain)
        return strain

    def _stiffen(self, crystals: Floats, sign: float = 1.0) -> Floats:
        """Give crystals a stiffness; half of the energy it takes is work, by the trapezoid.

        Returns:
            The stiffness before.
        """
        assert self.last is not None
        body, strain = self.body, self._strain()
        energy = body.energy(self.last, strain)
        before = body.stiffen(crystals, strain)
        self.work += 0.5 * sign * (body.energy(self.last, strain) - energy)
        return before

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

    def of_grains(self, x: float) -> Floats:
        """Lithium of every grain on the way to a mean; what lags is behind on either way."""
        made = self.found.as_made
        charging = 1.0 if not self.rows or x < self.rows[-1].lithium else -1.0
        grown = min((made - x) / BEGUN, 1.0)
        return np.clip(x + charging * grown * self.lag, 0.0, made)

    def stay(self) -> None:
        """Leave a share of what is open for ever: of the first opening, then of every later."""
        body, active = self.body, self.found.active
        residual, wedging = (
            float(active.value(name)) if active.has(name) else 0.0
            for name in ("boundary_residual", "boundary_wedging")
        )
        open_, kept = body.normal_openings, body.state.residual
        share = np.where(kept > 0.0, wedging, residual) * body.broken
        grown = share * np.maximum(open_ - kept, 0.0)
        self.grown.append(np.where(kept > 0.0, grown, 0.0))
        del self.grown[:-2]
        body.state.residual[:] = kept + grown

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
        self.body.state.residual[:] += skipped * self.grown[-1]
        return skipped

    def keep(self, half_cycles: float, x: float) -> None:
        """Write down where it is: the columns of the result, and the cracks in a section."""
        body = self.body
        shape = body.grains.labels.shape
        width = cut(shape, body.between, body.normal_openings)
        self.frames.append(width.astype(np.float32))
        self.rows.append(self._increment(half_cycles, x))

    def moment(self, name: str, cut_out: float = np.nan) -> Moment:
        """What it is like now; what is open once cut out where it was looked at."""
        body = self.body
        stress = von_mises(body.block.stress).astype(np.float32)
        return Moment(
            name,
            self.rows[-1].half_cycles,
            cut_out,
            body.normal_openings.astype(np.float32),
            body.broken.astype(np.float32),
            stress[stress.shape[0] // 2],
        )

    def _cut_out(self) -> float:
        """Crack fraction in a section out of the cell: nothing presses any more."""
        if self.pressure == 0.0:
            return float(self._cracks().sum())
        before = self.last, self.stored, self.pressure
        kept = {name: values.copy() for name, values in self.body.pack().items()}
        self.pressure = 0.0
        self._settle()
        found = float(self._cracks().sum())
        self.last, self.stored, self.pressure = before
        self.body.unpack(kept)
        return found

    def _between_grains(self) -> NDArray[np.bool_]:
        """Planes between grains and pieces, not those to the surroundings, (m, 3)."""
        b = self.body.between
        outside = b.outer & (self.found.around is not None)
        return (b.parted & ~outside)[:, None] & (b.per_width > 0.0)

    def _cracks(self) -> Floats:
        """Volume of the cracks over that of the particle, plane by plane."""
        volume = self.body.normal_openings * self.body.between.per_width
        return volume[self._between_grains()] / self.body.volume

    def remember(self, name: str) -> Moment:
        """What it is like now, for the result as well."""
        self.moments.append(self.moment(name, self._cut_out()))
        return self.moments[-1]

    def pack(self) -> dict[str, NDArray[Any]]:
        """All that it needs to go on, as arrays."""
        assert self.last is not None
        found = {name: np.array(vars(self)[name]) for name in PLAIN}
        found |= {f"body {name}": values for name, values in self.body.pack().items()}
        found |= {f"last {k}": np.array(v) for k, v in self.last._asdict().items()}
        columns = zip(Moment._fields, zip(*self.moments, strict=True), strict=True)
        return found | {f"moment {name}": np.array(values) for name, values in columns}

    def unpack(self, found: dict[str, NDArray[Any]]) -> None:
        """Go on from what was packed."""
        for name in PLAIN:
            vars(self)[name] = _plain(found[name])
        self.rows = [Increment(*row) for row in found["rows"].tolist()]
        self.frames, self.grown = list(found["frames"]), list(found["grown"])
        self.body.unpack({name: found[f"body {name}"] for name in self.body.pack()})
        last = {name: _plain(found[f"last {name}"]) for name in Equilibrium._fields}
        self.last = Equilibrium(**last)
        columns = [found[f"moment {name}"] for name in Moment._fields]
        columns[:3] = [column.tolist() for column in columns[:3]]
        self.moments = [Moment(*moment) for moment in zip(*columns, strict=True)]

    def _increment(self, half_cycles: float, x: float) -> Increment:
        """The columns of the result, now."""
        body, b = self.body, self.body.between
        planes = b.per_width > 0.0
        outside = b.outer & (self.found.around is not None)
        grain = self._between_grains()
        through = grain & body.within[:, None]
        between = grain & ~body.within[:, None]
        outer = outside[:, None] & planes
        volume = body.normal_openings * b.per_width / body.volume
        weight, broken = b.per_width, body.broken
        stress = body.block.stress.reshape(6, -1)
        inside = body.grains.labels.ravel() > 0
        normal = _normal_traction(stress[:, b.voxel], b.normal)[between]
        tension = np.percentile(normal, PERCENTILES) if normal.size else np.zeros(2)
        along_a, mismatch = (float(s[0]) for s in self.found.strains(np.array([x])))
        potential = self.found.active.curve("open_circuit_potential")
        return Increment(
            half_cycles=half_cycles,
            lithium=x,
            potential=float(potential(np.clip(x, potential.low, potential.high))),
            strain_a=along_a,
            strain_c=along_a + mismatch,
            crack_fraction=float(self._cracks().sum()),
            gap_fraction=float(volume[outer].sum()),
            broken=_mean(broken[between], weight[between]),
            detached=_mean(broken[outer], weight[outer]),
            broken_through=_mean(broken[through], weight[through]),
            tension_50=float(tension[0]),
            tension_90=float(tension[1]),
            von_mises_mean=float(von_mises(stress)[inside].mean()),
            pressure_mean=float(-stress[:3, inside].mean()),
            work=self.work,
            stored=self.stored,
            spent=body.spent,
        )


def _plain(values: NDArray[Any]) -> Any:  # noqa: ANN401  as they were
    return values if values.ndim else values.item()


def _mean(values: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    return float(values @ weight) / total if total > 0.0 else 0.0


def _normal_traction(stress: Floats, normal: Floats) -> Floats:
    """Normal stress on every plane, (m, 3), of stresses (6, m)."""
    n = np.moveaxis(normal, -1, 0)
    s = stress[:, :, None]
    straight = s[0] * n[0] ** 2 + s[1] * n[1] ** 2 + s[2] * n[2] ** 2
    return straight + 2.0 * (s[3] * n[1] * n[2] + s[4] * n[0] * n[2] + s[5] * n[0] * n[1])
