"""The SQLite file: opens it, migrates it, and writes it in transactions."""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from crawler.store.migrations import MIGRATIONS, statements_of
from preses_relizes.shared.durable import put_in_place

Value = str | bytes | float | None


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file."""


class NewerStoreError(StoreError):
    """A newer program made or migrated the store."""


class ChangedError(StoreError):
    """The store was written to while it was read as immutable; read it again."""


class ChangeError(StoreError):
    """One change breaks a constraint of the store; the store is sound and accepts others."""


_OLDER = "made by an older version of this program; `releases upgrade` upgrades it"
_NEWER = "made by a newer version of this program; install that version, or restore a backup made before"
_TOO_OLD = "made during the development of 0.1.0, before its formats settled; crawl into a new data_dir"
NEWEST_FORMAT = len(MIGRATIONS)
"""The format of the stores that this version writes."""
# Earlier formats existed only for a day, and define the digest of a text differently.
_OLDEST_FORMAT = 4
SCHEMA = ".schema-"
"""The part before the format number in the name of the copy that a migration keeps."""
# A reload of `serve` follows an upgrade within minutes. Later, the copy would show what was hidden since.
_COPY_SERVES_S = 300.0
_REPAIR = "the next crawl repairs it, or `releases upgrade`, run by the user to whom it belongs"
NO_STORE = "no releases yet; run `crawl` first"
# Errors in the values; all others are errors of the file or the disk.
_CONSTRAINT_CODES = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
)
_CORRUPT_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# The byte of an extended error code that holds the primary code.
_PRIMARY_CODE = 0xFF


@cache
def _first_seen_newer(_path: Path) -> float:
    """Return when this process first saw the store at a path as one of a newer program."""
    return time.monotonic()


def store_exists(path: Path) -> bool:
    """Whether there is a store at *path*: for SQLite an empty file is a new database."""
    return path.is_file() and path.stat().st_size > 0


class Database:
    """The SQLite file at *path*, created or migrated if necessary.

    One process may write and any number may read at a time. Safe to share between threads.
    """

    def __init__(self, path: Path, *, mode: Literal["rwc", "rw", "ro", "ro&immutable=1"] = "rwc") -> None:
        self.path = path
        self.old_copy: Path | None = None
        """The copy of the older store that was migrated when it was opened; None: it was not old."""
        self._unwritten = _state(path) if mode == "ro&immutable=1" else None
        self._lock = threading.RLock()
        with _wrap_errors(path):
            if mode == "rwc":
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=30,
            )
        # Damaged text is read as U+FFFD; the digest of the row then shows which release is damaged.
        self._db.text_factory = partial(str, encoding="utf-8", errors="replace")
        self._db.create_function("row_digest", -1, row_digest, deterministic=True)
        try:
            if mode == "rwc":
                self._prepare()
            else:
                self.rows("PRAGMA query_only = ON")
                self._check_version()
        except StoreError:
            self.close()
            raise

    @classmethod
    def open_readonly(cls, path: Path) -> Self:
        """Open the store for reading; its folder need not be writable.

        If it is not, and no crawl has the store open, SQLite cannot create its lock file there. Then the
        store is read as immutable, and each read checks that it still is.

        Raises:
            StoreError: there is no store, another version of this program made it, or a killed crawl left it
                in a state that only a crawl can repair.
        """
        if not store_exists(path):
            raise StoreError(f"{path}: {NO_STORE}")
        try:
            # A reader that could not write would leave an empty log behind, if it has made it.
            return cls(path, mode="ro" if _log_of(path).exists() else "rw")
        except StoreError as error:
            if not _needs_writing(error):
                raise
        if not _log_of(path).exists():
            return cls(path, mode="ro&immutable=1")
        try:
            return cls(path, mode="ro")  # a crawl has just begun
        except StoreError as error:
            if not _needs_writing(error):
                raise
            raise StoreError(f"{path}: left by a crawl that was killed; {_REPAIR}") from error

    @classmethod
    def open_served(cls, path: Path) -> Self:
        """Open the store for reading; just after a newer program migrated it, the copy from before."""
        try:
            return cls.open_readonly(path)
        except NewerStoreError:
            copy = path.with_name(f"{path.name}{SCHEMA}{NEWEST_FORMAT}")
            if not copy.exists() or time.monotonic() - _first_seen_newer(path) > _COPY_SERVES_S:
                raise
            return cls.open_readonly(copy)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> "_Transaction":
        """Commit all writes inside, or none of them; joins an open transaction of the same thread.

        Raises:
            ChangeError: a write breaks a constraint of the store.
            StoreError: the disk is full, or the file is damaged or cannot be written.
        """
        return _Transaction(self.path, self._db, self._lock)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Roll back the writes inside, and only these, if one fails; may be part of a transaction.

        Raises:
            StoreError: the error ended the transaction as well.
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
        """Copy the store to a new file at *path*."""
        [(is_reader,)] = self.rows("PRAGMA query_only")
        self.rows("PRAGMA query_only = OFF")  # SQLite takes this for a write to the store
        try:
            self.rows("VACUUM INTO ?", str(path))
        finally:
            self.rows(f"PRAGMA query_only = {is_reader}")

    def back_up_to(self, path: Path) -> None:
        """Copy the store to a new file at *path* by SQLite's online backup, while others may write to it.

        The copy needs no other file beside it.
        """
        path.unlink(missing_ok=True)
        with _wrap_errors(path), closing(sqlite3.connect(path)) as copy:
            self._db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def measure_free(self) -> tuple[int, int]:
        """Return the number of free pages in the file, and their bytes."""
        [(pages,)], [(page_bytes,)] = self.rows("PRAGMA freelist_count"), self.rows("PRAGMA page_size")
        return pages, pages * page_bytes

    def compact(self) -> None:
        """Give the free space in the file back to the disk; needs as much free space as the file has."""
        self.rows("VACUUM")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def corruptions(self) -> list[str]:
        """Return the first few faults that SQLite finds in the file."""
        return [fault for (fault,) in self.rows("PRAGMA integrity_check(5)") if fault != "ok"]

    def count_dangling_references(self) -> int:
        """Return how many rows refer to a row that does not exist."""
        return len(self.rows("PRAGMA foreign_key_check"))

    def format(self) -> int:
        """Return how many of the `MIGRATIONS` the file has had."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def _check_version(self) -> None:
        if self._known_version() < NEWEST_FORMAT:
            raise StoreError(f"{self.path}: {_OLDER}")

    def _known_version(self) -> int:
        """Return the format of the store, 0 of an empty one; raise StoreError if it is too new or too old."""
        version = self.format()
        if version > NEWEST_FORMAT:
            raise NewerStoreError(f"{self.path}: {_NEWER}")
        if 0 < version < _OLDEST_FORMAT:
            raise StoreError(f"{self.path}: {_TOO_OLD}")
        return version

    def _prepare(self) -> None:
        version = self._known_version()
        with _wrap_errors(self.path):
            self._db.execute("PRAGMA journal_mode = WAL")
            # A commit that has returned survives a power cut.
            self._db.execute("PRAGMA synchronous = FULL")
        if 0 < version < NEWEST_FORMAT:
            self._keep_copy(version)
        if version < NEWEST_FORMAT:
            self._migrate()

    def _keep_copy(self, version: int) -> None:
        """Keep the store of an older *version* beside the one that is to be migrated."""
        copy = self.path.with_name(f"{self.path.name}{SCHEMA}{version}")
        draft = copy.with_name(f"{copy.name}.draft")
        try:
            self.back_up_to(draft)
            put_in_place(draft, copy)
            self.old_copy = copy
        except (StoreError, OSError) as error:
            draft.unlink(missing_ok=True)
            raise StoreError(f"{self.path}: not upgraded, since no copy can be made: {error}") from error

    def _migrate(self) -> None:
        """Run the missing migrations in one transaction: a kill leaves the old store or the new one."""
        with self.transaction():
            # Another process may have migrated the store while this one waited for the lock.
            for script in MIGRATIONS[self.format() :]:
                for statement in statements_of(script):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {NEWEST_FORMAT}")

    def execute(self, sql: str, *values: Value) -> None:
        """Run one statement that writes, in a transaction of its own unless one is open."""
        with self.transaction():
            self._db.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each of *rows*, in one transaction."""
        with self.transaction():
            self._db.executemany(sql, rows)

    def rows(self, sql: str, *values: Value) -> list[Any]:  # sqlite3 does not type columns
        """Return the rows of a query."""
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except (sqlite3.Error, OSError) as error:
                raise _wrap(self.path, error) from error
            finally:
                self._check_unwritten()

    def _check_unwritten(self) -> None:
        if self._unwritten is not None and _state(self.path) != self._unwritten:
            raise ChangedError(f"{self.path}: changed while being read; try again")


class _Transaction:
    """The block of a transaction; one inside another joins it. A page opens a dozen of them."""

    __slots__ = ("_db", "_is_outer", "_lock", "_path")

    def __init__(self, path: Path, db: sqlite3.Connection, lock: threading.RLock) -> None:
        self._path, self._db, self._lock = path, db, lock

    def __enter__(self) -> None:
        self._lock.acquire()
        # If one is open, a caller in this thread began it and holds the lock.
        self._is_outer = not self._db.in_transaction
        if self._is_outer:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                self._lock.release()
                raise _wrap(self._path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._is_outer:
                self._end(is_whole=error is None)
        except sqlite3.Error as failure:
            raise _wrap(self._path, failure) from failure
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error | OSError):
            raise _wrap(self._path, error) from error

    def _end(self, *, is_whole: bool) -> None:
        if is_whole:
            try:
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise
        else:
            self._db.rollback()


def log_files(path: Path) -> tuple[Path, Path]:
    """Return the write-ahead log of the store at *path* and the index of that log."""
    return _log_of(path), path.with_name(f"{path.name}-shm")


def write_log_back(path: Path) -> None:
    """Write the log of the store at *path* into the store; a damaged store is left unchanged."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def begin_epoch(path: Path) -> None:
    """Give the store at *path*, a copy from a backup, an epoch of its own: its events may differ."""
    with _wrap_errors(path), closing(sqlite3.connect(path)) as db, db:
        # A store of an earlier format gets one when it is migrated.
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'epoch'").fetchone():
            db.execute("UPDATE epoch SET id = lower(hex(randomblob(8)))")


# Made once: with a default, ``json.dumps`` makes an encoder for each row.
_AS_JSON = json.JSONEncoder(default=repr).encode


def row_digest(*values: Value) -> str:
    """Return the digest of a row; stores contain it, so it must not change."""
    return hashlib.blake2b(_AS_JSON(values).encode(), digest_size=16).hexdigest()


def _log_of(path: Path) -> Path:
    """Return the write-ahead log of a store."""
    return path.with_name(f"{path.name}-wal")


def _state(path: Path) -> tuple[int, int, int, bool]:
    """Return what changes when the store is written to: every writer leaves a log first."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, _log_of(path).exists()


def _needs_writing(error: StoreError) -> bool:
    """Whether SQLite could not create a file beside the store."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY_CODE in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


@contextmanager
def _wrap_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _wrap(path, error) from error


def _wrap(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    # Errors of SQLite have a code; those of Python are values for which SQLite has no type.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
    if kind in _CONSTRAINT_CODES or isinstance(error, (sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return ChangeError(f"{path}: {error}")
    return StoreError(
        f"{path}: {error}" + ("; restore the file from a backup" if kind in _CORRUPT_CODES else "")
    )
