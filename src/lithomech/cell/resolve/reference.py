"""Against what the voltages of a cell file are, and whether its limits fit its cathode."""

from collections.abc import Iterator
from typing import Final

from lithomech.cell import spec
from lithomech.cell.mechanisms.site import Composite
from lithomech.cell.protocol import steps
from lithomech.cell.protocol.order import direction
from lithomech.materials.material import Material

DEEP: Final = 1.0  # V below the potential as made; no usual discharge goes there
HIGH: Final = 0.2  # V above the potential at the lowest lithium content with data


def reference_potential(cell: spec.Cell, materials: dict[str, Material]) -> float:
    """What experimenters add to the cell voltage to speak of it against lithium."""
    return counter_potential(cell, materials) if cell.against_lithium else 0.0


def counter_potential(cell: spec.Cell, materials: dict[str, Material]) -> float:
    """Nominal potential of the anode against lithium; 0 where it has none."""
    anode = cell.anode
    planar = isinstance(anode, spec.Planar)
    m = materials[anode.material if planar else anode.active[0].material]
    return m.value("nominal_potential") if m.has("nominal_potential") else 0.0


def reference_warnings(
    cell: spec.Cell, materials: dict[str, Material], cathode: Composite | None
) -> Iterator[str]:
    """Yield how voltages were read where the file does not say it, and odd limits.

    Args:
        cell: as declared.
        materials: by the names it uses.
        cathode: resolved; None where it is planar.
    """
    counter = counter_potential(cell, materials)
    if cell.reference is None and counter:
        yield (
            f"reference is not given: voltages of the protocol and of the result are against "
            f"lithium, that is, {counter:g} V above those between the electrodes; write "
            "reference: li, or reference: cell for voltages between the electrodes"
        )
    if cathode is not None:
        shift = 0.0 if cell.against_lithium else counter
        yield from dict.fromkeys(_odd_limits(cell, cathode, shift, bool(counter)))


def _odd_limits(
    cell: spec.Cell, cathode: Composite, shift: float, other: bool
) -> Iterator[str]:
    """Yield limits that are not usual for the potential of the cathode itself.

    Args:
        cell: as declared.
        cathode: resolved.
        shift: what the voltages of the file lack to be against lithium [V].
        other: whether another reference would mean another voltage.
    """
    windows = [_window(g.material) for g in cathode.grains if not g.inert]
    if not windows:
        return
    low = min(window[0] for window in windows)
    half = min(window[1] for window in windows)
    high = max(window[2] for window in windows)
    remedy = ""
    if other:
        meant = "cell" if cell.against_lithium else "li"
        remedy = f"; if it is meant otherwise, write reference: {meant}"
    for voltage, charging in _limits(cell.steps()):
        V = voltage + shift
        reason = _odd(V, charging, low, half, high)
        if reason:
            word = "charging" if charging else "discharging"
            yield f"protocol: {word} to {V:.4g} V against lithium {reason}{remedy}"


def _odd(V: float, charging: bool, low: float, half: float, high: float) -> str:
    """Why a limit is not usual."""
    if charging and half > V:
        return f"ends before the cathode is half charged ({half:.3g} V at rest)"
    if charging and high + HIGH < V:
        return f"is above what the data of the cathode reach ({high:.3g} V at rest)"
    if not charging and half < V:
        return f"ends before the cathode is half discharged ({half:.3g} V at rest)"
    if not charging and low - DEEP > V:
        return f"is far below the potential of the cathode as made ({low:.3g} V at rest)"
    return ""


def _window(m: Material) -> tuple[float, float, float]:
    """Potential at rest as made, half way, and at the lowest lithium content with data [V]."""
    potential = m.curve("open_circuit_potential")
    full = m.value("as_made_stoichiometry")
    empty = m.value("stoichiometry_min") if m.has("stoichiometry_min") else potential.low
    low, half, high = (float(potential(x)) for x in (full, 0.5 * (full + empty), empty))
    return low, half, high


def _limits(protocol: tuple[steps.Step, ...]) -> Iterator[tuple[float, bool]]:
    """Every voltage that a step of current or power ends at, and whether it charges."""
    for step in protocol:
        if isinstance(step, steps.Repeat):
            yield from _limits(step.steps)
        elif isinstance(step, steps.ConstantCurrent | steps.ConstantPower | steps.Gitt):
            for limit in step.until:
                if isinstance(limit, steps.VoltageLimit):
                    yield limit.voltage, direction(step) > 0
