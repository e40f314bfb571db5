"""Composites over composition and size ratio: what conducts, and what is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from lithomech.errors import InputError
from lithomech.files.arguments import Progress
from lithomech.microstructure.result import QUANTITIES
from lithomech.microstructure.spec import SizeDistribution, Structure, to_input
from lithomech.studies.executors import Threads
from lithomech.studies.run import run_study
from lithomech.studies.spec import Study
from lithomech.studies.table import StudyResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
ENDLESS: Final = ("tortuosity_factor_ionic", "tortuosity_factor_electronic")
LOGARITHMIC: Final = {  # what is interpolated by its logarithm
    "tortuosity_factor_ionic",
    "tortuosity_factor_electronic",
    "conductivity_ionic",
    "conductivity_electronic",
}


@final
@dataclass(frozen=True)
class CompositionMap:
    """A table of pressed composites.

    Attributes:
        weights: of active material in the composite, increasing, (weights,).
        size_ratios: diameter of active grains over that of electrolyte, increasing, (ratios,).
        stack_pressures: [Pa], increasing, (pressures,).
        study: one member for each weight and size ratio.
    """

    weights: Floats
    size_ratios: Floats
    stack_pressures: Floats
    study: StudyResult

    @property
    def failures(self) -> dict[tuple[int, int], str]:
        """What went wrong, by index of weight and of size ratio."""
        shape = (len(self.weights), len(self.size_ratios))
        status, reason = (self.study.column(name) for name in ("status", "reason"))
        places = list(np.ndindex(shape))
        return {places[k]: str(reason[k]) for k in np.flatnonzero(status != "completed")}

    def table(self, quantity: str) -> Floats:
        """Means of a quantity, (weights, ratios, pressures); NaN where a piece failed.

        A tortuosity factor without a path is infinite.
        """
        shape = (len(self.weights), len(self.size_ratios))
        columns = [self.study.column(_output(quantity, p)) for p in self.stack_pressures]
        values = np.stack([column.reshape(shape) for column in columns], axis=-1)
        if quantity in ENDLESS:
            done = self.study.column("status").reshape(shape) == "completed"
            values = np.where(np.isnan(values) & done[..., None], np.inf, values)
        return values

    def at(
        self, quantity: str, weight: float, size_ratio: float, stack_pressure: float
    ) -> float:
        """A quantity between the points, linear in the weight and log size ratio and pressure.

        Conductivities and tortuosity factors go by their logarithms where every point has one;
        a tortuosity factor beside a point without a path is NaN.

        Raises:
            InputError: outside the table; nothing is extrapolated.
        """
        given = {"weight": weight, "size_ratio": size_ratio, "stack_pressure": stack_pressure}
        grids = (self.weights, self.size_ratios, self.stack_pressures)
        for (name, value), grid in zip(given.items(), grids, strict=True):
            if not grid[0] <= value <= grid[-1]:
                message = f"{value:g}; the table has {grid[0]:g} to {grid[-1]:g}"
                raise InputError(message, key=name)
        axes = (self.weights, np.log(self.size_ratios), np.log(self.stack_pressures))
        place = (weight, np.log(size_ratio), np.log(stack_pressure))
        wide = [k for k in range(3) if len(axes[k]) > 1]  # the others have one point
        values = self.table(quantity).reshape([len(axes[k]) for k in wide])
        if not wide:
            return float(values)
        log = quantity in LOGARITHMIC and bool(np.all((values > 0.0) & np.isfinite(values)))
        shown = np.log(values) if log else values
        look_up = RegularGridInterpolator([axes[k] for k in wide], shown)
        with np.errstate(invalid="ignore"):  # beside a point without a path
            found = float(look_up([place[k] for k in wide])[0])
        return float(np.exp(found)) if log else found

    def plot(self) -> "Figure":
        """Utilisation and both conductivities over the table."""
        from lithomech.plot.composition import maps  # noqa: PLC0415 - the upward reference

        return maps(self)


def composition_map(
    structure: Structure,
    weights: Sequence[float],
    size_ratios: Sequence[float],
    folder: Path | None = None,
    progress: Progress | None = None,
) -> CompositionMap:
    """Press a structure of two powders at each composition and size ratio.

    The active grains keep their size; the electrolyte's follows from the ratio.

    Args:
        structure: one active material and an electrolyte; stack pressures, box, seeds.
        weights: of active material.
        size_ratios: diameter of active grains over that of electrolyte.
        folder: where the journal of finished points is; a second run takes them from there.
        progress: called with the fraction done and a text.

    Raises:
        InputError: the structure is no mixture of two.
    """
    size = _size(structure)
    points, ratios = (
        np.sort(np.asarray(weights, float)),
        np.sort(np.asarray(size_ratios, float)),
    )
    pressures = np.sort(np.asarray(structure.stack_pressures))
    vary = {
        "composition.active[0].weight": points.tolist(),
        "composition.electrolyte.diameter": (size / ratios).tolist(),
    }
    study = Study(
        base=to_input(structure),
        vary=vary,
        set={"composition.electrolyte.weight": "rest"},
        design="grid",
        outputs=tuple(_output(name, p) for name in QUANTITIES for p in pressures),
    )
    result = run_study(study, folder, Threads(1), progress)
    return CompositionMap(points, ratios, pressures, result)


def _output(quantity: str, pressure: float) -> str:
    return f"{quantity}@{float(pressure)!r} Pa"


def _size(structure: Structure) -> float:
    """Diameter of the active grains [m]."""
    mixed = structure.composition
    if len(mixed.active) != 1 or mixed.additives:
        raise InputError("is no mixture of one active material and one electrolyte")
    size = mixed.active[0].diameter
    if isinstance(size, SizeDistribution):
        raise InputError(
            "has a distribution; a size ratio needs one size",
            key="composition.active[0].diameter",
        )
    return size
