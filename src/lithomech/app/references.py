"""The bibliography that travels with the package, and what a result used of it."""

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lithomech.cell.readout.result import CellResult

ENTRY: Final = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,", re.MULTILINE)


def split_entries(text: str) -> dict[str, str]:
    """Return the BibTeX entries of a text by key; an entry starts with ``@`` on a new line."""
    starts = list(ENTRY.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return {
        match.group(1): text[match.start() : end].strip()
        for match, end in zip(starts, ends, strict=True)
    }


def used_keys(result: "CellResult") -> list[str]:
    """Sorted keys of the sources that a result used; assumed values have none."""
    return sorted({source.ref for source in result.sources if source.ref})


def bibtex(keys: Iterable[str]) -> str:
    """Return BibTeX for these keys; a key without an entry becomes a comment that says so.

    Args:
        keys: Keys of refs.bib. ``user`` marks values that the user gave.
    """
    known = split_entries(files("lithomech").joinpath("refs.bib").read_text("utf-8"))
    return "\n\n".join(
        known.get(key, f"% {key}: not in the bibliography of lithomech") for key in keys
    )
