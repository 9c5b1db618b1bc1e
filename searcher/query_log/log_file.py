"""The file of the query log: SQLite, shared by the serving processes."""

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

from searcher.config import SearcherConfig
from searcher.query_log.query_counts import QueryCounts, Thresholds

DAY_QUERIES_MAX = 5_000
"""Different queries counted on a day; further ones count only in the sums. A year has 200 MB at most."""
_MODE = 0o640
_KEY_BYTES = 32
_DIGEST_BYTES = 16
# Another process writes for milliseconds.
_BUSY_S = 5.0
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, searches INT, unmatched INT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS filters (day TEXT, name TEXT, searches INT, PRIMARY KEY (day, name)) "
    "WITHOUT ROWID",
    # A query is a keyed digest until it has been asked often enough, and its text is known.
    "CREATE TABLE IF NOT EXISTS queries (digest BLOB, day TEXT, searches INT, unmatched INT, seconds REAL, "
    "slowest_s REAL, PRIMARY KEY (digest, day)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS queries_by_day ON queries (day)",
    "CREATE TABLE IF NOT EXISTS texts (digest BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
)
_COUNT = """
INSERT INTO queries VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  searches = searches + excluded.searches, unmatched = unmatched + excluded.unmatched,
  seconds = seconds + excluded.seconds, slowest_s = max(slowest_s, excluded.slowest_s)
"""
_COMMON = """
SELECT
  text, sum(searches), count(*), sum(unmatched), 1000 * sum(seconds) / sum(searches), 1000 * max(slowest_s)
FROM queries JOIN texts USING (digest) GROUP BY digest
HAVING count(*) >= ? AND sum(searches) >= ? ORDER BY 2 DESC, 1
"""
Row = Sequence[str | int | float]


class QueryFileError(Exception):
    """The file cannot be opened, read or written; the message names it."""


class QueryLogFile:
    """The counts at *path*. The text of a query is written only once *thresholds* are reached.

    Each call opens the file: processes that fork share nothing, and a crash leaves the last complete write.
    """

    def __init__(self, path: Path, thresholds: Thresholds, *, kept_d: int) -> None:
        self.path, self.thresholds, self._kept_d = path, thresholds, kept_d

    def create(self) -> None:
        """Create the file if it is missing.

        Raises:
            QueryFileError: it cannot be written, or is not a query log.
        """
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, _MODE))
        except OSError as error:
            raise QueryFileError(f"{self.path}: {error.strerror}") from error
        with self._writing() as db:
            for statement in _SCHEMA:
                db.execute(statement)
            if db.execute("SELECT 1 FROM secret").fetchone() is None:
                db.execute("INSERT INTO secret VALUES (?)", (secrets.token_bytes(_KEY_BYTES),))

    def add(self, counts: QueryCounts) -> None:
        """Add *counts*, and forget the days that are too old.

        Raises:
            QueryFileError: the file cannot be written; nothing was added.
        """
        if not self.path.exists():  # the operator removed it, to forget everything
            self.create()
        day = counts.day.isoformat()
        with self._writing() as db:
            db.execute(
                "INSERT INTO days VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                "searches = searches + excluded.searches, unmatched = unmatched + excluded.unmatched",
                (day, counts.searches, counts.unmatched),
            )
            db.executemany(
                "INSERT INTO filters VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                "searches = searches + excluded.searches",
                ((day, name, count) for name, count in counts.filters.items()),
            )
            self._add_queries(db, day, counts)
            self._forget(db, counts.day - timedelta(self._kept_d))

    def _add_queries(self, db: sqlite3.Connection, day: str, counts: QueryCounts) -> None:
        (key,) = db.execute("SELECT key FROM secret").fetchone()
        [counted] = db.execute("SELECT count(*) FROM queries WHERE day = ?", (day,)).fetchone()
        room = DAY_QUERIES_MAX - counted
        for text, count in counts.queries.items():
            digest = blake2b(text.encode(), key=key, digest_size=_DIGEST_BYTES).digest()
            known = db.execute("SELECT 1 FROM queries WHERE digest = ? AND day = ?", (digest, day)).fetchone()
            if known is None and room <= 0:
                continue
            room -= known is None
            values = (count.searches, count.unmatched, count.seconds, count.slowest_s)
            db.execute(_COUNT, (digest, day, *values))
            if self._is_common(db, digest):
                db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (digest, text))

    def _is_common(self, db: sqlite3.Connection, digest: bytes) -> bool:
        days, searches = db.execute(
            "SELECT count(*), sum(searches) FROM queries WHERE digest = ?", (digest,)
        ).fetchone()
        return bool(days >= self.thresholds.days and searches >= self.thresholds.searches)

    def _forget(self, db: sqlite3.Connection, first: date) -> None:
        if db.execute("SELECT 1 FROM days WHERE day < ?", (first.isoformat(),)).fetchone() is None:
            return
        for table in ("days", "filters", "queries"):
            db.execute(f"DELETE FROM {table} WHERE day < ?", (first.isoformat(),))  # noqa: S608 - our own names
        db.execute(
            "DELETE FROM texts WHERE digest NOT IN "
            "(SELECT digest FROM queries GROUP BY digest HAVING count(*) >= ? AND sum(searches) >= ?)",
            (self.thresholds.days, self.thresholds.searches),
        )

    def sums(self) -> Row:
        """Return the first day, the last, the searches, and those without a match."""
        sql = "SELECT min(day), max(day), coalesce(sum(searches), 0), coalesce(sum(unmatched), 0) FROM days"
        return self.rows(sql)[0]

    def common_queries(self) -> list[Row]:
        """Return text, searches, days, unmatched, mean and longest ms of the common queries, by searches."""
        return self.rows(_COMMON, self.thresholds.days, self.thresholds.searches)

    def count_queries(self) -> int:
        """Return the number of different queries, common or not."""
        return int(self.rows("SELECT count(DISTINCT digest) FROM queries")[0][0])

    def filters(self) -> list[Row]:
        """Return the names of the filters in use and the searches with each, most first."""
        return self.rows("SELECT name, sum(searches) FROM filters GROUP BY name ORDER BY 2 DESC, 1")

    def rows(self, sql: str, *values: str | int) -> list[Row]:
        """Return the rows that *sql* selects.

        Raises:
            QueryFileError: there is no such file, or it cannot be read.
        """
        if not self.path.is_file():
            raise QueryFileError(f"{self.path}: no such file; `serve` makes it when it starts")
        with self._open() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)) as db:
                db.execute("PRAGMA secure_delete = ON")  # deleted rows are overwritten
                yield db
        except sqlite3.Error as error:
            raise QueryFileError(f"{self.path}: {error}") from error


def query_log_file(config_path: Path, settings: SearcherConfig) -> QueryLogFile | None:
    """Return the file that *settings*, read from *config_path*, name; None if searches are not counted."""
    if not settings.query_log:
        return None
    return QueryLogFile(
        config_path.absolute().parent / settings.query_log,
        Thresholds(settings.queries_shown_after_d, settings.queries_shown_after),
        kept_d=settings.queries_kept_d,
    )
