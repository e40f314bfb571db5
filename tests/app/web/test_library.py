"""The material library as the page gets it."""

import pytest

from lithomech.materials.load import known, load_material


@pytest.fixture(scope="module")
def library(client):
    return client.json("materials", method="GET")


@pytest.fixture(scope="module")
def materials(library):
    return {one["name"]: one for one in library["materials"]}


def test_every_material_is_there_once(library, materials):
    assert sorted(materials) == sorted(known())
    assert len(library["materials"]) == len(materials)
    assert {one["role"] for one in materials.values()} == set(library["roles"])


def test_every_number_has_its_source_and_standing(library, materials):
    for name, one in materials.items():
        declared = load_material(name).properties
        assert set(one["values"]) == set(declared)
        for key, value in one["values"].items():
            source = declared[key].source
            assert source.where in value["source"]
            assert (value["standing"] == "assumed") == (source.method == "assumed")
            assert value["borrowed"] == (declared[key].owner not in {"", name})
            assert value["shown"]
            assert key in library["properties"]


def test_windows_are_open_and_scores_between_nought_and_one(library):
    for window in library["windows"].values():
        if None not in window.values():
            assert window["low"] < window["high"]
    scores = [axis["score"] for one in library["scores"].values() for axis in one.values()]
    assert all(score is None or 0.0 <= score <= 1.0 for score in scores)


def test_volume_curves_are_those_of_the_library(library):
    for name, curve in library["volumes"].items():
        table = load_material(name).curve("volume_strain")
        assert curve["x"] == table.x.tolist()
        assert curve["y"] == table.y.tolist()
