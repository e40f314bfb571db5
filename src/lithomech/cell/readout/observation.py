"""Stored states of a cell with everything the declared outputs are computed from."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.equations import Model
from lithomech.cell.layers import SIDES, SIGN
from lithomech.cell.readout.observed import (
    CONTACTS,
    CRACKS,
    FILM,
    FILMS,
    MOVED,
    PORES,
    SWELLING,
    VOIDS,
    Readout,
    read_out,
)

Floats = NDArray[np.float64]


class ObservedClass(NamedTuple):
    """Thickness changes [m] by one class of particles since assembly, shape (rows,)."""

    label: str
    inert: bool
    swelling: Floats
    cracks: Floats
    contacts: Floats
    films: Floats


class ObservedFoil(NamedTuple):
    """Thickness changes [m] of one planar electrode since assembly, shape (rows,)."""

    moved: Floats
    pores: Floats
    voids: Floats
    film: Floats


@final
@dataclass(frozen=True)
class Observation:
    """Rows of states and what they imply."""

    model: Model
    state: Floats
    readout: Readout

    @cached_property
    def squeezed(self) -> Floats:
        """Stack pressure above that of assembly [Pa]."""
        return self.readout.pressure - self.model.arrays.made_pressure

    @cached_property
    def takes_lithium(self) -> NDArray[np.bool_]:
        """Which members are hosts of lithium."""
        arrays = self.model.arrays
        return arrays.classes["leak"][arrays.member_class] == 0.0

    @cached_property
    def of_electrolyte(self) -> NDArray[np.bool_]:
        """Which reactions (member, way) decompose electrolyte; the others take from hosts."""
        arrays = self.model.arrays
        return arrays.reactions["ionic"][arrays.member_class] > 0.0

    @cached_property
    def decomposes(self) -> bool:
        """Whether electrolyte can decompose anywhere in this cell."""
        reactions = self.model.arrays.reactions
        active = (reactions["sign"] != 0.0) & (reactions["ionic"] != 0.0)
        return bool(np.any(active) or np.any(self.model.arrays.planar["film_sign"]))

    @cached_property
    def loses_lithium(self) -> bool:
        """Whether a host of this cell has a first-cycle loss."""
        reactions = self.model.arrays.reactions
        return bool(np.any((reactions["sign"] != 0.0) & (reactions["ionic"] == 0.0)))

    @cached_property
    def _grown(self) -> Floats:
        """Thickness changes by class and cause since assembly, shape (rows, classes, 4)."""
        model = self.model
        # contacts without residual pressure are a little open (smoothed) at assembly
        made = read_out(model.arrays, model.sizes, model.start[None, :]).grown
        return self.readout.grown - made

    def particles(self, side: str) -> tuple[ObservedClass, ...]:
        """Return the classes of a composite electrode; none for a planar one."""
        if side not in self.model.composites:
            return ()
        first = classes_of(self.model, side).start
        return tuple(
            ObservedClass(
                grain.label,
                grain.inert,
                self.readout.grown[:, first + k, SWELLING],
                *(self._grown[:, first + k, column] for column in (CRACKS, CONTACTS, FILMS)),
            )
            for k, grain in enumerate(self.model.composites[side].particles)
        )

    def foil(self, side: str) -> ObservedFoil | None:
        """Return a planar electrode; None for a composite one."""
        if side in self.model.composites:
            return None
        own = self.readout.planar[:, SIDES.index(side)]
        return ObservedFoil(*(own[:, column] for column in (MOVED, PORES, VOIDS, FILM)))

    def thickness_change(self, side: str) -> Floats:
        """Thickness change of one electrode [m], elastic part included."""
        grown = self.readout.grown[:, classes_of(self.model, side)].sum(axis=(1, 2))
        grown = grown + self.readout.planar[:, SIDES.index(side), : FILM + 1].sum(axis=1)
        return grown - self.squeezed * self.model.compliance[side]

    def mean_over_hosts(self, side: str, values: Floats) -> Floats | None:
        """Mean of member values over the hosts of one side; None for a planar electrode."""
        hosts = hosts_of(self.model, side)
        return values[:, hosts].mean(axis=1) if hosts.size else None

    def reacted(self, side: str, *, of_host: bool = False) -> Floats:
        """Charge that decomposition took at one electrode, per cell area [C/m2].

        Args:
            side: anode or cathode.
            of_host: the first-cycle loss of the hosts instead.
        """
        model, s = self.model, SIDES.index(side)
        members = members_of(model, side)
        if members is None:
            foil = model.arrays.planar[s]
            if of_host or foil["film_sign"] == 0.0:
                return np.zeros(len(self.readout.pressure))
            return self.readout.planar[:, s, FILM] / foil["film_swelling"]
        kind, width = model.arrays.member_class[members], model.thickness[side]
        c = model.arrays.classes[kind]
        area = width / model.cell.solver.nodes * c["area"] * c["coverage"]
        chosen = (model.arrays.reactions["ionic"][kind] == 0.0) == of_host
        return np.einsum("tmr,mr->t", self.readout.film[:, members], chosen * area[:, None])


def hosts_of(model: Model, side: str) -> NDArray[np.int64]:
    """The members of one side that take up lithium; all of them where none does."""
    members = members_of(model, side)
    if members is None:
        return np.zeros(0, dtype=np.int64)
    own = np.arange(members.start, members.stop)
    takes = model.arrays.classes["leak"][model.arrays.member_class[own]] == 0.0
    return own[takes] if takes.any() else own


def members_of(model: Model, side: str) -> slice | None:
    """The members of one side, if it is composite."""
    for e, layer in enumerate(model.arrays.electrodes):
        if layer["sign"] == SIGN[side]:
            first = model.arrays.first_member
            chosen = model.arrays.electrodes[e]
            return slice(int(first[chosen["first"]]), int(first[chosen["end"]]))
    return None


def classes_of(model: Model, side: str) -> slice:
    """The classes of one side."""
    members = members_of(model, side)
    if members is None:
        return slice(0, 0)
    own = model.arrays.member_class[members]
    return slice(int(own.min()), int(own.max()) + 1)
