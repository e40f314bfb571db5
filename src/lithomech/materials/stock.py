"""The material files and tables that a run used, as its result keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import MaterialError
from lithomech.materials.layer import Layer, check_layer
from lithomech.materials.material import TransportTable
from lithomech.materials.schema import Source

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)  # identity: it never changes
class Stock:
    """The content of the files when they were read; later changes are not seen.

    Attributes:
        files: the files of each material, the one that counts most first.
        curves: x and value of tables by file name, each of shape (n,).
        transport: measured tortuosity factors by name.
    """

    files: Mapping[str, tuple[Layer, ...]] = field(default_factory=dict)
    curves: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict)
    transport: Mapping[str, TransportTable] = field(default_factory=dict)

    def joined(self, other: "Stock") -> "Stock":
        """Return what both have; of the same name that of this one."""
        return Stock(
            {**other.files, **self.files},
            {**other.curves, **self.curves},
            {**other.transport, **self.transport},
        )

    def to_plain(self) -> dict[str, Any]:
        """The same as plain data; ``from_plain`` reads it back."""
        return {
            "files": {
                name: [
                    {
                        "origin": layer.origin,
                        "content": layer.content.model_dump(mode="json", exclude_defaults=True),
                    }
                    for layer in layers
                ]
                for name, layers in sorted(self.files.items())
            },
            "curves": {
                name: {"x": x.tolist(), "value": value.tolist()}
                for name, (x, value) in sorted(self.curves.items())
            },
            "transport": {
                name: plain_transport(table) for name, table in sorted(self.transport.items())
            },
        }


def from_plain(data: Mapping[str, Any]) -> Stock:
    """Read what ``Stock.to_plain`` returned.

    Raises:
        MaterialError: it is something else.
    """
    try:
        return Stock(
            {
                name: tuple(
                    replace(check_layer(name, row["content"], None), origin=str(row["origin"]))
                    for row in rows
                )
                for name, rows in data["files"].items()
            },
            {name: _curve(name, table) for name, table in data["curves"].items()},
            {name: _transport(table) for name, table in data["transport"].items()},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, MaterialError):
            raise
        raise MaterialError("the materials that it keeps cannot be read") from None


def plain_transport(table: TransportTable) -> dict[str, Any]:
    """A table of tortuosity factors as plain data."""
    columns = {f.name: getattr(table, f.name) for f in fields(table)}
    source = columns.pop("source").model_dump(mode="json", exclude_defaults=True)
    return {name: values.tolist() for name, values in columns.items()} | {"source": source}


def _curve(name: str, table: Mapping[str, Any]) -> tuple[Floats, Floats]:
    x, value = (np.array(table[key], np.float64) for key in ("x", "value"))
    increases = x.ndim == 1 and len(x) > 1 and bool(np.all(np.diff(x) > 0.0))
    if not (increases and x.shape == value.shape and bool(np.all(np.isfinite([x, value])))):
        raise MaterialError("x must increase, with a number at each", file=name)
    return x, value


def _transport(table: Mapping[str, Any]) -> TransportTable:
    names = [f.name for f in fields(TransportTable) if f.name != "source"]
    arrays = {name: np.array(table[name], np.float64) for name in names}
    shape = (arrays["weight_fraction"].size, arrays["pressure_Pa"].size)
    wanted = {"tau2_ionic": shape, "tau2_electronic": shape, "pressure_Pa": shape[1:]}
    if any(values.shape != wanted.get(name, shape[:1]) for name, values in arrays.items()):
        raise ValueError(shape)
    return TransportTable(**arrays, source=Source.model_validate(table["source"]))
