"""The electrode tortuosity factor: ions that react on their way, instead of passing through.

An electrode does not conduct ions from end to end: they come in at one side and leave into
active material everywhere. Dead ends count, and a bottleneck near the current collector hardly
does. Solved is one problem on the voxels: ions in the electrolyte from one end, a linear
reaction on the surface between, electrons in the active material to the other end.

References:
    Nguyen2020.
"""

import time
from dataclasses import asdict, dataclass
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lithomech.errors import InputError
from lithomech.laws.transport import two_rail_resistance
from lithomech.microstructure.result import Conduction
from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import AXES, Conductors
from lithomech.numerics.paint import count_faces

ELECTRONS: Final = 10.0  # conductivity of active material over that of the electrolyte
VOXEL: Final = 1e-6  # m; any, since only ratios come out
LEAST: Final = 1e-6  # ionic resistance that is looked for, over that of an open column
MOST: Final = 1e4


@final
@dataclass(frozen=True)
class ElectrodeConduction:
    """Transport in an electrode with a reaction.

    Attributes:
        status: completed | no path | not converged.
        reason: one sentence.
        axis: z, y or x, from the separator to the current collector.
        electrode_tortuosity_factor: that of a uniform electrode with the same resistance;
            NaN where there is none.
        tortuosity_factor_ionic: of the electrolyte from end to end, for comparison.
        tortuosity_factor_electronic: of the active material.
        volume_fraction_ionic: of the electrolyte.
        surface: between both phases, per volume of the electrode and per edge of a voxel along
            the axis.
        wall_time_s: of everything.
    """

    status: str
    reason: str
    axis: str
    electrode_tortuosity_factor: float
    tortuosity_factor_ionic: float
    tortuosity_factor_electronic: float
    volume_fraction_ionic: float
    surface: float
    wall_time_s: float

    def to_json(self) -> dict[str, Any]:
        """All attributes; what is not finite is None."""
        return {
            k: v if not isinstance(v, float) or np.isfinite(v) else None
            for k, v in asdict(self).items()
        }


def conduct_electrode(
    image: NDArray[Any],
    electrolyte: int,
    active: int,
    axis: str = "z",
    tolerance: float = 1e-3,
    voxel_size: float | tuple[float, ...] | None = None,
) -> ElectrodeConduction:
    """Electrode tortuosity factor of an image with insulated sides.

    The reaction is as slow as the ions across an open column, so both count; electrons are ten
    times faster. The resistance of the ions is then that of a uniform electrode (two rails).

    Args:
        image: whole labels, shape (z, y, x).
        electrolyte: label in which ions move; the separator is before the first layer.
        active: label in which electrons move; the current collector is behind the last layer.
        axis: z, y or x.
        tolerance: of each conductivity.
        voxel_size: edges of a voxel along z, y and x [m], where they are no cubes.

    Raises:
        InputError: the image or the labels make no sense.
    """
    begun = time.perf_counter()
    if electrolyte == active:
        raise InputError(f"{electrolyte}:{active}; allowed: two labels", key="electrode")
    if image.ndim != 3:
        raise InputError(f"the image has {image.ndim} dimensions; allowed: 3")
    through = {
        label: conduct(
            image, Conductors({label: 1.0}, {}, voxel_size, axis, tolerance=tolerance)
        )
        for label in (electrolyte, active)
    }
    length = image.shape[AXES.index(axis)]
    edges = np.array(through[active].edges or (VOXEL,) * 3)
    voxel = float(edges[AXES.index(axis)])
    phi = through[electrolyte].volume_fraction
    kinds = np.where(image == active, 2, np.where(image == electrolyte, 1, 0)).astype(np.uint8)
    surface = _inner_faces(kinds, voxel / edges) / image.size
    ions, electrons = through[electrolyte], through[active]

    def outcome(status: str, reason: str, tau2: float) -> ElectrodeConduction:
        return ElectrodeConduction(
            status, reason, axis, tau2, ions.tortuosity_factor, electrons.tortuosity_factor,
            phi, surface, time.perf_counter() - begun,
        )  # fmt: skip

    if electrons.relative_conductivity * surface == 0.0:
        return outcome("no path", "there is no path for electrons, or no surface", np.nan)
    rate = phi / (surface * length**2)  # of a face, in units of kappa over a voxel
    spec = Conductors(
        {electrolyte: 1.0, active: ELECTRONS},
        {(electrolyte, active): rate / voxel},
        tuple(edges.tolist()),
        axis,
        tolerance=tolerance,
        ends=((electrolyte,), (active,)),
    )
    whole = conduct(image, spec)
    if whole.relative_conductivity == 0.0:
        return outcome("no path", "no ion that enters meets an electron that leaves", np.nan)
    if not (_good(whole) and _good(electrons)):
        return outcome("not converged", whole.reason, np.nan)
    tau2 = _uniform(
        length / (whole.relative_conductivity * ELECTRONS),
        length / (electrons.relative_conductivity * ELECTRONS),
        1.0 / (rate * surface * length),
        length / phi,
    )
    if np.isnan(tau2):
        return outcome("not converged", "no uniform electrode has this resistance", tau2)
    return outcome("completed", whole.reason, tau2)


def _uniform(whole: float, electrons: float, reaction: float, column: float) -> float:
    """Resistance of the ions, over an open column's, that explains the whole; NaN if none."""

    def excess(log_ions: float) -> float:
        found = two_rail_resistance(column * np.exp(log_ions), electrons, reaction)
        return float(np.log(found / whole))

    low, high = float(np.log(LEAST)), float(np.log(MOST))
    if excess(low) > 0.0 or excess(high) < 0.0:
        return np.nan
    return float(np.exp(float(brentq(excess, low, high, xtol=1e-10))))  # pyright: ignore[reportArgumentType]


def _good(found: Conduction) -> bool:
    return bool(np.isfinite(found.relative_conductivity))


def _inner_faces(kinds: NDArray[np.uint8], area: NDArray[np.float64]) -> float:
    """Faces between electrolyte and active material inside the image, by their area."""
    around = count_faces(kinds, 3)
    total = float(area @ (around[:, 1, 2] + around[:, 2, 1]))
    for axis in range(3):  # those that join opposite sides are none
        first, last = np.take(kinds, 0, axis), np.take(kinds, -1, axis)
        joined = np.sum((first == 1) & (last == 2)) + np.sum((first == 2) & (last == 1))
        total -= float(area[axis] * joined)
    return total
