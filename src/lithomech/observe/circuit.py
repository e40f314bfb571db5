"""Equivalent circuits: read from text by a grammar of two rules, and evaluated with slopes.

circuit = part {"-" part}            one after the other
part    = element | "p(" circuit {"," circuit} ")"      side by side
element = letter of an element and a number, such as R0, Q1, Wo1
"""

import re
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.observe.circuit_elements import ELEMENTS, Element, Evaluated, Parameter

Complex = NDArray[Any]  # complex, shape (..., n)
Floats = NDArray[np.float64]

LONGEST: Final = 200  # characters
MOST_ELEMENTS: Final = 20
_NAME: Final = re.compile(r"(Wo|Ws|Tr|[RCLQWT])(\d*)")


@final
@dataclass(frozen=True)
class Leaf:
    """An element in its place: its first parameter is number `first` of the circuit."""

    element: Element
    label: str
    first: int

    def evaluate(self, omega: Floats, p: Floats) -> tuple[Complex, dict[int, Complex]]:
        """Impedance and its slopes by number of the parameter."""
        count = len(self.element.parameters)
        values = [p[..., self.first + k, None] for k in range(count)]
        z, slopes = self.element.impedance(omega, values)
        return z, {self.first + k: slope for k, slope in enumerate(slopes)}


@final
@dataclass(frozen=True)
class Series:
    """Parts one after the other."""

    parts: "tuple[Leaf | Series | Parallel, ...]"

    def evaluate(self, omega: Floats, p: Floats) -> tuple[Complex, dict[int, Complex]]:
        """Impedances add up."""
        evaluated = [part.evaluate(omega, p) for part in self.parts]
        slopes = {k: s for _, inner in evaluated for k, s in inner.items()}
        return sum((z for z, _ in evaluated[1:]), evaluated[0][0]), slopes


@final
@dataclass(frozen=True)
class Parallel:
    """Parts side by side."""

    parts: "tuple[Leaf | Series | Parallel, ...]"

    def evaluate(self, omega: Floats, p: Floats) -> tuple[Complex, dict[int, Complex]]:
        """Admittances add up."""
        evaluated = [part.evaluate(omega, p) for part in self.parts]
        admittances = [1.0 / z for z, _ in evaluated]
        z = 1.0 / sum(admittances[1:], admittances[0])
        slopes = {
            k: (z * y) ** 2 * slope
            for (_, inner), y in zip(evaluated, admittances, strict=True)
            for k, slope in inner.items()
        }
        return z, slopes


Part = Leaf | Series | Parallel


@final
@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit.

    Attributes:
        text: as it was written.
        tree: its parts.
        names: of the parameters, such as ``R0`` or ``Q1.n``.
        parameters: what they are.
    """

    text: str
    tree: Part
    names: tuple[str, ...]
    parameters: tuple[Parameter, ...]

    def impedance(self, frequency: Floats, values: Floats) -> Complex:
        """Impedance [ohm].

        Args:
            frequency: [Hz], shape (n,).
            values: parameters in their units, shape (..., parameters).
        """
        return self.tree.evaluate(2.0 * np.pi * frequency, values)[0]

    def with_slopes(self, omega: Floats, values: Floats) -> Evaluated:
        """Impedance, and its slopes along the logarithms of all parameters in order."""
        z, slopes = self.tree.evaluate(omega, values)
        return z, [slopes[k] for k in range(len(self.names))]


def parse_circuit(text: str) -> Circuit:
    """Read a circuit such as ``R0-p(R1,Q1)-p(R2,Q2)-W1``.

    Raises:
        InputError: with the place of what is wrong.
    """
    text = "".join(text.split())
    if len(text) > LONGEST:
        raise InputError(f"the circuit is longer than {LONGEST} characters")
    reader = _Reader(text)
    tree = reader.series()
    if reader.rest():
        raise reader.wrong("unexpected")
    if not reader.leaves:
        raise InputError("the circuit is empty; such as R0-p(R1,Q1)-W1")
    names, parameters = [], []
    for leaf in reader.leaves:
        for parameter in leaf.element.parameters:
            single = len(leaf.element.parameters) == 1 or parameter.name == leaf.element.symbol
            names.append(leaf.label if single else f"{leaf.label}.{parameter.name}")
            parameters.append(parameter)
    return Circuit(reader.text, tree, tuple(names), tuple(parameters))


@final
class _Reader:
    """Reads a circuit from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.leaves: list[Leaf] = []
        self.count = 0

    def rest(self) -> str:
        return self.text[self.place :]

    def wrong(self, what: str) -> InputError:
        here = self.rest()[:8] or "the end"
        return InputError(
            f"circuit {self.text[:60]!r}: {what} {here!r} at character {self.place + 1}; "
            f"allowed: {', '.join(ELEMENTS)} with a number, '-' between parts, p(...,...) side "
            "by side"
        )

    def series(self) -> Part:
        parts = [self.part()]
        while self.rest().startswith("-"):
            self.place += 1
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else Series(tuple(parts))

    def part(self) -> Part:
        if not self.rest().startswith("p("):
            return self.leaf()
        self.place += 2
        parts = [self.series()]
        while self.rest().startswith(","):
            self.place += 1
            parts.append(self.series())
        if not self.rest().startswith(")"):
            raise self.wrong("expected ')' before")
        if len(parts) < 2:
            raise self.wrong("only one part is side by side before")
        self.place += 1
        return Parallel(tuple(parts))

    def leaf(self) -> Leaf:
        match = _NAME.match(self.text, self.place)
        if match is None:
            raise self.wrong("unexpected")
        label = match[0]
        if any(leaf.label == label for leaf in self.leaves):
            raise InputError(f"circuit {self.text[:60]!r}: {label} is there twice; number them")
        if len(self.leaves) == MOST_ELEMENTS:
            raise InputError(f"the circuit has more than {MOST_ELEMENTS} elements")
        leaf = Leaf(ELEMENTS[match[1]], label, self.count)
        self.count += len(leaf.element.parameters)
        self.leaves.append(leaf)
        self.place = match.end()
        return leaf
