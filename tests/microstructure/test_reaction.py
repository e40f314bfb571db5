"""The electrode tortuosity factor against electrodes whose resistance is known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_bvp

from lithomech.errors import InputError
from lithomech.laws.transport import two_rail_resistance
from lithomech.microstructure.reaction import conduct_electrode


def columns(length, width=2, across=8):
    """Electrolyte (1) and active material (2) in turn, along z; half a column at the sides."""
    image = np.ones((length, across, across), np.uint8)
    image[:, (np.arange(across) + width // 2) // width % 2 == 1] = 2
    return image


@pytest.mark.parametrize(("R_i", "R_e", "R_ct"), [(1.0, 0.1, 1.0), (3.0, 2.0, 0.2)])
def test_two_rails_solve_their_differential_equation(R_i, R_e, R_ct):
    # i' = (phi_s - phi_e)/R_ct, phi_e' = -R_i i, phi_s' = -R_e (1 - i); i(0) = 1, i(1) = 0
    def slope(_, y):
        i, phi_e, phi_s = y
        return np.array([(phi_s - phi_e) / R_ct, -R_i * i, -R_e * (1.0 - i)])

    def ends(a, b):
        return np.array([a[0] - 1.0, b[0], a[1]])

    x = np.linspace(0.0, 1.0, 201)
    solved = solve_bvp(slope, ends, x, np.zeros((3, x.size)), tol=1e-8)
    assert solved.success
    # potential of the ions where they enter less that of the electrons where they leave
    resistance = solved.y[1, 0] - solved.y[2, -1]
    assert_allclose(two_rail_resistance(R_i, R_e, R_ct), resistance, rtol=1e-6)


def test_fast_electrons_leave_the_ions_and_the_reaction():
    R_i, R_ct = 2.0, 0.7
    expected = np.sqrt(R_i * R_ct) / np.tanh(np.sqrt(R_i / R_ct))
    assert_allclose(two_rail_resistance(R_i, 1e-9, R_ct), expected, rtol=1e-8)


def test_straight_columns_have_a_factor_of_one():
    found = conduct_electrode(columns(60), 1, 2, tolerance=1e-5)
    assert found.status == "completed"
    # current crosses columns of 2 voxels: (2/60)^2 of the resistance along them
    assert_allclose(found.electrode_tortuosity_factor, 1.0, rtol=5e-3)
    assert_allclose(found.tortuosity_factor_ionic, 1.0, rtol=1e-4)
    assert_allclose(found.volume_fraction_ionic, 0.5)
    assert_allclose(found.surface, 4 / 8)  # four borders inside eight voxels


def test_dead_ends_count_as_far_as_they_go():
    image = columns(60)
    image[-6:] = 2  # electrolyte does not reach the current collector
    found = conduct_electrode(image, 1, 2, tolerance=1e-5)
    assert found.tortuosity_factor_ionic == np.inf
    assert 0.7 < found.electrode_tortuosity_factor < 1.1


def test_a_bottleneck_at_the_collector_matters_less_than_one_at_the_separator():
    far, near = columns(60), columns(60)
    for image, layers in ((far, slice(50, 56)), (near, slice(4, 10))):
        # narrower: every other voxel of the electrolyte is a void there
        image[layers, 0::2] = np.where(image[layers, 0::2] == 1, 0, image[layers, 0::2])
    ends = [conduct_electrode(image, 1, 2).electrode_tortuosity_factor for image in (far, near)]
    through = [conduct_electrode(image, 1, 2).tortuosity_factor_ionic for image in (far, near)]
    assert_allclose(through[0], through[1], rtol=5e-3)
    assert ends[0] < ends[1]


def test_turning_the_image_turns_the_axis():
    image = columns(40)
    image[5:9, 2:4, 1:3] = 0
    turned = np.moveaxis(image, 0, 2).copy()
    first = conduct_electrode(image, 1, 2, "z", 1e-5).electrode_tortuosity_factor
    again = conduct_electrode(turned, 1, 2, "x", 1e-5).electrode_tortuosity_factor
    assert_allclose(again, first, rtol=1e-4)


def test_without_a_path_there_is_no_number():
    image = columns(30)
    image[12:14] = np.where(image[12:14] == 2, 0, image[12:14])
    found = conduct_electrode(image, 1, 2)
    assert found.status == "no path"
    assert "electrons" in found.reason
    assert np.isnan(found.electrode_tortuosity_factor)
    assert found.to_json()["electrode_tortuosity_factor"] is None


def test_mistakes_are_reported():
    image = columns(20)
    with pytest.raises(InputError, match="two labels"):
        conduct_electrode(image, 1, 1)
    with pytest.raises(InputError, match="label 7 is not in the image"):
        conduct_electrode(image, 1, 7)
    with pytest.raises(InputError, match="allowed: 3"):
        conduct_electrode(image[0], 1, 2)


def test_columns_of_long_voxels():
    """Columns of 60 voxels of which each is twice as long as it is wide: a factor of one."""
    edges = (2e-7, 1e-7, 1e-7)
    found = conduct_electrode(columns(60), 1, 2, tolerance=1e-5, voxel_size=edges)
    assert found.status == "completed"
    assert_allclose(found.electrode_tortuosity_factor, 1.0, rtol=5e-3)
    assert_allclose(found.surface, 2 * 4 / 8)  # per edge along the axis, which is twice as long
