"""A march that was stopped ends where one that was not does."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from lithomech.particle.ensemble import ensemble
from lithomech.particle.fracture import crack_particle
from lithomech.particle.spec import load_particle

SPEC = """
material: ncm88
diameter: 2.4 um
grains: {diameter: 0.6 um}
dimensions: 2
increments: 4
cycles: 7
surroundings: {material: li6ps5cl, pressure: 20 MPa}
"""


class StoppedError(Exception):
    """By the user."""


def stopping(begun):
    """A progress that stops it in the cycle of this number."""

    def reported(_share, text):
        if text.startswith(f"cycle {begun},"):
            raise StoppedError

    return reported


def listening(heard):
    return lambda _share, text: heard.append(text.split(",")[0])


@pytest.mark.parametrize("begun", [2, pytest.param(3, marks=pytest.mark.deep)])
@pytest.mark.deep
def test_it_goes_on_as_if_nothing_had_been(tmp_path, begun):
    """To the last digit; 7 cycles skip some, so that what is skipped is kept as well."""
    particle = load_particle(SPEC)
    whole = crack_particle(particle)
    file, heard = tmp_path / "kept.npz", []
    with pytest.raises(StoppedError):
        crack_particle(particle, stopping(begun), file)
    found = crack_particle(particle, listening(heard), file)
    assert "cycle 1" not in heard
    for name, values in whole.by_increment.items():
        assert_array_equal(found.by_increment[name], values)
    for name, values in whole.diffusion.items():
        assert_array_equal(found.diffusion[name], values)
    assert_array_equal(found.discharge, whole.discharge)
    assert_array_equal(found.frames, whole.frames)
    assert_array_equal(found.stress, whole.stress)
    assert [m.name for m in found.moments] == [m.name for m in whole.moments]
    for one, other in zip(found.moments, whole.moments, strict=True):
        assert_array_equal(one.openings, other.openings)
        assert_array_equal(one.stress, other.stress)
    assert found.iterations == whole.iterations


@pytest.mark.parametrize(
    "change",
    [
        ("seed", "3"),
        pytest.param(("materials.ncm88.boundary_energy", "1.3 J/m2"), marks=pytest.mark.deep),
    ],
)
@pytest.mark.deep
def test_another_particle_begins_anew(tmp_path, change):
    file, heard = tmp_path / "kept.npz", []
    one = ("cycles", "1")
    crack_particle(load_particle(SPEC, [one]), None, file)
    crack_particle(load_particle(SPEC, [one, change]), listening(heard), file)
    assert "cycle 1" in heard


def test_what_is_no_archive_is_begun_anew(tmp_path):
    file, heard = tmp_path / "kept.npz", []
    file.write_bytes(b"half of one")
    crack_particle(load_particle(SPEC, [("cycles", "1")]), listening(heard), file)
    assert "cycle 1" in heard
    assert np.load(file)["done"] == 1


@pytest.mark.deep
def test_an_ensemble_does_not_repeat_its_particles(tmp_path):
    particle = load_particle(SPEC, [("increments", "8")])

    def stop(_share, text):
        if text.startswith("particle 3") and "cycle" in text:
            raise StoppedError

    with pytest.raises(StoppedError):
        ensemble(particle, 2, stop, tmp_path)
    heard = []
    found = ensemble(particle, 2, listening(heard), tmp_path)
    assert {text[:10] for text in heard if "cycle" in text} == {"particle 3", "particle 4"}
    assert found.constants == ensemble(particle, 2).constants
