"""Grey pictures from files."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from lithomech.errors import InputError
from lithomech.files import picture
from lithomech.files.picture import read_grey


def test_depths_and_colours(tmp_path):
    """8 and 16 bits as they are; colours by their brightness."""
    values = np.arange(64, dtype=np.uint8).reshape(8, 8)
    Image.fromarray(values).save(tmp_path / "a.png")
    assert_array_equal(read_grey(tmp_path / "a.png"), values)
    deep = (values.astype(np.uint16)) * 1000
    Image.fromarray(deep).save(tmp_path / "a.tif")
    assert_array_equal(read_grey(tmp_path / "a.tif"), deep)
    colour = np.zeros((8, 8, 3), np.uint8)
    colour[..., 1] = 100
    Image.fromarray(colour).save(tmp_path / "b.png")
    assert_allclose(read_grey(tmp_path / "b.png"), 58.7)


@pytest.mark.parametrize(
    ("name", "raw", "reported"),
    [
        ("a.png", b"a text where a picture was promised", "is no picture"),
        ("a.tif", b"II*\0" + b"\0" * 20, "is no picture"),
        ("a.jpg", b"", "allowed: .bmp, .png, .tif, .tiff"),
    ],
)
def test_files_that_are_no_pictures(tmp_path, name, raw, reported):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=reported):
        read_grey(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        read_grey(tmp_path / "none.png")


def test_pictures_that_are_too_large(tmp_path, monkeypatch):
    Image.fromarray(np.zeros((100, 100), np.uint8)).save(tmp_path / "a.png")
    monkeypatch.setattr(picture, "MOST_PIXELS", 5000)
    with pytest.raises(InputError, match="has 10000 pixels"):
        read_grey(tmp_path / "a.png")
