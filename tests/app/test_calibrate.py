"""`lithomech calibrate`: a made-up measurement of a small cell gives its constants back."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import lithomech as lm
from lithomech.app import cli
from lithomech.errors import InputError
from lithomech.observe.timeseries import TimeSeries
from lithomech.studies.calibration import current_levels
from lithomech.studies.spec.fit import load_fit

ROOT = Path(__file__).parents[2]
CELL = "ncm88_lpscl_liin"
COARSE = {"output.points": 20, "solver.nodes": 4, "solver.shells": 10}
KINETICS = "materials.ncm88.diffusivity.scale", "materials.li_in.exchange_current_density.scale"
TRUTH = {
    "cathode.mass": "19 mg",
    KINETICS[0]: 0.7,
    "fixture.stiffness": "0.3 MPa/um",
    KINETICS[1]: 2.0,
}
STEPS = [
    "Charge at 0.3C for 2 hours", "Discharge at 0.3C for 50 minutes",
    "Charge at 1C for 10 minutes", "Rest for 20 minutes",
    "Impedance from 10 kHz to 100 mHz, 5 points per decade",
]  # fmt: skip
HELD = [
    "--hold", "materials.ncm88.exchange_current_density.scale",
    "--hold", "materials.li6ps5cl.ionic_conductivity.scale",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """slow.csv, swing.csv, fast.csv, spectrum.csv and cell.yaml, as the page names them."""
    place, draw = tmp_path_factory.mktemp("measured"), np.random.default_rng(5)
    made = lm.run(lm.load_cell(CELL, COARSE | TRUTH | {"protocol": STEPS}))
    for kind, steps, every in (("slow", (1, 2), 60.0), ("fast", (3, 4), 20.0)):
        parts = []
        for step in steps:
            own = made.series.select(step=step)
            time = np.append(
                np.arange(own.time[0] + 0.1, own.time[-1] - 1.0, every), own.time[-1]
            )
            columns = [own.columns[n] for n in ("Voltage / V", "Surface Pressure / Pa")]
            values = [np.interp(time, own.time, column) for column in columns]
            parts.append(
                [time, np.full(time.size, own.current[own.current.size // 2]), *values]
            )
        time, current, voltage, pressure = np.concatenate(parts, axis=1)
        clock = {"Test Time / s": time - time[0]}
        voltage += draw.normal(0.0, 2e-3, time.size)
        TimeSeries(clock | {"Voltage / V": voltage, "Current / A": current}).to_bdf(
            place / f"{kind}.csv"
        )
        if kind == "slow":
            pressure += draw.normal(0.0, 5e3, time.size)
            TimeSeries(clock | {"Surface Pressure / Pa": pressure}).to_bdf(place / "swing.csv")
    f, Z = made.impedance[0].frequency_Hz, made.impedance[0].impedance_ohm
    Z = Z + 0.01 * np.abs(Z) * (draw.normal(size=f.size) + 1j * draw.normal(size=f.size))
    head = "Frequency / Hz,Z' / Ohm,-Z'' / Ohm"
    table = np.column_stack([f, Z.real, -Z.imag])
    np.savetxt(place / "spectrum.csv", table, delimiter=",", header=head, comments="")
    text = (ROOT / "src" / "lithomech" / "examples" / f"{CELL}.yaml").read_text(
        encoding="utf-8"
    )
    (place / "cell.yaml").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "known", [KINETICS, pytest.param((), marks=pytest.mark.deep)], ids=["two free", "four free"]
)
def test_the_command_of_the_page_gives_a_cell_file(folder, monkeypatch, capsys, known):
    page = (ROOT / "docs" / "howto" / "calibrate_your_cell.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^    lithomech (calibrate cell\.yaml .*)$", page, re.MULTILINE)
    settings = COARSE | {key: TRUTH[key] for key in known}
    small = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    held = [word for key in known for word in ("--hold", key)]
    monkeypatch.chdir(folder)
    words = [*shlex.split(command), *small, *HELD, *held, "--starts", "1", "--restart"]
    assert cli.main(words) == 0
    out = folder / "results" / "cell-calibrated"
    rows = json.loads((out / "fit.json").read_text(encoding="utf-8"))["parameters"]
    assert {row["key"] for row in rows} == set(TRUTH) - set(known)
    for row in rows:
        truth = float(str(TRUTH[row["key"]]).split()[0])
        wide = row["high"] - row["low"]  # twice the 90 % interval: the noise is one draw
        assert row["low"] - 0.5 * wide < truth < row["high"] + 0.5 * wide
    text = (out / "calibrated.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Calibrated by `lithomech calibrate` on slow.csv, fast.csv")
    assert f"# {rows[0]['key']}: " in text
    own, calibrated = lm.load_cell(folder / "cell.yaml"), lm.load_cell(out / "calibrated.yaml")
    assert calibrated.protocol == own.protocol
    assert calibrated.cathode.mass != own.cathode.mass
    fit = load_fit(out / "calibrate.yaml")
    assert [one.step for one in fit.data] == [1, 2, 1, None]
    assert "fixture.stiffness: 0." in capsys.readouterr().out


def test_few_levels_have_the_charge_of_the_file():
    """A charge, a rest and a current that decays, each row held until the next."""
    time = np.arange(0.0, 7200.0, 10.0)
    current = np.select(
        [time < 3000.0, time < 4000.0], [1e-3, 0.0], -2e-3 * np.exp(-(time - 4000.0) / 800.0)
    )
    current += np.random.default_rng(2).normal(0.0, 1e-6, time.size)
    series = TimeSeries({
        "Test Time / s": time + 50.0, "Current / A": current,
        "Voltage / V": np.full(time.size, 3.7),
    })  # fmt: skip
    levels = current_levels(series, "x.csv")
    at, held = np.array(levels["time_s"]), np.array(levels["current_A"])
    assert at[0] == 0.0
    assert at[-1] == time[-1]
    assert at.size < 250
    passed = np.cumsum(held[:-1] * np.diff(at))
    exact = np.concatenate([[0.0], np.cumsum(current[:-1] * np.diff(time))])
    exact = np.interp(at[1:], time, exact)
    assert_allclose(passed, exact, atol=1e-3 * np.abs(exact).max())
    assert held[np.searchsorted(at, 3500.0) - 1] == 0.0
    assert levels["until"] == "3.200 V or 4.200 V"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--slow", "nowhere.csv"], "nowhere.csv"),
        (["--slow", "spectrum.csv"], "no column holds a time"),
        (["--slow", "swing.csv"], "has no 'Current / A' and 'Voltage / V'"),
        (["--slow", "slow.csv", "--hold", "anode"], "--hold anode: is not free; free are cath"),
        (
            ["--slow", "slow.csv", "--free", "fixture.pressure=3 MPa"],
            "expected a range such as",
        ),
        (["--slow", "slow.csv", "--free", "fixture.x=1 to 2"], r"parameters.\"fixture.x\""),
        (["--slow", "slow.csv", "--noise", "volts=1 mV"], "names: voltage, stack_pressure"),
        (["--slow", "slow.csv", "--noise", "voltage=1 MPa"], "noise.voltage: '1 MPa'"),
        (["--slow", "slow.csv", "--mapping", "cell=a.yaml"], "names: slow, fast, spectrum"),
        (["--slow", "slow.csv", "--set", "solver.nodes=x"], "solver.nodes.: 'x' is not a"),
        (["--slow", "slow.csv", "--starts", "0"], "method.starts: .*at least 1"),
    ],
)
def test_what_is_wrong_is_one_line(folder, monkeypatch, capsys, words, message):
    monkeypatch.chdir(folder)
    assert cli.main(["calibrate", "cell.yaml", *words]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert re.search(message, line), line
    assert not (folder / "results" / "cell-calibrated-2").exists()


def test_a_file_without_current_is_refused():
    time = np.arange(3.0)
    still = {"Current / A": np.zeros(3), "Voltage / V": np.ones(3)}
    with pytest.raises(InputError, match="no current flows in it"):
        current_levels(TimeSeries({"Test Time / s": time} | still), "x.csv")
