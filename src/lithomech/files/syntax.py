"""What is wrong with a text that is no YAML, in words of whoever writes a cell file."""

from typing import Final

import yaml

from lithomech.files.quantity import shown

_BRACKETS: Final = {
    "did not find expected ',' or '}'": "{",
    "did not find expected ',' or ']'": "[",
}
_STRAY: Final = {
    "found character that cannot start any token",
    "found a tab character that violates indentation",
}
_WORDS: Final = {
    "mapping values are not allowed in this context": (
        "a key stands further right than those above it, or a text holds ': ' and needs quotes"
    ),
    "did not find expected key": (
        "a key begins in another column than the keys above it, or text follows a closing quote"
    ),
    "did not find expected '-' indicator": (
        "entries of one list begin in the same column, each with '- '"
    ),
}


def syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[int | None, str]:
    """Return the line of an error, from 1, and what is wrong there.

    Args:
        error: of PyYAML.
        text: that was read.
    """
    problem, context = error.problem or "", error.context or ""
    here = error.problem_mark or error.context_mark
    opened = error.context_mark or error.problem_mark
    if here is None or opened is None:
        return None, problem or context
    if problem in _BRACKETS:
        return opened.line + 1, f"the {_BRACKETS[problem]} on this line is not closed"
    if "quoted scalar" in context:
        return opened.line + 1, "the quote on this line is not closed"
    lines = [*text.splitlines(), ""]
    if problem == "could not find expected ':'":
        words = shown(lines[opened.line].strip())
        return opened.line + 1, f"{words} lacks the colon and space of 'key: value'"
    if problem in _STRAY:
        problem = _first(lines[here.line][here.column : here.column + 1])
    return here.line + 1, _WORDS.get(problem, problem or context)


def _first(character: str) -> str:
    if character == "\t":
        return "a tab stands before the text: indent with spaces"
    return f"no text begins with {shown(character)}: put it in quotes"
