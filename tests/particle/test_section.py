"""The section as a microscope shows it."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.particle.boundaries import boundaries
from lithomech.particle.section import AROUND, DARK, FINER, canvas, cut, section

EDGE = 80e-9


def two():
    labels = np.zeros((1, 24, 24), np.uint16)
    labels[0, 4:12, 4:20], labels[0, 12:20, 4:20] = 1, 2
    return labels, np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])


def test_a_straight_crack_is_as_dark_and_as_wide_as_it_is():
    """Missing light across the crack: contrast times its width, whatever the pixels are."""
    labels, axes = two()
    b = boundaries(labels, EDGE)
    between = (b.owners > 0).all(axis=1)
    for width in (10e-9, 20e-9, 60e-9):
        openings = np.where(between[:, None] & (b.per_width > 0.0), width, 0.0)
        there = cut(labels.shape, b, openings)
        assert_allclose(np.nanmax(there), width)
        whole = section(canvas(labels, axes), np.zeros((24, 24)), EDGE)
        cracked = section(canvas(labels, axes), there, EDGE)
        column = 12 * FINER
        lost = (whole - cracked)[6 * FINER : 18 * FINER, column].sum()
        grey = whole[[8 * FINER, 16 * FINER], column].mean() - DARK
        assert_allclose(lost * EDGE / FINER / grey, width, rtol=0.25)


def test_greys_tell_grains_and_what_is_around_apart():
    labels, axes = two()
    grey = section(canvas(labels, axes), np.zeros((24, 24)), EDGE)
    assert_allclose(grey[0, 0], AROUND)
    one, other = grey[8 * FINER, 12 * FINER], grey[16 * FINER, 12 * FINER]
    assert one < other
    assert min(one, other) > AROUND + 0.1


def test_a_crack_that_passes_a_seam_does_not_run_into_it():
    """Pieces 1 and 2 of one grain, whose seam meets an open boundary with grain 3."""
    labels = np.ones((1, 16, 16), np.int32)
    labels[0, 8:] = 2
    labels[0, :, 8:] = 3
    axes = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    width = np.full((16, 16), np.nan)
    width[7, :8] = 0.0
    width[:, 7] = 0.3 * EDGE
    drawn = canvas(labels, axes)
    grey = section(drawn, width, EDGE)
    seam, boundary = 8 * FINER, 8 * FINER
    assert grey[2 * FINER, boundary - 1] < 0.4
    beside = grey[seam - 4 : seam + 4, boundary - 2 * FINER : boundary - FINER - 4]
    assert_allclose(beside, drawn.grey[0, 0], atol=0.01)
