"""Where the values of a run come from."""

from lithomech.cell.closures import ASSUMED, counted
from lithomech.cell.equations import Model
from lithomech.cell.readout.result import SourceRow
from lithomech.materials.material import PACKAGE


def overrides(model: Model) -> list[str]:
    """Each property that does not come from the package, and the file that has it."""
    return [
        f"{name}.{entry.property}: {entry.origin}"
        for name, m in sorted(model.materials.items())
        for entry in m.sources(counted(model.composites, m))
        if entry.origin != PACKAGE
    ]


def sources(model: Model) -> tuple[SourceRow, ...]:
    """Every value used, with its reference; closure constants nobody measured come last."""
    rows = []
    for name, m in sorted(model.materials.items()):
        for entry in m.sources(counted(model.composites, m)):
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
    for name, (value, why) in ASSUMED.items():
        rows.append(SourceRow("model closure", name, value, "", "", why, "assumed", False))
    return tuple(rows)
