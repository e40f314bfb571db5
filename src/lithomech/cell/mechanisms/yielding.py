"""Solid electrolyte that yields around a particle, and the wall strain that stays.

Hill's elastic-plastic shell with compaction of its pores; see docs/theory/plasticity.md.
"""

from functools import lru_cache
from typing import Annotated, Final, NamedTuple

import numpy as np

from lithomech.cell.mechanisms.declare import (
    Curve,
    Effect,
    Floats,
    Parameter,
    Pass,
    SiteKind,
    State,
    Table,
    Wall,
    wall_effect,
)
from lithomech.cell.mechanisms.site import ParticleSite, isotropic_moduli
from lithomech.laws import homogenise, plasticity
from lithomech.numerics.compiled import kernel
from lithomech.numerics.table import lookup_dual, tabulate

NAME: Final = "yielding"
SITE: Final = SiteKind.PARTICLE
PASS: Final = Pass.WALL
ASSUMED: Final[dict[str, tuple[float, str]]] = {}

WIDTH: Final = 1e-6  # of wall strain, smoothing of the onset
LARGEST_CRACKS: Final = 0.3  # crack area fraction up to which the tables reach


class States(NamedTuple):
    """What the electrolyte around a particle remembers."""

    wall_strain: Annotated[
        float, State("dimensionless", "linear strain of the wall that stays", tolerance=0.1)
    ] = 0.0


class Parameters(NamedTuple):
    """The yielded shell as two tables."""

    low: Annotated[
        float, Parameter("dimensionless", "smallest misfit strain of the first table")
    ]
    high: Annotated[
        float, Parameter("dimensionless", "largest misfit, and wall strain of the second")
    ]
    relaxation_time: Annotated[float, Parameter("s", "of the flow towards the yielded state")]
    yielded: Annotated[Table, Curve("wall strain against misfit on [low, high]")]
    lost: Annotated[Table, Curve("misfit not passed on against wall strain on [0, high]")]


class Shell(NamedTuple):
    """What Hill's shell is made of; SI units."""

    K: float  # of the matrix
    G: float
    wall_stiffness: float
    yield_strength: float
    strength: float  # of the matrix without pores
    pores: float
    room: float  # linear misfit that all pores together could take
    transmission: float
    K_p: float  # of the particle


def resolve(site: ParticleSite) -> Parameters:
    """Return Hill's shell for one class."""
    low = site.reach[0] - 1e-3
    high = site.reach[1] + LARGEST_CRACKS / 3.0
    composite, electrolyte = site.composite, site.electrolyte
    shell = Shell(
        composite.matrix_K,
        composite.matrix_G,
        site.wall_stiffness,
        _flow_strength(site),
        electrolyte.value("matrix_strength"),
        composite.pores_of_matrix,
        composite.porosity / (3.0 * composite.active_fraction),
        site.transmission,
        isotropic_moduli(site.material)[0],
    )
    yielded, lost = shell_tables(shell, low, high)
    relaxation = electrolyte.value("relaxation_time", site.temperature)
    return Parameters(low, high, relaxation, yielded, lost)


def _flow_strength(site: ParticleSite) -> float:
    """Stress at which the softer of the two flows: the shell, or a particle that is plastic."""
    shell, m = site.electrolyte.value("shell_yield_strength"), site.material
    return min(shell, m.value("flow_strength")) if m.has("flow_strength") else shell


@lru_cache(maxsize=64)
def shell_tables(shell: Shell, low: float, high: float) -> tuple[Floats, Floats]:
    """Tabulate Hill's yielded shell: irreversible strain, and misfit lost to the layer.

    Args:
        shell: wall stiffness of the layer rescales Hill's dilute misfit.
        low: smallest misfit strain of the first table; its largest is ``high``.
        high: largest irreversible strain of the second table too.

    Returns:
        Table of irreversible strain against misfit on [low, high]; table of lost misfit
        against irreversible strain on [0, high].
    """
    K, G, K_c, K_p, sigma_Y = (
        shell.K, shell.G, shell.wall_stiffness, shell.K_p, shell.yield_strength,
    )  # fmt: skip
    E, nu = 9.0 * K * G / (3.0 * K + G), (3.0 * K - 2.0 * G) / (6.0 * K + 2.0 * G)
    zeta = np.geomspace(1.0, 1e6, 4000)
    excess = np.asarray(plasticity.shell_excess_pressure(zeta, sigma_Y))
    wall = np.asarray(plasticity.shell_wall_strain(zeta, sigma_Y, E, nu))
    dilute = float(homogenise.dilute_wall_stiffness(K_p, G))
    misfit = (wall + excess / (3.0 * K_p)) * dilute / K_c
    irreversible = misfit - excess / K_c
    b = np.minimum(_compaction(shell.pores, shell.strength, excess), 0.95)
    passed = plasticity.far_field_strain(zeta, sigma_Y, G)
    passed = passed * plasticity.pore_attenuation(wall, wall[0], b)
    elastic = 3.0 * K_p / (3.0 * K_p + 4.0 * G) * misfit * K_c / dilute
    lost = misfit * (1.0 - passed / elastic)
    lost = np.maximum.accumulate(np.maximum(lost, 0.0))
    # Pores swallow no more than their volume: T (misfit - lost) is at least misfit - room.
    T = shell.transmission
    lost = np.minimum(lost, misfit * (1.0 - 1.0 / T) + shell.room / T)

    def yielded(e: Floats) -> Floats:
        return np.where(e <= misfit[0], 0.0, np.interp(e, misfit, irreversible))

    def forgone(e_pl: Floats) -> Floats:
        return np.interp(e_pl, irreversible, lost)

    return tabulate(yielded, low, high), tabulate(forgone, 0.0, high)


def _compaction(pores: float, strength: float, p: Floats) -> Floats:
    """Gurson's compaction where the pores still carry, 1 where they collapse."""
    if pores <= 0.0:
        return np.zeros_like(p)
    s = 1.5 * p / strength
    carried = 1.0 + pores**2 - 2.0 * pores * np.cosh(np.minimum(s, 50.0)) > 0.0
    safe = np.where(carried, p, 0.0)
    return np.where(carried, plasticity.gurson_compaction(pores, strength, safe), 1.0)


@kernel
def irreversible(p: Parameters, now: States) -> float:  # noqa: ARG001
    """Wall strain at present."""
    return now.wall_strain


@kernel
def advance(p: Parameters, old: States, drive: Wall, h: float) -> tuple[States, Effect]:
    """Wall strain after a step h (Perzyna flow towards Hill's curve).

    Implicit Euler on y = e_0 + a ramp(target - y), a = h/tau, in closed form.
    """
    target = lookup_dual(p.yielded, (drive.misfit - p.low) / (p.high - p.low))
    excess = np.maximum(target - old.wall_strain, 0.0)
    a = h / p.relaxation_time
    b = excess - WIDTH
    root = np.sqrt(b * b + (4.0 * (1.0 + a) * WIDTH) * excess)
    strain = excess - (b + root) / (2.0 * (1.0 + a)) + old.wall_strain
    relief = lookup_dual(p.lost, strain / p.high)
    return States(strain), wall_effect(irreversible=strain, relief=relief)
