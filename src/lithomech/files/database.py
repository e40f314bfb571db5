"""SQLite databases of other programs: read only, plain tables only, with an end to the work."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.damaged import damaged, plain_size

INSTRUCTIONS: Final = 100_000  # of SQLite between two looks at the work done
WORK: Final = 20_000_000  # instructions that any database may take
WORK_PER_BYTE: Final = 100
LEAST_ROW: Final = 8  # bytes
LONGEST_VALUE: Final = 1_000_000  # bytes
ROWS: Final = 20_000  # fetched at once


@final
@dataclass(frozen=True)
class Database:
    """An open database.

    Attributes:
        connection: to SQLite.
        most_rows: that a file of its size can hold.
    """

    connection: sqlite3.Connection
    most_rows: int

    def numbers(self, question: str, width: int) -> NDArray[np.float64]:
        """Return the rows of a question, NaN where there is no value; shape (rows, width).

        Raises:
            InputError: a value is not a number, or there are more rows than the file holds.
        """
        cursor, parts, left = self.connection.execute(question), [], self.most_rows
        while rows := cursor.fetchmany(ROWS):
            left -= len(rows)
            if left < 0:
                raise InputError(f"returns more rows than the file holds ({self.most_rows})")
            values = [[np.nan if value is None else value for value in row] for row in rows]
            parts.append(np.array(values, np.float64))
        return np.concatenate(parts) if parts else np.empty((0, width))

    def value(self, question: str) -> object:
        """Return the first value of the first row; None where there is none."""
        row = self.connection.execute(question).fetchone()
        return row[0] if row else None


@contextmanager
def open_database(path: Path, tables: Sequence[str], message: str) -> Iterator[Database]:
    """Open a database without a trace; a view that never ends is not asked.

    Args:
        path: of the file.
        tables: that it must have.
        message: what the file is where it cannot be read.

    Raises:
        InputError: with the file: it is no database, a table is missing or is none, or
            reading takes more work than its size explains.
    """
    size = plain_size(path)
    # read only and immutable: no lock, no journal is made beside the measurement
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with damaged(path, message), closing(sqlite3.connect(address, uri=True)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.text_factory = _text
        work = iter(range((WORK + WORK_PER_BYTE * size) // INSTRUCTIONS))
        connection.set_progress_handler(lambda: next(work, None) is None, INSTRUCTIONS)
        connection.execute("PRAGMA trusted_schema = OFF")
        for table in tables:
            _check_table(connection, table)
        yield Database(connection, size // LEAST_ROW)


def _check_table(connection: sqlite3.Connection, name: str) -> None:
    """A table of its own must stand under this name, not the result of a question.

    Raises:
        InputError: it does not.
    """
    question = "SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE LIMIT 2"
    found = connection.execute(question, (name,)).fetchall()
    if not found:
        raise InputError(f"has no table {name}")
    kinds = {str(kind).lower() for kind, _ in found}
    virtual = any("virtual" in str(made).lower().split("(")[0].split() for _, made in found)
    if kinds != {"table"} or virtual:
        raise InputError(f"{name} is a view and no table; copy its rows to a table")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
