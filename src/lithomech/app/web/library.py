"""The material library for the page: every number with its source, scores, windows, curves."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from lithomech.app.materials_json import compared
from lithomech.app.materials_rows import about, rests_on, source_text
from lithomech.materials.inventory import ROLES, grouped, standing
from lithomech.materials.load import known, load_material
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import AXES, own, with_class
from lithomech.materials.wording import value_text, words


@cache
def library() -> dict[str, Any]:
    """What the page shows of the library; it does not change while the server runs."""
    listed = [load_material(name) for name in known()]
    families = {m.family: m for m in listed if m.role == "family" and m.family}
    electrolytes = [
        with_class(m, families) for m in listed if m.role in {"electrolyte", "family"}
    ]
    ordered = [m for group in grouped(listed).values() for m in group]
    return {
        "roles": [role for role in ROLES if any(m.role == role for m in listed)],
        "materials": [_material(m) for m in ordered],
        "properties": {name: words(name) for m in listed for name in m.properties},
        "axes": [{"name": axis.name, "rule": axis.rule} for axis in AXES],
        "scores": compared(electrolytes, [], [])["electrolytes"],
        "windows": dict(_windows(electrolytes)),
        "volumes": dict(_volumes(listed)),
    }


def _material(m: Material) -> dict[str, Any]:
    return {
        "name": m.name,
        "role": m.role,
        "family": (m.family or "").replace("_", " "),
        "about": list(about(m)),
        "values": {name: _value(m, name, value) for name, value in m.properties.items()},
    }


def _value(m: Material, name: str, quantity: SIProperty) -> dict[str, Any]:
    others = [
        f"beside it: {value_text(name, one)}, {source_text(one.source)}"
        for one in quantity.others
    ]
    return {
        "shown": value_text(name, quantity),
        "value": quantity.value,
        "standing": standing(quantity.source),
        "borrowed": quantity.owner not in {"", m.name},
        "source": source_text(quantity.source),
        "remarks": [*rests_on(m, name, quantity), *others],
    }


def _windows(electrolytes: list[Material]) -> Iterator[tuple[str, Mapping[str, float | None]]]:
    """Reduction and oxidation limit [V] of those that have any, of their class at least."""
    for m in electrolytes:
        low, high = own(m, "reduction_limit"), own(m, "oxidation_limit")
        if low is not None or high is not None:
            yield m.name, {"low": low, "high": high}


def _volumes(materials: list[Material]) -> Iterator[tuple[str, Mapping[str, list[float]]]]:
    """Volume strain of active materials over their lithium."""
    for m in materials:
        strain = m.properties.get("volume_strain")
        if m.role == "active" and strain is not None and strain.curve is not None:
            yield m.name, {"x": strain.curve.x.tolist(), "y": strain.curve.y.tolist()}
