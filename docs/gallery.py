"""The gallery of the site: every script of examples/, run, with its picture and its time."""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import notebooks
from lithomech.version import __version__

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "gallery"  # a folder for each script: what it printed and drew


def scripts() -> list[Path]:
    """The scripts, in their order."""
    return sorted((ROOT / "examples").glob("*.py"))


def run_of(script: Path) -> dict[str, Any]:
    """Run a script, unless its last run was of the same text and version; what came of it."""
    folder, text = KEPT / script.stem, script.read_text(encoding="utf-8")
    key = hashlib.sha256(f"{__version__}\n{text}".encode()).hexdigest()
    record = folder / "record.json"
    if record.is_file():
        found = json.loads(record.read_text(encoding="utf-8"))
        if found["key"] == key:
            return found
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"running {script.name}", flush=True)
    begin = time.perf_counter()
    run = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        raise SystemExit(f"{script.name} failed:\n{run.stderr}")
    found = {"key": key, "seconds": time.perf_counter() - begin, "printed": run.stdout}
    record.write_text(json.dumps(found), encoding="utf-8")
    return found


def pages(folder: Path, *, executed: bool) -> Iterator[tuple[str, str]]:
    """Yield path and text of the pages of all scripts; pictures are copied to ``folder``."""
    index = [
        "# Gallery",
        "",
        "Each example is a script of fewer than 80 lines in `examples/`, and a notebook.",
        "",
        '<div class="gallery" markdown>',
        "",
    ]
    for script in scripts():
        found = run_of(script) if executed else None
        picture = KEPT / script.stem / "results" / f"{script.stem}.png"
        title, text = described(script)
        page = [f"# {title}", ""]
        if found is not None and picture.is_file():
            name = f"gallery/{script.stem}.png"
            (folder / "gallery").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, folder / name)
            page += [f"![{title}]({script.stem}.png)", ""]
            index += [f"[![{title}]({script.stem}.png)]({script.stem}.md)<br>"]
        page += [text, "", f"[As a notebook]({script.stem}.ipynb)", ""]
        page += ["```python", script.read_text(encoding="utf-8").rstrip(), "```", ""]
        if found is not None:
            page += [
                f"It took {found['seconds']:.0f} s and printed",
                "",
                "```",
                found["printed"].rstrip(),
                "```",
                "",
            ]
        index += [f"[{title}]({script.stem}.md)", ""]
        yield f"gallery/{script.stem}.md", "\n".join(page)
        yield f"gallery/{script.stem}.ipynb", notebooks.notebook(script)
    index += ["</div>", ""]
    yield "gallery/index.md", "\n".join(index)


def described(script: Path) -> tuple[str, str]:
    """First sentence and the rest of the docstring of a script."""
    whole = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or script.stem
    first, _, rest = whole.partition("\n\n")
    return " ".join(first.split()).rstrip("."), rest.strip()
