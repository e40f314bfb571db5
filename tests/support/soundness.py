"""What holds of every run, whatever the cell: numbers, ends of hosts, lithium, voltages."""

import numpy as np

from lithomech.cell.resolve.build import resolve
from lithomech.cell.solver.voltages import electrode_window

F = 96485.33212
STATUSES = {
    "completed", "contact lost", "short", "electrode exhausted", "salt exhausted",
    "infeasible", "not converged",
}  # fmt: skip
HIGHEST = 10.0  # V
BARRIER = 0.5  # V beyond its electrodes that a cell at rest may keep
CLIFF = 2.0  # V beyond them that a user's own limit may lie
BEYOND = 0.015  # stoichiometry beyond empty or full: 10 V on a barrier of 1 kV, and its width
SIGN = {"cathode": 1.0, "anode": -1.0}  # of the charge that discharge brings
SIDE_CHARGES = {
    "interphase.oxidation": 1.0,
    "interphase.oxygen": 1.0,
    "interphase.reduction": -1.0,
    "first_cycle.kept": -1.0,
}
FLAT = 1e-3  # stoichiometry between surface and mean of a host at rest
LITHIUM = 1e-9  # of the lithium in a side, or of the charge that passed


def faults(cell, result):
    """Every rule that a run breaks, in words."""
    return [
        *numbers(result),
        *voltages(cell, result),
        *efficiencies(result),
        *sides(cell, result),
    ]


def numbers(result):
    """Finite numbers, time that runs forward, pressure that never pulls."""
    if result.status not in STATUSES or not result.reason:
        yield f"status {result.status!r} without reason or not of the list"
    for name, column in result.series.columns.items():
        if not np.isfinite(column).all():
            yield f"{name} is not finite"
    for name, values in (*result.profiles.items(), *result.ledger.items()):
        absent = np.isnan(values).all(axis=(0, 1)) if values.ndim == 3 else False
        if not (np.isfinite(values) | absent).all():
            yield f"{name} is not finite"
    if (np.diff(result.time) < 0.0).any():
        yield "time runs backwards"
    if (result.stack_pressure < 0.0).any():
        yield f"stack pressure {result.stack_pressure.min():.3g} Pa"
    yield from spectra(result)


def spectra(result):
    """Finite impedances; no negative resistance but of hosts far from rest, with a warning.

    Only about equilibrium is a cell passive: lithium that moves between hosts sets power free.
    """
    warned = any("negative resistance" in text for text in result.warnings)
    for spectrum in result.impedance:
        resistance = spectrum.impedance_ohm.real
        if not np.isfinite(spectrum.impedance_ohm).all():
            yield "impedance is not finite"
        elif (resistance < 0.0).any() and not (warned and gradients(result, spectrum.time_s)):
            yield f"impedance of negative resistance {resistance.min():.3g} ohm"


def gradients(result, time):
    """Whether surface and mean of any host differ at a time."""
    row = max(int(np.searchsorted(result.time, time, side="right")) - 1, 0)
    apart = [
        np.nanmax(abs(result.profiles[f"{side}_surface_stoichiometry"][row] - x[row]))
        for side in ("cathode", "anode")
        if (x := result.profiles.get(f"{side}_stoichiometry")) is not None
    ]
    return max(apart, default=0.0) > FLAT


def voltages(cell, result):
    """None that the electrodes do not have, but for the current's and the user's own limits."""
    if len(result.time) == 0:
        return
    low, high = electrode_window(resolve(cell))
    V = result.voltage
    if abs(V).max() > HIGHEST + 1e-3:
        yield f"{V[abs(V).argmax()]:.3g} V"
    rests = result.current == 0.0
    outside = np.maximum(low - V, V - high)[rests]
    stated = [text for text in result.warnings if "an electrode is exhausted" in text]
    allowed = CLIFF if stated or result.status == "electrode exhausted" else BARRIER
    if outside.max(initial=0.0) > allowed + 0.1:
        yield f"at rest {outside.max():.3g} V outside {low:.3g} to {high:.3g} V"


def efficiencies(result):
    """Above 100 % only with a warning."""
    above = [c["coulombic_efficiency"] or 0.0 for c in result.cycles]
    warned = any("coulombic efficiency above" in text for text in result.warnings)
    if max(above, default=0.0) > 1.0 + 1e-6 and not warned:
        yield f"coulombic efficiency {max(above):.6g} without a warning"


def sides(cell, result):
    """Hosts between empty and full, and lithium neither made nor lost."""
    if len(result.time) == 0:
        return
    model = resolve(cell)
    for side in model.composites:
        x = result.profiles[f"{side}_stoichiometry"]
        hosts = ~np.isnan(x).all(axis=(0, 1))
        inert = [grain.inert for grain in model.composites[side].particles]
        for k, host in enumerate(hosts):
            if host and not inert[k] and abs(x[..., k] - 0.5).max() > 0.5 + BEYOND:
                yield f"{side} at x = {x[..., k].min():.4g} to {x[..., k].max():.4g}"
        yield from books(model, result, side)


def books(model, result, side):
    """What came into the particles of a side: the charge that passed and side reactions."""
    state, volume = result.state, model.arrays.sphere["volume"]
    own, members = model.class_ranges[side], model.members[side]
    nodes = model.cell.solver.nodes
    host = model.arrays.particles["host"][own]
    sites = np.repeat(host["volume_fraction"] * host["c_max"], nodes)  # inert ones leak
    sites = F * sites * model.thickness[side] / nodes
    start = model.start[: model.layout.states].reshape(-1, model.layout.members)
    change = state["stoichiometry"][:, members] - start[:, members]
    gained = (volume[:, None] * change).sum(axis=0)
    # of grains that are cut off only the booking of the whole particle knows
    cut = state["isolation.share"][members] > 0.0
    taken = float(np.sum(sites * np.where(cut, state["isolation.taken"][members], gained)))
    paid = 0.0
    for name, sign in SIDE_CHARGES.items():
        if name in state:
            paid += sign * float(state[name][members] @ model.contact_areas[side])
    charge = SIGN[side] * float(state["charge"][0])
    largest = max(float(sites.sum()), abs(charge), abs(paid))
    missing = abs(taken - charge - paid)
    if missing > LITHIUM * largest:
        yield f"lithium of the {side} off by {missing / largest:.3g}"
