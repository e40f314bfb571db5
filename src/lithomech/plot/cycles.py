"""Figures of cycles: voltage curves, dQ/dV, capacity, efficiency and pressure over cycles."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from lithomech.observe.cycles import Cycles
from lithomech.plot.style import (
    INK,
    MUTED,
    PALETTE,
    VERMILION,
    chosen,
    legend_row,
    new_figure,
    styled,
    widen,
)

MAH: Final = 3.6  # C
LEAST_PERCENT: Final = 1.0  # that an axis of efficiencies shows
LEAST_KPA: Final = 5.0
SCALES: Final = (("mAh_per_g", "mAh/g"), ("mAh_per_cm2", "mAh/cm²"), ("mAh", "mAh"))


@styled
def overview(found: Cycles) -> Figure:
    """Voltage curves and dQ/dV of some cycles; of several cycles also what changes over them.

    Args:
        found: cycles of one series.
    """
    many = found.columns["cycle"].size > 1
    pressed = "stack_pressure_start_MPa" in found.columns
    figure = new_figure(5.4 if many else 3.1)
    grid = figure.add_gridspec(2 if many else 1, 6)
    _voltage(figure.add_subplot(grid[0, :3]), found)
    _differential(figure.add_subplot(grid[0, 3:]), found)
    if many:
        wide = 2 if pressed else 3
        _capacity(figure.add_subplot(grid[1, :wide]), {"": found})
        _efficiency(figure.add_subplot(grid[1, wide : 2 * wide]), {"": found})
        if pressed:
            _pressure(figure.add_subplot(grid[1, 4:]), found)
    legend_row(figure, _legend(found))
    return figure


@styled
def voltage_curves(found: Cycles) -> Figure:
    """Voltage over the capacity passed in each charge and discharge."""
    figure = new_figure(3.4, 4.6)
    _voltage(figure.subplots(), found)
    legend_row(figure, _legend(found))
    return figure


@styled
def differential(found: Cycles) -> Figure:
    """dQ/dV over the voltage, discharges downwards."""
    figure = new_figure(3.4, 4.6)
    _differential(figure.subplots(), found)
    legend_row(figure, _legend(found))
    return figure


@styled
def side_by_side(found: Mapping[str, Cycles]) -> Figure:
    """Capacities and efficiencies of several series over the cycles.

    Args:
        found: by the name of the series; of more than six the first six are drawn.
    """
    figure = new_figure(3.1)
    left, right = figure.subplots(1, 2)
    _capacity(left, found)
    _efficiency(right, found)
    handles = [
        Line2D([], [], color=colour, marker="o", label=name)
        for name, colour in zip(found, PALETTE, strict=False)
    ]
    legend_row(figure, handles)
    return figure


def _colours(found: Cycles) -> dict[int, str]:
    """Colours of at most six cycles."""
    cycles = list(dict.fromkeys(curve.cycle for curve in found.curves))
    shown = [cycles[index] for index in chosen(len(cycles))]
    return dict(zip(shown, PALETTE, strict=False))


def _legend(found: Cycles) -> list[Line2D]:
    colours = _colours(found)
    return [Line2D([], [], color=c, label=f"cycle {n}") for n, c in colours.items()]


def _unit(found: Cycles) -> tuple[str, str, float]:
    """End of the key, words and charge [C] of the unit of capacity that the series has."""
    key, words = next(
        scale for scale in SCALES if f"charge_capacity_{scale[0]}" in found.columns
    )
    half = "charge" if found.columns["charge_capacity_mAh"][0] > 0.0 else "discharge"
    plain, scaled = (found.columns[f"{half}_capacity_{unit}"][0] for unit in ("mAh", key))
    return key, words, MAH * float(plain / scaled)


def _voltage(axes: Axes, found: Cycles) -> None:
    _, words, unit = _unit(found)
    colours = _colours(found)
    for curve in found.curves:
        if curve.cycle in colours:
            axes.plot(curve.charge / unit, curve.voltage, color=colours[curve.cycle])
    axes.set_xlabel(f"Capacity passed in each ({words})")
    axes.set_ylabel("Voltage (V)")


def _differential(axes: Axes, found: Cycles) -> None:
    _, words, unit = _unit(found)
    colours = _colours(found)
    for curve in found.curves:
        if curve.cycle in colours:
            slope = (1.0 if curve.is_charge else -1.0) * curve.slope / unit
            axes.plot(curve.middle, slope, color=colours[curve.cycle])
    axes.axhline(0, color=MUTED, lw=0.7)
    axes.set_xlabel(f"Voltage (V); mean over {1e3 * found.window:g} mV")
    axes.set_ylabel(f"dQ/dV ({words}/V)")
    axes.set_title("discharges below 0")


def _capacity(axes: Axes, found: Mapping[str, Cycles]) -> None:
    """Charges hollow, discharges full."""
    scales = [_unit(one)[:2] for one in found.values()]
    key, words = scales[0] if len(set(scales)) == 1 else ("mAh", "mAh")
    highest = 0.0
    for one, colour in zip(found.values(), PALETTE, strict=False):
        number = one.columns["cycle"]
        for half, face in (("charge", "white"), ("discharge", colour)):
            values = one.columns[f"{half}_capacity_{key}"]
            highest = max(highest, float(np.max(values, initial=0.0, where=values > 0.0)))
            axes.plot(number, values, "o", color=colour, mfc=face)
    axes.set_ylim(0.0, 1.1 * highest)
    _over_cycles(axes, f"Capacity ({words})", "○ charge, ● discharge")


def _efficiency(axes: Axes, found: Mapping[str, Cycles]) -> None:
    for one, colour in zip(found.values(), PALETTE, strict=False):
        number = one.columns["cycle"]
        coulombic = 100.0 * one.columns["coulombic_efficiency"]
        axes.plot(number, coulombic, "o", color=colour)
        axes.plot(number, 100.0 * one.columns["energy_efficiency"], "x", color=colour)
    widen(axes, LEAST_PERCENT)
    _over_cycles(axes, "Efficiency (%)", "● coulombic, × energy")


def _pressure(axes: Axes, found: Cycles) -> None:
    number = found.columns["cycle"]
    for key, colour, marker in (
        ("stack_pressure_start_MPa", INK, "o"),
        ("stack_pressure_end_of_charge_MPa", VERMILION, "^"),
    ):
        axes.plot(number, found.columns[key], marker, color=colour, mfc="white")
    widen(axes, 1e-3 * LEAST_KPA)
    _over_cycles(axes, "Stack pressure (MPa)", "△ end of charge, ○ start")


def _over_cycles(axes: Axes, label: str, title: str) -> None:
    axes.set_xlabel("Cycle")
    axes.set_ylabel(label)
    axes.set_title(title)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
