"""A composite electrode as a segmented image of it: what it conducts, covers and has in use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.image import read_image
from lithomech.microstructure.equations import BYTES, checked_image, connected, set_up
from lithomech.microstructure.labels import listed
from lithomech.microstructure.pressed import Pressed
from lithomech.microstructure.result import Conduction
from lithomech.microstructure.solve import conduct
from lithomech.microstructure.spec import AXES, Conductors


class Phase(NamedTuple):
    """A material in an image."""

    name: str
    label: int
    conductivity: float  # of the dense material, of what it carries [S/m]; 0: nothing


class Phases(NamedTuple):
    """What an image is made of; voxels of other labels are empty."""

    active: tuple[Phase, ...]
    electrolyte: Phase
    additives: tuple[Phase, ...] = ()

    @property
    def all(self) -> tuple[Phase, ...]:
        """Active materials, electrolyte, additives."""
        return (*self.active, self.electrolyte, *self.additives)


@final
@dataclass(frozen=True)
class View:
    """How an image is looked at.

    Attributes:
        axis: z, y or x, from the separator to the collector; default: the first of the image.
        voxel_size: edge [m], or edges along z, y and x; only their ratios matter.
    """

    axis: str | None = None
    voxel_size: float | tuple[float, ...] | None = None

    def __str__(self) -> str:
        """In words, for what is kept of an image."""
        size = self.voxel_size or 1.0
        edges = size if isinstance(size, tuple) else (size,)
        ratios = ":".join(f"{edge / edges[0]:.6g}" for edge in edges)
        return f"axis {self.axis or 'first'}, edges {ratios if len(set(edges)) > 1 else '1'}"


def words_of(labels: Mapping[str, int], view: View) -> str:
    """What was read of an image, for ``Pressed.origin``.

    Args:
        labels: by material.
        view: of the image.
    """
    named = ", ".join(f"{name} {label}" for name, label in sorted(labels.items()))
    return f"image: {named}; {view}"


def imaged(path: Path, phases: Phases, view: View) -> Pressed:
    """Solve the conduction of ions and of electrons through a segmented image.

    Args:
        path: of the image, see ``files.image``.
        phases: their labels and conductivities.
        view: axis of the current, edges of the voxels.

    Returns:
        One piece at one stack pressure, as it was when the image was taken.

    Raises:
        InputError: no such image, a label that it does not have, or no result.
    """
    image = read_image(path, BYTES["unlike"])
    labels = checked_image(image)
    axes = AXES[3 - np.ndim(image) :]
    axis = view.axis or axes[0]
    if axis not in axes:
        raise InputError(f"the image has no {axis}; allowed: {', '.join(axes)}", key="axis")
    counts = dict(_counted(labels, phases))
    wires = {p.label: p.conductivity for p in (*phases.active, *phases.additives)}
    carried = {phases.electrolyte.label: phases.electrolyte.conductivity}
    ions = _solved(image, Conductors(carried, voxel_size=view.voxel_size, axis=axis))
    electrons = _solved(image, Conductors(wires, voxel_size=view.voxel_size, axis=axis))
    active = np.isin(labels, [phase.label for phase in phases.active])
    solid = sum(counts.values())
    one = {
        "porosity": 1.0 - solid / labels.size,
        "conductivity_ionic": ions.conductivity,
        "conductivity_electronic": electrons.conductivity,
        "tortuosity_factor_ionic": ions.tortuosity_factor,
        "tortuosity_factor_electronic": electrons.tortuosity_factor,
        "covered_fraction": _covered(
            active, labels == phases.electrolyte.label, ions.edges or (1.0, 1.0, 1.0)
        ),
        "utilisation": _wired(labels, active, wires, axis),
    }
    return Pressed(
        stack_pressures=np.ones(1),
        quantities={name: np.full((1, 1), value) for name, value in one.items()},
        solid_shares={name: count / solid for name, count in counts.items()},
        origin=words_of({p.name: p.label for p in phases.all}, view),
    )


def _counted(labels: NDArray[Any], phases: Phases) -> Iterator[tuple[str, int]]:
    """Voxels of each phase.

    Raises:
        InputError: a phase has none.
    """
    for phase in phases.all:
        count = int(np.count_nonzero(labels == phase.label))
        if count == 0:
            raise InputError(
                f"label {phase.label} is not in the image; the image has {listed(labels)}",
                key=f"phases.{phase.name}",
            )
        yield phase.name, count


def _solved(image: NDArray[Any], spec: Conductors) -> Conduction:
    found = conduct(image, spec)
    if np.isnan(found.tortuosity_factor):
        raise InputError(f"its conduction did not converge: {found.reason}")
    return found


def _covered(
    active: NDArray[np.bool_],
    covering: NDArray[np.bool_],
    edges: tuple[float, float, float],
) -> float:
    """Share of the active surface to all else that electrolyte covers."""
    covered = surface = 0.0
    for axis, edge in enumerate(edges):
        face = float(np.prod(edges)) / edge
        for one, other in _sides(axis):
            covered += face * np.count_nonzero(active[one] & covering[other])
            surface += face * np.count_nonzero(active[one] & ~active[other])
    return covered / surface if surface > 0.0 else 0.0


def _sides(axis: int) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...]]]:
    """The voxels on both sides of every face across an axis, both ways round."""
    lower = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
    upper = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
    yield lower, upper
    yield upper, lower


def _wired(
    labels: NDArray[Any], active: NDArray[np.bool_], wires: dict[int, float], axis: str
) -> float:
    """Share of active material that belongs to what conducts electrons from end to end."""
    where = AXES.index(axis)
    problem, _ = set_up(labels, wires, Conductors(wires, axis=axis), where, None)
    turned = np.moveaxis(active, where, 0)
    kept = connected(problem) > 0
    return float(np.count_nonzero(turned & kept) / np.count_nonzero(turned))
