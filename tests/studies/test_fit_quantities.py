"""Capacities, retention and impedance as data of a fit: synthetic truth comes back."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.errors import InputError, SolveError
from lithomech.plot.fit import curves
from lithomech.studies.fit import run_fit
from lithomech.studies.fitted_cycles import OfCycle
from lithomech.studies.fitted_spectra import OfSpectrum
from lithomech.studies.spec.fit import load_fit

CELL = "ncm88_lpscl_liin"
ONE, TWO = "materials.ncm88.diffusivity.scale", "materials.ncm88.exchange_current_density.scale"
LOG = {"from": 0.1, "to": 10.0, "scale": "log"}
COARSE = {"output.points": 20, "solver.nodes": 4, "solver.shells": 10}
RATES = [
    "Charge at 0.5C until 4.3 V", "Impedance from 1 kHz to 10 mHz, 10 points per decade",
    "Discharge at 0.2C until 2.8 V", "Charge at 0.5C until 4.3 V",
    "Discharge at 1C until 2.8 V", "Charge at 0.5C until 4.3 V", "Discharge at 2C until 2.8 V",
]  # fmt: skip
TRUTH = {ONE: 0.6, TWO: 1.6}


def table(file, rows):
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return str(file)


@pytest.fixture(scope="module")
def made():
    return lm.run(lm.load_cell(CELL, COARSE | {"protocol": RATES} | TRUTH))


@pytest.fixture(scope="module")
def files(made, tmp_path_factory):
    """Rate capacities with 1 mAh/g and a spectrum with 1 % of noise."""
    folder, draw = tmp_path_factory.mktemp("measured"), np.random.default_rng(7)
    rows = [
        [number, cycle["discharge_capacity_mAh_per_g"] + draw.normal(0.0, 1.0)]
        for number, cycle in enumerate(made.cycles, start=1)
    ]
    rate = table(folder / "rate.csv", [["cycle", "discharge_capacity_mAh_per_g"], *rows])
    (spectrum,) = made.impedance
    f, Z = spectrum.frequency_Hz, spectrum.impedance_ohm
    Z = Z + 0.01 * np.abs(Z) * (draw.normal(size=f.size) + 1j * draw.normal(size=f.size))
    head = ["Frequency / Hz", "Z' / Ohm", "-Z'' / Ohm"]
    points = zip(f.tolist(), Z.real.tolist(), (-Z.imag).tolist(), strict=True)
    return rate, table(folder / "eis.csv", [head, *points])


def fit_of(data, **changes):
    wanted = {
        "base": CELL, "set": COARSE | {"protocol": RATES}, "data": data,
        "parameters": {ONE: LOG, TWO: LOG}, "method": {"starts": 1},
    }  # fmt: skip
    return load_fit(wanted | changes)


@pytest.mark.deep
def test_rate_capacities_and_a_spectrum_give_kinetics_back(files):
    rate, eis = files
    capacity = {"file": rate, "fit": "discharge_capacity"}
    spectrum = {"file": eis, "fit": "impedance", "at": "end of charge 1", "points": 30}
    noise = [{"discharge_capacity": "1 mAh/g"}, {"impedance": "1 %"}]
    both = [one | {"noise": n} for one, n in zip((capacity, spectrum), noise, strict=True)]
    found = run_fit(fit_of(both))
    for row, truth in zip(found.parameters, TRUTH.values(), strict=True):
        assert row.verdict == "determined"
        assert row.low < truth < row.high
    labels = [panel.get_xlabel() for panel in curves(found).axes]
    assert labels[3:] == ["Cycle", "Frequency (Hz)", "Frequency (Hz)"]


@pytest.mark.deep
def test_retention_of_a_series_gives_the_cracks_back(tmp_path):
    """What is left after eight cycles follows the cracks that stay open."""
    key = "materials.ncm88.crack_residual_rate.scale"
    steps = ["Charge at 0.5C until 4.3 V", "Discharge at 0.5C until 2.8 V"]
    settings = COARSE | {"protocol": [{"repeat": 8, "steps": steps}]}
    result = lm.run(lm.load_cell(CELL, settings | {key: 3.0, "output.points": 60}))
    file = tmp_path / "life.csv"
    result.series.to_bdf(file)
    data = [{"file": str(file), "fit": "retention", "noise": {"retention": "0.1 %"}}]
    (channel,) = fit_of(data, set=settings, parameters={key: LOG}).channels
    capacity = np.array([c["discharge_capacity_mAh_per_cm2"] for c in result.cycles])
    assert_allclose(channel.measured, capacity[1:] / capacity[0], rtol=2e-4)
    assert channel.measured[-1] < 0.98  # twenty times the noise
    (row,) = run_fit(fit_of(data, set=settings, parameters={key: LOG})).parameters
    assert row.low < 3.0 < row.high
    assert row.verdict == "determined"


def test_a_cycle_that_the_protocol_lacks_is_the_reason(tmp_path):
    file = table(tmp_path / "far.csv", [["cycle", "discharge_capacity_mAh_per_g"], [9, 150.0]])
    one = {
        "file": file, "fit": "discharge_capacity", "noise": {"discharge_capacity": "1 mAh/g"}
    }  # fmt: skip
    with pytest.raises(SolveError, match="no run has all that was measured, such as"):
        run_fit(fit_of([one], set=COARSE | {"protocol": RATES[3:5]}, method={"starts": 1}))


def test_a_cycle_that_stands_twice_is_refused(tmp_path):
    rows = [["cycle", "discharge_capacity_mAh_per_g"], [1, 150.0], [1, 149.0]]
    file = table(tmp_path / "twice.csv", rows)
    one = {"file": file, "fit": "retention", "noise": {"retention": "1 %"}}
    with pytest.raises(
        InputError, match=r"twice\.csv: each of its cycles must stand there once"
    ):
        fit_of([one])


def test_a_capacity_is_read_in_the_unit_of_the_file(made):
    cycle = made.cycles[1]
    areal = cycle["discharge_capacity_mAh_per_cm2"]
    cm2 = np.pi * 0.65**2
    for kind, expected in (
        ("_mAh", areal * cm2), ("_mAh_per_cm2", areal),
        ("_mAh_per_g", cycle["discharge_capacity_mAh_per_g"]),
    ):  # fmt: skip
        assert_allclose(OfCycle("discharge_capacity", kind, 2)(made), expected, rtol=1e-12)
    assert OfCycle("discharge_capacity", "_mAh", 4)(made) is None


def test_a_spectrum_is_read_between_its_points():
    """A resistance beside a capacitance, ten points per decade, in the middle between two."""

    def cell(f):
        return 5.0 + 40.0 / (1.0 + 2j * np.pi * f * 40.0 * 1e-4)

    f = np.geomspace(1e4, 1e-1, 51)
    run = SimpleNamespace(
        impedance=[SimpleNamespace(cycle=1, step=2, frequency_Hz=f, impedance_ohm=cell(f))]
    )
    for between in np.sqrt(f[:-1] * f[1:]):
        exact = cell(between)
        read = [OfSpectrum(1, 2, float(between), part)(run) for part in (False, True)]
        assert_allclose(read, [exact.real, -exact.imag], atol=2e-3 * abs(exact))
    assert OfSpectrum(2, 1, 1.0, False)(run) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at": "end of charge 4"}, "measures no spectrum at 'end of charge 4'.*has 1"),
        ({"at": 1.5}, "data.0..at: 1.5 is no place; expected such as 'end of charge 1'"),
        ({"at": 2}, "measures no spectrum at 2"),
        ({"at": "noon"}, "'noon' is no place; expected such as 'end of charge 1'"),
        ({"noise": {"impedance": "1 V"}}, "1 V"),
        (
            {"fit": "discharge_capacity", "noise": {"discharge_capacity": "1 mAh"}},
            "must be in mAh/g or a share",
        ),
        ({"fit": "charge_capacity", "noise": {"charge_capacity": "1 %"}}, "rate.csv"),
    ],
)
def test_what_is_wrong_is_reported_in_one_line(files, changes, message):
    rate, eis = files
    file = eis if changes.get("fit", "impedance") == "impedance" else rate
    one = {"file": file, "fit": "impedance", "noise": {"impedance": "1 %"}} | changes
    with pytest.raises(InputError, match=message) as caught:
        fit_of([one])
    assert len(caught.value.mistakes) == 1


BOTH = (
    "materials.ncm811.exchange_current_density.scale",
    "materials.graphite.exchange_current_density.scale",
)


@pytest.fixture(scope="module")
def two_arcs(tmp_path_factory):
    """A spectrum of two composites with 1 % of noise; the arcs of both overlap."""
    steps = [
        "Charge at 0.5C for 1 hour",
        "Impedance from 100 kHz to 10 mHz, 6 points per decade",
    ]
    settings = {"solver.nodes": 4, "solver.shells": 10, "output.points": 10, "protocol": steps}
    truth = dict(zip(BOTH, (0.5, 2.5), strict=True))
    (spectrum,) = lm.run(lm.load_cell("ncm811_lpscl_graphite", settings | truth)).impedance
    draw, f, Z = np.random.default_rng(11), spectrum.frequency_Hz, spectrum.impedance_ohm
    Z = Z + 0.01 * np.abs(Z) * (draw.normal(size=f.size) + 1j * draw.normal(size=f.size))
    head = ["Frequency / Hz", "Z' / Ohm", "-Z'' / Ohm"]
    points = zip(f.tolist(), Z.real.tolist(), (-Z.imag).tolist(), strict=True)
    file = table(tmp_path_factory.mktemp("two") / "eis.csv", [head, *points])
    data = [{"file": file, "fit": "impedance", "noise": {"impedance": "1 %"}}]
    return {"base": "ncm811_lpscl_graphite", "set": settings, "data": data}


@pytest.mark.deep
def test_a_spectrum_of_two_electrodes_gives_the_arcs_of_both(two_arcs):
    found = run_fit(load_fit(two_arcs | {"parameters": dict.fromkeys(BOTH, LOG)}))
    for row, truth in zip(found.parameters, (0.5, 2.5), strict=True):
        assert row.verdict == "determined"
        assert row.low < truth < row.high
    assert not any("the model or the noise is wrong" in line for line in found.warnings)


@pytest.mark.deep
def test_the_arc_of_one_electrode_does_not_stand_for_both(two_arcs):
    """With the anode as in the library the cathode alone cannot show the spectrum."""
    alone = load_fit(two_arcs | {"parameters": {BOTH[0]: LOG}})
    assert any("the model or the noise is wrong" in line for line in run_fit(alone).warnings)


def test_a_series_of_one_step_begins_with_it(made, tmp_path):
    """The same rows with a clock of their own, of the third step of the protocol."""
    step = made.series.select(step=3)
    time = np.linspace(step.time[0] + 20.0, step.time[-1] - 20.0, 15)
    volts = np.interp(time, step.time, step.columns["Voltage / V"])
    file = tmp_path / "third.csv"
    clock = {"Test Time / s": time - step.time[0] + 1000.0}
    lm.TimeSeries(clock | {"Voltage / V": volts}).to_bdf(file)
    one = {"file": str(file), "fit": "voltage", "noise": {"voltage": "1 mV"}, "step": 3}
    (channel,) = fit_of([one]).channels
    assert_allclose(channel.at[0], time[1] - time[0])  # the first row is that of a jump
    late = [reading.read(made) for reading in channel.readings]
    since = np.interp(channel.at + step.time[0], step.time, step.columns["Voltage / V"])
    assert_allclose(late, since, rtol=1e-12)
    behind = channel.readings[0].read._replace(time=1e9)
    assert_allclose(behind(made), step.columns["Voltage / V"][-1], rtol=1e-12)
    with pytest.raises(InputError, match="the protocol has no step 9; it has 7"):
        fit_of([one | {"step": 9}])
