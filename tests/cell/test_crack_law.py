"""Damage in the cell is the law that particles were fitted with (particle/closure.py)."""

import numpy as np
from numpy.testing import assert_allclose

from lithomech.cell.mechanisms import cracking
from lithomech.laws.elasticity import shear_modulus
from lithomech.materials.load import load_material
from lithomech.particle.closure import Drive, Law
from support.cells import EVEN, composite, lto, solve


def test_a_slow_charge_damages_as_the_law_says():
    """Without gradients (fast diffusion); the law by its own quadrature.

    The cell rounds the kink over 2 % of the overload and counts the stack pressure as it is,
    here its mean: 0.01 of the damage is left.
    """
    rate, pressure = 0.5, "constant_pressure"
    changes = EVEN | {"diffusivity": "1e-11 m^2/s", "crack_rate": str(rate)}
    result = solve(
        cathode=composite("ncm88"),
        anode=lto(),
        fixture={"type": pressure, "pressure": "20 MPa"},
        materials={"ncm88": changes},
        protocol=["Charge at 0.05C until 4.3 V"],
    )
    x, damage = (
        result.profiles[f"cathode_{name}"][:, 0, 0]
        for name in ("stoichiometry", "crack_damage")
    )
    m = load_material("ncm88", {})
    fine = np.linspace(x[0], x[-1], 2000)
    G = shear_modulus(m.value("youngs_modulus"), m.value("poisson_ratio"))
    mismatch = np.abs(m.curve("lattice_mismatch")(fine))
    given = Drive(fine, mismatch, float(G), m.value("boundary_strength"), 1.0)
    held = m.value("crack_confinement") - cracking.ASSUMED["point load share"][0]
    law = Law(m.value("crack_lattice_share"), rate, held, 1.0)
    assert 0.2 < damage[-1] < 0.95
    assert_allclose(damage, given.broken(law, 20e6, x), atol=0.01)
