"""Where the values of a run come from."""

from functools import lru_cache

from lithomech.cell.mechanisms.registry import Composition
from lithomech.cell.readout.result import SourceRow
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.sources import used_properties
from lithomech.materials.material import PACKAGE, Material


def overrides(model: Resolved) -> list[str]:
    """Each property that does not come from the package, and the file that has it."""
    return [
        f"{row.material}.{row.property}: {row.origin}"
        for row in _of_materials(model)
        if row.origin != PACKAGE
    ]


def sources(model: Resolved) -> tuple[SourceRow, ...]:
    """Every value used, with its reference; closure constants nobody measured come last."""
    return (*_of_materials(model), *_assumed(model.composition))


def _of_materials(model: Resolved) -> list[SourceRow]:
    return [
        row
        for name, m in sorted(model.materials.items())
        for row in _of_material(name, m, used_properties(model.cell, model.composites, m))
    ]


# The cells of a study share their materials: one set of rows of each serves them all.
@lru_cache(maxsize=256)
def _of_material(name: str, m: Material, used: tuple[str, ...]) -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(
            material=name,
            property=entry.property,
            value=entry.value,
            unit=entry.unit,
            ref=entry.source.ref,
            where=entry.source.where,
            method=entry.source.method,
            checked=entry.source.checked,
            origin=entry.origin,
            borrowed=entry.borrowed_from(),
        )
        for entry in m.sources(used)
    )


@lru_cache(maxsize=8)
def _assumed(composition: Composition) -> tuple[SourceRow, ...]:
    assumed = {k: v for m in composition.mechanisms for k, v in m.assumed.items()}
    return tuple(
        SourceRow("model closure", name, value, "", "", why, "assumed", False)
        for name, (value, why) in assumed.items()
    )
