"""The SQLite file: opened, brought up to date, written in transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self

from crawler.schema import MIGRATIONS


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file."""


class ChangedError(StoreError):
    """The store was written to while it was read as a file that nobody writes; read it anew."""


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
        if not path.is_file():
            raise StoreError(f"{path}: no releases yet; run `crawl` first")
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
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the store for writing; what is written inside is there as a whole or not at all.

        Inside another transaction of the same thread it joins that one.

        Raises:
            StoreError: the disk is full, the file is damaged or cannot be written.
        """
        with self._lock, _errors_named(self.path):
            if self._db.in_transaction:
                yield self._db  # whoever holds the lock began it
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    def copy_to(self, path: Path) -> None:
        """Write the store as it is now to a new file at *path*."""
        self.rows("VACUUM INTO ?", str(path))

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

    def rows(self, sql: str, *values: str | int) -> list[Any]:  # sqlite3 knows no types of columns
        """Return what a SELECT finds."""
        with self._lock:
            try:
                found = self._db.execute(sql, values).fetchall()
            except (sqlite3.Error, OSError) as error:
                self._check_unwritten()
                raise StoreError(f"{self.path}: {error}") from error
            self._check_unwritten()
            return found

    def _check_unwritten(self) -> None:
        if self._unwritten is not None and _state(self.path) != self._unwritten:
            raise ChangedError(f"{self.path}: written to meanwhile; try again")


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
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}") from error
