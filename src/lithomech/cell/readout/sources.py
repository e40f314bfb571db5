"""Where the values of a run come from."""

from lithomech.cell.readout.result import SourceRow
from lithomech.cell.resolve.build import Resolved
from lithomech.cell.resolve.sources import used_properties
from lithomech.materials.material import PACKAGE


def overrides(model: Resolved) -> list[str]:
    """Each property that does not come from the package, and the file that has it."""
    return [
        f"{name}.{entry.property}: {entry.origin}"
        for name, m in sorted(model.materials.items())
        for entry in m.sources(used_properties(model.composites, m))
        if entry.origin != PACKAGE
    ]


def sources(model: Resolved) -> tuple[SourceRow, ...]:
    """Every value used, with its reference; closure constants nobody measured come last."""
    rows = []
    for name, m in sorted(model.materials.items()):
        for entry in m.sources(used_properties(model.composites, m)):
            s = entry.source
            rows.append(
                SourceRow(
                    material=name,
                    property=entry.property,
                    value=entry.value,
                    unit=entry.unit,
                    ref=s.ref,
                    where=s.where,
                    method=s.method,
                    checked=s.checked,
                    origin=entry.origin,
                    borrowed=entry.borrowed_from(),
                )
            )
    assumed = {k: v for m in model.composition.mechanisms for k, v in m.assumed.items()}
    for name, (value, why) in assumed.items():
        rows.append(SourceRow("model closure", name, value, "", "", why, "assumed", False))
    return tuple(rows)
