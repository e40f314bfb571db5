"""Stored states of a cell with everything the declared outputs are computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from lithomech.cell.arrays import Clamp
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.layers import SIGN
from lithomech.cell.solver.observe import SWELLING, Readout, read_out
from lithomech.cell.solver.particles import pressed
from lithomech.cell.state import SIDES

Floats = NDArray[np.float64]


class ObservedClass(NamedTuple):
    """Thickness changes [m] by one class of particles since assembly, shape (rows,)."""

    label: str
    inert: bool
    swelling: Floats
    causes: Mapping[str, Floats]  # by mechanism
    contacts: Floats  # what contacts lose of it


class ObservedFoil(NamedTuple):
    """One planar electrode; thickness changes [m] since assembly, shape (rows,)."""

    plated: Floats
    pores: Floats
    states: Mapping[
        str, Floats
    ]  # what mechanisms remember, by "mechanism.state"; mean of spots
    parameters: Mapping[str, Any]  # of each mechanism; None where it has no part
    lanes: Mapping[str, Floats]  # as ``states``, spot by spot, shape (rows, width)
    current: Floats  # A/m2, positive where lithium leaves


class Hosts(NamedTuple):
    """Members of one composite electrode that take up lithium."""

    members: NDArray[np.int64]
    classes: NDArray[np.int64]
    area: Floats  # of contact as made, per cell area, shape (members,)
    theta: Floats  # contact left, shape (rows, members)
    x: Floats  # stoichiometry at the surface, shape (rows, members)


@final
@dataclass(frozen=True)
class Observation:
    """Rows of states and what they imply."""

    model: Resolved
    state: Floats
    readout: Readout

    @cached_property
    def squeezed(self) -> Floats:
        """Stack pressure above that of assembly [Pa]."""
        return self.readout.pressure - self.model.cell.fixture.pressure

    @cached_property
    def takes_lithium(self) -> NDArray[np.bool_]:
        """Which members are hosts of lithium."""
        inert = self.model.arrays.particles["host"]["inert"]
        return np.repeat(inert == 0, self.model.cell.solver.nodes)

    @cached_property
    def hosts(self) -> Mapping[str, Hosts | None]:
        """The hosts of both electrodes; None for a planar one, or without any."""
        return {side: _hosts(self, side) for side in SIDES}

    def remembered(self, name: str) -> Floats:
        """What a mechanism remembers of particles, by "mechanism.state"; (rows, members)."""
        return self.state[:, self.model.slots[name].place]

    def misfit(self, mechanism: str) -> Floats:
        """Linear misfit by a mechanism, shape (rows, members)."""
        return self.readout.misfit[:, self.model.causes[mechanism]]

    def runs(self, mechanism: str) -> bool:
        """Whether a mechanism is active anywhere in this cell."""
        classes = [site for sites in self.model.classes.values() for site in sites]
        return any(mechanism in site.active for site in (*classes, *self.model.foils.values()))

    def grown(self) -> Floats:
        """Thickness change of all layers at constant pressure since assembly [m]."""
        r = self.readout
        return r.grown.sum(axis=(1, 2)) + (r.plated + r.pores + r.foil).sum(axis=1)

    @cached_property
    def _grown(self) -> Floats:
        """Thickness changes by class and cause since assembly, (rows, classes, causes + 2)."""
        # contacts without residual pressure are a little open (smoothed) at assembly
        return self.readout.grown - observe(self.model, self.model.start[None, :]).grown

    def particles(self, side: str) -> tuple[ObservedClass, ...]:
        """Return the classes of a composite electrode; none for a planar one."""
        if side not in self.model.composites:
            return ()
        first = self.model.class_ranges[side].start
        return tuple(
            ObservedClass(
                grain.label,
                grain.inert,
                self.readout.grown[:, first + k, SWELLING],
                {
                    name: self._grown[:, first + k, 1 + row]
                    for name, row in self.model.causes.items()
                },
                self._grown[:, first + k, -1],
            )
            for k, grain in enumerate(self.model.composites[side].particles)
        )

    def foil(self, side: str) -> ObservedFoil | None:
        """Return a planar electrode; None for a composite one."""
        return self._foils[side]

    @cached_property
    def _foils(self) -> Mapping[str, ObservedFoil | None]:
        return {side: self._foil(side) for side in SIDES}

    def _foil(self, side: str) -> ObservedFoil | None:
        if side in self.model.composites:
            return None
        s, start = SIDES.index(side), f"{side}."
        lanes = {
            name.removeprefix(start): self.state[:, slot.place]
            for name, slot in self.model.slots.items()
            if name.startswith(start)
        }
        states = {name: own.mean(axis=1) for name, own in lanes.items()}
        plated, pores = self.readout.plated[:, s], self.readout.pores[:, s]
        current = -SIGN[side] * self.state[:, self.model.layout.current]
        parameters = self.model.foils[side].parameters
        return ObservedFoil(plated, pores, states, parameters, lanes, current)

    def thickness_change(self, side: str) -> Floats:
        """Thickness change of one electrode [m], elastic part included."""
        r, s = self.readout, SIDES.index(side)
        own = self.model.class_ranges.get(side, slice(0, 0))
        grown = r.grown[:, own].sum(axis=(1, 2)) + r.plated[:, s] + r.pores[:, s] + r.foil[:, s]
        return grown - self.squeezed * self.model.compliance[side]

    def mean_over_hosts(self, side: str, values: Floats) -> Floats | None:
        """Mean of member values over the hosts of one side; None for a planar electrode."""
        hosts = self.model.hosts.get(side)
        return None if hosts is None else values[:, hosts].mean(axis=1)

    def charge(self, side: str, names: tuple[str, ...]) -> Floats:
        """Sum of charges that mechanisms remember at particles, per cell area [C/m2].

        Args:
            side: anode or cathode; 0 for a planar electrode.
            names: of charges per contact area as made, by "mechanism.state".
        """
        members = self.model.members.get(side)
        if members is None:
            return np.zeros(len(self.state))
        area = self.model.contact_areas[side]
        return np.sum([self.remembered(name)[:, members] @ area for name in names], axis=0)


def _hosts(observation: Observation, side: str) -> Hosts | None:
    model, seen = observation.model, observation.readout
    if side not in model.members:
        return None
    own = model.hosts[side]
    members = own[observation.takes_lithium[own]]
    if not len(members):
        return None
    area = model.contact_areas[side][members - model.members[side].start]
    theta, surface = seen.theta[:, members], seen.surface[:, members]
    return Hosts(members, members // model.cell.solver.nodes, area, theta, surface)


def chosen(observation: Observation, rows: Sequence[int]) -> Observation:
    """Some rows of an observation."""
    these = np.asarray(rows, dtype=np.int64)
    readout = Readout._make(column[these] for column in observation.readout)
    return Observation(observation.model, observation.state[these], readout)


def observe(model: Resolved, states: Floats) -> Readout:
    """Evaluate stored states of a cell, shape (rows, total)."""
    return read_out(model.arrays, model.layout, states, len(model.causes))


def joined(model: Resolved, parts: Sequence[Observation]) -> Observation:
    """The rows of several observations of one cell as one."""
    readout = zip(*(part.readout for part in parts), strict=True)
    return Observation(
        model,
        np.concatenate([part.state for part in parts]),
        Readout._make(np.concatenate(columns) for columns in readout),
    )


def stack_pressure_of(model: Resolved, virtual: float) -> float:
    """Stack pressure at a virtual pressure [Pa]."""
    return float(pressed(virtual, model.arrays.lift_width)[0])


def clamped(model: Resolved, y: Floats, applied: float) -> Clamp:
    """The fixture as it is set where the cell is in state y and this pressure is applied."""
    return Clamp(applied, grown(model, y), float(y[model.layout.crept]))


def grown(model: Resolved, y: Floats) -> float:
    """Thickness change of all layers at constant pressure since assembly [m]."""
    return float(Observation(model, y[None, :], observe(model, y[None, :])).grown()[0])


def keeps_traces(model: Resolved, cycle: int) -> bool:
    """Whether the traces of this cycle are stored."""
    traces = model.cell.output.traces
    if isinstance(traces, dict):
        return (cycle - 1) % traces["every"] == 0
    return {"all": True, "none": False}[traces]
