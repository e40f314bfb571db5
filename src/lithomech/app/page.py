"""The skeleton of every HTML file: one page without foreign parts.

Scripts run only where a report is interactive, and only those whose hashes its policy names.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from lithomech.plot import style

# Colours of the figures that the style sheet lightens on a dark page.
VARIABLES: Final = {
    style.INK: "--ink",
    style.MUTED: "--muted",
    style.RULE: "--rule",
    style.BLUE: "--blue",
    style.VERMILION: "--vermilion",
    style.GREEN: "--green",
    style.PURPLE: "--purple",
    style.AMBER: "--amber",
    style.SKY: "--sky",
}


class Interactive(NamedTuple):
    """What a report needs to be interactive.

    Attributes:
        section: of its page.
        scripts: that its policy allows.
        styles: of the components.
    """

    section: str = ""
    scripts: tuple[str, ...] = ()
    styles: str = ""


STILL: Final = Interactive()


def page(
    title: str, sections: Iterable[str], scripts: Sequence[str] = (), styles: str = ""
) -> str:
    """Return a whole page.

    Args:
        title: of the page.
        sections: HTML already.
        scripts: that run at its end.
        styles: beside those of all reports.
    """
    css = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    run = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        f'{_allowed(scripts)}">\n'
        f"<title>{escape(title)} · lithomech</title>\n<style>\n{css}{styles}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(sections)}</main>\n{run}</body>\n</html>\n"
    )


def _allowed(scripts: Sequence[str]) -> str:
    """The part of the policy that names the scripts."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    named = "".join(f" 'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return f"; script-src{named}" if named else ""


def section(title: str, body: str) -> str:
    """Return a section, or nothing where it has no body."""
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>\n" if body else ""


def figure(name: str, svg: str, title: str, more: str = "", spoken: str = "") -> str:
    """Return a picture with its caption.

    Args:
        name: of the picture on this page; becomes an anchor.
        svg: the picture.
        title: first sentence of the caption.
        more: the rest of the caption.
        spoken: added for readers who cannot see the picture.
    """
    label = escape(f"{title} {more}{spoken}", quote=True)
    return (
        f'<figure id="{name}">\n{_inline_svg(name, svg, label)}\n'
        f"<figcaption><b>{escape(title)}</b> {escape(more)}</figcaption>\n</figure>\n"
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Put cells, which are HTML already, into a table that scrolls by itself."""
    body = "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows)
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{"".join(head)}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell(value: object, tag: str = "td", kind: str = "") -> str:
    """Return one cell of a table; the value is escaped."""
    opening = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return f"{opening}{escape(str(value))}</{tag}>"


def _inline_svg(name: str, svg: str, label: str) -> str:
    """Make a picture part of the page: own names, colours of the page, a text for readers."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", svg)
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    box = re.search(r'viewBox="[^"]*"', svg)
    attributes = f"{box.group()} " if box else ""
    opening = (
        f'<svg {attributes}role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return opening + svg[svg.index(">") + 1 :].strip()
