"""Every law is dimensionally right: call it with quantities, look at what comes out."""

from typing import get_args, get_origin, get_type_hints

import numpy as np
import pint
import pytest
from numpy.testing import assert_allclose

import lithomech.constants
from notation import all_laws, arguments_of, constant_units, law_modules, unit_of

UREG = pint.UnitRegistry()
Q = UREG.Quantity
TYPICAL = {"K": 300.0}  # anything else: about 0.1, no two alike
LAWS = [pytest.param(law, id=name) for name, law in all_laws()]


def typical_arguments(law):
    units = {name: unit_of(hint) for name, hint in arguments_of(law).items()}
    return {
        name: (TYPICAL.get(unit, 0.1) * (1 + 0.1 * place), unit)
        for place, (name, unit) in enumerate(units.items())
    }


def returned_units(law):
    hint = get_type_hints(law, include_extras=True)["return"]
    return [
        unit_of(part) for part in (get_args(hint) if get_origin(hint) is tuple else (hint,))
    ]


@pytest.fixture
def constants_with_units(monkeypatch):
    for module in law_modules():
        for name, unit in constant_units().items():
            if hasattr(module, name):
                monkeypatch.setattr(module, name, Q(getattr(lithomech.constants, name), unit))


@pytest.mark.usefixtures("constants_with_units")
@pytest.mark.parametrize("law", LAWS)
def test_law_is_dimensionally_consistent(law):
    quantities = {
        name: Q(value, unit) for name, (value, unit) in typical_arguments(law).items()
    }
    result = law(**quantities)
    parts = result if isinstance(result, tuple) else (result,)
    for part, unit in zip(parts, returned_units(law), strict=True):
        assert Q(part).check(UREG.Unit(unit).dimensionality), f"{Q(part).units} is not {unit}"


@pytest.mark.parametrize("law", LAWS)
def test_law_serves_floats_and_arrays_alike(law):
    floats = {name: value for name, (value, _) in typical_arguments(law).items()}
    arrays = {name: np.full(3, value) for name, value in floats.items()}
    one = np.asarray(law(**floats))
    assert np.isfinite(one).all()
    assert_allclose(law(**arrays), np.broadcast_to(one[..., None], (*one.shape, 3)), rtol=1e-14)
