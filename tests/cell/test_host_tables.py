"""What a cell calculates with: diffusivity and exchange current of a host against lithium."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.resolve.build import resolve
from lithomech.cell.spec import load_cell
from lithomech.materials.load import load_material
from lithomech.numerics.table import INTERVALS
from support.cells import LITHIUM, composite, declare, spring

GAS = 8.314462618
X = np.linspace(0.0, 0.999, 1000)  # nodes of the tables
LATER = [110, 300, 500, 600, 900, 980]  # some of them, past the steep beginning
OWN_TABLE = {
    "form": "table",
    "file": "mine.csv",
    "unit": "m^2/s",
    "source": {"ref": "user", "where": "test", "method": "measured"},
}


def host(cell):
    """The record of the first class of particles."""
    return resolve(cell).arrays.particles["host"][0]


def diffusivity(found):
    """The slope of its integral at the nodes [1/s]."""
    return found["permeation"][:, 1] * INTERVALS


@pytest.mark.parametrize("change", [{}, {"diffusivity": "2e-14 m2/s"}])
def test_a_cell_calculates_with_level_times_shape(change):
    """At 45 degC; D over the square of the radius, and its integral by the trapezium rule."""
    found = host(declare(even=False, temperature="45 degC", materials={"ncm811": change}))
    warm = -(1.0 / 318.15 - 1.0 / 298.15) / GAS
    m = load_material("ncm811")
    # a level without a temperature dependence replaces the one that has it
    level = 2e-14 if change else 1.0e-15 * np.exp(42e3 * warm)
    D = level * m.curve("diffusivity_shape")(X) / float(found["radius"]) ** 2
    assert_allclose(diffusivity(found), D, rtol=1e-6)
    total = np.concatenate([[0.0], np.cumsum(0.5e-3 * (D[1:] + D[:-1]))])
    assert_allclose(found["permeation"][LATER, 0], total[LATER], rtol=1e-3)
    i_0 = 2.0 * np.exp(40.6e3 * warm) * m.curve("exchange_current_density_shape")(X)
    assert_allclose(found["exchange"][:, 0], i_0, rtol=1e-6)


def uptake(morphology, diameter):
    """Diffusivity over the square of its length [1/s], of NCM811."""
    grains = composite("ncm811", morphology=morphology, diameter=diameter)
    return diffusivity(host(declare(even=False, cathode=grains)))


@pytest.mark.parametrize("morphology", ["random", "textured"])
def test_large_polycrystals_take_lithium_up_along_their_boundaries(morphology):
    """As one of 4 um does, whose radius is the diffusion length; smaller ones over theirs."""
    usual = uptake(morphology, "4 um")
    assert_allclose(uptake(morphology, "10 um"), usual, rtol=1e-12)
    assert_allclose(uptake(morphology, "2 um"), 4.0 * usual, rtol=1e-12)


def test_a_crystal_takes_lithium_up_over_its_radius():
    small, large = (uptake("single_crystal", size) for size in ("4 um", "10 um"))
    assert_allclose(small, 6.25 * large, rtol=1e-12)


def test_without_shapes_diffusion_is_even_and_the_exchange_current_that_of_insertion():
    found = host(declare(cathode=composite("lco")))
    level = load_material("lco").value("exchange_current_density")
    assert_allclose(diffusivity(found), diffusivity(found)[0], rtol=1e-12)
    x = X[10:990]
    expected = 2.0 * level * np.sqrt(x * (1.0 - x))
    assert_allclose(found["exchange"][10:990, 0], expected, rtol=1e-6)


def test_a_table_of_the_diffusivity_itself_is_not_multiplied_by_a_shape(tmp_path):
    tables = tmp_path / "materials" / "tables"
    tables.mkdir(parents=True)
    (tables / "mine.csv").write_text("x,value\n0,1e-15\n1,3e-15\n", encoding="utf-8")
    cell = {
        "fixture": spring(),
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "materials": {"ncm811": {"diffusivity": OWN_TABLE}},
        "protocol": ["Rest for 1 min"],
    }
    path = tmp_path / "cell.yaml"
    path.write_text(json.dumps(cell, indent=1), encoding="utf-8")
    found = host(load_cell(path))
    D = diffusivity(found) * float(found["radius"]) ** 2
    assert_allclose(D, 1e-15 + 2e-15 * X, rtol=1e-9)
