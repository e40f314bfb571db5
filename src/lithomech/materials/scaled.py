"""Properties times a factor, as an override ``{scale: 0.5}`` asks for."""

from dataclasses import replace
from functools import lru_cache

from lithomech.materials.catalogue import RULES
from lithomech.materials.layer import CELL_FILE, SCALE, Layer
from lithomech.materials.material import Curve, SIProperty


def scaled(key: str, quantity: SIProperty, factor: float, layer: Layer) -> SIProperty:
    """Return a property times a factor; its source says so.

    Args:
        key: name of the property.
        quantity: of the layers below.
        factor: more than 0.
        layer: whose override this is, for messages.

    Raises:
        MaterialError: the product is outside the bounds of the property.
    """
    curve = None if quantity.curve is None else _times(quantity.curve, factor)
    value = None if quantity.value is None else quantity.value * factor
    rule = RULES[key]
    numbers = (value or 0.0,) if curve is None else tuple(curve.y.tolist())
    low, high = min(numbers), max(numbers)
    if not rule.low <= low <= high <= rule.high:
        message = (
            f"gives {low:g} to {high:g} {rule.unit}; allowed: {rule.low:g} to {rule.high:g}"
        )
        raise layer.error(("properties", key, SCALE), message)
    where = f"{quantity.source.where}; override: times {factor:g}"
    changes = {"where": where, "method": "assumed", "checked": False}
    return replace(
        quantity,
        value=value,
        curve=curve,
        span=None if quantity.span is None else tuple(factor * end for end in quantity.span),
        source=quantity.source.model_copy(update=changes),
        printed=None,
        origin=CELL_FILE,
    )


@lru_cache(maxsize=256)
def _times(curve: Curve, factor: float) -> Curve:
    """One curve for each factor: tables are kept by curve."""
    return Curve(curve.x, curve.y * factor)
