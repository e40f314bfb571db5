"""One HTML file that shows a fit: nothing to load, nothing to run."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lithomech.app.page import STILL, Interactive, cell, figure, page, section, table
from lithomech.files.yamlfile import dump_yaml
from lithomech.plot.style import to_svg
from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.studies.fit_result import FitResult

CAPTIONS: Final = {
    "curves": "Measured values, the best fit with its 90 % band, and residuals over the noise.",
    "profiles": "Rise of the sum of squares with one parameter held; the line is 90 %.",
    "correlation": "Correlation of the parameters.",
    "corner": "Samples of the posterior; contours hold half and 90 % of each pair.",
    "predictions": "90 % band that the posterior predicts, over the noise.",
}


def write_page(
    result: "FitResult",
    figures: Mapping[str, "Figure"],
    path: Path,
    interactive: Interactive = STILL,
) -> None:
    """Write the page."""
    drawn = "".join(figure(name, to_svg(f), CAPTIONS[name]) for name, f in figures.items())
    origin = result.fit.origin
    asked = "" if origin is None else f"<pre>{escape(dump_yaml(origin.document.data))}</pre>"
    warnings = "".join(f"<li>{escape(text)}</li>" for text in result.warnings)
    parts = [
        _header(result),
        interactive.section,
        section("Warnings", f'<ul class="warnings">{warnings}</ul>' if warnings else ""),
        section("Answers", "".join(f"<p>{escape(line)}</p>" for line in result.answers)),
        section("Parameters", _parameters(result)),
        section("Posterior", _posterior(result)),
        section("Pictures", drawn),
        section("Fit", asked),
    ]
    path.write_text(
        page(result.fit.name, parts, interactive.scripts, interactive.styles), encoding="utf-8"
    )


def _header(result: "FitResult") -> str:
    return (
        f"<header><h1>{escape(result.fit.name)}</h1>\n"
        f'<p><span class="status completed">{escape(result.status)}</span>: '
        f"{escape(result.reason)}; {result.wall_time_s:.3g} s, lithomech {__version__}.</p>"
        "</header>\n"
    )


def _parameters(result: "FitResult") -> str:
    head = [cell(name, "th") for name in ("parameter", "unit", "value", "5 %", "95 %", "")]
    rows = [
        [
            cell(row.key),
            cell(row.unit),
            *(cell(_text(v), kind="number") for v in (row.value, row.low, row.high)),
            cell(row.verdict),
        ]
        for row in result.parameters
    ]
    note = '<p class="quiet">A dash: the data do not say.</p>'
    return table(head, rows) + note


def _posterior(result: "FitResult") -> str:
    posterior = result.posterior
    if posterior is None:
        return ""
    head = [cell(name, "th") for name in ("parameter", "unit", "5 %", "median", "95 %")]
    rows = [
        [
            cell(row.key),
            cell(row.unit),
            *(cell(_text(v), kind="number") for v in (row.low, row.median, row.high)),
        ]
        for row in posterior.rows
    ]
    value, error = posterior.log_evidence
    note = (
        f'<p class="quiet">{posterior.members} members, {posterior.effective:.0f} effective '
        f"samples, logarithm of the evidence {value:.2f} ± {error:.2f}.</p>"
    )
    return table(head, rows) + note


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
