"""What a study varies: the keys of a file. It makes and runs members from their values."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, final

from lithomech.cell.mechanisms.plugins import composition
from lithomech.errors import InputError, Mistakes
from lithomech.files.kept import digest
from lithomech.files.origin import SETTING, Origin, Source, key_path, read_origin
from lithomech.files.yamlfile import KeyPath, join_key, split_key
from lithomech.materials.library import FOLDER
from lithomech.materials.mentioned import OVERRIDES
from lithomech.studies.kinds import Kind, kind_of
from lithomech.studies.members import Member
from lithomech.studies.readings import Readings, read_all
from lithomech.version import __version__

Values = Mapping[KeyPath, object]
UNKNOWN: Final = "unknown key"


@final
class Subject:
    """A file of some kind whose keys are varied. It makes and runs members."""

    def __init__(self, kind: Kind, origin: Origin, settings: tuple[KeyPath, ...]) -> None:
        """Take a base.

        Args:
            kind: of file.
            origin: with the settings that are the same for all members.
            settings: their paths.
        """
        self.kind = kind
        self.origin = origin
        self.settings = settings

    def declare(self, values: Values, *, in_full: bool = False) -> Any:  # noqa: ANN401
        """Return what is declared with other values: a cell, a structure or a particle.

        Raises:
            InputError: nothing of the kind is possible.
        """
        return self.kind.declare(self.origin.with_values(values), in_full)

    @property
    def mark(self) -> str:
        """What the results of all members depend on besides their values."""
        return self._mark

    @cached_property
    def _mark(self) -> str:
        try:
            base = self.kind.hashed(self.declare({}))
        except InputError:  # it lacks what the members vary
            base = ""
        data = [__version__, composition().key, base, self.origin.document.data]
        return digest([*data, _materials(self.origin.folder)])

    def mistakes(self, values: Values) -> tuple[InputError, ...]:
        """Return what is wrong with the file with these values."""
        try:
            self.declare(values, in_full=True)
        except InputError as error:
            return error.mistakes
        return ()

    def base_mistakes(
        self, paths: Sequence[KeyPath], tried: Sequence[Sequence[InputError]]
    ) -> Iterator[InputError]:
        """Yield what is wrong whatever is varied, where the file or the settings say it.

        What is wrong with the whole where varied values are part of it, or only with some of
        the values, is no mistake of the study: such members are infeasible.

        Args:
            paths: that are varied.
            tried: mistakes with several values.
        """
        always = set.intersection(*({one.key for one in mistakes} for mistakes in tried))
        for one in tried[0]:
            where = split_key(one.key or "")
            if one.key not in always or any(_meet(where, path) for path in paths):
                continue
            settings = [path for path in self.settings if _meet(where, path)]
            if settings and one.file == SETTING:
                below = join_key(where[len(settings[0]) :])
                message = f"{below}: {one.message}" if below else one.message
                yield InputError(message, key=join_key(("set", join_key(settings[0]))))
            else:
                yield one

    def run(self, values: Values, readings: Readings, is_stopped: Callable[[], bool]) -> Member:
        """Run the member with these values.

        Raises:
            InterruptedError: the study was stopped meanwhile.
        """

        def watch(_fraction: float, _text: str) -> None:
            if is_stopped():
                raise InterruptedError

        begun, point = time.perf_counter(), tuple(values.values())
        nothing = dict.fromkeys((reading.name for reading in readings), None)
        try:
            result, hashed = self.kind.run(self.declare(values), watch)
            outputs = read_all(readings, result)
        except InterruptedError:
            raise
        except InputError as error:
            reason = "; ".join(_short(one) for one in error.mistakes)
            spent = time.perf_counter() - begun
            return Member(point, "infeasible", reason, nothing, None, spent)
        except Exception as error:
            reason = f"unexpected {type(error).__name__}: {error}"
            spent = time.perf_counter() - begun
            return Member(point, "not converged", reason, nothing, None, spent)
        spent = time.perf_counter() - begun
        return Member(point, result.status, result.reason, outputs, hashed, spent)


def subject_of(base: Source, folder: Path, settings: Mapping[str, object]) -> Subject:
    """Read the base of a study.

    Args:
        base: path of a file, name of a packaged example, or the content as a dict.
        folder: where a relative path may start from.
        settings: keys of the base with their values.

    Raises:
        InputError: it cannot be read.
    """
    if isinstance(base, str | Path) and (folder / base).is_file():
        base = folder / base
    mistakes = Mistakes()
    paths = {}
    for key, value in settings.items():
        with mistakes.noted(key=join_key(("set", key))):
            paths[key_path(key)] = value
    with mistakes.noted(key="base"):
        origin = read_origin(base)
        for path, value in paths.items():
            with mistakes.noted(key=join_key(("set", join_key(path)))):
                origin = _with_setting(origin, path, value)
    mistakes.report()
    kind = kind_of(origin.document.data)
    return Subject(kind, kind.quiet(origin), tuple(paths))


def _with_setting(origin: Origin, path: KeyPath, value: object) -> Origin:
    try:
        return origin.with_values({path: value})
    except InputError as error:
        raise InputError(error.message) from None


def value_mistakes(mistakes: Sequence[InputError], path: KeyPath) -> Iterator[InputError]:
    """Yield those mistakes that are of the value at one path, or of the path itself."""
    for one in mistakes:
        where = split_key(one.key or "")
        unknown = one.message.startswith(UNKNOWN) and where == path[: len(where)]
        if where and (unknown or where[: len(path)] == path):
            below = join_key(where[len(path) :])
            yield InputError(f"{below}: {one.message}" if below else one.message)


def _meet(one: KeyPath, other: KeyPath) -> bool:
    """Whether one key lies inside the other."""
    return one[: len(other)] == other or other[: len(one)] == one


def _materials(folder: Path) -> dict[str, str]:
    """Hashes of the user's own material files, which any member may name."""
    own = os.environ.get(FOLDER)
    places = [folder / OVERRIDES, *([Path(own)] if own else [])]
    files = [file for place in places for file in sorted(place.glob("*")) if file.is_file()]
    return {str(file): sha256(file.read_bytes()).hexdigest() for file in files}


def _short(error: InputError) -> str:
    return f"{error.key}: {error.message}" if error.key else error.message
