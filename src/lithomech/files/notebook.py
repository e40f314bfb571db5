"""How results show themselves in a notebook: a title, what came out, one table."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

MOST_ROWS: Final = 12  # of a long table the first and last ones are shown
MOST_WARNINGS: Final = 5


def notebook_view(
    title: str,
    sentence: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    warnings: Sequence[str] = (),
) -> str:
    """Return HTML; every text is escaped.

    Args:
        title: what it is.
        sentence: what came out, beside the title.
        head: names of the columns.
        rows: of the table, in the order of the head.
        warnings: what limits trust in it.
    """
    every = [[_text(value) for value in row] for row in rows]
    half = MOST_ROWS // 2
    if len(every) > MOST_ROWS:
        every = [*every[:half], ["…"] * len(head), *every[-half:]]
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in every
    )
    more = len(warnings) - MOST_WARNINGS
    listed = [*warnings[:MOST_WARNINGS], *([f"and {more} more"] if more > 0 else [])]
    items = "".join(f"<li>{escape(text)}</li>" for text in listed)
    return (
        f"<p><b>{escape(title)}</b>: {escape(sentence)}</p>"
        f"<table><tr>{names}</tr>{body}</table>" + (f"<ul>{items}</ul>" if items else "")
    )


def _text(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
