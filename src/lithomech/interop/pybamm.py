"""Cells in PyBaMM, and its solutions here.

PyBaMM's porous-electrode model carries the electrochemistry of a cell with frozen mechanics.
What a cell has beyond that is refused by name, unless it is left out by name.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from lithomech.cell.spec import Cell
from lithomech.constants import F, R
from lithomech.errors import InputError, SeveralMistakesError
from lithomech.files.atomic import replacing
from lithomech.interop.balance import window_of
from lithomech.interop.frozen import Foil, FrozenCell, Host, Porous, freeze, stoichiometries
from lithomech.observe.timeseries import TimeSeries
from lithomech.version import __version__

if TYPE_CHECKING:
    import pybamm

Table = dict[str, list[float]]
ALL: Final = "all"
SALT: Final = 1000.0  # mol/m3; uniform in a single-ion conductor, whatever it is
FULL: Final = 0.99  # porosity of a separator without pores, whose logarithm must not vanish
EXCHANGE_OF_METAL: Final = "Exchange-current density for lithium metal electrode [A.m-2]"
TEXTS: Final = {
    "volume change": "particles do not swell, and the stack pressure stays",
    "film resistance": "of films and coatings on particles",
    "collector contact": "the resistance of the collector under pressure",
    "lithium content of the foil": "its potential follows its lithium content",
    "stack pressure": "a planar electrode grows in its fixture, and potentials follow",
}


@final
@dataclass(frozen=True)
class PybammCell:
    """A cell as PyBaMM takes it.

    Attributes:
        name: of the cell.
        numbers: parameters by PyBaMM's names.
        tables: x and y by PyBaMM's names, against stoichiometry.
        half: whether the negative electrode is planar.
        left_out: what the cell has and PyBaMM's model does not.
    """

    name: str
    numbers: dict[str, float]
    tables: dict[str, Table]
    half: bool
    left_out: tuple[str, ...]

    def values(self) -> dict[str, Any]:
        """Numbers, and functions where there are tables, by PyBaMM's names."""
        from lithomech.interop import twin  # noqa: PLC0415  PyBaMM is optional, and slow

        return twin.values_of(self.numbers, self.tables)

    def parameter_values(self) -> "pybamm.ParameterValues":
        """PyBaMM's parameters."""
        from lithomech.interop import twin  # noqa: PLC0415

        return twin.parameter_values(self.numbers, self.tables)

    def model(self) -> "pybamm.BaseModel":
        """PyBaMM's DFN with this cell's parameters and a mesh as defaults.

        A half cell where the negative electrode is planar.
        """
        from lithomech.interop import twin  # noqa: PLC0415

        return twin.CellModel(self.parameter_values(), half=self.half)

    def simulate(
        self, steps: list[str], points: dict[str, int] | None = None
    ) -> "pybamm.Solution":
        """Run steps in PyBaMM's words, from the state as assembled.

        Args:
            steps: such as "Discharge at C/10 until 2.5 V".
            points: of the mesh, by PyBaMM's names.
        """
        from lithomech.interop import twin  # noqa: PLC0415

        model = twin.CellModel(self.parameter_values(), half=self.half)
        return twin.simulate(model, steps, points)

    def script(self) -> str:
        """A Python script that needs PyBaMM only: the parameters, and a discharge."""
        source = Path(__file__).with_name("twin.py").read_text(encoding="utf-8")
        about = [f"{self.name}, written by lithomech {__version__}."]
        about += [f"Left out: {', '.join(self.left_out)}."] if self.left_out else []
        data = json.dumps([self.numbers, self.tables])
        return "\n".join(
            [
                *(f"# {line}" for line in about),
                source,
                "",
                f"DATA = {data!r}",
                f"HALF = {self.half}  # whether the negative electrode is planar",
                "",
                'if __name__ == "__main__":',
                "    import json",
                "",
                "    values = parameter_values(*json.loads(DATA))",
                "    model = CellModel(values, half=HALF)",
                '    high = values["Upper voltage cut-off [V]"]',
                '    steps = [f"Charge at C/10 until {high} V", "Rest for 1 hour"]',
                "    solution = simulate(model, steps)",
                '    print(solution["Voltage [V]"].entries[-1], "V at the end")',
                "",
            ]
        )


def to_pybamm(cell: Cell, leave_out: Collection[str] | str = ()) -> PybammCell:
    """Return a cell for PyBaMM's porous-electrode model.

    Args:
        cell: with one class of particles in each composite electrode; the negative electrode
            may be planar.
        leave_out: names of what PyBaMM's model is allowed to lack, or "all".

    Raises:
        InputError: PyBaMM's model lacks something that the cell has and that is not left out,
            one line for each.
    """
    frozen = freeze(cell)
    accepted = set(frozen.left_out if leave_out == ALL else leave_out)
    unknown = sorted(accepted - set(frozen.left_out))
    if unknown:
        known = ", ".join(frozen.left_out) or "nothing"
        message = f"{', '.join(unknown)}: there is nothing of this name to leave out; {known}"
        raise InputError(message, key="leave_out")
    mistakes = _beyond_any_model(frozen)
    mistakes += [_refusal(name) for name in frozen.left_out if name not in accepted]
    if mistakes:
        raise SeveralMistakesError(InputError(text) for text in mistakes)
    numbers, tables = _cell(frozen), {}
    for word, electrode in (("Positive", frozen.positive), ("Negative", frozen.negative)):
        if isinstance(electrode, Porous):
            numbers |= _porous(word, electrode, frozen)
            tables |= _tables(word, electrode.hosts[0])
        else:
            numbers |= _foil(electrode, frozen)
    if isinstance(frozen.negative, Foil):
        ocp = tables["Positive electrode OCP [V]"]
        level = _level(frozen.negative)
        ocp["y"] = [value - level for value in ocp["y"]]
    half = isinstance(frozen.negative, Foil)
    return PybammCell(frozen.name, numbers, tables, half, frozen.left_out)


def write_script(cell: Cell, path: Path | str, leave_out: Collection[str] | str = ()) -> None:
    """Write a script that builds and runs a cell in PyBaMM; see ``to_pybamm``.

    Args:
        cell: see ``to_pybamm``.
        path: File to write, replaced as a whole only when all is written.
        leave_out: see ``to_pybamm``.
    """
    script = to_pybamm(cell, leave_out).script()
    with replacing(Path(path)) as temporary:
        temporary.write_text(script, encoding="utf-8")


def from_solution(solution: "pybamm.Solution") -> TimeSeries:
    """Return a solution of PyBaMM as a series: current positive on charge, cycles and steps.

    Args:
        solution: of any lithium-ion model.
    """
    t = np.asarray(solution.t, dtype=float)
    columns: dict[str, Any] = {
        "Test Time / s": t - t[0],
        "Voltage / V": solution["Voltage [V]"].entries,
        "Current / A": -solution["Current [A]"].entries,
    }
    known = set(solution.all_models[0].variables)
    for name, theirs in (
        ("Positive Electrode Potential / V", "Positive electrode 3E potential [V]"),
        ("Negative Electrode Potential / V", "Negative electrode 3E potential [V]"),
        ("Ambient Temperature / K", "Ambient temperature [K]"),
    ):
        if theirs in known:
            columns[name] = solution[theirs].entries
    columns |= _counts(solution, t)
    return TimeSeries(columns, {"name": f"PyBaMM {type(solution.all_models[0]).__name__}"})


def _counts(solution: "pybamm.Solution", t: np.ndarray) -> Mapping[str, np.ndarray]:
    """Cycle and step of each row, counted from 1; the steps of all cycles in one row."""
    cycles = np.ones(len(t), dtype=np.int64)
    steps = np.ones(len(t), dtype=np.int64)
    row = number = 0
    for cycle, own in enumerate(getattr(solution, "cycles", None) or (), start=1):
        for step in own.steps if own is not None else ():
            number += 1
            rows = slice(row, row + len(step.t))
            cycles[rows], steps[rows] = cycle, number
            row += len(step.t)
    return {"Cycle Count / 1": cycles, "Step Count / 1": steps}


def _beyond_any_model(frozen: FrozenCell) -> list[str]:
    """What cannot even be left out."""
    texts = []
    if isinstance(frozen.positive, Foil):
        texts.append("PyBaMM's model has no planar positive electrode")
    for electrode in (frozen.positive, frozen.negative):
        if isinstance(electrode, Porous) and len(electrode.hosts) != 1:
            labels = ", ".join(host.label for host in electrode.hosts)
            texts.append(f"blends are not written for PyBaMM: {labels}")
    return texts


def _refusal(name: str) -> str:
    why = f" ({TEXTS[name]})" if name in TEXTS else ""
    return f"PyBaMM's model has no {name}{why}; leave it out by name, or `all`"


def _cell(frozen: FrozenCell) -> dict[str, float]:
    used = window_of(frozen)
    side, T = float(np.sqrt(frozen.area)), frozen.temperature
    pores = min(1.0 - frozen.cell.separator.porosity, FULL)
    efficiency = frozen.separator_conductivity / frozen.conductivity
    foils = [e for e in (frozen.positive, frozen.negative) if isinstance(e, Foil)]
    return {
        "Electrode height [m]": side,
        "Electrode width [m]": side,
        "Number of electrodes connected in parallel to make a cell": 1.0,
        "Number of cells connected in series to make a battery": 1.0,
        "Nominal cell capacity [A.h]": frozen.one_c,
        "Current function [A]": frozen.one_c,
        "Contact resistance [Ohm]": sum(f.resistance for f in foils) / frozen.area,
        "Separator thickness [m]": frozen.separator_thickness,
        "Separator porosity": pores,
        "Separator Bruggeman coefficient (electrolyte)": float(
            np.log(efficiency) / np.log(pores)
        ),
        "Initial concentration in electrolyte [mol.m-3]": SALT,
        "Cation transference number": 1.0,
        "Thermodynamic factor": 1.0,
        "Electrolyte diffusivity [m2.s-1]": float(frozen.conductivity * R * T / (F**2 * SALT)),
        "Electrolyte conductivity [S.m-1]": frozen.conductivity,
        "Reference temperature [K]": T,
        "Ambient temperature [K]": T,
        "Initial temperature [K]": T,
        "Lower voltage cut-off [V]": used.low,
        "Upper voltage cut-off [V]": used.high,
        "Open-circuit voltage at 0% SOC [V]": used.low,
        "Open-circuit voltage at 100% SOC [V]": used.high,
    }


def _porous(word: str, electrode: Porous, frozen: FrozenCell) -> dict[str, float]:
    host = electrode.hosts[0]
    efficiency = electrode.ionic / frozen.conductivity
    of = f"{word} electrode"
    return {
        f"{of} thickness [m]": electrode.thickness,
        f"{of} porosity": electrode.electrolyte_fraction,
        f"{of} active material volume fraction": host.volume_fraction,
        f"{of} conductivity [S.m-1]": electrode.electronic,
        f"{of} Bruggeman coefficient (electrolyte)": float(
            np.log(efficiency) / np.log(electrode.electrolyte_fraction)
        ),
        f"{of} Bruggeman coefficient (electrode)": 0.0,  # the conductivity is effective
        f"{word} particle radius [m]": host.radius,
        f"Maximum concentration in {word.lower()} electrode [mol.m-3]": host.concentration,
        f"Initial concentration in {word.lower()} electrode [mol.m-3]": host.concentration
        * host.start,
        f"{of} OCP entropic change [V.K-1]": 0.0,
        f"{of} charge transfer coefficient": 0.5,
    }


def _tables(word: str, host: Host) -> dict[str, Table]:
    """Curves of one host; the exchange current is per whole surface."""
    x = stoichiometries().tolist()
    curves = {
        f"{word} electrode OCP [V]": host.potential,
        f"{word} particle diffusivity [m2.s-1]": host.diffusivity,
        f"{word} electrode exchange-current density [A.m-2]": host.coverage * host.exchange,
    }
    return {name: {"x": x, "y": values.tolist()} for name, values in curves.items()}


def _foil(foil: Foil, frozen: FrozenCell) -> dict[str, float]:
    """A planar negative electrode; its potential is taken off that of the positive one."""
    return {
        "Negative electrode thickness [m]": max(foil.thickness, frozen.separator_thickness),
        "Negative electrode conductivity [S.m-1]": 1e7,  # of a metal: no drop
        "Negative electrode OCP [V]": 0.0,
        "Negative electrode OCP entropic change [V.K-1]": 0.0,
        "Negative electrode charge transfer coefficient": 0.5,
        "Lithium metal partial molar volume [m3.mol-1]": foil.molar_volume,
        EXCHANGE_OF_METAL: foil.exchange,
    }


def _level(foil: Foil) -> float:
    return float(np.interp(foil.start, stoichiometries(), foil.potential))
