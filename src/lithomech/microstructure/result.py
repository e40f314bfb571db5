"""What conduction through an image gives, and what a pressed composite is worth."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.damaged import damaged
from lithomech.files.netcdf import Group, read_tree, write_tree
from lithomech.files.notebook import notebook_view
from lithomech.microstructure.pressed import Pressed
from lithomech.version import __version__

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
FORMAT: Final = 1
KIND: Final = "structure"
SEED: Final = "seed"  # axis of the pieces


@final
@dataclass(frozen=True)
class Conduction:
    """Effective conductivity of a labelled image along one axis.

    The tortuosity factor is sigma_0 phi / sigma, the tau^2 of Song et al. 2021, with phi of the
    total volume; of several conducting phases, sigma_0 phi is the sum over them.

    Attributes:
        status: completed | no path | not converged.
        reason: one sentence.
        axis: z, y or x: the first, second or third axis of the image.
        tortuosity_factor: inf where nothing spans, NaN where the solver did not converge.
        relative_conductivity: sigma over that of the best conductor; 0, or NaN, likewise.
        conductivity: sigma [S/m]; None where the conductivities were given as ratios.
        error_estimate: relative, of the conductivity.
        flux_mismatch: current in less current out, over the current.
        percolating_fraction: share of the conducting voxels that is connected to both ends.
        volume_fraction: share of all voxels that conducts.
        iterations: of the solver.
        wall_time_s: of everything after reading.
        potential: from 1 to 0 along the axis, in the shape of the image; NaN where no current
            can come; None unless asked for.
        flux: current of each voxel along the axis, in units of the best conductivity times the
            potential between the ends over one voxel; its sum is the same for every layer. None
            unless asked for.
        labels: the image, for pictures; None unless asked for.
        edges: of a voxel along z, y and x [m]; None if they were not given.
    """

    status: str
    reason: str
    axis: str
    tortuosity_factor: float
    relative_conductivity: float
    conductivity: float | None
    error_estimate: float
    flux_mismatch: float
    percolating_fraction: float
    volume_fraction: float
    iterations: int
    wall_time_s: float
    potential: NDArray[np.float32] | None = field(default=None, repr=False)
    flux: NDArray[np.float32] | None = field(default=None, repr=False)
    labels: NDArray[np.integer[Any]] | None = field(default=None, repr=False)
    edges: tuple[float, float, float] | None = None

    def _repr_html_(self) -> str:
        """Show the numbers in a notebook."""
        rows = [
            (name, value)
            for name, value in self.to_json().items()
            if name not in {"status", "reason", "version"}
        ]
        sentence = f"{self.status}: {self.reason}"
        return notebook_view("Conduction", sentence, ("Quantity", "Value"), rows)

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech conduct --json``; what does not apply is None."""
        tau = self.tortuosity_factor
        sigma = self.conductivity
        return {
            "status": self.status,
            "reason": self.reason,
            "axis": self.axis,
            "tortuosity_factor": tau if np.isfinite(tau) else None,
            "relative_conductivity": None if np.isnan(tau) else self.relative_conductivity,
            "conductivity_S_per_cm": None if sigma is None or np.isnan(tau) else sigma / 100.0,
            "error_estimate": self.error_estimate,
            "flux_mismatch": self.flux_mismatch,
            "percolating_fraction": self.percolating_fraction,
            "volume_fraction": self.volume_fraction,
            "iterations": self.iterations,
            "wall_time_s": self.wall_time_s,
            "version": __version__,
        }

    def plot(self) -> "Figure":
        """Sections of the image with the potential; needs ``keep_field``."""
        from lithomech.plot.conduction import sections  # noqa: PLC0415 - the upward reference

        return sections(self)


QUANTITIES: Final = {  # of each piece at each stack pressure
    "porosity": "share of voids",
    "conductivity_ionic": "S/m; 0 = no path",
    "conductivity_electronic": "S/m; 0 = no path",
    "tortuosity_factor_ionic": "inf = no path",
    "tortuosity_factor_electronic": "inf = no path",
    "covered_fraction": "of the surface of active grains, by electrolyte",
    "contact_fraction": "of the surface of active grains, in contact under force",
    "utilisation": "volume of active material with a path for ions and for electrons",
    "utilisation_ionic": "volume of active material with a path for ions",
    "coordination": "contacts under force per grain",
    "active_coordination": "contacts under force with active grains per active grain",
    "active_pressure": "mean pressure in active grains, Pa",
    "point_load_tension": "mean over active grains, by the heaviest contact with another, Pa",
    "load_share": "of the stack load, carried by active grains",
    "height": "of the piece, m",
    "resolution_ionic": "change of the ionic conductivity with twice as large voxels, relative",
}


@final
@dataclass(frozen=True)
class EffectiveProperties:
    """What a pressed composite conducts, covers and carries: several pieces, with spread.

    Attributes:
        name: of the structure.
        status: completed | not converged.
        reason: one sentence.
        warnings: what to know before the numbers are used.
        input: the structure in SI; ``structure_from_input`` reads it back.
        stack_pressures: [Pa], (pressures,).
        seeds: of the pieces.
        quantities: those of ``QUANTITIES``, each of shape (pieces, pressures).
        pressed: of each piece as pressed: porosity, pressure [Pa]; each (pieces,).
        solid_shares: volume of each powder over that of the solids, by material.
        conductivities: of the dense phases [S/m]: ionic, electronic.
        constrained_modulus: along the axis of pressing [Pa]: ``welded``, of the first piece at
            the first stack pressure with grains bonded where they touch; ``loose``, stress over
            strain between the two highest stack pressures, NaN where there is one.
        labels: image of the first piece at the first stack pressure: 0 = void, then powders in
            the order of the composition; (z, y, x).
        grains: number of the grain of every voxel, -1 = void.
        spacing: edges of a voxel [m], (3,).
        forces: contacts of that piece: both grains' centres and the force, (contacts, 7).
        wall_time_s: of pressing and conduction.
        provenance: materials and values used.
    """

    name: str
    status: str
    reason: str
    warnings: tuple[str, ...]
    input: dict[str, Any]
    stack_pressures: Floats
    seeds: tuple[int, ...]
    quantities: dict[str, Floats]
    pressed: dict[str, Floats]
    solid_shares: dict[str, float]
    conductivities: dict[str, float]
    constrained_modulus: dict[str, float]
    labels: NDArray[np.uint8] = field(repr=False)
    grains: NDArray[np.int32] = field(repr=False)
    spacing: Floats = field(repr=False)
    forces: Floats = field(repr=False)
    wall_time_s: float
    provenance: dict[str, Any] = field(repr=False)

    def spanning_probability(self, carrier: str) -> Floats:
        """Share of the pieces that conduct, at each stack pressure; ionic or electronic."""
        return np.mean(self.quantities[f"conductivity_{carrier}"] > 0.0, axis=0)

    def mean(self, quantity: str) -> Floats:
        """Mean over the pieces at each stack pressure.

        A tortuosity factor is that of the mean conductivity, so pieces without a path count.
        """
        return self.numbers().mean(quantity)

    def numbers(self) -> Pressed:
        """What a cell takes from it."""
        return Pressed(self.stack_pressures, self.quantities, self.solid_shares)

    def deviation(self, quantity: str) -> Floats:
        """Standard deviation over the pieces; NaN where some conduct and some do not."""
        values = self.quantities[quantity]
        if len(self.seeds) == 1:
            return np.full(values.shape[1], np.nan)
        with np.errstate(invalid="ignore"):
            return np.std(values, axis=0, ddof=1)

    def _repr_html_(self) -> str:
        """Show the means over the pieces at each stack pressure in a notebook."""
        names = [name for name in QUANTITIES if name in self.quantities]
        means = [self.mean(name) for name in names]
        rows = [
            (float(pressure) / 1e6, *(float(mean[k]) for mean in means))
            for k, pressure in enumerate(self.stack_pressures)
        ]
        head = ("Stack pressure / MPa", *(name.replace("_", " ") for name in names))
        sentence = f"{self.status}, {len(self.seeds)} pieces"
        return notebook_view(self.name, sentence, head, rows, self.warnings)

    def to_json(self) -> dict[str, Any]:
        """The keys of ``lithomech structure --json``; what does not exist is None."""
        rows = []
        for k, pressure in enumerate(self.stack_pressures):
            row: dict[str, Any] = {"stack_pressure_MPa": float(pressure) / 1e6}
            for name in QUANTITIES:
                row |= self._spread(name, k)
            for carrier in ("ionic", "electronic"):
                row[f"spanning_probability_{carrier}"] = float(
                    self.spanning_probability(carrier)[k]
                )
            row["spanning_probability"] = row["spanning_probability_electronic"]
            rows.append(row)
        top = np.argmax(self.stack_pressures)
        return {
            "name": self.name,
            "status": self.status,
            "reason": self.reason,
            "warnings": list(self.warnings),
            "porosity": rows[top]["porosity"],
            "volume_fraction": {
                name: share * (1.0 - rows[top]["porosity"]["mean"])
                for name, share in self.solid_shares.items()
            },
            "utilisation": rows[top]["utilisation"],
            "pressed": {
                "porosity": _listed(self.pressed["porosity"]),
                "pressure_MPa": _listed(self.pressed["pressure"] / 1e6),
            },
            "constrained_modulus_GPa": {
                name: _finite(value / 1e9) for name, value in self.constrained_modulus.items()
            },
            "stack_pressures": rows,
            "seeds": list(self.seeds),
            "wall_time_s": self.wall_time_s,
            "version": __version__,
        }

    def _spread(self, name: str, k: int) -> dict[str, Any]:
        scale, unit = _JSON_UNITS.get(name, (1.0, ""))
        values = self.quantities[name][:, k]
        shown = {
            "mean": _finite(self.mean(name)[k] * scale),
            "standard_deviation": _finite(self.deviation(name)[k] * scale),
            "values": [_finite(v * scale) for v in values],
        }
        return {name + unit: shown}

    def to_xarray(self) -> "xr.DataTree":
        """The numbers as labelled groups: quantities, pressed, image."""
        import xarray as xr  # noqa: PLC0415 - slow to import

        axes = (SEED, "stack_pressure_Pa")
        places = {SEED: list(self.seeds), "stack_pressure_Pa": self.stack_pressures}
        quantities = xr.Dataset(
            {
                name: (axes, values, {"meaning": QUANTITIES[name]})
                for name, values in self.quantities.items()
            },
            coords=places,
        )
        pressed = xr.Dataset({name: ((SEED,), v) for name, v in self.pressed.items()})
        image = xr.Dataset(
            {
                "labels": (("z", "y", "x"), self.labels),
                "grains": (("z", "y", "x"), self.grains),
                "spacing_m": (("axis",), self.spacing),
                "forces": (("contact", "column"), self.forces),
            }
        )
        tree = xr.DataTree.from_dict(
            {"/quantities": quantities, "/pressed": pressed, "/image": image}
        )
        kept = ("name", "status", "reason", "warnings", "input", "solid_shares")
        header = {name: getattr(self, name) for name in kept}
        header |= {"conductivities": self.conductivities, "wall_time_s": self.wall_time_s}
        header["provenance"] = self.provenance
        header["constrained_modulus"] = {
            name: _finite(value) for name, value in self.constrained_modulus.items()
        }
        tree.attrs = {
            "kind": KIND,
            "format": FORMAT,
            "version": __version__,
            "lithomech": json.dumps(header, allow_nan=False),
        }
        return tree

    def save(self, path: Path | str) -> None:
        """Write netCDF; the file appears only when it is complete."""
        write_tree(self.to_xarray(), Path(path))

    def plot(self) -> "Figure":
        """A section of the first piece, and what it conducts against stack pressure."""
        from lithomech.plot.structure import overview  # noqa: PLC0415 - the upward reference

        return overview(self)


_JSON_UNITS: Final = {
    "conductivity_ionic": (0.01, "_S_per_cm"),
    "conductivity_electronic": (0.01, "_S_per_cm"),
    "active_pressure": (1e-6, "_MPa"),
    "point_load_tension": (1e-6, "_MPa"),
    "height": (1e6, "_um"),
}


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _listed(values: Floats) -> dict[str, Any]:
    spread = float(np.std(values, ddof=1)) if values.size > 1 else None
    return {
        "mean": float(np.mean(values)),
        "standard_deviation": spread,
        "values": [float(v) for v in values],
    }


def load_effective(path: Path | str) -> EffectiveProperties:
    """Read what ``EffectiveProperties.save`` wrote.

    Raises:
        InputError: no such file, no structure of this package, or a newer format.

    Examples:
        >>> import lithomech as lm
        >>> lm.load_effective("nowhere.nc")
        Traceback (most recent call last):
        lithomech.errors.InputError: nowhere.nc: ...
    """
    path = path_of(path)
    tree = read_tree(path, KIND, FORMAT)
    with damaged(path):
        return _rebuild(tree)


def _rebuild(tree: Group) -> EffectiveProperties:
    header = json.loads(tree.attributes["lithomech"])
    modulus = header.pop("constrained_modulus")
    warnings = tuple(header.pop("warnings"))
    table, image = dict(tree.groups["quantities"].arrays), tree.groups["image"].arrays
    pressed = dict(tree.groups["pressed"].arrays)
    pressed.pop(SEED, None)  # their axis
    pressures, seeds = table.pop("stack_pressure_Pa"), table.pop(SEED)
    if any(values.shape != (seeds.size, pressures.size) for values in table.values()):
        raise InputError("has quantities of another shape than seeds and stack pressures")
    return EffectiveProperties(
        **header,
        warnings=warnings,
        constrained_modulus={k: np.nan if v is None else v for k, v in modulus.items()},
        stack_pressures=pressures,
        seeds=tuple(int(s) for s in seeds),
        quantities=table,
        pressed=pressed,
        labels=image["labels"],
        grains=image["grains"],
        spacing=image["spacing_m"],
        forces=image["forces"],
    )
