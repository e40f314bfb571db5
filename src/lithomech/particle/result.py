"""The cycle of a particle whose boundaries crack."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.analysis import AbstractAnalysis, Quantity
from lithomech.particle.boundaries import Boundaries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]


class Increment(NamedTuple):
    """The particle after an increment: the columns of the result.

    Attributes:
        half_cycles: done.
        lithium: per formula unit.
        potential: [V].
        strain_a: of the lattice along a; ``strain_c`` along c.
        crack_fraction: volume of cracks over that of the particle.
        gap_fraction: volume of the gap around the particle over that of the particle.
        broken: broken share of the boundaries between grains.
        detached: broken share of the outside.
        broken_through: broken share of the seams between pieces of grains.
        tension_50: median normal stress on boundaries [Pa]; 90 of 100 are below
            ``tension_90``.
        von_mises_mean: mean equivalent stress in the particle [Pa].
        pressure_mean: mean pressure in the particle [Pa].
        work: of lattice and pressure since as made [J/m3 of the particle].
        stored: elastic energy [J/m3 of the particle].
        spent: energy that boundaries have taken for good [J/m3 of the particle].
    """

    half_cycles: float
    lithium: float
    potential: float
    strain_a: float
    strain_c: float
    crack_fraction: float
    gap_fraction: float
    broken: float
    detached: float
    broken_through: float
    tension_50: float
    tension_90: float
    von_mises_mean: float
    pressure_mean: float
    work: float
    stored: float
    spent: float


UNITS: Final = {
    "potential": "V",
    "tension_50": "Pa",
    "tension_90": "Pa",
    "von_mises_mean": "Pa",
    "pressure_mean": "Pa",
    "work": "J/m3",
    "stored": "J/m3",
    "spent": "J/m3",
}


class Diffusion(NamedTuple):
    """How lithium moves in the particle at one moment.

    Attributes:
        half_cycles: done.
        lithium: per formula unit.
        potential: [V].
        diffusivity: apparent one over that along the layers.
        isolated: share of grains that lithium does not reach.
    """

    half_cycles: float
    lithium: float
    potential: float
    diffusivity: float
    isolated: float


class Moment(NamedTuple):
    """The particle at one moment.

    Attributes:
        name: of it.
        half_cycles: that were done.
        cut_out: volume of cracks over that of the particle, once nothing presses any more: as
            in a section out of the cell.
        openings: across every plane [m], (m, 3).
        broken: share of the energy of every plane that is spent, (m, 3).
        stress: equivalent stress in the middle section [Pa].
    """

    name: str
    half_cycles: float
    cut_out: float
    openings: NDArray[np.float32]
    broken: NDArray[np.float32]
    stress: NDArray[np.float32]


@final
@dataclass(frozen=True)
class CrackedParticle(AbstractAnalysis):
    """What a particle went through.

    Attributes:
        name: of the particle.
        by_increment: fields of ``Increment``, each of shape (k,).
        diffusion: fields of ``Diffusion``, on the first charge and at the moments.
        discharge: constant currents [1/s], in what fills the particle, and how long they last
            until the surface is full [s], charged as first.
        bonded_diffusivity: apparent diffusivity over D_a, charged as first, if lithium entered
            all around: what boundaries leave of it, without the wall that has parted.
        frames: width of cracks in the middle section after every increment [m].
        moments: as made, charged, discharged, and the last charge and discharge.
        labels: owner of each node, 0 outside, -1 in voids.
        axes: c axis of each owner.
        grains: how many.
        voxel: edge of a voxel [m].
        between: the boundaries.
        stress: of the voxels at the end [Pa], (6, n_0, n_1, n_2).
        iterations: of all equilibria.
        wall_time_s: of everything.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    name: str
    by_increment: dict[str, Floats]
    diffusion: dict[str, Floats]
    discharge: tuple[Floats, Floats]
    bonded_diffusivity: float
    frames: NDArray[np.float32] = field(repr=False)
    moments: tuple[Moment, ...] = field(repr=False)
    labels: NDArray[np.int32] = field(repr=False)
    axes: Floats = field(repr=False)
    grains: int
    voxel: float
    between: Boundaries = field(repr=False)
    stress: Floats = field(repr=False)
    iterations: int
    wall_time_s: float

    def at(self, name: str, half_cycles: float) -> float:
        """A column after a number of half cycles: 1 charged, 2 discharged, and so on."""
        done = self.by_increment["half_cycles"]
        return float(self.by_increment[name][int(np.argmin(np.abs(done - half_cycles)))])

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Cracks after charge, discharge, and at the end."""
        last = float(self.by_increment["half_cycles"][-1])
        quantities = [Quantity("Grains", float(self.grains), "")]
        empty = float((self.labels < 0).sum() / np.count_nonzero(self.labels))
        if empty > 0.0:
            quantities.append(Quantity("Voids as made", 100.0 * empty, "%"))
        moments = [("charged", 1.0), ("discharged", 2.0)]
        moments += [(f"discharged, cycle {last / 2:.0f}", last)] if last > 2.0 else []
        for name, meaning in (
            ("crack_fraction", "Crack area in the particle"),
            ("gap_fraction", "Gap around the particle"),
            ("broken", "Broken boundaries"),
            *((("broken_through", "Broken seams in grains"),) * self.in_pieces),
        ):
            quantities += [
                Quantity(f"{meaning}, {when}", 100.0 * self.at(name, done), "%")
                for when, done in moments
            ]
        high = float(self.by_increment["tension_90"].max()) / 1e6
        quantities.append(
            Quantity("Tension on boundaries, highest", high, "MPa", note="90 of 100")
        )
        diffusivity = self.diffusion["diffusivity"]
        for row, when in [(0, "as made"), (self._charged, "charged")]:
            name = f"Apparent diffusivity, {when}"
            quantities.append(Quantity(name, float(diffusivity[row]), "", note="over D_a"))
        lost = 100.0 * float(self.diffusion["isolated"][-1])
        return (*quantities, Quantity("Isolated grains at the end", lost, "%"))

    @property
    def in_pieces(self) -> bool:
        """Whether grains may crack themselves."""
        return len(self.axes) > self.grains

    @property
    def _charged(self) -> int:
        return int(np.flatnonzero(self.diffusion["half_cycles"] == 1.0)[0])

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per increment."""
        currents, times = self.discharge
        return {
            "increments": _named(self.by_increment),
            "diffusion": _named(self.diffusion),
            "discharge": {"current / 1/s": currents, "time / s": times},
        }

    def plot(self) -> "Figure":
        """Draw sections and the cycle."""
        from lithomech.plot.particle import overview  # noqa: PLC0415  the upward reference

        return overview(self)


def _named(columns: dict[str, Floats]) -> dict[str, Floats]:
    return {
        f"{name.replace('_', ' ')} / {UNITS.get(name, '1')}": values
        for name, values in columns.items()
    }
