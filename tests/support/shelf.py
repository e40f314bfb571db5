"""A library of made-up numbers for predictions, so that no test depends on the real one."""

from dataclasses import dataclass, field

import numpy as np

from lithomech.materials.material import Curve


@dataclass
class Shelf:
    """Values by (material, property), or with a third key that asks for one of several."""

    values: dict = field(default_factory=dict)
    curves: dict = field(default_factory=dict)

    def value(self, material, name, **which):
        wanted = tuple(text for text in which.values() if text)
        return self.values[(material, name, *wanted)]

    def span(self, material, name, **which):
        return self.value(material, name, **which)

    def curve(self, material, name):
        x, y = self.curves[material, name]
        return Curve(np.array(x, dtype=float), np.array(y, dtype=float))
