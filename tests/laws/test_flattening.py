"""Contact of a rough metal with a soft solid: limits and the full theory of rubber."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import erf

from lithomech.laws import flattening


@pytest.mark.parametrize("load", [1e-4, 0.1, 0.5, 1.0, 3.0])
def test_contact_is_near_that_of_the_full_theory(load):
    # Persson2001: erf(sqrt(2) P/(E* slope)) for a surface with a slope of 0.1
    E, nu, slope = 3e6, 0.5, 0.1
    P = load * E / (1.0 - nu**2) * slope
    contact = flattening.flattened_contact(flattening.elastic_flattening(P, E, nu, slope))
    assert_allclose(contact, erf(np.sqrt(2.0) * load), rtol=2e-4 if load < 1e-3 else 0.04)


def test_a_metal_that_has_flowed_a_fifth_of_its_slope_is_flat():
    rate = flattening.flow_scale(1e-3, 0.1)
    assert_allclose(rate * 20.0, 1.0, rtol=1e-12)


def test_asperities_bear_the_pressure_of_a_hardness_test():
    # one third of P/theta shears them: at theta = 0.1 and 0.3 MPa that is 1 MPa
    rate = flattening.flow_rate(0.3e6, 0.1, 2e-3, 1e6, 6.56)
    assert_allclose(rate, 2e-3 * 0.9, rtol=1e-12)


def test_whole_contact_flows_no_further():
    assert flattening.flow_rate(5e6, 1.0, 2e-3, 1e6, 6.56) == 0.0
