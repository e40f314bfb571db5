"""The window of an electrolyte under constraint."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.laws import decomposition


def test_lgps_of_the_review():
    """1.75 to 0.5 V and 2.2 to 2.5 V at 20 GPa need 6.03 and 1.45 cm3 per mol of lithium."""
    low = decomposition.constrained_reduction_limit(1.75, 20e9, 6.03e-6)
    high = decomposition.constrained_oxidation_limit(2.2, 20e9, 1.447e-6)
    assert_allclose([low, high], [0.5, 2.5], rtol=1e-3)


def test_the_work_of_the_constraint_is_the_shift_of_the_potential():
    """F dU = K dV: 1 GPa on 1 cm3 is 1 kJ, 10.36 mV per mol of charge."""
    shift = 2.0 - decomposition.constrained_reduction_limit(2.0, 1e9, 1e-6)
    assert_allclose(shift, 1e3 / 96485.332, rtol=1e-6)


def test_growth_widens_the_window_and_shrinkage_narrows_it():
    K = np.array([0.0, 10e9])
    wide = decomposition.constrained_oxidation_limit(2.2, K, 1e-6)
    narrow = decomposition.constrained_oxidation_limit(2.2, K, -1e-6)
    assert wide[0] == narrow[0] == 2.2
    assert narrow[1] < 2.2 < wide[1]
