"""The table of events: what happened to releases, in the order of commits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.store.database import Database

EventKind = Literal[
    "new", "edit", "reread", "undo", "removal", "return", "hide", "unhide", "merge", "separation"
]
"""Of these, new, edit, reread and undo gave a release a new version."""


_SQL = "SELECT number, at, kind, release, version, successor, seen FROM event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one release, noticed or done at ``at`` (UTC)."""

    number: int
    """Unique, and higher than that of any earlier event or change; not each number is an event."""
    at: datetime
    kind: EventKind
    release: str
    """The id, which no merge changes."""
    version: int
    """The number of the version that the release had from then on."""
    successor: str | None
    """Of a merge: the id of the release that took the place of this one."""
    seen: datetime | None = None
    """Of a removal: when the site was last seen to have the release; None: unknown."""


class EventRows(Database):
    """Reads and writes the table `event`; nothing else writes to it."""

    def events(self, *, after: int = 0, up_to: int | None = None, at_most: int = -1) -> list[Event]:
        """Return the events numbered above *after*, *up_to* a number, ascending; hidden releases' too.

        *at_most* -1 means all.
        """
        sql = f"{_SQL} WHERE number > ? AND number <= coalesce(?, number) ORDER BY number LIMIT ?"
        return list(map(_event, self.rows(sql, after, up_to, at_most)))

    def events_of(self, id_: str) -> list[Event]:
        """Return the events of the release *id_*, ascending."""
        return list(map(_event, self.rows(f"{_SQL} WHERE release = ? ORDER BY number", id_)))

    def was_gone(self, id_: str, start: datetime, end: datetime) -> bool:
        """Return whether the original of the release *id_* was gone from *start* to *end*."""
        rows = self.rows(
            """SELECT at, kind FROM event WHERE release = ? AND at < ?
               AND kind IN ('removal', 'return', 'unhide', 'separation') ORDER BY number""",
            id_,
            end.isoformat(),
        )
        gone = before = back = None
        for at, kind in rows:
            if kind != "removal":
                before, gone, back = gone, None, at
            elif gone is None:
                # One that is gone when it is shown again was never back.
                gone = before if before and at == back else at
        return gone is not None and gone <= start.isoformat()

    def epoch(self) -> str:
        """Return the random id of this sequence of events; a restore from a backup begins another."""
        return str(self.rows("SELECT id FROM epoch")[0][0])

    def last_event(self) -> int:
        """Return the number of the last event; 0 if there is none."""
        return int(self.rows("SELECT coalesce(max(number), 0) FROM event")[0][0])

    def _record(
        self, number: int, kind: EventKind, release: str, at: datetime, *, successor: str | None = None
    ) -> None:
        """Record an event, after the version that it gave the release, if any."""
        with self.transaction():
            self._db.execute(
                """INSERT INTO event (number, at, kind, release, version, successor, seen)
                   SELECT ?1, ?2, ?3, ?4, max(number), ?5, iif(?3 = 'removal', seen, NULL)
                   FROM version WHERE release = ?4""",
                (number, at.isoformat(), kind, release, successor),
            )


def _event(row: Any) -> Event:
    number, at, kind, release, version, successor, seen = row
    return Event(
        number=number,
        at=datetime.fromisoformat(at),
        kind=kind,
        release=release,
        version=version,
        successor=successor,
        seen=datetime.fromisoformat(seen) if seen else None,
    )


def kinds_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[EventKind]:
    """Yield the events that lead from one row of the table `release` to another, except those of its text."""
    if after["moved_to"] is not None:
        if before["moved_to"] is None:
            yield "merge"
        return
    was, state = before["state"], after["state"]
    if before["moved_to"] is not None:
        yield "separation"
        was = "present"  # being merged hid it
    if was == state:
        return
    if state == "hidden":
        yield "hide"
        return
    if was == "hidden":
        yield "unhide"  # before a removal, if it is gone
    elif was == "gone":
        yield "return"
    if state == "gone":
        yield "removal"
