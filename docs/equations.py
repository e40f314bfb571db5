"""Symbols and equations of the site.

Blocks of `math` in Markdown are drawn by matplotlib as SVG: neither a script nor a font has to
be fetched for them, and they take the colour of the text. In the running text of the theory
`sigma_0` and `R^2` get Greek letters, indices and exponents.
"""

import html
import re

from matplotlib import rc_context
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

SIZE = 100.0  # units of the picture per em
BLOCK = re.compile(r"^```math\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
LETTERS = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
GREEK = (
    "alpha beta gamma delta eps zeta eta theta kappa mu nu xi rho sigma tau phi chi Pi Omega"
)
UNTOUCHED = re.compile(
    r"(^```.*?^```$|`[^`\n]+`|\]\([^)\n]*\)|^#[^\n]*$)", re.MULTILINE | re.DOTALL
)
SYMBOL = re.compile(
    rf"(?<![\w.])(d?)(?:({GREEK.replace(' ', '|')})(2?)(?:_(\w+))?|([A-Za-z])_(\w+))"
    r"(?!\w|-[a-z])"
)
EXPONENT = re.compile(r"(?<=[\w)>])\^(-?\d+(?:[./]\d+)?|\([^()]*\)|-?[a-z]\b)")


def drawn(text: str) -> str:
    """A page of Markdown whose equations are pictures."""
    return BLOCK.sub(lambda block: picture(block[1]), text)


def picture(tex: str) -> str:
    """An equation in TeX as SVG, in a box that can be scrolled where it is too narrow."""
    shown = tex.replace(r"\frac", r"\dfrac").replace(r"\tfrac", r"\frac")
    with rc_context({"mathtext.fontset": "stix"}):
        outline = TextPath((0.0, 0.0), f"${shown}$", SIZE, prop=FontProperties())
    box = outline.get_extents().padded(0.05 * SIZE)
    parts = []
    for points, code in outline.iter_segments(curves=True, simplify=False):
        pairs = (f"{x:.1f} {-y:.1f}" for x, y in points.reshape(-1, 2))
        parts.append(LETTERS[code] + " ".join(pairs) if code in LETTERS else "Z")
    view = f"{box.x0:.1f} {-box.y1:.1f} {box.width:.1f} {box.height:.1f}"
    size = f'width="{box.width / SIZE:.2f}em" height="{box.height / SIZE:.2f}em"'
    words = html.escape(tex, quote=True)
    return (
        f'<div class="equation"><svg viewBox="{view}" {size} role="img" aria-label="{words}">'
        f'<path fill="currentColor" d="{"".join(parts)}"/></svg></div>'
    )


def spelled(text: str) -> str:
    """A page of Markdown with the symbols of its running text as they are printed."""
    pieces = UNTOUCHED.split(text)  # every second one is code, a heading or a target
    pieces[::2] = [_exponents(SYMBOL.sub(_symbol, piece)) for piece in pieces[::2]]
    return "".join(pieces)


def _symbol(found: re.Match[str]) -> str:
    change, greek, square, index, latin, latin_index = found.groups()
    letter = latin or f"&{'epsilon' if greek == 'eps' else greek};"
    below = index or latin_index
    base = f"{change}<i>{letter}</i>"
    return base + (f"<sub>{below}</sub>" if below else "") + ("<sup>2</sup>" if square else "")


def _exponents(piece: str) -> str:
    return EXPONENT.sub(lambda found: f"<sup>{found[1].strip('()')}</sup>", piece)
