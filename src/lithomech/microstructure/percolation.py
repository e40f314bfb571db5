"""What a composite conducts, covers and loses by its composition: a law through grains.

``studies.percolation`` pressed the grains (data/percolation.csv), ``studies.percolation_law``
drew the law through them (data/percolation.json). Everything is relative, see there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lithomech.laws.transport import percolating_conductivity

Floats = NDArray[np.float64]
DATA: Final = "data/percolation.json"


@final
@dataclass(frozen=True)
class Mix:
    """A composite of active material and electrolyte, as pressed.

    Attributes:
        share: of active material in the volume of the solids.
        size_ratio: diameter of active grains over that of the electrolyte's.
        pressing: fabrication pressure over the strength of the electrolyte.
    """

    share: float
    size_ratio: float
    pressing: float


@final
@dataclass(frozen=True)
class Term:
    """A sum over the features of a mix and a stack pressure, see ``features``.

    Attributes:
        coefficients: by name of the feature.
        spread: standard deviation of pieces about it, with other pieces than those it was drawn
            through; in the unit of the term.
    """

    coefficients: Mapping[str, float]
    spread: float = 0.0

    def __call__(self, mix: Mix, stack: float | Floats = 1.0) -> Floats:
        """The sum at stack pressures over the strength of the electrolyte."""
        found = features(mix.share, mix.size_ratio, mix.pressing, stack)
        return np.asarray(sum(c * found[name] for name, c in self.coefficients.items()))


@lru_cache(maxsize=256)  # members of a study often share their composition
def pressed_to(mix: Mix, porosity: float) -> Mix:
    """The mix as if it had been pressed until this porosity is left, by the packaged law."""
    return law().pressed_to(mix, porosity)


def features(
    share: float | Floats,
    size_ratio: float | Floats,
    pressing: float | Floats,
    stack: float | Floats,
) -> dict[str, Floats]:
    """Constant, linear and quadratic features; sizes and pressures by their logarithm."""
    one = {
        "share": np.asarray(share) - 0.5,
        "size": np.log(size_ratio),
        "pressing": np.log(pressing),
        "stack": np.log(stack),
    }
    found = {"1": np.ones(np.broadcast_shapes(*(v.shape for v in one.values())))}
    names = list(one)
    for i, name in enumerate(names):
        found[name] = one[name] + 0.0 * found["1"]
        for other in names[i:]:
            found[f"{name}*{other}"] = one[name] * one[other] + 0.0 * found["1"]
    return found


@final
@dataclass(frozen=True)
class Law:
    """The law of percolation; conductivities relative to those of the dense phases.

    Attributes:
        ranges: lowest and highest share, size ratio and pressing that grains were pressed at.
        terms: by name: logit of ``porosity``, ``covered``, ``touched``, ``ionic_threshold``,
            ``electronic_threshold``; logarithm of ``ionic_exponent``, ``electronic_exponent``,
            ``electronic_scale``, ``film_scale``, ``wired_width``; as it is
            ``wired_threshold``.
        rounding: width of the thresholds of conduction.
    """

    ranges: Mapping[str, tuple[float, float]]
    terms: Mapping[str, Term]
    rounding: float

    def outside(self, mix: Mix) -> Iterator[str]:
        """What of a mix lies outside the range of the grains, in words."""
        for name, (low, high) in self.ranges.items():
            value = getattr(mix, name)
            if not low <= value <= high:
                yield f"{name.replace('_', ' ')} {value:.3g} ({low:g} to {high:g})"

    def held(self, mix: Mix) -> Mix:
        """The mix, or the nearest one within the range of the grains."""
        values = {
            name: float(np.clip(getattr(mix, name), low, high))
            for name, (low, high) in self.ranges.items()
        }
        return Mix(**values)

    def spreads(self) -> dict[str, float]:
        """Factor within which two of three pieces lie, by conductivity."""
        names = {"ionic": "ionic_threshold", "electronic": "electronic_threshold"}
        return {name: float(np.exp(self.terms[term].spread)) for name, term in names.items()}

    def porosity(self, mix: Mix) -> float:
        """Share of the volume that pressing leaves empty."""
        return float(_share(self.terms["porosity"](self.held(mix))))

    def pressed_to(self, mix: Mix, porosity: float) -> Mix:
        """The mix as if it had been pressed until this porosity is left."""
        low, high = self.ranges["pressing"]

        def excess(log_pressing: float) -> float:
            return (
                self.porosity(Mix(mix.share, mix.size_ratio, np.exp(log_pressing))) - porosity
            )

        ends = np.log(low), np.log(high)
        if excess(ends[0]) <= 0.0:
            return Mix(mix.share, mix.size_ratio, low)
        if excess(ends[1]) >= 0.0:
            return Mix(mix.share, mix.size_ratio, high)
        return Mix(mix.share, mix.size_ratio, float(np.exp(brentq(excess, *ends))))  # type: ignore[arg-type]

    def ionic(self, mix: Mix, electrolyte: float) -> float:
        """Conductivity of a volume fraction of electrolyte."""
        return float(
            percolating_conductivity(
                1.0,
                electrolyte,
                _share(self.terms["ionic_threshold"](self.held(mix))),
                np.exp(self.terms["ionic_exponent"](self.held(mix))),
                self.rounding,
            )
        )

    def electronic(self, mix: Mix, active: float, stack: Floats, film: float) -> Floats:
        """Conductivity of a volume fraction of active material at stack pressures.

        Args:
            mix: what is pressed.
            active: volume fraction.
            stack: stack pressures over the strength of the electrolyte, (pressures,).
            film: resistance of a contact over that of a grain, rho sigma/diameter.
        """
        held = self.held(mix)
        threshold = _share(self.terms["electronic_threshold"](held, stack))
        exponent = np.exp(self.terms["electronic_exponent"](held, stack))
        path = percolating_conductivity(1.0, active, threshold, exponent, self.rounding)
        spread = np.exp(self.terms["electronic_scale"](held, stack)) * path
        filmed = np.exp(self.terms["film_scale"](held, stack)) * path
        return np.asarray(1.0 / (1.0 / spread + film / filmed))

    def covered(self, mix: Mix) -> float:
        """Share of the active surface that electrolyte covers."""
        return float(_share(self.terms["covered"](self.held(mix))))

    def fed(self, mix: Mix, electrolyte: float) -> float:
        """Share of active material that touches electrolyte with a path.

        Where paths begin, nearly all particles touch one: a step within the rounded threshold.
        """
        held = self.held(mix)
        beyond = electrolyte - _share(self.terms["ionic_threshold"](held)) + self.rounding
        step = _share(2.0 * beyond / self.rounding)
        return float(_share(self.terms["touched"](held)) * step)

    def wired(self, mix: Mix, active: float, stack: float) -> float:
        """Share of active material with a path for electrons through its own kind."""
        held = self.held(mix)
        beyond = active - self.terms["wired_threshold"](held, stack)
        return float(_share(beyond / np.exp(self.terms["wired_width"](held, stack))))


def _share(logit: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


@cache
def law() -> Law:
    """The law that is packaged."""
    text = files("lithomech.microstructure").joinpath(DATA).read_text(encoding="utf-8")
    data = json.loads(text)
    terms = {name: Term(t["coefficients"], t["spread"]) for name, t in data["terms"].items()}
    ranges = {name: (float(low), float(high)) for name, (low, high) in data["ranges"].items()}
    return Law(ranges, terms, float(data["rounding"]))
