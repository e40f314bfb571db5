"""What the figures of the library share: a colour for each family, labels beside points."""

from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from lithomech.materials.material import Material
from lithomech.plot.style import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    MUTED,
    PURPLE,
    SKY,
    VERMILION,
    legend_row,
    moved_apart,
)


class Look(NamedTuple):
    """Colour and marker of a family; markers help where colours do not."""

    colour: str
    marker: str


LOOKS: Final = {
    "sulfide": Look(AMBER, "o"),
    "oxide": Look(BLUE, "s"),
    "chloride": Look(GREEN, "D"),
    "bromide": Look(VERMILION, "^"),
    "iodide": Look(PURPLE, "v"),
    "fluoride": Look(SKY, "P"),
    "hydride": Look(INK, "X"),
    "polymer": Look(MUTED, "p"),
    "composite_polymer": Look(MUTED, "h"),
    "liquid": Look(INK, "*"),
    "layered_oxide": Look(BLUE, "o"),
    "spinel": Look(VERMILION, "^"),
    "olivine": Look(GREEN, "D"),
    "carbon": Look(INK, "X"),
    "alloy": Look(PURPLE, "v"),
    "inert": Look(AMBER, "P"),
}
OTHER: Final = Look(MUTED, "o")
LETTER: Final = 0.60  # width over size of an average letter
SMALL: Final = 7.0  # points, for labels beside data
DIRECTIONS: Final = 16
DISTANCES: Final = (4.0, 8.0, 14.0, 22.0, 32.0, 44.0, 58.0, 74.0)  # points
LEADER: Final = 6.5  # points; labels further away get a line to their point


class Named(NamedTuple):
    """A point with the text that is to stand beside it."""

    x: float
    y: float
    text: str
    colour: str


def look(material: Material) -> Look:
    """Return how a material is drawn: by its family."""
    return LOOKS.get(material.family or "", OTHER)


def family_row(figure: Figure, materials: Iterable[Material]) -> None:
    """Name the families of these materials in one row above the panels."""
    present = {m.family or "" for m in materials}
    handles = [
        Line2D(
            [], [], color=look.colour, marker=look.marker, ls="", label=name.replace("_", " ")
        )
        for name, look in LOOKS.items()
        if name in present
    ]
    if handles:
        legend_row(figure, handles)


def label_column(axes: Axes, points: Sequence[Named]) -> None:
    """Write texts in a column at the right, each with a line to its point.

    Args:
        axes: Axes whose limits and size are about final.
        points: In data coordinates, on linear scales.
    """
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    axes.set_xlim(axes.get_xlim())
    tall = axes.bbox.height / axes.figure.dpi * 72
    wanted = [(p.y - low) / (high - low) for p in points]
    for point, height in zip(points, moved_apart(wanted, 1.3 * SMALL / tall), strict=True):
        axes.annotate(
            point.text, (point.x, point.y), xytext=(1.06, height), va="center",
            textcoords="axes fraction", fontsize=SMALL, color=point.colour,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": point.colour, "lw": 0.5, "alpha": 0.6,
                        "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 0},
        )  # fmt: skip


def place_labels(axes: Axes, points: Sequence[Named]) -> None:
    """Write each text beside its point where it covers no other text and no point.

    Call it last: it fixes the limits. Texts are placed one by one, those in the thick of the
    points first; each takes the nearest place that is free.

    Args:
        axes: Axes of a figure whose other parts are complete.
        points: In data coordinates; empty texts only keep their place free.
    """
    figure = axes.get_figure(root=True)
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    if not isinstance(figure, Figure):
        return
    figure.draw_without_rendering()  # settles the size of the axes
    scale = 72.0 / figure.dpi
    page = Bbox(axes.bbox.get_points() * scale)
    spots = axes.transData.transform([(p.x, p.y) for p in points]) * scale
    taken = [Bbox.from_extents(x - 3, y - 3, x + 3, y + 3) for x, y in spots]
    crowd = [sum(hypot(*(a - b)) < 40 for b in spots) for a in spots]
    for index in sorted(range(len(points)), key=lambda n: -crowd[n]):
        text = points[index].text
        if text:
            box, shift = _free_place(spots[index], text, taken, page)
            taken.append(box)
            _write(axes, points[index], shift)


def _free_place(
    spot: np.ndarray, text: str, taken: Sequence[Bbox], page: Bbox
) -> tuple[Bbox, tuple[float, float]]:
    """Return the box of a text at its best place, and the shift of its middle."""
    wide, high = LETTER * SMALL * len(text) + 2, 1.25 * SMALL
    best, least = None, np.inf
    for dx, dy, far in _shifts(wide, high):
        x, y = spot[0] + dx, spot[1] + dy
        box = Bbox.from_extents(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        outside = (
            max(page.x0 - box.x0, 0)
            + max(box.x1 - page.x1, 0)
            + max(page.y0 - box.y0, 0)
            + max(box.y1 - page.y1, 0)
        )
        cost = far + 1e3 * sum(_shared(box, other) for other in taken) + 1e3 * outside
        if cost < least:
            best, least = (box, (dx, dy)), cost
    assert best is not None
    return best


def _shifts(wide: float, high: float) -> Iterator[tuple[float, float, float]]:
    """Shifts of the middle of a text from its point, the nearest first."""
    for far in DISTANCES:
        for turn in range(DIRECTIONS):
            angle = 2 * pi * turn / DIRECTIONS
            yield (
                (far + wide / 2) * cos(angle),
                (far + high / 2) * sin(angle),
                far + 0.1 * turn,
            )


def _shared(one: Bbox, two: Bbox) -> float:
    """Area that two boxes share."""
    wide = min(one.x1, two.x1) - max(one.x0, two.x0)
    high = min(one.y1, two.y1) - max(one.y0, two.y0)
    return max(wide, 0.0) * max(high, 0.0)


def _write(axes: Axes, point: Named, shift: tuple[float, float]) -> None:
    across, up = abs(shift[0]), abs(shift[1])
    aside = across > LEADER + LETTER * SMALL * len(point.text) / 2
    askew = up > SMALL and across > 2 * SMALL  # above or below, but not of the middle
    far = aside or askew or up > LEADER + SMALL
    axes.annotate(
        point.text,
        (point.x, point.y),
        xytext=shift,
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=SMALL,
        color=point.colour,
        arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.5, "shrinkA": 1, "shrinkB": 3}
        if far
        else None,
    ).set_in_layout(False)
