"""What a cell takes from outside its own file, as its result keeps it.

Files are named by their content: ``sha256:...`` in the place of a path stands for what is
enclosed, wherever the file lies and whatever has become of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.kept import digest
from lithomech.materials.stock import Stock
from lithomech.microstructure.pressed import Pressed

Floats = NDArray[np.float64]
MARK: Final = "sha256:"


@final
@dataclass(frozen=True, eq=False)
class Aged:
    """Where a run ended, for another one to go on from.

    Attributes:
        state: arrays by ``mechanism.state``; none where the result is too old to keep them.
        layers: thickness, classes and mechanisms of each layer, as a result describes them.
    """

    state: Mapping[str, Floats]
    layers: Mapping[str, Any]

    @cached_property
    def mark(self) -> str:
        """What stands in the place of its path."""
        return marked({name: values.tolist() for name, values in self.state.items()})


@final
@dataclass(frozen=True, eq=False)
class Enclosed:
    """Everything that a run read besides its cell file.

    Attributes:
        stock: files and tables of the materials.
        structures: pressed composites by their mark.
        aged: states to go on from by their mark.
    """

    stock: Stock = field(default_factory=Stock)
    structures: Mapping[str, Pressed] = field(default_factory=dict)
    aged: Mapping[str, Aged] = field(default_factory=dict)


def marked(data: object) -> str:
    """What stands in the place of the path of a file with this content."""
    return MARK + digest(data)


def not_enclosed(mark: str) -> InputError:
    """The error of a mark whose content is not there."""
    return InputError(
        f"{mark[:20]}... stands for a file whose content only the result keeps: "
        "run the result itself, or name the file"
    )
