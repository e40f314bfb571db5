"""The scoreboard of the literature register as one HTML file and one Markdown file."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app import out_folder
from lithomech.app.page import cell, figure, page, section, table
from lithomech.plot.style import save_png, to_svg
from lithomech.plot.validation import errors, parity, score
from lithomech.validation.compared import compared
from lithomech.validation.judge import Verdict
from lithomech.validation.markdown import MEANINGS, counts, error, predicted, published, render
from lithomech.validation.register import load_register

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAPTIONS: Final = {
    "score": ("The score.", "How many statements have each status."),
    "parity": (
        "Value against value.",
        "Every predicted number against the published one, both in the unit that is printed. "
        "A number on the line is met.",
    ),
    "errors": (
        "Relative errors.",
        "Each predicted number; the grey bar is the tolerance, which follows from the printed "
        "digits or from the known error of an input.",
    ),
}
PAGES: Final = ("report.html", "validation.md")


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier scoreboard.

    Raises:
        InputError: something else stands there.
    """
    out_folder.check_folder(folder, lambda f: (f / PAGES[1]).is_file(), "a scoreboard")


def write_pages(verdicts: Sequence[Verdict], folder: Path) -> None:
    """Write report.html, validation.md and figures/*.png; all of them or none."""
    drawn = _figures(verdicts)
    with out_folder.staging(folder) as staged:
        (staged / PAGES[0]).write_text(_page(verdicts, drawn), encoding="utf-8")
        (staged / PAGES[1]).write_text(render(verdicts, load_register()), encoding="utf-8")
        for title, picture in drawn.items():
            save_png(picture, staged / "figures" / f"{title}.png")


def _figures(verdicts: Sequence[Verdict]) -> "dict[str, Figure]":
    rows = compared(verdicts)
    return {"score": score(counts(verdicts)), "parity": parity(rows), "errors": errors(rows)}


def _page(verdicts: Sequence[Verdict], drawn: "dict[str, Figure]") -> str:
    pictures = "".join(
        figure(name, to_svg(picture), *CAPTIONS[name]) for name, picture in drawn.items()
    )
    missed = [v for v in verdicts if v.status == "contradicted"]
    head = (
        "<header>\n<h1>The literature register</h1>\n<p>Every statement of Song et al. "
        "2021, the review that lithomech starts from, with a status that is computed from "
        "its library and its models. A prediction that used a number which the same statement "
        "prints does not count as reproduced.</p>\n</header>\n"
    )
    sections = [
        head,
        section("Score", _score(verdicts)),
        section("Figures", pictures),
        section("Contradicted", _claims(missed) if missed else ""),
        section("Every statement", _claims(verdicts)),
        section("Errata", _errata()),
    ]
    return page("The literature register", sections)


def _score(verdicts: Sequence[Verdict]) -> str:
    rows = [
        [cell(status, "th"), cell(count, kind="number"), cell(MEANINGS[status])]
        for status, count in counts(verdicts).items()
    ]
    rows.append([cell("all", "th"), cell(len(verdicts), kind="number"), cell("")])
    return table([cell("Status", "th"), cell("Claims", "th", "number"), cell("", "th")], rows)


def _claims(verdicts: Sequence[Verdict]) -> str:
    """Statement, printed and predicted number, and why it has its status."""
    claims = load_register().claims
    names = ("Claim", "Statement", "Published", "Predicted", "Error", "Status", "Why")
    rows = []
    for verdict in verdicts:
        claim = claims[verdict.id]
        why = ", ".join(filter(None, (verdict.detail, *claim.errata)))
        place = f"{claim.place}{'; ' if claim.cites else ''}{', '.join(claim.cites)}"
        rows.append(
            [
                f'<th id="{escape(verdict.id)}">{escape(verdict.id)}</th>',
                f"<td>{escape(claim.statement)}<br><small>{escape(place)}</small></td>",
                cell(published(verdict)),
                cell(predicted(verdict)),
                cell(error(verdict), kind="number"),
                cell(verdict.status, kind="mark" if verdict.status == "contradicted" else ""),
                cell(why),
            ]
        )
    return table([cell(name, "th") for name in names], rows)


def _errata() -> str:
    names = ("Erratum", "Certainty", "Place", "Printed", "Right", "Evidence")
    rows = [
        [cell(name, "th")]
        + [cell(t) for t in (e.certainty, e.place, e.printed, e.right, e.evidence)]
        for name, e in load_register().errata.items()
    ]
    note = (
        '<p class="quiet">C: shown by arithmetic, and a test does it. P: probable, by another '
        "source. I: two statements contradict each other, and nothing decides between them.</p>"
    )
    return note + table([cell(name, "th") for name in names], rows)
