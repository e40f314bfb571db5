"""Imports point down: the contracts of pyproject.toml, and what the package costs to import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import lithomech

ROOT = Path(__file__).parents[2]
CHECKED = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def run(*command):
    return subprocess.run(
        command, cwd=ROOT, env=CHECKED, capture_output=True, text=True, check=False
    )


def test_every_import_contract_is_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    seen = run(str(linter), "--no-cache")
    assert seen.returncode == 0, seen.stdout + seen.stderr


def test_importing_the_package_imports_nothing_else():
    seen = run(sys.executable, "-c", "import lithomech, sys; print('numpy' in sys.modules)")
    assert seen.stdout == "False\n", seen.stderr


@pytest.mark.parametrize("name", lithomech.__all__)
def test_every_public_name_exists(name):
    assert getattr(lithomech, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'pressure'"):
        _ = lithomech.pressure
