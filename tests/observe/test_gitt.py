"""Pulses into spheres whose diffusivity is known, solved by finite volumes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lithomech.errors import InputError
from lithomech.numerics.sphere_diffusion import surface_rise
from lithomech.observe.gitt import compare, gitt
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

RADIUS, PULSE = 2e-6, 600.0


def series(t, i, v):
    return TimeSeries({"Test Time / s": t, "Current / A": i, "Voltage / V": v})


def test_surface_of_a_sphere_against_finite_volumes():
    """At four times, within the 1/400 of the shells and the error of the implicit steps."""
    time = np.array([1e-3, 0.01, 0.1, 1.0])
    rise = measured.sphere_surface(time, 1.0, 1.0, [(1.0, 1.0)])
    assert_allclose(surface_rise(time), rise, rtol=4e-3)


def test_both_forms_of_the_surface_agree_where_they_meet():
    ends = surface_rise(np.array([0.02 * (1 - 1e-12), 0.02 * (1 + 1e-12)]))
    assert_allclose(ends[0], ends[1], rtol=1e-10)
    tiny = np.array([1e-12, 1e-10])
    assert_allclose(surface_rise(tiny), 2.0 * np.sqrt(tiny / np.pi), rtol=1e-4)  # half-infinite
    late = np.array([5.0, 7.0])
    assert_allclose(surface_rise(late), 3.0 * late + 0.2, rtol=1e-12)  # steady profile


@pytest.mark.parametrize("diffusivity", [1e-16, 1e-15, 5e-15])
def test_the_sphere_gives_the_diffusivity_back(diffusivity):
    """Within 2 %, and three of its own deviations where that is more; 20 uV of noise."""
    found = gitt(series(*measured.gitt(diffusivity, pulses=5, seed=1)), RADIUS)
    assert found.status == "completed"
    error = np.abs(found.column("sphere")[1:] / diffusivity - 1.0)
    assert np.all(error < np.maximum(0.02, 3.0 * found.column("deviation")[1:]))


def test_the_jump_is_what_is_in_series():
    """30 ohm at twice 0.1C of 0.54 mAh; after rests that are long enough."""
    found = gitt(series(*measured.gitt(2e-15, pulses=4)), RADIUS)
    assert_allclose(found.column("jump")[1:], 30.0 * 1.072e-4, rtol=0.05)


def test_the_square_root_law_holds_for_short_pulses_only():
    """Its error is that of the flat wall, 2 sqrt(t/pi)/f(t) squared, read at half the pulse."""
    short = gitt(series(*measured.gitt(2e-17, pulses=3, rest=72000.0)), RADIUS)
    assert all(pulse.half_infinite for pulse in short.pulses)
    assert_allclose(short.column("root")[1:], 2e-17, rtol=0.12)
    long = gitt(series(*measured.gitt(1e-15, pulses=3)), RADIUS)
    assert not any(pulse.half_infinite for pulse in long.pulses)
    assert np.all(long.column("root") < 0.6e-15)
    assert any("too long for the square-root law: 3 of 3" in w for w in long.warnings)


def test_voltages_that_are_not_at_rest_are_in_doubt():
    found = gitt(series(*measured.gitt(1e-17, pulses=3)), RADIUS)
    assert all("not at rest before the next pulse" in pulse.doubts for pulse in found.pulses)


@pytest.mark.deep
def test_liquid_against_solid():
    """Four times the diffusivity is twice the area."""
    solid = gitt(series(*measured.gitt(5e-16, pulses=5)), RADIUS, "solid")
    liquid = gitt(series(*measured.gitt(2e-15, pulses=5)), RADIUS, "liquid")
    ratio = compare(liquid, solid)
    assert_allclose(ratio.ratio[1:], 4.0, rtol=0.03)
    assert_allclose(ratio.area, np.sqrt(ratio.ratio))


def test_pulses_without_a_change_are_left_out():
    t, i, v = measured.gitt(1e-15, pulses=3)
    found = gitt(series(t, i, np.full_like(v, 3.7)), RADIUS)
    assert found.status == "not converged"
    assert np.isnan(found.column("sphere")).all()
    assert all("no change of the relaxed voltage" in pulse.doubts for pulse in found.pulses)


def test_input_that_cannot_be():
    t, i, v = measured.gitt(1e-15, pulses=2)
    with pytest.raises(InputError, match="no current pulse"):
        gitt(series(t, 0 * i, v), RADIUS)
    with pytest.raises(InputError, match="no radius"):
        gitt(series(t, i, v), 0.0)
    with pytest.raises(InputError, match="no voltage in common"):
        compare(gitt(series(t, i, v), RADIUS), gitt(series(t, i, v + 1.0), RADIUS))
