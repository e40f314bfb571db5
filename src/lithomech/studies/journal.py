"""The members of a study that are done, in an SQLite file: safe against kill -9."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, final

from lithomech.errors import InputError
from lithomech.studies.members import Member, Point, text_of

NAME: Final = "study.sqlite"
IN_MEMORY: Final = ":memory:"
PATIENCE: Final = 60.0  # s that another process may hold the file
TABLES: Final = """
CREATE TABLE IF NOT EXISTS studies (
    id INTEGER PRIMARY KEY, mark TEXT NOT NULL UNIQUE, factors TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS members (
    study INTEGER NOT NULL REFERENCES studies (id), inputs TEXT NOT NULL, status TEXT NOT NULL,
    reason TEXT NOT NULL, outputs TEXT NOT NULL, input_hash TEXT, wall_time_s REAL NOT NULL,
    PRIMARY KEY (study, inputs)
) WITHOUT ROWID;
"""
COLUMNS: Final = "status, reason, outputs, input_hash, wall_time_s"


class Wanted(NamedTuple):
    """What a study asks of its journal.

    Attributes:
        factors: keys that are varied.
        outputs: names of what is read out of each run.
    """

    factors: tuple[str, ...]
    outputs: tuple[str, ...]


@final
class Journal:
    """Members by their inputs. What other studies left in the same file stays, unused.

    Each ``add`` is a transaction in SQLite's write-ahead log: what it returned from survives
    a killed process.
    """

    def __init__(self, path: Path | None, mark: str, wanted: Wanted) -> None:
        """Open a journal, or make it.

        Args:
            path: of the file; None to keep it in memory.
            mark: what the results depend on besides the inputs; members of another mark are
                not used.
            wanted: keys that are varied, and outputs that a member must have to be used.

        Raises:
            InputError: the file is no such journal.
        """
        self._names = wanted.outputs
        try:
            self._file = sqlite3.connect(path or IN_MEMORY, timeout=PATIENCE)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(TABLES)
            with self._file:
                self._file.execute(
                    "INSERT OR IGNORE INTO studies (mark, factors) VALUES (?, ?)",
                    (mark, json.dumps(wanted.factors)),
                )
            found = self._file.execute("SELECT id FROM studies WHERE mark = ?", (mark,))
            self._study = int(found.fetchone()[0])
        except (sqlite3.Error, TypeError) as error:
            message = f"is no journal of a study ({error}); --restart begins anew"
            raise InputError(message, file=str(path)) from None

    def add(self, members: Iterable[Member]) -> None:
        """Keep members; they are on their way to the disk when this returns."""
        rows = [
            (
                self._study, text_of(m.point), m.status, m.reason,
                json.dumps({**self._outputs(m.point), **m.outputs}), m.input_hash,
                m.wall_time_s,
            )
            for m in members
        ]  # fmt: skip
        with self._file:
            self._file.executemany(
                f"INSERT OR REPLACE INTO members (study, inputs, {COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def _outputs(self, point: Point) -> dict[str, float | None]:
        """What was read out of a member before; empty if it was not run."""
        row = self._file.execute(
            "SELECT outputs FROM members WHERE study = ? AND inputs = ?",
            (self._study, text_of(point)),
        ).fetchone()
        return {} if row is None else json.loads(row[0])

    def find(self, point: Point) -> Member | None:
        """Return the member with these inputs, if it is done."""
        row = self._file.execute(
            f"SELECT {COLUMNS} FROM members WHERE study = ? AND inputs = ?",
            (self._study, text_of(point)),
        ).fetchone()
        if row is None:
            return None
        status, reason, outputs, hashed, spent = row
        held = json.loads(outputs)
        if any(name not in held for name in self._names):
            return None
        asked = {name: held[name] for name in self._names}
        return Member(point, status, reason, asked, hashed, spent)

    def members(self, points: Iterable[Point]) -> Iterator[Member]:
        """Yield the members that are done, in the order of the points."""
        for point in points:
            member = self.find(point)
            if member is not None:
                yield member

    def everything(self) -> Iterator[Member]:
        """Yield all members that have the outputs that are asked for."""
        rows = self._file.execute("SELECT inputs FROM members WHERE study = ?", (self._study,))
        return self.members(tuple(json.loads(inputs)) for (inputs,) in rows.fetchall())

    def close(self) -> None:
        """Close the file and take what the write-ahead log holds into it."""
        with suppress(sqlite3.Error):
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._file.close()

    def __del__(self) -> None:
        """Close the file where nobody did."""
        with suppress(AttributeError, sqlite3.Error):
            self._file.close()


def remove(folder: Path) -> None:
    """Remove the journal in a folder."""
    for ending in ("", "-wal", "-shm"):
        (folder / f"{NAME}{ending}").unlink(missing_ok=True)
