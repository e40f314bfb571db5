"""Whether the nodes of an electrode can follow its reaction."""

import numpy as np

from lithomech.cell import spec
from lithomech.cell.arrays import CellArrays
from lithomech.cell.state import SIDES
from lithomech.constants import F, R

MIDDLE = 500  # interval of the tables at half filling


def coarse_meshes(cell: spec.Cell, arrays: CellArrays) -> tuple[str, ...]:
    """Warn of electrodes whose reaction reaches less far than from one node to the next.

    The reach is that of linear kinetics, sqrt(kappa sigma/(kappa + sigma)/g), with g the sum of
    a i_0 F/(R T) over the classes at half filling.
    """
    found = []
    for e, electrode in enumerate(arrays.electrodes):
        own = arrays.particles[np.unique(arrays.blocks["k"][arrays.blocks["electrode"] == e])]
        host = own["host"]
        exchange = host["exchange"][:, MIDDLE, 0] * (host["inert"] == 0)
        conductance = float(np.sum(host["area"] * host["coverage"] * exchange))
        conductance *= float(F) / (float(R) * arrays.temperature)
        log_P, log_kappa, log_sigma = arrays.transport[e]
        at = np.log(max(cell.fixture.pressure, 1.0))
        kappa, sigma = (np.exp(np.interp(at, log_P, t)) for t in (log_kappa, log_sigma))
        reach = float(np.sqrt(kappa * sigma / (kappa + sigma) / max(conductance, 1e-300)))
        width = float(electrode["thickness"]) / cell.solver.nodes
        if width > reach:
            side = SIDES[int(electrode["sign"] > 0.0)]
            needed = int(np.ceil(float(electrode["thickness"]) / reach))
            found.append(
                f"{side}: the reaction reaches {1e6 * reach:.3g} um and nodes are "
                f"{1e6 * width:.3g} um apart; solver.nodes of {needed} or more would follow it"
            )
    return tuple(found)
