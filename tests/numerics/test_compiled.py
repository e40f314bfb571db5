"""Where machine code is kept, and when it is made again."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from numba.core.errors import NumbaRuntimeError

import lithomech
from lithomech.numerics import compiled
from lithomech.numerics.compiled import allocating, entry, kernel, kernel_folder, must_compile

IMPORT = """
import sys
import lithomech.numerics.paint, lithomech.numerics.granular
from lithomech.numerics import compiled
print(compiled.must_compile("numerics.paint"))
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of three modules, of which the first imports the second."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "first.py").write_text("import numpy\nfrom small import second\n")
    (folder / "second.py").write_text("from small.last import N\n")
    (folder / "last.py").write_text("N = 1\n")
    (folder / "other.py").write_text("")
    monkeypatch.setattr(compiled, "PACKAGE", folder)
    return folder


def folder_after(package, name, text, sources=()):
    """Folder of the first module after a change of another."""
    (package / name).write_text(text)
    compiled._read.cache_clear()
    compiled._digest.cache_clear()
    return kernel_folder(package / "first.py", sources)


def test_a_file_that_is_not_imported_changes_nothing(package):
    before = kernel_folder(package / "first.py")
    assert folder_after(package, "other.py", "N = 2\n") == before


@pytest.mark.parametrize("name", ["first.py", "second.py", "last.py", "__init__.py"])
def test_a_file_that_is_imported_even_indirectly_changes_the_folder(package, name):
    before = kernel_folder(package / "first.py")
    text = (package / name).read_text() + "# changed\n"
    after = folder_after(package, name, text)
    assert after != before
    assert after.name.startswith("first-")


def test_relative_imports_count(package):
    before = folder_after(package, "second.py", "from . import other\n")
    assert folder_after(package, "other.py", "N = 2\n") != before


def test_other_sources_count_with_what_they_import(package, tmp_path):
    plugin = tmp_path / "plugin.py"
    plugin.write_text("import small.other\n")
    bare, before = (
        kernel_folder(package / "first.py"),
        folder_after(package, "other.py", "", [plugin]),
    )
    assert before != bare
    assert folder_after(package, "other.py", "N = 2\n", [plugin]) != before
    plugin.write_text("import small.other as changed\n")
    assert folder_after(package, "other.py", "", [plugin]) != before


def started(tmp_path, source, **environment):
    """Import two modules of a copied package in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORT],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "PYTHONPATH": str(source),
        }
        | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def flipped(data):
    """The same with one bit changed in the middle."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def half(data):
    return data[: len(data) // 2]


def nothing(_data):
    return b""


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_each_module_has_a_folder_and_few_old_ones_stay(tmp_path):
    source = tmp_path / "source"
    copytree(Path(lithomech.__file__).parent, source / "lithomech")
    changed = source / "lithomech" / "numerics" / "granular.py"
    kept = tmp_path / "home" / ".cache" / "lithomech" / "kernels"
    assert started(tmp_path, source) == ["True"]
    first = names(kept)
    assert {name.rpartition("-")[0] for name in first} == {
        "numerics.paint",
        "numerics.granular",
        "numerics.neighbours",
    }
    changed.write_text(changed.read_text() + "# changed\n")
    for version in range(compiled.KEPT + 2):
        (kept / f"numerics.granular-{version:016x}").mkdir()
    started(tmp_path, source)
    after = [name.rpartition("-")[0] for name in names(kept)]
    assert after.count("numerics.paint") == 1
    assert after.count("numerics.granular") == compiled.KEPT + 1


def test_the_folder_of_the_user_is_used(tmp_path):
    started(tmp_path, Path(lithomech.__file__).parents[1], NUMBA_CACHE_DIR=tmp_path / "mine")
    assert len(names(tmp_path / "mine")) == 3
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_written_does_not_stop_an_import(tmp_path):
    (tmp_path / "file").write_text("")
    source = Path(lithomech.__file__).parents[1]
    assert started(tmp_path, source, XDG_CACHE_HOME=tmp_path / "file") == ["True"]


def test_kept_code_is_found_again(tmp_path, monkeypatch):
    source = tmp_path / "plugin.py"
    source.write_text("def double(x):\n    return 2.0 * x\n")
    monkeypatch.setattr(compiled, "kernels_home", lambda: tmp_path / "kernels")
    space = {}
    exec(compile(source.read_text(), str(source), "exec"), space)
    assert must_compile(source)
    assert entry(space["double"])(1.5) == 3.0
    assert not must_compile(source)
    assert must_compile(source, [Path(__file__)])
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        must_compile("numerics.nowhere")


@pytest.mark.parametrize("ending", ["*.nbi", "*.nbc", "*.sha256"])
@pytest.mark.parametrize("damage", [half, nothing, flipped])
def test_kept_code_that_is_damaged_is_made_again(tmp_path, monkeypatch, ending, damage):
    source = tmp_path / "plugin.py"
    source.write_text("def double(x):\n    return 2.0 * x\n")
    monkeypatch.setattr(compiled, "kernels_home", lambda: tmp_path / "kernels")
    space = {}
    exec(compile(source.read_text(), str(source), "exec"), space)
    assert entry(space["double"])(1.5) == 3.0
    [path] = (tmp_path / "kernels").rglob(ending)
    path.write_bytes(damage(path.read_bytes()))
    again, third = entry(space["double"]), entry(space["double"])
    assert again(1.5) == 3.0
    assert sum(again.stats.cache_misses.values()) == 1
    assert third(1.5) == 3.0
    assert sum(third.stats.cache_hits.values()) == 1


def test_a_folder_that_cannot_be_written_does_without_kept_code(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(compiled, "kernels_home", lambda: tmp_path / "file")
    assert entry(lambda x: 2.0 * x)(1.5) == 3.0


def test_a_user_without_a_home_has_no_kept_code(monkeypatch):
    def lost(_path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(compiled.numba_config, "CACHE_DIR", "")
    monkeypatch.setattr(Path, "expanduser", lost)
    assert compiled._make_folder(compiled.kernels_home.__wrapped__() / "kernel-0") is None


def test_only_allocating_kernels_may_allocate():
    def total(x):
        return x.copy().sum()

    x = np.ones(3)
    assert allocating(total)(x) == 3.0
    with pytest.raises(NumbaRuntimeError, match="NRT required"):
        kernel(total)(x)


def test_options_can_be_given_to_an_entry(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "kernels_home", lambda: tmp_path / "kernels")
    decorated = entry(nogil=False, sources=[Path(__file__)])(lambda x: x + 1.0)
    assert decorated.targetoptions["nogil"] is False
    assert decorated(1.0) == 2.0
