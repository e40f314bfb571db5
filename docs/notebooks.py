"""Scripts of examples/ as notebooks: a cell for each paragraph, without outputs.

python docs/notebooks.py DIR  writes all of them into DIR
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parents[1] / "examples"
IMPORTS = (ast.Import, ast.ImportFrom)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(script: Path) -> str:
    """Return a script as the text of a notebook, whose last cell shows its picture."""
    text = script.read_text(encoding="utf-8")
    tree = ast.parse(text)
    title, _, rest = (ast.get_docstring(tree) or script.stem).partition("\n\n")
    about = f"# {' '.join(title.split()).rstrip('.')}\n\n{rest}".strip()
    pieces = [("markdown", about)]
    pieces += [("code", piece) for piece in paragraphs(text, tree.body[1:])]
    shown = f'from IPython.display import Image\n\nImage("results/{script.stem}.png")'
    pieces.append(("code", shown))
    cells = [
        cell(f"{script.stem}-{n}", kind, source) for n, (kind, source) in enumerate(pieces)
    ]
    whole = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4}
    return json.dumps(whole | {"nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def paragraphs(text: str, statements: list[ast.stmt]) -> Iterator[str]:
    """Yield the lines of a script between empty lines; imports and definitions in one piece."""
    lines = text.splitlines()
    begin = statements[0].lineno - 1
    for statement, following in zip(statements, [*statements[1:], None], strict=True):
        end = statement.end_lineno or statement.lineno
        until = len(lines) if following is None else following.lineno - 1
        gap = next((n for n in range(end, until) if not lines[n].strip()), None)
        together = isinstance(statement, IMPORTS) and isinstance(following, IMPORTS)
        if following is not None and (gap is None or together):
            continue
        yield "\n".join(lines[begin : until if gap is None else gap]).strip()
        begin = until if gap is None else gap + 1


def cell(name: str, kind: str, source: str) -> dict[str, Any]:
    """A cell of a notebook."""
    whole = {"id": name, "cell_type": kind, "metadata": {}, "source": source}
    return whole if kind == "markdown" else whole | {"execution_count": None, "outputs": []}


def main(folder: Path) -> None:
    """Write the notebook of every script."""
    folder.mkdir(parents=True, exist_ok=True)
    for script in sorted(SCRIPTS.glob("*.py")):
        target = folder / f"{script.stem}.ipynb"
        target.write_text(notebook(script), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
