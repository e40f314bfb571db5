"""Panels of Song et al. 2021: each figure has one that draws, and what it draws is computed."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lithomech.errors import InputError
from lithomech.materials.load import load_material
from lithomech.validation import library
from lithomech.validation.figures.catalogue import PANELS, selected
from lithomech.validation.figures.lives import CAPACITY
from lithomech.validation.figures.verdict import STATUSES, drawn, outcome, panel_verdict
from lithomech.validation.judge import Verdict
from lithomech.validation.register import load_register
from lithomech.validation.runs import Runs
from lithomech.validation.scoreboard import panel_of, scoreboard

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
    "F2c": {},
    "F3c": {},
    "F4h": {"protocol[0].repeat": "1"},
    "F5b-e": {"cycles": "1", "increments": "4", "voxel_size": "130 nm"},
    "F6a": {"protocol": LIFE},
    "F7c": {"protocol": ONCE},
    "F8a": {},
    "F9": {},
    "F10c": {},
    "F11a-c": {},
    "F12": {"seeds": "1", "box": "12 um", "voxel_size": "0.8 um"},
}
FEWER = {"F12": ("70:30",)}  # runs of a panel that has many
# A constant of the library that each of them rests on, and another value of it.
CONSTANTS = {
    "F1": ("li", "partial_molar_volume", "14 cm^3/mol"),
    "F2c": ("li6ps5cl", "fracture_toughness", "0.4 MPa*m^0.5"),
    "F3c": ("li6ps5cl0.5br0.5", "oxidation_film_volume", "3 cm^3/mol"),
    "F4h": ("li6ps5cl", "ionic_conductivity", "0.2 mS/cm"),
    "F5b-e": ("ncm88", "boundary_energy", "5 J/m^2"),
    "F6a": ("nca88", "diffusivity", "1.0e-16 m^2/s"),
    "F7c": ("lco", "diffusivity", "1.0e-15 m^2/s"),
    "F8a": ("li6ps5cl0.5br0.5", "oxidation_film_volume", "3 cm^3/mol"),
    "F9": ("li", "partial_molar_volume", "20 cm^3/mol"),
    "F10c": ("li6ps5cl", "flaw_size", "60 um"),
    "F11a-c": ("graphite", "diffusivity", "1.0e-15 m^2/s"),
    "F12": ("li6ps5cl", "matrix_strength", "1 GPa"),
}


def short(name):
    """A panel with short runs."""
    panel = BY_ID[name]
    runs = {
        key: replace(run, settings={**run.settings, **QUICK[name]})
        for key, run in panel.runs.items()
        if key in FEWER.get(name, panel.runs)
    }
    return replace(panel, runs=runs)


@cache
def as_it_is(name):
    """What a short panel draws from the library as it is."""
    return numbers(drawn(short(name), RUNS))


def numbers(figure):
    """All that is drawn: ends of curves and bars, pictures, and words."""
    drawn_ = [np.asarray(figure.get_size_inches())]
    for axes in figure.axes:
        drawn_ += [np.concatenate(line.get_data()) for line in axes.get_lines()]
        drawn_ += [np.ravel(image.get_array()) for image in axes.get_images()]
        drawn_ += [np.ravel(patch.get_extents().get_points()) for patch in axes.patches]
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    return np.concatenate([np.asarray(part, float) for part in drawn_]), words


@pytest.fixture
def library_with(tmp_path, monkeypatch):
    """A folder of the user's own materials in front of those of the package."""

    def change(material, key, value):
        source = "{ref: user, where: test, method: assumed}"
        number, unit = value.split()
        (tmp_path / f"{material}.yaml").write_text(
            f"name: {material}\nproperties:\n  {key}:\n    form: constant\n"
            f"    value: {number}\n    unit: {unit}\n    source: {source}\n",
            encoding="utf-8",
        )
        monkeypatch.setenv("LITHOMECH_MATERIALS", str(tmp_path))
        library._material.cache_clear()

    yield change
    monkeypatch.undo()
    library._material.cache_clear()


def test_every_figure_claim_has_its_panel_and_every_table_its_rows():
    firsts = {panel.claims[0] for panel in PANELS}
    figures = {name for name in load_register().claims if name.startswith("F-")}
    assert figures <= firsts
    for table, count in (("T1", 25), ("T2", 17), ("T3", 9)):
        assert len(BY_ID[table].claims) == count
    assert len(BY_ID) == len(PANELS) == 48


def test_a_claim_is_judged_by_the_one_panel_that_is_about_it():
    """F- claims are the first of their panel; no panel judges a claim that has a check."""
    for name, claim in load_register().claims.items():
        assert (claim.check.by == "panel") == (panel_of(name) is not None), name
        if name.startswith("F-"):
            assert panel_of(name).claims[0] == name
    assert panel_of("M-018").id == "F7c"
    assert panel_of("Q-112") is None


def test_status_of_a_panel_follows_from_its_claims():
    panel = BY_ID["F10b"]
    known = {name: Verdict(name, "data", "") for name in ("Q-111", "Q-112")}
    assert panel_verdict("F-039", panel, known).status == "drawn"
    known["Q-111"] = Verdict("Q-111", "reproduced", "")
    assert panel_verdict("F-039", panel, known).status == "reproduced"
    known["Q-112"] = Verdict("Q-112", "contradicted", "")
    found = panel_verdict("F-039", panel, known)
    assert found.status == "contradicted"
    assert found.detail == "by Q-112; drawn by `lithomech figures F10b`"


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


def test_every_figure_has_a_quick_panel_and_a_constant():
    assert {BY_ID[name].figure for name in QUICK} == {f"F{n}" for n in range(1, 13)}
    assert QUICK.keys() == CONSTANTS.keys()


@pytest.mark.parametrize("name", QUICK)
def test_one_panel_of_each_figure_is_drawn(name):
    values, _words = as_it_is(name)
    assert values.size > 4
    assert np.isfinite(values).any()


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_changed_constant_changes_what_is_drawn(name, library_with):
    before, words = as_it_is(name)
    library_with(*CONSTANTS[name])
    after, changed_words = numbers(drawn(short(name), RUNS))
    if before.size != after.size or words != changed_words:
        return
    assert np.nanmax(np.abs(after - before)) > 1e-3 * np.nanstd(before)


def test_figure_12_has_table_3_beside_it():
    values, _words = as_it_is("F12")
    for printed in (4.26, 4.54, 5.13, 29.54, 62.81, 121.27):  # 70:30 by weight
        assert np.abs(values / printed - 1.0).min() < 1e-9


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
    assert {v.id: v.status for v in scoreboard(["F-040"], runs=RUNS)} == {"F-040": "reproduced"}
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


@pytest.mark.deep
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


@pytest.mark.deep
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


@pytest.mark.parametrize(
    ("panel", "name", "constant"),
    [
        ("F5b-e", "particle", ("ncm88", "boundary_energy", "0.6 J/m^2")),
        ("F3d", "structure", ("li6ps5cl", "matrix_strength", "1 GPa")),
        ("F6a", "random grains", ("nca88", "diffusivity", "1.0e-16 m^2/s")),
    ],
)
def test_another_constant_makes_another_run(panel, name, constant, library_with):
    run = BY_ID[panel].runs[name]
    before = Runs.key(run.declared())
    library_with(*constant)
    assert Runs.key(run.declared()) != before


def test_no_picture_is_stored_or_read():
    folder = Path(__file__).parents[2] / "src" / "lithomech" / "validation"
    assert not [p for p in folder.rglob("*") if re.search(r"\.(png|jpe?g|svg|pdf)$", p.name)]
    sources = (folder / "figures").glob("*.py")
    assert not [p for p in sources if re.search(r"imread|Image\.open|PIL", p.read_text())]


@pytest.mark.deep
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_every_panel_as_it_is(panel, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "figures"
    folder.mkdir(exist_ok=True)
    runs = Runs(folder)
    found = outcome(panel, runs)
    assert found.status in STATUSES
    assert all(row.claim in load_register().claims for row in found.rows)
    drawn(panel, runs).savefig(folder / f"{panel.id}.png")
