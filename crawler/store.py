"""Releases on disk (SQLite): the contract between the crawler and the index."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from crawler.config import Language
from crawler.schema import MIGRATIONS

DateSource = Literal["time", "meta", "label", "text", "list", "feed", "body", "none"]
Confidence = Literal["high", "medium", "low", "none"]
State = Literal["present", "gone", "hidden"]
Outcome = Literal["new", "changed", "unchanged"]
Absence = Literal["missing", "gone"]

RIGA = ZoneInfo("Europe/Riga")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a release links to; ``text`` is empty where none was extracted."""

    url: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One cleaned publication of an institution."""

    url: str
    """Canonical."""
    site: str
    ministry: str
    language: Language
    title: str
    lead: str
    """Empty where the page sets none apart from the body."""
    body: str
    """Plain text; paragraphs stand apart by an empty line."""
    contact: str
    """The contact block as written, never indexed or shown; empty where there is none."""
    published: date | None
    published_source: DateSource
    published_confidence: Confidence
    updated: date | None = None
    """What the page says of its last update."""
    category: str | None = None
    attachments: tuple[Attachment, ...] = ()
    translations: tuple[str, ...] = ()
    """URLs of the same release in other languages, as the page links them."""
    machine_translated: bool = False
    rules: tuple[tuple[str, str], ...] = ()
    """Which rule spoke for each field: (field, rule), in field order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRelease:
    """A release as the store holds it."""

    id: str
    number: int
    """Grows with every change to any release; no two releases share one."""
    state: State
    release: Release
    first_seen: datetime
    changed: datetime
    cluster: str
    """The id of the first of the releases that say the same; its own id where it stands alone."""
    aliases: tuple[str, ...] = ()
    """Other URLs that answered with this release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier text of a release, replaced at ``until`` (UTC)."""

    until: datetime
    title: str
    lead: str
    body: str
    published: date | None


def release_id(site: str, url: str) -> str:
    """Return the id of the release of *site* at its canonical *url*: readable, stable and fit for a path.

    >>> release_id("iem", "https://www.iem.gov.lv/lv/jaunums/x")
    'iem-ec9999a178'
    """
    return f"{site}-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


class StoreError(Exception):
    """The store cannot be opened, read or written; the message names the file."""


class Store:
    """The releases in the SQLite file at *path*, made or brought up to date if need be.

    One process writes at a time; any number may read meanwhile. Safe to share between threads.
    """

    def __init__(self, path: Path, *, mode: Literal["rwc", "ro"] = "rwc") -> None:
        self.path = path
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
    def open_readonly(cls, path: Path) -> "Store":
        """Open the store for reading only.

        Raises:
            StoreError: there is none yet, or another version of this program made it.
        """
        if not path.is_file():
            raise StoreError(f"{path}: no releases yet; run `crawl` first")
        return cls(path, mode="ro")

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._db.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save(self, release: Release, *, seen: datetime, aliases: tuple[str, ...] = ()) -> Outcome:
        """Store *release* as read at *seen* (UTC); *aliases* are further URLs that answered with it.

        What is already there word for word is not written again. A text that changes is kept as a revision.
        The same text at two URLs of a site is one release, named by the longer URL: old ones are cut short.
        """
        with self.transaction():
            release = self.with_texts(release)
            twin = self._twin(release)
            if twin is not None and not twin.is_lost and _rank(twin.url) < _rank(release.url):
                self._add_aliases(twin.id, (release.url, *aliases), seen)
                return "unchanged"
            self._db.execute("DELETE FROM alias WHERE url = ?", (release.url,))
            outcome = self._upsert(release, seen)
            id_ = release_id(release.site, release.url)
            self._db.executemany(
                "INSERT OR IGNORE INTO attached VALUES (?, ?)",
                [(attachment.url, id_) for attachment in release.attachments],
            )
            if twin is not None:
                self._absorb(twin.id, id_, seen)
            self._add_aliases(id_, aliases, seen)
            return outcome

    def save_text(self, url: str, text: str, *, seen: datetime) -> None:
        """Store the text of the attachment at *url*, as part of the releases that link to it."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO attachment VALUES (?, ?)", (url, text))
            for (id_,) in self.rows("SELECT release FROM attached WHERE url = ?", url):
                stored = self._own(id_)
                if stored and stored.state == "present":
                    self._upsert(self.with_texts(stored.release), seen)

    def with_texts(self, release: Release) -> Release:
        """Return *release* with what is known of the text of its attachments."""
        return replace(
            release,
            attachments=tuple(
                replace(attachment, text=rows[0][0])
                if (rows := self.rows("SELECT text FROM attachment WHERE url = ?", attachment.url))
                else attachment
                for attachment in release.attachments
            ),
        )

    def changes_since(self, number: int) -> Iterator[StoredRelease]:
        """Yield what changed after *number*, hidden releases too, by growing number.

        A release that changes meanwhile comes again with its new number.
        """
        while True:
            rows = self.rows("SELECT * FROM stored WHERE number > ? ORDER BY number LIMIT 200", number)
            yield from map(self._stored, rows)
            if not rows:
                return
            number = rows[-1][1]

    def get(self, id_: str) -> StoredRelease | None:
        """Return the release *id_*, or the one that took its place when it moved."""
        rows = self.rows(
            """SELECT * FROM stored
               WHERE id = (SELECT coalesce(moved_to, id) FROM release WHERE id = ?)""",
            id_,
        )
        return self._stored(rows[0]) if rows else None

    def find(self, url: str) -> StoredRelease | None:
        """Return the release that answers at the canonical *url*, also by an old address."""
        rows = self.rows(
            """SELECT coalesce(moved_to, id) FROM release WHERE url = ?
               UNION ALL SELECT release FROM alias WHERE url = ?""",
            url,
            url,
        )
        return self.get(rows[0][0]) if rows else None

    def revisions(self, id_: str) -> tuple[Revision, ...]:
        """Return the earlier texts of the release *id_*, newest first."""
        rows = self.rows(
            "SELECT until, title, lead, body, published FROM revision WHERE release = ? ORDER BY until DESC",
            id_,
        )
        return tuple(
            Revision(
                until=datetime.fromisoformat(until),
                title=title,
                lead=lead,
                body=body,
                published=date.fromisoformat(published) if published else None,
            )
            for until, title, lead, body, published in rows
        )

    def last_number(self) -> int:
        """Return the highest number given so far; 0 in an empty store."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM release")[0][0])

    def count(self) -> int:
        """Return how many releases can be shown: all but the hidden ones."""
        return int(self.rows("SELECT count(*) FROM release WHERE state != 'hidden'")[0][0])

    def count_of(self, site: str) -> int:
        """Return how many releases of *site* are present, as far as is known."""
        return int(self.rows("SELECT count(*) FROM release WHERE site = ? AND state = 'present'", site)[0][0])

    def miss(self, id_: str, *, seen: datetime) -> Absence:
        """Note that a release was not where it was; missed on a second day it is marked as gone."""
        day = seen.astimezone(RIGA).date().isoformat()
        with self.transaction() as db:
            db.execute("UPDATE release SET struck = coalesce(struck, ?) WHERE id = ?", (day, id_))
            if self.rows("SELECT 1 FROM release WHERE id = ? AND struck < ?", id_, day):
                self.mark_gone(id_, seen=seen)
                return "gone"
        return "missing"

    def mark_gone(self, id_: str, *, seen: datetime) -> None:
        """Mark a release as no longer on its site; its text stays."""
        self._set_state(id_, "gone", seen)

    def withdraw(self, id_: str, *, seen: datetime) -> None:
        """Hide a release whose page asks not to be found, until it stops asking."""
        self._set_state(id_, "hidden", seen)

    def sight(self, id_: str, *, seen: datetime) -> None:
        """Note that a release is where it was."""
        with self.transaction() as db:
            db.execute("UPDATE release SET struck = NULL WHERE id = ? AND struck IS NOT NULL", (id_,))
            if self.rows("SELECT 1 FROM release WHERE id = ? AND state = 'gone'", id_):
                self._set_state(id_, "present", seen)

    def restore(self, site: str, *, since: datetime, seen: datetime) -> int:
        """Take back that releases of *site* were marked as gone at *since* or later; return how many."""
        gone = self.rows(
            "SELECT id FROM release WHERE site = ? AND state = 'gone' AND gone_at >= ?",
            site,
            since.isoformat(),
        )
        with self.transaction():
            for (id_,) in gone:
                self._set_state(id_, "present", seen)
        return len(gone)

    def hide(self, url: str, *, seen: datetime) -> None:
        """Take the release at *url* out of everything shown, now and whenever it is crawled again."""
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO takedown VALUES (?, ?)", (url, seen.isoformat()))
            if stored := self.find(url):
                self._set_state(stored.id, "hidden", seen)

    def unhide(self, url: str, *, seen: datetime) -> None:
        """Undo `hide`."""
        with self.transaction() as db:
            db.execute("DELETE FROM takedown WHERE url = ?", (url,))
            if stored := self.find(url):
                self._set_state(stored.id, "present", seen)

    def set_cluster(self, id_: str, cluster: str, *, seen: datetime) -> None:
        """Say which release is the first of those that say the same as *id_*."""
        with self.transaction() as db:
            db.execute(
                "UPDATE release SET cluster = ?, number = ?, changed = ? WHERE id = ? AND cluster != ?",
                (cluster, self._next_number(), seen.isoformat(), id_, cluster),
            )

    def copy_to(self, path: Path) -> None:
        """Write the store as it is now to a new file at *path*."""
        self.rows("VACUUM INTO ?", str(path))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the store for writing; what is written inside is there as a whole or not at all.

        Inside another transaction of the same thread it joins that one.

        Raises:
            StoreError: the disk is full, the file is damaged or cannot be written.
        """
        with self._lock, _errors_named(self.path):
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

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
        with self._lock, _errors_named(self.path):
            return self._db.execute(sql, values).fetchall()

    def _stored(self, row: Any) -> StoredRelease:
        id_, number, state, record, first_seen, changed, cluster = row
        aliases = self.rows("SELECT url FROM alias WHERE release = ? ORDER BY url", id_)
        return StoredRelease(
            id=id_,
            number=number,
            state=state,
            release=self._read(id_, record),
            first_seen=datetime.fromisoformat(first_seen),
            changed=datetime.fromisoformat(changed),
            cluster=cluster,
            aliases=tuple(url for (url,) in aliases),
        )

    def _read(self, id_: str, record: str) -> Release:
        try:
            return loaded(record)
        except ValidationError as error:
            raise StoreError(
                f"{self.path}: release {id_} is damaged; restore the file from a backup"
            ) from error

    def _next_number(self) -> int:
        return self.last_number() + 1

    def _own(self, id_: str) -> StoredRelease | None:
        rows = self.rows("SELECT * FROM stored WHERE id = ?", id_)
        return self._stored(rows[0]) if rows else None

    def _twin(self, release: Release) -> "_Twin | None":
        """Return another release of the site that says the same word for word on the same day."""
        rows = self.rows(
            """SELECT id, url, state = 'gone' OR struck IS NOT NULL FROM release
               WHERE site = ? AND text_digest = ? AND url != ? AND moved_to IS NULL
               ORDER BY length(url) DESC, url LIMIT 1""",
            release.site,
            _text_digest(release),
            release.url,
        )
        return _Twin(*rows[0]) if rows and release.body else None

    def _upsert(self, release: Release, seen: datetime) -> Outcome:
        id_ = release_id(release.site, release.url)
        stored = self._own(id_)
        state = self._state_of(release.url)
        if stored is None:
            self._insert(id_, release, state, seen)
            return "new"
        if stored.state == state and says_the_same(stored.release, release):
            self._db.execute("UPDATE release SET struck = NULL WHERE id = ? AND struck IS NOT NULL", (id_,))
            return "unchanged"
        if _text(stored.release) != _text(release):
            self._add_revision(id_, stored.release, seen)
        self._db.execute(
            """UPDATE release SET number = ?, state = ?, record = ?, text_digest = ?, changed = ?,
                 moved_to = NULL, struck = NULL, gone_at = NULL WHERE id = ?""",
            (self._next_number(), state, dumped(release), _text_digest(release), seen.isoformat(), id_),
        )
        return "changed"

    def _insert(self, id_: str, release: Release, state: State, seen: datetime) -> None:
        now = seen.isoformat()
        record, digest = dumped(release), _text_digest(release)
        self._db.execute(
            """INSERT INTO release
                 (id, number, state, site, url, record, text_digest, first_seen, changed, cluster)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (id_, self._next_number(), state, release.site, release.url, record, digest, now, now, id_),
        )

    def _add_revision(self, id_: str, old: Release, seen: datetime) -> None:
        published = old.published.isoformat() if old.published else None
        self._db.execute(
            "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?)",
            (id_, seen.isoformat(), old.title, old.lead, old.body, published),
        )

    def _state_of(self, url: str) -> State:
        return "hidden" if self.rows("SELECT 1 FROM takedown WHERE url = ?", url) else "present"

    def _set_state(self, id_: str, state: State, seen: datetime) -> None:
        gone_at = seen.isoformat() if state == "gone" else None
        with self.transaction() as db:
            db.execute(
                """UPDATE release SET state = ?, number = ?, changed = ?, gone_at = ?, struck = NULL
                   WHERE id = ? AND state != ?""",
                (state, self._next_number(), seen.isoformat(), gone_at, id_, state),
            )

    def _add_aliases(self, id_: str, urls: tuple[str, ...], seen: datetime) -> None:
        """Let the release *id_* answer at *urls*; what stood there by itself becomes part of it."""
        for url in urls:
            for (other,) in self.rows(
                "SELECT id FROM release WHERE url = ? AND id != ? AND moved_to IS NULL", url, id_
            ):
                self._absorb(other, id_, seen)
            if self.rows("SELECT 1 FROM release WHERE url = ? AND id = ?", url, id_):
                continue
            if self.rows("SELECT 1 FROM alias WHERE url = ? AND release = ?", url, id_):
                continue
            self._db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (url, id_))
            self._touch(id_, seen)

    def _absorb(self, old: str, new: str, seen: datetime) -> None:
        """Let the release *new* take the place of *old*, with its aliases, earlier texts and age."""
        before, after = self._own(old), self._own(new)
        if before is None or after is None:
            return
        if _text(before.release) != _text(after.release):
            self._add_revision(new, before.release, seen)
        self._db.execute("UPDATE revision SET release = ? WHERE release = ?", (new, old))
        self._db.execute("UPDATE OR REPLACE attached SET release = ? WHERE release = ?", (new, old))
        self._db.execute("UPDATE alias SET release = ? WHERE release = ?", (new, old))
        self._db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (before.release.url, new))
        self._db.execute("UPDATE release SET moved_to = ? WHERE ? IN (id, moved_to)", (new, old))
        self._db.execute(
            "UPDATE release SET first_seen = min(first_seen, ?) WHERE id = ?",
            (before.first_seen.isoformat(), new),
        )
        self._set_state(old, "hidden", seen)
        self._touch(new, seen)

    def _touch(self, id_: str, seen: datetime) -> None:
        self._db.execute(
            "UPDATE release SET number = ?, changed = ? WHERE id = ?",
            (self._next_number(), seen.isoformat(), id_),
        )


@dataclass(frozen=True, slots=True)
class _Twin:
    id: str
    url: str
    is_lost: bool


def says_the_same(one: Release, other: Release) -> bool:
    """Whether two readings of a release differ in nothing but the rules that read them."""
    return replace(one, rules=()) == replace(other, rules=())


_RELEASE = TypeAdapter(Release)


def dumped(release: Release) -> str:
    """Return *release* as JSON."""
    return _RELEASE.dump_json(release).decode()


def loaded(record: str) -> Release:
    """Return the release that `dumped` wrote."""
    return _RELEASE.validate_json(record)


def _text(release: Release) -> tuple[str, str, str, date | None]:
    return release.title, release.lead, release.body, release.published


def _text_digest(release: Release) -> str:
    return hashlib.sha256("\0".join(map(str, _text(release))).encode()).hexdigest()


def _rank(url: str) -> tuple[int, str]:
    return -len(url), url


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}") from error
