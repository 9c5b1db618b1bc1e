"""The store of releases: the contract between crawler and index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from crawler.store.history.events import EventKind
from crawler.store.history.versions import VersionRows
from crawler.store.records import (
    Absence,
    Outcome,
    Release,
    State,
    StoredRelease,
    dump_release,
    has_same_content,
    is_edit,
    release_id,
    text_digest,
    text_of,
)
from crawler.store.release_rows import ID_AT, STORED
from preses_relizes.shared.calendar import riga_day

# All URLs of the release ?1.
_ADDRESSES = "SELECT url FROM release WHERE id = ?1 UNION SELECT url FROM alias WHERE release = ?1"


class Store(VersionRows):
    """The releases in a SQLite file, with their aliases, revisions and takedowns."""

    def save(
        self,
        release: Release,
        *,
        seen: datetime,
        read: datetime | None = None,
        aliases: tuple[str, ...] = (),
        is_back: bool = False,
    ) -> Outcome:
        """Store *release* as extracted at *seen* (UTC); *aliases* are further URLs where it is found.

        If it was held since it was first *read*, and nothing else was known to happen meanwhile, its version
        begins then.

        An unchanged release is not written again; the old text of a changed one becomes a revision. The same
        text at two URLs of a site is one release, kept at the URL that it had on an earlier day; of two found
        on one day, at the one without a query, or else the longer one: old URLs were cut short. One
        that *is_back* at its own URL, which led elsewhere before, is kept there.
        """
        with self.transaction():
            release = self.with_texts(release)
            digest = text_digest(release)
            twin = self._twin(release, digest)
            if twin and not (twin.is_lost or is_back) and self._keeps(twin, release.url, aliases, seen):
                self.add_addresses(twin.id, (release.url, *aliases), seen=seen)
                return "unchanged"
            self.leave(release.url, seen=seen)
            id_, outcome = self._upsert(release, seen, read)
            for attachment in release.attachments:
                self._db.execute("INSERT OR IGNORE INTO attached VALUES (?, ?)", (attachment.url, id_))
            if twin is not None:
                self._merge(twin.id, id_, seen)
            if twin is not None or aliases:  # a takedown of the release's own address is obeyed by now
                self.add_addresses(id_, aliases, seen=seen)
            return outcome

    def _keeps(self, twin: "_Twin", url: str, aliases: tuple[str, ...], seen: datetime) -> bool:
        """Whether the release *twin* keeps its URL although its text is now found at *url*, too.

        A page that leads from there to *url* moves it; otherwise one of an earlier day keeps it.
        """
        is_older = riga_day(datetime.fromisoformat(twin.first_seen)) < riga_day(seen)
        is_kept = is_older and twin.url not in aliases and self.owner(url) is None
        return is_kept or _rank(twin.url) < _rank(url)

    def leave(self, url: str, *, seen: datetime) -> None:
        """Take the alias *url* from the release that has it: it becomes an address of its own."""
        with self.transaction():
            for (id_,) in self.rows("SELECT release FROM alias WHERE url = ?", url):
                self._db.execute("DELETE FROM alias WHERE url = ?", (url,))
                self._change(id_, seen)

    def discard(self, id_: str, *, since: datetime) -> bool:
        """Delete a release, with those merged into it, if all are new *since* then; return whether it was."""
        stored = self._own(id_)
        if stored is None or stored.first_seen < since or stored.edited:
            return False
        with self.transaction():
            self._db.execute("DELETE FROM alias WHERE release = ?", (id_,))
            self._db.execute("DELETE FROM attached WHERE release = ?", (id_,))
            self._end(id_, stored.release, since, is_edit=False)
            merged = "SELECT ?1 UNION SELECT id FROM release WHERE moved_to = ?1"
            self._db.execute(f"DELETE FROM log_nonce WHERE release IN ({merged})", (id_,))  # noqa: S608 (a constant)
            self._record(self._next_number(), "hide", id_, stored.changed)
            self._db.execute("DELETE FROM release WHERE ?1 IN (id, moved_to)", (id_,))
        return True

    def add_addresses(self, id_: str, urls: Iterable[str], *, seen: datetime) -> None:
        """Add *urls* as aliases of the release *id_*; releases stored there are merged into it."""
        with self.transaction():
            self._add_aliases(id_, urls, seen)
            self._apply_takedowns(id_, seen)

    def overwrite(
        self, id_: str, release: Release, *, seen: datetime, kind: Literal["reread", "withdrawal"] = "reread"
    ) -> None:
        """Replace the record of the release *id_* without an edit: its state and revisions stay.

        Another text is a version of this *kind*.
        """
        with self.transaction():
            old = self._load(self._row_at(id_)).release
            is_new = text_of(old) != text_of(release) if kind == "reread" else is_edit(old, release)
            if is_new:
                self._end(id_, old, seen, is_edit=False)
                self._begin(id_, kind, seen)
            event: EventKind = "reread" if kind == "reread" else "undo"
            self._change(
                id_,
                seen,
                text=event if is_new else None,
                record=dump_release(release),
                text_digest=text_digest(release),
                site=release.site,
            )

    def save_text(self, url: str, text: str, *, seen: datetime) -> None:
        """Store the text of the attachment at *url* in all releases that link to it."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO attachment VALUES (?, ?)", (url, text))
            for (id_,) in self.rows("SELECT release FROM attached WHERE url = ?", url):
                stored = self._own(id_)
                if stored and stored.state == "present":
                    self._upsert(self.with_texts(stored.release), seen)

    def with_texts(self, release: Release) -> Release:
        """Return *release* with the stored texts of its attachments."""
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
        """Yield the releases changed after *number*, hidden ones too, by ascending number.

        A release that changes meanwhile is yielded again with its new number.
        """
        while True:
            rows = self.rows(f"{STORED} WHERE number > ? ORDER BY number LIMIT 50", number)
            yield from map(self._load, map(self._row, rows))
            if not rows:
                return
            number = rows[-1][1]

    def get(self, id_: str) -> StoredRelease | None:
        """Return the release *id_*, or the one that replaced it."""
        rows = self.rows(
            f"{STORED} WHERE id = (SELECT coalesce(moved_to, id) FROM release WHERE id = ?)",  # noqa: S608 (a constant)
            id_,
        )
        return self._load(self._row(rows[0])) if rows else None

    def find(self, url: str) -> StoredRelease | None:
        """Return the release at the canonical *url*, its own or an alias."""
        rows = self.rows(ID_AT, url)
        return self.get(rows[0][0]) if rows else None

    def find_copy(self, release: Release, digest: str) -> str | None:
        """Return the id of another release of the site with the words and day of *digest*, if any."""
        twin = self._twin(release, digest)
        return twin.id if twin else None

    def has(self, url: str) -> bool:
        """Whether a release is stored at the canonical *url*, its own or an alias."""
        sql = "SELECT 1 FROM release WHERE url = ?1 UNION SELECT 1 FROM alias WHERE url = ?1"
        return bool(self.rows(sql, url))

    def has_beside(self, url: str, *, but: str = "") -> bool:
        """Whether a release other than *but* is present in the folder of a canonical URL, or below it."""
        folder = url.partition("?")[0].rpartition("/")[0]
        # "0" follows "/" in ASCII.
        sql = "SELECT 1 FROM release WHERE url > ? AND url < ? AND url != ? AND state = 'present' LIMIT 1"
        return bool(self.rows(sql, f"{folder}/", f"{folder}0", but))

    def miss(self, id_: str, *, seen: datetime) -> Absence:
        """Record that a release is missing; if it was missing on an earlier day, mark it as gone."""
        day = riga_day(seen).isoformat()
        with self.transaction():
            row = self._row_at(id_).values
            struck = row["struck"] or day
            self._note_sighting(id_, row["url"])
            self._update(id_, struck=struck)
            if struck < day:
                self.mark_gone(id_, seen=seen)
                return "gone"
        return "missing"

    def missing_since(self, id_: str) -> date | None:
        """Return the day on which the release *id_* was first missing; None if it is not missing."""
        rows = self.rows("SELECT struck FROM release WHERE id = ? AND struck IS NOT NULL", id_)
        return date.fromisoformat(rows[0][0]) if rows else None

    def mark_gone(self, id_: str, *, seen: datetime) -> None:
        """Mark a release as gone from its site; its text stays. A hidden one stays hidden."""
        for (url,) in self.rows("SELECT url FROM release WHERE id = ? AND state = 'present'", id_):
            self._note_sighting(id_, url)
            self._set_state(id_, "gone", seen)

    def withdraw(self, id_: str, *, seen: datetime) -> None:
        """Hide a release whose page asks not to be indexed, until it no longer does."""
        self._set_state(id_, "hidden", seen)

    def sight(self, id_: str, *, seen: datetime) -> None:
        """Record that a release is still on its site."""
        sql = (
            "SELECT state FROM release WHERE id = ? AND moved_to ISNULL AND coalesce(struck, gone_at) NOTNULL"
        )
        with self.transaction():
            if not (rows := self.rows(sql, id_)):
                return  # of nearly all pages; reading the row would check the digest of all its text
            if rows[0][0] == "gone":
                self._set_state(id_, "present", seen)
            else:
                self._update(id_, struck=None, gone_at=None)

    def show(self, id_: str, *, seen: datetime) -> None:
        """Show the release *id_* again, whatever hid it."""
        self._set_state(id_, "present", seen)

    def hide(self, url: str, *, seen: datetime) -> None:
        """Hide the release at *url* now and in all later crawls, at all its addresses, wherever it moves."""
        with self.transaction():
            self._db.execute("INSERT OR IGNORE INTO takedown VALUES (?, ?)", (url, seen.isoformat()))
            if stored := self.find(url):
                self._apply_takedowns(stored.id, seen)

    def takedowns(self) -> list[tuple[str, datetime]]:
        """Return the canonical URLs that were taken down and when, oldest first."""
        rows = self.rows("SELECT url, since FROM takedown ORDER BY since, url")
        return [(url, datetime.fromisoformat(since)) for url, since in rows]

    def is_hidden(self, url: str) -> bool:
        """Whether the release at the canonical *url*, or any later one there, is hidden."""
        stored = self.find(url)
        return self._state_of(url) == "hidden" or (stored is not None and stored.state == "hidden")

    def unhide(self, url: str, *, seen: datetime) -> None:
        """Undo `hide`."""
        with self.transaction():
            self._db.execute("DELETE FROM takedown WHERE url = ?", (url,))
            if stored := self.find(url):
                self._db.execute(f"DELETE FROM takedown WHERE url IN ({_ADDRESSES})", (stored.id,))  # noqa: S608 (a constant)
                gone_at = self._row_at(stored.id).values["gone_at"]
                if stored.state == "hidden":
                    self._change(stored.id, seen, state="gone" if gone_at else "present", struck=None)

    def _apply_takedowns(self, id_: str, seen: datetime) -> None:
        """Hide the release *id_* at all its addresses if one of them was taken down."""
        if not self.rows(f"SELECT 1 FROM takedown WHERE url IN ({_ADDRESSES}) LIMIT 1", id_):  # noqa: S608 (as above)
            return
        self._db.execute(
            f"INSERT OR IGNORE INTO takedown SELECT url, ?2 FROM ({_ADDRESSES})",  # noqa: S608 (as above)
            (id_, seen.isoformat()),
        )
        self._set_state(id_, "hidden", seen)

    def set_cluster(self, id_: str, cluster: str, *, seen: datetime) -> None:
        """Set the first release of the cluster of *id_*."""
        self._change(id_, seen, cluster=cluster)

    def _twin(self, release: Release, digest: str) -> "_Twin | None":
        """Return another release of the site with the same words and the same day."""
        rows = self.rows(
            """SELECT id, url, first_seen, state = 'gone' OR struck IS NOT NULL FROM release
               WHERE site = ? AND text_digest = ? AND url != ? AND moved_to IS NULL
               ORDER BY instr(url, '?') > 0, length(url) DESC, url != lower(url), url LIMIT 1""",
            release.site,
            digest,
            release.url,
        )
        return _Twin(*rows[0]) if rows and release.body else None

    def _upsert(self, release: Release, seen: datetime, read: datetime | None = None) -> tuple[str, Outcome]:
        """Store *release* at its URL, where any site may have one already; return its id and the outcome."""
        state = self._state_of(release.url)
        rows = self.rows(f"{STORED} WHERE url = ?", release.url)
        if not rows:
            id_ = self._free_id(release)
            number = self._insert(id_, release, state, seen)
            self._begin(id_, "first", seen, read=read)
            self._record(number, "new", id_, seen)
            return id_, "new"
        row = self._row(rows[0])
        if row.moved_to is not None:
            self._reopen(row.id)
        stored = self._load(row)
        if stored.state == state and row.moved_to is None and has_same_content(stored.release, release):
            self._update(row.id, struck=None)
            return row.id, "unchanged"
        is_edited = is_edit(stored.release, release)
        if is_edited:
            after = self._end(row.id, stored.release, seen, is_edit=True)
            self._begin(row.id, "edit", seen, after=after, read=read)
        self._change(
            row.id,
            seen,
            text="edit" if is_edited else None,
            moved_to=None,
            state=state,
            site=release.site,
            record=dump_release(release),
            text_digest=text_digest(release),
            struck=None,
            gone_at=None,
        )
        return row.id, "changed"

    def _free_id(self, release: Release) -> str:
        """Return the id for a new release; a longer one if another release has the usual one."""
        id_ = release_id(release.site, release.url)
        is_taken = self.rows("SELECT 1 FROM release WHERE id = ?", id_)
        return release_id(release.site, release.url, digits=64) if is_taken else id_

    def _state_of(self, url: str) -> State:
        return "hidden" if self.rows("SELECT 1 FROM takedown WHERE url = ?", url) else "present"

    def _set_state(self, id_: str, state: State, seen: datetime) -> None:
        with self.transaction():
            row = self._row_at(id_).values
            # `unhide` restores the state from that of a hidden one.
            gone_at = {"present": None, "gone": seen.isoformat(), "hidden": row["gone_at"]}[state]
            if row["state"] != state:
                self._change(id_, seen, state=state, gone_at=gone_at, struck=None)

    def _add_aliases(self, id_: str, urls: Iterable[str], seen: datetime) -> None:
        for url in urls:
            for (other,) in self.rows(
                "SELECT id FROM release WHERE url = ? AND id != ? AND moved_to IS NULL", url, id_
            ):
                self._merge(other, id_, seen)
            if self.rows("SELECT 1 FROM release WHERE url = ? AND id = ?", url, id_):
                continue
            if self.rows("SELECT 1 FROM alias WHERE url = ? AND release = ?", url, id_):
                continue
            self._db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (url, id_))
            self._change(id_, seen)

    def _merge(self, old: str, new: str, seen: datetime) -> None:
        """Merge the release *old* into *new*, which takes over its aliases, revisions and age.

        Versions keep the old id and their numbers; revisions are read through `moved_to`.
        """
        before, after = self._own(old), self._own(new)
        if before is None or after is None:
            return
        self._end(old, before.release, seen, is_edit=text_of(before.release) != text_of(after.release))
        # A pending change would give it an address of its own again.
        self._db.execute("DELETE FROM held WHERE release = ?", (old,))
        self._db.execute("UPDATE OR REPLACE attached SET release = ? WHERE release = ?", (new, old))
        self._db.execute("UPDATE alias SET release = ? WHERE release = ?", (new, old))
        self._db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (before.release.url, new))
        for (earlier,) in self.rows("SELECT id FROM release WHERE moved_to = ?", old):
            self._update(earlier, moved_to=new)
        # `gone_at` stays: `separate` restores the state from it.
        self._change(old, seen, state="hidden", struck=None, moved_to=new)
        self._change(new, seen, first_seen=min(before.first_seen, after.first_seen).isoformat())

    def separate(self, id_: str, *, seen: datetime) -> None:
        """Undo a merge: make a replaced release independent again."""
        with self.transaction():
            row = self._row_at(id_)
            successor = row.moved_to
            if successor is None:
                return
            self._reopen(id_)
            self._db.execute("DELETE FROM alias WHERE url = ?", (row.values["url"],))
            self._change(id_, seen, state="gone" if row.values["gone_at"] else "present", moved_to=None)
            self._change(successor, seen)
            self._apply_takedowns(id_, seen)


@dataclass(frozen=True, slots=True)
class _Twin:
    id: str
    url: str
    first_seen: str
    is_lost: bool


def _rank(url: str) -> tuple[bool, int, bool, str]:
    return "?" in url, -len(url), url != url.lower(), url
