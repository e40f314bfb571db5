"""What the commands about materials print with --json."""

from collections.abc import Iterable, Sequence
from typing import Any

from lithomech.materials.hosts import MEASURES, potential_range
from lithomech.materials.inventory import (
    Entry,
    audit_counts,
    borrowed_count,
    kind,
    own_counts,
    standing,
)
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.ranking import AXES, of_class, requirements
from lithomech.materials.wording import value_text


def listed(m: Material) -> dict[str, Any]:
    """Return one line of the list of materials."""
    return {
        "name": m.name,
        "role": m.role,
        "family": m.family,
        "aliases": list(m.aliases),
        "formula": m.formula,
        "values": own_counts(m),
        "based_on": m.based_on,
        "borrowed": borrowed_count(m),
        "lacking": m.lacking(),
    }


def shown(m: Material) -> dict[str, Any]:
    """Return everything about a material; values in SI units, and as a person reads them."""
    properties = {}
    for name, quantity in m.properties.items():
        others = [_value(name, other) for other in quantity.others]
        properties[name] = _value(name, quantity) | {
            "preferred": quantity.preferred,
            "others": others,
        }
        properties[name]["owner"] = quantity.owner
    return listed(m) | {"note": m.note.strip(), "properties": properties}


def _value(name: str, quantity: SIProperty) -> dict[str, Any]:
    curve = quantity.curve
    thermal = {
        "at_K": quantity.at,
        "activation_energy_J_per_mol": quantity.activation_energy,
        "vogel_temperature_K": quantity.vogel_temperature,
        "range_K": quantity.range,
    }
    return {
        "value": quantity.value,
        "unit": quantity.unit,
        "curve": None if curve is None else {"x": curve.x.tolist(), "y": curve.y.tolist()},
        "shown": value_text(name, quantity),
        "span": quantity.span,
        "conditions": quantity.conditions,
        "printed": quantity.printed,
        "erratum": quantity.erratum or None,
        "standing": standing(quantity.source),
        "source": quantity.source.model_dump(mode="json"),
        "thermal": thermal if quantity.activation_energy else None,
    }


def compared(
    electrolytes: Sequence[Material],
    hosts: Sequence[Material],
    conclusions: Iterable[str],
) -> dict[str, Any]:
    """Return the numbers and the sentences of a comparison."""
    return {
        "electrolytes": {m.name: _axes(m) for m in electrolytes},
        "hosts": {
            m.name: {measure.name: _host(m, measure) for measure in MEASURES}
            | {"potential_range_V": potential_range(m)}
            for m in hosts
        },
        "conclusions": list(conclusions),
    }


def _axes(m: Material) -> dict[str, Any]:
    values = requirements(m)
    return {
        axis.name: {
            "value": values[axis.name],
            "unit": axis.unit,
            "score": axis.score(values[axis.name]),
            "of_class": of_class(m, axis.property),
        }
        for axis in AXES
    }


def _host(m: Material, measure: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"value": measure.value(m), "unit": measure.unit}


def audited(doubtful: Sequence[Entry]) -> dict[str, Any]:
    """Return every doubt, and how many there are of each kind."""
    return {
        "entries": [
            {
                "material": e.material,
                "property": e.property,
                "part": e.part,
                "kind": kind(e),
                "standing": e.standing,
                "owner": e.value.owner,
                "shown": value_text(e.property, e.value),
                "ref": e.source.ref,
                "where": e.source.where,
            }
            for e in doubtful
        ],
        "counts": audit_counts(doubtful),
    }
