"""A SQLite file beside the store, written by `reindex` and read by the serving processes.

It can always be made again from the store.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from index import deadline
from index.errors import EngineError

# Steps of SQLite's machine after which a query asks whether its time is used up: some milliseconds.
_STEPS = 100_000
# What SQLite keeps beside a file while it writes.
_BESIDE = ("-journal", "-wal", "-shm")
# How reading fails if a killed writer left a journal that is to be undone.
_HOT = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "; it is being written, try again",
    sqlite3.SQLITE_CORRUPT: "; remove it and run `reindex`",
    sqlite3.SQLITE_NOTADB: "; remove it and run `reindex`",
    sqlite3.SQLITE_READONLY: "; run `reindex` as the user to whom the data belong",
    sqlite3.SQLITE_CANTOPEN: "; run `reindex` as the user to whom the data belong",
}
_SCHEMA = (
    # Deleted text is overwritten: a hidden release leaves no trace.
    "PRAGMA secure_delete = ON",
    "CREATE TABLE IF NOT EXISTS state (rules TEXT, epoch TEXT, number INT)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What a file was made from: the rules, the sequence of events, and the last event or change."""

    rules: str
    epoch: str
    number: int


class DerivedFile:
    """The file at *path*; each call opens it, so threads and processes may share this."""

    SCHEMA: ClassVar[Sequence[str]] = ()
    """The statements that make its tables, beside that of its state."""

    def __init__(self, path: Path, *, patience_s: float = 5) -> None:
        self.path = path
        self._patience_s = patience_s
        """How long a call waits, in seconds, for the one that has locked the file."""

    def state(self) -> FileState | None:
        """Return what the file was made from; None if there is none."""
        rows = self._read("SELECT rules, epoch, number FROM state")
        return FileState(rules=rows[0][0], epoch=rows[0][1], number=rows[0][2]) if rows else None

    def _read(self, sql: str, *values: object) -> list[Any]:
        """Return the rows of a query; none if there is no file yet.

        Raises:
            DeadlineError: the answer takes too long.
            EngineError: the file cannot be read; the message says what helps.
        """
        if not self.path.exists():
            return []
        try:
            try:
                return self._rows("ro", sql, values)
            except sqlite3.OperationalError as error:
                if _primary(error) not in _HOT:
                    raise
                # A writer was killed: SQLite undoes what it began, if this process may write.
                return self._rows("rw", sql, values)
        except sqlite3.Error as error:
            deadline.check()
            raise self._error(error) from error

    def _rows(self, mode: str, sql: str, values: Sequence[object]) -> list[Any]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=self._patience_s)) as db:
            db.set_progress_handler(deadline.is_over, _STEPS)
            for statement, given in self._prepared():
                db.execute(statement, given)
            return db.execute(sql, values).fetchall()

    def _prepared(self) -> Iterable[tuple[str, Sequence[object]]]:
        """Return the statements that come before each query, with their values."""
        return ()

    def _error(self, error: sqlite3.Error) -> EngineError:
        remedy = _REMEDIES.get(_primary(error), "")
        return EngineError(f"{self.path}: {error}{remedy}")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Open the file, which is made if it is missing, to write; all of it or nothing is kept.

        Raises:
            EngineError: the file cannot be written.
        """
        try:
            with closing(sqlite3.connect(self.path, timeout=self._patience_s)) as db:
                for statement in (*_SCHEMA, *self.SCHEMA):
                    db.execute(statement)
                with db:
                    yield db
        except sqlite3.Error as error:
            raise self._error(error) from error

    def finish(self, state: FileState) -> None:
        """Note what the file is made from now."""
        with self._writing() as db:
            db.execute("DELETE FROM state")
            db.execute("INSERT INTO state VALUES (?, ?, ?)", (state.rules, state.epoch, state.number))

    def remove(self) -> None:
        """Remove the file and what SQLite keeps beside it; the file first: alone, it may be broken."""
        for ending in ("", *_BESIDE):
            self.path.with_name(f"{self.path.name}{ending}").unlink(missing_ok=True)

    def become(self, draft: Self) -> None:
        """Put the finished *draft* in the place of this file."""
        # What a killed writer left belongs to the old file and would be played into the new one.
        if any(self.path.with_name(f"{self.path.name}{ending}").exists() for ending in _BESIDE):
            self.remove()
        draft.path.replace(self.path)


def _primary(error: sqlite3.Error) -> int:
    """Return the kind of an *error* of SQLite, without its details; 0 if it is one of the module."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def marks(values: Sequence[object]) -> str:
    """Return as many question marks as there are *values*, for ``IN (…)``."""
    return ",".join("?" * len(values))
