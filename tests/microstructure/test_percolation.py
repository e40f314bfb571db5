"""The law of percolation: limits, monotony, and the grains it was drawn through."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.microstructure.percolation import Mix, law
from lithomech.studies.percolation import column, press_piece, read_rows, recipes
from lithomech.studies.percolation_law import FORMS, draw, draw_law

TABLE = Path(str(files("lithomech.microstructure").joinpath("data/percolation.csv")))
USUAL = Mix(share=0.5, size_ratio=2.0, pressing=1.3)


@pytest.fixture(scope="module")
def rows():
    return read_rows(TABLE)


@pytest.fixture(scope="module")
def drawn(rows):
    return {name: draw(form, rows) for name, form in FORMS.items()}


def test_the_packaged_law_is_the_one_through_the_packaged_table(rows):
    text = TABLE.with_suffix(".json").read_text(encoding="utf-8")
    again, packaged = draw_law(rows), json.loads(text)
    assert again["ranges"] == packaged["ranges"]
    assert again["pieces"] == packaged["pieces"]
    for name, term in packaged["terms"].items():
        for feature, value in term["coefficients"].items():
            found = again["terms"][name]["coefficients"][feature]
            # another processor ends the search elsewhere, by far less than the spread
            assert_allclose(found, value, rtol=2e-3, atol=2e-3, err_msg=f"{name} {feature}")


def test_every_piece_came_to_rest(rows):
    assert np.mean(column(rows, "at_rest")) > 0.99


def test_dense_phases_conduct_as_they_are():
    # one part in a thousand: the rounding of the threshold
    assert_allclose(law().ionic(USUAL, 1.0), 1.0, rtol=1e-3)


def test_more_electrolyte_carries_more_ions_and_less_than_its_share():
    phi = np.linspace(0.0, 1.0, 101)
    found = np.array([law().ionic(USUAL, float(x)) for x in phi])
    assert np.all(np.diff(found) > 0.0)
    assert np.all(found[1:-1] < phi[1:-1])  # Wiener's upper bound
    # Hashin and Shtrikman's upper bound, the other phase insulating: 2 phi/(3 - phi)
    assert np.all(found[1:-1] < 2.0 * phi[1:-1] / (3.0 - phi[1:-1]) * 1.001)


def test_more_active_material_and_more_pressure_carry_more_electrons():
    stack = np.geomspace(1e-3, 0.2, 20)
    one = law().electronic(USUAL, 0.4, stack, 0.0)
    assert np.all(np.diff(one) > 0.0)
    more = law().electronic(USUAL, 0.45, stack, 0.0)
    assert np.all(more > one)
    assert np.all(law().electronic(USUAL, 0.4, stack, 1.0) < one)  # a film resists


def test_harder_pressing_leaves_less_pores_and_covers_more():
    pressing = np.geomspace(0.3, 1.8, 10)
    mixes = [Mix(0.5, 2.0, float(p)) for p in pressing]
    assert np.all(np.diff([law().porosity(m) for m in mixes]) < 0.0)
    assert np.all(np.diff([law().covered(m) for m in mixes]) > 0.0)


def test_finer_electrolyte_covers_more():
    covered = np.array([law().covered(Mix(0.5, r, 1.3)) for r in (0.5, 1.0, 2.0, 4.0)])
    spread = law().terms["covered"].spread  # of a logit: of the share itself, below it
    assert np.all(np.diff(covered) > -spread * covered[:-1])
    assert covered[-1] > 1.3 * covered[0]


def test_particles_are_fed_and_wired_by_shares_that_rise_to_all():
    phi = np.linspace(0.0, 1.0, 51)
    fed = np.array([law().fed(USUAL, float(x)) for x in phi])
    wired = np.array([law().wired(USUAL, float(x), 0.1) for x in phi])
    for share in (fed, wired):
        assert np.all(np.diff(share) >= 0.0)
        assert share[0] < 0.05
        assert share[-1] > 0.99


def test_a_mix_is_pressed_to_the_porosity_that_was_measured():
    for porosity in (0.21, 0.25, 0.3):
        mix = law().pressed_to(USUAL, porosity)
        assert_allclose(law().porosity(mix), porosity, rtol=1e-6)
    # beyond what grains were pressed at, the nearest
    assert law().pressed_to(USUAL, 0.9).pressing == law().ranges["pressing"][0]
    assert law().pressed_to(USUAL, 0.0).pressing == law().ranges["pressing"][1]


def test_outside_its_range_the_law_says_so_and_holds():
    far = Mix(share=0.99, size_ratio=50.0, pressing=1.0)
    assert len(list(law().outside(far))) == 2
    assert not list(law().outside(USUAL))
    assert_allclose(law().covered(far), law().covered(law().held(far)), rtol=0)


def test_recipes_begin_alike_however_many_there_are():
    assert recipes(16)[:8] == recipes(8)
    for recipe in recipes(16):
        assert 0.15 <= recipe.share <= 0.95


@pytest.mark.deep
def test_another_piece_lies_within_the_spread():
    # a recipe between those of the design, another seed; three spreads
    recipe = Mix(share=0.47, size_ratio=1.5, pressing=1.2)
    row = press_piece(recipe, 2000, 97)[0]
    mix = Mix(recipe.share, recipe.size_ratio, recipe.pressing)
    found = law().ionic(mix, (1.0 - recipe.share) * (1.0 - row.porosity))
    spread = law().terms["ionic_threshold"].spread
    assert abs(np.log(found / row.ionic)) < 3.0 * spread
