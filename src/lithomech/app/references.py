"""The bibliography that travels with the package, and what a result or a cell used of it."""

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from lithomech.version import __version__

if TYPE_CHECKING:
    from lithomech.cell.enclosed import Enclosed
    from lithomech.cell.readout.result import CellResult, SourceRow
    from lithomech.cell.spec import Cell

ENTRY: Final = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,", re.MULTILINE)
PACKAGE: Final = "lithomech"
REVIEW: Final = "Song2021"  # the review that the models follow
STAND_INS: Final = {"Assumed", "Computed"}  # mark values that nobody published
OWN: Final = f"""@misc{{{PACKAGE},
  author = {{{{The lithomech developers}}}},
  title = {{lithomech: electrochemistry and mechanics of all-solid-state batteries}},
  year = {{2026}},
  version = {{{__version__}}},
  note = {{Python package, version {__version__}}},
}}"""


def split_entries(text: str) -> dict[str, str]:
    """Return the BibTeX entries of a text by key; an entry starts with ``@`` on a new line."""
    starts = list(ENTRY.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return {
        match.group(1): text[match.start() : end].strip()
        for match, end in zip(starts, ends, strict=True)
    }


def used_keys(sources: "Iterable[SourceRow]") -> list[str]:
    """Sorted keys of the sources of values; those that nobody published have none."""
    return sorted({source.ref for source in sources if source.ref} - STAND_INS)


def keys_of_result(result: "CellResult") -> list[str]:
    """Keys of the sources that a result used, those of measured transport tables included."""
    return sorted({*used_keys(result.sources), *_tables(result.enclosed)})


def keys_of_cell(cell: "Cell") -> list[str]:
    """Keys of the sources that a run of this cell would use.

    Raises:
        InputError: the cell cannot be resolved.
    """
    from lithomech.cell.readout.sources import sources  # noqa: PLC0415  slow to import
    from lithomech.cell.resolve.build import resolve  # noqa: PLC0415  slow to import

    model = resolve(cell)
    return sorted({*used_keys(sources(model)), *_tables(model.cell.enclosed)})


def bibtex(keys: Iterable[str]) -> str:
    """Return BibTeX: the package and the review that it follows, then these keys, once each.

    Args:
        keys: Keys of refs.bib. A key without an entry (``user`` marks values that the user
            gave) becomes a comment that says so.
    """
    known = split_entries(files("lithomech").joinpath("refs.bib").read_text("utf-8"))
    known[PACKAGE] = OWN
    return "\n\n".join(
        known.get(key, f"% {key}: not in the bibliography of lithomech")
        for key in dict.fromkeys((PACKAGE, REVIEW, *keys))
    )


def _tables(enclosed: "Enclosed") -> set[str]:
    """Sources of the measured transport that a resolved cell uses."""
    return {table.source.ref for table in enclosed.stock.transport.values()}
