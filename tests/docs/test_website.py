"""The pages of the documentation site, before any generator sees them."""

import re
from pathlib import Path

import pytest
import typer
import yaml

import website
from lithomech.app import cli

ROOT = Path(__file__).parents[2]
OUTSIDE = ("http", "mailto:", "#")
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "pages"
    website.stage(folder, executed=False)
    return folder


def test_no_link_leads_nowhere(staged):
    broken = []
    for page in staged.rglob("*.md"):
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            path = target.partition("#")[0]
            if not target.startswith(OUTSIDE) and not (page.parent / path).is_file():
                broken.append(f"{page.relative_to(staged)}: {target}")
    assert broken == []


def listed(entries):
    """Every page below an entry of the navigation."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            for below in entry.values():
                yield from listed(below if isinstance(below, list) else [below])


def test_every_page_is_in_the_navigation_and_the_other_way_round(staged):
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    navigated = set(listed(yaml.safe_load(text)["nav"]))
    written = {str(page.relative_to(staged)) for page in staged.rglob("*.md")}
    indexed = {page for page in written if page.startswith(("materials/", "gallery/"))}
    assert navigated == written - indexed | {"materials/index.md", "gallery/index.md"}


def test_every_public_name_has_its_place(staged):
    import lithomech  # noqa: PLC0415

    reference = staged / "reference" / "python"
    text = "".join(page.read_text(encoding="utf-8") for page in reference.glob("*.md"))
    described = re.findall(r"^::: \S+\.(\w+)$", text, re.MULTILINE)
    public = [name for name in lithomech.__all__ if not name.startswith("__")]
    assert sorted(described) == sorted(public)


def test_no_help_is_taken_for_markup():
    """What stands in square brackets, as for colours, is not printed by --help."""
    group = typer.main.get_command(cli.app)
    for name, command in website.commands(group, ""):
        for parameter in command.params:
            text = getattr(parameter, "help", None) or ""
            assert not re.search(r"\[[a-z]", text), f"{name}: {text}"


def test_every_equation_is_drawn(staged):
    """Those of the theory, without a script: as pictures that say what they show."""
    source = (ROOT / "docs" / "theory" / "contact.md").read_text(encoding="utf-8")
    page = (staged / "theory" / "contact.md").read_text(encoding="utf-8")
    assert source.count("```math") == page.count('<svg viewBox="') > 10
    assert "```math" not in "".join(p.read_text(encoding="utf-8") for p in staged.rglob("*.md"))
    assert "<i>&sigma;</i><sub>0</sub>" in page
    assert r'aria-label="z = \frac{m + a}{3} + f - e + g,"' in page
