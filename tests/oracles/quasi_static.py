"""An infinitely slow cell with one active class, from formulas alone; imports no lithomech.

SI units. Index m: electrolyte with its pores; l: layer. Contraction opens contacts, nothing
yields, nothing cracks.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

FARADAY = 96485.33212


def moduli(E, nu):
    """Bulk and shear modulus."""
    return E / (3 * (1 - 2 * nu)), E / (2 * (1 + nu))


def porous(K, G, pores):
    """Hashin-Shtrikman bounds with empty inclusions."""
    K_p = 4 * G * K * (1 - pores) / (4 * G + 3 * K * pores)
    shape = (9 * K + 8 * G) / (6 * (K + 2 * G))
    return K_p, G * (1 - pores) / (1 + pores / shape)


def stiffened(K, G, K_p, G_p, share):
    """Hashin-Shtrikman bounds with stiff spheres."""
    H_K, H_G = 4 * G / 3, G * (9 * K + 8 * G) / (6 * (K + 2 * G))
    return tuple(
        1 / (share / (p + h) + (1 - share) / (m + h)) - h
        for m, p, h in ((K, K_p, H_K), (G, G_p, H_G))
    )


@dataclass(frozen=True)
class Host:
    """Active material and how it stands in its layer."""

    potential: object  # functions of stoichiometry
    strain: object
    slope: object  # d strain / d stoichiometry
    molar_volume: float
    E: float
    nu: float
    made: float  # stoichiometry as made


@dataclass(frozen=True)
class Layer:
    """A composite electrode by volume fractions."""

    host: Host
    thickness: float
    active: float
    electrolyte: float
    pores: float
    E_m: float
    nu_m: float
    load_share: float = 0.5

    def constants(self):
        """Transmission, wall stiffness, uniaxial modulus of the layer."""
        K_p, G_p = moduli(self.host.E, self.host.nu)
        K_m, G_m = porous(
            *moduli(self.E_m, self.nu_m), self.pores / (self.pores + self.electrolyte)
        )
        K, G = stiffened(K_m, G_m, K_p, G_p, self.active)
        M = K + 4 * G / 3
        # reciprocity: mean particle pressure per axial stress of the clamped layer
        T = K_p * (K - K_m) / (self.active * (K_p - K_m)) / M
        K_c = (4 * G * T - 3 * K_m * (1 - T)) / (1 - K_m / K_p)
        return T, K_c, M

    def state(self, x, P, residual):
        """Thickness strain and contact pressure at stoichiometry x and stack pressure P."""
        T, K_c, _ = self.constants()
        misfit = (self.host.strain(x) - self.host.strain(self.host.made)) / 3
        trial = residual + T * P + K_c * misfit
        pressure = max(trial, self.load_share * P / 3)  # open, it rests on two caps
        gap = (pressure - trial) / K_c
        return 3 * self.active * (T * (misfit + gap) - self.load_share / 3 * gap), pressure

    def charge(self, x):
        """Charge per area taken out since assembly."""
        n = self.active * self.thickness / self.host.molar_volume
        return FARADAY * n * (self.host.made - x)


@dataclass(frozen=True)
class SlowCell:
    """Cathode | separator | planar anode between pistons."""

    cathode: Layer
    anode_volume: float  # partial molar volume
    compliance: float  # of separator and anode, thickness over modulus
    stiffness: float
    P_0: float
    residual: float

    def at(self, x):
        """Cell voltage against a flat anode at 0 V, stack pressure, charge per area."""
        q = self.cathode.charge(x)
        M = self.cathode.constants()[2]
        compliance = self.compliance + self.cathode.thickness / M
        plated = self.anode_volume * q / FARADAY

        def unbalanced(P):
            strain = self.cathode.state(x, P, self.residual)[0]
            free = strain * self.cathode.thickness + plated - (P - self.P_0) * compliance
            return self.stiffness * free - (P - self.P_0)

        P = brentq(unbalanced, 0.0, 1e9, xtol=1e-3, rtol=1e-14)
        pressure = self.cathode.state(x, P, self.residual)[1]
        host = self.cathode.host
        Omega = host.slope(x) * host.molar_volume
        cathode = host.potential(x) - Omega * pressure / FARADAY
        anode = -self.anode_volume * P / FARADAY
        return cathode - anode, P, q


def profile(cell, stoichiometries):
    """Voltage, pressure and charge along stoichiometries, each an array."""
    return np.array([cell.at(x) for x in stoichiometries]).T
