"""Families of electrolytes as ranges of what their materials have."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from lithomech.materials.material import Material
from lithomech.materials.ranking import requirements

RULE = (
    "Dots: the middle (median) of the values of all materials of a family, the class itself "
    "counting as one; bars: from the lowest to the highest."
)


def class_ranges(
    materials: Iterable[Material],
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return lowest, middle and highest value of each requirement, by family.

    Args:
        materials: Electrolytes and families; borrowed values do not count.

    Returns:
        By family, by axis, values in the unit of the axis; only axes with a value.
    """
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for m in materials:
        for axis, value in requirements(m).items():
            if value is not None and m.family and m.family != "liquid":
                values[m.family][axis].append(value)
    return {
        family: {axis: (min(v), median(v), max(v)) for axis, v in axes.items()}
        for family, axes in sorted(
            values.items(), key=lambda item: -sum(map(len, item[1].values()))
        )
    }
