"""Builds the documentation site: pages from docs/, and those that the package itself writes.

python docs/website.py               executes the examples that have changed, builds build/site
python docs/website.py --no-gallery  leaves out the examples
python docs/website.py --stage DIR   writes the Markdown pages into DIR and stops
"""

import html
import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import equations
import gallery
import lithomech
import materials
from lithomech.app import cli
from lithomech.app.mechanisms_text import described
from lithomech.app.schema_table import rows
from lithomech.app.schemas import SCHEMAS, schema_of

ROOT = Path(__file__).parents[1]
DOCS, STAGE, SITE = ROOT / "docs", ROOT / "build" / "pages", ROOT / "build" / "site"
COPIED = ("*.md", "adr/*.md", "howto/*.md", "theory/*.md", "images/**/*.png", "site.css")
FILES = {
    "cell": "a cell between its pistons, and what is done to it",
    "structure": "a composite that is pressed from its grains",
    "particle": "a particle whose grain boundaries crack",
    "study": "a sweep, a sensitivity, an optimum or a failure map",
    "fit": "parameters from measurements",
    "mapping": "names and units of the columns of a measured file",
    "material": "a material of the library",
    "claim": "a published statement of the register",
    "case": "a measured cell",
}
AREAS = {
    "cell": "Cells",
    "studies": "Studies and fits",
    "observe": "Measurements",
    "microstructure": "Composites from grains",
    "particle": "Particles",
    "files": "Files",
    "errors": "Errors",
}


def cell(text: str) -> str:
    """Text that a table of Markdown shows as it is."""
    plain = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([|*_`\[\]])", r"\\\1", plain)


def table(heads: list[str], lines: list[list[str]]) -> list[str]:
    """A table of Markdown."""
    rule = ["---"] * len(heads)
    return [f"| {' | '.join(line)} |" for line in (heads, rule, *lines)]


def file_page(kind: str) -> str:
    """The keys of one kind of file."""
    lines = [f"# {kind.capitalize()} file", "", f"{FILES[kind].capitalize()}.", ""]
    lines += [
        f"The same in the terminal: `lithomech schema {kind}`; `--json` is its JSON Schema."
    ]
    found = [
        [f"`{row.key}`", cell(row.unit), cell(row.default), cell(row.meaning)]
        for row in rows(schema_of(kind))
    ]
    return "\n".join(
        [*lines, "", *table(["Key", "Unit or values", "Default", "Meaning"], found), ""]
    )


def commands_page() -> str:
    """Every command with its options, as `--help` prints them."""
    group: Any = typer.main.get_command(cli.app)
    lines = [
        "# Commands",
        "",
        "Exit codes: 0 completed, 1 ended early, 2 the input is wrong.",
        "",
    ]
    for name, command in commands(group, ""):
        lines += [f"## lithomech {name}", "", inspect.cleandoc(command.help or ""), ""]
        found = [
            [f"`{word(parameter)}`", cell(getattr(parameter, "help", None) or "")]
            for parameter in command.params
            if "--help" not in parameter.opts
        ]
        if found:
            lines += [*table(["Argument or option", "Meaning"], found), ""]
    return "\n".join(lines)


def word(parameter: Any) -> str:
    """How an option or an argument is written."""
    if parameter.param_type_name == "option":
        return " ".join(parameter.opts)
    return parameter.name.upper()


def commands(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Yield every command below a group with its words."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def mechanisms_page() -> str:
    """States and constants of every mechanism."""
    lines = ["# Mechanisms", "", "Switched and changed under `mechanisms:` of a cell file.", ""]
    for found in described()["mechanisms"]:
        lines += [f"## {found['name']}", "", f"At each {found['site']}.", ""]
        for key in ("states", "parameters"):
            entries = [
                [
                    f"`{entry['name']}`",
                    cell(entry.get("unit") or ""),
                    cell(entry.get("meaning") or ""),
                ]
                for entry in found[key]
            ]
            if entries:
                lines += [*table([key.capitalize(), "Unit", "Meaning"], entries), ""]
    return "\n".join(lines)


def python_pages() -> Iterator[tuple[str, str]]:
    """Yield what `import lithomech as lm` gives, from its docstrings, area by area."""
    public = [name for name in lithomech.__all__ if not name.startswith("__")]
    for area, title in AREAS.items():
        lines = [f"# {title}", ""]
        for name in public:
            module = getattr(lithomech, name).__module__
            if module.split(".")[1] == area:
                lines += [f"::: {module}.{name}", ""]
        yield f"reference/python/{area}.md", "\n".join(lines)


def pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page that is written here."""
    for name, text in materials.render():
        yield f"materials/{name}", text
    for kind in SCHEMAS:
        yield f"reference/{kind}_file.md", file_page(kind)
    yield "reference/commands.md", commands_page()
    yield "reference/mechanisms.md", mechanisms_page()
    yield from python_pages()


def stage(folder: Path, *, executed: bool) -> None:
    """Write all pages and pictures into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for pattern in COPIED:
        for path in DOCS.glob(pattern):
            target = folder / path.relative_to(DOCS)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".md":
                page = equations.drawn(path.read_text(encoding="utf-8"))
                page = equations.spelled(page) if path.parent.name == "theory" else page
                target.write_text(page, encoding="utf-8")
            else:
                shutil.copyfile(path, target)
    for name, text in (*pages(), *gallery.pages(folder, executed=executed)):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Build the site, or only its pages."""
    if "--stage" in arguments:
        stage(Path(arguments[arguments.index("--stage") + 1]), executed=False)
        return 0
    stage(STAGE, executed="--no-gallery" not in arguments)
    words = ["-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(SITE)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    code = subprocess.run([sys.executable, *words], cwd=ROOT, env=quiet, check=False).returncode
    if code == 0:
        print(f"site: {SITE / 'index.html'}; with its search: python -m http.server -d {SITE}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
