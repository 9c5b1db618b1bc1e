"""The rows of releases: read with their digest checked, written with it renewed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.store.database import Database, StoreError, Value, row_digest
from crawler.store.records import Release, Revision, State, StoredRelease, dumped, loaded, text_digest

# What the digest of a row is of, in this order: stores hold it so.
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
# Asked for each release of a build, most of which have neither other addresses nor earlier texts.
STORED = f"""SELECT {", ".join(COLUMNS)}, digest,
  EXISTS (SELECT 1 FROM alias WHERE release = release.id),
  EXISTS (SELECT 1 FROM revision WHERE release = release.id
          OR release IN (SELECT id FROM release AS old WHERE old.moved_to = release.id))
FROM release"""  # noqa: S608 # constants


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose digest is right, as the store holds it."""

    values: dict[str, Any]
    has_aliases: bool
    is_edited: bool

    @property
    def id(self) -> str:
        """The id of the release."""
        return str(self.values["id"])

    @property
    def moved_to(self) -> str | None:
        """The id of the release that took this one's place."""
        return self.values["moved_to"]  # type: ignore[no-any-return]  # sqlite3 knows no types of columns


class Rows(Database):
    """The table of releases; nothing else writes to it."""

    def damaged(self) -> list[str]:
        """Return the ids of releases of which any field is not what was stored."""
        found = []
        last = 0
        # By what no damage to a field can change.
        sql = (
            f"SELECT {', '.join(COLUMNS)}, digest, rowid FROM release WHERE rowid > ? ORDER BY rowid LIMIT 50"  # noqa: S608 # constants
        )
        while rows := self.rows(sql, last):
            found += [_shown(row[0]) for row in rows if not _is_whole(row)]
            last = rows[-1][-1]
        return found

    def revisions(self, id_: str, *, at_most: int = -1) -> tuple[Revision, ...]:
        """Return the earlier texts of the release *id_*, newest first, of its old addresses too.

        All, if *at_most* is -1.
        """
        rows = self.rows(
            """SELECT until, title, lead, body, published FROM revision
               WHERE release = ? OR release IN (SELECT id FROM release WHERE moved_to = ?)
               ORDER BY until DESC LIMIT ?""",
            id_,
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

    def _row(self, row: Any) -> Row:
        if row_digest(*row[: len(COLUMNS)]) != row[len(COLUMNS)]:
            raise self._damage(row[0])
        values = dict(zip(COLUMNS, row, strict=False))
        return Row(values, has_aliases=bool(row[-2]), is_edited=bool(row[-1]))

    def _row_at(self, id_: str) -> Row:
        [row] = self.rows(f"{STORED} WHERE id = ?", id_)
        return self._row(row)

    def _stored(self, row: Row) -> StoredRelease:
        values = row.values
        sql = "SELECT url FROM alias WHERE release = ? ORDER BY url"
        aliases = self.rows(sql, row.id) if row.has_aliases else ()
        try:
            return StoredRelease(
                id=row.id,
                number=values["number"],
                state=values["state"],
                release=loaded(values["record"]),
                first_seen=datetime.fromisoformat(values["first_seen"]),
                changed=datetime.fromisoformat(values["changed"]),
                cluster=values["cluster"],
                aliases=tuple(url for (url,) in aliases),
                edited=row.is_edited,
            )
        except ValueError as error:  # pydantic's ValidationError is one, too
            raise self._damage(row.id) from error

    def _own(self, id_: str) -> StoredRelease | None:
        """Return the release *id_* itself, though another took its place."""
        rows = self.rows(f"{STORED} WHERE id = ?", id_)
        return self._stored(self._row(rows[0])) if rows else None

    def _insert(self, id_: str, release: Release, state: State, seen: datetime) -> None:
        now = seen.isoformat()
        values: dict[str, Value] = dict.fromkeys(COLUMNS)
        values |= {
            "id": id_,
            "number": self._next_number(),
            "state": state,
            "site": release.site,
            "url": release.url,
            "record": dumped(release),
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

    def _note(self, id_: str, **changes: Value) -> None:
        """Write *changes* into the row of the release *id_*, where they are any."""
        with self.transaction():
            before = self._row_at(id_).values
            after = before | changes
            if after != before:
                names = "".join(f"{name} = ?, " for name in changes)
                sql = f"UPDATE release SET {names}digest = ? WHERE id = ?"  # noqa: S608 # names of columns
                self._db.execute(sql, (*changes.values(), row_digest(*after.values()), id_))

    def _change(self, id_: str, seen: datetime, **changes: Value) -> None:
        """Write *changes* as one that is to be indexed."""
        with self.transaction():
            self._note(id_, **changes, number=self._next_number(), changed=seen.isoformat())

    def _next_number(self) -> int:
        return self.last_number() + 1

    def last_number(self) -> int:
        """Return the highest number given so far; 0 in an empty store."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM release")[0][0])

    def _damage(self, id_: str) -> StoreError:
        return StoreError(f"{self.path}: release {_shown(id_)} is damaged; restore the file from a backup")


def _is_whole(row: Any) -> bool:
    values = dict(zip(COLUMNS, row, strict=False))
    try:
        # The digest of the words is older than that of the row, and knows of damage from before that came.
        is_sealed = row_digest(*values.values()) == row[len(COLUMNS)]
        return bool(is_sealed and text_digest(loaded(values["record"])) == values["text_digest"])
    except ValueError:
        return False


def _shown(id_: object) -> str:
    # Damage may have made a line break of any letter.
    return repr(id_).strip("'")
