"""Blends that hold the pressure: limits, the root, and no root."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.studies.blend import flat_blend, pressure_change, with_share
from support.cells import composite, declare, lto

CHARGE = {"protocol": ["Charge at 0.1C until 4.2 V"], "anode": lto(), "reference": "li"}


def blend(first="lco", second="ncm811"):
    cathode = composite(first, weight="35 %", diameter="8 um", morphology="single_crystal")
    cathode["active"].append({"material": second, "weight": "35 %", "diameter": "4 um"})
    return declare(cathode=cathode, **CHARGE)


@pytest.mark.parametrize(
    ("share", "material", "diameter", "morphology"),
    [(1.0, "lco", "8 um", "single_crystal"), (0.0, "ncm811", "4 um", "random")],
)
def test_none_of_the_other_is_the_pure_cell(share, material, diameter, morphology):
    pure = composite(material, diameter=diameter, morphology=morphology)
    alone = run(declare(cathode=pure, **CHARGE))
    blended = run(with_share(blend(), share))
    assert_allclose(blended.stack_pressure[-1], alone.stack_pressure[-1], rtol=1e-12)
    assert_allclose(blended.time[-1], alone.time[-1], rtol=1e-9)


def test_the_flat_blend_is_flat_when_it_is_run_again():
    study = flat_blend(blend(), shares=(0.55,))
    assert study.status == "completed"
    again = pressure_change(run(with_share(blend(), study.share)))
    ends = [abs(study.change(s)) for s in (0.0, 1.0)]
    assert abs(again) < 0.01 * max(ends)
    assert study.change(0.0) < 0.0 < study.change(1.0)
    assert abs(study.excursion(study.share)) >= abs(again)
    assert 0.55 in study.runs
    assert len(study.plot().axes[0].lines) >= 4


def test_two_that_pull_the_same_way_have_no_flat_blend():
    study = flat_blend(blend("ncm622", "ncm811"))
    assert (study.status, study.share) == ("no root", None)
    assert "same way" in study.reason
    assert np.isfinite(study.change(0.0))


def test_a_cathode_of_one_material_is_no_blend():
    with pytest.raises(InputError, match="1 active materials"):
        flat_blend(declare(**CHARGE))
