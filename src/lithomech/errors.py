"""Every error this package raises on purpose.

* LithomechError
  x InputError (also ValueError)      the caller can fix it; knows file, line and key
    + MaterialError                   a material file is wrong or incomplete
    + SeveralMistakesError                     several of them at once, one line each
  x SolveError (also RuntimeError)    the numbers did not work out outside a run
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Self, final


def printable(text: str) -> str:
    """Return text with control characters escaped: a terminal would obey them."""
    return "".join(
        letter
        if letter in "\n\t" or not unicodedata.category(letter).startswith("C")
        else letter.encode("unicode_escape", "surrogatepass").decode()
        for letter in text
    )


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

    @property
    def mistakes(self) -> "tuple[InputError, ...]":
        """The mistakes one by one."""
        return (self,)

    def each(self, change: "Callable[[InputError], InputError]") -> "InputError":
        """Return the error with `change` applied to each of its mistakes."""
        return change(self)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return printable(": ".join(part for part in (place, self.key, self.message) if part))


class MaterialError(InputError):
    """A material file is wrong or incomplete."""


@final
class SeveralMistakesError(InputError):
    """Several mistakes of one input, one line each; the attributes are those of the first."""

    def __init__(self, mistakes: Iterable[InputError]) -> None:
        self._mistakes = tuple(one for error in mistakes for one in error.mistakes)
        first = self._mistakes[0]
        message = "; ".join(one.message for one in self._mistakes)
        super().__init__(message, first.file, first.line, first.key)

    @property
    def mistakes(self) -> tuple[InputError, ...]:
        """The mistakes one by one."""
        return self._mistakes

    def each(self, change: Callable[[InputError], InputError]) -> InputError:
        """Return the error with `change` applied to each of its mistakes."""
        return SeveralMistakesError(change(one) for one in self._mistakes)

    def located(
        self, file: str | None = None, line: int | None = None, key: str | None = None
    ) -> Self:
        """Return the same mistakes with the places filled in that they did not know yet."""
        return type(self)(one.located(file, line, key) for one in self._mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self._mistakes))


@final
class Mistakes:
    """Collects mistakes, so that all of an input are reported at once.

    >>> mistakes = Mistakes()
    >>> with mistakes.noted():
    ...     raise InputError("20 has no unit", key="fixture.pressure")
    >>> [str(one) for one in mistakes.all]
    ['fixture.pressure: 20 has no unit']
    """

    def __init__(self, mistakes: Iterable[InputError] = ()) -> None:
        self.all: list[InputError] = list(mistakes)

    @contextmanager
    def noted(
        self, file: str | None = None, line: int | None = None, key: str | None = None
    ) -> Iterator[None]:
        """Note an InputError raised inside, with the place that it did not know."""
        try:
            yield
        except InputError as error:
            self.all += error.located(file, line, key).mistakes

    def report(self) -> None:
        """Raise what was collected.

        Raises:
            InputError: the mistake, or an SeveralMistakesError of all of them.
        """
        if len(self.all) == 1:
            raise self.all[0]
        if self.all:
            raise SeveralMistakesError(self.all)


class SolveError(LithomechError, RuntimeError):
    """The numbers did not work out."""
