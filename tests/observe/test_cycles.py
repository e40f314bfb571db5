"""Cycles counted, and what each passes: by hand, of a made-up test, and of a simulated cell."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.observe.cycles import cycles
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

HOUR = 3600.0
CHARGE, REST, DISCHARGE = (1.0, 2e-3, 3.0, 4.0), (1.0, 0.0, 3.6, 3.6), (0.95, -2e-3, 3.8, 2.8)


def series(*steps, column=None, pressure=None, rows=21):
    """Steps of (hours, A, V at start, V at end), and the cycle number of each."""
    start, parts = 0.0, []
    for n, (hours, current, first, last) in enumerate(steps):
        ones = np.ones(rows)
        number = (column[n] if column else 1) * ones
        p = np.linspace(*(pressure[n] if pressure else (0.0, 0.0)), rows)
        time = start + HOUR * np.linspace(0.0, hours, rows)
        parts.append((time, current * ones, np.linspace(first, last, rows), number, p))
        start = time[-1]
    time, current, voltage, number, p = (np.concatenate(c) for c in zip(*parts, strict=True))
    columns = {"Test Time / s": time, "Current / A": current, "Voltage / V": voltage}
    if column:
        columns["Cycle Count / 1"] = number.astype(np.int64)
    if pressure:
        columns["Surface Pressure / Pa"] = p
    return TimeSeries(columns)


def counted(found):
    columns = (found.columns[key].tolist() for key in ("cycle", "halves"))
    return list(zip(*columns, strict=True))


def test_one_cycle_by_hand():
    """2 mA for 1 h from 3 to 4 V, and for 0.95 h from 3.8 to 2.8 V."""
    pressure = [(5e6, 5.4e6), (5.4e6, 5.4e6), (5.4e6, 5e6), (5e6, 4.99e6)]
    made = series(CHARGE, REST, DISCHARGE, REST, pressure=pressure)
    found = cycles(made, mass=10e-6, area=1e-4)
    columns = {key: values[0] for key, values in found.columns.items() if key != "halves"}
    expected = {
        "cycle": 1,
        "charge_capacity_mAh": 2.0,
        "discharge_capacity_mAh": 1.9,
        "charge_capacity_mAh_per_g": 200.0,
        "discharge_capacity_mAh_per_g": 190.0,
        "charge_capacity_mAh_per_cm2": 2.0,
        "discharge_capacity_mAh_per_cm2": 1.9,
        "coulombic_efficiency": 0.95,
        "charge_energy_mWh": 7.0,
        "discharge_energy_mWh": 6.27,
        "energy_efficiency": 6.27 / 7.0,
        "mean_charge_voltage_V": 3.5,
        "mean_discharge_voltage_V": 3.3,
        "stack_pressure_start_MPa": 5.0,
        "stack_pressure_end_of_charge_MPa": 5.4,
        "stack_pressure_end_MPa": 4.99,
        "stack_pressure_swing_MPa": 0.4,
        "stack_pressure_drift_MPa": -0.01,
    }
    assert list(columns) == list(expected)
    assert_allclose(list(columns.values()), list(expected.values()), rtol=1e-12)
    charge, discharge = found.curves
    assert_allclose(charge.slope, 2e-3 * HOUR, rtol=1e-9)  # 1 V over 2 mAh
    assert_allclose(discharge.slope, 1.9e-3 * HOUR, rtol=1e-9)
    assert_allclose(discharge.charge[[0, -1]], [0.0, 1.9e-3 * HOUR], rtol=1e-12)
    assert found.reason == "1 complete cycle, counted by the sign of the current"
    assert not found.warnings


def test_a_pressure_that_falls_on_charge_swings_down():
    pressure = [(5e6, 4.7e6), (4.7e6, 4.7e6), (4.7e6, 5e6)]
    found = cycles(series(CHARGE, REST, DISCHARGE, pressure=pressure))
    assert_allclose(found.columns["stack_pressure_swing_MPa"], -0.3, rtol=1e-12)


def test_the_end_of_charge_keeps_its_own_pressure():
    """Where the current stops the pressure may jump: two rows of one time."""
    pressure = [(5e6, 5.3e6), (5.4e6, 5.4e6), (5.4e6, 5e6)]
    found = cycles(series(CHARGE, REST, DISCHARGE, pressure=pressure))
    assert_allclose(found.columns["stack_pressure_end_of_charge_MPa"], 5.3, rtol=1e-12)
    assert_allclose(found.columns["stack_pressure_swing_MPa"], 0.3, rtol=1e-12)


def test_holds_pulses_and_rests_do_not_split():
    hold = [(0.2, 1e-3, 4.0, 4.0), (0.2, 2e-4, 4.0, 4.0), (0.2, 4e-5, 4.0, 4.0)]
    slow = (10.0, 1e-4, 3.0, 3.9)  # formation at a fiftieth of what follows
    formation = [slow, REST, (10.0, -1e-4, 3.9, 3.0), REST]
    pulses = [(0.1, 2e-3, 3.5, 3.6), (2.0, 0.0, 3.55, 3.52)] * 10
    back = [(0.1, -2e-3, 3.6, 3.5), (2.0, 0.0, 3.52, 3.55)] * 10
    resistance = [(10.0 / HOUR, -5e-3, 3.7, 3.6)]  # a pulse of ten seconds the other way
    made = series(*formation, CHARGE, *hold, REST, DISCHARGE, *pulses, *back, CHARGE,
                  *resistance, CHARGE, DISCHARGE, DISCHARGE)  # fmt: skip
    found = cycles(made)
    assert counted(found) == [(n, "charge and discharge") for n in (1, 2, 3, 4)]
    assert_allclose(found.columns["charge_capacity_mAh"], [1.0, 2.248, 2.0, 4.0], rtol=0.01)


def test_noise_at_rest_is_no_current():
    made = series(CHARGE, REST, DISCHARGE, REST, CHARGE, rows=400)
    noise = 1e-5 * np.random.default_rng(0).standard_normal(len(made))  # half a per cent
    noisy = TimeSeries(made.columns | {"Current / A": made.current + noise})
    found = cycles(noisy)
    assert counted(found) == [(1, "charge and discharge"), (2, "charge only")]
    assert_allclose(found.columns["charge_capacity_mAh"], 2.0, rtol=3e-3)  # half of the noise


def test_a_discharge_first_and_a_half_at_the_end():
    made = series(DISCHARGE, CHARGE, DISCHARGE, CHARGE)
    found = cycles(made)
    assert counted(found) == [
        (1, "discharge only"),
        (2, "charge and discharge"),
        (3, "charge only"),
    ]
    assert "2 half cycles (1: discharge only, 3: charge only)" in found.reason
    assert "--begins discharge" in found.warnings[0]
    turned = cycles(made, discharge_first=True)
    assert counted(turned) == [(1, "charge and discharge"), (2, "charge and discharge")]
    assert_allclose(turned.columns["coulombic_efficiency"], 2.0 / 1.9, rtol=1e-12)
    assert not turned.warnings


def test_swing_of_a_cycle_that_begins_with_its_discharge():
    pressure = [(5.5e6, 5.1e6), (5.1e6, 5.4e6)]
    found = cycles(series(DISCHARGE, CHARGE, pressure=pressure), discharge_first=True)
    assert_allclose(found.columns["stack_pressure_swing_MPa"], 0.3, rtol=1e-12)
    assert_allclose(found.columns["stack_pressure_drift_MPa"], -0.1, rtol=1e-12)


STEPS = (CHARGE, REST, DISCHARGE, REST, CHARGE, REST, DISCHARGE)


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        ((5, 5, 5, 5, 6, 6, 6), [5, 6]),
        ((0, 0, 0, 1, 1, 1, 1), [0, 1]),
        ((2, 2, 2, 2, 9, 9, 9), [2, 9]),  # some were not exported
    ],
)
def test_a_good_cycle_column_counts(column, numbers):
    found = cycles(series(*STEPS, column=column))
    assert found.columns["cycle"].tolist() == numbers
    assert "with their own numbers" in found.reason
    assert not found.warnings


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ((1, 1, 1, 1, 1, 1, 1), ""),  # says nothing
        ((1, 1, 2, 2, 3, 3, 4), "has a number for each charge and each discharge"),
        ((2, 2, 2, 2, 1, 1, 1), "falls from 2 to 1"),
    ],
)
def test_a_cycle_column_that_contradicts_the_current(column, words):
    found = cycles(series(*STEPS, column=column))
    assert counted(found) == [(1, "charge and discharge"), (2, "charge and discharge")]
    assert "by the sign of the current" in found.reason
    assert [words in text for text in found.warnings] == ([True] if words else [])


def test_a_cycle_column_that_splits_or_joins():
    split = series(CHARGE, CHARGE, DISCHARGE, column=(1, 2, 2))
    assert "changes from 1 to 2 within one charge" in cycles(split).warnings[0]
    twice = (CHARGE, DISCHARGE, CHARGE, DISCHARGE, CHARGE, DISCHARGE)
    joined = cycles(series(*twice, column=(1, 1, 1, 1, 2, 2)))
    assert "has more than one charge in cycle 1" in joined.warnings[0]
    assert joined.columns["cycle"].tolist() == [1, 2, 3]


def test_a_file_of_one_late_cycle_keeps_its_number():
    found = cycles(series(CHARGE, DISCHARGE, column=(37, 37)))
    assert found.columns["cycle"].tolist() == [37]


def test_truth_of_the_made_up_test():
    truth = measured.cycling_test()
    names = ("Test Time / s", "Current / A", "Voltage / V", "Surface Pressure / Pa")
    found = cycles(TimeSeries(dict(zip(names, truth, strict=False))))
    assert found.columns["halves"].tolist() == ["charge and discharge"] * 4 + ["charge only"]
    # trapezoids over the hold: 30 rows
    assert_allclose(found.columns["charge_capacity_mAh"] * 3.6, truth.charge, rtol=1e-3)
    discharge = found.columns["discharge_capacity_mAh"] * 3.6
    assert_allclose(discharge[:4], truth.discharge[:4], rtol=1e-3)
    assert_allclose(found.columns["coulombic_efficiency"][:4], measured.COULOMBIC, rtol=1e-3)
    fine = np.linspace(*measured.LIMITS, 20001)
    mean = np.trapezoid(fine - measured.LAG, measured.charge_at(fine))
    assert_allclose(found.columns["mean_discharge_voltage_V"][:4], mean, rtol=1e-5)
    swing = found.columns["stack_pressure_swing_MPa"]
    assert_allclose(swing[0], measured.SWING / 1e6, rtol=1e-9)
    drift = next(q for q in found.quantities if q.name == "Pressure drift")
    assert_allclose(drift.value, measured.CREPT / 1e3, rtol=1e-6)


def test_slope_over_voltage_is_the_truth_averaged_over_its_window():
    truth = measured.cycling_test(cycles=1)
    names = ("Test Time / s", "Current / A", "Voltage / V")
    made = TimeSeries(dict(zip(names, truth, strict=False)))
    found = cycles(made, window=0.02)
    assert found.window == 0.02
    charge, discharge = found.curves[:2]
    for curve, lag, capacity in (
        (charge, 0.0, measured.CYCLED),
        (discharge, measured.LAG, truth.discharge[0]),
    ):
        v = curve.middle + lag
        mean = (measured.charge_at(v + 0.01) - measured.charge_at(v - 0.01)) / 0.02
        inside = (v > 3.02) & (v < 4.18)
        assert_allclose(curve.slope[inside], capacity * mean[inside], rtol=0.02)
    # the hold at 4.2 V is no peak
    assert charge.slope[-1] < 1.1 * measured.CYCLED * measured.charge_slope(4.2)


def test_noise_of_the_voltage_moves_no_charge():
    """The integral over all windows is the charge passed, whatever the noise."""
    truth = measured.cycling_test(cycles=1, rows=4000)
    noise = 1.5e-3 * np.random.default_rng(1).standard_normal(truth.time.size)
    columns = {"Test Time / s": truth.time, "Current / A": truth.current}
    found = cycles(TimeSeries(columns | {"Voltage / V": truth.voltage + noise}))
    curve = found.curves[1]
    assert_allclose(found.window, 0.02)  # nine steps of 1.7 mV between rows, rounded up
    v = curve.middle + measured.LAG
    inside = (v > 3.05) & (v < 4.15)
    expected = truth.discharge[0] * measured.charge_slope(v[inside])
    assert_allclose(curve.slope[inside], expected, rtol=0.2)
    whole = np.trapezoid(curve.slope, curve.middle)
    assert_allclose(whole, truth.discharge[0], rtol=0.01)


def test_gaps_between_cycles_pass_nothing():
    """Results that keep every tenth cycle: no charge flows in what is missing."""
    first, second = series(CHARGE, DISCHARGE), series(CHARGE, DISCHARGE)
    columns = {
        name: np.concatenate([first.columns[name], second.columns[name]])
        for name in ("Current / A", "Voltage / V")
    }
    columns["Test Time / s"] = np.concatenate([first.time, 1e6 + second.time])
    columns["Cycle Count / 1"] = np.repeat([1, 11], len(first))
    found = cycles(TimeSeries(columns))
    assert found.columns["cycle"].tolist() == [1, 11]
    assert_allclose(found.columns["charge_capacity_mAh"], 2.0, rtol=1e-12)
    assert_allclose(found.columns["discharge_capacity_mAh"], 1.9, rtol=1e-12)


def test_cells_missing_in_the_file():
    made = series(CHARGE, DISCHARGE, pressure=[(1e6, 2e6), (2e6, 1e6)])
    holes = {name: values.copy() for name, values in made.columns.items()}
    holes["Voltage / V"][3] = holes["Current / A"][7] = np.nan
    holes["Surface Pressure / Pa"][[0, 20, 21]] = np.nan
    found = cycles(TimeSeries(holes))
    assert_allclose(found.columns["charge_capacity_mAh"], 2.0, rtol=1e-12)
    assert np.isfinite(found.columns["stack_pressure_swing_MPa"]).all()


def test_a_logger_without_the_steps_of_the_cycler():
    """A row per half hour: where the current turns, a quarter of an hour of each."""
    time = HOUR * np.arange(0.0, 3.5, 0.5)
    columns = {"Test Time / s": time, "Current / A": 3e-4 * np.repeat([1.0, -1.0], [4, 3])}
    found = cycles(TimeSeries(columns | {"Voltage / V": np.full(7, 3.0)}))
    assert_allclose(found.columns["charge_capacity_mAh"], 0.3 * 1.75, rtol=1e-12)
    assert_allclose(found.columns["discharge_capacity_mAh"], 0.3 * 1.25, rtol=1e-12)


def test_input_that_cannot_be():
    with pytest.raises(InputError, match="no current flows"):
        cycles(series(REST))
    with pytest.raises(InputError, match="the mass must be above 0, got -1"):
        cycles(series(CHARGE), mass=-1.0)
    with pytest.raises(InputError, match="no column 'Voltage / V'"):
        cycles(TimeSeries({"Test Time / s": np.arange(3.0), "Current / A": np.ones(3)}))


def test_many_rows_are_thinned_but_keep_their_ends():
    found = cycles(series(CHARGE, DISCHARGE, rows=5000))
    curve = found.curves[0]
    assert curve.charge.size <= 200
    assert_allclose(curve.voltage[[0, -1]], [3.0, 4.0], rtol=1e-12)
    halves = found.tables()["voltage curves"]["half"]
    assert_array_equal(halves[[0, -1]], ["charge", "discharge"])
