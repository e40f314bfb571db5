"""Methods of a study against functions whose answers are known exactly.

The cell is replaced by a function of its inputs, so that thousands of members take no time.
"""

import math
import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import sobol_indices

from lithomech.errors import InputError
from lithomech.files.quantity import number_and_unit
from lithomech.studies import findings, optimise, plans, sensitivity, window
from lithomech.studies.executors import Threads
from lithomech.studies.members import Member
from lithomech.studies.run import run_study
from lithomech.studies.spec import load_study

CELL = "ncm88_lpscl_liin"
KEY, OTHER = "discharge_capacity_mAh_per_g", "stack_pressure_max_MPa"
THREE = ("fixture.pressure", "separator.thickness", "anode.thickness")


def ranges(*ends):
    """Factors from 1 to 2 in their units, or between other ends."""
    units = ("MPa", "um", "um")
    return {
        key: {"from": f"{low} {unit}", "to": f"{high} {unit}"}
        for key, unit, (low, high) in zip(THREE, units, ends, strict=False)
    }


@pytest.fixture
def replaced(monkeypatch):
    """Replace the run of a member by a function of its numbers, which returns its outputs."""

    def replace(function):
        def run(_self, values, readings, _is_stopped):
            point = tuple(values.values())
            numbers = [number_and_unit(str(value))[0] for value in point]
            answer = function(*numbers)
            if isinstance(answer, str):
                outputs = dict.fromkeys((one.name for one in readings), None)
                return Member(point, answer, answer, outputs, None, 1e-4)
            answers = answer if isinstance(answer, tuple) else (answer,)
            named = zip((one.name for one in readings), answers, strict=False)
            return Member(point, "completed", "", dict(named), "hash", 1e-4)

        monkeypatch.setattr("lithomech.studies.subjects.Subject.run", run)

    return replace


def declare(vary, **changes):
    return load_study({"base": CELL, "vary": vary} | changes)


def ishigami(x, y, z):
    return math.sin(x) + 7.0 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


def shifted(x, y, z):
    """Ishigami's function on quantities that are positive."""
    return ishigami(x - 10.0, y - 10.0, z - 10.0)


def sensitive(runs, **changes):
    ends = [(10.0 - math.pi, 10.0 + math.pi)] * 3
    return declare(ranges(*ends), method="sensitivity", outputs=[KEY], runs=runs, **changes)


def test_sensitivity_finds_the_shares_of_ishigamis_function(replaced):
    """Exact values: Ishigami and Homma 1990."""
    replaced(shifted)
    result = run_study(sensitive(1 << 14))
    (found,) = sensitivity.indices(result)
    assert found.rows == found.planned == 2048  # the largest power of 2 in 16384 / 5
    exact_first, exact_total = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]
    assert_allclose(found.first, exact_first, atol=0.02)
    assert_allclose(found.total, exact_total, atol=0.02)
    for exact, ends in (
        (exact_first, found.first_interval),
        (exact_total, found.total_interval),
    ):
        wide = ends[1] - ends[0]
        assert ((ends[0] - wide < exact) & (exact < ends[1] + wide)).all()
        assert (wide > 0.0).all()
    assert "depends on fixture.pressure 55 %, separator.thickness 44 %" in result.answers[0]


def test_the_indices_are_those_of_scipy(replaced):
    replaced(shifted)
    result = run_study(sensitive(1024))
    (found,) = sensitivity.indices(result)
    values = result.column(KEY).reshape(5, -1)
    blocks = {"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None, :]}
    peer = sobol_indices(func=blocks, n=values.shape[1])
    assert_allclose(found.first, peer.first_order, rtol=1e-10, atol=1e-12)
    assert_allclose(found.total, peer.total_order, rtol=1e-10)


def test_rows_of_members_that_failed_are_left_out(replaced):
    def fails_at_an_end(x, y, z):
        return "not converged" if x > 13.0 else shifted(x, y, z)

    replaced(fails_at_an_end)
    result = run_study(sensitive(1024))
    (found,) = sensitivity.indices(result)
    assert 0.5 * found.planned < found.rows < found.planned
    assert np.isfinite(found.total).all()
    assert "rows left out: members failed" in result.answers[0]


def test_a_factor_without_effect_has_no_share(replaced):
    replaced(lambda _x, _y, _z: 3.0)
    (found,) = sensitivity.indices(run_study(sensitive(256)))
    assert_array_equal(found.total, 0.0)


def circle(x, y):
    return 2.0 if (x - 6.0) ** 2 + (y - 6.0) ** 2 < 9.0 else 0.0


def test_a_window_finds_a_circle(replaced):
    """Every boundary point lies within the tolerance of the circle of radius 3."""
    replaced(circle)
    regions = {"inside": {KEY: "> 1"}, "outside": {}}
    study = declare(ranges((1, 11), (1, 11)), method="window", regions=regions, tolerance=0.002)
    result = run_study(study)
    found = findings.boundary(result)
    assert len(found) >= 20
    for one in found:
        assert set(one.regions) == {"inside", "outside"}
        distances = [
            math.hypot(*(number_and_unit(str(v))[0] - 6.0 for v in point))
            for point in (one.low, one.high)
        ]
        assert min(distances) <= 3.0 <= max(distances)
        assert max(distances) - min(distances) <= 0.02
    grid, rows = 81, len(result.column("status"))
    halvings = math.ceil(math.log2(0.125 / 0.002))
    assert rows == grid + halvings * len(found)
    assert result.answers[0].startswith("inside | outside: fixture.pressure ")


def test_a_window_along_one_factor_finds_the_place(replaced):
    """The boundary at 6.3 MPa lies between two members that are a hundredth apart."""
    replaced(lambda x: 2.0 if x < 6.3 else 0.0)
    regions = {"low": {KEY: "> 1"}, "high": {}}
    study = declare(ranges((1, 11)), method="window", regions=regions, tolerance=0.001)
    result = run_study(study)
    (found,) = findings.boundary(result)
    low, high = (number_and_unit(str(point[0]))[0] for point in (found.low, found.high))
    assert low < 6.3 <= high
    assert high - low <= 0.01
    assert len(result.column("status")) == 9 + math.ceil(math.log2(0.125 / 0.001))
    assert set(findings.pictures(result)) == {KEY}


def test_a_window_names_what_ends_early_by_its_status(replaced):
    def voids_stable_short(x, y):
        if x * y > 50.0:
            return "short"
        return 0.2 if x < 2.0 else 0.9

    replaced(voids_stable_short)
    study = declare(
        ranges((1, 10), (1, 10)), method="window",
        regions={"voids": {KEY: "< 50 %"}, "stable": {}},
    )  # fmt: skip
    result = run_study(study)
    pairs = {tuple(sorted(one.regions)) for one in findings.boundary(result)}
    assert pairs == {("stable", "voids"), ("short", "stable")}
    (drawn,) = [
        figure for name, figure in findings.pictures(result).items() if name == "window"
    ]
    labels = [text.get_text() for text in drawn.legends[0].get_texts()]
    assert labels == ["short", "stable", "voids", "boundary"]


def test_regions_tell_apart_what_ends_early():
    regions = {
        "creep": {"status": "short", OTHER: ">= 1"},
        "any": {"status": "short"},
        "low": {KEY: "< 5"},
        "rest": {},
    }
    study = declare(ranges((1, 11), (1, 11)), method="window", regions=regions)

    def region(status, value, load):
        outputs = {KEY: value, OTHER: load}
        return window.region_of(study, Member((), status, "", outputs, None, 0.0))

    assert region("short", 1.0, 2.0) == "creep"
    assert region("short", 1.0, 0.5) == region("short", 1.0, None) == "any"
    assert region("completed", 1.0, 2.0) == "low"
    assert region("completed", 9.0, 2.0) == "rest"
    assert region("contact lost", None, None) == "contact lost"  # no region is of this status


def test_a_status_that_there_is_not_is_refused():
    with pytest.raises(InputError, match=r"regions.a.status: 'shorted'.*short"):
        declare(ranges((1, 11), (1, 11)), method="window", regions={"a": {"status": "shorted"}})


def parabola(x, y):
    return -((x - 3.0) ** 2) - (y - 4.0) ** 2, x + y


GOAL = {"maximise": KEY, "subject_to": {OTHER: "< 6"}}


def test_optimise_finds_the_best_on_its_bound(replaced):
    """The nearest point to (3, 4) with x + y = 6 is (2.5, 3.5), half a unit off in both."""
    replaced(parabola)
    study = declare(ranges((1, 11), (1, 11)), method="optimise", objective=GOAL, runs=160)
    result = run_study(study)
    (best,) = optimise.best(study, list(result.members()))
    assert best.outputs[OTHER] < 6.0
    assert -0.5 - 0.1 < best.outputs[KEY] <= -0.5
    assert result.answers[0].startswith(f"best: {KEY} -0.5")
    assert set(findings.pictures(result)) == {f"history_{KEY}", KEY, OTHER}


def test_optimise_finds_a_front_and_leaves_failures_out(replaced):
    """Of x and 1 - x all points of a line are equally good; y only costs."""

    def trade(x, y):
        return "infeasible" if y > 8.0 else (x - y, x + y)

    replaced(trade)
    goal = {"maximise": [KEY], "minimise": [OTHER]}
    study = declare(ranges((1, 10), (1, 10)), method="optimise", objective=goal, runs=320)
    result = run_study(study)
    front = optimise.best(study, list(result.members()))
    assert len(front) > 10
    for one in front:
        for other in front:
            assert one is other or not (
                one.outputs[KEY] >= other.outputs[KEY]
                and one.outputs[OTHER] <= other.outputs[OTHER]
            )
    heights = [number_and_unit(str(member.point[1]))[0] for member in front]
    assert np.median(heights) < 2.5  # 5.5 by chance
    assert "front" in findings.pictures(result)


def test_where_nobody_keeps_the_bounds_one_line_says_so(replaced):
    replaced(parabola)
    goal = {"maximise": KEY, "subject_to": {OTHER: "< 0"}}
    study = declare(ranges((1, 10), (1, 10)), method="optimise", objective=goal, runs=32)
    result = run_study(study)
    assert result.answers == (
        f"no member is allowed: 32 of 32 completed; kept: {OTHER} < 0 by 0",
    )


@pytest.mark.parametrize("method", ["optimise", "window", "sensitivity"])
def test_a_method_asks_for_the_same_members_however_they_run(method, replaced, tmp_path):
    replaced(parabola)
    about = {
        "optimise": {"objective": GOAL, "runs": 80},
        "window": {"regions": {"low": {KEY: "< -9"}}},
        "sensitivity": {"runs": 64, "outputs": [KEY]},
    }
    study = declare(ranges((1, 11), (1, 11)), method=method, **about[method])
    rows = [list(run_study(study, workers=Threads(count)).rows()) for count in (1, 4)]
    assert rows[0] == rows[1]

    class StopError(Exception):
        pass

    def stops(fraction, _text):
        if fraction > 0.4:
            raise StopError

    with pytest.raises(StopError):
        run_study(study, tmp_path, progress=stops)
    again = run_study(study, tmp_path)
    assert list(again.rows()) == rows[0]
    again.journal.close()


def test_words_are_chosen_too(replaced, monkeypatch):
    monkeypatch.setattr(
        "lithomech.studies.subjects.Subject.run",
        lambda _self, values, _readings, _stop: Member(
            tuple(values.values()), "completed", "",
            {KEY: float(next(iter(values.values())) == "textured")}, "h", 1e-4,
        ),
    )  # fmt: skip
    vary = {"cathode.active[0].morphology": ["random", "textured", "single_crystal"]}
    study = declare(vary, method="optimise", objective={"maximise": KEY}, runs=16)
    assert replaced is not None
    assert "morphology textured" in run_study(study).answers[0]


WRONG = {
    "no objective": ({"method": "optimise"}, "objective: is missing: optimise needs it"),
    "of a sweep": ({"objective": GOAL}, "objective: is for optimise, not for sweep"),
    "of a status": (
        {"method": "optimise", "objective": {"maximise": "status"}},
        "objective.maximise: status is not a number",
    ),
    "no output": (
        {"method": "optimise", "objective": {"minimise": "pressure"}},
        "objective.minimise: there is no output 'pressure'",
    ),
    "no goal": ({"method": "optimise", "objective": {}}, "give maximise or minimise"),
    "twice": (
        {"method": "optimise", "objective": {"maximise": [KEY], "minimise": [KEY]}},
        "names an output twice",
    ),
    "no condition": (
        {"method": "optimise", "objective": {"maximise": KEY, "subject_to": {OTHER: "10 MPa"}}},
        "'10 MPa' is no condition",
    ),
    "a unit": (
        {"method": "optimise", "objective": GOAL | {"subject_to": {OTHER: "< 9 MPa"}}},
        "the unit is that in the name",
    ),
    "a design": ({"method": "sensitivity", "design": "grid"}, "is for sweep, not for sens"),
    "regions": ({"regions": {"a": {KEY: "< 1"}}}, "regions: is for window, not for sweep"),
    "no output of a region": (
        {"method": "window", "regions": {"a": {"pressure": "< 1"}}},
        "regions.a.pressure: there is no output",
    ),
    "few runs": ({"method": "sensitivity", "runs": 20}, "runs: 20 are too few; allowed: at le"),
    "a tolerance": ({"method": "window", "tolerance": "2"}, "tolerance: '2' is out of range"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_one_line(name):
    changes, stated = WRONG[name]
    with pytest.raises(InputError) as report:
        plans.size(declare(ranges((1, 2), (1, 2)), **changes))
    assert stated in str(report.value)
    assert len(report.value.mistakes) == 1, str(report.value)


def test_a_window_has_one_range_or_two():
    vary = ranges((1, 2), (1, 2)) | {"temperature": {"from": "20 degC", "to": "30 degC"}}
    with pytest.raises(InputError, match="a window has one factor or two, each between"):
        declare(vary, method="window")


def test_optimise_takes_no_distribution():
    spread = {"separator.thickness": {"mean": "9 um", "standard_deviation": "1 um"}}
    with pytest.raises(InputError, match="not a distribution"):
        declare(spread, method="optimise", objective={"maximise": KEY})


@pytest.mark.deep
def test_memory_is_bounded_for_many_members(replaced, tmp_path):
    """Less than 1 kB of memory for each member, results included; 1e5 take 5 times this."""
    replaced(lambda x, y: (x + y, x - y))
    study = declare(ranges((1, 2), (1, 2)), design="sobol", runs=20_000, outputs=[KEY, OTHER])
    tracemalloc.start()
    result = run_study(study, tmp_path, workers=Threads(1))
    result.save(tmp_path / "table.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2e7
    assert (tmp_path / "table.csv").stat().st_size > 2e5
    assert len(result.column(KEY)) == 20_000
    result.journal.close()


def test_window_edges_cover_the_grid():
    study = declare(ranges((1, 2), (1, 2)), method="window")
    edges = list(window.first_edges(study))
    assert len(edges) == 2 * 9 * 8
