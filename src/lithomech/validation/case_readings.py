"""What cases read out of a simulated cell: one small function for each quantity."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.mechanisms.lithium_voids import REFERENCE_PRESSURE
from lithomech.cell.protocol.order import flatten
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.laws.lithium import critical_stripping_current

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult
    from lithomech.cell.resolve.build import Resolved

Floats = NDArray[np.float64]
CATHODE: Final = "cathode"
CM2: Final = 1e4  # per m2
COMPLETED: Final = "completed"
LEAST_CAPACITY: Final = 1.0  # mAh/g; a ratio over less is one of two cells that do not work
NO_SHORT: Final = "no short before the protocol ends"
VOIDS: Final = "lithium_voids"
NOTHING: Final = "there is no such cycle, or less than 1 mAh/g to compare with"
FEWEST_SPECTRA: Final = 3  # that a line is drawn through
LATE: Final = 0.8  # of a charge: what is left of it is its last fifth


class Simulated(NamedTuple):
    """One cell of a case.

    Attributes:
        model: with every constant of its equations.
        result: of its protocol; None where no quantity of the case needs one.
    """

    model: "Resolved"
    result: "CellResult | None"


class Place(NamedTuple):
    """Where in a run a quantity is read.

    Attributes:
        cycle: its number, from 1.
        reference_cycle: the one that it is compared with.
        at: what the row of the case calls the place: a cycle, a rate in 1/h, or words.
    """

    cycle: int
    reference_cycle: int
    at: float | str


class Reading(NamedTuple):
    """How a quantity is read.

    Attributes:
        unit: of the value.
        value: reads it; None means that this run has no such value.
        needs_run: whether a result is read, not only the cell as assembled.
        missing: why a run that completed may have no such value.
    """

    unit: str
    value: Callable[[Simulated, Place], float | None]
    needs_run: bool = True
    missing: str = "no result of a cell has this quantity so far"


def _cycle(cell: Simulated, number: int) -> Mapping[str, float | None]:
    """Summary of a cycle; empty where all its steps were skipped or the run ended before."""
    if cell.result is None:
        return {}
    steps = Counter(planned.cycle for planned in flatten(cell.model.cell.steps()))
    skipped = Counter(event.cycle for event in cell.result.events if event.name == SKIPPED)
    numbers = [cycle for cycle, count in steps.items() if skipped[cycle] < count]
    unfinished = 0 if cell.result.status == COMPLETED else 1
    whole = cell.result.cycles[: len(cell.result.cycles) - unfinished]
    return dict(zip(numbers, whole, strict=False)).get(number, {})


def _of_cycle(key: str) -> Callable[[Simulated, Place], float | None]:
    """Read one key of the summary of a cycle."""
    return lambda cell, place: _cycle(cell, place.cycle).get(key)


def _ratio(key: str) -> Callable[[Simulated, Place], float | None]:
    """Read one key of the summary of a cycle over that of the reference cycle."""

    def ratio(cell: Simulated, place: Place) -> float | None:
        part = _cycle(cell, place.cycle).get(key)
        whole = _cycle(cell, place.reference_cycle).get(key)
        return part / whole if part is not None and whole else None

    return ratio


def _discharge_ratio(cell: Simulated, place: Place) -> float | None:
    """Discharge capacity of a cycle over that of the reference cycle, if that has one."""
    key = "discharge_capacity_mAh_per_g"
    part = _cycle(cell, place.cycle).get(key)
    whole = _cycle(cell, place.reference_cycle).get(key)
    if part is None or whole is None or whole < LEAST_CAPACITY:
        return None
    return part / whole


def _fade(cell: Simulated, place: Place) -> float | None:
    """Share of the capacity of the reference cycle that each cycle after it loses."""
    ratio = _discharge_ratio(cell, place)
    count = place.cycle - place.reference_cycle
    return (1.0 - ratio) / count if ratio is not None and count else None


def _interface_resistance(side: str) -> Callable[[Simulated, Place], float | None]:
    """Resistance of the interface of one electrode of the whole cell [ohm]."""

    def resistance(cell: Simulated, place: Place) -> float | None:
        value = _cycle(cell, place.cycle).get(f"{side}_interface_resistance_ohm_cm2")
        return None if value is None else value / (CM2 * cell.model.area)

    return resistance


def _interface_capacitance(cell: Simulated, place: Place) -> float | None:
    """Capacitance of the cathode's interface of the whole cell [uF]."""
    value = _cycle(cell, place.cycle).get("cathode_interface_capacitance_uF_per_cm2")
    return None if value is None else value * CM2 * cell.model.area


def _capacity_at_rate(cell: Simulated, place: Place) -> float | None:
    """Capacity [mAh/g] passed in the hold that ends a cycle when its rate falls to `at` [1/h].

    The rate at each moment is the current over the charge passed so far (chronoamperometry).
    """
    if cell.result is None or isinstance(place.at, str) or not len(cell.result.series):
        return None
    columns = cell.result.series.columns
    last = columns["Step Count / 1"][columns["Cycle Count / 1"] == place.cycle].max(initial=0)
    rows = (columns["Cycle Count / 1"] == place.cycle) & (columns["Step Count / 1"] == last)
    hours = columns["Test Time / s"][rows] / 3600.0
    current = -1e3 * columns["Current / A"][rows]  # mA, positive on discharge
    passed = _passed(hours, current)
    found = (passed > 0.0) & (current > 0.0)
    rate = current[found] / passed[found]
    if not len(rate) or not rate.min() <= place.at <= rate.max():
        return None
    falls = np.minimum.accumulate(rate)[::-1]
    charge = np.interp(np.log(place.at), np.log(falls), passed[found][::-1])
    return float(charge) / (1e3 * cell.model.active_mass)


def _passed(time: Floats, current: Floats) -> Floats:
    """Charge passed since the first row, by the trapezoidal rule."""
    return np.append(0.0, np.cumsum(np.diff(time) * 0.5 * (current[1:] + current[:-1])))


def _share_in_last_fifth(cell: Simulated, place: Place) -> float | None:
    """Share of the pressure change of a charge that falls in its last fifth, by charge."""
    if cell.result is None or not len(cell.result.series):
        return None
    columns = cell.result.series.columns
    rows = (columns["Cycle Count / 1"] == place.cycle) & (columns["Current / A"] > 0.0)
    if not rows.any():
        return None
    pressure = columns["Surface Pressure / Pa"][rows]
    passed = _passed(columns["Test Time / s"][rows], columns["Current / A"][rows])
    late = float(np.interp(LATE * passed[-1], passed, pressure))
    change = float(pressure[-1] - pressure[0])
    return (float(pressure[-1]) - late) / change if change else None


def _recovery(cell: Simulated, place: Place) -> float | None:
    """Stack pressure at the end of a cycle less that at the end of its charge [MPa]."""
    cycle = _cycle(cell, place.cycle)
    end, charged = (
        cycle.get("stack_pressure_end_MPa"),
        cycle.get("stack_pressure_end_of_charge_MPa"),
    )
    return None if end is None or charged is None else end - charged


def _conductivity(cell: Simulated, carrier: int) -> float:
    """Effective conductivity of the cathode as assembled [S/m]: of ions (0), electrons (1)."""
    model = cell.model
    table = model.arrays.transport[list(model.classes).index(CATHODE)]
    pressure = max(model.cell.fixture.pressure, 1.0)
    return float(np.exp(np.interp(np.log(pressure), table[0], table[1 + carrier])))


def _ionic_conductivity(cell: Simulated, _place: Place) -> float:
    return 1e-2 * _conductivity(cell, 0)


def _electronic_conductivity(cell: Simulated, _place: Place) -> float:
    return 1e-2 * _conductivity(cell, 1)


def _ionic_resistance(cell: Simulated, _place: Place) -> float:
    """Thickness of the cathode over its ionic conductivity [ohm cm2]."""
    return CM2 * cell.model.thickness[CATHODE] / _conductivity(cell, 0)


def _electronic_resistivity(cell: Simulated, _place: Place) -> float:
    return 1e2 / _conductivity(cell, 1)


def _arc_width(impedance: NDArray[np.complex128]) -> float:
    """Real part from the high-frequency end to the trough between arc and diffusion [ohm].

    Rows from high to low frequency. A trough that lies at either end is no trough: NaN.
    """
    lag = -impedance.imag
    peak = int(np.argmax(lag[:-1] * (np.diff(lag) < 0.0)))
    trough = peak + int(np.argmin(lag[peak:]))
    if not 0 < peak < trough < len(lag) - 1:
        return np.nan
    return float(impedance.real[trough] - impedance.real[0])


def _resistance_growth(cell: Simulated, _place: Place) -> float | None:
    """Slope of the width of the arc against the square root of time [ohm/h^(1/2)].

    Time counts from the end of the charge; the slope is that of a straight line through all
    spectra (least squares).
    """
    if cell.result is None or len(cell.result.impedance) < FEWEST_SPECTRA:
        return None
    charged = next(event.time_s for event in cell.result.events)
    rows = [
        ((one.time_s - charged) / 3600.0, _arc_width(one.impedance_ohm))
        for one in cell.result.impedance
    ]
    hours, widths = np.array(rows).T
    slope = float(np.polyfit(np.sqrt(hours), widths, 1)[0])
    return slope if np.isfinite(slope) else None


def _critical_stripping_current(cell: Simulated, place: Place) -> float | None:
    """What feeds lithium under the cathode at `at` MPa and whole contact [mA/cm2]."""
    found = cell.model.foils[CATHODE].parameters[VOIDS]
    if isinstance(place.at, str) or found is None:
        return None
    supply = critical_stripping_current(
        found.transport, found.creep, 1e6 * place.at, REFERENCE_PRESSURE, found.exponent
    )
    return 0.1 * float(supply)


def _time_to_short(cell: Simulated, _place: Place) -> float | None:
    if cell.result is None or cell.result.status != "short":
        return None
    return cell.result.events[-1].time_s / 3600.0


def _critical_current(cell: Simulated, _place: Place) -> float | None:
    """Current that flowed when the cell shorted [mA/cm2]."""
    if cell.result is None or cell.result.status != "short":
        return None
    return 0.1 * abs(float(cell.result.series.columns["Current / A"][-1])) / cell.model.area


def _potential_at_the_end(name: str) -> Callable[[Simulated, Place], float | None]:
    """Potential of one electrode at the end of the stripping of the one under the cathode."""

    def potential(cell: Simulated, place: Place) -> float | None:
        if cell.result is None or not len(cell.result.series):
            return None
        columns = cell.result.series.columns
        cycles = columns["Cycle Count / 1"]
        rows = (cycles == place.cycle) & (columns["Current / A"] > 0.0)
        return float(columns[name][rows][-1]) if rows.any() else None

    return potential


def _not_in_results(_cell: Simulated, _place: Place) -> None:
    """What no result of a cell has so far."""


READINGS: Final[Mapping[str, Reading]] = {
    "charge_capacity_mAh_per_g": Reading("mAh/g", _of_cycle("charge_capacity_mAh_per_g")),
    "discharge_capacity_mAh_per_g": Reading("mAh/g", _of_cycle("discharge_capacity_mAh_per_g")),
    "discharge_capacity_at_rate": Reading(
        "mAh/g", _capacity_at_rate, missing="the hold does not pass this rate"
    ),
    "first_efficiency": Reading("1", _of_cycle("coulombic_efficiency")),
    "retention": Reading("1", _discharge_ratio, missing=NOTHING),
    "rate_ratio": Reading("1", _discharge_ratio, missing=NOTHING),
    "fade_per_cycle": Reading("1", _fade, missing=NOTHING),
    "stack_pressure_swing_MPa": Reading("MPa", _of_cycle("stack_pressure_swing_MPa")),
    "share_in_last_fifth": Reading("1", _share_in_last_fifth),
    "recovery_MPa": Reading("MPa", _recovery),
    # of case L2, whose spectra show the films apart from charge transfer
    "interface_resistance_ohm_cm2": Reading(
        "ohm*cm^2", _of_cycle("cathode_film_resistance_ohm_cm2")
    ),
    "interface_capacitance_uF": Reading("uF", _interface_capacitance),
    "cathode_interface_resistance_ohm": Reading("ohm", _interface_resistance(CATHODE)),
    "lithium_resistance_ohm": Reading("ohm", _interface_resistance("anode")),
    "warburg_coefficient_ratio": Reading(
        "1", _ratio("cathode_warburg_coefficient_ohm_cm2_per_sqrt_s")
    ),
    "interface_resistance_ratio": Reading("1", _ratio("cathode_interface_resistance_ohm_cm2")),
    "resistance_growth_ohm_per_sqrt_h": Reading(
        "ohm/h^0.5", _resistance_growth, missing="there is no arc in front of the diffusion"
    ),
    "critical_stripping_current_mA_per_cm2": Reading(
        "mA/cm^2", _critical_stripping_current, needs_run=False
    ),
    "critical_current_mA_per_cm2": Reading("mA/cm^2", _critical_current, missing=NO_SHORT),
    "reachable_capacity_mAh_per_cm2": Reading(
        "mAh/cm^2", _of_cycle("discharge_capacity_mAh_per_cm2")
    ),
    "share_that_comes_back": Reading("1", _of_cycle("coulombic_efficiency")),
    "time_to_short_h": Reading("h", _time_to_short, missing=NO_SHORT),
    "stripping_potential_end_V": Reading(
        "V", _potential_at_the_end("Positive Electrode Potential / V")
    ),
    "plating_potential_end_V": Reading(
        "V", _potential_at_the_end("Negative Electrode Potential / V")
    ),
    "energy_density_Wh_per_L": Reading("Wh/L", _of_cycle("energy_density_Wh_per_L")),
    "capacity_Ah": Reading("A*h", _of_cycle("capacity_Ah")),
    "utilisation": Reading("1", _not_in_results, needs_run=False),
    "ionic_resistance_ohm_cm2": Reading("ohm*cm^2", _ionic_resistance, needs_run=False),
    "electronic_resistivity_ohm_cm": Reading(
        "ohm*cm", _electronic_resistivity, needs_run=False
    ),
    "ionic_conductivity_S_per_cm": Reading("S/cm", _ionic_conductivity, needs_run=False),
    "electronic_conductivity_S_per_cm": Reading(
        "S/cm", _electronic_conductivity, needs_run=False
    ),
}
