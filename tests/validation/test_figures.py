"""Panels of Song et al. 2021: each figure has one that draws, and what it draws is computed."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lithomech.errors import InputError
from lithomech.materials.load import load_material
from lithomech.validation.figures import f11
from lithomech.validation.figures.catalogue import PANELS, selected
from lithomech.validation.figures.lives import CAPACITY
from lithomech.validation.figures.verdict import STATUSES, drawn, outcome
from lithomech.validation.register import load_register
from lithomech.validation.runs import Runs

BY_ID = {panel.id: panel for panel in PANELS}
RUNS = Runs()  # of this file
LIFE = [
    "Charge at 0.1C until 4.3 V",
    "Discharge at 0.1C until 3.0 V",
    "Charge at 0.5C until 4.3 V",
    "Discharge at 0.5C until 3.0 V",
] * 2
ONCE = ["Charge at 0.1C until 4.2 V", "Discharge at 0.1C until 2.6 V"]
# One panel of each figure that is drawn in a moment, with what makes its runs short.
QUICK = {
    "F1": {},
    "F2b": {},
    "F3c": {},
    "F4h": {"protocol[0].repeat": "1"},
    "F5j-m": {"cycles": "1", "increments": "4", "voxel_size": "400 nm"},
    "F6a": {"protocol": LIFE},
    "F7c": {"protocol": ONCE},
    "F8a": {},
    "F9": {},
    "F10c": {},
    "F11d-f": {},
}


def shortened(panel, settings):
    runs = {
        name: replace(run, settings={**run.settings, **settings})
        for name, run in panel.runs.items()
    }
    return replace(panel, runs=runs)


def lines(figure):
    """Heights of all curves of a figure that have more than two points."""
    every = (line.get_ydata() for axes in figure.axes for line in axes.get_lines())
    return [np.asarray(y, float) for y in every if len(y) > 2]


def test_every_figure_claim_has_its_panel_and_every_table_its_rows():
    firsts = {panel.claims[0] for panel in PANELS}
    figures = {name for name in load_register().claims if name.startswith("F-")}
    assert figures <= firsts
    for table, count in (("T1", 25), ("T2", 17), ("T3", 9)):
        assert len(BY_ID[table].claims) == count
    assert len(BY_ID) == len(PANELS) == 48


def test_panels_stand_where_the_register_has_them():
    claims = load_register().claims
    for panel in PANELS:
        if panel.id.startswith("F"):
            assert claims[panel.claims[0]].place == panel.place, panel.id


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_claims_constants_and_runs_exist(panel):
    assert set(panel.claims) <= load_register().claims.keys()
    assert len(set(panel.claims)) == len(panel.claims)
    for name in panel.constants:
        material, _, key = name.rpartition(".")
        assert key in load_material(material).properties, name
    for run in panel.runs.values():
        run.declared()
    assert panel.title.endswith(".")


@pytest.mark.parametrize("name", QUICK)
def test_one_panel_of_each_figure_is_drawn(name, monkeypatch):
    monkeypatch.setattr(f11, "DRAWS", 1)
    panel = shortened(BY_ID[name], QUICK[name])
    figure = drawn(panel, RUNS)
    assert figure.axes
    assert any(axes.has_data() or axes.texts for axes in figure.axes)


def test_figure_12_is_drawn_from_any_numbers():
    values = np.array([[10.0, 20.0, 30.0]])
    pressed = SimpleNamespace(
        stack_pressures=np.array([20e6, 7e6, 3e6]),
        mean=lambda _name: values[0],
        quantities=dict.fromkeys(
            ("tortuosity_factor_ionic", "tortuosity_factor_electronic"), values
        ),
    )
    figure = drawn(BY_ID["F12"], SimpleNamespace(get=lambda _declared: pressed))
    heights = lines(figure)
    assert any(np.array_equal(np.sort(y), values[0]) for y in heights)
    # the diamonds are Table 3, in any of its rows
    assert any(121.27 in y for y in heights)


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("F3c", "materials.li6ps5cl0.5br0.5.oxidation_film_volume", "3 cm^3/mol"),
        ("F10c", "materials.li6ps5cl.flaw_size", "60 um"),
        ("F8a", "materials.nca.volume_strain.scale", "0.5"),
    ],
)
def test_a_changed_constant_changes_what_is_drawn(name, setting, value):
    panel = shortened(BY_ID[name], QUICK[name])
    before, after = (
        np.concatenate(lines(drawn(one, RUNS)))
        for one in (panel, shortened(panel, {setting: value}))
    )
    assert before.size != after.size or np.abs(after - before).max() > 1e-3 * np.ptp(before)


def test_printed_numbers_are_those_of_the_review_and_the_miss_is_against_them():
    result = SimpleNamespace(
        status="completed",
        cycles=[{"crack_area_fraction_end_of_charge": 0.04, "crack_area_fraction_end": 0.01}]
        + [{"crack_area_fraction_end": 0.05, CAPACITY: 1.0}] * 100,
    )
    results = SimpleNamespace(items=lambda: [("sulfide", result), ("chloride", result)])
    numbers = [reading.number() for reading in BY_ID["F4e"].read(results)]
    # section 4.1 of the review
    assert [number.published[0] for number in numbers] == [3.69, 0.90, 6.14]
    np.testing.assert_allclose(numbers[0].error(), 4.0 / 3.69 - 1.0)


def test_verdicts_are_those_of_the_register():
    found = outcome(BY_ID["F10c"], RUNS)
    assert found.status == "reproduced"
    assert {verdict.id for verdict in found.verdicts} == {"F-040", "Q-113"}
    table = outcome(BY_ID["T1"], RUNS)
    # K of Li3ScBr6 is printed as 11.17 GPa; E = 27.71 GPa and nu = 0.24 give 17.76 GPa
    assert [
        (row.number.published[0], round(row.number.found[0], 2))
        for row in table.rows
        if row.claim == "T1-023" and row.number.name.startswith("bulk")
    ] == [(11.17, 17.76)]
    assert "E-02" in {name for c in table.verdicts for name in errata(c.id)}
    assert set(STATUSES) >= {found.status, table.status}


def errata(claim):
    return load_register().claims[claim].errata


def test_ids_select_panels_figures_letters_and_tables():
    assert [p.id for p in selected(["f4a", "T2", "F5c"])] == ["F4a", "F5b-e", "T2"]
    assert [p.id for p in selected(["F10"])] == [f"F10{letter}" for letter in "abcde"]
    with pytest.raises(InputError, match="no figure, table or panel 'F13'"):
        selected(["F13"])


def test_finished_runs_outlive_the_process_and_damaged_ones_are_done_anew(tmp_path):
    run = BY_ID["F10c"].runs["cell"]
    first = Runs(tmp_path).cell(run.declared())
    again = Runs(tmp_path)
    assert again.has(run.declared())
    np.testing.assert_array_equal(again.cell(run.declared()).voltage, first.voltage)
    assert again.seconds(run.declared()) > 0.0
    (path,) = tmp_path.glob("*.nc")
    path.write_bytes(b"nothing")
    third = Runs(tmp_path)
    np.testing.assert_array_equal(third.cell(run.declared()).voltage, first.voltage)
    assert not Runs(tmp_path).has(run.changed(fixture__pressure="8 MPa").declared())


def test_what_is_finished_is_kept_when_the_rest_is_stopped(tmp_path):
    run = BY_ID["F10c"].runs["cell"]
    first, second = run.declared(), run.changed(fixture__pressure="8 MPa").declared()
    runs = Runs(tmp_path)

    def stop(_fraction, _text):
        if runs.has(first):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.fill([first, second], stop)
    assert Runs(tmp_path).has(first)


def test_no_picture_is_stored():
    folder = Path(__file__).parents[2] / "src" / "lithomech" / "validation"
    assert not [p for p in folder.rglob("*") if re.search(r"\.(png|jpe?g|svg|pdf)$", p.name)]


@pytest.mark.deep
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_every_panel_as_it_is(panel, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "figures"
    folder.mkdir(exist_ok=True)
    runs = Runs(folder)
    found = outcome(panel, runs)
    assert found.status in STATUSES
    assert all(row.claim in load_register().claims for row in found.rows)
    figure = drawn(panel, runs)
    if figure is not None:
        figure.savefig(folder / f"{panel.id}.png")
    else:
        assert found.rows or found.status in {"pending", "cannot"}
