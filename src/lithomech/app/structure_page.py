"""One HTML file that shows a pressed composite: nothing to load, nothing to run."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lithomech.app.page import cell, page, section, table
from lithomech.microstructure.result import QUANTITIES
from lithomech.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lithomech.microstructure.result import EffectiveProperties

CAPTIONS: Final = {
    "overview": "Section of the first piece, and conductivities of all pieces.",
    "section": "The section larger: light is heavy, as an electron microscope shows it.",
    "solid": "The first piece in three dimensions. In the corner that is cut open only active "
    "grains stand.",
    "forces": "Contacts of a slab, as wide as their force, and the shares of each layer.",
    "ion_paths": "Where the ions flow in the middle section.",
}


def write_page(
    result: "EffectiveProperties", figures: Mapping[str, "Figure"], path: Path
) -> None:
    """Write the page."""
    header = (
        f"<header><h1>{escape(result.name)}</h1>\n<p>{escape(result.status)}: "
        f"{escape(result.reason)}. {len(result.seeds)} pieces, {result.wall_time_s:.1f} s, "
        f"lithomech {__version__}.</p></header>\n"
    )
    warned = "".join(f"<li>{escape(text)}</li>" for text in result.warnings)
    parts = [
        header,
        section("Warnings", f'<ul class="warnings">{warned}</ul>' if warned else ""),
        section("Pictures", "".join(_picture(n, f) for n, f in figures.items())),
        section("Numbers", _numbers(result)),
        section("Powders", _powders(result)),
        section("Input", _input(result.input)),
    ]
    path.write_text(page(result.name, parts), encoding="utf-8")


def _picture(name: str, drawn: "Figure") -> str:
    stream = BytesIO()
    drawn.savefig(stream, format="png", dpi=150)
    data = b64encode(stream.getvalue()).decode("ascii")
    text = escape(CAPTIONS[name], quote=True)
    return (
        f'<figure id="{name}">\n<img alt="{text}" style="max-width:100%" '
        f'src="data:image/png;base64,{data}">\n<figcaption>{text}</figcaption>\n</figure>\n'
    )


def _numbers(result: "EffectiveProperties") -> str:
    head = [cell("Quantity", "th"), cell("Meaning", "th")]
    head += [cell(f"{p / 1e6:g} MPa", "th", "number") for p in result.stack_pressures]
    rows = []
    for name, meaning in QUANTITIES.items():
        mean, spread = result.mean(name), result.deviation(name)
        values = (
            f"{m:.4g}" + (f" ± {s:.2g}" if np.isfinite(s) else "")
            for m, s in zip(mean, spread, strict=True)
        )
        shown = [cell(value, kind="number") for value in values]
        rows.append([cell(name.replace("_", " "), "th"), cell(meaning), *shown])
    moduli = ", ".join(f"{k} {v / 1e9:.3g}" for k, v in result.constrained_modulus.items())
    note = (
        f"Constrained modulus (GPa): {moduli}. Mean and standard deviation of the pieces; SI "
        "units. inf: nothing spans."
    )
    return table(head, rows) + f'<p class="quiet">{note}</p>'


def _powders(result: "EffectiveProperties") -> str:
    powders: Iterable[Mapping[str, Any]] = result.provenance["powders"]
    names = list(next(iter(powders)))
    units = {"E": "E (Pa)", "p_y": "contact yield (Pa)", "sigma": "sigma (S/m)"}
    units |= {"film": "film (ohm m2)", "share": "share of solids"}
    head = [cell(units.get(name, name), "th") for name in names]
    rows = [[cell(_short(powder[name])) for name in names] for powder in powders]
    return table(head, rows) + (
        '<p class="quiet">Where each value comes from: <code>lithomech materials show NAME'
        "</code>. A dash: elastic.</p>"
    )


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "–" if value is None else str(value)


def _input(data: Mapping[str, Any]) -> str:
    rows = [
        [f"<td><code>{escape(key)}</code></td>", cell(value)] for key, value in data.items()
    ]
    return table([cell("Key", "th"), cell("Value in SI units", "th")], rows)
