"""Figures of electrolytes: how they conduct, how stiff they are, what they withstand."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import of_class, own, pugh_ratio
from lithomech.plot.materials_look import SMALL, Named, family_row, look, place_labels
from lithomech.plot.style import INK, MUTED, RULE, new_figure, styled

ROW: Final = 0.155  # inches of one line of a ranking
DUCTILE: Final = 0.57  # Pugh's ratio below which a metal is ductile
SIEMENS_PER_CM: Final = 0.01
LINE: Final = 0.6  # rows between the names of two potentials
NARROW: Final = 0.9  # V; such a window has no room for its numbers above it
FADE: Final = 0.45  # V, length of the arrow that stands for an unknown limit
HOLLOW: Final = {"mfc": "none", "mew": 0.9}


class Level(NamedTuple):
    """A potential, or a range of potentials, of an electrode [V vs Li/Li+]."""

    name: str
    low: float
    high: float


@styled
def conductivities(materials: Sequence[Material], liquid: float | None = None) -> Figure:
    """Ionic conductivity at room temperature, the best at the top.

    Full marks are the preferred values, hollow ones other measurements, bars published
    ranges. Borrowed values are left out.

    Args:
        materials: Electrolytes; those without a value of their own are left out.
        liquid: Conductivity of a liquid electrolyte, for comparison [S/m].
    """
    shown = [m for m in materials if own(m, "ionic_conductivity") is not None]
    shown.sort(key=lambda m: own(m, "ionic_conductivity") or 0.0)
    figure = new_figure(0.85 + ROW * max(len(shown), 3))
    axes = figure.subplots()
    axes.set_xscale("log")
    if liquid is not None:
        axes.axvline(liquid * SIEMENS_PER_CM, color=MUTED, lw=0.8, ls=(0, (4, 2)))
        axes.annotate(
            "liquid", (liquid * SIEMENS_PER_CM, 0), xycoords=("data", "axes fraction"),
            xytext=(-3, 4), textcoords="offset points", ha="right", color=MUTED,
        )  # fmt: skip
    for height, m in enumerate(shown):
        _row(axes, height, m, m.properties["ionic_conductivity"])
    axes.set_yticks(range(len(shown)), [m.name for m in shown], fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.set_xlabel("Ionic conductivity (S/cm)")
    family_row(figure, shown)
    return figure


def _row(axes: Axes, height: float, material: Material, found: SIProperty) -> None:
    """One line of a ranking: the value, its range, and other measurements."""
    colour, marker = look(material)
    for other in (found, *found.others):
        if other.span is not None:
            ends = [SIEMENS_PER_CM * end for end in other.span]
            axes.plot(ends, [height, height], color=colour, lw=1.2, alpha=0.5)
    for other in found.others:
        if other.value is not None:
            value = SIEMENS_PER_CM * other.value
            axes.plot(value, height, marker, color=colour, **HOLLOW)
    axes.plot(SIEMENS_PER_CM * (found.value or np.nan), height, marker, color=colour)


@styled
def stiffness_map(materials: Sequence[Material]) -> Figure:
    """Young's modulus against Pugh's ratio: soft and ductile is at the lower left.

    Args:
        materials: Of any role; those without two moduli of their own are left out.
    """
    figure = new_figure(4.6)
    axes = figure.subplots()
    axes.set_yscale("log")
    points = []
    for m in materials:
        ratio, modulus = pugh_ratio(m), own(m, "youngs_modulus")
        if ratio is None or modulus is None:
            continue
        colour, marker = look(m)
        axes.plot(ratio, modulus / 1e9, marker, color=colour)
        points.append(Named(ratio, modulus / 1e9, m.name, colour))
    ratios = [p.x for p in points] or [DUCTILE]
    axes.set_xlim(min(*ratios, 0.5) - 0.09, max(*ratios, 0.65) + 0.09)
    low, high = (end * factor for end, factor in zip(axes.get_ylim(), (0.75, 1.3), strict=True))
    axes.set_ylim(low, high)
    axes.axvline(DUCTILE, color=MUTED, lw=0.8, ls=(0, (4, 2)))
    for text, side, shift in (("ductile", "right", -4), ("brittle", "left", 4)):
        axes.annotate(
            text, (DUCTILE, 1), xycoords=("data", "axes fraction"), xytext=(shift, 3),
            textcoords="offset points", ha=side, color=MUTED,
        )  # fmt: skip
    axes.set_yticks([t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500) if low <= t <= high])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("Pugh's ratio G/K")
    axes.set_ylabel("Young's modulus (GPa)")
    family_row(figure, [m for m in materials if pugh_ratio(m) is not None])
    place_labels(axes, points)
    return figure


@styled
def windows(materials: Sequence[Material], levels: Sequence[Level] = ()) -> Figure:
    """Electrochemical stability windows, and the potentials of electrodes beside them.

    A bar goes from the reduction to the oxidation limit. An arrow stands for the side whose
    limit nobody gives. Hollow marks are other published limits.

    Args:
        materials: Electrolytes and families; those without any limit are left out.
        levels: Potentials to draw in.
    """
    shown = [m for m in materials if limits(m) != (None, None)]
    shown.sort(key=lambda m: (limits(m)[1] is None, limits(m)[1] or 0.0), reverse=True)
    figure = new_figure(0.9 + 0.3 * max(len(shown), 2) + 0.18 * len(levels))
    axes = figure.subplots()
    for height, m in enumerate(shown):
        _window(axes, height, m)
    # The rightmost ends lowest, so that no line crosses the name of another.
    for number, level in enumerate(sorted(levels, key=lambda level: -level.high)):
        _level(axes, len(shown) + LINE * number, level)
    names = [_name(m) for m in shown]
    axes.set_yticks(range(len(shown)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.6, len(shown) - 0.3 + LINE * len(levels))
    ends = [v for m in shown for v in limits(m) if v is not None]
    ends += [end for level in levels for end in level[1:]]
    axes.set_xlim(min(0.0, *ends, 0.0) - 0.1, max(5.0, *ends, 5.0) + 0.9)
    axes.set_xlabel("Potential (V vs Li/Li⁺)")
    axes.grid(visible=False, axis="y")
    return figure


def _level(axes: Axes, top: float, level: Level) -> None:
    """A potential as a line, or a range as a band, with its name at the upper end."""
    axes.fill_betweenx([-1, top], level.low, level.high, color=RULE, alpha=0.5, lw=0, zorder=0)
    for end in {level.low, level.high}:
        axes.plot([end, end], [-1, top], color=INK, lw=0.8)
    axes.annotate(
        level.name, (level.high, top), xytext=(3, 0), textcoords="offset points",
        va="center", fontsize=SMALL,
    )  # fmt: skip


def limits(material: Material) -> tuple[float | None, float | None]:
    """Return the reduction and oxidation limit [V]; None where none is known."""
    return own(material, "reduction_limit"), own(material, "oxidation_limit")


def _name(material: Material) -> str:
    """A name that tells values of a class from those of a material."""
    if material.role == "family":
        return f"{material.name} (class)"
    lent = any(of_class(material, name) for name in ("reduction_limit", "oxidation_limit"))
    return f"{material.name} (as {material.family})" if lent else material.name


def _window(axes: Axes, height: float, material: Material) -> None:
    """One window with its numbers."""
    colour, _ = look(material)
    low, high = limits(material)
    if low is not None and high is not None:
        axes.barh(height, high - low, left=low, height=0.5, color=colour, alpha=0.75)
    narrow = low is not None and high is not None and high - low < NARROW
    for end, way in ((low, 1), (high, -1)):
        if end is None:
            continue
        axes.plot([end, end], [height - 0.25, height + 0.25], color=colour, lw=2)
        axes.annotate(
            f"{end:g}", (end, height + 0.26), xytext=(-2 * way if narrow else 2 * way, 1),
            textcoords="offset points", ha="left" if (way > 0) != narrow else "right",
            va="bottom", fontsize=SMALL,
        )  # fmt: skip
        if None in {low, high}:
            axes.annotate(
                "", (end + way * FADE, height), (end, height),
                arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.4},
            )  # fmt: skip
    for name in ("reduction_limit", "oxidation_limit"):
        for other in _others(material, name):
            axes.plot(other, height, "d", color=colour, **HOLLOW)


def _others(material: Material, name: str) -> list[float]:
    """Other measurements of a limit; those of a borrowed one say nothing of the material."""
    if own(material, name) is None:
        return []
    return [o.value for o in material.properties[name].others if o.value is not None]
