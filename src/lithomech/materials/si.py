"""Values of a material file in SI units, inside the bounds of their property."""

from dataclasses import replace
from typing import Any

import numpy as np

from lithomech.errors import InputError
from lithomech.files.mistakes import nearest
from lithomech.files.quantity import convert
from lithomech.files.yamlfile import KeyPath
from lithomech.materials.catalogue import RULES, allowed
from lithomech.materials.layer import Layer
from lithomech.materials.library import Library
from lithomech.materials.material import Curve, SIProperty
from lithomech.materials.rules import PropertyRule, Role
from lithomech.materials.schema import AbstractValue, Arrhenius, Constant, Property, Table
from lithomech.materials.unit_factors import FACTORS


def to_si(key: str, declared: Property, role: Role, layer: Layer, where: Library) -> SIProperty:
    """Convert one property, and check that this role may have it and its bounds."""
    place, rule = ("properties", key), RULES.get(key)
    if rule is None or role not in rule.roles:
        hint = nearest(key, sorted(allowed(role)))
        raise layer.error(place, f"unknown for the role {role}; {hint}")
    others = (
        _checked_si(rule, other, layer, (*place, "others", n), where)
        for n, other in enumerate(declared.others)
    )
    return replace(
        _checked_si(rule, declared, layer, place, where),
        preferred=declared.preferred,
        others=tuple(others),
    )


def _checked_si(
    rule: PropertyRule, declared: Property, layer: Layer, place: KeyPath, where: Library
) -> SIProperty:
    """Convert one value, and check that it lies inside the bounds of its property."""
    if isinstance(declared, Table) and not rule.axis:
        raise layer.error(place, "cannot be a table")
    try:
        converted = _convert_form(declared, rule.unit, where)
        about = _about(declared, rule.unit)
    except InputError as error:
        raise layer.error(place, str(error)) from None
    values = converted.curve.y if converted.curve else np.array([converted.value])
    low, high = float(values.min()), float(values.max())
    if not rule.low <= low <= high <= rule.high:
        limits = f"{rule.low:g} to {rule.high:g} {rule.unit}"
        reached = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        raise layer.error(place, f"{reached} {rule.unit} is outside {limits}")
    return replace(converted, **about, owner=layer.name, origin=layer.origin)


def _about(declared: AbstractValue, unit: str) -> dict[str, Any]:
    """Return the fields that every form of a value shares."""
    about: dict[str, Any] = {"conditions": declared.conditions}
    if declared.span is not None:
        about["span"] = tuple(_si(end, declared.unit, unit) for end in declared.span)
    if declared.printed is not None:
        about["printed"] = _si(declared.printed.value, declared.unit, unit)
        about["erratum"] = declared.printed.erratum
    return about


def _convert_form(declared: Property, unit: str, where: Library) -> SIProperty:
    if isinstance(declared, Constant):
        return SIProperty(unit, _si(declared.value, declared.unit, unit), None, declared.source)
    energy = declared.activation_energy * 1e3
    thermal = {"at": declared.at, "activation_energy": energy, "range": declared.range}
    if isinstance(declared, Arrhenius):
        value = _si(declared.value, declared.unit, unit)
        extra = declared.activation_source
        return SIProperty(
            unit,
            value,
            None,
            declared.source,
            activation_source=extra,
            vogel_temperature=declared.vogel_temperature,
            **thermal,
        )
    x, y = where.curve(declared.file)
    scaled = y * _si(1.0, declared.unit, unit)
    return SIProperty(unit, None, Curve(x, scaled), declared.source, **thermal)


def _si(value: float, unit: str, to: str) -> float:
    if unit == to:
        return value
    factor = FACTORS.get((unit, to))
    return value * factor if factor is not None else convert(value, unit, to)
