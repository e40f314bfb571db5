"""Vogel's law of a material file: by hand, its limit, and what is refused."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError

from lithomech.materials.load import load_material
from lithomech.materials.schema import Arrhenius

SOURCE = {"ref": "user", "where": "a test", "method": "measured"}
ENTRY = {
    "form": "arrhenius", "value": 2.0, "unit": "mS/cm", "at": 350.0, "activation_energy": 9.0,
    "range": (300.0, 400.0), "source": SOURCE,
}  # fmt: skip


def test_conductivity_of_peo_falls_faster_than_arrhenius():
    peo = load_material("peo")
    by_hand = 0.076 * np.exp(-9000.0 / 8.314462618 * (1.0 / 133.15 - 1.0 / 158.15))
    assert_allclose(peo.value("ionic_conductivity", 333.15), by_hand, rtol=1e-9)
    # d ln/d(1/T) = B T^2/(T - T_0)^2: 52 kJ/mol at 65 degC
    near = np.log([peo.value("ionic_conductivity", T) for T in (338.0, 338.3)])
    slope = 8.314462618 * np.diff(near)[0] / (1.0 / 338.0 - 1.0 / 338.3)
    assert_allclose(slope, 9000.0 * (338.15 / 138.15) ** 2, rtol=1e-3)


def test_below_the_range_it_is_held():
    peo = load_material("peo")
    ends = [peo.value("ionic_conductivity", T) for T in (298.15, 328.15)]
    assert ends[0] == ends[1]


@pytest.mark.parametrize("T_0", [-1.0, 300.0, 350.0])
def test_a_vogel_temperature_is_below_the_range(T_0):
    with pytest.raises(ValidationError, match="is not from 0 K to below the range"):
        Arrhenius.model_validate(ENTRY | {"vogel_temperature": T_0})
