"""Figures of a cell result. Current and charge are positive on charge, potentials vs Li/Li+."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from lithomech.cell.readout.quantities import outputs
from lithomech.observe.differential import FEWEST, slope
from lithomech.observe.half_cycles import HalfCycle, half_cycles
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.plot.impedance import nyquist
from lithomech.plot.losses import budget
from lithomech.plot.pressiometry import slopes
from lithomech.plot.style import (
    BLUE,
    GREEN,
    MOST_CURVES,
    MUTED,
    PALETTE,
    VERMILION,
    Label,
    chosen,
    label_ends,
    labelled_curves,
    legend_row,
    new_figure,
    styled,
    time_axis,
    widen,
)

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

Band: TypeAlias = tuple[float, float]
Bands: TypeAlias = Mapping[str, Sequence[Band | None]]
COULOMB_PER_MAH: Final = 3.6
MOST_CLASSES: Final = 4
MOST_CYCLE_LINES: Final = 12  # more would hide the curves
LEAST_SPAN: Final = 0.02  # MPa; a smaller pressure range is not worth an axis of its own
NEGLIGIBLE: Final = 5e-3  # of the largest thickness change; such lines are left out
NO_CRACKS: Final = 1e-6
LEAST_CAPACITY: Final = 10.0  # mAh/g, span of the axis
LEAST_AREAL: Final = 0.1  # mAh/cm2
LEAST_EFFICIENCY: Final = 2.0  # %, span of the axis
CHARGE_LABEL: Final = "Net charge passed in the cycle (mAh)"


def figures(result: "CellResult", bands: Bands | None = None) -> dict[str, Figure]:
    """Draw every figure that this result has data for.

    Args:
        result: A finished run, whatever its status.
        bands: Lowest and highest value of a quantity in each cycle, by its key.

    Returns:
        Figures by name; the names are fit for file names.
    """
    drawn = _against_time(result) if len(result.series) else {}
    if len(result.cycles) > 1:
        drawn["cycles"] = cycling(result, bands)
    if result.losses.shows:
        drawn["losses"] = budget(result.losses)
    if result.impedance:
        drawn["impedance"] = nyquist(result.impedance, result.series)
    return drawn


def _against_time(result: "CellResult") -> dict[str, Figure]:
    """The figures that need the rows of the series, which a run may be asked not to keep."""
    drawn = {"voltage_pressure_time": voltage_pressure_time(result)}
    if half_cycles(result.series):
        drawn["voltage_pressure_charge"] = voltage_pressure_charge(result)
        if np.ptp(result.series.stack_pressure) > 1e6 * LEAST_SPAN:
            drawn["pressure_slope"] = pressure_slope(result)
    for side in ("cathode", "anode"):
        if f"{side}_contact_fraction" in result.profiles:
            drawn[f"{side}_profiles"] = contact_and_cracks(result, side)
    if any(np.any(change) for change in result.ledger.values()):
        drawn["thickness"] = thickness(result)
    drawn["electrode_potentials"] = electrode_potentials(result)
    return drawn


@styled
def voltage_pressure_time(result: "CellResult") -> Figure:
    """Voltage and stack pressure against time, cycles separated by thin lines."""
    series = result.series
    time, label = time_axis(series.time)
    figure = new_figure(3.9)
    upper, lower = figure.subplots(2, sharex=True)
    upper.plot(time, series.voltage, color=BLUE)
    upper.set_ylabel(_voltage_label(result))
    lower.plot(time, series.stack_pressure / 1e6, color=VERMILION)
    lower.set_ylabel("Stack pressure (MPa)")
    widen(lower, LEAST_SPAN)
    lower.set_xlabel(label)
    upper.margins(x=0)
    lower.margins(x=0)
    _mark_cycles((upper, lower), time, series.cycle)
    figure.align_ylabels()
    return figure


@styled
def voltage_pressure_charge(result: "CellResult") -> Figure:
    """Voltage and stack pressure against the net charge passed, one colour per cycle."""
    series = result.series
    figure = new_figure(3.0)
    left, right = figure.subplots(1, 2, sharex=True)
    halves, colours = _shown(half_cycles(series))
    for half in halves:
        look: dict[str, Any] = {
            "color": colours[half.cycle], "ls": "-" if half.is_charge else (0, (4, 1.5))
        }  # fmt: skip
        charge = half.charge / COULOMB_PER_MAH
        left.plot(charge, series.voltage[half.rows], **look)
        right.plot(charge, series.stack_pressure[half.rows] / 1e6, **look)
    left.set_ylabel(_voltage_label(result))
    right.set_ylabel("Stack pressure (MPa)")
    widen(right, LEAST_SPAN)
    figure.supxlabel(CHARGE_LABEL, fontsize="medium")
    present = {half.is_charge for half in halves}
    directions = [
        Line2D([], [], color=MUTED, ls=look, label=text)
        for is_charge, look, text in (
            (True, "-", "charge"),
            (False, (0, (4, 1.5)), "discharge"),
        )
        if is_charge in present
    ]
    legend_row(figure, [*_cycle_handles(colours), *directions])
    return figure


def pressure_slope(result: "CellResult") -> Figure:
    """DP/dQ along each charge and discharge: spline through block averages, with its band."""
    return slopes(
        [slope(s) for s in signals_over_charge(result.series) if s.along.size >= FEWEST]
    )


@styled
def contact_and_cracks(result: "CellResult", side: str) -> Figure:
    """Contact fraction and crack area across a composite electrode, by class of particles.

    Args:
        result: A finished run.
        side: ``cathode`` or ``anode``.
    """
    classes = result.classes[side][:MOST_CLASSES]
    position = result.profiles[f"{side}_position_m"] * 1e6
    contact, cracks = (
        outputs().profiles["contact_fraction"],
        outputs().profiles["crack_area_fraction"],
    )
    rows = [contact]
    if result.profiles[f"{side}_{cracks.key}"].max() > NO_CRACKS:
        rows.append(cracks)
    figure = new_figure(0.7 + 1.6 * len(rows))
    panels = figure.subplots(len(rows), len(classes), sharex=True, sharey="row", squeeze=False)
    instants = _instants(result)
    for profile, line in zip(rows, panels, strict=True):
        values = profile.factor * result.profiles[f"{side}_{profile.key}"]
        for number, axes in enumerate(line):
            for (row, _), colour in zip(instants, (MUTED, VERMILION, BLUE), strict=False):
                axes.plot(position, values[row, :, number], color=colour)
            axes.margins(x=0)
        line[0].set_ylabel(f"{profile.label} ({profile.shown_unit})")
        line[0].set_ylim(bottom=0)
    panels[0, 0].set_ylim(top=105)
    for axes, name in zip(panels[0], classes, strict=True):
        axes.set_title(name.replace(" um", " µm"))
    note = f"; {len(classes)} of {len(result.classes[side])} classes shown"
    note = note if len(classes) < len(result.classes[side]) else ""
    figure.supxlabel(f"Distance from the separator (µm){note}", fontsize="medium")
    legend_row(
        figure,
        [
            Line2D([], [], color=colour, label=text)
            for (_, text), colour in zip(instants, (MUTED, VERMILION, BLUE), strict=False)
        ],
    )
    figure.align_ylabels()
    return figure


@styled
def thickness(result: "CellResult") -> Figure:
    """Thickness changes by layer and cause; their sum is the displacement of the fixture."""
    time, label = time_axis(result.series.time)
    layers: dict[str, dict[str, NDArray[np.float64]]] = {}
    largest = max((float(np.ptp(v)) for v in result.ledger.values()), default=0.0)
    for (layer, cause), change in result.ledger.items():
        if np.ptp(change) > NEGLIGIBLE * largest:
            layers.setdefault(layer, {})[cause.replace(" um ", " µm ")] = change * 1e6
    # Inches of each panel: enough for the names of its curves, one under the other.
    heights = [
        max(1.0, 0.17 * (count + 1)) for count in (*map(len, layers.values()), len(layers))
    ]
    figure = new_figure(0.5 + sum(heights) + 0.36 * len(heights))
    panels = figure.subplots(len(heights), sharex=True, squeeze=False, height_ratios=heights)[
        :, 0
    ]
    for axes, (layer, causes) in zip(panels, layers.items(), strict=False):
        curves = dict(causes)
        if len(curves) > 1:
            curves["together"] = np.sum(list(causes.values()), axis=0)
        labelled_curves(axes, time, curves, last_is_sum=len(causes) > 1)
        axes.set_title(layer.capitalize())
    sums = {layer: np.sum(list(causes.values()), axis=0) for layer, causes in layers.items()}
    total = np.sum(list(result.ledger.values()), axis=0) * 1e6
    labelled_curves(panels[-1], time, {**sums, "fixture": total}, last_is_sum=True)
    panels[-1].set_title("All layers = displacement of the fixture")
    panels[-1].set_xlabel(label)
    panels[-1].margins(x=0)
    figure.supylabel("Thickness change (µm)", fontsize="medium")
    return figure


@styled
def electrode_potentials(result: "CellResult") -> Figure:
    """Potential of each electrode against Li/Li+, as a third electrode would measure them."""
    series = result.series
    time, label = time_axis(series.time)
    figure = new_figure(3.9)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=(3, 2))
    upper.plot(time, series.positive_potential, color=VERMILION)
    upper.set_ylabel("Positive electrode\n(V vs Li/Li⁺)")
    lower.plot(time, series.negative_potential, color=BLUE)
    lower.set_ylabel("Negative electrode\n(V vs Li/Li⁺)")
    lower.set_xlabel(label)
    upper.margins(x=0)
    lower.margins(x=0)
    _mark_cycles((upper, lower), time, series.cycle)
    figure.align_ylabels()
    return figure


@styled
def cycling(result: "CellResult", bands: Bands | None = None) -> Figure:
    """Capacity, coulombic efficiency and stack pressure of each cycle, with their bands.

    Where cycles were skipped, points mark those that were simulated.
    """
    number = np.arange(1, len(result.cycles) + 1)
    figure = new_figure(4.6)
    panels = figure.subplots(3, sharex=True, height_ratios=(3, 2, 3))
    weighed = any(c["charge_capacity_mAh_per_g"] is not None for c in result.cycles)
    basis, least = ("g", LEAST_CAPACITY) if weighed else ("cm2", LEAST_AREAL)
    curves = (
        (f"charge_capacity_mAh_per_{basis}", "charge", BLUE, panels[0]),
        (f"discharge_capacity_mAh_per_{basis}", "discharge", VERMILION, panels[0]),
        ("coulombic_efficiency", "", GREEN, panels[1]),
        ("stack_pressure_end_of_charge_MPa", "end of charge", BLUE, panels[2]),
        ("stack_pressure_end_MPa", "end of cycle", VERMILION, panels[2]),
    )
    labels: dict[Axes, list[Label]] = {axes: [] for axes in panels}
    simulated = [n for n, c in enumerate(result.cycles) if c["simulated"] != 0.0]
    marked = len(number) <= 60 or len(simulated) < len(number)
    look: dict[str, Any] = {"marker": "o" if marked else "", "markevery": simulated}
    units: dict[Axes, str] = {}
    for key, text, colour, axes in curves:
        quantity = outputs().cycle[key]
        units[axes] = quantity.shown_unit
        values = quantity.factor * np.array([c[key] for c in result.cycles], dtype=float)
        axes.plot(number, values, color=colour, **look)
        _shade(axes, (bands or {}).get(key, ()), quantity.factor, colour)
        finite = values[np.isfinite(values)]
        if text and finite.size:
            labels[axes].append(Label(finite[-1], text, colour))
    names = ("Capacity", "Coulombic\nefficiency", "Stack pressure")
    for axes, name, span in zip(
        panels, names, (least, LEAST_EFFICIENCY, LEAST_SPAN), strict=True
    ):
        axes.set_ylabel(f"{name} ({units[axes]})")
        widen(axes, span)
        label_ends(axes, labels[axes])
    panels[-1].set_xlabel("Cycle")
    panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.align_ylabels()
    return figure


def _shade(axes: Axes, band: Sequence[Band | None], factor: float, colour: str) -> None:
    """Draw the band of a curve, cycle by cycle."""
    if any(ends is not None for ends in band):
        low, high = np.array([ends or (np.nan, np.nan) for ends in band]).T
        cycles = np.arange(1, len(band) + 1)
        axes.fill_between(cycles, factor * low, factor * high, color=colour, alpha=0.2, lw=0)


def _voltage_label(result: "CellResult") -> str:
    return (
        "Cell voltage (V)"
        if result.input.get("reference") == "cell"
        else "Voltage vs Li/Li⁺ (V)"
    )


def _shown(halves: tuple[HalfCycle, ...]) -> tuple[list[HalfCycle], dict[int, str]]:
    """Half cycles of at most six cycles, and the colour of each of these cycles."""
    cycles = sorted({half.cycle for half in halves})
    picked = [cycles[index] for index in chosen(len(cycles))]
    colours: dict[int, str] = dict(zip(picked, PALETTE, strict=False))
    return [half for half in halves if half.cycle in colours], colours


def _cycle_handles(colours: dict[int, str]) -> list[Line2D]:
    """Legend entries "cycle 1", "5", "9": the word once, so that six fit in a row."""
    words = ["cycle ", *[""] * len(colours)]
    return [
        Line2D([], [], color=colour, label=f"{word}{cycle}")
        for word, (cycle, colour) in zip(words, colours.items(), strict=False)
    ]


def _mark_cycles(
    panels: tuple[Axes, ...], time: NDArray[np.float64], cycle: NDArray[Any]
) -> None:
    """Separate the cycles by thin lines and number them above the first panel."""
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(cycle)) + 1])
    if not 1 < firsts.size <= MOST_CYCLE_LINES:
        return
    word = "cycle " if firsts.size <= MOST_CURVES else ""
    for row in firsts:
        for axes in panels:
            axes.axvline(float(time[row]), color=MUTED, lw=0.7, ls=(0, (2, 2)))
        panels[0].annotate(
            f"{word}{int(cycle[row])}",
            xy=(time[row], 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, 2),
            textcoords="offset points",
            color=MUTED,
            fontsize="small",
        )


def _instants(result: "CellResult") -> list[tuple[int, str]]:
    """Rows at the start, at the end of the first charge and of the last discharge."""
    halves = half_cycles(result.series)
    charges = [half for half in halves if half.is_charge]
    discharges = [half for half in halves if not half.is_charge]
    instants = [(0, "start")]
    if charges:
        instants.append((int(charges[0].rows[-1]), "end of first charge"))
    if discharges:
        instants.append((int(discharges[-1].rows[-1]), "end of last discharge"))
    return instants
