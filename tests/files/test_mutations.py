"""Damaged files of every binary kind: they are read, or one line says what is wrong."""

import sqlite3
import struct
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest

from lithomech.errors import InputError
from lithomech.files.image import read_image
from lithomech.files.picture import read_grey
from lithomech.observe.readers.hits import read_hits
from support.mutations import changed, files_to_change, neware, outcome


def try_all(folder: Path, count: int, seed: int) -> dict[str, Counter]:
    """How many of each kind are read and refused."""
    found = {}
    for path, read in files_to_change(folder).items():
        content = path.read_bytes()
        found[path.name] = Counter()
        for bytes_ in changed(content, Random(seed), count):
            path.write_bytes(bytes_)
            found[path.name][outcome(path, read) == "read"] += 1
    return found


def test_random_bytes(tmp_path, monkeypatch):
    neware(monkeypatch)
    found = try_all(tmp_path, count=8, seed=3)
    assert found["result.nc"] == {False: 8}  # a checksum sees all of them
    assert all(sum(counts.values()) == 8 for counts in found.values())


@pytest.mark.deep
def test_a_thousand_random_bytes(tmp_path, monkeypatch):
    neware(monkeypatch)
    found = try_all(tmp_path, count=1000, seed=4)
    assert found["result.nc"] == {False: 1000}


def refused(read, path, *more) -> str:
    with pytest.raises(InputError) as caught:
        read(path, *more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT"
VIEW = f"CREATE VIEW ae_data AS {ENDLESS} 2 SetType, x Time, 1 Amp, 1 Eny, 1 Counts, 1 Dur, "
COLUMNS = "ae_data(SetType, Time, Amp, Eny, Counts, Dur, TRAI, ParamID)"


def database(path, *made):
    base = sqlite3.connect(path)
    base.executescript(
        "CREATE TABLE ae_globalinfo(Key, Value); INSERT INTO ae_globalinfo VALUES"
        "('TimeBase', 1e7); CREATE TABLE ae_params(ID, \"ADC_µV\", ADC_TE);"
    )
    for line in made:
        base.execute(line)
    base.commit()
    base.close()
    return path


def test_a_view_without_end_is_not_asked(tmp_path):
    path = database(tmp_path / "a.pridb", f"{VIEW} x TRAI, 1 ParamID FROM c")
    assert "ae_data is a view and no table" in refused(read_hits, path)


def test_a_join_that_explodes_is_stopped(tmp_path):
    fill = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9999)"
    path = database(
        tmp_path / "a.pridb",
        f"CREATE TABLE {COLUMNS}",
        f"INSERT INTO ae_data {fill} SELECT 2, x, 1, 1, 1, 1, 1, 1 FROM c",
        f"INSERT INTO ae_params {fill} SELECT 1, 1, 1 FROM c",
    )
    stated = refused(read_hits, path)
    assert "interrupted" in stated or "more rows than the file holds" in stated


def test_what_a_database_lacks(tmp_path):
    assert "has no table ae_data" in refused(read_hits, database(tmp_path / "a.pridb"))
    path = database(
        tmp_path / "b.pridb",
        f"CREATE TABLE {COLUMNS}",
        "INSERT INTO ae_data VALUES (2, 'noon', 1, 1, 1, 1, 1, 1)",
    )
    assert "could not convert string to float: 'noon'" in refused(read_hits, path)


def directories(count: int, last: int) -> bytes:
    """A TIFF of so many empty pages; the last points to ``last``."""
    places = [8 + 6 * n for n in range(1, count)] + [last]
    return b"II*\0" + struct.pack("<I", 8) + b"".join(struct.pack("<HI", 0, p) for p in places)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (directories(200_000, 0), "more than 5000 pages"),
        (directories(3, 8), "its pages form a circle"),
        (directories(3, 10**6), "ends before its last page"),
        (b"II*\0", "ends before its last page"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot identify image file"),
    ],
)
def test_pages_without_end(tmp_path, content, message):
    path = tmp_path / "stack.tif"
    path.write_bytes(content)
    assert message in refused(read_image, path, 8)
    assert message in refused(read_grey, path)


def test_a_picture_larger_than_its_file(tmp_path):
    def entry(tag: int, kind: int, value: int) -> bytes:
        return struct.pack("<HHII", tag, kind, 1, value)

    tags = [(256, 4, 12_000), (257, 4, 12_000), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    tags += [(273, 4, 8), (277, 3, 1), (278, 4, 12_000), (279, 4, 144_000_000)]
    page = struct.pack("<H", len(tags)) + b"".join(entry(*t) for t in tags) + bytes(4)
    (tmp_path / "a.tif").write_bytes(b"II*\0" + struct.pack("<I", 8) + page)
    assert "declares 1.44e+08 pixels, more than its" in refused(read_grey, tmp_path / "a.tif")


def test_arrays_that_are_none(tmp_path):
    np.savez(tmp_path / "zip.npz", a=np.zeros(3))
    (tmp_path / "zip.npy").write_bytes((tmp_path / "zip.npz").read_bytes())
    assert "is no numpy array; save it by numpy.save" in refused(
        read_image, tmp_path / "zip.npy", 8
    )
    np.save(tmp_path / "text.npy", np.array(["a"]))
    assert "allowed: an array of numbers" in refused(read_image, tmp_path / "text.npy", 8)
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }"
    raw = b"\x93NUMPY\1\0" + struct.pack("<H", len(head) + 1) + head + b"\n"
    (tmp_path / "giant.npy").write_bytes(raw)
    assert "is no numpy array of numbers" in refused(read_image, tmp_path / "giant.npy", 8)
