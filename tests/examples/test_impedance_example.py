"""The packaged example of impedance against stack pressure."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.testing import assert_allclose

from lithomech.cell.run import run
from lithomech.cell.spec import load_cell

EXAMPLE = Path(__file__).parents[2] / "src/lithomech/examples/impedance_pressure.yaml"
AREA = np.pi * 5e-3**2
F, R, T = 96485.33212, 8.314462618, 298.15


@cache
def result():
    """The example with a wall as stiff as the dense solid: its contacts stand wide open."""
    done = run(load_cell(EXAMPLE, {"materials.li6ps5cl.pellet_modulus": "22.1 GPa"}))
    assert done.status == "completed", done.reason
    return done


def arcs() -> list[float]:
    """Cathode arc at each pressure [ohm]: from 1 MHz to 1 Hz, less that of Li-In.

    Li-In: interface resistance 10 ohm cm2 and exchange current density 10 A/m2.
    """
    foil = (1e-3 + R * T / F / 10.0) / AREA
    spectra = result().impedance
    at = [abs(s.frequency_Hz[:, None] - [1e6, 1.0]).argmin(axis=0) for s in spectra]
    real = [s.impedance_ohm.real[rows] for s, rows in zip(spectra, at, strict=True)]
    return [float(low - high - foil) for high, low in real]


def test_the_spectra_are_taken_at_the_pressures_set():
    done = result()
    set_ = [event.value for event in done.events if event.name.startswith("stack pressure set")]
    assert set_ == [20e6, 7e6, 3e6]
    assert len(done.impedance) == 3
    number = done.series.columns["Step Count / 1"]
    for spectrum, pressure in zip(done.impedance, set_, strict=True):
        row = np.flatnonzero(number < spectrum.step)[-1]
        assert_allclose(done.stack_pressure[row], pressure, rtol=1e-6)


def test_the_arc_grows_when_the_pressure_falls():
    """Wide open contacts are flattened as Hertz has it: their area goes with P^(2/3).

    The pressure counts with the adhesion of 0.1 MPa; theta falls a little less than Hertz's.
    """
    at_20, at_7, at_3 = arcs()
    assert 0.85 < at_7 / at_20 / (20.1 / 7.1) ** (2.0 / 3.0) < 1.0
    assert 0.85 < at_3 / at_20 / (20.1 / 3.1) ** (2.0 / 3.0) < 1.0


def test_the_pressure_hardly_shows_at_high_frequency():
    high = [spectrum.impedance_ohm[0].real for spectrum in result().impedance]
    assert_allclose(high, high[0], rtol=0.01)
