"""Stoichiometries of both electrodes at the ends of a voltage window, in equilibrium."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.interop.frozen import Foil, FrozenCell, Porous, stoichiometries

Floats = NDArray[np.float64]


class Window(NamedTuple):
    """What a cell can use.

    Attributes:
        low: cell voltage where it is discharged [V].
        high: cell voltage where it is charged [V].
        start: share of the charge between them that is passed as assembled, held in 0..1.
        positive: stoichiometry of each class of the positive electrode (discharged, charged).
        negative: the same of the negative electrode; empty for a foil.
    """

    low: float
    high: float
    start: float
    positive: tuple[tuple[float, float], ...]
    negative: tuple[tuple[float, float], ...]


class _Filling(NamedTuple):
    """Charge per cell area that an electrode has taken up since assembly, and its potential.

    The charge increases and the potential does not.
    """

    charge: Floats  # C/m2
    potential: Floats  # V


def window_of(cell: FrozenCell) -> Window:
    """Return the window of a cell between the limits of its protocol.

    Where the protocol names no limit, what the hosts can take up and give is the limit.

    Args:
        cell: with at least one composite electrode.
    """
    positive, negative = _filling(cell.positive), _filling(cell.negative)
    most = min(negative.charge[-1], -positive.charge[0])  # passed on charge
    least = max(negative.charge[0], -positive.charge[-1])
    passed = np.linspace(least, most, 4 * len(stoichiometries()))
    voltage = np.interp(-passed, *positive) - np.interp(passed, *negative)
    rising = np.maximum.accumulate(voltage)
    low, high = cell.limits
    ends = (rising[0] if low is None else low, rising[-1] if high is None else high)
    empty, full = (float(np.interp(end, rising, passed)) for end in ends)
    span = full - empty
    start = min(max(-empty / span, 0.0), 1.0) if span > 0.0 else 0.0
    return Window(
        float(ends[0]),
        float(ends[1]),
        start,
        _used(cell.positive, positive, (-empty, -full)),
        _used(cell.negative, negative, (empty, full)),
    )


def _filling(electrode: Porous | Foil) -> _Filling:
    x = stoichiometries()
    if isinstance(electrode, Foil):
        if electrode.per_charge == 0.0:  # lithium metal: as much as wanted
            level = np.interp(electrode.start, x, electrode.potential)
            return _Filling(np.array([-1e9, 1e9]), np.full(2, level))
        return _Filling((x - electrode.start) / electrode.per_charge, electrode.potential)
    volts = np.linspace(
        max(h.potential.max() for h in electrode.hosts),
        min(h.potential.min() for h in electrode.hosts),
        4 * len(x),
    )
    charge = sum(
        electrode.charge(h) * (_content(h.potential, volts) - h.start) for h in electrode.hosts
    )
    return _Filling(np.asarray(charge), volts)


def _used(
    electrode: Porous | Foil, filling: _Filling, charges: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    """Stoichiometry of each class where the electrode has taken up these charges."""
    if isinstance(electrode, Foil):
        return ()
    volts = np.interp(charges, *filling)
    return tuple(
        (float(x[0]), float(x[1]))
        for x in (_content(host.potential, volts) for host in electrode.hosts)
    )


def _content(potential: Floats, volts: Floats) -> Floats:
    """Stoichiometry at some potentials of a host whose own falls with it."""
    falling = np.minimum.accumulate(potential)
    return np.interp(-volts, -falling, stoichiometries())
