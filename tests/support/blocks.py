"""The blocks of code on a page of the documentation, and what is to be done with them.

A line of comment before a block says so: ``<!-- file: cell.yaml -->`` puts it into a file,
``<!-- not run: why -->`` leaves it out. Everything else of ``python`` and ``console`` is run.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"(?:^ *<!-- (?P<word>file|not run): (?P<rest>[^\n]+) -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Attributes:
        line: of the page, where it begins.
        language: behind its fence.
        text: what stands in it.
        file: name of the file that it is, or empty.
        reason: why it is not run, or empty.
    """

    line: int
    language: str
    text: str
    file: str
    reason: str

    @property
    def runs(self):
        """Whether it is run as it is."""
        return self.language in ("python", "console") and not (self.file or self.reason)


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page."""
    whole = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(whole):
        lines = found["text"].splitlines(keepends=True)
        text = "".join(line.removeprefix(found["indent"]) for line in lines)
        marks = {found["word"]: found["rest"]}
        line = whole.count("\n", 0, found.start("language")) + 1
        yield Block(
            line, found["language"], text, marks.get("file", ""), marks.get("not run", "")
        )


def commands(block: Block) -> Iterator[list[str]]:
    """Yield the words of each command of a block; comments are left out."""
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words
