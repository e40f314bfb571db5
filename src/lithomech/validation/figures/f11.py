"""Fig. 11: the state of charge read from the stack pressure."""

from typing import TYPE_CHECKING, Final

import numpy as np

from lithomech.observe.differential import difference, slope
from lithomech.observe.pressiometry import signals_over_charge
from lithomech.observe.state_of_charge import milestones, state_of_charge
from lithomech.observe.timeseries import TimeSeries
from lithomech.plot.paper import TWO, Curve, Pane, panes
from lithomech.plot.style import GREEN, MUTED
from lithomech.validation.figures.drawing import KPA, MAH, Look, Potential, along_charge
from lithomech.validation.figures.panel import Panel, Reading, Results
from lithomech.validation.runs import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.observe.differential import Signal, Slope

RATIOS: Final = ("1.2", "1.4", "1.7")
PRESSURE: Final = "Surface Pressure / Pa"
NOISE, STEP, DRAWS = 5e3, 7.4e3, 8  # Pa, Pa: those of a load cell; and how often it is read
# as QL-022 is judged
CELLS: Final = {
    **{ratio: Run("cell", "ncm_graphite", {"anode.n_p_ratio": ratio}) for ratio in RATIOS},
    "reference": Run("cell", "ncm_lto"),
}


def _graphite(full: TimeSeries, reference: TimeSeries) -> "list[Signal]":
    """Charge and discharge of the second cycle, less the cell with LTO."""
    pairs = zip(signals_over_charge(full), signals_over_charge(reference), strict=True)
    return [difference(own, other) for own, other in pairs if own.cycle == 2]


def _pressures(results: Results) -> "Figure":
    reference = results["reference"].series
    columns = {f"n/p = {r}": _column(results[r].series, reference) for r in RATIOS}
    words = ("Voltage (V)", "ΔP graphite\n(kPa)", "dP/dQ\n(kPa/mAh)")
    grid = []
    for down, word in enumerate(words):
        labels = (word, *[""] * (len(columns) - 1))
        row = [
            Pane("Charge passed (mAh)", label, column[down], (), "" if down else title)
            for label, (title, column) in zip(labels, columns.items(), strict=True)
        ]
        grid.append(row)
    return panes(grid, 1.35)


def _column(full: TimeSeries, reference: TimeSeries) -> list[list[Curve]]:
    """Voltage, pressure of graphite and its slope, over both halves of the second cycle."""
    rows: list[list[Curve]] = [[], [], []]
    signals = _graphite(full, reference)
    for name, signal, colour in zip(("charge", "discharge"), signals, TWO, strict=True):
        voltage = _voltage(full, is_charge=signal.is_charge)
        curves = along_charge(signal, voltage, Look(name, colour))
        for row, curve in zip(rows, curves, strict=True):
            row.append(curve)
        found = slope(signal).extrema()
        marks = np.array([(e.place / MAH, e.slope * MAH / KPA) for e in found])
        if marks.size:
            rows[-1].append(Curve(marks[:, 0], marks[:, 1], "extrema", MUTED, "o"))
    return rows


def _voltage(series: TimeSeries, *, is_charge: bool) -> Potential:
    """Voltage along a half of the second cycle."""
    halves = signals_over_charge(series)
    charge = next(h.along for h in halves if h.cycle == 2 and h.is_charge == is_charge)
    sign = 1.0 if is_charge else -1.0
    rows = np.flatnonzero((series.cycle == 2) & (sign * series.current > 0.0))
    return Potential(charge, series.voltage[rows][-charge.size :])


def _read_back(results: Results, ratio: str) -> np.ndarray:
    """True state of charge and the one that is read [%], shape (2, n)."""
    reference, full = results["reference"].series, results[ratio].series
    clean = [slope(signal) for signal in _graphite(full, reference)]
    known = [milestones(one) for one in clean]
    chance, read = np.random.default_rng(11), []
    for _ in range(DRAWS):
        seen = _graphite(_measured(full, chance), _measured(reference, chance))
        for number, (signal, marks) in enumerate(zip(seen, known, strict=True)):
            for reading in state_of_charge(slope(signal), marks):
                true = _state(clean[number], reading.place)
                read.append((true, 100.0 * reading.state_of_charge))
    return np.array(read).T


def _measured(series: TimeSeries, chance: np.random.Generator) -> TimeSeries:
    """The same series through a noisy load cell with a coarse readout."""
    noisy = series.stack_pressure + NOISE * chance.standard_normal(len(series))
    return TimeSeries({**series.columns, PRESSURE: STEP * np.round(noisy / STEP)})


def _state(curve: "Slope", along: float) -> float:
    """True state of charge [%] of a place along a half cycle."""
    done = along / curve.signal.along[-1]
    return 100.0 * (done if curve.signal.is_charge else 1.0 - done)


def _states(results: Results) -> "Figure":
    row = []
    for ratio in RATIOS:
        true, read = _read_back(results, ratio)
        off = float(np.median(np.abs(true - read)))
        curves = [
            Curve((0.0, 100.0), (0.0, 100.0), "exact", MUTED, "--"),
            Curve(true, read, "read from the pressure", GREEN, "o"),
        ]
        label = "State of charge read (%)" if ratio == RATIOS[0] else ""
        title = f"n/p {ratio}, error {off:.1f} %"
        row.append(Pane("True state of charge (%)", label, curves, (), title))
    return panes([row], 2.2)


def _ratios(results: Results) -> tuple[Reading, ...]:
    low, high = (float(results[r].cell.anode.n_p_ratio) for r in (RATIOS[0], RATIOS[-1]))
    return (
        Reading("Q-119", "np_ratio", low, "given", "lowest"),
        Reading("Q-119", "np_ratio", high, "given", "highest"),
    )


PANELS: Final = (
    Panel(
        id="F11a-c",
        title="Pressiometry of NCM | graphite at three n/p.",
        claims=("F-043", "Q-119", "QL-022", "QL-005", "QL-006"),
        caption=(
            "Second cycle at 0.1C and 30 °C: voltage, pressure of graphite (full cell less "
            "that with LTO) and its slope with its extrema."
        ),
        draw=_pressures,
        runs=CELLS,
        read=_ratios,
        constants=("graphite.volume_strain", "ncm811.volume_strain"),
    ),
    Panel(
        id="F11d-f",
        title="State of charge read from the pressure, at three n/p.",
        claims=("F-044", "QL-022"),
        caption=(
            "Extrema of the slope, found again through 5 kPa of noise and a readout in steps "
            f"of 7.4 kPa, {DRAWS} times each (errors: medians); "
            "the paper marks single estimates."
        ),
        draw=_states,
        runs=CELLS,
        constants=("graphite.volume_strain", "graphite.open_circuit_potential"),
    ),
)
