"""Posteriors of curves that are linear in the parameters: they are normal."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.app import cli
from lithomech.errors import InputError
from lithomech.files.yamlfile import dump_yaml
from lithomech.studies.executors import Threads
from lithomech.studies.fit import run_fit
from lithomech.studies.members import Member
from lithomech.studies.posterior import SumOfSquares, load_posterior, weighted_quantiles
from lithomech.studies.spec.fit import load_fit

CELL = "ncm88_lpscl_liin"
ONE, TWO = "materials.ncm88.diffusivity.scale", "materials.ncm88.exchange_current_density.scale"
LOG = {"from": 0.1, "to": 10.0, "scale": "log"}
TIME, NOISE = np.linspace(0.0, 100.0, 41), 2e-3


def curve(one, two, time):
    return 3.6 + 0.01 * np.log(one) * time / 100.0 + 0.01 * np.log(two)


@pytest.fixture
def counted(monkeypatch):
    """The run of a member is the curve; it counts how often it is run."""
    runs = []

    def run(_self, values, readings, _is_stopped):
        runs.append(tuple(map(float, values.values())))
        one, two = runs[-1]
        if one > 9.0:
            nothing = dict.fromkeys((reading.name for reading in readings), None)
            return Member(tuple(values.values()), "short", "it broke", nothing, None, 1e-4)
        outputs = {}
        for reading in readings:
            if isinstance(reading.read, SumOfSquares):
                (channel,) = reading.read.channels
                off = (curve(one, two, channel.at) - channel.measured) / channel.noise
                outputs[reading.name] = float(off @ off)
            else:
                outputs[reading.name] = float(curve(one, two, reading.read.time))
        return Member(tuple(values.values()), "completed", "", outputs, "hash", 1e-4)

    monkeypatch.setattr("lithomech.studies.subjects.Subject.run", run)
    return runs


@pytest.fixture
def declared(tmp_path):
    values = curve(2.0, 0.5, TIME) + np.random.default_rng(4).normal(0.0, NOISE, TIME.size)
    file = tmp_path / "measured.csv"
    table, head = np.column_stack([TIME, values]), "Test Time / s,Voltage / V"
    np.savetxt(file, table, delimiter=",", header=head, comments="")
    data = [{"file": str(file), "fit": "voltage", "noise": {"voltage": "2 mV"}}]
    method = {"starts": 2, "posterior": "nested", "live_points": 100}
    return {"base": CELL, "data": data, "parameters": {ONE: LOG, TWO: LOG}, "method": method}


def exact(fit):
    """Mean and covariance of the logarithms, and the logarithm of the evidence."""
    values = fit.channels[0].measured - 3.6
    matrix = 0.01 * np.column_stack([TIME / 100.0, np.ones(TIME.size)])
    best, (rest,) = np.linalg.lstsq(matrix, values, rcond=None)[:2]
    scatter = max(1.0, rest / NOISE**2 / (TIME.size - 2))
    covariance = np.linalg.inv(matrix.T @ matrix) * NOISE**2 * scatter
    peak = -0.5 * rest / NOISE**2 / scatter
    volume = 2.0 * np.pi * np.sqrt(np.linalg.det(covariance)) / np.log(100.0) ** 2
    return best, covariance, peak + np.log(volume)


@pytest.mark.usefixtures("counted")
def test_the_posterior_of_a_linear_curve_is_the_normal_one(declared):
    fit = load_fit(declared)
    posterior = run_fit(fit).posterior
    mean, covariance, evidence = exact(fit)
    logs = np.log(posterior.values)
    own = posterior.weights @ logs
    spread = (logs - own).T @ ((logs - own) * posterior.weights[:, None])
    deviation = np.sqrt(np.diag(covariance))
    assert_allclose((own - mean) / deviation, 0.0, atol=4.0 / np.sqrt(posterior.effective))
    assert_allclose(np.sqrt(np.diag(spread)), deviation, rtol=0.15)
    value, error = posterior.log_evidence
    assert abs(value - evidence) < 4.0 * error
    for row, middle, half in zip(posterior.rows, mean, 1.645 * deviation, strict=True):
        assert_allclose(
            np.log([row.low, row.high]), [middle - half, middle + half], atol=half / 4
        )
    assert posterior.members < 10_000


@pytest.mark.deep
def test_a_stopped_posterior_goes_on_and_workers_do_not_matter(
    counted, declared, tmp_path, capfd
):
    fit = load_fit(declared)
    whole = run_fit(fit, workers=Threads(1)).posterior
    needed, folder = len(counted), tmp_path / "out"

    def stop(_share, text):
        if text.startswith("posterior") and len(counted) > needed + 700:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_fit(fit, folder, progress=stop)
    before = len(counted)
    assert "Traceback" not in capfd.readouterr().err
    again = run_fit(fit, folder, Threads(3)).posterior
    assert len(counted) - before < needed - 600
    assert_allclose(again.values, whole.values, rtol=0.0)
    assert_allclose(again.weights, whole.weights, rtol=0.0)


@pytest.mark.usefixtures("counted")
def test_a_posterior_is_written_read_and_drawn(declared, tmp_path, capsys):
    file, out = tmp_path / "fit.yaml", tmp_path / "out"
    file.write_text(dump_yaml(declared), encoding="utf-8")
    assert cli.main(["fit", str(file), "--out", str(out)]) == 0
    assert f"posterior, {ONE}: " in capsys.readouterr().out
    posterior = load_posterior(out / "posterior.json")
    assert_allclose(posterior.weights.sum(), 1.0)
    assert posterior.keys == (ONE, TWO)
    assert posterior.bands[0].low.shape == TIME.shape
    assert np.all(posterior.bands[0].low <= posterior.bands[0].high)
    for name in ("corner", "predictions"):
        assert (out / "figures" / f"{name}.png").stat().st_size > 1e4
    assert "effective samples" in (out / "report.html").read_text(encoding="utf-8")


def test_weighted_quantiles_of_equal_weights_are_the_plain_ones():
    values = np.random.default_rng(1).normal(size=4001)
    even = np.full(values.size, 1.0 / values.size)
    expected = np.quantile(values, [0.05, 0.5, 0.95], method="hazen")
    assert_allclose(weighted_quantiles(values, even, (0.05, 0.5, 0.95)), expected, rtol=1e-9)


def test_what_is_no_posterior_is_one_line(tmp_path):
    file = tmp_path / "other.json"
    for text in ("{}", "[1]", "nothing"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="is no posterior of a fit"):
            load_posterior(file)


def test_a_posterior_without_its_extra_is_one_line(counted, declared, monkeypatch):
    monkeypatch.setitem(sys.modules, "dynesty", None)
    with pytest.raises(InputError, match=r"pip install 'lithomech\[bayes\]'"):
        run_fit(load_fit(declared))
    assert not counted
