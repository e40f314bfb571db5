"""The stress in a particle: numbers by lithium content, and fields at the last of them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.observe.analysis import AbstractAnalysis, Quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

# On boundaries between grains: median, 90 and 99 in 100 of the tension, 90 of the shear. In
# the grains: mean equivalent stress and mean pressure.
QUANTITIES: Final = (
    "tension_50",
    "tension_90",
    "tension_99",
    "shear_90",
    "von_mises_mean",
    "pressure_mean",
)


@final
@dataclass(frozen=True)
class ParticleStress(AbstractAnalysis):
    """Stress in a polycrystal of whole grains.

    Attributes:
        name: of the particle.
        stoichiometry: lithium per formula unit, shape (k,).
        strain_a: along a since the first of them, shape (k,).
        strain_c: along c.
        by_content: the quantities of `QUANTITIES` [Pa], each of shape (k,).
        labels: grains of the voxels, 0 outside.
        axes: c axis of each grain.
        voxel: edge of a voxel [m].
        stress: of the voxels at the last lithium content [Pa], (6, n, n, n).
        iterations: of all equilibria.
        wall_time_s: of everything.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    name: str
    stoichiometry: Floats
    strain_a: Floats
    strain_c: Floats
    by_content: dict[str, Floats]
    labels: NDArray[np.uint16] = field(repr=False)
    axes: Floats = field(repr=False)
    voxel: float
    stress: Floats = field(repr=False)
    iterations: int
    wall_time_s: float

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """At the last lithium content."""
        at = f"at {self.stoichiometry[-1]:g} Li"
        meanings = {
            "tension_50": "Tension on boundaries, median",
            "tension_90": "Tension on boundaries, 90 of 100 below",
            "tension_99": "Tension on boundaries, 99 of 100 below",
            "shear_90": "Shear on boundaries, 90 of 100 below",
            "von_mises_mean": "Equivalent stress in grains, mean",
            "pressure_mean": "Pressure in grains, mean",
        }
        return (
            Quantity("Grains", float(len(self.axes)), ""),
            Quantity("Strain along a", 100.0 * float(self.strain_a[-1]), "%", note=at),
            Quantity("Strain along c", 100.0 * float(self.strain_c[-1]), "%", note=at),
            *(
                Quantity(meanings[name], float(self.by_content[name][-1]) / 1e6, "MPa", note=at)
                for name in QUANTITIES
            ),
        )

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per lithium content."""
        return {
            "lithium contents": {
                "lithium / 1": self.stoichiometry,
                "strain along a / 1": self.strain_a,
                "strain along c / 1": self.strain_c,
            }
            | {f"{name.replace('_', ' ')} / Pa": self.by_content[name] for name in QUANTITIES}
        }

    def plot(self) -> "Figure":
        """Draw the section, its stress, and the tension over the lithium content."""
        from lithomech.plot.particle import overview  # noqa: PLC0415  the upward reference

        return overview(self)
