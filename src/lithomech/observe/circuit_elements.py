"""Impedances of circuit elements, with their slopes along the logarithm of each parameter.

Parameters come as arrays of shape (..., 1) and frequencies as (n,), so that many candidates
are evaluated at once.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Complex = NDArray[Any]  # complex, shape (..., n)
Floats = NDArray[np.float64]
Evaluated = tuple[Complex, list[Complex]]
STEP: Final = 1e-6  # of a logarithm; the error of a central difference is its square


class Parameter(NamedTuple):
    """A parameter of an element.

    Attributes:
        name: its letter.
        unit: its unit.
        kind: "resistance", "time", "exponent", ...: how start values are found.
    """

    name: str
    unit: str
    kind: str


class Element(NamedTuple):
    """An element of a circuit.

    Attributes:
        symbol: that is written.
        meaning: in words.
        parameters: in order.
        impedance: of angular frequencies and parameters; also its slopes.
    """

    symbol: str
    meaning: str
    parameters: tuple[Parameter, ...]
    impedance: Callable[[Floats, Sequence[Floats]], Evaluated]


def _resistor(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    z = p[0] + 0j * omega
    return z, [z]


def _capacitor(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    z = 1.0 / (1j * omega * p[0])
    return z, [-z]


def _inductor(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    z = 1j * omega * p[0]
    return z, [z]


def _constant_phase(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    """1/(Q (j omega)^n)."""
    log = np.log(omega) + 0.5j * np.pi
    z = np.exp(-p[1] * log) / p[0]
    return z, [-z, -z * log * p[1]]


def _warburg(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    """Half-infinite diffusion: sigma (1 - j)/sqrt(omega)."""
    z = p[0] * (1.0 - 1j) / np.sqrt(omega)
    return z, [z]


def _open(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    """Diffusion up to a wall that nothing passes: R coth(u)/u, u = sqrt(j omega tau)."""
    u = np.sqrt(1j * omega * p[1])
    tanh = np.tanh(u)
    z = p[0] / (u * tanh)
    slope = -0.5 * z * (1.0 + u * (1.0 - tanh * tanh) / tanh)
    return z, [z, slope]


def _short(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    """Diffusion to where the concentration is held: R tanh(u)/u."""
    u = np.sqrt(1j * omega * p[1])
    tanh = np.tanh(u)
    z = p[0] * tanh / u
    slope = 0.5 * (p[0] * (1.0 - tanh * tanh) - z)
    return z, [z, slope]


def _rails(ionic: Complex, electronic: Complex, interface: Complex) -> Complex:
    """Composite electrode: ions enter on one side, electrons leave on the other.

    Two rails with an interface between them: the interfacial voltage obeys v'' = x^2 v over the
    thickness, with x^2 = (R_ion + R_el)/Z_interface.
    """
    both = ionic + electronic
    x = np.sqrt(both / interface)
    decay = np.exp(-x)
    sinh = 2.0 * decay / (1.0 - decay * decay)  # 1/sinh(x)
    coth = (1.0 + decay * decay) / (1.0 - decay * decay)
    through = ionic * electronic / both * (1.0 + 2.0 * sinh / x)
    return through + (ionic**2 + electronic**2) / (both * x) * coth


def _blocking_rails(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    def at(shift: int, by: float) -> Complex:
        q = [v * np.exp(by) if k == shift else v for k, v in enumerate(p)]
        interface = 1.0 / (q[2] * (1j * omega) ** q[3])
        return _rails(q[0] + 0j, q[1] + 0j, interface)

    return at(-1, 0.0), [(at(k, STEP) - at(k, -STEP)) / (2.0 * STEP) for k in range(4)]


def _reacting_rails(omega: Floats, p: Sequence[Floats]) -> Evaluated:
    def at(shift: int, by: float) -> Complex:
        q = [v * np.exp(by) if k == shift else v for k, v in enumerate(p)]
        interface = 1.0 / (1.0 / q[2] + q[3] * (1j * omega) ** q[4])
        return _rails(q[0] + 0j, q[1] + 0j, interface)

    return at(-1, 0.0), [(at(k, STEP) - at(k, -STEP)) / (2.0 * STEP) for k in range(5)]


_R, _N = Parameter("R", "ohm", "resistance"), Parameter("n", "", "exponent")
_Q = Parameter("Q", "S s^n", "phase")
_TAU = Parameter("tau", "s", "time")
_RAILS: Final = (
    Parameter("R_ion", "ohm", "resistance"),
    Parameter("R_el", "ohm", "resistance"),
)
ELEMENTS: Final = {
    element.symbol: element
    for element in (
        Element("R", "resistor", (_R,), _resistor),
        Element("C", "capacitor", (Parameter("C", "F", "capacitance"),), _capacitor),
        Element("L", "inductor", (Parameter("L", "H", "inductance"),), _inductor),
        Element("Q", "constant phase element", (_Q, _N), _constant_phase),
        Element(
            "W",
            "half-infinite diffusion (Warburg coefficient)",
            (Parameter("sigma", "ohm s^-0.5", "warburg"),),
            _warburg,
        ),
        Element("Wo", "diffusion up to a wall", (_R, _TAU), _open),
        Element("Ws", "diffusion to a reservoir", (_R, _TAU), _short),
        Element(
            "T",
            "composite electrode without reaction, both rails",
            (*_RAILS, _Q, _N),
            _blocking_rails,
        ),
        Element(
            "Tr",
            "composite electrode with reaction, both rails",
            (*_RAILS, Parameter("R_ct", "ohm", "resistance"), _Q, _N),
            _reacting_rails,
        ),
    )
}
