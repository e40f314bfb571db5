"""The law of percolation through pressed grains, and how far other grains lie from it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from scipy.optimize import least_squares

from lithomech.files.atomic import replacing
from lithomech.laws.transport import percolating_conductivity
from lithomech.microstructure.grains import Floats
from lithomech.microstructure.percolation import features
from lithomech.studies.percolation import PRESSINGS, SHARES, SIZE_RATIOS, STACKS, Row, column

NORMAL: Final = 1.4826  # standard deviation over the median of the distances from the mean
FOLDS: Final = 5  # of recipes; each is predicted by a law drawn through the others
ROUNDING: Final = 0.02  # width of a threshold: finite pieces, and powders of several sizes
NO_PATH: Final = 1e-5  # relative conductivity that counts as none
RIDGE: Final = 1e-3  # weight of the size of coefficients, so that a poor design stays tame
STATED: Final = 1  # of STACKS: where porosity and coverage are read

Residuals = Callable[[Floats], Floats]
LINEAR: Final = ("1", "share", "size", "pressing")
QUADRATIC: Final = (
    *LINEAR, "share*share", "share*size", "share*pressing", "size*size", "size*pressing",
    "pressing*pressing",
)  # fmt: skip


@final
@dataclass(frozen=True)
class Form:
    """A quantity of the law: which terms it has, and what it makes of them.

    Attributes:
        terms: names of the features of each term.
        value: from the terms' values and the rows.
        seen: what the rows say, in the unit that residuals are counted in.
        chosen: which rows count.
    """

    terms: Mapping[str, tuple[str, ...]]
    value: Callable[[Mapping[str, Floats], Sequence[Row]], Floats]
    seen: Callable[[Sequence[Row]], Floats]
    chosen: Callable[[Row], bool]


def _logit(share: Floats) -> Floats:
    held = np.clip(share, 1e-3, 1.0 - 1e-3)
    return np.log(held / (1.0 - held))


def _share(logit: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-logit))


def _log(values: Floats | float) -> Floats:
    return np.asarray(np.log(np.asarray(values) + NO_PATH))


def _electrolyte(rows: Sequence[Row]) -> Floats:
    """Volume fraction of electrolyte where the image was taken."""
    return (1.0 - column(rows, "share")) * (1.0 - column(rows, "porosity"))


def _active(rows: Sequence[Row]) -> Floats:
    return column(rows, "share") * (1.0 - column(rows, "porosity"))


def _ionic(terms: Mapping[str, Floats], rows: Sequence[Row]) -> Floats:
    threshold, exponent = _share(terms["ionic_threshold"]), np.exp(terms["ionic_exponent"])
    phi = _electrolyte(rows)
    return _log(percolating_conductivity(1.0, phi, threshold, exponent, ROUNDING))


def _electronic(scale: str) -> Callable[[Mapping[str, Floats], Sequence[Row]], Floats]:
    def value(terms: Mapping[str, Floats], rows: Sequence[Row]) -> Floats:
        threshold = _share(terms["electronic_threshold"])
        exponent = terms["electronic_exponent"]
        path = percolating_conductivity(
            1.0, _active(rows), threshold, np.exp(exponent), ROUNDING
        )
        return _log(np.exp(terms[scale]) * path)

    return value


def _wired(terms: Mapping[str, Floats], rows: Sequence[Row]) -> Floats:
    width = np.exp(terms["wired_width"])
    return _share((_active(rows) - terms["wired_threshold"]) / width)


STATE: Final = ("1", "share", "size", "pressing", "stack")
FORMS: Final = {
    "porosity": Form(
        {"porosity": QUADRATIC},
        lambda terms, _: terms["porosity"],
        lambda rows: _logit(column(rows, "porosity")),
        lambda row: row.stack == STACKS[STATED],
    ),
    "covered": Form(
        {"covered": QUADRATIC},
        lambda terms, _: terms["covered"],
        lambda rows: _logit(column(rows, "covered")),
        lambda row: row.stack == STACKS[0],
    ),
    "ionic": Form(
        {
            "ionic_threshold": ("1", "size", "pressing"),
            "ionic_exponent": ("1", "size", "pressing"),
        },
        _ionic,
        lambda rows: _log(column(rows, "ionic")),
        lambda row: row.stack == STACKS[0],
    ),
    "electronic": Form(
        {
            "electronic_threshold": ("1", "size", "pressing", "stack"),
            "electronic_exponent": ("1",),
            "electronic_scale": STATE,
        },
        _electronic("electronic_scale"),
        lambda rows: _log(column(rows, "electronic_spread")),
        lambda _: True,
    ),
    "film": Form(
        {"film_scale": STATE},
        lambda terms, _: terms["film_scale"],
        lambda rows: (
            _log(column(rows, "electronic_film")) - _log(column(rows, "electronic_spread"))
        ),
        lambda row: row.electronic_spread > NO_PATH,
    ),
    "touched": Form(
        {"touched": LINEAR},
        lambda terms, _: terms["touched"],
        lambda rows: _logit(column(rows, "fed")),
        lambda row: row.stack == STACKS[0] and row.fed > 0.0,
    ),
    "wired": Form(
        {"wired_threshold": ("1", "size", "pressing", "stack"), "wired_width": ("1",)},
        _wired,
        lambda rows: column(rows, "wired"),
        lambda _: True,
    ),
}
START: Final = {
    "ionic_threshold": -2.5,
    "ionic_exponent": np.log(2.0),
    "electronic_threshold": -1.0,
    "electronic_exponent": np.log(2.0),
    "wired_threshold": 0.3,
    "wired_width": np.log(0.05),
}


@final
@dataclass(frozen=True)
class Drawn:
    """One form, drawn through rows.

    Attributes:
        coefficients: of its terms, by name of the feature.
        spread: of the rows of other recipes about the law: as the standard deviation of a
            normal distribution, from the median, since at thresholds tails are long.
        residuals: of those rows, (rows,).
    """

    coefficients: Mapping[str, Mapping[str, float]]
    spread: float
    residuals: Floats


def draw(form: Form, rows: Sequence[Row]) -> Drawn:
    """Draw a form through rows; each fifth of the recipes is predicted by the others."""
    rows = [row for row in rows if form.chosen(row)]
    recipes = sorted({(row.share, row.size_ratio, row.pressing) for row in rows})
    fold = {recipe: i % FOLDS for i, recipe in enumerate(recipes)}
    folds = np.array([fold[row.share, row.size_ratio, row.pressing] for row in rows])
    left = np.empty(len(rows))
    for k in range(FOLDS):
        others = [row for row, f in zip(rows, folds, strict=True) if f != k]
        own = [row for row, f in zip(rows, folds, strict=True) if f == k]
        left[folds == k] = _left(form, _solved(form, others), own)
    return Drawn(
        _named(form, _solved(form, rows)), float(NORMAL * np.median(np.abs(left))), left
    )


def _solved(form: Form, rows: Sequence[Row]) -> Floats:
    start = np.concatenate(
        [
            [START.get(name, 0.0), *[0.0] * (len(terms) - 1)]
            for name, terms in form.terms.items()
        ]
    )

    def residuals(x: Floats) -> Floats:
        return np.concatenate([_left(form, x, rows), RIDGE * np.sqrt(len(rows)) * (x - start)])

    return np.asarray(least_squares(residuals, start, loss="soft_l1", f_scale=0.5).x)


def _left(form: Form, x: Floats, rows: Sequence[Row]) -> Floats:
    """Value less what is seen."""
    found = features(*(column(rows, n) for n in ("share", "size_ratio", "pressing", "stack")))
    terms = {
        name: np.asarray(sum(c * found[feature] for feature, c in coefficients.items()))
        for name, coefficients in _named(form, x).items()
    }
    return form.value(terms, rows) - form.seen(rows)


def _named(form: Form, x: Floats) -> dict[str, dict[str, float]]:
    named, at = {}, 0
    for name, terms in form.terms.items():
        values = x[at : at + len(terms)]
        named[name] = dict(zip(terms, map(float, values), strict=True))
        at += len(terms)
    return named


def draw_law(rows: Sequence[Row]) -> dict[str, Any]:
    """The law as plain data, see ``microstructure.percolation``."""
    terms: dict[str, Any] = {}
    for form in FORMS.values():
        drawn = draw(form, rows)
        for name, coefficients in drawn.coefficients.items():
            shown = {feature: float(f"{c:.5g}") for feature, c in coefficients.items()}
            terms[name] = {"coefficients": shown, "spread": float(f"{drawn.spread:.3g}")}
    ranges = {"share": SHARES, "size_ratio": SIZE_RATIOS, "pressing": PRESSINGS}
    return {
        "pieces": len({(r.share, r.size_ratio, r.pressing, r.seed) for r in rows}),
        "ranges": {name: list(ends) for name, ends in ranges.items()},
        "rounding": ROUNDING,
        "terms": terms,
    }


def write_law(path: Path, rows: Sequence[Row]) -> None:
    """Write the law through rows in the place of what was there."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(draw_law(rows), indent=1) + "\n", encoding="utf-8")
