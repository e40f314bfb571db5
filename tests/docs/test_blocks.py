"""Every block of code of the documentation runs, or its page says why it does not."""

from pathlib import Path

import matplotlib as mpl
import pytest
import typer
import yaml

from lithomech.app import cli
from support.blocks import blocks, commands

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = {"python", "console", "yaml", "bash", "text", "toml", "math"}
QUICK = {"add_a_law.md", "add_a_material.md"}  # less than 5 s


def name_of(page):
    return str(page.relative_to(ROOT))


def parsed(words):
    """Raise where a command, an option or the type of its value is unknown."""
    command = typer.main.get_command(cli.app)
    context = command.make_context("lithomech", words)
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        context = command.make_context(name, rest, parent=context)


def perform(block, space):
    """Run a block in the current folder; tests that it defines are called."""
    if block.language == "console":
        for words in commands(block):
            assert words[0] == "lithomech", f"{words[0]}: run, or marked as not run?"
            assert cli.main(words[1:]) == 0, words
        return
    known = set(space)
    exec(compile(block.text, f"line {block.line}", "exec"), space)
    for name in set(space) - known:
        if name.startswith("test_"):
            space[name]()


def test_every_block_has_a_language():
    """So it is known whether it is to be run; nothing hides in an indented block."""
    for page in PAGES:
        for block in blocks(page):
            assert block.language in LANGUAGES, f"{name_of(page)}:{block.line}"
            assert not block.reason or block.language in ("python", "console")


def test_what_is_not_run_is_at_least_a_command():
    for page in PAGES:
        for block in blocks(page):
            if block.language == "console" and block.reason:
                for words in commands(block):
                    if words[0] == "lithomech":
                        parsed(words[1:])


def test_every_piece_of_yaml_is_yaml():
    for page in PAGES:
        for block in blocks(page):
            if block.language == "yaml":
                assert yaml.safe_load(block.text), f"{name_of(page)}:{block.line}"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            page, id=name_of(page), marks=() if page.name in QUICK else pytest.mark.deep
        )
        for page in PAGES
        if any(block.runs for block in blocks(page))
    ],
)
def test_the_blocks_of_a_page_run(page, tmp_path, monkeypatch, capsys):
    """One after the other in an empty folder; Python sees what earlier blocks have defined."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    space = {"__name__": "page"}
    with mpl.rc_context({"figure.max_open_warning": 0}):
        for block in blocks(page):
            if block.file:
                target = tmp_path / block.file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
            elif block.runs:
                perform(block, space)
    capsys.readouterr()
