"""Cracks in a cross-section: dark area within bright particles, and where particles touch.

A picture of back-scattered electrons shows active material bright, electrolyte grey, and
pores and cracks dark.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.data_bar import without_bars
from lithomech.observe.inputs import Picture, picture_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SMALLEST: Final = 32  # pixels along the shorter side of a picture
BINS: Final = 256
SMOOTHED: Final = 1.0  # pixels; standard deviation of the filter against noise
SHIFTS: Final = (-0.2, -0.1, 0.0, 0.1, 0.2)  # of the distance between neighbouring grey levels
LEAST_AREA: Final = 0.001  # of the picture; a smaller bright spot is no particle
BRIDGE: Final = 4  # pixels; cracks up to twice as wide are closed where they reach the surface
LEAST_CONTRAST: Final = 4.0  # between grey levels, in standard deviations of the noise


@final
@dataclass(frozen=True)
class Cracks(AbstractAnalysis):
    """What is crack and what is particle in a picture.

    Attributes:
        picture: grey, shape (rows, columns).
        particles: mask of particles with their cracks filled.
        cracks: mask of cracks within them.
        contact: outline of the particles where electrolyte or another particle lies beside it.
        gap: outline where it is dark beside it.
        thresholds: grey below which it is dark, and above which it is particle.
        fraction: crack area over particle area.
        sensitivity: the same for shifted thresholds, shape (len(SHIFTS),).
        count: number of particles.
        name: of the picture.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    picture: Floats = field(repr=False)
    particles: Mask = field(repr=False)
    cracks: Mask = field(repr=False)
    contact: Mask = field(repr=False)
    gap: Mask = field(repr=False)
    thresholds: tuple[float, float]
    fraction: float
    sensitivity: Floats
    count: int
    name: str = "picture"

    @property
    def contact_fraction(self) -> float:
        """Outline in contact over all outline."""
        touched, open_ = int(self.contact.sum()), int(self.gap.sum())
        return touched / (touched + open_) if touched + open_ else float("nan")

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Crack fraction with its sensitivity, and contact."""
        spread = 0.5 * float(np.ptp(self.sensitivity[1:-1]))
        quantities = [
            Quantity(
                "Crack area in particles",
                100 * self.fraction,
                "%",
                100 * spread,
                "deviation: threshold a tenth of the contrast lower and higher",
            ),
            Quantity("Outline in contact", 100 * self.contact_fraction, "%"),
            Quantity("Particles", float(self.count), ""),
            Quantity(
                "Particle area", 100 * float(self.particles.mean()), "%", note="of the picture"
            ),
            Quantity(
                "Dark area",
                100 * float((self.picture < self.thresholds[0]).mean()),
                "%",
                note="of the picture",
            ),
        ]
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Sensitivity to the threshold."""
        return {
            "sensitivity": {
                "shift of the threshold": np.array(SHIFTS),
                "crack area fraction": self.sensitivity,
            }
        }

    def plot(self) -> "Figure":
        """Draw the picture with particles and cracks over it."""
        from lithomech.plot.cracks import overlay  # noqa: PLC0415  the upward reference

        return overlay(self)


def cracks(
    picture: Picture,
    dark: float | None = None,
    bright: float | None = None,
    name: str = "picture",
    *,
    whole: bool = False,
) -> Cracks:
    """Measure the cracks in a cross-section.

    Args:
        picture: grey values, shape (rows, columns); or a file of them.
        dark: grey below which it is crack or pore; found if not given.
        bright: grey above which it is particle; found if not given.
        name: of the picture.
        whole: keep all rows; otherwise a data bar at the top or the bottom is left out.

    Raises:
        InputError: the picture is too small, or has no particles.

    References:
        Otsu1979 (thresholds between three grey levels).

    Examples:
        >>> import lithomech as lm
        >>> lm.cracks("measured/section.png").status
        'completed'
    """
    picture = picture_of(picture)
    if picture.ndim != 2 or min(picture.shape) < SMALLEST:
        shape = " x ".join(map(str, picture.shape))
        raise InputError(
            f"a picture of {shape} pixels; allowed: {SMALLEST} x {SMALLEST} or more"
        )
    picture, left_out = (picture, ()) if whole else _without_bars(picture)
    smooth = ndimage.gaussian_filter(np.asarray(picture, np.float64), SMOOTHED)
    if not np.isfinite(smooth).all() or np.ptp(smooth) == 0.0:
        raise InputError("the image is uniform: all pixels have the same grey value")
    thresholds, levels = _thresholds(smooth)
    low = thresholds[0] if dark is None else dark
    high = thresholds[1] if bright is None else bright
    if not low < high:
        raise InputError(f"dark below {low:g} and bright above {high:g}: dark has to be less")
    particles = _particles(smooth, low, high)
    if not particles.any():
        raise InputError(f"nothing brighter than {high:.4g} is large enough for a particle")
    half = low + 0.5 * (levels[2] - levels[1]) if dark is None else dark
    inside = _dark_inside(smooth, particles, low, half)
    fraction = float(inside.sum() / particles.sum())
    step = levels[1] - levels[0]
    sensitivity = np.array([_fraction(smooth, (low, half, high), s * step) for s in SHIFTS])
    contact, gap = _outline(smooth, particles, low)
    _, count = _label(particles)
    warnings = _warnings(picture, smooth, levels, fraction, sensitivity)
    reason = f"{count} particles with {100 * fraction:.2f} % of cracks"
    return Cracks(
        COMPLETED,
        reason,
        (*left_out, *warnings),
        np.asarray(picture, np.float64),
        particles,
        inside,
        contact,
        gap,
        (float(low), float(high)),
        fraction,
        sensitivity,
        int(count),
        name,
    )


def _without_bars(picture: Floats) -> tuple[Floats, tuple[str, ...]]:
    """A picture without its data bars, and what was left out."""
    rows, bars = picture.shape[0], without_bars(picture)
    if bars.end - bars.first < SMALLEST:
        return picture, ()
    notes = [
        f"rows {first + 1} to {last} of {rows} are a data bar and were left out; --crop or "
        "whole=True keeps them"
        for first, last in ((0, bars.first), (bars.end, rows))
        if last > first
    ]
    return picture[bars.first : bars.end], tuple(notes)


def _thresholds(smooth: Floats) -> tuple[tuple[float, float], Floats]:
    """Two thresholds that part three grey levels best, and the means of the levels."""
    ends = np.percentile(smooth, [0.05, 99.95])
    counts, edges = np.histogram(
        smooth, BINS, (float(ends[0]), float(max(ends[1], ends[0] + 1e-9)))
    )
    middles = 0.5 * (edges[1:] + edges[:-1])
    weight = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum()
    moment = np.concatenate([[0.0], np.cumsum(counts * middles)]) / counts.sum()

    def between(a: NDArray[np.intp], b: NDArray[np.intp]) -> Floats:
        mass = weight[b] - weight[a]
        return np.where(
            mass > 0.0, (moment[b] - moment[a]) ** 2 / np.maximum(mass, 1e-300), 0.0
        )

    i, j = np.triu_indices(BINS - 1, 1)
    i, j = i + 1, j + 1
    score = between(0 * i, i) + between(i, j) + between(j, 0 * j + BINS)
    best = int(np.argmax(score))
    a, b = int(i[best]), int(j[best])
    parts = [(0, a), (a, b), (b, BINS)]
    means = [(moment[q] - moment[p]) / max(weight[q] - weight[p], 1e-300) for p, q in parts]
    return (float(edges[a]), float(edges[b])), np.array(means)


def _particles(smooth: Floats, low: float, high: float) -> Mask:
    """Bright regions with all that they enclose; cracks that reach the surface are bridged.

    Bridging only adds what is dark: electrolyte between two particles stays outside.
    """
    bright = smooth > high
    # noise: a thin bright rim around nothing is no particle
    bright = np.asarray(ndimage.binary_opening(bright, iterations=1), bool)
    reach = ndimage.generate_binary_structure(2, 1)
    wide = np.pad(bright, BRIDGE + 1)
    closed = np.asarray(ndimage.binary_closing(wide, reach, iterations=BRIDGE), bool)
    closed = closed[BRIDGE + 1 : -BRIDGE - 1, BRIDGE + 1 : -BRIDGE - 1]
    # around a crack the filter leaves a rim of middle grey
    near_dark = np.asarray(ndimage.binary_dilation(smooth < low, reach, iterations=2), bool)
    joined = bright | (closed & near_dark)
    labels, count = _label(joined)
    if not count:
        return np.zeros_like(joined)
    area = ndimage.sum_labels(joined, labels, np.arange(1, count + 1))
    kept = np.isin(labels, 1 + np.flatnonzero(area >= LEAST_AREA * joined.size))
    return np.asarray(ndimage.binary_fill_holes(kept), bool)


def _dark_inside(smooth: Floats, particles: Mask, low: float, half: float) -> Mask:
    """Cracks: up to the grey halfway between dark and bright, if they are dark somewhere."""
    labels, count = _label(particles & (smooth < half))
    if not count:
        return np.zeros_like(particles)
    darkest = ndimage.minimum(smooth, labels, np.arange(1, count + 1))
    return np.isin(labels, 1 + np.flatnonzero(np.asarray(darkest) < low))


def _fraction(smooth: Floats, levels: tuple[float, float, float], shift: float) -> float:
    """Crack fraction for thresholds that lie higher by `shift`."""
    low, half, high = (level + shift for level in levels)
    particles = _particles(smooth, low, high)
    return float(_dark_inside(smooth, particles, low, half).sum() / max(particles.sum(), 1))


def _outline(smooth: Floats, particles: Mask, low: float) -> tuple[Mask, Mask]:
    """Pixels just outside of particles: those that are not dark, and those that are."""
    reach = ndimage.generate_binary_structure(2, 1)
    # two pixels out, so that the blurred edge of the particle is not taken for electrolyte
    near = np.asarray(ndimage.binary_dilation(particles, reach), bool)
    ring = np.asarray(ndimage.binary_dilation(near, reach), bool) & ~near
    dark = np.asarray(ndimage.binary_dilation(smooth < low, reach), bool) & ring
    return ring & ~dark, dark


def _label(mask: Mask) -> tuple[NDArray[np.int32], int]:
    """Numbers of the regions, that touch by a side or a corner, and how many there are."""
    labels = np.zeros(mask.shape, np.int32)
    return labels, int(np.asarray(ndimage.label(mask, np.ones((3, 3)), output=labels)))


def _warnings(
    picture: Floats, smooth: Floats, levels: Floats, fraction: float, sensitivity: Floats
) -> tuple[str, ...]:
    warnings = []
    noise = float(np.std(picture - smooth))
    if noise > 0.0 and np.diff(levels).min() < LEAST_CONTRAST * noise / 2.0:
        warnings.append("the grey levels are close to each other: the thresholds are uncertain")
    spread = float(np.nanmax(sensitivity) - np.nanmin(sensitivity))
    if spread > 0.5 * max(fraction, 1e-3):
        warnings.append(
            "thresholds a fifth of the contrast lower and higher give "
            f"{100 * np.nanmin(sensitivity):.2f} to {100 * np.nanmax(sensitivity):.2f} %"
        )
    return tuple(warnings)
