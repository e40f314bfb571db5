"""What conduction through an image gives."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@final
@dataclass(frozen=True)
class Conduction:
    """Effective conductivity of a labelled image along one axis.

    The tortuosity factor is the review's tau^2 = sigma_0 phi / sigma, with phi of the total
    volume; of several conducting phases, sigma_0 phi is the sum over them.

    Attributes:
        status: completed | no path | not converged.
        reason: one sentence.
        axis: z, y or x: the first, second or third axis of the image.
        tortuosity_factor: inf where nothing spans, NaN where the solver did not converge.
        relative_conductivity: sigma over that of the best conductor; 0, or NaN, likewise.
        conductivity: sigma [S/m]; None where the conductivities were given as ratios.
        error_estimate: relative, of the conductivity.
        flux_mismatch: current in less current out, over the current.
        percolating_fraction: share of the conducting voxels that is connected to both ends.
        volume_fraction: share of all voxels that conducts.
        iterations: of the solver.
        wall_time_s: of everything after reading.
        potential: from 1 to 0 along the axis, in the shape of the image; NaN where no current
            can come; None unless asked for.
        labels: the image, for pictures; None unless asked for.
    """

    status: str
    reason: str
    axis: str
    tortuosity_factor: float
    relative_conductivity: float
    conductivity: float | None
    error_estimate: float
    flux_mismatch: float
    percolating_fraction: float
    volume_fraction: float
    iterations: int
    wall_time_s: float
    potential: NDArray[np.float32] | None = field(default=None, repr=False)
    labels: NDArray[np.integer[Any]] | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech conduct --json``; what does not apply is None."""
        tau = self.tortuosity_factor
        sigma = self.conductivity
        return {
            "status": self.status,
            "reason": self.reason,
            "axis": self.axis,
            "tortuosity_factor": tau if np.isfinite(tau) else None,
            "relative_conductivity": None if np.isnan(tau) else self.relative_conductivity,
            "conductivity_S_per_cm": None if sigma is None or np.isnan(tau) else sigma / 100.0,
            "error_estimate": self.error_estimate,
            "flux_mismatch": self.flux_mismatch,
            "percolating_fraction": self.percolating_fraction,
            "volume_fraction": self.volume_fraction,
            "iterations": self.iterations,
            "wall_time_s": self.wall_time_s,
            "version": __version__,
        }

    def plot(self) -> "Figure":
        """Sections of the image with the potential; needs ``keep_field``."""
        from lithomech.plot.conduction import sections  # noqa: PLC0415 - the upward reference

        return sections(self)
