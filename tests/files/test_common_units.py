"""The table of common units against pint, which reads all others."""

import subprocess
import sys
from pathlib import Path

import pint
import pytest
from numpy.testing import assert_allclose

import lithomech
from lithomech.files.common_units import COMMON_UNITS

REGISTRY = pint.UnitRegistry()


@pytest.mark.parametrize("unit", COMMON_UNITS)
def test_every_factor_is_that_of_pint(unit):
    line = COMMON_UNITS[unit]
    for number in (1.0, 37.0):
        expected = REGISTRY.Quantity(number, unit.replace("cm2", "cm^2")).to(line.si).magnitude
        value = number * line.multiplier / line.divisor + line.offset
        assert_allclose(value, expected, rtol=1e-14)


def test_a_file_of_common_units_needs_no_pint():
    example = Path(lithomech.__file__).parent / "examples" / "ncm88_lpscl_liin.yaml"
    code = (
        "import sys\nfrom lithomech.cell.spec import load_cell\n"
        f"load_cell({str(example)!r})\nslow = {{'pint', 'scipy', 'matplotlib', 'xarray'}}\n"
        "sys.exit(' '.join(slow & set(sys.modules)) or 0)\n"
    )
    source = {"PYTHONPATH": str(Path(lithomech.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=source,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
