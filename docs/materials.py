"""The pages of the site on materials: one for each material of the library, and an index."""

import re
from collections.abc import Iterator
from importlib.resources import files

from lithomech.app.materials_rows import about, rests_on, use_in_cells
from lithomech.app.references import split_entries
from lithomech.materials.inventory import audit_counts, doubts, grouped, own_counts, standing
from lithomech.materials.load import known, load_material
from lithomech.materials.material import Material, SIProperty
from lithomech.materials.schema import Source
from lithomech.materials.wording import value_text, words

HEAD = """\
# Materials

Every material of the library, written from the files in
`src/lithomech/materials/data`. A value is *checked* when a second reader has seen it in its
source; an *assumed* one carries no evidence, a *calibrated* one was fitted to what it
describes. `lithomech materials audit` lists all that is not checked.
"""


def references() -> dict[str, str]:
    """Markdown of each source: its key, linked to its DOI where it has one."""
    text = files("lithomech").joinpath("refs.bib").read_text("utf-8")
    found = {}
    for key, entry in split_entries(text).items():
        doi = re.search(r"^\s*doi\s*=\s*[{\"]([^}\"]+)", entry, re.MULTILINE | re.IGNORECASE)
        # brackets in a DOI would end the link
        link = doi[1].replace("(", "%28").replace(")", "%29") if doi else ""
        found[key] = f"[{key}](https://doi.org/{link})" if link else key
    return found


def plain(text: str) -> str:
    """Text that a table of Markdown shows as it is."""
    return re.sub(r"([|<>*_])", r"\\\1", " ".join(text.split()))


def source(found: Source, links: dict[str, str]) -> str:
    """How a value was found, by whom and where it stands."""
    note = f" ({found.note})" if found.note else ""
    ref = "" if found.ref.casefold() == found.method else f", {links.get(found.ref, found.ref)}"
    return f"{found.method}{ref}: {plain(found.where + note)}"


def row(m: Material, name: str, label: str, found: SIProperty, links: dict[str, str]) -> str:
    """One value as a line of a table."""
    remarks = list(rests_on(m, name, found))
    if found.preferred:
        remarks.append(f"preferred: {found.preferred}")
    cells = (label, value_text(name, found), standing(found.source))
    rest = "; ".join(map(plain, remarks))
    return f"| {' | '.join(map(plain, cells))} | {source(found.source, links)} | {rest} |"


def page(m: Material, links: dict[str, str]) -> str:
    """Text of the page of one material."""
    lines = [f"# {plain(m.name)}", ""]
    for line in about(m):
        lines += [plain(line), ""]
    lines += [
        "| property | value | standing | source | remarks |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found in m.properties.items():
        lines.append(row(m, name, words(name), found, links))
        lines += [row(m, name, "beside it", other, links) for other in found.others]
    return "\n".join([*lines, ""])


def index(materials: list[Material]) -> str:
    """Text of the index."""
    lines = [HEAD]
    for (role, family), group in grouped(materials).items():
        lines += [f"## {f'{role} {family}'.strip().capitalize()}".replace("_", " "), ""]
        lines += [
            "| name | also called | formula | checked | unchecked | assumed | in a cell |",
            "| --- | --- | --- | --: | --: | --: | --- |",
        ]
        for m in group:
            counts = own_counts(m)
            cells = (
                f"[{plain(m.name)}]({m.name}.md)",
                plain(", ".join(m.aliases)),
                plain(m.formula),
                f"{counts['checked']}",
                f"{counts['unchecked']}",
                f"{counts['assumed'] + counts['calibrated']}",
                plain(use_in_cells(m)),
            )
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    counts = audit_counts(entry for m in materials for entry in doubts(m))
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    return "\n".join([*lines, f"Not certain in all: {listed}.", ""])


def render() -> Iterator[tuple[str, str]]:
    """Name and text of every page."""
    materials, links = [load_material(name) for name in known()], references()
    yield "index.md", index(materials)
    for m in materials:
        yield f"{m.name}.md", page(m, links)
