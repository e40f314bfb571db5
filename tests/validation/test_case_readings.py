"""Readings of cases that are more than a key of the table of cycles."""

from types import SimpleNamespace

import numpy as np
from numpy.testing import assert_allclose

from lithomech.validation.case_readings import READINGS, Place, Simulated

FREQUENCY = np.geomspace(1e6, 1e-3, 181)
OMEGA = 2.0 * np.pi * FREQUENCY
GROWTH = READINGS["resistance_growth_ohm_per_sqrt_h"]


def spectrum(hours, resistance, warburg=0.05):
    """A resistor, an arc of 1 ms and a little diffusion, after a charge of 10 h."""
    arc = resistance / (1.0 + 1e-3j * OMEGA)
    diffusion = warburg * (1.0 - 1j) / np.sqrt(OMEGA)
    return SimpleNamespace(time_s=3600.0 * (10.0 + hours), impedance_ohm=30.0 + arc + diffusion)


def read(impedance):
    result = SimpleNamespace(impedance=impedance, events=[SimpleNamespace(time_s=36000.0)])
    return GROWTH.value(Simulated(None, result), Place(1, 1, 1))


def test_the_arc_grows_with_the_square_root_of_time():
    """The trough lies where diffusion adds some 0.05 ohm to each arc, alike."""
    hours = (1.0, 4.0, 9.0, 25.0)
    assert_allclose(
        read([spectrum(h, 40.0 + 13.2 * np.sqrt(h)) for h in hours]), 13.2, rtol=0.01
    )


def test_a_spectrum_without_a_trough_has_no_growth():
    assert read([spectrum(h, 1e-9, warburg=10.0) for h in (1.0, 4.0, 9.0)]) is None


def test_two_spectra_are_too_few():
    assert read([spectrum(1.0, 40.0), spectrum(4.0, 50.0)]) is None
