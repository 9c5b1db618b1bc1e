"""The subscriptions: a SQLite file beside the store, shared by the serving processes and `releases mail`.

Each call opens the file, so processes that fork share nothing, and is one short transaction. Times are whole
seconds since 1970 (UTC). Addresses are encrypted, and people and networks are named by keyed digests.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FILE = "subscriptions.sqlite3"
"""Its name beside the store."""
Rhythm = Literal["at_once", "daily", "weekly"]
RHYTHMS: tuple[Rhythm, ...] = ("at_once", "daily", "weekly")
HOUR_S, DAY_S = 3_600, 86_400
_MODE = 0o600
# Another process writes for milliseconds.
_BUSY_S = 10.0
COLUMNS = "id, address, topic, rhythm, asked, confirmed, seen, pending, made, failures"
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS subscription (
         id BLOB PRIMARY KEY, person BLOB NOT NULL, mailbox BLOB NOT NULL, address BLOB NOT NULL,
         topic TEXT NOT NULL, rhythm TEXT NOT NULL, asked INT NOT NULL, mails INT NOT NULL DEFAULT 0,
         mailed INT, wanted INT NOT NULL DEFAULT 1, confirmed INT, seen INT NOT NULL DEFAULT 0, pending INT,
         made INT, failures INT NOT NULL DEFAULT 0, retry INT NOT NULL DEFAULT 0
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS of_person ON subscription (person)",
    "CREATE INDEX IF NOT EXISTS of_mailbox ON subscription (mailbox)",
    "CREATE INDEX IF NOT EXISTS of_topic ON subscription (topic) WHERE confirmed IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS unconfirmed ON subscription (asked) WHERE confirmed IS NULL",
    "CREATE INDEX IF NOT EXISTS begun ON subscription (id) WHERE pending IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS refused (mailbox BLOB PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS form (
         day INT, sender BLOB, count INT, PRIMARY KEY (day, sender)
       ) WITHOUT ROWID""",
    # What is new of a topic, each thing once; `seen` of a subscription is the last of these it has had.
    """CREATE TABLE IF NOT EXISTS news (
         number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, kind TEXT NOT NULL,
         item TEXT NOT NULL, matched INT NOT NULL, UNIQUE (topic, kind, item)
       )""",
    "CREATE INDEX IF NOT EXISTS news_of_topic ON news (topic, number)",
    "CREATE INDEX IF NOT EXISTS news_by_time ON news (matched)",
    "CREATE TABLE IF NOT EXISTS progress (number INT NOT NULL, reached INT NOT NULL)",
    # What was there when news were last looked for, whether anyone subscribed to it or not.
    """CREATE TABLE IF NOT EXISTS known (
         kind TEXT, item TEXT, time INT, PRIMARY KEY (kind, item)
       ) WITHOUT ROWID""",
)


class SubscriptionFileError(Exception):
    """The file cannot be opened, read or written; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubscription:
    """A subscription as it is kept."""

    id: bytes
    address: bytes
    """Encrypted."""
    topic: str
    rhythm: Rhythm
    asked: int
    confirmed: int | None
    """None: not yet."""
    seen: int
    """The number of the last news that were mailed."""
    pending: int | None
    """The number of the last news of a mail that was begun and may not have been sent."""
    made: int | None
    """When that mail was begun."""
    failures: int
    """Refusals in a row."""


class SubscriptionDatabase:
    """The file at *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the file if it is missing, and check that it can be written.

        Raises:
            SubscriptionFileError: it cannot, or is something else.
        """
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, _MODE))
        except OSError as error:
            raise SubscriptionFileError(f"{self.path}: {error.strerror}") from error
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
        with self.writing() as db:
            for statement in _SCHEMA:
                db.execute(statement)

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return the rows of a query.

        Raises:
            SubscriptionFileError: the file cannot be read.
        """
        with self._open() as db:
            return db.execute(sql, values).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write a copy of one committed state to the new file *path*; others may write meanwhile.

        Raises:
            SubscriptionFileError: the file cannot be read, or the copy not written.
        """
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _MODE))
        with self._open() as db, closing(sqlite3.connect(path)) as copy:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open the file to write; all of it or nothing is kept.

        Raises:
            SubscriptionFileError: the file cannot be written.
        """
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)) as db:
                db.execute("PRAGMA secure_delete = ON")  # deleted rows are overwritten
                yield db
        except sqlite3.Error as error:
            raise SubscriptionFileError(f"{self.path}: {error}") from error


def subscription_of(row: Sequence[Any]) -> StoredSubscription:
    """Return the subscription in a row of `COLUMNS`."""
    id_, address, topic, rhythm, asked, confirmed, seen, pending, made, failures = row
    return StoredSubscription(
        id=id_, address=address, topic=topic, rhythm=rhythm, asked=asked, confirmed=confirmed,
        seen=seen, pending=pending, made=made, failures=failures,
    )  # fmt: skip
