"""Releases on disk (SQLite): the contract between the crawler and the index."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crawler.database import ChangedError, Database, StoreError
from crawler.release import (
    Absence,
    Attachment,
    Confidence,
    DateSource,
    Outcome,
    Release,
    Revision,
    State,
    StoredRelease,
    dumped,
    loaded,
    release_id,
    says_the_same,
    text_digest,
    text_of,
)

# The records stand in a module of their own; whoever reads them has them from here.
__all__ = [
    "Absence",
    "Attachment",
    "ChangedError",
    "Confidence",
    "DateSource",
    "Outcome",
    "Release",
    "Revision",
    "State",
    "Store",
    "StoreError",
    "StoredRelease",
    "dumped",
    "loaded",
    "release_id",
    "says_the_same",
]

RIGA = ZoneInfo("Europe/Riga")


# All URLs that the release ?1 answers at.
_ADDRESSES = "SELECT url FROM release WHERE id = ?1 UNION SELECT url FROM alias WHERE release = ?1"

# Asked for each release of a build, most of which have neither other addresses nor earlier texts.
_STORED = """SELECT stored.*, EXISTS (SELECT 1 FROM alias WHERE release = id),
               EXISTS (SELECT 1 FROM revision WHERE release = id) FROM stored"""


class Store(Database):
    """The releases in a SQLite file."""

    def save(self, release: Release, *, seen: datetime, aliases: tuple[str, ...] = ()) -> Outcome:
        """Store *release* as read at *seen* (UTC); *aliases* are further URLs that answered with it.

        What is already there word for word is not written again. A text that changes is kept as a revision.
        The same text at two URLs of a site is one release, named by the one without a query, or else by the
        longer: old ones are cut short.
        """
        with self.transaction():
            release = self.with_texts(release)
            digest = text_digest(release)
            twin = self._twin(release, digest)
            if twin is not None and not twin.is_lost and _rank(twin.url) < _rank(release.url):
                self._add_aliases(twin.id, (release.url, *aliases), seen)
                self._keep_down(twin.id, seen)
                return "unchanged"
            self._db.execute("DELETE FROM alias WHERE url = ?", (release.url,))
            outcome = self._upsert(release, digest, seen)
            id_ = release_id(release.site, release.url)
            self._db.executemany(
                "INSERT OR IGNORE INTO attached VALUES (?, ?)",
                [(attachment.url, id_) for attachment in release.attachments],
            )
            if twin is not None:
                self._absorb(twin.id, id_, seen)
            self._add_aliases(id_, aliases, seen)
            self._keep_down(id_, seen)
            return outcome

    def overwrite(self, id_: str, release: Release, *, seen: datetime) -> None:
        """Give the release *id_* another record where nobody edited it: its state and its revisions stay."""
        with self.transaction() as db:
            db.execute(
                "UPDATE release SET record = ?, text_digest = ?, number = ?, changed = ? WHERE id = ?",
                (dumped(release), text_digest(release), self._next_number(), seen.isoformat(), id_),
            )

    def save_text(self, url: str, text: str, *, seen: datetime) -> None:
        """Store the text of the attachment at *url*, as part of the releases that link to it."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO attachment VALUES (?, ?)", (url, text))
            for (id_,) in self.rows("SELECT release FROM attached WHERE url = ?", url):
                stored = self._own(id_)
                if stored and stored.state == "present":
                    self._upsert(self.with_texts(stored.release), text_digest(stored.release), seen)

    def with_texts(self, release: Release) -> Release:
        """Return *release* with what is known of the text of its attachments."""
        if not release.attachments:
            return release
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
            rows = self.rows(f"{_STORED} WHERE number > ? ORDER BY number LIMIT 50", number)
            yield from map(self._stored, rows)
            if not rows:
                return
            number = rows[-1][1]

    def get(self, id_: str) -> StoredRelease | None:
        """Return the release *id_*, or the one that took its place when it moved."""
        rows = self.rows(
            f"{_STORED} WHERE id = (SELECT coalesce(moved_to, id) FROM release WHERE id = ?)",  # noqa: S608 (a constant)
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

    def count_aliases(self, url: str) -> int:
        """Return at how many further URLs the release answered that answers at the canonical *url*."""
        [(count,)] = self.rows(
            """SELECT count(*) FROM alias WHERE release =
                 (SELECT coalesce(moved_to, id) FROM release WHERE url = ?
                  UNION ALL SELECT release FROM alias WHERE url = ? LIMIT 1)""",
            url,
            url,
        )
        return int(count)

    def revisions(self, id_: str, *, at_most: int = -1) -> tuple[Revision, ...]:
        """Return the earlier texts of the release *id_*, newest first; all if *at_most* is -1."""
        rows = self.rows(
            """SELECT until, title, lead, body, published FROM revision WHERE release = ?
               ORDER BY until DESC LIMIT ?""",
            id_,
            at_most,
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

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases, hidden ones too."""
        return frozenset(id_ for (id_,) in self.rows("SELECT id FROM release"))

    def count_of(self, site: str) -> int:
        """Return how many releases of *site* are present, as far as is known."""
        return int(self.rows("SELECT count(*) FROM release WHERE site = ? AND state = 'present'", site)[0][0])

    def has_beside(self, url: str) -> bool:
        """Return whether a release is present in the folder of a canonical URL, or below it."""
        folder = url.partition("?")[0].rpartition("/")[0]
        # "0" comes next after "/".
        sql = "SELECT 1 FROM release WHERE url > ? AND url < ? AND state = 'present' LIMIT 1"
        return bool(self.rows(sql, f"{folder}/", f"{folder}0"))

    def count_before(self, site: str, moment: datetime) -> int:
        """Return how many releases of *site* were known before *moment*, whatever became of them."""
        sql = "SELECT count(*) FROM release WHERE site = ? AND first_seen < ?"
        return int(self.rows(sql, site, moment.isoformat())[0][0])

    def miss(self, id_: str, *, seen: datetime) -> Absence:
        """Note that a release was not where it was; missed on a second day it is marked as gone."""
        day = seen.astimezone(RIGA).date().isoformat()
        with self.transaction() as db:
            db.execute("UPDATE release SET struck = coalesce(struck, ?) WHERE id = ?", (day, id_))
            if self.rows("SELECT 1 FROM release WHERE id = ? AND struck < ?", id_, day):
                self.mark_gone(id_, seen=seen)
                return "gone"
        return "missing"

    def missed(self, id_: str) -> date | None:
        """Return the day on which the release *id_* was first not where it was; None where it is there."""
        rows = self.rows("SELECT struck FROM release WHERE id = ? AND struck IS NOT NULL", id_)
        return date.fromisoformat(rows[0][0]) if rows else None

    def mark_gone(self, id_: str, *, seen: datetime) -> None:
        """Mark a release as no longer on its site; its text stays. A hidden one stays hidden."""
        if self.rows("SELECT 1 FROM release WHERE id = ? AND state = 'present'", id_):
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

    def hide(self, url: str, *, seen: datetime) -> None:
        """Take the release at *url* out of everything shown, now and whenever it is crawled again.

        It stays out at all its addresses, and wherever it moves to.
        """
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO takedown VALUES (?, ?)", (url, seen.isoformat()))
            if stored := self.find(url):
                self._keep_down(stored.id, seen)

    def takedowns(self) -> list[tuple[str, datetime]]:
        """Return the canonical addresses that are hidden by `hide`, and since when; the oldest first."""
        rows = self.rows("SELECT url, since FROM takedown ORDER BY since, url")
        return [(url, datetime.fromisoformat(since)) for url, since in rows]

    def unhide(self, url: str, *, seen: datetime) -> None:
        """Undo `hide`."""
        with self.transaction() as db:
            db.execute("DELETE FROM takedown WHERE url = ?", (url,))
            if stored := self.find(url):
                db.execute(f"DELETE FROM takedown WHERE url IN ({_ADDRESSES})", (stored.id,))  # noqa: S608 (a constant)
                self._set_state(stored.id, "present", seen)

    def _keep_down(self, id_: str, seen: datetime) -> None:
        """Hide the release *id_*, at all its addresses, if it was taken down at one of them."""
        if not self.rows(f"SELECT 1 FROM takedown WHERE url IN ({_ADDRESSES}) LIMIT 1", id_):  # noqa: S608 (as above)
            return
        self._db.execute(
            f"INSERT OR IGNORE INTO takedown SELECT url, ?2 FROM ({_ADDRESSES})",  # noqa: S608 (as above)
            (id_, seen.isoformat()),
        )
        self._set_state(id_, "hidden", seen)

    def set_cluster(self, id_: str, cluster: str, *, seen: datetime) -> None:
        """Say which release is the first of those that say the same as *id_*."""
        with self.transaction() as db:
            db.execute(
                "UPDATE release SET cluster = ?, number = ?, changed = ? WHERE id = ? AND cluster != ?",
                (cluster, self._next_number(), seen.isoformat(), id_, cluster),
            )

    def _stored(self, row: Any) -> StoredRelease:
        id_, number, state, record, first_seen, changed, cluster, has_aliases, edited = row
        sql = "SELECT url FROM alias WHERE release = ? ORDER BY url"
        aliases = self.rows(sql, id_) if has_aliases else ()
        try:
            return StoredRelease(
                id=id_,
                number=number,
                state=state,
                release=loaded(record),
                first_seen=datetime.fromisoformat(first_seen),
                changed=datetime.fromisoformat(changed),
                cluster=cluster,
                aliases=tuple(url for (url,) in aliases),
                edited=bool(edited),
            )
        except ValueError as error:  # pydantic's ValidationError is one, too
            raise StoreError(
                f"{self.path}: release {id_} is damaged; restore the file from a backup"
            ) from error

    def _next_number(self) -> int:
        return self.last_number() + 1

    def _own(self, id_: str) -> StoredRelease | None:
        rows = self.rows(f"{_STORED} WHERE id = ?", id_)
        return self._stored(rows[0]) if rows else None

    def _twin(self, release: Release, digest: str) -> "_Twin | None":
        """Return another release of the site that says the same word for word on the same day."""
        rows = self.rows(
            """SELECT id, url, state = 'gone' OR struck IS NOT NULL FROM release
               WHERE site = ? AND text_digest = ? AND url != ? AND moved_to IS NULL
               ORDER BY instr(url, '?') > 0, length(url) DESC, url != lower(url), url LIMIT 1""",
            release.site,
            digest,
            release.url,
        )
        return _Twin(*rows[0]) if rows and release.body else None

    def _upsert(self, release: Release, digest: str, seen: datetime) -> Outcome:
        id_ = release_id(release.site, release.url)
        stored = self._own(id_)
        state = self._state_of(release.url)
        if stored is None:
            self._insert(id_, release, digest, state, seen)
            return "new"
        if stored.state == state and says_the_same(stored.release, release):
            self._db.execute("UPDATE release SET struck = NULL WHERE id = ? AND struck IS NOT NULL", (id_,))
            return "unchanged"
        if text_of(stored.release) != text_of(release):
            self._add_revision(id_, stored.release, seen)
        self._db.execute(
            """UPDATE release SET number = ?, state = ?, record = ?, text_digest = ?, changed = ?,
                 moved_to = NULL, struck = NULL, gone_at = NULL WHERE id = ?""",
            (self._next_number(), state, dumped(release), digest, seen.isoformat(), id_),
        )
        return "changed"

    def _insert(self, id_: str, release: Release, digest: str, state: State, seen: datetime) -> None:
        now = seen.isoformat()
        record = dumped(release)
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
        if text_of(before.release) != text_of(after.release):
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


def _rank(url: str) -> tuple[bool, int, bool, str]:
    return "?" in url, -len(url), url != url.lower(), url
