"""Keys of earlier versions: read as what stands for them now, with a note, until 1.0."""

from collections.abc import Mapping
from typing import Any, Final

OLD_FIXTURE: Final = "fixed_gap"


def modern(data: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a cell file with the keys that there are now, and notes on those that were not.

    Args:
        data: content of a cell file, or the ``input`` of an old result.
    """
    found, notes = dict(data), []
    fixture = found.get("fixture")
    if isinstance(fixture, Mapping) and fixture.get("type") == OLD_FIXTURE:
        found["fixture"] = {**fixture, "type": "bolted"}
        notes.append(
            "fixture.type: fixed_gap is now called bolted; the old name will be refused in 1.0"
        )
    if found.get("decomposition") in _WORDS:
        on = _WORDS[found.pop("decomposition")]
        note = "is the default: leave it out"
        if not on:
            note = _without_interphase(found)
        notes.append(f"decomposition: {str(on).lower()} {note}; the key will be refused in 1.0")
    for side in ("cathode", "anode"):
        if _is_nothing(found.get(side)):
            found[side] = {"type": "anode_free", "material": found[side]["material"]}
            notes.append(
                f"{side}: planar of thickness 0 is read as {{type: anode_free}} on steel: "
                "write that instead; the old form will be refused in 1.0"
            )
    return found, tuple(notes)


def _is_nothing(electrode: Any) -> bool:  # noqa: ANN401 - what stands in a file
    """Whether it is a foil of no thickness, and a valid one in all else."""
    if not isinstance(electrode, Mapping) or electrode.get("type", "planar") != "planar":
        return False
    if "material" not in electrode or not set(electrode) <= {"type", "material", "thickness"}:
        return False
    number = str(electrode.get("thickness", "")).partition(" ")[0]
    return bool(number) and not number.strip("0.")


_WORDS: Final = {True: True, False: False, "true": True, "false": False}


def _without_interphase(found: dict[str, Any]) -> str:
    """Switch the interphase off where the file does not say more about it; what was done."""
    mechanisms = found.get("mechanisms") or {}
    if not isinstance(mechanisms, Mapping) or "interphase" in mechanisms:
        return "is ignored, as mechanisms.interphase stands beside it"
    found["mechanisms"] = {**mechanisms, "interphase": "none"}
    return "is read as mechanisms: {interphase: none}: write that instead"
