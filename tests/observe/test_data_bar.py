"""Data bars of microscopes are found and left out; pictures without one stay whole."""

from io import BytesIO

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from lithomech.observe.cracks import cracks
from lithomech.observe.data_bar import without_bars
from oracles import measured


def as_jpeg(picture):
    """What a microscope's JPEG makes of it."""
    stream = BytesIO()
    Image.fromarray(picture).save(stream, format="JPEG", quality=90)
    return np.asarray(Image.open(stream))


@pytest.mark.parametrize("side", ["top", "bottom"])
@pytest.mark.parametrize("ground", [0, 255])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_bars_are_left_out_to_the_row(side, ground, noise):
    picture, *_ = measured.section_image(3, 200, particles=3, cracks=1, noise=noise)
    barred = measured.with_data_bar(picture, side, ground)
    expected = (40, 240) if side == "top" else (0, 200)
    assert tuple(without_bars(barred.astype(float))) == expected


def test_bars_at_both_ends_and_in_deeper_grey():
    picture, *_ = measured.section_image(4, 200, particles=3, cracks=1)
    both = measured.with_data_bar(measured.with_data_bar(picture, "top", 255, 30), "bottom", 0)
    assert tuple(without_bars(both.astype(float))) == (30, 230)
    assert tuple(without_bars(257.0 * both)) == (30, 230)  # 16 bits


@pytest.mark.parametrize("ground", [0, 255])
def test_a_bar_after_jpeg(ground):
    picture, *_ = measured.section_image(5, 304, particles=3, cracks=1)
    barred = as_jpeg(measured.with_data_bar(picture, ground=ground))
    first, end = without_bars(barred.astype(float))
    assert first == 0
    assert abs(end - 304) <= 2


@pytest.mark.parametrize("noise", [0.0, 2.0, 6.0])
@pytest.mark.parametrize("seed", range(3))
def test_pictures_without_a_bar_stay_whole(seed, noise):
    picture, *_ = measured.section_image(seed, 200, particles=3, cracks=1, noise=noise)
    assert tuple(without_bars(picture.astype(float))) == (0, 200)
    assert tuple(without_bars(255.0 - picture)) == (0, 200)


def test_layers_without_noise_are_no_bars():
    """A foil below and a void above, as a segmented section shows them."""
    picture, *_ = measured.section_image(1, 200, particles=3, cracks=1, noise=0.0)
    picture[:40], picture[-30:] = 0, 255
    assert tuple(without_bars(picture.astype(float))) == (0, 200)
    assert tuple(without_bars(np.full((64, 64), 7.0))) == (0, 64)


def test_cracks_and_contact_are_those_without_the_bar():
    picture, *_ = measured.section_image(3, 200, particles=4, cracks=1)
    plain = cracks(picture)
    barred = cracks(measured.with_data_bar(picture))
    assert barred.warnings[0].startswith("rows 201 to 240 of 240 are a data bar")
    assert_array_equal(barred.picture, plain.picture)
    assert barred.fraction == plain.fraction
    assert barred.contact_fraction == plain.contact_fraction
    assert cracks(measured.with_data_bar(picture), whole=True).picture.shape == (240, 200)
    assert not any("data bar" in text for text in plain.warnings)
