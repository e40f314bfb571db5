"""Composites that are described by a segmented image of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell import spec
from lithomech.cell.enclosed import MARK, marked, not_enclosed
from lithomech.cell.mechanisms.site import Composite
from lithomech.errors import InputError, Mistakes
from lithomech.laws.transport import effective_conductivity
from lithomech.materials.material import Material
from lithomech.microstructure.imaged import Phase, Phases, View, imaged, words_of
from lithomech.microstructure.pressed import Pressed

Floats = NDArray[np.float64]
LEAST: Final = 1e-12  # S/m, of what has no path
IONS: Final = "ionic_conductivity"
ELECTRONS: Final = "electronic_conductivity"
ALIKE: Final = 0.05  # difference of volume fractions above which a reader is warned


def imaged_of(
    cell: spec.Cell, side: str, materials: Mapping[str, Material]
) -> dict[str, Pressed]:
    """What the image that an electrode names gives, by its mark; none where it names none.

    Args:
        cell: what it has enclosed wins over the image.
        side: of the electrode.
        materials: by the names used in the cell.

    Raises:
        InputError: no such image, phases that do not fit, or an image that was not kept.
    """
    electrode = getattr(cell, side)
    transport = getattr(electrode, "transport", None)
    if not isinstance(transport, spec.ImageTransport):
        return {}
    view = View(transport.axis, transport.voxel_size)
    key = f"{side}.transport"
    if transport.file.startswith(MARK):
        return {transport.file: _kept(cell, transport, view, key)}
    Mistakes(_unfit(electrode, transport, key)).report()
    phases = _phases(electrode, transport, materials, cell.temperature)
    path = cell.folder / transport.file
    if not path.is_file():
        raise InputError(f"{path}: no such file", key=f"{key}.file")
    try:
        return _solved(path, path.stat().st_mtime_ns, phases, view)
    except InputError as error:
        inner = f"{key}.{error.key or 'file'}"
        raise InputError(f"{path}: {error.message}", key=inner) from None


def _kept(cell: spec.Cell, transport: spec.ImageTransport, view: View, key: str) -> Pressed:
    """What a result keeps of an image, for the same phases along the same axis."""
    pressed = cell.enclosed.structures.get(transport.file)
    if pressed is None:
        raise not_enclosed(transport.file).located(key=f"{key}.file")
    asked = words_of(transport.phases, view)
    if asked != pressed.origin:
        raise InputError(
            f"the result keeps what was solved on ({pressed.origin}), not the image; name the "
            f"image again for ({asked})",
            key=f"{key}.file",
        )
    return pressed


def _phases(
    electrode: spec.CompositeElectrode,
    transport: spec.ImageTransport,
    materials: Mapping[str, Material],
    T: float,
) -> Phases:
    """The phases of an image that was found to fit."""

    def of(names: Iterable[str], carried: str) -> tuple[Phase, ...]:
        return tuple(
            Phase(name, transport.phases[name], _dense(materials[name], carried, T))
            for name in dict.fromkeys(names)
            if name in transport.phases
        )

    (electrolyte,) = of([electrode.electrolyte.material], IONS)
    active = of((a.material for a in electrode.active), ELECTRONS)
    return Phases(active, electrolyte, of((a.material for a in electrode.additives), ELECTRONS))


def _unfit(
    electrode: spec.CompositeElectrode, transport: spec.ImageTransport, key: str
) -> Iterator[InputError]:
    """Phases that the electrode does not have, or that the image has to have."""
    needed = dict.fromkeys(
        [*(a.material for a in electrode.active), electrode.electrolyte.material]
    )
    known = [*needed, *(a.material for a in electrode.additives)]
    for name in transport.phases:
        if name not in known:
            message = f"is not in this electrode; its materials: {', '.join(known)}"
            yield InputError(message, key=f"{key}.phases.{name}")
    for name in needed:
        if name not in transport.phases:
            message = f"is missing: the label of {name}; the electrode has it"
            yield InputError(message, key=f"{key}.phases.{name}")
    labels = list(transport.phases.values())
    for label in sorted({n for n in labels if labels.count(n) > 1}):
        names = " and ".join(n for n, own in transport.phases.items() if own == label)
        yield InputError(f"{names} have the same label {label}", key=f"{key}.phases")


def _dense(material: Material, carried: str, T: float) -> float:
    """Conductivity of a dense material, 0 where it has none [S/m]."""
    return float(material.value(carried, T)) if material.has(carried) else 0.0


@lru_cache(maxsize=8)
def _solved(path: Path, _changed: int, phases: Phases, view: View) -> dict[str, Pressed]:
    pressed = imaged(path, phases, view)
    return {marked(pressed.to_plain()): pressed}


def read_image_of(cell: spec.Cell, electrode: spec.Electrode) -> Pressed | None:
    """What the image of an electrode gave, None where it names none."""
    transport = getattr(electrode, "transport", None)
    if not isinstance(transport, spec.ImageTransport):
        return None
    return cell.enclosed.structures[transport.file]


def image_conduction(
    composite: Composite, pressed: Pressed, materials: Mapping[str, Material], T: float
) -> tuple[float, float]:
    """Effective ionic and electronic conductivity of an image [S/m].

    Volume fractions are those of the image; where phases of several conductivities carry
    electrons, their ratio is that at the temperature the image was solved at.
    """
    ions = electrons = 0.0  # volume fraction times conductivity of the dense phases
    for name, share in pressed.solid_shares.items():
        if materials[name] is composite.electrolyte:
            ions += share * _dense(materials[name], IONS, T)
        else:
            electrons += share * _dense(materials[name], ELECTRONS, T)
    solid = 1.0 - float(pressed.mean("porosity")[0])
    ionic = pressed.mean("tortuosity_factor_ionic")[0]
    electronic = pressed.mean("tortuosity_factor_electronic")[0]
    return (
        max(float(effective_conductivity(ions, solid, ionic)), LEAST),
        max(float(effective_conductivity(electrons, solid, electronic)), LEAST),
    )


def without_path_in(cell: spec.Cell, side: str) -> str | None:
    """The carrier that cannot get through the image of an electrode, in words; None if none."""
    pressed = read_image_of(cell, getattr(cell, side))
    for carrier, name in (("ionic", "ions"), ("electronic", "electrons")):
        if pressed is not None and np.isinf(pressed.mean(f"tortuosity_factor_{carrier}")[0]):
            return (
                f"no path for {name} through the {side}: nothing that conducts them spans the "
                f"image ({pressed.origin})"
            )
    return None


def notes_on_the_image(cell: spec.Cell, composite: Composite) -> Iterator[str]:
    """Where an electrode and its image are not the same."""
    side = composite.side
    pressed = read_image_of(cell, getattr(cell, side))
    if pressed is None:
        return
    solid = 1.0 - float(pressed.mean("porosity")[0])
    active = {a.material for a in getattr(cell, side).active}
    shown = sum(v for name, v in pressed.solid_shares.items() if name in active) * solid
    for what, there, own in (
        ("active material", shown, composite.active_fraction),
        ("pores", 1.0 - solid, composite.porosity),
    ):
        if abs(there - own) > ALIKE:
            yield (
                f"{side}.transport: the image has {100 * there:.3g} % by volume of {what}, the "
                f"electrode {100 * own:.3g} %; conductivities are those of the image"
            )
