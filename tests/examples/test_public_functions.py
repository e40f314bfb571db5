"""The Python API: examples that run, and one line for each wrong argument."""

import doctest
import inspect
from pathlib import Path

import numpy as np
import pytest

import lithomech as lm
from lithomech.app import cli
from lithomech.errors import InputError

FUNCTIONS = [name for name in lm.__all__ if inspect.isfunction(getattr(lm, name))]
CELL = "ncm88_lpscl_liin"
SERIES = lm.TimeSeries({"Test Time / s": np.arange(3.0)}, {})


def test_only_public_names_are_listed():
    assert dir(lm) == sorted(lm.__all__)
    assert (Path(lm.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_function_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = inspect.getdoc(getattr(lm, name))
    assert ">>> " in text, f"{name} has no example"
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    report = []
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert failed == 0, "".join(report)


@pytest.mark.parametrize("name", [n for n in lm.__all__ if n != "__version__"])
def test_every_public_thing_says_what_it_is(name):
    assert inspect.getdoc(getattr(lm, name))


WRONG = {
    "a number as a path": lambda: lm.read_series(5),
    "nothing as a path": lambda: lm.read_series(None),
    "no such measurement": lambda: lm.read_series("nowhere.csv"),
    "spectra of nowhere": lambda: lm.read_spectra("nowhere.z"),
    "hits of a list": lambda: lm.read_hits(["a"]),
    "a picture of a number": lambda: lm.read_grey(3.0),
    "a result of nowhere": lambda: lm.load_result("nowhere.nc"),
    "a result of a number": lambda: lm.load_result(1),
    "an effective one": lambda: lm.load_effective(None),
    "a mapping of a number": lambda: lm.read_series("measured/rate.csv", 5),
    "a wrong mapping": lambda: lm.read_series("measured/rate.csv", {"colums": {}}),
    "a cell of a number": lambda: lm.load_cell(5),
    "a cell of nowhere": lambda: lm.load_cell("nowhere"),
    "a key": lambda: lm.load_cell(CELL, {"fixture.presure": "5 MPa"}),
    "a key that is a number": lambda: lm.load_cell(CELL, {5: "5 MPa"}),
    "a value": lambda: lm.load_cell(CELL, {"fixture.pressure": "5"}),
    "text as overrides": lambda: lm.load_cell(CELL, "fixture.pressure"),
    "a number as overrides": lambda: lm.load_cell(CELL, 5),
    "three in a pair": lambda: lm.load_cell(CELL, [("a", "b", "c")]),
    "nan": lambda: lm.load_cell(CELL, {"temperature": float("nan")}),
    "an empty dict": lambda: lm.load_cell({}),
    "a dict of numbers": lambda: lm.load_cell({1: 2}),
    "a material": lambda: lm.load_cell(CELL, {"anode.material": "moon"}),
    "a part": lambda: lm.Spring(pressure="high", stiffness="0.4 MPa/um"),
    "a missing part": lambda: lm.Cell(name="x"),
    "a change": lambda: lm.load_cell(CELL).replace(colour="red"),
    "a run of nowhere": lambda: lm.run("nowhere.yaml"),
    "a run of nothing": lambda: lm.run(None),
    "progress": lambda: lm.run(CELL, progress=5),
    "start": lambda: lm.run(CELL, start="nowhere.nc"),
    "many of one": lambda: lm.run_many(CELL),
    "many of numbers": lambda: lm.run_many([1, 2]),
    "a structure": lambda: lm.load_structure(3),
    "pressing": lambda: lm.press_structure([]),
    "a particle": lambda: lm.load_particle("nowhere.yaml"),
    "cracking": lambda: lm.crack_particle(2.0),
    "a series of a number": lambda: lm.pressiometry(5),
    "a series of nowhere": lambda: lm.rate("nowhere.csv"),
    "a series without a column": lambda: lm.rate(SERIES),
    "a radius": lambda: lm.gitt("measured/gitt_solid.csv", "2"),
    "a radius of nothing": lambda: lm.gitt("measured/gitt_solid.csv", None),
    "a mass": lambda: lm.cycles("measured/cycles.csv", mass="12 um"),
    "a sample": lambda: lm.polarization("measured/polarization.csv", 5),
    "half a sample": lambda: lm.polarization("measured/polarization.csv", {"area": 1e-4}),
    "a wrong sample": lambda: lm.polarization(
        "measured/polarization.csv", {"area": "1 m", "thickness": "1 um"}
    ),
    "an overlay": lambda: lm.overlay("measured/cycles.csv", "nowhere.csv"),
    "spectra": lambda: lm.eis(5),
    "no spectra": lambda: lm.eis([]),
    "a circuit": lambda: lm.eis("measured/spectra.csv", "R0-"),
    "a picture": lambda: lm.cracks("nowhere.png"),
    "no picture": lambda: lm.cracks(5),
    "hits": lambda: lm.acoustic(5),
    "an image": lambda: lm.conduct("nowhere.tif"),
    "no image": lambda: lm.conduct([[0, 1], [1]]),
    "conductors": lambda: lm.conduct(np.eye(4, dtype=int), 5),
    "a conductivity": lambda: lm.conduct(np.eye(4, dtype=int), {"conductivities": {1: "2 mS"}}),
    "an axis": lambda: lm.conduct(np.eye(4, dtype=int), {"axe": "x"}),
    "a mechanism": lambda: lm.register_mechanism("cracking"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_argument_is_an_input_error(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        WRONG[case]()
    for line in str(caught.value).splitlines():
        assert 10 < len(line) < 900
        assert "pydantic" not in line


@pytest.mark.parametrize(
    ("key", "value"),
    [("fixture.pressure", "5"), ("cathode.active[0].weight", "75"), ("colour", "red")],
)
def test_the_text_is_that_of_the_command_line(key, value, capsys):
    with pytest.raises(InputError) as caught:
        lm.load_cell(CELL, {key: value})
    assert cli.main(["run", CELL, "--json", "--set", f"{key}={value}"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"lithomech: {line}" for line in str(caught.value).splitlines()]


def test_numbers_are_si_and_text_has_units():
    one = lm.load_cell(CELL, {"temperature": 313.15, "fixture.pressure": 5e6})
    other = lm.load_cell(CELL, [("temperature", "40 degC"), ("fixture.pressure", "5 MPa")])
    assert one.temperature == other.temperature == 313.15
    assert one.fixture == other.fixture
    whole = lm.load_cell(
        CELL, {"solver": {"nodes": 4}, "separator.thickness": np.float64(5e-4)}
    )
    assert whole.solver.nodes == 4
    assert whole.separator.thickness == 5e-4


def test_a_cell_from_a_dict():
    layer = {"type": "planar", "material": "li", "thickness": "20 um"}
    cell = lm.load_cell(
        {
            "cathode": layer,
            "anode": layer,
            "separator": {"material": "Li6PS5Cl", "thickness": 5e-4},
            "fixture": {"type": "constant_pressure", "pressure": "5 MPa"},
            "protocol": ["Rest for 1 hour"],
        }
    )
    assert cell.cathode.thickness == 2e-5
    assert cell.separator.thickness == 5e-4
