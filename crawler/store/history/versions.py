"""The table of versions: each text that a release had, from when to when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from crawler.store.records import Release, StoredRelease
from crawler.store.release_rows import ReleaseRows
from crawler.store.sightings import last_seen

VersionKind = Literal["first", "edit", "reread", "withdrawal"]
# Of a release with more versions, the texts between these are dropped: a page with a counter, which has
# another text at each visit, would fill the disk. Lead and body of a text have at most 200,000 characters.
FIRST_KEPT, LAST_KEPT = 100, 300
_TIMES = "release, number, kind, edited, after, since, read, seen, until, published, title"
# A later first version is that of another release, which got the id when this one was discarded.
NOT_DISCARDED = """NOT EXISTS (SELECT 1 FROM version AS later
  WHERE later.release = version.release AND later.number > version.number AND later.kind = 'first')"""
# When a version was replaced: when the next one, which may have been held, was first read.
_REPLACED = """coalesce((SELECT read FROM version AS later
  WHERE later.release = version.release AND later.number = version.number + 1), until)"""
_SQL = f"""SELECT release, version.number, kind, after, since, read, seen, {_REPLACED}, kept,
  version.published, version.title, version.lead, version.body, version.structure, record, url
FROM version LEFT JOIN release ON id = release AND until IS NULL"""  # noqa: S608 # constants


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """A text of a release: it appeared between ``after`` and ``since``, and was last seen at ``seen`` (UTC).

    It never changes, but for its ``seen`` and ``until``.
    """

    release: str
    """The id of the release that had it, which no merge changes."""
    number: int
    """From 1; never given to another text."""
    kind: VersionKind
    """How it came: the ``first``, by an ``edit`` of the site, by a better reading of the same page
    (``reread``), or by an undo (``withdrawal``), which restored an earlier text."""
    after: datetime | None
    """When the site last had another text, of an edit; None: unknown, as it always is for the first."""
    since: datetime
    """When it was first read."""
    stored: datetime
    """When it came into the store: later than ``since`` if it was held until it was sure."""
    seen: datetime | None
    """When the site was last seen to have it; None: only we had it, by a reading or an undo."""
    until: datetime | None
    """When the next text was first read, or another release took its place; None: it is the last."""
    kept: bool
    """False: there are so many versions that its lead and body are dropped."""
    title: str
    lead: str
    body: str
    published: date | None
    structure: str | None = None
    """Of lead and body, as `dump_structure` writes it; None: it was not kept."""


class VersionRows(ReleaseRows):
    """Reads and writes the table `version`; nothing else writes to it.

    The text of the last version is that of the release, so it is kept once. The versions of a discarded
    release stay. Once another has its id, they are no longer read, but their numbers stay taken.
    """

    def versions(self, id_: str, *, after: int = 0, at_most: int = -1) -> tuple[TextVersion, ...]:
        """Return the texts that the release *id_* had, oldest first; of a merged one, up to the merge.

        Only those numbered above *after*; *at_most* -1 means all.
        """
        rows = self.rows(
            f"{_SQL} WHERE release = ? AND version.number > ? ORDER BY version.number LIMIT ?",
            id_,
            max(after, self.first_version(id_) - 1),
            at_most,
        )
        return tuple(map(self._version, rows))

    def versions_of(self, stored: StoredRelease) -> tuple[TextVersion, ...]:
        """Return the texts of a *stored* release, which was just read, oldest first."""
        sql = f"{_SQL} WHERE release = ? AND version.number >= ? ORDER BY version.number"
        rows = self.rows(sql, stored.id, self.first_version(stored.id))
        return tuple(self._version(row, stored) for row in rows)

    def versions_between(self, id_: str, start: datetime, end: datetime) -> tuple[TextVersion, ...]:
        """Return the texts that the release *id_* had or may have had from *start* to *end*, oldest first.

        A text may have come at any time after its predecessor was last seen.
        """
        rows = self.rows(
            f"""{_SQL} WHERE release = ? AND version.number >= ? AND coalesce(after, read, since) < ?
                AND (until IS NULL OR {_REPLACED} > ?) ORDER BY version.number""",
            id_,
            self.first_version(id_),
            end.isoformat(),
            start.isoformat(),
        )
        return tuple(map(self._version, rows))

    def version(self, id_: str, number: int) -> TextVersion | None:
        """Return the version *number* of the release *id_*; None if it has none."""
        if not self._has_version(id_, number):
            return None
        rows = self.rows(f"{_SQL} WHERE release = ? AND version.number = ?", id_, number)
        return self._version(rows[0]) if rows else None

    def _has_version(self, id_: str, number: int) -> bool:
        """Whether *number*, which SQLite may be unable to take, is that of a version."""
        return self.first_version(id_) <= number <= self.last_version(id_)

    def first_version(self, id_: str) -> int:
        """Return the number of the first text of the release *id_*: 1, but after a discarded one."""
        sql = "SELECT number FROM version WHERE release = ? AND kind = 'first' ORDER BY number DESC LIMIT 1"
        return int(next((number for (number,) in self.rows(sql, id_)), 1))

    def last_version(self, id_: str) -> int:
        """Return the number of the last text of the release *id_*; 0 if it never had one."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM version WHERE release = ?", id_)[0][0])

    def count_cut(self, site: str) -> int:
        """Return how many releases of *site* have so many versions that some are kept without their text."""
        sql = """SELECT count(*) FROM release JOIN version ON release = id AND version.number = ?
                 WHERE site = ?"""
        return int(self.rows(sql, FIRST_KEPT + LAST_KEPT + 1, site)[0][0])

    def count_shown_cut(self) -> int:
        """Return how many releases that may be shown have, or took in, texts that are no longer kept."""
        sql = """SELECT count(DISTINCT shown.id) FROM release
                 JOIN version ON version.release = release.id AND version.number = ?
                 JOIN release AS shown ON shown.id = coalesce(release.moved_to, release.id)
                 WHERE shown.state != 'hidden'"""
        return int(self.rows(sql, FIRST_KEPT + LAST_KEPT + 1)[0][0])

    def count_dropped(self, id_: str) -> int:
        """Return how many texts of the release *id_*, and of those merged into it, are no longer kept."""
        sql = "SELECT count(*) FROM version WHERE release = ? AND number >= ? AND NOT kept"
        ids = (id_, *self.merged_into(id_))
        return sum(int(self.rows(sql, one, self.first_version(one))[0][0]) for one in ids)

    def count_versions(self, id_: str) -> int:
        """Return how many texts the release *id_* had."""
        return self.last_version(id_) - self.first_version(id_) + 1

    def count_edits(self, id_: str, *, after: int) -> int:
        """Return how many versions of the release *id_* numbered above *after* an edit of the site began."""
        sql = "SELECT count(*) FROM version WHERE release = ? AND number > ? AND kind = 'edit'"
        return int(self.rows(sql, id_, after)[0][0])

    def merged_into(self, id_: str) -> list[str]:
        """Return the ids of the releases in whose place the release *id_* is, the oldest first."""
        rows = self.rows("SELECT id FROM release WHERE moved_to = ? ORDER BY first_seen, id", id_)
        return [old for (old,) in rows]

    def shown_title(self, id_: str, number: int) -> tuple[str, str] | None:
        """Return the title of a version and the institution of the release; None if it must not be shown."""
        rows = self.rows(
            f"""SELECT coalesce(version.title, release.record ->> 'title'), release.record ->> 'ministry'
               FROM version JOIN release ON release.id = version.release
                 JOIN release AS shown ON shown.id = coalesce(release.moved_to, release.id)
               WHERE version.release = ? AND version.number = ? AND shown.state != 'hidden'
                 AND {NOT_DISCARDED}""",  # noqa: S608 # a constant
            id_,
            number,
        )
        return rows[0] if rows else None

    def is_shown(self, id_: str, number: int) -> bool:
        """Whether there is a version *number* of the release *id_* that may be shown."""
        return self._has_version(id_, number) and self.shown_title(id_, number) is not None

    def keep_sighting(self, url: str) -> None:
        """Keep when the release at the canonical *url* was last seen there: the next visit did not."""
        holder = self.holder(url)
        if holder is not None and holder.url == url:
            self._note_sighting(holder.id, url)

    def _version(self, row: Any, stored: StoredRelease | None = None) -> TextVersion:
        release, number, kind, after, since, read, seen, until, kept, published, *others = row
        *text, structure, record, url = others
        stored_at, last = datetime.fromisoformat(since), _moment(seen)
        day = date.fromisoformat(published) if published else None
        if record is not None:
            stored = stored or self._own(release)  # checks the digest
            assert stored is not None  # noqa: S101 # its row was joined
            current, sighted = stored.release, last_seen(self, url)
            text, day = [current.title, current.lead, current.body], current.published
            structure = current.structure
            last = max(last or sighted, sighted) if sighted else last
        title, lead, body = (part or "" for part in text)
        return TextVersion(
            release=release,
            number=number,
            kind=kind,
            after=_moment(after),
            since=_moment(read) or stored_at,
            stored=stored_at,
            seen=sighting(kind, stored_at, last),
            until=_moment(until),
            kept=bool(kept),
            title=title,
            lead=lead,
            body=body,
            published=day,
            structure=structure,
        )

    def _begin(
        self,
        id_: str,
        kind: VersionKind,
        seen: datetime,
        *,
        after: datetime | None = None,
        read: datetime | None = None,
    ) -> None:
        """Give the release *id_* a further version, which has the text of the release.

        It was held since it was *read*, which counts unless something else was noticed since.
        """
        number = self.last_version(id_) + 1
        if read and not (self._last_happened(id_) <= read.isoformat() < seen.isoformat()):
            read = None
        if read and after and read <= after:
            read = None
        self.execute(
            "INSERT INTO version (release, number, kind, after, since, read) VALUES (?, ?, ?, ?, ?, ?)",
            id_,
            number,
            kind,
            after.isoformat() if after else None,
            seen.isoformat(),
            read.isoformat() if read else None,
        )
        if (many := number - LAST_KEPT) > FIRST_KEPT:
            # An update would leave each emptied row on a page of its own.
            self.execute(
                f"""INSERT OR REPLACE INTO version ({_TIMES}, kept, lead, body)
                    SELECT {_TIMES}, 0, '', '' FROM version WHERE release = ? AND number = ?""",  # noqa: S608 # constants
                id_,
                many,
            )

    def _last_happened(self, id_: str) -> str:
        """Return when something was last noticed of the release *id_*; empty if it is new."""
        return str(self.rows("SELECT coalesce(max(at), '') FROM event WHERE release = ?", id_)[0][0])

    def _end(self, id_: str, old: Release, seen: datetime, *, is_edit: bool) -> datetime | None:
        """End the last version of the release *id_*, whose text is that of *old*.

        Returns:
            When it was last seen; None if that is unknown.
        """
        self._note_sighting(id_, old.url)
        number = self.last_version(id_)
        self.execute(
            """UPDATE version
               SET edited = ?, until = ?, published = ?, title = ?, lead = ?, body = ?, structure = ?
               WHERE release = ? AND number = ?""",
            is_edit,
            seen.isoformat(),
            old.published.isoformat() if old.published else None,
            old.title,
            old.lead,
            old.body,
            old.structure,
            id_,
            number,
        )
        rows = self.rows(
            "SELECT kind, since, seen FROM version WHERE release = ? AND number = ?", id_, number
        )
        for kind, since, last in rows:
            return sighting(kind, datetime.fromisoformat(since), _moment(last))
        return None

    def _reopen(self, id_: str) -> None:
        """Give the last version of the release *id_*, which a merge ended, back to it."""
        self.execute(
            """UPDATE version
               SET edited = 0, until = NULL, published = NULL, title = NULL, lead = NULL, body = NULL,
                 structure = NULL
               WHERE release = ? AND number = ?""",
            id_,
            self.last_version(id_),
        )

    def _note_sighting(self, id_: str, url: str) -> None:
        """Keep when the last version of the release *id_* was last seen at *url*: visits overwrite it."""
        if last := last_seen(self, url):
            self.execute(
                """UPDATE version SET seen = max(coalesce(seen, ''), ?)
                   WHERE release = ? AND number = ? AND until IS NULL""",
                last.isoformat(),
                id_,
                self.last_version(id_),
            )

    def undo_edits(self, id_: str, *, since: datetime) -> None:
        """Let no edit of the release *id_* that was read at *since* or later count as one."""
        self.execute(
            "UPDATE version SET edited = 0 WHERE release = ? AND edited = 1 AND until >= ?",
            id_,
            since.isoformat(),
        )


def sighting(kind: VersionKind, since: datetime, last: datetime | None) -> datetime | None:
    """Return when the site was last seen to have a version; *last*: when it had that page."""
    match kind:
        case "first" | "edit":
            return max(since, last or since)
        case "reread":
            return last
        case "withdrawal":  # what was undone was on the page until then
            return last if last and last > since else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
