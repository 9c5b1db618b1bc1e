"""The table of releases: checks the digest of each row it reads, updates that of each row it writes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.config import Language
from crawler.store.database import StoreError, Value, row_digest
from crawler.store.history.events import EventKind, EventRows, kinds_of
from crawler.store.records import (
    Release,
    Revision,
    State,
    StoredRelease,
    dump_release,
    load_release,
    text_digest,
)

# The digest of a row covers these columns in this order; stores contain it.
COLUMNS = (
    "id",
    "number",
    "state",
    "site",
    "url",
    "record",
    "text_digest",
    "first_seen",
    "changed",
    "cluster",
    "moved_to",
    "struck",
    "gone_at",
)
# A build reads all releases. Most have neither aliases nor revisions, so only their existence is read here.
STORED = f"""SELECT {", ".join(COLUMNS)}, digest,
  EXISTS (SELECT 1 FROM alias WHERE release = release.id),
  EXISTS (SELECT 1 FROM revision WHERE release = release.id
          OR release IN (SELECT id FROM release AS old WHERE old.moved_to = release.id))
FROM release"""  # noqa: S608 # constants

# The id of the release at the URL ?1. Aliases first: another release may have replaced the one stored there.
ID_AT = """SELECT id FROM (SELECT 1 AS place, release AS id FROM alias WHERE url = ?1
  UNION ALL SELECT 2, id FROM release WHERE url = ?1) ORDER BY place LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Holder:
    """The release at a URL, without its text, which takes time to read and check."""

    id: str
    url: str
    """Its own canonical URL."""
    site: str
    aliases: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, its digest checked."""

    values: dict[str, Any]
    has_aliases: bool
    is_edited: bool

    @property
    def id(self) -> str:
        """The id of the release."""
        return str(self.values["id"])

    @property
    def moved_to(self) -> str | None:
        """The id of the release that replaced this one."""
        return self.values["moved_to"]  # type: ignore[no-any-return]  # sqlite3 knows no types of columns


class ReleaseRows(EventRows):
    """Reads and writes the table `release`; nothing else writes to it."""

    def damaged_ids(self) -> list[str]:
        """Return the ids of releases whose row differs from what was stored."""
        damaged = []
        last = 0
        # By rowid, which damage to a column cannot change.
        sql = (
            f"SELECT {', '.join(COLUMNS)}, digest, rowid FROM release WHERE rowid > ? ORDER BY rowid LIMIT 50"  # noqa: S608 # constants
        )
        while rows := self.rows(sql, last):
            damaged += [_printable(row[0]) for row in rows if not _is_whole(row)]
            last = rows[-1][-1]
        return damaged

    def revisions(self, id_: str, *, at_most: int = -1) -> tuple[Revision, ...]:
        """Return the earlier texts of the release *id_* and of those it replaced, newest first.

        *at_most* -1 means all.
        """
        rows = self.rows(
            """SELECT release, number, replaced, title, lead, body, published, seen, kept, structure
               FROM revision
               WHERE release = ? OR release IN (SELECT id FROM release WHERE moved_to = ?)
               ORDER BY until DESC LIMIT ?""",
            id_,
            id_,
            at_most,
        )
        return tuple(
            Revision(
                release=release,
                version=version,
                until=datetime.fromisoformat(until),
                title=title,
                lead=lead,
                body=body,
                published=date.fromisoformat(published) if published else None,
                seen=datetime.fromisoformat(seen) if seen else None,
                kept=bool(kept),
                structure=structure,
            )
            for release, version, until, title, lead, body, published, seen, kept, structure in rows
        )

    def count_revisions(self, id_: str) -> int:
        """Return the number of earlier texts of the release *id_* and of those it replaced."""
        [(count,)] = self.rows(
            """SELECT count(*) FROM revision
               WHERE release = ?1 OR release IN (SELECT id FROM release WHERE moved_to = ?1)""",
            id_,
        )
        return int(count)

    def urls_of(self, site: str) -> list[tuple[str, str]]:
        """Return the id and canonical URL of every release of *site*, hidden and gone ones too."""
        return self.rows("SELECT id, url FROM release WHERE site = ? AND moved_to IS NULL ORDER BY id", site)

    def count(self) -> int:
        """Return the number of releases that are not hidden."""
        return int(self.rows("SELECT count(*) FROM release WHERE state != 'hidden'")[0][0])

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases, hidden ones too."""
        return frozenset(id_ for (id_,) in self.rows("SELECT id FROM release"))

    def count_of(self, site: str) -> int:
        """Return the number of present releases of *site*."""
        return int(self.rows("SELECT count(*) FROM release WHERE site = ? AND state = 'present'", site)[0][0])

    def titles(self, site: str) -> tuple[str, ...]:
        """Return the titles of the present releases of *site*."""
        sql = "SELECT record ->> 'title' FROM release WHERE site = ? AND state = 'present'"
        return tuple(title for (title,) in self.rows(sql, site))

    def titles_by_url(self, site: str, *, at_most: int) -> list[tuple[str, str]]:
        """Return URL and title of present releases of *site* in its main language, last changed first."""
        sql = """SELECT url, record ->> 'title' FROM release WHERE site = ? AND state = 'present'
                 AND record ->> 'language' = ? ORDER BY number DESC LIMIT ?"""
        return self.rows(sql, site, self.main_language(site), at_most)

    def days_by_url(self, site: str, *, at_most: int) -> list[tuple[str, str, str]]:
        """Return URL, listed day and own day of present releases of *site* that have both, as ISO dates."""
        sql = """SELECT url, frontier.published, record ->> 'published' FROM release JOIN frontier USING (url)
                 WHERE release.site = ? AND state = 'present' AND frontier.published IS NOT NULL
                   AND record ->> 'published_source' NOT IN ('list', 'feed', 'none')
                 ORDER BY number DESC LIMIT ?"""
        return self.rows(sql, site, at_most)

    def with_bodies(self, site: str, bodies: Iterable[str]) -> list[Release]:
        """Return the present releases of *site* that have one of *bodies*, word for word."""
        sql = f"""{STORED} WHERE site = ? AND state = 'present'
                  AND record ->> 'body' IN (SELECT value FROM json_each(?))"""  # noqa: S608 (a constant)
        rows = self.rows(sql, site, json.dumps(sorted(bodies), ensure_ascii=False))
        return [self._load(self._row(row)).release for row in rows]

    def main_language(self, site: str) -> Language | None:
        """Return the language of most present releases of *site*; None if it has none."""
        rows = self.rows(
            """SELECT record ->> 'language' FROM release WHERE site = ? AND state = 'present'
               GROUP BY 1 ORDER BY count(*) DESC LIMIT 1""",
            site,
        )
        return rows[0][0] if rows else None

    def count_before(self, site: str, moment: datetime) -> int:
        """Return the number of releases of *site* first seen before *moment*, in any state."""
        sql = "SELECT count(*) FROM release WHERE site = ? AND first_seen < ?"
        return int(self.rows(sql, site, moment.isoformat())[0][0])

    def holder(self, url: str) -> Holder | None:
        """Return the release at the canonical *url*, its own or an alias."""
        rows = self.rows(
            f"""SELECT id, url, site, (SELECT count(*) FROM alias WHERE release = found.id)
                FROM release AS found
                WHERE id = (SELECT coalesce(moved_to, id) FROM release WHERE id = ({ID_AT}))""",  # noqa: S608 (a constant)
            url,
        )
        return Holder(*rows[0]) if rows else None

    def owner(self, url: str) -> str | None:
        """Return the site of the release stored at the canonical *url* itself; None if there is none."""
        rows = self.rows("SELECT site FROM release WHERE url = ? AND moved_to IS NULL", url)
        return str(rows[0][0]) if rows else None

    def count_aliases(self, url: str) -> int:
        """Return the number of aliases of the release at the canonical *url*."""
        sql = f"""SELECT count(*) FROM alias
                  WHERE release = (SELECT coalesce(moved_to, id) FROM release WHERE id = ({ID_AT}))"""  # noqa: S608 (a constant)
        return int(self.rows(sql, url)[0][0])

    def _row(self, row: Any) -> Row:
        if row_digest(*row[: len(COLUMNS)]) != row[len(COLUMNS)]:
            raise self._damage_error(row[0])
        values = dict(zip(COLUMNS, row, strict=False))
        return Row(values, has_aliases=bool(row[-2]), is_edited=bool(row[-1]))

    def _row_at(self, id_: str) -> Row:
        [row] = self.rows(f"{STORED} WHERE id = ?", id_)
        return self._row(row)

    def _load(self, row: Row) -> StoredRelease:
        values = row.values
        sql = "SELECT url FROM alias WHERE release = ? ORDER BY url"
        aliases = self.rows(sql, row.id) if row.has_aliases else ()
        try:
            return StoredRelease(
                id=row.id,
                number=values["number"],
                state=values["state"],
                release=load_release(values["record"]),
                first_seen=datetime.fromisoformat(values["first_seen"]),
                changed=datetime.fromisoformat(values["changed"]),
                cluster=values["cluster"],
                aliases=tuple(url for (url,) in aliases),
                edited=row.is_edited,
            )
        except ValueError as error:  # pydantic's ValidationError is one, too
            raise self._damage_error(row.id) from error

    def _own(self, id_: str) -> StoredRelease | None:
        """Return the release *id_* itself, even if another replaced it."""
        rows = self.rows(f"{STORED} WHERE id = ?", id_)
        return self._load(self._row(rows[0])) if rows else None

    def _insert(self, id_: str, release: Release, state: State, seen: datetime) -> int:
        """Insert the row of a new release; return its number."""
        now = seen.isoformat()
        number = self._next_number()
        values: dict[str, Value] = dict.fromkeys(COLUMNS)
        values |= {
            "id": id_,
            "number": number,
            "state": state,
            "site": release.site,
            "url": release.url,
            "record": dump_release(release),
            "text_digest": text_digest(release),
            "first_seen": now,
            "changed": now,
            "cluster": id_,
        }
        with self.transaction():
            self._db.execute(
                f"INSERT INTO release ({', '.join(COLUMNS)}, digest) VALUES ({'?, ' * len(COLUMNS)}?)",  # noqa: S608 # constants
                (*values.values(), row_digest(*values.values())),
            )
        return number

    def _update(self, id_: str, **changes: Value) -> None:
        """Write *changes* into the row of the release *id_* if they differ from it."""
        with self.transaction():
            self._write(self._row_at(id_).values, changes)

    def _write(self, before: dict[str, Any], changes: dict[str, Value]) -> None:
        after = before | changes
        if after != before:
            names = "".join(f"{name} = ?, " for name in changes)
            sql = f"UPDATE release SET {names}digest = ? WHERE id = ?"  # noqa: S608 # names of columns
            self._db.execute(sql, (*changes.values(), row_digest(*after.values()), before["id"]))

    def _change(self, id_: str, seen: datetime, *, text: EventKind | None = None, **changes: Value) -> None:
        """Write *changes* and give the release a new number, so that it is indexed again.

        What happens thereby is recorded, and then the event *text* of a new version. Each event has a number;
        the release has that of the last.
        """
        with self.transaction():
            before = self._row_at(id_).values
            kinds = [*kinds_of(before, before | changes), *((text,) if text else ())]
            number = self._next_number()
            for place, kind in enumerate(kinds):
                successor = str(changes["moved_to"]) if kind == "merge" else None
                self._record(number + place, kind, id_, seen, successor=successor)
            number += max(0, len(kinds) - 1)
            self._write(before, {**changes, "number": number, "changed": seen.isoformat()})

    def _next_number(self) -> int:
        return max(self.last_number(), self.last_event()) + 1

    def last_number(self) -> int:
        """Return the highest number of a change; 0 in an empty store."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM release")[0][0])

    def _damage_error(self, id_: str) -> StoreError:
        return StoreError(
            f"{self.path}: release {_printable(id_)} is damaged; restore the file from a backup"
        )


def _is_whole(row: Any) -> bool:
    values = dict(zip(COLUMNS, row, strict=False))
    try:
        # The text digest is older than the row digest and shows damage from before that was introduced.
        is_sealed = row_digest(*values.values()) == row[len(COLUMNS)]
        return bool(is_sealed and text_digest(load_release(values["record"])) == values["text_digest"])
    except ValueError:
        return False


def _printable(id_: object) -> str:
    # Damage may have put control characters there.
    return repr(id_).strip("'")
