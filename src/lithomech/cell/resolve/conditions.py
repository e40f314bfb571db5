"""The same cell at another temperature, or with its pistons pressed instead of clamped."""

import dataclasses
from dataclasses import dataclass, field
from typing import NamedTuple, final

from lithomech.cell.protocol import steps
from lithomech.cell.resolve.build import Resolved, resolve


class Condition(NamedTuple):
    """What a protocol changes of a cell between two steps."""

    temperature: float  # K
    pressed: bool = False  # the stack pressure is held, whatever the fixture


@final
@dataclass
class Conditions:
    """A cell under the conditions of its protocol, each resolved once."""

    assembled: Resolved
    known: dict[Condition, Resolved] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """What resolving at other temperatures has to say besides."""
        texts = (text for model in self.known.values() for text in model.warnings)
        return [t for t in dict.fromkeys(texts) if t not in self.assembled.warnings]

    def resolve_all(self, protocol: tuple[steps.Step, ...]) -> None:
        """Resolve every temperature of a protocol, so that no mistake waits for its step.

        Raises:
            InputError: no such cell is possible.
        """
        for step in protocol:
            if isinstance(step, steps.Repeat):
                self.resolve_all(step.steps)
            elif isinstance(step, steps.SetTemperature):
                self.at(Condition(step.temperature))

    def at(self, condition: Condition) -> Resolved:
        """Return the cell under a condition; its state vector has the same layout.

        Raises:
            InputError: no such cell is possible.
        """
        if condition not in self.known:
            self.known[condition] = self._resolved(condition)
        return self.known[condition]

    def _resolved(self, condition: Condition) -> Resolved:
        if condition.pressed:
            model = self.at(condition._replace(pressed=False))
            held = model.arrays._replace(stiffness=0.0, creep=0.0)
            return dataclasses.replace(model, arrays=held)
        cell = self.assembled.cell
        if condition.temperature == cell.temperature:
            return self.assembled
        return resolve(cell.replace(temperature=condition.temperature))
