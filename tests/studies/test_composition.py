"""The table of pressed composites: what must grow with what, kept points, failures as data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.microstructure.spec import (
    Composition,
    Powder,
    Pressing,
    SizeDistribution,
    Structure,
)
from lithomech.studies import kinds
from lithomech.studies.composition import composition_map


def declared(active=4e-6, box=16e-6):
    return Structure(
        composition=Composition(
            active=(Powder("ncm88", 0.7, active),),
            electrolyte=Powder("li6ps5cl", 0.3, 3e-6),
        ),
        fabrication=Pressing(pressure=370e6),
        stack_pressures=(20e6, 3e6),
        box=box,
        voxel_size=0.5e-6,
        seeds=1,
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("points")
    return composition_map(declared(), (0.6, 0.7), (1.0, 2.0), folder), folder


def test_more_electrolyte_conducts_ions_better_and_covers_more(study):
    for name in ("conductivity_ionic", "covered_fraction"):
        values = study[0].table(name)
        assert values.shape == (2, 2, 2)
        assert np.all(values[0] > values[1]), name
    electrons = study[0].table("conductivity_electronic")
    touching = study[0].table("active_coordination")
    assert np.all(touching[0] < touching[1])
    assert np.all(electrons[..., 0] <= electrons[..., 1])  # at 3 and at 20 MPa


def test_finer_electrolyte_carries_ions_better_where_there_is_little(study):
    ions = study[0].table("conductivity_ionic")
    assert np.all(ions[1, 1] > ions[1, 0])


def test_points_are_met_and_nothing_is_extrapolated(study):
    table = study[0].table("conductivity_ionic")
    assert_allclose(study[0].at("conductivity_ionic", 0.6, 1.0, 3e6), table[0, 0, 0])
    between = study[0].at("conductivity_ionic", 0.65, 1.4, 8e6)
    assert table.min() < between < table.max()
    # half way in the logarithm of the pressure is the geometric mean
    middle = study[0].at("conductivity_ionic", 0.6, 1.0, np.sqrt(3e6 * 20e6))
    assert_allclose(middle, np.sqrt(table[0, 0, 0] * table[0, 0, 1]), rtol=1e-12)
    for place in ((0.5, 1.0, 3e6), (0.7, 3.0, 3e6), (0.7, 1.0, 50e6)):
        with pytest.raises(InputError, match="the table has"):
            study[0].at("conductivity_ionic", *place)


def test_kept_points_are_not_pressed_again(study, monkeypatch):
    first, folder = study
    assert (folder / "study.sqlite").exists()
    monkeypatch.setattr(kinds, "press_structure", None)
    again = composition_map(declared(), (0.7, 0.6), (2.0, 1.0), folder)
    name = "tortuosity_factor_electronic"
    assert np.array_equal(again.table(name), first.table(name))


def test_a_point_that_cannot_be_pressed_is_recorded():
    found = composition_map(declared(), (0.7,), (0.5, 1.0))  # electrolyte of 8 um in 16 um
    assert set(found.failures) == {(0, 0)}
    assert "at least three of the largest grains" in found.failures[0, 0]
    assert np.isnan(found.table("porosity")[0, 0]).all()
    assert np.isfinite(found.table("porosity")[0, 1]).all()


def test_it_draws_its_tables(study):
    figure = study[0].plot()
    assert len(figure.axes) == 3
    assert len(figure.axes[0].texts) == 4


def test_only_two_powders_of_one_size_have_a_size_ratio():
    with pytest.raises(InputError, match="a size ratio needs one size"):
        composition_map(
            declared(SizeDistribution(d10=3e-6, d50=4e-6, d90=5e-6)), (0.7,), (1.0,)
        )
