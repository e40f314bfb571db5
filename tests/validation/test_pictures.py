"""The commands that claims name for figure panels: each is typed, and draws."""

import shlex
from pathlib import Path

import pytest

from lithomech.app import cli
from lithomech.validation.register import load_register

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMANDS = sorted(
    {c.check.command for c in load_register().claims.values() if c.check.by == "picture"}
)


@pytest.mark.deep
@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_of_a_picture_draws(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    program, *words = shlex.split(command)
    if program == "python":  # a script that tests/examples runs: it draws its figure
        assert EXAMPLES.parent / words[0] in EXAMPLES.glob("[0-9]*.py")
        return
    for word in words:
        if (EXAMPLES / word).is_file():
            text = (EXAMPLES / word).read_text(encoding="utf-8")
            (tmp_path / word).write_text(text, encoding="utf-8")
    assert cli.main(words) == 0, capsys.readouterr().err
    assert words[0] == "figures" or list(tmp_path.rglob("*.html"))
    assert list(tmp_path.rglob("figures/*.png"))
