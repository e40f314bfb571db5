"""What a run returns: typed, self-describing, able to save and plot itself."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.files.atomic import replacing
from lithomech.files.netcdf import RESULT, read_tree
from lithomech.observe.timeseries import TimeSeries

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
FORMAT: Final = 1

CYCLE_KEYS: Final = (
    "charge_capacity_mAh_per_g",
    "discharge_capacity_mAh_per_g",
    "charge_capacity_mAh_per_cm2",
    "discharge_capacity_mAh_per_cm2",
    "coulombic_efficiency",
    "mean_discharge_voltage_V",
    "stack_pressure_start_MPa",
    "stack_pressure_min_MPa",
    "stack_pressure_max_MPa",
    "stack_pressure_end_of_charge_MPa",
    "stack_pressure_end_MPa",
    "contact_fraction_end_of_charge",
    "contact_fraction_end",
    "crack_damage_end",
    "crack_area_fraction_end_of_charge",
    "crack_area_fraction_end",
    "cathode_thickness_change_um",
    "anode_thickness_change_um",
    "lithium_contact_fraction_min",
    "cathode_decomposition_mAh_per_cm2",
    "anode_decomposition_mAh_per_cm2",
    "first_cycle_loss_mAh_per_cm2",
)


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
        status: completed | contact lost | short | infeasible | not converged.
        reason: one sentence.
        events: cut-offs, skipped steps, lift-off and so on, in time order.
        warnings: what limits trust in the numbers.
        series: traces over time; SI, current positive on charge.
        cycles: one mapping per cycle with the keys of ``CYCLE_KEYS``; None = does not apply.
        profiles: arrays (row of series, node, class) per composite electrode.
        classes: labels of the classes per side.
        ledger: thickness change [m] by layer and cause on the rows of series.
        impedance: spectra of Impedance steps.
        solver: steps and Newton iterations.
        provenance: version, input hash, tolerance, overrides of the packaged materials.
        input: resolved input; ``cell_from_input`` repeats the run.
        sources: every value used, with its reference.
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
    ledger: dict[str, Floats]
    impedance: tuple[ImpedanceSpectrum, ...]
    solver: dict[str, int]
    provenance: dict[str, Any]
    wall_time_s: float
    input: dict[str, Any] = field(repr=False)
    sources: tuple[SourceRow, ...] = field(repr=False)

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
    def pressure_ledger(self) -> dict[str, Floats]:
        """Stack pressure [Pa] that each cause of the ledger adds, on the rows of series.

        The sum is the change of the stack pressure as long as the protocol does not set it
        anew. What the layers give way elastically is shared by all causes.
        """
        stiffness = float(self.provenance["stack_stiffness_Pa_per_m"])
        return {k: stiffness * v for k, v in self.ledger.items() if not k.endswith("elastic")}

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech run --json``."""
        return {
            "status": self.status,
            "reason": self.reason,
            "events": [event._asdict() for event in self.events],
            "warnings": list(self.warnings),
            "wall_time_s": self.wall_time_s,
            "cycles": [dict(cycle) for cycle in self.cycles],
            "solver": self.solver,
            "provenance": self.provenance,
        }

    def to_xarray(self) -> "xr.DataTree":
        """The result as labelled groups: series, cycles, profiles, ledger."""
        import xarray as xr  # noqa: PLC0415 - slow to import

        rows = ("row",)
        series = xr.Dataset(
            {name.replace("/", "|"): (rows, v) for name, v in self.series.columns.items()}
        )
        table = {k: [np.nan if c[k] is None else c[k] for c in self.cycles] for k in CYCLE_KEYS}
        cycles = xr.Dataset(
            {k: (("cycle",), np.array(v, dtype=float)) for k, v in table.items()}
        )
        groups: dict[str, xr.Dataset] = {"/series": series, "/cycles": cycles}
        profiles = {
            name: (_axes(name, values), values) for name, values in self.profiles.items()
        }
        groups["/profiles"] = xr.Dataset(profiles)
        groups["/ledger"] = xr.Dataset({name: (rows, v) for name, v in self.ledger.items()})
        for number, spectrum in enumerate(self.impedance):
            groups[f"/impedance/{number}"] = _spectrum_dataset(spectrum)
        tree = xr.DataTree.from_dict(groups)
        tree.attrs = {"format": FORMAT, "lithomech": json.dumps(self._header())}
        return tree

    def save(self, path: Path | str) -> None:
        """Write netCDF; the file appears only when it is complete."""
        with replacing(Path(path)) as temporary:
            self.to_xarray().to_netcdf(temporary, engine="h5netcdf")

    def plot(self) -> "Figure":
        """Voltage and stack pressure against time."""
        from lithomech.plot.cell_result import voltage_pressure_time  # noqa: PLC0415

        return voltage_pressure_time(self)

    def _header(self) -> dict[str, Any]:
        """Everything that is not an array."""
        kept = ("name", "status", "reason", "warnings", "classes", "solver", "provenance")
        header = {name: getattr(self, name) for name in (*kept, "wall_time_s", "input")}
        header["events"] = [event._asdict() for event in self.events]
        header["sources"] = [source._asdict() for source in self.sources]
        header["metadata"] = self.series.metadata
        return header


def _axes(name: str, values: Floats) -> tuple[str, ...]:
    """Dimension names of one profile; classes and nodes differ between the sides."""
    side = name.split("_", 1)[0]
    if values.ndim == 1:
        return (f"{side}_node",)
    return ("row", f"{side}_node", f"{side}_class")


def _spectrum_dataset(spectrum: ImpedanceSpectrum) -> "xr.Dataset":
    import xarray as xr  # noqa: PLC0415 - slow to import

    axis = ("frequency",)
    return xr.Dataset(
        {
            "frequency_Hz": (axis, spectrum.frequency_Hz),
            "real_ohm": (axis, spectrum.impedance_ohm.real),
            "imaginary_ohm": (axis, spectrum.impedance_ohm.imag),
        },
        attrs={"time_s": spectrum.time_s, "cycle": spectrum.cycle, "step": spectrum.step},
    )


def load_result(path: Path | str) -> CellResult:
    """Read a result that ``save`` wrote.

    Raises:
        InputError: the file is no result of this package, or of a newer format.
    """
    tree = read_tree(path, RESULT, FORMAT)
    return _rebuild(tree, json.loads(tree.attrs["lithomech"]))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rebuild(tree: "xr.DataTree", header: dict[str, Any]) -> CellResult:
    def arrays(group: str) -> dict[str, Floats]:
        return {str(k): v.values for k, v in tree[group].data_vars.items()}

    columns = {k.replace("|", "/"): v for k, v in arrays("/series").items()}
    table = arrays("/cycles")
    count = len(next(iter(table.values())))
    cycles = tuple(
        {k: _number(table[k][n]) if k in table else None for k in CYCLE_KEYS}
        for n in range(count)
    )
    spectra = []
    for child in tree["/impedance"].children.values() if "impedance" in tree.children else ():
        real, imaginary = (np.asarray(child[f"{p}_ohm"].data) for p in ("real", "imaginary"))
        a = child.attrs
        place = (float(a["time_s"]), int(a["cycle"]), int(a["step"]))
        frequency = np.asarray(child["frequency_Hz"].data)
        spectra.append(ImpedanceSpectrum(*place, frequency, real + 1j * imaginary))
    return CellResult(
        name=header["name"],
        status=header["status"],
        reason=header["reason"],
        events=tuple(Event(**event) for event in header["events"]),
        warnings=tuple(header["warnings"]),
        series=TimeSeries(columns, header["metadata"]),
        cycles=cycles,
        profiles=arrays("/profiles"),
        classes={side: tuple(labels) for side, labels in header["classes"].items()},
        ledger=arrays("/ledger"),
        impedance=tuple(spectra),
        solver=header["solver"],
        provenance=header["provenance"],
        wall_time_s=header["wall_time_s"],
        input=header["input"],
        sources=tuple(SourceRow(**source) for source in header["sources"]),
    )
