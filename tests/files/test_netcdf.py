"""Result files from outside: what is wrong with them is one line, whatever it is."""

import os
import random
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_array_equal

from lithomech.errors import InputError
from lithomech.files.netcdf import read_tree, write_tree

HEADER = {"format": 2, "lithomech": "{}"}


def saved(folder: Path) -> Path:
    """A file as results are written."""
    series = xr.Dataset({"time": (("row",), np.arange(500.0))}, attrs={"json": '{"a": 1}'})
    causes = xr.Dataset({"x": (("n",), [1, 2])}, coords={"n": ["anode", "cathode"]})
    tree = xr.DataTree.from_dict({"/series": series, "/deep/er": causes})
    tree.attrs = dict(HEADER)
    write_tree(tree, folder / "result.nc")
    return folder / "result.nc"


@pytest.fixture
def made(tmp_path):
    """An HDF5 file by another program, which has no checksum."""
    path = tmp_path / "made.nc"

    def make(fill):
        with h5py.File(path, "w") as file:
            file.attrs.update(HEADER)
            fill(file)
        return path

    return make


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_tree(path, "result", 2)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return caught.value.message


def test_what_is_written_is_read(tmp_path):
    tree = read_tree(saved(tmp_path), "result", 2)
    assert_array_equal(tree.groups["series"].arrays["time"], np.arange(500.0))
    assert tree.groups["series"].attributes["json"] == '{"a": 1}'
    assert_array_equal(tree.groups["deep"].groups["er"].arrays["n"], ["anode", "cathode"])
    assert xr.open_dataset(tmp_path / "result.nc", group="series").time.size == 500


def test_every_changed_byte_is_seen(tmp_path):
    path = saved(tmp_path)
    whole = path.read_bytes()
    draw = random.Random(5)
    for place in [0, 7, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(60))]:
        changed = bytearray(whole)
        changed[place] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        refused(path)
    for size in (1, 8, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path)
    path.write_bytes(whole + b"\0")
    assert "its checksum does not fit" in refused(path)


def test_a_spoilt_checksum_is_not_none(tmp_path):
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"lithomech checksum", b"lithomech chccksum"))
    assert "its checksum does not fit" in refused(path)


def itself(file):
    file.create_group("a")["loop"] = file["/"]


def soft(file):
    file["a"] = h5py.SoftLink("/a")


def external(file):
    file["a"] = h5py.ExternalLink("made.nc", "/")


def twice(file):
    file["a"] = np.arange(3.0)
    file["b"] = file["a"]


def deep(file):
    file.create_group("a/b/c/d/e/f")


def many(file):
    group = file.create_group("a")
    for n in range(21_000):
        group.create_group(str(n))


def giant_fill(file):
    file.create_dataset("a", (2_000_000_000,), "f8", chunks=(1000,), fillvalue=1.0)


def giant_plain(file):
    file.create_dataset("a", (2_000_000_000,), "f8")


def giant_chunk(file):
    file.create_dataset("a", (100_000_000,), "f8", chunks=(100_000_000,))


def bomb(file):
    file.create_dataset("a", data=np.zeros(5_000_000), compression="gzip", compression_opts=9)


def elsewhere(file):
    file.create_dataset("a", (4,), "f8", external=[("/etc/hostname", 0, 32)])


def texts(file):
    file["a"] = np.array(["x"] * 2000, dtype=h5py.string_dtype())


def records(file):
    file["a"] = np.zeros(3, dtype=[("a", "f8"), ("b", "i4")])


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (itself, "the same object twice"),
        (soft, "a link to elsewhere"),
        (external, "a link to elsewhere"),
        (twice, "the same object twice"),
        (deep, "more or deeper groups"),
        (giant_fill, "more than the file holds"),
        (giant_plain, "more than the file holds"),
        (giant_chunk, "more than the file holds"),
        (bomb, "more than the file holds"),
        (elsewhere, "in another file"),
        (texts, "2000 texts"),
        (records, "neither numbers nor text"),
    ],
)
def test_hostile_content(made, fill, message):
    assert message in refused(made(fill))


@pytest.mark.deep
def test_too_many_groups(made):
    assert "more or deeper groups" in refused(made(many))


def test_what_is_no_result(made, tmp_path):
    path = saved(tmp_path)
    with pytest.raises(InputError, match="is no structure of lithomech"):
        read_tree(path, "structure", 2)
    with pytest.raises(InputError, match="has format 2; this version reads up to 1"):
        read_tree(path, "result", 1)
    assert "is no result" in refused(made(lambda file: file.attrs.pop("lithomech")))
    (tmp_path / "text.nc").write_text("time,voltage\n")
    assert "is no netCDF file" in refused(tmp_path / "text.nc")
    (tmp_path / "empty.nc").touch()
    assert refused(tmp_path / "empty.nc") == "the file is empty"
    assert refused(tmp_path) == "this is a folder; name a file"
    assert refused(tmp_path / "none.nc") == "there is no such file"
    os.mkfifo(tmp_path / "pipe.nc")
    assert "a pipe or a device" in refused(tmp_path / "pipe.nc")
