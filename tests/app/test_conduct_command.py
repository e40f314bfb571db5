"""`lithomech conduct` through the command line: files of every format, numbers, refusals."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from lithomech.app import cli

BLOCK = np.zeros((12, 10, 8), np.uint8)
BLOCK[:, 2:7, 1:6] = 1
SHARE = 25 / 80
KEYS = {
    "status", "reason", "axis", "tortuosity_factor", "relative_conductivity",
    "conductivity_S_per_cm", "error_estimate", "flux_mismatch", "percolating_fraction",
    "volume_fraction", "iterations", "wall_time_s", "version",
}  # fmt: skip


def save(folder, kind, image=BLOCK):
    """The block in one of the formats; returns the words that name it."""
    path = folder / f"block.{kind}"
    if kind == "npy":
        np.save(path, image)
    elif kind == "raw":
        path.write_bytes(image.tobytes())
        return [str(path), "--shape", ",".join(map(str, image.shape)), "--dtype", "uint8"]
    elif kind == "png":
        Image.fromarray(image[0]).save(path)
    else:
        pages = [Image.fromarray(page) for page in image]
        pages[0].save(path, save_all=True, append_images=pages[1:])
    return [str(path)]


def answer(capsys, *words):
    """Exit code and JSON of a command."""
    code = cli.main(["conduct", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("kind", ["npy", "raw", "tif"])
def test_every_format_gives_the_same(kind, tmp_path, capsys):
    code, reported = answer(capsys, *save(tmp_path, kind))
    assert code == 0
    assert reported.keys() == KEYS
    assert_allclose(reported["relative_conductivity"], SHARE, rtol=1e-5)
    assert_allclose(reported["tortuosity_factor"], 1.0, rtol=1e-5)
    assert_allclose(reported["volume_fraction"], SHARE)
    assert reported["conductivity_S_per_cm"] is None
    assert not list(tmp_path.glob("results*"))


def test_a_picture_works_in_two_dimensions(tmp_path, capsys):
    words = save(tmp_path, "png")
    assert answer(capsys, *words)[1]["status"] == "no path"
    image = np.ones((9, 9), np.uint8)
    image[:, 4] = 0
    Image.fromarray(image).save(tmp_path / "block.png")
    code, reported = answer(capsys, *words)
    assert (code, reported["axis"]) == (0, "y")
    assert_allclose(reported["relative_conductivity"], 8 / 9, rtol=1e-5)


@pytest.mark.deep
def test_conductivities_have_units_and_contacts_lie_between_particles(tmp_path, capsys):
    words = [*save(tmp_path, "npy"), "--conducting", "1=2 mS/cm"]
    sigma = answer(capsys, *words)[1]["conductivity_S_per_cm"]
    assert_allclose(sigma, 2e-3 * SHARE, rtol=1e-5)
    np.save(tmp_path / "ids.npy", np.repeat(np.arange(12), 80).reshape(BLOCK.shape))
    ids = ["--particles", str(tmp_path / "ids.npy")]
    bad = ["--contact", "1:1=1e5 S/m^2", "--voxel-size", "1 um"]
    touched = answer(capsys, *words, *ids, *bad)[1]["conductivity_S_per_cm"]
    layers = 12e-6 / 0.2 + 11 / 1e5  # m2/S: voxels and the contacts between them
    assert_allclose(touched, SHARE * 12e-6 / layers / 100.0, rtol=1e-4)


def test_nothing_that_spans_is_an_answer(tmp_path, capsys):
    code, reported = answer(capsys, *save(tmp_path, "npy"), "--axis", "x")
    assert code == 0
    assert (reported["status"], reported["tortuosity_factor"]) == ("no path", None)


def test_the_tensor_and_its_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    image = np.ones((8, 8, 8), np.uint8)
    image[3:5, 3:5, 3:5] = 0
    words = save(tmp_path, "npy", image)
    code, reported = answer(capsys, *words, "--tensor", "--out", "found")
    assert code == 0
    taus = [reported["axes"][axis]["tortuosity_factor"] for axis in "zyx"]
    assert_allclose(taus, taus[0], rtol=1e-5)
    assert json.loads((tmp_path / "found" / "conduction.json").read_text()) == reported
    figures = sorted(path.name for path in (tmp_path / "found" / "figures").iterdir())
    assert figures == [f"potential_{axis}.png" for axis in "xyz"]
    assert cli.main(["conduct", *words, "--tensor", "--out", "found"]) == 0
    assert "tau2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--axis", "q"], "allowed: z, y, x"),
        (["--conducting", "1"], "LABEL=SIGMA"),
        (["--conducting", "one=1 S/m"], "no whole label"),
        (["--conducting", "1=5"], "no unit"),
        (["--conducting", "9=1 S/m"], "label 9 is not in the image; the image has 0, 1"),
        (["--contact", "1:1=1 S/m^2"], "voxel_size"),
        (["--contact", "11=1 S/m^2"], "no whole label"),
        (["--tolerance", "0"], "tolerance"),
        (["--voxel-size", "0 nm", "--contact", "1:1=1 S/m^2"], "voxel_size"),
        (["--tensor", "--axis", "z"], "every axis"),
    ],
)
def test_words_that_make_no_sense_are_one_line(words, expected, tmp_path, capsys):
    assert cli.main(["conduct", *save(tmp_path, "npy"), *words]) == 2
    reported = capsys.readouterr().err
    assert expected in reported
    assert reported.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "words", "expected"),
    [
        ("no.npy", None, [], "there is no such file"),
        ("a.txt", b"text", [], "allowed: .tif"),
        ("a.tif", b"text where a picture was promised", [], "no picture"),
        ("a.png", b"", [], "the file is empty"),
        ("a.png", b"\x89PNG", [], "no picture"),
        ("a.npy", b"\x93NUMPY", [], "no numpy array"),
        ("a.raw", b"12345", [], "--shape and --dtype"),
        ("a.raw", b"12345", ["--shape", "2,2,2", "--dtype", "uint8"], "holds 5 bytes"),
        ("a.raw", b"12345", ["--shape", "2,x", "--dtype", "uint8"], "expected Z,Y,X"),
        ("a.raw", b"12345678", ["--shape", "2,2,2", "--dtype", "O"], "is not a number"),
        ("a.raw", b"12345678", ["--shape", "2,2,2", "--dtype", "nix"], "is not known"),
        ("a.raw", b"", ["--shape", "0,2,2", "--dtype", "uint8"], "1 or more"),
    ],
)
def test_files_that_are_no_images_are_one_line(
    name, content, words, expected, tmp_path, capsys
):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert cli.main(["conduct", str(path), *words]) == 2
    reported = capsys.readouterr().err
    assert expected in reported
    assert name in reported or "--" in expected or "Z,Y,X" in expected
    assert reported.count("\n") == 1


def test_a_pickle_in_a_numpy_file_is_not_opened(tmp_path, capsys):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert cli.main(["conduct", str(tmp_path / "a.npy")]) == 2
    assert "numpy array of numbers" in capsys.readouterr().err


def test_a_colour_picture_is_refused(tmp_path, capsys):
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    assert cli.main(["conduct", str(tmp_path / "a.png")]) == 2
    assert "colour" in capsys.readouterr().err


@pytest.mark.deep
def test_an_electrode_has_a_factor_of_its_own(tmp_path, capsys):
    image = np.ones((40, 8, 8), np.uint8)
    image[:, 1:3] = image[:, 5:7] = 2
    image[-4:] = 2  # a dead end for the ions
    words = [*save(tmp_path, "npy", image), "--electrode", "1:2"]
    code, reported = answer(capsys, *words)
    assert code == 0
    assert reported["tortuosity_factor_ionic"] is None
    assert 0.7 < reported["electrode_tortuosity_factor"] < 1.1
    assert cli.main(["conduct", *words]) == 0
    assert "electrode tau2" in capsys.readouterr().out
    for wrong in ("1", "1:x", "1:1", "1:9"):
        assert cli.main(["conduct", words[0], "--electrode", wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert cli.main(["conduct", *words, "--periodic"]) == 2
    assert "--electrode goes with" in capsys.readouterr().err


def test_voxels_with_three_edges(tmp_path, capsys):
    """Layers along y in a stack that was cut every 100 nm: in parallel and in series."""
    image = np.ones((6, 8, 6), np.uint8)
    image[:, ::2] = 2
    words = [*save(tmp_path, "npy", image), "--conducting", "1=1 S/m", "--conducting"]
    words += ["2=0.25 S/m", "--voxel-size", "100 nm,50 nm,50 nm", "--tensor"]
    code, reported = answer(capsys, *words)
    assert code == 0
    found = {axis: one["relative_conductivity"] for axis, one in reported["axes"].items()}
    assert_allclose([found[a] for a in "zyx"], [0.625, 0.4, 0.625], rtol=1e-3)
    out = tmp_path / "out"
    assert cli.main(["conduct", *words, "--out", str(out)]) == 0
    assert "voxels: 100 nm along z, 50 nm along y, 50 nm along x" in capsys.readouterr().out
    assert cli.main(["conduct", *words[:5], "--voxel-size", "1 nm,2 nm,3 nm,4 nm"]) == 2
    assert "4 edges; allowed: 1, or 3 along z, y and x" in capsys.readouterr().err


def test_labels_of_hundreds_of_grains(tmp_path, capsys):
    """A uint16 stack with 600 labels of which two conduct."""
    image = np.arange(100, 700, dtype=np.uint16).repeat(2).reshape(10, 10, 12)
    image[:, 2:5], image[:, 7:9] = 7, 3
    words = [
        *save(tmp_path, "tif", image),
        "--conducting",
        "7=1 S/m",
        "--conducting",
        "3=2 S/m",
    ]
    code, reported = answer(capsys, *words)
    assert code == 0
    assert_allclose(reported["conductivity_S_per_cm"], 0.01 * (0.3 + 2 * 0.2), rtol=1e-3)
    assert cli.main(["conduct", words[0]]) == 2
    error = capsys.readouterr().err
    assert "say which labels conduct; the image has 3, 7, 100" in error
    assert error.count("\n") == 1
