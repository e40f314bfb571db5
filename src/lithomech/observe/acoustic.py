"""Acoustic emission: hits sorted into bands of peak frequency, and when they come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.analysis import COMPLETED, AbstractAnalysis, Quantity
from lithomech.observe.half_cycles import half_cycles
from lithomech.observe.hits import Hits
from lithomech.observe.inputs import Series, hits_of, series_of
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

STEPS: Final = 300  # of the search for edges; over the sorted logarithms
MOST_BANDS: Final = 8
VOLTAGE_STEP: Final = 0.05  # V


@final
@dataclass(frozen=True)
class Acoustic(AbstractAnalysis):
    """Hits with their bands.

    Attributes:
        hits: in order of time.
        edges: between the bands [Hz], increasing, shape (bands - 1,).
        band: of each hit, from 0, shape (n,).
        separation: share of the spread of log frequency that the bands explain.
        series: of the cell that was listened to, or None.
        voltage: of the cell at each hit [V]; nan without a series.
        cycle: of the cell at each hit; 0 without a series.
        charging: 1 on charge, -1 on discharge, 0 at rest or without a series.
    """

    status: str
    reason: str
    warnings: tuple[str, ...]
    hits: Hits = field(repr=False)
    edges: Floats
    band: Whole = field(repr=False)
    separation: float
    series: TimeSeries | None = field(repr=False)
    voltage: Floats = field(repr=False)
    cycle: Whole = field(repr=False)
    charging: Whole = field(repr=False)

    @property
    def bands(self) -> int:
        """Number of bands."""
        return len(self.edges) + 1

    def cumulative(self, band: int) -> tuple[Floats, Whole]:
        """Times of the hits of a band [s], and how many there are up to each."""
        time = self.hits.time[self.band == band]
        return time, np.arange(1, time.size + 1)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Hits by band."""
        quantities = [Quantity("Hits", float(self.hits.time.size), "")]
        for k in range(self.bands):
            inside = self.hits.frequency[self.band == k]
            centre = float(np.median(inside)) if inside.size else float("nan")
            quantities.append(
                Quantity(
                    f"Hits of band {k + 1}",
                    float(inside.size),
                    "",
                    note=f"around {centre / 1e3:.3g} kHz",
                )
            )
        quantities += [
            Quantity(f"Edge {k + 1}", edge / 1e3, "kHz")
            for k, edge in enumerate(self.edges.tolist())
        ]
        quantities.append(Quantity("Spread that the bands explain", 100 * self.separation, "%"))
        return tuple(quantities)

    def tables(self) -> dict[str, dict[str, NDArray[Any]]]:
        """One row per hit; hits by cycle; hits by voltage."""
        tables: dict[str, dict[str, NDArray[Any]]] = {
            "hits": {
                "Test Time / s": self.hits.time,
                "Peak Frequency / Hz": self.hits.frequency,
                "Amplitude / V": self.hits.amplitude,
                "Energy / 1": self.hits.energy,
                "band": self.band + 1,
                "Voltage / V": self.voltage,
                "Cycle Count / 1": self.cycle,
            }
        }
        if self.series is not None:
            cycles = np.unique(self.cycle)
            tables["cycles"] = {"Cycle Count / 1": cycles} | {
                f"hits of band {k + 1}": np.array(
                    [np.sum((self.cycle == c) & (self.band == k)) for c in cycles]
                )
                for k in range(self.bands)
            }
            tables["voltages on charge"] = self._over_voltage()
        return tables

    def _over_voltage(self) -> dict[str, NDArray[Any]]:
        on = (self.charging > 0) & np.isfinite(self.voltage)
        if not on.any():
            return {"Voltage / V": np.zeros(0)}
        low = np.floor(self.voltage[on].min() / VOLTAGE_STEP)
        high = np.ceil(self.voltage[on].max() / VOLTAGE_STEP)
        edges = np.arange(low, max(high, low + 1) + 1) * VOLTAGE_STEP
        return {"Voltage / V": 0.5 * (edges[1:] + edges[:-1])} | {
            f"hits of band {k + 1}": np.histogram(self.voltage[on & (self.band == k)], edges)[0]
            for k in range(self.bands)
        }

    def plot(self) -> "Figure":
        """Draw hits, bands and cumulative activity."""
        from lithomech.plot.acoustic import activity  # noqa: PLC0415  the upward reference

        return activity(self)


def acoustic(
    hits: Hits | str | Path,
    bands: int | Sequence[float] = 3,
    series: Series | None = None,
) -> Acoustic:
    """Sort hits into bands of their peak frequency, and join them with the cell.

    Args:
        hits: that were heard; or a file of them.
        bands: how many; the edges are found so that the logarithms within a band differ least.
            Or the edges themselves [Hz], increasing.
        series: of the cell; its time has the same origin.

    Raises:
        InputError: bands that cannot be.

    References:
        Schweidler2020 (bands of frequency in acoustic emission of LiNiO2 cells).

    Examples:
        >>> import lithomech as lm
        >>> lm.acoustic("measured/hits.pridb", bands=3).status
        'completed'
    """
    hits, series = hits_of(hits), None if series is None else series_of(series)
    log = np.log(hits.frequency)
    if isinstance(bands, int):
        if not 1 <= bands <= MOST_BANDS:
            raise InputError(f"{bands} bands; allowed: 1 to {MOST_BANDS}")
        if np.unique(log).size < bands:
            raise InputError(
                f"{np.unique(log).size} different frequencies are no {bands} bands"
            )
        edges = np.exp(_edges(np.sort(log), bands))
    else:
        edges = np.asarray(bands, np.float64)
        if edges.ndim != 1 or np.any(edges <= 0.0) or np.any(np.diff(edges) <= 0.0):
            raise InputError("edges of bands have to increase from above 0 Hz")
    band = np.searchsorted(edges, hits.frequency, side="right").astype(np.int64)
    total = float(np.sum((log - log.mean()) ** 2))
    within = sum(
        float(np.sum((log[band == k] - log[band == k].mean()) ** 2)) for k in np.unique(band)
    )
    separation = 1.0 - within / total if total > 0.0 else 0.0
    warnings = list(hits.notes)
    if isinstance(bands, int) and bands > 1 and separation < 0.8:
        warnings.append(f"{bands} bands explain only {100 * separation:.0f} % of the spread")
    voltage, cycle, charging = _joined(hits.time, series)
    reason = f"{hits.time.size} hits in {len(edges) + 1} bands"
    return Acoustic(
        COMPLETED,
        reason,
        tuple(warnings),
        hits,
        edges,
        band,
        separation,
        series,
        voltage,
        cycle,
        charging,
    )


def damage_activity(series: TimeSeries, damage: Floats, name: str) -> Acoustic:
    """What a simulated cell would be heard doing: a hit for every step of its crack damage.

    Args:
        series: of the simulated cell.
        damage: crack damage over its rows, shape (rows,).
        name: of the result.

    Raises:
        InputError: nothing cracked.
    """
    grown = np.maximum.accumulate(np.nan_to_num(damage))
    step = (grown[-1] - grown[0]) / STEPS if grown.size else 0.0
    if not step > 0.0:
        raise InputError("nothing cracked in this result, so there are no acoustic hits")
    levels = grown[0] + step * (np.arange(STEPS) + 0.5)
    rows = np.searchsorted(grown, levels)
    time = series.time[np.clip(rows, 0, len(series) - 1)]
    same = np.ones(STEPS)
    note = (
        "hits stand for equal steps of the simulated crack damage; their frequency is made up"
    )
    hits = Hits(time, 1e5 * same, np.nan * same, step * same, name, (note,))
    return acoustic(hits, 1, series)


def _edges(log: Floats, bands: int) -> Floats:
    """Edges that leave the least squares within the bands (Jenks), by dynamic programming."""
    n = log.size
    places = np.unique(np.linspace(0, n, min(n, STEPS) + 1).astype(int))
    first = np.concatenate([[0.0], np.cumsum(log)])[places]
    second = np.concatenate([[0.0], np.cumsum(log**2)])[places]
    count = places[None, :] - places[:, None]
    with np.errstate(all="ignore"):
        cost = (
            second[None, :] - second[:, None] - (first[None, :] - first[:, None]) ** 2 / count
        )
    cost = np.where(count > 0, np.maximum(cost, 0.0), np.inf)
    best, back = cost[0], []
    for _ in range(bands - 1):
        through = best[:, None] + cost
        back.append(np.argmin(through, axis=0))
        best = np.min(through, axis=0)
    cut, cuts = len(places) - 1, []
    for table in reversed(back):
        cut = int(table[cut])
        cuts.append(places[cut])
    cuts = sorted(cuts)
    return np.array([0.5 * (log[c - 1] + log[c]) for c in cuts])


def _joined(time: Floats, series: TimeSeries | None) -> tuple[Floats, Whole, Whole]:
    """Voltage, cycle and direction of the cell at the times of the hits."""
    nothing = np.zeros(time.size, np.int64)
    if series is None:
        return np.full(time.size, np.nan), nothing, nothing
    inside = (time >= series.time[0]) & (time <= series.time[-1])
    voltage = np.where(inside, np.interp(time, series.time, series.voltage), np.nan)
    row = np.clip(np.searchsorted(series.time, time, side="right") - 1, 0, len(series) - 1)
    way = np.zeros(len(series), np.int64)
    for half in half_cycles(series):
        way[half.rows] = 1 if half.is_charge else -1
    cycle = np.where(inside, series.cycle[row], 0).astype(np.int64)
    return voltage, cycle, np.where(inside, way[row], 0)
