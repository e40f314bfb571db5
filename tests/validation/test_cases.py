"""Cases: form of a file, roles of rows, every packaged case, a small one from end to end."""

import json
import re
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.app import cli
from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.readout.result import Event
from lithomech.cell.readout.skipped import SKIPPED
from lithomech.cell.resolve.build import resolve
from lithomech.errors import InputError
from lithomech.validation.case_readings import READINGS, Place, Simulated
from lithomech.validation.case_run import run_cases
from lithomech.validation.case_spec import Row, cases, load_case

SMALL = """\
id: small
source: made up
base:
  name: small
  fixture: {type: constant_pressure, pressure: 50 MPa}
  cathode:
    type: composite
    thickness: 50 um
    porosity: 20 %
    active: [{material: ncm811, weight: 70 %, diameter: 4 um}]
    electrolyte: {material: li6ps5cl, weight: rest}
    transport: {type: formula, law: bruggeman, exponent: 2}
  separator: {material: li6ps5cl, thickness: 100 um}
  anode: {type: planar, material: li_in, thickness: 100 um}
  initial: {anode: 0.3, cathode: 0.7}
  reference: li
  mechanisms: {interphase: none}
  solver: {nodes: 3}
conditions:
  plain: {role: calibrated}
  dense: {set: {cathode.porosity: 10 %}}
  later: {not_yet: nobody has built it}
  full: {set: {initial.cathode: 0.05}}
runs:
  timed:
    set:
      protocol:
        - Charge at 10 mA/g for 2 hours
        - Discharge at 10 mA/g for 1 hour
        - Charge at 10 mA/g for 1 hour
        - Discharge at 10 mA/g for 30 min
quantities:
  - {quantity: charge_capacity_mAh_per_g, run: timed}
  - {quantity: first_efficiency, run: timed}
  - {quantity: discharge_capacity_mAh_per_g, at: 2, run: timed, cycle: 2}
  - {quantity: retention, at: 2, run: timed, cycle: 2}
  - {quantity: fade_per_cycle, at: 0.05C, run: timed, cycle: 2}
  - {quantity: utilisation, run: timed}
  - {quantity: ionic_resistance_ohm_cm2, run: timed}
seen:
  - {condition: plain, quantity: first_efficiency, measured: 0.6}
  - {condition: plain, quantity: retention, at: 2, measured: 0.4}
assumed:
  - {key: temperature, value: 25 degC, varied: [30 degC, 40 degC]}
"""
CALIBRATED = """\
calibrated:
  - parameter: materials.ncm811.exchange_current_density
    value: 1 A/m2
    rows: [{condition: plain, quantity: first_efficiency}]
"""
KEYS = ["case", "condition", "quantity", "unit", "at", "value", "role", "set_by"]
KEYS += ["seen", "measured", "band", "reason"]


@pytest.fixture(scope="module")
def rows():
    return {(row.condition, row.quantity): row for row in run_cases([SMALL + CALIBRATED])}


@pytest.mark.parametrize("name", cases())
def test_every_packaged_case_resolves_under_each_condition(name):
    case = load_case(name)
    assert case.id == name
    for condition, declared in case.conditions.items():
        if declared.not_yet is None:
            for run in case.runs or ("",):
                resolve(case.cell(condition, run))
            for variation in case.variations:
                resolve(case.cell(condition, next(iter(case.runs), ""), variation))


def test_what_current_and_time_say_is_what_the_rows_say(rows):
    # 10 mA/g: 20 in, 10 out, 10 in, 5 out
    expected = {
        "charge_capacity_mAh_per_g": 20.0,
        "first_efficiency": 0.5,
        "discharge_capacity_mAh_per_g": 5.0,
        "retention": 0.5,
        "fade_per_cycle": 0.5,
    }
    for quantity, value in expected.items():
        row = rows["plain", quantity]
        assert_allclose(row.value, value, rtol=1e-6)
        assert_allclose(row.band, [value, value], rtol=1e-6)
        assert row.reason == ""


def test_a_condition_changes_its_cell_and_assumptions_leave_a_band(rows):
    # Bruggeman: R = L / (kappa f^2), and f of the electrolyte follows 1 - porosity
    plain, dense = (rows[name, "ionic_resistance_ohm_cm2"] for name in ("plain", "dense"))
    assert_allclose(plain.value / dense.value, (0.9 / 0.8) ** 2, rtol=1e-9)
    assert plain.unit == "ohm*cm^2"
    low, high = plain.band
    assert low < high == plain.value  # hotter electrolyte conducts better


@pytest.mark.parametrize(
    ("change", "charge"),
    [
        ("dense: {cycles_later: 1}", 10.0),  # the second charge
        ('dense: {runs: {timed: {set: {"protocol[0]": Charge at 10 mA/g for 3 hours}}}}', 30.0),
    ],
)
def test_a_condition_has_its_own_cycle_or_protocol(change, charge):
    changed = SMALL.replace("dense: {set: {cathode.porosity: 10 %}}", change)
    (found,) = (
        row.value
        for row in run_cases([changed])
        if (row.condition, row.quantity) == ("dense", "charge_capacity_mAh_per_g")
    )
    assert_allclose(found, charge, rtol=1e-6)


def test_what_cannot_be_read_is_null_with_its_reason(rows):
    assert rows["later", "retention"].value is None
    assert rows["later", "retention"].reason == "nobody has built it"
    assert rows["plain", "utilisation"].value is None
    assert "no result" in rows["plain", "utilisation"].reason
    ended = rows["full", "charge_capacity_mAh_per_g"]
    assert ended.value is None
    assert ended.reason.startswith("electrode exhausted: ")
    assert ended.band is None
    assert rows["full", "ionic_resistance_ohm_cm2"].value > 0.0  # needs no run


def test_a_variation_without_a_value_is_reported():
    key = "{key: initial.cathode, value: 0.9, varied: [0.8, 0.05]}"
    assumed = "{key: temperature, value: 25 degC, varied: [30 degC, 40 degC]}"
    found = run_cases([SMALL.replace(assumed, key)])
    (row,) = (row for row in found if (row.condition, row.quantity) == ("plain", "retention"))
    assert_allclose([row.value, *row.band], 0.5, rtol=1e-6)
    assert row.reason.startswith("no value with 1 of 2 variations: electrode exhausted: ")


def test_only_rows_that_a_constant_was_set_on_are_calibrated(rows):
    calibrated = [key for key, row in rows.items() if row.role == "calibrated"]
    assert calibrated == [("plain", "first_efficiency")]
    assert {row.role for row in rows.values()} == {"calibrated", "predicted"}
    constant = "materials.ncm811.exchange_current_density"
    assert {row.set_by for row in rows.values()} == {(constant,)}
    seen = {key: row.measured for key, row in rows.items() if row.seen}
    assert seen == {("plain", "first_efficiency"): 0.6, ("plain", "retention"): 0.4}


def test_a_constant_is_part_of_the_cell():
    case = load_case(SMALL + CALIBRATED)
    changed = case.cell("dense", "timed").materials["ncm811"]
    assert changed == {"exchange_current_density": "1 A/m2"}
    assert case.role(Row("plain", "first_efficiency")) == "calibrated"
    assert load_case(SMALL).cell("dense", "timed").materials == {}


def test_all_mistakes_are_reported_at_once_with_their_lines():
    wrong = (
        SMALL.replace("pressure: 50 MPa", "pressure: 50")
        .replace("porosity: 10 %", "porosity: 10")
        .replace("role: calibrated", "roll: calibrated")
        .replace("quantity: retention, at: 2, run", "quantity: retentoin, at: 2, run")
    )
    with pytest.raises(InputError) as found:
        load_case(wrong)
    reported = str(found.value).splitlines()
    expected = [
        ("<text>:5: base.fixture.pressure", "has no unit"),
        ("<text>:20: conditions.plain.roll", "did you mean role?"),
        ('<text>:21: conditions.dense.set."cathode.porosity"', "write 10 %"),
        ("<text>:36: quantities[3].quantity", "did you mean retention?"),
    ]
    assert len(reported) == len(expected)
    for line, (place, words) in zip(reported, expected, strict=True):
        assert line.startswith(place)
        assert words in line


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [
        ("first_efficiency, run: timed", "first_efficiency, run: slow", "no run 'slow'"),
        ("  plain: {role: calibrated}", "  plain: {}", "write role: calibrated"),
        ("dense: {set", "dense: {runs: {slow: {}}, set", "no run 'slow'; there are: timed"),
        ("{condition: plain, quantity: ret", "{condition: plan, quantity: ret", "mean plain?"),
        ("at: 2, measured", "at: 3, measured", "retention at 3 is not under quantities"),
        ("[30 degC, 40 degC]", "[30 degC, 40]", 'assumed[0].varied[1]: 40 has no unit'),
        ("id: small", "id: small\ncalibrated: [{parameter: temperature, value: 30 degC, rows: "
         "[{condition: dense, quantity: first_efficiency}]}]", "was not seen"),
        ("at: 2, run: timed, cycle: 2}\n  - {quantity: f", "run: timed}\n"
         "  - {quantity: first_efficiency, run: timed}\n  - {quantity: f", "stands twice"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(before, after, reported):
    assert before in SMALL
    with pytest.raises(InputError, match=r".") as found:
        load_case(SMALL.replace(before, after))
    assert reported in str(found.value)


def columns(**arrays):
    """A simulated cell of 1 g of active material with these columns in its series."""

    class Series(SimpleNamespace):
        def __len__(self):
            return len(arrays["time"])

    names = {"time": "Test Time / s", "current": "Current / A", "P": "Surface Pressure / Pa"}
    table = {names[key]: values for key, values in arrays.items()}
    ones = np.ones(len(arrays["time"]), dtype=int)
    series = Series(columns=table | {"Cycle Count / 1": ones, "Step Count / 1": ones})
    result = SimpleNamespace(series=series, cycles=(), status="completed")
    return Simulated(SimpleNamespace(active_mass=1e-3, area=1e-4), result)


@pytest.mark.parametrize("rate", [0.1, 1.0, 10.0])
def test_capacity_at_a_rate_of_a_current_that_decays(rate):
    # I = I0 exp(-t/tau) has passed q = I0 tau (1 - I/I0) when I/q = R: q = I0 tau/(1 + R tau)
    tau, current = 0.5, 0.2  # h, A
    hours = np.linspace(0.0, 8.0, 20_000)
    cell = columns(time=3600.0 * hours, current=-current * np.exp(-hours / tau))
    found = READINGS["discharge_capacity_at_rate"].value(cell, Place(1, 1, rate))
    assert_allclose(found, 1e3 * current * tau / (1.0 + rate * tau), rtol=1e-4)


@pytest.mark.parametrize("rate", [1e-9, 1e9])
def test_a_rate_that_the_hold_does_not_pass_has_no_capacity(rate):
    hours = np.linspace(0.0, 1.0, 100)
    cell = columns(time=3600.0 * hours, current=-np.exp(-hours))
    assert READINGS["discharge_capacity_at_rate"].value(cell, Place(1, 1, rate)) is None


def cycled(capacities, skipped=()):
    """A simulated cell of three cycles with these capacities; both steps of some skipped."""
    steps = parse_protocol(
        [{"repeat": 3, "steps": ["Charge at 1C until 4 V", "Discharge at 1C until 3 V"]}],
        Path(),
    )
    cycles = tuple({"discharge_capacity_mAh_per_g": value} for value in capacities)
    events = [Event(0.0, cycle, 1, SKIPPED, None) for cycle in skipped for _ in range(2)]
    result = SimpleNamespace(cycles=cycles, events=events, status="completed")
    cell = SimpleNamespace(steps=lambda: steps)
    return Simulated(SimpleNamespace(cell=cell), result)


@pytest.mark.parametrize(
    ("capacities", "skipped", "cycle", "retention"),
    [
        ((100.0, 90.0, 80.0), (), 3, 0.8),
        ((100.0, 80.0), (2,), 3, 0.8),  # the second summary is that of the third cycle
        ((100.0, 80.0), (2,), 2, None),
        ((0.5, 0.6, 0.6), (), 3, None),  # a cell that does not work keeps 120 % of nothing
    ],
)
def test_retention_counts_cycles_of_the_protocol(capacities, skipped, cycle, retention):
    found = READINGS["retention"].value(cycled(capacities, skipped), Place(cycle, 1, cycle))
    assert found == retention


INTERFACES = [
    {
        "cathode_interface_resistance_ohm_cm2": 50.0 * number,
        "cathode_interface_capacitance_uF_per_cm2": 60.0 / number,
        "cathode_warburg_coefficient_ohm_cm2_per_sqrt_s": 10.0 * number**2,
        "anode_interface_resistance_ohm_cm2": 80.0 + number,
        "cathode_film_resistance_ohm_cm2": 20.0 * number,
    }
    for number in (1.0, 2.0, 3.0)
]


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("interface_resistance_ohm_cm2", 60.0),  # of films
        ("interface_capacitance_uF", 40.0),  # of 2 cm2
        ("cathode_interface_resistance_ohm", 75.0),
        ("lithium_resistance_ohm", 41.5),
        ("warburg_coefficient_ratio", 9.0),
        ("interface_resistance_ratio", 3.0),
    ],
)
def test_interfaces_are_those_of_the_whole_cell(quantity, value):
    cell = cycled((100.0, 90.0, 80.0))
    model = SimpleNamespace(cell=cell.model.cell, area=2e-4)
    result = SimpleNamespace(cycles=tuple(INTERFACES), events=[], status="completed")
    read = READINGS[quantity].value
    assert_allclose(read(Simulated(model, result), Place(3, 1, 3)), value, rtol=1e-12)
    assert read(cell, Place(3, 1, 3)) is None


def test_share_in_the_last_fifth_of_a_parabola():
    time = np.linspace(0.0, 1.0, 1001)
    cell = columns(time=time, current=np.ones(1001), P=5e7 - 2e6 * time**2)
    found = READINGS["share_in_last_fifth"].value(cell, Place(1, 1, 1))
    assert_allclose(found, 1.0 - 0.8**2, rtol=1e-9)


def test_json_has_the_promised_keys(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    assert cli.main(["validate", "--cases", "mine.yaml", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == ["cases"]
    assert len(content["cases"]) == 4 * 7
    assert {tuple(row) for row in content["cases"]} == {tuple(KEYS)}
    first = content["cases"][0]
    assert first["case"] == "small"
    assert first["at"] == 1
    assert first["set_by"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_rows_are_written_where_out_says_so(capsys, tmp_path):
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    words = ["validate", "--cases", str(tmp_path / "mine.yaml"), "--out", str(tmp_path / "out")]
    assert cli.main(words) == 0
    shown = capsys.readouterr().out
    assert "small: dense" in shown
    assert "nobody has built it" in shown
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"cases.json", "cases.csv"}
    table = (tmp_path / "out" / "cases.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == ",".join(KEYS)
    assert len(table) == 1 + 4 * 7


def test_exit_codes(capsys, tmp_path):
    nothing = SMALL.replace("  plain: {role: calibrated}", "  plain: {not_yet: unknown}")
    nothing = nothing[: nothing.index("seen:")]
    for name in (
        "dense: {set: {cathode.porosity: 10 %}}",
        "full: {set: {initial.cathode: 0.05}}",
    ):
        nothing = nothing.replace(name, f"{name.partition(':')[0]}: {{not_yet: unknown}}")
    (tmp_path / "none.yaml").write_text(nothing, encoding="utf-8")
    assert cli.main(["validate", "--cases", str(tmp_path / "none.yaml"), "--json"]) == 1
    assert cli.main(["validate", "--cases", "Z9"]) == 2
    assert "there is no case 'Z9'; there are: A1" in capsys.readouterr().err


def test_the_case_of_the_howto_is_read():
    page = (Path(__file__).parents[2] / "docs/howto/add_a_case.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(id: mine.*?)```", page, re.DOTALL)[1]
    constant = re.search(r"  ```yaml\n(  calibrated:.*?)  ```", page, re.DOTALL)[1]
    case = load_case(example.replace("calibrated: []\n", dedent(constant)))
    assert case.constants == ("materials.ncm811.diffusivity",)
    assert case.role(Row("coarse", "first_efficiency")) == "calibrated"
