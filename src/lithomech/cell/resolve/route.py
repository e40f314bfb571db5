"""What the fabrication of a cell leaves: its route, and what the cell says otherwise."""

from collections.abc import Mapping
from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Made
from lithomech.materials.material import Material

PRESSING: Final = 370e6  # Pa; of a powder in a die, where neither cell nor route say


def made_by(cell: spec.Cell, materials: Mapping[str, Material]) -> Made:
    """What fabrication leaves in every composite, and in films of a host.

    Args:
        cell: what it declares wins over its route.
        materials: by the names used in the cell, the route among them.
    """
    given = cell.fabrication
    if given.route is None:
        pressure = PRESSING if given.pressure is None else given.pressure
        return Made(pressure, given.residual_pressure)
    route = materials[given.route]

    def left(name: str) -> float | None:
        return route.value(name) if route.has(name) else None

    pressures = (given.pressure, left("fabrication_pressure"), PRESSING)
    residual = given.residual_pressure
    return Made(
        pressure=next(p for p in pressures if p is not None),
        residual_pressure=left("residual_pressure") if residual is None else residual,
        porosity=left("made_porosity"),
        coverage=left("made_coverage"),
        interface_resistance=left("interface_resistance") or 0.0,
        areal_resistance=left("areal_resistance") or 0.0,
    )
