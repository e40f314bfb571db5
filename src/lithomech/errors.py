"""Every error this package raises on purpose.

* LithomechError
  x InputError (also ValueError)      the caller can fix it; knows file, line and key
    + MaterialError                   a material file is wrong or incomplete
  x SolveError (also RuntimeError)    the numbers did not work out outside a run
"""

from typing import Self


class LithomechError(Exception):
    """Base of all deliberate errors."""


class InputError(LithomechError, ValueError):
    """The caller can fix it: one line that says what is wrong, where, and what is allowed."""

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.key = key

    def located(
        self, file: str | None = None, line: int | None = None, key: str | None = None
    ) -> Self:
        """Return the same error with the places filled in that it did not know yet."""
        return type(self)(self.message, self.file or file, self.line or line, self.key or key)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (place, self.key, self.message) if part)


class MaterialError(InputError):
    """A material file is wrong or incomplete."""


class SolveError(LithomechError, RuntimeError):
    """The numbers did not work out."""
