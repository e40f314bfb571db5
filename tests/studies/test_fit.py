"""Fits against curves whose parameters are known exactly.

The cell is replaced by a function of its parameters, except where the test says so.
"""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.errors import InputError
from lithomech.studies.fit import run_fit
from lithomech.studies.members import Member
from lithomech.studies.spec.fit import load_fit

CELL = "ncm88_lpscl_liin"
ONE, TWO = "materials.ncm88.diffusivity.scale", "materials.ncm88.exchange_current_density.scale"
LOG = {"from": 0.1, "to": 10.0, "scale": "log"}
TIME = np.linspace(0.0, 100.0, 41)
NOISE = 2e-3


def separate(one, two, time):
    """Two parameters that the curve tells apart."""
    return 3.6 + 0.1 * np.log(one) * time / 100.0 + 0.1 * two * np.exp(-time / 20.0)


def product(one, two, time):
    """Only the product of both is seen."""
    return 3.6 + 0.02 * one * two * time / 100.0


def blind(one, _two, time):
    """The second parameter is not seen."""
    return 3.6 + 0.02 * one * time / 100.0


@pytest.fixture
def replaced(monkeypatch):
    """Replace the run of a member by a curve of its two parameters; text is a status."""

    def replace(curve):
        def run(_self, values, readings, _is_stopped):
            point = tuple(values.values())
            if isinstance(outcome := curve(*map(float, point), 0.0), str):
                nothing = dict.fromkeys((one.name for one in readings), None)
                return Member(point, outcome, "it broke", nothing, None, 1e-4)
            outputs = {
                one.name: float(curve(*map(float, point), one.read.time)) for one in readings
            }
            return Member(point, "completed", "", outputs, "hash", 1e-4)

        monkeypatch.setattr("lithomech.studies.subjects.Subject.run", run)

    return replace


def written(folder, values):
    file = folder / "measured.csv"
    table = np.column_stack([TIME, values])
    np.savetxt(file, table, delimiter=",", header="Test Time / s,Voltage / V", comments="")
    return file


def declared(file, **changes):
    data = [{"file": str(file), "fit": "voltage", "noise": {"voltage": "2 mV"}}]
    wanted = {"base": CELL, "data": data, "parameters": {ONE: LOG, TWO: LOG}}
    return load_fit(wanted | changes)


def measured(folder, curve, truth, seed=0):
    noise = np.random.default_rng(seed).normal(0.0, NOISE, TIME.size)
    return written(folder, curve(*truth, TIME) + noise)


def test_the_truth_lies_inside_the_intervals(replaced, tmp_path):
    replaced(separate)
    result = run_fit(declared(measured(tmp_path, separate, (2.0, 0.5))))
    for row, truth in zip(result.parameters, (2.0, 0.5), strict=True):
        assert row.verdict == "determined"
        assert row.low < truth < row.high
    assert not result.warnings
    assert not result.open_combinations


def test_intervals_are_those_of_linear_regression(replaced, tmp_path):
    """Where the curve is linear in the logarithms, least squares has an exact answer."""

    def linear(one, two, time):
        return 3.6 + 0.1 * np.log(one) * time / 100.0 + 0.1 * np.log(two)

    replaced(linear)
    file = measured(tmp_path, linear, (2.0, 0.5))
    result = run_fit(declared(file))
    values = np.loadtxt(file, delimiter=",", skiprows=1)[:, 1]
    matrix = 0.1 * np.column_stack([TIME / 100.0, np.ones(TIME.size)])
    best = np.linalg.lstsq(matrix, values - 3.6, rcond=None)[0]
    deviation = np.sqrt(np.diag(np.linalg.inv(matrix.T @ matrix))) * NOISE
    residual = (values - 3.6 - matrix @ best) / NOISE
    widened = 1.6448536 * deviation * np.sqrt(max(1.0, residual @ residual / (TIME.size - 2)))
    for row, middle, half in zip(result.parameters, best, widened, strict=True):
        assert_allclose(np.log(row.value), middle, atol=0.02 * half)
        assert_allclose(np.log([row.low, row.high]), [middle - half, middle + half], rtol=0.02)


def test_a_pair_that_cannot_be_reported_apart_is_reported_as_such(replaced, tmp_path):
    replaced(product)
    result = run_fit(declared(measured(tmp_path, product, (2.0, 0.8))))
    assert [row.verdict for row in result.parameters] == ["not determined", "not determined"]
    assert all(row.value is row.low is row.high is None for row in result.parameters)
    (one,) = result.open_combinations
    assert one.keys == (ONE, TWO)
    assert "only their product is known" in one.words
    assert one.words in result.answers
    assert json.loads(json.dumps(result.to_json()))["parameters"][0]["value"] is None


def test_a_curve_that_saturates_gives_one_end(replaced, tmp_path):
    """Beyond 2 or so the first parameter makes no difference any more."""

    def saturating(one, two, time):
        return separate(1.0, two, time) - 0.1 * np.exp(-5.0 * one) * time / 100.0

    replaced(saturating)
    result = run_fit(declared(measured(tmp_path, saturating, (5.0, 0.5))))
    row = result.parameters[0]
    assert row.verdict in {"at least", "on its upper bound"}
    assert row.value is row.high is None
    assert 0.3 < row.low < 5.0


def test_a_parameter_that_is_not_seen_has_no_value(replaced, tmp_path):
    replaced(blind)
    result = run_fit(declared(measured(tmp_path, blind, (2.0, 1.0))))
    seen, unseen = result.parameters
    assert seen.verdict == "determined"
    assert unseen.verdict == "not determined"
    assert unseen.value is None
    assert f"the data do not tell {TWO}" in result.answers


def test_a_parameter_on_its_bound_is_reported(replaced, tmp_path):
    """The truth lies above the allowed range."""
    replaced(separate)
    narrow = {ONE: LOG | {"to": 1.5}, TWO: LOG}
    file = measured(tmp_path, separate, (2.0, 0.5))
    result = run_fit(declared(file, parameters=narrow))
    assert result.parameters[0].verdict == "on its upper bound"
    assert result.parameters[0].value is None
    assert any("on its upper bound, 1.5" in line for line in result.answers)


def test_members_that_fail_are_data(replaced, tmp_path):
    def fragile(one, two, time):
        return "short" if one > 5.0 else separate(one, two, time)

    replaced(fragile)
    result = run_fit(declared(measured(tmp_path, separate, (4.0, 0.5))))
    assert result.parameters[0].low < 4.0 < result.parameters[0].high
    assert result.found.failed > 0
    assert any("did not complete" in line and "it broke" in line for line in result.warnings)


def test_a_model_that_does_not_fit_is_reported(replaced, tmp_path):
    replaced(separate)
    file = written(tmp_path, separate(2.0, 0.5, TIME) + 0.05 * np.sin(TIME))
    result = run_fit(declared(file))
    assert any("the model or the noise is wrong" in line for line in result.warnings)


def test_nothing_that_completes_is_an_error(replaced, tmp_path):
    replaced(lambda *_: "short")
    with pytest.raises(lm.SolveError, match="it broke"):
        run_fit(declared(written(tmp_path, TIME)))


def test_a_stopped_fit_goes_on_from_its_journal(replaced, tmp_path):
    replaced(separate)
    fit = declared(measured(tmp_path, separate, (2.0, 0.5)))
    whole = run_fit(fit)

    def stop(_share, text):
        if text.startswith("1"):  # ten members or more
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_fit(fit, tmp_path / "out", progress=stop)
    again = run_fit(fit, tmp_path / "out")
    assert again.parameters == whole.parameters
    replaced(lambda *_: "short")  # all is in the journal now
    assert run_fit(fit, tmp_path / "out").parameters == whole.parameters


def test_a_real_cell_gives_its_stiffness_and_diffusion_back(tmp_path):
    """Two parameters from voltage and stack pressure of a short charge."""
    steps = ["Charge at 0.5C for 20 minutes"]
    truth = {ONE: 0.6, "fixture.stiffness": "0.25 MPa/um"}
    settings = {"protocol": steps, "output.points": 20, "solver.nodes": 6, "solver.shells": 12}
    result = lm.run(lm.load_cell(CELL, settings | truth))
    draw, time = np.random.default_rng(3), np.linspace(30.0, 1170.0, 39)
    voltage = np.interp(time, result.time, result.voltage) + draw.normal(0, 2e-3, time.size)
    pressure = np.interp(time, result.time, result.stack_pressure)
    pressure += draw.normal(0, 5e3, time.size)
    file = tmp_path / "cell.csv"
    names = ("Test Time / s", "Voltage / V", "Surface Pressure / Pa")
    columns = dict(zip(names, (time, voltage, pressure), strict=True))
    lm.TimeSeries(columns).to_bdf(file)
    noise = {"voltage": "2 mV", "stack_pressure": "5 kPa"}
    stiffness = {"from": "0.05 MPa/um", "to": "2 MPa/um", "scale": "log"}
    fit = load_fit(
        {
            "base": CELL,
            "set": settings,
            "data": [{"file": str(file), "fit": ["voltage", "stack_pressure"], "noise": noise}],
            "parameters": {ONE: LOG, "fixture.stiffness": stiffness},
            "method": {"starts": 3},
        }
    )
    found = run_fit(fit)
    for row, expected in zip(found.parameters, (0.6, 0.25), strict=True):
        assert row.low < expected < row.high
    again = lm.run(found.cell)
    assert_allclose(np.interp(time, again.time, again.voltage), found.found.predicted[0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parameters": {"fixture.presure": LOG}}, "parameters.*presure.*unknown key"),
        ({"parameters": {ONE: {"from": 1.0, "to": 0.5}}}, "first end must be less"),
        ({"parameters": {ONE: LOG | {"scale": "whole", "from": 1}}}, "linear or a log scale"),
        ({"parameters": {}}, "parameters.*at least 1"),
        ({"method": {"starts": 0}}, "starts.*at least 1"),
        ({"method": {"fit": "guess"}}, "guess"),
        ({"base": "ncm88_random"}, "no cell"),
        ({"data": []}, "data.*at least 1"),
    ],
)
def test_bad_input_is_one_line(tmp_path, changes, message):
    with pytest.raises(InputError, match=message) as caught:
        declared(written(tmp_path, TIME), **changes)
    assert len(caught.value.mistakes) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": "nowhere.csv"}, "nowhere.csv"),
        ({"fit": "charm"}, "charm.*allowed: 'voltage'"),
        ({"fit": ["voltage", "stack_pressure"]}, "noise.stack_pressure: is missing"),
        ({"noise": {}}, "noise.voltage: is missing"),
        ({"noise": {"voltage": "2 kPa"}}, "kPa"),
        ({"noise": {"voltage": "0 mV"}}, "more than 0"),
        ({"noise": {"voltage": "2 mV", "stack_pressure": "1 kPa"}}, "is not fitted here"),
        (
            {"fit": "stack_pressure", "noise": {"stack_pressure": "5 kPa"}},
            "no 'Surface Pressure / Pa'",
        ),
    ],
)
def test_bad_data_are_one_line(tmp_path, changes, message):
    plain = {"file": str(written(tmp_path, TIME)), "fit": "voltage"}
    one = plain | {"noise": {"voltage": "2 mV"}} | changes
    with pytest.raises(InputError, match=message) as caught:
        declared("", data=[one])
    assert len(caught.value.mistakes) == 1


@pytest.mark.deep
def test_intervals_of_a_real_cell_hold_the_truth_as_often_as_they_say(tmp_path):
    """Of 20 intervals of 90 %, counting expects 14 to 20 in 998 of 1000 cases (binomial)."""
    script = Path(__file__).parents[2] / "benchmarks" / "fit_coverage.py"
    inside = runpy.run_path(str(script))["held"](range(20), tmp_path)
    assert np.all(inside.sum(axis=0) >= 14)


@pytest.mark.deep
def test_intervals_hold_the_truth_as_often_as_they_say(replaced, tmp_path):
    """Of 40 intervals of 90 %, counting expects 31 to 40 in 99 of 100 cases (binomial)."""
    replaced(separate)
    held = 0
    for seed in range(20):
        result = run_fit(declared(measured(tmp_path, separate, (2.0, 0.5), seed)))
        for row, truth in zip(result.parameters, (2.0, 0.5), strict=True):
            held += row.low < truth < row.high
    assert 31 <= held <= 40
