"""A reaction that takes charge at a contact and leaves a film: its record and its step.

Shared by the interphases of particles and foils and by the first-cycle loss of hosts.
"""

from typing import Annotated, Final, NamedTuple

from lithomech.cell.mechanisms.declare import Number, Parameter
from lithomech.constants import F
from lithomech.laws import decomposition
from lithomech.materials.material import Material
from lithomech.numerics.compiled import kernel
from lithomech.numerics.dual import softplus
from lithomech.numerics.exponential import shared

WAYS: Final = ("oxidation", "reduction")
SIGN: Final = {"oxidation": 1.0, "reduction": -1.0}
ONSET_WIDTH: Final = 5e-3  # V, over which a reaction sets in at its limit
PLENTY: Final = 1e12  # C/m2; a separator is never used up by the film on a foil
OHMIC: Final = 1e12  # C/m2; decay of a film that resists in proportion to its thickness
ASSUMED: Final = {
    "product conduction": (
        2.4e-4,
        "electrons in decomposition products over those in the electrolyte: 20 nm in 10 h",
    ),
    "native film [m]": (1e-9, "film that decomposition starts from"),
    "ionic conductivity of oxidation products [S/m]": (
        1e-7,
        "a film of 20 nm then costs as much as bare NCM811 lost against coated",
    ),
    "ionic conductivity of reduction products [S/m]": (
        1e-5,
        "Li2S and Li3P let lithium through: 20 ohm cm2 for 20 nm",
    ),
}

_current = kernel(decomposition.film_current)
_resistance = kernel(decomposition.film_resistance)
_steeper = kernel(decomposition.film_resistance_slope)


class Reaction(NamedTuple):
    """Constants of one reaction, on the contact area as made."""

    present: Annotated[
        float, Parameter("dimensionless", "1 where the electrolyte has this reaction, or 0")
    ]
    limit: Annotated[float, Parameter("V", "potential where it starts")]
    resistance: Annotated[float, Parameter("ohm*m^2", "without film")]
    growth: Annotated[
        float, Parameter("ohm*m^4/C", "of the resistance per charge, of a thin film")
    ]
    decay: Annotated[float, Parameter("C/m^2", "charge over which it grows e-fold beyond")]
    exhaustion: Annotated[float, Parameter("C/m^2", "charge that there is to take")]
    ionic: Annotated[float, Parameter("ohm*m^4/C", "for lithium, per charge")]
    swelling: Annotated[float, Parameter("m^3/C", "thickness that it adds per charge")]


ABSENT: Final = Reaction(0.0, 0.0, 1.0, 0.0, OHMIC, 1.0, 0.0, 0.0)


@kernel
def react(p: Reaction, outside: Number, theta: Number, q_0: Number, h: float) -> Number:
    """Current density of a reaction at the end of a step h; ``q_0`` is its charge before.

    The film that grows in the step leaves it a share of what it would be: one root.
    ``outside``: how far the potential lies beyond the limit [V], positive where it reacts.
    """
    drive = theta * softplus(outside, ONSET_WIDTH)
    if p.present == 0.0:
        return 0.0 * drive
    resistance = _resistance(q_0, p.resistance, p.growth, p.decay) + drive * (h / p.exhaustion)
    free = _current(drive, q_0, p.exhaustion, resistance)
    rise = p.decay * _steeper(q_0, p.growth, p.decay) / resistance
    return free * shared(h * free / p.decay, rise)


def decomposition_of(
    electrolyte: Material, way: str, temperature: float, constraint: float = 0.0
) -> Reaction:
    """Return how an electrolyte decomposes at a solid that conducts electrons.

    Args:
        electrolyte: what decomposes.
        way: oxidation or reduction.
        temperature: [K].
        constraint: effective modulus of the surroundings that moves the limit [Pa].

    Returns:
        The reaction; ``swelling`` is the growth of the solids per charge [m3/C].
    """
    dV, V_f = (electrolyte.value(f"{way}_{name}") for name in ("growth", "film_volume"))
    limit = {
        "oxidation": decomposition.constrained_oxidation_limit,
        "reduction": decomposition.constrained_reduction_limit,
    }[way]
    ionic = ASSUMED[f"ionic conductivity of {way} products [S/m]"][0]
    if electrolyte.has(f"{way}_film_ionic_conductivity"):
        ionic = electrolyte.value(f"{way}_film_ionic_conductivity", temperature)
    electronic = electrolyte.value("electronic_conductivity", temperature)
    sigma = ASSUMED["product conduction"][0] * electronic
    if electrolyte.has(f"{way}_film_conductivity"):
        sigma = electrolyte.value(f"{way}_film_conductivity", temperature)
    resistance = ASSUMED["native film [m]"][0] / sigma
    if electrolyte.has(f"{way}_resistance"):
        resistance = electrolyte.value(f"{way}_resistance", temperature)
    thickness, decay = float(decomposition.film_thickness(1.0, V_f)), OHMIC
    if electrolyte.has(f"{way}_film_decay_length"):
        decay = electrolyte.value(f"{way}_film_decay_length") / thickness
    return Reaction(
        present=1.0,
        limit=float(limit(onset(electrolyte, way), constraint, dV)),
        resistance=resistance,
        growth=float(decomposition.film_resistance_growth(V_f, sigma)),
        decay=decay,
        exhaustion=PLENTY,
        ionic=thickness / ionic,
        swelling=dV / float(F),
    )


def onset(electrolyte: Material, way: str) -> float:
    """Potential at which a decomposition sets in without constraint [V]."""
    observed = f"{way}_onset"
    return electrolyte.value(observed if electrolyte.has(observed) else f"{way}_limit")


def known_ways(electrolyte: Material) -> list[str]:
    """Ways of decomposition that the electrolyte has numbers for."""
    return [way for way in WAYS if electrolyte.has(f"{way}_growth")]


def missing_data(host: Material, electrolyte: Material) -> list[str]:
    """What a host would do to an electrolyte for which decomposition has no numbers."""
    if not host.has("open_circuit_potential"):
        return []
    potential, missing = host.curve("open_circuit_potential").y, []
    for way, end, beyond in (
        ("oxidation", float(potential.max()), "reaches"),
        ("reduction", float(potential.min()), "falls to"),
    ):
        if electrolyte.has(f"{way}_growth") or not electrolyte.has(f"{way}_limit"):
            continue
        limit = onset(electrolyte, way)
        if SIGN[way] * (end - limit) > 0.0:
            missing.append(
                f"{electrolyte.name}: {way} sets in at {limit:g} V, and {host.name} "
                f"{beyond} {end:.2f} V; no data on it, so it is left out"
            )
    return missing
