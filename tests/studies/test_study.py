"""Studies: designs, members as single runs, journals, and mistakes in one line each."""

import csv
import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import lithomech as lm
from lithomech.errors import InputError
from lithomech.studies import design
from lithomech.studies.executors import Processes, Threads, Work
from lithomech.studies.journal import NAME
from lithomech.studies.run import Waiting, open_journal, run_points, run_study
from lithomech.studies.spec import load_study, schema

CELL = "ncm88_lpscl_liin"
SHORT = {
    "protocol": ["Charge at 0.1C for 2 min", "Discharge at 0.02C for 1 min"],
    "solver": {"nodes": 3, "shells": 6},
}
PRESSURE = {"from": "1 MPa", "to": "100 MPa", "scale": "log", "points": 3}
GRAINS = "cathode.active[0].morphology"


def declare(**changes):
    base = {"base": CELL, "set": SHORT, "vary": {"fixture.pressure": PRESSURE}}
    return load_study(base | changes)


def values(study):
    return [point[0] for point in design.points(study)]


def test_a_grid_holds_its_ends_and_even_steps_of_the_logarithm():
    numbers = [float(text.split()[0]) for text in values(declare())]
    assert numbers[0] == 1.0
    assert numbers[-1] == 100.0
    assert_allclose(numbers, [1.0, 10.0, 100.0], rtol=1e-15)


def test_the_last_factor_of_a_grid_changes_first():
    study = declare(vary={"fixture.pressure": PRESSURE, GRAINS: ["random", "textured"]})
    assert study.planned == "grid"
    assert design.count(study) == 6
    assert [point[1] for point in design.points(study)] == ["random", "textured"] * 3


@pytest.mark.parametrize(
    ("vary", "runs", "count"),
    [
        ({"temperature": {"from": "0 degC", "to": "60 degC"}}, None, 11),
        ({"temperature": {"from": "0 degC", "to": "60 degC"}}, 7, 7),
        ({"solver.nodes": {"from": 2, "to": 5, "scale": "whole"}}, None, 4),
        ({"temperature": ["0 degC", "60 degC"], "fixture.pressure": ["1 MPa"]}, None, 2),
    ],
)
def test_a_grid_has_as_many_points_as_asked_for(vary, runs, count):
    study = declare(vary=vary, **({"runs": runs} if runs else {}))
    assert design.count(study) == count == len(list(design.points(study)))


def test_sobol_fills_each_half_equally_and_a_longer_one_begins_alike():
    vary = {
        "fixture.pressure": {"from": "1 MPa", "to": "9 MPa"},
        "temperature": {"from": "0 degC", "to": "60 degC"},
        GRAINS: ["random", "single_crystal"],
    }
    points = list(design.points(declare(vary=vary, runs=64)))
    numbers = np.array([float(point[0].split()[0]) for point in points])
    assert ((numbers > 1.0) & (numbers < 9.0)).all()
    assert (numbers < 5.0).sum() == 32  # a net: equal halves
    assert sum(point[2] == "random" for point in points) == 32
    longer = list(design.points(declare(vary=vary, runs=100)))
    assert longer[:64] == points
    assert len(longer) == 100
    assert list(design.points(declare(vary=vary, runs=64, seed=2))) != points


def test_a_latin_design_has_one_member_in_each_share():
    study = declare(
        vary={"temperature": {"from": "0 degC", "to": "60 degC"}}, design="latin", runs=12
    )
    numbers = np.sort([float(text.split()[0]) for text in values(study)])
    assert_array_equal(np.floor(numbers / 5.0), np.arange(12))


def test_a_spread_has_the_moments_of_its_normal_distribution():
    spread = {"mean": "100 um", "standard_deviation": "5 um"}
    study = declare(vary={"separator.thickness": spread}, runs=4096)
    assert study.planned == "sobol"
    numbers = np.array([float(text.split()[0]) for text in values(study)])
    assert_allclose(numbers.mean(), 100.0, rtol=1e-4)
    assert_allclose(numbers.std(), 5.0, rtol=5e-3)


def test_a_listed_design_takes_lists_side_by_side():
    vary = {"fixture.pressure": ["1 MPa", "2 MPa"], GRAINS: ["random", "textured"]}
    study = declare(vary=vary, design="listed")
    assert list(design.points(study)) == [("1 MPa", "random"), ("2 MPa", "textured")]


def test_every_member_is_the_single_run_with_its_values():
    outputs = ["charge_capacity_mAh_per_g", "stack_pressure_max_MPa@1", "full_cycles"]
    result = run_study(declare(outputs=outputs))
    assert_allclose(result.column("fixture.pressure"), [1.0, 10.0, 100.0], rtol=1e-15)
    for pressure, row in zip(values(result.study), result.rows(), strict=True):
        single = lm.run(
            lm.load_cell(CELL, SHORT | {"fixture.pressure": pressure, "output.traces": "none"})
        )
        cycle = single.cycles[0]
        assert row[1:4] == (cycle[outputs[0]], cycle["stack_pressure_max_MPa"], 1.0)
        assert row[4:] == (single.status, single.reason, single.provenance["input_hash"])


def test_numbers_of_python_are_in_si():
    text = declare(vary={"fixture.pressure": ["5 MPa"]})
    number = declare(vary={"fixture.pressure": [5e6]})
    direct = lm.Study(base=CELL, set=SHORT, vary={"fixture.pressure": [5e6]})
    hashes = {run_study(study).column("input_hash")[0] for study in (text, number, direct)}
    assert len(hashes) == 1


def test_threads_and_processes_give_the_same_digits_in_any_order():
    study = declare(vary={"fixture.pressure": PRESSURE, GRAINS: ["random", "textured"]})
    points = list(design.points(study))
    tables = []
    for workers, order in ((Threads(2), points), (Processes(2), points[::-1])):
        journal = open_journal(study, study.readings, None)
        with Waiting(workers, Work(study.subject, study.paths, study.readings)) as crew:
            for members in run_points(crew, order):
                journal.add(members)
        tables.append([member[:5] for member in journal.members(points)])
    assert tables[0] == tables[1]
    assert len(tables[0]) == 6


def test_a_member_that_fails_costs_itself_only(monkeypatch):
    from lithomech.studies import kinds  # noqa: PLC0415

    run = kinds.run_summary

    def fails_at_ten(cell, progress):
        if 5e6 < cell.fixture.pressure < 50e6:
            raise ZeroDivisionError("division by zero")
        return run(cell, progress)

    monkeypatch.setattr(kinds, "run_summary", fails_at_ten)
    result = run_study(declare(outputs=["charge_capacity_mAh_per_g"]))
    status = result.column("status").tolist()
    assert status == ["completed", "not converged", "completed"]
    assert "ZeroDivisionError" in result.column("reason")[1]
    assert_array_equal(np.isnan(result.column("charge_capacity_mAh_per_g")), [0, 1, 0])


def test_values_that_do_not_go_together_are_infeasible_members():
    weights = {"from": "60 %", "to": "90 %", "points": 2}
    result = run_study(declare(vary={"cathode.active[0].weight": weights}))
    assert set(result.column("status")) == {"infeasible"}
    assert "the weights add up to" in result.column("reason")[1]
    assert result.status == "infeasible"
    rest = SHORT | {"cathode.electrolyte.weight": "rest", "cathode.transport": "percolation"}
    rest["cathode.transport"] = {"type": "percolation"}
    again = run_study(declare(vary={"cathode.active[0].weight": weights}, set=rest))
    assert again.column("status")[0] != "infeasible"


def test_retention_compares_cycles_at_the_same_rate():
    cycle = ["Charge at 0.5C until 4.2 V", "Discharge at 0.5C until 3 V"]
    life = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 3 V"]
    keys = {"protocol": [*life, {"repeat": 3, "steps": cycle}], "solver": SHORT["solver"]}
    study = declare(
        set=keys, vary={"fixture.pressure": ["20 MPa"]},
        outputs=["retention_4", "retention_9", *(f"{CAPACITY}@{n}" for n in (2, 4))],
    )  # fmt: skip
    retention, beyond, second, fourth, *_ = next(run_study(study).rows())[1:]
    assert retention == fourth / second
    assert beyond is None


CAPACITY = "discharge_capacity_mAh_per_cm2"


STRUCTURE = {
    "composition": {
        "active": [{"material": "ncm88", "weight": "80 %", "diameter": "4 um"}],
        "electrolyte": {"material": "li6ps5cl", "weight": "20 %", "diameter": "4 um"},
    },
    "fabrication": {"pressure": "200 MPa"},
    "stack_pressures": ["20 MPa", "7 MPa"],
    "box": "13 um", "voxel_size": "0.8 um", "seeds": 1,
}  # fmt: skip


def test_a_structure_is_varied_like_a_cell():
    weights = {"composition.active[0].weight": ["70 %", "80 %"]}
    rest = {"composition.electrolyte.weight": "rest"}
    names = ["porosity", "contact_fraction@7 MPa", "porosity@3 MPa"]
    study = load_study({"base": STRUCTURE, "set": rest, "vary": weights, "outputs": names})
    rows = list(run_study(study).rows())
    alone = lm.press_structure(lm.load_structure(STRUCTURE))
    assert rows[1][1:4] == (
        alone.mean("porosity")[0], alone.mean("contact_fraction")[1], None,
    )  # fmt: skip
    assert rows[0][1] != rows[1][1]
    with pytest.raises(InputError, match="there is no output 'pores'"):
        load_study({"base": STRUCTURE, "set": rest, "vary": weights, "outputs": ["pores"]})


@pytest.mark.deep
def test_a_particle_is_varied_like_a_cell():
    keys = {"dimensions": 2, "diameter": "2 um", "grains.diameter": "0.6 um"}
    names = ["crack_fraction", "crack_fraction@1", "gap_fraction@9"]
    study = {"base": "ncm88_random", "set": keys, "vary": {"seed": [1, 2]}, "outputs": names}
    rows = list(run_study(load_study(study)).rows())
    alone = lm.crack_particle(lm.load_particle("ncm88_random", keys | {"seed": 2}))
    assert rows[1][2] == alone.at("crack_fraction", 1)
    assert rows[1][3] is None
    assert rows[0][2] != rows[1][2]


def test_a_journal_is_gone_on_with_and_what_changed_is_run_again(tmp_path, monkeypatch):
    from lithomech.studies import kinds  # noqa: PLC0415

    run, ran = kinds.run_summary, []

    def counted(cell, progress):
        ran.append(cell.fixture.pressure)
        return run(cell, progress)

    monkeypatch.setattr(kinds, "run_summary", counted)

    def runs(study, **options):
        ran.clear()
        run_study(study, tmp_path, **options).journal.close()
        return len(ran)

    assert runs(declare()) == 3
    assert runs(declare()) == 0
    assert (tmp_path / NAME).exists()
    finer = {"from": "1 MPa", "to": "100 MPa", "scale": "log", "points": 5}
    assert runs(declare(vary={"fixture.pressure": finer})) == 2  # the others are there
    assert runs(declare(outputs=["charge_capacity_mAh_per_g"])) == 3  # were not read out
    assert runs(declare(set=SHORT | {"temperature": "60 degC"})) == 3  # another cell
    assert runs(declare()) == 3 - 3  # the first study is still there
    assert runs(declare(), restart=True) == 3


def test_what_is_no_journal_is_one_line(tmp_path):
    (tmp_path / NAME).write_bytes(b"something else" * 100)
    with pytest.raises(InputError, match=r"is no journal of a study .*--restart begins anew"):
        run_study(declare(), tmp_path)
    assert run_study(declare(), tmp_path, restart=True).status == "completed"


def test_the_table_is_written_with_all_digits(tmp_path):
    result = run_study(declare(outputs=["charge_capacity_mAh_per_g", "retention_7"]))
    result.save(tmp_path / "table.csv")
    text = (tmp_path / "table.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert tuple(rows[0]) == result.columns
    assert rows[0][0] == "fixture.pressure / MPa"
    numbers = [float(row[1]) for row in rows[1:]]
    assert_array_equal(numbers, result.column("charge_capacity_mAh_per_g"))
    assert {row[2] for row in rows[1:]} == {""}
    result.save(tmp_path / "study.nc")
    again = lm.StudyResult.to_xarray(result)
    assert again.attrs["kind"] == "study"
    with pytest.raises(InputError, match="there is no column 'charge_capacity_mAh'"):
        result.column("charge_capacity_mAh")


VARY = {"fixture.pressure": ["5 MPa"]}
WRONG = {
    "no base": ({"base": "nowhere"}, "base: .*no such file, and no packaged example"),
    "unknown key": ({"vary": {"fixture.presure": ["5 MPa"]}}, "did you mean pressure"),
    "unknown parent": ({"vary": {"fixtur.pressure": ["5 MPa"]}}, "unknown key; did you mean"),
    "no key": ({"vary": {"fixture..pressure": ["5 MPa"]}}, "is not a key; write it as"),
    "no unit": ({"vary": {"fixture.pressure": ["5 MPa", "5"]}}, "has no unit"),
    "wrong unit": (
        {"vary": {"fixture.pressure": ["1 V"]}}, "'1 V' has the unit 'V'; expected a pressure",
    ),
    "two units": (
        {"vary": {"fixture.pressure": {"from": "1 V", "to": "5 MPa"}}},
        "V and MPa measure different things",
    ),
    "one unit": (
        {"vary": {"fixture.pressure": {"from": "1", "to": "5 MPa"}}}, "both numbers a unit",
    ),
    "wrong order": (
        {"vary": {"fixture.pressure": {"from": "9 MPa", "to": "5 MPa"}}}, "must be less than",
    ),
    "logarithm of 0": (
        {"vary": {"fixture.pressure": {"from": "0 MPa", "to": "5 MPa", "scale": "log"}}},
        "a log scale needs ends above 0",
    ),
    "no scale": (
        {"vary": {"fixture.pressure": {"from": "1 MPa", "to": "5 MPa", "scale": "cubic"}}},
        "'cubic' is not known; allowed: 'linear', 'log' or 'whole'",
    ),
    "no end": ({"vary": {"fixture.pressure": {"from": "1 MPa"}}}, "to: is missing"),
    "empty list": ({"vary": {"fixture.pressure": []}}, "at least 1"),
    "nothing": ({"vary": {}}, "at least 1"),
    "a word as a number": (
        {"vary": {"fixture.pressure": {"from": "low", "to": "5 MPa"}}}, "'low' is not",
    ),
    "no output": ({"outputs": ["discharge_capacity"]}, "there is no output 'discharge_capa"),
    "cycle 0": ({"outputs": [f"{CAPACITY}@0"]}, "there is no output"),
    "no design": ({"design": "random"}, "'random' is not known; allowed: 'grid', 'sobol'"),
    "no method": ({"method": "guess"}, "'guess' is not known; allowed:"),
    "too few runs": (
        {"vary": {"temperature": {"from": "0 degC", "to": "9 degC"}}, "runs": 1}, "1 are fewer",
    ),
    "no runs": ({"runs": 0}, "runs: 0 is out of range; allowed: at least 1"),
    "listed ranges": (
        {"vary": {"temperature": {"from": "0 degC", "to": "9 degC"}}, "design": "listed"},
        "takes lists of values",
    ),
    "uneven lists": (
        {"vary": {**VARY, GRAINS: ["random", "textured"]}, "design": "listed"},
        "equally long, not 1, 2",
    ),
    "points of sobol": (
        {"vary": {"fixture.pressure": PRESSURE}, "design": "sobol"}, "is for a grid, not for",
    ),
    "a spread without unit": (
        {"vary": {"fixture.pressure": {"mean": "5 MPa", "standard_deviation": 1}}},
        "write it in the unit of the mean",
    ),
    "no spread": (
        {"vary": {"fixture.pressure": {"mean": "5 MPa", "standard_deviation": "0 MPa"}}},
        "must be more than 0",
    ),
    "an unknown material": ({"vary": {"anode.material": ["moon"]}}, "no material 'moon'"),
    "an unknown key of the study": ({"varry": {}}, "unknown key; did you mean vary"),
    "a wrong setting": ({"set": {"fixture.colour": "red"}}, r'"fixture.colour": unknown key'),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_line(name):
    changes, stated = WRONG[name]
    with pytest.raises(InputError, match=stated) as report:
        design.count(load_study({"base": CELL, "set": SHORT, "vary": VARY} | changes))
    assert len(report.value.mistakes) == 1, str(report.value)


def test_mistakes_of_a_file_have_its_lines(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(
        "base: ncm88_lpscl_liin\nvary:\n  fixture.pressure: [5 MPa, 5 V]\n"
        "outputs: [status, capacity]\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as report:
        load_study(path)
    lines = [str(one) for one in report.value.mistakes]
    assert any(re.match(rf"{path}:3: vary.\"fixture.pressure\"\[1\]: '5 V'", s) for s in lines)
    assert any(re.match(rf"{path}:4: outputs\[1\]: there is no output", s) for s in lines)


def test_the_schema_lists_what_can_vary():
    properties = schema()["properties"]
    assert {"base", "vary", "design", "runs", "outputs"} <= set(properties)
    assert math.isclose(properties["seed"]["default"], 1)


def test_extremes_count_in_a_cycle_that_a_run_does_not_finish():
    """The load of a flaw by pressure alone is in proportion to it; a capacity is not known."""
    study = declare(
        base="li_lpscl_li",
        set={"separator.flaw": "35 um", "mechanisms": {"interphase": "none"}},
        vary={"fixture.pressure": ["50 MPa", "100 MPa"]},
        outputs=["separator_flaw_load_max", "charge_capacity_mAh_per_cm2"],
    )
    members = list(run_study(study).members())
    assert [member.status for member in members] == ["short", "short"]
    loads, capacities = zip(*(tuple(m.outputs.values()) for m in members), strict=True)
    assert_allclose(loads[1] / loads[0], 2.0, rtol=1e-9)
    assert capacities == (None, None)
