"""Diffusivity and exchange current against lithium: the shapes of NCM811 and who has them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import MaterialError
from lithomech.materials.load import load_material

# The NMR fit of Liu2024 as tabulated by its reader, who divides by 0.9982 of the value at 0.5
NMR = {
    0.10: 0.001122,
    0.12: 0.0052493,
    0.15: 0.031,
    0.18: 0.11283,
    0.20: 0.21101,
    0.22: 0.34111,
}
# Chien2023, cm2/s: the ends of the range that was read at each x
CHIEN = {0.934: (1e-13, 3e-13), 0.734: (1e-12, 2e-12), 0.528: (3e-12, 1e-11)}
CHIEN |= {0.368: (3e-12, 1e-11), 0.303: (1.5e-12, 2.5e-12), 0.231: (2e-12, 5e-12)}
PARK = {0.98: 0.020, 0.95: 0.067, 0.90: 0.263, 0.80: 0.645, 0.70: 1.11, 0.50: 3.07}  # 1/h
RUESS = {0.869: 7e-18, 0.694: 3.8e-16, 0.63: 3.4e-16, 0.57: 3.5e-16}  # m2/s
RUESS |= {0.5: 6.85e-16, 0.382: 3.5e-16, 0.245: 1.7e-17}
RUESS_EXCHANGE = {0.869: 0.020, 0.607: 0.155, 0.449: 0.120, 0.277: 0.028}  # A/m2
NICKEL_RICH = ["ncm721", "ncm811", "ncm851005", "ncm88", "nca", "nca88"]
SHAPES = ("diffusivity_shape", "exchange_current_density_shape")


def shape(name, prop):
    return load_material(name).curve(prop)


@pytest.mark.parametrize("x", CHIEN)
def test_diffusivity_of_ncm811_goes_through_what_pauses_of_the_current_gave(x):
    found = shape("ncm811", "diffusivity_shape")
    low, high = CHIEN[x]
    level = np.prod(CHIEN[0.528]) ** 0.5  # equal at x = 0.368: the same at 0.5
    assert_allclose(found(x), (low * high) ** 0.5 / level, rtol=1e-4)


@pytest.mark.parametrize("x", NMR)
def test_below_its_last_point_it_falls_as_nmr_does(x):
    rtol = 0.02 if x == 0.15 else 1e-4  # printed with two digits there
    found = shape("ncm811", "diffusivity_shape")
    assert_allclose(found(x) / found(0.20), NMR[x] / NMR[0.20], rtol=rtol)


def test_exchange_current_falls_towards_full_and_towards_empty():
    found = shape("ncm811", "exchange_current_density_shape")
    for x, rate in PARK.items():
        assert_allclose(found(x), rate / 3.07, rtol=1e-5)
    # below half: over the value at x = 0.5, which lies between 0.120 and 0.155 A/m2
    assert_allclose(found(0.449) / found(0.277), 0.120 / 0.028, rtol=1e-5)
    assert 0.120 / 0.155 < found(0.449) < 1.0


@pytest.mark.parametrize("name", [*NICKEL_RICH, "ncm811_ruess"])
def test_nickel_rich_hosts_have_shapes_that_are_1_at_half_and_held_beyond_their_data(name):
    for prop in SHAPES:
        found = shape(name, prop)
        assert_allclose(found(0.5), 1.0, rtol=1e-6)
        assert found(0.9) < 0.15
        assert found(0.0) == found(0.05) == found.y[0]


@pytest.mark.parametrize("name", ["ncm111", "ncm523", "ncm622"])
def test_diffusivity_with_less_nickel_does_not_fall_towards_full(name):
    assert_allclose(shape(name, "diffusivity_shape")(np.linspace(0.0, 1.0, 11)), 1.0)


def test_another_level_of_ncm811_is_what_a_solid_cell_had_at_3_77_volt():
    """Conforto2021: 1e-11 cm2/s at 25 degC and 6e-11 at 60 degC, which is that of the level."""
    m = load_material("ncm811")
    x = np.linspace(0.5, 0.8, 30001)
    here = x[np.argmin(abs(m.curve("open_circuit_potential")(x) - 3.77))]
    level = {T: m.value("diffusivity", T) for T in (298.15, 333.15)}
    measured = m.properties["diffusivity"].others[0].value
    assert_allclose(measured * m.curve("diffusivity_shape")(here), 1e-15, rtol=5e-3)
    assert_allclose(level[333.15] / level[298.15], 6.0, rtol=0.02)


def test_the_powder_of_ruess_goes_through_his_points():
    m = load_material("ncm811_ruess")
    for x, D in RUESS.items():
        assert_allclose(m.value("diffusivity") * m.curve("diffusivity_shape")(x), D, rtol=1e-5)
    for x, i in RUESS_EXCHANGE.items():
        found = m.value("exchange_current_density")
        found *= m.curve("exchange_current_density_shape")(x)
        assert_allclose(found, i, rtol=2e-3)
    # the plateau about x = 0.6 is quoted as 3.5e-12 cm2/s; above 0.869 that of ncm811 goes on
    D = m.curve("diffusivity_shape")
    assert_allclose(m.value("diffusivity") * D(0.6), 3.5e-16, rtol=0.03)
    on = shape("ncm811", "diffusivity_shape")
    assert_allclose(D(0.93) / D(0.90), on(0.93) / on(0.90), rtol=1e-3)


def test_a_level_of_ones_own_keeps_the_shape():
    own = load_material("ncm811", {"ncm811": {"diffusivity": "1e-15 m2/s"}})
    assert own.value("diffusivity") == 1e-15
    assert own.curve("diffusivity_shape")(0.9) == shape("ncm811", "diffusivity_shape")(0.9)


@pytest.mark.parametrize("prop", SHAPES)
def test_a_shape_has_bounds(prop):
    with pytest.raises(MaterialError, match=r"outside 1e-06 to 1000 dimensionless"):
        load_material("ncm811", {"ncm811": {prop: "1e-7"}})
