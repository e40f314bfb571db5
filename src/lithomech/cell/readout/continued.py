"""A cell that goes on from where a result ended: its state, on the nodes of the new cell."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import Clamp
from lithomech.cell.enclosed import MARK, Aged, not_enclosed
from lithomech.cell.readout.load import load_result
from lithomech.cell.readout.result import CellResult
from lithomech.cell.resolve.build import GRADING, Resolved
from lithomech.cell.spec import Cell
from lithomech.cell.state import foil_start
from lithomech.errors import InputError
from lithomech.numerics.sphere import steady_sphere

Floats = NDArray[np.float64]
SAME: Final = 1e-9  # relative, of thicknesses
NOTHING: Final = (0.0,)  # where a result is older than what it is asked for


def with_start(cell: Cell, start: CellResult | None) -> tuple[Cell, Aged | None]:
    """The cell with the state that it goes on from inside, and that state, if there is one.

    Raises:
        InputError: it cannot be read.
    """
    if start is None and cell.initial.state is None:
        return cell, None
    aged = start.aged if start is not None else _aged(cell, str(cell.initial.state))
    enclosed = replace(cell.enclosed, aged={aged.mark: aged})
    return cell.replace(initial=replace(cell.initial, state=aged.mark), enclosed=enclosed), aged


def _aged(cell: Cell, named: str) -> Aged:
    """The state that a cell names by a file, or by the mark of what is enclosed."""
    try:
        if not named.startswith(MARK):
            return load_result(cell.folder / named).aged
        if named not in cell.enclosed.aged:
            raise not_enclosed(named)
        return cell.enclosed.aged[named]
    except InputError as error:
        raise cell.locate(error.located(key="initial.state")) from None


def continued(model: Resolved, aged: Aged) -> tuple[Floats, Clamp]:
    """Return the state of an aged cell as that of this one, and how the fixture was set.

    Nodes and shells may differ: what is stored per volume is averaged over the new ones, so
    that lithium stays exact.

    Args:
        model: the cell that goes on.
        aged: end of a run of the same classes, thicknesses and mechanisms.

    Raises:
        InputError: it is another cell; one line for each difference.
    """
    differences = _differences(model, aged)
    if differences:
        raise InputError("; ".join(differences), key="initial.state")
    z, state, y = model.layout, aged.state, model.start.copy()
    nodes = model.cell.solver.nodes
    old_nodes = state["potential"].size // max(len(model.composites), 1)
    y[: z.states] = _on_shells(model, state["stoichiometry"], old_nodes).ravel()
    y[z.flux : z.potential] = _on_nodes(state["current_density"], old_nodes, nodes)
    y[z.potential : z.current] = _on_nodes(state["potential"], old_nodes, nodes)
    y[z.current], y[z.pressure] = state["current"][0], state["virtual_pressure"][0]
    y[z.charge] = state["charge"][0]
    y[z.crept] = state.get("fixture_creep", NOTHING)[0]
    for side in model.foils:
        start = foil_start(z, side)
        y[start] = state[f"{side}.stoichiometry"][0]
        y[start + 1] = state[f"{side}.paid_charge"][0]
    for name, slot in model.slots.items():
        if name not in state:
            continue
        of_foil = slot.place.start >= z.foils
        y[slot.place] = state[name] if of_foil else _on_nodes(state[name], old_nodes, nodes)
    clamped = float(state["clamp.virtual"][0]), float(state["clamp.thickness"][0])
    return y, Clamp(*clamped, float(state.get("clamp.crept", NOTHING)[0]))


def _on_nodes(values: Floats, old: int, new: int) -> Floats:
    """Average over new nodes, class by class, of values on old ones."""
    return _averaged(
        values.reshape(-1, old), np.full(old, 1.0 / old), np.full(new, 1.0 / new)
    ).ravel()


def _on_shells(model: Resolved, x: Floats, old_nodes: int) -> Floats:
    """Stoichiometries of an old mesh, (shells, members), averaged over the present one."""
    nodes, shells = model.cell.solver.nodes, model.cell.solver.shells
    on_nodes = np.array([_on_nodes(row, old_nodes, nodes) for row in x])
    if len(x) == shells:
        return on_nodes
    old = steady_sphere(len(x), GRADING)["volume"]
    return _averaged(on_nodes.T, old, model.arrays.sphere["volume"]).T


def _averaged(values: Floats, old: Floats, new: Floats) -> Floats:
    """Average rows of cell values from cells of old sizes over those of new sizes."""
    if len(old) == len(new):
        return values
    ends = np.concatenate([[0.0], np.cumsum(old)])
    total = np.concatenate(
        [np.zeros((len(values), 1)), np.cumsum(values * old, axis=1)], axis=1
    )
    at = np.concatenate([[0.0], np.cumsum(new)])
    integral = np.array([np.interp(at, ends, row) for row in total])
    return np.diff(integral, axis=1) / new


def _differences(model: Resolved, aged: Aged) -> list[str]:
    """What keeps this cell from going on where the other ended."""
    if not aged.state or not aged.layers:
        return ["this result holds no final state: run it again with this version"]
    found, layers = [], aged.layers
    for side, thickness in model.thickness.items():
        was = layers[side]["thickness_m"]
        if abs(was - thickness) > SAME * max(abs(was), abs(thickness)):
            found.append(f"the {side} is {1e6 * thickness:g} um thick and was {1e6 * was:g} um")
    for side in ("anode", "cathode"):
        composite = model.composites.get(side)
        labels = [p.label for p in composite.particles] if composite else []
        before = [k["label"] for k in layers[side].get("classes", [])]
        if labels != before:
            found.append(f"the {side} has the classes {labels} and had {before}")
            continue
        sites = model.classes[side] if composite else (model.foils[side],)
        for site, was in zip(sites, _switched(layers[side]), strict=True):
            if site.active != was:
                changed = ", ".join(sorted(site.active ^ was))
                found.append(f"the {side} has other mechanisms: {changed}")
    return found


def _switched(layer: dict[str, Any]) -> list[frozenset[str]]:
    """Mechanisms that ran at each class of a layer, or at a foil."""
    rows = layer.get("classes", [layer])
    return [
        frozenset(name for name, m in row["mechanisms"].items() if m["active"]) for row in rows
    ]
