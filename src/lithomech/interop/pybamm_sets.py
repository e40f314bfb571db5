"""Hosts out of PyBaMM's parameter sets, as material files.

Taken over are the potential, the diffusivity with the radius that it was found with, and the
change of volume. Exchange currents stay behind: those of the sets are against liquids. So do
elastic constants and cracks. What contradicts the lattice of the host is refused by name.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError, SeveralMistakesError
from lithomech.files.atomic import replacing
from lithomech.files.yamlfile import dump_yaml
from lithomech.materials.catalogue import RULES
from lithomech.materials.load import load_material
from lithomech.materials.material import Material

if TYPE_CHECKING:
    import pybamm

Floats = NDArray[np.float64]
POINTS: Final = 501
ENDS: Final = 0.001, 0.999  # fits of potentials diverge at 0 and 1
WRONG_STRAIN: Final = 10.0**0.5  # nearer to ten times the library's than to the library's
WRONG_AXIS: Final = 1.2  # assumed: sets and lattices differ by 1.1 where both are sound
OCP: Final = " electrode OCP [V]"
POTENTIAL, DIFFUSIVITY, VOLUME_CHANGE = "potential", "diffusivity", "volume change"


class Item(NamedTuple):
    """What may be taken over: PyBaMM's name after that of the electrode, and ours."""

    theirs: str
    ours: str
    unit: str


ITEMS: Final = {
    POTENTIAL: Item(OCP, "open_circuit_potential", "V"),
    DIFFUSIVITY: Item(" particle diffusivity [m2.s-1]", "diffusivity", "m^2/s"),
    VOLUME_CHANGE: Item(" electrode volume change", "volume_strain", "dimensionless"),
}


@dataclass(frozen=True)
class _Set:
    """One electrode of a parameter set, and the library's host that it is to be."""

    label: str
    values: "pybamm.ParameterValues"
    electrode: str
    host: Material

    def named(self, ending: str) -> str:
        """Name of a parameter of the electrode."""
        return f"{self.electrode}{ending}"

    @property
    def concentration(self) -> float:
        """Of lithium at a stoichiometry of 1 [mol/m3]."""
        phase, _, side = self.electrode.rpartition(": ")
        of = f"Maximum concentration in {side.lower()} electrode [mol.m-3]"
        return float(self.values[f"{phase}: {of}" if phase else of])

    def curve(self, item: Item, x: Floats) -> Floats:
        """A parameter at some stoichiometries and the set's temperature."""
        import pybamm  # noqa: PLC0415  optional, and slow

        value: Any = self.values[self.named(item.theirs)]
        if not isinstance(value, int | float):
            T = pybamm.Scalar(float(self.values["Reference temperature [K]"]))
            more = (T,) if item is ITEMS[DIFFUSIVITY] else ()
            value = self.values.process_symbol(value(pybamm.Vector(x), *more)).evaluate()
        return np.broadcast_to(np.ravel(value).astype(float), x.shape)

    def origin(self, item: Item) -> str:
        """Set and function that a parameter comes from."""
        value = self.values[self.named(item.theirs)]
        function = f" ({value.__name__})" if hasattr(value, "__name__") else ""
        return f"{self.label}: {self.named(item.theirs)}{function}"


def write_material(
    parameter_set: "str | pybamm.ParameterValues",
    electrode: str,
    host: str,
    path: Path | str,
    leave_out: Collection[str] = (),
) -> None:
    """Write the particles of one electrode of a parameter set as a material file.

    Everything else is that of a host of the library. Tables go to `tables` beside the file.

    Args:
        parameter_set: PyBaMM's name of it, or the parameters themselves.
        electrode: "Positive" or "Negative", with "Primary: " or "Secondary: " before it where
            the set has two phases.
        host: material of the library that it is.
        path: such as materials/NAME.yaml; the material is called NAME.
        leave_out: of "potential", "diffusivity" and "volume change": what is kept as the
            library has it.

    Raises:
        InputError: no such set, electrode or host; or what is to be taken over contradicts the
            lattice of the host, one line for each.
    """
    unknown = sorted(set(leave_out) - set(ITEMS))
    if unknown:
        message = f"{', '.join(unknown)}: not known; allowed: {', '.join(ITEMS)}"
        raise InputError(message, key="leave_out")
    source = _opened(parameter_set, electrode, host)
    items = {
        name: item
        for name, item in ITEMS.items()
        if name not in leave_out and source.named(item.theirs) in source.values
    }
    mistakes = [InputError(text) for text in _contradictions(source, items)]
    if mistakes:
        raise SeveralMistakesError(mistakes)
    path, x = Path(path), _stoichiometries()
    for item in items.values():
        _write_table(_table(path, item), x, source.curve(item, x), source.origin(item))
    with replacing(path) as temporary:
        text = dump_yaml(_material(source, items, path))
        temporary.write_text(text, encoding="utf-8")


def _opened(parameter_set: "str | pybamm.ParameterValues", electrode: str, host: str) -> _Set:
    import pybamm  # noqa: PLC0415

    label = parameter_set if isinstance(parameter_set, str) else "parameter set"
    if isinstance(parameter_set, str):
        known = pybamm.parameter_sets
        if parameter_set not in known:
            allowed = ", ".join(sorted(known))
            raise InputError(f"PyBaMM has no parameter set {label!r}; it has {allowed}")
        parameter_set = pybamm.ParameterValues(parameter_set)
    electrodes = sorted(k.removesuffix(OCP) for k in parameter_set.keys() if k.endswith(OCP))  # noqa: SIM118
    if electrode not in electrodes:
        allowed = ", ".join(electrodes) or "none with a potential"
        raise InputError(f"{label} has no electrode {electrode!r}; it has {allowed}")
    material = load_material(host)
    if not material.has("volume_strain") or not material.has("molar_volume"):
        raise InputError(f"{host} is no host for lithium with a lattice; name one of them")
    return _Set(label, parameter_set, electrode, material)


def _contradictions(source: _Set, items: Mapping[str, Item]) -> Iterator[str]:
    """What would be wrong by a factor or beyond all bounds, one line for each mistake."""
    name, lattice = source.host.name, 1.0 / source.host.value("molar_volume")
    off = source.concentration / lattice
    if POTENTIAL in items and not 1.0 / WRONG_AXIS < off < WRONG_AXIS:
        yield (
            f"{source.origin(items[POTENTIAL])} counts lithium up to "
            f"{source.concentration:.0f} mol/m3, {off:.2f} times the {lattice:.0f} of the "
            f"lattice of {name}: its stoichiometry is not lithium per formula unit; leave "
            f"out {POTENTIAL!r}"
        )
    for which, item in items.items():
        rule, y = RULES[item.ours], source.curve(item, _stoichiometries())
        if not (y.min() >= rule.low and y.max() <= rule.high):  # nor nan
            yield (
                f"{source.origin(item)} runs from {y.min():.3g} to {y.max():.3g} {item.unit}, "
                f"outside {rule.low:g} to {rule.high:g}; leave out {which!r}"
            )
    if VOLUME_CHANGE in items:
        known = source.host.properties["volume_strain"].curve
        first, last = ENDS if known is None else (known.x[0], known.x[-1])
        x = np.linspace(first, last, POINTS)
        theirs = float(np.ptp(source.curve(items[VOLUME_CHANGE], x)))
        ours = float(np.ptp(source.host.curve("volume_strain")(x)))
        if not ours / WRONG_STRAIN < theirs < ours * WRONG_STRAIN:
            yield (
                f"{source.origin(items[VOLUME_CHANGE])} changes the volume by "
                f"{100.0 * theirs:.3g} % from x = {first:.2f} to {last:.2f}, {name} in the "
                f"library by {100.0 * ours:.2g} %; leave out {VOLUME_CHANGE!r}"
            )


def _stoichiometries() -> Floats:
    return np.linspace(*ENDS, POINTS)


def _table(path: Path, item: Item) -> Path:
    return path.parent / "tables" / f"{path.stem}_{item.ours}.csv"


def _write_table(path: Path, x: Floats, y: Floats, origin: str) -> None:
    rows = (f"{a:.4f},{b:.9g}" for a, b in zip(x, y, strict=True))
    with replacing(path) as temporary:
        text = "\n".join([f"# {origin}", "x,value", *rows, ""])
        temporary.write_text(text, encoding="utf-8")


def _material(source: _Set, items: Mapping[str, Item], path: Path) -> dict[str, Any]:
    """The content of the material file."""
    properties = {
        item.ours: {
            "form": "table",
            "file": _table(path, item).name,
            "unit": item.unit,
            "source": _source(source.origin(item)),
        }
        for item in items.values()
    }
    if DIFFUSIVITY in items:  # what was measured is D over the square of a length
        of = source.named(" particle radius [m]")
        properties["diffusion_length"] = {
            "form": "constant",
            "value": float(source.values[of]),
            "unit": "m",
            "source": _source(f"{source.label}: {of}"),
        }
    return {
        "name": path.stem,
        "role": "active",
        "formula": source.host.formula,
        "based_on": source.host.name,
        "note": f"Particles of PyBaMM's {source.label}; everything else of the library.",
        "properties": properties,
    }


def _source(where: str) -> dict[str, Any]:
    return {"ref": "user", "where": where, "method": "fitted", "checked": False}
