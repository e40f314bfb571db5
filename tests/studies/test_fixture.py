"""One cell in several fixtures: limits, Faraday's law, and failures as data."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.cell.spec import ConstantPressure, Spring, Stiffness
from lithomech.studies.fixture import fixture_study
from support.cells import LITHIUM, composite, declare

CELL = {"cathode": composite(areal_capacity="1 mAh/cm2"), "anode": LITHIUM}
LITHIUM_LAYER = 12.97e-6 / 96485.33  # m per C/m2, from the molar volume


def frame(pressure, stiffness):
    return Spring(1e6 * pressure, Stiffness(1e12 * stiffness, "Pa/m"))


def test_a_press_keeps_its_pressure_and_lithium_its_volume():
    study = fixture_study(declare(**CELL), {"press": ConstantPressure(20e6)})
    (case,) = study.cases
    assert case.status == "completed"
    assert_allclose(case.pressure, 20e6, rtol=1e-9)
    assert_allclose(case.grown["anode"], LITHIUM_LAYER * case.charge, rtol=2e-3)
    assert_allclose(case.grown["separator"], 0.0, atol=1e-12)


def test_the_stiffer_the_frame_the_more_stress_and_the_less_thickness():
    fixtures = {"soft": frame(20.0, 0.004), "stiff": frame(20.0, 4.0)}
    soft, stiff = fixture_study(declare(**CELL), fixtures).cases
    rise = [np.diff(case.pressure)[0] for case in (soft, stiff)]
    grown = [sum(case.grown.values()) for case in (soft, stiff)]
    assert rise[1] > 100.0 * rise[0] > 0.0
    assert grown[1] < grown[0]
    for case, stiffness in ((soft, 0.004e12), (stiff, 4e12)):
        total = sum(case.grown.values())
        assert_allclose(np.diff(case.pressure)[0], stiffness * total, rtol=1e-3)


def test_a_run_that_ends_early_is_a_case_with_its_status():
    loose = composite(thickness="300 um", weight="95 %")
    loose["electrolyte"] = {"material": "li6ps5cl", "weight": "5 %"}
    cell = declare(cathode=loose, protocol=["Charge at 5C until 4.3 V"])
    (case,) = fixture_study(cell, {"free": frame(0.1, 0.001)}).cases
    assert case.status != "completed"
    assert case.reason


def test_the_picture_has_a_bar_for_every_layer():
    fixtures = {"soft": frame(1.0, 0.004), "stiff": frame(20.0, 0.4)}
    figure = fixture_study(declare(**CELL), fixtures).plot()
    assert len(figure.axes[0].patches) == 2 * 2 * 3
