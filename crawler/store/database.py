"""The SQLite file: opened, brought up to date, written in transactions."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from crawler.store.migrations import MIGRATIONS

Value = str | bytes | float | None


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file."""


class ChangedError(StoreError):
    """The store was written to while it was read as a file that nobody writes; read it anew."""


class ChangeError(StoreError):
    """One change cannot be made: it breaks a rule of the store, which is sound and takes others."""


NO_STORE = "no releases yet; run `crawl` first"
# Faults of what is to be stored; all others are faults of the file or the disk.
_REFUSED = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Of an extended code, the byte that says what kind it is.
_KIND = 0xFF


def is_made(path: Path) -> bool:
    """Whether a crawl has made a store at *path*: SQLite takes an empty file for a new one."""
    return path.is_file() and path.stat().st_size > 0


class Database:
    """The SQLite file at *path*, made or brought up to date if need be.

    One process writes at a time; any number may read meanwhile. Safe to share between threads.
    """

    def __init__(self, path: Path, *, mode: Literal["rwc", "ro", "ro&immutable=1"] = "rwc") -> None:
        self.path = path
        self._unwritten = _state(path) if mode == "ro&immutable=1" else None
        self._lock = threading.RLock()
        with _errors_named(path):
            if mode == "rwc":
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=30,
            )
        # Damaged letters are read as U+FFFD: which release they are of, its digest tells.
        self._db.text_factory = partial(str, encoding="utf-8", errors="replace")
        self._db.create_function("row_digest", -1, row_digest, deterministic=True)
        try:
            if mode == "rwc":
                self._prepare()
            else:
                self._check_version()
        except StoreError:
            self.close()
            raise

    @classmethod
    def open_readonly(cls, path: Path) -> Self:
        """Open the store for reading only; its folder need not be writable.

        Where it is not, and no crawl has the store open, SQLite cannot make the file beside it that keeps
        readers and writers apart. Then it is read as a file that nobody writes, and each answer checks that.

        Raises:
            StoreError: there is none yet, another version of this program made it, or a killed crawl left it
                so that only a crawl can mend it.
        """
        if not is_made(path):
            raise StoreError(f"{path}: {NO_STORE}")
        try:
            return cls(path, mode="ro")
        except StoreError as error:
            if not _needs_writing(error):
                raise
        if not _log_of(path).exists():
            return cls(path, mode="ro&immutable=1")
        try:
            return cls(path, mode="ro")  # of a crawl that has just begun
        except StoreError as error:
            if not _needs_writing(error):
                raise
            raise StoreError(
                f"{path}: left by a crawl that was killed; `crawl check` brings it in order"
            ) from error

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the store for writing; what is written inside is there as a whole or not at all.

        Inside another transaction of the same thread it joins that one.

        Raises:
            ChangeError: what is written breaks a rule of the store.
            StoreError: the disk is full, the file is damaged or cannot be written.
        """
        with self._lock, _errors_named(self.path):
            if self._db.in_transaction:
                yield  # whoever holds the lock began it
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what is written inside, and that alone, if it fails; may be part of a transaction.

        Raises:
            StoreError: the fault ended the transaction, so that there is nothing to take back to.
        """
        with self.transaction():
            self._db.execute("SAVEPOINT part")
            try:
                yield
            except BaseException as error:
                if not self._db.in_transaction:
                    raise StoreError(f"{self.path}: {error}") from error
                self._db.execute("ROLLBACK TO part")
                self._db.execute("RELEASE part")
                raise
            self._db.execute("RELEASE part")

    def copy_to(self, path: Path) -> None:
        """Write the store as it is now to a new file at *path*."""
        self.rows("VACUUM INTO ?", str(path))

    def corruptions(self) -> list[str]:
        """Return the first few faults that SQLite finds in the file."""
        return [fault for (fault,) in self.rows("PRAGMA integrity_check(5)") if fault != "ok"]

    def count_dangling_references(self) -> int:
        """Return how many rows refer to a row that does not exist."""
        return len(self.rows("PRAGMA foreign_key_check"))

    def version(self) -> int:
        """Return how many of the `MIGRATIONS` the file has seen."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def _check_version(self) -> None:
        if self.version() != len(MIGRATIONS):
            raise StoreError(f"{self.path}: made by another version; `crawl check` brings it up to date")

    def _prepare(self) -> None:
        if (version := self.version()) > len(MIGRATIONS):
            raise StoreError(f"{self.path}: made by a newer version of this program")
        with _errors_named(self.path):
            self._db.execute("PRAGMA journal_mode = WAL")
            # A commit that was reported survives a power cut.
            self._db.execute("PRAGMA synchronous = FULL")
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                self._db.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")

    def execute(self, sql: str, *values: Value) -> None:
        """Run one statement that writes, in a transaction of its own unless one is open."""
        with self.transaction():
            self._db.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each of *rows*, in one transaction."""
        with self.transaction():
            self._db.executemany(sql, rows)

    def rows(self, sql: str, *values: Value) -> list[Any]:  # sqlite3 knows no types of columns
        """Return what a SELECT finds."""
        with self._lock:
            try:
                with _errors_named(self.path):
                    return self._db.execute(sql, values).fetchall()
            finally:
                self._check_unwritten()

    def _check_unwritten(self) -> None:
        if self._unwritten is not None and _state(self.path) != self._unwritten:
            raise ChangedError(f"{self.path}: written to meanwhile; try again")


def row_digest(*values: Value) -> str:
    """Return what tells one row of the store from any other; stores hold it, so it may not change."""
    return hashlib.blake2b(json.dumps(values, default=repr).encode(), digest_size=16).hexdigest()


def _log_of(path: Path) -> Path:
    """Return the file beside a store that holds what was written last."""
    return path.with_name(f"{path.name}-wal")


def _state(path: Path) -> tuple[int, int, int, bool]:
    """Return what differs once the store has been written to: no writer leaves it without a log before."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, _log_of(path).exists()


def _needs_writing(error: StoreError) -> bool:
    """Whether SQLite wanted to write beside a file and could not."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & _KIND in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _named(path, error) from error


def _named(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    # Only what SQLite itself finds has a code; Python finds values that SQLite has no type for.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _KIND
    if kind in _REFUSED or isinstance(error, (sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return ChangeError(f"{path}: {error}")
    return StoreError(f"{path}: {error}" + ("; restore the file from a backup" if kind in _DAMAGED else ""))
