"""Composites over composition and size ratio: what conducts, and what is in use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from lithomech.errors import InputError
from lithomech.microstructure.electrode import press_structure
from lithomech.microstructure.result import EffectiveProperties, load_effective
from lithomech.microstructure.spec import (
    Composition,
    SizeDistribution,
    Structure,
    to_input,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
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
        results: by index of weight and of size ratio; failures are missing.
        failures: what went wrong, by the same indices.
    """

    weights: Floats
    size_ratios: Floats
    stack_pressures: Floats
    results: Mapping[tuple[int, int], EffectiveProperties]
    failures: Mapping[tuple[int, int], str]

    def table(self, quantity: str) -> Floats:
        """Means of a quantity, (weights, ratios, pressures); NaN where a piece failed."""
        shape = (len(self.weights), len(self.size_ratios), len(self.stack_pressures))
        found = np.full(shape, np.nan)
        for place, result in self.results.items():
            found[place] = result.mean(quantity)[np.argsort(result.stack_pressures)]
        return found

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
                told = f"{value:g}; the table has {grid[0]:g} to {grid[-1]:g}"
                raise InputError(told, key=name)
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
    progress: Callable[[float, str], None] | None = None,
) -> CompositionMap:
    """Press a structure of two powders at each composition and size ratio.

    The active grains keep their size; the electrolyte's follows from the ratio.

    Args:
        structure: one active material and an electrolyte; stack pressures, box, seeds.
        weights: of active material.
        size_ratios: diameter of active grains over that of electrolyte.
        folder: where finished points are kept; a second run takes them from there.
        progress: is told the share that is done and a text.

    Raises:
        InputError: the structure is no mixture of two.
    """
    _two(structure)
    told = progress or (lambda _fraction, _text: None)
    results, failures = {}, {}
    points = [(i, j) for i in range(len(weights)) for j in range(len(size_ratios))]
    for count, (i, j) in enumerate(sorted(points)):
        weight, ratio = sorted(weights)[i], sorted(size_ratios)[j]
        told(count / len(points), f"{100 * weight:g} %, size ratio {ratio:g}")
        try:
            results[i, j] = _point(_mixed(structure, weight, ratio), folder)
        except InputError as error:
            failures[i, j] = str(error)
    return CompositionMap(
        np.sort(np.asarray(weights, float)),
        np.sort(np.asarray(size_ratios, float)),
        np.sort(np.asarray(structure.stack_pressures)),
        results,
        failures,
    )


def _two(structure: Structure) -> None:
    mixed = structure.composition
    if len(mixed.active) != 1 or mixed.additives:
        raise InputError("is no mixture of one active material and one electrolyte")
    if isinstance(mixed.active[0].diameter, SizeDistribution):
        raise InputError(
            "has a distribution; a size ratio needs one size",
            key="composition.active[0].diameter",
        )


def _mixed(structure: Structure, weight: float, ratio: float) -> Structure:
    active, glue = structure.composition.active[0], structure.composition.electrolyte
    size = active.diameter
    if isinstance(size, SizeDistribution):
        raise TypeError("checked before")
    return structure.replace(
        name=f"{structure.name}, {100 * weight:g} %, size ratio {ratio:g}",
        composition=Composition(
            active=(replace(active, weight=weight),),
            electrolyte=replace(glue, weight=1.0 - weight, diameter=size / ratio),
        ),
    )


def _point(structure: Structure, folder: Path | None) -> EffectiveProperties:
    if folder is None:
        return press_structure(structure)
    weight = structure.composition.active[0].weight
    diameter = structure.composition.electrolyte.diameter
    path = folder / f"active_{100 * weight:g}_electrolyte_{1e9 * diameter:.0f}_nm.nc"  # type: ignore[operator]
    if path.exists():
        kept = load_effective(path)
        if kept.input == to_input(structure):
            return kept
    found = press_structure(structure)
    found.save(path)
    return found
