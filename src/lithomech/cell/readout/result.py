"""What a run returns: typed, self-describing, able to save and plot itself."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.enclosed import Aged, Enclosed
from lithomech.cell.readout.losses import Losses
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.stack import stack_rows, whole_cycles
from lithomech.cell.spec import Cell, cell_from_input
from lithomech.files.netcdf import write_tree
from lithomech.files.notebook import notebook_view
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
ELASTIC: Final = "elastic"  # cause: what a layer gives way under the stack pressure


class Event(NamedTuple):
    """Something that happened at a moment of a run."""

    time_s: float
    cycle: int
    step: int
    name: str
    value: float | None


class ImpedanceSpectrum(NamedTuple):
    """One spectrum; the impedance is of the whole cell [ohm]."""

    time_s: float
    cycle: int
    step: int
    frequency_Hz: Floats
    impedance_ohm: NDArray[np.complex128]


class SourceRow(NamedTuple):
    """A value the run used, and where it comes from.

    ``origin`` is "package", "cell file" or a material file of the user; ``borrowed`` names the
    material whose number it is, where it is another one.
    """

    material: str
    property: str
    value: float | str
    unit: str
    ref: str
    where: str
    method: str
    checked: bool
    origin: str = "package"
    borrowed: str = ""


@final
@dataclass(frozen=True)
class CellResult:
    """Voltage, stack pressure and damage of one cell over its protocol.

    Attributes:
        status: completed | contact lost | short | electrode exhausted | salt exhausted |
            infeasible | not converged.
        reason: one sentence.
        events: cut-offs, skipped steps, lift-off and so on, in time order.
        warnings: what limits trust in the numbers.
        series: traces over time; SI, current positive on charge.
        cycles: one mapping per cycle with the keys of ``quantities.outputs().cycle``; None =
            does not apply.
        profiles: arrays (row of series, node, class) per composite electrode.
        classes: labels of the classes per side.
        ledger: thickness change [m] by (layer, cause) on the rows of series; the layers are
            cathode, separator, anode and stack.
        impedance: spectra of Impedance steps.
        solver: steps and Newton iterations.
        provenance: version, input hash, tolerance, overrides of the packaged materials.
        input: resolved input in SI.
        sources: every value used, with its reference.
        losses: overvoltage and missing capacity of each cycle by cause.
        state: final state of the cell, arrays by ``mechanism.state``.
        resolved: what the input was resolved to, plain data.
        enclosed: all that the run read besides its cell file: material files, tables, states.
    """

    name: str
    status: str
    reason: str
    events: tuple[Event, ...]
    warnings: tuple[str, ...]
    series: TimeSeries
    cycles: tuple[dict[str, float | None], ...]
    profiles: dict[str, Floats]
    classes: dict[str, tuple[str, ...]]
    ledger: dict[tuple[str, str], Floats]
    impedance: tuple[ImpedanceSpectrum, ...]
    solver: dict[str, int]
    provenance: dict[str, Any]
    wall_time_s: float
    input: dict[str, Any] = field(repr=False)
    sources: tuple[SourceRow, ...] = field(repr=False)
    losses: Losses = field(default_factory=Losses, repr=False)
    state: dict[str, Floats] = field(default_factory=dict, repr=False)
    resolved: dict[str, Any] = field(default_factory=dict, repr=False)
    enclosed: Enclosed = field(default_factory=Enclosed, repr=False)

    @property
    def cell(self) -> Cell:
        """The cell with everything that it needs: ``run(result.cell)`` repeats the result."""
        return cell_from_input(self.input, self.enclosed)

    @property
    def aged(self) -> Aged:
        """The state at the end, for another run to go on from."""
        return Aged(self.state, self.resolved.get("layers", {}))

    @property
    def time(self) -> Floats:
        """Time [s]."""
        return self.series.time

    @property
    def voltage(self) -> Floats:
        """Cell voltage [V], in the reference of the cell file."""
        return self.series.voltage

    @property
    def current(self) -> Floats:
        """Current [A], positive on charge."""
        return self.series.current

    @property
    def stack_pressure(self) -> Floats:
        """Stack pressure [Pa]."""
        return self.series.stack_pressure

    @property
    def pressure_ledger(self) -> dict[tuple[str, str], Floats]:
        """Stack pressure [Pa] that each (layer, cause) of the ledger adds, on the same rows.

        The sum is the change of the stack pressure as long as the protocol does not set it
        anew. What the layers give way elastically is shared by all causes.
        """
        stiffness = float(self.provenance["stack_stiffness_Pa_per_m"])
        return {
            (layer, cause): stiffness * change
            for (layer, cause), change in self.ledger.items()
            if cause != ELASTIC
        }

    @property
    def stack(self) -> list[dict[str, Any]] | None:
        """Layers alone, cell, and cell with hardware, at the last whole cycle."""
        whole = whole_cycles(self.status, len(self.cycles))
        return stack_rows(self.resolved.get("stack"), self.cycles, whole)

    def _repr_html_(self) -> str:
        """Show the main quantities of each cycle in a notebook."""
        shown = [
            quantity
            for quantity in outputs().cycle.values()
            if quantity.heading and any(c[quantity.key] is not None for c in self.cycles)
        ]
        head = ("Cycle", *(f"{q.heading} / {q.shown_unit or '1'}" for q in shown))
        rows = [
            (str(number), *(q.text(cycle[q.key]) for q in shown))
            for number, cycle in enumerate(self.cycles, start=1)
        ]
        sentence = f"{self.status}, {self.reason}"
        return notebook_view(self.name, sentence, head, rows, self.warnings)

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech run --json``."""
        return {
            "status": self.status,
            "reason": self.reason,
            "events": [event._asdict() for event in self.events],
            "warnings": list(self.warnings),
            "wall_time_s": self.wall_time_s,
            "cycles": [
                {**cycle, "losses": self.losses.of_cycle(number)}
                for number, cycle in enumerate(self.cycles, start=1)
            ],
            "stack": self.stack,
            "solver": self.solver,
            "provenance": self.provenance,
        }

    def to_xarray(self) -> "xr.DataTree":
        """The result as labelled groups: series, cycles, profiles, ledger and so on."""
        from lithomech.cell.readout.written import tree_of  # noqa: PLC0415 - xarray is slow

        return tree_of(self)

    def save(self, path: Path | str) -> None:
        """Write netCDF; the file appears only when it is complete."""
        write_tree(self.to_xarray(), Path(path))

    def plot(self) -> "Figure":
        """Voltage and stack pressure against time."""
        from lithomech.plot.cell_result import voltage_pressure_time  # noqa: PLC0415

        return voltage_pressure_time(self)


@final
class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run.

    >>> try:
    ...     result = lm.run(cell)
    ... except lm.Interrupted as stop:
    ...     result = stop.result

    Attributes:
        result: what was done, up to the last whole step; its status is ``interrupted``.
    """

    def __init__(self, result: CellResult) -> None:
        super().__init__(result.reason)
        self.result = result
