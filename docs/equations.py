"""Equations of the site: blocks of `math` in Markdown, drawn by matplotlib as SVG.

Neither a script nor a font has to be fetched for them; they take the colour of the text.
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
