"""The page "Song et al. 2021, recomputed": panel by panel ours beside what is printed."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

from lithomech.app.figures_text import Shown, cells, score
from lithomech.app.page import cell, figure, page, section, table
from lithomech.files.atomic import replacing
from lithomech.materials.load import load_material
from lithomech.materials.wording import value_text
from lithomech.validation.figures.panel import Panel
from lithomech.validation.figures.verdict import STATUSES, Outcome
from lithomech.validation.markdown import error, predicted, published
from lithomech.validation.register import load_register

TITLE: Final = "Song et al. 2021, recomputed"
HEAD: Final = (
    "Every figure panel and table of Song et al. 2021 (Current Opinion in Solid State and "
    "Materials Science), drawn from the library of materials and the models of lithomech, "
    "beside the numbers that are printed. No picture of the paper is used; where a constant "
    "was set on a printed number, that number is marked as calibrated."
)
LABELS: Final = (
    ("Claim", ""),
    ("Number", ""),
    ("Printed", "number"),
    ("Ours", "number"),
    ("Miss", "number"),
    ("Role", ""),
)


def write_page(found: Sequence[Shown], seconds: float, path: Path) -> None:
    """Write the page in the place of an earlier one; the time is that of all runs."""
    outcomes = [one.outcome for one in found]
    sections = [f"<header>\n<h1>{TITLE}</h1>\n<p>{HEAD}</p>\n</header>\n"]
    sections.append(section("Score", _score(outcomes, seconds)))
    sections.append(section("Panels", _contents(outcomes)))
    sections.append(section("What comes out otherwise", _contradicted(outcomes)))
    for one in found:
        panel = one.outcome.panel
        body = f'<a id="{panel.id}"></a>\n{_panel(one)}'
        sections.append(section(f"{panel.place}. {panel.title}", body))
    with replacing(path) as temporary:
        temporary.write_text(page(TITLE, sections), encoding="utf-8")


def _score(found: Sequence[Outcome], seconds: float) -> str:
    rows = [
        [cell(status, "th"), cell(count, kind="number"), cell(STATUSES[status])]
        for status, count in score(found).items()
    ]
    rows.append([cell("all", "th"), cell(len(found), kind="number"), cell("")])
    note = (
        f'<p class="quiet">The runs took {seconds:.0f} s when they were done. Panels share '
        "runs, so their times do not add up. "
        "A claim is a statement of the paper in the literature register; predicted: no "
        "constant was set on this number; calibrated: one was; stored: the library holds "
        "it.</p>"
    )
    head = [cell("Status", "th"), cell("Panels", "th", "number"), cell("", "th")]
    return table(head, rows) + note


def _contents(found: Sequence[Outcome]) -> str:
    """Every panel with a link and its verdict."""
    rows = [
        [
            f'<th><a href="#{one.panel.id}">{escape(one.panel.place)}</a></th>',
            cell(one.panel.title),
            cell(one.status, kind="mark" if one.status == "contradicted" else ""),
            cell(f"{one.seconds:.1f}", kind="number"),
        ]
        for one in found
    ]
    head = [cell(name, "th") for name in ("Place", "Panel", "Verdict")]
    return table([*head, cell("s", "th", "number")], rows)


def _contradicted(found: Sequence[Outcome]) -> str:
    """Every contradicted claim once, the largest miss first, with the panels it belongs to."""
    claims, where = load_register().claims, dict[str, list[str]]()
    every = (v for one in found for v in one.verdicts if claims[v.id].check.by != "panel")
    verdicts = {v.id: v for v in every if v.status == "contradicted"}
    for one in found:
        for verdict in one.verdicts:
            where.setdefault(verdict.id, []).append(one.panel.id)
    rows = []
    for verdict in sorted(verdicts.values(), key=lambda v: -abs(v.relative_error or 0.0)):
        links = ", ".join(f'<a href="#{name}">{name}</a>' for name in where[verdict.id])
        rows.append(
            [
                cell(verdict.id, "th"),
                cell(claims[verdict.id].statement),
                cell(published(verdict)),
                cell(predicted(verdict) or verdict.detail),
                cell(error(verdict), kind="number"),
                cell(", ".join(claims[verdict.id].errata)),
                f"<td>{links}</td>",
            ]
        )
    names = ("Claim", "Statement, in our words", "Printed", "Ours", "Miss", "Errata", "Panels")
    return table([cell(name, "th") for name in names], rows) if rows else ""


def _panel(one: Shown) -> str:
    """Picture, numbers, claims and constants of one panel."""
    found, panel = one.outcome, one.outcome.panel
    kind = "status" if found.status == "contradicted" else "status completed"
    parts = [f'<p><span class="{kind}">{found.status}</span>: {escape(found.reason)}</p>\n']
    parts.append(figure(f"picture-{panel.id}", one.svg, panel.title, panel.caption))
    if found.rows:
        head = [cell(name, "th", look) for name, look in LABELS]
        parts.append(table(head, [_number(texts) for texts in map(cells, found.rows)]))
    parts.append(_claims(found))
    parts.append(_rests(panel))
    parts += [f'<p class="quiet">{escape(text)}</p>' for text in found.warnings]
    return "\n".join(filter(None, parts))


def _number(texts: Sequence[str]) -> list[str]:
    return [cell(text, kind=look) for text, (_, look) in zip(texts, LABELS, strict=True)]


def _claims(found: Outcome) -> str:
    """What the register says of each claim, behind a summary."""
    register = load_register()
    rows = []
    for verdict in found.verdicts:
        claim = register.claims[verdict.id]
        errata = [f"{name}: {register.errata[name].right}" for name in claim.errata]
        mark = "mark" if verdict.status == "contradicted" else ""
        rows.append(
            [
                cell(verdict.id, "th"),
                f"<td>{escape(claim.statement)}<br><small>{escape(claim.place)}</small></td>",
                cell(verdict.status, kind=mark),
                cell("; ".join([verdict.detail, *errata])),
            ]
        )
    names = ("Claim", "Statement, in our words", "Status", "Why, and errata")
    body = table([cell(name, "th") for name in names], rows)
    return f"<details><summary>Claims: {len(rows)}</summary>\n{body}</details>"


def _rests(panel: Panel) -> str:
    """The constants that decide, with values and sources."""
    rows = list(_constants(panel))
    if not rows:
        return ""
    names = ("Constant", "Value", "Method", "Source")
    body = table([cell(name, "th") for name in names], rows)
    return f"<details><summary>Constants it rests on: {len(rows)}</summary>\n{body}</details>"


def _constants(panel: Panel) -> Iterator[list[str]]:
    for name in panel.constants:
        material, _, key = name.rpartition(".")
        stored = load_material(material).properties[key]
        source = f"{stored.source.ref}, {stored.source.where}"
        texts = (value_text(key, stored), stored.source.method, source)
        yield [cell(name, "th"), *map(cell, texts)]
